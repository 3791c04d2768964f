//! `textDocument/codeLens`: what can be done with each env, and with a migration.
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
        LensAction::CreateMigration => ("atlas.migrateCreate", "atlas.migrate.diff"),
        LensAction::MigrateTo => ("atlas.migrateApplyTo", "atlas.migrate.apply"),
        LensAction::MigrateStatus => ("atlas.migrateStatus", "atlas.migrate.status"),
        LensAction::MigrateLint => ("atlas.migrateLint", "atlas.migrate.lint"),
        LensAction::SchemaAt => ("atlas.migrateSchemaAt", "atlas.migrate.schemaAt"),
        LensAction::DiffPrevious => ("atlas.migrateDiffPrevious", "atlas.migrate.diffWithPrevious"),
    };
    let command = if snapshot.client.runs(client) { client } else { server };
    let mut argument = json!({"uri": snapshot.uri_of_path(&lens.subject)});
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
