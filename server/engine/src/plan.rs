//! From changes to statements: what will be executed, why, and how it is undone.
//!
//! Pure. The SQL is the dialect's ([`Hooks`]); the [`Writer`] it uses is here. Invariant: each statement names the
//! change and the objects it comes from.

use schema::{Change, ObjectPath, Realm};

use crate::{Dialect, Error};

/// A sequence of statements.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    pub statements: Vec<Statement>,
    /// All of it can run in one transaction.
    pub transactional: bool,
    /// Every statement can be undone.
    pub reversible: bool,
}

/// One statement of a plan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// Without the final `;`.
    pub cmd: String,
    /// Lower case, no full stop: `create "users" table`.
    pub comment: String,
    /// What undoes it, in order; empty when nothing does.
    pub reverse: Vec<String>,
    /// The index of the change it belongs to.
    pub change: usize,
    /// What it is about, the main object first.
    pub objects: Vec<ObjectPath>,
}

/// How a plan is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Puts the elements of a `CREATE TABLE` on lines of their own; empty means one line.
    pub indent: String,
    /// `Some("")` for no schema qualifier, `Some("x")` for that one, `None` for the object's own.
    pub qualifier: Option<String>,
    pub mode: Mode,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// To change a database that is there.
    #[default]
    InPlace,
    /// To describe a state from nothing.
    Dump,
}

/// What differs between dialects in planning.
pub trait Hooks: Sync + Send {
    fn plan(&self, changes: &[Change], from: &Realm, options: &Options) -> Result<Plan, Error>;
}

/// The statements that carry out `changes` on a database in state `from`.
///
/// `from` is all of the current state, before any exclusion: a table that is copied takes along its triggers, also
/// those nobody asked about.
pub fn plan(changes: &[Change], from: &Realm, dialect: &Dialect, options: &Options) -> Result<Plan, Error> {
    dialect.plan.plan(changes, from, options)
}

impl Plan {
    /// The text of a migration file: `-- Create "t" table`, newline, `CREATE …;`.
    pub fn to_sql(&self) -> String {
        let mut text = String::new();
        for statement in &self.statements {
            if !statement.comment.is_empty() {
                let mut chars = statement.comment.chars();
                text.push_str("-- ");
                text.extend(chars.next().map(|first| first.to_ascii_uppercase()));
                text.push_str(chars.as_str());
                text.push('\n');
            }
            text.push_str(&statement.cmd);
            text.push_str(";\n");
        }
        text
    }
}
