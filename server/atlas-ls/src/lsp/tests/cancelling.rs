//! Cancelled, stale, panicking and slow requests.

use serde_json::{Value, json};

use super::{TestClient, about, gates, insert, open, plain};

const URI: &str = "file:///w/atlas.hcl";

fn opened() -> TestClient {
    let (mut client, _) = TestClient::ready(plain());
    client.notify("textDocument/didOpen", open(URI, "a"));
    client
}

fn held(gate: &str) -> Value {
    json!({"textDocument": {"uri": URI}, "gate": gate})
}

#[test]
fn slow_reads_do_not_hold_up_the_fast_lane() {
    let mut client = opened();
    let slow: Vec<i64> = (0..8).map(|_| client.request("test/finish", held("slow"))).collect();
    gates::arrived("slow", 2);
    assert_eq!(client.ask("test/quick", about(URI))["text"], "a");
    client.notify("textDocument/didChange", insert(URI, 2, 0, 1, "b"));
    assert_eq!(client.ask("test/quick", about(URI))["text"], "ab");
    gates::open("slow");
    for id in slow {
        assert_eq!(client.answer(id)["text"], "a");
    }
    client.leave();
}

#[test]
fn a_cancelled_request_is_answered_at_once_and_stops() {
    let mut client = opened();
    let running: Vec<i64> = (0..2).map(|_| client.request("test/finish", held("never"))).collect();
    gates::arrived("never", 2);
    let queued = client.request("test/finish", held("never"));
    for id in running.iter().chain([&queued]) {
        client.cancel(*id);
        assert_eq!(client.answer(*id)["error"], -32800);
    }
    // The lane is free again, which it would not be if they still ran.
    assert_eq!(client.ask("test/finish", about(URI))["text"], "a");
    client.leave();
}

#[test]
fn cancelling_what_is_answered_or_unknown_does_nothing() {
    let mut client = opened();
    let id = client.request("test/quick", about(URI));
    client.answer(id);
    client.cancel(id);
    client.cancel(999);
    client.notify("$/cancelRequest", json!({"id": [1]}));
    client.notify("$/cancelRequest", Value::Null);
    assert_eq!(client.ask("test/quick", about(URI))["text"], "a");
    client.leave();
}

#[test]
fn an_edit_refuses_reads_of_its_document_only() {
    let mut client = opened();
    client.notify("textDocument/didOpen", open("file:///w/other.hcl", "o"));
    let stale = client.request("test/refuse", held("edit"));
    let other = json!({"textDocument": {"uri": "file:///w/other.hcl"}, "gate": "edit"});
    let other = client.request("test/refuse", other);
    gates::arrived("edit", 2);
    client.notify("textDocument/didChange", insert(URI, 2, 0, 0, "b"));
    assert_eq!(client.answer(stale)["error"], -32801);
    gates::open("edit");
    assert_eq!(client.answer(other)["text"], "o");
    client.leave();
}

#[test]
fn what_may_run_again_answers_for_the_newest_text() {
    let mut client = opened();
    let id = client.request("test/rerun", held("again"));
    gates::arrived("again", 1);
    client.notify("textDocument/didChange", insert(URI, 2, 0, 1, "b"));
    gates::arrived("again", 2);
    client.notify("textDocument/didChange", insert(URI, 3, 0, 2, "c"));
    gates::arrived("again", 3);
    gates::open("again");
    assert_eq!(client.answer(id), json!({"version": 3, "text": "abc"}));
    client.leave();
}

#[test]
fn what_runs_again_can_still_be_cancelled() {
    let mut client = opened();
    let id = client.request("test/rerun", held("rerun-cancel"));
    gates::arrived("rerun-cancel", 1);
    client.notify("textDocument/didChange", insert(URI, 2, 0, 1, "b"));
    gates::arrived("rerun-cancel", 2);
    client.cancel(id);
    assert_eq!(client.answer(id)["error"], -32800);
    client.leave();
}

#[test]
fn a_panic_is_the_failure_of_one_request() {
    let mut client = opened();
    for _ in 0..5 {
        let answer = client.ask("test/panic", json!("SECRET"));
        assert_eq!(answer["error"], -32603);
        assert!(!answer.to_string().contains("SECRET"), "{answer}");
        let answer = client.ask("workspace/executeCommand", json!({"command": "test.panic"}));
        assert_eq!(answer["error"], -32603);
    }
    assert_eq!(client.ask("test/finish", about(URI))["text"], "a");
    client.leave();
}

#[test]
fn an_id_in_use_is_refused_without_harm_to_its_owner() {
    let mut client = opened();
    let id = client.request("test/finish", held("twice"));
    gates::arrived("twice", 1);
    client.send(json!({"jsonrpc": "2.0", "id": id, "method": "test/finish", "params": held("twice")}));
    assert_eq!(client.answer(id)["error"], -32600);
    client.expect(id);
    gates::open("twice");
    assert_eq!(client.answer(id)["text"], "a");
    client.leave();
}

#[test]
fn shutdown_answers_everything_that_still_runs() {
    let mut client = opened();
    let id = client.request("test/finish", held("down"));
    gates::arrived("down", 1);
    let down = client.request("shutdown", Value::Null);
    assert_eq!(client.answer(id)["error"], -32800);
    assert_eq!(client.answer(down), Value::Null);
    client.notify("exit", Value::Null);
    assert_eq!(client.end(), "ExitCode(unix_exit_status(0))");
}

#[test]
fn a_read_that_hangs_is_answered_for_and_its_thread_replaced() {
    let patience = std::time::Duration::from_millis(50);
    let mut client = TestClient::impatient(super::probes::handlers(), super::probes::commands(), patience);
    client.initialize(plain());
    client.notify("textDocument/didOpen", open(URI, "a"));
    let stuck: Vec<i64> = (0..3).map(|_| client.request("test/stick", json!("stuck"))).collect();
    for id in stuck {
        assert_eq!(client.answer(id)["error"], -32803);
    }
    assert_eq!(client.ask("test/quick", about(URI))["text"], "a");
    gates::open("stuck");
    client.leave();
}
