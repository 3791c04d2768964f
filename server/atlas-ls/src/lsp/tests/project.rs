//! The whole way: a folder on disk, a client that opens and edits, a database that changes.

use std::path::Path;

use serde_json::{Value, json};

use super::{TestClient, about, insert, open};
use crate::lsp::{commands, convert, handlers};

const CONFIG: &str = r#"
env "local" {
  src = "file://schema.hcl"
  url = "sqlite://DIRECTORY/shop.db"
  dev = "sqlite://dev?mode=memory"
}
env "prod" {
  src = "file://schema.hcl"
  url = "sqlite:///nowhere/else/prod.db"
  dev = "sqlite://dev?mode=memory"
}
"#;

pub(super) const SCHEMA: &str = r#"schema "main" {
}
table "users" {
  schema = schema.main
  column "id" {
    type = integer
  }
}
"#;

pub(super) struct Folder {
    directory: tempfile::TempDir,
}

impl Folder {
    pub(super) fn new() -> Self {
        let folder = Self { directory: tempfile::tempdir().expect("a directory") };
        let directory = folder.path("").to_string_lossy().trim_end_matches('/').to_owned();
        folder.write("atlas.hcl", &CONFIG.replace("DIRECTORY", &directory));
        folder.write("schema.hcl", SCHEMA);
        // An empty file is an empty database.
        folder.write("shop.db", "");
        folder
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.directory.path().join(name)
    }

    pub(super) fn uri(&self, name: &str) -> String {
        convert::uri_of(&self.path(name)).expect("a URI").to_string()
    }

    pub(super) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).expect("it is read")
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).expect("it is written");
    }

    fn client(&self, trusted: bool) -> TestClient {
        let mut client = TestClient::with(handlers::all(), commands::all());
        client.initialize(json!({
            "capabilities": {"textDocument": {"diagnostic": {}}},
            "workspaceFolders": [{"uri": self.uri(""), "name": "shop"}],
            "initializationOptions": {
                "trusted": trusted, "client": {"name": "test"}, "virtualDocuments": true, "approval": true,
            },
        }));
        client
    }

    fn name(&self) -> String {
        Path::new(self.directory.path()).file_name().expect("a name").to_string_lossy().into_owned()
    }
}

/// Waits for a status that `is` what a test waits for.
fn status(client: &mut TestClient, is: impl Fn(&Value) -> bool) -> Value {
    loop {
        let status = client.heard("atlas/status");
        if is(&status["params"]) {
            return status["params"].clone();
        }
    }
}

fn plan(client: &mut TestClient, argument: Value) -> Value {
    client.ask("workspace/executeCommand", json!({"command": "atlas.plan", "arguments": [argument]}))
}

#[test]
fn the_plan_follows_the_buffer() {
    let folder = Folder::new();
    let mut client = folder.client(true);
    let schema = folder.uri("schema.hcl");
    client.notify("textDocument/didOpen", open(&schema, SCHEMA));
    let config = folder.uri("atlas.hcl");
    let told = status(&mut client, |status| status["folders"][0]["facts"][0]["state"] == "known");
    assert_eq!(told["folders"][0]["envs"], json!(["local", "prod"]));
    assert_eq!(told["folders"][0]["dialect"], "SQLite");
    let result = plan(&mut client, json!({"uri": config, "env": "local"}));
    assert_eq!(result["uri"], format!("atlas-plan:/{}/atlas.hcl/local", folder.name()));
    let text = result["text"].as_str().expect("a text");
    assert!(text.contains("CREATE TABLE `users` (\n  `id` integer NOT NULL"), "{text}");
    client.notify("textDocument/didChange", insert(&schema, 2, 2, 7, "all_"));
    assert_eq!(client.heard("atlas/planChanged")["params"]["uri"], result["uri"]);
    let text = client.ask("workspace/textDocumentContent", json!({"uri": result["uri"]}))["text"].to_string();
    assert!(text.contains("CREATE TABLE `all_users`"), "{text}");
    client.leave();
}

