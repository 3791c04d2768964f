//! What counts as changed in SQLite.

use engine::Error;
use engine::diff::Hooks;
use schema::{Column, Kinds, Table, TableChange};

pub struct Sqlite;

impl Hooks for Sqlite {
    fn column(&self, _from: &Column, _to: &Column, _tables: (&Table, &Table)) -> Result<Kinds, Error> {
        Ok(Kinds::NONE)
    }

    fn table_attrs(&self, _from: &Table, _to: &Table) -> Result<Vec<TableChange>, Error> {
        Ok(Vec::new())
    }
}
