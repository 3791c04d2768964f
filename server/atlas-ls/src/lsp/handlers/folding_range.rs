//! `textDocument/foldingRange`.

use gen_lsp_types::{
    FoldingRange as LspFold, FoldingRangeKind, FoldingRangeParams, FoldingRangeProvider, FoldingRangeRequest,
    ServerCapabilities,
};
use ide::FoldKind;

use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::convert::Cursor;
use crate::lsp::failure::Failure;
use crate::lsp::handler::Handler;
use crate::lsp::plans;
use crate::lsp::snapshot::Snapshot;

pub(super) struct FoldingRange;

impl Handler for FoldingRange {
    type Request = FoldingRangeRequest;

    fn advertise(capabilities: &mut ServerCapabilities, _: &ClientCaps) {
        capabilities.folding_range_provider = Some(FoldingRangeProvider::Bool(true));
    }

    fn handle(
        snapshot: &Snapshot,
        params: FoldingRangeParams,
        cancel: &Cancel,
    ) -> Result<Option<Vec<LspFold>>, Failure> {
        let document = snapshot.document(&params.text_document.uri)?;
        let plan = plans::of(snapshot, document);
        let (text, folds) = match &plan {
            Some(plan) => (&plan.text, plan.folds()),
            None => {
                let (file, text) = snapshot.file(&params.text_document.uri)?;
                (text, ide::folding(&snapshot.project, file))
            }
        };
        cancel.check()?;
        let lines_only = snapshot.client.lines_folding_only;
        let mut cursor = Cursor::new(text, snapshot.client.encoding);
        let mut shown = Vec::with_capacity(folds.len());
        for fold in folds {
            let (start, end) = (cursor.position(fold.range.start()), cursor.position(fold.range.end()));
            // Whole lines: the one that closes stays visible.
            let end_line = if lines_only && fold.kind == FoldKind::Region {
                end.line.saturating_sub(1)
            } else {
                end.line
            };
            if end_line <= start.line {
                continue;
            }
            shown.push(LspFold {
                start_line: start.line,
                start_character: (!lines_only).then_some(start.character),
                end_line,
                end_character: (!lines_only).then_some(end.character),
                kind: Some(match fold.kind {
                    FoldKind::Comment => FoldingRangeKind::Comment,
                    FoldKind::Region => FoldingRangeKind::Region,
                }),
                collapsed_text: None,
            });
        }
        Ok(Some(shown))
    }
}
