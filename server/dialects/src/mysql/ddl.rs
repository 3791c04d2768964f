//! What MySQL's and MariaDB's definitions do to a state.
//!
//! Reads one statement at a time, from its text alone, into steps; what they meet is the business of `engine::replay`.
//! Nothing is brought into the server's form here but names the server makes up, for later statements use them; the rest
//! is normalization's. Invariant: a table never lacks a name a later statement may say.
//!
//! Source: the MySQL 9 manual, "Data Definition Statements"; MariaDB's; both servers in tests.

mod accounts;
mod alter;
mod column;
mod key;
mod object;
mod table;

use std::fmt;
use std::sync::Arc;

use engine::origin::Part;
use engine::replay::{Builder, Effect, Hooks, Id, Name, Rename, Scene, Space, Step, Thing, Unsupported};
use schema::{AttrKey, Attrs, Column, ObjectPath, SmolStr, Table, View};
use syntax::sql::Piece;
use syntax::sql::ast::{self, Statement};
use text::TextRange;

use self::key::Naming;
use super::expr;

/// The definitions of MySQL, or of MariaDB, which calls unnamed checks otherwise.
pub struct Ddl {
    pub maria: bool,
}

/// Of the schema without a name: what an `ALTER DATABASE` called it. Never left in a state.
static CALLED: AttrKey<String> = AttrKey::new("called", "What a statement called it.");

/// Of an index: the server made it for a foreign key, and drops it when another serves. Never left in a state.
static IMPLIED: AttrKey<bool> = AttrKey::new("implied", "Made for a foreign key.");

impl Hooks for Ddl {
    fn read(&self, statement: &Statement, piece: &Piece, builder: &mut Builder) -> Result<(), Unsupported> {
        let naming = Naming { maria: self.maria };
        match statement {
            Statement::Use(named) => {
                let Some(name) = named.name() else { return Ok(()) };
                let name = name_of(&name);
                step(builder, move |scene| {
                    database(scene, &name);
                    scene.set_search_path(vec![name.text.clone()]);
                });
            }
            Statement::CreateTable(create) => table::create(create, piece, naming, builder)?,
            Statement::AlterTable(alter) => alter::table(alter, naming, builder)?,
            Statement::CreateIndex(create) => alter::create_index(create, piece, naming, builder),
            Statement::RenameTables(rename) => {
                for pair in rename.pairs() {
                    if let (Some(from), Some(to)) = (pair.from(), pair.to()) {
                        let (from, to) = (Qual::of(&from), Qual::of(&to));
                        let quiet = rename.if_exists().is_some();
                        step(builder, move |scene| alter::rename_table(scene, &from, &to, quiet));
                    }
                }
            }
            Statement::CreateView(create) => object::view(create, piece, builder),
            Statement::CreateTrigger(create) => object::trigger(create, piece, builder),
            Statement::CreateObject(create) => object::create(create, piece, builder)?,
            Statement::AlterObject(alter) => object::alter(alter, builder)?,
            Statement::Drop(drop) => object::drop(drop, builder),
            Statement::DropObject(drop) => object::drop_object(drop, builder),
            Statement::Grant(_) => accounts::grant(piece, self.maria, builder),
            Statement::Command(_) => accounts::command(piece, self.maria, builder),
            Statement::Opaque(_) => return Err(Unsupported),
            // Queries, rows, settings: nothing of a schema.
            _ => {}
        }
        Ok(())
    }

    fn is_staged(&self) -> bool {
        true
    }

    fn settle(&self, scene: &mut Scene<'_, '_>) {
        for id in scene.all(|space, _| space == Space::Relation) {
            let Some(table) = scene.table(id) else { continue };
            let implied = table.indexes.iter().any(|index| index.attrs.is(&IMPLIED));
            let open = table.foreign_keys.iter().any(|key| key.ref_columns.is_empty());
            if implied || open {
                let keys = if open { key::referred(scene, &table) } else { Vec::new() };
                let depends = if open { hash(&format!("{keys:?}")) } else { 0 };
                scene.edit(id, depends, |table, _| {
                    for index in &mut table.indexes {
                        index.attrs.remove(&IMPLIED);
                    }
                    for (key, columns) in table.foreign_keys.iter_mut().zip(keys) {
                        if key.ref_columns.is_empty() && columns.len() == key.columns.len() {
                            key.ref_columns = columns;
                        }
                    }
                });
            }
        }
        // Where every statement names its database there is none without a name.
        let unnamed = scene.default_schema();
        let used = |space: Space, schema: &str| schema == unnamed && !matches!(space, Space::Global(_));
        let used = !scene.all(used).is_empty();
        let others = scene.search_path().iter().any(|name| *name != unnamed);
        if !used && others {
            scene.drop_schema(&unnamed);
        } else if let Some(schema) = scene.schema_mut(&unnamed) {
            schema.attrs.remove(&CALLED);
        }
    }

    fn rename_in_expr(&self, text: &str, from: &str, to: &str) -> String {
        expr::rename(text, from, to)
    }

    fn rename_in_body(&self, text: &str, rename: &Rename<'_>) -> String {
        // A server leaves views and bodies as they are; they are broken then. What the user meant is the new name.
        match rename.column {
            Some(_) => text.to_string(),
            None => expr::rename(text, rename.table, rename.to),
        }
    }

