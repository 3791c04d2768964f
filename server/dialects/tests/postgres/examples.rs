//! The worked examples of the reference, each as Atlas answers it on PostgreSQL 15, unless said otherwise.
//!
//! Source: reference engine.md §22.1.

use expect_test::expect;

use super::{check, check_comments};

#[test]
fn n01_add_table_w_index_check_default_comment() {
    check_comments(
        r##""##,
        r##"table "t" { ID; column "n" { type = varchar(20); null = true; default = "it's" }; PK; index "i" { columns = [column.n]; unique = true }; check "c" { expr = "id > 0" } }"##,
        expect![[r##"
        -- Create "t" table
        CREATE TABLE "t" ("id" integer NOT NULL, "n" character varying(20) NULL DEFAULT 'it''s', PRIMARY KEY ("id"), CONSTRAINT "c" CHECK (id > 0));
        -- Create index "i" to table: "t"
        CREATE UNIQUE INDEX "i" ON "t" ("n");
    "##]],
    );
}

#[test]
fn n02_multi_drop_idx_col_add_col_idx_fk_modify() {
    check_comments(
        r##"table "users" { ID; PK; }; table "t" { ID; A; B; PK; index "i" { columns = [column.b] } }"##,
        r##"table "users" { ID; PK; }; table "t" { ID; column "a" { type = bigint; null = true }; column "c" { type = int; null = true }; PK; index "k" { columns = [column.c] }; foreign_key "fk" { columns = [column.c]; ref_columns = [table.users.column.id] } }"##,
        expect![[r##"
        -- Modify "t" table
        ALTER TABLE "t" ALTER COLUMN "a" TYPE bigint, DROP COLUMN "b", ADD COLUMN "c" integer NULL, ADD CONSTRAINT "fk" FOREIGN KEY ("c") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION;
        -- Create index "k" to table: "t"
        CREATE INDEX "k" ON "t" ("c");
    "##]],
    );
}

#[test]
fn n03_null_to_not_null_w_default() {
    check(
        r##"table "t" { ID; A; PK; }"##,
        r##"table "t" { ID; column "a" { type = int; null = false; default = 1 }; PK; }"##,
        expect![[r##"
        ALTER TABLE "t" ALTER COLUMN "a" SET NOT NULL, ALTER COLUMN "a" SET DEFAULT 1;
    "##]],
    );
}

#[test]
fn n04_modify_index_unique() {
    check_comments(
        r##"table "t" { ID; A; PK; index "i" { columns = [column.a] } }"##,
        r##"table "t" { ID; A; PK; index "i" { columns = [column.a]; unique = true } }"##,
        expect![[r##"
        -- Drop index "i" from table: "t"
        DROP INDEX "i";
        -- Create index "i" to table: "t"
        CREATE UNIQUE INDEX "i" ON "t" ("a");
    "##]],
    );
}

#[test]
fn n05_drop_col_with_index() {
    check(
        r##"table "t" { ID; A; B; PK; index "i" { columns = [column.a] }; index "ab" { columns = [column.a,column.b] } }"##,
        r##"table "t" { ID; B; PK; }"##,
        expect![[r##"
        ALTER TABLE "t" DROP COLUMN "a";
    "##]],
    );
}

#[test]
fn n06_index_desc_expr() {
    check(
        r##"table "t" { ID; A; PK; }"##,
        r##"table "t" { ID; A; PK; index "i" { on { column = column.a; desc = true }; on { expr = "((a * 2))" } } }"##,
        expect![[r##"
        CREATE INDEX "i" ON "t" ("a" DESC, ((a * 2)));
    "##]],
    );
}

#[test]
fn n07_index_using_where_include() {
    check(
        r##"table "t" { ID; A; PK; }"##,
        r##"table "t" { ID; A; PK; index "i" { columns = [column.a]; type = HASH }; index "j" { columns = [column.a]; unique = true; where = "(a > 0)"; include = [column.id] }; index "k" { columns = [column.a]; type = BRIN; page_per_range = 4 } }"##,
        expect![[r##"
        CREATE INDEX "i" ON "t" USING hash ("a");
        CREATE UNIQUE INDEX "j" ON "t" ("a") INCLUDE ("id") WHERE (a > 0);
        CREATE INDEX "k" ON "t" USING brin ("a") WITH (pages_per_range = 4);
    "##]],
    );
}

#[test]
fn n08_add_fk_new_parent() {
    check_comments(
        r##"table "t" { ID; A; PK; }"##,
        r##"table "t" { ID; A; PK; foreign_key "fk" { columns = [column.a]; ref_columns = [table.users.column.id]; on_delete = CASCADE } }; table "users" { ID; PK; }"##,
        expect![[r##"
        -- Create "users" table
        CREATE TABLE "users" ("id" integer NOT NULL, PRIMARY KEY ("id"));
        -- Modify "t" table
        ALTER TABLE "t" ADD CONSTRAINT "fk" FOREIGN KEY ("a") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE CASCADE;
    "##]],
    );
}

#[test]
fn n09_modify_fk_action() {
    check(
        r##"table "users" { ID; PK; }; table "t" { ID; A; PK; foreign_key "fk" { columns = [column.a]; ref_columns = [table.users.column.id] } }"##,
        r##"table "users" { ID; PK; }; table "t" { ID; A; PK; foreign_key "fk" { columns = [column.a]; ref_columns = [table.users.column.id]; on_delete = SET_NULL } }"##,
        expect![[r##"
        ALTER TABLE "t" DROP CONSTRAINT "fk", ADD CONSTRAINT "fk" FOREIGN KEY ("a") REFERENCES "users" ("id") ON UPDATE NO ACTION ON DELETE SET NULL;
    "##]],
    );
}

#[test]
fn n10_create_cycle() {
    check_comments(
        r##""##,
        r##"table "x" { ID; A; PK; foreign_key "fx" { columns = [column.a]; ref_columns = [table.y.column.id] } }; table "y" { ID; A; PK; foreign_key "fy" { columns = [column.a]; ref_columns = [table.x.column.id] } }"##,
        expect![[r##"
        -- Create "x" table
        CREATE TABLE "x" ("id" integer NOT NULL, "a" integer NULL, PRIMARY KEY ("id"));
        -- Create "y" table
        CREATE TABLE "y" ("id" integer NOT NULL, "a" integer NULL, PRIMARY KEY ("id"));
        -- Modify "x" table
        ALTER TABLE "x" ADD CONSTRAINT "fx" FOREIGN KEY ("a") REFERENCES "y" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION;
        -- Modify "y" table
        ALTER TABLE "y" ADD CONSTRAINT "fy" FOREIGN KEY ("a") REFERENCES "x" ("id") ON UPDATE NO ACTION ON DELETE NO ACTION;
    "##]],
    );
}

#[test]
fn n11_drop_cycle() {
    check(
        r##"table "x" { ID; A; PK; foreign_key "fx" { columns = [column.a]; ref_columns = [table.y.column.id] } }; table "y" { ID; A; PK; foreign_key "fy" { columns = [column.a]; ref_columns = [table.x.column.id] } }"##,
        r##""##,
        expect![[r##"
        ALTER TABLE "x" DROP CONSTRAINT "fx";
        ALTER TABLE "y" DROP CONSTRAINT "fy";
        DROP TABLE "x";
        DROP TABLE "y";
    "##]],
    );
}

#[test]
fn n12_modify_check() {
    check(
        r##"table "t" { ID; PK; check "c" { expr = "id > 0" } }"##,
        r##"table "t" { ID; PK; check "c" { expr = "id > 1" } }"##,
        expect![[r##"
        ALTER TABLE "t" DROP CONSTRAINT "c", ADD CONSTRAINT "c" CHECK (id > 1);
    "##]],
    );
}

#[test]
fn n13_change_pk() {
    check(
        r##"table "t" { ID; column "b" { type = int; null = false }; PK; }"##,
        r##"table "t" { ID; column "b" { type = int; null = false }; primary_key { columns = [column.id,column.b] } }"##,
        expect![[r##"
        ALTER TABLE "t" DROP CONSTRAINT "t_pkey", ADD PRIMARY KEY ("id", "b");
    "##]],
    );
}

#[test]
fn n14_drop_generated_to_plain() {
    check(
        r##"table "t" { ID; column "g" { type = int; null = true; as { expr = "id * 2"; type = STORED } }; PK; }"##,
        r##"table "t" { ID; column "g" { type = int; null = true }; PK; }"##,
        expect![[r##"
        ALTER TABLE "t" ALTER COLUMN "g" DROP EXPRESSION;
    "##]],
    );
}

#[test]
fn n15_table_comment_col_comment_add() {
    check_comments(
        r##"table "t" { ID; A; PK; }"##,
        r##"table "t" { comment = "it's"; ID; column "a" { type = int; null = true; comment = "c \"q\"" }; PK; }"##,
        expect![[r##"
        -- Set comment to table: "t"
        COMMENT ON TABLE "t" IS 'it''s';
        -- Set comment to column: "a" on table: "t"
        COMMENT ON COLUMN "t"."a" IS 'c "q"';
    "##]],
    );
}

#[test]
fn n16_add_enum_column() {
    check_comments(
        r##"table "t" { ID; PK; }"##,
        r##"enum "e" { values = ["a","b"] }; table "t" { ID; column "s" { type = enum.e; null = true }; PK; }"##,
        expect![[r##"
        -- Create enum type "e"
        CREATE TYPE "e" AS ENUM ('a', 'b');
        -- Modify "t" table
        ALTER TABLE "t" ADD COLUMN "s" "e" NULL;
    "##]],
    );
}

#[test]
fn n17_enum_add_value_start_mid() {
    check_comments(
        r##"enum "e" { values = ["b","d"] }; table "t" { ID; column "s" { type = enum.e; null = true }; PK; }"##,
        r##"enum "e" { values = ["a","b","c","d"] }; table "t" { ID; column "s" { type = enum.e; null = true }; PK; }"##,
        expect![[r##"
        -- Add value to enum type: "e"
        ALTER TYPE "e" ADD VALUE 'a' BEFORE 'b';
        -- Add value to enum type: "e"
        ALTER TYPE "e" ADD VALUE 'c' AFTER 'b';
    "##]],
    );
}

#[test]
fn n18_enum_to_text() {
    check(
        r##"enum "e" { values = ["a","b"] }; table "t" { ID; column "s" { type = enum.e; null = true }; PK; }"##,
        r##"table "t" { ID; column "s" { type = text; null = true }; PK; }"##,
        expect![[r##"
        ALTER TABLE "t" ALTER COLUMN "s" TYPE text;
        DROP TYPE "e";
    "##]],
    );
}

#[test]
fn n19_int_to_serial() {
    check_comments(
        r##"table "t" { ID; PK; }"##,
        r##"table "t" { column "id" { type = serial }; PK; }"##,
        expect![[r##"
        -- Create sequence for serial column "id"
        CREATE SEQUENCE IF NOT EXISTS "t_id_seq" OWNED BY "t"."id";
        -- Modify "t" table
        ALTER TABLE "t" ALTER COLUMN "id" SET DEFAULT nextval('"t_id_seq"');
    "##]],
    );
}

#[test]
fn n20_serial_to_bigint() {
    check_comments(
        r##"table "t" { column "id" { type = serial }; PK; }"##,
        r##"table "t" { column "id" { type = bigint }; PK; }"##,
        expect![[r##"
        -- Modify "t" table
        ALTER TABLE "t" ALTER COLUMN "id" DROP DEFAULT, ALTER COLUMN "id" TYPE bigint;
        -- Drop sequence used by serial column "id"
        DROP SEQUENCE IF EXISTS "t_id_seq";
    "##]],
    );
}

#[test]
fn n21_identity_change() {
    check(
        r##"table "t" { column "id" { type = int; identity { generated = ALWAYS } }; PK; }"##,
        r##"table "t" { column "id" { type = int; identity { generated = BY_DEFAULT; start = 5; increment = 3 } }; PK; }"##,
        expect![[r##"
        ALTER TABLE "t" ALTER COLUMN "id" SET GENERATED BY DEFAULT SET START WITH 5 SET INCREMENT BY 3 RESTART;
    "##]],
    );
}

#[test]
fn n22_create_identity() {
    check(
        r##""##,
        r##"table "t" { column "id" { type = int; identity { generated = ALWAYS; start = 10; increment = 2 } }; PK; }"##,
        expect![[r##"
        CREATE TABLE "t" ("id" integer NOT NULL GENERATED ALWAYS AS IDENTITY (START WITH 10 INCREMENT BY 2), PRIMARY KEY ("id"));
    "##]],
    );
}

#[test]
fn n23_unique_constraint_add() {
    check(
        r##"table "t" { ID; A; PK; }"##,
        r##"table "t" { ID; A; PK; unique "u" { columns = [column.a] } }"##,
        expect![[r##"
        ALTER TABLE "t" ADD CONSTRAINT "u" UNIQUE ("a");
    "##]],
    );
}

#[test]
fn n24_unique_index_to_constraint() {
    check(
        r##"table "t" { ID; A; PK; index "u" { columns = [column.a]; unique = true } }"##,
        r##"table "t" { ID; A; PK; unique "u" { columns = [column.a] } }"##,
        expect![[""]],
    );
}

#[test]
fn n25_int_to_identity() {
    check(
        r##"table "t" { ID; PK; }"##,
        r##"table "t" { column "id" { type = int; identity { generated = ALWAYS } }; PK; }"##,
        expect![[r#"
            ALTER TABLE "t" ALTER COLUMN "id" ADD GENERATED ALWAYS AS IDENTITY;
        "#]],
    );
}

#[test]
fn n26_partition() {
    check(
        r##""##,
        r##"table "t" { ID; A; partition { type = RANGE; columns = [column.a] } }"##,
        expect![[r##"
        CREATE TABLE "t" ("id" integer NOT NULL, "a" integer NULL) PARTITION BY RANGE ("a");
    "##]],
    );
}