#[test]
fn apply_asks_and_then_the_database_is_changed() {
    let folder = Folder::new();
    let mut client = folder.client(true);
    status(&mut client, |status| status["folders"][0]["facts"][0]["state"] == "known");
    let argument = json!({"uri": folder.uri("atlas.hcl"), "env": "local"});
    for (choice, end) in [("cancel", "cancelled"), ("apply", "applied")] {
        let params = json!({"command": "atlas.apply", "arguments": [argument]});
        let id = client.request("workspace/executeCommand", params);
        let question = client.heard("atlas/approve");
        assert_eq!(question["params"]["title"], "Apply 1 statement to env \"local\"?");
        client.reply(&question, json!({"value": choice}));
        let report = client.answer(id);
        assert_eq!(report["status"], end, "{report}");
    }
    let params = json!({"command": "atlas.apply", "arguments": [argument]});
    assert_eq!(client.ask("workspace/executeCommand", params)["status"], "nothing");
    let params =
        json!({"command": "atlas.inspect", "arguments": [{"uri": folder.uri("atlas.hcl"), "env": "local"}]});
    let found = client.ask("workspace/executeCommand", params);
    assert!(found["text"].as_str().expect("a text").contains("table \"users\""), "{found}");
    assert_eq!(found["language"], "atlas-schema-sqlite");
    client.leave();
}

#[test]
fn without_trust_no_database_is_touched() {
    let folder = Folder::new();
    let mut client = folder.client(false);
    let config = folder.uri("atlas.hcl");
    status(&mut client, |status| status["folders"][0]["facts"][0]["state"] == "missing");
    let result = plan(&mut client, json!({"uri": config, "env": "local"}));
    let text = result["text"].as_str().expect("a text");
    assert!(text.contains("There is no plan yet"), "{text}");
    for command in ["atlas.apply", "atlas.inspect", "atlas.refreshFacts"] {
        let params = json!({"command": command, "arguments": [{"uri": config, "env": "local"}]});
        let answer = client.ask("workspace/executeCommand", params);
        assert_eq!(answer["error"], -32803, "{command}: {answer}");
    }
    // Trust that comes later is enough for the workspace's own file.
    client.notify("atlas/didGrantTrust", json!({}));
    status(&mut client, |status| status["folders"][0]["facts"][0]["state"] == "known");
    client.leave();
}

#[test]
fn what_lies_outside_is_reached_only_after_a_yes() {
    let folder = Folder::new();
    let mut client = folder.client(true);
    let config = folder.uri("atlas.hcl");
    status(&mut client, |status| status["folders"][0]["facts"][0]["state"] == "known");
    let params = json!({"command": "atlas.plan", "arguments": [{"uri": config, "env": "prod"}]});
    let id = client.request("workspace/executeCommand", params.clone());
    let question = client.heard("window/showMessageRequest");
    let message = question["params"]["message"].as_str().expect("a text");
    assert!(message.contains("/nowhere/else/prod.db"), "{message}");
    client.reply(&question, json!({"title": "Cancel"}));
    assert_eq!(client.answer(id)["error"], -32803);
    let id = client.request("workspace/executeCommand", params);
    let question = client.heard("window/showMessageRequest");
    client.reply(&question, json!({"title": "Allow for This Session"}));
    let text = client.answer(id)["text"].to_string();
    assert!(!text.contains("something is not known"), "it was looked at: {text}");
    client.leave();
}

#[test]
fn diagnostics_follow_the_buffer_and_repeat_nothing() {
    let folder = Folder::new();
    let mut client = folder.client(true);
    let schema = folder.uri("schema.hcl");
    client.notify("textDocument/didOpen", open(&schema, &SCHEMA.replace("schema.main", "schema.mian")));
    status(&mut client, |status| status["folders"][0]["envs"][0] == "local");
    let report = client.ask("textDocument/diagnostic", about(&schema));
    assert_eq!(report["kind"], "full");
    assert!(report["items"].to_string().contains("mian"), "{report}");
    let again = json!({"textDocument": {"uri": schema}, "previousResultId": report["resultId"]});
    let again = client.ask("textDocument/diagnostic", again);
    assert_eq!(again, json!({"kind": "unchanged", "resultId": report["resultId"]}));
    client.leave();
}

