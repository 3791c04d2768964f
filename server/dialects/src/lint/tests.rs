//! Tests: every code of every dialect is found in its bad example and not in its good one.
//!
//! By the whole way: the examples are replayed, compared, and judged as files.

use engine::connection::Capabilities;
use std::sync::Arc;

use engine::lint::file::Judged;
use engine::lint::{Config, Example, Options, Pattern};
use engine::migrate::Timeline;
use engine::plan::{Options as PlanOptions, plan};
use engine::{Dialect, Dialects, diff, normalize, replay};
use expect_test::{Expect, expect};
use schema::Realm;
use syntax::sql::File;
use text::{FileId, Text, apply_edits};

use crate::{MARIADB, MYSQL, POSTGRES, SQLITE};

const ALL: Dialects = Dialects(&[&SQLITE, &POSTGRES, &MYSQL]);

fn config(naming: &str) -> Config {
    let mut config = Config::default();
    if !naming.is_empty() {
        let regex = regex::Regex::new(naming).expect("a pattern");
        let pattern = Some(Pattern { regex, message: None });
        config.analyzers.insert("naming".into(), Options { pattern, ..Options::default() });
    }
    config
}

fn server(dialect: &Dialect, example: &Example) -> Capabilities {
    let mut server = (dialect.assumed)();
    server.features.remove(example.without);
    server
}

fn judge(dialect: &'static Dialect, example: &Example, text: &str) -> Judged {
    let parse = |text: &str| File::parse(&Text::from(text), dialect.grammar, None);
    let files = [(FileId(0), parse(example.from)), (FileId(1), parse(text))];
    let server = server(dialect, example);
    let mut timeline = Timeline::new(dialect, Some(&server));
    let judged = timeline.lint(&files, 1, &Arc::new(config(example.naming)), true);
    Judged::clone(&judged.expect("states that can be compared"))
}

/// The first example of each code whose bad half is not found or whose good half is.
fn wrong(dialect: &'static Dialect) -> Vec<String> {
    let mut wrong = Vec::new();
    for (analyzer, example) in dialect
        .lint
        .iter()
        .flat_map(|analyzer| analyzer.examples.iter().map(move |example| (analyzer, example)))
    {
        let code = example.code;
        assert!(analyzer.codes.iter().any(|doc| doc.code == code), "{code} is no code of {}", analyzer.name);
        let found = |judged: &Judged| {
            let mut codes: Vec<_> = judged.report.findings().map(|finding| finding.code).collect();
            codes.dedup();
            codes
        };
        let bad = judge(dialect, example, example.bad);
        if !found(&bad).contains(&code) {
            wrong.push(format!(
                "{} {code}: {:?} is {:?} of {} changes",
                dialect.name,
                example.bad,
                found(&bad),
                bad.changes.len()
            ));
        }
        let good = judge(dialect, example, example.good);
        if found(&good).contains(&code) {
            wrong.push(format!("{} {code}: {:?} is found too", dialect.name, example.good));
        }
    }
    wrong
}

