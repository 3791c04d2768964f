//! `textDocument/definition`: within and across files, HCL and SQL, and from a plan to its schema.

use gen_lsp_types::{
    Definition as LspDefinition, DefinitionLink, DefinitionParams, DefinitionProvider, DefinitionRequest,
    DefinitionResponse, ServerCapabilities,
};
use ide::Link;
use text::{FileRange, Text};

use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::failure::Failure;
use crate::lsp::handler::Handler;
use crate::lsp::snapshot::Snapshot;
use crate::lsp::{convert, plans};

pub(super) struct Definition;

impl Handler for Definition {
    type Request = DefinitionRequest;

    fn advertise(capabilities: &mut ServerCapabilities, _: &ClientCaps) {
        capabilities.definition_provider = Some(DefinitionProvider::Bool(true));
    }

    fn handle(
        snapshot: &Snapshot,
        params: DefinitionParams,
        _: &Cancel,
    ) -> Result<Option<DefinitionResponse>, Failure> {
        let place = params.text_document_position_params;
        let document = snapshot.document(&place.text_document.uri)?;
        let project = &snapshot.project;
        if let Some(plan) = plans::of(snapshot, document) {
            let offset = plan.offset(snapshot, place.position);
            let links = ide::plan_definition(project, &plan.config, &plan.env, &plan.rendered, offset);
            return Ok(Some(response(snapshot, &plan.text, links)));
        }
        let (file, offset, text) = snapshot.place(&place)?;
        Ok(Some(response(snapshot, text, ide::definition(project, file, offset))))
    }
}

fn response(snapshot: &Snapshot, text: &Text, links: Vec<Link>) -> DefinitionResponse {
    if !snapshot.client.definition_links {
        let locations = links.iter().filter_map(|link| snapshot.location(link.target));
        return LspDefinition::LocationList(locations.collect()).into();
    }
    let link = |link: &Link| {
        let full = snapshot.location(FileRange { file: link.target.file, range: link.full })?;
        Some(DefinitionLink {
            origin_selection_range: Some(convert::range_of(text, link.origin, snapshot.client.encoding)),
            target_uri: full.uri,
            target_range: full.range,
            target_selection_range: snapshot.location(link.target)?.range,
        })
    };
    DefinitionResponse::DefinitionLinkList(links.iter().filter_map(link).collect())
}
