//! What a plan must not lose: triggers, views, sequences, what was excluded, what HCL cannot say.

use dialects::SQLITE;
use engine::Scope;
use engine::diff::{Cache, Policy, Side, between, describe};
use engine::exclude::Patterns;
use engine::plan::{Options, plan};
use expect_test::{Expect, expect};

use super::{database, hcl, inspect, plan_of, rows, run};

/// Brings a database made by `from` to the state of one made by `to`, and shows the plan.
async fn check(from: &str, to: &str, expect: Expect) {
    let mut connection = database(from).await;
    let mut wanted = database(to).await;
    let (before, wanted) = (inspect(connection.as_mut()).await, inspect(wanted.as_mut()).await);
    let plan = plan_of(&before, &wanted, "");
    expect.assert_eq(&plan.to_sql());
    run(connection.as_mut(), &plan).await;
    let after = inspect(connection.as_mut()).await;
    assert_eq!(plan_of(&after, &wanted, "").to_sql(), "");
}

#[tokio::test]
async fn a_copied_table_keeps_its_triggers_and_the_views_on_it() {
    check(
        "CREATE TABLE t (a int, b int); CREATE TABLE log (n int); CREATE VIEW v AS SELECT a FROM t;
         CREATE TRIGGER mine AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a); END;
         CREATE TRIGGER other AFTER INSERT ON log BEGIN DELETE FROM t WHERE a = 0; END;",
        "CREATE TABLE t (a int); CREATE TABLE log (n int); CREATE VIEW v AS SELECT a FROM t;
         CREATE TRIGGER mine AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a); END;
         CREATE TRIGGER other AFTER INSERT ON log BEGIN DELETE FROM t WHERE a = 0; END;",
        expect![[r#"
            -- Disable the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = off;
            -- Disable the checks of views and triggers when a table is renamed
            PRAGMA legacy_alter_table = on;
            -- Create "new_t" table
            CREATE TABLE `new_t` (`a` int NULL);
            -- Copy rows from old table "t" to new temporary table "new_t"
            INSERT INTO `new_t` (`a`) SELECT `a` FROM `t`;
            -- Drop "t" table after copying rows
            DROP TABLE `t`;
            -- Rename temporary table "new_t" to "t"
            ALTER TABLE `new_t` RENAME TO `t`;
            -- Create trigger "mine"
            CREATE TRIGGER mine AFTER INSERT ON t BEGIN INSERT INTO log VALUES (new.a); END;
            -- Enable back the checks of views and triggers when a table is renamed
            PRAGMA legacy_alter_table = off;
            -- Enable back the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = on;
        "#]],
    )
    .await;
}

