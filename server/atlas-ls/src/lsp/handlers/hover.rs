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
            contents: markup(snapshot.client.markdown_hover, &words(snapshot, &found)).into(),
            range: Some(convert::range_of(text, found.range, encoding)),
        }))
    }
}

/// The words, and which migrations made the thing: as links to their statements where links are shown.
fn words(snapshot: &Snapshot, found: &ide::Hover) -> String {
    const MOST: usize = 5;
    let mut out = found.markdown.clone();
    let (first, last) = match found.history.as_slice() {
        steps if steps.len() > MOST => {
            let (first, rest) = steps.split_at(1);
            (first, &rest[rest.len() + 1 - MOST..])
        }
        steps => (steps, &[][..]),
    };
    let left_out = found.history.len() - first.len() - last.len();
    for (at, step) in first.iter().chain(last).enumerate() {
        if at == first.len() && left_out > 0 {
            out.push_str(&format!("\n- {left_out} more"));
        }
        let what = step.what;
        let line = match snapshot.location(step.place).filter(|_| snapshot.client.markdown_hover) {
            Some(place) => {
                format!("{what} by [{}]({}#L{})", step.name, place.uri.as_str(), place.range.start.line + 1)
            }
            None => format!("{what} by {}", step.name),
        };
        out.push_str(if at == 0 { "\n\nMigrations:\n\n- " } else { "\n- " });
        out.push_str(&line);
    }
    out
}

/// Markdown for clients that show it, else its text as it is.
pub(super) fn markup(markdown: bool, value: &str) -> MarkupContent {
    let kind = if markdown { MarkupKind::Markdown } else { MarkupKind::PlainText };
    MarkupContent { kind, value: log::redact(value).into_owned() }
}
