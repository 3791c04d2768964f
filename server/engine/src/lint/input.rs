//! What is judged: changes, and the statements that carry them out.
//!
//! The statements come from a plan or from a file that somebody wrote; rules see both alike. Invariant: a statement
//! is only parsed when a rule asks for its words.

use std::sync::Arc;

use schema::{Change, ObjectPath, Realm, SmolStr};
use syntax::sql::Piece;
use text::{TextRange, TextSize};

use super::{Config, Spans, Words};
use crate::Dialect;
use crate::connection::Capabilities;
use crate::plan::Plan;

/// What is judged.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    pub from: &'a Realm,
    pub to: &'a Realm,
    pub changes: &'a [Change],
    pub source: Source<'a>,
    pub config: &'a Config,
    pub spans: &'a Spans,
    /// What the server can do; the newest one's abilities where it is not known.
    pub server: &'a Capabilities,
    pub dialect: &'static Dialect,
    pub format_type: fn(&schema::ColumnType) -> String,
}

/// Where the statements come from.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    Plan(&'a Plan),
    File(&'a Statements),
}

/// The statements of a file, each with the changes it makes.
#[derive(Clone, Debug, Default)]
pub struct Statements {
    pub list: Vec<Stmt>,
    /// Whether the file is carried out in one transaction.
    pub in_transaction: bool,
    /// Where the file begins to say something: behind a byte-order mark.
    pub start: TextSize,
    /// Whether there are directives for the whole file at its head.
    pub has_directives: bool,
    /// Whether statements end with something of the file's own, so that a rewrite cannot add some.
    pub has_delimiter: bool,
    /// The checks before it; `None` where it can have none.
    pub checks: Option<super::Prechecks>,
}

/// A statement of a file.
#[derive(Clone, Debug)]
pub struct Stmt {
    pub piece: Arc<Piece>,
    /// Where the piece starts in the file.
    pub offset: TextSize,
    /// The first of its changes, and the one behind its last.
    pub changes: (usize, usize),
    /// What its `nolint` directives name; `""` for one that names nothing.
    pub nolint: Vec<SmolStr>,
}

/// One statement, for a rule.
#[derive(Clone, Copy, Debug)]
pub struct Statement<'a> {
    pub at: usize,
    source: Source<'a>,
    dialect: &'static Dialect,
}

impl Stmt {
    /// Where the statement stands in the file, without the comments before it and its delimiter.
    pub fn range(&self) -> TextRange {
        self.piece.statement_range() + self.offset
    }
}

impl<'a> Input<'a> {
    /// Every statement, in order.
    pub fn statements(&self) -> impl Iterator<Item = Statement<'a>> + use<'a> {
        let count = match self.source {
            Source::Plan(plan) => plan.statements.len(),
            Source::File(file) => file.list.len(),
        };
        let (source, dialect) = (self.source, self.dialect);
        (0..count).map(move |at| Statement { at, source, dialect })
    }

    /// The statements that carry out change `change`.
    pub fn statements_of(&self, change: usize) -> impl Iterator<Item = Statement<'a>> + use<'a> {
        let source = self.source;
        self.statements().filter(move |statement| match source {
            Source::Plan(plan) => plan.statements.get(statement.at).is_some_and(|one| one.change == change),
            Source::File(file) => file
                .list
                .get(statement.at)
                .is_some_and(|one| (one.changes.0..one.changes.1).contains(&change)),
        })
    }

    /// The statement of `change` that is about `object`, else its first.
    pub fn statement_of(&self, change: usize, object: &ObjectPath) -> Option<Statement<'a>> {
        let about = self.statements_of(change).find(|statement| statement.is_about(object));
        about.or_else(|| self.statements_of(change).next())
    }

    /// Whether the statements are carried out in one transaction.
    pub fn in_transaction(&self) -> bool {
        match self.source {
            Source::Plan(plan) => plan.transactional,
            Source::File(file) => file.in_transaction,
        }
    }

    /// The file, when one is judged.
    pub fn file(&self) -> Option<&'a Statements> {
        match self.source {
            Source::Plan(_) => None,
            Source::File(file) => Some(file),
        }
    }

    /// What a finding is about that is about no object.
    pub fn root(&self) -> ObjectPath {
        let schema = self.to.schemas.first().or(self.from.schemas.first());
        ObjectPath::Schema(schema.map(|schema| schema.name.clone()).unwrap_or_default())
    }

    /// Whether the table was there before.
    pub fn is_old(&self, table: &schema::Table) -> bool {
        !self.spans.is_added(&super::span::table_path(table))
    }
}

impl<'a> Statement<'a> {
    /// The statement, without its delimiter.
    pub fn text(&self) -> &'a str {
        match self.source {
            Source::Plan(plan) => plan.statements.get(self.at).map_or("", |statement| &statement.cmd),
            Source::File(file) => {
                file.list.get(self.at).map_or("", |statement| statement.piece.statement_text())
            }
        }
    }

    /// Whether the statement has these letters somewhere: cheap, to be asked before its words.
    pub fn mentions(&self, letters: &str) -> bool {
        let (text, letters) = (self.text().as_bytes(), letters.as_bytes());
        !letters.is_empty() && text.windows(letters.len()).any(|window| window.eq_ignore_ascii_case(letters))
    }

    /// Its words; their places are those of the file, or of the plan's statement.
    pub fn words(&self) -> Words {
        match self.source {
            Source::Plan(_) => Words::read(self.text(), self.dialect.grammar),
            Source::File(file) => file
                .list
                .get(self.at)
                .map(|statement| Words::of(&statement.piece, statement.offset))
                .unwrap_or_default(),
        }
    }

    /// Where it stands in its file.
    pub fn range(&self) -> Option<TextRange> {
        match self.source {
            Source::Plan(_) => None,
            Source::File(file) => file.list.get(self.at).map(Stmt::range),
        }
    }

    /// The change it is for, if there is exactly one.
    pub fn change(&self) -> Option<usize> {
        match self.source {
            Source::Plan(plan) => plan.statements.get(self.at).map(|statement| statement.change),
            Source::File(file) => {
                let (start, end) = file.list.get(self.at)?.changes;
                (end == start + 1).then_some(start)
            }
        }
    }

    fn is_about(&self, object: &ObjectPath) -> bool {
        match self.source {
            Source::Plan(plan) => {
                plan.statements.get(self.at).is_some_and(|statement| statement.objects.contains(object))
            }
            Source::File(_) => false,
        }
    }
}
