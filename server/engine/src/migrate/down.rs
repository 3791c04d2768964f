//! Taking migrations back: an approved plan and the revisions that go with it.
//!
//! Where definitions take part in transactions, the plan and the revisions are one transaction. Elsewhere it goes
//! statement by statement, and the revision says how far it came: that it is being taken back, how many statements
//! were executed, and which one was started. Invariants: no revision is deleted whose statements were not executed;
//! none says that its version is there when a part of it was taken back.
//!
//! Source: reference migrations.md section 18; the marks are ours, see docs/decisions.md.

use super::lasting::Lasting;
use super::revision::{Kind, Revision, Role, STARTED, Store};
use crate::Error;
use crate::apply::{Outcome, Progress, Report, unmoved};
use crate::connection::{Cancel, Connection};
use crate::plan::Statement;
use crate::review::Approved;

/// A part of a plan with the versions it takes back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unit {
    /// From the last to the first.
    pub versions: Vec<String>,
    /// How many statements of the plan it has.
    pub statements: usize,
    /// How many more were executed by an earlier run.
    pub done: usize,
    /// The hashes of all of them, each over it and all before; none where the way back was computed, which a later run
    /// does anew.
    pub sums: Vec<String>,
    /// That of the first version as it was found.
    pub revision: Revision,
}

/// Executes `approved`, whose statements are those of `units` in order. The caller holds the lock.
pub async fn revert(
    approved: &Approved,
    units: &[Unit],
    connection: &mut dyn Connection,
    store: &Store<'_>,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Report {
    let statements = approved.plan().statements.clone();
    let outcomes = vec![Outcome::NotRun; statements.len()];
    let mut report = Report { statements, outcomes, error: None, notes: Vec::new() };
    let session = connection.dialect().session;
    let hooks = connection.dialect().revisions;
    let base = approved.reviewed().base();
    let run = Run { units, store, progress, cancel };
    if hooks.keeps_definitions() || !approved.plan().transactional {
        report.error = match unmoved(base, connection, false).await {
            Ok(()) => run.marked(&mut report, connection).await.err(),
            Err(error) => Some(error),
        };
        return report;
    }
    let transaction = match session.begin(connection).await {
        Ok(transaction) => transaction,
        Err(error) => return Report { error: Some(error), ..report },
    };
    let result = match unmoved(base, connection, true).await {
        Ok(()) => run.inside(&mut report, connection).await,
        Err(error) => Err(error),
    };
    let ended = match result {
        Ok(()) => session.commit(connection, transaction).await,
        Err(error) => {
            // A rollback that fails leaves a transaction nobody will commit: closing the connection undoes it.
            let _ = session.rollback(connection, transaction).await;
            Err(error)
        }
    };
    if let Err(error) = ended {
        report.error = Some(error);
        let applied = report.outcomes.iter_mut().filter(|outcome| **outcome == Outcome::Applied);
        applied.for_each(|outcome| *outcome = Outcome::RolledBack);
    }
    report
}

struct Run<'a> {
    units: &'a [Unit],
    store: &'a Store<'a>,
    progress: &'a dyn Progress,
    cancel: &'a Cancel,
}

impl Run<'_> {
    /// In a transaction of the caller's.
    async fn inside(&self, report: &mut Report, connection: &mut dyn Connection) -> Result<(), Error> {
        let mut at = 0;
        for unit in self.units {
            for _ in 0..unit.statements {
                self.send(report, at, connection).await?;
                at += 1;
            }
            for version in &unit.versions {
                self.store.delete(connection, version).await?;
            }
        }
        Ok(())
    }

    /// Statement by statement, each recorded.
    async fn marked(&self, report: &mut Report, connection: &mut dyn Connection) -> Result<(), Error> {
        let hooks = connection.dialect().revisions;
        let [begin, commit, rollback] = hooks.transaction();
        let own = |statement: &Statement| matches!(hooks.role(&statement.cmd), Role::Begins | Role::Ends);
        let has_own = report.statements.iter().any(own);
        let mut lasting = Lasting::default();
        // The record says of a statement that it was started, and not yet that it ended.
        let mut is_behind = false;
        let mut at = 0;
        for unit in self.units {
            for n in unit.done..unit.done + unit.statements {
                let Some(sql) = report.statements.get(at).map(|it| it.cmd.clone()) else { break };
                if self.cancel.is_cancelled() {
                    return Err(Error::Cancelled);
                }
                let role = hooks.role(&sql);
                if role == Role::Atomic {
                    lasting.look(connection).await?;
                }
                let result = if role == Role::Atomic && !has_own && !lasting.holds(&sql) {
                    if std::mem::take(&mut is_behind) {
                        self.store.write(connection, &unit.row(n, "", "")).await?;
                    }
                    // It and the record of it are one transaction.
                    connection.execute(begin).await?;
                    let mut done = self.send(report, at, connection).await;
                    if done.is_ok() {
                        done = self.store.write(connection, &unit.row(n + 1, "", "")).await;
                    }
                    if done.is_ok() {
                        done = connection.execute(commit).await.map(|_| ()).map_err(Error::from);
                    }
                    if done.is_err() {
                        let _ = connection.execute(rollback).await;
                        if report.outcomes[at] == Outcome::Applied {
                            report.outcomes[at] = Outcome::RolledBack;
                        }
                    }
                    done
                } else {
                    self.store.write(connection, &unit.row(n, STARTED, &sql)).await?;
                    let done = self.send(report, at, connection).await;
                    lasting.forget(&sql);
                    is_behind = true;
                    done
                };
                if let Err(error) = result {
                    let text = match report.outcomes.get(at) {
                        Some(Outcome::Failed(text)) => text.clone(),
                        _ => error.to_string(),
                    };
                    if !matches!(error, Error::Cancelled) {
                        // What went wrong first is what is told.
                        let _ = self.store.write(connection, &unit.row(n, &text, &sql)).await;
                    }
                    return Err(error);
                }
                at += 1;
            }
            // Either all of the versions are there or none.
            connection.execute(begin).await?;
            let mut done = Ok(());
            for version in &unit.versions {
                if done.is_ok() {
                    done = self.store.delete(connection, version).await;
                }
            }
            match done {
                Ok(()) => connection.execute(commit).await.map(|_| ())?,
                Err(error) => {
                    let _ = connection.execute(rollback).await;
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    async fn send(
        &self,
        report: &mut Report,
        at: usize,
        connection: &mut dyn Connection,
    ) -> Result<(), Error> {
        let total = report.statements.len();
        let Some(statement) = report.statements.get(at) else { return Ok(()) };
        if self.cancel.is_cancelled() {
            return Err(Error::Cancelled);
        }
        self.progress.start(at, total, statement);
        let result = connection.execute(&statement.cmd).await;
        let outcome = match &result {
            Ok(_) => Outcome::Applied,
            Err(error) => Outcome::Failed(error.message.clone()),
        };
        self.progress.end(at, &outcome);
        report.outcomes[at] = outcome;
        result.map(|_| ()).map_err(|error| {
            let context = format!("sql/migrate: executing statement {:?}", statement.cmd);
            Error::Database { context, error }
        })
    }
}

impl Unit {
    /// The revision with `done` statements executed.
    fn row(&self, done: usize, error: &str, statement: &str) -> Revision {
        Revision {
            kind: self.revision.kind.with(Kind::REVERTING),
            applied: done as u64,
            total: (self.done + self.statements) as u64,
            error: error.to_owned(),
            error_stmt: statement.to_owned(),
            partial_hashes: self.sums.iter().take(done).cloned().collect(),
            ..self.revision.clone()
        }
    }
}
