//! The worked examples of the reference, statement by statement: engine.md §22.2 and §22.3, §14 for what undoes them.

use dialects::mysql::attr::{
    AUTO_INCREMENT, AUTO_INCREMENT_START, CHARSET, COLLATE, ENGINE, INDEX_TYPE, ON_UPDATE, PREFIX,
};
use dialects::testing::make::Make;
use schema::ReferenceAction::{Cascade, NoAction, Restrict, SetNull};
use schema::{IndexPart, Realm, Schema, Storage};

use super::{MARIADB_10, MYSQL_9, planned, realm, statements, table};

fn id(version: &str, name: &str) -> Make {
    table(version, name).col("id", "int")
}

/// A table with a key: `ID; PK`.
fn keyed(name: &str) -> Make {
    id(MYSQL_9, name).pk(&["id"])
}

fn maria(name: &str) -> Make {
    id(MARIADB_10, name).pk(&["id"])
}

/// `ID; A; PK`.
fn with_a(name: &str) -> Make {
    id(MYSQL_9, name).null("a", "int").pk(&["id"])
}

fn mysql(from: Vec<Make>, to: Vec<Make>, expected: &[&str]) {
    check(MYSQL_9, &realm(from), &realm(to), expected);
}

fn mariadb(from: Vec<Make>, to: Vec<Make>, expected: &[&str]) {
    check(MARIADB_10, &realm(from), &realm(to), expected);
}

fn check(version: &str, from: &Realm, to: &Realm, expected: &[&str]) {
    let expected: String = expected.iter().map(|line| format!("{line}\n")).collect();
    assert_eq!(statements(version, from, to), expected);
    assert_eq!(statements(version, to, to), "", "a state differs from itself");
}

const MYSQL_END: &str = "CHARSET utf8mb4 COLLATE utf8mb4_0900_ai_ci;";

#[test]
fn add_table_with_index_check_default_comment() {
    let t = id(MYSQL_9, "t").null("n", "varchar(20)").text("it's").pk(&["id"]).unique("i", &["n"]);
    mysql(
        vec![],
        vec![t.clone().check("c", "(`id` > 0)")],
        &[&format!(
            "CREATE TABLE `t` (`id` int NOT NULL, `n` varchar(20) NULL DEFAULT \"it's\", PRIMARY KEY (`id`), UNIQUE INDEX `i` (`n`), CONSTRAINT `c` CHECK (`id` > 0)) {MYSQL_END}"
        )],
    );
    let t = id(MARIADB_10, "t").null("n", "varchar(20)").text("it's").pk(&["id"]).unique("i", &["n"]);
    mariadb(
        vec![],
        vec![t.check("c", "`id` > 0")],
        &[
            "CREATE TABLE `t` (`id` int NOT NULL, `n` varchar(20) NULL DEFAULT 'it''s', PRIMARY KEY (`id`), UNIQUE INDEX `i` (`n`), CONSTRAINT `c` CHECK (`id` > 0)) CHARSET utf8mb4 COLLATE utf8mb4_general_ci;",
        ],
    );
}

#[test]
fn many_changes_of_one_table() {
    let from = with_a("t").null("b", "int").index("i", &["b"]);
    let to = id(MYSQL_9, "t").null("a", "bigint").null("c", "int").pk(&["id"]).index("k", &["c"]).fk(
        "fk",
        &["c"],
        ("users", &["id"]),
        NoAction,
        NoAction,
    );
    let (from, to) = (realm([keyed("users"), from]), realm([keyed("users"), to]));
    check(
        MYSQL_9,
        &from,
        &to,
        &[
            "ALTER TABLE `t` MODIFY COLUMN `a` bigint NULL, DROP COLUMN `b`, ADD COLUMN `c` int NULL, ADD INDEX `k` (`c`), ADD CONSTRAINT `fk` FOREIGN KEY (`c`) REFERENCES `users` (`id`) ON UPDATE NO ACTION ON DELETE NO ACTION;",
        ],
    );
    let plan = planned(MYSQL_9, &from, &to).expect("a plan");
    assert_eq!(
        plan.statements[0].reverse,
        [
            "ALTER TABLE `t` DROP FOREIGN KEY `fk`, DROP INDEX `k`, DROP COLUMN `c`, ADD COLUMN `b` int NULL, MODIFY COLUMN `a` int NULL"
        ]
    );
    assert_eq!(plan.statements[0].comment, "modify \"t\" table");
    assert!(!plan.transactional && plan.reversible);
}

