//! Tests: growing selections.

use expect_test::{Expect, expect};

use super::selection;
use crate::fixture::Fixture;

#[track_caller]
fn check(name: &str, text: &str, expected: Expect) {
    let fixture = Fixture::new(name, text);
    let (file, offset) = fixture.cursor();
    let found = selection(&fixture.snapshot, file, &[offset]);
    let mut out = String::new();
    for pair in found[0].windows(2) {
        assert!(pair[1].contains_range(pair[0]) && pair[1] != pair[0], "each is larger");
    }
    for range in &found[0] {
        out.push_str(&format!("{:?}\n", fixture.slice(file, *range)));
    }
    expected.assert_eq(&out);
}

#[test]
fn word_string_attribute_block() {
    check(
        "a.lt.hcl",
        "view \"v\" {\n  comment = \"so$0me words\"\n}\n",
        expect![[r#"
        "some words"
        "\"some words\""
        "comment = \"some words\""
        "\n  comment = \"some words\"\n"
        "view \"v\" {\n  comment = \"some words\"\n}"
        "view \"v\" {\n  comment = \"some words\"\n}\n"
    "#]],
    );
}

#[test]
fn sql_in_a_string_grows_as_sql() {
    check(
        "a.lt.hcl",
        "view \"v\" {\n  as = \"SELECT a, b$0 FROM t\"\n}\n",
        expect![[r#"
        "b"
        "a, b"
        "SELECT a, b FROM t"
        "\"SELECT a, b FROM t\""
        "as = \"SELECT a, b FROM t\""
        "\n  as = \"SELECT a, b FROM t\"\n"
        "view \"v\" {\n  as = \"SELECT a, b FROM t\"\n}"
        "view \"v\" {\n  as = \"SELECT a, b FROM t\"\n}\n"
    "#]],
    );
}

#[test]
fn statement() {
    check(
        "a.sql",
        "SELECT 1;\nSELECT a FROM t WHERE x = 'it$0 is';\n",
        expect![[r#"
        "it is"
        "'it is'"
        "x = 'it is'"
        "WHERE x = 'it is'"
        "SELECT a FROM t WHERE x = 'it is'"
        "\nSELECT a FROM t WHERE x = 'it is';"
        "SELECT 1;\nSELECT a FROM t WHERE x = 'it is';\n"
    "#]],
    );
}

#[test]
fn empty_file() {
    check(
        "a.sql",
        "$0",
        expect![[r#"
        ""
    "#]],
    );
}
