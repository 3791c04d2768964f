//! `textDocument/formatting`: HCL in canonical form, as `schema fmt` writes it.

use gen_lsp_types::{
    DocumentFormattingParams, DocumentFormattingProvider, DocumentFormattingRequest, ServerCapabilities,
    TextEdit,
};

use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::convert;
use crate::lsp::failure::Failure;
use crate::lsp::handler::Handler;
use crate::lsp::snapshot::Snapshot;

pub(super) struct Formatting;

impl Handler for Formatting {
    type Request = DocumentFormattingRequest;

    fn advertise(capabilities: &mut ServerCapabilities, _: &ClientCaps) {
        capabilities.document_formatting_provider = Some(DocumentFormattingProvider::Bool(true));
    }

    /// The canonical form has its own indentation; the client's options do not change it.
    fn handle(
        snapshot: &Snapshot,
        params: DocumentFormattingParams,
        _: &Cancel,
    ) -> Result<Option<Vec<TextEdit>>, Failure> {
        let (file, text) = snapshot.file(&params.text_document.uri)?;
        if !snapshot.settings.format {
            return Ok(None);
        }
        let edits = ide::format(&snapshot.project, file);
        Ok(Some(convert::edits_of(text, &edits, snapshot.client.encoding)))
    }
}
