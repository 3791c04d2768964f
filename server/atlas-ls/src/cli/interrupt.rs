//! Signals: the first asks the command to stop at the next safe point, the second ends the process.
//!
//! Source: reference/cli.md section 1, Signals.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use engine::connection::Cancel;
use tokio::sync::Notify;

use super::Failure;
use super::console::Console;

/// How long work that was asked to stop may take to end: for a statement to be stopped, a dev database to be emptied.
const GRACE: Duration = Duration::from_secs(5);

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

    /// Does `work` on databases, unless the user asks to stop first: then the server is let stop the statement that
    /// runs, and the work comes to its own end as far as that takes no longer than [`GRACE`].
    ///
    /// # Errors
    /// `context canceled`, as Go says it.
    pub async fn stop<T>(&self, work: impl Future<Output = T>) -> Result<T, Failure> {
        let mut work = pin!(work);
        match self.race(work.as_mut()).await {
            Ok(result) => Ok(result),
            Err(failure) => {
                let _ = tokio::time::timeout(GRACE, work).await;
                Err(failure)
            }
        }
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
