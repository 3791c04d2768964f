//! Dev databases on servers: many statements at once, and nothing of them left.

use std::fmt::Write as _;

use tests::Workspace;
use tests::server::{Database, Product, databases};

const TABLES: usize = 110;

/// Tables with an index each; the wrong statement, if any, stands before the last ten.
fn sql(wrong: &str) -> String {
    let mut text = String::new();
    for table in 0..TABLES {
        if table == TABLES - 10 {
            text.push_str(wrong);
        }
        let _ = writeln!(
            text,
            "CREATE TABLE t{table} (id int NOT NULL PRIMARY KEY, name varchar(20)); -- one; of many"
        );
        let _ = writeln!(text, "CREATE INDEX i{table} ON t{table} (name);");
    }
    text
}

/// Everything in a database, by its catalog.
fn contents(database: &Database) -> Vec<String> {
    database.query(match database.product {
        Product::Postgres => "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace",
        _ => "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()",
    })
}

#[test]
fn a_statement_that_is_refused_is_named_and_nothing_is_left() {
    for database in databases("it_dev_refused") {
        let workspace = Workspace::new("");
        let url = database.url();
        let inspect = ["schema", "inspect", "--url", "file://schema.sql", "--dev-url", &url];
        for (wrong, words) in [
            (
                "CREATE TABLE wrong (id nothing);\n",
                "executing statement: \"CREATE TABLE wrong (id nothing);\": ",
            ),
            ("CREATE TABLE t7 (id int);\n", "executing statement: \"CREATE TABLE t7 (id int);\": "),
        ] {
            workspace.write("schema.sql", &sql(wrong));
            let output = workspace.run(&inspect);
            assert_eq!(output.code, 1, "{}", output.render());
            assert!(output.stderr.contains(words), "{}", output.render());
            if database.product == Product::Postgres {
                let place = output.stderr.trim_end().rsplit(": ").next().unwrap_or_default();
                let alone = [
                    "type \"nothing\" does not exist at column 24 (42704)",
                    "relation \"t7\" already exists (42P07)",
                ];
                assert!(alone.contains(&place), "{}", output.render());
            } else {
                // No word of the statements beside it: the wrong one stands before `t100`.
                assert!(!output.stderr.contains("t101"), "{}", output.render());
            }
            assert_eq!(contents(&database), Vec::<String>::new());
        }
        workspace.write("schema.sql", &sql(""));
        let hcl = workspace.ok(&inspect);
        assert_eq!(hcl.matches("\ntable \"").count() + usize::from(hcl.starts_with("table ")), TABLES);
        assert_eq!(hcl.matches("index \"i").count(), TABLES);
        assert_eq!(contents(&database), Vec::<String>::new());
        // The other form of a desired state.
        workspace.write("schema.hcl", &hcl);
        let own = ["schema", "inspect", "--url", "file://schema.hcl", "--dev-url", &url];
        assert_eq!(workspace.ok(&own), hcl);
        assert_eq!(contents(&database), Vec::<String>::new());
    }
}

#[test]
fn a_definition_that_is_refused_is_named_and_nothing_is_left() {
    for database in databases("it_dev_defined") {
        let workspace = Workspace::new("");
        let schema = database.schema();
        let mut text = format!("schema \"{schema}\" {{\n}}\n");
        for table in 0..TABLES {
            let default = if table == TABLES - 10 { "  default = \"none\"\n" } else { "" };
            let _ = write!(
                text,
                "table \"t{table}\" {{\n  schema = schema.{schema}\n  column \"id\" {{\n    null = false\n    type = int\n  {default}  }}\n}}\n"
            );
        }
        workspace.write("schema.hcl", &text);
        let url = database.url();
        let output = workspace.run(&["schema", "inspect", "--url", "file://schema.hcl", "--dev-url", &url]);
        assert_eq!(output.code, 1, "{}", output.render());
        let words = format!("create \"t{}\" table: ", TABLES - 10);
        assert!(output.stderr.contains(&words), "{}", output.render());
        assert_eq!(contents(&database), Vec::<String>::new());
    }
}

#[test]
fn what_no_transaction_bears_runs_all_the_same() {
    for database in databases("it_dev_alone") {
        let alone = match database.product {
            Product::Postgres => {
                "CREATE INDEX CONCURRENTLY late ON t1 (name);\nCREATE TYPE mood AS ENUM ('a');\nALTER TYPE mood ADD VALUE 'b';\nCREATE TABLE moods (m mood DEFAULT 'b');\nINSERT INTO t1 VALUES (1, 'x');\n"
            }
            _ => {
                "CREATE INDEX late ON t1 (name);\nINSERT INTO t1 VALUES (1, 'a\\'; b');\nCREATE VIEW moods AS SELECT 1 AS m;\n"
            }
        };
        let workspace = Workspace::new("");
        workspace.write("schema.sql", &sql(alone));
        let url = database.url();
        let hcl = workspace.ok(&["schema", "inspect", "--url", "file://schema.sql", "--dev-url", &url]);
        assert!(hcl.contains("index \"late\"") && hcl.contains("\"moods\""), "{hcl}");
        assert_eq!(contents(&database), Vec::<String>::new());
    }
}
