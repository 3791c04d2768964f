//! What a MySQL, MariaDB or TiDB database is in the model: the attributes only they have, declared once, and the
//! conventions by which reading a server, replaying SQL and decoding HCL arrive at the same values.
//!
//! What a state looks like once it was read from a server or normalized:
//!
//! - **Charset and collation**: a schema and a table always have [`CHARSET`] and [`COLLATE`]. A column has them only
//!   where they differ from those of its table (each for itself: another collation of the same charset is `COLLATE`
//!   alone). `utf8` and `utf8mb3` are what the server calls them. HCL prints a table's only where they differ from the
//!   schema's.
//! - **Tables**: [`ENGINE`] is always set, in the server's spelling. [`AUTO_INCREMENT`] of a table is set when it is
//!   greater than 1; HCL never prints it, and it says nothing when absent. [`CREATE_OPTIONS`] are as `TABLES` has
//!   them (`key_block_size=8 row_format=COMPRESSED`), names in lower case and sorted, without `partitioned`. Comments that are empty are absent.
//! - **Columns**: `AUTO_INCREMENT` is [`AUTO_INCREMENT`] (a boolean), `ON UPDATE x` is [`ON_UPDATE`] with the server's
//!   text (`CURRENT_TIMESTAMP(3)`, in MariaDB `current_timestamp(3)`). `UNSIGNED` is `ColumnType::unsigned`. `ZEROFILL`
//!   is part of the type's name: `int(5) unsigned zerofill`. Widths of integers are lost, `tinyint(1)` is `bool`.
//!   MariaDB's `json` (a `longtext` with `CHECK (json_valid(…))`) is the type `json`, without charset and check.
//! - **Defaults**: text is a quoted literal without SQL's quotes; numbers and booleans are bare literals; bits and hex
//!   are bare expressions (`b'101'`, `0x6162`), as is `CURRENT_TIMESTAMP[(n)]` of MySQL; every other expression has one
//!   pair of parentheses around it: `(uuid())`, in MariaDB also `(current_timestamp(3))`.
//! - **Expressions** of generated columns and checks are the server's text with escapes resolved: MySQL puts
//!   parentheses around most (``(`a` * 2)``), MariaDB around none. The expression of an index part has none outside.
//! - **Indexes** are sorted by name (lower case, then as written); [`INDEX_TYPE`] is upper case and absent for `BTREE`
//!   (set in a `MEMORY` table, where an index that says nothing is `HASH`). InnoDB and MyISAM turn `HASH` into `BTREE`. A foreign key has an index
//!   that starts with its columns: the server adds one named as the constraint, or as its first column when the user
//!   named neither. `unique` is a property of an index, never a constraint: `Key::Index`.
//! - **Primary keys** have no name, foreign keys always one (`t_ibfk_1`), and both actions: `NO ACTION` where nothing is
//!   said, `RESTRICT` in MariaDB. Foreign keys are sorted by name. `ref_schema` is empty for the own schema.
//! - **Checks** always have a name (`t_chk_1`, `CONSTRAINT_1`, in MariaDB the column's own name for a check inside its
//!   definition) and are sorted by it. [`ENFORCED`] is only ever `false`.
//! - **Partitions** are always listed one by one, also those of `PARTITIONS 4` (`p0` to `p3`).
//! - **Views**: the body is the server's text without the name of the view's own schema. The body of a **trigger** is the
//!   statement [`super::body::trigger_statement`] writes; its place among its like is [`FOLLOWS`]. The body of a **routine**
//!   is what it does (`BEGIN … END`), everything else is in attributes; [`super::body::routine_statement`] writes the
//!   statement. None has a `DEFINER`. **Events** are objects of kind [`EVENT`], MariaDB's sequences of kind [`SEQUENCE`].

use schema::{AttrKey, Attrs};

/// Of a schema, a table or a column with text: its charset.
pub static CHARSET: AttrKey<String> =
    AttrKey::new("charset", "The character set of text, unless something inside says another.");

/// Of a schema, a table or a column with text: its collation.
pub static COLLATE: AttrKey<String> = AttrKey::new(
    "collate",
    "The collation text is compared and sorted by, unless something inside says another.",
);

/// Of a table a normalization gave the charset of its schema: nobody wrote it, so no statement says it. Never compared,
/// never printed.
pub static INHERITED: AttrKey<bool> = AttrKey::new("inherited", "The charset is that of the schema.");

/// Of a table in a replayed state whose schema got another charset after it was made: it has the server's own, or what it
/// says. A normalization puts that in its place.
pub static OF_SERVER: AttrKey<bool> = AttrKey::new("of_server", "The charset is that of the server.");

