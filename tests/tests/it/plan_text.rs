//! One engine behind two front ends: the plan an editor shows is the plan the command line would run.
//!
//! Each case is a database as SQL and a desired state; both sides are asked about the same files, and only their
//! statements are compared: what stands around them is theirs.

use serde_json::json;
use tests::{Client, Config, Workspace, sqlite};

const CONFIG: &str = "env \"local\" {\n  url = \"sqlite://app.db\"\n  dev = \"sqlite://dev?mode=memory\"\n  src = \"file://FILE\"\n}\n";

/// The statements of a plan, without comments and blank lines.
fn statements(text: &str) -> String {
    let lines = text.lines().filter(|line| !line.starts_with("--") && !line.trim().is_empty());
    lines.map(|line| format!("{line}\n")).collect()
}

/// Checks that both front ends plan the same statements, and returns them.
#[track_caller]
fn same(database: &str, file: &str, desired: &str) -> String {
    let workspace = Workspace::new("");
    workspace.write("atlas.hcl", &CONFIG.replace("FILE", file));
    workspace.write(file, desired);
    sqlite::execute(&workspace.path("app.db"), database);
    let before = sqlite::schema(&workspace.path("app.db"));
    let printed = statements(&workspace.ok(&["schema", "apply", "--env", "local", "--dry-run"]));

    let settings = json!({ "facts": "auto" });
    let mut client = Client::start(&workspace, Config { settings, ..Config::trusted() });
    // As someone does who clicks the lens above the env.
    client.open(&workspace.uri("atlas.hcl"), "atlas-config", &workspace.read("atlas.hcl"));
    let uri = workspace.uri(file);
    client.open(&uri, if file.ends_with(".sql") { "sql" } else { "atlas-schema-sqlite" }, desired);
    let about = json!({ "command": "atlas.plan", "arguments": [{ "uri": uri, "env": "local" }] });
    let report = client.request("workspace/executeCommand", about);
    let text = report["text"].as_str().unwrap_or_else(|| panic!("no text in {report}"));
    let shown = statements(text);
    client.shutdown();
    if printed.starts_with("Schema is synced") {
        assert_eq!(shown, "", "{text}");
    } else {
        assert_eq!(shown, printed, "{text}");
    }
    assert_eq!(sqlite::schema(&workspace.path("app.db")), before, "looking changes nothing");
    shown
}

const USERS: &str = "schema \"main\" {\n}\ntable \"users\" {\n  schema = schema.main\n  column \"id\" {\n    type = integer\n  }\n  column \"name\" {\n    type = text\n    null = true\n  }\n  primary_key {\n    columns = [column.id]\n  }\n}\n";

#[test]
fn from_an_empty_database() {
    let plan = same("CREATE TABLE gone (id int); DROP TABLE gone;", "schema.lt.hcl", USERS);
    assert!(plan.starts_with("CREATE TABLE `users`"), "{plan}");
}

#[test]
fn nothing_to_do() {
    let made = "CREATE TABLE `users` (`id` integer NOT NULL, `name` text NULL, PRIMARY KEY (`id`));";
    assert_eq!(same(made, "schema.lt.hcl", USERS), "");
}

#[test]
fn a_column_added_and_one_changed() {
    let made = "CREATE TABLE users (id integer NOT NULL, name text NOT NULL DEFAULT 'x', PRIMARY KEY (id));";
    let plan = same(made, "schema.lt.hcl", USERS);
    assert!(plan.contains("`new_users`"), "a table is copied: {plan}");
    let made = "CREATE TABLE users (id integer NOT NULL, PRIMARY KEY (id));";
    let plan = same(made, "schema.lt.hcl", USERS);
    assert_eq!(plan, "ALTER TABLE `users` ADD COLUMN `name` text NULL;\n");
}

#[test]
fn tables_that_refer_to_each_other() {
    let made = "CREATE TABLE a (id integer PRIMARY KEY, b int REFERENCES b (id)); CREATE TABLE b (id integer PRIMARY KEY, a int REFERENCES a (id)); INSERT INTO a VALUES (1, NULL);";
    let plan = same(made, "schema.lt.hcl", USERS);
    assert!(plan.contains("DROP TABLE `a`") && plan.contains("DROP TABLE `b`"), "{plan}");
}

#[test]
fn views_triggers_and_indexes_from_sql() {
    let wanted = "CREATE TABLE t (id integer PRIMARY KEY, n text);\nCREATE INDEX t_n ON t (n DESC) WHERE n IS NOT NULL;\nCREATE VIEW v AS SELECT n FROM t;\nCREATE TRIGGER g AFTER INSERT ON t BEGIN\n  DELETE FROM t WHERE n = 'a;b';\nEND;\n";
    let plan = same(
        "CREATE TABLE t (id integer PRIMARY KEY, n text); CREATE INDEX old ON t (n);",
        "schema.sql",
        wanted,
    );
    assert!(plan.contains("DROP INDEX `old`") && plan.contains("t_n") && plan.contains("VIEW"), "{plan}");
}

#[test]
fn names_that_need_quotes() {
    let wanted = USERS.replace("\"users\"", "\"we ird`表\"").replace("\"name\"", "\"a b\"");
    let plan = same("CREATE TABLE t (x int);", "schema.lt.hcl", &wanted);
    assert!(plan.contains("we ird"), "{plan}");
}
