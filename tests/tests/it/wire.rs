//! Random edits through the wire: whatever is typed, the server stays up, answers everything, and ends with the state
//! that a fresh server has on the same text.
//!
//! The edits come from a generator with a fixed seed, so a failure repeats. `ATLAS_LS_LONG=1` types ten times as much.

use serde_json::{Value, json};
use tests::{Client, Config, Workspace};

/// What people type, in pieces: half-typed code, quotes that open and do not close, other scripts, other line ends.
const PIECES: [&str; 36] = [
    "a",
    "x",
    " ",
    "\n",
    "\r\n",
    "\r",
    "\"",
    "'",
    "`",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "=",
    ".",
    ",",
    ";",
    "#",
    "--",
    "/*",
    "*/",
    "<<-SQL\n",
    "SQL\n",
    "${",
    "column \"é\" {\n",
    "table \"表\" {",
    "type = ",
    "😀",
    "👩‍👩‍👧",
    "日本",
    "CREATE TABLE t (",
    "null = true\n",
    "schema.main",
    "\t",
];

/// Requests that editors send while one types.
const REQUESTS: [&str; 7] = [
    "textDocument/completion",
    "textDocument/hover",
    "textDocument/documentSymbol",
    "textDocument/foldingRange",
    "textDocument/semanticTokens/full",
    "textDocument/diagnostic",
    "textDocument/definition",
];

/// xorshift64*, which is random enough for typing.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() >> 33) as usize % limit.max(1)
    }
}

/// The nearest place at or before an offset where a character begins.
fn boundary(text: &str, mut offset: usize) -> usize {
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    // A client never splits a line end.
    if text[..offset].ends_with('\r') && text[offset..].starts_with('\n') { offset - 1 } else { offset }
}

fn type_at_random(file: &str, language: &str, start: &str, seed: u64) {
    let edits = if std::env::var_os("ATLAS_LS_LONG").is_some() { 6_000 } else { 600 };
    let workspace = Workspace::new(
        "-- atlas.hcl --\nenv \"local\" {\n  url = \"sqlite://app.db\"\n  dev = \"sqlite://dev?mode=memory\"\n}\n",
    );
    workspace.write(file, start);
    let mut client = Client::start(&workspace, Config::trusted());
    let uri = workspace.uri(file);
    client.open(&uri, language, start);
    let mut random = Random(seed);
    let mut waiting = Vec::new();
    for _ in 0..edits {
        let text = client.document(&uri).text.clone();
        let from = boundary(&text, random.below(text.len() + 1));
        // More is deleted when the text has grown, so that it stays about as long as it was.
        let reach = if text.len() > 2 * start.len() { 40 } else { 6 };
        let to = if random.below(3) == 0 {
            boundary(&text, (from + random.below(reach)).min(text.len())).max(from)
        } else {
            from
        };
        let piece = if random.below(5) == 0 { "" } else { PIECES[random.below(PIECES.len())] };
        client.edit(&uri, from..to, piece);
        if random.below(3) == 0 {
            let method = REQUESTS[random.below(REQUESTS.len())];
            let at =
                boundary(&client.document(&uri).text, random.below(client.document(&uri).text.len() + 1));
            let id = client.send(method, client.place_at(&uri, at));
            if random.below(4) == 0 {
                client.cancel(id);
            }
            waiting.push(id);
        }
        if waiting.len() > 20 {
            settle(&mut client, &mut waiting);
        }
    }
    settle(&mut client, &mut waiting);
    let text = client.document(&uri).text.clone();
    let edited = state(&mut client, &uri);
    client.shutdown();

    let mut fresh = Client::start(&workspace, Config::trusted());
    fresh.open(&uri, language, &text);
    let expected = state(&mut fresh, &uri);
    fresh.shutdown();
    for ((what, edited), (_, expected)) in edited.iter().zip(&expected) {
        assert_eq!(edited, expected, "{what} differs after {edits} edits of seed {seed} on\n{text}");
    }
}

/// Waits for every answer. Cancelled and outdated ones are errors, which is fine; none may be missing.
fn settle(client: &mut Client, waiting: &mut Vec<i64>) {
    const CANCELLED: i64 = -32800;
    const CONTENT_MODIFIED: i64 = -32801;
    const SERVER_CANCELLED: i64 = -32802;
    for id in waiting.drain(..) {
        if let Err(error) = client.answer(id) {
            let codes = [CANCELLED, CONTENT_MODIFIED, SERVER_CANCELLED];
            assert!(codes.contains(&error.code), "{} ({})\n{}", error.message, error.code, client.log());
        }
    }
}

/// All that a file shows, without ids that count requests.
fn state(client: &mut Client, uri: &str) -> Vec<(&'static str, Value)> {
    let document = json!({ "textDocument": { "uri": uri } });
    let diagnostics = Value::Array(client.diagnostics(uri));
    let mut ask = |method: &'static str| {
        let mut answer = client.request(method, document.clone());
        if let Some(object) = answer.as_object_mut() {
            object.remove("resultId");
        }
        (method, answer)
    };
    vec![
        ask("textDocument/documentSymbol"),
        ask("textDocument/foldingRange"),
        ask("textDocument/semanticTokens/full"),
        ("diagnostics", diagnostics),
    ]
}

const HCL: &str = "schema \"main\" {\n}\n\ntable \"users\" {\n  schema = schema.main\n  column \"id\" {\n    type = integer\n  }\n  column \"name\" {\n    type    = text\n    default = \"😀\"\n  }\n  primary_key {\n    columns = [column.id]\n  }\n}\n";
const SQL: &str = "-- people\nCREATE TABLE users (\n  id integer PRIMARY KEY,\n  name text NOT NULL DEFAULT '😀'\n);\nCREATE INDEX users_name ON users (name);\nCREATE VIEW v AS SELECT * FROM users;\n";
const CONFIG: &str = "variable \"x\" {\n  type    = string\n  default = \"表\"\n}\n\nenv \"local\" {\n  url = \"sqlite://${var.x}.db\"\n  dev = \"sqlite://dev?mode=memory\"\n  lint {\n    destructive {\n      error = true\n    }\n  }\n}\n";

#[test]
fn hcl_typed_at_random_ends_as_on_a_fresh_server() {
    type_at_random("schema.lt.hcl", "atlas-schema-sqlite", HCL, 0x9e37_79b9_7f4a_7c15);
}

#[test]
fn sql_typed_at_random_ends_as_on_a_fresh_server() {
    type_at_random("schema.sql", "sql", SQL, 0xbf58_476d_1ce4_e5b9);
}

#[test]
fn config_typed_at_random_ends_as_on_a_fresh_server() {
    type_at_random("atlas.hcl", "atlas-config", CONFIG, 0x94d0_49bb_1331_11eb);
}

#[test]
fn crlf_typed_at_random_ends_as_on_a_fresh_server() {
    type_at_random("schema.lt.hcl", "atlas-schema-sqlite", &HCL.replace('\n', "\r\n"), 0xd6e8_feb8_6659_fd93);
}
