//! `textDocument/documentLink`: names of files and pages, and the sources of a plan's statements.

use gen_lsp_types::{
    DocumentLink as LspLink, DocumentLinkOptions, DocumentLinkParams, DocumentLinkRequest,
    ServerCapabilities, Uri,
};
use ide::{DocLink, LinkTarget};
use text::Text;

use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::failure::Failure;
use crate::lsp::handler::Handler;
use crate::lsp::snapshot::Snapshot;
use crate::lsp::{convert, plans};

pub(super) struct DocumentLink;

impl Handler for DocumentLink {
    type Request = DocumentLinkRequest;

    fn advertise(capabilities: &mut ServerCapabilities, _: &ClientCaps) {
        capabilities.document_link_provider = Some(DocumentLinkOptions::default());
    }

    fn handle(
        snapshot: &Snapshot,
        params: DocumentLinkParams,
        _: &Cancel,
    ) -> Result<Option<Vec<LspLink>>, Failure> {
        let document = snapshot.document(&params.text_document.uri)?;
        if let Some(plan) = plans::of(snapshot, document) {
            let mut links = shown(snapshot, &plan.text, ide::plan_links(&snapshot.project, &plan.rendered));
            // To the line, as far as a URI can say it.
            let lines =
                plan.rendered.lines.iter().filter(|line| line.link.is_some()).filter_map(|line| line.source);
            for (link, source) in links.iter_mut().zip(lines) {
                let line = snapshot.project.text(source.file).map(|text| text.line(source.range.start()) + 1);
                if let (Some(target), Some(line)) = (&mut link.target, line) {
                    target.set_fragment(Some(&format!("L{line}")));
                }
            }
            return Ok(Some(links));
        }
        let (file, text) = snapshot.file(&params.text_document.uri)?;
        Ok(Some(shown(snapshot, text, ide::links(&snapshot.project, file))))
    }
}

fn shown(snapshot: &Snapshot, text: &Text, links: Vec<DocLink>) -> Vec<LspLink> {
    let shown = links.into_iter().filter_map(|link| {
        let target = match link.target {
            LinkTarget::File(path, _) => snapshot.uri_of_path(&path)?,
            LinkTarget::Url(url) => Uri::parse(&url).ok()?,
        };
        Some(LspLink {
            range: convert::range_of(text, link.range, snapshot.client.encoding),
            target: Some(target),
            tooltip: Some(link.tooltip),
            ..Default::default()
        })
    });
    shown.collect()
}
