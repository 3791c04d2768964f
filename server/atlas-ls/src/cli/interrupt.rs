//! Signals: the first asks the command to stop at the next safe point, the second ends the process.
//!
//! Source: reference/cli.md section 1, Signals.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use engine::connection::Cancel;
use tokio::sync::Notify;

use super::Failure;
use super::console::Console;

/// How long work that was asked to stop may take to end: for a statement to be stopped, a dev database to be emptied.
const GRACE: Duration = Duration::from_secs(15);

/// The wish of the user to stop.
#[derive(Clone, Debug, Default)]
pub struct Interrupt {
    pub cancel: Cancel,
    asked: Arc<Notify>,
}

impl Interrupt {
    /// Listens for SIGINT, SIGTERM and SIGHUP. Needs a runtime.
    pub fn listen(console: &Console) -> Self {
        let interrupt = Self::default();
        let (told, console) = (interrupt.clone(), *console);
        tokio::spawn(async move {
            if !signal().await {
                return;
            }
            console.print("\ninterrupt received, wait for exit or ^C to terminate\n");
            told.cancel.cancel();
            told.asked.notify_waiters();
            if signal().await {
                super::prompt::restore();
                std::process::exit(1);
            }
        });
        interrupt
    }

    /// Does `work`, unless the user asks to stop first.
    ///
    /// # Errors
    /// `context canceled`, as Go says it.
    pub async fn race<T>(&self, work: impl Future<Output = T>) -> Result<T, Failure> {
        let asked = self.asked.notified();
        if self.cancel.is_cancelled() {
            return Err(Failure::Error("context canceled".to_owned()));
        }
        tokio::select! {
            biased;
            result = work => Ok(result),
            () = asked => Err(Failure::Error("context canceled".to_owned())),
        }
    }

    /// Does `work` to its end, which comes soon where the user asks to stop: it is told by [`Interrupt::cancel`], and
    /// tidies up. Only what does not end is given up.
    ///
    /// # Errors
    /// `context canceled` when the user asked to stop, with what could not be tidied up.
    pub async fn stop<T, E: std::fmt::Display>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<Result<T, E>, Failure> {
        let asked = self.asked.notified();
        if self.cancel.is_cancelled() {
            return Err(Failure::Error("context canceled".to_owned()));
        }
        let mut work = std::pin::pin!(work);
        tokio::select! {
            biased;
            result = &mut work => return Ok(result),
            () = asked => {}
        }
        let canceled = "context canceled";
        Err(Failure::Error(match tokio::time::timeout(GRACE, work).await {
            Ok(Err(error)) if error.to_string().contains(commands::LEFT) => format!("{canceled}\n{error}"),
            Ok(_) => canceled.to_owned(),
            Err(_) => format!(
                "{canceled}: what was begun did not end and was given up; a dev database may not be empty"
            ),
        }))
    }
}

/// Waits for one signal; `false` when there is nothing to wait for.
#[cfg(unix)]
async fn signal() -> bool {
    use tokio::signal::unix::{SignalKind, signal};
    let streams =
        (signal(SignalKind::interrupt()), signal(SignalKind::terminate()), signal(SignalKind::hangup()));
    let (Ok(mut interrupt), Ok(mut terminate), Ok(mut hangup)) = streams else { return false };
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        _ = hangup.recv() => {}
    }
    true
}

#[cfg(not(unix))]
async fn signal() -> bool {
    tokio::signal::ctrl_c().await.is_ok()
}