/// Of a table: its storage engine, in the server's spelling.
pub static ENGINE: AttrKey<String> =
    AttrKey::new("engine", "The storage engine. The server's default is InnoDB.");

/// Of the realm: the engine of a table that says none, where that is not InnoDB. Never printed.
pub static DEFAULT_ENGINE: AttrKey<String> =
    AttrKey::new("default_engine", "The storage engine of a table that says none.");

/// Of a table: the number its next row gets.
pub static AUTO_INCREMENT_START: AttrKey<i64> = AttrKey::new(
    "auto_increment",
    "The number the first row gets. A value that is lower than what the table has reached is without effect.",
);

/// Of a column: `AUTO_INCREMENT`.
pub static AUTO_INCREMENT: AttrKey<bool> =
    AttrKey::new("auto_increment", "Number the rows: a row that gives no value gets the next number.");

/// Of a column: `ON UPDATE CURRENT_TIMESTAMP`, the text behind `ON UPDATE`.
pub static ON_UPDATE: AttrKey<String> = AttrKey::new(
    "on_update",
    "The value the column gets when the row changes: `sql(\"CURRENT_TIMESTAMP\")`.",
);

/// Of a column: `INVISIBLE`. Of an index too; MariaDB says `IGNORED` there.
pub static INVISIBLE: AttrKey<bool> = AttrKey::new(
    "invisible",
    "Hide a column from `SELECT *` (MySQL 8.0.23, MariaDB 10.3), or keep an index without using it.",
);

/// Of a spatial column: the number of its spatial reference system.
pub static SRID: AttrKey<i64> =
    AttrKey::new("srid", "The spatial reference system all values have (MySQL 8).");

/// Of a column of MariaDB: `WITHOUT SYSTEM VERSIONING`.
pub static UNVERSIONED: AttrKey<bool> = AttrKey::new(
    "without_system_versioning",
    "Keep no history of this column in a table that is system-versioned.",
);

/// Of a table of MariaDB: `WITH SYSTEM VERSIONING`.
pub static SYSTEM_VERSIONED: AttrKey<bool> =
    AttrKey::new("system_versioned", "Keep the former versions of all rows (MariaDB).");

/// Of a table: the options of `CREATE TABLE` that have no attribute of their own, as the catalog has them.
pub static CREATE_OPTIONS: AttrKey<String> = AttrKey::new(
    "create_options",
    "Further options of the table, as the catalog shows them: `row_format=COMPRESSED key_block_size=8`.",
);

/// Of an index or a primary key: `HASH`, `FULLTEXT`, `SPATIAL`; absent for `BTREE`.
pub static INDEX_TYPE: AttrKey<String> =
    AttrKey::new("type", "How the index is kept. The default is `BTREE`.");

/// Of a full-text index: `WITH PARSER x`.
pub static PARSER: AttrKey<String> =
    AttrKey::new("parser", "The parser that takes text apart for a full-text index: `ngram`, `mecab`.");

/// Of an index part: how much of the column is in the index.
pub static PREFIX: AttrKey<i64> =
    AttrKey::new("prefix", "How many characters (bytes, for binary types) of the column are in the index.");

/// Of a check: `NOT ENFORCED`, as `false`. Never `true` in a normalized state.
pub static ENFORCED: AttrKey<bool> =
    AttrKey::new("enforced", "Whether rows must meet the condition (MySQL 8.0.16). The default is true.");

/// Of a check of MariaDB that stands inside the definition of the column it is named as. It is changed by redefining
/// the column, cannot be said in HCL, and never makes two checks different.
pub static IN_COLUMN: AttrKey<bool> =
    AttrKey::new("in_column", "The check is part of the definition of the column of its name.");

/// Of a table: how it is partitioned. Always one item, with [`PARTITION_TYPE`], [`PARTITION_COLUMNS`] or
/// [`BY`] (neither for the `KEY` of the primary key), perhaps [`SUBPARTITION`], and the partitions themselves as
/// [`PARTITIONS`].
pub static PARTITION: AttrKey<Vec<Attrs>> =
    AttrKey::new("partition", "How the rows of the table are divided into partitions.");

/// In [`PARTITION`] and [`SUBPARTITION`]: `RANGE`, `RANGE_COLUMNS`, `LIST`, `LIST_COLUMNS`, `HASH`, `LINEAR_HASH`, `KEY`,
/// `LINEAR_KEY`, `SYSTEM_TIME`.
pub static PARTITION_TYPE: AttrKey<String> = AttrKey::new("type", "What decides on the partition of a row.");

/// In [`PARTITION`] and [`SUBPARTITION`]: the columns, where nothing but columns decides.
pub static PARTITION_COLUMNS: AttrKey<Vec<String>> =
    AttrKey::new("columns", "The columns that decide on the partition.");

