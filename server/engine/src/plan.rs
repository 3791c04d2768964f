//! From changes to statements: what will be executed, why, and how it is undone.
//!
//! Pure. The SQL is the dialect's ([`Hooks`]); the [`Writer`] it uses is here. Invariant: each statement names the
//! change and the objects it comes from.

mod scope;
pub mod sort;
mod writer;

use std::sync::Arc;

use schema::{Change, ObjectPath, Realm};

pub use self::sort::sort;
pub use self::writer::Writer;

use crate::connection::Capabilities;
use crate::{Dialect, Error, renames};

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
    /// The server the plan is for; `None` where it is not known, which means the newest.
    pub server: Option<Arc<Capabilities>>,
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
    /// The statements that carry out `changes`, in order.
    ///
    /// # Errors
    /// [`Error::Unsupported`] for a change the dialect does not have.
    fn plan(&self, changes: &[Change], from: &Realm, options: &Options) -> Result<Plan, Error>;
}

/// The statements that carry out `changes` on a database in state `from`.
///
/// `from` is all of the current state, before any exclusion: a table that is copied takes along its triggers, also
/// those nobody asked about.
///
/// # Errors
/// [`Error::Scope`] when `options` bind the plan to one schema and a change is outside of it; what the dialect says.
pub fn plan(changes: &[Change], from: &Realm, dialect: &Dialect, options: &Options) -> Result<Plan, Error> {
    if options.qualifier.is_some() {
        scope::check(changes, options.mode, dialect.default_schema)?;
    }
    // What comes after renames is planned as if they were done.
    let renames = changes.iter().take_while(|change| renames::is_rename(change)).count();
    if renames == 0 || renames == changes.len() {
        return dialect.plan.plan(changes, from, options);
    }
    let (first, rest) = changes.split_at(renames);
    let mut plan = dialect.plan.plan(first, from, options)?;
    let mut from = from.clone();
    first.iter().for_each(|change| renames::follow(&mut from, change, dialect));
    let rest = dialect.plan.plan(rest, &from, options)?;
    plan.transactional &= rest.transactional;
    plan.reversible &= rest.reversible;
    plan.statements.extend(rest.statements.into_iter().map(|mut statement| {
        statement.change += renames;
        statement
    }));
    Ok(plan)
}

/// The statements that make `realm` from nothing: what `{{ sql . }}` prints of an inspected database.
///
/// # Errors
/// As [`plan`].
pub fn dump(realm: &Realm, dialect: &Dialect, options: &Options) -> Result<Plan, Error> {
    let mut changes = Vec::new();
    for schema in &realm.schemas {
        if options.qualifier.is_none() {
            changes.push(Change::AddSchema(Box::new(schema.clone())));
        }
    }
    changes.extend(realm.objects.iter().cloned().map(Change::AddObject));
    for schema in &realm.schemas {
        changes.extend(schema.objects.iter().cloned().map(Change::AddObject));
        changes.extend(schema.tables.iter().map(|table| Change::AddTable(dialect.diff.complete(table))));
        changes.extend(schema.views.iter().cloned().map(Change::AddView));
        changes.extend(schema.triggers.iter().cloned().map(Change::AddTrigger));
        changes.extend(schema.routines.iter().cloned().map(Change::AddRoutine));
    }
    let options = Options { mode: Mode::Dump, ..options.clone() };
    plan(&changes, &Realm::default(), dialect, &options)
}

impl Plan {
    /// The text of a migration file: `-- Create "t" table`, newline, `CREATE …;`.
    pub fn to_sql(&self) -> String {
        let mut text = String::new();
        for statement in &self.statements {
            if !statement.comment.is_empty() {
                text.push_str("-- ");
                text.push_str(&statement.title());
                text.push('\n');
            }
            text.push_str(&statement.cmd);
            text.push_str(";\n");
        }
        text
    }

    pub fn is_empty(&self) -> bool {
        self.statements.is_empty()
    }
}

impl Statement {
    /// The comment as it is printed: its first letter upper case.
    pub fn title(&self) -> String {
        let mut chars = self.comment.chars();
        let first = chars.next().map(|first| first.to_ascii_uppercase());
        first.into_iter().chain(chars).collect()
    }
}
