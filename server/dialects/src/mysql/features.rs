//! What a MySQL, MariaDB or TiDB server can do and how it was set up, told from what it answers.
//!
//! The only place that compares versions. Invariant: the flavour comes from the server's own version text, never from
//! the scheme of a URL: a `mysql://` URL that leads to a MariaDB is a MariaDB.
//!
//! Source: release notes of MySQL 5.7 to 9, MariaDB 10.3 to 11.8 and TiDB 7; reference engine.md §3.

use engine::Error;
use engine::connection::{Capabilities, Rows, Value};

/// It is a MariaDB.
pub const MARIADB: &str = "mariadb";
/// It is a TiDB.
pub const TIDB: &str = "tidb";
/// `CHECK` constraints are kept and enforced.
pub const CHECK: &str = "check";
/// A check can be `NOT ENFORCED`, and `ALTER CHECK` and `DROP CHECK` exist.
pub const ENFORCED: &str = "enforced";
/// A part of an index can be an expression.
pub const INDEX_EXPR: &str = "index expressions";
/// A default can be any expression.
pub const EXPR_DEFAULT: &str = "expression defaults";
/// The server shows a width for every integer type: `int(11)`.
pub const DISPLAY_WIDTH: &str = "display width";
/// Columns can be generated.
pub const GENERATED: &str = "generated columns";
/// `RENAME COLUMN a TO b`.
pub const RENAME_COLUMN: &str = "rename column";
/// `RENAME INDEX a TO b`.
pub const RENAME_INDEX: &str = "rename index";
/// `DROP CONSTRAINT x`, whatever kind of constraint `x` is.
pub const DROP_CONSTRAINT: &str = "drop constraint";
/// Columns can be hidden from `SELECT *`.
pub const INVISIBLE_COLUMN: &str = "invisible columns";
/// An index can be kept without being used: `INVISIBLE`, in MariaDB `IGNORED`.
pub const INVISIBLE_INDEX: &str = "invisible indexes";
/// The direction of an index part is kept.
pub const DESC_INDEX: &str = "descending indexes";
/// A spatial column can have an `SRID`.
pub const SRID: &str = "srid";
/// `json` is a type of its own; without it `json` means `longtext` with a check.
pub const JSON: &str = "json";
/// `uuid` is a type.
pub const UUID: &str = "uuid";
/// `CREATE SEQUENCE`.
pub const SEQUENCE: &str = "sequences";
/// `WITH SYSTEM VERSIONING`.
pub const SYSTEM_VERSIONING: &str = "system versioning";
/// A schema can have a comment.
pub const SCHEMA_COMMENT: &str = "schema comments";
/// A foreign key without action shows `RESTRICT` (MariaDB) instead of `NO ACTION`.
pub const RESTRICT_BY_DEFAULT: &str = "restrict by default";
/// A string literal in a stored expression shows its charset, `_utf8mb4'a'`, and the catalog escapes its quotes.
pub const INTRODUCERS: &str = "introducers";

/// The catalog keeps what it knows of a table's rows for a day, unless the session says otherwise.
pub const CACHED_STATISTICS: &str = "cached statistics";
/// The catalog says whether a check stands in the definition of a column.
pub const CHECK_LEVEL: &str = "check level";
/// A column behind all others is added without writing rows.
pub const INSTANT_ADD: &str = "instant add";
/// So is one in between.
pub const INSTANT_ADD_ANYWHERE: &str = "instant add anywhere";
/// A collation is changed without a copy of the table.
pub const INSTANT_COLLATE: &str = "instant collate";
/// `REFERENCES` at a column makes a foreign key.
pub const INLINE_REFERENCES: &str = "inline references";
/// A `timestamp` without a default is no longer one that defaults to the current time.
pub const EXPLICIT_TIMESTAMP: &str = "explicit timestamp";

/// Users, roles and what they may do can be read from `mysql.*`.
pub const ACCOUNTS: &str = "accounts";
/// There are roles.
pub const ROLES: &str = "roles";
/// An account can have a comment.
pub const USER_COMMENT: &str = "user comments";
/// Passwords are checked by `caching_sha2_password` unless something else is said, else by `mysql_native_password`.
pub const SHA2_PASSWORD: &str = "sha2 passwords";
/// The privilege `DELETE HISTORY`.
pub const DELETE_HISTORY: &str = "delete history";
/// What `SUPER` allowed is allowed one by one: `BINLOG ADMIN`, `CONNECTION ADMIN`, ….
pub const ADMIN_PRIVILEGES: &str = "admin privileges";
/// The privilege `SHOW CREATE ROUTINE`.
pub const SHOW_CREATE_ROUTINE: &str = "show create routine";

/// `utf8mb4_0900_ai_ci` is the collation of `utf8mb4`.
pub const UTF8MB4_0900: &str = "utf8mb4_0900";

