//! MySQL, and what speaks its language.
//!
//! Source: the documentation and catalogs of MySQL 5.7 to 9; atlas `sql/mysql` for what a plan looks like.

pub mod accounts;
pub mod attr;
pub mod body;
pub mod charset;
pub mod ddl;
mod diff;
pub mod expr;
pub mod features;
#[cfg(test)]
mod fixtures;
pub mod grammar;
pub mod implied;
pub(crate) mod inspect;
mod lint;
pub mod names;
mod normalize;
pub(crate) mod plan;
mod revisions;
mod rules;
mod session;
pub mod spec;
pub mod types;
mod url;
pub mod words;

/// MySQL.
pub static MYSQL: engine::Dialect = BASE;

/// MySQL as MariaDB and TiDB take it over: what differs between servers is told by their capabilities, so that a URL of
/// one that leads to another works; what is left is how each is called.
pub(crate) const BASE: engine::Dialect = engine::Dialect {
    name: "mysql",
    title: "MySQL",
    schemes: &["mysql", "mysql+unix"],
    language: "atlas-schema-mysql",
    suffix: ".my.hcl",
    spec: &spec::FILE,
    body: crate::body::mysql,
    decode: &rules::Rules,
    ddl: &ddl::Ddl { maria: false },
    grammar: &grammar::GRAMMAR,
    types: types::TYPES,
    parse_type: types::parse,
    format_type: types::format,
    inspect: inspect::queries,
    follow_up: Some(inspect::follow_up),
    decode_rows: inspect::decode,
    opening: "mysql: query system variables",
    server_query: Some(inspect::SERVER),
    capabilities: features::capabilities,
    normalize: &normalize::Mysql,
    assumed: inspect::assumed,
    released: |tag| features::released(tag, ""),
    diff: &diff::Mysql,
    plan: &plan::Mysql { assumed: inspect::assumed },
    lint: lint::ANALYZERS,
    check: crate::lint::checks::backticks,
    session: &session::Mysql,
    revisions: &revisions::Revisions,
    default_schema: None,
    bound: url::bound,
    seen_from: None,
    dev_url: None,
    new_database: Some(names::new_database),
};
