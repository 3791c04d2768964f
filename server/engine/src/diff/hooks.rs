//! What differs between dialects in comparing.

use std::sync::Arc;

use schema::{
    Column, ForeignKey, Index, IndexPart, Kinds, Object, PrimaryKey, Schema, SmolStr, Table, TableChange,
    Trigger, View,
};

use crate::Error;

/// A dialect's say in comparing two states. Methods that answer "differs" are given things of the same name.
pub trait Hooks: Sync + Send {
    /// Two names mean the same when this makes them equal.
    fn fold(&self, name: &str) -> SmolStr;

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

    /// Whether comments of tables, columns and indexes exist.
    fn has_comments(&self) -> bool;

    fn view_differs(&self, from: &View, to: &View) -> bool;

    fn trigger_differs(&self, from: &Trigger, to: &Trigger) -> bool;

    fn object_differs(&self, from: &Object, to: &Object) -> bool;

    fn schema_differs(&self, from: &Schema, to: &Schema) -> bool;
}