#[test]
fn null_to_not_null_with_default() {
    mysql(
        vec![with_a("t")],
        vec![id(MYSQL_9, "t").col("a", "int").value("1").pk(&["id"])],
        &["ALTER TABLE `t` MODIFY COLUMN `a` int NOT NULL DEFAULT 1;"],
    );
}

#[test]
fn the_current_time_as_default() {
    mysql(
        vec![keyed("t")],
        vec![keyed("t").col("ts", "datetime").expr("CURRENT_TIMESTAMP")],
        &["ALTER TABLE `t` ADD COLUMN `ts` datetime NOT NULL DEFAULT CURRENT_TIMESTAMP;"],
    );
    mariadb(
        vec![maria("t")],
        vec![maria("t").col("ts", "datetime").expr("(current_timestamp())")],
        &["ALTER TABLE `t` ADD COLUMN `ts` datetime NOT NULL DEFAULT (current_timestamp());"],
    );
}

#[test]
fn changed_indexes_are_dropped_first() {
    mysql(
        vec![with_a("t").index("i", &["a"])],
        vec![with_a("t").unique("i", &["a"])],
        &["ALTER TABLE `t` DROP INDEX `i`;", "ALTER TABLE `t` ADD UNIQUE INDEX `i` (`a`);"],
    );
    mysql(
        vec![with_a("t").index("i", &["a"])],
        vec![with_a("t").index("j", &["a"])],
        &["ALTER TABLE `t` DROP INDEX `i`, ADD INDEX `j` (`a`);"],
    );
}

#[test]
fn an_index_goes_with_all_of_its_columns_only() {
    let from = with_a("t").null("b", "int").index("i", &["a"]).index("ab", &["a", "b"]);
    let to = id(MYSQL_9, "t").null("b", "int").pk(&["id"]);
    mysql(vec![from], vec![to], &["ALTER TABLE `t` DROP COLUMN `a`, DROP INDEX `ab`;"]);
}

#[test]
fn parts_that_descend_and_parts_that_are_expressions() {
    let desc = IndexPart { desc: true, ..IndexPart::column("a") };
    mysql(
        vec![with_a("t")],
        vec![with_a("t").parts("i", false, vec![desc, IndexPart::expr("`a` * 2")])],
        &["ALTER TABLE `t` ADD INDEX `i` (`a` DESC, (`a` * 2));"],
    );
}

#[test]
fn a_foreign_key_brings_its_index_and_its_parent_first() {
    let with_key = |t: Make, update| t.fk("fk", &["a"], ("users", &["id"]), update, Cascade);
    mysql(
        vec![with_a("t")],
        vec![with_key(with_a("t"), NoAction), keyed("users")],
        &[
            &format!("CREATE TABLE `users` (`id` int NOT NULL, PRIMARY KEY (`id`)) {MYSQL_END}"),
            "ALTER TABLE `t` ADD INDEX `fk` (`a`), ADD CONSTRAINT `fk` FOREIGN KEY (`a`) REFERENCES `users` (`id`) ON UPDATE NO ACTION ON DELETE CASCADE;",
        ],
    );
    let with_a = || id(MARIADB_10, "t").null("a", "int").pk(&["id"]);
    mariadb(
        vec![with_a()],
        vec![with_key(with_a(), Restrict), maria("users")],
        &[
            "CREATE TABLE `users` (`id` int NOT NULL, PRIMARY KEY (`id`)) CHARSET utf8mb4 COLLATE utf8mb4_general_ci;",
            "ALTER TABLE `t` ADD INDEX `fk` (`a`), ADD CONSTRAINT `fk` FOREIGN KEY (`a`) REFERENCES `users` (`id`) ON UPDATE RESTRICT ON DELETE CASCADE;",
        ],
    );
}

