//! Executing an approved plan, and saying exactly where the database stands afterwards.
//!
//! Takes the session's transaction (or none), inspects again inside it, refuses when the state is not the approved
//! one, and executes statement by statement. Invariant: every statement of the plan ends as exactly one [`Outcome`].

use std::time::Duration;

use schema::Realm;

use crate::Error;
use crate::connection::{Cancel, Connection};
use crate::diff::{self, Policy};
use crate::hook::{self, Hook, Point};
use crate::inspect::{Fingerprint, inspect_all, inspect_inside};
use crate::plan::Statement;
use crate::review::Approved;
use crate::session::Transaction;

/// How statements are grouped into transactions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TxMode {
    /// All of the plan in one transaction.
    #[default]
    File,
    /// Each statement on its own.
    None,
}

/// How one statement ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Executed, and its effect stays.
    Applied,
    /// Executed, and undone with its transaction.
    RolledBack,
    /// Refused by the database, in its words.
    Failed(String),
    /// Never sent.
    NotRun,
}

/// How a run ended.
#[derive(Clone, Debug)]
pub struct Report {
    pub statements: Vec<Statement>,
    /// One for each statement.
    pub outcomes: Vec<Outcome>,
    /// Why it did not go through; `None` when it did.
    pub error: Option<Error>,
    /// Statements of hooks that failed and did not stop it, in words.
    pub notes: Vec<String>,
}

/// Told of each step.
pub trait Progress: Send + Sync {
    /// `statement` (the `index`th of `total`) is about to be executed.
    fn start(&self, index: usize, total: usize, statement: &Statement);
    /// It ended; an [`Outcome::Applied`] inside a transaction may still be rolled back.
    fn end(&self, index: usize, outcome: &Outcome);
}

/// Tells nobody.
pub struct Silent;

impl Progress for Silent {
    fn start(&self, _: usize, _: usize, _: &Statement) {}
    fn end(&self, _: usize, _: &Outcome) {}
}

impl TxMode {
    /// Reads the value of `--tx-mode`.
    ///
    /// # Errors
    /// [`Error::Argument`]: `unknown tx-mode "x"`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        match text {
            "file" => Ok(TxMode::File),
            "none" => Ok(TxMode::None),
            _ => Err(Error::Argument(format!("unknown tx-mode {text:?}"))),
        }
    }
}

/// Name of the advisory lock a run holds.
const LOCK: &str = "atlas_schema_apply";

/// Executes `approved` on `connection`.
pub async fn apply(
    approved: Approved,
    connection: &mut dyn Connection,
    tx: TxMode,
    lock_timeout: Duration,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Report {
    let statements = approved.plan().statements.clone();
    let hooks = match frame(connection, approved.plan(), tx) {
        Frame::Nothing => Vec::new(),
        _ => approved.reviewed().hooks().to_vec(),
    };
    let outcomes = vec![Outcome::NotRun; statements.len()];
    let mut run = Run { outcomes, statements, error: None, hooks, is_framed: false, notes: Vec::new() };
    match connection.lock(LOCK, lock_timeout).await {
        Ok(()) => {
            // Where definitions commit by themselves, a transaction would promise what it cannot keep.
            let tx = if approved.plan().transactional { tx } else { TxMode::None };
            run.locked(approved.reviewed().base(), connection, tx, progress, cancel).await;
            if let Err(error) = connection.unlock(LOCK).await {
                run.error.get_or_insert(error.into());
            }
        }
        Err(error) => run.error = Some(Error::Locked { reason: error.message }),
    }
    Report { statements: run.statements, outcomes: run.outcomes, error: run.error, notes: run.notes }
}

/// What the statements of hooks are around of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Their transaction.
    Transaction,
    /// The plan, whose statements commit by themselves, as theirs do.
    Plan,
    /// Nothing: they are not executed.
    Nothing,
}

/// What hooks are around of when `plan` is executed on `connection`.
pub fn frame(connection: &dyn Connection, plan: &crate::plan::Plan, tx: TxMode) -> Frame {
    framed(connection.dialect(), plan, tx)
}

/// The same, on a target of `dialect`.
pub fn framed(dialect: &crate::Dialect, plan: &crate::plan::Plan, tx: TxMode) -> Frame {
    match (tx, plan.transactional) {
        (TxMode::File, true) => Frame::Transaction,
        (TxMode::File, false) if dialect.revisions.keeps_definitions() => Frame::Plan,
        _ => Frame::Nothing,
    }
}

struct Run {
    statements: Vec<Statement>,
    outcomes: Vec<Outcome>,
    error: Option<Error>,
    hooks: Vec<Hook>,
    /// Their statements were begun.
    is_framed: bool,
    notes: Vec<String>,
}

