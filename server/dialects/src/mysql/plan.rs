//! Changes as statements of MySQL.
//!
//! One change is one statement more often than not; what a server refuses inside one statement is taken apart, and
//! foreign keys that hold a column fast step aside while it changes. MySQL commits after every definition: no plan is
//! transactional. Invariant: each statement names the change it carries out.
//!
//! Source: atlas `sql/mysql/migrate.go`, `sql/mysql/tidb.go`; reference engine.md §10, §12, §13, §14.

mod accounts;
mod alter;
mod detour;
mod literal;
mod objects;
mod partition;
mod render;
mod tidb;

use std::borrow::Cow;

use engine::Error;
use engine::connection::Capabilities;
use engine::plan::sort::{Side, Uses};
use engine::plan::{Hooks, Options, Plan, Statement, sort};
use schema::{Change, ObjectPath, Realm, Schema, SmolStr, Table, TableChange, View};

pub(in crate::mysql) use self::accounts::{drop_account, revoke};
use self::alter::Alter;
pub(in crate::mysql) use self::literal::is_now;
use self::render::{Render, refuse_set_null};
pub(in crate::mysql) use self::render::{characters, characters_of_table};
use super::features::TIDB;
use super::words::{self, Kind};

/// The planner of MySQL and what speaks its language.
pub struct Mysql {
    /// The server to plan for where none was asked.
    pub assumed: fn() -> Capabilities,
}

impl Hooks for Mysql {
    fn plan(&self, changes: &[Change], from: &Realm, options: &Options) -> Result<Plan, Error> {
        let server = match &options.server {
            Some(server) => Cow::Borrowed(&**server),
            None => Cow::Owned((self.assumed)()),
        };
        let mut planner = Planner {
            render: Render {
                indent: &options.indent,
                qualifier: options.qualifier.as_deref(),
                server: &server,
            },
            from,
            statements: Vec::new(),
            at: 0,
        };
        let sorted = if changes.iter().all(engine::renames::is_rename) {
            changes.iter().cloned().enumerate().collect()
        } else {
            sort(changes, &Names)
        };
        let (about, sorted) = sorted.into_iter().partition(|(_, change)| accounts::is_about(change));
        let about: Vec<(usize, Change)> = about;
        let mut writer = accounts::Writer { server: &server, work: accounts::Work::default(), at: 0 };
        for (at, change) in &about {
            writer.at = *at;
            writer.change(change);
        }
        writer.again(from, changes);
        let changes = detour::around(changes, sorted, from);
        let changes = if server.has(TIDB) { tidb::flatten(changes) } else { changes };
        for (at, change) in &changes {
            planner.at = *at;
            planner.change(change)?;
        }
        let mut work = writer.work;
        let mut statements = std::mem::take(&mut work.first);
        statements.append(&mut work.revokes);
        statements.append(&mut planner.statements);
        statements.append(&mut work.grants);
        statements.append(&mut work.last);
        let reversible = statements.iter().all(|statement| !statement.reverse.is_empty());
        Ok(Plan { statements, transactional: false, reversible })
    }
}

/// What views need: every name in their query.
struct Names;

impl Uses for Names {
    fn uses(&self, change: &Change, side: Side, see: &mut dyn FnMut(&str, &str)) {
        let view = match (change, side) {
            (Change::AddView(view) | Change::ModifyView { to: view, .. }, Side::After)
            | (Change::DropView(view) | Change::ModifyView { from: view, .. }, Side::Before) => view,
            _ => return,
        };
        let words = words::words(&view.body);
        let name = |at: usize| {
            let word = words.get(at).filter(|word| matches!(word.kind, Kind::Bare | Kind::Name))?;
            Some(words::unquote(&view.body[word.range.clone()]))
        };
        for at in 0..words.len() {
            let Some(found) = name(at) else { continue };
            see(&view.schema, &found);
            let dot = words.get(at + 1).is_some_and(|word| &view.body[word.range.clone()] == ".");
            if let Some(inner) = name(at + 2).filter(|_| dot) {
                see(&found, &inner);
            }
        }
    }
}

/// The state of one plan.
struct Planner<'a> {
    render: Render<'a>,
    from: &'a Realm,
    statements: Vec<Statement>,
    /// The change being planned.
    at: usize,
}

