//! Tests: all places of a name, and those of one file.

use expect_test::{Expect, expect};

use crate::fixture::Fixture;
use crate::rendered;

#[track_caller]
fn check(fixture: &str, expected: Expect) {
    let fixture = Fixture::new("schema.sql", fixture);
    let (file, offset) = fixture.cursor();
    let all = super::references(&fixture.snapshot, file, offset, true);
    let uses = super::references(&fixture.snapshot, file, offset, false);
    let places = all.iter().map(|place| {
        let label = if uses.contains(place) { "use" } else { "definition" };
        (*place, label.to_owned())
    });
    expected.assert_eq(&rendered::places(&fixture, places.collect::<Vec<_>>()));
    let shown = crate::highlights(&fixture.snapshot, file, offset);
    let here: Vec<_> = all.iter().filter(|place| place.file == file).map(|place| place.range).collect();
    assert_eq!(shown.iter().map(|highlight| highlight.range).collect::<Vec<_>>(), here);
}

#[test]
fn table_in_hcl_and_the_sql_within() {
    check(
        r#"-- atlas.hcl --
env "local" {
  url = "sqlite://a.db"
  src = "file://schema"
}
-- schema/a.lt.hcl --
schema "main" {}
table "use$0rs" {
  schema = schema.main
  column "id" { type = integer }
}
-- schema/b.lt.hcl --
view "v" {
  schema     = schema.main
  as         = "SELECT users.id FROM users"
  depends_on = [table.users]
}
"#,
        expect![[r#"
            schema/a.lt.hcl:2: table "users" {
                                      ^^^^^ definition
            schema/b.lt.hcl:3: as         = "SELECT users.id FROM users"
                                                    ^^^^^ use
            schema/b.lt.hcl:3: as         = "SELECT users.id FROM users"
                                                                  ^^^^^ use
            schema/b.lt.hcl:4: depends_on = [table.users]
                                                   ^^^^^ use
        "#]],
    );
}

#[test]
fn column_in_statements() {
    check(
        "CREATE TABLE t (id int, n$0 text);\nCREATE INDEX i ON t (n);\nSELECT t.n FROM t WHERE N = 'x';\nSELECT n FROM other;\n",
        expect![[r#"
            schema.sql:1: CREATE TABLE t (id int, n text);
                                                  ^ definition
            schema.sql:2: CREATE INDEX i ON t (n);
                                               ^ use
            schema.sql:3: SELECT t.n FROM t WHERE N = 'x';
                                   ^ use
            schema.sql:3: SELECT t.n FROM t WHERE N = 'x';
                                                  ^ use
        "#]],
    );
}

#[test]
fn alias_in_its_statement_only() {
    check(
        "CREATE TABLE t (id int);\nSELECT x$0.id FROM t x;\nSELECT x.id FROM t x;\n",
        expect![[r#"
        schema.sql:2: SELECT x.id FROM t x;
                             ^ use
        schema.sql:2: SELECT x.id FROM t x;
                                         ^ definition
    "#]],
    );
}

#[test]
fn variable_of_a_configuration() {
    check(
        "-- atlas.hcl --\nvariable \"u$0\" {\n  type = string\n}\nenv \"a\" {\n  url = var.u\n}\nenv \"b\" {\n  url = \"${var.u}x\"\n}\n",
        expect![[r#"
            atlas.hcl:1: variable "u" {
                                   ^ definition
            atlas.hcl:5: url = var.u
                                   ^ use
            atlas.hcl:8: url = "${var.u}x"
                                      ^ use
        "#]],
    );
}

#[test]
fn local_of_a_configuration() {
    check(
        "-- atlas.hcl --\nlocals {\n  x = 1\n  y = local.x$0\n}\n",
        expect![[r#"
        atlas.hcl:2: x = 1
                     ^ definition
        atlas.hcl:3: y = local.x
                               ^ use
    "#]],
    );
}

#[test]
fn nothing_for_a_keyword() {
    check(
        "SEL$0ECT 1;\n",
        expect![[r#"
        nothing
    "#]],
    );
}
