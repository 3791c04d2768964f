//! Tests: from names to definitions.

use expect_test::{Expect, expect};
use text::TextRange;

use crate::fixture::Fixture;
use crate::rendered;

/// The project every test starts from: HCL over two files, a view, a trigger.
const PROJECT: &str = r#"-- atlas.hcl --
variable "url" {
  type    = string
  default = "sqlite://app.db"
}
env "local" {
  url = var.url
  src = ["file://schema/a.lt.hcl", "file://schema/b.lt.hcl"]
}
-- schema/a.lt.hcl --
schema "main" {}
table "users" {
  schema = schema.main
  column "id" { type = integer }
  column "name" { type = text }
  primary_key { columns = [column.id] }
}
"#;

#[track_caller]
fn check(fixture: &str, expected: Expect) {
    check_text("schema.lt.hcl", fixture, expected);
}

#[track_caller]
fn check_sql(fixture: &str, expected: Expect) {
    check_text("schema.sql", fixture, expected);
}

#[track_caller]
fn check_config(fixture: &str, expected: Expect) {
    check_text("atlas.hcl", fixture, expected);
}

/// With more files after those of [`PROJECT`].
#[track_caller]
fn check_project(more: &str, expected: Expect) {
    check_text("", &format!("{PROJECT}{more}"), expected);
}

#[track_caller]
fn check_text(name: &str, text: &str, expected: Expect) {
    let fixture = Fixture::new(name, text);
    let (file, offset) = fixture.cursor();
    let links = super::definition(&fixture.snapshot, file, offset);
    for link in &links {
        assert!(link.origin.contains_inclusive(offset), "a link starts at the cursor");
        let full: TextRange = link.full;
        assert!(full.contains_range(link.target.range), "a definition holds its name");
    }
    let places = links.iter().flat_map(|link| {
        [(rendered::place(file, link.origin), "from".to_owned()), (link.target, "to".to_owned())]
    });
    expected.assert_eq(&rendered::places(&fixture, places.collect::<Vec<_>>()));
}

