//! `textDocument/codeAction`: the fixes that diagnostics carry.

use std::collections::HashMap;

use gen_lsp_types::{
    CodeAction as LspAction, CodeActionKind, CodeActionOptions, CodeActionParams, CodeActionProvider,
    CodeActionRequest, CodeActionResponse, ServerCapabilities, TextEdit, Uri, WorkspaceEdit,
};
use text::{Applicability, Fix};

use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::documents::Document;
use crate::lsp::failure::Failure;
use crate::lsp::handler::Handler;
use crate::lsp::snapshot::Snapshot;
use crate::lsp::{convert, diagnostics};

pub(super) struct CodeAction;

impl Handler for CodeAction {
    type Request = CodeActionRequest;

    fn advertise(capabilities: &mut ServerCapabilities, client: &ClientCaps) {
        // Without literals a client takes commands only, and an edit is no command.
        if client.code_action_literals {
            capabilities.code_action_provider =
                Some(CodeActionProvider::CodeActionOptions(CodeActionOptions {
                    code_action_kinds: Some(vec![CodeActionKind::QuickFix]),
                    ..Default::default()
                }));
        }
    }

    fn handle(
        snapshot: &Snapshot,
        params: CodeActionParams,
        cancel: &Cancel,
    ) -> Result<Option<Vec<CodeActionResponse>>, Failure> {
        let document = snapshot.document(&params.text_document.uri)?;
        let Some(file) = document.file else { return Ok(None) };
        let wanted = params.context.only.as_ref();
        if wanted.is_some_and(|kinds| {
            !kinds.iter().any(|kind| matches!(kind, CodeActionKind::QuickFix | CodeActionKind::Empty))
        }) {
            return Ok(None);
        }
        let range = convert::range_in(&document.text, params.range, snapshot.client.encoding);
        let mut actions = Vec::new();
        for found in ide::diagnostics(&snapshot.project, file) {
            cancel.check()?;
            if found.range.intersect(range).is_none() {
                continue;
            }
            for fix in &found.fixes {
                actions.push(CodeActionResponse::CodeAction(LspAction {
                    title: fix.title.clone(),
                    kind: Some(CodeActionKind::QuickFix),
                    diagnostics: Some(vec![diagnostics::shown(snapshot, document, &document.text, &found)]),
                    is_preferred: (fix.applicability == Applicability::Safe || found.fixes.len() == 1)
                        .then_some(true),
                    edit: Some(edit(snapshot, document, fix)),
                    ..Default::default()
                }));
            }
        }
        Ok(Some(actions))
    }
}

fn edit(snapshot: &Snapshot, document: &Document, fix: &Fix) -> WorkspaceEdit {
    let encoding = snapshot.client.encoding;
    let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
    let here = convert::edits_of(&document.text, &fix.edits, encoding);
    changes.entry(document.uri.clone()).or_default().extend(here);
    for (place, insert) in &fix.elsewhere {
        if let Some(location) = snapshot.location(*place) {
            let edit = TextEdit { range: location.range, new_text: insert.clone() };
            changes.entry(location.uri).or_default().push(edit);
        }
    }
    changes.retain(|_, edits| !edits.is_empty());
    WorkspaceEdit { changes: Some(changes), ..Default::default() }
}
