//! Tests: checks before a migration are offered, added where they belong, and believed.

use std::sync::Arc;

use engine::Dialect;
use engine::lint::{Config, Prechecks};
use engine::migrate::{Format, Timeline, sql_of};
use expect_test::{Expect, expect};
use text::{FileId, Text, apply_edits};

use crate::{MYSQL, POSTGRES, SQLITE};

/// What is found in `text` after `before`: each finding with the file as its first fix leaves it, and what is found
/// then.
fn judge(dialect: &'static Dialect, before: &str, text: &str) -> Vec<(String, Option<String>)> {
    let tree = |text: &str| sql_of(&Text::from(text), Format::Atlas, dialect.grammar, None);
    let files = [(FileId(0), tree(before)), (FileId(1), tree(text))];
    let checks = Prechecks::of(text, Format::Atlas, dialect);
    let mut timeline = Timeline::new(dialect, None);
    let config = Arc::new(Config::default());
    let judged = timeline.lint_checked(&files, 1, &config, true, checks.as_ref()).expect("comparable");
    judged
        .report
        .findings()
        .map(|finding| {
            let fix = finding.edits.iter().find(|fix| fix.title.contains("pre-migration check"));
            (finding.code.to_owned(), fix.map(|fix| apply_edits(text, &fix.edits)))
        })
        .collect()
}

#[track_caller]
fn check(dialect: &'static Dialect, before: &str, text: &str, expected: Expect) {
    let mut out = String::new();
    for (code, fixed) in judge(dialect, before, text) {
        out.push_str(&format!("{code}\n"));
        let Some(fixed) = fixed else { continue };
        out.push_str(
            &fixed.lines().map(|line| format!("  {line}\n")).collect::<String>().replace("  \n", "\n"),
        );
        let left = judge(dialect, before, &fixed);
        assert!(left.iter().all(|(found, _)| *found != code), "{code} is still found in\n{fixed}");
    }
    expected.assert_eq(&out);
}

const TABLE: &str = "CREATE TABLE t (id int, a int, b int);\nCREATE TABLE u (id int);";

