//! Tests: migration directories, by the text of their files.

use std::fmt::Write as _;

use engine::migrate::{Directory, Format};
use expect_test::{Expect, expect};
use text::{TextRange, apply_edits};

use super::{FileChange, changed_sums};
use crate::fixture::Fixture;
use crate::{
    completion, definition, diagnostics, diff_with_previous, fixes, hover, lint_text, references, schema_at,
};

const CONFIG: &str = "-- atlas.hcl --\nenv \"local\" {\n  dev = \"sqlite://dev?mode=memory\"\n  migration {\n    dir = \"file://migrations\"\n  }\n}\n";

/// The text of files in `migrations/`, each `name` and text, and the sum they have.
fn with_sum(files: &[(&str, &str)]) -> String {
    let mut text = String::new();
    for (name, content) in files {
        let _ = write!(text, "-- migrations/{name} --\n{content}");
    }
    let clean =
        files.iter().map(|(name, text)| ((*name).to_owned(), text.replace("$0", "").replace("\n\\", "\n")));
    let directory = Directory::new(Format::Atlas, clean.collect(), None);
    let _ = write!(text, "-- migrations/atlas.sum --\n{}", directory.computed());
    text
}

const USERS: (&str, &str) =
    ("1_users.sql", "CREATE TABLE users (\n  id integer PRIMARY KEY,\n  name text\n);\n");
const POSTS: (&str, &str) =
    ("2_posts.sql", "CREATE TABLE posts (id integer, user_id integer REFERENCES users (id));\n");

/// Every finding in every file.
#[track_caller]
fn check(text: &str, expected: Expect) {
    let fixture = Fixture::new("", text);
    let mut out = String::new();
    for (name, id) in &fixture.files {
        for found in diagnostics(&fixture.snapshot, *id) {
            let line = fixture.text(*id)[..usize::from(found.range.start())].matches('\n').count() + 1;
            let _ = writeln!(out, "{name}:{line} {:?} {}: {}", found.severity, found.code, found.message);
        }
    }
    expected.assert_eq(&out);
}

/// Every action at the cursor, and the directory after each.
#[track_caller]
fn check_fixes(text: &str, expected: Expect) {
    let fixture = Fixture::new("", text);
    let (file, offset) = fixture.cursor();
    let mut out = String::new();
    for action in fixes(&fixture.snapshot, file, TextRange::empty(offset)) {
        let _ = writeln!(out, "{}{}", action.title, if action.preferred { " (preferred)" } else { "" });
        for change in &action.files {
            let _ = writeln!(out, "  {}", shown(change));
        }
        for (file, edits) in &action.edits {
            let after = apply_edits(&fixture.text(*file), edits);
            for line in after.lines() {
                let _ = writeln!(out, "  {}|{line}", fixture.name(*file));
            }
        }
    }
    expected.assert_eq(&out);
}

fn shown(change: &FileChange) -> String {
    match change {
        FileChange::Create { path, text } => format!("create {path}: {text:?}"),
        FileChange::Rename { from, to } => format!("rename {from} to {to}"),
        FileChange::Delete { path } => format!("delete {path}"),
    }
}

#[test]
fn nothing_is_wrong_with_a_right_directory() {
    check(&format!("{CONFIG}{}", with_sum(&[USERS, POSTS])), expect![""]);
}

