//! Statements beyond Atlas's worked examples.

use std::sync::Arc;

use engine::diff::Policy;
use expect_test::expect;

use super::{check, check_comments, hcl, planned, text};

#[test]
fn conversions_without_a_cast_of_the_server_say_how() {
    let of = |a: &str, b: &str| {
        let table = |ty: &str| {
            format!(
                "enum \"e\" {{ values = [\"x\"] }}; enum \"f\" {{ values = [\"x\"] }}; table \"t\" {{ column \"c\" {{ type = {ty}; null = true }} }}"
            )
        };
        let plan = text(planned(&hcl(&table(a)), &hcl(&table(b)), &Policy::default()), false);
        plan.trim().trim_start_matches("ALTER TABLE \"t\" ").to_string()
    };
    let pairs = [
        ("int", "bigint"),
        ("text", "int"),
        ("int", "text"),
        ("text", "enum.e"),
        ("enum.e", "enum.f"),
        ("enum.e", "int"),
        ("bool", "int"),
        ("int", "bool"),
        ("varchar(10)", "varchar(5)"),
        ("text", "uuid"),
        ("json", "jsonb"),
        ("date", "timestamp"),
        ("text", "jsonb"),
        ("sql(\"text[]\")", "sql(\"int[]\")"),
    ];
    let all: String = pairs.iter().map(|(a, b)| format!("{a} -> {b}: {}\n", of(a, b))).collect();
    expect![[r#"
        int -> bigint: ALTER COLUMN "c" TYPE bigint;
        text -> int: ALTER COLUMN "c" TYPE integer USING "c"::integer;
        int -> text: ALTER COLUMN "c" TYPE text;
        text -> enum.e: ALTER COLUMN "c" TYPE "e" USING "c"::"e";
        enum.e -> enum.f: ALTER COLUMN "c" TYPE "f" USING "c"::text::"f";
        enum.e -> int: ALTER COLUMN "c" TYPE integer USING "c"::text::integer;
        bool -> int: ALTER COLUMN "c" TYPE integer USING "c"::integer;
        int -> bool: ALTER COLUMN "c" TYPE boolean USING "c" <> 0;
        varchar(10) -> varchar(5): ALTER COLUMN "c" TYPE character varying(5);
        text -> uuid: ALTER COLUMN "c" TYPE uuid USING "c"::uuid;
        json -> jsonb: ALTER COLUMN "c" TYPE jsonb;
        date -> timestamp: ALTER COLUMN "c" TYPE timestamp;
        text -> jsonb: ALTER COLUMN "c" TYPE jsonb USING "c"::jsonb;
        sql("text[]") -> sql("int[]"): ALTER COLUMN "c" TYPE integer[] USING "c"::integer[];
    "#]]
    .assert_eq(&all);
}

#[test]
fn a_default_that_cannot_be_converted_steps_aside() {
    check(
        r#"enum "e" { values = ["x"] }; table "t" { column "c" { type = text; default = "x" } }"#,
        r#"enum "e" { values = ["x"] }; table "t" { column "c" { type = enum.e; default = "x" } }"#,
        expect![[r#"
            ALTER TABLE "t" ALTER COLUMN "c" DROP DEFAULT, ALTER COLUMN "c" TYPE "e" USING "c"::"e", ALTER COLUMN "c" SET DEFAULT 'x';
        "#]],
    );
}

#[test]
fn identities_come_and_go() {
    check(
        r#"table "t" { column "id" { type = int; identity { generated = ALWAYS } }; PK; }"#,
        r#"table "t" { ID; PK; }"#,
        expect![[r#"
            ALTER TABLE "t" ALTER COLUMN "id" DROP IDENTITY;
        "#]],
    );
    check(
        r#"table "t" { column "id" { type = serial }; PK; }"#,
        r#"table "t" { column "id" { type = int; identity { generated = ALWAYS; start = 100 } }; PK; }"#,
        expect![[r#"
            ALTER TABLE "t" ALTER COLUMN "id" DROP DEFAULT, ALTER COLUMN "id" ADD GENERATED ALWAYS AS IDENTITY (START WITH 100 INCREMENT BY 1);
            DROP SEQUENCE IF EXISTS "t_id_seq";
        "#]],
    );
}

#[test]
fn indexes_are_built_without_a_lock_where_the_policy_says_so() {
    let policy = Policy { concurrent_create: true, concurrent_drop: true, ..Policy::default() };
    let from = hcl(
        r#"table "t" { ID; A; PK; index "i" { columns = [column.a] }; index "m" { columns = [column.a] } }"#,
    );
    let to = hcl(
        r#"table "t" { ID; A; PK; index "j" { columns = [column.a] }; index "m" { columns = [column.id] } }; table "n" { ID; PK; index "k" { columns = [column.id] } }"#,
    );
    let plan = planned(&from, &to, &policy).expect("a plan");
    assert!(!plan.transactional);
    expect![[r#"
        DROP INDEX CONCURRENTLY "i";
        DROP INDEX "m";
        CREATE INDEX "m" ON "t" ("id");
        CREATE INDEX CONCURRENTLY "j" ON "t" ("a");
        CREATE TABLE "n" ("id" integer NOT NULL, PRIMARY KEY ("id"));
        CREATE INDEX "k" ON "n" ("id");
    "#]]
    .assert_eq(&text(Ok(plan), false));
}

#[test]
fn a_value_of_an_enum_that_is_used_at_once_needs_its_own_commit() {
    let from =
        hcl(r#"enum "e" { values = ["a"] }; table "t" { column "s" { type = enum.e; default = "a" } }"#);
    let to =
        hcl(r#"enum "e" { values = ["a", "b"] }; table "t" { column "s" { type = enum.e; default = "b" } }"#);
    let plan = planned(&from, &to, &Policy::default()).expect("a plan");
    assert!(!plan.transactional);
    expect![[r#"
        ALTER TYPE "e" ADD VALUE 'b';
        ALTER TABLE "t" ALTER COLUMN "s" SET DEFAULT 'b';
    "#]]
    .assert_eq(&text(Ok(plan), false));
}

#[test]
fn values_of_enums_are_not_dropped_or_reordered() {
    check(
        r#"enum "e" { values = ["a", "b"] }"#,
        r#"enum "e" { values = ["a"] }"#,
        expect![[r#"dropping value "b" from enum "e" is not supported"#]],
    );
    check(
        r#"enum "e" { values = ["a", "b"] }"#,
        r#"enum "e" { values = ["b", "a"] }"#,
        expect![[r#"reordering enum "e" value "b" is not supported"#]],
    );
}

#[test]
fn a_partition_key_does_not_change() {
    check(
        r#"table "t" { ID; A; partition { type = LIST; columns = [column.a] } }"#,
        r#"table "t" { ID; A; partition { type = RANGE; columns = [column.id] } }"#,
        expect![[
            r#"partition key of table "t" cannot be changed from PARTITION BY LIST ("a") to PARTITION BY RANGE ("id") (drop and add is required)"#
        ]],
    );
    check(
        r#"table "t" { ID; A; }"#,
        r#"table "t" { ID; A; partition { type = RANGE; columns = [column.id] } }"#,
        expect![[r#"partition key cannot be added to "t" (drop and add is required)"#]],
    );
}

#[test]
fn serials_need_not_null() {
    let mut to = hcl(r#"table "t" { column "id" { type = serial } }"#);
    Arc::make_mut(&mut to.schemas[0].tables[0]).columns[0].nullable = true;
    expect![[r#"create table "t": NOT NULL constraint is required for serial column "id""#]]
        .assert_eq(&text(planned(&hcl(""), &to, &Policy::default()), false));
}

#[test]
fn statements_are_undone_in_the_opposite_order() {
    let from =
        hcl(r#"table "users" { ID; PK; }; table "t" { ID; A; B; PK; index "i" { columns = [column.b] } }"#);
    let to = hcl(
        r#"table "users" { ID; PK; }; table "t" { ID; column "a" { type = bigint; null = true }; column "c" { type = int; null = true }; PK; index "k" { columns = [column.c] }; foreign_key "fk" { columns = [column.c]; ref_columns = [table.users.column.id] } }"#,
    );
    let plan = planned(&from, &to, &Policy::default()).expect("a plan");
    let undo: String =
        plan.statements.iter().rev().flat_map(|it| &it.reverse).map(|cmd| format!("{cmd};\n")).collect();
    expect![[r#"
        DROP INDEX "k";
        ALTER TABLE "t" DROP CONSTRAINT "fk", DROP COLUMN "c", ADD COLUMN "b" integer NULL, ALTER COLUMN "a" TYPE integer;
        CREATE INDEX "i" ON "t" ("b");
    "#]].assert_eq(&undo);
    let from = hcl(r#"table "t" { ID; A; PK; index "i" { columns = [column.a] } }"#);
    let plan = planned(&from, &hcl(""), &Policy::default()).expect("a plan");
    let undo: String =
        plan.statements.iter().flat_map(|it| &it.reverse).map(|cmd| format!("{cmd};\n")).collect();
    expect![[r#"
        CREATE TABLE "t" ("id" integer NOT NULL, "a" integer NULL, PRIMARY KEY ("id"));
        CREATE INDEX "i" ON "t" ("a");
    "#]]
    .assert_eq(&undo);
}

#[test]
fn views_step_aside_for_a_column() {
    check_comments(
        r#"table "t" { ID; A; PK; }; view "v" { as = "SELECT a FROM t"; column "a" { type = int } }; view "w" { as = "SELECT a FROM v"; column "a" { type = int } }"#,
        r#"table "t" { ID; column "a" { type = bigint; null = true }; PK; }; view "v" { as = "SELECT a FROM t"; column "a" { type = int } }; view "w" { as = "SELECT a FROM v"; column "a" { type = int } }"#,
        expect![[r#"
            -- Drop "w" view
            DROP VIEW "w";
            -- Drop "v" view
            DROP VIEW "v";
            -- Modify "t" table
            ALTER TABLE "t" ALTER COLUMN "a" TYPE bigint;
            -- Create "v" view
            CREATE VIEW "v" AS SELECT a FROM t;
            -- Create "w" view
            CREATE VIEW "w" AS SELECT a FROM v;
        "#]],
    );
}

#[test]
fn views_are_replaced_where_they_can_be() {
    check(
        r#"table "t" { ID; A; PK; }; view "v" { as = "SELECT a FROM t"; column "a" { type = int } }"#,
        r#"table "t" { ID; A; PK; }; view "v" { as = "SELECT a, id FROM t"; column "a" { type = int }; column "id" { type = int } }"#,
        expect![[r#"
            CREATE OR REPLACE VIEW "v" AS SELECT a, id FROM t;
        "#]],
    );
    check(
        r#"table "t" { ID; A; PK; }; view "v" { as = "SELECT a FROM t"; column "a" { type = int } }"#,
        r#"table "t" { ID; A; PK; }; view "v" { as = "SELECT id FROM t"; column "id" { type = int } }"#,
        expect![[r#"
            DROP VIEW "v";
            CREATE VIEW "v" AS SELECT id FROM t;
        "#]],
    );
}

#[test]
fn objects_are_made_in_the_order_they_need_each_other() {
    check_comments(
        "",
        r#"table "t" { column "id" { type = int; default = sql("nextval('seq'::regclass)") }; column "d" { type = domain.d; null = true }; PK; }; view "v" { as = "SELECT id FROM t"; column "id" { type = int } }; sequence "seq" { start = 10; owner = table.t.column.id }; domain "d" { type = text; null = true; check "short" { expr = "length(VALUE) < 10" } }; function "f" { lang = PLpgSQL; return = trigger; as = "BEGIN RETURN NEW; END" }; trigger "tr" { on = table.t; before { insert = true; update_of = [table.t.column.d] }; for = ROW; execute { function = function.f } }"#,
        expect![[r#"
            -- Create sequence "seq"
            CREATE SEQUENCE "seq" START WITH 10;
            -- Create domain type "d"
            CREATE DOMAIN "d" AS text CONSTRAINT "short" CHECK (length(VALUE) < 10);
            -- Create "t" table
            CREATE TABLE "t" ("id" integer NOT NULL DEFAULT nextval('seq'::regclass), "d" "d" NULL, PRIMARY KEY ("id"));
            -- Create "v" view
            CREATE VIEW "v" AS SELECT id FROM t;
            -- Create "f" function
            CREATE FUNCTION "f" () RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RETURN NEW; END$$;
            -- Create trigger "tr"
            CREATE TRIGGER "tr" BEFORE INSERT OR UPDATE OF "d" ON "t" FOR EACH ROW EXECUTE FUNCTION "f"();
            -- Modify sequence "seq"
            ALTER SEQUENCE "seq" OWNED BY "t"."id";
        "#]],
    );
}

#[test]
fn what_a_file_does_not_speak_of_stays() {
    let from = hcl(
        r#"table "t" { ID; PK; }; view "v" { as = "SELECT 1 AS a"; column "a" { type = int } }; function "f" { lang = SQL; return = int; as = "SELECT 1" }; function "g" { lang = SQL; return = int; as = "SELECT 2" }; enum "e" { values = ["a"] }"#,
    );
    let to = hcl(r#"table "t" { ID; PK; }; function "f" { lang = SQL; return = int; as = "SELECT 1" }"#);
    let policy = Policy { keep_unsaid: true, ..Policy::default() };
    expect![[r#"
        DROP TYPE "e";
        DROP FUNCTION "g" ();
    "#]]
    .assert_eq(&text(planned(&from, &to, &policy), false));
    let all = Policy::default();
    expect![[r#"
        DROP VIEW "v";
        DROP TYPE "e";
        DROP FUNCTION "g" ();
    "#]]
    .assert_eq(&text(planned(&from, &to, &all), false));
}

#[test]
fn a_column_becomes_not_null_without_a_lock_where_the_policy_says_so() {
    let policy = Policy { not_null_lock_safe: true, ..Policy::default() };
    let (from, to) = (hcl(r#"table "t" { ID; A; }"#), hcl(r#"table "t" { ID; column "a" { type = int }; }"#));
    expect![[r#"
        ALTER TABLE "t" ADD CONSTRAINT "t_a_not_null" CHECK ("a" IS NOT NULL) NOT VALID;
        ALTER TABLE "t" VALIDATE CONSTRAINT "t_a_not_null";
        ALTER TABLE "t" ALTER COLUMN "a" SET NOT NULL;
        ALTER TABLE "t" DROP CONSTRAINT "t_a_not_null";
    "#]]
    .assert_eq(&text(planned(&from, &to, &policy), false));
}
