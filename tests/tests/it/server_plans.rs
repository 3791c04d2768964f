//! The live plan on real servers, over the wire: it follows the keystrokes, is the plan the command line makes, says what
//! it is not sure of, and is carried out after approval.
//!
//! What a server has is asked of the server, never of the product.

use serde_json::{Value, json};
use tests::server::{Database, Product, databases};
use tests::{Client, Config, Workspace};

/// The tables every test begins with.
const SEED: &str = "CREATE TABLE users (id int NOT NULL PRIMARY KEY, name varchar(20) NOT NULL DEFAULT 'x', age int, CONSTRAINT adult CHECK (age > 17 AND name <> ''))";

struct Session {
    workspace: Workspace,
    client: Client,
    uri: String,
}

impl Session {
    /// A workspace whose schema is what `database` has, open in an editor that may ask it.
    fn new(database: &Database) -> Self {
        database.execute(SEED);
        let workspace = Workspace::new("");
        let config =
            format!("env \"local\" {{\n  url = \"{}\"\n  src = \"file://schema.hcl\"\n}}\n", database.url());
        workspace.write("atlas.hcl", &config);
        let text = workspace.ok(&["schema", "inspect", "--env", "local"]);
        workspace.write("schema.hcl", &text);
        let settings = json!({ "facts": "ask" });
        let mut client = Client::start(&workspace, Config { settings, ..Config::trusted() });
        // A server is asked after the user said so, once for the session.
        client.will_answer(Some("Allow for This Session"));
        client.open(&workspace.uri("atlas.hcl"), "atlas-config", &workspace.read("atlas.hcl"));
        let uri = workspace.uri("schema.hcl");
        let language = match database.product {
            Product::Postgres => "atlas-schema-postgresql",
            Product::Mysql => "atlas-schema-mysql",
            Product::Mariadb => "atlas-schema-mariadb",
        };
        client.open(&uri, language, &text);
        Self { workspace, client, uri }
    }

    fn command(&mut self, name: &str) -> Value {
        let about = json!({ "command": name, "arguments": [{ "uri": self.uri, "env": "local" }] });
        self.client.request("workspace/executeCommand", about)
    }

    /// The plan as the editor shows it.
    fn plan(&mut self) -> String {
        let report = self.command("atlas.plan");
        report["text"].as_str().unwrap_or_else(|| panic!("no text in {report}")).to_owned()
    }

    /// Saves the file as it is in the editor, and asks the command line.
    fn printed(&self) -> String {
        self.workspace.write("schema.hcl", &self.client.document(&self.uri).text);
        self.workspace.ok(&["schema", "apply", "--env", "local", "--dry-run"])
    }
}

/// The statements of a plan, without comments and blank lines.
fn statements(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("--") && !line.trim().is_empty());
    lines.map(|line| format!("{line}\n")).collect()
}

#[test]
fn what_was_inspected_plans_nothing() {
    for database in databases("atlas_ls_live_nothing") {
        let mut session = Session::new(&database);
        let text = session.plan();
        assert_eq!(statements(&text), "", "{:?}: {text}", database.product);
        let found = session.client.diagnostics(&session.uri);
        assert_eq!(found, Vec::<Value>::new(), "{:?}", database.product);
        session.client.shutdown();
    }
}

#[test]
fn it_follows_the_keystrokes_and_is_carried_out_after_approval() {
    for database in databases("atlas_ls_live_plan") {
        let product = database.product;
        let mut session = Session::new(&database);
        let column = "  column \"email\" {\n    null = true\n    type = varchar(100)\n  }\n  primary_key {";
        // Key by key, as someone types; no plan of a half word is a wrong one.
        session.client.replace(&session.uri.clone(), "  primary_key {", column);
        let text = session.plan();
        let shown = statements(&text);
        assert!(shown.contains("ADD COLUMN") && shown.contains("email"), "{product:?}: {text}");
        assert_eq!(shown, statements(&session.printed()), "{product:?}");

        session.client.replace(&session.uri.clone(), "varchar(100)", "varchar(120)");
        let text = session.plan();
        assert!(text.contains("120") && !text.contains("100"), "{product:?}: {text}");
        assert_eq!(statements(&text), statements(&session.printed()), "{product:?}");

        session.client.will_answer(None);
        session.command("atlas.apply");
        assert_eq!(columns(&database), ["age", "id", "name"], "{product:?}: declined, nothing changed");
        session.client.will_answer(Some("Apply"));
        session.command("atlas.apply");
        assert_eq!(columns(&database), ["age", "email", "id", "name"], "{product:?}");
        assert!(session.printed().contains("synced"), "{product:?}");
        // The target is looked at again beside other work; until that is done the plan is of the time before.
        let mut text = session.plan();
        for _ in 0..2000 {
            if statements(&text).is_empty() {
                break;
            }
            text = session.plan();
        }
        assert_eq!(statements(&text), "", "{product:?}: {text}");
        session.client.shutdown();
    }
}

/// The columns of the table, as the server has them.
fn columns(database: &Database) -> Vec<String> {
    let schema = database.schema();
    let mut found = database.query(&format!(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'users' AND table_schema = '{schema}'"
    ));
    found.sort();
    found
}

#[test]
fn an_expression_in_other_words_is_no_change_and_what_is_not_sure_is_marked() {
    for database in databases("atlas_ls_live_words") {
        let product = database.product;
        let mut session = Session::new(&database);
        let uri = session.uri.clone();
        let text = session.client.document(&uri).text.clone();
        let line = text.lines().find(|line| line.trim().starts_with("expr")).expect("a check").trim();
        // As a person writes it.
        session.client.replace(&uri, line, "expr = \"age > 17 and name != ''\"");
        let plan = session.plan();
        assert_eq!(statements(&plan), "", "{product:?}: {plan}");
        // A function of the user's: how the server prints its call nobody can tell from here.
        session.client.replace(&uri, "age > 17 and", "abs(age) > 18 and");
        let plan = session.plan();
        assert!(plan.contains("adult") && !plan.contains('≈'), "{product:?}: {plan}");
        session.client.replace(&uri, "abs(age)", "width_of(age)");
        let plan = session.plan();
        assert!(plan.contains("adult") && plan.contains('≈'), "{product:?}: {plan}");
        session.client.shutdown();
    }
}
