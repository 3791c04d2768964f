//! Why a request has no result, in the terms of JSON-RPC and LSP.
//!
//! Text of a user is never a failure; features answer with nothing instead. Invariant: a message never holds a
//! secret, because [`log::redact`](super::log::redact) has gone over it.

use tower_lsp_server::jsonrpc::{Error, ErrorCode};

use super::log;

/// Why a request has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The client took the request back.
    Cancelled,
    /// The document was edited while the request ran.
    Stale,
    /// The request is about a document that is none of ours; its answer is `null`.
    Foreign,
    /// The parameters are not what the method takes.
    Params(String),
    /// No such method, or no such command.
    Unknown(String),
    /// A request before `initialize`.
    NotInitialized,
    /// A request after `shutdown`, or a second `initialize`.
    OutOfOrder(String),
    /// The world said no: a sentence for the user.
    Failed(String),
    /// A bug of ours.
    Internal(String),
}

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        let (code, message) = match failure {
            Failure::Cancelled => return Error::request_cancelled(),
            Failure::Stale => return Error::content_modified(),
            Failure::Foreign => (ErrorCode::InvalidParams, "not a document of this server".into()),
            Failure::Params(message) => (ErrorCode::InvalidParams, message),
            Failure::Unknown(message) => (ErrorCode::MethodNotFound, message),
            Failure::NotInitialized => {
                (ErrorCode::ServerError(-32002), "the server is not initialized".into())
            }
            Failure::OutOfOrder(message) => (ErrorCode::InvalidRequest, message),
            // LSP 3.17, `RequestFailed`.
            Failure::Failed(message) => (ErrorCode::ServerError(-32803), message),
            Failure::Internal(message) => (ErrorCode::InternalError, message),
        };
        Error { code, message: log::redact(&message).into_owned().into(), data: None }
    }
}
