//! What can keep a command from doing what it was asked.
//!
//! The texts are Atlas's, so that scripts which match them keep working; no text holds a password.

use std::fmt;

/// A command's error.
#[derive(Clone, Debug, PartialEq)]
pub enum Error {
    /// The engine, or the database behind it.
    Engine(engine::Error),
    /// The request cannot be understood or carried out, in Atlas's words.
    Request(String),
    /// The configuration or a schema file is wrong: the first error, in Atlas's words.
    Source(String),
    /// Checked, and found not to be what was asked for; nothing was changed.
    Aborted(String),
    /// The user, or the policy, said no.
    Rejected(Option<String>),
    /// The target has no table of revisions of its own, but there is one that several may share.
    AmbiguousRevisions,
    /// It was started and did not go through; the report says where the database stands.
    Failed(Box<crate::schema::apply::Failed>),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Engine(error) => error.fmt(f),
            Error::Request(text) | Error::Source(text) | Error::Aborted(text) => f.write_str(text),
            Error::Rejected(Some(reason)) => f.write_str(reason),
            Error::Rejected(None) => f.write_str("the plan was not approved"),
            Error::AmbiguousRevisions => f.write_str("ambiguous revision table"),
            Error::Failed(failed) => failed.error.fmt(f),
        }
    }
}

impl std::error::Error for Error {}

impl From<engine::Error> for Error {
    fn from(error: engine::Error) -> Self {
        Error::Engine(error)
    }
}

impl From<engine::DbError> for Error {
    fn from(error: engine::DbError) -> Self {
        Error::Engine(error.into())
    }
}
