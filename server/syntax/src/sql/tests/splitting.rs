//! Where statements end, for an editor and for an executor.

use expect_test::{Expect, expect};

use super::grammar::{MYSQL, POSTGRES, SQLITE, SQLSERVER};
use super::parse_as;
use crate::sql::{Grammar, PieceKind, split};

/// Checks the pieces of `text`, one a line, and the statements an executor would run.
fn check(grammar: &'static Grammar, text: &str, expect: Expect) {
    let file = parse_as(text, grammar);
    let whole: String = file.pieces().iter().map(|placed| placed.piece.text().to_owned()).collect();
    assert_eq!(whole, text);
    let mut out = String::new();
    for placed in file.pieces() {
        let kind = placed.piece.kind();
        let shown = if matches!(kind, PieceKind::Empty | PieceKind::Directive) {
            placed.piece.text()
        } else {
            placed.piece.statement_text()
        };
        out.push_str(&format!("{kind:?} {shown:?}\n"));
    }
    match split(text, grammar) {
        Ok(statements) => {
            for statement in statements {
                assert_eq!(&text[statement.range.clone()], statement.text);
                out.push_str(&format!("run {:?}\n", statement.text));
            }
        }
        Err((offset, fault)) => out.push_str(&format!("{fault:?} at {offset}\n")),
    }
    expect.assert_eq(&out);
}

