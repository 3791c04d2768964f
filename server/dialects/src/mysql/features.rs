//! What servers of this family can or cannot do, by declared names; filled once from the version.
//!
//! Nobody else compares versions.

/// It is MariaDB, whatever the URL says.
pub const MARIADB: &str = "mariadb";
/// It is TiDB, whatever the URL says.
pub const TIDB: &str = "tidb";
/// Check constraints: MySQL 8.0.16, MariaDB 10.2.1.
pub const CHECK: &str = "check";
/// Checks can be switched off: MySQL 8.0.16.
pub const ENFORCED: &str = "enforced";
/// `DROP CONSTRAINT`: MySQL 8.0.19, MariaDB 10.2.1; before, checks are dropped by `DROP CHECK`.
pub const DROP_CONSTRAINT: &str = "drop_constraint";
/// Expressions as parts of an index: MySQL 8.0.13.
pub const INDEX_EXPR: &str = "index_expr";
/// Expressions as defaults: MySQL 8.0.13, MariaDB 10.2.1.
pub const EXPR_DEFAULT: &str = "expr_default";
/// Integers have a display width: MariaDB, MySQL before 8.0.19.
pub const DISPLAY_WIDTH: &str = "display_width";
/// Generated columns: MySQL 5.7, MariaDB 10.2.
pub const GENERATED: &str = "generated";
/// `RENAME COLUMN`: MySQL 8.0, MariaDB 10.5.2; before, `CHANGE COLUMN`.
pub const RENAME_COLUMN: &str = "rename_column";
/// `RENAME INDEX`: MySQL 5.7, MariaDB 10.5.2; before, drop and add.
pub const RENAME_INDEX: &str = "rename_index";
/// `utf8mb4_0900_ai_ci` is the collation of `utf8mb4`: MySQL 8.0.1.
pub const UTF8MB4_0900: &str = "utf8mb4_0900";

/// The server's charset, for databases that name none.
pub const CHARSET_SETTING: &str = "charset";
/// The server's collation, for databases that name none.
pub const COLLATION_SETTING: &str = "collation";
/// `0`, `1` or `2`: whether names of databases and tables are compared exactly (`0`) or in lower case.
pub const LOWER_CASE_TABLE_NAMES: &str = "lower_case_table_names";
/// The server's `sql_mode`.
pub const SQL_MODE: &str = "sql_mode";
