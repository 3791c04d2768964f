//! The writer: canonical text, and back.

use expect_test::expect;
use proptest::prelude::*;
use syntax::hcl::format;

use super::{expr, show};
use crate::write::{Block, Body, Expr, path, quote, valid_ident, write};
use crate::{Context, Value, eval};

#[test]
fn a_tree_is_written_in_canonical_form() {
    let mut column = Block::new("column", ["id"]);
    column.body.attribute("null", "false").attribute("type", "int").attribute("default", Expr::sql("now()"));
    let mut table = Block::new("table", ["my \"users\""]);
    table.body.attribute("schema", Expr::path(["schema", "main"])).block(column);
    table.body.attribute("columns", Expr::list(["column.a".into(), "column.b".into()]));
    table.body.attribute("a", "1");
    table.body.attribute("vars", &Value::object([("a", Value::int(1)), ("long key", Value::from("x"))]));
    table.body.attribute("b", "2").blank().comment("Why.\nBecause.");
    table.body.attribute("as", Expr::Heredoc { tag: "SQL".into(), text: "SELECT 1\n\n  FROM ${t}\n".into() });
    let mut body = Body::new();
    body.block(table).block(Block::new("schema", ["main"]));
    let text = write(&body);
    expect![[r#"
        table "my \"users\"" {
          schema = schema.main
          column "id" {
            null    = false
            type    = int
            default = sql("now()")
          }
          columns = [column.a, column.b]
          a       = 1
          vars = {
            a          = 1
            "long key" = "x"
          }
          b = 2

          // Why.
          // Because.
          as = <<-SQL
            SELECT 1

              FROM $${t}
          SQL
        }
        schema "main" {
        }
    "#]]
    .assert_eq(&text);
    assert_eq!(format(&text), text);
}

#[test]
fn names_that_are_no_identifiers_go_into_brackets() {
    assert_eq!(
        path(["table", "my table", "column", "2fa-code", "12", "a-b", "é"]),
        "table[\"my table\"].column[\"2fa-code\"].12.a-b.é"
    );
    assert!(valid_ident("a-b_1") && !valid_ident("1a") && !valid_ident("") && !valid_ident("a b"));
}

proptest! {
    #[test]
    fn a_quoted_string_reads_back(text in "\\PC*|[\\$\\{%\\}\"\\\\\n\t a]*|(?s:.*)") {
        let value = eval(&expr(&quote(&text)).unwrap(), &Context::new()).value;
        prop_assert_eq!(show(&value), show(&Value::from(text)));
    }
}
