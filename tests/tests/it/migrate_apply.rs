//! `migrate apply`, `status`, `set` and `down` as a person sees them: texts, exit codes, and what the database holds.

use std::path::PathBuf;

use expect_test::{Expect, expect};
use tests::server::{self, Database, Product};
use tests::{Output, Workspace, sqlite};

const ONE: &str = "CREATE TABLE a (id int);\nCREATE TABLE b (id int);\n";
const TWO: &str = "ALTER TABLE a ADD COLUMN x int;\n";

/// A directory with these files and a right sum.
fn directory(files: &[(&str, &str)]) -> Workspace {
    let workspace = Workspace::new("");
    std::fs::create_dir_all(workspace.path("migrations")).expect("a folder");
    for (name, text) in files {
        workspace.write(&format!("migrations/{name}"), text);
    }
    workspace.ok(&["migrate", "hash"]);
    workspace
}

/// Runs `migrate <command…> --url sqlite://x.db`.
fn run(workspace: &Workspace, command: &str) -> Output {
    let mut args = vec!["migrate"];
    args.extend(command.split_whitespace());
    args.extend(["--url", "sqlite://x.db"]);
    workspace.run(&args)
}

fn file(workspace: &Workspace) -> PathBuf {
    workspace.path("x.db")
}

/// What was printed, without times.
fn shown(output: &Output) -> String {
    let is_time = |text: &str| {
        text.starts_with(|ch: char| ch.is_ascii_digit())
            && text.ends_with('s')
            && !text.contains(' ')
            && text.chars().all(|ch| ch.is_ascii_digit() || ".µnmsh".contains(ch))
    };
    let line = |line: &str| {
        if let Some((before, time)) = line.split_once("ok (")
            && is_time(time.trim_end_matches(')'))
        {
            return format!("{before}ok (T)");
        }
        match line.strip_prefix("  -- ") {
            Some(time) if is_time(time) => "  -- T".to_owned(),
            _ => line.to_owned(),
        }
    };
    output.render().lines().map(line).collect::<Vec<_>>().join("\n")
}

fn check(output: &Output, expected: &Expect) {
    expected.assert_eq(&shown(output));
}

