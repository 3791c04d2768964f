//! What the client can do, as far as the server behaves differently for it.
//!
//! Read leniently from the raw JSON: a capability of an unexpected shape counts as absent and never fails
//! `initialize`. Invariant: what is absent means the weakest client.

use serde_json::Value;
use text::Encoding;

/// The client's capabilities and what it told in `initializationOptions`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ClientCaps {
    pub(crate) encoding: Encoding,
    pub(crate) pull_diagnostics: bool,
    pub(crate) refresh_diagnostics: bool,
    pub(crate) related_information: bool,
    pub(crate) diagnostic_versions: bool,
    pub(crate) watch_files: bool,
    pub(crate) relative_patterns: bool,
    pub(crate) configuration: bool,
    pub(crate) configuration_registration: bool,
    pub(crate) folders: bool,
    pub(crate) progress: bool,
    pub(crate) snippets: bool,
    pub(crate) label_details: bool,
    pub(crate) insert_replace: bool,
    pub(crate) item_defaults: Vec<String>,
    pub(crate) resolve_documentation: bool,
    pub(crate) markdown_hover: bool,
    pub(crate) markdown_completion: bool,
    pub(crate) hierarchical_symbols: bool,
    pub(crate) definition_links: bool,
    pub(crate) code_action_literals: bool,
    pub(crate) code_action_resolve: Vec<String>,
    /// Kinds of file operations in a workspace edit: `create`, `rename`, `delete`.
    pub(crate) resource_operations: Vec<String>,
    pub(crate) apply_edit: bool,
    /// File operations the client tells of before it does them: `willCreate`, `willRename`, `willDelete`.
    pub(crate) file_operations: Vec<String>,
    pub(crate) prepare_rename: bool,
    pub(crate) lines_folding_only: bool,
    pub(crate) folding_text: bool,
    pub(crate) refresh_tokens: bool,
    pub(crate) refresh_lenses: bool,
    pub(crate) token_types: Vec<String>,
    pub(crate) token_modifiers: Vec<String>,
    pub(crate) refresh_content: bool,
    /// `workspace/textDocumentContent`, or the same by `virtualDocuments` of the initialization options.
    pub(crate) virtual_documents: bool,
    /// The client introduced itself and knows the notifications of [`super::super::ext`]; others would warn of them.
    pub(crate) extensions: bool,
    /// The client shows its own dialog on `atlas/approve`.
    pub(crate) approval: bool,
    /// Commands that the client runs itself.
    pub(crate) commands: Vec<String>,
}

