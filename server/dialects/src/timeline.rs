//! Tests: a directory remembered file by file is one replayed from nothing.
//!
//! Directories are made of random statements, and asked about at random between random edits.

use std::fmt::Write as _;
use std::sync::Arc;

use engine::connection::Capabilities;
use engine::lint::Config;
use engine::lint::file::{Judged, Subject, lint_states, statements};
use engine::migrate::Timeline;
use engine::migrate::timeline::{EventKind, is_checkpoint};
use engine::{Dialect, State, diff, normalize, replay};
use expect_test::{Expect, expect};
use schema::{ObjectPath, Realm};
use syntax::sql::File;
use text::{FileId, Text, TextRange};

use crate::testing::Rng;
use crate::{MARIADB, MYSQL, POSTGRES, SQLITE};

type Files = Vec<(FileId, File)>;

fn parse(dialect: &Dialect, text: &str) -> File {
    File::parse(&Text::from(text), dialect.grammar, None)
}

fn directory(dialect: &Dialect, texts: &[&str]) -> Files {
    texts.iter().enumerate().map(|(at, text)| (FileId(at as u32), parse(dialect, text))).collect()
}

fn normal(realm: &Arc<Realm>, dialect: &Dialect, server: &Capabilities) -> Arc<Realm> {
    match normalize::normalize(realm, dialect, server, &mut normalize::Cache::default()) {
        Ok(normalized) => normalized.realm,
        Err(_) => realm.clone(),
    }
}

/// The files that lead to the state after `index`.
fn road(files: &Files, index: usize) -> &[(FileId, File)] {
    let files = &files[..=index];
    let start = files.iter().rposition(|(_, sql)| is_checkpoint(sql)).unwrap_or(0);
    &files[start..]
}

fn replayed(files: &[(FileId, File)], dialect: &'static Dialect) -> State {
    replay::replay(files, dialect, &mut replay::Cache::default())
}

/// The states of the last file of `road`, each from nothing: of the file's text up to there.
fn states(road: &[(FileId, File)], dialect: &'static Dialect, server: &Capabilities) -> Vec<Arc<Realm>> {
    let Some(((file, sql), before)) = road.split_last() else { return Vec::new() };
    let ends = statements(sql).map(|placed| placed.range().end());
    let ends: Vec<_> = std::iter::once(Default::default()).chain(ends).collect();
    ends.into_iter()
        .map(|end| {
            let head = sql.text().slice(TextRange::up_to(end)).into_owned();
            let mut files = before.to_vec();
            files.push((*file, parse(dialect, &head)));
            normal(&replayed(&files, dialect).realm, dialect, server)
        })
        .collect()
}

fn judged(
    road: &[(FileId, File)],
    dialect: &'static Dialect,
    server: &Capabilities,
    config: &Config,
) -> Judged {
    let states = states(road, dialect, server);
    let sql = &road.last().expect("a file").1;
    let subject = Subject { sql, config, server: Some(server), in_transaction: true, checks: None };
    let mut state = |count: usize| Ok(states[count].clone());
    lint_states(&subject, dialect, &mut state, &mut diff::Cache::default()).expect("comparable")
}

/// Whether all that a timeline says of file `index` is what a replay from nothing says.
#[track_caller]
fn compare(timeline: &mut Timeline, files: &Files, index: usize, dialect: &'static Dialect, what: usize) {
    let server = (dialect.assumed)();
    let road = road(files, index);
    let text = || {
        let texts = files[..=index].iter().map(|(_, sql)| sql.text().to_string());
        texts.collect::<Vec<_>>().join("\n=====\n")
    };
    match what {
        0 => {
            let after = timeline.after(files, index);
            let fresh = replayed(road, dialect);
            assert_eq!(after.state.realm, fresh.realm, "{}", text());
            assert_eq!(after.state.diagnostics, fresh.diagnostics, "{}", text());
            assert_eq!(after.state.coverage, fresh.coverage, "{}", text());
            assert_eq!(after.realm, normal(&fresh.realm, dialect, &server), "{}", text());
            for (path, _) in fresh.origins.definitions() {
                let (ours, theirs) = (after.state.origins.get(path), fresh.origins.get(path));
                assert_eq!(ours, theirs, "{path:?} {}", text());
                assert_eq!(after.state.origins.history(path), fresh.origins.history(path), "{path:?}");
            }
            let count = |state: &State| (state.origins.definitions().count(), state.origins.uses().count());
            assert_eq!(count(&after.state), count(&fresh));
        }
        1 => assert_eq!(timeline.states(files, index), states(road, dialect, &server), "{}", text()),
        2 => {
            let fresh = normal(&replayed(road, dialect).realm, dialect, &server);
            assert_eq!(timeline.realm(files, index), fresh, "{}", text());
        }
        _ => {
            let config = Arc::new(Config::default());
            let ours = timeline.lint(files, index, &config, true).expect("comparable");
            let fresh = judged(road, dialect, &server, &config);
            assert_eq!(ours.report, fresh.report, "{}", text());
            assert_eq!(ours.changes, fresh.changes, "{}", text());
            assert_eq!(ours.made_by, fresh.made_by, "{}", text());
        }
    }
}