#[test]
fn code_lenses_stand_over_each_env() {
    let folder = Folder::new();
    let mut client = folder.client(false);
    let config = folder.uri("atlas.hcl");
    client.notify("textDocument/didOpen", open(&config, CONFIG));
    let lenses = client.ask("textDocument/codeLens", about(&config));
    let lenses = lenses.as_array().expect("a list");
    let titles: Vec<_> =
        lenses.iter().map(|lens| lens["command"]["title"].as_str().unwrap_or_default()).collect();
    assert_eq!(titles, ["Plan", "Apply", "Inspect", "Plan", "Apply", "Inspect"]);
    assert_eq!(lenses[3]["command"]["command"], "atlas.plan");
    assert_eq!(lenses[3]["command"]["arguments"], json!([{"uri": config, "env": "prod"}]));
    assert_eq!(lenses[3]["range"]["start"], json!({"line": 6, "character": 0}));
    client.leave();
}

#[test]
fn clients_that_do_not_pull_are_told() {
    let folder = Folder::new();
    let mut client = TestClient::with(handlers::all(), commands::all());
    client.initialize(json!({
        "capabilities": {"textDocument": {"publishDiagnostics": {"versionSupport": true}}},
        "workspaceFolders": [{"uri": folder.uri(""), "name": "shop"}],
    }));
    let schema = folder.uri("schema.hcl");
    client.notify("textDocument/didOpen", open(&schema, &SCHEMA.replace("schema.main", "schema.mian")));
    let wait = |client: &mut TestClient, version: Value, found: bool| {
        loop {
            let told = client.heard("textDocument/publishDiagnostics")["params"].clone();
            assert_eq!(told["uri"], schema);
            if told["version"] == version
                && told["diagnostics"].as_array().is_some_and(|list| list.is_empty() != found)
            {
                return told["diagnostics"].clone();
            }
        }
    };
    let found = wait(&mut client, json!(1), true);
    assert_eq!(found[0]["source"], "atlas");
    // Nothing is wrong with the text that replaces it.
    let change = json!({"textDocument": {"uri": schema, "version": 2}, "contentChanges": [{"text": SCHEMA}]});
    client.notify("textDocument/didChange", change);
    wait(&mut client, json!(2), false);
    let broken =
        json!({"textDocument": {"uri": schema, "version": 3}, "contentChanges": [{"text": "table {"}]});
    client.notify("textDocument/didChange", broken);
    wait(&mut client, json!(3), true);
    client.notify("textDocument/didClose", about(&schema));
    wait(&mut client, Value::Null, false);
    client.leave();
}

#[test]
fn a_password_is_in_nothing_that_is_said() {
    let folder = Folder::new();
    let config = "env \"local\" {\n  src = \"file://schema.hcl\"\n  url = \"postgres://bob:hunter2@localhost:1/x?password=hunter2\"\n}\n";
    folder.write("atlas.hcl", config);
    let mut client = folder.client(true);
    let uri = folder.uri("atlas.hcl");
    let told = status(&mut client, |status| status["folders"][0]["env"] == "local");
    let mut said = vec![told.to_string()];
    client.notify("textDocument/didOpen", open(&uri, config));
    client.notify("$/setTrace", json!({"value": "verbose"}));
    for (line, character) in [(0, 5), (2, 3), (2, 14), (2, 30)] {
        let place = json!({"textDocument": {"uri": uri}, "position": {"line": line, "character": character}});
        said.push(client.ask("textDocument/hover", place).to_string());
    }
    said.push(client.ask("textDocument/diagnostic", about(&uri)).to_string());
    let params = json!({"command": "atlas.apply", "arguments": [{"uri": uri, "env": "local"}]});
    let id = client.request("workspace/executeCommand", params);
    let question = client.heard("window/showMessageRequest");
    client.reply(&question, json!({"title": "Allow for This Session"}));
    said.push(question.to_string());
    said.push(client.answer(id).to_string());
    said.push(plan(&mut client, json!({"uri": uri, "env": "local"})).to_string());
    said.extend(client.said.drain(..).map(|message| message.to_string()));
    for said in said {
        assert!(!said.contains("hunter2"), "{said}");
    }
    client.leave();
}