/// Setting: the server's own charset, for schemas that say none.
pub const CHARSET_SETTING: &str = "charset";
/// Setting: the server's own collation.
pub const COLLATION_SETTING: &str = "collation";
/// Setting: the collation `utf8mb4` has when none is said.
pub const UTF8MB4_COLLATION: &str = "utf8mb4_collation";
/// Setting: what the server calls the charset of three bytes: `utf8` or `utf8mb3`.
pub const UTF8MB3: &str = "utf8mb3";
/// Setting: `0`, `1` or `2`; with `1` and `2` names of tables and schemas are compared without case.
pub const LOWER_CASE_TABLE_NAMES: &str = "lower_case_table_names";
/// Setting: the modes of SQL, with commas.
pub const SQL_MODE: &str = "sql_mode";
/// Setting: the account the session has: `app@%`.
pub const USER: &str = "user";
/// Setting: the storage engine of a table that says none.
pub const DEFAULT_ENGINE: &str = "default_engine";

/// The server's answer to `inspect/version.sql`.
///
/// # Errors
/// [`Error::Unsupported`] for a server older than MySQL 5.6 or MariaDB 10.2.7.
pub fn capabilities(rows: &[Rows]) -> Result<Capabilities, Error> {
    let row = rows.first().and_then(|rows| rows.rows.first());
    let text = |at: usize| match row.and_then(|row| row.get(at)) {
        Some(Value::Text(text)) => text.clone(),
        Some(Value::Int(number)) => number.to_string(),
        _ => String::new(),
    };
    let mut server = of_version(&text(0))?;
    let names = [
        COLLATION_SETTING,
        CHARSET_SETTING,
        LOWER_CASE_TABLE_NAMES,
        SQL_MODE,
        DEFAULT_ENGINE,
        UTF8MB4_COLLATION,
        UTF8MB3,
        USER,
    ];
    for (at, name) in names.into_iter().enumerate() {
        let value = text(at + 1);
        if !value.is_empty() {
            server.settings.insert(name, value);
        }
    }
    Ok(server)
}

/// The release a tag of an image names; the last one of a version where it names no more. `product` is what the server
/// adds to its version.
pub fn released(tag: &str, product: &str) -> Option<Capabilities> {
    let mut parts = crate::tag::numbers(tag);
    let mut next = |missing: u32| parts.next().unwrap_or(missing);
    let (major, minor, patch) = (next(0), next(99), next(99));
    of_version(&format!("{major}.{minor}.{patch}{product}")).ok()
}

