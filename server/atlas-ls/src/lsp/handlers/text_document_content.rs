//! `workspace/textDocumentContent`: the text of a plan, or of what there is to say about a migration.

use gen_lsp_types::{
    ServerCapabilities, TextDocumentContent, TextDocumentContentOptions, TextDocumentContentParams,
    TextDocumentContentRequest, TextDocumentContentResult,
};

use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::failure::Failure;
use crate::lsp::handler::{Handler, Stale};
use crate::lsp::snapshot::Snapshot;
use crate::lsp::{migration_uri, plan_uri};
use crate::machine;

pub(super) struct Content;

impl Handler for Content {
    type Request = TextDocumentContentRequest;
    const STALE: Stale = Stale::Finish;

    fn advertise(capabilities: &mut ServerCapabilities, client: &ClientCaps) {
        if client.virtual_documents {
            let schemes = vec![plan_uri::SCHEME.into(), migration_uri::SCHEME.into()];
            let options = TextDocumentContentOptions { schemes };
            let workspace = capabilities.workspace.get_or_insert_default();
            workspace.text_document_content = Some(TextDocumentContent::Options(options));
        }
    }

    fn handle(
        snapshot: &Snapshot,
        params: TextDocumentContentParams,
        cancel: &Cancel,
    ) -> Result<TextDocumentContentResult, Failure> {
        if let Some((file, view)) = migration_uri::read(&snapshot.folders, &params.uri) {
            let text = migration_uri::text(&snapshot.project, &file, view).map_err(Failure::Failed)?;
            return Ok(TextDocumentContentResult { text });
        }
        let unknown = || Failure::Params(format!("no plan document {}", params.uri));
        let (config, env) = plan_uri::read(&snapshot.folders, &params.uri).ok_or_else(unknown)?;
        let plan = snapshot.project.plan(&config, &env);
        cancel.check()?;
        snapshot.plans.watch(params.uri, config, env);
        Ok(TextDocumentContentResult { text: plan.text(&snapshot.project, Some(machine::now())).text })
    }
}
