//! `textDocument/hover`.

use gen_lsp_types::{
    Hover as LspHover, HoverParams, HoverProvider, HoverRequest, MarkupContent, MarkupKind,
    ServerCapabilities,
};

use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::failure::Failure;
use crate::lsp::handler::Handler;
use crate::lsp::snapshot::Snapshot;
use crate::lsp::{convert, log};

pub(super) struct Hover;

impl Handler for Hover {
    type Request = HoverRequest;

    fn advertise(capabilities: &mut ServerCapabilities, _: &ClientCaps) {
        capabilities.hover_provider = Some(HoverProvider::Bool(true));
    }

    fn handle(snapshot: &Snapshot, params: HoverParams, _: &Cancel) -> Result<Option<LspHover>, Failure> {
        let (file, offset, text) = snapshot.place(&params.text_document_position_params)?;
        let encoding = snapshot.client.encoding;
        let found = ide::hover(&snapshot.project, file, offset);
        Ok(found.map(|found| LspHover {
            contents: markup(snapshot.client.markdown_hover, &found.markdown).into(),
            range: Some(convert::range_of(text, found.range, encoding)),
        }))
    }
}

/// Markdown for clients that show it, else its text as it is.
pub(super) fn markup(markdown: bool, value: &str) -> MarkupContent {
    let kind = if markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    MarkupContent { kind, value: log::redact(value).into_owned() }
}
