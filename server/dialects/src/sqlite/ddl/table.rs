//! `CREATE TABLE` and the columns of `ALTER TABLE … ADD COLUMN`.
//!
//! Constraints become what the catalog makes of them: a `UNIQUE` an automatic index with SQLite's number, a primary
//! key of a table without rowid columns that are not null.

use std::sync::Arc;

use engine::origin::Part;
use engine::renames::{self, RENAMED_FROM};
use engine::replay::{Builder, Derived, Effect, Inline, Name, NewColumn, NewTable, Parent};
use rustc_hash::FxHashMap;
use schema::{
    Attrs, Check, Column, Expr, ForeignKey, Generated, IndexPart, ObjectPath, PrimaryKey, ReferenceAction,
    SmolStr, Storage, Table,
};
use syntax::sql::Piece;
use syntax::sql::ast::{self, ColumnConstraint, DefaultValue, TableConstraint};
use text::TextRange;

use super::super::attr::{AUTO_INCREMENT, COLLATE, DEFERRED, ON_CONFLICT, STRICT, WITHOUT_ROWID};
use super::super::diff::fold;
use super::super::types;
use super::{MAIN, name_of};

const DUPLICATE: text::Code = "duplicate-name";
const UNKNOWN_COLUMN: text::Code = "unknown-column";

/// Reads `CREATE TABLE`.
pub(super) fn create(create: &ast::CreateTable, piece: &Piece, builder: &mut Builder) {
    let Some(name) = create.name() else { return };
    let table = Table { schema: MAIN.into(), name: name.text.clone(), ..Table::default() };
    let mut part = Part::default();
    let path = ObjectPath::Table { schema: MAIN.into(), table: name.text.clone() };
    part.add(path, piece.statement_range(), name.range);
    let hints = piece.text().contains("atlas:renamed_from").then(|| piece.text().to_owned());
    let mut reader = Reader {
        hints,
        builder,
        table,
        part,
        parents: Vec::new(),
        inline: Inline::default(),
        key: None,
        uniques: Vec::new(),
        derived: Vec::new(),
        names: FxHashMap::default(),
        broken_key: false,
        complete: true,
    };
    if let Some(range) =
        (name.text.get(..7)).filter(|start| start.eq_ignore_ascii_case("sqlite_")).map(|_| name.range)
    {
        let message =
            format!("table {:?}: names that start with \"sqlite_\" are reserved for internal use", name.text);
        reader.builder.error(range, "reserved-name", message);
    }
    if let Some(old) = reader.former_name(piece.statement_range()) {
        reader.table.attrs.set(&RENAMED_FROM, old);
    }
    for column in create.columns() {
        reader.column(&column);
    }
    for constraint in create.constraints() {
        reader.constraint(&constraint);
    }
    if let Some(query) = create.query() {
        reader.query(&query);
    }
    if create.without_rowid().is_some() {
        reader.table.attrs.set(&WITHOUT_ROWID, true);
    }
    if create.strict().is_some() {
        reader.table.attrs.set(&STRICT, true);
    }
    reader.finish(create, &name);
    let Reader { table, part, parents, inline, complete, derived, .. } = reader;
    builder.push(Effect::CreateTable(NewTable {
        table: Arc::new(table),
        part: Arc::new(part),
        name: name_of(&name),
        if_not_exists: create.if_not_exists().is_some(),
        complete,
        parents,
        derived,
        inline,
    }));
}

pub(super) struct Reader<'a> {
    /// The text of the piece, when it says what something was called before.
    pub hints: Option<String>,
    pub builder: &'a mut Builder,
    pub table: Table,
    pub part: Part,
    pub parents: Vec<Parent>,
    pub inline: Inline,
    pub key: Option<KeyText>,
    pub uniques: Vec<UniqueText>,
    pub derived: Vec<Derived>,
    /// The columns by folded name.
    pub names: FxHashMap<SmolStr, usize>,
    /// There is a primary key that could not be read.
    pub broken_key: bool,
    pub complete: bool,
}

/// A primary key as written.
pub(super) struct KeyText {
    pub key: PrimaryKey,
    pub range: TextRange,
    /// Where `AUTOINCREMENT` stands.
    pub auto_increment: Option<TextRange>,
    /// Written at a column, with `DESC`: then an integer key is not the rowid.
    pub inline_desc: bool,
    /// How many unique constraints came before it.
    pub after: usize,
}

/// A unique constraint as written.
pub(super) struct UniqueText {
    pub parts: Vec<IndexPart>,
    pub conflict: Option<String>,
}

