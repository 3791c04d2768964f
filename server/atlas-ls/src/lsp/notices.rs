//! Notifications of the client, taken on the owner's thread in arrival order.
//!
//! Each changes the state and returns; nothing here computes or waits. Invariant: a notification that cannot be read
//! is logged and changes nothing.

mod documents;
mod lifecycle;
mod workspace;

use gen_lsp_types::Notification;
use serde_json::Value;

use super::failure::Failure;
use super::handler::read;
use super::owner::Owner;

/// A notification as the dispatcher keeps it.
pub(crate) struct Notice {
    pub(crate) method: &'static str,
    pub(crate) take: fn(&mut Owner, Value) -> Result<(), Failure>,
}

/// Every notification the server listens to, but `exit` and `$/cancelRequest`, which belong to the loop.
pub(crate) const ALL: &[Notice] = &[
    Notice::of::<documents::Opened>(),
    Notice::of::<documents::Changed>(),
    Notice::of::<documents::Saved>(),
    Notice::of::<documents::Closed>(),
    Notice::of::<lifecycle::Initialized>(),
    Notice::of::<lifecycle::SetTrace>(),
    Notice::of::<lifecycle::ProgressCancelled>(),
    Notice::of::<lifecycle::TrustGranted>(),
    Notice::of::<workspace::ConfigurationChanged>(),
    Notice::of::<workspace::FoldersChanged>(),
    Notice::of::<workspace::FilesChanged>(),
];

/// Something a client tells.
trait Listener {
    type Notification: Notification;

    fn take(owner: &mut Owner, params: <Self::Notification as Notification>::Params);
}

impl Notice {
    const fn of<L: Listener>() -> Self {
        Self { method: <L::Notification as Notification>::METHOD.as_str(), take: take::<L> }
    }
}

fn take<L: Listener>(owner: &mut Owner, params: Value) -> Result<(), Failure> {
    L::take(owner, read(params)?);
    Ok(())
}

/// The listener of `method`.
pub(crate) fn find(method: &str) -> Option<&'static Notice> {
    ALL.iter().find(|notice| notice.method == method)
}