/// In [`PARTITION`] and [`SUBPARTITION`]: where an expression decides, one item with [`BY_EXPR`]. HCL may say a column here
/// too ([`BY_COLUMN`]); the canonical form of that is [`PARTITION_COLUMNS`].
pub static BY: AttrKey<Vec<Attrs>> = AttrKey::new("by", "What decides on the partition.");

/// In [`BY`]: the expression, as the catalog has it: `` year(`d`) ``.
pub static BY_EXPR: AttrKey<String> = AttrKey::new("expr", "The expression that decides on the partition.");

/// In [`BY`]: a column.
pub static BY_COLUMN: AttrKey<String> = AttrKey::new("column", "The column that decides on the partition.");

/// In [`PARTITION`]: the second level; [`PARTITION_TYPE`] and columns or expression, and [`PARTITION_COUNT`].
pub static SUBPARTITION: AttrKey<Vec<Attrs>> =
    AttrKey::new("subpartition", "How each partition is divided again.");

/// In [`SUBPARTITION`]: how many parts each partition has.
pub static PARTITION_COUNT: AttrKey<i64> = AttrKey::new("count", "How many parts there are.");

/// In [`PARTITION`]: the partitions in order, each with [`PARTITION_NAME`] and at most one of [`LESS_THAN`] and [`IN`].
pub static PARTITIONS: AttrKey<Vec<Attrs>> = AttrKey::new("partition", "One partition.");

/// In [`PARTITIONS`]: the name.
pub static PARTITION_NAME: AttrKey<String> = AttrKey::new("name", "The name of the partition.");

/// In [`PARTITIONS`]: `VALUES LESS THAN (…)`; each element is SQL: `10`, `'2020-01-01'`, `MAXVALUE`.
pub static LESS_THAN: AttrKey<Vec<String>> = AttrKey::new(
    "values_less_than",
    "The bound all rows of the partition are below: one value for each column.",
);

/// In [`PARTITIONS`]: `VALUES IN (…)`; each element is SQL: `1`, `NULL`, `('a',1)`.
pub static IN: AttrKey<Vec<String>> =
    AttrKey::new("values_in", "The values whose rows are in the partition.");

/// In [`PARTITIONS`]: the comment.
pub static PARTITION_COMMENT: AttrKey<String> = AttrKey::new("comment", "A comment.");

/// Of a view: `LOCAL` or `CASCADED`.
pub static CHECK_OPTION: AttrKey<String> =
    AttrKey::new("check_option", "Refuse rows written through the view that the view would not show.");

/// Of a view or a routine: `INVOKER`; absent for `DEFINER`, the default.
pub static SECURITY: AttrKey<String> =
    AttrKey::new("security", "Whose rights count: of who made it (`DEFINER`) or of who uses it (`INVOKER`).");

/// Of a view: the names in parentheses behind its own, when its query gives its columns other names.
pub static VIEW_COLUMNS: AttrKey<Vec<String>> =
    AttrKey::new("columns", "The names of the view's columns, when its query gives them others.");

/// Of a view: `MERGE` or `TEMPTABLE`; absent for `UNDEFINED`. Only MariaDB's catalog tells it.
pub static ALGORITHM: AttrKey<String> = AttrKey::new("algorithm", "How the server works the view out.");

/// Of a trigger: the one of the same table, time and event it runs after; absent for the first.
pub static FOLLOWS: AttrKey<String> =
    AttrKey::new("follows", "The trigger of the same table, time and event that runs before this one.");

/// Of a routine: its parameters in order, each with [`NAME`], [`TYPE`], perhaps [`MODE`], [`CHARSET`] and [`COLLATE`] (where
/// they are not those of the schema).
pub static ARG: AttrKey<Vec<Attrs>> = AttrKey::new("arg", "A parameter.");

/// Of a parameter: its name.
pub static NAME: AttrKey<String> = AttrKey::new("name", "The name.");

/// Of a parameter: its type, as [`super::types::format`] writes it.
pub static TYPE: AttrKey<String> = AttrKey::new("type", "The type.");

/// Of a parameter of a procedure: `OUT` or `INOUT`; absent for `IN`.
pub static MODE: AttrKey<String> = AttrKey::new("mode", "Whether a value goes in, comes out, or both.");

/// Of a function: the type of its result, with ` CHARSET x` and ` COLLATE y` where they are not those of the schema.
pub static RETURN: AttrKey<String> = AttrKey::new("return", "The type of the result.");

/// Of a routine: `DETERMINISTIC`.
pub static DETERMINISTIC: AttrKey<bool> =
    AttrKey::new("deterministic", "Whether equal arguments always give equal results.");

