//! Grammars for tests: SQLite's words and abilities, and lexical rules of the others.
//!
//! The real ones live with their dialects; these keep the tests of this crate apart from them.

use crate::sql::{DoubleQuotes, Features, Grammar, Lexical};

/// SQLite.
pub(crate) static SQLITE: Grammar = Grammar {
    name: "sqlite",
    lexical: Lexical {
        backtick_names: true,
        bracket_names: true,
        double_quotes: DoubleQuotes::Name,
        backslash_escapes: false,
        string_prefixes: b"x",
        dollar_quotes: false,
        hash_comments: false,
        nested_comments: false,
        dashes_need_space: false,
        parameters: b"?:@$",
        go_batches: false,
        backslash_commands: false,
        free_operators: false,
        copy_data: false,
        version_comments: None,
        digit_names: false,
    },
    reserved: RESERVED,
    unreserved: UNRESERVED,
    statements: STATEMENTS,
    features: Features::DEEP
        .with(Features::WITHOUT_ROWID)
        .with(Features::STRICT)
        .with(Features::AUTOINCREMENT)
        .with(Features::CONFLICT_CLAUSE)
        .with(Features::TRIGGER_BODY)
        .with(Features::VIRTUAL_TABLE)
        .with(Features::UNTYPED_COLUMNS)
        .with(Features::FREE_TYPES)
        .with(Features::STRING_NAMES)
        .with(Features::SQLITE_COMMANDS)
        .with(Features::GENERATED)
        .with(Features::COMPLETE),
};

/// Words that are never a name unless quoted.
const RESERVED: &[&str] = &[
    "ADD",
    "ALL",
    "ALTER",
    "AND",
    "AS",
    "AUTOINCREMENT",
    "BETWEEN",
    "CASE",
    "CHECK",
    "COLLATE",
    "COMMIT",
    "CONSTRAINT",
    "CREATE",
    "DEFAULT",
    "DEFERRABLE",
    "DELETE",
    "DISTINCT",
    "DROP",
    "ELSE",
    "ESCAPE",
    "EXCEPT",
    "EXISTS",
    "FOREIGN",
    "FROM",
    "GROUP",
    "HAVING",
    "IN",
    "INDEX",
    "INSERT",
    "INTERSECT",
    "INTO",
    "IS",
    "ISNULL",
    "JOIN",
    "LIMIT",
    "NOT",
    "NOTHING",
    "NOTNULL",
    "NULL",
    "ON",
    "OR",
    "ORDER",
    "PRIMARY",
    "REFERENCES",
    "RETURNING",
    "SELECT",
    "SET",
    "TABLE",
    "THEN",
    "TO",
    "TRANSACTION",
    "UNION",
    "UNIQUE",
    "UPDATE",
    "USING",
    "VALUES",
    "WHEN",
    "WHERE",
];

/// Keywords that may be a name.
const UNRESERVED: &[&str] = &[
    "ABORT",
    "ACTION",
    "AFTER",
    "ALWAYS",
    "ANALYZE",
    "ASC",
    "ATTACH",
    "BEFORE",
    "BEGIN",
    "BY",
    "CASCADE",
    "CAST",
    "COLUMN",
    "CONFLICT",
    "CROSS",
    "CURRENT",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "DATABASE",
    "DEFERRED",
    "DESC",
    "DETACH",
    "DO",
    "EACH",
    "END",
    "EXCLUDE",
    "EXCLUSIVE",
    "EXPLAIN",
    "FAIL",
    "FILTER",
    "FIRST",
    "FOLLOWING",
    "FOR",
    "FULL",
    "GENERATED",
    "GLOB",
    "GROUPS",
    "IF",
    "IGNORE",
    "IMMEDIATE",
    "INDEXED",
    "INITIALLY",
    "INNER",
    "INSTEAD",
    "KEY",
    "LAST",
    "LEFT",
    "LIKE",
    "MATCH",
    "MATERIALIZED",
    "NATURAL",
    "NO",
    "NULLS",
    "OF",
    "OFFSET",
    "OTHERS",
    "OUTER",
    "OVER",
    "PARTITION",
    "PLAN",
    "PRAGMA",
    "PRECEDING",
    "QUERY",
    "RAISE",
    "RANGE",
    "RECURSIVE",
    "REGEXP",
    "REINDEX",
    "RELEASE",
    "RENAME",
    "REPLACE",
    "RESTRICT",
    "RIGHT",
    "ROLLBACK",
    "ROW",
    "ROWS",
    "SAVEPOINT",
    "TEMP",
    "TEMPORARY",
    "TIES",
    "TRIGGER",
    "UNBOUNDED",
    "VACUUM",
    "VIEW",
    "VIRTUAL",
    "WINDOW",
    "WITH",
    "WITHIN",
    "WITHOUT",
];

/// Words a statement may begin with.
const STATEMENTS: &[&str] = &[
    "ALTER",
    "ANALYZE",
    "ATTACH",
    "BEGIN",
    "COMMIT",
    "CREATE",
    "DELETE",
    "DETACH",
    "DROP",
    "END",
    "EXPLAIN",
    "INSERT",
    "PRAGMA",
    "REINDEX",
    "RELEASE",
    "REPLACE",
    "ROLLBACK",
    "SAVEPOINT",
    "SELECT",
    "UPDATE",
    "VACUUM",
    "VALUES",
    "WITH",
];

/// MySQL's quotes and comments; statements are not parsed.
pub(crate) static MYSQL: Grammar = Grammar {
    name: "mysql",
    lexical: Lexical {
        backtick_names: true,
        double_quotes: DoubleQuotes::String,
        backslash_escapes: true,
        hash_comments: true,
        dashes_need_space: true,
        ..Grammar::BASE.lexical
    },
    statements: STATEMENTS,
    features: Features::ROUTINE_BODY,
    ..Grammar::BASE
};

/// PostgreSQL's quotes and comments; statements are not parsed.
pub(crate) static POSTGRES: Grammar = Grammar {
    name: "postgres",
    lexical: Lexical {
        dollar_quotes: true,
        nested_comments: true,
        backslash_commands: true,
        string_prefixes: b"xbne",
        ..Grammar::BASE.lexical
    },
    statements: STATEMENTS,
    features: Features::ROUTINE_BODY,
    ..Grammar::BASE
};

/// SQL Server's quotes and batches; statements are not parsed.
pub(crate) static SQLSERVER: Grammar = Grammar {
    name: "sqlserver",
    lexical: Lexical { bracket_names: true, go_batches: true, ..Grammar::BASE.lexical },
    statements: STATEMENTS,
    features: Features::ROUTINE_BODY,
    ..Grammar::BASE
};
