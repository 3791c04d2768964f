//! The protocol edge, driven through its wire by a client in the same process.
//!
//! Handlers and commands of these tests do nothing but show when they run and what they see. Every wait ends by an
//! event, never by a clock; the one time limit turns a hang into a failure.

mod cancelling;
mod capabilities;
mod client;
mod gates;
mod lifecycle;
mod order;
mod probes;
mod project;
mod soup;
mod talking;

use serde_json::{Value, json};

pub(super) use self::client::TestClient;

/// A client of modest abilities.
fn plain() -> Value {
    json!({"processId": null, "rootUri": null, "capabilities": {}})
}

/// `didOpen` parameters.
fn open(uri: &str, text: &str) -> Value {
    json!({"textDocument": {"uri": uri, "languageId": "sql", "version": 1, "text": text}})
}

/// `didChange` parameters that insert `text` at a place.
fn insert(uri: &str, version: i32, line: u32, character: u32, text: &str) -> Value {
    let at = json!({"line": line, "character": character});
    let change = json!({"range": {"start": at, "end": at}, "text": text});
    json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]})
}

/// Parameters of a request about a document.
fn about(uri: &str) -> Value {
    json!({"textDocument": {"uri": uri}})
}
