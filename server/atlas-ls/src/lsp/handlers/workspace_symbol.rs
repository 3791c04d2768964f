//! `workspace/symbol`.

use gen_lsp_types::{
    BaseSymbolInformation, ServerCapabilities, WorkspaceSymbol as LspSymbol, WorkspaceSymbolLocation,
    WorkspaceSymbolParams, WorkspaceSymbolProvider, WorkspaceSymbolRequest, WorkspaceSymbolResponse,
};

use super::document_symbol::kind;
use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::failure::Failure;
use crate::lsp::handler::Handler;
use crate::lsp::snapshot::Snapshot;

pub(super) struct WorkspaceSymbol;

impl Handler for WorkspaceSymbol {
    type Request = WorkspaceSymbolRequest;

    fn advertise(capabilities: &mut ServerCapabilities, _: &ClientCaps) {
        capabilities.workspace_symbol_provider = Some(WorkspaceSymbolProvider::Bool(true));
    }

    fn handle(
        snapshot: &Snapshot,
        params: WorkspaceSymbolParams,
        cancel: &Cancel,
    ) -> Result<Option<WorkspaceSymbolResponse>, Failure> {
        let found = ide::workspace_symbols(&snapshot.project, &params.query);
        cancel.check()?;
        let symbols = found.into_iter().filter_map(|symbol| {
            Some(LspSymbol {
                location: WorkspaceSymbolLocation::Location(snapshot.location(symbol.place)?),
                data: None,
                base_symbol_information: BaseSymbolInformation {
                    name: symbol.name,
                    kind: kind(symbol.kind),
                    tags: None,
                    container_name: symbol.container,
                },
            })
        });
        Ok(Some(WorkspaceSymbolResponse::WorkspaceSymbolList(symbols.collect())))
    }
}
