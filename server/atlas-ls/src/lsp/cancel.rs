//! The token by which a running request learns that nobody waits for it any more.
//!
//! Setting it never waits and never interrupts: whoever computes asks now and then. Invariant: the first reason
//! stays; a token never becomes live again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use tokio::sync::Notify;

use super::failure::Failure;

/// Shared between the owner loop, which sets it, and the lane that computes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cancel {
    shared: Arc<Shared>,
}

#[derive(Debug, Default)]
struct Shared {
    reason: AtomicU8,
    changed: Notify,
}

/// Why a request stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The client sent `$/cancelRequest` or pressed the progress' button.
    Asked = 1,
    /// The document the request is about was edited.
    Stale = 2,
    /// It ran too long, or the server is going away.
    GivenUp = 3,
}

impl Cancel {
    /// Sets the token; later reasons are ignored.
    pub(crate) fn cancel(&self, reason: Reason) {
        let live = self.shared.reason.compare_exchange(0, reason as u8, Ordering::AcqRel, Ordering::Acquire);
        if live.is_ok() {
            self.shared.changed.notify_waiters();
        }
    }

    /// Why to stop, if at all.
    pub(crate) fn reason(&self) -> Option<Reason> {
        match self.shared.reason.load(Ordering::Acquire) {
            0 => None,
            1 => Some(Reason::Asked),
            2 => Some(Reason::Stale),
            _ => Some(Reason::GivenUp),
        }
    }

    /// Leaves a computation with `?` as soon as nobody waits for it.
    ///
    /// # Errors
    /// The failure a client is told for the reason.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        match self.reason() {
            None => Ok(()),
            Some(reason) => Err(reason.into()),
        }
    }

    /// Returns when the token is set; for `select!` beside work that awaits.
    pub(crate) async fn cancelled(&self) -> Reason {
        loop {
            let changed = self.shared.changed.notified();
            tokio::pin!(changed);
            changed.as_mut().enable();
            if let Some(reason) = self.reason() {
                return reason;
            }
            changed.await;
        }
    }
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::Asked => Failure::Cancelled,
            Reason::Stale => Failure::Stale,
            Reason::GivenUp => Failure::Failed("the request was given up".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_reason_stays() {
        let cancel = Cancel::default();
        assert!(cancel.check().is_ok());
        cancel.cancel(Reason::Stale);
        cancel.cancel(Reason::Asked);
        assert_eq!(cancel.reason(), Some(Reason::Stale));
    }

    #[tokio::test]
    async fn waiting_for_a_cancelled_token_returns_at_once() {
        let cancel = Cancel::default();
        cancel.cancel(Reason::Asked);
        assert_eq!(cancel.cancelled().await, Reason::Asked);
    }
}
