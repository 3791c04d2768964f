//! Reading a live database: a constant number of queries, then a pure function.

use std::sync::Arc;

use schema::Realm;

use crate::connection::{Connection, DbErrorKind, Rows};
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
    let dialect = connection.dialect();
    let snapshot = dialect.session.snapshot(inside);
    let context = |name: &str| format!("{}: querying {name}", dialect.name);
    if let Some((start, _)) = snapshot {
        connection.execute(start).await.map_err(Error::doing(context("schemas")))?;
    }
    let mut rows = Vec::new();
    let mut failed = None;
    let capabilities = connection.capabilities().clone();
    let mut queries = (dialect.inspect)(scope, &capabilities);
    let mut follow_up = dialect.follow_up;
    let mut asked = false;
    loop {
        for query in queries {
            if failed.is_some() && !query.always {
                continue;
            }
            match connection.query(&query).await {
                Ok(result) => rows.push(result),
                // What the first answers spoke of may be gone by now.
                Err(error) if error.kind == DbErrorKind::Absent && asked => {
                    rows.push(Rows::default());
                }
                Err(error) => {
                    failed = failed.or(Some(Error::doing(context(query.name))(error)));
                }
            }
        }
        if failed.is_some() {
            break;
        }
        match follow_up.take() {
            Some(more) => {
                queries = more(&rows, scope, &capabilities);
                asked = true;
            }
            None => break,
        }
    }
    if let Some((_, end)) = snapshot {
        let ended = connection.execute(end).await.map_err(Error::doing(context("schemas")));
        failed = failed.or(ended.err());
    }
    if let Some(error) = failed {
        return Err(error);
    }
    (dialect.decode_rows)(&rows, scope, &capabilities)
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
