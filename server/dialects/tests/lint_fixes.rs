//! Every rewrite a finding offers, on real servers: it runs, leads to the schema its statement would have led to, and
//! keeps the rows that are there.
//!
//! The rewrites are those of the bad examples of all codes, one at a time. Servers come from `ATLAS_TEST_POSTGRES_URL`,
//! `ATLAS_TEST_MYSQL_URL` and `ATLAS_TEST_MARIADB_URL`; without one a test says that it was skipped.

use std::sync::Arc;

use dialects::{MARIADB, MYSQL, POSTGRES};
use drivers::Drivers;
use engine::connection::{Access, Connection, Connector, Query};
use engine::diff::{Policy, diff};
use engine::lint::file::statements;
use engine::lint::{Config, Example};
use engine::migrate::Timeline;
use engine::{DatabaseUrl, Dialect, Dialects, Scope};
use schema::Realm;
use syntax::sql::File;
use text::{FileId, Fix, Text, apply_edits};

static ALL: &[&Dialect] = &[&POSTGRES, &MYSQL, &MARIADB];
const DATABASE: &str = "lint_fixes";

/// What a rewrite adds to the schema on purpose, by code.
const ADDS: &[&str] = &["BC101", "BC102", "MY140", "MY144"];

/// The rows that are there before, by code; those of other codes are none.
const ROWS: &[(&str, &str)] = &[
    ("MF103", "INSERT INTO t (id) VALUES (1), (2)"),
    ("MF104", "INSERT INTO t (a) VALUES (1), (NULL)"),
    ("MY101", "INSERT INTO users (id) VALUES (1), (2)"),
    ("BC101", "INSERT INTO t (id) VALUES (1), (2)"),
    ("BC102", "INSERT INTO t (id, a) VALUES (1, 10), (2, 20)"),
    ("PG101", "INSERT INTO t (c) VALUES (1), (2)"),
    ("PG102", "INSERT INTO t (c) VALUES (1), (2)"),
    ("PG104", "INSERT INTO t (id) VALUES (1), (2)"),
    ("PG105", "INSERT INTO t (c) VALUES (1), (2)"),
    ("PG302", "INSERT INTO t (id) VALUES (1), (2)"),
    ("PG303", "INSERT INTO t (a, b) VALUES (1, 1), (2, 2)"),
    ("PG304", "INSERT INTO t (a, b) VALUES (1, 1), (2, 2)"),
    ("PG305", "INSERT INTO t (a) VALUES (1), (2)"),
    ("MY132", "INSERT INTO t (id) VALUES (1), (2)"),
    ("MY137", "INSERT INTO t (id, b) VALUES (1, 1), (2, 2)"),
    ("MY147", "INSERT INTO t (a) VALUES (1), (2)"),
];

async fn open(url: &str) -> Box<dyn Connection> {
    let url = DatabaseUrl::parse(url).expect("a URL");
    Drivers::new(Dialects(ALL)).open(&url, Access::Write).await.unwrap_or_else(|error| panic!("{error}"))
}

/// A connection to a database of our own, made anew.
async fn database(server: &str) -> Box<dyn Connection> {
    let mut admin = open(server).await;
    admin.execute(&format!("DROP DATABASE IF EXISTS {DATABASE}")).await.expect("the old one goes");
    admin.execute(&format!("CREATE DATABASE {DATABASE}")).await.expect("a database");
    let (head, options) = server.split_once('?').map_or((server, ""), |(head, options)| (head, options));
    let (host, _) = head.rsplit_once('/').expect("a database in the URL");
    open(&format!("{host}/{DATABASE}?{options}")).await
}

fn parse(text: &str, dialect: &Dialect) -> File {
    File::parse(&Text::from(text), dialect.grammar, None)
}

/// Carries out each statement by itself, as a file outside of a transaction is.
async fn run(connection: &mut dyn Connection, dialect: &Dialect, text: &str) -> Result<(), String> {
    for placed in statements(&parse(text, dialect)) {
        let sql = placed.piece.statement_text();
        connection.execute(sql).await.map_err(|error| format!("{sql}: {error}"))?;
    }
    Ok(())
}

/// The rewrites of the bad example.
fn rewrites(connection: &dyn Connection, dialect: &'static Dialect, example: &Example) -> Vec<Fix> {
    let files = [(FileId(0), parse(example.from, dialect)), (FileId(1), parse(example.bad, dialect))];
    let mut timeline = Timeline::new(dialect, Some(connection.capabilities()));
    let judged = timeline.lint(&files, 1, &Arc::new(Config::default()), true).expect("comparable states");
    let found = judged.report.findings().filter(|finding| finding.code == example.code);
    found
        .flat_map(|finding| finding.edits.iter())
        .filter(|fix| !engine::lint::edit::is_nolint(fix))
        .cloned()
        .collect()
}

