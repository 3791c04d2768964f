//! Every lint code on real servers: its bad example is found and its good one is not, statement by statement.
//!
//! Servers come from `ATLAS_TEST_POSTGRES_URL`, `ATLAS_TEST_MYSQL_URL` and `ATLAS_TEST_MARIADB_URL`; without one a test
//! says that it was skipped. An example that a server refuses, for it is older or another product, is not judged there;
//! the test says how many those may be.

use std::sync::Arc;

use dialects::{MARIADB, MYSQL, POSTGRES};
use drivers::Drivers;
use engine::connection::{Access, Connection, Connector};
use engine::lint::file::{Judged, Subject, lint_states, statements};
use engine::lint::{Config, Example, Options, Pattern};
use engine::{DatabaseUrl, Dialect, Dialects, Scope, diff};
use schema::Realm;
use syntax::sql::File;
use text::Text;

static ALL: &[&Dialect] = &[&POSTGRES, &MYSQL, &MARIADB];
const DATABASE: &str = "lint_examples";

async fn open(url: &str) -> Box<dyn Connection> {
    let url = DatabaseUrl::parse(url).expect("a URL");
    Drivers::new(Dialects(ALL)).open(&url, Access::Write).await.unwrap_or_else(|error| panic!("{error}"))
}

/// The URL of a database of our own, made anew.
async fn database(server: &str) -> String {
    let mut admin = open(server).await;
    admin.execute(&format!("DROP DATABASE IF EXISTS {DATABASE}")).await.expect("the old one goes");
    admin.execute(&format!("CREATE DATABASE {DATABASE}")).await.expect("a database");
    let (head, options) = server.split_once('?').map_or((server, ""), |(head, options)| (head, options));
    let (host, _) = head.rsplit_once('/').expect("a database in the URL");
    format!("{host}/{DATABASE}?{options}")
}

fn parse(text: &str, dialect: &Dialect) -> File {
    File::parse(&Text::from(text), dialect.grammar, None)
}

fn config(example: &Example) -> Config {
    let mut config = Config::default();
    if !example.naming.is_empty() {
        let regex = regex::Regex::new(example.naming).expect("a pattern");
        let pattern = Some(Pattern { regex, message: None });
        config.analyzers.insert("naming".into(), Options { pattern, ..Options::default() });
    }
    config
}

/// The file judged by what the server makes of it; an error is what the server refused.
async fn judge(
    connection: &mut dyn Connection,
    dialect: &'static Dialect,
    scope: &Scope,
    example: &Example,
    text: &str,
) -> Result<Judged, String> {
    for placed in statements(&parse(example.from, dialect)) {
        let sql = placed.piece.statement_text();
        connection.execute(sql).await.map_err(|error| format!("{sql}: {error}"))?;
    }
    let file = parse(text, dialect);
    let mut states: Vec<Arc<Realm>> = Vec::new();
    states.push(Arc::new(
        engine::inspect::inspect(connection, scope).await.map_err(|error| error.to_string())?,
    ));
    for placed in statements(&file) {
        let sql = placed.piece.statement_text();
        connection.execute(sql).await.map_err(|error| format!("{sql}: {error}"))?;
        states.push(Arc::new(
            engine::inspect::inspect(connection, scope).await.map_err(|error| error.to_string())?,
        ));
    }
    let mut server = connection.capabilities().clone();
    server.features.remove(example.without);
    let config = config(example);
    let subject =
        Subject { sql: &file, config: &config, server: Some(&server), in_transaction: true, checks: None };
    let mut state = |count: usize| Ok(states[count].clone());
    lint_states(&subject, dialect, &mut state, &mut diff::Cache::default()).map_err(|error| error.to_string())
}

/// What is wrong, and what the server refused.
async fn judge_all(server: &str, dialect: &'static Dialect) -> (Vec<String>, Vec<String>) {
    let (mut wrong, mut refused) = (Vec::new(), Vec::new());
    for example in dialect.lint.iter().flat_map(|analyzer| analyzer.examples) {
        // Schemas of MySQL are databases of the whole server.
        let whole = dialect.default_schema.is_none() && matches!(example.code, "DS101" | "NM101");
        if whole {
            continue;
        }
        for (text, expected) in [(example.bad, true), (example.good, false)] {
            let url = database(server).await;
            let mut connection = open(&url).await;
            let scope = match dialect.default_schema {
                Some(_) => Scope::realm(),
                None => Scope { bound: Some(DATABASE.into()), ..Scope::default() },
            };
            match judge(&mut *connection, dialect, &scope, example, text).await {
                Ok(judged) => {
                    let mut codes: Vec<_> = judged.report.findings().map(|finding| finding.code).collect();
                    codes.dedup();
                    if codes.contains(&example.code) != expected {
                        let what = if expected { "not found" } else { "found" };
                        wrong.push(format!(
                            "{} {} {what}: {text:?} is {codes:?} of {} changes",
                            dialect.name,
                            example.code,
                            judged.changes.len()
                        ));
                    }
                }
                Err(error) => refused.push(format!("{} {}: {error}", dialect.name, example.code)),
            }
            let _ = connection.close().await;
        }
    }
    let _ = open(server).await.execute(&format!("DROP DATABASE IF EXISTS {DATABASE}")).await;
    (wrong, refused)
}

async fn check(variable: &str, product: &str, dialect: &'static Dialect, may_refuse: usize) {
    let Some(server) = std::env::var(variable).ok().filter(|url| !url.is_empty()) else {
        #[expect(clippy::print_stdout, reason = "who runs it should know")]
        {
            println!("skipped: no {product}");
        }
        return;
    };
    let (wrong, refused) = judge_all(&server, dialect).await;
    assert!(wrong.is_empty(), "{}\nrefused:\n{}", wrong.join("\n"), refused.join("\n"));
    assert!(refused.len() <= may_refuse, "{}", refused.join("\n"));
}

#[tokio::test]
async fn codes_of_postgres() {
    check("ATLAS_TEST_POSTGRES_URL", "PostgreSQL", &POSTGRES, 0).await;
}

#[tokio::test]
async fn codes_of_mysql() {
    // System versioning is MariaDB's.
    check("ATLAS_TEST_MYSQL_URL", "MySQL", &MYSQL, 2).await;
}

#[tokio::test]
async fn codes_of_mariadb() {
    // `NOT ENFORCED` is MySQL's.
    check("ATLAS_TEST_MARIADB_URL", "MariaDB", &MARIADB, 3).await;
}
