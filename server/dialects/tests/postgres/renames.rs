//! Renames: planned as such when the desired state says what a thing was called, never otherwise.

use dialects::POSTGRES;
use engine::diff::{Policy, candidates, confirm, diff, stale_hints};
use expect_test::expect;

use super::{check, check_comments, hcl, planned, text};

#[test]
fn a_column_is_renamed() {
    check_comments(
        r#"table "t" { ID; column "a" { type = int; null = true }; PK; index "i" { columns = [column.a] }; check "c" { expr = "a > 0" } }"#,
        r#"table "t" { ID; column "b" { type = int; null = true; renamed_from = "a" }; PK; index "i" { columns = [column.b] }; check "c" { expr = "b > 0" } }"#,
        expect![[r#"
            -- Rename a column from "a" to "b"
            ALTER TABLE "t" RENAME COLUMN "a" TO "b";
        "#]],
    );
}

#[test]
fn a_renamed_column_can_change_too() {
    check(
        r#"table "t" { ID; column "a" { type = int; null = true }; PK; }"#,
        r#"table "t" { ID; column "b" { type = bigint; renamed_from = "a" }; PK; }"#,
        expect![[r#"
            ALTER TABLE "t" RENAME COLUMN "a" TO "b";
            ALTER TABLE "t" ALTER COLUMN "b" TYPE bigint, ALTER COLUMN "b" SET NOT NULL;
        "#]],
    );
}

#[test]
fn a_table_is_renamed_and_children_follow() {
    check_comments(
        r#"table "u" { ID; PK; }; table "t" { ID; A; PK; foreign_key "fk" { columns = [column.a]; ref_columns = [table.u.column.id] } }"#,
        "\n# atlas:renamed_from u\ntable \"v\" { ID; PK; }; table \"t\" { ID; A; PK; foreign_key \"fk\" { columns = [column.a]; ref_columns = [table.v.column.id] } }",
        expect![[r#"
            -- Rename a table from "u" to "v"
            ALTER TABLE "u" RENAME TO "v";
        "#]],
    );
}

#[test]
fn a_renamed_table_keeps_its_key() {
    check(
        r#"table "u" { ID; B; PK; }"#,
        "\n# atlas:renamed_from u\ntable \"v\" { ID; column \"b\" { type = int }; primary_key { columns = [column.id, column.b] } }",
        expect![[r#"
            ALTER TABLE "u" RENAME TO "v";
            ALTER TABLE "v" DROP CONSTRAINT "u_pkey", ALTER COLUMN "b" SET NOT NULL, ADD PRIMARY KEY ("id", "b");
        "#]],
    );
}

#[test]
fn names_move_on_in_a_chain() {
    check(
        r#"table "t" { ID; column "a" { type = int }; column "b" { type = int } }"#,
        r#"table "t" { ID; column "b" { type = int; renamed_from = "a" }; column "c" { type = int; renamed_from = "b" } }"#,
        expect![[r#"
            ALTER TABLE "t" RENAME COLUMN "b" TO "c";
            ALTER TABLE "t" RENAME COLUMN "a" TO "b";
        "#]],
    );
}

#[test]
fn an_enum_and_an_index_are_renamed() {
    check(
        r#"enum "e" { values = ["a"] }; table "t" { ID; column "s" { type = enum.e }; PK; index "i" { columns = [column.id] } }"#,
        "\n# atlas:renamed_from e\nenum \"f\" { values = [\"a\", \"b\"] }; table \"t\" { ID; column \"s\" { type = enum.f }; PK;\n# atlas:renamed_from i\nindex \"j\" { columns = [column.id] } }",
        expect![[r#"
            ALTER TYPE "e" RENAME TO "f";
            ALTER INDEX "i" RENAME TO "j";
            ALTER TYPE "f" ADD VALUE 'b';
        "#]],
    );
}

#[test]
fn a_hint_that_was_carried_out_is_stale() {
    let from = hcl(r#"table "t" { ID; column "b" { type = int } }"#);
    let to = hcl(r#"table "t" { ID; column "b" { type = int; renamed_from = "a" } }"#);
    expect![[""]].assert_eq(&text(planned(&from, &to, &Policy::default()), false));
    let stale: Vec<String> = stale_hints(&from, &to, &POSTGRES).iter().map(ToString::to_string).collect();
    assert_eq!(stale, [r#"column "b" of table "t""#]);
}

#[test]
fn a_hint_to_a_name_that_is_still_wanted_has_no_effect() {
    let from = hcl(r#"table "t" { ID; column "a" { type = int } }"#);
    let to =
        hcl(r#"table "t" { ID; column "a" { type = int }; column "b" { type = int; renamed_from = "a" } }"#);
    expect![[r#"
        ALTER TABLE "t" ADD COLUMN "b" integer NOT NULL;
    "#]]
    .assert_eq(&text(planned(&from, &to, &Policy::default()), false));
    assert_eq!(stale_hints(&from, &to, &POSTGRES).len(), 1);
}

#[test]
fn what_looks_like_a_rename_is_one_when_the_user_confirms() {
    let from = hcl(r#"table "t" { ID; column "a" { type = int }; PK; }; table "u" { ID; B; PK; }"#);
    let to = hcl(r#"table "t" { ID; column "b" { type = int }; PK; }; table "v" { ID; B; PK; }"#);
    let changes = diff(&from, &to, &POSTGRES, &Policy::default()).expect("a diff");
    let found = candidates(&changes);
    let names: Vec<String> = found.iter().map(|it| format!("{} -> {}", it.from, it.to)).collect();
    assert_eq!(names, [r#"table "u" -> table "v""#, r#"column "a" of table "t" -> column "b" of table "t""#]);
    let confirmed = found.iter().fold(to, |to, candidate| confirm(&to, candidate));
    expect![[r#"
        ALTER TABLE "u" RENAME TO "v";
        ALTER TABLE "t" RENAME COLUMN "a" TO "b";
    "#]]
    .assert_eq(&text(planned(&from, &confirmed, &Policy::default()), false));
}

#[test]
fn different_types_are_no_candidates() {
    let from = hcl(r#"table "t" { ID; column "a" { type = int }; PK; }"#);
    let to = hcl(r#"table "t" { ID; column "b" { type = text }; PK; }"#);
    let changes = diff(&from, &to, &POSTGRES, &Policy::default()).expect("a diff");
    assert_eq!(candidates(&changes), []);
}
