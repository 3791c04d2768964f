//! What counts as changed in PostgreSQL.

use std::sync::Arc;

use engine::Error;
use engine::diff::Hooks;
use schema::{
    Column, ForeignKey, Index, IndexPart, Kinds, Object, PrimaryKey, Schema, SmolStr, Table, TableChange,
    Trigger, View,
};

pub struct Postgres;

impl Hooks for Postgres {
    fn fold(&self, name: &str) -> SmolStr {
        name.into()
    }

    fn same_expr(&self, a: &str, b: &str) -> bool {
        a == b
    }

    fn complete(&self, table: &Arc<Table>) -> Arc<Table> {
        table.clone()
    }

    fn keep_unsaid(&self, _from: &Table, _to: &mut Table) {}

    fn is_automatic(&self, index: &Index) -> bool {
        index.name.is_empty()
    }

    fn column(&self, _from: (&Table, &Column), _to: (&Table, &Column)) -> Result<Kinds, Error> {
        Ok(Kinds::NONE)
    }

    fn table_attrs(&self, _from: &Table, _to: &Table) -> Result<Vec<TableChange>, Error> {
        Ok(Vec::new())
    }

    fn part_differs(&self, _from: (&Table, &IndexPart), _to: (&Table, &IndexPart)) -> bool {
        false
    }

    fn index_attrs_differ(&self, _from: &Index, _to: &Index) -> bool {
        false
    }

    fn primary_key_attrs_differ(&self, _from: &PrimaryKey, _to: &PrimaryKey) -> bool {
        false
    }

    fn foreign_key_attrs_differ(&self, _from: &ForeignKey, _to: &ForeignKey) -> bool {
        false
    }

    fn has_comments(&self) -> bool {
        true
    }

    fn view_differs(&self, from: &View, to: &View) -> bool {
        from.body != to.body
    }

    fn trigger_differs(&self, from: &Trigger, to: &Trigger) -> bool {
        from.body != to.body
    }

    fn object_differs(&self, from: &Object, to: &Object) -> bool {
        from != to
    }

    fn schema_differs(&self, from: &Schema, to: &Schema) -> bool {
        from.attrs != to.attrs
    }
}