    fn view_with_body(&self, view: &View, body: String) -> View {
        View { body, ..view.clone() }
    }

    fn columns_of(&self, text: &str) -> Vec<String> {
        expr::names(text)
    }

    fn derived_column(&self, name: &str, of: Option<&Column>) -> Column {
        let plain = column::empty(name.into());
        of.map_or(plain, |of| Column {
            name: name.into(),
            generated: None,
            attrs: without_numbering(&of.attrs),
            ..of.clone()
        })
    }

    fn rename_automatic(&self, _index: &str, _from: &str, _to: &str) -> Option<String> {
        None
    }
}

fn without_numbering(attrs: &Attrs) -> Attrs {
    let mut attrs = attrs.clone();
    attrs.remove(&super::attr::AUTO_INCREMENT);
    attrs
}

/// A step that is a function.
struct Act<F>(F);

impl<F> fmt::Debug for Act<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("step of MySQL")
    }
}

impl<F: Fn(&mut Scene<'_, '_>) + Send + Sync> Step for Act<F> {
    fn apply(&self, scene: &mut Scene<'_, '_>) {
        (self.0)(scene);
    }
}

fn step(builder: &mut Builder, act: impl Fn(&mut Scene<'_, '_>) + Send + Sync + 'static) {
    builder.push(Effect::Step(Arc::new(Act(act))));
}

fn name_of(name: &ast::Name) -> Name {
    Name { text: name.text.clone(), range: name.range }
}

fn hash(text: &str) -> u64 {
    use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
    BuildHasherDefault::<DefaultHasher>::default().hash_one(text)
}

/// `database.name`, or only `name`.
#[derive(Clone, Debug)]
struct Qual {
    schema: Option<Name>,
    name: Name,
}

impl Qual {
    fn of(path: &ast::Path) -> Self {
        Self { schema: path.schema.as_ref().map(name_of), name: name_of(&path.name) }
    }

    /// The schema something of this name is created in. A database no statement created is there already.
    fn home(&self, scene: &mut Scene<'_, '_>) -> SmolStr {
        if let Some(schema) = &self.schema {
            database(scene, schema);
            return schema.text.clone();
        }
        scene.schema_for(None)
    }

    /// What has this name, in any case: whether case matters is up to the server.
    fn find(&self, scene: &Scene<'_, '_>, space: Space) -> Option<Id> {
        let schema = self.schema.as_ref().map(|schema| schema.text.as_str());
        if let Some(id) = scene.find(space, schema, &self.name.text) {
            return Some(id);
        }
        let schema = scene.schema_for(schema);
        let near =
            |id: &Id| scene.name_of(*id).is_some_and(|(_, name)| name.eq_ignore_ascii_case(&self.name.text));
        scene.all(|of, at| of == space && at == schema).into_iter().find(near)
    }

    /// The table of this name, or a note that there is none.
    fn table(&self, scene: &mut Scene<'_, '_>, quiet: bool) -> Option<(Id, Arc<Table>)> {
        match self.find(scene, Space::Relation) {
            Some(id) => match scene.thing(id) {
                Some(Thing::Table(table)) => Some((id, table.clone())),
                Some(Thing::View(_)) if !quiet => {
                    let message = format!("{:?} is a view and no table", self.name.text);
                    scene.error(self.name.range, "wrong-kind", message);
                    None
                }
                _ => None,
            },
            None => {
                if !quiet && !self.is_elsewhere(scene) {
                    scene.missing("table", Space::Relation, &self.name);
                }
                None
            }
        }
    }

    /// Whether it is in a database nothing is known of.
    fn is_elsewhere(&self, scene: &Scene<'_, '_>) -> bool {
        self.schema.as_ref().is_some_and(|schema| !scene.has_schema(&schema.text))
    }
}

/// A database that is there already, though no statement made it; it has what an earlier `ALTER DATABASE` said of it, when
/// it was taken for the one without a name.
fn database(scene: &mut Scene<'_, '_>, name: &Name) {
    if !scene.create_schema(name) {
        return;
    }
    let unnamed = scene.default_schema();
    let Some(schema) = scene.schema_mut(&unnamed) else { return };
    if schema.attrs.get(&CALLED).as_deref() != Some(name.text.as_str()) {
        return;
    }
    schema.attrs.remove(&CALLED);
    let (attrs, comment) = (std::mem::take(&mut schema.attrs), schema.comment.take());
    if let Some(schema) = scene.schema_mut(&name.text) {
        schema.attrs = attrs;
        schema.comment = comment;
    }
}

/// The part of one object that is the whole statement.
fn part_of(path: ObjectPath, range: TextRange, name: TextRange) -> Part {
    let mut part = Part::default();
    part.add(path, range, name);
    part
}

/// Takes what a comment before the definition at `range` says it was called before.
fn hint(attrs: &mut Attrs, piece: &Piece, range: TextRange) {
    let before = piece.text().get(..usize::from(range.start())).unwrap_or_default();
    if let Some(old) = engine::renames::hint(before) {
        attrs.set(&engine::renames::RENAMED_FROM, old);
    }
}