impl Planner<'_> {
    fn push(&mut self, cmd: String, comment: String, reverse: Vec<String>, objects: Vec<ObjectPath>) {
        self.statements.push(Statement { cmd, comment, reverse, change: self.at, objects });
    }

    fn change(&mut self, change: &Change) -> Result<(), Error> {
        match change {
            Change::AddSchema(schema) => {
                let (cmd, reverse) = (self.render.create_schema(schema), self.render.drop_schema(schema));
                let comment = format!("add new schema named {:?}", schema.name);
                self.push(cmd, comment, vec![reverse], vec![schema_path(schema)]);
            }
            Change::DropSchema(schema) => {
                let comment = format!("drop schema named {:?}", schema.name);
                self.push(self.render.drop_schema(schema), comment, Vec::new(), vec![schema_path(schema)]);
            }
            Change::ModifySchema { from, to } => {
                if let Some(cmd) = self.render.alter_schema(from, to) {
                    let reverse = self.render.alter_schema(to, from).into_iter().collect();
                    self.push(cmd, format!("modify {:?} schema", to.name), reverse, vec![schema_path(to)]);
                }
            }
            Change::AddTable(table) => {
                for key in &table.foreign_keys {
                    refuse_set_null(table, key).map_err(Error::Invalid)?;
                }
                let cmd = self.render.create_table(table).map_err(Error::Invalid)?;
                let comment = format!("create {:?} table", table.name);
                let reverse = vec![self.render.drop_table(table)];
                self.push(cmd, comment, reverse, vec![table_path(table)]);
            }
            Change::DropTable(table) => {
                let reverse = self.render.flat().create_table(table).map_err(|error| {
                    Error::Invalid(format!("calculate reverse for drop table {:?}: {error}", table.name))
                })?;
                let comment = format!("drop {:?} table", table.name);
                self.push(self.render.drop_table(table), comment, vec![reverse], vec![table_path(table)]);
            }
            Change::RenameTable { from, to } => {
                let (old, new) = ((&*from.schema, &*from.name), (&*to.schema, &*to.name));
                let cmd = self.render.rename(old, new);
                let reverse = vec![self.render.rename(new, old)];
                let comment = format!("rename a table from {:?} to {:?}", from.name, to.name);
                self.push(cmd, comment, reverse, vec![table_path(to), table_path(from)]);
            }
            Change::ModifyTable { from, to, changes } => self.modify_table(from, to, changes)?,
            _ => self.object(change)?,
        }
        Ok(())
    }

    fn modify_table(&mut self, from: &Table, to: &Table, changes: &[TableChange]) -> Result<(), Error> {
        let realm = self.from;
        let is_parent_by = |columns: &[SmolStr]| is_parent_by(realm, from, columns);
        let alter = Alter { render: self.render, from, to, is_parent_by: &is_parent_by };
        for statement in alter.statements(changes).map_err(Error::Invalid)? {
            let mut objects = vec![table_path(to)];
            objects.extend(statement.changes.iter().filter_map(|change| inner_path(to, change)));
            let comment = format!("modify {:?} table", to.name);
            self.push(statement.cmd, comment, statement.reverse, objects);
        }
        Ok(())
    }
}

/// Whether a foreign key of the realm refers to the first of these columns of the table.
fn is_parent_by(realm: &Realm, table: &Table, columns: &[SmolStr]) -> bool {
    realm.tables().any(|(_, child)| {
        child.foreign_keys.iter().any(|key| {
            let schema = if key.ref_schema.is_empty() { &child.schema } else { &key.ref_schema };
            *schema == table.schema
                && key.ref_table.eq_ignore_ascii_case(&table.name)
                && key.ref_columns.len() <= columns.len()
                && key.ref_columns.iter().zip(columns).all(|(a, b)| a.eq_ignore_ascii_case(b))
        })
    })
}

fn schema_path(schema: &Schema) -> ObjectPath {
    ObjectPath::Schema(schema.name.clone())
}

fn table_path(table: &Table) -> ObjectPath {
    ObjectPath::Table { schema: table.schema.clone(), table: table.name.clone() }
}

fn view_path(view: &View) -> ObjectPath {
    ObjectPath::View { schema: view.schema.clone(), view: view.name.clone() }
}

/// What a change inside a table is about.
fn inner_path(table: &Table, change: &TableChange) -> Option<ObjectPath> {
    let (schema, table) = (table.schema.clone(), table.name.clone());
    Some(match change {
        TableChange::AddColumn(column) | TableChange::DropColumn(column) => {
            ObjectPath::Column { schema, table, column: column.name.clone() }
        }
        TableChange::ModifyColumn(change) => {
            ObjectPath::Column { schema, table, column: change.to.name.clone() }
        }
        TableChange::RenameColumn { to, .. } => ObjectPath::Column { schema, table, column: to.name.clone() },
        TableChange::AddPrimaryKey(_)
        | TableChange::DropPrimaryKey(_)
        | TableChange::ModifyPrimaryKey { .. } => ObjectPath::PrimaryKey { schema, table },
        TableChange::AddIndex(index)
        | TableChange::DropIndex(index)
        | TableChange::ModifyIndex { to: index, .. }
        | TableChange::RenameIndex { to: index, .. } => {
            ObjectPath::Index { schema, table, index: index.name.clone() }
        }
        TableChange::AddForeignKey(key)
        | TableChange::DropForeignKey(key)
        | TableChange::ModifyForeignKey { to: key, .. } => {
            ObjectPath::ForeignKey { schema, table, key: key.name.clone()? }
        }
        TableChange::AddCheck(check)
        | TableChange::DropCheck(check)
        | TableChange::ModifyCheck { to: check, .. } => {
            ObjectPath::Check { schema, table, check: check.name.clone()? }
        }
        TableChange::RenameConstraint { .. }
        | TableChange::AddAttr(_)
        | TableChange::DropAttr(_)
        | TableChange::ModifyAttr(_) => return None,
    })
}
