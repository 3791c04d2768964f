//! `workspace/textDocumentContent`: the text of a plan document.

use gen_lsp_types::{
    ServerCapabilities, TextDocumentContent, TextDocumentContentOptions, TextDocumentContentParams,
    TextDocumentContentRequest, TextDocumentContentResult,
};

use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::failure::Failure;
use crate::lsp::handler::{Handler, Stale};
use crate::lsp::plan_uri;
use crate::lsp::snapshot::Snapshot;
use crate::machine;

pub(super) struct Content;

impl Handler for Content {
    type Request = TextDocumentContentRequest;
    const STALE: Stale = Stale::Finish;

    fn advertise(capabilities: &mut ServerCapabilities, client: &ClientCaps) {
        if client.virtual_documents {
            let options = TextDocumentContentOptions { schemes: vec![plan_uri::SCHEME.into()] };
            let workspace = capabilities.workspace.get_or_insert_default();
            workspace.text_document_content = Some(TextDocumentContent::Options(options));
        }
    }

    fn handle(
        snapshot: &Snapshot,
        params: TextDocumentContentParams,
        cancel: &Cancel,
    ) -> Result<TextDocumentContentResult, Failure> {
        let unknown = || Failure::Params(format!("no plan document {}", params.uri));
        let (config, env) = plan_uri::read(&snapshot.folders, &params.uri).ok_or_else(unknown)?;
        let plan = snapshot.project.plan(&config, &env);
        cancel.check()?;
        snapshot.plans.watch(params.uri, config, env);
        Ok(TextDocumentContentResult { text: plan.text(&snapshot.project, Some(machine::now())).text })
    }
}
