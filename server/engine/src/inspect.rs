//! Reading a live database: a constant number of queries, then a pure function.

mod asking;

use std::sync::Arc;

use schema::Realm;

use crate::connection::{Capabilities, Connection, Rows};
use crate::dialect::Dialect;
use crate::{Error, Scope};

/// The realm behind `connection`, as far as `scope` looks.
///
/// # Errors
/// [`Error::Database`] when a query fails; whatever the dialect says of rows it cannot read.
pub async fn inspect(connection: &mut dyn Connection, scope: &Scope) -> Result<Realm, Error> {
    let mut realm = inspect_all(connection, scope).await?;
    scope.exclude.apply(&mut realm, scope);
    Ok(realm)
}

/// The same before any exclusion: what a plan is made from, and what a [`Fingerprint`] remembers.
///
/// # Errors
/// As [`inspect`].
pub async fn inspect_all(connection: &mut dyn Connection, scope: &Scope) -> Result<Realm, Error> {
    read(connection, scope, false).await
}

/// The same in a transaction that was begun: as [`inspect_all`] would end it.
///
/// # Errors
/// As [`inspect`].
pub async fn inspect_inside(connection: &mut dyn Connection, scope: &Scope) -> Result<Realm, Error> {
    read(connection, scope, true).await
}

async fn read(connection: &mut dyn Connection, scope: &Scope, inside: bool) -> Result<Realm, Error> {
    ask(connection, scope, inside).await?.realm()
}

/// Asks all that [`inspect_all`] asks, or [`inspect_inside`]. What the answers mean takes time, but no connection.
///
/// # Errors
/// As [`inspect`].
pub async fn ask(connection: &mut dyn Connection, scope: &Scope, inside: bool) -> Result<Answers, Error> {
    let rows = asking::ask(connection, scope, inside).await?;
    let (dialect, capabilities) = (connection.dialect(), connection.capabilities().clone());
    Ok(Answers { rows, dialect, capabilities, scope: scope.clone() })
}

/// What a database answered.
#[derive(Clone, Debug)]
pub struct Answers {
    rows: Vec<Rows>,
    dialect: &'static Dialect,
    capabilities: Capabilities,
    scope: Scope,
}

impl Answers {
    /// The realm they describe.
    ///
    /// # Errors
    /// Whatever the dialect says of rows it cannot read.
    pub fn realm(&self) -> Result<Realm, Error> {
        (self.dialect.decode_rows)(&self.rows, &self.scope, &self.capabilities)
    }
}

/// The state a plan was made from, to be recognized again.
#[derive(Clone, Debug)]
pub struct Fingerprint {
    /// All of it, before any exclusion.
    realm: Arc<Realm>,
    scope: Scope,
}

impl Fingerprint {
    /// Remembers `realm`, which [`inspect_all`] returned for `scope`.
    pub fn new(realm: Arc<Realm>, scope: Scope) -> Self {
        Self { realm, scope }
    }

    /// The remembered state, before any exclusion.
    pub fn realm(&self) -> &Arc<Realm> {
        &self.realm
    }

    pub fn scope(&self) -> &Scope {
        &self.scope
    }
}
