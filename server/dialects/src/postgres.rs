//! PostgreSQL, and what speaks its language.
//!
//! Source: the documentation and catalogs of PostgreSQL 10 to 18; atlas `sql/postgres` for what a plan looks like.

mod accounts;
pub mod attr;
mod bounds;
mod cockroach;
pub mod ddl;
pub mod defaults;
mod diff;
pub mod expr;
pub mod features;
#[cfg(test)]
mod fixtures;
mod foreign;
pub mod grammar;
mod inspect;
mod lint;
pub mod names;
mod normalize;
pub mod opclass;
mod plan;
mod requalify;
mod revisions;
pub mod rules;
mod session;
pub mod spec;
pub mod types;
mod url;

/// PostgreSQL.
pub static POSTGRES: engine::Dialect = BASE;

/// What PostgreSQL and CockroachDB share: all but names.
pub(crate) const BASE: engine::Dialect = engine::Dialect {
    name: "postgres",
    title: "PostgreSQL",
    // The latter two are images of dev databases: `docker://postgis/15/dev`.
    schemes: &["postgres", "postgresql", "postgis", "pgvector"],
    language: "atlas-schema-postgresql",
    suffix: ".pg.hcl",
    spec: &spec::FILE,
    body: crate::body::postgres,
    decode: &rules::Rules,
    ddl: &ddl::Ddl,
    grammar: &grammar::GRAMMAR,
    types: types::TYPES,
    parse_type: types::parse,
    format_type: types::format,
    inspect: inspect::queries,
    follow_up: None,
    decode_rows: inspect::decode,
    opening: "postgres: scanning system variables",
    server_query: Some(inspect::SERVER),
    capabilities: inspect::capabilities,
    normalize: &normalize::Postgres,
    assumed: inspect::assumed,
    released: features::released,
    diff: &diff::Postgres,
    plan: &plan::Postgres,
    lint: lint::ANALYZERS,
    check: crate::lint::checks::double_quotes,
    session: &session::Postgres,
    revisions: &revisions::Revisions,
    default_schema: Some("public"),
    bound: url::bound,
    seen_from: None,
    dev_url: None,
    new_database: Some(names::new_database),
};
