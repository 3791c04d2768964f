//! Tests: what is offered, and what the files are afterwards.

use std::sync::Arc;

use expect_test::{Expect, expect};
use project::{Answer, Fact, Path, Want};
use text::{TextRange, apply_edits};

use super::{Action, ActionKind, fixes};
use crate::fixture::Fixture;
use crate::{diagnostics, plan_definition, plan_document, plan_links, status};

const CONFIG: &str =
    "-- atlas.hcl --\nenv \"local\" {\n  url = \"sqlite://app.db\"\n  src = \"file://schema.lt.hcl\"\n}\n";
const SQL_CONFIG: &str =
    "-- atlas.hcl --\nenv \"local\" {\n  url = \"sqlite://app.db\"\n  src = \"file://schema.sql\"\n}\n";

/// A project whose target is known to be what the file `target.sql`, or another `target.…`, defines.
fn with_target(text: &str) -> Fixture {
    let mut fixture = Fixture::new("", text);
    let target = fixture.files.iter().find(|(name, _)| name.contains("target."));
    let target = target.map(|(_, id)| *id).expect("a target");
    let state = fixture.snapshot.state_of(target).expect("a state");
    let realm = state.state().expect("made from files").realm.clone();
    let plan = fixture.snapshot.plan(&Path::new("/p/atlas.hcl"), "local");
    let want = Want::Database(plan.target.clone().expect("a target"));
    fixture
        .project
        .set_fact(want, Fact { answer: Answer::Realm(Arc::clone(&realm), Arc::default()), time: 1_000 });
    fixture.snapshot = fixture.project.snapshot();
    fixture
}

/// All actions at the cursor, each with the lines it changes.
#[track_caller]
fn check_plan(text: &str, expected: Expect) {
    let fixture = with_target(text);
    check(&fixture, expected);
}

#[track_caller]
fn check_file(name: &str, text: &str, expected: Expect) {
    check(&Fixture::new(name, text), expected);
}

#[track_caller]
fn check(fixture: &Fixture, expected: Expect) {
    let (file, offset) = fixture.cursor();
    let mut out = String::new();
    for action in fixes(&fixture.snapshot, file, TextRange::empty(offset)) {
        out.push_str(&shown(fixture, &action));
    }
    expected.assert_eq(&out);
}

fn shown(fixture: &Fixture, action: &Action) -> String {
    let mut marks = String::new();
    if action.preferred {
        marks.push_str(" (preferred)");
    }
    if action.kind == ActionKind::FixAll {
        marks.push_str(" (all)");
    }
    let mut out = format!("{}{marks}\n", action.title);
    for (file, edits) in &action.edits {
        let before = fixture.text(*file);
        let after = apply_edits(&before, edits);
        for line in changed(&before, &after) {
            out.push_str(&format!("  {} {line}\n", fixture.name(*file)));
        }
    }
    out
}

/// The lines between the common start and the common end of two texts.
fn changed(before: &str, after: &str) -> Vec<String> {
    let (a, b): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let tail = a[head..].iter().rev().zip(b[head..].iter().rev()).take_while(|(a, b)| a == b).count();
    let gone = a[head..a.len() - tail].iter().map(|line| format!("-{line}"));
    gone.chain(b[head..b.len() - tail].iter().map(|line| format!("+{line}"))).collect()
}

