//! Tests: the files after a renaming.

use expect_test::{Expect, expect};
use text::{FileId, Text};

use crate::fixture::Fixture;

fn apply(fixture: &Fixture, edits: &[(FileId, Vec<text::TextEdit>)]) -> String {
    let mut out = String::new();
    for (file, edits) in edits {
        let mut text = Text::new(&fixture.text(*file)).to_string();
        for edit in edits.iter().rev() {
            text.replace_range(usize::from(edit.range.start())..usize::from(edit.range.end()), &edit.insert);
        }
        out.push_str(&format!("-- {} --\n{text}", fixture.name(*file)));
    }
    out
}

#[track_caller]
fn check(name: &str, text: &str, new: &str, expected: Expect) {
    let fixture = Fixture::new(name, text);
    let (file, offset) = fixture.cursor();
    let shown = match super::rename(&fixture.snapshot, file, offset, new) {
        Ok(edits) => apply(&fixture, &edits),
        Err(reason) => format!("refused: {reason}\n"),
    };
    expected.assert_eq(&shown);
}

#[test]
fn a_table_in_hcl_everywhere_it_is_named() {
    check(
        "schema.lt.hcl",
        r#"schema "main" {}
table "users" {
  schema = schema.main
  column "id" { type = integer }
}
table "posts" {
  schema = schema.main
  column "author" { type = integer }
  foreign_key "fk" {
    columns     = [column.author]
    ref_columns = [table.us$0ers.column.id]
  }
}
"#,
        "people",
        expect![[r#"
            -- schema.lt.hcl --
            schema "main" {}
            table "people" {
              schema = schema.main
              column "id" { type = integer }
            }
            table "posts" {
              schema = schema.main
              column "author" { type = integer }
              foreign_key "fk" {
                columns     = [column.author]
                ref_columns = [table.people.column.id]
              }
            }
        "#]],
    );
}

#[test]
fn a_column_in_sql_with_its_uses() {
    check(
        "schema.sql",
        "CREATE TABLE t (id int, n$0 text);\nCREATE INDEX i ON t (n);\nCREATE VIEW v AS SELECT t.n FROM t;\n",
        "select",
        expect![[r#"
            -- schema.sql --
            CREATE TABLE t (id int, `select` text);
            CREATE INDEX i ON t (`select`);
            CREATE VIEW v AS SELECT t.`select` FROM t;
        "#]],
    );
}

#[test]
fn a_name_that_is_taken() {
    check(
        "schema.sql",
        "CREATE TABLE t$0 (id int);\nCREATE TABLE u (id int);\n",
        "u",
        expect![[r#"
        refused: table "u" exists already
    "#]],
    );
}

#[test]
fn a_name_that_hcl_cannot_write() {
    check(
        "schema.lt.hcl",
        "schema \"main\" {}\ntable \"t$0\" {\n  schema = schema.main\n  column \"a\" {\n    type = text\n  }\n}\nview \"v\" {\n  schema = schema.main\n  as = \"SELECT a FROM t\"\n  depends_on = [table.t]\n}\n",
        "my table",
        expect![[r#"
            refused: "my table" cannot be written at schema.lt.hcl:10
        "#]],
    );
}

#[test]
fn a_variable_of_a_configuration() {
    check(
        "atlas.hcl",
        "variable \"url$0\" {\n  type = string\n}\nenv \"a\" {\n  url = var.url\n}\n",
        "target",
        expect![[r#"
            -- atlas.hcl --
            variable "target" {
              type = string
            }
            env "a" {
              url = var.target
            }
        "#]],
    );
}

/// A project whose database was made from `database`, so that its plan is known.
fn known(database: &str, schema: &str) -> Fixture {
    let other = Fixture::new("schema.sql", database);
    let id = other.files[0].1;
    let realm =
        other.snapshot.state_of(id).and_then(|state| state.state().cloned()).expect("a state").realm.clone();
    let text = format!(
        "-- atlas.hcl --\nenv \"local\" {{\n  url = \"sqlite://a.db\"\n  src = \"file://schema.sql\"\n}}\n-- schema.sql --\n{schema}"
    );
    let mut fixture = Fixture::new("atlas.hcl", &text);
    let config = project::Path::new("/p/atlas.hcl");
    let env = fixture.snapshot.env(&config, "local").expect("an env");
    let want = project::Want::Database(project::target(&env).expect("a target"));
    let answer = project::Answer::Realm(realm, std::sync::Arc::default());
    fixture.project.set_fact(want, project::Fact { answer, time: 0 });
    fixture.snapshot = fixture.project.snapshot();
    fixture
}

#[test]
fn a_name_that_a_database_has_leaves_a_hint() {
    let fixture =
        known("CREATE TABLE t (id int, n text);\n", "CREATE TABLE t (\n  id int,\n  n$0 text\n);\n");
    let (file, offset) = fixture.cursor();
    let edits = super::rename(&fixture.snapshot, file, offset, "name").expect("it can be renamed");
    expect![[r#"
        -- schema.sql --
        CREATE TABLE t (
          id int,
          -- atlas:renamed_from n
          name text
        );
    "#]]
    .assert_eq(&apply(&fixture, &edits));
}

#[test]
fn a_drop_and_an_add_that_look_like_a_renaming_are_asked_about() {
    let fixture =
        known("CREATE TABLE t (id int, n text);\n", "CREATE TABLE t (\n  id int,\n  name text\n);\n");
    let file = fixture.file("schema.sql");
    let found = crate::diagnostics(&fixture.snapshot, file);
    let told: Vec<_> = found.iter().filter(|it| it.code == super::suggest::POSSIBLE).collect();
    assert_eq!(told.len(), 1, "{found:?}");
    expect![[r#"column "name" of table "t" is new and column "n" is gone: the plan drops "n" with all that is in it (plan of env "local")"#]].assert_eq(&told[0].message);
    expect![[r#"
        -- schema.sql --
        CREATE TABLE t (
          id int,
          -- atlas:renamed_from n
          name text
        );
    "#]]
    .assert_eq(&apply(&fixture, &[(file, told[0].fixes[0].edits.clone())]));
}

#[test]
fn a_hint_that_has_done_its_work_can_go() {
    let fixture = known(
        "CREATE TABLE t (id int, name text);\n",
        "CREATE TABLE t (\n  id int,\n  -- atlas:renamed_from n\n  name text\n);\n",
    );
    let file = fixture.file("schema.sql");
    let found = crate::diagnostics(&fixture.snapshot, file);
    let told: Vec<_> = found.iter().filter(|it| it.code == super::suggest::DONE).collect();
    assert_eq!(told.len(), 1, "{found:?}");
    expect![[r#"
        -- schema.sql --
        CREATE TABLE t (
          id int,
          name text
        );
    "#]]
    .assert_eq(&apply(&fixture, &[(file, told[0].fixes[0].edits.clone())]));
}
