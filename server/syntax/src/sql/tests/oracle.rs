//! A second opinion: what sqlparser accepts as a SQLite table we accept too, with the same columns.

use proptest::prelude::*;
use sqlparser::ast::Statement as Theirs;
use sqlparser::dialect::SQLiteDialect;
use sqlparser::parser::Parser;

use super::{messages, parse};
use crate::sql::ast::Statement;

fn agree(source: &str) -> bool {
    let Ok(theirs) = Parser::parse_sql(&SQLiteDialect {}, source) else { return false };
    let [Theirs::CreateTable(theirs)] = theirs.as_slice() else { return false };
    let file = parse(source);
    assert_eq!(messages(&file, source), "", "{source}");
    let Some(Statement::CreateTable(ours)) =
        file.pieces().first().and_then(|placed| placed.piece.statement())
    else {
        panic!("no table: {source}");
    };
    let ours: Vec<String> =
        ours.columns().filter_map(|column| column.name()).map(|name| name.text.to_string()).collect();
    let theirs: Vec<String> = theirs.columns.iter().map(|column| column.name.value.clone()).collect();
    assert_eq!(ours, theirs, "{source}");
    true
}

fn columns() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["a", "\"b c\"", "`d`", "[e]", "key", "\"x\"\"y\""]);
    let kind =
        prop::sample::select(vec!["int", "text", "varchar(10)", "decimal(10, 2)", "double precision", ""]);
    let constraint = prop::sample::select(vec![
        "NOT NULL",
        "NULL",
        "UNIQUE",
        "PRIMARY KEY",
        "CHECK (a > 1 AND (b OR c))",
        "DEFAULT 1",
        "DEFAULT 'x'",
        "DEFAULT (1 + 1)",
        "DEFAULT -1",
        "COLLATE nocase",
        "REFERENCES p (id) ON DELETE CASCADE",
        "DEFAULT NULL",
        "DEFAULT CURRENT_TIMESTAMP",
        "GENERATED ALWAYS AS (a + 1) STORED",
        "CONSTRAINT k CHECK (length(a) IN (1, 2))",
        "CHECK (a BETWEEN 1 AND 2)",
        "CHECK (CASE WHEN a THEN b ELSE c END)",
        "CHECK (a NOT LIKE 'x%' ESCAPE '!')",
        "DEFAULT TRUE",
        "DEFAULT x'00'",
    ]);
    (name, kind, prop::collection::vec(constraint, 0..4))
        .prop_map(|(name, kind, constraints)| format!("{name} {kind} {}", constraints.join(" ")))
}

fn tables() -> impl Strategy<Value = String> {
    let constraint = prop::sample::select(vec![
        "PRIMARY KEY (a)",
        "UNIQUE (a, b)",
        "CHECK (a > 1)",
        "FOREIGN KEY (a) REFERENCES p (x) ON UPDATE SET NULL",
        "CONSTRAINT c UNIQUE (a)",
    ]);
    let option = prop::sample::select(vec!["", "WITHOUT ROWID", "STRICT"]);
    (prop::collection::vec(columns(), 1..5), prop::collection::vec(constraint, 0..3), option).prop_map(
        |(mut columns, constraints, option)| {
            columns.extend(constraints.into_iter().map(str::to_owned));
            format!("CREATE TABLE t ({}) {option};", columns.join(",\n"))
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn tables_sqlparser_accepts_are_accepted(source in tables()) {
        agree(&source);
    }
}

#[test]
fn the_oracle_is_asked() {
    assert!(agree("CREATE TABLE t (a int NOT NULL, \"b\" text) WITHOUT ROWID;"));
}
