//! The edge: what the engine asks of a driver, as traits, and the plain values that cross it.
//!
//! Implemented in `drivers`. A connection executes what it is given and decides nothing. Invariant: every text that
//! names a target is redacted.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use schema::SmolStr;

use crate::dialect::Dialect;
use crate::url::DatabaseUrl;

/// An open session with one database.
#[async_trait]
pub trait Connection: Send {
    /// The dialect it speaks.
    fn dialect(&self) -> &'static Dialect;

    /// Where it leads, for messages: redacted.
    fn target(&self) -> &Target;

    /// What the server can do, asked once when the connection was opened.
    fn capabilities(&self) -> &Capabilities;

    /// Whether the database was made for this connection and ends with it: what is in it from the start belongs to it.
    fn is_disposable(&self) -> bool {
        false
    }

    /// Runs one query and reads all its rows.
    async fn query(&mut self, query: &Query) -> Result<Rows, DbError>;

    /// Runs one statement; returns the number of rows it changed.
    async fn execute(&mut self, sql: &str) -> Result<u64, DbError>;

    /// Runs several statements, as far as the driver can in one message: one way to the server and back instead of
    /// many. Only for statements of which [`crate::session::Session::goes_together`] says so.
    async fn execute_all(&mut self, statements: &[String]) -> Result<(), Stopped> {
        for (done, sql) in statements.iter().enumerate() {
            self.execute(sql).await.map_err(|error| Stopped { done, error })?;
        }
        Ok(())
    }

    /// Runs several queries without parameters, as far as the driver can in one message: one way to the server and back
    /// instead of many.
    async fn query_all(&mut self, queries: &[Query]) -> Answers {
        one_by_one(self, queries).await
    }

    /// What opens further sessions that see exactly what the transaction of this one sees; `None` where there are none
    /// to be had, as with an embedded database.
    ///
    /// # Errors
    /// When the server refuses; the transaction may be lost then.
    async fn share(&mut self) -> Result<Option<Box<dyn Shared>>, DbError> {
        Ok(None)
    }

    /// Takes the advisory lock `name`, waiting up to `timeout`. It is released by [`Connection::unlock`] and ends
    /// with the session or, where it is a file, with its expiry.
    async fn lock(&mut self, name: &str, timeout: Duration) -> Result<(), DbError>;

    /// Lets `cancel` stop the statement that is running, where the driver can; it then fails with
    /// [`DbErrorKind::Cancelled`]. Without this, cancelling has an effect between statements only.
    async fn interrupt_on(&mut self, cancel: &Cancel) -> Result<(), DbError> {
        let _ = cancel;
        Ok(())
    }

    /// Releases the lock `name`.
    async fn unlock(&mut self, name: &str) -> Result<(), DbError>;

    /// Ends the session. Dropping it does so too, without telling of errors.
    async fn close(self: Box<Self>) -> Result<(), DbError>;
}

/// [`Connection::query_all`] as every driver can do it, also for queries with parameters.
pub async fn one_by_one<C: Connection + ?Sized>(connection: &mut C, queries: &[Query]) -> Answers {
    let mut answers = Answers::default();
    for query in queries {
        match connection.query(query).await {
            Ok(rows) => answers.rows.push(rows),
            Err(error) => {
                answers.error = Some(error);
                break;
            }
        }
    }
    answers
}

/// Opens sessions beside another one, to look at what it looks at. They answer to whoever may stop that one.
#[async_trait]
pub trait Shared: Send + Sync {
    /// Opens one more. Whoever got it must close it.
    ///
    /// # Errors
    /// When the server has no room for it, or knows nothing of the other's transaction.
    async fn open(&self) -> Result<Box<dyn Connection>, DbError>;
}

/// Opens connections.
#[async_trait]
pub trait Connector: Send + Sync {
    /// Opens `url`, for what `access` says.
    ///
    /// # Errors
    /// [`DbErrorKind::Url`] for a scheme nobody serves, [`DbErrorKind::Absent`] and whatever the database answers.
    async fn open(&self, url: &DatabaseUrl, access: Access) -> Result<Box<dyn Connection>, DbError>;
}

/// What a connection is opened for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// To look only: a missing database is an error, nothing is created and nothing can be written.
    Read,
    /// To see what would have to be done: a missing embedded database counts as an empty one and is not created.
    Preview,
    /// To change it: a missing embedded database is created.
    Write,
}

