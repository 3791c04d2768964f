//! The worked examples of the reference, observed on Atlas (reference engine.md §22.4): the same states give the same
//! statements, and executing them leads from one state to the other.

use expect_test::{Expect, expect};

use super::{empty, hcl, inspect, memory, plan_of, run};

/// Plans from one state to the other, compares the statements, and executes both plans on a real database.
async fn check(from: &str, to: &str, expect: Expect) {
    let realm = |text: &str| if text == "(empty)" { empty() } else { hcl(text) };
    let (from, to) = (realm(from), realm(to));
    let plan = plan_of(&from, &to, "");
    let sql = if plan.is_empty() { "synced\n".to_string() } else { plan.to_sql() };
    expect.assert_eq(&sql);
    let mut connection = memory("").await;
    run(connection.as_mut(), &plan_of(&empty(), &from, "  ")).await;
    let before = inspect(connection.as_mut()).await;
    assert_eq!(plan_of(&before, &from, "").to_sql(), "", "what was made is what was wanted");
    run(connection.as_mut(), &plan_of(&before, &to, "  ")).await;
    let after = inspect(connection.as_mut()).await;
    assert_eq!(plan_of(&after, &to, "").to_sql(), "", "what was changed is what was wanted");
}

#[tokio::test]
async fn example_01_add_table_w_index_check_default_comment() {
    check(
        r#"(empty)"#,
        r#"table "t" { ID; column "n" { type = varchar(20); null = true; default = "it's" }; PK; index "i" { columns = [column.n]; unique = true }; check "c" { expr = "id > 0" } }"#,
        expect![[r#"
            -- Create "t" table
            CREATE TABLE `t` (`id` int NOT NULL, `n` varchar NULL DEFAULT 'it''s', PRIMARY KEY (`id`), CONSTRAINT `c` CHECK (id > 0));
            -- Create index "i" to table: "t"
            CREATE UNIQUE INDEX `i` ON `t` (`n`);
        "#]],
    )
    .await;
}

#[tokio::test]
async fn example_02_add_nullable_col() {
    check(
        r#"table "t" { ID; PK }"#,
        r#"table "t" { ID; A; PK }"#,
        expect![[r#"
            -- Add column "a" to table: "t"
            ALTER TABLE `t` ADD COLUMN `a` int NULL;
        "#]],
    )
    .await;
}

#[tokio::test]
async fn example_03_rename_index() {
    check(
        r#"table "t" { ID; A; PK; index "i" { columns = [column.a] } }"#,
        r#"table "t" { ID; A; PK; index "j" { columns = [column.a] } }"#,
        expect![[r#"
            -- Drop index "i" from table: "t"
            DROP INDEX `i`;
            -- Create index "j" to table: "t"
            CREATE INDEX `j` ON `t` (`a`);
        "#]],
    )
    .await;
}

#[tokio::test]
async fn example_04_add_drop_column() {
    check(
        r#"table "t" { ID; A; PK }"#,
        r#"table "t" { ID; B; PK }"#,
        expect![[r#"
            -- Disable the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = off;
            -- Create "new_t" table
            CREATE TABLE `new_t` (`id` int NOT NULL, `b` int NULL, PRIMARY KEY (`id`));
            -- Copy rows from old table "t" to new temporary table "new_t"
            INSERT INTO `new_t` (`id`) SELECT `id` FROM `t`;
            -- Drop "t" table after copying rows
            DROP TABLE `t`;
            -- Rename temporary table "new_t" to "t"
            ALTER TABLE `new_t` RENAME TO `t`;
            -- Enable back the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = on;
        "#]],
    )
    .await;
}

#[tokio::test]
async fn example_05_null_not_null_w_default() {
    check(
        r#"table "t" { ID; A; PK }"#,
        r#"table "t" { ID; column "a" { type = int; null = false; default = 1 }; PK }"#,
        expect![[r#"
            -- Disable the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = off;
            -- Create "new_t" table
            CREATE TABLE `new_t` (`id` int NOT NULL, `a` int NOT NULL DEFAULT 1, PRIMARY KEY (`id`));
            -- Copy rows from old table "t" to new temporary table "new_t"
            INSERT INTO `new_t` (`id`, `a`) SELECT `id`, IFNULL(`a`, 1) AS `a` FROM `t`;
            -- Drop "t" table after copying rows
            DROP TABLE `t`;
            -- Rename temporary table "new_t" to "t"
            ALTER TABLE `new_t` RENAME TO `t`;
            -- Enable back the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = on;
        "#]],
    )
    .await;
}

#[tokio::test]
async fn example_06_change_default() {
    check(
        r#"table "t" { ID; column "a" { type = int; default = 1 }; PK }"#,
        r#"table "t" { ID; column "a" { type = int; default = 2 }; PK }"#,
        expect![[r#"
            -- Disable the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = off;
            -- Create "new_t" table
            CREATE TABLE `new_t` (`id` int NOT NULL, `a` int NOT NULL DEFAULT 2, PRIMARY KEY (`id`));
            -- Copy rows from old table "t" to new temporary table "new_t"
            INSERT INTO `new_t` (`id`, `a`) SELECT `id`, IFNULL(`a`, 2) AS `a` FROM `t`;
            -- Drop "t" table after copying rows
            DROP TABLE `t`;
            -- Rename temporary table "new_t" to "t"
            ALTER TABLE `new_t` RENAME TO `t`;
            -- Enable back the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = on;
        "#]],
    )
    .await;
}

#[tokio::test]
async fn example_07_modify_index_unique() {
    check(
        r#"table "t" { ID; A; PK; index "i" { columns = [column.a] } }"#,
        r#"table "t" { ID; A; PK; index "i" { columns = [column.a]; unique = true } }"#,
        expect![[r#"
            -- Disable the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = off;
            -- Create "new_t" table
            CREATE TABLE `new_t` (`id` int NOT NULL, `a` int NULL, PRIMARY KEY (`id`));
            -- Copy rows from old table "t" to new temporary table "new_t"
            INSERT INTO `new_t` (`id`, `a`) SELECT `id`, `a` FROM `t`;
            -- Drop "t" table after copying rows
            DROP TABLE `t`;
            -- Rename temporary table "new_t" to "t"
            ALTER TABLE `new_t` RENAME TO `t`;
            -- Create index "i" to table: "t"
            CREATE UNIQUE INDEX `i` ON `t` (`a`);
            -- Enable back the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = on;
        "#]],
    )
    .await;
}

#[tokio::test]
async fn example_08_recreate_with_all() {
    check(
        r#"table "t" { ID; A; PK; index "i" { columns = [column.a] } }"#,
        r#"table "t" { ID; column "a" { type = text; null = false; default = "z" }; B; PK; index "i" { columns = [column.a] }; index "j" { columns = [column.b] } }"#,
        expect![[r#"
            -- Disable the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = off;
            -- Create "new_t" table
            CREATE TABLE `new_t` (`id` int NOT NULL, `a` text NOT NULL DEFAULT 'z', `b` int NULL, PRIMARY KEY (`id`));
            -- Copy rows from old table "t" to new temporary table "new_t"
            INSERT INTO `new_t` (`id`, `a`) SELECT `id`, IFNULL(`a`, 'z') AS `a` FROM `t`;
            -- Drop "t" table after copying rows
            DROP TABLE `t`;
            -- Rename temporary table "new_t" to "t"
            ALTER TABLE `new_t` RENAME TO `t`;
            -- Create index "i" to table: "t"
            CREATE INDEX `i` ON `t` (`a`);
            -- Create index "j" to table: "t"
            CREATE INDEX `j` ON `t` (`b`);
            -- Enable back the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = on;
        "#]],
    )
    .await;
}

#[tokio::test]
async fn example_09_add_fk_new_parent() {
    check(
        r#"table "t" { ID; A; PK }"#,
        r#"table "t" { ID; A; PK; foreign_key "fk" { columns = [column.a]; ref_columns = [table.users.column.id]; on_delete = CASCADE } }; table "users" { ID; PK }"#,
        expect![[r#"
            -- Disable the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = off;
            -- Create "new_t" table
            CREATE TABLE `new_t` (`id` int NOT NULL, `a` int NULL, PRIMARY KEY (`id`), CONSTRAINT `fk` FOREIGN KEY (`a`) REFERENCES `users` (`id`) ON DELETE CASCADE);
            -- Copy rows from old table "t" to new temporary table "new_t"
            INSERT INTO `new_t` (`id`, `a`) SELECT `id`, `a` FROM `t`;
            -- Drop "t" table after copying rows
            DROP TABLE `t`;
            -- Rename temporary table "new_t" to "t"
            ALTER TABLE `new_t` RENAME TO `t`;
            -- Create "users" table
            CREATE TABLE `users` (`id` int NOT NULL, PRIMARY KEY (`id`));
            -- Enable back the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = on;
        "#]],
    )
    .await;
}

#[tokio::test]
async fn example_10_drop_fk_and_parent() {
    check(
        r#"table "users" { ID; PK }; table "t" { ID; A; PK; foreign_key "fk" { columns = [column.a]; ref_columns = [table.users.column.id] } }"#,
        r#"table "t" { ID; A; PK }"#,
        expect![[r#"
            -- Disable the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = off;
            -- Drop "users" table
            DROP TABLE `users`;
            -- Create "new_t" table
            CREATE TABLE `new_t` (`id` int NOT NULL, `a` int NULL, PRIMARY KEY (`id`));
            -- Copy rows from old table "t" to new temporary table "new_t"
            INSERT INTO `new_t` (`id`, `a`) SELECT `id`, `a` FROM `t`;
            -- Drop "t" table after copying rows
            DROP TABLE `t`;
            -- Rename temporary table "new_t" to "t"
            ALTER TABLE `new_t` RENAME TO `t`;
            -- Enable back the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = on;
        "#]],
    )
    .await;
}

#[tokio::test]
async fn example_11_drop_all_columns_replace() {
    check(
        r#"table "t" { A; }"#,
        r#"table "t" { B; }"#,
        expect![[r#"
            -- Disable the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = off;
            -- Create "new_t" table
            CREATE TABLE `new_t` (`b` int NULL);
            -- Drop "t" table without copying rows (no columns)
            DROP TABLE `t`;
            -- Rename temporary table "new_t" to "t"
            ALTER TABLE `new_t` RENAME TO `t`;
            -- Enable back the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = on;
        "#]],
    )
    .await;
}

#[tokio::test]
async fn example_12_create_cycle() {
    check(
        r#"(empty)"#,
        r#"table "x" { ID; A; PK; foreign_key "fx" { columns = [column.a]; ref_columns = [table.y.column.id] } }; table "y" { ID; A; PK; foreign_key "fy" { columns = [column.a]; ref_columns = [table.x.column.id] } }"#,
        expect![[r#"
            -- Create "x" table
            CREATE TABLE `x` (`id` int NOT NULL, `a` int NULL, PRIMARY KEY (`id`), CONSTRAINT `fx` FOREIGN KEY (`a`) REFERENCES `y` (`id`));
            -- Create "y" table
            CREATE TABLE `y` (`id` int NOT NULL, `a` int NULL, PRIMARY KEY (`id`), CONSTRAINT `fy` FOREIGN KEY (`a`) REFERENCES `x` (`id`));
        "#]],
    )
    .await;
}

#[tokio::test]
async fn example_13_autoincrement() {
    check(
        r#"(empty)"#,
        r#"table "t" { column "id" { type = integer; auto_increment = true }; PK }"#,
        expect![[r#"
            -- Create "t" table
            CREATE TABLE `t` (`id` integer NOT NULL PRIMARY KEY AUTOINCREMENT);
        "#]],
    )
    .await;
}

#[tokio::test]
async fn example_14_strict_without_rowid() {
    check(
        r#"(empty)"#,
        r#"table "t" { ID; PK; strict = true; without_rowid = true }"#,
        expect![[r#"
            -- Create "t" table
            CREATE TABLE `t` (`id` int NOT NULL, PRIMARY KEY (`id`)) WITHOUT ROWID, STRICT;
        "#]],
    )
    .await;
}

#[tokio::test]
async fn example_15_generated_modify() {
    check(
        r#"table "t" { ID; A; column "g" { type = int; null = true; as = "id * 2" }; PK }"#,
        r#"table "t" { ID; column "a" { type = text; null = true }; column "g" { type = int; null = true; as = "id * 2" }; PK }"#,
        expect![[r#"
            -- Disable the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = off;
            -- Create "new_t" table
            CREATE TABLE `new_t` (`id` int NOT NULL, `a` text NULL, `g` int NULL AS (id * 2) VIRTUAL, PRIMARY KEY (`id`));
            -- Copy rows from old table "t" to new temporary table "new_t"
            INSERT INTO `new_t` (`id`, `a`) SELECT `id`, `a` FROM `t`;
            -- Drop "t" table after copying rows
            DROP TABLE `t`;
            -- Rename temporary table "new_t" to "t"
            ALTER TABLE `new_t` RENAME TO `t`;
            -- Enable back the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = on;
        "#]],
    )
    .await;
}

#[tokio::test]
async fn example_16_defaults() {
    check(
        r#"(empty)"#,
        r#"table "t" { ID; column "s" { type = text; default = "it's" }; column "b" { type = bool; default = true }; column "f" { type = real; default = 1.5 }; column "x" { type = text; default = sql("(1 + 1)") }; column "y" { type = text; default = sql("CURRENT_TIMESTAMP") }; column "bl" { type = blob; default = sql("x'01'") }; column "d" { type = date; default = "2020-01-01" }; column "n" { type = numeric; default = 1.50 }; PK }"#,
        expect![[r#"
            -- Create "t" table
            CREATE TABLE `t` (`id` int NOT NULL, `s` text NOT NULL DEFAULT 'it''s', `b` bool NOT NULL DEFAULT true, `f` real NOT NULL DEFAULT 1.5, `x` text NOT NULL DEFAULT (1 + 1), `y` text NOT NULL DEFAULT (CURRENT_TIMESTAMP), `bl` blob NOT NULL DEFAULT (x'01'), `d` date NOT NULL DEFAULT '2020-01-01', `n` numeric NOT NULL DEFAULT 1.5, PRIMARY KEY (`id`));
        "#]],
    )
    .await;
}

#[tokio::test]
async fn example_17_type_size_only() {
    check(
        r#"table "t" { ID; column "s" { type = varchar(10) }; PK }"#,
        r#"table "t" { ID; column "s" { type = varchar(20) }; PK }"#,
        expect![[r#"
            synced
        "#]],
    )
    .await;
}
