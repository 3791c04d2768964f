//! A statement that is running, and what may stop it: the user or the clock.
//!
//! Servers are stopped from a second connection, so the statement goes on being read meanwhile: what it answers after
//! all is its answer. Invariant: a request to stop reaches no later statement: it is waited for, and a statement that
//! begins after the user asked to stop (the rollback of a plan) is let run, except where only reading is done.

use std::future::Future;
use std::pin::pin;
use std::time::{Duration, Instant};

use engine::DbError;
use engine::connection::{Cancel, DbErrorKind};

/// Between two looks at a request to stop.
const LOOK: Duration = Duration::from_millis(20);

/// How long a server may take to stop a statement before its connection is given up.
const GRACE: Duration = Duration::from_secs(10);

/// After this time it is asked again: a request that comes between two statements of a message stops neither.
const AGAIN: Duration = Duration::from_millis(if cfg!(test) { 5 } else { 1_000 });

/// What may stop the statements of a connection.
#[derive(Clone, Debug, Default)]
pub struct Watch {
    pub cancel: Option<Cancel>,
    /// For each statement.
    pub timeout: Option<Duration>,
    /// Nothing is left to undo on this connection: a statement that begins after the request is not run either.
    pub only_reads: bool,
}

/// How a watched statement ended.
pub enum Ended<T> {
    /// By itself, or because it was asked to.
    Answered(Result<T, DbError>),
    /// Not at all: the connection is in the middle of an answer and can no longer be used.
    GivenUp(DbError),
}

/// Runs `statement`, and `stop` beside it once it is to end, until it does.
pub async fn run<T, S: Future<Output = Result<(), DbError>>>(
    watch: &Watch,
    statement: impl Future<Output = Result<T, DbError>>,
    mut stop: impl FnMut() -> S,
) -> Ended<T> {
    if watch.only_reads && watch.cancel.as_ref().is_some_and(Cancel::is_cancelled) {
        let error = DbError::new(DbErrorKind::Cancelled, "stopped before the statement began");
        return Ended::Answered(Err(error));
    }
    let cancel = watch.cancel.as_ref().filter(|cancel| !cancel.is_cancelled());
    if cancel.is_none() && watch.timeout.is_none() {
        return Ended::Answered(statement.await);
    }
    let begun = Instant::now();
    let mut statement = pin!(statement);
    let kind = loop {
        if let Ok(answer) = tokio::time::timeout(LOOK, statement.as_mut()).await {
            return Ended::Answered(answer);
        }
        if cancel.is_some_and(Cancel::is_cancelled) {
            break DbErrorKind::Cancelled;
        }
        if watch.timeout.is_some_and(|timeout| begun.elapsed() >= timeout) {
            break DbErrorKind::Timeout;
        }
    };
    let asked = Instant::now();
    loop {
        let (stopped, answer) = tokio::join!(stop(), tokio::time::timeout(AGAIN, statement.as_mut()));
        match (answer, stopped) {
            (Ok(Ok(value)), _) => return Ended::Answered(Ok(value)),
            // Its words are the server's, the reason is ours.
            (Ok(Err(error)), _) => return Ended::Answered(Err(DbError::new(kind, error.message))),
            (Err(_), _) if asked.elapsed() < GRACE => {}
            (Err(_), Ok(())) => {
                return Ended::GivenUp(DbError::new(kind, "the server did not stop the statement"));
            }
            (Err(_), Err(error)) => {
                let text = format!("the statement could not be stopped: {error}");
                return Ended::GivenUp(DbError::new(kind, text));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};

    fn watched(cancel: &Cancel) -> Watch {
        Watch { cancel: Some(cancel.clone()), ..Watch::default() }
    }

    #[tokio::test]
    async fn a_statement_begun_after_the_request_is_let_run() {
        let cancel = Cancel::new();
        cancel.cancel();
        let stopped = AtomicBool::new(false);
        let stop = async || {
            stopped.store(true, Ordering::SeqCst);
            Ok(())
        };
        let ended = run(&watched(&cancel), async { Ok(1) }, stop).await;
        assert!(matches!(ended, Ended::Answered(Ok(1))));
        assert!(!stopped.load(Ordering::SeqCst));
    }

    #[tokio::test]
    async fn where_only_reading_is_done_nothing_begins_after_the_request() {
        let cancel = Cancel::new();
        cancel.cancel();
        let watch = Watch { only_reads: true, ..watched(&cancel) };
        let ended = run(&watch, std::future::pending::<Result<(), _>>(), async || Ok(())).await;
        assert!(
            matches!(ended, Ended::Answered(Err(error)) if error.kind == DbErrorKind::Cancelled),
            "it ended otherwise"
        );
    }

    #[tokio::test]
    async fn a_statement_is_stopped_and_its_answer_keeps_the_servers_words() {
        let cancel = Cancel::new();
        let (send, mut receive) = tokio::sync::mpsc::unbounded_channel::<()>();
        let statement = async {
            cancel.cancel();
            receive.recv().await;
            Err::<(), _>(DbError::other("stopped, said the server"))
        };
        let stop = async || {
            let _ = send.send(());
            Ok(())
        };
        let Ended::Answered(Err(error)) = run(&watched(&cancel), statement, stop).await else {
            panic!("it ended otherwise");
        };
        assert_eq!(
            (error.kind, error.message.as_str()),
            (DbErrorKind::Cancelled, "stopped, said the server")
        );
    }

    #[tokio::test]
    async fn a_server_is_asked_until_it_stops() {
        let cancel = Cancel::new();
        let (send, mut receive) = tokio::sync::mpsc::unbounded_channel::<()>();
        let statement = async {
            cancel.cancel();
            for _ in 0..3 {
                receive.recv().await;
            }
            Err::<(), _>(DbError::other("stopped at the third word"))
        };
        let stop = async || {
            let _ = send.send(());
            Ok(())
        };
        let Ended::Answered(Err(error)) = run(&watched(&cancel), statement, stop).await else {
            panic!("it was given up");
        };
        assert_eq!(error.message, "stopped at the third word");
    }

    #[tokio::test]
    async fn the_clock_stops_it_too() {
        let watch = Watch { timeout: Some(Duration::from_millis(1)), ..Watch::default() };
        let (send, mut receive) = tokio::sync::mpsc::unbounded_channel::<()>();
        let statement = async {
            receive.recv().await;
            Err::<(), _>(DbError::other("too long"))
        };
        let stop = async || {
            let _ = send.send(());
            Ok(())
        };
        let Ended::Answered(Err(error)) = run(&watch, statement, stop).await else {
            panic!("it ended otherwise");
        };
        assert_eq!(error.kind, DbErrorKind::Timeout);
    }
}
