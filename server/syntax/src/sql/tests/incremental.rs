//! A file made from the one before equals the file made anew, for any text.

use std::sync::Arc;

use proptest::prelude::*;
use text::{Text, TextRange, TextSize};

use super::grammar::{MYSQL, POSTGRES, SQLITE};
use crate::sql::{File, Grammar};

/// What statements are made of, and what breaks them.
const WORDS: &[&str] = &[
    "CREATE TABLE t (",
    "a int",
    ",",
    ")",
    ");\n",
    ";",
    ";\n",
    "\n",
    "\r\n",
    "'",
    "''",
    "\"",
    "`",
    "[",
    "]",
    "--",
    "-- x\n",
    "/*",
    "*/",
    "(",
    "SELECT",
    " ",
    "BEGIN",
    "END",
    "CASE",
    "CREATE TRIGGER g AFTER INSERT ON t BEGIN ",
    "DELIMITER //\n",
    "//",
    "-- atlas:delimiter $$\n",
    "$$",
    "$a$",
    "\u{feff}",
    "😀",
    "字",
    "\0",
    "\\",
    "#",
    "CREATE TABLE",
    "DEFAULT",
    "\nCREATE TABLE u (x int);\n",
    "INSERT INTO t VALUES (1, 'x');\n",
    "WITH",
    "EXPLAIN ",
    ".",
    "x'",
    "1.5e",
    "::",
    "$1",
    "GO\n",
    "PRIMARY KEY",
    "REFERENCES",
    "CHECK (",
    "ALTER TABLE t ADD ",
    "DROP TABLE",
    "t.",
    "AS",
    "FROM",
    "JOIN",
    "VALUES",
    "ON",
];

fn texts() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![8 => prop::sample::select(WORDS).prop_map(str::to_owned), 1 => any::<String>()],
        0..40,
    )
    .prop_map(|parts| parts.concat())
}

fn shape(file: &File) -> Vec<(TextSize, String, String)> {
    file.pieces()
        .iter()
        .map(|placed| (placed.start, placed.piece.text().to_owned(), format!("{:?}", placed.piece.syntax())))
        .collect()
}

fn is_lossless(file: &File, text: &str) {
    let pieces: String = file.pieces().iter().map(|placed| placed.piece.text()).collect();
    assert_eq!(pieces, text);
    let mut at = TextSize::new(0);
    for placed in file.pieces() {
        assert_eq!(placed.start, at);
        assert_eq!(placed.piece.syntax().text().to_string(), placed.piece.text());
        at += placed.piece.len();
    }
    for error in file.errors() {
        assert!(
            text.get(usize::from(error.range.start())..usize::from(error.range.end())).is_some(),
            "{error:?}"
        );
    }
}

fn grammars() -> impl Strategy<Value = &'static Grammar> {
    prop::sample::select(vec![&SQLITE, &SQLITE, &MYSQL, &POSTGRES])
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn pieces_are_the_text(source in texts(), grammar in grammars()) {
        is_lossless(&File::parse(&Text::new(&source), grammar, None), &source);
    }

    #[test]
    fn an_edited_file_equals_a_fresh_one(
        source in texts(),
        grammar in grammars(),
        edits in prop::collection::vec((any::<u16>(), 0u32..30, texts()), 1..4),
    ) {
        let mut text = Text::new(&source);
        let mut file = File::parse(&text, grammar, None);
        for (at, len, insert) in edits {
            let start = u32::from(at) % (u32::from(text.len()) + 1);
            let range = TextRange::at(start.into(), len.into());
            let insert = if at % 2 == 0 { insert.chars().take(3).collect() } else { insert };
            text.edit(range, &insert);
            file = File::parse(&text, grammar, Some(&file));
            is_lossless(&file, &text.to_string());
            let fresh = File::parse(&text, grammar, None);
            prop_assert_eq!(shape(&file), shape(&fresh));
            prop_assert_eq!(file.errors(), fresh.errors());
            prop_assert_eq!(file.coverage(), fresh.coverage());
        }
    }
}

/// A thousand tables.
fn tables() -> String {
    (0..1000)
        .map(|n| {
            format!(
                "CREATE TABLE t{n} (\n  id integer PRIMARY KEY,\n  name text NOT NULL DEFAULT 'x{n}',\n  \
                 other int REFERENCES t0 (id) ON DELETE CASCADE,\n  CHECK (length(name) > {n})\n);\n"
            )
        })
        .collect()
}

/// How many pieces of `after` are not shared with `before`.
fn fresh(before: &File, after: &File) -> usize {
    let known: std::collections::HashSet<_> = before.pieces().iter().map(|p| Arc::as_ptr(&p.piece)).collect();
    after.pieces().iter().filter(|p| !known.contains(&Arc::as_ptr(&p.piece))).count()
}

#[test]
fn an_edit_parses_only_its_own_statement() {
    let source = tables();
    let mut text = Text::new(&source);
    let before = File::parse(&text, &SQLITE, None);
    assert_eq!(before.pieces().len(), 1001);
    let at = source.find("t500 (").map(|at| at as u32).unwrap_or_default();
    for insert in ["x", "'", "\"", "(", ";", "/*", "\n"] {
        let mut text = text.clone();
        text.edit(TextRange::empty((at + 10).into()), insert);
        let after = File::parse(&text, &SQLITE, Some(&before));
        let limit = if insert == "/*" { 501 } else { 2 };
        assert!(fresh(&before, &after) <= limit, "{insert:?} {}", fresh(&before, &after));
        assert_eq!(shape(&after).len(), shape(&File::parse(&text, &SQLITE, None)).len());
    }
    // A statement that moves is not parsed again.
    text.edit(TextRange::empty(0.into()), "CREATE TABLE first (a int);\n");
    let after = File::parse(&text, &SQLITE, Some(&before));
    assert_eq!(fresh(&before, &after), 2);
}

#[test]
fn deep_nesting_and_long_statements_do_no_harm() {
    let deep = format!("SELECT {}1{};", "(".repeat(100_000), ")".repeat(100_000));
    let calls = format!("CREATE TABLE t (a int CHECK ({}1));", "f(".repeat(100_000));
    let raises = "SELECT RAISE(".to_owned() + &"RAISE(".repeat(50_000);
    let joins = "SELECT * FROM ".to_owned() + &"(".repeat(50_000);
    let ctes = "WITH a AS (".repeat(50_000);
    let queries = "SELECT * FROM (".repeat(50_000);
    let cases = "SELECT CASE ".repeat(50_000);
    let explains = "EXPLAIN ".repeat(50_000);
    let long = format!("INSERT INTO t VALUES {};", vec!["(1, 'abc')"; 100_000].join(","));
    for source in [deep, calls, raises, joins, ctes, queries, cases, explains, long] {
        let file = File::parse(&Text::new(&source), &SQLITE, None);
        is_lossless(&file, &source);
    }
}