/// What a server of this version can do, set up as its makers ship it.
///
/// # Errors
/// As [`capabilities`].
pub fn of_version(version: &str) -> Result<Capabilities, Error> {
    let lower = version.to_ascii_lowercase();
    let maria = lower.contains("mariadb");
    let tidb = lower.contains("tidb");
    // MariaDB hides behind a version of MySQL where old clients ask: `5.5.5-10.3.39-MariaDB`. TiDB says `8.0.11-TiDB-v7.5.0`.
    let number = if maria { lower.strip_prefix("5.5.5-").unwrap_or(&lower) } else { &lower };
    let at_least = {
        let is = numbers(number);
        move |wanted: [u32; 3]| is >= wanted
    };
    if !at_least(if maria { [10, 2, 7] } else { [5, 6, 0] }) {
        return Err(Error::Unsupported(format!("mysql: unsupported version: {version:?}")));
    }
    let mut server = Capabilities { version: version.to_string(), ..Capabilities::default() };
    let mut has = |feature, when: bool| {
        if when {
            server.features.insert(feature);
        }
    };
    // From which version on each of the two has it; `None` for never.
    let since = |mysql: Option<[u32; 3]>, mariadb: Option<[u32; 3]>| {
        (if maria { mariadb } else { mysql }).is_some_and(&at_least)
    };
    let ever = Some([0, 0, 0]);
    has(MARIADB, maria);
    has(TIDB, tidb);
    has(CHECK, since(Some([8, 0, 16]), Some([10, 2, 1])));
    has(ENFORCED, since(Some([8, 0, 16]), None));
    has(INDEX_EXPR, since(Some([8, 0, 13]), None));
    has(EXPR_DEFAULT, since(Some([8, 0, 13]), Some([10, 2, 1])));
    has(DISPLAY_WIDTH, maria || tidb || !at_least([8, 0, 19]));
    has(GENERATED, since(Some([5, 7, 0]), Some([10, 2, 0])));
    has(RENAME_COLUMN, since(Some([8, 0, 3]), Some([10, 5, 2])));
    has(RENAME_INDEX, since(Some([5, 7, 0]), Some([10, 5, 2])));
    has(DROP_CONSTRAINT, since(Some([8, 0, 19]), Some([10, 2, 22])));
    has(INVISIBLE_COLUMN, since(Some([8, 0, 23]), Some([10, 3, 3])));
    has(INVISIBLE_INDEX, since(Some([8, 0, 0]), Some([10, 6, 0])));
    has(DESC_INDEX, since(Some([8, 0, 1]), Some([10, 8, 1])));
    has(SRID, since(Some([8, 0, 3]), None) && !tidb);
    has(JSON, since(Some([5, 7, 8]), None));
    has(UUID, since(None, Some([10, 7, 0])));
    has(SEQUENCE, since(None, Some([10, 3, 0])));
    has(SYSTEM_VERSIONING, since(None, Some([10, 3, 4])));
    has(SCHEMA_COMMENT, since(None, Some([10, 5, 0])));
    has(UTF8MB4_0900, since(Some([8, 0, 1]), None) && !tidb);
    has(CACHED_STATISTICS, since(Some([8, 0, 0]), None) && !tidb);
    has(CHECK_LEVEL, since(None, Some([10, 5, 10])));
    has(INSTANT_ADD, since(Some([8, 0, 12]), Some([10, 3, 2])));
    has(INSTANT_ADD_ANYWHERE, since(Some([8, 0, 29]), Some([10, 4, 0])));
    has(INSTANT_COLLATE, since(None, Some([10, 4, 3])));
    has(INLINE_REFERENCES, since(Some([9, 0, 0]), Some([10, 5, 0])));
    has(EXPLICIT_TIMESTAMP, since(Some([8, 0, 2]), Some([10, 10, 1])));
    has(ACCOUNTS, since(Some([5, 7, 6]), Some([10, 4, 3])) && !tidb);
    has(ROLES, since(Some([8, 0, 0]), ever));
    has(USER_COMMENT, since(Some([8, 0, 21]), None));
    has(SHA2_PASSWORD, since(Some([8, 0, 4]), None));
    has(DELETE_HISTORY, since(None, Some([10, 3, 4])));
    has(ADMIN_PRIVILEGES, since(None, Some([10, 5, 2])));
    has(SHOW_CREATE_ROUTINE, since(None, Some([11, 3, 0])));
    has(RESTRICT_BY_DEFAULT, since(None, ever));
    has(INTRODUCERS, since(Some([8, 0, 0]), None));
    let three = since(Some([8, 0, 29]), Some([10, 6, 0]));
    let (charset, collation) = match (maria, tidb) {
        (_, true) => ("utf8mb4", "utf8mb4_bin"),
        (true, _) if at_least([11, 6, 0]) => ("utf8mb4", "utf8mb4_uca1400_ai_ci"),
        // As Debian and the images ship it; the built-in default is latin1.
        (true, _) => ("utf8mb4", "utf8mb4_general_ci"),
        _ if at_least([8, 0, 1]) => ("utf8mb4", "utf8mb4_0900_ai_ci"),
        _ => ("latin1", "latin1_swedish_ci"),
    };
    let four = match (maria, tidb) {
        (_, true) => "utf8mb4_bin",
        (true, _) if at_least([11, 5, 0]) => "utf8mb4_uca1400_ai_ci",
        (false, _) if at_least([8, 0, 1]) => "utf8mb4_0900_ai_ci",
        _ => "utf8mb4_general_ci",
    };
    let settings = [
        (CHARSET_SETTING, charset),
        (COLLATION_SETTING, collation),
        (UTF8MB4_COLLATION, four),
        (UTF8MB3, if three { "utf8mb3" } else { "utf8" }),
        (LOWER_CASE_TABLE_NAMES, "0"),
        (DEFAULT_ENGINE, "InnoDB"),
    ];
    server.settings.extend(settings.map(|(name, value)| (name, value.to_string())));
    Ok(server)
}

/// The numbers a version starts with: `8.0.36-log` as 8, 0, 36.
fn numbers(version: &str) -> [u32; 3] {
    let mut parts = version.split(|ch: char| !ch.is_ascii_digit()).map(|part| part.parse().unwrap_or(0));
    std::array::from_fn(|_| parts.next().unwrap_or(0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(version: &str, feature: &'static str) -> bool {
        of_version(version).is_ok_and(|server| server.has(feature))
    }

    #[test]
    fn the_flavour_is_told_by_the_version() {
        assert!(has("10.11.19-MariaDB-0+deb12u1", MARIADB));
        assert!(has("5.5.5-10.3.39-MariaDB", CHECK));
        assert!(!has("9.7.4-2", MARIADB));
        assert!(has("8.0.11-TiDB-v7.5.0", TIDB));
    }

    #[test]
    fn features_begin_with_a_release() {
        assert!(has("8.0.15", DISPLAY_WIDTH) && !has("8.0.19", DISPLAY_WIDTH));
        assert!(!has("8.0.15", CHECK) && has("8.0.16", CHECK) && has("8.0.16-log", ENFORCED));
        assert!(!has("10.11.2-MariaDB", ENFORCED) && has("10.11.2-MariaDB", UUID));
        assert!(!has("5.7.44", INDEX_EXPR) && has("9.1.0", INDEX_EXPR));
    }

    #[test]
    fn what_is_too_old_is_said() {
        assert!(of_version("10.1.48-MariaDB").is_err());
        assert_eq!(
            of_version("5.1.73").map(|_| ()).map_err(|error| error.to_string()),
            Err("mysql: unsupported version: \"5.1.73\"".to_string())
        );
    }
}
