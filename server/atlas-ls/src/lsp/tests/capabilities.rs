//! Advertised is handled and handled is advertised; and what each kind of client is told.
//!
//! The profiles of VS Code (vscode-languageclient 9.0), Neovim (0.7) and Emacs (eglot, Emacs 28) were recorded; the
//! one of LSP4IJ was written down from its `ClientCapabilitiesFactory`.

use std::collections::BTreeSet;

use expect_test::{ExpectFile, expect_file};
use serde_json::{Value, json};

use super::TestClient;
use crate::lsp::client::ClientCaps;
use crate::lsp::{commands, handlers, lifecycle, notices};

/// What each capability of LSP 3.18 makes clients send.
const PROMISES: &[(&str, &[&str])] = &[
    ("/textDocumentSync/openClose", &["textDocument/didOpen", "textDocument/didClose"]),
    ("/textDocumentSync/change", &["textDocument/didChange"]),
    ("/textDocumentSync/willSave", &["textDocument/willSave"]),
    ("/textDocumentSync/willSaveWaitUntil", &["textDocument/willSaveWaitUntil"]),
    ("/textDocumentSync/save", &["textDocument/didSave"]),
    ("/completionProvider", &["textDocument/completion"]),
    ("/completionProvider/resolveProvider", &["completionItem/resolve"]),
    ("/hoverProvider", &["textDocument/hover"]),
    ("/signatureHelpProvider", &["textDocument/signatureHelp"]),
    ("/declarationProvider", &["textDocument/declaration"]),
    ("/definitionProvider", &["textDocument/definition"]),
    ("/typeDefinitionProvider", &["textDocument/typeDefinition"]),
    ("/implementationProvider", &["textDocument/implementation"]),
    ("/referencesProvider", &["textDocument/references"]),
    ("/documentHighlightProvider", &["textDocument/documentHighlight"]),
    ("/documentSymbolProvider", &["textDocument/documentSymbol"]),
    ("/codeActionProvider", &["textDocument/codeAction"]),
    ("/codeActionProvider/resolveProvider", &["codeAction/resolve"]),
    ("/codeLensProvider", &["textDocument/codeLens"]),
    ("/codeLensProvider/resolveProvider", &["codeLens/resolve"]),
    ("/documentLinkProvider", &["textDocument/documentLink"]),
    ("/documentLinkProvider/resolveProvider", &["documentLink/resolve"]),
    ("/colorProvider", &["textDocument/documentColor", "textDocument/colorPresentation"]),
    ("/workspaceSymbolProvider", &["workspace/symbol"]),
    ("/workspaceSymbolProvider/resolveProvider", &["workspaceSymbol/resolve"]),
    ("/documentFormattingProvider", &["textDocument/formatting"]),
    ("/documentRangeFormattingProvider", &["textDocument/rangeFormatting"]),
    ("/documentRangeFormattingProvider/rangesSupport", &["textDocument/rangesFormatting"]),
    ("/documentOnTypeFormattingProvider", &["textDocument/onTypeFormatting"]),
    ("/renameProvider", &["textDocument/rename"]),
    ("/renameProvider/prepareProvider", &["textDocument/prepareRename"]),
    ("/foldingRangeProvider", &["textDocument/foldingRange"]),
    ("/selectionRangeProvider", &["textDocument/selectionRange"]),
    ("/executeCommandProvider", &["workspace/executeCommand"]),
    (
        "/callHierarchyProvider",
        &["textDocument/prepareCallHierarchy", "callHierarchy/incomingCalls", "callHierarchy/outgoingCalls"],
    ),
    ("/linkedEditingRangeProvider", &["textDocument/linkedEditingRange"]),
    ("/semanticTokensProvider/full", &["textDocument/semanticTokens/full"]),
    ("/semanticTokensProvider/full/delta", &["textDocument/semanticTokens/full/delta"]),
    ("/semanticTokensProvider/range", &["textDocument/semanticTokens/range"]),
    ("/monikerProvider", &["textDocument/moniker"]),
    (
        "/typeHierarchyProvider",
        &["textDocument/prepareTypeHierarchy", "typeHierarchy/supertypes", "typeHierarchy/subtypes"],
    ),
    ("/inlineValueProvider", &["textDocument/inlineValue"]),
    ("/inlayHintProvider", &["textDocument/inlayHint"]),
    ("/inlayHintProvider/resolveProvider", &["inlayHint/resolve"]),
    ("/diagnosticProvider", &["textDocument/diagnostic"]),
    ("/diagnosticProvider/workspaceDiagnostics", &["workspace/diagnostic"]),
    ("/inlineCompletionProvider", &["textDocument/inlineCompletion"]),
    ("/workspace/workspaceFolders/changeNotifications", &["workspace/didChangeWorkspaceFolders"]),
    ("/workspace/textDocumentContent", &["workspace/textDocumentContent"]),
    ("/workspace/fileOperations/didCreate", &["workspace/didCreateFiles"]),
    ("/workspace/fileOperations/willCreate", &["workspace/willCreateFiles"]),
    ("/workspace/fileOperations/didRename", &["workspace/didRenameFiles"]),
    ("/workspace/fileOperations/willRename", &["workspace/willRenameFiles"]),
    ("/workspace/fileOperations/didDelete", &["workspace/didDeleteFiles"]),
    ("/workspace/fileOperations/willDelete", &["workspace/willDeleteFiles"]),
];