/// Where a connection leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The URL without its password.
    pub url: String,
    pub dialect: &'static str,
    /// The schema the URL is bound to.
    pub bound: Option<SmolStr>,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.url)
    }
}

/// A query with its parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    /// What it asks for, for messages: `tables`.
    pub name: &'static str,
    pub sql: Cow<'static, str>,
    pub params: Vec<Value>,
    pub role: Role,
    /// The time it takes among many tables, in parts of what all queries take together.
    pub weight: u32,
}

/// What a query is to those asked with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It prepares the session: whichever session answers some of the others runs it before.
    Setup,
    /// The more rows it has, the longer the others take. It comes before most of them.
    Measure,
    Plain,
    /// It restores what another changed, and is run even when one before it failed.
    Restore,
}

impl Query {
    /// A query without parameters.
    pub fn new(name: &'static str, sql: impl Into<Cow<'static, str>>) -> Self {
        Self { name, sql: sql.into(), params: Vec::new(), role: Role::Plain, weight: 1 }
    }
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    Null,
    /// Of servers that have truth values; elsewhere they are integers.
    Bool(bool),
    Int(i64),
    Real(f64),
    Text(String),
    Blob(Vec<u8>),
}

/// The result of a query.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    pub columns: Vec<SmolStr>,
    pub rows: Vec<Vec<Value>>,
}

impl Value {
    /// The text; `None` for `NULL` and everything that is not text.
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The integer, a truth value as 0 or 1; `None` for everything else.
    pub fn int(&self) -> Option<i64> {
        match self {
            Value::Int(value) => Some(*value),
            Value::Bool(value) => Some(i64::from(*value)),
            _ => None,
        }
    }

    /// The truth value, an integer's being whether it is not 0; `None` for everything else.
    pub fn bool(&self) -> Option<bool> {
        self.int().map(|value| value != 0)
    }
}

/// What a server can do, asked once per connection. No one else compares versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capabilities {
    /// As the server says it: `3.50.4`.
    pub version: String,
    /// Declared names of abilities.
    pub features: std::collections::BTreeSet<&'static str>,
    /// What it was set up with, by declared names: the charset of a schema that says none, the search path.
    pub settings: std::collections::BTreeMap<&'static str, String>,
}

impl Capabilities {
    /// Whether the server has `feature`.
    pub fn has(&self, feature: &'static str) -> bool {
        self.features.contains(feature)
    }

    /// The setting `name`; empty when it is not known.
    pub fn setting(&self, name: &'static str) -> &str {
        self.settings.get(name).map_or("", String::as_str)
    }
}

/// A database's refusal, in its own words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DbError {
    pub kind: DbErrorKind,
    /// The bare message, without the name of any library.
    pub message: String,
}

/// The answers to several queries.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// Of the first queries, in order.
    pub rows: Vec<Rows>,
    /// Why the next query has none. Its words may speak of a place in all the text that was sent.
    pub error: Option<DbError>,
}

/// Where several statements came to a stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// How many of the first are done; the others have no effect, and one of them was refused.
    pub done: usize,
    /// In words that may speak of a place in all the text that was sent.
    pub error: DbError,
}

/// What a caller may want to tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DbErrorKind {
    /// There is no such database.
    Absent,
    /// Another session keeps it locked.
    Locked,
    /// It may be read but not written.
    ReadOnly,
    /// The file is something else.
    NotADatabase,
    /// A constraint was violated.
    Constraint,
    /// The user stopped it.
    Cancelled,
    /// The URL cannot be used.
    Url,
    /// The server does not know the user, or not this password.
    Auth,
    /// Nobody answers there, or no longer.
    Unreachable,
    /// The server has no room for one more session, or not for this user's.
    Full,
    /// No secure connection could be made, or not the one asked for.
    Tls,
    /// The user may not do this.
    Permission,
    /// The server is older than what is supported.
    Unsupported,
    /// It took longer than the URL allows.
    Timeout,
    Other,
}

impl DbError {
    pub fn new(kind: DbErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    pub fn other(message: impl Into<String>) -> Self {
        Self::new(DbErrorKind::Other, message)
    }
}

impl fmt::Display for DbError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for DbError {}

/// A request to stop, shared between the one who asks and the one who works.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for a stop at the next safe point.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    pub fn is_cancelled(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
