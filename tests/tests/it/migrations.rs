//! Migration directories through the wire: what is found, what is offered, what commands make of files and databases.

use serde_json::{Value, json};
use tests::{Client, Config, Workspace, sqlite};

const CONFIG: &str = r#"
-- atlas.hcl --
env "local" {
  url = "sqlite://app.db"
  dev = "sqlite://dev?mode=memory"
  src = "file://schema.lt.hcl"
  migration {
    dir = "file://migrations"
  }
}
-- schema.lt.hcl --
schema "main" {
}
table "users" {
  schema = schema.main
  column "id" {
    type = integer
  }
  column "name" {
    type = text
  }
  primary_key {
    columns = [column.id]
  }
}
-- migrations/20240101000000_users.sql --
CREATE TABLE `users` (`id` integer NOT NULL, PRIMARY KEY (`id`));
"#;

/// What a client can do that carries out changes of files.
fn able() -> Config {
    Config {
        capabilities: json!({"workspace": {
            "workspaceEdit": {"documentChanges": true, "resourceOperations": ["create", "rename", "delete"]},
            "fileOperations": {"willCreate": true, "willRename": true, "willDelete": true},
            "textDocumentContent": {},
        }}),
        ..Config::trusted()
    }
}

/// A project whose sum is right, with the first migration open.
fn opened(config: Config) -> (Workspace, Client, String) {
    let workspace = Workspace::new(CONFIG);
    workspace.ok(&["migrate", "hash", "--dir", "file://migrations"]);
    let mut client = Client::start(&workspace, config);
    let uri = workspace.uri("migrations/20240101000000_users.sql");
    client.open(&uri, "sql", &workspace.read("migrations/20240101000000_users.sql"));
    (workspace, client, uri)
}

fn command(client: &mut Client, name: &str, argument: Value) -> Value {
    client.request("workspace/executeCommand", json!({"command": name, "arguments": [argument]}))
}

/// Waits until the directory is known: its lenses depend on it.
fn lenses(client: &mut Client, uri: &str, count: usize) -> Vec<String> {
    let asked = json!({"textDocument": {"uri": uri}});
    for _ in 0..200 {
        let found = client.request("textDocument/codeLens", asked.clone());
        let titles: Vec<String> = found
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|lens| Some(lens["command"]["title"].as_str()?.to_owned()))
            .collect();
        if titles.len() == count {
            return titles;
        }
        // Each answer to this is a turn of the server, in which what it fetched arrives.
        command(client, "atlas.migrate.lint", json!({"uri": uri}));
    }
    Vec::new()
}

#[test]
fn an_edit_is_told_and_rehashed() {
    let (workspace, mut client, uri) = opened(able());
    assert_eq!(lenses(&mut client, &uri, 5).len(), 5);
    assert_eq!(client.diagnostics(&uri), [] as [Value; 0]);
    client.replace(&uri, "PRIMARY KEY", "`age` integer NULL, PRIMARY KEY");
    let found = client.diagnostics(&uri);
    let codes: Vec<&str> = found.iter().filter_map(|found| found["code"].as_str()).collect();
    assert_eq!(codes, ["checksum-mismatch"], "{}", client.render(&found));
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}});
    let actions = client.request(
        "textDocument/codeAction",
        json!({"textDocument": {"uri": uri}, "range": range, "context": {"diagnostics": []}}),
    );
    let action = &actions.as_array().expect("actions")[0];
    assert_eq!(action["title"], "Rehash: write atlas.sum for the files as they are");
    let sum = &action["edit"]["changes"][workspace.uri("migrations/atlas.sum")][0]["newText"];
    assert!(sum.as_str().is_some_and(|text| text.contains("20240101000000_users.sql h1:")), "{action:#}");
    client.shutdown();
}