/// The names among indexed columns.
pub(super) fn column_names(columns: &[ast::IndexedColumn]) -> Vec<ast::Name> {
    columns.iter().filter_map(ast::IndexedColumn::column).collect()
}

/// The columns of `table` an expression names without doubt: not those of queries in it, nor what SQLite would take
/// for a string.
pub(super) fn named_columns(expr: &ast::Expr, table: &str, columns: &mut Vec<Name>) {
    if expr.queries().next().is_some() {
        return;
    }
    for column in expr.columns() {
        let own = column.table().is_none_or(|of| of.eq_ignore_case(table));
        if let Some(name) = column.name()
            && own
            && !name.raw.starts_with('"')
        {
            columns.push(name_of(&name));
        }
    }
}

fn conflict(clause: Option<ast::ConflictClause>) -> Option<String> {
    // ABORT is what happens anyway.
    clause?.resolution().filter(|word| word != "ABORT").map(|word| word.to_string())
}

fn wrapped(expr: Option<&ast::Expr>) -> Option<String> {
    Some(format!("({})", expr?.text().trim()))
}

/// A column with what its own constraints say of it.
pub(super) fn column(column: &ast::Column, builder: &mut Builder) -> Column {
    let name = column.name().map(|name| name.text).unwrap_or_default();
    let raw_type = column.type_name().map(|ty| ty.text()).unwrap_or_default();
    let mut out = Column {
        name,
        ty: Some(types::parse(&raw_type)),
        raw_type,
        nullable: true,
        default: None,
        generated: None,
        comment: None,
        attrs: Attrs::default(),
    };
    let mut default_range = None;
    for constraint in column.constraints() {
        match constraint {
            ColumnConstraint::NotNull(not_null) => {
                out.nullable = false;
                if let Some(word) = conflict(not_null.conflict()) {
                    out.attrs.set(&ON_CONFLICT, word);
                }
            }
            ColumnConstraint::Default(default) => {
                default_range = Some(constraint_range(&default));
                let text = match default.value() {
                    Some(DefaultValue::Expr(expr)) => Some(expr.text().trim().to_owned()),
                    Some(_) => default.text(),
                    None => None,
                };
                out.default = text.map(|text| super::default_value(text.trim(), out.ty.as_ref()));
            }
            ColumnConstraint::Collate(collate) => {
                let name = collate.collation().map(|name| name.text.to_string());
                if let Some(name) = name.filter(|name| !name.eq_ignore_ascii_case("BINARY")) {
                    out.attrs.set(&COLLATE, name);
                }
            }
            ColumnConstraint::Generated(generated) => {
                let storage = if generated.stored().is_some() { Storage::Stored } else { Storage::Virtual };
                out.generated =
                    wrapped(generated.expr().as_ref()).map(|expr| Generated { expr: Expr(expr), storage });
            }
            _ => {}
        }
    }
    if let (Some(range), Some(_)) = (default_range, &out.generated) {
        let message = format!("column {:?} is generated and cannot have a default", out.name);
        builder.error(range, "generated-default", message);
    }
    out
}

fn constraint_range(default: &ast::Default) -> TextRange {
    default.range()
}

/// What a column of `ALTER TABLE … ADD COLUMN` brings besides itself.
pub(super) fn added(column: &ast::Column, name: &ast::Name, new: &mut NewColumn, builder: &mut Builder) {
    for constraint in column.constraints() {
        let label = constraint.name().map(|name| name.text);
        match &constraint {
            ColumnConstraint::PrimaryKey(key) => {
                builder.error(
                    key.range(),
                    "add-column",
                    format!("column {:?}: a primary key cannot be added to a table", name.text),
                );
            }
            ColumnConstraint::Unique(unique) => {
                builder.error(
                    unique.range(),
                    "add-column",
                    format!("column {:?}: a unique column cannot be added to a table", name.text),
                );
            }
            ColumnConstraint::Generated(generated) if generated.stored().is_some() => {
                builder.error(
                    generated.range(),
                    "add-column",
                    format!("column {:?}: a stored column cannot be added to a table", name.text),
                );
            }
            ColumnConstraint::Check(check) => {
                new.checks.extend(check_of(label, check));
            }
            ColumnConstraint::References(references) => {
                if let Some((key, parent)) = foreign_key(label, vec![name.text.clone()], references, builder)
                {
                    new.foreign_keys.push(key);
                    new.parents.push(parent);
                }
            }
            _ => {}
        }
    }
}

