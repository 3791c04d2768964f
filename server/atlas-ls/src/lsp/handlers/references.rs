//! `textDocument/references`.

use gen_lsp_types::{Location, ReferenceParams, ReferencesProvider, ReferencesRequest, ServerCapabilities};

use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::failure::Failure;
use crate::lsp::handler::Handler;
use crate::lsp::snapshot::Snapshot;

pub(super) struct References;

impl Handler for References {
    type Request = ReferencesRequest;

    fn advertise(capabilities: &mut ServerCapabilities, _: &ClientCaps) {
        capabilities.references_provider = Some(ReferencesProvider::Bool(true));
    }

    fn handle(
        snapshot: &Snapshot,
        params: ReferenceParams,
        _: &Cancel,
    ) -> Result<Option<Vec<Location>>, Failure> {
        let (file, offset, _) = snapshot.place(&params.text_document_position_params)?;
        let places = ide::references(&snapshot.project, file, offset, params.context.include_declaration);
        Ok(Some(places.into_iter().filter_map(|place| snapshot.location(place)).collect()))
    }
}
