//! The closed vocabulary of changes from one state to another.
//!
//! A change carries the values it is about, so that planning and linting need nothing else.
//!
//! Source: the change types of atlas `sql/schema/migrate.go` (v0.3x), without its clauses: what a clause said is a
//! field here.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::{Check, Column, ForeignKey, Index, Object, PrimaryKey, Routine, Schema, Table, Trigger, View};

/// One change of a realm.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    AddSchema(Box<Schema>),
    DropSchema(Box<Schema>),
    RenameSchema {
        from: Box<Schema>,
        to: Box<Schema>,
    },
    /// Attributes of a schema: charset, collation, comment.
    ModifySchema {
        from: Box<Schema>,
        to: Box<Schema>,
    },
    AddTable(Arc<Table>),
    DropTable(Arc<Table>),
    RenameTable {
        from: Arc<Table>,
        to: Arc<Table>,
    },
    /// Changes inside one table, in the differ's order.
    ModifyTable {
        from: Arc<Table>,
        to: Arc<Table>,
        changes: Vec<TableChange>,
    },
    AddView(Arc<View>),
    DropView(Arc<View>),
    RenameView {
        from: Arc<View>,
        to: Arc<View>,
    },
    ModifyView {
        from: Arc<View>,
        to: Arc<View>,
    },
    AddTrigger(Arc<Trigger>),
    DropTrigger(Arc<Trigger>),
    RenameTrigger {
        from: Arc<Trigger>,
        to: Arc<Trigger>,
    },
    ModifyTrigger {
        from: Arc<Trigger>,
        to: Arc<Trigger>,
    },
    AddRoutine(Arc<Routine>),
    DropRoutine(Arc<Routine>),
    RenameRoutine {
        from: Arc<Routine>,
        to: Arc<Routine>,
    },
    ModifyRoutine {
        from: Arc<Routine>,
        to: Arc<Routine>,
    },
    AddObject(Arc<Object>),
    DropObject(Arc<Object>),
    RenameObject {
        from: Arc<Object>,
        to: Arc<Object>,
    },
    ModifyObject {
        from: Arc<Object>,
        to: Arc<Object>,
    },
}

/// One change inside a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableChange {
    AddColumn(Column),
    DropColumn(Column),
    ModifyColumn(ColumnChange),
    RenameColumn {
        from: Column,
        to: Column,
    },
    AddPrimaryKey(PrimaryKey),
    DropPrimaryKey(PrimaryKey),
    ModifyPrimaryKey {
        from: PrimaryKey,
        to: PrimaryKey,
        kinds: Kinds,
    },
    AddIndex(Index),
    DropIndex(Index),
    ModifyIndex {
        from: Index,
        to: Index,
        kinds: Kinds,
    },
    RenameIndex {
        from: Index,
        to: Index,
    },
    AddForeignKey(ForeignKey),
    DropForeignKey(ForeignKey),
    ModifyForeignKey {
        from: ForeignKey,
        to: ForeignKey,
        kinds: Kinds,
    },
    AddCheck(Check),
    DropCheck(Check),
    ModifyCheck {
        from: Check,
        to: Check,
        kinds: Kinds,
    },
    RenameConstraint {
        from: SmolStr,
        to: SmolStr,
    },
    /// An attribute of the table itself, by its declared name; the values are those of `from` and `to`.
    AddAttr(&'static str),
    DropAttr(&'static str),
    ModifyAttr(&'static str),
}

/// A column that stays, but differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnChange {
    pub from: Column,
    pub to: Column,
    pub kinds: Kinds,
}

/// What differs, as a set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Kinds(u32);

/// One kind of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u32)]
pub enum ChangeKind {
    Attr = 1,
    Charset = 1 << 1,
    Collate = 1 << 2,
    Comment = 1 << 3,
    Null = 1 << 4,
    Type = 1 << 5,
    Default = 1 << 6,
    Generated = 1 << 7,
    Unique = 1 << 8,
    Parts = 1 << 9,
    Column = 1 << 10,
    RefColumn = 1 << 11,
    RefTable = 1 << 12,
    UpdateAction = 1 << 13,
    DeleteAction = 1 << 14,
    Expr = 1 << 15,
}

impl Kinds {
    /// The empty set: nothing differs.
    pub const NONE: Kinds = Kinds(0);

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn has(self, kind: ChangeKind) -> bool {
        self.0 & kind as u32 != 0
    }

    pub fn add(&mut self, kind: ChangeKind) {
        self.0 |= kind as u32;
    }

    /// Adds `kind` if `differs`.
    pub fn add_if(&mut self, differs: bool, kind: ChangeKind) {
        if differs {
            self.add(kind);
        }
    }
}