#[test]
fn quotes_and_comments_hide_semicolons() {
    check(
        &SQLITE,
        "select ';' , \";\", `;`, [;] -- ;\n/* ; */; select 'it''s;'; ;",
        expect![[r#"
        Query "select ';' , \";\", `;`, [;] -- ;\n/* ; */"
        Query "select 'it''s;'"
        Empty " ;"
        run "select ';' , \";\", `;`, [;] -- ;\n/* ; */"
        run "select 'it''s;'"
    "#]],
    );
}

#[test]
fn a_trigger_is_one_statement() {
    check(
        &SQLITE,
        "CREATE TRIGGER t AFTER INSERT ON x BEGIN SELECT 1; SELECT CASE WHEN 1 THEN 2 END; END; select 1;",
        expect![[r#"
            Ddl "CREATE TRIGGER t AFTER INSERT ON x BEGIN SELECT 1; SELECT CASE WHEN 1 THEN 2 END; END"
            Query "select 1"
            run "CREATE TRIGGER t AFTER INSERT ON x BEGIN SELECT 1; SELECT CASE WHEN 1 THEN 2 END; END"
            run "select 1"
        "#]],
    );
}

#[test]
fn a_trigger_without_end_stops_before_the_next_definition() {
    check(
        &SQLITE,
        "CREATE TRIGGER t AFTER INSERT ON x BEGIN\n  SELECT 1;\n\nCREATE TABLE y (a int);\nSELECT 2;",
        expect![[r#"
            Ddl "CREATE TRIGGER t AFTER INSERT ON x BEGIN\n  SELECT 1;"
            Ddl "CREATE TABLE y (a int)"
            Query "SELECT 2"
            run "CREATE TRIGGER t AFTER INSERT ON x BEGIN\n  SELECT 1"
            run "CREATE TABLE y (a int)"
            run "SELECT 2"
        "#]],
    );
}

#[test]
fn begin_and_end_elsewhere_are_words() {
    check(
        &SQLITE,
        "BEGIN; select 1; COMMIT; create table t3(begin int, end int); select * from t3 where begin <> end;",
        expect![[r#"
            Transaction "BEGIN"
            Query "select 1"
            Transaction "COMMIT"
            Ddl "create table t3(begin int, end int)"
            Query "select * from t3 where begin <> end"
            run "BEGIN"
            run "select 1"
            run "COMMIT"
            run "create table t3(begin int, end int)"
            run "select * from t3 where begin <> end"
        "#]],
    );
}

#[test]
fn a_definition_at_the_start_of_a_line_is_a_statement_of_its_own() {
    check(
        &SQLITE,
        "CREATE TABLE a (x int,\n\n-- about b\nCREATE TABLE b (x int);",
        expect![[r#"
        Ddl "CREATE TABLE a (x int,"
        Ddl "CREATE TABLE b (x int)"
        UnclosedParenthesis at 15
    "#]],
    );
}

#[test]
fn an_open_quote_ends_with_its_line_while_typing() {
    check(
        &SQLITE,
        "SELECT 'abc;\nSELECT 2;\nSELECT 'x';\nSELECT 3;",
        expect![[r#"
        Query "SELECT 'abc"
        Query "SELECT 2"
        Query "SELECT 'x'"
        Query "SELECT 3"
        UnclosedQuote at 32
    "#]],
    );
}

#[test]
fn a_literal_with_statements_in_it_is_a_literal() {
    check(
        &SQLITE,
        "INSERT INTO t VALUES ('a;\nSELECT 1;\n', 2);\nSELECT 2;",
        expect![[r#"
        Dml "INSERT INTO t VALUES ('a;\nSELECT 1;\n', 2)"
        Query "SELECT 2"
        run "INSERT INTO t VALUES ('a;\nSELECT 1;\n', 2)"
        run "SELECT 2"
    "#]],
    );
}

#[test]
fn the_delimiter_command_changes_the_delimiter() {
    check(
        &MYSQL,
        "DELIMITER //\ncreate procedure p() begin select 1; end//\nselect 1//\nDELIMITER ;\nselect 2;",
        expect![[r#"
            Directive "DELIMITER //\n"
            Opaque "create procedure p() begin select 1; end"
            Opaque "select 1"
            Directive "\nDELIMITER ;\n"
            Opaque "select 2"
            run "create procedure p() begin select 1; end"
            run "select 1"
            run "select 2"
        "#]],
    );
    check(
        &SQLITE,
        "delimiter 'MySQL'\nselect * from t1MySQL\nselect 2",
        expect![[r#"
        Directive "delimiter 'MySQL'\n"
        Query "select * from t1"
        Query "select 2"
        run "select * from t1"
        run "select 2"
    "#]],
    );
    check(
        &SQLITE,
        "delimiter \\n\\n\nselect 1\n\nselect\n2",
        expect![[r#"
        Directive "delimiter \\n\\n\n"
        Query "select 1"
        Query "select\n2"
        run "select 1"
        run "select\n2"
    "#]],
    );
}

#[test]
fn the_first_line_may_name_the_delimiter() {
    check(
        &SQLITE,
        "-- atlas:delimiter -- end\nselect 1; select 2;\n-- end\nselect 3;\n-- end\n",
        expect![[r#"
        Directive "-- atlas:delimiter -- end\n"
        Query "select 1; select 2;"
        Query "select 3;"
        Empty "\n"
        run "select 1; select 2;"
        run "select 3;"
    "#]],
    );
    check(
        &SQLITE,
        "-- atlas:delimiter \\n\\n\\n\nselect 1;\nselect 2;\n\n\nselect 3;",
        expect![[r#"
        Directive "-- atlas:delimiter \\n\\n\\n\n"
        Query "select 1;\nselect 2;"
        Query "select 3;"
        run "select 1;\nselect 2;"
        run "select 3;"
    "#]],
    );
    check(
        &SQLITE,
        "\n-- atlas:delimiter -- end\nselect 1; select 2;",
        expect![[r#"
        Query "select 1"
        Query "select 2"
        run "select 1"
        run "select 2"
    "#]],
    );
}

#[test]
fn dollar_quotes() {
    check(
        &POSTGRES,
        "DO $$ BEGIN a; END; $$; DO $a$ x; $$ y; $a$; select $1; select E'it\\'s;' ; DO $b$ x; y;",
        expect![[r#"
            Opaque "DO $$ BEGIN a; END; $$"
            Opaque "DO $a$ x; $$ y; $a$"
            Opaque "select $1"
            Opaque "select E'it\\'s;'"
            Opaque "DO $b$ x; y;"
            run "DO $$ BEGIN a; END; $$"
            run "DO $a$ x; $$ y; $a$"
            run "select $1"
            run "select E'it\\'s;'"
            run "DO $b$ x; y;"
        "#]],
    );
}

#[test]
fn routines_with_nested_blocks() {
    check(
        &MYSQL,
        "CREATE DEFINER=`a`@`b` PROCEDURE p() lab: BEGIN IF 1 THEN BEGIN SELECT 1; END; END IF; \
         CASE 1 WHEN 1 THEN SELECT 2; END CASE; SELECT 3; END lab; select 'a\\';b' # it's;\n; select 2;",
        expect![[r#"
            Opaque "CREATE DEFINER=`a`@`b` PROCEDURE p() lab: BEGIN IF 1 THEN BEGIN SELECT 1; END; END IF; CASE 1 WHEN 1 THEN SELECT 2; END CASE; SELECT 3; END lab"
            Opaque "select 'a\\';b' # it's;"
            Opaque "select 2"
            run "CREATE DEFINER=`a`@`b` PROCEDURE p() lab: BEGIN IF 1 THEN BEGIN SELECT 1; END; END IF; CASE 1 WHEN 1 THEN SELECT 2; END CASE; SELECT 3; END lab"
            run "select 'a\\';b' # it's;"
            run "select 2"
        "#]],
    );
    check(
        &POSTGRES,
        "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT false; END; select 1;",
        expect![[r#"
            Opaque "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT false; END"
            Opaque "select 1"
            run "CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT false; END"
            run "select 1"
        "#]],
    );
}

#[test]
fn batches() {
    check(
        &SQLSERVER,
        "CREATE VIEW [v;] AS SELECT 1\nGO\nSELECT go FROM t\nGO 5\nSELECT 2",
        expect![[r#"
        Opaque "CREATE VIEW [v;] AS SELECT 1"
        Directive "\nGO\n"
        Opaque "SELECT go FROM t"
        Directive "\nGO 5\n"
        Opaque "SELECT 2"
        run "CREATE VIEW [v;] AS SELECT 1"
        run "SELECT go FROM t"
        run "SELECT 2"
    "#]],
    );
}

#[test]
fn lines_for_psql() {
    check(
        &POSTGRES,
        "\\set x 1;\nselect 1;\n\\d t\nselect 2;",
        expect![[r#"
        Directive "\\set x 1;\n"
        Opaque "select 1"
        Directive "\n\\d t\n"
        Opaque "select 2"
        run "select 1"
        run "select 2"
    "#]],
    );
}

#[test]
fn what_an_executor_cannot_split() {
    check(
        &SQLITE,
        "'this quote is unclosed",
        expect![[r#"
        Opaque "'this quote is unclosed"
        UnclosedQuote at 0
    "#]],
    );
    check(
        &SQLITE,
        "()(unclosed",
        expect![[r#"
        Opaque "()(unclosed"
        UnclosedParenthesis at 2
    "#]],
    );
    check(
        &SQLITE,
        "1234)6789",
        expect![[r#"
        Opaque "1234)6789"
        UnexpectedParenthesis at 4
    "#]],
    );
    check(
        &SQLITE,
        "select 'é;';select (é;",
        expect![[r#"
        Query "select 'é;'"
        Query "select (é"
        UnclosedParenthesis at 20
    "#]],
    );
}

#[test]
fn nothing_and_trivia() {
    check(&SQLITE, "", expect![""]);
    check(
        &SQLITE,
        " \n-- only\n",
        expect![[r#"
        Empty " \n-- only\n"
    "#]],
    );
    check(
        &SQLITE,
        ";select 1;;",
        expect![[r#"
        Empty ";"
        Query "select 1"
        Empty ";"
        run "select 1"
    "#]],
    );
}

#[test]
fn line_ends_of_windows() {
    check(
        &SQLITE,
        "-- atlas:delimiter $$\r\nselect 1;\r\n$$\r\nselect 2$$\r\n",
        expect![[r#"
        Directive "-- atlas:delimiter $$\r\n"
        Query "select 1;"
        Query "select 2"
        Empty "\r\n"
        run "select 1;"
        run "select 2"
    "#]],
    );
    check(
        &SQLITE,
        "select 'a\r\nselect 2;\r\nselect 3;\r\n",
        expect![[r#"
        Query "select 'a\r\nselect 2"
        Query "select 3"
        Empty "\r\n"
        UnclosedQuote at 7
    "#]],
    );
}
