//! Reading a PostgreSQL database: a constant number of catalog queries, whatever its size.

use engine::connection::{Capabilities, Query, Rows, Value};
use engine::{Error, Scope};
use schema::Realm;

/// Which server this is.
pub const SERVER: &str = include_str!("inspect/version.sql");

/// The catalog queries.
pub fn queries(_scope: &Scope, _server: &Capabilities) -> Vec<Query> {
    Vec::new()
}

/// What the server can do.
pub fn capabilities(rows: &[Rows]) -> Result<Capabilities, Error> {
    let version = rows.first().and_then(|rows| rows.rows.first()).and_then(|row| row.first());
    let version = version.and_then(Value::text).unwrap_or_default();
    Ok(Capabilities { version: version.to_string(), ..Capabilities::default() })
}

/// The newest release that is supported.
pub fn assumed() -> Capabilities {
    Capabilities::default()
}

/// The rows of [`queries`] as a realm.
pub fn decode(_rows: &[Rows], _scope: &Scope, _capabilities: &Capabilities) -> Result<Realm, Error> {
    Ok(Realm::default())
}