#[tokio::test]
async fn triggers_and_views_are_added_dropped_and_changed() {
    check(
        "CREATE TABLE t (a int, b int); CREATE TABLE gone (a int);
         CREATE VIEW old AS SELECT a FROM t; CREATE VIEW v AS SELECT a FROM t;
         CREATE TRIGGER on_view INSTEAD OF INSERT ON v BEGIN SELECT 1; END;
         CREATE TRIGGER drops AFTER INSERT ON t BEGIN SELECT 1; END;
         CREATE TRIGGER with_table AFTER INSERT ON gone BEGIN SELECT 1; END;
         CREATE TRIGGER changes AFTER INSERT ON t BEGIN SELECT 1; END;",
        "CREATE TABLE t (a int);
         CREATE VIEW v AS SELECT a, 1 AS one FROM t; CREATE VIEW new (x) AS SELECT a FROM v;
         CREATE TRIGGER on_view INSTEAD OF INSERT ON v BEGIN SELECT 1; END;
         CREATE TRIGGER changes AFTER INSERT ON t BEGIN SELECT 2; END;
         CREATE TRIGGER adds BEFORE DELETE ON t WHEN old.a > 0 BEGIN SELECT 1; END;",
        expect![[r#"
            -- Disable the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = off;
            -- Disable the checks of views and triggers when a table is renamed
            PRAGMA legacy_alter_table = on;
            -- Drop trigger "drops"
            DROP TRIGGER `drops`;
            -- Drop "old" view
            DROP VIEW `old`;
            -- Create "new_t" table
            CREATE TABLE `new_t` (`a` int NULL);
            -- Copy rows from old table "t" to new temporary table "new_t"
            INSERT INTO `new_t` (`a`) SELECT `a` FROM `t`;
            -- Drop "t" table after copying rows
            DROP TABLE `t`;
            -- Rename temporary table "new_t" to "t"
            ALTER TABLE `new_t` RENAME TO `t`;
            -- Drop "gone" table
            DROP TABLE `gone`;
            -- Drop "v" view
            DROP VIEW `v`;
            -- Create "v" view
            CREATE VIEW `v` AS SELECT a, 1 AS one FROM t;
            -- Create trigger "on_view"
            CREATE TRIGGER on_view INSTEAD OF INSERT ON v BEGIN SELECT 1; END;
            -- Create "new" view
            CREATE VIEW `new` (`x`) AS SELECT a FROM v;
            -- Create trigger "changes"
            CREATE TRIGGER changes AFTER INSERT ON t BEGIN SELECT 2; END;
            -- Create trigger "adds"
            CREATE TRIGGER adds BEFORE DELETE ON t WHEN old.a > 0 BEGIN SELECT 1; END;
            -- Enable back the checks of views and triggers when a table is renamed
            PRAGMA legacy_alter_table = off;
            -- Enable back the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = on;
        "#]],
    )
    .await;
}

#[tokio::test]
async fn spelling_of_views_and_triggers_is_not_a_difference() {
    check(
        "CREATE TABLE t (a int); create view V as select A from T where a<>1;
         create trigger if not exists tr before insert on t begin select 1; end",
        "CREATE TABLE t (a int); CREATE VIEW v AS SELECT a FROM t WHERE a != 1;
         CREATE TRIGGER tr INSERT ON t FOR EACH ROW BEGIN SELECT 1; END;",
        expect![[""]],
    )
    .await;
}

#[tokio::test]
async fn the_sequence_of_a_copied_table_goes_on() {
    let mut connection = database(
        "CREATE TABLE t (id integer NOT NULL PRIMARY KEY AUTOINCREMENT, a int);
         INSERT INTO t (a) VALUES (1), (2), (3); DELETE FROM t WHERE id > 1;",
    )
    .await;
    let before = inspect(connection.as_mut()).await;
    let wanted = hcl(
        r#"table "t" { column "id" { type = integer; auto_increment = true }; column "a" { type = text }; PK; }"#,
    );
    run(connection.as_mut(), &plan_of(&before, &wanted, "")).await;
    connection.execute("INSERT INTO t (a) VALUES ('new')").await.unwrap();
    assert_eq!(rows(connection.as_mut(), "select id, a from t order by id").await, ["1|1", "4|new"]);
    assert_eq!(rows(connection.as_mut(), "select name, seq from sqlite_sequence").await, ["t|4"]);
}

#[tokio::test]
async fn what_was_excluded_survives_the_copy_of_its_table() {
    let mut connection = database(
        "CREATE TABLE t (a int, secret text, b int); CREATE INDEX i ON t (secret);
         CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END; INSERT INTO t VALUES (1, 'kept', 2);",
    )
    .await;
    let scope = Scope {
        exclude: Patterns::parse(&["t.secret".to_string(), "tr[type=trigger]".to_string()]).unwrap(),
        ..Scope::bound("main")
    };
    let whole = engine::inspect::inspect_all(connection.as_mut(), &scope).await.unwrap();
    let mut seen = whole.clone();
    scope.exclude.apply(&mut seen, &scope);
    let wanted = hcl(r#"table "t" { column "a" { type = int; null = true }; }"#);
    let changes = engine::diff::diff(&seen, &wanted, &SQLITE, &Policy::default()).unwrap();
    let plan = plan(&changes, &whole, &SQLITE, &Options::default()).unwrap();
    run(connection.as_mut(), &plan).await;
    assert_eq!(rows(connection.as_mut(), "select * from t").await, ["1|kept"]);
    assert_eq!(
        rows(connection.as_mut(), "select name from sqlite_master order by 1").await,
        ["i", "t", "tr"]
    );
}

#[tokio::test]
async fn what_hcl_cannot_say_stays_as_it_is() {
    let mut connection = database(
        "CREATE TABLE p (id integer NOT NULL PRIMARY KEY);
         CREATE TABLE t (a text NOT NULL COLLATE NOCASE, b int UNIQUE ON CONFLICT IGNORE, c int,
            CONSTRAINT fk FOREIGN KEY (b) REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED);
         CREATE INDEX i ON t (c, a COLLATE RTRIM); CREATE VIRTUAL TABLE f USING fts5(body);",
    )
    .await;
    let found = inspect(connection.as_mut()).await;
    let wanted = hcl(r#"table "p" { column "id" { type = integer }; PK; };
           table "t" { column "a" { type = text }; column "b" { type = int; null = true }; column "c" { type = text; null = true };
             foreign_key "fk" { columns = [column.b]; ref_columns = [table.p.column.id] };
             index "i" { columns = [column.c, column.a] }; index "t_b" { unique = true; columns = [column.b] }; }"#);
    let from = Side { realm: &found, bound: Some("main"), hcl: false };
    let to = Side { realm: &wanted, bound: None, hcl: true };
    let changes = between(from, to, &SQLITE, &Policy::default(), &mut Cache::default()).unwrap();
    let plan = plan(&changes, &found, &SQLITE, &Options::default()).unwrap();
    run(connection.as_mut(), &plan).await;
    let sql =
        rows(connection.as_mut(), "select sql from sqlite_master where tbl_name = 't' and sql is not null")
            .await;
    expect![[r#"
        CREATE TABLE "t" (`a` text NOT NULL COLLATE NOCASE, `b` int NULL, `c` text NULL, UNIQUE (`b`) ON CONFLICT IGNORE, CONSTRAINT `fk` FOREIGN KEY (`b`) REFERENCES `p` (`id`) DEFERRABLE INITIALLY DEFERRED)
        CREATE INDEX `i` ON `t` (`c`, `a` COLLATE RTRIM)"#]].assert_eq(&sql.join("\n"));
}

#[tokio::test]
async fn what_was_applied_is_never_dropped_for_not_being_desired() {
    let mut connection =
        database("CREATE TABLE t (a int); CREATE TABLE atlas_schema_revisions (version text)").await;
    let found = inspect(connection.as_mut()).await;
    let wanted = hcl(r#"table "u" { column "version" { type = text }; };"#);
    let from = Side { realm: &found, bound: Some("main"), hcl: false };
    let to = Side { realm: &wanted, bound: None, hcl: true };
    let changes = between(from, to, &SQLITE, &Policy::default(), &mut Cache::default()).unwrap();
    let said: Vec<String> = changes.iter().map(describe).collect();
    expect![[r#"
        table "t" was dropped
        table "u" was added"#]]
    .assert_eq(&said.join("\n"));
}

#[tokio::test]
async fn an_index_name_can_move_to_another_table() {
    check(
        "CREATE TABLE a (x int); CREATE TABLE b (x int); CREATE INDEX i ON b (x); CREATE TABLE c (x int); CREATE INDEX j ON c (x)",
        "CREATE TABLE a (x int); CREATE INDEX i ON a (x); CREATE TABLE b (x int); CREATE TABLE d (x int); CREATE INDEX j ON d (x)",
        expect![[r#"
            -- Disable the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = off;
            -- Drop index "i" from table: "b"
            DROP INDEX `i`;
            -- Drop index "j" from table: "c"
            DROP INDEX `j`;
            -- Create index "i" to table: "a"
            CREATE INDEX `i` ON `a` (`x`);
            -- Drop "c" table
            DROP TABLE `c`;
            -- Create "d" table
            CREATE TABLE `d` (`x` int NULL);
            -- Create index "j" to table: "d"
            CREATE INDEX `j` ON `d` (`x`);
            -- Enable back the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = on;
        "#]],
    )
    .await;
}

#[tokio::test]
async fn a_table_called_as_the_temporary_one_is_not_in_the_way() {
    check(
        "CREATE TABLE t (a int, b int); CREATE TABLE new_t (a int); INSERT INTO new_t VALUES (7)",
        "CREATE TABLE t (a int); CREATE TABLE new_t (a int)",
        expect![[r#"
            -- Disable the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = off;
            -- Create "new_t_2" table
            CREATE TABLE `new_t_2` (`a` int NULL);
            -- Copy rows from old table "t" to new temporary table "new_t_2"
            INSERT INTO `new_t_2` (`a`) SELECT `a` FROM `t`;
            -- Drop "t" table after copying rows
            DROP TABLE `t`;
            -- Rename temporary table "new_t_2" to "t"
            ALTER TABLE `new_t_2` RENAME TO `t`;
            -- Enable back the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = on;
        "#]],
    )
    .await;
}

#[tokio::test]
async fn unique_constraints_get_names_that_are_free() {
    check(
        "CREATE TABLE x (a int); CREATE INDEX t_a ON x (a)",
        "CREATE TABLE x (a int); CREATE INDEX t_a ON x (a); CREATE TABLE t (a int UNIQUE, b int, UNIQUE (a, b))",
        expect![[r#"
            -- Create "t" table
            CREATE TABLE `t` (`a` int NULL, `b` int NULL);
            -- Create index "t_a_2" to table: "t"
            CREATE UNIQUE INDEX `t_a_2` ON `t` (`a`);
            -- Create index "t_a_b" to table: "t"
            CREATE UNIQUE INDEX `t_a_b` ON `t` (`a`, `b`);
        "#]],
    )
    .await;
}

#[tokio::test]
async fn quotes_in_names_are_doubled() {
    check(
        "CREATE TABLE \"o`ne\" (\"a`b\" int, c int)",
        "CREATE TABLE \"o`ne\" (\"a`b\" text DEFAULT 'it''s' NOT NULL)",
        expect![[r#"
            -- Disable the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = off;
            -- Create "new_o`ne" table
            CREATE TABLE `new_o``ne` (`a``b` text NOT NULL DEFAULT 'it''s');
            -- Copy rows from old table "o`ne" to new temporary table "new_o`ne"
            INSERT INTO `new_o``ne` (`a``b`) SELECT IFNULL(`a``b`, 'it''s') AS `a``b` FROM `o``ne`;
            -- Drop "o`ne" table after copying rows
            DROP TABLE `o``ne`;
            -- Rename temporary table "new_o`ne" to "o`ne"
            ALTER TABLE `new_o``ne` RENAME TO `o``ne`;
            -- Enable back the enforcement of foreign-keys constraints
            PRAGMA foreign_keys = on;
        "#]],
    )
    .await;
}

#[tokio::test]
async fn a_schema_of_another_name_cannot_be_planned() {
    let from = super::empty();
    let realm = |name| schema::Realm { schemas: vec![schema::Schema::new(name)], ..Default::default() };
    let changes = engine::diff::diff(&from, &realm("other"), &SQLITE, &Policy::default()).unwrap();
    let error = plan(&changes, &from, &SQLITE, &Options::default()).unwrap_err();
    assert_eq!(error.to_string(), "unsupported change *schema.DropSchema");
    let bound = Options { qualifier: Some(String::new()), ..Options::default() };
    let error = plan(&changes, &from, &SQLITE, &bound).unwrap_err();
    assert_eq!(
        error.to_string(),
        "*schema.DropSchema is not allowed when migration plan is scoped to one schema"
    );
}
