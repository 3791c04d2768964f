//! The life of a session: how the server is started, what it says of itself, and how it leaves.

use serde_json::{Value, json};
use tests::client::Encoding;
use tests::{Client, Config, Workspace};

const FIXTURE: &str = r#"
-- atlas.hcl --
env "local" {
  url = "sqlite://app.db"
  dev = "sqlite://dev?mode=memory"
  src = "file://schema.lt.hcl"
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
"#;

const METHOD_NOT_FOUND: i64 = -32601;

fn open(workspace: &Workspace, config: Config) -> (Client, String) {
    let mut client = Client::start(workspace, config);
    let uri = workspace.uri("schema.lt.hcl");
    client.open(&uri, "atlas-schema-sqlite", &workspace.read("schema.lt.hcl"));
    (client, uri)
}

#[test]
fn every_way_to_start_it_that_editors_use_works() {
    for args in [&["lsp"][..], &["--stdio"], &["tool", "lsp", "--stdio"]] {
        let workspace = Workspace::new(FIXTURE);
        let args = args.iter().map(|arg| (*arg).to_owned()).collect();
        let (mut client, uri) = open(&workspace, Config { args, ..Config::trusted() });
        assert_eq!(client.diagnostics(&uri), [] as [Value; 0]);
        client.shutdown();
    }
}

#[test]
fn a_client_that_vanishes_takes_the_server_with_it() {
    let workspace = Workspace::new(FIXTURE);
    let (client, _) = open(&workspace, Config::trusted());
    let code = client.vanish();
    assert!(code.is_some(), "it left by itself");
}

#[test]
fn an_unknown_request_is_answered_and_an_unknown_notification_is_not() {
    let workspace = Workspace::new(FIXTURE);
    let (mut client, _) = open(&workspace, Config::trusted());
    client.notify("$/nobodyKnows", json!({}));
    client.notify("nobody/knows", json!({}));
    let error = client.try_request("nobody/knows", json!({})).expect_err("it cannot know that");
    assert_eq!(error.code, METHOD_NOT_FOUND);
    client.shutdown();
}

#[test]
fn the_position_encoding_is_one_the_client_offered() {
    for encodings in [
        vec![Encoding::Utf8],
        vec![Encoding::Utf16],
        vec![Encoding::Utf32],
        vec![Encoding::Utf32, Encoding::Utf16],
    ] {
        let workspace = Workspace::new(FIXTURE);
        let client = Client::start(&workspace, Config { encodings: encodings.clone(), ..Config::trusted() });
        // UTF-16 is what every client understands, offered or not.
        assert!(encodings.contains(&client.encoding) || client.encoding == Encoding::Utf16);
        client.shutdown();
    }
}

#[test]
fn edits_behind_emoji_land_in_every_encoding() {
    for encoding in [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32] {
        let workspace = Workspace::new(FIXTURE);
        let (mut client, uri) = open(&workspace, Config { encodings: vec![encoding], ..Config::trusted() });
        assert_eq!(client.encoding, encoding);
        client.replace(&uri, "schema \"main\"", "/* 😀 表 é */ schema \"main\"");
        assert_eq!(client.diagnostics(&uri), [] as [Value; 0]);
        client.replace(&uri, "é */ schema", "é */ schemas");
        let found = client.diagnostics(&uri);
        assert!(!found.is_empty());
        let document = client.document(&uri);
        assert_eq!(document.slice(&found[0]["range"], encoding), "schemas", "{found:?}");
        client.shutdown();
    }
}

/// A capability, the request it promises, and whether the request takes more than a document.
fn promised(uri: &str) -> Vec<(&'static str, &'static str, Value)> {
    let document = json!({ "uri": uri });
    let position = json!({ "line": 2, "character": 3 });
    let range = json!({ "start": { "line": 0, "character": 0 }, "end": position });
    let here = json!({ "textDocument": document, "position": position });
    let whole = json!({ "textDocument": document });
    let options = json!({ "tabSize": 2, "insertSpaces": true });
    vec![
        ("hoverProvider", "textDocument/hover", here.clone()),
        ("completionProvider", "textDocument/completion", here.clone()),
        ("signatureHelpProvider", "textDocument/signatureHelp", here.clone()),
        ("definitionProvider", "textDocument/definition", here.clone()),
        ("declarationProvider", "textDocument/declaration", here.clone()),
        ("typeDefinitionProvider", "textDocument/typeDefinition", here.clone()),
        ("implementationProvider", "textDocument/implementation", here.clone()),
        ("documentHighlightProvider", "textDocument/documentHighlight", here.clone()),
        ("linkedEditingRangeProvider", "textDocument/linkedEditingRange", here.clone()),
        ("callHierarchyProvider", "textDocument/prepareCallHierarchy", here),
        (
            "referencesProvider",
            "textDocument/references",
            json!({ "textDocument": document, "position": position, "context": { "includeDeclaration": true } }),
        ),
        (
            "renameProvider",
            "textDocument/rename",
            json!({ "textDocument": document, "position": position, "newName": "x" }),
        ),
        ("documentSymbolProvider", "textDocument/documentSymbol", whole.clone()),
        ("foldingRangeProvider", "textDocument/foldingRange", whole.clone()),
        ("codeLensProvider", "textDocument/codeLens", whole.clone()),
        ("documentLinkProvider", "textDocument/documentLink", whole.clone()),
        ("colorProvider", "textDocument/documentColor", whole.clone()),
        ("diagnosticProvider", "textDocument/diagnostic", whole.clone()),
        ("semanticTokensProvider", "textDocument/semanticTokens/full", whole),
        (
            "selectionRangeProvider",
            "textDocument/selectionRange",
            json!({ "textDocument": document, "positions": [position] }),
        ),
        ("inlayHintProvider", "textDocument/inlayHint", json!({ "textDocument": document, "range": range })),
        (
            "codeActionProvider",
            "textDocument/codeAction",
            json!({ "textDocument": document, "range": range, "context": { "diagnostics": [] } }),
        ),
        (
            "documentFormattingProvider",
            "textDocument/formatting",
            json!({ "textDocument": document, "options": options }),
        ),
        (
            "documentRangeFormattingProvider",
            "textDocument/rangeFormatting",
            json!({ "textDocument": document, "range": range, "options": options }),
        ),
        (
            "documentOnTypeFormattingProvider",
            "textDocument/onTypeFormatting",
            json!({ "textDocument": document, "position": position, "ch": "}", "options": options }),
        ),
        ("workspaceSymbolProvider", "workspace/symbol", json!({ "query": "users" })),
    ]
}

#[test]
fn everything_advertised_is_handled_and_the_reverse() {
    let workspace = Workspace::new(FIXTURE);
    let (mut client, uri) = open(&workspace, Config::trusted());
    let capabilities = client.server["capabilities"].clone();
    let mut wrong = Vec::new();
    for (capability, method, params) in promised(&uri) {
        let advertised = !matches!(capabilities[capability], Value::Null | Value::Bool(false))
            || client.registered.contains_key(method);
        let handled = match client.try_request(method, params) {
            Ok(_) => true,
            Err(error) => error.code != METHOD_NOT_FOUND,
        };
        if advertised != handled {
            wrong.push(format!("{method}: advertised {advertised}, handled {handled}"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    client.shutdown();
}

#[test]
fn the_commands_are_advertised_as_a_list() {
    let workspace = Workspace::new(FIXTURE);
    let client = Client::start(&workspace, Config::trusted());
    let commands = &client.server["capabilities"]["executeCommandProvider"]["commands"];
    for command in ["atlas.plan", "atlas.apply", "atlas.inspect", "atlas.diff"] {
        assert!(
            commands.as_array().is_some_and(|all| all.iter().any(|it| it == command)),
            "{command}: {commands}"
        );
    }
    client.shutdown();
}
