//! A directory of migrations on real databases: what a timeline says is what a server that runs the files has.
//!
//! Files are plans between generated schemas, run one statement at a time; after each the server's state is compared
//! with the replayed one, and the verdict on each file with the verdict by the server's states. SQLite is always at
//! hand; servers come from `ATLAS_TEST_POSTGRES_URL`, `ATLAS_TEST_MYSQL_URL` and `ATLAS_TEST_MARIADB_URL`, and without
//! one a test says that it was skipped.

#![allow(clippy::print_stdout)]

use std::sync::Arc;

use dialects::testing::{Reach, changed, mysql, postgres, realm};
use dialects::{MARIADB, MYSQL, POSTGRES, SQLITE};
use drivers::Drivers;
use engine::connection::{Access, Capabilities, Connection, Connector};
use engine::diff::{Cache, Policy, diff, renamed};
use engine::inspect::inspect_all;
use engine::lint::Config;
use engine::lint::file::{Judged, Subject, lint_states, statements};
use engine::migrate::Timeline;
use engine::plan::{Options, plan};
use engine::{DatabaseUrl, Dialect, Dialects, Scope};
use schema::{AttrValue, Change, Realm};
use syntax::sql::File;
use text::{FileId, Text};

static ALL: &[&Dialect] = &[&SQLITE, &POSTGRES, &MYSQL, &MARIADB];
const DATABASE: &str = "timeline";
/// How many files a directory has.
const FILES: u64 = 5;

async fn open(url: &str) -> Box<dyn Connection> {
    let url = DatabaseUrl::parse(url).expect("a URL");
    Drivers::new(Dialects(ALL)).open(&url, Access::Write).await.unwrap_or_else(|error| panic!("{error}"))
}

