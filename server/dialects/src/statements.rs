//! How migration files are cut into statements, with the rules of each dialect.
//!
//! Source: reference/migrations.md section 20, case by case.

use engine::Dialect;
use engine::migrate::{Format, statements};
use expect_test::{Expect, expect};

use crate::{MARIADB, MYSQL, POSTGRES, SQLITE};

fn shown(dialect: Option<&'static Dialect>, text: &str) -> String {
    match statements(text, Format::Atlas, dialect) {
        Ok(found) => found
            .iter()
            .map(|it| {
                assert_eq!(&text[it.range.clone()], it.text);
                let mut line = format!("{:?}", it.text);
                if !it.comments.is_empty() {
                    line += &format!(" {:?}", it.comments);
                }
                for (name, arguments) in &it.directives.0 {
                    line += &format!(" {name}({arguments})");
                }
                line + "\n"
            })
            .collect(),
        Err(error) => format!("{error}\n"),
    }
}

/// What every one of `dialects` makes of `text`.
fn check(dialects: &[Option<&'static Dialect>], text: &str, expect: Expect) {
    let mut all = dialects.iter().map(|dialect| shown(*dialect, text));
    let first = all.next().unwrap_or_default();
    for other in all {
        assert_eq!(first, other);
    }
    expect.assert_eq(&first);
}

const ALL: &[Option<&Dialect>] = &[Some(&SQLITE), Some(&POSTGRES), Some(&MYSQL), None];
const LITE: &[Option<&Dialect>] = &[Some(&SQLITE)];
const MY: &[Option<&Dialect>] = &[Some(&MYSQL)];
const PG: &[Option<&Dialect>] = &[Some(&POSTGRES)];

#[test]
fn comments_and_directives() {
    check(
        ALL,
        "cmd0;\n-- test\ncmd1;\n\n-- hello\n-- world\ncmd2;\n",
        expect![[r#"
        "cmd0;"
        "cmd1;" ["-- test"]
        "cmd2;" ["-- hello", "-- world"]
    "#]],
    );
    check(
        MY,
        "-- skip\n# comment\n\n/* Skip */\n\n# command\ncmd3;\n",
        expect![[r##"
        "cmd3;" ["# command"]
    "##]],
    );
    check(
        ALL,
        "--atlas:nolint\n-- atlas:nolint destructive\ncmd5;\n",
        expect![[r#"
        "cmd5;" ["--atlas:nolint", "-- atlas:nolint destructive"] nolint() nolint(destructive)
    "#]],
    );
    check(
        MY,
        "#atlas:lint error\n/*atlas:nolint DS101*/\n/* atlas:lint not a directive */\ncmd6;\n",
        expect![[r##"
            "cmd6;" ["#atlas:lint error", "/*atlas:nolint DS101*/", "/* atlas:lint not a directive */"] lint(error) nolint(DS101)
        "##]],
    );
}

#[test]
fn delimiters() {
    check(
        ALL,
        "-- atlas:delimiter \\n\\n\\n\nselect 1;\nselect 2;\n\n\nselect 3;\n\nselect 4;\n",
        expect![[r#"
            "select 1;\nselect 2;"
            "select 3;\n\nselect 4;"
        "#]],
    );
    check(
        ALL,
        "-- atlas:delimiter -- end\ncreate procedure p() begin\n a;\n b;\nend\n-- end\ncall p;\n-- end\n",
        expect![[r#"
            "create procedure p() begin\n a;\n b;\nend"
            "call p;"
        "#]],
    );
    check(
        ALL,
        "DELIMITER $$\ncreate procedure p() begin a; b;\nEND;$$\nDELIMITER ;\nselect 1;\n",
        expect![[r#"
            "create procedure p() begin a; b;\nEND;"
            "select 1;"
        "#]],
    );
    check(
        ALL,
        "delimiter 'MySQL'\nselect * from t1MySQL",
        expect![[r#"
        "select * from t1"
    "#]],
    );
    check(
        ALL,
        "delimiter \\n\\n\nselect 1\n\nselect\n2",
        expect![[r#"
        "select 1"
        "select\n2"
    "#]],
    );
    check(
        MY,
        "DELIMITER //\ncreate procedure p() begin select 1; end//\nselect 1//\nDELIMITER ;\nselect 2;",
        expect![[r#"
            "create procedure p() begin select 1; end"
            "select 1"
            "select 2;"
        "#]],
    );
    check(
        ALL,
        "\n-- atlas:delimiter -- end\nselect 1; select 2;",
        expect![[r#"
        "select 1;" ["-- atlas:delimiter -- end"] delimiter(-- end)
        "select 2;"
    "#]],
    );
    check(
        ALL,
        "--atlas:delimiter -- end\nselect 1; select 2;",
        expect![[r#"
        "select 1;" ["--atlas:delimiter -- end"] delimiter(-- end)
        "select 2;"
    "#]],
    );
    check(
        ALL,
        ";select 1;;",
        expect![[r#"
        "select 1;"
    "#]],
    );
    check(
        ALL,
        "DELIMITER //\n//\n//\nselect 1//\n//\n",
        expect![[r#"
        "select 1"
    "#]],
    );
    check(
        ALL,
        "-- atlas:delimiter -- end",
        expect![[r#"
        1:0: no input found after delimiter "-- end"
    "#]],
    );
    check(
        ALL,
        "-- atlas:delimiter \nselect 1;",
        expect![[r#"
        1:1: empty delimiter
    "#]],
    );
    check(
        ALL,
        "DELIMITER \nselect 1;",
        expect![[r#"
        1:1: empty delimiter
    "#]],
    );
}

#[test]
fn bodies() {
    check(
        LITE,
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE WHEN 1 THEN RAISE(ABORT, 'x') END; END;",
        expect![[r#"
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE WHEN 1 THEN RAISE(ABORT, 'x') END; END;"
        "#]],
    );
    check(
        &[Some(&SQLITE), Some(&MYSQL), None],
        "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT CASE WHEN 1 THEN 2 END; END; select 1;",
        expect![[r#"
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; SELECT CASE WHEN 1 THEN 2 END; END;"
            "select 1;"
        "#]],
    );
    check(
        &[Some(&MYSQL), None],
        "CREATE PROCEDURE p() BEGIN IF 1 THEN BEGIN SELECT 1; END; END IF; SELECT 2; END; select 1;",
        expect![[r#"
            "CREATE PROCEDURE p() BEGIN IF 1 THEN BEGIN SELECT 1; END; END IF; SELECT 2; END;"
            "select 1;"
        "#]],
    );
    check(
        &[Some(&MYSQL), None],
        "CREATE PROCEDURE p() BEGIN WHILE 1 DO SELECT 1; END WHILE; l: LOOP LEAVE l; END LOOP; \
         CASE 1 WHEN 1 THEN SELECT 1; END CASE; END; select 1;",
        expect![[r#"
            "CREATE PROCEDURE p() BEGIN WHILE 1 DO SELECT 1; END WHILE; l: LOOP LEAVE l; END LOOP; CASE 1 WHEN 1 THEN SELECT 1; END CASE; END;"
            "select 1;"
        "#]],
    );
    check(
        MY,
        "CREATE PROCEDURE p() lab: BEGIN SELECT 1; END lab; select 1;",
        expect![[r#"
        "CREATE PROCEDURE p() lab: BEGIN SELECT 1; END lab;"
        "select 1;"
    "#]],
    );
    check(
        ALL,
        "select * from t1 where `begin` < 10; create table t3(begin int, end int); select * from t3 where begin <> end;",
        expect![[r#"
            "select * from t1 where `begin` < 10;"
            "create table t3(begin int, end int);"
            "select * from t3 where begin <> end;"
        "#]],
    );
    check(
        &[Some(&POSTGRES), None],
        "CREATE FUNCTION f() RETURNS bool LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT false; END;",
        expect![[r#"
            "CREATE FUNCTION f() RETURNS bool LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT false; END;"
        "#]],
    );
    check(
        &[Some(&POSTGRES), None],
        "DO $$ BEGIN a; b; END; $$; DO $BEGIN$ x; $BEGIN$; select 1",
        expect![[r#"
            "DO $$ BEGIN a; b; END; $$;"
            "DO $BEGIN$ x; $BEGIN$;"
            "select 1"
        "#]],
    );
    check(
        &[Some(&POSTGRES), None],
        "DO $a$ x; y;",
        expect![[r#"
        "DO $a$ x; y;"
    "#]],
    );
}

#[test]
fn quotes() {
    check(
        MY,
        "select '\\\\'; select \"\\\"\"; select 'a\\';b';select 2;select 'x';",
        expect![[r#"
        "select '\\\\';"
        "select \"\\\"\";"
        "select 'a\\';b';"
        "select 2;"
        "select 'x';"
    "#]],
    );
    check(
        &[Some(&POSTGRES), Some(&SQLITE), None],
        "select 'a\\';b';select 2;select 'x';",
        expect![[r#"
            1:34: unclosed quote '\''
        "#]],
    );
    check(
        PG,
        "select E'a\\';b';select 2;select 'x';",
        expect![[r#"
        "select E'a\\';b';"
        "select 2;"
        "select 'x';"
    "#]],
    );
    check(
        PG,
        "create table t (c text default '\\'); select 1",
        expect![[r#"
        "create table t (c text default '\\');"
        "select 1"
    "#]],
    );
    check(
        PG,
        "alter table t add EXCLUDE USING gist (id WITH =, cid WITH -|-); select 1;",
        expect![[r#"
            "alter table t add EXCLUDE USING gist (id WITH =, cid WITH -|-);"
            "select 1;"
        "#]],
    );
    check(
        MY,
        "# it's\nselect 1;",
        expect![[r##"
        "select 1;" ["# it's"]
    "##]],
    );
    check(
        &[Some(&POSTGRES), Some(&SQLITE), None],
        "# it's\nselect 1;",
        expect![[r#"
        1:5: unclosed quote '\''
    "#]],
    );
    check(
        ALL,
        "select 1 -- a;b\n, 2 /* c;d */; select 3",
        expect![[r#"
        "select 1 -- a;b\n, 2 /* c;d */;"
        "select 3"
    "#]],
    );
}

#[test]
fn ends_of_files() {
    check(ALL, "", expect![[""]]);
    check(ALL, "-- comment only\n", expect![[""]]);
    check(ALL, "-- comment only", expect![[""]]);
    check(
        ALL,
        "select 1;\n/* bye */",
        expect![[r#"
        "select 1;"
    "#]],
    );
    check(
        ALL,
        "select 1;\n/* never closed; select 2;",
        expect![[r#"
        "select 1;"
    "#]],
    );
    check(
        ALL,
        "\u{feff}-- atlas:delimiter -- end\r\nselect 1;\r\n-- end\r\nselect 2\r\n",
        expect![[r#"
        "select 1;"
        "select 2"
    "#]],
    );
    check(
        MY,
        "/*!40101 SET NAMES utf8 */;\n/*!50003 CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET @a = 1; END */;\n",
        expect![[r#"
        "/*!40101 SET NAMES utf8 */;"
        "/*!50003 CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW BEGIN SET @a = 1; END */;"
    "#]],
    );
}

#[test]
fn what_cannot_be_cut() {
    check(
        ALL,
        "'this quote is unclosed",
        expect![[r#"
        1:1: unclosed quote '\''
    "#]],
    );
    check(
        ALL,
        "()(unclosed",
        expect![[r#"
        1:3: unclosed '('
    "#]],
    );
    check(
        ALL,
        "1234)6789",
        expect![[r#"
        1:5: unexpected ')'
    "#]],
    );
    check(
        ALL,
        "select 'é;';select (é;",
        expect![[r#"
        1:21: unclosed '('
    "#]],
    );
    check(
        &[Some(&SQLITE), Some(&MYSQL), None],
        "select 1;\nselect `a;\n",
        expect![[r#"
        2:8: unclosed quote '`'
    "#]],
    );
}

/// The statements of `plan`, written as files of every format, and read again.
#[cfg(feature = "testing")]
fn comes_back(plan: &engine::plan::Plan, dialect: &'static Dialect, about: &str) -> usize {
    use engine::migrate::write::{Heading, files};
    let heading = Heading { version: "1".into(), name: "n".into(), ..Heading::default() };
    let wanted: Vec<&str> = plan.statements.iter().map(|it| it.cmd.trim()).collect();
    for format in ["atlas", "golang-migrate", "goose", "flyway", "liquibase", "dbmate"].map(Format::parse) {
        let format = format.expect("a format");
        let written = files(plan, &heading, format, Some(dialect));
        let listed: Vec<_> = written.iter().filter(|(name, _)| format.lists(name)).collect();
        let [(name, text)] = listed.as_slice() else { panic!("{about}: {written:?}") };
        let found = match statements(text, format, Some(dialect)) {
            Ok(found) => found,
            Err(error) => panic!("{about} {name}: {error}\n{text}"),
        };
        let found: Vec<&str> = found.iter().map(|it| it.bare()).collect();
        assert_eq!(found, wanted, "{about} {name}\n{text}");
    }
    wanted.len()
}

#[cfg(feature = "testing")]
#[test]
fn whatever_is_planned_can_be_read_again() {
    use crate::testing;
    use engine::plan::Options;
    use schema::Realm;
    let mut count = 0;
    let mut check = |dialect: &'static Dialect, from: &Realm, to: &Realm, about: &str| {
        let policy = engine::diff::Policy::default();
        let changes = engine::diff::diff(from, to, dialect, &policy).expect("they can be compared");
        for indent in ["", "  "] {
            let options = Options { indent: indent.to_owned(), ..Options::default() };
            // What a dialect cannot carry out is not our business here.
            if let Ok(plan) = engine::plan::plan(&changes, from, dialect, &options) {
                count += comes_back(&plan, dialect, about);
            }
        }
    };
    for seed in 0..60 {
        let about = format!("seed {seed}");
        let lite = testing::realm(seed, testing::Reach::Sql);
        check(&SQLITE, &Realm::default(), &lite, &about);
        check(&SQLITE, &lite, &testing::changed(&lite, seed, testing::Reach::Sql), &about);
        let pg = testing::postgres::realm(seed, "public");
        check(&POSTGRES, &Realm::default(), &pg, &about);
        check(&POSTGRES, &pg, &testing::postgres::changed(&pg, seed), &about);
        for dialect in [&MYSQL, &MARIADB] {
            let server = (dialect.assumed)();
            let my = testing::mysql::realm(seed, "app", &server);
            check(dialect, &Realm::default(), &my, &about);
            check(dialect, &my, &testing::mysql::changed(&my, seed, &server), &about);
        }
    }
    assert!(count > 4000, "{count} statements");
}
