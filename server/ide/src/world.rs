//! The names a file can see: the state it is part of, its dialect, the variables and locals around it.
//!
//! Borrows and shares; nothing large is copied. Invariant: names of another configuration or schema are not here.

use std::sync::Arc;

use engine::{Dialect, State};
use project::{FileInfo, Path, Role, Snapshot};
use schema::{Schema, Table, View};
use smol_str::SmolStr;
use syntax::hcl::ast::{AstNode, Attribute, Block};
use text::FileId;

/// What a feature knows of a file before it looks at the cursor.
pub(crate) struct World<'a> {
    pub snapshot: &'a Snapshot,
    pub file: FileId,
    pub info: Arc<FileInfo>,
    pub dialect: Option<&'static Dialect>,
    /// What the file, with those it belongs to, defines.
    pub state: Option<Arc<State>>,
    /// The HCL files that share names with it.
    files: Vec<FileId>,
}

/// A block at the top of a file.
#[derive(Clone, Debug)]
pub(crate) struct Top {
    pub block: Block,
}

/// A named attribute of a `locals` block.
#[derive(Clone, Debug)]
pub(crate) struct LocalName {
    pub name: SmolStr,
    pub attribute: Attribute,
}

/// A table or a view: both have a name and columns.
#[derive(Clone, Copy)]
pub(crate) enum Rows<'a> {
    Table(&'a Arc<Table>),
    View(&'a Arc<View>),
}

impl<'a> World<'a> {
    pub fn new(snapshot: &'a Snapshot, file: FileId) -> Self {
        let info = snapshot.info(file);
        let mut files = vec![file];
        let mut state = None;
        if matches!(info.role, Role::Schema | Role::Sql) {
            if info.home.is_some() {
                // A migration knows the schema as it is after it, whatever the desired state is.
                state = snapshot.migration_state(file);
            } else if let Some(desired) = snapshot.state_of(file) {
                state = desired.state().cloned();
                if desired.files.contains(&file) {
                    files.clone_from(&desired.files);
                }
            }
        }
        Self { snapshot, file, dialect: info.dialect(), info, state, files }
    }

    /// The same for a migration as it finds the schema, for what it drops; `None` for any other file.
    pub fn before(&self) -> Option<World<'a>> {
        self.info.home.as_ref()?;
        let state = self.snapshot.migration_state_before(self.file);
        Some(World {
            snapshot: self.snapshot,
            file: self.file,
            info: self.info.clone(),
            dialect: self.dialect,
            state,
            files: self.files.clone(),
        })
    }

    /// The directory paths in the file are relative to.
    pub fn directory(&self) -> Option<Path> {
        self.snapshot.path(self.file)?.parent()
    }

    pub fn schemas(&self) -> &[Schema] {
        self.state.as_deref().map_or(&[], |state| &state.realm.schemas)
    }

    /// Every table and view called `name`, whatever the case of its letters.
    pub fn rows(&self, schema: Option<&str>, name: &str) -> Option<Rows<'_>> {
        let schemas = || {
            self.schemas()
                .iter()
                .filter(move |it| schema.is_none_or(|name| it.name.eq_ignore_ascii_case(name)))
        };
        let same = |other: &str| other.eq_ignore_ascii_case(name);
        let table = schemas().flat_map(|schema| &schema.tables).find(|table| same(&table.name));
        let view = || schemas().flat_map(|schema| &schema.views).find(|view| same(&view.name));
        table.map(Rows::Table).or_else(|| view().map(Rows::View))
    }

    /// The top-level blocks of type `kind` in all files that share names.
    pub fn tops(&self, kind: &str) -> Vec<Top> {
        let mut found = Vec::new();
        for file in &self.files {
            let Some(tree) = self.snapshot.hcl(*file) else { continue };
            // Looking at the first word keeps the pieces nobody asks about untouched.
            for placed in tree.pieces().iter().filter(|placed| may_start(placed.piece.text(), kind)) {
                let blocks = placed.piece.body().into_iter().flat_map(|body| body.blocks());
                found.extend(
                    blocks
                        .filter(|block| block.type_name().is_some_and(|name| name.text() == kind))
                        .map(|block| Top { block }),
                );
            }
        }
        found
    }

    /// The names in `locals` blocks.
    pub fn locals(&self) -> Vec<LocalName> {
        let mut found = Vec::new();
        for top in self.tops("locals") {
            for attribute in top.block.body().into_iter().flat_map(|body| body.attributes()) {
                let Some(name) = attribute.name() else { continue };
                found.push(LocalName { name: SmolStr::from(name.text()), attribute });
            }
        }
        found
    }

    /// Names of dialects and of other products we know of, for labels that name a driver.
    pub fn drivers(&self) -> Vec<&'static str> {
        self.snapshot.dialects.iter().map(|dialect| dialect.name).collect()
    }
}

/// Whether the first block of a piece may be of type `kind`. A comment in `/* */` before it is not looked behind.
fn may_start(piece: &str, kind: &str) -> bool {
    let is_comment = |line: &str| line.starts_with('#') || line.starts_with("//");
    let mut lines = piece.lines().map(str::trim_start);
    let first = lines.find(|line| !line.is_empty() && !is_comment(line)).unwrap_or_default();
    let first = first.trim_start_matches('\u{feff}');
    first.starts_with(kind) || first.starts_with("/*") && piece.contains(kind)
}

impl Top {
    pub fn label(&self, index: usize) -> Option<SmolStr> {
        self.block.labels().nth(index).map(|label| SmolStr::from(label.value()))
    }

    /// The string an attribute of the block spells out.
    pub fn string(&self, attribute: &str) -> Option<String> {
        self.block.body()?.attribute(attribute)?.expr()?.as_plain_string()
    }

    /// The text of an attribute's value.
    pub fn text(&self, attribute: &str) -> Option<String> {
        let expr = self.block.body()?.attribute(attribute)?.expr()?;
        Some(expr.syntax().text().to_string().trim().to_owned())
    }
}

impl<'a> Rows<'a> {
    pub fn name(self) -> &'a SmolStr {
        match self {
            Rows::Table(table) => &table.name,
            Rows::View(view) => &view.name,
        }
    }

    pub fn columns(self) -> &'a [schema::Column] {
        match self {
            Rows::Table(table) => &table.columns,
            Rows::View(view) => &view.columns,
        }
    }
}