fn execute(client: &mut TestClient, command: &str, argument: Value) -> Value {
    client.ask("workspace/executeCommand", json!({"command": command, "arguments": [argument]}))
}

#[test]
fn documents_that_are_no_files_are_answered_without_an_error() {
    let folder = Folder::new();
    let mut client = folder.client(true);
    let shown = plan(&mut client, json!({"env": "local"}));
    let uri = shown["uri"].as_str().expect("a URI").to_owned();
    client.notify("textDocument/didOpen", open(&uri, shown["text"].as_str().expect("a text")));
    client.notify("textDocument/didOpen", open("git:/w/x.hcl?ref", "table {"));
    for uri in [uri.as_str(), "git:/w/x.hcl?ref", "strange:/never/opened"] {
        for id in ask_everything(&mut client, uri, 1, 1) {
            let answer = client.answer(id);
            assert_eq!(answer.get("error"), None, "{uri}: {answer}");
        }
    }
    let symbols = client.ask("textDocument/documentSymbol", about(&uri));
    assert_eq!(symbols[0]["name"], "CREATE TABLE `users`");
    let folds = client.ask("textDocument/foldingRange", about(&uri));
    assert_eq!(folds.as_array().map(Vec::len), Some(1), "{folds}");
    client.leave();
}

#[test]
fn commands_wait_until_the_configuration_is_found() {
    for command in ["atlas.plan", "atlas.inspect"] {
        let folder = Folder::new();
        let mut client = folder.client(true);
        let report = execute(&mut client, command, json!({"env": "local"}));
        assert!(report["text"].is_string(), "{command}: {report}");
        client.leave();
    }
}

#[test]
fn a_database_that_a_variable_names_is_asked_for_all_the_same() {
    for command in ["atlas.plan", "atlas.apply", "atlas.inspect"] {
        let folder = Folder::new();
        let url = "sqlite:///nowhere/else/prod.db${getenv(\"ATLAS_LS_TEST_NOT_SET\")}";
        folder.write("atlas.hcl", &CONFIG.replace("sqlite:///nowhere/else/prod.db", url));
        let mut client = folder.client(true);
        let params = json!({"command": command, "arguments": [{"env": "prod"}]});
        let id = client.request("workspace/executeCommand", params);
        let question = client.heard("window/showMessageRequest");
        client.reply(&question, json!({"title": "Cancel"}));
        assert_eq!(client.answer(id)["error"], -32803, "{command}");
        client.leave();
    }
}

#[test]
fn nothing_is_suggested_behind_a_complete_value() {
    let folder = Folder::new();
    let mut client = folder.client(true);
    let uri = folder.uri("schema.hcl");
    let mut suggested = |line: &str, trigger: Option<&str>| {
        let before = line.find('|').expect("a cursor");
        let text = format!("table \"t\" {{\n  column \"a\" {{\n{}\n  }}\n}}\n", line.replace('|', ""));
        client.notify("textDocument/didOpen", open(&uri, &text));
        let context = match trigger {
            Some(character) => json!({"triggerKind": 2, "triggerCharacter": character}),
            None => json!({"triggerKind": 1}),
        };
        let position = json!({"line": 2, "character": before});
        let params = json!({"textDocument": {"uri": uri}, "position": position, "context": context});
        client.ask("textDocument/completion", params)["items"].as_array().map_or(0, Vec::len)
    };
    assert!(suggested("    null =|", Some("=")) > 0);
    assert!(suggested("    null = t|", None) > 0);
    for (line, trigger) in [
        ("    null = true|", None),
        ("    null = true |", None),
        ("    null =| true", Some("=")),
        ("    comment = \"x\"|", Some("\"")),
        ("    default = 5|", None),
    ] {
        assert_eq!(suggested(line, trigger), 0, "{line}");
    }
    client.leave();
}

