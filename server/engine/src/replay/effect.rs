//! What one statement does, read from its text alone.
//!
//! A dialect turns a statement into effects without knowing the state they will meet, so the result is kept per text
//! and replayed as often as needed. Ranges are those of the piece. Invariant: an effect holds everything its
//! application may complain about.

use std::sync::Arc;

use schema::{Check, Column, ForeignKey, Index, Object, SmolStr, Table, Trigger, View};
use text::{Code, Diagnostic, TextRange};

use crate::origin::{Part, Uses};

/// A name as a statement writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    pub text: SmolStr,
    pub range: TextRange,
}

/// What a statement does to the state.
#[derive(Clone, Debug)]
pub enum Effect {
    CreateTable(NewTable),
    CreateIndex(NewIndex),
    CreateView {
        view: Arc<View>,
        part: Arc<Part>,
        name: Name,
        if_not_exists: bool,
    },
    CreateTrigger(NewTrigger),
    CreateObject {
        object: Arc<Object>,
        part: Arc<Part>,
        name: Name,
        if_not_exists: bool,
    },
    RenameTable {
        table: Name,
        to: Name,
    },
    RenameColumn {
        table: Name,
        from: Name,
        to: Name,
    },
    AddColumn(NewColumn),
    DropColumn {
        table: Name,
        column: Name,
    },
    Drop {
        kind: Kind,
        name: Name,
        if_exists: bool,
    },
    /// A name exists that is no part of the realm (a temporary table): what is done to it is nobody's business.
    Shadow {
        name: SmolStr,
    },
    /// What only the dialect knows, on a scene of several schemas.
    Step(Arc<dyn super::Step>),
}

/// A table to be created.
#[derive(Clone, Debug)]
pub struct NewTable {
    pub table: Arc<Table>,
    pub part: Arc<Part>,
    pub name: Name,
    pub if_not_exists: bool,
    /// Whether the columns are all there is: not for a table made from a query with `*`.
    pub complete: bool,
    pub parents: Vec<Parent>,
    /// The columns it takes from a query, behind its own.
    pub derived: Vec<Derived>,
    /// The columns its first checks, and its first foreign keys, are written at; the rest stand on their own.
    pub inline: Inline,
}

/// A column a table made from a query gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Derived {
    /// All columns of a table.
    All(SmolStr),
    /// One that has a name, and the table and column whose values it has.
    Column { name: SmolStr, of: Option<(SmolStr, SmolStr)> },
}

/// Which column each constraint that is written at a column belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Inline {
    pub checks: Vec<SmolStr>,
    pub foreign_keys: Vec<SmolStr>,
}

/// What a foreign key refers to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parent {
    pub table: Name,
    pub columns: Vec<Name>,
}

/// An index to be created.
#[derive(Clone, Debug)]
pub struct NewIndex {
    pub table: Name,
    pub index: Index,
    pub name: Name,
    /// The whole statement.
    pub range: TextRange,
    pub if_not_exists: bool,
    /// The columns its parts and predicate name without doubt.
    pub columns: Vec<Name>,
}

/// A trigger to be created.
#[derive(Clone, Debug)]
pub struct NewTrigger {
    pub trigger: Arc<Trigger>,
    pub part: Arc<Part>,
    pub name: Name,
    pub on: Name,
    /// `INSTEAD OF`, which only views can have.
    pub instead: bool,
    pub if_not_exists: bool,
    /// The columns of `UPDATE OF`.
    pub columns: Vec<Name>,
}

/// A column to be added to a table.
#[derive(Clone, Debug)]
pub struct NewColumn {
    pub table: Name,
    pub column: Column,
    pub name: Name,
    pub range: TextRange,
    pub checks: Vec<Check>,
    pub foreign_keys: Vec<ForeignKey>,
    pub parents: Vec<Parent>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Table,
    View,
    Index,
    Trigger,
}

impl Kind {
    pub fn word(self) -> &'static str {
        match self {
            Kind::Table => "table",
            Kind::View => "view",
            Kind::Index => "index",
            Kind::Trigger => "trigger",
        }
    }
}

/// Takes down what a statement does.
#[derive(Debug, Default)]
pub struct Builder {
    pub effects: Vec<Effect>,
    pub notes: Vec<Diagnostic>,
    pub uses: Uses,
    /// The statement is broken: it is read as far as possible, and nobody complains about what it means.
    pub silent: bool,
}

/// The dialect does not model the statement, which is not the user's mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsupported;

impl Builder {
    /// Notes a mistake.
    pub fn error(&mut self, range: TextRange, code: Code, message: impl Into<String>) {
        if !self.silent {
            self.notes.push(Diagnostic::error(range, code, message));
        }
    }

    pub fn push(&mut self, effect: Effect) {
        self.effects.push(effect);
    }
}