#[test]
fn column_in_primary_key() {
    check(
        r#"
schema "main" {}
table "t" {
  schema = schema.main
  column "id" { type = integer }
  primary_key { columns = [column.i$0d] }
}
"#,
        expect![[r#"
            schema.lt.hcl:6: primary_key { columns = [column.id] }
                                                             ^^ from
            schema.lt.hcl:5: column "id" { type = integer }
                                     ^^ to
        "#]],
    );
}

#[test]
fn column_in_index_part() {
    check(
        r#"
schema "main" {}
table "t" {
  schema = schema.main
  column "a" { type = integer }
  index "i" {
    on { column = column.$0a }
  }
}
"#,
        expect![[r#"
            schema.lt.hcl:7: on { column = column.a }
                                                  ^ from
            schema.lt.hcl:5: column "a" { type = integer }
                                     ^ to
        "#]],
    );
}

#[test]
fn schema_of_a_table() {
    check(
        "schema \"main\" {}\ntable \"t\" {\n  schema = schema.ma$0in\n  column \"a\" { type = int }\n}\n",
        expect![[r#"
            schema.lt.hcl:3: schema = schema.main
                                             ^^^^ from
            schema.lt.hcl:1: schema "main" {}
                                     ^^^^ to
        "#]],
    );
}

#[test]
fn definition_of_a_definition_is_itself() {
    check(
        "schema \"main\" {}\ntable \"t$0\" {\n  schema = schema.main\n  column \"a\" { type = int }\n}\n",
        expect![[r#"
            schema.lt.hcl:2: table "t" {
                                    ^ from
            schema.lt.hcl:2: table "t" {
                                    ^ to
        "#]],
    );
}

#[test]
fn variable_of_a_schema_file() {
    check(
        "variable \"s\" {\n  type = string\n  default = \"main\"\n}\nschema \"x\" {\n  name = var.$0s\n}\n",
        expect![[r#"
            schema.lt.hcl:6: name = var.s
                                        ^ from
            schema.lt.hcl:1: variable "s" {
                                      ^^^ to
        "#]],
    );
}

#[test]
fn table_of_another_file() {
    check_project(
        r#"-- schema/b.lt.hcl --
table "posts" {
  schema = schema.main
  column "author" { type = integer }
  foreign_key "fk" {
    columns     = [column.author]
    ref_columns = [table.us$0ers.column.id]
  }
}
"#,
        expect![[r#"
            schema/b.lt.hcl:6: ref_columns = [table.users.column.id]
                                                    ^^^^^ from
            schema/a.lt.hcl:2: table "users" {
                                      ^^^^^ to
        "#]],
    );
}

#[test]
fn column_of_a_table_of_another_file() {
    check_project(
        r#"-- schema/b.lt.hcl --
table "posts" {
  schema = schema.main
  column "author" { type = integer }
  foreign_key "fk" {
    columns     = [column.author]
    ref_columns = [table.users.column.i$0d]
  }
}
"#,
        expect![[r#"
            schema/b.lt.hcl:6: ref_columns = [table.users.column.id]
                                                                 ^^ from
            schema/a.lt.hcl:4: column "id" { type = integer }
                                       ^^ to
        "#]],
    );
}

#[test]
fn table_in_the_query_of_a_view() {
    check_project(
        "-- schema/b.lt.hcl --\nview \"v\" {\n  schema = schema.main\n  as = <<-SQL\n    SELECT u.id, u.name\n    FROM us$0ers AS u\n  SQL\n}\n",
        expect![[r#"
            schema/b.lt.hcl:5: FROM users AS u
                                    ^^^^^ from
            schema/a.lt.hcl:2: table "users" {
                                      ^^^^^ to
        "#]],
    );
}

#[test]
fn column_in_the_query_of_a_view() {
    check_project(
        "-- schema/b.lt.hcl --\nview \"v\" {\n  schema = schema.main\n  as = <<-SQL\n    SELECT u.id, u.na$0me\n    FROM users AS u\n  SQL\n}\n",
        expect![[r#"
            schema/b.lt.hcl:4: SELECT u.id, u.name
                                              ^^^^ from
            schema/a.lt.hcl:5: column "name" { type = text }
                                       ^^^^ to
        "#]],
    );
}

#[test]
fn alias_in_the_query_of_a_view() {
    check_project(
        "-- schema/b.lt.hcl --\nview \"v\" {\n  schema = schema.main\n  as = \"SELECT u$0.id FROM users AS u\"\n}\n",
        expect![[r#"
            schema/b.lt.hcl:3: as = "SELECT u.id FROM users AS u"
                                            ^ from
            schema/b.lt.hcl:3: as = "SELECT u.id FROM users AS u"
                                                               ^ to
        "#]],
    );
}

#[test]
fn column_in_a_check() {
    check(
        "schema \"main\" {}\ntable \"t\" {\n  schema = schema.main\n  column \"age\" { type = int }\n  check \"c\" {\n    expr = \"ag$0e > 0\"\n  }\n}\n",
        expect![[r#"
            schema.lt.hcl:6: expr = "age > 0"
                                     ^^^ from
            schema.lt.hcl:4: column "age" { type = int }
                                     ^^^ to
        "#]],
    );
}

#[test]
fn column_in_the_body_of_a_trigger() {
    check_project(
        "-- schema/b.lt.hcl --\ntrigger \"tr\" {\n  on = table.users\n  after { insert = true }\n  as = <<-SQL\n    BEGIN\n      UPDATE users SET name = 'x' WHERE id = NEW.i$0d;\n    END\n  SQL\n}\n",
        expect![[r#"
            schema/b.lt.hcl:6: UPDATE users SET name = 'x' WHERE id = NEW.id;
                                                                          ^^ from
            schema/a.lt.hcl:4: column "id" { type = integer }
                                       ^^ to
        "#]],
    );
}

#[test]
fn input_variable() {
    check_config(
        "variable \"u\" {\n  type = string\n}\nenv \"e\" {\n  url = var.$0u\n}\n",
        expect![[r#"
        atlas.hcl:5: url = var.u
                               ^ from
        atlas.hcl:1: variable "u" {
                               ^ to
    "#]],
    );
}

#[test]
fn local_value() {
    check_config(
        "locals {\n  a = 1\n  b = 2\n}\nenv \"e\" {\n  url = \"x${local.b$0}\"\n}\n",
        expect![[r#"
        atlas.hcl:6: url = "x${local.b}"
                                     ^ from
        atlas.hcl:3: b = 2
                     ^ to
    "#]],
    );
}

#[test]
fn data_source() {
    check_config(
        "data \"hcl_schema\" \"app\" {\n  path = \"schema.hcl\"\n}\nenv \"e\" {\n  src = data.hcl_schema.ap$0p.url\n}\n",
        expect![[r#"
            atlas.hcl:5: src = data.hcl_schema.app.url
                                               ^^^ from
            atlas.hcl:1: data "hcl_schema" "app" {
                                            ^^^ to
        "#]],
    );
}

#[test]
fn source_of_an_env_is_its_file() {
    check_text(
        "",
        "-- atlas.hcl --\nenv \"e\" {\n  url = \"sqlite://a.db\"\n  src = \"file://sch$0ema.sql\"\n}\n-- schema.sql --\ncreate table t (a int);\n",
        expect![[r#"
            atlas.hcl:3: src = "file://schema.sql"
                                ^^^^^^^^^^^^^^^^^ from
            schema.sql:1: create table t (a int);
                          ^ to
        "#]],
    );
}

#[test]
fn undefined_name_leads_nowhere() {
    check_config(
        "env \"e\" {\n  url = var.$0nothing\n}\n",
        expect![[r#"
        nothing
    "#]],
    );
}

#[test]
fn table_of_a_statement() {
    check_sql(
        "CREATE TABLE users (id int);\nSELECT * FROM use$0rs;\n",
        expect![[r#"
        schema.sql:2: SELECT * FROM users;
                                    ^^^^^ from
        schema.sql:1: CREATE TABLE users (id int);
                                   ^^^^^ to
    "#]],
    );
}

#[test]
fn column_of_a_statement_without_qualifier() {
    check_sql(
        "CREATE TABLE users (id int, name text);\nSELECT na$0me FROM users;\n",
        expect![[r#"
        schema.sql:2: SELECT name FROM users;
                             ^^^^ from
        schema.sql:1: CREATE TABLE users (id int, name text);
                                                  ^^^^ to
    "#]],
    );
}

#[test]
fn names_of_sqlite_have_no_case() {
    check_sql(
        "CREATE TABLE Users (ID int);\nSELECT i$0d FROM USERS;\n",
        expect![[r#"
        schema.sql:2: SELECT id FROM USERS;
                             ^^ from
        schema.sql:1: CREATE TABLE Users (ID int);
                                          ^^ to
    "#]],
    );
}

#[test]
fn table_of_a_foreign_key() {
    check_sql(
        "CREATE TABLE a (id int primary key);\nCREATE TABLE b (x int REFERENCES $0a (id));\n",
        expect![[r#"
            schema.sql:2: CREATE TABLE b (x int REFERENCES a (id));
                                                           ^ from
            schema.sql:1: CREATE TABLE a (id int primary key);
                                       ^ to
        "#]],
    );
}

#[test]
fn column_of_an_index() {
    check_sql(
        "CREATE TABLE a (id int, n text);\nCREATE INDEX i ON a (n$0);\n",
        expect![[r#"
        schema.sql:2: CREATE INDEX i ON a (n);
                                           ^ from
        schema.sql:1: CREATE TABLE a (id int, n text);
                                              ^ to
    "#]],
    );
}

#[test]
fn common_table_expression() {
    check_sql(
        "CREATE TABLE a (id int);\nWITH c AS (SELECT id AS x FROM a) SELECT x FROM c$0;\n",
        expect![[r#"
            schema.sql:2: WITH c AS (SELECT id AS x FROM a) SELECT x FROM c;
                                                                          ^ from
            schema.sql:2: WITH c AS (SELECT id AS x FROM a) SELECT x FROM c;
                               ^ to
        "#]],
    );
}

#[test]
fn column_of_a_common_table_expression() {
    check_sql(
        "CREATE TABLE a (id int);\nWITH c AS (SELECT id AS x FROM a) SELECT c.x$0 FROM c;\n",
        expect![[r#"
            schema.sql:2: WITH c AS (SELECT id AS x FROM a) SELECT c.x FROM c;
                                                                     ^ from
            schema.sql:2: WITH c AS (SELECT id AS x FROM a) SELECT c.x FROM c;
                                                  ^ to
        "#]],
    );
}

#[test]
fn column_of_an_outer_query() {
    check_sql(
        "CREATE TABLE a (id int);\nCREATE TABLE b (aid int);\nSELECT * FROM a WHERE EXISTS (SELECT 1 FROM b WHERE aid = i$0d);\n",
        expect![[r#"
            schema.sql:3: SELECT * FROM a WHERE EXISTS (SELECT 1 FROM b WHERE aid = id);
                                                                                    ^^ from
            schema.sql:1: CREATE TABLE a (id int);
                                          ^^ to
        "#]],
    );
}

#[test]
fn column_set_by_an_update() {
    check_sql(
        "CREATE TABLE a (id int, n text);\nUPDATE a SET n$0 = 'x';\n",
        expect![[r#"
        schema.sql:2: UPDATE a SET n = 'x';
                                   ^ from
        schema.sql:1: CREATE TABLE a (id int, n text);
                                              ^ to
    "#]],
    );
}

#[test]
fn column_of_an_insert() {
    check_sql(
        "CREATE TABLE a (id int, n text);\nINSERT INTO a (id, $0n) VALUES (1, 'x');\n",
        expect![[r#"
        schema.sql:2: INSERT INTO a (id, n) VALUES (1, 'x');
                                         ^ from
        schema.sql:1: CREATE TABLE a (id int, n text);
                                              ^ to
    "#]],
    );
}

#[test]
fn view_of_a_statement() {
    check_sql(
        "CREATE TABLE a (id int);\nCREATE VIEW v AS SELECT id FROM a;\nSELECT * FROM $0v;\n",
        expect![[r#"
            schema.sql:3: SELECT * FROM v;
                                        ^ from
            schema.sql:2: CREATE VIEW v AS SELECT id FROM a;
                                      ^ to
        "#]],
    );
}

#[test]
fn table_of_a_dialect_we_do_not_understand() {
    check_text(
        "schema.pg.hcl",
        "table \"users\" {\n  schema = schema.public\n  column \"id\" { type = bigserial }\n}\ntable \"posts\" {\n  foreign_key \"f\" {\n    ref_columns = [table.users.column.i$0d]\n  }\n}\n",
        expect![[r#"
            schema.pg.hcl:7: ref_columns = [table.users.column.id]
                                                               ^^ from
            schema.pg.hcl:3: column "id" { type = bigserial }
                                     ^^ to
        "#]],
    );
}

#[test]
fn sql_of_an_unknown_table_leads_nowhere() {
    check_sql(
        "SELECT a$0 FROM nowhere;\n",
        expect![[r#"
        nothing
    "#]],
    );
}
