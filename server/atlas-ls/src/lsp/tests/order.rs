//! No stale read, no lost edit, no unanswered request, whatever comes in between.

use std::collections::HashMap;

use serde_json::{Value, json};

use super::{TestClient, about, insert, open, plain};

const URI: &str = "file:///w/schema.sql";

#[test]
fn a_read_sees_every_edit_before_it_and_none_after() {
    let (mut client, _) = TestClient::ready(plain());
    client.notify("textDocument/didOpen", open(URI, ""));
    let mut expected = HashMap::new();
    let mut text = String::new();
    for version in 2..600 {
        // Astral characters in front, so that a wrong unit shows at once.
        let piece = ["é", "😀", "x\n", "字"][version as usize % 4];
        client.notify("textDocument/didChange", insert(URI, version, 0, 0, piece));
        text.insert_str(0, piece);
        let id = client.request("test/finish", about(URI));
        expected.insert(id, json!({"version": version, "text": text}));
    }
    for (id, expected) in expected {
        assert_eq!(client.answer(id), expected);
    }
    client.leave();
}

#[test]
fn thousands_of_edits_reads_and_cancellations_are_all_answered_and_none_is_stale() {
    let (mut client, _) = TestClient::ready(plain());
    let uris = ["file:///w/a.hcl", "file:///w/b%20b.hcl", "untitled:Untitled-1"];
    let mut texts: HashMap<&str, (i32, String)> = HashMap::new();
    for uri in uris {
        client.notify("textDocument/didOpen", open(uri, ""));
        texts.insert(uri, (1, String::new()));
    }
    let mut random = Random(42);
    let mut expected: Vec<(i64, &str, Value)> = Vec::new();
    for _ in 0..4000 {
        let uri = uris[random.below(3)];
        let (version, text) = texts.get_mut(uri).expect("a document");
        match random.below(10) {
            0..4 => {
                *version += 1;
                let piece = ["a", "é\r\n", "😀", "\n", ""][random.below(5)];
                client.notify("textDocument/didChange", replace(uri, *version, text, &mut random, piece));
            }
            4..8 => {
                let method = ["test/refuse", "test/rerun", "test/finish", "test/quick"][random.below(4)];
                let id = client.request(method, about(uri));
                expected.push((id, method, json!({"version": version, "text": text})));
            }
            8 => {
                if let Some((id, _, _)) = expected.get(random.below(expected.len().max(1))) {
                    client.cancel(*id);
                }
            }
            _ => client.notify("$/unknown", json!({})),
        }
    }
    let mut outcomes = HashMap::new();
    for (id, method, seen) in expected {
        let answer = client.answer(id);
        let outcome = match (method, answer["error"].as_i64()) {
            (_, Some(-32800)) => "cancelled",
            ("test/refuse", Some(-32801)) => "refused",
            ("test/rerun", None) if answer["version"].as_i64() >= seen["version"].as_i64() => {
                "as new or newer"
            }
            _ => {
                assert_eq!(answer, seen, "{method}");
                "as asked"
            }
        };
        *outcomes.entry(outcome).or_insert(0) += 1;
    }
    assert!(outcomes["as asked"] > 300, "{outcomes:?}");
    for uri in uris {
        let (version, text) = &texts[uri];
        assert_eq!(client.ask("test/quick", about(uri)), json!({"version": version, "text": text}));
    }
    client.leave();
}

/// `didChange` parameters for a random replacement, which is also made to `text`.
pub(super) fn replace(uri: &str, version: i32, text: &mut String, random: &mut Random, piece: &str) -> Value {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    // No place within `\r\n`: it has no position.
    let within = |at: &usize| text[..*at].ends_with('\r') && text[*at..].starts_with('\n');
    let places: Vec<usize> = places.into_iter().filter(|at| !within(at)).collect();
    let from = random.below(places.len());
    let to = (from + random.below(3)).min(places.len() - 1);
    let range = json!({"start": position(text, places[from]), "end": position(text, places[to])});
    text.replace_range(places[from]..places[to], piece);
    let change = json!({"range": range, "text": piece});
    json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": [change]})
}

/// The place in UTF-16, counted the slow way.
fn position(text: &str, at: usize) -> Value {
    let before = &text[..at];
    let (mut line, mut character) = (0, 0);
    let mut chars = before.chars().peekable();
    while let Some(ch) = chars.next() {
        match ch {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' => (line, character) = (line + 1, 0),
            ch => character += ch.len_utf16(),
        }
    }
    json!({"line": line, "character": character})
}

/// Xorshift: the same numbers in every run.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}