#[test]
fn a_directory_nobody_names_is_one_by_its_sum() {
    let text = with_sum(&[("1.sql", "CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT);\n")]);
    check(
        &text.replace("AUTOINCREMENT", "AUTOINCREMENT, x text"),
        expect![[r#"
        migrations/1.sql:1 Warning checksum-mismatch: the file was edited since atlas.sum was written
        migrations/atlas.sum:2 Error checksum-mismatch: checksum mismatch: "1.sql" was edited since this was written
    "#]],
    );
}

#[test]
fn an_edited_file_is_told_in_it_and_in_the_sum() {
    let text = format!("{CONFIG}{}", with_sum(&[USERS, POSTS])).replace("name text", "name varchar");
    check(
        &text,
        expect![[r#"
        atlas.hcl:4 Warning checksum-mismatch: checksum mismatch in "migrations": 1_users.sql was edited
        migrations/1_users.sql:1 Warning checksum-mismatch: the file was edited since atlas.sum was written
        migrations/atlas.sum:2 Error checksum-mismatch: checksum mismatch: "1_users.sql" was edited since this was written
    "#]],
    );
    let text = text.replace("CREATE TABLE users", "CREATE$0 TABLE users");
    check_fixes(
        &text.replace("CREATE$0", "$0CREATE"),
        expect![[r#"
        Rehash: write atlas.sum for the files as they are (preferred)
          migrations/atlas.sum|h1:iIXL8BwDkDxw2cY2ixx022VwnNjRvz4TXf+ZbRxGx+w=
          migrations/atlas.sum|1_users.sql h1:/fjSWCYY1sDS0ATMl/0WtCUX1XoxHeK3zMCS0h6L+Vg=
          migrations/atlas.sum|2_posts.sql h1:uw7zlET1Wo9ApKRYEqEMVnL8xTvSAPrKhVne1LznHAc=
    "#]],
    );
}

#[test]
fn files_come_and_go() {
    let all = format!("{CONFIG}{}", with_sum(&[USERS, POSTS]));
    let without = all.replace(&format!("-- migrations/{} --\n{}", POSTS.0, POSTS.1), "");
    check(
        &without,
        expect![[r#"
        atlas.hcl:4 Warning checksum-mismatch: checksum mismatch in "migrations": 2_posts.sql was removed
        migrations/atlas.sum:3 Error checksum-mismatch: checksum mismatch: "2_posts.sql" is not in the directory any more
    "#]],
    );
    let more = all.replace(
        "-- migrations/atlas.sum",
        "-- migrations/3_more.sql --\nCREATE TABLE m (id int);\n-- migrations/atlas.sum",
    );
    check(
        &more,
        expect![[r#"
        atlas.hcl:4 Warning checksum-mismatch: checksum mismatch in "migrations": 3_more.sql was added
        migrations/3_more.sql:1 Warning checksum-mismatch: atlas.sum does not have this file where it is
        migrations/atlas.sum:1 Error checksum-mismatch: checksum mismatch: "3_more.sql" is not listed here
    "#]],
    );
    let inside = all.replace(
        "-- migrations/2_",
        "-- migrations/1_zzz.sql --\nCREATE TABLE m (id int);\n-- migrations/2_",
    );
    check(
        &inside,
        expect![[r#"
        atlas.hcl:4 Warning checksum-mismatch: checksum mismatch in "migrations": 1_zzz.sql was added
        migrations/1_zzz.sql:1 Warning checksum-mismatch: atlas.sum does not have this file where it is
        migrations/1_zzz.sql:1 Error duplicate-version: version "1" is also that of "1_users.sql"
        migrations/atlas.sum:3 Error checksum-mismatch: checksum mismatch: "1_zzz.sql" is not listed here
    "#]],
    );
}

#[test]
fn a_directory_without_a_sum_gets_one() {
    let text = format!("{CONFIG}-- migrations/1.sql --\n$0CREATE TABLE t (id integer);\n");
    check(
        &text,
        expect![[r#"
        atlas.hcl:4 Warning checksum-mismatch: checksum file not found in "migrations"
        migrations/1.sql:1 Warning checksum-missing: "migrations" has no atlas.sum
    "#]],
    );
    check_fixes(
        &text,
        expect![[r#"
        Write atlas.sum (preferred)
          create /p/migrations/atlas.sum: "h1:VXQvdKJ5jg3OnYt8VZPjJIsnVS37UaFMp6N1WgVVn3c=\n1.sql h1:MlVaRzGZ63PC9bdFuzIShroW5D1AgOJAoWrbfOxRjHo=\n"
    "#]],
    );
}

#[test]
fn a_sum_edited_by_hand() {
    let text = format!("{CONFIG}{}", with_sum(&[USERS]));
    check(
        &text.replace("-- migrations/atlas.sum --\nh1:", "-- migrations/atlas.sum --\nh1:x"),
        expect![[r#"
        atlas.hcl:4 Warning checksum-mismatch: checksum mismatch in "migrations"
        migrations/atlas.sum:1 Error checksum-mismatch: the first line is not the hash of the others: the file was edited by hand
    "#]],
    );
    check(
        &format!("{text}junk\n"),
        expect![[r#"
        atlas.hcl:4 Warning checksum-mismatch: checksum file format invalid in "migrations"
        migrations/atlas.sum:3 Error checksum-format: the line has no hash: checksum file format invalid
    "#]],
    );
}

#[test]
fn two_files_of_one_version() {
    let text = format!(
        "{CONFIG}{}",
        with_sum(&[
            ("1_a.sql", "CREATE TABLE a (id integer);\n"),
            ("1_b.sql", "$0CREATE TABLE b (id integer);\n")
        ])
    );
    check(
        &text,
        expect![[r#"
        migrations/1_b.sql:1 Error duplicate-version: version "1" is also that of "1_a.sql"
    "#]],
    );
    check_fixes(
        &text,
        expect![[r#"
        Put 1_b.sql behind all others (preferred)
          rename /p/migrations/1_b.sql to /p/migrations/2_b.sql
          migrations/atlas.sum|h1:8fd+pr7Q79nhI8Kj+NP3G0dJSl90tw/xjmac6D9XSZo=
          migrations/atlas.sum|1_a.sql h1:GPiC/PLf++jV504Mu4F+3uSmcgbFwfXn5L/fVOyJf5U=
          migrations/atlas.sum|2_b.sql h1:9uQyFEVASjbV0eSsjj5AsCvhJ9GYcu38Ww29yYU15aY=
    "#]],
    );
}

#[test]
fn a_conflict_is_resolved_either_way() {
    let text = format!(
        "{CONFIG}-- migrations/20240101000000_users.sql --\nCREATE TABLE users (id integer);\n-- migrations/20240102000000_mine.sql --\nCREATE TABLE mine (id integer);\n-- migrations/20240103000000_theirs.sql --\nCREATE TABLE theirs (id integer);\n-- migrations/atlas.sum --\n$0<<<<<<< HEAD\nh1:a=\n20240101000000_users.sql h1:b=\n20240102000000_mine.sql h1:c=\n=======\nh1:d=\n20240101000000_users.sql h1:b=\n20240103000000_theirs.sql h1:e=\n>>>>>>> main\n"
    );
    check(
        &text,
        expect![[r#"
        atlas.hcl:4 Warning checksum-mismatch: checksum file format invalid in "migrations"
        migrations/20240102000000_mine.sql:1 Warning checksum-conflict: atlas.sum has merge conflicts: only HEAD has this file
        migrations/20240103000000_theirs.sql:1 Warning checksum-conflict: atlas.sum has merge conflicts: only main has this file
        migrations/atlas.sum:1 Error checksum-conflict: merge conflict: HEAD added 20240102000000_mine.sql, main added 20240103000000_theirs.sql
        migrations/atlas.sum:5 Error checksum-conflict: merge conflict: HEAD added 20240102000000_mine.sql, main added 20240103000000_theirs.sql
        migrations/atlas.sum:9 Error checksum-conflict: merge conflict: HEAD added 20240102000000_mine.sql, main added 20240103000000_theirs.sql
    "#]],
    );
    check_fixes(
        &text,
        expect![[r#"
        Rebase: put 20240102000000_mine.sql of HEAD behind those of main (preferred)
          rename /p/migrations/20240102000000_mine.sql to /p/migrations/20240103000001_mine.sql
          migrations/atlas.sum|h1:ZSjrmdMsNywRJGfRSdgoSH1P+rAKvLkGOAXosmmXtS8=
          migrations/atlas.sum|20240101000000_users.sql h1:dUOS1Fwrji7+YuhtjkTIHLw3nIxx3thCUsqTpbvO+Fw=
          migrations/atlas.sum|20240103000000_theirs.sql h1:3i49j2rI6H6kLd44Le5yUH9/LfpiL1LGHouUuNGBBsU=
          migrations/atlas.sum|20240103000001_mine.sql h1:9PT1R7de3Pf9wG4iO/nAXU9gItqrvaWVpDuhQPbACz8=
        Rebase: put 20240103000000_theirs.sql of main behind those of HEAD
          migrations/atlas.sum|h1:ViYeFBxLnw3Qi7MyiW80kgVpdNCyNPMP5VsXM217y2M=
          migrations/atlas.sum|20240101000000_users.sql h1:dUOS1Fwrji7+YuhtjkTIHLw3nIxx3thCUsqTpbvO+Fw=
          migrations/atlas.sum|20240102000000_mine.sql h1:2sjupCkj1HAGd3JC3NUan4ucGUAj2SWdnYCvwFKRkc0=
          migrations/atlas.sum|20240103000000_theirs.sql h1:cGL7b+d1xd964l3I7EnI1n8bnQKUutDdPhlJkiyNx1o=
    "#]],
    );
}

#[test]
fn directives_that_mean_nothing_or_too_much() {
    let file = |text: &str| format!("{CONFIG}{}", with_sum(&[("1.sql", text)]));
    check(
        &file("-- atlas:txmod none\n\nCREATE TABLE t (id integer);\n"),
        expect![[r#"
        migrations/1.sql:1 Hint unknown-directive: there is no directive "txmod", so this is a comment
    "#]],
    );
    check(
        &file("-- atlas:txmode none\n-- atlas:txmode file\n\nCREATE TABLE t (id integer);\n"),
        expect![[r#"
        migrations/1.sql:2 Error txmode-conflict: multiple txmode values found in file "1.sql": ["none" "file"]
    "#]],
    );
    check(
        &file("-- atlas:txmode all\n\nCREATE TABLE t (id integer);\n"),
        expect![[r#"
        migrations/1.sql:1 Error txmode-conflict: txmode "all" is not allowed in file directive "1.sql". Use "file" instead
    "#]],
    );
    check(
        &file("-- atlas:txmode maybe\n\nCREATE TABLE t (id integer);\n"),
        expect![[r#"
        migrations/1.sql:1 Error txmode-conflict: unknown txmode "maybe" found in file directive "1.sql"
    "#]],
    );
    let all = file("-- atlas:txmode none\n\nCREATE TABLE t (id integer);\n")
        .replace("migration {", "migration {\n    tx_mode = \"all\"");
    check(
        &all,
        expect![[r#"
        migrations/1.sql:1 Error txmode-conflict: cannot set txmode directive to "none" in "1.sql" when txmode "all" is set globally
    "#]],
    );
}

#[test]
fn what_cannot_be_split_is_said_once() {
    let file = |text: &str| format!("{CONFIG}{}", with_sum(&[("1.sql", text)]));
    check(
        &file("INSERT INTO t VALUES ('it);\n"),
        expect![[r#"
        migrations/1.sql:1 Error sql-unclosed-quote: quote `'` is never closed
    "#]],
    );
    check(
        &file("-- atlas:txtar\n\n\\-- checks.sql --\nSELECT 1;\n"),
        expect![[r#"
            migrations/1.sql:1 Error txtar-section: txtar file without a "migration.sql" section
        "#]],
    );
    check(
        &file(
            "-- atlas:txtar\n\n\\-- checks.sql --\nSELECT 1;\n\\-- migration.sql --\nCREATE TABLE t (id integer);\n",
        ),
        expect![""],
    );
}

#[test]
fn the_block_of_an_env_that_leads_nowhere() {
    let config = |block: &str| {
        format!(
            "-- atlas.hcl --\nenv \"local\" {{\n  dev = \"sqlite://dev?mode=memory\"\n  migration {{\n{block}\n  }}\n}}\n"
        )
    };
    check(
        &config("    dir = \"migrations\""),
        expect![[r#"
        atlas.hcl:4 Error wrong-migration-dir: missing scheme for dir url. Did you mean "file://migrations"?
    "#]],
    );
    check(
        &config("    dir = \"file://migrations?format=nope\""),
        expect![[r#"
        atlas.hcl:4 Error wrong-migration-dir: unknown dir format "nope"
    "#]],
    );
    check(
        &format!("{}{}", config("    dir = \"file://migrations\"\n    baseline = \"7\""), with_sum(&[USERS])),
        expect![[r#"
            atlas.hcl:5 Error wrong-baseline: baseline version "7" not found: no file of "migrations" has it
        "#]],
    );
}

#[test]
fn a_file_is_judged_by_what_was_there_before_it() {
    let text = format!("{CONFIG}{}", with_sum(&[USERS, ("2_drop.sql", "$0DROP TABLE users;\n")]));
    check(
        &text,
        expect![[r#"
        migrations/2_drop.sql:1 Error DS102: Dropping table "users"
    "#]],
    );
    check_fixes(
        &text,
        expect![[r#"
            Add a pre-migration check to ensure table "users" is empty before dropping it
              migrations/2_drop.sql|-- atlas:txtar
              migrations/2_drop.sql|
              migrations/2_drop.sql|-- checks/destructive.sql --
              migrations/2_drop.sql|-- atlas:assert DS102
              migrations/2_drop.sql|SELECT NOT EXISTS (SELECT 1 FROM `users`) AS `is_empty`;
              migrations/2_drop.sql|
              migrations/2_drop.sql|-- migration.sql --
              migrations/2_drop.sql|DROP TABLE users;
            Do not report DS102 here
              migrations/2_drop.sql|-- atlas:nolint DS102
              migrations/2_drop.sql|DROP TABLE users;
        "#]],
    );
    let fixture = Fixture::new("", &text);
    let (text, findings) =
        lint_text(&fixture.snapshot, fixture.file("migrations/2_drop.sql")).expect("a text");
    expect![[r#"
        1
        2_drop.sql: version 2, 1 statement

        destructive changes detected:
          L1: Dropping table "users" (DS102)
            Add a pre-migration check to ensure table "users" is empty before dropping it
    "#]]
    .assert_eq(&format!("{findings}\n{text}"));
}

#[test]
fn each_file_knows_the_schema_as_of_itself() {
    let labels = |text: &str| {
        let fixture = Fixture::new("", text);
        let (file, offset) = fixture.cursor();
        let items = completion(&fixture.snapshot, file, offset);
        items.iter().take(6).map(|item| item.label.clone()).collect::<Vec<_>>().join(" ")
    };
    let early = with_sum(&[
        ("1.sql", "CREATE TABLE a (x integer);\nSELECT * FROM $0;\n"),
        ("2.sql", "CREATE TABLE b (y integer);\n"),
    ]);
    expect!["a"].assert_eq(&labels(&format!("{CONFIG}{early}")));
    let late = with_sum(&[
        ("1.sql", "CREATE TABLE a (x integer);\n"),
        ("2.sql", "DROP TABLE a;\nCREATE TABLE b (y integer);\nSELECT $0 FROM b;\n"),
    ]);
    expect!["y b CASE CAST CURRENT_DATE CURRENT_TIME"].assert_eq(&labels(&format!("{CONFIG}{late}")));
}

#[test]
fn directives_are_offered_with_their_arguments() {
    let labels = |text: &str| {
        let text = format!("{CONFIG}{}", with_sum(&[("1.sql", text)]));
        let fixture = Fixture::new("", &text);
        let (file, offset) = fixture.cursor();
        let items = completion(&fixture.snapshot, file, offset);
        items.iter().map(|item| item.edit.insert.clone()).collect::<Vec<_>>().join(",")
    };
    expect![[r#"atlas:assert oneof,atlas:baseline,atlas:checkpoint,atlas:delimiter \n\n\n,atlas:import ,atlas:nolint,atlas:sum ignore,atlas:txmode none,atlas:txtar"#]].assert_eq(&labels("-- $0\n\nCREATE TABLE t (id integer);\n"));
    expect![[
        r#"assert oneof,baseline,checkpoint,delimiter \n\n\n,import ,nolint,sum ignore,txmode none,txtar"#
    ]]
    .assert_eq(&labels("-- atlas:tx$0\n\nCREATE TABLE t (id integer);\n"));
    expect!["file,none"].assert_eq(&labels("-- atlas:txmode $0\n\nCREATE TABLE t (id integer);\n"));
    expect!["BC101,BC102,CD101,CD102,CD103,DS101,DS102,DS103,LT101,MF101,MF102,MF103,NM101,NM102,NM103,NM104,NM105,NM106,TX201,condrop,data_depend,destructive,incompatible,naming,nestedtx"].assert_eq(&labels("-- atlas:nolint DS$0\nCREATE TABLE t (id integer);\n"));
    expect!["checks.sql --,checks/name.sql --,down.sql --,migration.sql --"]
        .assert_eq(&labels("-- atlas:txtar\n\n-- m$0\n"));
    expect![""].assert_eq(&labels("-- what people write $0\n"));
}

#[test]
fn names_lead_to_the_migration_that_made_them() {
    let places = |text: &str| {
        let fixture = Fixture::new("", &format!("{CONFIG}{text}"));
        let (file, offset) = fixture.cursor();
        let links = definition(&fixture.snapshot, file, offset);
        let mut out = String::new();
        for link in links {
            let _ = writeln!(
                out,
                "{}: {}",
                fixture.name(link.target.file),
                fixture.slice(link.target.file, link.target.range)
            );
        }
        for place in references(&fixture.snapshot, file, offset, true) {
            let _ = writeln!(out, "  {}:{}", fixture.name(place.file), usize::from(place.range.start()));
        }
        if let Some(hover) = hover(&fixture.snapshot, file, offset) {
            let _ = writeln!(out, "{}", hover.markdown);
            for step in &hover.history {
                let _ = writeln!(out, "[{} {}]", step.what, step.name);
            }
        }
        out
    };
    let add = ("3_add.sql", "ALTER TABLE us$0ers ADD COLUMN age integer;\n");
    let last = ("4_index.sql", "CREATE INDEX i ON users (age);\n");
    expect![[r#"
        migrations/1_users.sql: users
          migrations/1_users.sql:13
          migrations/2_posts.sql:59
          migrations/3_add.sql:12
          migrations/4_index.sql:18
        ```sql
        table users (
          id   integer,
          name text,
          age  integer,
          primary key (id)
        )
        ```

        Defined in `1_users.sql`, line 1
        [created 1_users.sql]
        [changed 3_add.sql]
    "#]]
    .assert_eq(&places(&with_sum(&[USERS, POSTS, add, last])));
    let add = ("3_add.sql", "ALTER TABLE users ADD COLUMN age integer;\n");
    let last = ("4_index.sql", "CREATE INDEX i ON users (ag$0e);\n");
    expect![[r#"
        migrations/3_add.sql: age
          migrations/3_add.sql:29
          migrations/4_index.sql:25
        ```sql
        users.age integer
        ```

        Indexed by `i`.

        Defined in `3_add.sql`, line 1
        [created 3_add.sql]
    "#]]
    .assert_eq(&places(&with_sum(&[USERS, POSTS, add, last])));
    let drop = ("2_drop.sql", "DROP TABLE use$0rs;\n");
    expect![[r#"
        migrations/1_users.sql: users
          migrations/1_users.sql:13
          migrations/2_drop.sql:11
        ```sql
        table users (
          id   integer,
          name text,
          primary key (id)
        )
        ```

        Defined in `1_users.sql`, line 1
        [created 1_users.sql]
    "#]]
    .assert_eq(&places(&with_sum(&[USERS, drop])));
}

#[test]
fn the_schema_of_the_desired_state_knows_its_migrations() {
    let config = CONFIG.replace("  dev =", "  src = \"file://schema.lt.hcl\"\n  dev =");
    let schema = "-- schema.lt.hcl --\nschema \"main\" {}\ntable \"us$0ers\" {\n  schema = schema.main\n  column \"id\" {\n    type = integer\n  }\n}\n";
    let fixture = Fixture::new("", &format!("{config}{schema}{}", with_sum(&[USERS, POSTS])));
    let (file, offset) = fixture.cursor();
    let hover = hover(&fixture.snapshot, file, offset).expect("words");
    let steps: Vec<String> =
        hover.history.iter().map(|step| format!("{} {}", step.name, step.what)).collect();
    expect!["1_users.sql created"].assert_eq(&steps.join("\n"));
}

#[test]
fn the_schema_at_a_version_and_what_changed() {
    let add = ("3_add.sql", "ALTER TABLE users ADD COLUMN age integer;\n");
    let fixture = Fixture::new("", &format!("{CONFIG}{}", with_sum(&[USERS, POSTS, add])));
    let file = fixture.file("migrations/3_add.sql");
    let text = schema_at(&fixture.snapshot, file, false).expect("a text");
    expect![[r#"
        Schema at 3
        -- Create "users" table
        CREATE TABLE `users` (
          `id` integer NULL,
          `name` text NULL,
          `age` integer NULL,
          PRIMARY KEY (`id`)
        );
        -- Create "posts" table
        CREATE TABLE `posts` (
          `id` integer NULL,
          `user_id` integer NULL,
          CONSTRAINT `0` FOREIGN KEY (`user_id`) REFERENCES `users` (`id`) ON UPDATE NO ACTION ON DELETE NO ACTION
        );
    "#]].assert_eq(&format!("{}\n{}", text.title, text.text));
    let text = schema_at(&fixture.snapshot, file, true).expect("a text");
    expect![[r#"
        Schema at 3
        table "users" {
          schema = schema.main
          column "id" {
            null = true
            type = integer
          }
          column "name" {
            null = true
            type = text
          }
          column "age" {
            null = true
            type = integer
          }
          primary_key {
            columns = [column.id]
          }
        }
        table "posts" {
          schema = schema.main
          column "id" {
            null = true
            type = integer
          }
          column "user_id" {
            null = true
            type = integer
          }
          foreign_key "0" {
            columns     = [column.user_id]
            ref_columns = [table.users.column.id]
            on_update   = NO_ACTION
            on_delete   = NO_ACTION
          }
        }
        schema "main" {
        }
    "#]]
    .assert_eq(&format!("{}\n{}", text.title, text.text));
    let (title, before, after) = diff_with_previous(&fixture.snapshot, file).expect("texts");
    assert!(!before.contains("age") && after.contains("age"), "{title}\n{before}\n{after}");
}

#[test]
fn a_checkpoint_stands_for_what_is_before_it() {
    let point = (
        "2_checkpoint.sql",
        "-- atlas:checkpoint\n\nCREATE TABLE users (id integer PRIMARY KEY, name text);\n",
    );
    let text = format!(
        "{CONFIG}{}",
        with_sum(&[USERS, point, ("3.sql", "ALTER TABLE users ADD COLUMN age integer;\n")])
    );
    check(&text, expect![""]);
}

#[test]
fn the_sum_follows_files() {
    let fixture = Fixture::new("", &format!("{CONFIG}{}", with_sum(&[USERS, POSTS])));
    let path = |name: &str| project::Path::new(&format!("/p/migrations/{name}"));
    let after = |fixture: &Fixture, changes: &[FileChange]| {
        let (edits, files) = changed_sums(&fixture.snapshot, changes);
        let mut out = String::new();
        for (file, edits) in edits {
            let text = apply_edits(&fixture.text(file), &edits);
            out.push_str(
                &text
                    .lines()
                    .skip(1)
                    .map(|line| line.split(' ').next().unwrap_or(""))
                    .collect::<Vec<_>>()
                    .join(" "),
            );
            assert!(engine::migrate::Sum::parse(&text).is_ok(), "{text}");
        }
        out.push_str(&files.iter().map(shown).collect::<String>());
        out
    };
    let create = [FileChange::Create { path: path("3.sql"), text: String::new() }];
    expect!["1_users.sql 2_posts.sql 3.sql"].assert_eq(&after(&fixture, &create));
    let rename = [FileChange::Rename { from: path("1_users.sql"), to: path("9_users.sql") }];
    expect!["2_posts.sql 9_users.sql"].assert_eq(&after(&fixture, &rename));
    let delete = [FileChange::Delete { path: path("1_users.sql") }];
    expect!["2_posts.sql"].assert_eq(&after(&fixture, &delete));
    let other = [FileChange::Create { path: path("notes.txt"), text: String::new() }];
    expect![""].assert_eq(&after(&fixture, &other));
    let wrong =
        Fixture::new("", &format!("{CONFIG}{}", with_sum(&[USERS])).replace("name text", "name varchar"));
    expect![""].assert_eq(&after(&wrong, &create));
}

#[test]
fn sections_are_symbols_and_folds() {
    let text = "-- atlas:txtar\n\n\\-- checks.sql --\nSELECT NOT EXISTS (SELECT 1 FROM users);\n\n\\-- migration.sql --\nDROP TABLE users;\nCREATE TABLE t (id integer);\n";
    let fixture = Fixture::new("", &format!("{CONFIG}{}", with_sum(&[USERS, ("2.sql", text)])));
    let file = fixture.file("migrations/2.sql");
    let mut out = String::new();
    for symbol in crate::document_symbols(&fixture.snapshot, file) {
        let names: Vec<String> =
            symbol.children.iter().map(|it| format!("{} {}", it.detail, it.name)).collect();
        let _ = writeln!(out, "{}: {}", symbol.name, names.join(", "));
    }
    for fold in crate::folding(&fixture.snapshot, file) {
        let _ = writeln!(out, "{:?}", fixture.slice(file, fold.range));
    }
    expect![[r#"
        checks.sql: 
        migration.sql: drop table users, table t
        "-- checks.sql --\nSELECT NOT EXISTS (SELECT 1 FROM users);"
        "-- migration.sql --\nDROP TABLE users;\nCREATE TABLE t (id integer);"
    "#]]
    .assert_eq(&out);
}

#[test]
fn history_is_not_renamed() {
    let text = with_sum(&[USERS, ("2.sql", "ALTER TABLE use$0rs ADD COLUMN age integer;\n")]);
    let fixture = Fixture::new("", &format!("{CONFIG}{text}"));
    let (file, offset) = fixture.cursor();
    let refused = crate::prepare_rename(&fixture.snapshot, file, offset).expect_err("a reason");
    expect!["migrations are history: rename it in the schema, or by a new migration"].assert_eq(&refused);
    let text = with_sum(&[USERS, ("2.sql", "SELECT al$0ias.id FROM users AS alias;\n")]);
    let fixture = Fixture::new("", &format!("{CONFIG}{text}"));
    let (file, offset) = fixture.cursor();
    assert_eq!(
        crate::prepare_rename(&fixture.snapshot, file, offset).map(|found| found.name),
        Ok("alias".into())
    );
}

#[test]
fn a_file_that_comes_too_late() {
    let text = format!(
        "{CONFIG}{}",
        with_sum(&[USERS, ("2_late.sql", "$0CREATE TABLE late (id integer);\n"), ("3_posts.sql", POSTS.1)])
    );
    let mut fixture = Fixture::new("", &text);
    let want = project::Want::Applied { directory: project::Path::new("/p/migrations") };
    let answer = project::Answer::Value(hcl::Value::strings(["1", "3"]));
    fixture.project.set_fact(want, project::Fact { answer, time: 0 });
    fixture.snapshot = fixture.project.snapshot();
    let (file, offset) = fixture.cursor();
    let found: Vec<String> = diagnostics(&fixture.snapshot, file)
        .into_iter()
        .map(|found| format!("{}: {}", found.code, found.message))
        .collect();
    expect![[r#"non-linear: version "2" comes before "3", which was applied already; it will not be applied in this order"#]].assert_eq(&found.join("\n"));
    let actions = fixes(&fixture.snapshot, file, TextRange::empty(offset));
    let titles: Vec<String> = actions
        .iter()
        .map(|action| format!("{} {:?}", action.title, action.files.first().map(shown)))
        .collect();
    expect![[r#"Put 2_late.sql behind all others Some("rename /p/migrations/2_late.sql to /p/migrations/4_late.sql")"#]].assert_eq(&titles.join("\n"));
}

/// The findings of order in every file, and what the first action at the cursor does, where the base branch has
/// `theirs`.
#[track_caller]
fn check_order(config: &str, files: &[(&str, &str)], theirs: &[&str], expected: Expect) {
    let mut fixture = Fixture::new("", &format!("{config}{}", with_sum(files)));
    let directory = project::Path::new("/p/migrations");
    let base = project::Base {
        branch: "origin/main".into(),
        files: theirs.iter().map(|name| smol_str::SmolStr::from(*name)).collect(),
    };
    let named = config.contains("base = ").then(|| "origin/main".into());
    let answer = project::Answer::Value(base.to_value());
    let want = project::Want::Committed { directory, base: named };
    fixture.project.set_fact(want, project::Fact { answer, time: 0 });
    fixture.snapshot = fixture.project.snapshot();
    let mut out = String::new();
    for (name, id) in &fixture.files {
        let found = diagnostics(&fixture.snapshot, *id).into_iter();
        for found in found.filter(|found| matches!(found.code, "non-linear" | "duplicate-version")) {
            let _ = writeln!(out, "{name} {:?} {}: {}", found.severity, found.code, found.message);
        }
    }
    if let [(file, offset)] = fixture.cursors.as_slice() {
        let actions = fixes(&fixture.snapshot, *file, TextRange::empty(*offset));
        if let Some(action) = actions.first() {
            let _ = writeln!(out, "{}", action.title);
            for change in &action.files {
                let _ = writeln!(out, "  {}", shown(change));
            }
            for (file, edits) in &action.edits {
                let after = apply_edits(&fixture.text(*file), edits);
                let names = after.lines().skip(1).filter_map(|line| line.split(' ').next());
                let _ = writeln!(out, "  {}", names.collect::<Vec<_>>().join(" "));
            }
        }
    }
    expected.assert_eq(&out);
}

const LATE: (&str, &str) = ("2_late.sql", "$0CREATE TABLE late (id integer);\n");

#[test]
fn a_file_before_the_last_of_the_base_branch() {
    check_order(
        CONFIG,
        &[USERS, LATE, ("3_posts.sql", POSTS.1)],
        &["1_users.sql", "3_posts.sql", "atlas.sum"],
        expect![[r#"
            migrations/2_late.sql Warning non-linear: version "2" comes before "3", the last of origin/main; where that ran, it will be refused
            Rebase: put 2_late.sql behind 3_posts.sql of origin/main
              rename /p/migrations/2_late.sql to /p/migrations/4_late.sql
              1_users.sql 3_posts.sql 4_late.sql
        "#]],
    );
    // What is not merged yet counts, too.
    check_order(
        CONFIG,
        &[USERS, LATE],
        &["1_users.sql", "3_posts.sql"],
        expect![[r#"
        migrations/2_late.sql Warning non-linear: version "2" comes before "3", the last of origin/main; where that ran, it will be refused
        Rebase: put 2_late.sql behind 3_posts.sql of origin/main
          rename /p/migrations/2_late.sql to /p/migrations/4_late.sql
          1_users.sql 4_late.sql
    "#]],
    );
    // Those behind it move as well: they may need it.
    check_order(
        CONFIG,
        &[USERS, LATE, ("3_posts.sql", POSTS.1), ("4_more.sql", "ALTER TABLE late ADD COLUMN a int;\n")],
        &["1_users.sql", "3_posts.sql"],
        expect![[r#"
            migrations/2_late.sql Warning non-linear: version "2" comes before "3", the last of origin/main; where that ran, it will be refused
            Rebase: put 2_late.sql and 4_more.sql behind 3_posts.sql of origin/main
              rename /p/migrations/4_more.sql to /p/migrations/5_more.sql
              rename /p/migrations/2_late.sql to /p/migrations/4_late.sql
              1_users.sql 3_posts.sql 4_late.sql 5_more.sql
        "#]],
    );
}

#[test]
fn files_of_this_branch_alone_are_in_order() {
    check_order(CONFIG, &[USERS, LATE], &["1_users.sql"], expect![""]);
    check_order(CONFIG, &[USERS, LATE], &[], expect![""]);
    check_order(CONFIG, &[USERS, LATE], &["1_users.sql", "2_late.sql", "3.sql"], expect![""]);
}

#[test]
fn the_version_of_another_file_of_the_base_branch() {
    check_order(
        CONFIG,
        &[USERS, LATE],
        &["1_users.sql", "2_theirs.sql"],
        expect![[r#"
        migrations/2_late.sql Warning duplicate-version: version "2" is also that of "2_theirs.sql" on origin/main
        Rebase: put 2_late.sql behind 2_theirs.sql of origin/main
          rename /p/migrations/2_late.sql to /p/migrations/3_late.sql
          1_users.sql 3_late.sql
    "#]],
    );
}

#[test]
fn the_env_says_what_order_means() {
    let with = |text: &str| CONFIG.replace("  migration {\n", &format!("{text}  migration {{\n"));
    let files = [USERS, LATE];
    let theirs = ["1_users.sql", "3.sql"];
    let config = with(
        "  lint {\n    git {\n      base = \"origin/main\"\n    }\n    non_linear {\n      error = true\n    }\n  }\n",
    );
    check_order(
        &config,
        &files,
        &theirs,
        expect![[r#"
        migrations/2_late.sql Error non-linear: version "2" comes before "3", the last of origin/main; where that ran, it will be refused
        Rebase: put 2_late.sql behind 3.sql of origin/main
          rename /p/migrations/2_late.sql to /p/migrations/4_late.sql
          1_users.sql 4_late.sql
    "#]],
    );
    let config = CONFIG.replace("  migration {\n", "  migration {\n    exec_order = NON_LINEAR\n");
    check_order(&config, &files, &theirs, expect![""]);
    let config = CONFIG.replace("  migration {\n", "  migration {\n    exec_order = LINEAR_SKIP\n");
    check_order(
        &config,
        &files,
        &theirs,
        expect![[r#"
        migrations/2_late.sql Information non-linear: version "2" comes before "3", the last of origin/main; where that ran, it will be left out
        Rebase: put 2_late.sql behind 3.sql of origin/main
          rename /p/migrations/2_late.sql to /p/migrations/4_late.sql
          1_users.sql 4_late.sql
    "#]],
    );
    let silent = ("2_late.sql", "-- atlas:nolint non_linear\n\nCREATE TABLE late (id integer);\n");
    check_order(CONFIG, &[USERS, silent], &theirs, expect![""]);
}

/// The history of what stands at the cursor, and the lenses above the file it is in.
#[track_caller]
fn check_history(text: &str, expected: Expect) {
    let fixture = Fixture::new("", text);
    let (file, offset) = fixture.cursor();
    let mut out = String::new();
    let found = hover(&fixture.snapshot, file, offset);
    for step in found.iter().flat_map(|hover| &hover.history) {
        let _ = writeln!(out, "{} {}", step.what, step.name);
    }
    for step in super::history(&fixture.snapshot, file, offset) {
        let _ = writeln!(out, "-> {}", fixture.name(step.place.file));
    }
    for lens in crate::code_lenses(&fixture.snapshot, file) {
        let _ = writeln!(out, "[{}]", lens.title);
    }
    expected.assert_eq(&out);
}

#[test]
fn history_in_other_products_formats_and_envs() {
    let config = |url: &str, src: &str, dir: &str| {
        format!(
            "-- atlas.hcl --\nenv \"first\" {{\n  url = \"{url}\"\n  src = \"file://{src}\"\n  migration {{\n    dir = \"file://{dir}\"\n  }}\n}}\nenv \"second\" {{\n  url = \"{url}2\"\n  src = \"file://{src}\"\n  migration {{\n    dir = \"file://{dir}\"\n  }}\n}}\n"
        )
    };
    let users = ("1_users.sql", "CREATE TABLE users (id int NOT NULL, PRIMARY KEY (id));\n");
    let name = ("2_name.sql", "ALTER TABLE users ADD COLUMN name varchar(20);\n");
    // The schema in HCL, of PostgreSQL.
    let schema = "-- schema.pg.hcl --\nschema \"public\" {}\ntable \"users\" {\n  schema = schema.public\n  column \"id\" {\n    type = int\n  }\n  column \"na$0me\" {\n    type = varchar(20)\n    null = true\n  }\n  primary_key {\n    columns = [column.id]\n  }\n}\n";
    let postgres = config("postgres://localhost/app", "schema.pg.hcl", "migrations");
    check_history(
        &format!("{postgres}{schema}{}", with_sum(&[users, name])),
        expect![[r#"
        created 2_name.sql
        -> migrations/2_name.sql
    "#]],
    );
    // The schema in SQL, of MySQL.
    let schema =
        "-- schema.sql --\nCREATE TABLE us$0ers (id int NOT NULL, name varchar(20), PRIMARY KEY (id));\n";
    let mysql = config("mysql://localhost/app", "schema.sql", "migrations");
    check_history(
        &format!("{mysql}{schema}{}", with_sum(&[users, name])),
        expect![[r#"
        created 1_users.sql
        changed 2_name.sql
        -> migrations/1_users.sql
        -> migrations/2_name.sql
    "#]],
    );
    // Files of goose, of which the way down is not executed.
    let goose = config("postgres://localhost/app", "schema.sql", "db?format=goose");
    check_history(
        &format!(
            "{goose}-- db/1_users.sql --\n\\-- +goose Up\nCREATE TABLE users (id int);\n\\-- +goose Down\nDROP TABLE users;\n-- db/2_name.sql --\n\\-- +goose Up\nALTER TABLE use$0rs ADD COLUMN name text;\n\\-- +goose Down\nALTER TABLE users DROP COLUMN name;\n"
        ),
        expect![[r#"
            created 1_users.sql
            changed 2_name.sql
            -> db/1_users.sql
            -> db/2_name.sql
            [Apply up to here]
            [Status]
            [Lint]
            [Schema at this version]
            [Diff with previous]
        "#]],
    );
    // Files of flyway, in the order of their numbers.
    let flyway = config("mysql://localhost/app", "schema.sql", "db?format=flyway");
    check_history(
        &format!(
            "{flyway}-- db/V2__name.sql --\nALTER TABLE users ADD COLUMN name text;\n-- db/V10__index.sql --\nCREATE INDEX i ON use$0rs (id);\n-- db/V1__users.sql --\nCREATE TABLE users (id int);\n"
        ),
        expect![[r#"
            created V1__users.sql
            changed V2__name.sql
            changed V10__index.sql
            -> db/V1__users.sql
            -> db/V2__name.sql
            -> db/V10__index.sql
            [Apply up to here]
            [Status]
            [Lint]
            [Schema at this version]
            [Diff with previous]
        "#]],
    );
}

#[test]
fn a_migration_is_judged_for_the_server_it_goes_to() {
    // PostgreSQL 10 stores a default in every row; later ones do not.
    let config = |dev: &str| {
        format!(
            "-- atlas.hcl --\nenv \"local\" {{\n  url = \"postgres://localhost/app\"\n  dev = \"{dev}\"\n  migration {{\n    dir = \"file://migrations\"\n  }}\n}}\n"
        )
    };
    let files = with_sum(&[
        ("1.sql", "CREATE TABLE t (id int);\n"),
        ("2.sql", "ALTER TABLE t ADD COLUMN a int DEFAULT 1;\n"),
    ]);
    let codes = |fixture: &Fixture| -> Vec<&'static str> {
        let file = fixture.file("migrations/2.sql");
        diagnostics(&fixture.snapshot, file).into_iter().map(|found| found.code).collect()
    };
    assert_eq!(
        codes(&Fixture::new("", &format!("{}{files}", config("docker://postgres/10/dev")))),
        ["PG302"]
    );
    let newer = format!("{}{files}", config("docker+postgres://_/postgres:15-alpine/dev"));
    let mut fixture = Fixture::new("", &newer);
    assert_eq!(codes(&fixture), [""; 0]);
    // What was found at the target counts more.
    let env = fixture.snapshot.env(&project::Path::new("/p/atlas.hcl"), "local").expect("an env");
    let target = project::Want::Database(project::target(&env).expect("a target"));
    let postgres = dialects::all().by_scheme("postgres").expect("a dialect");
    let server = (postgres.released)("10").expect("a release");
    let answer = project::Answer::Realm(Default::default(), std::sync::Arc::new(server));
    fixture.project.set_fact(target, project::Fact { answer, time: 0 });
    fixture.snapshot = fixture.project.snapshot();
    assert_eq!(codes(&fixture), ["PG302"]);
}
