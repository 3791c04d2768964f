//! Tests: outlines, and finding symbols in the workspace.

use expect_test::{Expect, expect};

use super::{Symbol, document_symbols};
use crate::fixture::Fixture;
use crate::workspace_symbols;

#[track_caller]
fn check(name: &str, text: &str, expected: Expect) {
    let fixture = Fixture::new(name, text);
    let file = fixture.files[0].1;
    let mut out = String::new();
    for symbol in document_symbols(&fixture.snapshot, file) {
        show(&symbol, 0, &fixture.text(file), &mut out);
    }
    expected.assert_eq(&out);
}

fn show(symbol: &Symbol, depth: usize, text: &str, out: &mut String) {
    assert!(symbol.range.contains_range(symbol.selection), "the name lies in the symbol");
    let name = &text[symbol.selection];
    out.push_str(&format!(
        "{}{:?} {} [{}] at {name}\n",
        "  ".repeat(depth),
        symbol.kind,
        symbol.name,
        symbol.detail
    ));
    for child in &symbol.children {
        assert!(symbol.range.contains_range(child.range), "a child lies in its parent");
        show(child, depth + 1, text, out);
    }
}

#[test]
fn blocks_of_a_schema() {
    check(
        "a.lt.hcl",
        "schema \"main\" {}\ntable \"users\" {\n  schema = schema.main\n  column \"id\" {\n    type = integer\n  }\n  primary_key {\n    columns = [column.id]\n  }\n  index \"i\" {\n    columns = [column.id]\n  }\n}\n",
        expect![[r#"
            Schema main [schema] at "main"
            Table users [table] at "users"
              Column id [integer] at "id"
              PrimaryKey primary_key [] at primary_key
              Index i [index] at "i"
        "#]],
    );
}

#[test]
fn blocks_of_a_configuration() {
    check(
        "atlas.hcl",
        "variable \"u\" {\n  type = string\n}\nlocals {\n  a = 1\n}\ndata \"sql\" \"t\" {\n}\nenv \"local\" {\n  migration {\n  }\n}\nenv {\n  name = atlas.env\n}\n",
        expect![[r#"
            Variable u [variable] at "u"
            Variable locals [] at locals
              Attribute a [] at a
            Data sql.t [data] at "t"
            Env local [env] at "local"
              Block migration [] at migration
            Env env [] at env
        "#]],
    );
}

#[test]
fn half_typed_block() {
    check(
        "a.lt.hcl",
        "table \"\" {\ntable\nview \"v",
        expect![[r#"
        Table table [table] at ""
          View v [view] at "v
    "#]],
    );
}

#[test]
fn statements() {
    check(
        "a.sql",
        "CREATE TABLE a (id int, n text DEFAULT 'x', CONSTRAINT pk PRIMARY KEY (id), CHECK (id > 0));\nCREATE UNIQUE INDEX i ON a (n);\nCREATE VIEW v AS SELECT 1;\nCREATE TRIGGER tr AFTER INSERT ON a BEGIN SELECT 1; END;\nALTER TABLE a ADD COLUMN z int;\nDROP TABLE a;\nSELECT 1;\n",
        expect![[r#"
            Table a [table] at a
              Column id [int] at id
              Column n [text] at n
              PrimaryKey pk [primary key] at pk
              Check check [] at CHECK (id > 0)
            Index i [index on a] at i
            View v [view] at v
            Trigger tr [trigger on a] at tr
            Statement a [add column] at a
            Statement a [drop table] at a
        "#]],
    );
}

#[track_caller]
fn find(query: &str, expected: Expect) {
    let fixture = Fixture::new(
        "",
        "-- a.lt.hcl --\ntable \"user_accounts\" {\n  column \"user_id\" { type = int }\n}\ntable \"uploads\" {}\n-- b.sql --\nCREATE TABLE users (id int);\n",
    );
    let mut out = String::new();
    for symbol in workspace_symbols(&fixture.snapshot, query) {
        let container = symbol.container.map(|name| format!(" in {name}")).unwrap_or_default();
        out.push_str(&format!(
            "{} {:?}{container}, {}\n",
            symbol.name,
            symbol.kind,
            fixture.name(symbol.place.file)
        ));
    }
    expected.assert_eq(&out);
}

#[test]
fn whole_name_comes_first() {
    find(
        "users",
        expect![[r#"
        users Table, b.sql
        user_accounts Table, a.lt.hcl
    "#]],
    );
}

#[test]
fn starts_of_words_match() {
    find(
        "ua",
        expect![[r#"
        user_accounts Table, a.lt.hcl
        uploads Table, a.lt.hcl
    "#]],
    );
}

#[test]
fn letter_that_is_missing() {
    find("usersx", expect![[""]]);
}

#[test]
fn empty_query_lists_what_stands_alone() {
    find(
        "",
        expect![[r#"
        users Table, b.sql
        uploads Table, a.lt.hcl
        user_accounts Table, a.lt.hcl
    "#]],
    );
}