#[test]
fn the_sum_follows_a_new_a_renamed_and_a_deleted_file() {
    let (workspace, mut client, uri) = opened(able());
    lenses(&mut client, &uri, 5);
    let sum = workspace.uri("migrations/atlas.sum");
    let names = |edit: &Value| -> String {
        let text = edit["changes"][&sum][0]["newText"].as_str().unwrap_or_default().to_owned();
        text.lines().skip(1).filter_map(|line| line.split(' ').next()).collect::<Vec<_>>().join(" ")
    };
    let new = workspace.uri("migrations/20240102000000_more.sql");
    let edit = client.request("workspace/willCreateFiles", json!({"files": [{"uri": new}]}));
    assert_eq!(names(&edit), "20240101000000_users.sql 20240102000000_more.sql");
    let edit =
        client.request("workspace/willRenameFiles", json!({"files": [{"oldUri": uri, "newUri": new}]}));
    assert_eq!(names(&edit), "20240102000000_more.sql");
    let edit = client.request("workspace/willDeleteFiles", json!({"files": [{"uri": uri}]}));
    assert_eq!(edit["changes"][&sum][0]["newText"], "h1:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n");
    let other = workspace.uri("notes.sql");
    let edit = client.request("workspace/willCreateFiles", json!({"files": [{"uri": other}]}));
    assert_eq!(edit, Value::Null);
    client.shutdown();
}

#[test]
fn texts_about_a_migration_are_documents() {
    let (_workspace, mut client, uri) = opened(able());
    let shown = command(&mut client, "atlas.migrate.schemaAt", json!({"uri": uri}));
    assert!(shown["text"].as_str().is_some_and(|text| text.contains("CREATE TABLE `users`")), "{shown:#}");
    let document = client.request("workspace/textDocumentContent", json!({"uri": shown["uri"]}));
    assert_eq!(document["text"], shown["text"]);
    let changed = command(&mut client, "atlas.migrate.diffWithPrevious", json!({"uri": uri}));
    assert_eq!((changed["before"].as_str(), changed["language"].as_str()), (Some(""), Some("sql")));
    let document = client.request("workspace/textDocumentContent", json!({"uri": changed["uri"]}));
    assert!(document["text"].as_str().is_some_and(|text| text.contains("+CREATE TABLE")), "{document:#}");
    let linted = command(&mut client, "atlas.migrate.lint", json!({"uri": uri}));
    assert_eq!(linted["findings"], 0, "{linted:#}");
    client.shutdown();
}

#[test]
fn a_migration_is_shown_before_it_is_written() {
    let (workspace, mut client, uri) =
        opened(Config { capabilities: json!({"workspace": {"applyEdit": false}}), ..Config::trusted() });
    let config = workspace.uri("atlas.hcl");
    client.open(&config, "atlas-config", &workspace.read("atlas.hcl"));
    lenses(&mut client, &uri, 5);
    let titles = lenses(&mut client, &config, 4);
    assert_eq!(titles, ["Plan", "Apply", "Inspect", "Create migration"]);
    let preview = command(&mut client, "atlas.migrate.diff", json!({"uri": config, "name": "name"}));
    assert_eq!(preview["written"], false, "{preview:#}");
    assert_eq!(preview["files"].as_array().map(Vec::len), Some(2), "{preview:#}");
    assert!(preview["text"].as_str().is_some_and(|text| text.contains("ADD COLUMN `name`")), "{preview:#}");
    let argument = json!({"uri": config, "name": "name", "write": true, "expect": "something else"});
    let refused = client.try_request(
        "workspace/executeCommand",
        json!({"command": "atlas.migrate.diff", "arguments": [argument]}),
    );
    assert!(refused.is_err_and(|error| error.message.contains("nothing was written")));
    let argument = json!({"uri": config, "name": "name", "write": true, "expect": preview["token"]});
    let written = command(&mut client, "atlas.migrate.diff", argument);
    assert_eq!(written["written"], true, "{written:#}");
    workspace.ok(&["migrate", "validate", "--dir", "file://migrations"]);
    let synced = ["migrate", "diff", "again", "--env", "local"];
    assert!(workspace.ok(&synced).contains("no changes to be made"));
    client.shutdown();
}