impl Run {
    async fn locked(
        &mut self,
        base: &Fingerprint,
        connection: &mut dyn Connection,
        tx: TxMode,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) {
        let session = connection.dialect().session;
        match tx {
            TxMode::None => {
                if let Err(error) = unmoved(base, connection, false).await {
                    self.error = Some(error);
                    return;
                }
                self.error = self.framed(connection, progress, cancel).await.err();
                if self.error.is_some() {
                    self.before_rollback(connection).await;
                }
            }
            TxMode::File => {
                if let Some(statement) =
                    self.statements.iter().find(|it| session.controls_transaction(&it.cmd))
                {
                    let text =
                        format!("{:?} cannot be part of a plan that runs in one transaction", statement.cmd);
                    self.error = Some(Error::Unsupported(text));
                    return;
                }
                let transaction = match session.begin(connection).await {
                    Ok(transaction) => transaction,
                    Err(error) => {
                        self.error = Some(error);
                        return;
                    }
                };
                let result = match unmoved(base, connection, true).await {
                    Ok(()) => self.framed(connection, progress, cancel).await,
                    Err(error) => Err(error),
                };
                self.end(connection, transaction, result).await;
            }
        }
    }

    async fn end(
        &mut self,
        connection: &mut dyn Connection,
        transaction: Transaction,
        result: Result<(), Error>,
    ) {
        let session = connection.dialect().session;
        let ended = match result {
            Ok(()) => session.commit(connection, transaction).await,
            Err(error) => {
                self.before_rollback(connection).await;
                // A rollback that fails leaves a transaction nobody will commit: closing the connection undoes it.
                let _ = session.rollback(connection, transaction).await;
                Err(error)
            }
        };
        if let Err(error) = ended {
            self.error = Some(error);
            for outcome in &mut self.outcomes {
                if *outcome == Outcome::Applied {
                    *outcome = Outcome::RolledBack;
                }
            }
        }
    }

    async fn before_rollback(&mut self, connection: &mut dyn Connection) {
        if self.is_framed {
            hook::before_rollback(&self.hooks, connection, &mut self.notes).await;
        }
    }

    /// The statements, and those of hooks before and behind them.
    async fn framed(
        &mut self,
        connection: &mut dyn Connection,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<(), Error> {
        self.is_framed = true;
        hook::secure(&self.hooks, connection).await?;
        hook::run(&self.hooks, Point::AfterBegin, connection, &mut self.notes).await?;
        hook::secure(&self.hooks, connection).await?;
        self.execute(connection, progress, cancel).await?;
        hook::run(&self.hooks, Point::BeforeCommit, connection, &mut self.notes).await
    }

    async fn execute(
        &mut self,
        connection: &mut dyn Connection,
        progress: &dyn Progress,
        cancel: &Cancel,
    ) -> Result<(), Error> {
        let total = self.statements.len();
        for (index, statement) in self.statements.iter().enumerate() {
            if cancel.is_cancelled() {
                return Err(Error::Cancelled);
            }
            progress.start(index, total, statement);
            let result = connection.execute(&statement.cmd).await;
            self.outcomes[index] = match &result {
                Ok(_) => Outcome::Applied,
                Err(error) => Outcome::Failed(error.message.clone()),
            };
            progress.end(index, &self.outcomes[index]);
            if let Err(error) = result {
                return Err(Error::Database { context: statement.comment.clone(), error });
            }
        }
        Ok(())
    }
}

/// Refuses when the database is not in the state `base`, as far as the plan's scope looks.
pub(crate) async fn unmoved(
    base: &Fingerprint,
    connection: &mut dyn Connection,
    inside: bool,
) -> Result<(), Error> {
    let scope = base.scope();
    let mut now = match inside {
        true => inspect_inside(connection, scope).await?,
        false => inspect_all(connection, scope).await?,
    };
    if now == **base.realm() {
        return Ok(());
    }
    let mut then = Realm::clone(base.realm());
    for realm in [&mut then, &mut now] {
        // A copied table takes its triggers along, excluded or not: they count in any case.
        let triggers: Vec<_> =
            realm.schemas.iter().map(|schema| (schema.name.clone(), schema.triggers.clone())).collect();
        scope.exclude.apply(realm, scope);
        for (name, triggers) in triggers {
            if let Some(schema) = realm.schema_mut(&name) {
                schema.triggers = triggers;
            }
        }
    }
    let changes = diff::diff(&then, &now, connection.dialect(), &Policy::default())?;
    if changes.is_empty() {
        return Ok(());
    }
    let changes = changes.iter().map(diff::describe).collect();
    Err(Error::Drift { target: connection.target().to_string(), changes })
}
