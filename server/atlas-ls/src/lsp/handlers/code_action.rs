//! `textDocument/codeAction`: fixes of what is wrong at a place, and all safe ones of a file.

use gen_lsp_types::{
    CodeAction as LspAction, CodeActionKind, CodeActionOptions, CodeActionParams, CodeActionProvider,
    CodeActionRequest, CodeActionResponse, ServerCapabilities,
};
use ide::ActionKind;

use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::failure::Failure;
use crate::lsp::handler::Handler;
use crate::lsp::snapshot::Snapshot;
use crate::lsp::{convert, diagnostics};

pub(super) struct CodeAction;

const FIX_ALL: &str = "source.fixAll.atlas";

impl Handler for CodeAction {
    type Request = CodeActionRequest;

    fn advertise(capabilities: &mut ServerCapabilities, client: &ClientCaps) {
        // Without literals a client takes commands only, and an edit is no command.
        if client.code_action_literals {
            capabilities.code_action_provider =
                Some(CodeActionProvider::CodeActionOptions(CodeActionOptions {
                    code_action_kinds: Some(vec![CodeActionKind::QuickFix, CodeActionKind::new(FIX_ALL)]),
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
        let range = convert::range_in(&document.text, params.range, snapshot.client.encoding);
        let wanted = params.context.only.as_deref();
        let actions = ide::fixes(&snapshot.project, file, range);
        cancel.check()?;
        let shown = actions.into_iter().filter(|action| asked(wanted, action.kind)).filter_map(|action| {
            // A client that cannot rename files is not offered to.
            let edit = snapshot.workspace_edit_of(&action.edits, &action.files)?;
            let about = action.diagnostics.iter();
            let about =
                about.map(|found| diagnostics::shown(snapshot, document, &document.text, found)).collect();
            Some(CodeActionResponse::CodeAction(LspAction {
                kind: Some(kind(action.kind)),
                diagnostics: Some(about),
                is_preferred: action.preferred.then_some(true),
                edit: Some(edit),
                title: action.title,
                ..Default::default()
            }))
        });
        Ok(Some(shown.collect()))
    }
}

fn kind(kind: ActionKind) -> CodeActionKind {
    match kind {
        ActionKind::QuickFix => CodeActionKind::QuickFix,
        ActionKind::FixAll => CodeActionKind::new(FIX_ALL),
    }
}

/// Whether the client wants this kind: itself, or one it is a part of. Actions on the whole file only when named.
fn asked(wanted: Option<&[CodeActionKind]>, action: ActionKind) -> bool {
    let name = kind(action).to_string();
    match wanted {
        None | Some([]) => action == ActionKind::QuickFix,
        Some(kinds) => kinds.iter().any(|kind| {
            let kind = kind.to_string();
            kind.is_empty()
                || name == kind
                || name.strip_prefix(&kind).is_some_and(|rest| rest.starts_with('.'))
        }),
    }
}
