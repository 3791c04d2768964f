//! Nouns: what a database is made of, as plain values, and the closed vocabulary of changes between two of them.
//!
//! No positions, no pointers, no behaviour beyond access. Invariant: two realms are equal when they define the same
//! thing, whoever made them: a file, a directory of files, or a live database.
//!
//! Tables, views and triggers are shared by `Arc`, so that a state made from another one after a small edit shares
//! all it did not touch, and comparing the two can skip what is pointer-equal.

pub mod attr;
pub mod change;
pub mod path;
pub mod table;
pub mod types;
pub mod view;

use std::sync::Arc;

pub use smol_str::SmolStr;

pub use crate::attr::{AttrKey, AttrValue, Attrs};
pub use crate::change::{Change, ChangeKind, ColumnChange, Kinds, TableChange};
pub use crate::path::ObjectPath;
pub use crate::table::{
    Check, Column, Default, Expr, ForeignKey, Generated, Index, IndexPart, Key, Literal, PartOf, PrimaryKey,
    ReferenceAction, Storage, Table,
};
pub use crate::types::{Arg, Class, ColumnType};
pub use crate::view::{Routine, RoutineKind, Trigger, View, ViewKind};

/// Everything one connection can see: its schemas.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Realm {
    pub schemas: Vec<Schema>,
    /// What lies in no schema: extensions, event triggers, roles. Their `schema` is empty.
    pub objects: Vec<Arc<Object>>,
    pub attrs: Attrs,
}

/// A named set of objects. SQLite knows exactly one, `main`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Schema {
    pub name: SmolStr,
    pub comment: Option<String>,
    pub tables: Vec<Arc<Table>>,
    pub views: Vec<Arc<View>>,
    pub routines: Vec<Arc<Routine>>,
    /// Triggers, of tables and of views alike.
    pub triggers: Vec<Arc<Trigger>>,
    /// Enums, domains, sequences and whatever else a dialect declares.
    pub objects: Vec<Arc<Object>>,
    pub attrs: Attrs,
}

/// An object only its dialect understands, such as an enum type: a kind, a name and declared attributes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    pub kind: &'static str,
    pub schema: SmolStr,
    pub name: SmolStr,
    pub comment: Option<String>,
    pub attrs: Attrs,
}

impl Realm {
    /// The schema called `name`.
    pub fn schema(&self, name: &str) -> Option<&Schema> {
        self.schemas.iter().find(|schema| schema.name == name)
    }

    /// The schema called `name`, for writing.
    pub fn schema_mut(&mut self, name: &str) -> Option<&mut Schema> {
        self.schemas.iter_mut().find(|schema| schema.name == name)
    }

    /// Every table with the schema it is in.
    pub fn tables(&self) -> impl Iterator<Item = (&Schema, &Arc<Table>)> {
        self.schemas.iter().flat_map(|schema| schema.tables.iter().map(move |table| (schema, table)))
    }
}

impl Schema {
    /// An empty schema.
    pub fn new(name: impl Into<SmolStr>) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// The table called `name`.
    pub fn table(&self, name: &str) -> Option<&Arc<Table>> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// The view called `name`.
    pub fn view(&self, name: &str) -> Option<&Arc<View>> {
        self.views.iter().find(|view| view.name == name)
    }

    /// The trigger called `name`.
    pub fn trigger(&self, name: &str) -> Option<&Arc<Trigger>> {
        self.triggers.iter().find(|trigger| trigger.name == name)
    }
}