#[test]
fn changed_foreign_keys_take_two_statements() {
    let t = |delete| with_a("t").fk("fk", &["a"], ("users", &["id"]), NoAction, delete);
    let (from, to) = (realm([keyed("users"), t(NoAction)]), realm([keyed("users"), t(SetNull)]));
    check(
        MYSQL_9,
        &from,
        &to,
        &[
            "ALTER TABLE `t` DROP FOREIGN KEY `fk`;",
            "ALTER TABLE `t` ADD CONSTRAINT `fk` FOREIGN KEY (`a`) REFERENCES `users` (`id`) ON UPDATE NO ACTION ON DELETE SET NULL;",
        ],
    );
    let plan = planned(MYSQL_9, &from, &to).expect("a plan");
    let undo: Vec<_> = plan.statements.iter().rev().flat_map(|statement| &statement.reverse).collect();
    assert_eq!(
        undo,
        [
            "ALTER TABLE `t` DROP FOREIGN KEY `fk`",
            "ALTER TABLE `t` ADD CONSTRAINT `fk` FOREIGN KEY (`a`) REFERENCES `users` (`id`) ON UPDATE NO ACTION ON DELETE NO ACTION",
        ]
    );
    let t = |column: &str| {
        let t = with_a("t").null("b", "int");
        t.index("fk", &[column]).fk("fk", &[column], ("users", &["id"]), NoAction, NoAction)
    };
    mysql(
        vec![keyed("users"), t("a")],
        vec![keyed("users"), t("b")],
        &[
            "ALTER TABLE `t` DROP INDEX `fk`, DROP FOREIGN KEY `fk`;",
            "ALTER TABLE `t` ADD INDEX `fk` (`b`), ADD CONSTRAINT `fk` FOREIGN KEY (`b`) REFERENCES `users` (`id`) ON UPDATE NO ACTION ON DELETE NO ACTION;",
        ],
    );
}

#[test]
fn a_dropped_foreign_key_takes_its_index_along() {
    let t = with_a("t").index("fk", &["a"]).fk("fk", &["a"], ("users", &["id"]), NoAction, NoAction);
    mysql(
        vec![keyed("users"), t],
        vec![keyed("users"), with_a("t")],
        &["ALTER TABLE `t` DROP INDEX `fk`, DROP FOREIGN KEY `fk`;"],
    );
}

#[test]
fn keys_in_a_circle_come_last() {
    let x = with_a("x").fk("fx", &["a"], ("y", &["id"]), NoAction, NoAction);
    let y = with_a("y").fk("fy", &["a"], ("x", &["id"]), NoAction, NoAction);
    mysql(
        vec![],
        vec![x, y],
        &[
            &format!(
                "CREATE TABLE `x` (`id` int NOT NULL, `a` int NULL, PRIMARY KEY (`id`), INDEX `fx` (`a`)) {MYSQL_END}"
            ),
            &format!(
                "CREATE TABLE `y` (`id` int NOT NULL, `a` int NULL, PRIMARY KEY (`id`), INDEX `fy` (`a`)) {MYSQL_END}"
            ),
            "ALTER TABLE `x` ADD CONSTRAINT `fx` FOREIGN KEY (`a`) REFERENCES `y` (`id`) ON UPDATE NO ACTION ON DELETE NO ACTION;",
            "ALTER TABLE `y` ADD CONSTRAINT `fy` FOREIGN KEY (`a`) REFERENCES `x` (`id`) ON UPDATE NO ACTION ON DELETE NO ACTION;",
        ],
    );
}

#[test]
fn checks_are_changed_and_dropped() {
    mysql(
        vec![keyed("t").check("c", "(`id` > 0)")],
        vec![keyed("t").check("c", "(`id` > 1)")],
        &["ALTER TABLE `t` DROP CHECK `c`, ADD CONSTRAINT `c` CHECK (`id` > 1);"],
    );
    mysql(
        vec![keyed("t").check("c", "(`id` > 0)")],
        vec![keyed("t")],
        &["ALTER TABLE `t` DROP CONSTRAINT `c`;"],
    );
    // `DROP CHECK`, which Atlas plans here too, is no statement of MariaDB.
    mariadb(
        vec![maria("t").check("c", "`id` > 0")],
        vec![maria("t").check("c", "`id` > 1")],
        &["ALTER TABLE `t` DROP CONSTRAINT `c`, ADD CONSTRAINT `c` CHECK (`id` > 1);"],
    );
    mariadb(
        vec![],
        vec![maria("t").check("CONSTRAINT_1", "`id` > 0")],
        &[
            "CREATE TABLE `t` (`id` int NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `CONSTRAINT_1` CHECK (`id` > 0)) CHARSET utf8mb4 COLLATE utf8mb4_general_ci;",
        ],
    );
}