#[test]
fn an_absent_database_is_no_warning_and_its_coming_changes_the_plan() {
    let folder = Folder::new();
    std::fs::remove_file(folder.path("shop.db")).expect("it is removed");
    let mut client = folder.client(true);
    status(&mut client, |status| {
        assert_eq!(status["health"], "ok", "{status}");
        status["folders"][0]["facts"][0]["state"] == "known"
    });
    let shown = plan(&mut client, json!({"env": "local"}));
    assert!(shown["text"].to_string().contains("does not exist yet"), "{shown}");
    folder.write("shop.db", "");
    let changes = json!({"changes": [{"uri": folder.uri("shop.db"), "type": 1}]});
    client.notify("workspace/didChangeWatchedFiles", changes);
    // The first may be of the plan that was asked for above.
    loop {
        assert_eq!(client.heard("atlas/planChanged")["params"]["uri"], shown["uri"]);
        let shown = plan(&mut client, json!({"env": "local"}));
        if !shown["text"].to_string().contains("does not exist yet") {
            break;
        }
    }
    client.leave();
}

#[test]
fn a_warning_says_why() {
    let folder = Folder::new();
    folder.write("schema.hcl", "table \"t\" {\n  schema = schema.none\n}\n");
    let mut client = folder.client(true);
    let told = status(&mut client, |status| status["health"] != "ok");
    assert_eq!(told["message"], "env \"local\": the schema has errors");
    client.leave();
}

#[test]
fn each_folder_has_its_own_relative_database() {
    let config = CONFIG.replace("DIRECTORY/shop.db", "app.db");
    let folders = [Folder::new(), Folder::new()];
    for folder in &folders {
        folder.write("atlas.hcl", &config);
    }
    folders[1].write("app.db", "");
    let mut client = TestClient::with(handlers::all(), commands::all());
    client.initialize(json!({
        "capabilities": {},
        "workspaceFolders": folders.each_ref().map(|folder| json!({"uri": folder.uri(""), "name": "x"})),
        "initializationOptions": {"trusted": true, "approval": true},
    }));
    for (folder, absent) in folders.iter().zip([true, false]) {
        let argument = json!({"uri": folder.uri("atlas.hcl"), "env": "local"});
        let text = plan(&mut client, argument.clone())["text"].to_string();
        assert_eq!(text.contains("does not exist yet"), absent, "{text}");
        let params = json!({"command": "atlas.apply", "arguments": [argument]});
        let id = client.request("workspace/executeCommand", params);
        let question = client.heard("atlas/approve");
        client.reply(&question, json!({"value": "apply"}));
        let report = client.answer(id);
        assert_eq!(report["status"], "applied", "{report}");
        assert!(std::fs::metadata(folder.path("app.db")).expect("a file").len() > 0);
    }
    client.leave();
}

#[test]
fn two_commands_ask_for_consent_once() {
    let folder = Folder::new();
    let mut client = folder.client(true);
    let params = json!({"command": "atlas.plan", "arguments": [{"env": "prod"}]});
    let asked = [0, 1].map(|_| client.request("workspace/executeCommand", params.clone()));
    let question = client.heard("window/showMessageRequest");
    client.reply(&question, json!({"title": "Allow for This Session"}));
    for id in asked {
        assert!(client.answer(id)["text"].is_string());
    }
    assert!(client.said.iter().all(|said| said["method"] != "window/showMessageRequest"));
    client.leave();
}

/// Every request that takes a place, and every one that takes a document.
pub(super) fn ask_everything(client: &mut TestClient, uri: &str, line: u32, character: u32) -> Vec<i64> {
    let document = json!({"uri": uri});
    let position = json!({"line": line, "character": character});
    let range = json!({"start": {"line": 0, "character": 0}, "end": position});
    let mut asked = Vec::new();
    for method in ["completion", "hover", "definition", "documentHighlight"] {
        let params = json!({"textDocument": document, "position": position});
        asked.push(client.request(&format!("textDocument/{method}"), params));
    }
    let context = json!({"includeDeclaration": true});
    let params = json!({"textDocument": document, "position": position, "context": context});
    asked.push(client.request("textDocument/references", params));
    let params = json!({"textDocument": document, "positions": [position]});
    asked.push(client.request("textDocument/selectionRange", params));
    let params = json!({"textDocument": document, "range": range});
    asked.push(client.request("textDocument/semanticTokens/range", params));
    let params = json!({"textDocument": document, "range": range, "context": {"diagnostics": []}});
    asked.push(client.request("textDocument/codeAction", params));
    let params = json!({"textDocument": document, "options": {"tabSize": 2, "insertSpaces": true}});
    asked.push(client.request("textDocument/formatting", params));
    for method in
        ["documentSymbol", "foldingRange", "semanticTokens/full", "codeLens", "documentLink", "diagnostic"]
    {
        asked.push(client.request(&format!("textDocument/{method}"), about(uri)));
    }
    asked.push(client.request("workspace/symbol", json!({"query": "u"})));
    asked
}