impl ClientCaps {
    /// From the parameters of `initialize`.
    pub(crate) fn read(params: &Value) -> Self {
        let capabilities = params.get("capabilities").unwrap_or(&Value::Null);
        let options = params.get("initializationOptions").unwrap_or(&Value::Null);
        let at = |pointer: &str| capabilities.pointer(pointer);
        let has = |pointer: &str| at(pointer).is_some_and(Value::is_object);
        let yes = |pointer: &str| at(pointer).and_then(Value::as_bool).unwrap_or(false);
        let list = |pointer: &str| strings(at(pointer));
        Self {
            encoding: encoding(&list("/general/positionEncodings")),
            pull_diagnostics: has("/textDocument/diagnostic"),
            refresh_diagnostics: yes("/workspace/diagnostics/refreshSupport"),
            related_information: yes("/textDocument/publishDiagnostics/relatedInformation")
                || yes("/textDocument/diagnostic/relatedInformation"),
            diagnostic_versions: yes("/textDocument/publishDiagnostics/versionSupport"),
            watch_files: yes("/workspace/didChangeWatchedFiles/dynamicRegistration"),
            relative_patterns: yes("/workspace/didChangeWatchedFiles/relativePatternSupport"),
            configuration: yes("/workspace/configuration"),
            configuration_registration: yes("/workspace/didChangeConfiguration/dynamicRegistration"),
            folders: yes("/workspace/workspaceFolders"),
            progress: yes("/window/workDoneProgress"),
            snippets: yes("/textDocument/completion/completionItem/snippetSupport"),
            label_details: yes("/textDocument/completion/completionItem/labelDetailsSupport"),
            insert_replace: yes("/textDocument/completion/completionItem/insertReplaceSupport"),
            item_defaults: list("/textDocument/completion/completionList/itemDefaults"),
            resolve_documentation: list("/textDocument/completion/completionItem/resolveSupport/properties")
                .iter()
                .any(|property| property == "documentation"),
            markdown_hover: list("/textDocument/hover/contentFormat").iter().any(|kind| kind == "markdown"),
            markdown_completion: list("/textDocument/completion/completionItem/documentationFormat")
                .iter()
                .any(|kind| kind == "markdown"),
            hierarchical_symbols: yes("/textDocument/documentSymbol/hierarchicalDocumentSymbolSupport"),
            definition_links: yes("/textDocument/definition/linkSupport"),
            code_action_literals: has("/textDocument/codeAction/codeActionLiteralSupport"),
            code_action_resolve: list("/textDocument/codeAction/resolveSupport/properties"),
            resource_operations: list("/workspace/workspaceEdit/resourceOperations"),
            apply_edit: yes("/workspace/applyEdit"),
            file_operations: ["willCreate", "willRename", "willDelete"]
                .into_iter()
                .filter(|name| yes(&format!("/workspace/fileOperations/{name}")))
                .map(str::to_owned)
                .collect(),
            prepare_rename: yes("/textDocument/rename/prepareSupport"),
            lines_folding_only: yes("/textDocument/foldingRange/lineFoldingOnly"),
            folding_text: yes("/textDocument/foldingRange/foldingRange/collapsedText"),
            refresh_tokens: yes("/workspace/semanticTokens/refreshSupport"),
            refresh_lenses: yes("/workspace/codeLens/refreshSupport"),
            token_types: list("/textDocument/semanticTokens/tokenTypes"),
            token_modifiers: list("/textDocument/semanticTokens/tokenModifiers"),
            refresh_content: has("/workspace/textDocumentContent"),
            virtual_documents: has("/workspace/textDocumentContent")
                || options.get("virtualDocuments").and_then(Value::as_bool).unwrap_or(false),
            extensions: options.get("client").is_some_and(Value::is_object),
            approval: options.get("approval").and_then(Value::as_bool).unwrap_or(false),
            commands: strings(options.get("commands")),
        }
    }

    /// Whether the client runs `command` itself.
    pub(crate) fn runs(&self, command: &str) -> bool {
        self.commands.iter().any(|known| known == command)
    }
}

fn strings(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Bytes are what we count ourselves, so they win wherever the client offers them.
fn encoding(offered: &[String]) -> Encoding {
    let offers = |name: &str| offered.iter().any(|offer| offer == name);
    if offers("utf-8") {
        Encoding::Utf8
    } else if offers("utf-32") && !offers("utf-16") {
        Encoding::Utf32
    } else {
        Encoding::Utf16
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn capabilities_of_odd_shapes_count_as_absent() {
        let odd = json!({"capabilities": {"workspace": [], "general": {"positionEncodings": "utf-8"}, "window": 1}});
        assert_eq!(ClientCaps::read(&odd), ClientCaps::default());
        assert_eq!(ClientCaps::read(&Value::Null), ClientCaps::default());
    }

    #[test]
    fn bytes_are_preferred_and_utf_16_is_the_fallback() {
        for (offered, chosen) in [
            (vec!["utf-16", "utf-8"], Encoding::Utf8),
            (vec!["utf-32"], Encoding::Utf32),
            (vec!["utf-32", "utf-16"], Encoding::Utf16),
            (vec!["ebcdic"], Encoding::Utf16),
            (vec![], Encoding::Utf16),
        ] {
            let params = json!({"capabilities": {"general": {"positionEncodings": offered}}});
            assert_eq!(ClientCaps::read(&params).encoding, chosen, "{offered:?}");
        }
    }
}