#[test]
fn the_primary_key_changes_in_one_statement() {
    mysql(
        vec![id(MYSQL_9, "t").col("b", "int").pk(&["id"])],
        vec![id(MYSQL_9, "t").col("b", "int").pk(&["id", "b"])],
        &["ALTER TABLE `t` DROP PRIMARY KEY, ADD PRIMARY KEY (`id`, `b`);"],
    );
}

#[test]
fn generated_columns_are_added() {
    mysql(
        vec![keyed("t")],
        vec![keyed("t").null("g", "int").generated("(`id` * 2)", Storage::Virtual)],
        &["ALTER TABLE `t` ADD COLUMN `g` int AS (`id` * 2) VIRTUAL NULL;"],
    );
    mariadb(
        vec![maria("t")],
        vec![maria("t").null("g", "int").generated("`id` * 2", Storage::Stored)],
        &["ALTER TABLE `t` ADD COLUMN `g` int AS (`id` * 2) STORED;"],
    );
}

#[test]
fn some_changes_of_generated_columns_are_refused() {
    let t = |storage: Option<Storage>| {
        let t = keyed("t").null("g", "int");
        realm([match storage {
            Some(storage) => t.generated("(`id` * 2)", storage),
            None => t,
        }])
    };
    let refused = |from, to| statements(MYSQL_9, &t(from), &t(to));
    let (stored, virtual_) = (Some(Storage::Stored), Some(Storage::Virtual));
    assert_eq!(
        refused(virtual_, None),
        "alter table \"t\": changing VIRTUAL generated column \"g\" to non-generated column is not supported (drop and add is required)"
    );
    assert_eq!(
        refused(None, virtual_),
        "alter table \"t\": changing column \"g\" to VIRTUAL generated column is not supported (drop and add is required)"
    );
    assert_eq!(
        refused(stored, virtual_),
        "alter table \"t\": changing the store type of generated column \"g\" from \"STORED\" to \"VIRTUAL\" is not supported"
    );
    assert_eq!(refused(None, stored), "ALTER TABLE `t` MODIFY COLUMN `g` int AS (`id` * 2) STORED NULL;\n");
    assert_eq!(refused(stored, None), "ALTER TABLE `t` MODIFY COLUMN `g` int NULL;\n");
}

#[test]
fn comments_are_quoted_as_go_does() {
    let from = realm([with_a("t")]);
    let to = with_a("t").but(|column| column.comment = Some("c \"q\"".into()));
    let to = realm([to.with(|table| table.comment = Some("it's".into()))]);
    check(
        MYSQL_9,
        &from,
        &to,
        &["ALTER TABLE `t` COMMENT \"it's\", MODIFY COLUMN `a` int NULL COMMENT \"c \\\"q\\\"\";"],
    );
    check(MYSQL_9, &to, &from, &["ALTER TABLE `t` COMMENT \"\", MODIFY COLUMN `a` int NULL;"]);
    let plan = planned(MYSQL_9, &to, &from).expect("a plan");
    assert_eq!(
        plan.statements[0].reverse,
        ["ALTER TABLE `t` MODIFY COLUMN `a` int NULL COMMENT \"c \\\"q\\\"\", COMMENT \"it's\""]
    );
}

#[test]
fn the_attributes_of_a_new_table() {
    let t =
        id(MYSQL_9, "t").but(|column| column.attrs.set(&AUTO_INCREMENT, true)).pk(&["id"]).with(|table| {
            table.comment = Some("c".into());
            table.attrs.set(&AUTO_INCREMENT_START, 100);
            table.attrs.set(&CHARSET, "latin1".into());
            table.attrs.set(&COLLATE, "latin1_swedish_ci".into());
        });
    mysql(
        vec![],
        vec![t],
        &[
            "CREATE TABLE `t` (`id` int NOT NULL AUTO_INCREMENT, PRIMARY KEY (`id`)) CHARSET latin1 COLLATE latin1_swedish_ci COMMENT \"c\" AUTO_INCREMENT 100;",
        ],
    );
}

