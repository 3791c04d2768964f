//! What a client tells about itself: it is ready, it traces, its user trusts or cancels.

use gen_lsp_types::{
    InitializedNotification, InitializedParams, LspNotificationMethod, MessageDirection, Notification,
    SetTraceNotification, SetTraceParams, TraceValue, WorkDoneProgressCancelNotification,
    WorkDoneProgressCancelParams,
};
use serde::{Deserialize, Serialize};

use super::Listener;
use crate::lsp::lifecycle;
use crate::lsp::owner::{Owner, Trace};

pub(super) struct Initialized;

impl Listener for Initialized {
    type Notification = InitializedNotification;

    fn take(owner: &mut Owner, _: InitializedParams) {
        lifecycle::initialized(owner);
    }
}

pub(super) struct SetTrace;

impl Listener for SetTrace {
    type Notification = SetTraceNotification;

    fn take(owner: &mut Owner, params: SetTraceParams) {
        owner.state.trace = match params.value {
            TraceValue::Messages => Trace::Messages,
            TraceValue::Verbose => Trace::Verbose,
            _ => Trace::Off,
        };
    }
}

pub(super) struct ProgressCancelled;

impl Listener for ProgressCancelled {
    type Notification = WorkDoneProgressCancelNotification;

    fn take(owner: &mut Owner, params: WorkDoneProgressCancelParams) {
        owner.cancel_progress(&params.token);
    }
}

/// `atlas/didGrantTrust`: the user trusts the workspace from now on.
pub(super) struct TrustGranted;

impl Notification for TrustGranted {
    type Params = Nothing;
    const METHOD: LspNotificationMethod<'static> = LspNotificationMethod::new("atlas/didGrantTrust");
    const MESSAGE_DIRECTION: MessageDirection = MessageDirection::ClientToServer;
}

impl Listener for TrustGranted {
    type Notification = Self;

    fn take(owner: &mut Owner, _: Nothing) {
        owner.state.trusted = true;
        owner.state.touch();
    }
}

/// Parameters that say nothing; whatever a client sends is that.
#[derive(Debug, Serialize)]
pub(super) struct Nothing {}

impl<'de> Deserialize<'de> for Nothing {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self {})
    }
}
