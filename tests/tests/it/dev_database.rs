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

/// Types, functions, sequences and tables of the schema, named with it wherever an expression can stand.
const EXPRESSIONS: &str = r#"
schema "shop" {
}
enum "state" {
  schema = schema.shop
  values = ["new", "done"]
}
sequence "numbers" {
  schema = schema.shop
}
function "half" {
  schema = schema.shop
  lang   = SQL
  arg "n" {
    type = integer
  }
  return     = integer
  volatility = IMMUTABLE
  as         = "SELECT n / 2"
}
table "orders" {
  schema = schema.shop
  column "id" {
    type    = bigint
    default = sql("nextval('shop.numbers'::regclass)")
  }
  column "state" {
    type    = enum.state
    default = sql("'new'::shop.state")
  }
  column "half" {
    type = integer
    as {
      expr = "shop.half(4)"
      type = STORED
    }
  }
  primary_key {
    columns = [column.id]
  }
  index "open" {
    columns = [column.id]
    where   = "(state <> 'done'::shop.state)"
  }
  check "known" {
    expr = "((state = 'new'::shop.state) OR (shop.half(2) = 1))"
  }
  row_security {
    enabled = true
  }
}
policy "own" {
  on    = table.orders
  using = "(state = 'new'::shop.state)"
}
view "open_orders" {
  schema     = schema.shop
  as         = "SELECT id, state FROM shop.orders WHERE state = 'new'::shop.state"
  depends_on = [table.orders]
}
"#;

/// A schema is called otherwise in the dev database, in what expressions name too.
#[test]
fn expressions_follow_the_schema_into_the_dev_database() {
    let Some(database) = Database::new(Product::Postgres, "it_dev_schema") else { return };
    let Some(dev) = Database::new(Product::Postgres, "it_dev_schema_dev") else { return };
    let workspace = Workspace::new("");
    workspace.write("schema.hcl", EXPRESSIONS);
    database.execute("CREATE SCHEMA shop");
    // Either side may be bound to its schema, and there may be no dev database.
    for (target, dev) in [
        (database.with("search_path=shop"), dev.url()),
        (database.with("search_path=shop"), dev.plain()),
        (database.plain(), dev.plain()),
    ] {
        let apply = ["schema", "apply", "--url", &target, "--to", "file://schema.hcl", "--dev-url", &dev];
        let first = workspace.ok(&[&apply[..], &["--auto-approve"]].concat());
        assert!(first.contains("CREATE TABLE"), "{first}");
        if target.contains("search_path") {
            assert!(!first.contains("shop."), "{first}");
        }
        let again = workspace.ok(&apply);
        assert!(again.contains("Schema is synced"), "{again}");
        let states = database.query(
            "SELECT pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'shop.orders'::regclass ORDER BY adnum",
        );
        let expected = ["nextval('shop.numbers'::regclass)", "'new'::shop.state", "shop.half(4)"];
        assert_eq!(states, expected);
        database.execute("DROP SCHEMA shop CASCADE; CREATE SCHEMA shop");
    }
    // A migration names no schema when its dev database is bound to one.
    let diff = workspace.ok(&[
        "migrate",
        "diff",
        "one",
        "--dir",
        "file://migrations",
        "--to",
        "file://schema.hcl",
        "--dev-url",
        &dev.url(),
    ]);
    let names = std::fs::read_dir(workspace.path("migrations")).expect("the directory is there");
    let mut names = names.map(|entry| entry.expect("an entry").file_name().into_string().expect("a name"));
    let file = names.find(|name| name.ends_with("one.sql")).unwrap_or_else(|| panic!("{diff}"));
    let text = workspace.read(&format!("migrations/{file}"));
    assert!(!text.contains("shop.") && !text.contains("public."), "{text}");
    let again = workspace.ok(&[
        "migrate",
        "diff",
        "two",
        "--dir",
        "file://migrations",
        "--to",
        "file://schema.hcl",
        "--dev-url",
        &dev.url(),
    ]);
    assert!(again.contains("is synced"), "{again}");
}
