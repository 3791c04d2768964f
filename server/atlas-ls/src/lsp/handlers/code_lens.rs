//! `textDocument/codeLens`: Plan, Apply and Inspect over each env.
//!
//! In a client that has commands of its own for them they open its views and dialogs; elsewhere they are the
//! server's.

use gen_lsp_types::{
    CodeLens as LspLens, CodeLensOptions, CodeLensParams, CodeLensRequest, Command, ServerCapabilities,
};
use serde_json::json;

use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::convert;
use crate::lsp::failure::Failure;
use crate::lsp::handler::Handler;
use crate::lsp::snapshot::Snapshot;

pub(super) struct CodeLens;

/// Title, the client's command, the server's.
const LENSES: &[(&str, &str, &str)] = &[
    ("Plan", "atlas.openPlan", "atlas.plan"),
    ("Apply", "atlas.applyEnv", "atlas.apply"),
    ("Inspect", "atlas.inspectEnv", "atlas.inspect"),
];

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
        let project = &snapshot.project;
        let config =
            document.file.filter(|file| project.path(*file).is_some_and(|path| project.is_config(path)));
        let Some(file) = config else { return Ok(None) };
        let chosen = project.path(file).and_then(|path| project.active_env(path));
        let mut lenses = Vec::new();
        for block in &project.outline(file).envs {
            let range = convert::range_of(&document.text, block.header, snapshot.client.encoding);
            // An env without a label is planned under the name that was chosen; the command asks when there is none.
            let env = block.label.as_ref().or(chosen.as_ref()).map(ToString::to_string);
            for (title, client, server) in LENSES {
                let command = if snapshot.client.runs(client) { client } else { server };
                let mut argument = json!({"uri": document.uri});
                if let (Some(env), Some(argument)) = (&env, argument.as_object_mut()) {
                    argument.insert("env".into(), json!(env));
                }
                lenses.push(LspLens {
                    range,
                    command: Some(Command {
                        title: (*title).into(),
                        command: (*command).into(),
                        arguments: Some(vec![argument]),
                        ..Default::default()
                    }),
                    ..Default::default()
                });
            }
        }
        Ok(Some(lenses))
    }
}