fn latin1(make: Make) -> Make {
    make.with(|table| {
        table.attrs.set(&CHARSET, "latin1".into());
        table.attrs.set(&COLLATE, "latin1_swedish_ci".into());
    })
}

#[test]
fn the_charset_of_a_table_is_that_of_its_columns() {
    let t = || id(MYSQL_9, "t").col("s", "varchar(10)").pk(&["id"]);
    let (from, to) = (realm([t()]), realm([latin1(t())]));
    check(
        MYSQL_9,
        &from,
        &to,
        &[
            "ALTER TABLE `t` CHARSET latin1, COLLATE latin1_swedish_ci, MODIFY COLUMN `s` varchar(10) NOT NULL;",
        ],
    );
    let plan = planned(MYSQL_9, &from, &to).expect("a plan");
    assert_eq!(
        plan.statements[0].reverse,
        [
            "ALTER TABLE `t` MODIFY COLUMN `s` varchar(10) CHARSET utf8mb4 NOT NULL COLLATE utf8mb4_0900_ai_ci, COLLATE utf8mb4_0900_ai_ci, CHARSET utf8mb4"
        ]
    );
    let own = |make: Make| {
        make.but(|column| {
            column.attrs.set(&CHARSET, "latin1".into());
            column.attrs.set(&COLLATE, "latin1_bin".into());
        })
    };
    let t = own(id(MYSQL_9, "t").col("s", "varchar(10)")).pk(&["id"]);
    mysql(
        vec![],
        vec![t],
        &[&format!(
            "CREATE TABLE `t` (`id` int NOT NULL, `s` varchar(10) CHARSET latin1 NOT NULL COLLATE latin1_bin, PRIMARY KEY (`id`)) {MYSQL_END}"
        )],
    );
}

#[test]
fn schemas_have_charsets() {
    let schema = |name: &str, charset: &str, collate: &str| {
        let mut schema = Schema::new(name);
        schema.attrs.set(&CHARSET, charset.to_string());
        schema.attrs.set(&COLLATE, collate.to_string());
        schema
    };
    let mut a3 = schema("a3", "latin1", "latin1_swedish_ci");
    let x = latin1(Make::new("a3", "x", dialects::mysql::types::parse));
    a3.tables = vec![std::sync::Arc::new(x.col("id", "int").col("s", "varchar(5)").table)];
    let from = Realm {
        schemas: vec![
            schema("a1", "latin1", "latin1_swedish_ci"),
            schema("a2", "utf8mb4", "utf8mb4_0900_ai_ci"),
        ],
        ..Realm::default()
    };
    let to = Realm { schemas: vec![schema("a1", "utf8mb4", "utf8mb4_bin"), a3], ..Realm::default() };
    let changes = engine::diff::diff(&from, &to, &dialects::MYSQL, &Default::default()).expect("changes");
    let options =
        engine::plan::Options { server: Some(super::server(MYSQL_9)), ..engine::plan::Options::default() };
    let plan = engine::plan::plan(&changes, &from, &dialects::MYSQL, &options).expect("a plan");
    assert_eq!(
        plan.to_sql(),
        "-- Modify \"a1\" schema\nALTER DATABASE `a1` CHARSET utf8mb4 COLLATE utf8mb4_bin;\n\
         -- Drop schema named \"a2\"\nDROP DATABASE `a2`;\n\
         -- Add new schema named \"a3\"\nCREATE DATABASE `a3` CHARSET latin1 COLLATE latin1_swedish_ci;\n\
         -- Create \"x\" table\nCREATE TABLE `a3`.`x` (`id` int NOT NULL, `s` varchar(5) NOT NULL) CHARSET latin1 COLLATE latin1_swedish_ci;\n"
    );
}