/// What clients send without being told to, or because it is registered later.
const UNASKED: &[&str] = &[
    "initialized",
    "$/setTrace",
    "window/workDoneProgress/cancel",
    "workspace/didChangeConfiguration",
    "workspace/didChangeWatchedFiles",
    "atlas/didGrantTrust",
];

/// Everything a client could ask for.
fn greedy() -> ClientCaps {
    let mut client = ClientCaps::read(&profile("vscode"));
    client.virtual_documents = true;
    client
}

fn profile(name: &str) -> Value {
    let text = match name {
        "vscode" => include_str!("profiles/vscode.json"),
        "neovim" => include_str!("profiles/neovim.json"),
        "eglot" => include_str!("profiles/eglot.json"),
        _ => include_str!("profiles/lsp4ij.json"),
    };
    serde_json::from_str(text).expect("a profile is JSON")
}

fn promised(capabilities: &Value) -> BTreeSet<String> {
    let given = |pointer: &str| {
        capabilities.pointer(pointer).is_some_and(|value| !value.is_null() && *value != json!(false))
    };
    let promises = PROMISES.iter().filter(|(pointer, _)| given(pointer));
    promises.flat_map(|(_, methods)| methods.iter().map(|method| (*method).to_owned())).collect()
}

#[test]
fn advertised_is_handled_and_handled_is_advertised() {
    let handlers = handlers::all();
    let capabilities = lifecycle::capabilities(&handlers, &commands::all(), &greedy());
    let promised = promised(&serde_json::to_value(capabilities).expect("JSON"));
    let mut handled: BTreeSet<String> = handlers.iter().map(|entry| entry.method.to_string()).collect();
    handled.extend(notices::ALL.iter().map(|notice| notice.method.to_owned()));
    if !commands::all().is_empty() {
        handled.insert("workspace/executeCommand".into());
    }
    for unasked in UNASKED {
        assert!(handled.remove(*unasked), "{unasked} is not handled");
    }
    assert_eq!(promised, handled);
}

#[test]
fn every_capability_is_one_the_test_above_knows() {
    let capabilities = lifecycle::capabilities(&handlers::all(), &commands::all(), &greedy());
    let capabilities = serde_json::to_value(capabilities).expect("JSON");
    for name in capabilities.as_object().expect("an object").keys() {
        let known = PROMISES.iter().any(|(pointer, _)| pointer[1..].split('/').next() == Some(name));
        assert!(known || name == "positionEncoding", "{name}");
    }
}

#[test]
fn methods_and_commands_are_listed_once() {
    let mut seen = BTreeSet::new();
    for entry in handlers::all() {
        assert!(seen.insert(entry.method.as_str().to_owned()), "{}", entry.method);
    }
    for notice in notices::ALL {
        assert!(seen.insert(notice.method.to_owned()), "{}", notice.method);
    }
    for entry in commands::all() {
        assert!(seen.insert(entry.name.to_owned()), "{}", entry.name);
    }
}

macro_rules! answer {
    ($name:literal) => {
        expect_file![concat!(env!("CARGO_MANIFEST_DIR"), "/src/lsp/tests/profiles/", $name, ".answer.json")]
    };
}

fn golden(name: &str, expected: ExpectFile) {
    let mut client = TestClient::with(handlers::all(), commands::all());
    let mut answer = client.initialize(profile(name));
    assert_eq!(answer["serverInfo"]["version"].take(), env!("CARGO_PKG_VERSION"));
    expected.assert_eq(&format!("{:#}\n", answer));
}

#[test]
fn vscode_is_told() {
    golden("vscode", answer!("vscode"));
}

#[test]
fn neovim_is_told() {
    golden("neovim", answer!("neovim"));
}

#[test]
fn eglot_is_told() {
    golden("eglot", answer!("eglot"));
}

#[test]
fn lsp4ij_is_told() {
    golden("lsp4ij", answer!("lsp4ij"));
}
