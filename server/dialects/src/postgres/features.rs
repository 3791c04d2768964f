//! What a PostgreSQL server can do, asked once per connection: nobody else compares versions.
//!
//! Source: the release notes of PostgreSQL 10 to 18.

use engine::Error;
use engine::connection::{Capabilities, Rows, Value};

/// `INCLUDE` of indexes, primary keys and unique constraints (11).
pub const INCLUDE: &str = "include";
/// Procedures, and `EXECUTE FUNCTION` of triggers (11).
pub const PROCEDURES: &str = "procedures";
/// Partitioning by hash, default partitions, indexes and keys of partitioned tables (11).
pub const PARTITION_HASH: &str = "partition by hash";
/// A new column with a constant default needs no rewrite of the table (11).
pub const FAST_DEFAULT: &str = "fast default";
/// Generated columns that are stored (12).
pub const GENERATED: &str = "generated columns";
/// A valid check `c IS NOT NULL` saves `SET NOT NULL` from reading the table (12).
pub const CHECK_PROVES_NOT_NULL: &str = "check proves not null";
/// `WITH … AS [NOT] MATERIALIZED` (12).
pub const MATERIALIZED: &str = "materialized queries";
/// `ALTER TYPE … ADD VALUE` inside a transaction (12).
pub const ENUM_IN_TRANSACTION: &str = "enum values in a transaction";
/// `DROP EXPRESSION` of a column (13).
pub const DROP_EXPRESSION: &str = "drop expression";
/// `SIMILAR TO` calls `similar_to_escape` (13).
pub const SIMILAR_TO_ESCAPE: &str = "similar to escape";
/// Multiranges, compression of columns, SQL bodies of functions (14).
pub const MULTIRANGE: &str = "multirange";
pub const COMPRESSION: &str = "compression";
pub const SQL_BODY: &str = "sql body";
/// `NULLS NOT DISTINCT`, `ON DELETE SET NULL (…)`, `security_invoker` of views (15).
pub const NULLS_NOT_DISTINCT: &str = "nulls not distinct";
pub const SET_NULL_COLUMNS: &str = "set null columns";
pub const SECURITY_INVOKER: &str = "security invoker";
/// Changing the access method of a table (15).
pub const ALTER_ACCESS_METHOD: &str = "alter access method";
/// The query of a view of one table is written with plain names of columns (16).
pub const PLAIN_COLUMNS: &str = "plain columns";
/// `SET EXPRESSION` of a generated column (17).
pub const SET_EXPRESSION: &str = "set expression";
/// Generated columns that are not stored, `NOT ENFORCED`, `WITHOUT OVERLAPS` (18).
pub const VIRTUAL: &str = "virtual columns";
pub const NOT_ENFORCED: &str = "not enforced";
pub const WITHOUT_OVERLAPS: &str = "without overlaps";
/// CockroachDB, which speaks the protocol.
pub const COCKROACH: &str = "cockroach";

/// The number of the version: `150004`.
pub const VERSION_NUMBER: &str = "version number";
/// The access method of a table that says none.
pub const ACCESS_METHOD: &str = "access method";
/// The search path, as it was when the connection was opened.
pub const SEARCH_PATH: &str = "search path";
/// The user of the session.
pub const USER: &str = "user";

/// The abilities with the version each came with.
const SINCE: &[(i64, &[&str])] = &[
    (110_000, &[INCLUDE, PROCEDURES, PARTITION_HASH, FAST_DEFAULT]),
    (120_000, &[GENERATED, CHECK_PROVES_NOT_NULL, ENUM_IN_TRANSACTION, MATERIALIZED]),
    (130_000, &[DROP_EXPRESSION, SIMILAR_TO_ESCAPE]),
    (140_000, &[MULTIRANGE, COMPRESSION, SQL_BODY]),
    (150_000, &[NULLS_NOT_DISTINCT, SET_NULL_COLUMNS, SECURITY_INVOKER, ALTER_ACCESS_METHOD]),
    (160_000, &[PLAIN_COLUMNS]),
    (170_000, &[SET_EXPRESSION]),
    (180_000, &[VIRTUAL, NOT_ENFORCED, WITHOUT_OVERLAPS]),
];

/// What a server of this version can do: `150004`.
pub fn of_version(number: i64) -> Capabilities {
    let mut capabilities = Capabilities {
        version: format!("{}.{}", number / 10_000, number % 10_000),
        ..Capabilities::default()
    };
    capabilities.settings.insert(VERSION_NUMBER, number.to_string());
    capabilities.settings.insert(ACCESS_METHOD, "heap".to_string());
    for (since, names) in SINCE.iter().filter(|(since, _)| number >= *since) {
        let _ = since;
        capabilities.features.extend(names.iter().copied());
    }
    capabilities
}

/// A server of CockroachDB, which says that it is PostgreSQL 13.
pub fn assumed_cockroach() -> Capabilities {
    let mut capabilities = of_version(130_000);
    capabilities.features.insert(COCKROACH);
    capabilities
}

/// The release a tag of an image names; the last one of its major version where it names no more.
pub fn released(tag: &str) -> Option<Capabilities> {
    let mut parts = crate::tag::numbers(tag);
    let major = parts.next().filter(|major| (10..100).contains(major))?;
    Some(of_version(i64::from(major) * 10_000 + i64::from(parts.next().unwrap_or(0))))
}

/// The number of the version.
pub fn number(capabilities: &Capabilities) -> i64 {
    capabilities.setting(VERSION_NUMBER).parse().unwrap_or(180_000)
}

/// What the row of the server query says.
///
/// # Errors
/// [`Error::Unsupported`] for a server before PostgreSQL 10.
pub fn capabilities(rows: &[Rows]) -> Result<Capabilities, Error> {
    let row = rows.first().and_then(|rows| rows.rows.first()).map(Vec::as_slice).unwrap_or_default();
    let text = |at: usize| row.get(at).and_then(Value::text).unwrap_or_default();
    let number: i64 = text(0).parse().unwrap_or_default();
    if number < 100_000 {
        return Err(Error::Unsupported(format!("postgres: unsupported postgres version: {number}")));
    }
    let mut capabilities = of_version(number);
    if !text(1).is_empty() {
        capabilities.settings.insert(ACCESS_METHOD, text(1).to_owned());
    }
    if !text(2).is_empty() {
        capabilities.features.insert(COCKROACH);
    }
    capabilities.settings.insert(SEARCH_PATH, text(3).to_owned());
    capabilities.settings.insert(USER, text(4).to_owned());
    Ok(capabilities)
}
