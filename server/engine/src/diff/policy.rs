//! What the user does not want to see changed: `diff { skip { … } }`.
//!
//! Names are Atlas's names of change types in snake case. Invariant: an unknown name has no effect.
//!
//! Source: reference project.md §6.2, engine.md §15.

use std::collections::BTreeSet;
use std::sync::Arc;

use schema::{AttrKey, Change, ChangeKind, TableChange};

use crate::connection::Capabilities;

/// What the user does not want to see changed, and how indexes are built.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Names of changes: `drop_table`.
    pub skip: BTreeSet<String>,
    /// The desired state is written in HCL, which cannot say all a dialect has (a collation of SQLite, a virtual
    /// table): what it cannot say stays as it is. [`super::between`] sets it.
    pub keep_unsaid: bool,
    /// `concurrent_index { create }`, where the dialect can.
    pub concurrent_create: bool,
    /// `concurrent_index { drop }`.
    pub concurrent_drop: bool,
    /// `not_null { check, lock_safe }`, where the dialect can: a column becomes `NOT NULL` without a lock while rows are
    /// looked at.
    pub not_null_lock_safe: bool,
    /// The server both states are of; `None` where it is not known.
    pub server: Option<Arc<Capabilities>>,
}

/// Of an index inside an `AddIndex` or `DropIndex`: the policy asks for it to be built or dropped without a lock. Not
/// part of any state.
pub static CONCURRENTLY: AttrKey<bool> =
    AttrKey::new("concurrently", "Build or drop the index without blocking writers.");

/// Of a column that becomes `NOT NULL`: the policy asks for no lock while rows are looked at. Not part of any state.
pub static LOCK_SAFE: AttrKey<bool> = AttrKey::new("lock_safe", "Look for NULLs without blocking writers.");

impl Policy {
    /// Whether `change` is to be left out.
    pub fn skips(&self, change: &Change) -> bool {
        self.skip.contains(name(change)) || object_name(change).is_some_and(|name| self.skip.contains(&name))
    }

    /// Marks what is in `change` as [`CONCURRENTLY`] or [`LOCK_SAFE`] where the user wants that.
    pub fn mark(&self, change: &mut TableChange) {
        match change {
            TableChange::ModifyColumn(change)
                if self.not_null_lock_safe && change.kinds.has(ChangeKind::Null) && !change.to.nullable =>
            {
                change.to.attrs.set(&LOCK_SAFE, true);
            }
            TableChange::AddIndex(index) if self.concurrent_create => index.attrs.set(&CONCURRENTLY, true),
            TableChange::DropIndex(index) if self.concurrent_drop => index.attrs.set(&CONCURRENTLY, true),
            _ => {}
        }
    }

    /// Whether `change` inside a table is to be left out.
    pub fn skips_in_table(&self, change: &TableChange) -> bool {
        self.skip.contains(table_name(change))
    }
}

/// The name of a change in a policy.
pub fn name(change: &Change) -> &'static str {
    match change {
        Change::AddSchema(_) => "add_schema",
        Change::DropSchema(_) => "drop_schema",
        Change::RenameSchema { .. } => "rename_schema",
        Change::ModifySchema { .. } => "modify_schema",
        Change::AddTable(_) => "add_table",
        Change::DropTable(_) => "drop_table",
        Change::RenameTable { .. } => "rename_table",
        Change::ModifyTable { .. } => "modify_table",
        Change::AddView(_) => "add_view",
        Change::DropView(_) => "drop_view",
        Change::RenameView { .. } => "rename_view",
        Change::ModifyView { .. } => "modify_view",
        Change::AddTrigger(_) => "add_trigger",
        Change::DropTrigger(_) => "drop_trigger",
        Change::RenameTrigger { .. } => "rename_trigger",
        Change::ModifyTrigger { .. } => "modify_trigger",
        Change::AddRoutine(routine) => match routine.kind {
            schema::RoutineKind::Function => "add_func",
            schema::RoutineKind::Procedure => "add_proc",
        },
        Change::DropRoutine(routine) => match routine.kind {
            schema::RoutineKind::Function => "drop_func",
            schema::RoutineKind::Procedure => "drop_proc",
        },
        Change::RenameRoutine { to, .. } => match to.kind {
            schema::RoutineKind::Function => "rename_func",
            schema::RoutineKind::Procedure => "rename_proc",
        },
        Change::ModifyRoutine { to, .. } => match to.kind {
            schema::RoutineKind::Function => "modify_func",
            schema::RoutineKind::Procedure => "modify_proc",
        },
        Change::AddObject(_) => "add_object",
        Change::DropObject(_) => "drop_object",
        Change::RenameObject { .. } => "rename_object",
        Change::ModifyObject { .. } => "modify_object",
    }
}

/// The name of a change of an object by its kind: `drop_role`, `drop_user`.
fn object_name(change: &Change) -> Option<String> {
    let (verb, object) = match change {
        Change::AddObject(object) => ("add", object),
        Change::DropObject(object) => ("drop", object),
        Change::RenameObject { to, .. } => ("rename", to),
        Change::ModifyObject { to, .. } => ("modify", to),
        _ => return None,
    };
    Some(format!("{verb}_{}", object.kind))
}

/// The name of a change inside a table in a policy.
pub fn table_name(change: &TableChange) -> &'static str {
    match change {
        TableChange::AddColumn(_) => "add_column",
        TableChange::DropColumn(_) => "drop_column",
        TableChange::ModifyColumn(_) => "modify_column",
        TableChange::RenameColumn { .. } => "rename_column",
        TableChange::AddPrimaryKey(_) => "add_primary_key",
        TableChange::DropPrimaryKey(_) => "drop_primary_key",
        TableChange::ModifyPrimaryKey { .. } => "modify_primary_key",
        TableChange::AddIndex(_) => "add_index",
        TableChange::DropIndex(_) => "drop_index",
        TableChange::ModifyIndex { .. } => "modify_index",
        TableChange::RenameIndex { .. } => "rename_index",
        TableChange::AddForeignKey(_) => "add_foreign_key",
        TableChange::DropForeignKey(_) => "drop_foreign_key",
        TableChange::ModifyForeignKey { .. } => "modify_foreign_key",
        TableChange::AddCheck(_) => "add_check",
        TableChange::DropCheck(_) => "drop_check",
        TableChange::ModifyCheck { .. } => "modify_check",
        TableChange::RenameConstraint { .. } => "rename_constraint",
        TableChange::AddAttr(_) => "add_attr",
        TableChange::DropAttr(_) => "drop_attr",
        TableChange::ModifyAttr(_) => "modify_attr",
    }
}
