//! From the first message to the exit code, and bad messages in between.

use serde_json::{Value, json};

use super::{TestClient, about, open, plain};

const SUCCESS: &str = "ExitCode(unix_exit_status(0))";
const FAILURE: &str = "ExitCode(unix_exit_status(1))";

#[test]
fn requests_out_of_order_are_refused() {
    let mut client = TestClient::new();
    assert_eq!(client.ask("test/quick", about("file:///x"))["error"], -32002);
    assert_eq!(client.ask("shutdown", Value::Null)["error"], -32002);
    client.notify("textDocument/didOpen", open("file:///x", "ignored"));
    assert!(client.initialize(plain())["capabilities"].is_object());
    assert_eq!(client.ask("initialize", plain())["error"], -32600);
    assert_eq!(client.ask("test/quick", about("file:///x")), Value::Null);
    assert_eq!(client.ask("test/none", Value::Null)["error"], -32601);
    assert_eq!(client.ask("test/quick", json!({"textDocument": 1}))["error"], -32602);
    assert_eq!(client.ask("shutdown", Value::Null), Value::Null);
    assert_eq!(client.ask("test/quick", about("file:///x"))["error"], -32600);
    client.notify("exit", Value::Null);
    assert_eq!(client.end(), SUCCESS);
}

#[test]
fn leaving_without_shutdown_is_a_failure() {
    let (mut client, _) = TestClient::ready(plain());
    client.notify("exit", Value::Null);
    assert_eq!(client.end(), FAILURE);

    let (mut client, _) = TestClient::ready(plain());
    client.hang_up();
    assert_eq!(client.end(), FAILURE);

    let (client, _) = TestClient::ready(plain());
    assert_eq!(client.leave(), SUCCESS);
}

#[test]
fn shutdown_and_exit_in_one_breath_are_still_answered() {
    let (mut client, _) = TestClient::ready(plain());
    client.request("shutdown", Value::Null);
    client.notify("exit", Value::Null);
    assert_eq!(client.end(), SUCCESS);
}

#[test]
fn messages_that_are_none_are_skipped() {
    let (mut client, _) = TestClient::ready(plain());
    client.notify("textDocument/didOpen", open("file:///x", "x"));
    client.raw(b"Content-Length: 3\r\n\r\n{\"}");
    client.raw(b"Content-Length: 2\r\n\r\n[]");
    client.raw(b"Content-Length: 1\r\n\r\n\xff");
    client.raw(b"hello\r\nContent-Length: no\r\n\r\n");
    client.raw(b"Content-Length: 0\r\n\r\n");
    client.send(json!({"jsonrpc": "2.0", "id": 77, "result": "to nothing"}));
    client.notify("textDocument/didChange", json!({"textDocument": {}}));
    client.notify("textDocument/didChange", json!([]));
    client.notify("no/such", Value::Null);
    assert_eq!(client.ask("test/quick", about("file:///x"))["text"], "x");
    client.leave();
}

#[test]
fn changes_of_documents_that_are_not_open_change_nothing() {
    let (mut client, _) = TestClient::ready(plain());
    client.notify("textDocument/didChange", super::insert("file:///none", 2, 0, 0, "x"));
    client.notify("textDocument/didClose", about("file:///none"));
    client.notify("textDocument/didSave", about("file:///none"));
    assert_eq!(client.ask("test/quick", about("file:///none")), Value::Null);
    client.leave();
}

#[test]
fn documents_are_one_whatever_the_spelling_of_their_uri() {
    let (mut client, _) = TestClient::ready(plain());
    client.notify("textDocument/didOpen", open("file:///c%3A/a%20b/%C3%BC.hcl", "x"));
    assert_eq!(client.ask("test/quick", about("file:///C:/a%20b/ü.hcl"))["text"], "x");
    client.notify("textDocument/didClose", about("file:///c:/a b/%c3%bc.hcl"));
    assert_eq!(client.ask("test/quick", about("file:///c%3A/a%20b/%C3%BC.hcl")), Value::Null);
    client.leave();
}

#[test]
fn positions_are_counted_as_agreed() {
    for (offer, name, at) in
        [("utf-8", "utf-8", 6), ("utf-16", "utf-16", 3), ("utf-32", "utf-32", 2), ("x", "utf-16", 3)]
    {
        let params = json!({"capabilities": {"general": {"positionEncodings": [offer]}}});
        let (mut client, answer) = TestClient::ready(params);
        assert_eq!(answer["capabilities"]["positionEncoding"], name);
        client.notify("textDocument/didOpen", open("file:///x", "é😀z"));
        client.notify("textDocument/didChange", super::insert("file:///x", 2, 0, at, "|"));
        assert_eq!(client.ask("test/quick", about("file:///x"))["text"], "é😀|z", "{offer}");
        client.leave();
    }
}
