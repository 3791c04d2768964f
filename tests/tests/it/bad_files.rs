//! Files that are no schema, opened in an editor: the server answers everything, and says what it can.
//!
//! Unreadable files on the command line are in `bad_input`. Invariant: a file of another kind, however large or deep,
//! costs its own analysis at most; the file beside it is understood as before.

use std::fs;

use serde_json::json;
use tests::{Client, Config, Workspace};

const CONFIG: &str =
    "env \"local\" {\n  dev = \"sqlite://dev?mode=memory\"\n  src = \"file://schema.lt.hcl\"\n}\n";
const SCHEMA: &str = "schema \"main\" {\n}\ntable \"users\" {\n  schema = schema.main\n  column \"id\" {\n    type = integr\n  }\n}\n";

fn workspace() -> Workspace {
    let workspace = Workspace::new("");
    workspace.write("atlas.hcl", CONFIG);
    workspace.write("schema.lt.hcl", SCHEMA);
    workspace
}

/// Asks all that editors ask of a file. Every request has an answer; on a slow machine that of a very large file may be
/// that it took too long, which is said in words.
fn ask_everything(client: &mut Client, uri: &str) {
    const REQUEST_FAILED: i64 = -32803;
    let document = json!({ "textDocument": { "uri": uri } });
    let place = json!({ "textDocument": { "uri": uri }, "position": { "line": 0, "character": 3 } });
    for (method, params) in [
        ("textDocument/documentSymbol", &document),
        ("textDocument/foldingRange", &document),
        ("textDocument/semanticTokens/full", &document),
        ("textDocument/documentLink", &document),
        ("textDocument/codeLens", &document),
        ("textDocument/diagnostic", &document),
        ("textDocument/hover", &place),
        ("textDocument/completion", &place),
        ("textDocument/definition", &place),
    ] {
        if let Err(error) = client.try_request(method, params.clone()) {
            let too_long = error.code == REQUEST_FAILED && error.message.contains("took too long");
            assert!(too_long, "{method}: {} ({})\n{}", error.message, error.code, client.log());
        }
    }
}

/// Opens `text`, asks everything, edits it, asks again; the schema beside it is still understood.
fn survives(name: &str, language: &str, text: &str) {
    let workspace = workspace();
    workspace.write(name, text);
    let mut client = Client::start(&workspace, Config::trusted());
    let uri = workspace.uri(name);
    client.open(&uri, language, text);
    if text.len() < 1_000_000 {
        ask_everything(&mut client, &uri);
    }
    client.edit(&uri, 0..0, "x");
    ask_everything(&mut client, &uri);
    client.edit(&uri, 0..1, "");
    let schema = workspace.uri("schema.lt.hcl");
    client.open(&schema, "atlas-schema-sqlite", SCHEMA);
    let found = client.diagnostics(&schema);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(client.document(&schema).slice(&found[0]["range"], client.encoding), "integr");
    let log = client.shutdown();
    assert!(!log.contains("panicked"), "{log}");
}

#[test]
fn control_characters_are_text_like_any_other() {
    let text: String = (0..2_000u32).map(|n| char::from_u32(n % 40).unwrap_or(' ')).collect();
    survives("noise.lt.hcl", "atlas-schema-sqlite", &text);
    survives("noise.sql", "sql", &text);
}

#[test]
fn five_megabytes_of_hcl() {
    let table = |n: usize| {
        format!(
            "table \"t{n}\" {{\n  schema = schema.main\n  column \"id\" {{\n    type = integer\n  }}\n  column \"name\" {{\n    type = text\n  }}\n}}\n"
        )
    };
    let text: String = (0..45_000).map(table).collect();
    assert!(text.len() > 5_000_000, "{}", text.len());
    survives("large.hcl", "atlas-schema-sqlite", &text);
}

#[test]
fn five_megabytes_in_one_line_of_sql() {
    let row = "(1, 'some text; with what it takes'), ";
    let text = format!("INSERT INTO t VALUES {}(2, 'end');\n", row.repeat(5_000_000 / row.len()));
    survives("large.sql", "sql", &text);
}

#[test]
fn nesting_deeper_than_any_stack() {
    for (open, close) in [("[", "]"), ("(", ")"), ("{ a = ", " }"), ("b {\n", "}\n"), ("\"${", "}\"")] {
        survives(
            "deep.lt.hcl",
            "atlas-schema-sqlite",
            &format!("x = {}1{}\n", open.repeat(20_000), close.repeat(20_000)),
        );
    }
    let deep = format!("CREATE TABLE t (a int CHECK ({}1{}));\n", "(".repeat(20_000), ")".repeat(20_000));
    survives("deep.sql", "sql", &deep);
    survives("never.sql", "sql", &"(".repeat(50_000));
}

#[test]
fn a_listed_file_that_is_no_text_is_reported_and_its_config_is_not_blamed_for_syntax() {
    let workspace = workspace();
    fs::write(workspace.path("schema.lt.hcl"), b"table \"caf\xe9\" {\n}\n").expect("just made");
    let mut client = Client::start(&workspace, Config::trusted());
    let uri = workspace.uri("atlas.hcl");
    client.open(&uri, "atlas-config", CONFIG);
    ask_everything(&mut client, &uri);
    let found = client.diagnostics(&uri);
    assert!(
        found.iter().all(|found| !found["code"].as_str().unwrap_or_default().starts_with("syntax")),
        "{found:?}"
    );
    client.shutdown();
    let output = workspace.run(&["check"]);
    assert!(output.render().contains("schema.lt.hcl"), "{}", output.render());
}

#[test]
fn a_file_is_the_same_however_its_uri_is_spelt() {
    let workspace = workspace();
    workspace.write("a b/tâble.lt.hcl", SCHEMA);
    let plain = workspace.uri("a b/tâble.lt.hcl");
    // Some clients encode more than they must, others less.
    let encoded = plain.replace("/a%20b/", "/%61%20b/").replace("lt.hcl", "lt%2Ehcl");
    let raw = plain.replace("t%C3%A2ble", "tâble");
    assert!(encoded != plain && raw != plain, "{plain}");
    for spelling in [&encoded, &raw] {
        let mut client = Client::start(&workspace, Config::trusted());
        client.open(spelling, "atlas-schema-sqlite", SCHEMA);
        let found = client.diagnostics(spelling);
        assert_eq!(found.len(), 1, "{spelling}: {found:?}");
        let document = json!({ "textDocument": { "uri": plain } });
        let symbols = client.request("textDocument/documentSymbol", document);
        assert_eq!(symbols.as_array().map(Vec::len), Some(2), "{spelling}: {symbols}");
        client.shutdown();
    }
}

#[test]
fn a_windows_uri_is_a_document_like_any_other() {
    let workspace = workspace();
    for uri in [
        "file:///c%3A/data/schema.lt.hcl",
        "file:///C:/data/schema.lt.hcl",
        "untitled:Untitled-1",
        "file://nas/share/schema.lt.hcl",
    ] {
        let mut client = Client::start(&workspace, Config::trusted());
        client.open(uri, "atlas-schema-sqlite", SCHEMA);
        ask_everything(&mut client, uri);
        let found = client.diagnostics(uri);
        assert_eq!(found.len(), 1, "{uri}: {found:?}");
        client.replace(uri, "integr", "integer");
        assert_eq!(client.diagnostics(uri).len(), 0, "{uri}");
        client.shutdown();
    }
}
