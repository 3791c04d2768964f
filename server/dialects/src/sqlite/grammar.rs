//! How SQLite reads characters and words.
//!
//! Data for `syntax::sql`. Invariant: the word lists are upper case and sorted (a test says so).
//!
//! Source: SQLite 3.50, `mkkeywordhash.c` for the words, `%fallback ID` of `parse.y` for those that may be a name.

use syntax::sql::{DoubleQuotes, Features, Grammar, Lexical};

/// SQLite.
pub static GRAMMAR: Grammar = Grammar {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn word_lists_are_sorted_and_disjoint() {
        for list in [RESERVED, UNRESERVED, STATEMENTS] {
            assert!(list.is_sorted(), "{list:?}");
            assert!(list.iter().all(|word| *word == word.to_ascii_uppercase()));
        }
        assert!(RESERVED.iter().all(|word| !UNRESERVED.contains(word)));
    }
}
