//! `textDocument/selectionRange`.

use gen_lsp_types::{
    SelectionRange as LspRange, SelectionRangeParams, SelectionRangeProvider, SelectionRangeRequest,
    ServerCapabilities,
};
use text::TextRange;

use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::convert;
use crate::lsp::failure::Failure;
use crate::lsp::handler::Handler;
use crate::lsp::snapshot::Snapshot;

pub(super) struct SelectionRange;

impl Handler for SelectionRange {
    type Request = SelectionRangeRequest;

    fn advertise(capabilities: &mut ServerCapabilities, _: &ClientCaps) {
        capabilities.selection_range_provider = Some(SelectionRangeProvider::Bool(true));
    }

    fn handle(
        snapshot: &Snapshot,
        params: SelectionRangeParams,
        _: &Cancel,
    ) -> Result<Option<Vec<LspRange>>, Failure> {
        let (file, text) = snapshot.file(&params.text_document.uri)?;
        let encoding = snapshot.client.encoding;
        let place = |position: &gen_lsp_types::Position| convert::offset_in(text, *position, encoding);
        let offsets: Vec<_> = params.positions.iter().map(place).collect();
        let chains = ide::selection(&snapshot.project, file, &offsets);
        let nested = chains.iter().zip(&offsets).map(|(chain, offset)| {
            let outermost_first = chain.iter().rev();
            let nested = outermost_first.fold(None, |parent: Option<LspRange>, range: &TextRange| {
                let range = convert::range_of(text, *range, encoding);
                Some(LspRange { range, parent: parent.map(Box::new) })
            });
            // Each position must have an answer, if only itself.
            let itself = || LspRange {
                range: convert::range_of(text, TextRange::empty(*offset), encoding),
                parent: None,
            };
            nested.unwrap_or_else(itself)
        });
        Ok(Some(nested.collect()))
    }
}