fn check_of(name: Option<SmolStr>, check: &ast::Check) -> Option<Check> {
    Some(Check { name, expr: Expr(wrapped(check.expr().as_ref())?), attrs: Attrs::default() })
}

/// The key that refers from `columns`, and what it refers to.
fn foreign_key(
    label: Option<SmolStr>,
    columns: Vec<SmolStr>,
    references: &ast::References,
    builder: &mut Builder,
) -> Option<(ForeignKey, Parent)> {
    let parent = references.table()?.name;
    let to = references.columns();
    if !to.is_empty() && to.len() != columns.len() {
        let range = to.first()?.range.cover(to.last()?.range);
        let message = match columns.as_slice() {
            [column] => {
                format!("foreign key on {column:?} should refer to one column of table {:?}", parent.text)
            }
            _ => format!(
                "a foreign key has {} columns and refers to {}, they must be as many",
                columns.len(),
                to.len()
            ),
        };
        builder.error(range, "foreign-key", message);
        return None;
    }
    let action = |found: Option<ast::ReferenceAction>| {
        let word = found.and_then(|action| action.action());
        Some(word.and_then(|word| ReferenceAction::parse(&word)).unwrap_or(ReferenceAction::NoAction))
    };
    let mut attrs = Attrs::default();
    let deferred = references
        .deferrable()
        .is_some_and(|clause| !clause.is_not() && clause.initially().is_some_and(|word| word == "DEFERRED"));
    if deferred {
        attrs.set(&DEFERRED, true);
    }
    let key = ForeignKey {
        // Plans give a key without a name its number.
        name: label.filter(|name| !name.bytes().all(|byte| byte.is_ascii_digit())),
        columns,
        ref_schema: SmolStr::default(),
        ref_table: parent.text.clone(),
        ref_columns: to.iter().map(|name| name.text.clone()).collect(),
        on_update: action(references.on_update()),
        on_delete: action(references.on_delete()),
        attrs,
    };
    Some((key, Parent { table: name_of(&parent), columns: to.iter().map(name_of).collect() }))
}