/// Of a routine: `NO_SQL`, `READS_SQL_DATA` or `MODIFIES_SQL_DATA`; absent for `CONTAINS_SQL`.
pub static DATA_ACCESS: AttrKey<String> = AttrKey::new("data_access", "What the body does with data.");

/// Of a routine: its comment.
pub static COMMENT: AttrKey<String> = AttrKey::new("comment", "A comment.");

/// The kind of object a scheduled event is.
pub const EVENT: &str = "event";

/// Of an event: from `EVERY` or `AT` to before `ON COMPLETION`: `EVERY 1 DAY STARTS '2026-01-01 00:00:00'`.
pub static SCHEDULE: AttrKey<String> =
    AttrKey::new("schedule", "When the event runs: `EVERY 1 DAY`, `AT '2030-01-01 00:00:00'`.");

/// Of an event: `ON COMPLETION PRESERVE`.
pub static PRESERVE: AttrKey<bool> =
    AttrKey::new("preserve", "Keep the event after it ran for the last time.");

/// Of an event: `DISABLE` or `DISABLE_ON_SLAVE`; absent for `ENABLE`.
pub static STATUS: AttrKey<String> = AttrKey::new("status", "Whether the event runs.");

/// Of an event: the statement it runs.
pub static AS: AttrKey<String> = AttrKey::new("as", "The statement.");

/// The kind of object a sequence of MariaDB is. One without attributes exists, but its values could not be read.
pub const SEQUENCE: &str = "sequence";

/// Of a sequence: `START WITH`; always set when known, as are the next five.
pub static START: AttrKey<i64> = AttrKey::new("start", "The first value.");
/// Of a sequence: `INCREMENT BY`.
pub static INCREMENT: AttrKey<i64> = AttrKey::new("increment", "The distance of one value from the next.");
/// Of a sequence: `MINVALUE`.
pub static MIN_VALUE: AttrKey<i64> = AttrKey::new("min_value", "The smallest value.");
/// Of a sequence: `MAXVALUE`.
pub static MAX_VALUE: AttrKey<i64> = AttrKey::new("max_value", "The greatest value.");
/// Of a sequence: `CACHE`.
pub static CACHE: AttrKey<i64> = AttrKey::new("cache", "How many values are taken at once.");
/// Of a sequence: `CYCLE`.
pub static CYCLE: AttrKey<bool> = AttrKey::new("cycle", "Start again behind the last value.");

/// What decides in [`PARTITION`] or [`SUBPARTITION`] where it is an expression.
pub fn partition_expr(level: &Attrs) -> Option<String> {
    level.get(&BY)?.first()?.get(&BY_EXPR)
}

// ── Of users, roles and permissions ───────────────────────────────────
//
// Objects of the realm, looked at only where the user asks for it. An account has its name with the host, a role none
// ([`super::accounts`]); [`MEMBER_OF`], [`MEMBERSHIP`], numbers and flags where they are not the server's default. A
// permission has [`FOR`], [`GRANTEE`], [`PRIVILEGES`], [`GRANTABLE`], and a name for messages only.

pub use engine::accounts::{
    ADMIN, EXTERNAL, FOR, FOR_LIST, GRANTABLE, GRANTEE, MEMBER_OF, MEMBER_ROLE, MEMBERSHIP, PASSWORD,
    PERMISSION, PRIVILEGES, ROLE, USER,
};

/// Of a user: absent for the server's own; compared only where it is said.
pub static AUTH_PLUGIN: AttrKey<String> =
    AttrKey::new("auth_plugin", "How the password is checked: `caching_sha2_password`.");
pub static MAX_CONNECTIONS: AttrKey<i64> =
    AttrKey::new("max_connections", "How many connections an hour are allowed; 0 for any number.");
pub static MAX_USER_CONNECTIONS: AttrKey<i64> =
    AttrKey::new("max_user_connections", "How many connections at once are allowed; 0 for any number.");
pub static MAX_QUESTIONS: AttrKey<i64> =
    AttrKey::new("max_questions", "How many statements an hour are allowed; 0 for any number.");
pub static MAX_UPDATES: AttrKey<i64> =
    AttrKey::new("max_updates", "How many changes an hour are allowed; 0 for any number.");
/// Of a user: days, 0 for ever, absent for the server's own.
pub static PASSWORD_LIFETIME: AttrKey<i64> =
    AttrKey::new("password_lifetime", "After how many days the password must be changed; 0 for never.");
/// Of a user: only a new password takes it away, so that it is a change only where it is asked for.
pub static PASSWORD_EXPIRED: AttrKey<bool> =
    AttrKey::new("password_expired", "Whether the password must be changed now.");
pub static ACCOUNT_LOCKED: AttrKey<bool> = AttrKey::new("account_locked", "Whether the user cannot log in.");
