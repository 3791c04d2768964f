//! Servers that refuse, and runs that fail in the middle: one clear message, nothing lost, the truth about what stands.

// What was skipped is for the person who reads the output.
#![allow(clippy::print_stdout)]

use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::json;
use tests::server::{self, Database, Product, databases, hold};
use tests::{Client, Config, Output, Workspace};

/// Insists on a failure in order: exit 1, the message, no panic, no password.
fn fails(output: &Output, words: &[&str]) {
    let shown = output.render();
    assert_eq!(output.code, 1, "{shown}");
    assert!(output.stderr.starts_with("Error: ") || output.stdout.contains("Error: "), "{shown}");
    assert!(!shown.contains("panicked") && !shown.contains("hunter2"), "{shown}");
    for word in words {
        assert!(shown.contains(word), "no {word:?} in {shown}");
    }
}

fn inspect(url: &str) -> Output {
    Workspace::new("").run(&["schema", "inspect", "--url", url])
}

fn changed(url: &str, change: impl FnOnce(&mut url::Url)) -> String {
    let mut url = url::Url::parse(url).expect("a URL");
    change(&mut url);
    url.to_string()
}

/// A schema with the table `first`, and what comes after it; `schema.s` in `more` is the database's.
fn schema(database: &Database, more: &str) -> String {
    let first = "table \"first\" {\n  schema = schema.s\n  column \"id\" {\n    null = false\n    type = int\n  }\n}\n";
    let text = format!("schema \"s\" {{\n}}\n{first}{more}");
    let name = database.schema();
    text.replace("schema \"s\"", &format!("schema \"{name}\"")).replace("schema.s", &format!("schema.{name}"))
}

#[test]
fn a_wrong_password() {
    if let Some(url) = server::url(Product::Postgres) {
        let _ = std::panic::catch_unwind(|| {
            server::execute(&url, "CREATE ROLE password_user LOGIN PASSWORD 'x'")
        });
        let url = changed(&url, |url| {
            let _ = url.set_username("password_user");
            let _ = url.set_password(Some("hunter2"));
        });
        let output = inspect(&url);
        if output.code == 0 {
            println!("skipped: this PostgreSQL trusts everyone");
        } else {
            fails(&output, &["pq: password authentication failed for user \"password_user\" (28P01)"]);
        }
    }
    for product in [Product::Mysql, Product::Mariadb] {
        let Some(url) = server::url(product) else { continue };
        let url = changed(&url, |url| {
            let _ = url.set_username("it_nobody");
            let _ = url.set_password(Some("hunter2"));
        });
        fails(&inspect(&url), &["Error 1045 (28000): Access denied for user 'it_nobody'@"]);
    }
}

#[test]
fn an_unreachable_host() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    drop(listener);
    let refused = format!("dial tcp 127.0.0.1:{port}: connect: connection refused");
    for scheme in ["postgres", "mysql", "mariadb"] {
        fails(&inspect(&format!("{scheme}://u:hunter2@127.0.0.1:{port}/d")), &[&refused]);
    }
    fails(
        &inspect("postgres://u:hunter2@no-such-host.invalid/d"),
        &["lookup no-such-host.invalid: no such host"],
    );
}

#[test]
fn a_server_that_listens_and_is_silent() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let begun = Instant::now();
    fails(&inspect(&format!("postgres://u:hunter2@127.0.0.1:{port}/d?connect_timeout=1")), &["i/o timeout"]);
    fails(&inspect(&format!("mysql://u:hunter2@127.0.0.1:{port}/d?timeout=1s")), &["i/o timeout"]);
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[test]
fn an_encryption_the_server_does_not_have() {
    for url in std::env::var("ATLAS_TEST_POSTGRES_URLS").unwrap_or_default().split(',') {
        if url.is_empty() {
            continue;
        }
        let url = changed(url, |url| url.set_query(Some("sslmode=require")));
        let output = inspect(&url);
        if output.code != 0 {
            fails(&output, &["pq: SSL is not enabled on the server"]);
        }
    }
}

#[test]
fn a_database_that_is_not_there() {
    for product in [Product::Postgres, Product::Mysql, Product::Mariadb] {
        let Some(url) = server::url(product) else { continue };
        let output = inspect(&changed(&url, |url| url.set_path("/it_no_such_database")));
        match product {
            Product::Postgres => {
                fails(&output, &["pq: database \"it_no_such_database\" does not exist (3D000)"])
            }
            _ => fails(&output, &["Error 1049 (42000): Unknown database 'it_no_such_database'"]),
        }
    }
}