#[test]
fn bad_examples_are_found_and_good_ones_are_not() {
    let wrong: Vec<String> = ALL.iter().flat_map(wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_has_an_example() {
    let mut without = Vec::new();
    for dialect in ALL.iter() {
        for analyzer in dialect.lint {
            let has = |code| analyzer.examples.iter().any(|example| example.code == code);
            let codes = analyzer.codes.iter().filter(|doc| !has(doc.code));
            without.extend(codes.map(|doc| format!("{} {}", dialect.name, doc.code)));
        }
    }
    // SQLite has one schema. No statement makes an index unique (MF102 is of plans), and 256 values fill a page
    // (MY113): both have tests of their own.
    let expected =
        ["sqlite DS101", "sqlite MF102", "sqlite NM101", "postgres MF102", "mysql MF102", "mysql MY113"];
    assert_eq!(without, expected);
}

#[test]
fn an_enum_of_256_values_takes_another_byte() {
    let list = |count: usize| (0..count).map(|at| format!("'{at}'")).collect::<Vec<_>>().join(",");
    let from: &'static str = Box::leak(format!("CREATE TABLE t (c enum({}));", list(255)).into_boxed_str());
    let example = Example { code: "MY113", from, bad: "", good: "", naming: "", without: "" };
    let judged = judge(&MYSQL, &example, &format!("ALTER TABLE t MODIFY COLUMN c enum({});", list(256)));
    let said: Vec<_> = judged.report.findings().map(|finding| finding.message.as_str()).collect();
    assert_eq!(said, ["Growing from 1 to 2 bytes the enum column \"c\" requires a table copy"]);
}

#[test]
fn an_index_that_becomes_unique_in_a_plan() {
    for dialect in ALL.iter() {
        let said = said_of_plan(
            dialect,
            "CREATE TABLE t (id integer, a integer);\nCREATE INDEX i ON t (a);",
            "CREATE TABLE t (id integer, a integer);\nCREATE UNIQUE INDEX i ON t (a);",
        );
        let wanted = "Modifying an index \"i\" on table \"t\" might fail in case of duplicate entries";
        assert!(said.iter().any(|message| message == wanted), "{} {said:?}", dialect.name);
    }
}

/// The messages about the plan between two states.
fn said_of_plan(dialect: &'static Dialect, from: &str, to: &str) -> Vec<String> {
    let server = (dialect.assumed)();
    let (from, to) = (state(dialect, &server, &[from]), state(dialect, &server, &[to]));
    let changes = diff::diff(&from, &to, dialect, &diff::Policy::default()).expect("changes");
    let options = PlanOptions { qualifier: Some(String::new()), ..PlanOptions::default() };
    let plan = plan(&changes, &from, dialect, &options).expect("a plan");
    let config = Config::default();
    let report = engine::lint::lint(&from, &to, &changes, &plan, &config, dialect, Some(&server));
    report.findings().map(|finding| finding.message.clone()).collect()
}

/// What the statements make, in the server's form.
fn state(dialect: &'static Dialect, server: &Capabilities, texts: &[&str]) -> Realm {
    let file = |(at, text): (usize, &&str)| {
        (FileId(at as u32), File::parse(&Text::from(*text), dialect.grammar, None))
    };
    let files: Vec<_> = texts.iter().enumerate().map(file).collect();
    let state = replay::replay(&files, dialect, &mut replay::Cache::default());
    let normalized = normalize::normalize(&state.realm, dialect, server, &mut normalize::Cache::default());
    Realm::clone(&normalized.expect("a form of the server's").realm)
}

/// What is said of each bad example under its code, and what its quick fix makes of the file.
#[track_caller]
fn check(dialect: &'static Dialect, codes: &[&str], expected: Expect) {
    let mut out = String::new();
    for example in dialect.lint.iter().flat_map(|analyzer| analyzer.examples) {
        if !codes.iter().any(|code| example.code.starts_with(code)) {
            continue;
        }
        let judged = judge(dialect, example, example.bad);
        for finding in judged.report.findings().filter(|finding| finding.code == example.code) {
            out.push_str(&format!("{}: {}\n", finding.code, finding.message));
            for fix in finding.edits.iter().filter(|fix| !fix.title.starts_with("Do not report")) {
                out.push_str(&format!("  {}:\n", fix.title));
                let after = apply_edits(example.bad, &fix.edits);
                for line in after.lines().filter(|line| !line.is_empty()) {
                    out.push_str(&format!("    {line}\n"));
                }
            }
        }
    }
    expected.assert_eq(&out);
}

#[test]
fn what_is_said_of_indexes_of_postgres() {
    check(
        &POSTGRES,
        &["PG1"],
        expect![[r#"
            PG101: Creating index "i" non-concurrently causes write locks on the "t" table
              Create the index concurrently:
                -- atlas:txmode none
                CREATE INDEX CONCURRENTLY i ON t (c);
            PG102: Dropping index "i" non-concurrently causes write locks on the "t" table
              Drop the index concurrently:
                -- atlas:txmode none
                DROP INDEX CONCURRENTLY i;
            PG103: Indexes cannot be created or deleted concurrently within a transaction. Add the `atlas:txmode none` directive to the header to prevent this file from running in a transaction
              Run this file outside of a transaction:
                -- atlas:txmode none
                CREATE INDEX CONCURRENTLY i ON t (c);
            PG104: Adding a PRIMARY KEY constraint on table "t" acquires an ACCESS EXCLUSIVE lock, blocking both reads and writes during the operation
              Create its index concurrently first:
                -- atlas:txmode none
                CREATE UNIQUE INDEX CONCURRENTLY "t_pkey" ON "t" ("id");
                ALTER TABLE "t" ADD CONSTRAINT "t_pkey" PRIMARY KEY USING INDEX "t_pkey";
            PG105: Adding a UNIQUE constraint on table "t" acquires an ACCESS EXCLUSIVE lock, blocking both reads and writes during the operation
              Create its index concurrently first:
                -- atlas:txmode none
                CREATE UNIQUE INDEX CONCURRENTLY "t_c_key" ON "t" ("c");
                ALTER TABLE "t" ADD CONSTRAINT "t_c_key" UNIQUE USING INDEX "t_c_key";
            PG108: Creating index "i" on the partitioned table "t" causes write locks on all of its partitions
            PG109: Adding an EXCLUDE constraint on table "t" acquires an ACCESS EXCLUSIVE lock, blocking both reads and writes while all rows are checked
            PG110: Table "t" has 14 redundant bytes of padding per row. To reduce disk space, the optimal order of the columns is as follows: "b", "d", "a", "c"
        "#]],
    );
}

#[test]
fn what_is_said_of_tables_of_postgres() {
    check(
        &POSTGRES,
        &["PG3", "TX", "SA"],
        expect![[r#"
            PG301: Changing the type of column "a" from "integer" to "bigint" rewrites table "t" and its indexes while nobody can read or write it
            PG301: Changing the type of column "a" from "character(10)" to "character(20)" rewrites table "t" and its indexes while nobody can read or write it
            PG302: Adding the column "key" rewrites table "t" while nobody can read or write it: its default is volatile
              Set its default afterwards, and fill old rows then:
                -- atlas:txmode none
                ALTER TABLE t ADD COLUMN key uuid;
                ALTER TABLE "t" ALTER COLUMN "key" SET DEFAULT gen_random_uuid();
                UPDATE "t" SET "key" = DEFAULT WHERE "key" IS NULL;
            PG303: Setting column "a" to NOT NULL reads all rows of table "t" while nobody can read or write it
              Check it first without blocking:
                -- atlas:txmode none
                ALTER TABLE "t" ADD CONSTRAINT "a_not_null" CHECK ("a" IS NOT NULL) NOT VALID;
                ALTER TABLE "t" VALIDATE CONSTRAINT "a_not_null";
                ALTER TABLE t ALTER COLUMN a SET NOT NULL;
                ALTER TABLE "t" DROP CONSTRAINT "a_not_null";
            PG304: Adding a primary key on nullable column "a" sets NOT NULL, which reads all rows of table "t" while nobody can read or write it
              Set NOT NULL first, without blocking:
                -- atlas:txmode none
                ALTER TABLE "t" ADD CONSTRAINT "a_not_null" CHECK ("a" IS NOT NULL) NOT VALID;
                ALTER TABLE "t" VALIDATE CONSTRAINT "a_not_null";
                ALTER TABLE "t" ALTER COLUMN "a" SET NOT NULL;
                ALTER TABLE "t" DROP CONSTRAINT "a_not_null";
                ALTER TABLE t ADD PRIMARY KEY (a);
            PG305: Adding check "positive" to table "t" reads all rows while nobody can read or write the table
              Validate it in a transaction of its own:
                -- atlas:txmode none
                ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0) NOT VALID;
                ALTER TABLE "t" VALIDATE CONSTRAINT "positive";
            PG306: Adding foreign key "u_t" to table "u" blocks writes to tables "u" and "t" while all rows are checked
              Validate it in a transaction of its own:
                -- atlas:txmode none
                ALTER TABLE u ADD CONSTRAINT u_t FOREIGN KEY (t_id) REFERENCES t (id) NOT VALID;
                ALTER TABLE "u" VALIDATE CONSTRAINT "u_t";
            PG307: Setting table "t" to UNLOGGED rewrites it while nobody can read or write it
            PG308: Creating trigger "g" on table "t" acquires a SHARE ROW EXCLUSIVE lock, blocking writes until it is done
            PG309: Adding the stored generated column "b" rewrites table "t" while nobody can read or write it
            PG310: Adding the identity column "id" rewrites table "t" while nobody can read or write it
            PG311: Changing the access method of table "t" rewrites it while nobody can read or write it
            PG312: Redefining the primary key of table "t" acquires an ACCESS EXCLUSIVE lock, blocking both reads and writes while its index is built
            PG314: Changing the replica identity of table "t" to FULL may break its logical replication
            PG320: Turning off autovacuum for table "t" lets dead rows pile up
            TX201: Beginning a transaction inside the transaction of the file. Add the `atlas:txmode none` directive to the header to prevent this file from running in a transaction
              Run this file outside of a transaction:
                -- atlas:txmode none
                BEGIN;
                CREATE TABLE t (id integer);
                COMMIT;
            TX101: VACUUM cannot run inside a transaction
              Run this file outside of a transaction:
                -- atlas:txmode none
                ALTER TABLE t ADD COLUMN b integer;
                VACUUM t;
            TX101: The new enum value 'happy' cannot be used in the transaction that adds it
              Run this file outside of a transaction:
                -- atlas:txmode none
                ALTER TYPE mood ADD VALUE 'happy';
                INSERT INTO t VALUES ('happy');
            SA101: Routine "f" runs a statement that is put together from values by concatenation
        "#]],
    );
}

#[test]
fn what_is_said_of_values_of_mysql() {
    check(
        &MYSQL,
        &["MY10", "MY11", "MY12", "MF103"],
        expect![[r#"
            MF103: Adding a non-nullable "date" column "d" will fail in case table "t" is not empty
            MY101: Adding a non-nullable "varchar" column "name" on table "users" without a default value implicitly sets existing rows with ""
              Add column "name" with the default '', and drop the default:
                ALTER TABLE users ADD COLUMN name varchar(120) NOT NULL DEFAULT '';
                ALTER TABLE `users` ALTER COLUMN `name` DROP DEFAULT;
              Add column "name" as nullable, fill it with '', and make it NOT NULL:
                ALTER TABLE users ADD COLUMN name varchar(120);
                UPDATE `users` SET `name` = '' WHERE `name` IS NULL;
                ALTER TABLE `users` MODIFY COLUMN name varchar(120) NOT NULL;
            MY102: Defining column "l" on table "tree" with inline REFERENCES is ignored by MySQL
              Write the foreign key on its own:
                ALTER TABLE tree ADD COLUMN l int, ADD FOREIGN KEY (`l`) REFERENCES tree (id);
            MY110: Removing value "c" from enum column "c" requires a table copy
            MY111: Reordering the values of enum column "c" requires a table copy
            MY112: Inserting value "x" before the end of enum column "c" requires a table copy
            MY120: Removing value "c" from set column "c" requires a table copy
            MY121: Reordering the values of set column "c" requires a table copy
            MY122: Inserting value "x" before the end of set column "c" requires a table copy
            MY123: Growing from 1 to 2 bytes the set column "c" requires a table copy
        "#]],
    );
}

#[test]
fn what_is_said_of_tables_of_mysql() {
    check(
        &MYSQL,
        &["MY13", "MY14", "SA"],
        expect![[r#"
            MY130: Changing the type of column "a" of table "t" from "int" to "bigint" copies the table and blocks writes
            MY131: Adding foreign key "fk" to table "t" copies it and blocks writes while foreign_key_checks is on
            MY132: Adding the primary key of table "t" rebuilds the table
              Let others write meanwhile, or refuse:
                ALTER TABLE t ADD PRIMARY KEY (id), ALGORITHM = INPLACE, LOCK = NONE;
            MY133: Dropping the primary key of table "t" copies the table and blocks writes
            MY134: Adding full-text index "i" blocks writes to table "t"
            MY135: Adding spatial index "i" blocks writes to table "t"
            MY136: Changing the charset of table "t" rebuilds it
            MY137: Modifying the primary key of table "t" rebuilds the table
              Let others write meanwhile, or refuse:
                ALTER TABLE t DROP PRIMARY KEY, ADD PRIMARY KEY (id, b), ALGORITHM = INPLACE, LOCK = NONE;
            MY138: Changing the storage engine of table "t" copies it and blocks writes
            MY139: Changing the partitioning of table "t" copies it and blocks writes
            MY140: Adding stored generated column "b" copies table "t" and blocks writes
              Make the column virtual:
                ALTER TABLE t ADD COLUMN b int AS (a * 2) VIRTUAL;
            MY141: Adding AUTO_INCREMENT column "id" rebuilds table "t" and blocks writes
            MY142: Adding column "c" before others rebuilds table "t": version 9.1.0 adds only the last one instantly
              Add the column behind all others:
                ALTER TABLE t ADD COLUMN c int;
            MY143: Changing generated column "b" of table "t" copies the table and blocks writes
            MY144: Adding check "positive" to table "t" checks all rows and blocks writes
              Do not enforce it yet:
                ALTER TABLE t ADD CONSTRAINT positive CHECK (a > 0) NOT ENFORCED;
            MY145: Modifying or enforcing check "positive" of table "t" checks all rows and blocks writes
            MY146: Dropping system versioning of table "t" deletes the history of its rows
            MY147: Changing the nullability of column "a" rebuilds table "t"
              Let others write meanwhile, or refuse:
                ALTER TABLE t MODIFY COLUMN a int NULL, ALGORITHM = INPLACE, LOCK = NONE;
            MY148: Changing the charset of column "a" copies table "t" and blocks writes
            SA101: Routine "p" runs a statement that is put together from values by concatenation
        "#]],
    );
}

#[test]
fn a_renamed_column_is_not_dropped() {
    const FROM: &str = "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(10), UNIQUE KEY u (a));
        CREATE TABLE c (t_id int, CONSTRAINT fk FOREIGN KEY (t_id) REFERENCES t (id));";
    let mut out = String::new();
    for dialect in [&MYSQL, &MARIADB] {
        for text in [
            "ALTER TABLE t CHANGE a z int;",
            "ALTER TABLE t CHANGE COLUMN `a` `z` bigint NOT NULL;",
            "ALTER TABLE t CHANGE a z int AFTER b, CHANGE b y varchar(10), ADD COLUMN more int;",
            "ALTER TABLE t CHANGE id key_of int;",
            "ALTER TABLE t RENAME COLUMN a TO z;",
            "ALTER TABLE t RENAME COLUMN a TO z, RENAME COLUMN b TO a;",
            "ALTER TABLE t CHANGE a a bigint;",
            "ALTER TABLE t CHANGE a z int, DROP COLUMN b;",
            "ALTER TABLE t CHANGE a b int, CHANGE b a varchar(10);",
        ] {
            let example = Example { code: "", from: FROM, bad: "", good: "", naming: "", without: "" };
            let judged = judge(dialect, &example, text);
            out.push_str(&format!("{}: {text}\n", dialect.name));
            for finding in judged.report.findings() {
                out.push_str(&format!("  {}: {}\n", finding.code, finding.message));
            }
        }
    }
    expect![[r#"
        mysql: ALTER TABLE t CHANGE a z int;
          BC102: Renaming column "a" to "z"
        mysql: ALTER TABLE t CHANGE COLUMN `a` `z` bigint NOT NULL;
          MF104: Modifying nullable column "z" to non-nullable might fail in case it contains NULL values
          BC102: Renaming column "a" to "z"
          MY130: Changing the type of column "z" of table "t" from "int" to "bigint" copies the table and blocks writes
          MY147: Changing the nullability of column "z" rebuilds table "t"
        mysql: ALTER TABLE t CHANGE a z int AFTER b, CHANGE b y varchar(10), ADD COLUMN more int;
          BC102: Renaming column "b" to "y"
          BC102: Renaming column "a" to "z"
        mysql: ALTER TABLE t CHANGE id key_of int;
          BC102: Renaming column "id" to "key_of"
        mysql: ALTER TABLE t RENAME COLUMN a TO z;
          BC102: Renaming column "a" to "z"
        mysql: ALTER TABLE t RENAME COLUMN a TO z, RENAME COLUMN b TO a;
          BC102: Renaming column "a" to "z"
          BC102: Renaming column "b" to "a"
        mysql: ALTER TABLE t CHANGE a a bigint;
          MY130: Changing the type of column "a" of table "t" from "int" to "bigint" copies the table and blocks writes
        mysql: ALTER TABLE t CHANGE a z int, DROP COLUMN b;
          DS103: Dropping non-virtual column "b"
          BC102: Renaming column "a" to "z"
        mysql: ALTER TABLE t CHANGE a b int, CHANGE b a varchar(10);
          MY130: Changing the type of column "a" of table "t" from "int" to "varchar(10)" copies the table and blocks writes
        mariadb: ALTER TABLE t CHANGE a z int;
          BC102: Renaming column "a" to "z"
        mariadb: ALTER TABLE t CHANGE COLUMN `a` `z` bigint NOT NULL;
          MF104: Modifying nullable column "z" to non-nullable might fail in case it contains NULL values
          BC102: Renaming column "a" to "z"
          MY130: Changing the type of column "z" of table "t" from "int" to "bigint" copies the table and blocks writes
          MY147: Changing the nullability of column "z" rebuilds table "t"
        mariadb: ALTER TABLE t CHANGE a z int AFTER b, CHANGE b y varchar(10), ADD COLUMN more int;
          BC102: Renaming column "b" to "y"
          BC102: Renaming column "a" to "z"
        mariadb: ALTER TABLE t CHANGE id key_of int;
          BC102: Renaming column "id" to "key_of"
        mariadb: ALTER TABLE t RENAME COLUMN a TO z;
          BC102: Renaming column "a" to "z"
        mariadb: ALTER TABLE t RENAME COLUMN a TO z, RENAME COLUMN b TO a;
          BC102: Renaming column "a" to "z"
          BC102: Renaming column "b" to "a"
        mariadb: ALTER TABLE t CHANGE a a bigint;
          MY130: Changing the type of column "a" of table "t" from "int" to "bigint" copies the table and blocks writes
        mariadb: ALTER TABLE t CHANGE a z int, DROP COLUMN b;
          DS103: Dropping non-virtual column "b"
          BC102: Renaming column "a" to "z"
        mariadb: ALTER TABLE t CHANGE a b int, CHANGE b a varchar(10);
          MY130: Changing the type of column "a" of table "t" from "int" to "varchar(10)" copies the table and blocks writes
    "#]].assert_eq(&out);
}

#[test]
fn what_is_said_of_shared_families() {
    check(
        &SQLITE,
        &["DS", "MF", "CD", "BC", "NM", "LT", "TX"],
        expect![[r#"
            DS102: Dropping table "t"
            DS103: Dropping non-virtual column "a"
            DS102: Dropping table "t"
            MF101: Adding a unique index "i" on table "t" might fail in case column "a" contains duplicate entries
            MF103: Adding a non-nullable "integer" column "a" will fail in case table "t" is not empty
              Give column "a" the default 0:
                ALTER TABLE t ADD COLUMN a integer NOT NULL DEFAULT 0;
            LT101: Modifying nullable column "a" to non-nullable without default value might fail in case it contains NULL values
              Fill column "a" with 0 first, where it is NULL:
                UPDATE `users` SET `a` = 0 WHERE `a` IS NULL;
                CREATE TABLE new_users (a integer NOT NULL);
                INSERT INTO new_users SELECT a FROM users;
                DROP TABLE users;
                ALTER TABLE new_users RENAME TO users;
            CD101: Dropping foreign-key constraint "fk"
            CD102: Dropping check constraint "positive"
            CD103: Dropping the primary-key constraint of table "t"
            BC101: Renaming table "t" to "u"
              Keep the name "t" as a view:
                ALTER TABLE t RENAME TO u;
                CREATE VIEW `t` AS SELECT * FROM `u`;
            BC102: Renaming column "a" to "b"
              Keep the name "a" as a virtual column:
                ALTER TABLE t RENAME COLUMN a TO b;
                ALTER TABLE `t` ADD COLUMN `a` integer GENERATED ALWAYS AS (`b`) VIRTUAL;
            NM102: Table named "Users" violates the naming policy
            NM103: Column named "Id" violates the naming policy
            NM104: Index named "I" violates the naming policy
            NM105: Foreign-key constraint named "FK" violates the naming policy
            NM106: Check constraint named "Positive" violates the naming policy
            TX201: Beginning a transaction inside the transaction of the file. Add the `atlas:txmode none` directive to the header to prevent this file from running in a transaction
              Run this file outside of a transaction:
                -- atlas:txmode none
                BEGIN;
                CREATE TABLE t (id integer);
                COMMIT;
        "#]],
    );
}

/// The codes of bad examples that are not found when the plan between the two states is judged instead.
fn only_in_files(dialect: &'static Dialect) -> Vec<&'static str> {
    let mut missing = Vec::new();
    for example in dialect.lint.iter().flat_map(|analyzer| analyzer.examples) {
        let server = server(dialect, example);
        let (from, to) =
            (state(dialect, &server, &[example.from]), state(dialect, &server, &[example.from, example.bad]));
        let changes = diff::diff(&from, &to, dialect, &diff::Policy::default()).expect("changes");
        let options = PlanOptions::default();
        let plan = match plan(&changes, &from, dialect, &options) {
            Ok(plan) => plan,
            Err(error) => panic!("{} {}: {error}", dialect.name, example.code),
        };
        let config = config(example.naming);
        let report = engine::lint::lint(&from, &to, &changes, &plan, &config, dialect, Some(&server));
        if !report.findings().any(|finding| finding.code == example.code) {
            missing.push(example.code);
        }
    }
    missing
}

#[test]
fn plans_are_judged_as_files_are() {
    // Renames need a hint, and what only a statement can do is in no plan.
    expect![[r#"
        [
            (
                "sqlite",
                [
                    "BC101",
                    "BC102",
                    "TX201",
                ],
            ),
            (
                "postgres",
                [
                    "BC101",
                    "BC102",
                    "PG103",
                    "TX201",
                    "TX101",
                    "TX101",
                ],
            ),
            (
                "mysql",
                [
                    "BC101",
                    "BC102",
                    "MY102",
                    "TX201",
                ],
            ),
        ]
    "#]]
    .assert_debug_eq(&ALL.iter().map(|dialect| (dialect.name, only_in_files(dialect))).collect::<Vec<_>>());
}

/// The findings of a file of PostgreSQL, each with the line of its statement.
#[track_caller]
fn check_file(from: &'static str, text: &'static str, expected: Expect) {
    let example = Example { code: "", from, bad: "", good: "", naming: "", without: "" };
    let judged = judge(&POSTGRES, &example, text);
    let mut out = String::new();
    for finding in judged.report.findings() {
        let line = finding
            .statement
            .and_then(|at| judged.statements.get(at))
            .map(|range| text[..usize::from(range.start())].matches('\n').count() + 1);
        let line = line.map_or("-".to_owned(), |line| format!("L{line}"));
        out.push_str(&format!("{line} {}\n", finding.code));
    }
    expected.assert_eq(&out);
}

#[test]
fn directives_silence_statements_and_files() {
    let from = "CREATE TABLE t (id integer, a integer);\nCREATE TABLE u (id integer);";
    check_file(
        from,
        "DROP TABLE t;\nDROP TABLE u;",
        expect![[r#"
        L1 DS102
        L2 DS102
    "#]],
    );
    check_file(
        from,
        "DROP TABLE t;\n-- atlas:nolint\nDROP TABLE u;",
        expect![[r#"
        L1 DS102
    "#]],
    );
    check_file(
        from,
        "-- atlas:nolint DS102\nDROP TABLE t;\nDROP TABLE u;",
        expect![[r#"
        L3 DS102
    "#]],
    );
    check_file(from, "-- atlas:nolint destructive\n\nDROP TABLE t;\nDROP TABLE u;", expect![[""]]);
    check_file(from, "-- atlas:nolint\n\nDROP TABLE t;\nDROP TABLE u;", expect![[""]]);
    check_file(
        from,
        "-- atlas:nolint data_depend\nDROP TABLE t;",
        expect![[r#"
        L2 DS102
    "#]],
    );
}

#[test]
fn renames_are_told_from_the_statement() {
    let from = "CREATE TABLE users (id integer);\nCREATE TABLE posts (id integer);";
    check_file(
        from,
        "ALTER TABLE users RENAME TO people;",
        expect![[r#"
        L1 BC101
    "#]],
    );
    check_file(
        from,
        "ALTER TABLE users RENAME TO people;\nCREATE VIEW users AS SELECT * FROM people;\nALTER TABLE posts RENAME COLUMN id TO uid;\nALTER TABLE posts ADD COLUMN id integer;",
        expect![[""]],
    );
    check_file(
        "CREATE TABLE t (a integer);\nCREATE UNIQUE INDEX i ON t (a);",
        "ALTER INDEX i RENAME TO j;",
        expect![[""]],
    );
}

#[test]
fn a_column_that_was_filled_may_become_non_nullable() {
    check_file(
        "CREATE TABLE users (id integer);",
        "ALTER TABLE users ADD COLUMN a integer, ADD COLUMN b integer, ADD COLUMN c integer;\nUPDATE users SET a = 1;\nUPDATE users SET b = 1 WHERE b IS NULL;\nALTER TABLE users ALTER COLUMN a SET NOT NULL, ALTER COLUMN b SET NOT NULL, ALTER COLUMN c SET NOT NULL;",
        expect![[r#"
            L4 MF104
            L4 PG303
            L4 PG303
            L4 PG303
        "#]],
    );
    check_file(
        "CREATE TABLE pets (name text, age integer);",
        "UPDATE pets SET name = 'Unknown', age = 0 WHERE random() > 0.5;\nALTER TABLE pets ALTER COLUMN name SET NOT NULL, ALTER COLUMN age SET NOT NULL;",
        expect![[r#"
            L2 MF104
            L2 MF104
            L2 PG303
            L2 PG303
        "#]],
    );
}

#[test]
fn indexes_that_block_writes() {
    check_file(
        "CREATE TABLE t (c integer);\nCREATE INDEX i1 ON t (c);",
        "DROP INDEX i1;\nCREATE INDEX i2 ON t (c);",
        expect![[r#"
            L1 PG102
            L2 PG101
        "#]],
    );
    check_file(
        "CREATE TABLE t (c integer);",
        "CREATE INDEX CONCURRENTLY i ON t (c);\nCREATE TABLE u (d integer);\nCREATE INDEX j ON u (d);",
        expect![[r#"
            - PG103
        "#]],
    );
}

#[test]
fn a_quick_fix_removes_its_finding() {
    let mut left = Vec::new();
    for dialect in ALL.iter() {
        for example in dialect.lint.iter().flat_map(|analyzer| analyzer.examples) {
            let judged = judge(dialect, example, example.bad);
            for finding in judged.report.findings() {
                for fix in &finding.edits {
                    let after = apply_edits(example.bad, &fix.edits);
                    let again = judge(dialect, example, &after);
                    if again
                        .report
                        .findings()
                        .any(|other| other.code == finding.code && other.object == finding.object)
                    {
                        left.push(format!(
                            "{} {} after {:?}:\n{after}",
                            dialect.name, finding.code, fix.title
                        ));
                    }
                }
            }
        }
    }
    assert!(left.is_empty(), "{}", left.join("\n"));
}
