//! SQLite, and what speaks its language.
//!
//! Source: SQLite 3.50's documentation and `pragma` functions; atlas `sql/sqlite` for what a plan looks like.

pub mod attr;
pub mod ddl;
mod diff;
pub mod expr;
#[cfg(test)]
mod fixtures;
pub mod grammar;
mod inspect;
mod lint;
mod plan;
mod revisions;
mod rules;
mod session;
pub mod spec;
pub mod types;
mod url;

/// SQLite.
pub static SQLITE: engine::Dialect = engine::Dialect {
    name: "sqlite",
    title: "SQLite",
    schemes: &["sqlite", "sqlite3", "libsql", "libsql+ws", "libsql+wss", "libsql+file"],
    language: "atlas-schema-sqlite",
    suffix: ".lt.hcl",
    spec: &spec::FILE,
    body: crate::body::sqlite,
    decode: &rules::Rules,
    ddl: &ddl::Ddl,
    grammar: &grammar::GRAMMAR,
    types: types::TYPES,
    parse_type: types::parse,
    format_type: types::format,
    inspect: inspect::queries,
    follow_up: None,
    decode_rows: inspect::decode,
    opening: "sqlite: querying schemas",
    server_query: Some(inspect::SERVER),
    capabilities: inspect::capabilities,
    normalize: &engine::normalize::AsWritten,
    assumed: inspect::assumed,
    released: |_| None,
    diff: &diff::Sqlite,
    plan: &plan::Sqlite,
    lint: lint::ANALYZERS,
    check: crate::lint::checks::backticks,
    session: &session::Sqlite,
    revisions: &revisions::Revisions,
    default_schema: Some("main"),
    bound: url::bound,
    seen_from: Some(url::seen_from),
    dev_url: Some("sqlite://dev?mode=memory"),
    new_database: None,
};
