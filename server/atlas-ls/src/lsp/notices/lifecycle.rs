//! What a client tells about itself: it is ready, it traces, its user trusts or cancels.

use gen_lsp_types::{
    InitializedNotification, InitializedParams, SetTraceNotification, SetTraceParams, TraceValue,
    WorkDoneProgressCancelNotification, WorkDoneProgressCancelParams,
};

use super::Listener;
use crate::lsp::ext::{DidGrantTrust, Nothing};
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

pub(super) struct TrustGranted;

impl Listener for TrustGranted {
    type Notification = DidGrantTrust;

    fn take(owner: &mut Owner, _: Nothing) {
        owner.state.trusted = true;
        owner.state.refreshed();
    }
}
