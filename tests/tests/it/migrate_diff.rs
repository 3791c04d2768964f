//! Migration files that are planned, in every format, on the servers at hand.
//!
//! What was written must run, lead where it should, and be planned alike with and without a database.

use tests::server::{Database, databases};
use tests::{Output, Workspace};

const FORMATS: [&str; 6] = ["atlas", "golang-migrate", "goose", "flyway", "liquibase", "dbmate"];

/// Two states, the second one further on: tables, keys, a view, routines with `;` in them.
fn states(database: &Database) -> (&'static str, &'static str) {
    let postgres = (
        "CREATE TABLE users (id bigint PRIMARY KEY, name text NOT NULL, n int DEFAULT 0);\n\
         CREATE INDEX users_name ON users (name);\n\
         CREATE FUNCTION bump() RETURNS trigger LANGUAGE plpgsql AS $$\nBEGIN\n  NEW.n := NEW.n + 1;\n  RETURN NEW;\nEND;\n$$;\n\
         CREATE TRIGGER tr BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION bump();\n\
         CREATE TYPE st AS ENUM ('a', 'b');\n",
        "CREATE VIEW v AS SELECT id, name FROM users;\n\
         CREATE TABLE posts (id int PRIMARY KEY, author bigint REFERENCES users (id), s st NOT NULL);\n\
         ALTER TABLE users ADD CONSTRAINT positive CHECK (n >= 0);\n",
    );
    let mysql = (
        "CREATE TABLE users (id bigint PRIMARY KEY, name varchar(50) NOT NULL, n int DEFAULT 0);\n\
         CREATE INDEX users_name ON users (name);\n\
         DELIMITER //\nCREATE TRIGGER tr BEFORE UPDATE ON users FOR EACH ROW BEGIN SET NEW.n = 1; SET NEW.name = 'a;b'; END//\n\
         CREATE PROCEDURE p() lab: BEGIN IF 1 THEN SELECT 1; END IF; SELECT 2; END lab//\nDELIMITER ;\n",
        "CREATE TABLE posts (id int PRIMARY KEY, author bigint, s enum('a','b') NOT NULL, FOREIGN KEY (author) REFERENCES users (id));\n\
         CREATE VIEW v AS SELECT id, name FROM users;\n",
    );
    if database.url().starts_with("postgres") { postgres } else { mysql }
}

fn run(workspace: &Workspace, args: &[&str]) -> Output {
    let output = workspace.run(args);
    assert_eq!(output.code, 0, "{args:?}: {}", output.render());
    output
}

#[test]
fn what_is_written_leads_there() {
    for database in databases("it_migrate_diff") {
        let url = database.url();
        let (first, more) = states(&database);
        let workspace = Workspace::new("");
        workspace.write("1.sql", first);
        workspace.write("2.sql", &format!("{first}{more}"));
        for format in FORMATS {
            let directory = format!("file://{format}?format={format}");
            let diff = |to: &str| {
                run(
                    &workspace,
                    &["migrate", "diff", "--to", to, "--dev-url", &url, "--dir", &directory, "next"],
                )
            };
            assert_eq!(diff("file://1.sql").stdout, "", "{format}");
            assert_eq!(diff("file://2.sql").stdout, "", "{format}");
            run(&workspace, &["migrate", "validate", "--dev-url", &url, "--dir", &directory]);
            let synced = diff("file://2.sql").stdout;
            assert!(synced.starts_with("The migration directory is synced"), "{format}: {synced}");
            assert!(database.tables().is_empty(), "{format}: the dev database is left as it was");
        }
        // The others' files, as Atlas's.
        for format in &FORMATS[1..] {
            let (from, to) = (format!("file://{format}?format={format}"), format!("file://from_{format}"));
            run(&workspace, &["migrate", "import", "--from", &from, "--to", &to]);
            let synced = run(
                &workspace,
                &["migrate", "diff", "--to", "file://2.sql", "--dev-url", &url, "--dir", &to],
            );
            assert!(
                synced.stdout.starts_with("The migration directory is synced"),
                "{format}: {}",
                synced.stdout
            );
        }
        run(&workspace, &["migrate", "checkpoint", "--dev-url", &url, "--dir", "file://atlas"]);
        let synced = run(
            &workspace,
            &["migrate", "diff", "--to", "file://2.sql", "--dev-url", &url, "--dir", "file://atlas"],
        );
        assert!(synced.stdout.starts_with("The migration directory is synced"), "{}", synced.stdout);
    }
}

#[test]
fn the_texts_alone_lead_to_the_same_file() {
    for database in databases("it_migrate_offline") {
        let url = database.url();
        let (first, more) = states(&database);
        // Bodies of views are a server's to write.
        let more: String =
            more.lines().filter(|line| !line.contains("VIEW")).map(|line| format!("{line}\n")).collect();
        let workspace = Workspace::new("");
        workspace.write("1.sql", first);
        workspace.write("2.sql", &format!("{first}{more}"));
        // Nobody is asked, so the URL must say the product.
        let mariadb = database.query("SELECT version()").iter().any(|version| version.contains("MariaDB"));
        let named = if mariadb { url.replacen("mysql://", "mariadb://", 1) } else { url.clone() };
        workspace.write(
            "atlas.hcl",
            &format!("env \"x\" {{\n  url = \"{named}\"\n  src = \"file://2.sql\"\n}}\n"),
        );
        run(&workspace, &["migrate", "diff", "--to", "file://1.sql", "--dev-url", &url, "first"]);
        let asked =
            run(&workspace, &["migrate", "diff", "--to", "file://2.sql", "--dev-url", &url, "--dry-run"]);
        let alone = run(&workspace, &["migrate", "diff", "--env", "x", "--dry-run"]);
        assert!(!asked.stdout.is_empty());
        // What a new table takes from its schema is said only by who saw the schema.
        let asked = match asked.stdout.split_once(" CHARSET ") {
            Some((before, rest)) => {
                format!("{before}{}", rest.find(';').and_then(|at| rest.get(at..)).unwrap_or_default())
            }
            None => asked.stdout,
        };
        assert_eq!(alone.stdout, asked, "{url}");
        assert!(alone.stderr.starts_with("Note: planned without a dev database"), "{}", alone.stderr);
    }
}