#[test]
fn missing_rights() {
    for database in databases("it_rights") {
        let (user, url) = match database.product {
            Product::Postgres => {
                database.execute("DROP ROLE IF EXISTS it_reader; CREATE ROLE it_reader LOGIN");
                database.execute("REVOKE SELECT ON pg_catalog.pg_class FROM PUBLIC");
                ("it_reader", database.url())
            }
            _ => {
                server::execute(&database.server(), "DROP USER IF EXISTS it_reader@'%'");
                server::execute(&database.server(), "CREATE USER it_reader@'%' IDENTIFIED BY 'x'");
                ("it_reader", database.url())
            }
        };
        let url = changed(&url, |url| {
            let _ = url.set_username(user);
            let _ = url.set_password(Some("x"));
        });
        let output = inspect(&url);
        match database.product {
            Product::Postgres => {
                fails(&output, &["pq: permission denied for ", "pg_class", "(42501)"]);
                database.execute("DROP ROLE it_reader");
            }
            _ => {
                fails(
                    &output,
                    &["Error 1044 (42000): Access denied for user 'it_reader'@", "to database 'it_rights'"],
                );
                server::execute(&database.server(), "DROP USER it_reader@'%'");
            }
        }
    }
}

#[test]
fn a_lock_another_session_holds() {
    for database in databases("it_lock") {
        let workspace = Workspace::new("");
        workspace.write("schema.hcl", &schema(&database, ""));
        let hold_it = match database.product {
            // FNV-1 of the name.
            Product::Postgres => "SELECT pg_advisory_lock(3570970413)",
            _ => "SELECT GET_LOCK('atlas_schema_apply', 10)",
        };
        let url = database.url();
        let apply = ["schema", "apply", "--url", &url, "--to", "file://schema.hcl", "--auto-approve"];
        let held = hold(&database.plain(), hold_it);
        let begun = Instant::now();
        let output = workspace.run(&[apply.as_slice(), &["--lock-timeout", "1s"]].concat());
        fails(&output, &["acquiring database lock: sql/schema: lock is held by other session"]);
        assert!(begun.elapsed() < Duration::from_secs(20));
        assert!(database.tables().is_empty());
        drop(held);
        workspace.ok(&[apply.as_slice(), &["--lock-timeout", "30s"]].concat());
        assert_eq!(database.tables(), ["first"]);
    }
}

#[test]
fn a_statement_that_fails_in_the_middle_of_a_plan() {
    for database in databases("it_middle") {
        database.execute("CREATE TABLE crowd (id int NOT NULL, twin int NOT NULL)");
        database.execute("INSERT INTO crowd VALUES (1, 7), (2, 7)");
        let workspace = Workspace::new("");
        let crowd = "table \"crowd\" {\n  schema = schema.s\n  column \"id\" {\n    null = false\n    type = int\n  }\n  column \"twin\" {\n    null = false\n    type = int\n  }\n  index \"twins\" {\n    unique  = true\n    columns = [column.twin]\n  }\n}\n";
        workspace.write("schema.hcl", &schema(&database, crowd));
        let url = database.url();
        let apply = ["schema", "apply", "--url", &url, "--to", "file://schema.hcl"];
        let output = workspace.run(&[apply.as_slice(), &["--auto-approve"]].concat());
        match database.product {
            // All or nothing.
            Product::Postgres => {
                fails(&output, &["pq: could not create unique index \"twins\" (23505)"]);
                assert_eq!(database.tables(), ["crowd"]);
            }
            // What was done stands, and the next plan is the rest.
            _ => {
                fails(&output, &["Error 1062 (23000): Duplicate entry '7' for key"]);
                let plan = workspace.ok(&[apply.as_slice(), &["--dry-run"]].concat());
                assert!(plan.contains("twins"), "{plan}");
                let done = database.tables().contains(&"first".to_owned());
                assert_eq!(plan.contains("CREATE TABLE `first`"), !done, "{plan}");
            }
        }
        assert_eq!(database.query("SELECT COUNT(*) FROM crowd"), ["2"]);
    }
}

#[test]
fn an_editor_does_not_wait_for_a_server_that_is_silent() {
    let silent = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = silent.local_addr().expect("an address").port();
    let workspace = Workspace::new(
        "-- schema.pg.hcl --\nschema \"public\" {\n}\ntable \"users\" {\n  schema = schema.public\n  column \"id\" {\n    type = int\n  }\n  primary_key {\n    columns = [column.idd]\n  }\n}\n",
    );
    let url = format!("postgres://u:hunter2@127.0.0.1:{port}/d?sslmode=disable&connect_timeout=300");
    workspace.write(
        "atlas.hcl",
        &format!("env \"local\" {{\n  url = \"{url}\"\n  src = \"file://schema.pg.hcl\"\n}}\n"),
    );
    let begun = Instant::now();
    let mut client = Client::start(&workspace, Config::trusted());
    let uri = workspace.uri("schema.pg.hcl");
    client.open(&uri, "atlas-schema-postgresql", &workspace.read("schema.pg.hcl"));
    let found = client.diagnostics(&uri);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0]["message"].as_str().is_some_and(|message| message.contains("idd")), "{found:?}");
    let symbols = client.request("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(symbols.as_array().map(Vec::len), Some(2), "{symbols}");
    client.shutdown();
    assert!(begun.elapsed() < Duration::from_secs(60));
}
