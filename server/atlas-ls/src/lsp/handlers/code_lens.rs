//! `textDocument/codeLens`: Plan, Apply and Inspect over each env.
//!
//! In a client that has commands of its own for them they open its views and dialogs; elsewhere they are the
//! server's.

use gen_lsp_types::{
    CodeLens as LspLens, CodeLensOptions, CodeLensParams, CodeLensRequest, Command, ServerCapabilities,
};
use ide::{Lens, LensAction};
use serde_json::json;
use text::Text;

use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::convert;
use crate::lsp::failure::Failure;
use crate::lsp::handler::Handler;
use crate::lsp::snapshot::Snapshot;

pub(super) struct CodeLens;

impl Handler for CodeLens {
    type Request = CodeLensRequest;

    fn advertise(capabilities: &mut ServerCapabilities, _: &ClientCaps) {
        capabilities.code_lens_provider = Some(CodeLensOptions::default());
    }

    fn handle(
        snapshot: &Snapshot,
        params: CodeLensParams,
        _: &Cancel,
    ) -> Result<Option<Vec<LspLens>>, Failure> {
        let document = snapshot.document(&params.text_document.uri)?;
        let Some(file) = document.file else { return Ok(None) };
        let lenses = ide::code_lenses(&snapshot.project, file);
        Ok(Some(lenses.iter().map(|lens| shown(snapshot, &document.text, lens)).collect()))
    }
}

fn shown(snapshot: &Snapshot, text: &Text, lens: &Lens) -> LspLens {
    let (client, server) = match lens.action {
        LensAction::Plan => ("atlas.openPlan", "atlas.plan"),
        LensAction::Apply => ("atlas.applyEnv", "atlas.apply"),
        LensAction::Inspect => ("atlas.inspectEnv", "atlas.inspect"),
    };
    let command = if snapshot.client.runs(client) { client } else { server };
    let mut argument = json!({"uri": snapshot.uri_of_path(&lens.config)});
    if let (Some(env), Some(argument)) = (&lens.env, argument.as_object_mut()) {
        argument.insert("env".into(), json!(env.as_str()));
    }
    LspLens {
        range: convert::range_of(text, lens.range, snapshot.client.encoding),
        command: Some(Command {
            title: lens.title.into(),
            command: command.into(),
            arguments: Some(vec![argument]),
            ..Default::default()
        }),
        ..Default::default()
    }
}