#[test]
fn every_request_is_answered_at_every_place_of_broken_text() {
    let folder = Folder::new();
    let mut client = TestClient::with(handlers::all(), commands::all());
    client.initialize(json!({
        "capabilities": {"textDocument": {
            "diagnostic": {},
            "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}},
        }},
        "workspaceFolders": [{"uri": folder.uri(""), "name": "shop"}],
        "initializationOptions": {"trusted": true},
    }));
    for (name, text) in [
        (
            "atlas.hcl",
            "env \"lo😀cal\" {\n  url = \"${local.}\n  src = [\"file://schema.hcl\"\n}\nlocals { a = ",
        ),
        ("schema.hcl", "table \"users\" {\n  schema = schema.\n  column \"é\" { type = in }\n  index \""),
        (
            "schema.sql",
            "CREATE TABLE users (id integer, name text DEFAULT '字', \nSELECT * FROM us;\nALTER TABLE ",
        ),
    ] {
        let uri = folder.uri(name);
        client.notify("textDocument/didOpen", open(&uri, text));
        let mut asked = Vec::new();
        for (line, content) in text.lines().enumerate() {
            for character in 0..=content.encode_utf16().count() as u32 {
                asked.extend(ask_everything(&mut client, &uri, line as u32, character));
            }
        }
        for id in asked {
            let answer = client.answer(id);
            assert_eq!(answer.get("error"), None, "{name}: {answer}");
        }
    }
    client.leave();
}

#[cfg(unix)]
#[test]
fn neither_program_nor_port_is_touched_before_a_yes() {
    let folder = Folder::new();
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    port.set_nonblocking(true).expect("a socket");
    let touched = folder.path("touched");
    let config = format!(
        "data \"external\" \"name\" {{\n  program = [\"touch\", {touched:?}]\n}}\n\
         env \"local\" {{\n  src = \"file://schema.hcl\"\n  url = \"postgres://u:p@127.0.0.1:{}/${{data.external.name}}\"\n}}\n",
        port.local_addr().expect("an address").port()
    );
    folder.write("atlas.hcl", &config);
    let quiet = |touched: &Path| {
        assert!(!touched.exists(), "the program ran");
        assert!(port.accept().is_err(), "somebody connected");
    };
    let uri = folder.uri("atlas.hcl");
    let argument = json!({"uri": uri, "env": "local"});
    for trusted in [false, true] {
        let mut client = folder.client(trusted);
        client.notify("textDocument/didOpen", open(&uri, &config));
        status(&mut client, |status| status["folders"][0]["env"] == "local");
        client.ask("textDocument/diagnostic", about(&uri));
        let id = client
            .request("workspace/executeCommand", json!({"command": "atlas.plan", "arguments": [argument]}));
        if trusted {
            let question = client.heard("window/showMessageRequest");
            quiet(&touched);
            client.reply(&question, Value::Null);
            assert_eq!(client.answer(id)["error"], -32803);
        } else {
            client.answer(id);
        }
        quiet(&touched);
        client.leave();
    }
    let mut client = folder.client(true);
    status(&mut client, |status| status["folders"][0]["env"] == "local");
    let id =
        client.request("workspace/executeCommand", json!({"command": "atlas.plan", "arguments": [argument]}));
    let question = client.heard("window/showMessageRequest");
    client.reply(&question, json!({"title": "Allow for This Session"}));
    client.answer(id);
    assert!(touched.exists(), "a yes is a yes");
    client.leave();
}
