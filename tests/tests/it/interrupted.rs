//! Ctrl-C while a dev database is in use: the statement ends, and the dev database is empty again.
//!
//! The moment is a statement that sleeps on the server, so nothing depends on how fast the machine is.

#![cfg(unix)]
// What was skipped is for the person who reads the output.
#![allow(clippy::print_stdout)]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tests::server::{self, Database, Product};
use tests::{Workspace, sqlite};

/// What the database does now in a sleep of ours, by session.
fn sleeping(database: &Database) -> Vec<String> {
    database.query(&match database.product {
        Product::Postgres => format!(
            "SELECT pid::text FROM pg_stat_activity WHERE datname = '{}' AND state = 'active' AND query LIKE '%pg_sleep(%' AND pid <> pg_backend_pid()",
            database.name()
        ),
        _ => format!(
            "SELECT CAST(id AS CHAR) FROM information_schema.processlist WHERE db = '{}' AND info LIKE '%SLEEP(%' AND id <> CONNECTION_ID()",
            database.schema()
        ),
    })
}

const COMMANDS: [&[&str]; 6] = [
    &["migrate", "diff", "x", "--to", "file://schema.sql"],
    &["migrate", "lint", "--latest", "1"],
    &["migrate", "validate"],
    &["migrate", "checkpoint"],
    &["schema", "diff", "--from", "file://migrations", "--to", "file://schema.sql"],
    &["schema", "inspect", "--url", "file://migrations"],
];

fn project(sleep: &str) -> Workspace {
    let workspace = Workspace::new("\n-- schema.sql --\nCREATE TABLE a (id int);\n");
    let text =
        format!("CREATE TABLE a (id int);\nCREATE TABLE b (id int);\n{sleep}\nCREATE TABLE c (id int);\n");
    workspace.write("migrations/1.sql", &text);
    workspace.ok(&["migrate", "hash"]);
    workspace
}

#[test]
fn the_dev_database_is_left_empty() {
    for database in server::databases("exec_interrupted") {
        let sleep = match database.product {
            Product::Postgres => "SELECT pg_sleep(60);",
            _ => "DO SLEEP(60);",
        };
        let urls = match database.product {
            Product::Postgres => vec![database.url(), database.plain()],
            _ => vec![database.url()],
        };
        for (url, signal) in urls.iter().flat_map(|url| [(url, "INT"), (url, "TERM")]) {
            for args in COMMANDS {
                let workspace = project(sleep);
                let said = format!("{url} {args:?} {signal}");
                let mut command = workspace.command();
                command.args(args).args(["--dev-url", url]).stdout(Stdio::piped()).stderr(Stdio::piped());
                let mut child = command.spawn().expect("it starts");
                let limit = Instant::now() + Duration::from_secs(50);
                while sleeping(&database).is_empty() {
                    if child.try_wait().expect("a state").is_some() {
                        let output = child.wait_with_output().expect("it ended");
                        panic!("{said} ended: {}", String::from_utf8_lossy(&output.stderr));
                    }
                    assert!(Instant::now() < limit, "{said} does not sleep");
                }
                let pid = child.id().to_string();
                let sent = Command::new("kill").args([&format!("-{signal}"), pid.as_str()]).status();
                assert!(sent.is_ok_and(|status| status.success()), "{said}");
                let output = child.wait_with_output().expect("it ends");
                let stderr = String::from_utf8_lossy(&output.stderr);
                assert_eq!(output.status.code(), Some(1), "{said}: {stderr}");
                assert_eq!(stderr, "Error: context canceled\n", "{said}");
                assert!(Instant::now() < limit, "{said} slept to the end");
                assert_eq!(database.tables(), [] as [String; 0], "{said}");
                assert_eq!(sleeping(&database), [] as [String; 0], "{said}");
                let written = std::fs::read_dir(workspace.path("migrations")).expect("a folder").count();
                assert_eq!(written, 2, "{said}");
            }
        }
    }
}

#[test]
fn a_file_as_dev_database_is_left_empty() {
    let count = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000000000) SELECT count(*) FROM n;";
    for args in COMMANDS {
        let workspace = project(count);
        let mut command = workspace.command();
        command
            .args(args)
            .args(["--dev-url", "sqlite://dev.db"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let child = command.spawn().expect("it starts");
        let dev = workspace.path("dev.db");
        let limit = Instant::now() + Duration::from_secs(50);
        // The file is there, and with it the signal is listened to.
        while !dev.exists() {
            assert!(Instant::now() < limit, "{args:?} does not begin");
        }
        let sent = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()));
        let output = child.wait_with_output().expect("it ends");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert_eq!(stderr, "Error: context canceled\n", "{args:?}");
        let left = sqlite::query(&dev, "SELECT name FROM sqlite_schema");
        assert!(left.is_empty(), "{args:?} {left:?}");
    }
}
