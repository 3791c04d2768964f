//! Random edits through the wire: nothing panics, everything is answered, and what is left is what a fresh server
//! says of the same text.

use serde_json::{Value, json};

use super::order::{Random, replace};
use super::project::{Folder, SCHEMA, ask_everything};
use super::{TestClient, open};
use crate::lsp::{commands, handlers};

const SQL: &str = "CREATE TABLE users (\n  id integer PRIMARY KEY,\n  name text NOT NULL\n);\nCREATE INDEX by_name ON users (name);\n";

/// What is typed, pasted and half typed.
const PIECES: &[&str] = &[
    "",
    "a",
    " ",
    "\n",
    "\r\n",
    "\"",
    "'",
    "{",
    "}",
    "(",
    ")",
    "[",
    "=",
    ".",
    ",",
    ";",
    "$",
    "${",
    "😀",
    "字",
    "é",
    "#",
    "--",
    "/*",
    "<<EOT\n",
    "EOT\n",
    "table \"t\" {\n",
    "column \"c\" {\n  type = text\n}\n",
    "schema.main",
    "column.id",
    "CREATE TABLE t (id int);\n",
    "ALTER TABLE users ",
    "SELECT ",
    "primary_key {",
    "null = true\n",
    "\t",
];

fn client(folder: &Folder) -> TestClient {
    let mut client = TestClient::with(handlers::all(), commands::all());
    client.initialize(json!({
        "capabilities": {"textDocument": {
            "diagnostic": {},
            "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": [""]}}},
        }},
        "workspaceFolders": [{"uri": folder.uri(""), "name": "shop"}],
    }));
    client
}

fn soup(name: &str, start: &str, seed: u64, edits: i32) {
    let folder = Folder::new();
    let uri = folder.uri(name);
    let mut client = client_with(&folder, &uri, start);
    let mut text = start.to_owned();
    let mut random = Random(seed);
    let mut asked = Vec::new();
    for version in 2..edits + 2 {
        let piece = PIECES[random.below(PIECES.len())];
        let change = replace(&uri, version, &mut text, &mut random, piece);
        client.notify("textDocument/didChange", change);
        if random.below(4) == 0 {
            let line = random.below(20) as u32;
            asked.extend(ask_everything(&mut client, &uri, line, random.below(30) as u32));
        }
    }
    for id in asked {
        let answer = client.answer(id);
        let error = answer.get("error").and_then(Value::as_i64);
        assert!(matches!(error, None | Some(-32801)), "{answer}\n{text}");
    }
    let mut fresh = client_with(&folder, &uri, &text);
    for (line, character) in [(0, 0), (1, 4), (3, 9), (7, 2)] {
        let here = ask_everything(&mut client, &uri, line, character);
        let there = ask_everything(&mut fresh, &uri, line, character);
        for (here, there) in here.into_iter().zip(there) {
            assert_eq!(client.answer(here), fresh.answer(there), "seed {seed}, {name}:\n{text}");
        }
    }
    client.leave();
    fresh.leave();
}

fn client_with(folder: &Folder, uri: &str, text: &str) -> TestClient {
    let mut client = client(folder);
    // What is on disk is read beside the loop; comparing answers takes both servers to know it.
    for name in ["atlas.hcl", "schema.hcl"] {
        let other = folder.uri(name);
        if other != uri {
            client.notify("textDocument/didOpen", open(&other, &folder.read(name)));
        }
    }
    client.notify("textDocument/didOpen", open(uri, text));
    client
}

#[test]
fn random_edits_of_schema_hcl_leave_what_a_fresh_server_says() {
    for seed in 1..6 {
        soup("schema.hcl", SCHEMA, seed, 150);
    }
}

#[test]
fn random_edits_of_sql_leave_what_a_fresh_server_says() {
    for seed in 1..6 {
        soup("other.sql", SQL, seed, 150);
    }
}

#[test]
fn random_edits_of_a_configuration_leave_what_a_fresh_server_says() {
    let folder = Folder::new();
    let config = folder.read("atlas.hcl");
    for seed in 1..4 {
        soup("atlas.hcl", &config, seed, 100);
    }
}
