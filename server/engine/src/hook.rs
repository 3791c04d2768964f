//! The user's own statements around those of a run: the `hook "sql"` blocks of a configuration.
//!
//! They are part of what is approved. Invariants: none of them begins or ends the transaction it is executed in, which
//! [`prepared`] refuses before anything runs; and a failure is never silent: it ends the run, or it is a note.
//!
//! Source: reference project.md section 12, documented/project.md section 6.

use crate::connection::Connection;
use crate::migrate::revision::{Hooks, Role};
use crate::migrate::{Format, statements};
use crate::{Dialect, Error};

/// A block.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hook {
    pub name: String,
    /// Whether the run goes on when a statement fails.
    pub skip_errors: bool,
    pub after_begin: Vec<String>,
    pub before_commit: Vec<String>,
    pub before_rollback: Vec<String>,
}

/// When a statement is executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Point {
    AfterBegin,
    BeforeCommit,
    /// Only when the run failed.
    BeforeRollback,
}

impl Point {
    pub const ALL: [Point; 3] = [Point::AfterBegin, Point::BeforeCommit, Point::BeforeRollback];

    /// As a configuration calls it.
    pub fn name(self) -> &'static str {
        match self {
            Point::AfterBegin => "after_begin",
            Point::BeforeCommit => "before_commit",
            Point::BeforeRollback => "before_rollback",
        }
    }
}

impl Hook {
    /// The statements of a moment, in order.
    pub fn at(&self, point: Point) -> &[String] {
        match point {
            Point::AfterBegin => &self.after_begin,
            Point::BeforeCommit => &self.before_commit,
            Point::BeforeRollback => &self.before_rollback,
        }
    }

    /// What a statement of it is introduced with: `hook "timeouts", after_begin`.
    pub fn title(&self, point: Point) -> String {
        format!("hook {:?}, {}", self.name, point.name())
    }
}

/// The blocks that have statements at `point`.
pub fn at(hooks: &[Hook], point: Point) -> impl Iterator<Item = &Hook> {
    hooks.iter().filter(move |hook| !hook.at(point).is_empty())
}

/// `hooks` cut into single statements.
///
/// # Errors
/// A text that cannot be cut; a statement that begins or ends a transaction, or would keep what is to be rolled back.
pub fn prepared(hooks: &[Hook], dialect: &'static Dialect) -> Result<Vec<Hook>, Error> {
    let cut = |hook: &Hook, point: Point| -> Result<Vec<String>, Error> {
        let mut found = Vec::new();
        for text in hook.at(point) {
            let parts = statements(text, Format::Liquibase, Some(dialect))
                .map_err(|error| Error::Invalid(format!("{}: {error}", hook.title(point))))?;
            for part in parts {
                let sql = part.bare().to_owned();
                if let Some(why) = refused(dialect.revisions, point, &sql) {
                    return Err(Error::Invalid(format!("{}: {sql:?} {why}", hook.title(point))));
                }
                found.push(sql);
            }
        }
        Ok(found)
    };
    let one = |hook: &Hook| {
        Ok(Hook {
            name: hook.name.clone(),
            skip_errors: hook.skip_errors,
            after_begin: cut(hook, Point::AfterBegin)?,
            before_commit: cut(hook, Point::BeforeCommit)?,
            before_rollback: cut(hook, Point::BeforeRollback)?,
        })
    };
    hooks.iter().map(one).collect()
}

fn refused(revisions: &dyn Hooks, point: Point, sql: &str) -> Option<&'static str> {
    match revisions.role(sql) {
        Role::Begins | Role::Ends => Some("cannot be executed inside of the transaction it is a hook of"),
        Role::Commits | Role::Other if revisions.keeps_definitions() && point == Point::BeforeRollback => {
            Some("would commit what is to be rolled back")
        }
        _ => None,
    }
}

/// Whether the transaction was perhaps ended by the statements of `point`, so that another has to be begun.
pub fn may_commit(hooks: &[Hook], point: Point, revisions: &dyn Hooks) -> bool {
    let commits = |sql: &String| matches!(revisions.role(sql), Role::Commits | Role::Other);
    revisions.keeps_definitions() && hooks.iter().flat_map(|hook| hook.at(point)).any(commits)
}

/// Executes the statements of `point`. What failed and may, is added to `notes`.
///
/// # Errors
/// The first statement that failed and may not.
pub async fn run(
    hooks: &[Hook],
    point: Point,
    connection: &mut dyn Connection,
    notes: &mut Vec<String>,
) -> Result<(), Error> {
    let revisions = connection.dialect().revisions;
    for hook in hooks {
        // Nothing is worse than a rollback that is kept from happening.
        let may_fail = hook.skip_errors || point == Point::BeforeRollback;
        let savepoint = revisions.savepoint().filter(|_| may_fail);
        for sql in hook.at(point) {
            let context = format!("{}: executing statement {sql:?}", hook.title(point));
            if let Some([set, _, _]) = savepoint {
                connection.execute(set).await.map_err(Error::doing(context.clone()))?;
            }
            let done = connection.execute(sql).await;
            if let Some([_, release, back]) = savepoint {
                let end = if done.is_ok() { release } else { back };
                connection.execute(end).await.map_err(Error::doing(context.clone()))?;
            }
            match done {
                Ok(_) => {}
                Err(error) if may_fail => notes.push(Error::Database { context, error }.to_string()),
                Err(error) => return Err(Error::Database { context, error }),
            }
        }
    }
    Ok(())
}

/// Makes it possible to execute something behind a failed statement: what `before_rollback` takes, where a failure
/// makes a transaction useless.
///
/// # Errors
/// The database's.
pub async fn secure(hooks: &[Hook], connection: &mut dyn Connection) -> Result<(), Error> {
    let savepoint = connection.dialect().revisions.savepoint();
    match savepoint.filter(|_| at(hooks, Point::BeforeRollback).next().is_some()) {
        Some([set, _, _]) => {
            connection.execute(set).await.map(|_| ()).map_err(Error::doing("before_rollback"))
        }
        None => Ok(()),
    }
}

/// Executes what `before_rollback` says, in a transaction that [`secure`] was called in. A failure is a note.
pub async fn before_rollback(hooks: &[Hook], connection: &mut dyn Connection, notes: &mut Vec<String>) {
    if at(hooks, Point::BeforeRollback).next().is_none() {
        return;
    }
    if let Some([_, _, back]) = connection.dialect().revisions.savepoint() {
        // Where it fails, the statements will, and say so.
        let _ = connection.execute(back).await;
    }
    if let Err(error) = run(hooks, Point::BeforeRollback, connection, notes).await {
        notes.push(error.to_string());
    }
}
