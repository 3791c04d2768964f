//! `textDocument/documentHighlight`.

use gen_lsp_types::{
    DocumentHighlight as LspHighlight, DocumentHighlightKind, DocumentHighlightParams,
    DocumentHighlightProvider, DocumentHighlightRequest, ServerCapabilities,
};

use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::convert;
use crate::lsp::failure::Failure;
use crate::lsp::handler::Handler;
use crate::lsp::snapshot::Snapshot;

pub(super) struct DocumentHighlight;

impl Handler for DocumentHighlight {
    type Request = DocumentHighlightRequest;

    fn advertise(capabilities: &mut ServerCapabilities, _: &ClientCaps) {
        capabilities.document_highlight_provider = Some(DocumentHighlightProvider::Bool(true));
    }

    fn handle(
        snapshot: &Snapshot,
        params: DocumentHighlightParams,
        _: &Cancel,
    ) -> Result<Option<Vec<LspHighlight>>, Failure> {
        let (file, offset, text) = snapshot.place(&params.text_document_position_params)?;
        let found = ide::highlights(&snapshot.project, file, offset).into_iter();
        let shown = found.map(|found| LspHighlight {
            range: convert::range_of(text, found.range, snapshot.client.encoding),
            kind: Some(if found.defines {
                DocumentHighlightKind::Write
            } else {
                DocumentHighlightKind::Read
            }),
        });
        Ok(Some(shown.collect()))
    }
}
