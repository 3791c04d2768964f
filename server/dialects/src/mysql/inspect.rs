//! Reading a MySQL database: a constant number of catalog queries, whatever its size.

use engine::connection::{Capabilities, Query, Rows};
use engine::{Error, Scope};
use schema::Realm;

/// Which server this is.
pub const SERVER: &str = include_str!("inspect/version.sql");

/// The catalog queries.
pub fn queries(_scope: &Scope, _server: &Capabilities) -> Vec<Query> {
    Vec::new()
}

/// The newest release that is supported.
pub fn assumed() -> Capabilities {
    super::features::of_version("9.1.0").unwrap_or_default()
}

/// The rows of [`queries`] as a realm.
pub fn decode(_rows: &[Rows], _scope: &Scope, _capabilities: &Capabilities) -> Result<Realm, Error> {
    Ok(Realm::default())
}