#[test]
fn a_dropped_table_must_be_empty() {
    check(
        &SQLITE,
        TABLE,
        "DROP TABLE t;\n",
        expect![[r#"
        DS102
          -- atlas:txtar

          -- checks/destructive.sql --
          -- atlas:assert DS102
          SELECT NOT EXISTS (SELECT 1 FROM `t`) AS `is_empty`;

          -- migration.sql --
          DROP TABLE t;
    "#]],
    );
    check(
        &POSTGRES,
        TABLE,
        "DROP TABLE public.t;\n",
        expect![[r#"
        DS102
          -- atlas:txtar

          -- checks/destructive.sql --
          -- atlas:assert DS102
          SELECT NOT EXISTS (SELECT 1 FROM "public"."t") AS "is_empty";

          -- migration.sql --
          DROP TABLE public.t;
    "#]],
    );
    check(
        &MYSQL,
        TABLE,
        "-- atlas:txmode none\n\n-- why\nDROP TABLE t;\n",
        expect![[r#"
        DS102
          -- atlas:txtar
          -- atlas:txmode none

          -- checks/destructive.sql --
          -- atlas:assert DS102
          SELECT NOT EXISTS (SELECT 1 FROM `t`) AS `is_empty`;

          -- migration.sql --
          -- why
          DROP TABLE t;
    "#]],
    );
}

#[test]
fn dropped_columns_must_hold_nothing() {
    check(
        &POSTGRES,
        TABLE,
        "ALTER TABLE t DROP COLUMN a, DROP COLUMN b;\n",
        expect![[r#"
        DS103
          -- atlas:txtar

          -- checks/destructive.sql --
          -- atlas:assert DS103
          SELECT NOT EXISTS (SELECT 1 FROM "t" WHERE "a" IS NOT NULL OR "b" IS NOT NULL) AS "has_no_values";

          -- migration.sql --
          ALTER TABLE t DROP COLUMN a, DROP COLUMN b;
    "#]],
    );
}

#[test]
fn what_may_fail_can_be_asked_before() {
    check(
        &POSTGRES,
        TABLE,
        "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a, b);\n",
        expect![[r#"
        MF101
          -- atlas:txtar

          -- checks/data_depend.sql --
          -- atlas:assert MF101
          SELECT NOT EXISTS (SELECT 1 FROM "t" WHERE "a" IS NOT NULL AND "b" IS NOT NULL GROUP BY "a", "b" HAVING COUNT(*) > 1) AS "has_no_duplicates";

          -- migration.sql --
          CREATE UNIQUE INDEX CONCURRENTLY i ON t (a, b);
        PG103
    "#]],
    );
    check(
        &MYSQL,
        TABLE,
        "ALTER TABLE t MODIFY COLUMN a int NOT NULL;\n",
        expect![[r#"
        MF104
          -- atlas:txtar

          -- checks/data_depend.sql --
          -- atlas:assert MF104
          SELECT NOT EXISTS (SELECT 1 FROM `t` WHERE `a` IS NULL) AS `has_no_nulls`;

          -- migration.sql --
          ALTER TABLE t MODIFY COLUMN a int NOT NULL;
        MY147
    "#]],
    );
    check(
        &SQLITE,
        TABLE,
        "ALTER TABLE t ADD COLUMN c int NOT NULL;\n",
        expect![[r#"
        MF103
          -- atlas:txtar

          -- checks/data_depend.sql --
          -- atlas:assert MF103
          SELECT NOT EXISTS (SELECT 1 FROM `t`) AS `is_empty`;

          -- migration.sql --
          ALTER TABLE t ADD COLUMN c int NOT NULL;
    "#]],
    );
}

#[test]
fn an_archive_gets_another_section() {
    check(
        &SQLITE,
        TABLE,
        "-- atlas:txtar\n\n-- checks/destructive.sql --\n-- atlas:assert DS103\nSELECT 1;\n\n-- migration.sql --\nDROP TABLE t;\n",
        expect![[r#"
            DS102
              -- atlas:txtar

              -- checks/destructive.sql --
              -- atlas:assert DS103
              SELECT 1;

              -- checks/destructive_2.sql --
              -- atlas:assert DS102
              SELECT NOT EXISTS (SELECT 1 FROM `t`) AS `is_empty`;

              -- migration.sql --
              DROP TABLE t;
        "#]],
    );
}

#[test]
fn a_check_is_believed_for_its_codes_and_for_what_it_asks() {
    let of = |check: &str| {
        let text =
            format!("-- atlas:txtar\n\n-- checks.sql --\n{check}\n-- migration.sql --\nDROP TABLE t;\n");
        judge(&SQLITE, TABLE, &text).into_iter().map(|(code, _)| code).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(of("SELECT 1;"), "DS102");
    assert_eq!(of("-- atlas:assert DS102\nSELECT 1;"), "");
    assert_eq!(of("-- atlas:assert DS102\n\nSELECT 1;\nSELECT 2;"), "");
    assert_eq!(of("-- atlas:assert DS103 MF101\nSELECT 1;"), "DS102");
    assert_eq!(of("-- atlas:assert DS102\nSELECT NOT EXISTS (SELECT 1 FROM u);"), "DS102");
    assert_eq!(of("-- atlas:assert DS102\nSELECT count(*) < 9 FROM t WHERE id > 1;"), "");
    assert_eq!(of("SELECT NOT EXISTS(SELECT * FROM \"T\");"), "");
    assert_eq!(of("SELECT NOT EXISTS(SELECT * FROM u);"), "DS102");
    assert_eq!(of("-- atlas:assert oneof\n\nSELECT NOT EXISTS(SELECT * FROM t);\nSELECT 1;"), "DS102");
}

#[test]
fn each_table_has_its_own_check() {
    let text = "DROP TABLE t;\nDROP TABLE u;\n";
    let found = judge(&SQLITE, TABLE, text);
    assert_eq!(found.len(), 2);
    let fixed = found[0].1.clone().expect("a fix");
    let left = judge(&SQLITE, TABLE, &fixed);
    assert_eq!(left.len(), 1, "{fixed}");
    let fixed = left[0].1.clone().expect("a fix");
    assert_eq!(judge(&SQLITE, TABLE, &fixed), [], "{fixed}");
}

#[test]
fn what_has_another_name_before_the_file_cannot_be_asked() {
    check(
        &SQLITE,
        TABLE,
        "ALTER TABLE t RENAME TO s;\nDROP TABLE s;\n",
        expect![[r#"
        DS102
        BC101
    "#]],
    );
}

#[test]
fn directives_at_the_head_of_an_archive_are_those_of_the_file() {
    let text = "-- atlas:txtar\n-- atlas:nolint DS102\n\n-- checks.sql --\nSELECT 1;\n-- migration.sql --\nDROP TABLE t;\n";
    assert_eq!(judge(&SQLITE, TABLE, text), []);
}