async fn state(connection: &mut dyn Connection, dialect: &Dialect) -> Realm {
    let scope = match dialect.default_schema {
        Some(_) => Scope::realm(),
        None => Scope { bound: Some(DATABASE.into()), ..Scope::default() },
    };
    engine::inspect::inspect(connection, &scope).await.expect("a state")
}

async fn count(connection: &mut dyn Connection, table: &str) -> usize {
    let query = Query::new("rows", format!("SELECT * FROM {table}"));
    connection.query(&query).await.map_or(0, |rows| rows.rows.len())
}

/// What is wrong with the rewrites of one example, and how many there are.
async fn judge(server: &str, dialect: &'static Dialect, example: &Example) -> (Vec<String>, usize) {
    let mut wrong = Vec::new();
    let connection = database(server).await;
    let rewrites = rewrites(&*connection, dialect, example);
    let _ = connection.close().await;
    for fix in &rewrites {
        let text = apply_edits(example.bad, &fix.edits);
        let name = format!("{} {} after {:?}:\n{text}\n", dialect.name, example.code, fix.title);
        let mut states = Vec::new();
        for text in [example.bad, &text] {
            let mut connection = database(server).await;
            let mut result = run(&mut *connection, dialect, example.from).await;
            if result.is_ok() {
                result = run(&mut *connection, dialect, text).await;
            }
            states.push((result, state(&mut *connection, dialect).await));
            let _ = connection.close().await;
        }
        let [(bad, wanted), (fixed, found)] = states.as_slice() else { continue };
        match (bad, fixed) {
            // A server may not know what an example is about; and a rewrite may be what it accepts.
            (Err(_), Ok(())) => {}
            (_, Err(error)) => wrong.push(format!("{name}{error}")),
            (Ok(()), Ok(())) if ADDS.contains(&example.code) => {}
            (Ok(()), Ok(())) => {
                let changes = diff(found, wanted, dialect, &Policy::default()).expect("changes");
                if !changes.is_empty() {
                    wrong.push(format!("{name}{changes:#?}"));
                }
            }
        }
        let Some((_, rows)) = ROWS.iter().find(|(code, _)| *code == example.code) else { continue };
        let mut connection = database(server).await;
        let _ = run(&mut *connection, dialect, example.from).await;
        connection.execute(rows).await.unwrap_or_else(|error| panic!("{name}{rows}: {error}"));
        if let Err(error) = run(&mut *connection, dialect, &text).await {
            wrong.push(format!("{name}with rows: {error}"));
        }
        let table = if example.code == "MY101" { "users" } else { "t" };
        let left = count(&mut *connection, table).await;
        if left != 2 {
            wrong.push(format!("{name}{left} rows are left of 2"));
        }
        let _ = connection.close().await;
    }
    (wrong, rewrites.len())
}

async fn check(variable: &str, product: &str, dialect: &'static Dialect, least: usize) {
    let Some(server) = std::env::var(variable).ok().filter(|url| !url.is_empty()) else {
        #[expect(clippy::print_stdout, reason = "who runs it should know")]
        {
            println!("skipped: no {product}");
        }
        return;
    };
    let (mut wrong, mut rewritten) = (Vec::new(), 0);
    for example in dialect.lint.iter().flat_map(|analyzer| analyzer.examples) {
        // Schemas of MySQL are databases of the whole server.
        if dialect.default_schema.is_none() && matches!(example.code, "DS101" | "NM101") {
            continue;
        }
        let (more, count) = judge(&server, dialect, example).await;
        wrong.extend(more);
        rewritten += count;
    }
    let _ = open(&server).await.execute(&format!("DROP DATABASE IF EXISTS {DATABASE}")).await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    assert!(rewritten >= least, "{rewritten} rewrites of {product}");
}

#[tokio::test]
async fn rewrites_of_postgres() {
    check("ATLAS_TEST_POSTGRES_URL", "PostgreSQL", &POSTGRES, 15).await;
}

#[tokio::test]
async fn rewrites_of_mysql() {
    check("ATLAS_TEST_MYSQL_URL", "MySQL", &MYSQL, 8).await;
}

#[tokio::test]
async fn rewrites_of_mariadb() {
    check("ATLAS_TEST_MARIADB_URL", "MariaDB", &MARIADB, 7).await;
}
