//! Statements beyond the worked examples: what servers of other versions take, and what Atlas leaves to fail.

use std::sync::Arc;

use dialects::mysql::attr::{
    AS, BY, BY_EXPR, CHECK_OPTION, ENFORCED, EVENT, IN_COLUMN, LESS_THAN, PARTITION, PARTITION_NAME,
    PARTITION_TYPE, PARTITIONS, SCHEDULE, SECURITY,
};
use dialects::testing::make::Make;
use engine::plan::{Options, plan};
use expect_test::{Expect, expect};
use schema::ReferenceAction::{NoAction, SetNull};
use schema::{Attrs, Change, Object, Realm, Table, TableChange, Trigger, View, ViewKind};

use super::{MARIADB_10, MYSQL_9, realm, server, statements, table};

fn check(version: &str, from: Vec<Make>, to: Vec<Make>, expected: Expect) {
    expected.assert_eq(&statements(version, &realm(from), &realm(to)));
}

fn keyed(version: &str, name: &str) -> Make {
    table(version, name).col("id", "int").pk(&["id"])
}

#[test]
fn keys_step_aside_while_their_columns_change() {
    let state = |ty: &str| {
        vec![
            table(MYSQL_9, "users").col("id", ty).pk(&["id"]),
            keyed(MYSQL_9, "posts").null("user", ty).fk(
                "fk",
                &["user"],
                ("users", &["id"]),
                NoAction,
                NoAction,
            ),
        ]
    };
    check(
        MYSQL_9,
        state("int"),
        state("bigint"),
        expect![[r#"
        ALTER TABLE `posts` DROP FOREIGN KEY `fk`;
        ALTER TABLE `users` MODIFY COLUMN `id` bigint NOT NULL;
        ALTER TABLE `posts` MODIFY COLUMN `user` bigint NULL;
        ALTER TABLE `posts` ADD CONSTRAINT `fk` FOREIGN KEY (`user`) REFERENCES `users` (`id`) ON UPDATE NO ACTION ON DELETE NO ACTION;
    "#]],
    );
}

#[test]
fn an_index_that_a_key_needs_is_replaced_in_one_statement() {
    let state = |columns: &[&str]| {
        let posts = keyed(MYSQL_9, "posts").null("user", "int").null("day", "int").index("i", columns);
        vec![keyed(MYSQL_9, "users"), posts.fk("fk", &["user"], ("users", &["id"]), NoAction, NoAction)]
    };
    check(
        MYSQL_9,
        state(&["user"]),
        state(&["user", "day"]),
        expect![[r#"
        ALTER TABLE `posts` DROP INDEX `i`, ADD INDEX `i` (`user`, `day`);
    "#]],
    );
}

#[test]
fn restrict_and_no_action_are_one() {
    let state = |action| {
        let posts = keyed(MYSQL_9, "posts").null("user", "int");
        vec![keyed(MYSQL_9, "users"), posts.fk("fk", &["user"], ("users", &["id"]), action, action)]
    };
    check(MYSQL_9, state(NoAction), state(schema::ReferenceAction::Restrict), expect![[""]]);
}

#[test]
fn a_key_that_sets_null_needs_columns_that_may_be() {
    let state = || {
        let posts = keyed(MYSQL_9, "posts").col("user", "int");
        vec![keyed(MYSQL_9, "users"), posts.fk("fk", &["user"], ("users", &["id"]), NoAction, SetNull)]
    };
    check(
        MYSQL_9,
        vec![],
        state(),
        expect![[r#"foreign key constraint was "user" SET NULL, but column "user" is NOT NULL"#]],
    );
}

#[test]
fn tables_need_columns() {
    let empty = || vec![table(MYSQL_9, "t")];
    check(MYSQL_9, vec![], empty(), expect![[r#"table "t" has no columns"#]]);
    check(
        MYSQL_9,
        vec![keyed(MYSQL_9, "t")],
        empty(),
        expect![[r#"table "t" has no columns; drop the table instead"#]],
    );
}

#[test]
fn checks_are_switched_off_and_on() {
    let state = |off: bool| {
        vec![keyed(MYSQL_9, "t").check("c", "(`id` > 0)").with(|table| {
            if off {
                table.checks[0].attrs.set(&ENFORCED, false);
            }
        })]
    };
    check(
        MYSQL_9,
        state(false),
        state(true),
        expect![[r#"
        ALTER TABLE `t` ALTER CHECK `c` NOT ENFORCED;
    "#]],
    );
    check(
        MYSQL_9,
        state(true),
        state(false),
        expect![[r#"
        ALTER TABLE `t` ALTER CHECK `c` ENFORCED;
    "#]],
    );
    check(
        MYSQL_9,
        vec![],
        state(true),
        expect![[r#"
        CREATE TABLE `t` (`id` int NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `c` CHECK (`id` > 0) NOT ENFORCED) CHARSET utf8mb4 COLLATE utf8mb4_0900_ai_ci;
    "#]],
    );
    // Before 8.0.19 there was no `DROP CONSTRAINT`.
    check(
        "8.0.16",
        state(false),
        vec![keyed(MYSQL_9, "t")],
        expect![[r#"
        ALTER TABLE `t` DROP CHECK `c`;
    "#]],
    );
}

#[test]
fn a_check_inside_a_column_of_mariadb_stays_when_the_column_changes() {
    let inside = |make: Make| make.with(|table| table.checks[0].attrs.set(&IN_COLUMN, true));
    let state = |ty: &str, expr: &str| vec![inside(keyed(MARIADB_10, "t").null("a", ty).check("a", expr))];
    check(
        MARIADB_10,
        state("int", "`a` > 0"),
        state("bigint", "`a` > 0"),
        expect![[r#"
        ALTER TABLE `t` MODIFY COLUMN `a` bigint NULL CHECK (`a` > 0);
    "#]],
    );
    check(
        MARIADB_10,
        state("int", "`a` > 0"),
        state("int", "`a` > 1"),
        expect![[r#"
        ALTER TABLE `t` MODIFY COLUMN `a` int NULL CHECK (`a` > 1);
    "#]],
    );
    check(
        MARIADB_10,
        state("int", "`a` > 0"),
        vec![keyed(MARIADB_10, "t").null("a", "int")],
        expect![[r#"
        ALTER TABLE `t` MODIFY COLUMN `a` int NULL;
    "#]],
    );
}

fn renamed(version: &str, qualifier: Option<&str>) -> String {
    let make = |column: &str| keyed(MYSQL_9, "t").null(column, "int").value("1").table;
    let (from, to) = (make("a"), make("b"));
    let change = TableChange::RenameColumn { from: from.columns[1].clone(), to: to.columns[1].clone() };
    let (old, new) = (Arc::new(from), Arc::new(to));
    let table = Table { name: "u".into(), ..Table::clone(&new) };
    let changes = [
        Change::RenameTable { from: new.clone(), to: Arc::new(table) },
        Change::ModifyTable { from: old, to: new, changes: vec![change] },
    ];
    let options = Options {
        qualifier: qualifier.map(String::from),
        server: Some(server(version)),
        ..Options::default()
    };
    let plan = plan(&changes, &Realm::default(), &dialects::MYSQL, &options).expect("a plan");
    plan.to_sql()
}

#[test]
fn renames_are_renames() {
    expect![[r#"
        -- Rename a table from "t" to "u"
        RENAME TABLE `s`.`t` TO `s`.`u`;
        -- Modify "t" table
        ALTER TABLE `s`.`t` RENAME COLUMN `a` TO `b`;
    "#]]
    .assert_eq(&renamed(MYSQL_9, None));
    expect![[r#"
        -- Rename a table from "t" to "u"
        RENAME TABLE `t` TO `u`;
        -- Modify "t" table
        ALTER TABLE `t` CHANGE COLUMN `a` `b` int NULL DEFAULT 1;
    "#]]
    .assert_eq(&renamed("5.7.44", Some("")));
}

#[test]
fn tidb_takes_one_change_at_a_time() {
    let from = keyed(MYSQL_9, "t").null("a", "int").index("i", &["a"]);
    let to = keyed(MYSQL_9, "t").null("a", "bigint").null("b", "int").index("j", &["b"]);
    check(
        "8.0.11-TiDB-v7.5.0",
        vec![from],
        vec![to],
        expect![[r#"
        ALTER TABLE `t` ADD COLUMN `b` int NULL;
        ALTER TABLE `t` DROP INDEX `i`;
        ALTER TABLE `t` MODIFY COLUMN `a` bigint NULL;
        ALTER TABLE `t` ADD INDEX `j` (`b`);
    "#]],
    );
}

fn partitioned(bounds: &[&str]) -> Vec<Make> {
    let item = |name: String, bound: &str| {
        let mut attrs = Attrs::default();
        attrs.set(&PARTITION_NAME, name);
        attrs.set(&LESS_THAN, vec![bound.to_string()]);
        attrs
    };
    let list = bounds.iter().enumerate().map(|(at, bound)| item(format!("p{at}"), bound)).collect();
    let mut by = Attrs::default();
    by.set(&BY_EXPR, "year(`d`)".to_string());
    let mut partition = Attrs::default();
    partition.set(&PARTITION_TYPE, "RANGE".to_string());
    partition.set(&BY, vec![by]);
    partition.set(&PARTITIONS, list);
    vec![table(MYSQL_9, "t").col("d", "date").with(|table| {
        if !bounds.is_empty() {
            table.attrs.set(&PARTITION, vec![partition]);
        }
    })]
}

#[test]
fn partitions_come_change_and_go() {
    check(
        MYSQL_9,
        vec![],
        partitioned(&["2020", "MAXVALUE"]),
        expect![[r#"
        CREATE TABLE `t` (`d` date NOT NULL) CHARSET utf8mb4 COLLATE utf8mb4_0900_ai_ci PARTITION BY RANGE (year(`d`)) (PARTITION `p0` VALUES LESS THAN (2020), PARTITION `p1` VALUES LESS THAN MAXVALUE);
    "#]],
    );
    check(
        MYSQL_9,
        partitioned(&["2020"]),
        partitioned(&["2020", "2021"]),
        expect![[r#"
        ALTER TABLE `t` ADD PARTITION (PARTITION `p1` VALUES LESS THAN (2021));
    "#]],
    );
    // Rows of a partition that is no more find another one, or the server refuses: none is lost.
    check(
        MYSQL_9,
        partitioned(&["2020", "2021"]),
        partitioned(&["2021"]),
        expect![[r#"
        ALTER TABLE `t` PARTITION BY RANGE (year(`d`)) (PARTITION `p0` VALUES LESS THAN (2021));
    "#]],
    );
    check(
        MYSQL_9,
        partitioned(&["2020"]),
        partitioned(&[]),
        expect![[r#"
        ALTER TABLE `t` REMOVE PARTITIONING;
    "#]],
    );
}

#[test]
fn other_objects_are_qualified_where_the_plan_is_realm_wide() {
    let mut attrs = Attrs::default();
    attrs.set(&SECURITY, "INVOKER".to_string());
    attrs.set(&CHECK_OPTION, "LOCAL".to_string());
    let view = View {
        schema: "s".into(),
        name: "v".into(),
        kind: ViewKind::Plain,
        body: "select 1 AS `1`".into(),
        columns: Vec::new(),
        comment: None,
        depends_on: Vec::new(),
        indexes: Vec::new(),
        attrs,
    };
    let changed = View { body: "select 2 AS `2`".into(), ..view.clone() };
    let trigger = Trigger {
        schema: "s".into(),
        name: "tr".into(),
        on: "t".into(),
        body: "CREATE TRIGGER `tr` BEFORE INSERT ON `t` FOR EACH ROW SET @a = 1".into(),
        attrs: Attrs::default(),
    };
    let mut attrs = Attrs::default();
    attrs.set(&SCHEDULE, "EVERY 1 DAY".to_string());
    attrs.set(&AS, "DELETE FROM t".to_string());
    let event = Object { kind: EVENT, schema: "s".into(), name: "e".into(), comment: None, attrs };
    let quiet = Object { comment: Some("it's".into()), ..event.clone() };
    let changes = [
        Change::AddView(Arc::new(view.clone())),
        Change::ModifyView { from: Arc::new(view), to: Arc::new(changed) },
        Change::AddTrigger(Arc::new(trigger.clone())),
        Change::DropTrigger(Arc::new(trigger)),
        Change::AddObject(Arc::new(event.clone())),
        Change::ModifyObject { from: Arc::new(event), to: Arc::new(quiet) },
    ];
    let sql = |qualifier: Option<&str>| {
        let options = Options {
            qualifier: qualifier.map(String::from),
            server: Some(server(MYSQL_9)),
            ..Options::default()
        };
        let mut out = String::new();
        for change in &changes {
            let plan = plan(std::slice::from_ref(change), &Realm::default(), &dialects::MYSQL, &options);
            out.push_str(&plan.expect("a plan").to_sql());
        }
        out
    };
    expect![[r#"
        -- Create "v" view
        CREATE SQL SECURITY INVOKER VIEW `s`.`v` AS select 1 AS `1` WITH LOCAL CHECK OPTION;
        -- Modify "v" view
        CREATE OR REPLACE SQL SECURITY INVOKER VIEW `s`.`v` AS select 2 AS `2` WITH LOCAL CHECK OPTION;
        -- Create trigger "tr"
        CREATE TRIGGER `s`.`tr` BEFORE INSERT ON `s`.`t` FOR EACH ROW SET @a = 1;
        -- Drop trigger "tr"
        DROP TRIGGER `s`.`tr`;
        -- Create "e" event
        CREATE EVENT `s`.`e` ON SCHEDULE EVERY 1 DAY ON COMPLETION NOT PRESERVE ENABLE DO DELETE FROM t;
        -- Modify "e" event
        ALTER EVENT `s`.`e` ON SCHEDULE EVERY 1 DAY ON COMPLETION NOT PRESERVE ENABLE COMMENT "it's" DO DELETE FROM t;
    "#]]
    .assert_eq(&sql(None));
    assert!(sql(Some("")).contains("CREATE TRIGGER `tr` BEFORE INSERT ON `t` FOR"));
}

#[test]
fn names_of_tables_are_as_exact_as_the_server() {
    let mut folding = engine::connection::Capabilities::clone(&server(MYSQL_9));
    folding.settings.insert(dialects::mysql::features::LOWER_CASE_TABLE_NAMES, "1".to_string());
    let (from, to) = (realm([keyed(MYSQL_9, "users")]), realm([keyed(MYSQL_9, "Users")]));
    let count = |server: Option<Arc<engine::connection::Capabilities>>| {
        let policy = engine::diff::Policy { server, ..Default::default() };
        engine::diff::diff(&from, &to, &dialects::MYSQL, &policy).expect("changes").len()
    };
    assert_eq!((count(None), count(Some(server(MYSQL_9))), count(Some(Arc::new(folding)))), (2, 2, 0));
}

#[test]
fn defaults_are_compared_by_value() {
    let same = |ty: &str, a: fn(Make) -> Make, b: fn(Make) -> Make| {
        let state = |change: fn(Make) -> Make| realm([change(table(MYSQL_9, "t").null("c", ty))]);
        statements(MYSQL_9, &state(a), &state(b)).is_empty()
    };
    assert!(same("decimal(5,2)", |it| it.value("1.50"), |it| it.text("1.5")));
    assert!(same("int", |it| it.value("07"), |it| it.value("7")));
    assert!(same("bool", |it| it.value("true"), |it| it.value("1")));
    assert!(same("datetime", |it| it.expr("CURRENT_TIMESTAMP"), |it| it.expr("(now())")));
    assert!(same("datetime(3)", |it| it.expr("current_timestamp(3)"), |it| it.expr("CURRENT_TIMESTAMP(3)")));
    assert!(same("varchar(9)", |it| it, |it| it.expr("NULL")));
    assert!(same(
        "varchar(9)",
        |it| it.expr("(concat('a','b'))"),
        |it| it.expr("CONCAT( _utf8mb4'a', \"b\" )")
    ));
    assert!(same("varbinary(9)", |it| it.expr("0x6162"), |it| it.text("ab")));
    assert!(same("bit(8)", |it| it.expr("b'101'"), |it| it.value("5")));
    assert!(!same("int", |it| it.value("1"), |it| it.value("10")));
    assert!(!same("varchar(9)", |it| it.text("a"), |it| it.text("A")));
    assert!(!same("varchar(9)", |it| it, |it| it.text("")));
    assert!(!same("datetime", |it| it.expr("CURRENT_TIMESTAMP"), |it| it));
}

#[test]
fn text_is_quoted_as_the_server_reads_it() {
    let mut ansi = engine::connection::Capabilities::clone(&server(MYSQL_9));
    ansi.settings.insert(dialects::mysql::features::SQL_MODE, "ANSI_QUOTES".to_string());
    let to = realm([table(MYSQL_9, "t").col("c", "varchar(9)").text("a\"b'c\\\nd")]);
    let sql = |server: Arc<engine::connection::Capabilities>| {
        let options = Options { server: Some(server), ..Options::default() };
        engine::plan::dump(&to, &dialects::MYSQL, &options).expect("a plan").to_sql()
    };
    assert!(sql(server(MYSQL_9)).contains(r#"DEFAULT "a\"b'c\\\nd")"#));
    assert!(sql(server(MARIADB_10)).contains(r#"DEFAULT 'a"b''c\\\nd')"#));
    assert!(sql(Arc::new(ansi)).contains(r#"DEFAULT 'a"b''c\\\nd')"#));
}