#[test]
fn applying_asks_and_status_tells() {
    let (workspace, mut client, uri) = opened(Config { answers: Vec::new(), ..able() });
    let status = command(&mut client, "atlas.migrate.status", json!({"uri": uri}));
    assert_eq!((&status["status"], &status["next"]), (&json!("PENDING"), &json!("20240101000000")));
    client.will_answer(Some("Cancel"));
    let report = command(&mut client, "atlas.migrate.apply", json!({"uri": uri}));
    assert_eq!(report["status"], "cancelled", "{report:#}");
    client.will_answer(Some("Apply"));
    let report = command(&mut client, "atlas.migrate.apply", json!({"uri": uri}));
    assert_eq!((&report["status"], &report["applied"]), (&json!("applied"), &json!(["20240101000000"])));
    assert_eq!(sqlite::query(&workspace.path("app.db"), "SELECT count(*) FROM users"), [["0"]]);
    let status = command(&mut client, "atlas.migrate.status", json!({"uri": uri}));
    assert_eq!((&status["status"], &status["current"]), (&json!("OK"), &json!("20240101000000")));
    let report = command(&mut client, "atlas.migrate.apply", json!({"uri": uri}));
    assert_eq!(report["status"], "nothing", "{report:#}");
    client.shutdown();
}

#[test]
fn a_client_of_ours_hears_of_directories() {
    let options = json!({"client": {"name": "test"}});
    let (_workspace, mut client, _uri) = opened(Config { options, ..able() });
    client.wait_until("the directory is told", |client| {
        client.received("atlas/migrations").last().is_some_and(|message| {
            let directory = &message["directories"][0];
            directory["sum"] == "ok" && directory["files"][0]["state"] == "unknown"
        })
    });
    client.shutdown();
}

#[test]
fn new_and_rebased_files() {
    let (workspace, mut client, uri) =
        opened(Config { capabilities: json!({"workspace": {"applyEdit": false}}), ..Config::trusted() });
    let made = command(&mut client, "atlas.migrate.new", json!({"uri": uri, "name": "more"}));
    assert_eq!(made["files"].as_array().map(Vec::len), Some(2), "{made:#}");
    workspace.ok(&["migrate", "validate", "--dir", "file://migrations"]);
    client.shutdown();
}

#[test]
fn the_question_names_checks_and_the_plan_after_it_is_the_targets() {
    let (workspace, mut client, _) = opened(Config { answers: Vec::new(), ..able() });
    let second = "-- atlas:txtar\n\n-- checks/destructive.sql --\nSELECT NOT EXISTS (SELECT 1 FROM `users`);\n\n-- migration.sql --\nALTER TABLE `users` ADD COLUMN `name` text NOT NULL DEFAULT '';\n";
    workspace.write("migrations/20240102000000_name.sql", second);
    workspace.ok(&["migrate", "hash", "--dir", "file://migrations"]);
    let changed = |name: &str, kind: u32| json!({"uri": workspace.uri(name), "type": kind});
    let changes = [changed("migrations/20240102000000_name.sql", 1), changed("migrations/atlas.sum", 2)];
    client.notify("workspace/didChangeWatchedFiles", json!({"changes": changes}));
    let config = workspace.uri("atlas.hcl");
    let plan = command(&mut client, "atlas.plan", json!({"uri": config, "env": "local"}));
    assert!(plan["text"].as_str().is_some_and(|text| text.contains("CREATE TABLE `users`")), "{plan:#}");
    client.will_answer(Some("Apply"));
    let report = command(&mut client, "atlas.migrate.apply", json!({"uri": workspace.uri("migrations")}));
    assert_eq!(report["status"], "applied", "{report:#}");
    let message = report["message"].as_str().unwrap_or_default();
    assert!(message.starts_with("2 migrations were applied to sqlite://"), "{message}");
    assert_eq!(message.lines().count(), 1, "{message}");
    let plan = command(&mut client, "atlas.plan", json!({"uri": config, "env": "local"}));
    assert!(!plan["text"].as_str().is_some_and(|text| text.contains("CREATE TABLE `users`")), "{plan:#}");
    let question = client.received("window/showMessageRequest");
    let text = question.last().map(|question| question["message"].to_string()).unwrap_or_default();
    assert!(text.contains("2 files: 1 check that must hold first, 2 statements"), "{text}");
    assert!(text.contains("-- first checks/destructive.sql, all of it must be true:"), "{text}");
    client.shutdown();
}
