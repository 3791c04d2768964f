//! What the owner loop can be told.

use serde_json::Value;
use tokio::sync::oneshot;
use tower_lsp_server::jsonrpc::{self, Request, Response};

use super::failure::Failure;
use super::owner::Owner;
use super::transport::Malformed;

/// One message to the owner loop; it takes them one at a time, in order.
pub(crate) enum Event {
    /// A request (with `answer`) or notification of the client.
    Message { request: Request, answer: Option<oneshot::Sender<Response>> },
    /// The client's answer to a request of ours.
    Reply(Response),
    /// A lane asks the client something.
    Ask { method: &'static str, params: Value, reply: Reply },
    /// A lane has computed what was asked under `ticket`.
    Done { ticket: u64, result: Result<Value, Failure> },
    /// Work that needs the state, such as a fact that was fetched.
    Then(Box<dyn FnOnce(&mut Owner) + Send>),
    /// A message that was no JSON-RPC.
    Malformed(Malformed),
    /// The client closed its end.
    Closed,
}

/// What to do with the client's answer, on the owner's thread.
pub(crate) type Reply = Box<dyn FnOnce(&mut Owner, jsonrpc::Result<Value>) + Send>;