impl Reader<'_> {
    fn path(&self) -> (SmolStr, SmolStr) {
        (MAIN.into(), self.table.name.clone())
    }

    /// What the comment before the definition at `range` says it was called.
    fn former_name(&self, range: TextRange) -> Option<String> {
        renames::hint(self.hints.as_deref()?.get(..usize::from(range.start()))?)
    }

    fn column(&mut self, node: &ast::Column) {
        let Some(name) = node.name() else {
            self.complete = false;
            return;
        };
        let mut column = column(node, self.builder);
        if let Some(old) = self.former_name(name.range) {
            column.attrs.set(&RENAMED_FROM, old);
        }
        let folded = fold(&name.text);
        if self.names.contains_key(&folded) {
            let message = format!("column {:?} is defined twice in table {:?}", name.text, self.table.name);
            self.builder.error(name.range, DUPLICATE, message);
            return;
        }
        let (schema, table) = self.path();
        self.part.add(
            ObjectPath::Column { schema, table, column: name.text.clone() },
            node.range(),
            name.range,
        );
        for constraint in node.constraints() {
            let label = constraint.name().map(|name| name.text);
            match &constraint {
                ColumnConstraint::PrimaryKey(key) => {
                    let mut part = IndexPart::column(name.text.clone());
                    part.desc = key.desc().is_some();
                    if key.autoincrement().is_some() {
                        column.attrs.set(&AUTO_INCREMENT, true);
                    }
                    self.primary_key(key, label, vec![part], key.desc().is_some());
                }
                ColumnConstraint::Unique(unique) => {
                    let conflict = conflict(unique.conflict());
                    self.uniques
                        .push(UniqueText { parts: vec![IndexPart::column(name.text.clone())], conflict });
                }
                ColumnConstraint::Check(check) => {
                    if let Some(found) = check_of(label, check) {
                        self.check(found, check);
                        self.inline.checks.push(folded.clone());
                    }
                }
                ColumnConstraint::References(references) => {
                    let from = vec![name.text.clone()];
                    if let Some((key, parent)) = foreign_key(label, from, references, self.builder) {
                        self.foreign_key(key, parent, references.range());
                        self.inline.foreign_keys.push(folded.clone());
                    }
                }
                _ => {}
            }
        }
        self.names.insert(folded, self.table.columns.len());
        self.table.columns.push(column);
    }

    fn check(&mut self, check: Check, node: &ast::Check) {
        let (schema, table) = self.path();
        let key = check.name.clone().unwrap_or_else(|| format!("#{}", self.table.checks.len()).into());
        let name = node.name().map_or(node.range(), |name| name.range);
        self.part.add(ObjectPath::Check { schema, table, check: key }, node.range(), name);
        self.table.checks.push(check);
    }

    fn foreign_key(&mut self, key: ForeignKey, parent: Parent, range: TextRange) {
        let (schema, table) = self.path();
        let name = key.name.clone().unwrap_or_else(|| format!("#{}", self.table.foreign_keys.len()).into());
        self.part.add(ObjectPath::ForeignKey { schema, table, key: name }, range, range);
        self.table.foreign_keys.push(key);
        self.parents.push(parent);
    }

    fn primary_key(
        &mut self,
        node: &ast::PrimaryKey,
        name: Option<SmolStr>,
        parts: Vec<IndexPart>,
        inline_desc: bool,
    ) {
        if self.key.is_some() {
            let message = format!("table {:?} has more than one primary key", self.table.name);
            self.builder.error(node.range(), DUPLICATE, message);
            return;
        }
        let (schema, table) = self.path();
        self.part.add(ObjectPath::PrimaryKey { schema, table }, node.range(), node.range());
        let mut key = PrimaryKey { name, parts, comment: None, attrs: Attrs::default() };
        if let Some(word) = conflict(node.conflict()) {
            key.attrs.set(&ON_CONFLICT, word);
        }
        let auto_increment = node.autoincrement();
        self.key = Some(KeyText {
            key,
            range: node.range(),
            auto_increment,
            inline_desc,
            after: self.uniques.len(),
        });
    }

    fn constraint(&mut self, constraint: &TableConstraint) {
        let label = constraint.name().map(|name| name.text);
        match constraint {
            TableConstraint::PrimaryKey(node) => match self.parts(&node.columns(), "primary key") {
                Some(parts) => self.primary_key(node, label, parts, false),
                None => self.broken_key = true,
            },
            TableConstraint::Unique(node) => {
                if let Some(parts) = self.parts(&node.columns(), "unique constraint") {
                    self.uniques.push(UniqueText { parts, conflict: conflict(node.conflict()) });
                }
            }
            TableConstraint::Check(node) => {
                if let Some(check) = check_of(label, node) {
                    self.check(check, node);
                }
            }
            TableConstraint::ForeignKey(node) => {
                let columns: Option<Vec<SmolStr>> =
                    node.columns().iter().map(|name| self.own(name, "foreign key")).collect();
                if let (Some(columns), Some(references)) = (columns, node.references())
                    && let Some((key, parent)) = foreign_key(label, columns, &references, self.builder)
                {
                    self.foreign_key(key, parent, node.range());
                }
            }
            // Of other dialects.
            TableConstraint::Exclude(_) | TableConstraint::NotNull(_) => {}
        }
    }

    /// The column `name` means, as it was declared; a note when there is none.
    fn own(&mut self, name: &ast::Name, what: &str) -> Option<SmolStr> {
        let found = self.names.get(&fold(&name.text)).and_then(|at| self.table.columns.get(*at));
        if let Some(column) = found {
            return Some(column.name.clone());
        }
        if self.complete {
            let near = hcl::suggest(&name.text, self.table.columns.iter().map(|column| column.name.as_str()));
            let mut message =
                format!("{what} of table {:?} uses unknown column {:?}", self.table.name, name.text);
            if let Some(near) = near {
                message.push_str(&format!(", did you mean {near:?}?"));
            }
            let near = near.map(str::to_owned);
            self.builder.error(name.range, UNKNOWN_COLUMN, message);
            if let (Some(near), Some(note)) = (near, self.builder.notes.last_mut())
                && note.range == name.range
            {
                *note = note.clone().with_fix(format!("Change to {near:?}"), name.range, near);
            }
        }
        None
    }

    /// The parts of a key; `None` when one of them is a mistake.
    fn parts(&mut self, columns: &[ast::IndexedColumn], what: &str) -> Option<Vec<IndexPart>> {
        let mut parts = Vec::new();
        for column in columns {
            let Some(name) = column.column() else {
                if let Some(expr) = column.expr() {
                    let message = format!("{what} of table {:?} can only have columns", self.table.name);
                    self.builder.error(expr.range(), "expression", message);
                }
                return None;
            };
            let mut part = IndexPart::column(self.own(&name, what)?);
            part.desc = column.desc().is_some();
            if let Some(collation) = column.collation() {
                part.attrs.set(&COLLATE, collation.text.to_string());
            }
            parts.push(part);
        }
        (!parts.is_empty()).then_some(parts)
    }

    /// The columns of a table made from a query: named by their alias, or by the column they are.
    fn query(&mut self, query: &ast::Query) {
        let Some(select) = query.selects().next() else {
            self.complete = false;
            return;
        };
        for column in select.result_columns() {
            let source = column.expr().and_then(|expr| expr.as_column());
            if column.is_star() {
                // With several sources their order would matter; that is not followed.
                match select.tables().as_slice() {
                    [only] => match only.source() {
                        Some(ast::Source::Table(path)) => self.derived.push(Derived::All(path.name.text)),
                        _ => self.complete = false,
                    },
                    _ => self.complete = false,
                }
                continue;
            }
            let Some(name) = column.output_name() else {
                // What SQLite calls an expression without a name is its own affair.
                self.complete = false;
                continue;
            };
            let of = source.and_then(|source| {
                let table = match source.table() {
                    Some(qualifier) => super::rename::source_of(source.syntax(), &qualifier)?,
                    None => super::rename::only_source(source.syntax())?,
                };
                Some((table, source.name()?.text))
            });
            self.derived.push(Derived::Column { name: name.text, of });
        }
    }

    /// What only the whole table tells.
    fn finish(&mut self, create: &ast::CreateTable, name: &ast::Name) {
        self.expressions(create);
        let without_rowid = self.table.attrs.is(&WITHOUT_ROWID);
        let strict = self.table.attrs.is(&STRICT);
        if strict {
            self.strict(create);
        }
        if without_rowid
            && self.key.is_none()
            && !self.broken_key
            && let Some(range) = create.without_rowid()
        {
            let message = format!("table {:?} is without rowid and needs a primary key", self.table.name);
            self.builder.error(range, "missing-primary-key", message);
        }
        let all_generated = self.table.columns.iter().all(|column| column.generated.is_some());
        if all_generated && !self.table.columns.is_empty() && self.complete {
            let message =
                format!("table {:?} must have at least one column that is not generated", self.table.name);
            self.builder.error(name.range, "generated-only", message);
        }
        self.keys(without_rowid, strict);
    }

    /// Columns that checks and generated columns name but the table does not have.
    fn expressions(&mut self, create: &ast::CreateTable) {
        if !self.complete {
            return;
        }
        let mut named = Vec::new();
        for constraint in create.columns().flat_map(|column| column.constraints().collect::<Vec<_>>()) {
            let expr = match constraint {
                ColumnConstraint::Check(check) => check.expr(),
                ColumnConstraint::Generated(generated) => generated.expr(),
                _ => None,
            };
            if let Some(expr) = expr {
                named_columns(&expr, &self.table.name, &mut named);
            }
        }
        for constraint in create.constraints() {
            if let TableConstraint::Check(check) = constraint
                && let Some(expr) = check.expr()
            {
                named_columns(&expr, &self.table.name, &mut named);
            }
        }
        for name in named {
            let folded = fold(&name.text);
            if self.names.contains_key(&folded) || ["rowid", "oid", "_rowid_"].contains(&folded.as_str()) {
                continue;
            }
            let near = hcl::suggest(&name.text, self.table.columns.iter().map(|column| column.name.as_str()));
            let mut message = format!("column {:?} does not exist in table {:?}", name.text, self.table.name);
            if let Some(near) = near {
                message.push_str(&format!(", did you mean {near:?}?"));
            }
            self.builder.error(name.range, UNKNOWN_COLUMN, message);
        }
    }

    fn strict(&mut self, create: &ast::CreateTable) {
        for node in create.columns() {
            let Some(name) = node.name() else { continue };
            match node.type_name() {
                None => {
                    let message =
                        format!("column {:?} of strict table {:?} needs a type", name.text, self.table.name);
                    self.builder.error(name.range, "strict-type", message);
                }
                Some(ty) => {
                    let allowed = ["INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY"];
                    if !allowed.iter().any(|word| ty.text().trim().eq_ignore_ascii_case(word)) {
                        let message = format!(
                            "type {} of column {:?} is not allowed in a strict table: use INT, INTEGER, REAL, TEXT, BLOB or ANY",
                            ty.text().trim(),
                            name.text
                        );
                        self.builder.error(ty.range(), "strict-type", message);
                    }
                }
            }
        }
    }
}
