//! `textDocument/implementation`: from a table or a column to the migrations that made it.

use gen_lsp_types::{
    Definition, ImplementationParams, ImplementationProvider, ImplementationRequest, ImplementationResponse,
    Location, ServerCapabilities,
};

use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::failure::Failure;
use crate::lsp::handler::Handler;
use crate::lsp::snapshot::Snapshot;

pub(super) struct Implementation;

impl Handler for Implementation {
    type Request = ImplementationRequest;

    fn advertise(capabilities: &mut ServerCapabilities, _: &ClientCaps) {
        capabilities.implementation_provider = Some(ImplementationProvider::Bool(true));
    }

    fn handle(
        snapshot: &Snapshot,
        params: ImplementationParams,
        _: &Cancel,
    ) -> Result<Option<ImplementationResponse>, Failure> {
        let (file, offset, _) = snapshot.place(&params.text_document_position_params)?;
        let steps = ide::history(&snapshot.project, file, offset);
        let places: Vec<Location> = steps.iter().filter_map(|step| snapshot.location(step.place)).collect();
        Ok((!places.is_empty()).then(|| Definition::LocationList(places).into()))
    }
}