/// A statement out of a few names, so that statements meet.
fn statement(rng: &mut Rng) -> String {
    let t = rng.below(6);
    let (c, d) = (rng.below(4), rng.below(4));
    match rng.below(22) {
        0..=4 => format!("CREATE TABLE t{t} (id int PRIMARY KEY, c{c} int NOT NULL, x varchar(20));"),
        5 => format!("CREATE TABLE t{t} (id int PRIMARY KEY, o int REFERENCES t{c} (id), c{d} text);"),
        6..=8 => format!("ALTER TABLE t{t} ADD COLUMN c{c} int;"),
        9 => format!("ALTER TABLE t{t} ADD COLUMN n{c} int NOT NULL DEFAULT {d};"),
        10 => format!("ALTER TABLE t{t} DROP COLUMN c{c};"),
        11 => format!("ALTER TABLE t{t} RENAME COLUMN c{c} TO c{d};"),
        12 => format!("ALTER TABLE t{t} RENAME TO t{c};"),
        13 => format!("CREATE UNIQUE INDEX i{c} ON t{t} (c{d});"),
        14 => format!("CREATE INDEX j{c} ON t{t} (x, c{d});"),
        15 => format!("DROP INDEX i{c};"),
        16 => format!("DROP TABLE t{t};"),
        17 => format!("CREATE VIEW v{c} AS SELECT id, x FROM t{t};"),
        18 => format!("INSERT INTO t{t} (id) VALUES ({c});"),
        19 => format!("-- atlas:nolint destructive\nDROP TABLE t{t};"),
        20 => "FROBNICATE THE WORLD;".to_owned(),
        _ => format!("DROP VIEW v{c};"),
    }
}

fn file(rng: &mut Rng) -> String {
    let mut text = String::new();
    if rng.one_in(12) {
        text.push_str("-- atlas:checkpoint\n\n");
    }
    for _ in 0..rng.below(5) {
        text.push_str(&statement(rng));
        text.push('\n');
    }
    if rng.one_in(20) {
        text.push_str("CREATE TABLE (");
    }
    text
}

fn random_directories(dialect: &'static Dialect, seeds: u64) {
    for seed in 0..seeds {
        let mut rng = Rng::new(seed);
        let mut next = 0;
        let mut fresh = |rng: &mut Rng| {
            next += 1;
            (FileId(next), parse(dialect, &file(rng)))
        };
        let mut files: Files = (0..30).map(|_| fresh(&mut rng)).collect();
        let mut timeline = Timeline::new(dialect, None);
        for _ in 0..25 {
            for _ in 0..3 {
                let index = if rng.one_in(2) { files.len() - 1 } else { rng.below(files.len()) };
                let what = rng.below(4);
                compare(&mut timeline, &files, index, dialect, what);
            }
            let at = rng.below(files.len());
            match rng.below(5) {
                0 => files.insert(at, fresh(&mut rng)),
                1 if files.len() > 2 => {
                    files.remove(at);
                }
                2 => {
                    let to = rng.below(files.len());
                    files.swap(at, to);
                }
                _ => files[at].1 = parse(dialect, &file(&mut rng)),
            }
        }
    }
}

#[test]
fn a_directory_of_sqlite_is_remembered_as_it_is_replayed() {
    random_directories(&SQLITE, 12);
}

#[test]
fn a_directory_of_postgres_is_remembered_as_it_is_replayed() {
    random_directories(&POSTGRES, 8);
}

#[test]
fn a_directory_of_mysql_is_remembered_as_it_is_replayed() {
    random_directories(&MYSQL, 8);
    random_directories(&MARIADB, 4);
}

/// The migration directories people have written, as texts in their order.
fn corpus() -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    let mut folders = vec![std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/corpus")];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).expect("a folder of the corpus");
        let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
        paths.sort();
        if paths.iter().any(|path| path.ends_with("atlas.sum")) {
            let files = paths.iter().filter(|path| path.extension().is_some_and(|suffix| suffix == "sql"));
            let texts = files.map(|path| std::fs::read_to_string(path).expect("a text"));
            found.push((folder.display().to_string(), texts.collect()));
        }
        folders.extend(paths.into_iter().filter(|path| path.is_dir()));
    }
    found.sort();
    found
}

