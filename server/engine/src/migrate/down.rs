//! Taking migrations back: an approved plan and the revisions that go with it.
//!
//! Where definitions take part in transactions, the plan and the revisions are one transaction; elsewhere statement by
//! statement, and a revision goes when all that it stands for is gone. Invariant: no revision is deleted whose
//! statements were not executed.

use super::revision::Store;
use crate::Error;
use crate::apply::{Outcome, Progress, Report, unmoved};
use crate::connection::{Cancel, Connection};
use crate::review::Approved;

/// A part of a plan with the versions it takes back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unit {
    /// From the last to the first.
    pub versions: Vec<String>,
    /// How many statements of the plan it has.
    pub statements: usize,
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
    if hooks.keeps_definitions() || !approved.plan().transactional {
        report.error = match unmoved(base, connection, false).await {
            Ok(()) => run(&mut report, units, connection, store, progress, cancel).await.err(),
            Err(error) => Some(error),
        };
        return report;
    }
    let transaction = match session.begin(connection).await {
        Ok(transaction) => transaction,
        Err(error) => return Report { error: Some(error), ..report },
    };
    let result = match unmoved(base, connection, true).await {
        Ok(()) => run(&mut report, units, connection, store, progress, cancel).await,
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

async fn run(
    report: &mut Report,
    units: &[Unit],
    connection: &mut dyn Connection,
    store: &Store<'_>,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<(), Error> {
    let total = report.statements.len();
    let mut at = 0;
    for unit in units {
        for _ in 0..unit.statements {
            let Some(statement) = report.statements.get(at) else { break };
            if cancel.is_cancelled() {
                return Err(Error::Cancelled);
            }
            progress.start(at, total, statement);
            let result = connection.execute(&statement.cmd).await;
            let outcome = match &result {
                Ok(_) => Outcome::Applied,
                Err(error) => Outcome::Failed(error.message.clone()),
            };
            progress.end(at, &outcome);
            report.outcomes[at] = outcome;
            if let Err(error) = result {
                let context = format!("sql/migrate: executing statement {:?}", statement.cmd);
                return Err(Error::Database { context, error });
            }
            at += 1;
        }
        for version in &unit.versions {
            store.delete(connection, version).await?;
        }
    }
    Ok(())
}
