//! Tests: folds by line.

use expect_test::{Expect, expect};

use super::folding;
use crate::fixture::Fixture;

#[track_caller]
fn check(name: &str, text: &str, expected: Expect) {
    let fixture = Fixture::new(name, text);
    let file = fixture.files[0].1;
    let text = fixture.snapshot.text(file).expect("a text");
    let mut out = String::new();
    for fold in folding(&fixture.snapshot, file) {
        let (first, last) = (text.line(fold.range.start()), text.line(fold.range.end()));
        assert!(first < last, "a fold spans lines");
        out.push_str(&format!(
            "{}-{} {:?} {}\n",
            first + 1,
            last + 1,
            fold.kind,
            text.slice(text.line_range(first)).trim()
        ));
    }
    expected.assert_eq(&out);
}

#[test]
fn blocks_lists_and_heredocs() {
    check(
        "a.lt.hcl",
        "# one\n# two\n\n# three\ntable \"t\" {\n  column \"a\" {\n    type = int\n  }\n  index \"i\" {\n    columns = [\n      column.a,\n    ]\n  }\n}\nview \"v\" {\n  as = <<-SQL\n    SELECT 1\n  SQL\n}\n",
        expect![[r#"
            1-2 Comment # one
            5-14 Region table "t" {
            6-8 Region column "a" {
            9-13 Region index "i" {
            10-12 Region columns = [
            15-19 Region view "v" {
            16-18 Region as = <<-SQL
        "#]],
    );
}

#[test]
fn statements_and_bodies() {
    check(
        "a.sql",
        "-- about a\n-- and more\nCREATE TABLE a (\n  id int,\n  n text\n);\n/* long\n   comment */\nCREATE TRIGGER t AFTER INSERT ON a\nBEGIN\n  SELECT 1;\nEND;\nSELECT 1;\n",
        expect![[r#"
            1-2 Comment -- about a
            3-6 Region CREATE TABLE a (
            7-8 Comment /* long
            9-12 Region CREATE TRIGGER t AFTER INSERT ON a
            10-12 Region BEGIN
        "#]],
    );
}

#[test]
fn block_that_is_not_closed_yet() {
    check(
        "a.lt.hcl",
        "table \"t\" {\n  column \"a\" {\n    type = int\n",
        expect![[r#"
        1-4 Region table "t" {
        2-4 Region column "a" {
    "#]],
    );
}

#[test]
fn one_line_has_no_fold() {
    check("a.sql", "CREATE TABLE a (id int);\n", expect![[""]]);
}