#[test]
fn verdicts_on_the_corpus_are_those_of_replays_from_nothing() {
    let corpus = corpus();
    assert!(corpus.len() >= 10, "{} directories", corpus.len());
    for (name, texts) in corpus {
        for dialect in [&SQLITE, &POSTGRES, &MYSQL] {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            let files = directory(dialect, &texts);
            let mut timeline = Timeline::new(dialect, None);
            let server = (dialect.assumed)();
            let config = Arc::new(Config::default());
            // From the last to the first, so that nothing is at hand by chance; of a long directory a few, for a
            // replay from nothing takes its time.
            for index in (0..files.len()).rev().step_by(files.len() / 8 + 1) {
                let ours = timeline.lint(&files, index, &config, true).expect("comparable");
                let fresh = judged(road(&files, index), dialect, &server, &config);
                assert_eq!(ours.report, fresh.report, "{name} {}", dialect.name);
                assert_eq!(ours.changes, fresh.changes, "{name} {}", dialect.name);
                compare(&mut timeline, &files, index, dialect, 0);
            }
        }
    }
}

#[test]
fn what_an_edit_does_not_touch_is_shared() {
    for dialect in [&SQLITE, &POSTGRES, &MYSQL] {
        let table = |at: usize| format!("CREATE TABLE t{at} (id int, a int);\n");
        let mut files: Files = (0..100).map(|at| (FileId(at as u32), parse(dialect, &table(at)))).collect();
        let mut timeline = Timeline::new(dialect, None);
        let before = timeline.realm(&files, 99);
        files[3].1 = parse(dialect, "CREATE TABLE t3 (id int, b int);\n");
        let after = timeline.realm(&files, 99);
        let (old, new) = (&before.schemas[0].tables, &after.schemas[0].tables);
        let shared = old.iter().zip(new).filter(|(old, new)| Arc::ptr_eq(old, new)).count();
        assert_eq!((old.len(), shared), (100, 99), "{}", dialect.name);
        files[3].1 = parse(dialect, &table(3));
        assert!(Arc::ptr_eq(&timeline.realm(&files, 99), &before), "undone: {}", dialect.name);
    }
}

/// What happened to `path` up to the end of the directory.
#[track_caller]
fn check_history(dialect: &'static Dialect, texts: &[&str], path: &ObjectPath, expected: Expect) {
    let files = directory(dialect, texts);
    let mut timeline = Timeline::new(dialect, None);
    let mut out = String::new();
    for event in timeline.history(&files, files.len() - 1, path) {
        let what = match event.kind {
            EventKind::Created => "created".to_owned(),
            EventKind::Changed => "changed".to_owned(),
            EventKind::Renamed(from) => format!("renamed from {from}"),
        };
        let text = files[event.index].1.text().slice(event.range).into_owned();
        let _ = writeln!(out, "{} {}: {what}: {text}", event.index, event.statement);
    }
    expected.assert_eq(&out);
}

fn table(schema: &str, table: &str) -> ObjectPath {
    ObjectPath::Table { schema: schema.into(), table: table.into() }
}

fn column(schema: &str, table: &str, column: &str) -> ObjectPath {
    ObjectPath::Column { schema: schema.into(), table: table.into(), column: column.into() }
}

const USERS: &[&str] = &[
    "CREATE TABLE people (id int, name varchar(10));\nCREATE TABLE other (id int);",
    "ALTER TABLE people ADD COLUMN mail varchar(10);\nINSERT INTO people (id) VALUES (1);",
    "ALTER TABLE people RENAME TO users;",
    "ALTER TABLE users RENAME COLUMN mail TO email;\nCREATE INDEX i ON users (email);",
];

#[test]
fn a_table_tells_which_statements_made_it() {
    let expected = expect![[r#"
        0 0: created: CREATE TABLE people (id int, name varchar(10))
        1 0: changed: ALTER TABLE people ADD COLUMN mail varchar(10)
        2 0: renamed from people: ALTER TABLE people RENAME TO users
        3 0: changed: ALTER TABLE users RENAME COLUMN mail TO email
        3 1: changed: CREATE INDEX i ON users (email)
    "#]];
    check_history(&SQLITE, USERS, &table("main", "Users"), expected);
}

#[test]
fn a_column_tells_which_statements_made_it() {
    for (dialect, schema) in [(&SQLITE, "main"), (&POSTGRES, "public"), (&MYSQL, "")] {
        let email = expect![[r#"
            1 0: created: ALTER TABLE people ADD COLUMN mail varchar(10)
            3 0: renamed from mail: ALTER TABLE users RENAME COLUMN mail TO email
        "#]];
        check_history(dialect, USERS, &column(schema, "users", "email"), email);
        let name = expect![[r#"
            0 0: created: CREATE TABLE people (id int, name varchar(10))
        "#]];
        check_history(dialect, USERS, &column(schema, "users", "name"), name);
    }
}

#[test]
fn what_nobody_understood_is_counted() {
    let files = directory(
        &SQLITE,
        &[
            "CREATE TABLE t (id int);\nFROBNICATE;",
            "DROP TABLE t;\nFROBNICATE THIS;\nCREATE TABLE u (id int);",
        ],
    );
    let mut timeline = Timeline::new(&SQLITE, None);
    let judged = timeline.lint(&files, 1, &Arc::new(Config::default()), true).expect("comparable");
    assert_eq!((judged.opaque_before, judged.opaque.as_slice()), (1, &[1][..]));
}