/// A database of our own on a server, made anew.
async fn database(server: &str) -> String {
    let mut admin = open(server).await;
    for sql in [format!("DROP DATABASE IF EXISTS {DATABASE}"), format!("CREATE DATABASE {DATABASE}")] {
        admin.execute(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
    }
    let (head, options) = server.split_once('?').map_or((server, ""), |(head, options)| (head, options));
    let (host, _) = head.rsplit_once('/').expect("a database in the URL");
    format!("{host}/{DATABASE}?{options}")
}

async fn inspected(connection: &mut dyn Connection) -> Realm {
    let scope = match &connection.target().bound {
        Some(bound) => Scope::bound(bound.clone()),
        None => Scope::default(),
    };
    inspect_all(connection, &scope).await.unwrap_or_else(|error| panic!("{error}"))
}

/// What the generators make: a schema, and the same schema changed.
struct Wanted {
    first: fn(u64, &Capabilities) -> Realm,
    next: fn(&Realm, u64, &Capabilities) -> Realm,
}

/// The changes between two states whose schema may have other names.
fn differences(from: &Realm, to: &Realm, dialect: &Dialect) -> String {
    let name = "same".into();
    let (from, to) = (renamed(from, &name, dialect), renamed(to, &name, dialect));
    match diff(&from, &to, dialect, &Policy::default()) {
        Ok(changes) => {
            // A server writes its views anew; what PostgreSQL says of its first schema no file says.
            let comments = dialect.default_schema.is_some();
            let known = |change: &&Change| match change {
                Change::ModifyView { .. } => false,
                Change::ModifySchema { .. } => !comments,
                _ => true,
            };
            changes.iter().filter(known).map(|change| format!("{change:#?}\n")).collect()
        }
        Err(error) => error.to_string(),
    }
}

fn findings(judged: &Judged) -> Vec<String> {
    let found = judged.report.findings();
    found.map(|it| format!("{:?} {} {}", it.statement, it.code, it.message)).collect()
}

/// Gives the schema the charset of the wanted one before the first file, which then is the server's as far as the files
/// can tell: they name no schema.
async fn prepare(connection: &mut dyn Connection, wanted: &Realm, server: &mut Capabilities) {
    let dialect = connection.dialect();
    let now = inspected(connection).await;
    let mut changes = diff(&now, wanted, dialect, &Policy::default()).expect("a diff");
    changes.retain(|change| matches!(change, Change::ModifySchema { .. }));
    let made = plan(&changes, &now, dialect, &Options::default()).expect("a plan");
    for statement in &made.statements {
        connection.execute(&statement.cmd).await.unwrap_or_else(|error| panic!("{error}: {}", statement.cmd));
    }
    let now = inspected(connection).await;
    let schema = now.schemas.first().expect("a schema");
    for (name, setting) in [("charset", "charset"), ("collate", "collation")] {
        if let Some((_, AttrValue::Str(value))) = schema.attrs.iter().find(|(known, _)| *known == name) {
            server.settings.insert(setting, value.clone());
        }
    }
}

/// Runs one directory; what is not the same on both sides.
async fn one(
    connection: &mut dyn Connection,
    dialect: &'static Dialect,
    wanted: &Wanted,
    seed: u64,
) -> Vec<String> {
    let mut server = connection.capabilities().clone();
    let first = (wanted.first)(seed, &server);
    prepare(connection, &first, &mut server).await;
    let mut timeline = Timeline::new(dialect, Some(&server));
    let mut files: Vec<(FileId, File)> = Vec::new();
    let config = Arc::new(Config::default());
    let mut wrong = Vec::new();
    for at in 0..FILES {
        // There and back again, each time to another place.
        let aim =
            if at.is_multiple_of(2) { first.clone() } else { (wanted.next)(&first, seed * 31 + at, &server) };
        let now = inspected(connection).await;
        let changes = diff(&now, &aim, dialect, &Policy::default()).expect("a diff");
        let qualifier = dialect.default_schema.is_none_or(|schema| schema == "main").then(String::new);
        let options = Options { qualifier, server: Some(Arc::new(server.clone())), ..Options::default() };
        // What a server cannot change is nothing a file would hold.
        let Ok(plan) = plan(&changes, &now, dialect, &options) else { break };
        let text = plan.to_sql();
        let sql = File::parse(&Text::from(text.as_str()), dialect.grammar, None);
        let mut states = vec![Arc::new(now)];
        for placed in statements(&sql) {
            let statement = placed.piece.statement_text();
            if let Err(error) = connection.execute(statement).await {
                panic!("seed {seed}: {error}\n{statement}\nof\n{text}");
            }
            states.push(Arc::new(inspected(connection).await));
        }
        files.push((FileId(at as u32), sql.clone()));
        let index = files.len() - 1;
        let replayed = timeline.states(&files, index);
        assert_eq!(replayed.len(), states.len());
        for (step, (ours, theirs)) in replayed.iter().zip(&states).enumerate() {
            let found = differences(theirs, ours, dialect) + &differences(ours, theirs, dialect);
            if !found.is_empty() {
                wrong.push(format!("seed {seed} file {at} after {step}: {found}\n{text}"));
                break;
            }
        }
        let subject =
            Subject { sql: &sql, config: &config, server: Some(&server), in_transaction: true, checks: None };
        let mut state = |count: usize| Ok(states[count].clone());
        let theirs = lint_states(&subject, dialect, &mut state, &mut Cache::default()).expect("comparable");
        let ours = timeline.lint(&files, index, &config, true).expect("comparable");
        if findings(&ours) != findings(&theirs) {
            wrong.push(format!(
                "seed {seed} file {at}: ours {:#?}\ntheirs {:#?}\n{text}",
                findings(&ours),
                findings(&theirs)
            ));
        }
    }
    wrong
}

async fn on_server(variable: &str, product: &str, dialect: &'static Dialect, wanted: &Wanted, seeds: u64) {
    let Some(server) = std::env::var(variable).ok().filter(|url| !url.is_empty()) else {
        println!("skipped: no {product}");
        return;
    };
    let mut wrong = Vec::new();
    for seed in 0..seeds {
        let url = database(&server).await;
        let mut connection = open(&url).await;
        wrong.extend(one(connection.as_mut(), dialect, wanted, seed).await);
        let _ = connection.close().await;
    }
    let _ = open(&server).await.execute(&format!("DROP DATABASE IF EXISTS {DATABASE}")).await;
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn a_timeline_is_what_sqlite_makes() {
    let wanted = Wanted {
        first: |seed, _| realm(seed, Reach::Sql),
        next: |from, seed, _| changed(from, seed, Reach::Sql),
    };
    let mut wrong = Vec::new();
    for seed in 0..40 {
        let mut connection = open("sqlite://timeline?mode=memory").await;
        wrong.extend(one(connection.as_mut(), &SQLITE, &wanted, seed).await);
    }
    assert!(wrong.is_empty(), "{} wrong\n{}", wrong.len(), wrong.join("\n"));
}

#[tokio::test]
async fn a_timeline_is_what_postgres_makes() {
    let wanted = Wanted {
        first: |seed, _| postgres::realm(seed, "public"),
        next: |from, seed, _| postgres::changed(from, seed),
    };
    on_server("ATLAS_TEST_POSTGRES_URL", "PostgreSQL", &POSTGRES, &wanted, 12).await;
}

const MYSQLS: Wanted = Wanted {
    first: |seed, server| mysql::realm(seed, DATABASE, server),
    next: |from, seed, server| mysql::changed(from, seed, server),
};

#[tokio::test]
async fn a_timeline_is_what_mysql_makes() {
    on_server("ATLAS_TEST_MYSQL_URL", "MySQL", &MYSQL, &MYSQLS, 12).await;
}

#[tokio::test]
async fn a_timeline_is_what_mariadb_makes() {
    on_server("ATLAS_TEST_MARIADB_URL", "MariaDB", &MARIADB, &MYSQLS, 12).await;
}