#[test]
fn a_run_from_nothing_to_the_end() {
    let workspace = directory(&[("1_one.sql", ONE), ("2.sql", TWO)]);
    check(
        &run(&workspace, "status"),
        &expect![[r#"
        Migration Status: PENDING
          -- Current Version: No migration applied yet
          -- Next Version:    1
          -- Executed Files:  0
          -- Pending Files:   2
        exit 0"#]],
    );
    check(
        &run(&workspace, "apply --dry-run"),
        &expect![[r#"
        Migrating to version 2 (2 migrations in total):

          -- migrating version 1
            -> CREATE TABLE a (id int);
            -> CREATE TABLE b (id int);
          -- ok (T)

          -- migrating version 2
            -> ALTER TABLE a ADD COLUMN x int;
          -- ok (T)

          -------------------------
          -- T
          -- 2 migrations
          -- 3 sql statements
        exit 0"#]],
    );
    assert!(!file(&workspace).exists(), "a rehearsal makes nothing");
    check(
        &run(&workspace, "apply 1"),
        &expect![[r#"
        Migrating to version 1 (1 migrations in total):

          -- migrating version 1
            -> CREATE TABLE a (id int);
            -> CREATE TABLE b (id int);
          -- ok (T)

          -------------------------
          -- T
          -- 1 migration
          -- 2 sql statements
        exit 0"#]],
    );
    check(
        &run(&workspace, "status"),
        &expect![[r#"
        Migration Status: PENDING
          -- Current Version: 1
          -- Next Version:    2
          -- Executed Files:  1
          -- Pending Files:   1
        exit 0"#]],
    );
    check(
        &run(&workspace, "apply"),
        &expect![[r#"
        Migrating to version 2 from 1 (1 migrations in total):

          -- migrating version 2
            -> ALTER TABLE a ADD COLUMN x int;
          -- ok (T)

          -------------------------
          -- T
          -- 1 migration
          -- 1 sql statement
        exit 0"#]],
    );
    check(
        &run(&workspace, "apply"),
        &expect![[r#"
        No migration files to execute
        exit 0"#]],
    );
    check(
        &run(&workspace, "status"),
        &expect![[r#"
        Migration Status: OK
          -- Current Version: 2
          -- Next Version:    Already at latest version
          -- Executed Files:  2
          -- Pending Files:   0
        exit 0"#]],
    );
}

#[test]
fn a_failure_counts_every_statement_and_is_continued() {
    let broken = "CREATE TABLE c (id int);\nINSERT INTO c VALUES (1);\nboom;\nINSERT INTO c VALUES (2);\n";
    let workspace = directory(&[("1.sql", ONE), ("2_x.sql", broken), ("3.sql", TWO)]);
    check(
        &run(&workspace, "apply --tx-mode file"),
        &expect![[r#"
        Migrating to version 3 (3 migrations in total):

          -- migrating version 1
            -> CREATE TABLE a (id int);
            -> CREATE TABLE b (id int);
          -- ok (T)

          -- migrating version 2
            -> CREATE TABLE c (id int);
            -> INSERT INTO c VALUES (1);
            -> boom;
            near "boom": syntax error

          -------------------------
          -- T
          -- 1 migration ok, 1 with errors
          -- 4 sql statements ok, 1 with errors
        stderr: Error: sql/migrate: executing statement "boom;" from version "2": near "boom": syntax error
        stderr: The database was changed in part.
        stderr:   version 1: 2 applied
        stderr:   version 2: 2 rolled back, 1 failed, 1 not run
        stderr:   version 3: not begun
        exit 1"#]],
    );
    check(
        &run(&workspace, "status"),
        &expect![[r#"
        Migration Status: PENDING
          -- Current Version: 1
          -- Next Version:    2
          -- Executed Files:  1
          -- Pending Files:   2
        exit 0"#]],
    );
    check(
        &run(&workspace, "apply --tx-mode none"),
        &expect![[r#"
        Migrating to version 3 from 1 (2 migrations in total):

          -- migrating version 2
            -> CREATE TABLE c (id int);
            -> INSERT INTO c VALUES (1);
            -> boom;
            near "boom": syntax error

          -------------------------
          -- T
          -- 1 migration with errors
          -- 2 sql statements ok, 1 with errors
        stderr: Error: sql/migrate: executing statement "boom;" from version "2": near "boom": syntax error
        stderr: The database was changed in part.
        stderr:   version 2: 2 applied, 1 failed, 1 not run
        stderr:   version 3: not begun
        exit 1"#]],
    );
    check(
        &run(&workspace, "status"),
        &expect![[r#"
        Migration Status: PENDING
          -- Current Version: 2 (2 statements applied)
          -- Next Version:    2 (2 statements left)
          -- Executed Files:  2 (last one partially)
          -- Pending Files:   2

        Last migration attempt had errors:
          -- SQL:   boom;
          -- ERROR: near "boom": syntax error
        exit 0"#]],
    );
    // What was executed may not change.
    workspace.write("migrations/2_x.sql", &broken.replace("VALUES (1)", "VALUES (7)"));
    workspace.ok(&["migrate", "hash"]);
    check(
        &run(&workspace, "apply"),
        &expect![[r#"
        stderr: Error: sql/migrate: history changed: statement 2 from file "2_x.sql" changed
        exit 1"#]],
    );
    workspace.write("migrations/2_x.sql", "CREATE TABLE c (id int);\n");
    workspace.ok(&["migrate", "hash"]);
    check(
        &run(&workspace, "apply"),
        &expect![[r#"
        stderr: Error: sql/migrate: history changed: statement 2 from file "2_x.sql" changed
        exit 1"#]],
    );
    workspace.write("migrations/2_x.sql", &broken.replace("boom;\n", ""));
    workspace.ok(&["migrate", "hash"]);
    check(
        &run(&workspace, "apply"),
        &expect![[r#"
        Migrating to version 3 from 2 (2 migrations in total):

          -- migrating version 2
            -> INSERT INTO c VALUES (2);
          -- ok (T)

          -- migrating version 3
            -> ALTER TABLE a ADD COLUMN x int;
          -- ok (T)

          -------------------------
          -- T
          -- 2 migrations
          -- 2 sql statements
        exit 0"#]],
    );
    assert_eq!(sqlite::query(&file(&workspace), "SELECT id FROM c ORDER BY id"), [["1"], ["2"]]);
    check(
        &run(&workspace, "status"),
        &expect![[r#"
        Migration Status: OK
          -- Current Version: 3
          -- Next Version:    Already at latest version
          -- Executed Files:  3
          -- Pending Files:   0
        exit 0"#]],
    );
}

#[test]
fn checks_stand_before_a_migration() {
    let text = |check: &str| {
        format!(
            "-- atlas:txtar\n\n-- checks.sql --\nSELECT NOT EXISTS (SELECT 1 FROM a);\nSELECT 1;\n-- checks/more.sql --\n{check}\n-- migration.sql --\nDROP TABLE a;\n"
        )
    };
    let oneof = "-- atlas:assert oneof\n\nSELECT 0;\nSELECT NULL;";
    let workspace =
        directory(&[("1.sql", ONE), ("2.sql", &text(oneof)), ("3.sql", "CREATE TABLE c (id int);\n")]);
    check(
        &run(&workspace, "apply"),
        &expect![[r#"
        Migrating to version 3 (3 migrations in total):

          -- migrating version 1
            -> CREATE TABLE a (id int);
            -> CREATE TABLE b (id int);
          -- ok (T)

          -- checks before migrating version 2
            -> SELECT NOT EXISTS (SELECT 1 FROM a);
            -> SELECT 1;
          -- ok (T)

          -- checks before migrating version 2
            -> SELECT 0;
            -> SELECT NULL;
            2 of 2 assertions failed: check assertion "SELECT 0;" returned false; check assertion "SELECT NULL;" returned NULL

          -------------------------
          -- T
          -- 1 migration ok, 1 with errors
          -- 2 checks ok, 2 failures
          -- 2 sql statements
        stderr: Error: 2 of 2 assertions failed: check assertion "SELECT 0;" returned false; check assertion "SELECT NULL;" returned NULL
        stderr: The database was changed in part.
        stderr:   version 1: 2 applied
        stderr:   version 2: 1 not run
        stderr:   version 3: not begun
        exit 1"#]],
    );
    workspace.write("migrations/2.sql", &text(&oneof.replace("SELECT 0", "SELECT 'yes'")));
    workspace.ok(&["migrate", "hash"]);
    sqlite::execute(&file(&workspace), "INSERT INTO a VALUES (1)");
    check(
        &run(&workspace, "apply"),
        &expect![[r#"
        Migrating to version 3 from 1 (2 migrations in total):

          -- checks before migrating version 2
            -> SELECT NOT EXISTS (SELECT 1 FROM a);
            -> SELECT 1;
            1 of 2 assertions failed: check assertion "SELECT NOT EXISTS (SELECT 1 FROM a);" returned false

          -------------------------
          -- T
          -- 1 migration with errors
          -- 1 check ok, 1 failure
        stderr: Error: 1 of 2 assertions failed: check assertion "SELECT NOT EXISTS (SELECT 1 FROM a);" returned false
        stderr: Nothing was changed.
        stderr:   version 2: 1 not run
        stderr:   version 3: not begun
        exit 1"#]],
    );
    sqlite::execute(&file(&workspace), "DELETE FROM a");
    workspace.write("migrations/2.sql", &text("SELECT 1 = 1;"));
    workspace.ok(&["migrate", "hash"]);
    check(
        &run(&workspace, "apply"),
        &expect![[r#"
        Migrating to version 3 from 1 (2 migrations in total):

          -- checks before migrating version 2
            -> SELECT NOT EXISTS (SELECT 1 FROM a);
            -> SELECT 1;
          -- ok (T)

          -- checks before migrating version 2
            -> SELECT 1 = 1;
          -- ok (T)

          -- migrating version 2
            -> DROP TABLE a;
          -- ok (T)

          -- migrating version 3
            -> CREATE TABLE c (id int);
          -- ok (T)

          -------------------------
          -- T
          -- 2 migrations
          -- 3 checks
          -- 2 sql statements
        exit 0"#]],
    );
}

#[test]
fn what_keeps_a_run_from_beginning() {
    let workspace = directory(&[("1.sql", ONE), ("2.sql", "SELECT 'open;\n"), ("3.sql", TWO)]);
    check(
        &run(&workspace, "apply"),
        &expect![[r#"
        stderr: Error: sql/migrate: scanning statements from "2.sql": 1:8: unclosed quote '\''
        exit 1"#]],
    );
    assert!(sqlite::query(&file(&workspace), "SELECT name FROM sqlite_schema WHERE name = 'a'").is_empty());
    for (args, words) in [
        (
            "apply x",
            "invalid amount argument \"x\" (invalid syntax). Omit the argument or pass a valid integer instead",
        ),
        ("apply 0", "cannot apply '0' migration files"),
        ("apply --tx-mode foo", "unknown tx-mode \"foo\""),
        ("apply --exec-order foo", "unknown execution order: \"foo\""),
        ("apply --baseline 9", "baseline version \"9\" not found"),
        ("apply --baseline 1 --allow-dirty", "sql/migrate: baseline and allow-dirty are mutually exclusive"),
        ("apply --to-version 9", "migration with version \"9\" not found"),
        (
            "apply --revisions-schema other",
            "cannot store revisions-table in a separate schema (\"other\") with SQLite driver",
        ),
        (
            "apply --interrupted maybe",
            "unknown answer \"maybe\", expected \"applied\", \"again\" or \"stop\"",
        ),
        ("apply --format {{foo}}", "parse format: template: format:1: function \"foo\" not defined"),
    ] {
        let output = run(&workspace, args);
        assert_eq!(
            (output.code, output.stderr.trim_end()),
            (1, format!("Error: {words}").as_str()),
            "{args}"
        );
    }
}

#[test]
fn txmode_directives_agree_with_the_flag() {
    let tell = |text: &str, mode: &str| {
        let workspace = directory(&[("1.sql", text)]);
        run(&workspace, &format!("apply --tx-mode {mode}")).stderr.trim_end().to_owned()
    };
    assert_eq!(tell("-- atlas:txmode none\n\nCREATE TABLE a (id int);\n", "file"), "");
    assert_eq!(
        tell("-- atlas:txmode none\n\nSELECT 1;\n", "all"),
        "Error: cannot set txmode directive to \"none\" in \"1.sql\" when txmode \"all\" is set globally"
    );
    assert_eq!(
        tell("-- atlas:txmode all\n\nSELECT 1;\n", "file"),
        "Error: txmode \"all\" is not allowed in file directive \"1.sql\". Use \"file\" instead"
    );
    assert_eq!(
        tell("-- atlas:txmode x\n\nSELECT 1;\n", "file"),
        "Error: unknown txmode \"x\" found in file directive \"1.sql\""
    );
    assert_eq!(
        tell("-- atlas:txmode none\n-- atlas:txmode file\n\nSELECT 1;\n", "file"),
        "Error: multiple txmode values found in file \"1.sql\": [\"none\" \"file\"]"
    );
    assert_eq!(tell("BEGIN;\nCREATE TABLE a (id int);\nCOMMIT;\n", "file"), "");
    assert!(
        tell("BEGIN;\nCREATE TABLE a (id int);\n", "file")
            .contains("begins a transaction and does not end it")
    );
}

#[test]
fn orders_and_baselines() {
    let workspace = directory(&[("1.sql", ONE), ("2.sql", TWO), ("4.sql", "CREATE TABLE d (id int);\n")]);
    assert_eq!(run(&workspace, "apply").code, 0);
    workspace.write("migrations/3.sql", "CREATE TABLE c (id int);\n");
    workspace.ok(&["migrate", "hash"]);
    check(
        &run(&workspace, "status"),
        &expect![[r#"
        Migration Status: PENDING
          -- Current Version: 4
          -- Next Version:    UNKNOWN
          -- Executed Files:  3
          -- Pending Files:   1 (out of order)

          ERROR: migration file 3.sql was added out of order. See: https://atlasgo.io/versioned/apply#non-linear-error
        exit 0"#]],
    );
    check(
        &run(&workspace, "apply"),
        &expect![[r#"
        stderr: Error: migration file 3.sql was added out of order. See: https://atlasgo.io/versioned/apply#non-linear-error
        exit 1"#]],
    );
    check(
        &run(&workspace, "apply --exec-order linear-skip"),
        &expect![[r#"
        No migration files to execute
        exit 0"#]],
    );
    check(
        &run(&workspace, "apply --exec-order non-linear"),
        &expect![[r#"
        Migrating to version 3 from 4 (1 migrations in total):

          -- migrating version 3
            -> CREATE TABLE c (id int);
          -- ok (T)

          -------------------------
          -- T
          -- 1 migration
          -- 1 sql statement
        exit 0"#]],
    );
    let workspace = directory(&[("1.sql", ONE), ("2.sql", TWO)]);
    sqlite::execute(&file(&workspace), ONE);
    check(
        &run(&workspace, "apply"),
        &expect![[r#"
        stderr: Error: sql/migrate: connected database is not clean: found table "a". baseline version or allow-dirty is required
        exit 1"#]],
    );
    check(
        &run(&workspace, "apply --baseline 1"),
        &expect![[r#"
        Migrating to version 2 from 1 (1 migrations in total):

          -- migrating version 2
            -> ALTER TABLE a ADD COLUMN x int;
          -- ok (T)

          -------------------------
          -- T
          -- 1 migration
          -- 1 sql statement
        exit 0"#]],
    );
    check(
        &run(&workspace, "down"),
        &expect![[r#"
        Migrating down from version 2 to version 1 (1 migration in total):

          -- reverting version 2
            -> PRAGMA foreign_keys = off;
            -> CREATE TABLE `new_a` (
                 `id` int NULL
               );
            -> INSERT INTO `new_a` (`id`) SELECT `id` FROM `a`;
            -> DROP TABLE `a`;
            -> ALTER TABLE `new_a` RENAME TO `a`;
            -> PRAGMA foreign_keys = on;

          -- destructive changes detected:
            -- L4: Dropping non-virtual column "x" https://atlasgo.io/lint/analyzers#DS103
          -- suggested fix:
            -> Add a pre-migration check to ensure column "x" is NULL before dropping it
        stderr: Error: reverting migrations takes an approval: run the command on a terminal, or with --auto-approve
        exit 1"#]],
    );
    check(
        &run(&workspace, "down --auto-approve"),
        &expect![[r#"
        Migrating down from version 2 to version 1 (1 migration in total):

          -- reverting version 2
            -> PRAGMA foreign_keys = off;
            -> CREATE TABLE `new_a` (
                 `id` int NULL
               );
            -> INSERT INTO `new_a` (`id`) SELECT `id` FROM `a`;
            -> DROP TABLE `a`;
            -> ALTER TABLE `new_a` RENAME TO `a`;
            -> PRAGMA foreign_keys = on;

          -- destructive changes detected:
            -- L4: Dropping non-virtual column "x" https://atlasgo.io/lint/analyzers#DS103
          -- suggested fix:
            -> Add a pre-migration check to ensure column "x" is NULL before dropping it
          -------------------------
          -- T
          -- 1 migration
          -- 6 sql statements
        exit 0"#]],
    );
    check(
        &run(&workspace, "down --auto-approve"),
        &expect![[r#"
        stderr: Error: version "1" is the baseline of this database: what was before it is not known
        exit 1"#]],
    );
}

#[test]
fn the_version_is_set_by_hand() {
    let workspace = directory(&[("1_a.sql", ONE), ("2.sql", TWO), ("3_c.sql", "CREATE TABLE c (id int);\n")]);
    check(
        &run(&workspace, "set"),
        &expect![[r#"
        stderr: Error: accepts 1 arg(s), received 0
        exit 1"#]],
    );
    check(
        &run(&workspace, "set 9"),
        &expect![[r#"
        stderr: Error: migration with version "9" not found
        exit 1"#]],
    );
    check(
        &run(&workspace, "set 2"),
        &expect![[r#"
        Current version is 2 (2 set):

          + 1 (a)
          + 2

        exit 0"#]],
    );
    check(&run(&workspace, "set 2"), &expect!["exit 0"]);
    check(
        &run(&workspace, "set 1"),
        &expect![[r#"
        Current version is 1 (1 removed):

          - 2

        exit 0"#]],
    );
    check(
        &run(&workspace, "set"),
        &expect![[r#"
        Current version is 3 (2 set):

          + 2
          + 3 (c)

        exit 0"#]],
    );
    let rows = sqlite::query(
        &file(&workspace),
        "SELECT version, description, type, applied, total, error, hash <> '' FROM atlas_schema_revisions",
    );
    assert_eq!(rows.len(), 3);
    assert_eq!(rows[0], ["1", "a", "4", "0", "0", "", "1"]);
}

#[test]
fn going_down_names_what_is_lost() {
    let workspace = directory(&[
        ("1.sql", ONE),
        ("2.sql", TWO),
        (
            "3.sql",
            "-- atlas:txtar\n\n-- migration.sql --\nCREATE TABLE c (id int);\n-- down.sql --\nDROP TABLE c;\n",
        ),
    ]);
    assert_eq!(run(&workspace, "apply").code, 0);
    sqlite::execute(
        &file(&workspace),
        "INSERT INTO c VALUES (1), (2); INSERT INTO a VALUES (1, 2); CREATE TABLE mine (id int)",
    );
    check(
        &run(&workspace, "down --dry-run"),
        &expect![[r#"
        Migrating down from version 3 to version 2 (1 migration in total):

          -- reverting version 3
            -> DROP TABLE c;

          -- this data will be lost:
            2 rows of table "c"
        exit 0"#]],
    );
    check(
        &run(&workspace, "down"),
        &expect![[r#"
        Migrating down from version 3 to version 2 (1 migration in total):

          -- reverting version 3
            -> DROP TABLE c;

          -- this data will be lost:
            2 rows of table "c"
        stderr: Error: reverting migrations takes an approval: run the command on a terminal, or with --auto-approve
        exit 1"#]],
    );
    check(
        &run(&workspace, "down --to-version 1 --auto-approve"),
        &expect![[r#"
        Migrating down from version 3 to version 1 (2 migrations in total):

          -- reverting versions 3, 2
            -> PRAGMA foreign_keys = off;
            -> CREATE TABLE `new_a` (
                 `id` int NULL
               );
            -> INSERT INTO `new_a` (`id`) SELECT `id` FROM `a`;
            -> DROP TABLE `a`;
            -> ALTER TABLE `new_a` RENAME TO `a`;
            -> DROP TABLE `c`;
            -> PRAGMA foreign_keys = on;

          -- destructive changes detected:
            -- L4: Dropping non-virtual column "x" https://atlasgo.io/lint/analyzers#DS103
            -- L14: Dropping table "c" https://atlasgo.io/lint/analyzers#DS102
          -- suggested fixes:
            -> Add a pre-migration check to ensure column "x" is NULL before dropping it
            -> Add a pre-migration check to ensure table "c" is empty before dropping it
          -- this data will be lost:
            1 value of column "x" of table "a"
            2 rows of table "c"
          -- these differ from the migration files for other reasons, and are left alone:
            table "mine" was added
          -------------------------
          -- T
          -- 2 migrations
          -- 7 sql statements
        exit 0"#]],
    );
    check(
        &run(&workspace, "status"),
        &expect![[r#"
        Migration Status: PENDING
          -- Current Version: 1
          -- Next Version:    2
          -- Executed Files:  1
          -- Pending Files:   2
        exit 0"#]],
    );
}

const TENANTS: &str = "env \"all\" {\n  for_each = toset([\"one\", \"two\", \"three\"])\n  url = \"sqlite://${each.value}.db\"\n  migration {\n    dir = \"file://migrations\"\n  }\n}\n";

#[test]
fn many_targets_one_after_the_other() {
    let workspace = directory(&[("1.sql", ONE)]);
    workspace.write("atlas.hcl", TENANTS);
    let apply = ["migrate", "apply", "--env", "all"];
    check(
        &workspace.run(&apply),
        &expect![[r#"
        Migrating to version 1 (1 migrations in total):

          -- migrating version 1
            -> CREATE TABLE a (id int);
            -> CREATE TABLE b (id int);
          -- ok (T)

          -------------------------
          -- T
          -- 1 migration
          -- 2 sql statements
        Migrating to version 1 (1 migrations in total):

          -- migrating version 1
            -> CREATE TABLE a (id int);
            -> CREATE TABLE b (id int);
          -- ok (T)

          -------------------------
          -- T
          -- 1 migration
          -- 2 sql statements
        Migrating to version 1 (1 migrations in total):

          -- migrating version 1
            -> CREATE TABLE a (id int);
            -> CREATE TABLE b (id int);
          -- ok (T)

          -------------------------
          -- T
          -- 1 migration
          -- 2 sql statements
        stderr: [1/3] sqlite://one.db
        stderr: [2/3] sqlite://three.db
        stderr: [3/3] sqlite://two.db
        stderr: 3 targets: 3 done
        stderr:   sqlite://one.db: version 1 (1 files)
        stderr:   sqlite://three.db: version 1 (1 files)
        stderr:   sqlite://two.db: version 1 (1 files)
        exit 0"#]],
    );
    check(
        &workspace.run(&["migrate", "status", "--env", "all", "--format", "{{ .Status }}"]),
        &expect![[r#"
            OK
            OK
            OKstderr: [1/3] sqlite://one.db
            stderr: [2/3] sqlite://three.db
            stderr: [3/3] sqlite://two.db
            stderr: 3 targets: 3 done
            stderr:   sqlite://one.db: OK
            stderr:   sqlite://three.db: OK
            stderr:   sqlite://two.db: OK
            exit 0"#]],
    );
    // What fails for one stops the rest.
    workspace.write("migrations/2.sql", "CREATE TABLE c (id int);\n");
    workspace.ok(&["migrate", "hash"]);
    sqlite::execute(&workspace.path("three.db"), "CREATE TABLE c (id int)");
    check(
        &workspace.run(&apply),
        &expect![[r#"
        Migrating to version 2 from 1 (1 migrations in total):

          -- migrating version 2
            -> CREATE TABLE c (id int);
          -- ok (T)

          -------------------------
          -- T
          -- 1 migration
          -- 1 sql statement
        Migrating to version 2 from 1 (1 migrations in total):

          -- migrating version 2
            -> CREATE TABLE c (id int);
            table c already exists

          -------------------------
          -- T
          -- 1 migration with errors
          -- 1 sql statement with errors
        stderr: [1/3] sqlite://one.db
        stderr: [2/3] sqlite://three.db
        stderr: Error: sql/migrate: executing statement "CREATE TABLE c (id int);" from version "2": table c already exists
        stderr: Nothing was changed.
        stderr:   version 2: 1 failed
        stderr: 3 targets: 1 done, 1 failed, 1 not begun
        stderr:   sqlite://one.db: version 2 (1 files)
        stderr:   sqlite://three.db: failed
        exit 1"#]],
    );
}

/// Which table of revisions is meant must be said where it is not clear.
#[test]
fn two_tables_of_revisions() {
    for product in [Product::Postgres, Product::Mysql] {
        if product == Product::Mysql {
            // The schema would be shared by all who use the server.
            continue;
        }
        let Some(database) = Database::new(product, "exec_ambiguous") else { continue };
        let workspace = directory(&[("1.sql", ONE)]);
        let realm = database.plain();
        let output = workspace.run(&["migrate", "apply", "--url", &realm]);
        assert_eq!(output.code, 0, "{}", output.render());
        assert_eq!(
            database.query("SELECT table_schema::text FROM information_schema.tables WHERE table_name = 'atlas_schema_revisions'"),
            ["atlas_schema_revisions"]
        );
        let output = workspace.run(&["migrate", "status", "--url", &database.url()]);
        assert_eq!((output.code, output.stderr.as_str()), (1, ""));
        assert!(output.stdout.starts_with("We couldn't find a revision table in the connected schema"));
        let args =
            ["migrate", "status", "--url", &database.url(), "--revisions-schema", "atlas_schema_revisions"];
        assert!(workspace.ok(&args).starts_with("Migration Status: OK"));
    }
}

/// The table is what Atlas makes, column by column.
#[test]
fn the_table_is_the_one_of_atlas() {
    for database in server::databases("exec_table") {
        let workspace = directory(&[("1.sql", ONE)]);
        let output = workspace.run(&["migrate", "apply", "--url", &database.url()]);
        assert_eq!(output.code, 0, "{}", output.render());
        let sql = match database.product {
            Product::Postgres => {
                "SELECT column_name || ' ' || data_type || ' ' || is_nullable FROM information_schema.columns WHERE table_name = 'atlas_schema_revisions' ORDER BY ordinal_position"
            }
            _ => {
                "SELECT CAST(CONCAT(column_name, ' ', column_type, ' ', is_nullable) AS CHAR) FROM information_schema.columns WHERE table_name = 'atlas_schema_revisions' AND table_schema = 'exec_table' ORDER BY ordinal_position"
            }
        };
        let found = database.query(sql).join("\n");
        match database.product {
            Product::Postgres => expect![[r#"
                version character varying NO
                description character varying NO
                type bigint NO
                applied bigint NO
                total bigint NO
                executed_at timestamp with time zone NO
                execution_time bigint NO
                error text YES
                error_stmt text YES
                hash character varying NO
                partial_hashes jsonb YES
                operator_version character varying NO"#]]
            .assert_eq(&found),
            Product::Mysql => expect![[r#"
                version varchar(255) NO
                description varchar(255) NO
                type bigint unsigned NO
                applied bigint NO
                total bigint NO
                executed_at timestamp NO
                execution_time bigint NO
                error longtext YES
                error_stmt longtext YES
                hash varchar(255) NO
                partial_hashes json YES
                operator_version varchar(255) NO"#]]
            .assert_eq(&found),
            Product::Mariadb => expect![[r#"
                version varchar(255) NO
                description varchar(255) NO
                type bigint(20) unsigned NO
                applied bigint(20) NO
                total bigint(20) NO
                executed_at timestamp YES
                execution_time bigint(20) NO
                error longtext YES
                error_stmt longtext YES
                hash varchar(255) NO
                partial_hashes longtext YES
                operator_version varchar(255) NO"#]]
            .assert_eq(&found),
        }
    }
}
