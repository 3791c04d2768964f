//! CockroachDB: PostgreSQL with another name. What its servers do otherwise is told by their capabilities
//! ([`crate::postgres::features::COCKROACH`]), so that `postgres://` leads to one as well. Its files are those of
//! PostgreSQL. Not run against a real server.

use crate::postgres::{BASE, features};

/// CockroachDB.
pub static COCKROACH: engine::Dialect = engine::Dialect {
    name: "cockroach",
    title: "CockroachDB",
    schemes: &["crdb"],
    assumed: features::assumed_cockroach,
    // Its versions are not PostgreSQL's.
    released: |_| None,
    ..BASE
};
