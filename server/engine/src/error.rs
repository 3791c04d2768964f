//! What can go wrong in the engine: the world failing or a request that cannot be carried out.
//!
//! What a user wrote in a file is never an error here but a diagnostic. The texts are those of `atlas`, so that
//! scripts which match them keep working.
//!
//! Source: atlas `sql/sqlite`, `sql/internal/sqlx`, `cmd/atlas`; reference engine.md §21.

use std::fmt;

use crate::connection::DbError;

/// An engine error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// The database answered with an error; `context` says what was being done and may be empty.
    Database { context: String, error: DbError },
    /// The state of the target is not the one the plan was approved for.
    Drift { target: String, changes: Vec<String> },
    /// A schema the request names does not exist.
    SchemaNotFound { dialect: &'static str, schema: String },
    /// Two states of different scope, or a change outside of the plan's scope.
    Scope(String),
    /// A pattern of `--exclude`, or another argument, cannot be read.
    Argument(String),
    /// The dialect cannot carry out or express a change.
    Unsupported(String),
    /// A state that contradicts itself: a foreign key without a parent, a column without a type.
    Invalid(String),
    /// The dev database holds something that is not ours to remove.
    NotClean { reason: String },
    /// The advisory lock is held by another session.
    Locked { reason: String },
    /// The user stopped it.
    Cancelled,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Database { context, error } if context.is_empty() => error.fmt(f),
            Error::Database { context, error } => write!(f, "{context}: {error}"),
            Error::Drift { target, changes } => {
                write!(f, "the state of {target} changed since the plan was approved")?;
                if !changes.is_empty() {
                    write!(f, ": {}", changes.join(", "))?;
                }
                Ok(())
            }
            Error::SchemaNotFound { dialect, schema } => {
                write!(f, "{dialect}: schema {schema:?} was not found")
            }
            Error::NotClean { reason } => write!(f, "sql/migrate: connected database is not clean: {reason}"),
            Error::Locked { reason } => write!(f, "acquiring database lock: {reason}"),
            Error::Cancelled => f.write_str("cancelled"),
            Error::Scope(text) | Error::Argument(text) | Error::Unsupported(text) | Error::Invalid(text) => {
                f.write_str(text)
            }
        }
    }
}

impl std::error::Error for Error {}

impl From<DbError> for Error {
    fn from(error: DbError) -> Self {
        Error::Database { context: String::new(), error }
    }
}

impl Error {
    /// A database error that says what was being done.
    pub fn doing(context: impl Into<String>) -> impl FnOnce(DbError) -> Error {
        let context = context.into();
        move |error| Error::Database { context, error }
    }
}
