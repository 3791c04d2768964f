//! Which objects live only inside one plan.
//!
//! Source: atlas `sql/sqlcheck`, resource spans: added is set, dropped is added to it, so that drop-then-create is an
//! addition and create-then-drop is temporary.

use std::collections::HashMap;

use schema::change::TableChange;
use schema::{Change, ObjectPath, SmolStr, Table};

/// What a plan does to each object it touches.
#[derive(Clone, Debug, Default)]
pub struct Spans(HashMap<ObjectPath, u8>);

const ADDED: u8 = 1;
const DROPPED: u8 = 2;

impl Spans {
    /// Walks `changes` in order.
    pub fn of(changes: &[Change]) -> Self {
        let mut spans = Self::default();
        for change in changes {
            match change {
                Change::AddSchema(schema) => spans.add(ObjectPath::Schema(schema.name.clone())),
                Change::DropSchema(schema) => spans.drop(ObjectPath::Schema(schema.name.clone())),
                Change::AddTable(table) => spans.add_table(table),
                Change::DropTable(table) => spans.drop(table_path(table)),
                Change::ModifyTable { to, changes, .. } => spans.modify(to, changes),
                _ => {}
            }
        }
        spans
    }

    /// Added by this plan, and maybe dropped again.
    pub fn is_added(&self, path: &ObjectPath) -> bool {
        self.0.get(path).is_some_and(|span| span & ADDED != 0)
    }

    /// Added and dropped by this plan.
    pub fn is_temporary(&self, path: &ObjectPath) -> bool {
        self.0.get(path) == Some(&(ADDED | DROPPED))
    }

    /// Dropped, and not added before.
    pub fn is_dropped(&self, path: &ObjectPath) -> bool {
        self.0.get(path) == Some(&DROPPED)
    }

    fn add(&mut self, path: ObjectPath) {
        self.0.insert(path, ADDED);
    }

    fn drop(&mut self, path: ObjectPath) {
        *self.0.entry(path).or_default() |= DROPPED;
    }

    fn add_table(&mut self, table: &Table) {
        self.add(table_path(table));
        for column in &table.columns {
            self.add(column_path(table, &column.name));
        }
        for index in &table.indexes {
            self.add(index_path(table, &index.name));
        }
        for name in table.foreign_keys.iter().filter_map(|key| key.name.as_ref()) {
            self.add(foreign_key_path(table, name));
        }
        for name in table.checks.iter().filter_map(|check| check.name.as_ref()) {
            self.add(check_path(table, name));
        }
    }

    fn modify(&mut self, table: &Table, changes: &[TableChange]) {
        for change in changes {
            match change {
                TableChange::AddColumn(column) => self.add(column_path(table, &column.name)),
                TableChange::DropColumn(column) => self.drop(column_path(table, &column.name)),
                TableChange::AddIndex(index) => self.add(index_path(table, &index.name)),
                TableChange::DropIndex(index) => self.drop(index_path(table, &index.name)),
                TableChange::AddCheck(check) => {
                    check.name.iter().for_each(|name| self.add(check_path(table, name)));
                }
                TableChange::DropCheck(check) => {
                    check.name.iter().for_each(|name| self.drop(check_path(table, name)));
                }
                TableChange::AddForeignKey(key) => {
                    key.name.iter().for_each(|name| self.add(foreign_key_path(table, name)));
                }
                TableChange::DropForeignKey(key) => {
                    key.name.iter().for_each(|name| self.drop(foreign_key_path(table, name)));
                }
                _ => {}
            }
        }
    }
}

/// The path of a table.
pub fn table_path(table: &Table) -> ObjectPath {
    ObjectPath::Table { schema: table.schema.clone(), table: table.name.clone() }
}

/// The path of a column of `table`.
pub fn column_path(table: &Table, column: &SmolStr) -> ObjectPath {
    ObjectPath::Column { schema: table.schema.clone(), table: table.name.clone(), column: column.clone() }
}

/// The path of an index of `table`.
pub fn index_path(table: &Table, index: &SmolStr) -> ObjectPath {
    ObjectPath::Index { schema: table.schema.clone(), table: table.name.clone(), index: index.clone() }
}

/// The path of a foreign key of `table`.
pub fn foreign_key_path(table: &Table, key: &SmolStr) -> ObjectPath {
    ObjectPath::ForeignKey { schema: table.schema.clone(), table: table.name.clone(), key: key.clone() }
}

/// The path of a check of `table`.
pub fn check_path(table: &Table, check: &SmolStr) -> ObjectPath {
    ObjectPath::Check { schema: table.schema.clone(), table: table.name.clone(), check: check.clone() }
}

/// The path of the primary key of `table`.
pub fn primary_key_path(table: &Table) -> ObjectPath {
    ObjectPath::PrimaryKey { schema: table.schema.clone(), table: table.name.clone() }
}
