//! What a request handler says of itself, in types, and how it is run.
//!
//! A handler reads a snapshot and returns a value; it holds no state, awaits nothing and knows nothing of ids,
//! cancellation messages or threads. Invariant: a method is advertised by the same entry that answers it.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use gen_lsp_types::{LspRequestMethod, Request, ServerCapabilities};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::cancel::Cancel;
use super::client::ClientCaps;
use super::failure::Failure;
use super::lanes::Lane;
use super::snapshot::Snapshot;

/// A request that is answered from a snapshot.
pub(crate) trait Handler {
    type Request: Request;

    /// Where it runs; only the two lanes for reads make sense.
    const LANE: Lane = Lane::Worker;
    /// What becomes of it when its document is edited meanwhile.
    const STALE: Stale = Stale::Refuse;

    /// Adds what makes clients send the request.
    fn advertise(capabilities: &mut ServerCapabilities, client: &ClientCaps);

    /// Answers it; asks `cancel` now and then when it takes long.
    fn handle(
        snapshot: &Snapshot,
        params: <Self::Request as Request>::Params,
        cancel: &Cancel,
    ) -> Result<<Self::Request as Request>::Result, Failure>;
}

/// What becomes of a read when an edit of its document arrives before its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stale {
    /// It is answered with `ContentModified`: its positions mean something else now.
    Refuse,
    /// It is started again on the new text.
    Rerun,
    /// It is finished on the text it was asked for, because that is still useful and soon done.
    Finish,
}

/// A handler as the dispatcher keeps it.
pub(crate) struct Entry {
    pub(crate) method: LspRequestMethod<'static>,
    pub(crate) lane: Lane,
    pub(crate) stale: Stale,
    pub(crate) advertise: fn(&mut ServerCapabilities, &ClientCaps),
    run: fn(&Snapshot, Value, &Cancel) -> Result<Value, Failure>,
}

impl Entry {
    pub(crate) const fn of<H: Handler>() -> Self {
        Self {
            method: <H::Request as Request>::METHOD,
            lane: H::LANE,
            stale: H::STALE,
            advertise: H::advertise,
            run: run::<H>,
        }
    }

    /// Runs the handler; a panic is a failure of this request only.
    pub(crate) fn answer(
        &self,
        snapshot: &Snapshot,
        params: Value,
        cancel: &Cancel,
    ) -> Result<Value, Failure> {
        cancel.check()?;
        guarded(self.method.as_str(), || (self.run)(snapshot, params, cancel))
    }
}

fn run<H: Handler>(snapshot: &Snapshot, params: Value, cancel: &Cancel) -> Result<Value, Failure> {
    let result = match H::handle(snapshot, read(params)?, cancel) {
        // Clients ask about whatever they show; that we know nothing of it is no mistake of anybody.
        Err(Failure::Foreign) => return Ok(Value::Null),
        result => result?,
    };
    cancel.check()?;
    serde_json::to_value(result).map_err(|error| Failure::Internal(error.to_string()))
}

/// The parameters of a message as their type.
pub(crate) fn read<T: DeserializeOwned>(params: Value) -> Result<T, Failure> {
    serde_json::from_value(params).map_err(|error| Failure::Params(error.to_string()))
}

/// Runs `work`; a panic in it is its failure and nobody else's.
pub(crate) fn guarded<T>(what: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| Err(panicked(what, &*panic)))
}

/// Logs a panic and turns it into an answer that does not repeat it: its message may quote a user's text.
pub(crate) fn panicked(what: &str, panic: &(dyn Any + Send)) -> Failure {
    let message = panic
        .downcast_ref::<&str>()
        .map(|message| (*message).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    tracing::error!("{what} panicked: {message}");
    Failure::Internal(format!("{what} failed; this is a bug, the log of the server has more"))
}