#[test]
fn a_column_that_notes_when_its_row_changed() {
    let t = keyed("t").col("ts", "timestamp").expr("CURRENT_TIMESTAMP");
    mysql(
        vec![keyed("t")],
        vec![t.but(|column| column.attrs.set(&ON_UPDATE, "CURRENT_TIMESTAMP".into()))],
        &[
            "ALTER TABLE `t` ADD COLUMN `ts` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP;",
        ],
    );
    let t = maria("t").col("ts", "timestamp").expr("(current_timestamp())");
    mariadb(
        vec![maria("t")],
        vec![t.but(|column| column.attrs.set(&ON_UPDATE, "current_timestamp()".into()))],
        &[
            "ALTER TABLE `t` ADD COLUMN `ts` timestamp NOT NULL DEFAULT (current_timestamp()) ON UPDATE current_timestamp();",
        ],
    );
}

#[test]
fn prefixes_and_kinds_of_indexes() {
    let t = || id(MYSQL_9, "t").null("s", "text").pk(&["id"]);
    let mut prefix = IndexPart::column("s");
    prefix.attrs.set(&PREFIX, 10);
    let to = t()
        .index("ft", &["s"])
        .index_but(|index| index.attrs.set(&INDEX_TYPE, "FULLTEXT".into()))
        .index("h", &["id"])
        .index_but(|index| index.comment = Some("ic".into()))
        .parts("i", false, vec![prefix]);
    mysql(
        vec![t()],
        vec![to],
        &[
            "ALTER TABLE `t` ADD FULLTEXT INDEX `ft` (`s`), ADD INDEX `h` (`id`) COMMENT \"ic\", ADD INDEX `i` (`s` (10));",
        ],
    );
}

#[test]
fn defaults_of_every_kind() {
    let columns = |make: Make| {
        make.col("x", "varchar(9)")
            .text("a\"b'c")
            .col("bb", "bool")
            .value("1")
            .col("dd", "decimal(5,2)")
            .value("1.50")
            .col("ff", "double")
            .value("1")
    };
    let to = columns(keyed("t")).col("dt", "datetime(3)").expr("CURRENT_TIMESTAMP(3)");
    mysql(
        vec![keyed("t")],
        vec![to.col("vb", "varbinary(4)").value("0x0102")],
        &[
            "ALTER TABLE `t` ADD COLUMN `x` varchar(9) NOT NULL DEFAULT \"a\\\"b'c\", ADD COLUMN `bb` bool NOT NULL DEFAULT 1, ADD COLUMN `dd` decimal(5,2) NOT NULL DEFAULT 1.50, ADD COLUMN `ff` double NOT NULL DEFAULT 1, ADD COLUMN `dt` datetime(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3), ADD COLUMN `vb` varbinary(4) NOT NULL DEFAULT 0x0102;",
        ],
    );
    let to = columns(maria("t")).col("dt", "datetime(3)").expr("(current_timestamp(3))");
    mariadb(
        vec![maria("t")],
        vec![to],
        &[
            "ALTER TABLE `t` ADD COLUMN `x` varchar(9) NOT NULL DEFAULT 'a\"b''c', ADD COLUMN `bb` bool NOT NULL DEFAULT 1, ADD COLUMN `dd` decimal(5,2) NOT NULL DEFAULT 1.50, ADD COLUMN `ff` double NOT NULL DEFAULT 1, ADD COLUMN `dt` datetime(3) NOT NULL DEFAULT (current_timestamp(3));",
        ],
    );
}

#[test]
fn numbering_begins_later_never_earlier() {
    let t = |start: Option<i64>| {
        realm([keyed("t").with(|table| {
            if let Some(start) = start {
                table.attrs.set(&AUTO_INCREMENT_START, start);
            }
        })])
    };
    check(MYSQL_9, &t(None), &t(Some(100)), &["ALTER TABLE `t` AUTO_INCREMENT 100;"]);
    check(MYSQL_9, &t(Some(100)), &t(Some(50)), &[]);
    check(MYSQL_9, &t(Some(100)), &t(None), &[]);
    let plan = planned(MYSQL_9, &t(None), &t(Some(100))).expect("a plan");
    assert_eq!(plan.statements[0].reverse, ["ALTER TABLE `t` AUTO_INCREMENT 0"]);
}

#[test]
fn the_engine_changes() {
    mariadb(
        vec![maria("t")],
        vec![maria("t").with(|table| table.attrs.set(&ENGINE, "MyISAM".into()))],
        &["ALTER TABLE `t` ENGINE MyISAM;"],
    );
}
