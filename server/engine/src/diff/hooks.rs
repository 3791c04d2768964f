//! What differs between dialects in comparing.

use std::sync::Arc;

use schema::{
    Change, Check, Column, ForeignKey, Index, IndexPart, Kinds, Object, PrimaryKey, Realm, ReferenceAction,
    Routine, Schema, SmolStr, Table, TableChange, Trigger, View,
};

use crate::Error;
use crate::connection::Capabilities;

/// A dialect's say in comparing two states. Methods that answer "differs" are given things of the same name.
pub trait Hooks: Sync + Send {
    /// Two names mean the same when this makes them equal.
    fn fold(&self, name: &str) -> SmolStr;

    /// The same for names of tables and views, where a server has a mind of its own about them.
    fn fold_table(&self, name: &str, server: Option<&Capabilities>) -> SmolStr {
        let _ = server;
        self.fold(name)
    }

    /// What tells a trigger of a schema from the others.
    fn trigger_key(&self, trigger: &Trigger) -> SmolStr {
        self.fold(&trigger.name)
    }

    /// What tells a routine of a schema from the others.
    fn routine_key(&self, routine: &Routine) -> SmolStr {
        self.fold(&routine.name)
    }

    /// What tells an object from the others.
    fn object_key(&self, object: &Object) -> SmolStr {
        format!("{}\0{}", object.kind, object.name).into()
    }

    /// Whether schema HCL always speaks of objects of this kind (`view`, `materialized`, `trigger`, `function`,
    /// `procedure`, [`Object::kind`]), so that leaving one out means it is to go. Of any other kind a file speaks when it
    /// has one.
    fn speaks_of(&self, kind: &str) -> bool {
        matches!(kind, "view" | "trigger" | "function" | "procedure")
    }

    /// The attributes of tables, columns, indexes and constraints that schema HCL speaks of only when a file uses them
    /// anywhere: where none does, each object keeps what it has.
    fn unsaid(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether a schema can get another name.
    fn renames_schemas(&self) -> bool {
        false
    }

    /// Changes in `realm`, in which `change`, a rename, was carried out, what only this dialect's attributes say.
    fn follow_rename(&self, realm: &mut Realm, change: &Change) {
        let _ = (realm, change);
    }

    /// `realm` as a server bound to `schema` shows it, where that leaves out the name of that schema in expressions and
    /// bodies; `None` when it is the same.
    fn seen_from(&self, realm: &Realm, schema: &SmolStr) -> Option<Realm> {
        let _ = (realm, schema);
        None
    }

    /// What happens when nothing is said.
    fn action(&self, action: Option<ReferenceAction>) -> ReferenceAction {
        action.unwrap_or(ReferenceAction::NoAction)
    }

    /// Whether two expressions are surely the same, written differently at most.
    fn same_expr(&self, a: &str, b: &str) -> bool;

    /// `table` as the database has it, with implied parts spelled out; itself when there is nothing to do.
    fn complete(&self, table: &Arc<Table>) -> Arc<Table>;

    /// Takes into `to` what its language cannot say from `from`, the table that is there.
    fn keep_unsaid(&self, from: &Table, to: &mut Table);

    /// Whether the database, not a user, named the index; such indexes are matched by what they are.
    fn is_automatic(&self, index: &Index) -> bool;

    /// What differs between two columns.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a column that cannot be compared, [`Error::Unsupported`] for a change the database does
    /// not have.
    fn column(&self, from: (&Table, &Column), to: (&Table, &Column)) -> Result<Kinds, Error>;

    /// Differences of the tables' own attributes.
    ///
    /// # Errors
    /// As [`Hooks::column`].
    fn table_attrs(&self, from: &Table, to: &Table) -> Result<Vec<TableChange>, Error>;

    /// What differs between two parts of an index beyond column, expression and direction.
    fn part_differs(&self, from: (&Table, &IndexPart), to: (&Table, &IndexPart)) -> bool;

    /// What differs between two indexes beyond uniqueness, parts, predicate and comment.
    fn index_attrs_differ(&self, from: &Index, to: &Index) -> bool;

    /// What differs between two primary keys beyond their parts.
    fn primary_key_attrs_differ(&self, from: &PrimaryKey, to: &PrimaryKey) -> bool;

    /// What differs between two foreign keys beyond columns, tables and actions.
    fn foreign_key_attrs_differ(&self, from: &ForeignKey, to: &ForeignKey) -> bool;

    /// What differs between two checks beyond their expressions.
    fn check_attrs_differ(&self, from: &Check, to: &Check) -> bool {
        let _ = (from, to);
        false
    }

    /// Whether comments of tables, columns and indexes exist.
    fn has_comments(&self) -> bool;

    fn view_differs(&self, from: &View, to: &View) -> bool;

    fn trigger_differs(&self, from: &Trigger, to: &Trigger) -> bool;

    fn routine_differs(&self, from: &Routine, to: &Routine) -> bool {
        from.body != to.body
    }

    fn object_differs(&self, from: &Object, to: &Object) -> bool;

    /// Whether an object that only one of two states, before and after, has is neither made nor taken away.
    fn stays(&self, object: &Object, realms: (&Realm, &Realm), server: Option<&Capabilities>) -> bool {
        let _ = (object, realms, server);
        false
    }

    fn schema_differs(&self, from: &Schema, to: &Schema) -> bool;
}
