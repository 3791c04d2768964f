//! `textDocument/prepareRename` and `textDocument/rename`.

use gen_lsp_types::{
    PrepareRenameParams, PrepareRenamePlaceholder, PrepareRenameRequest, PrepareRenameResult, RenameOptions,
    RenameParams, RenameProvider, RenameRequest, ServerCapabilities, WorkspaceEdit,
};

use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::convert;
use crate::lsp::failure::Failure;
use crate::lsp::handler::Handler;
use crate::lsp::snapshot::Snapshot;

pub(super) struct Prepare;
pub(super) struct Rename;

impl Handler for Prepare {
    type Request = PrepareRenameRequest;

    fn advertise(_: &mut ServerCapabilities, _: &ClientCaps) {}

    fn handle(
        snapshot: &Snapshot,
        params: PrepareRenameParams,
        _: &Cancel,
    ) -> Result<Option<PrepareRenameResult>, Failure> {
        let (file, offset, text) = snapshot.place(&params.text_document_position_params)?;
        let found = ide::prepare_rename(&snapshot.project, file, offset).map_err(Failure::Failed)?;
        let range = convert::range_of(text, found.range, snapshot.client.encoding);
        let placeholder = found.name;
        Ok(Some(PrepareRenameResult::PrepareRenamePlaceholder(PrepareRenamePlaceholder {
            range,
            placeholder,
        })))
    }
}

impl Handler for Rename {
    type Request = RenameRequest;

    fn advertise(capabilities: &mut ServerCapabilities, client: &ClientCaps) {
        let options = RenameOptions { prepare_provider: Some(true), ..Default::default() };
        capabilities.rename_provider = Some(if client.prepare_rename {
            RenameProvider::RenameOptions(options)
        } else {
            RenameProvider::Bool(true)
        });
    }

    fn handle(
        snapshot: &Snapshot,
        params: RenameParams,
        cancel: &Cancel,
    ) -> Result<Option<WorkspaceEdit>, Failure> {
        let (file, offset, _) = snapshot.place(&params.text_document_position_params)?;
        let edits =
            ide::rename(&snapshot.project, file, offset, &params.new_name).map_err(Failure::Failed)?;
        cancel.check()?;
        Ok(Some(snapshot.workspace_edit(&edits)))
    }
}