#[test]
fn misspelt_block() {
    check_file(
        "a.lt.hcl",
        "schema \"main\" {}\ntabel$0 \"t\" {\n  schema = schema.main\n}\n",
        expect![[r#"
        Change to "table" (preferred)
          a.lt.hcl -tabel "t" {
          a.lt.hcl +table "t" {
    "#]],
    );
}

#[test]
fn misspelt_reference() {
    check_file(
        "a.lt.hcl",
        "schema \"main\" {}\ntable \"t\" {\n  schema = schema.main\n  column \"name\" {\n    type = text\n  }\n  primary_key {\n    columns = [column.nam$0]\n  }\n}\n",
        expect![[r#"
            Change to "name" (preferred)
              a.lt.hcl -    columns = [column.nam]
              a.lt.hcl +    columns = [column.name]
        "#]],
    );
}

#[test]
fn nothing_wrong_nothing_offered() {
    check_file("a.sql", "CREATE TABLE a (id$0 int);\n", expect![[""]]);
}

#[test]
fn new_column_without_default_in_hcl() {
    check_plan(
        &format!(
            "{CONFIG}-- schema.lt.hcl --\nschema \"main\" {{}}\ntable \"t\" {{\n  schema = schema.main\n  column \"id\" {{\n    null = true\n    type = int\n  }}\n  column \"n$0\" {{\n    null = false\n    type = int\n  }}\n}}\n-- target.sql --\nCREATE TABLE t (id int);\n"
        ),
        expect![[r#"
            Give column "n" the default 0 (preferred)
              schema.lt.hcl +    default = 0
            Let column "n" be NULL
              schema.lt.hcl -    null = false
              schema.lt.hcl +    null = true
            Do not report MF103 in env "local"
              atlas.hcl +  lint {
              atlas.hcl +    check "MF103" {
              atlas.hcl +      skip = true
              atlas.hcl +    }
              atlas.hcl +  }
        "#]],
    );
}

#[test]
fn new_column_without_default_in_sql() {
    check_plan(
        &format!(
            "{SQL_CONFIG}-- schema.sql --\nCREATE TABLE t (id int, n$0 text NOT NULL);\n-- target.sql --\nCREATE TABLE t (id int);\n"
        ),
        expect![[r#"
            Give column "n" the default '' (preferred)
              schema.sql -CREATE TABLE t (id int, n text NOT NULL);
              schema.sql +CREATE TABLE t (id int, n text NOT NULL DEFAULT '');
            Let column "n" be NULL
              schema.sql -CREATE TABLE t (id int, n text NOT NULL);
              schema.sql +CREATE TABLE t (id int, n text);
            Do not report MF103 in env "local"
              atlas.hcl +  lint {
              atlas.hcl +    check "MF103" {
              atlas.hcl +      skip = true
              atlas.hcl +    }
              atlas.hcl +  }
        "#]],
    );
}

#[test]
fn dropped_column() {
    check_plan(
        &format!(
            "{SQL_CONFIG}-- schema.sql --\nCREATE TABLE t$0 (id int);\n-- target.sql --\nCREATE TABLE t (id int, n text);\n"
        ),
        expect![[r#"
            Leave dropped columns out of plans of env "local"
              atlas.hcl +  diff {
              atlas.hcl +    skip {
              atlas.hcl +      drop_column = true
              atlas.hcl +    }
              atlas.hcl +  }
            Let findings of "destructive" be warnings in env "local"
              atlas.hcl +  lint {
              atlas.hcl +    destructive {
              atlas.hcl +      error = false
              atlas.hcl +    }
              atlas.hcl +  }
            Do not report DS103 in env "local"
              atlas.hcl +  lint {
              atlas.hcl +    check "DS103" {
              atlas.hcl +      skip = true
              atlas.hcl +    }
              atlas.hcl +  }
        "#]],
    );
}

#[test]
fn dropped_table_when_the_env_has_blocks_already() {
    check_plan(
        "-- atlas.hcl --\nenv \"local\" {\n  url = \"sqlite://app.db\"\n  src = \"file://schema.sql\"\n  diff {\n    skip {\n      drop_index = true\n    }\n  }\n  lint {}\n}\n-- schema.sql --\n$0CREATE TABLE t (id int);\n-- target.sql --\nCREATE TABLE t (id int);\nCREATE TABLE gone (id int);\n",
        expect![[r#"
            Leave dropped tables out of plans of env "local"
              atlas.hcl +      drop_table = true
            Let findings of "destructive" be warnings in env "local"
              atlas.hcl -  lint {}
              atlas.hcl +  lint {
              atlas.hcl +    destructive {
              atlas.hcl +      error = false
              atlas.hcl +    }
              atlas.hcl +  }
            Do not report DS102 in env "local"
              atlas.hcl -  lint {}
              atlas.hcl +  lint {
              atlas.hcl +    check "DS102" {
              atlas.hcl +      skip = true
              atlas.hcl +    }
              atlas.hcl +  }
        "#]],
    );
}

#[test]
fn unique_index_on_existing_column() {
    check_plan(
        &format!(
            "{SQL_CONFIG}-- schema.sql --\nCREATE TABLE t (id int);\nCREATE UNIQUE INDEX i$0 ON t (id);\n-- target.sql --\nCREATE TABLE t (id int);\n"
        ),
        expect![[r#"
            Do not report MF101 in env "local"
              atlas.hcl +  lint {
              atlas.hcl +    check "MF101" {
              atlas.hcl +      skip = true
              atlas.hcl +    }
              atlas.hcl +  }
        "#]],
    );
}

#[test]
fn name_that_breaks_the_policy() {
    check_plan(
        "-- atlas.hcl --\nenv \"local\" {\n  url = \"sqlite://app.db\"\n  src = \"file://schema.lt.hcl\"\n  lint {\n    naming {\n      match = \"^[a-z_]+$\"\n    }\n  }\n}\n-- schema.lt.hcl --\nschema \"main\" {}\ntable \"userAccounts$0\" {\n  schema = schema.main\n  column \"id\" {\n    type = int\n  }\n}\nview \"v\" {\n  schema     = schema.main\n  as         = \"SELECT id FROM userAccounts\"\n  depends_on = [table.userAccounts]\n}\n-- target.sql --\nCREATE TABLE o (id int);\n",
        expect![[r#"
            Rename table "userAccounts" to "user_accounts" (preferred)
              schema.lt.hcl -table "userAccounts" {
              schema.lt.hcl -  schema = schema.main
              schema.lt.hcl -  column "id" {
              schema.lt.hcl -    type = int
              schema.lt.hcl -  }
              schema.lt.hcl -}
              schema.lt.hcl -view "v" {
              schema.lt.hcl -  schema     = schema.main
              schema.lt.hcl -  as         = "SELECT id FROM userAccounts"
              schema.lt.hcl -  depends_on = [table.userAccounts]
              schema.lt.hcl +table "user_accounts" {
              schema.lt.hcl +  schema = schema.main
              schema.lt.hcl +  column "id" {
              schema.lt.hcl +    type = int
              schema.lt.hcl +  }
              schema.lt.hcl +}
              schema.lt.hcl +view "v" {
              schema.lt.hcl +  schema     = schema.main
              schema.lt.hcl +  as         = "SELECT id FROM user_accounts"
              schema.lt.hcl +  depends_on = [table.user_accounts]
            Do not report NM102 in env "local"
              atlas.hcl +    check "NM102" {
              atlas.hcl +      skip = true
              atlas.hcl +    }
        "#]],
    );
}

#[test]
fn edits_leave_the_files_readable() {
    let text = format!(
        "{SQL_CONFIG}-- schema.sql --\nCREATE TABLE t$0 (id int);\n-- target.sql --\nCREATE TABLE t (id int, n text);\n"
    );
    let fixture = with_target(&text);
    let (file, offset) = fixture.cursor();
    let actions = fixes(&fixture.snapshot, file, TextRange::empty(offset));
    assert!(!actions.is_empty());
    for action in actions {
        for (file, edits) in &action.edits {
            let after = apply_edits(&fixture.text(*file), edits);
            if fixture.name(*file) == "atlas.hcl" {
                assert_eq!(syntax::hcl::File::of(&after).errors(), [], "{after}");
                assert_eq!(syntax::hcl::format(&after), after, "what is added is formatted");
            }
        }
    }
}

#[test]
fn plan_document_leads_back_to_the_schema() {
    let text = format!(
        "{SQL_CONFIG}-- schema.sql --\nCREATE TABLE t (id int);\nCREATE TABLE u (id int REFERENCES t (id));\n-- target.sql --\nCREATE TABLE o (id int);\n"
    );
    let fixture = with_target(&text);
    let config = Path::new("/p/atlas.hcl");
    let document = plan_document(&fixture.snapshot, &config, "local", Some(5_000));
    let mut out = document.text.clone();
    for link in plan_links(&fixture.snapshot, &document) {
        out.push_str(&format!("link {:?}: {}\n", &document.text[link.range], link.tooltip));
    }
    let at = document.text.find("REFERENCES `t`").map(|at| at + 13).expect("a reference") as u32;
    for link in plan_definition(&fixture.snapshot, &config, "local", &document, at.into()) {
        let target = fixture.slice(link.target.file, link.full);
        out.push_str(&format!("{:?} is {target:?}\n", &document.text[link.origin]));
    }
    expect![[r#"
        -- Plan of env "local"
        -- Target: sqlite://app.db, inspected 4 s ago
        -- Desired state: schema.sql
        -- 5 statements, 1 finding

        -- Disable the enforcement of foreign-keys constraints
        PRAGMA foreign_keys = off;

        -- Drop "o" table
        -- DS102: Dropping table "o"
        DROP TABLE `o`;

        -- Create "t" table
        -- from schema.sql:1
        CREATE TABLE `t` (
          `id` int NULL
        );

        -- Create "u" table
        -- from schema.sql:2
        CREATE TABLE `u` (
          `id` int NULL,
          CONSTRAINT `0` FOREIGN KEY (`id`) REFERENCES `t` (`id`) ON UPDATE NO ACTION ON DELETE NO ACTION
        );

        -- Enable back the enforcement of foreign-keys constraints
        PRAGMA foreign_keys = on;
        link "schema.sql:1": Open schema.sql
        link "schema.sql:2": Open schema.sql
        "`t`" is "CREATE TABLE t (id int)"
    "#]]
    .assert_eq(&out);
}

#[test]
fn status_of_a_known_target() {
    let text = "-- atlas.hcl --\nenv \"local\" {\n  url = \"sqlite://app.db?_auth_pass=secret\"\n  src = \"file://schema.sql\"\n}\n-- schema.sql --\nCREATE TABLE t (id int);\n-- target.sql --\nCREATE TABLE t (id int);\n";
    let fixture = with_target(text);
    expect![[r#"
        [
            FolderStatus {
                config: Path(
                    "/p/atlas.hcl",
                ),
                file: FileId(
                    0,
                ),
                env: Some(
                    "local",
                ),
                envs: [
                    "local",
                ],
                unlabeled: false,
                dialect: Some(
                    "SQLite",
                ),
                target: Some(
                    "sqlite://app.db?_auth_pass=xxxxx",
                ),
                summary: "in sync",
                failed: false,
                facts: [
                    FactStatus {
                        name: "state of sqlite://app.db?_auth_pass=xxxxx",
                        state: Known {
                            time: 1000,
                        },
                    },
                ],
            },
        ]
    "#]]
    .assert_debug_eq(&status(&fixture.snapshot));
}

#[test]
fn status_before_anything_is_known() {
    let fixture = Fixture::new("atlas.hcl", "env {\n  name = atlas.env\n  url = getenv(\"URL\")\n}\n");
    expect![[r#"
        [
            FolderStatus {
                config: Path(
                    "/p/atlas.hcl",
                ),
                file: FileId(
                    0,
                ),
                env: None,
                envs: [],
                unlabeled: true,
                dialect: None,
                target: None,
                summary: "no env is chosen",
                failed: false,
                facts: [],
            },
        ]
    "#]]
    .assert_debug_eq(&status(&fixture.snapshot));
}

#[test]
fn findings_stand_in_the_schema() {
    let text = format!(
        "{SQL_CONFIG}-- schema.sql --\nCREATE TABLE t (id int);\n-- target.sql --\nCREATE TABLE t (id int, n text);\n"
    );
    let fixture = with_target(&text);
    let found = diagnostics(&fixture.snapshot, fixture.file("schema.sql"));
    assert_eq!(found.iter().map(|diagnostic| diagnostic.code).collect::<Vec<_>>(), ["DS103"]);
}

const POSTGRES_CONFIG: &str = "-- atlas.hcl --\nenv \"local\" {\n  url = \"postgres://localhost:5432/app?search_path=public\"\n  src = \"file://schema.pg.hcl\"\n}\n";

#[test]
fn index_of_postgres_that_blocks_writes() {
    let table = "schema \"public\" {}\ntable \"t\" {\n  schema = schema.public\n  column \"a\" {\n    type = integer\n  }\n";
    let text = format!(
        "{POSTGRES_CONFIG}-- schema.pg.hcl --\n{table}  index \"i$0\" {{\n    columns = [column.a]\n  }}\n}}\n-- is/target.pg.hcl --\n{table}}}\n"
    );
    check_plan(
        &text,
        expect![[r#"
        Create indexes concurrently in env "local"
          atlas.hcl +  diff {
          atlas.hcl +    concurrent_index {
          atlas.hcl +      create = true
          atlas.hcl +    }
          atlas.hcl +  }
        Do not report PG101 in env "local"
          atlas.hcl +  lint {
          atlas.hcl +    check "PG101" {
          atlas.hcl +      skip = true
          atlas.hcl +    }
          atlas.hcl +  }
    "#]],
    );
    let fixture = with_target(&text);
    let (file, offset) = fixture.cursor();
    let hover = crate::hover(&fixture.snapshot, file, offset).expect("something to say");
    assert!(
        hover.markdown.contains("**PG101** (concurrent_index): index was not created concurrently"),
        "{}",
        hover.markdown
    );
}

#[test]
fn index_of_postgres_that_is_created_concurrently() {
    let table = "schema \"public\" {}\ntable \"t\" {\n  schema = schema.public\n  column \"a\" {\n    type = integer\n  }\n";
    check_plan(
        &format!(
            "-- atlas.hcl --\nenv \"local\" {{\n  url = \"postgres://localhost:5432/app?search_path=public\"\n  src = \"file://schema.pg.hcl\"\n  diff {{\n    concurrent_index {{\n      create = true\n    }}\n  }}\n}}\n-- schema.pg.hcl --\n{table}  index \"i$0\" {{\n    columns = [column.a]\n  }}\n}}\n-- is/target.pg.hcl --\n{table}}}\n"
        ),
        expect![[""]],
    );
}

#[test]
fn column_of_mysql_that_is_filled_silently() {
    check_plan(
        "-- atlas.hcl --\nenv \"local\" {\n  url = \"mysql://localhost:3306/app\"\n  src = \"file://schema.my.hcl\"\n}\n-- schema.my.hcl --\nschema \"app\" {}\ntable \"t\" {\n  schema = schema.app\n  column \"a\" {\n    type = int\n  }\n  column \"b$0\" {\n    null = false\n    type = varchar(10)\n  }\n}\n-- is/target.my.hcl --\nschema \"app\" {}\ntable \"t\" {\n  schema = schema.app\n  column \"a\" {\n    type = int\n  }\n}\n",
        expect![[r#"
            Give column "b" the default "" (preferred)
              schema.my.hcl +    default = ""
            Let column "b" be NULL
              schema.my.hcl -    null = false
              schema.my.hcl +    null = true
            Do not report MY101 in env "local"
              atlas.hcl +  lint {
              atlas.hcl +    check "MY101" {
              atlas.hcl +      skip = true
              atlas.hcl +    }
              atlas.hcl +  }
        "#]],
    );
}
