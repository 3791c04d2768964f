//! `workspace/willCreateFiles`, `willRenameFiles`, `willDeleteFiles`: the sums of migration directories follow.
//!
//! A client without these changes the files alone; then the diagnostics of the directory offer to write its sum.

use gen_lsp_types::{
    CreateFilesParams, DeleteFilesParams, FileOperationFilter, FileOperationPattern,
    FileOperationRegistrationOptions, RenameFilesParams, ServerCapabilities, WillCreateFilesRequest,
    WillDeleteFilesRequest, WillRenameFilesRequest, WorkspaceEdit,
};
use ide::FileChange;

use crate::lsp::cancel::Cancel;
use crate::lsp::client::ClientCaps;
use crate::lsp::failure::Failure;
use crate::lsp::handler::{Handler, Stale};
use crate::lsp::snapshot::Snapshot;
use crate::lsp::workspace::file_path;

pub(super) struct WillCreate;
pub(super) struct WillDelete;
pub(super) struct WillRename;

/// The files that may be migrations.
fn filters() -> FileOperationRegistrationOptions {
    let pattern = FileOperationPattern { glob: "**/*.sql".into(), matches: None, options: None };
    FileOperationRegistrationOptions::new(vec![FileOperationFilter::new(Some("file".into()), pattern)])
}

fn tells(client: &ClientCaps, name: &str) -> bool {
    client.file_operations.iter().any(|known| known == name)
}

fn follow(snapshot: &Snapshot, changes: Vec<FileChange>) -> Option<WorkspaceEdit> {
    let (edits, files) = ide::changed_sums(&snapshot.project, &changes);
    if edits.is_empty() && files.is_empty() {
        return None;
    }
    snapshot.workspace_edit_of(&edits, &files)
}

impl Handler for WillCreate {
    type Request = WillCreateFilesRequest;
    const STALE: Stale = Stale::Finish;

    fn advertise(capabilities: &mut ServerCapabilities, client: &ClientCaps) {
        if tells(client, "willCreate") {
            let workspace = capabilities.workspace.get_or_insert_default();
            workspace.file_operations.get_or_insert_default().will_create = Some(filters());
        }
    }

    fn handle(
        snapshot: &Snapshot,
        params: CreateFilesParams,
        _: &Cancel,
    ) -> Result<Option<WorkspaceEdit>, Failure> {
        let paths = params.files.iter().filter_map(|file| file_path(&file.uri));
        let changes = paths.map(|path| FileChange::Create { path, text: String::new() }).collect();
        Ok(follow(snapshot, changes))
    }
}

impl Handler for WillDelete {
    type Request = WillDeleteFilesRequest;
    const STALE: Stale = Stale::Finish;

    fn advertise(capabilities: &mut ServerCapabilities, client: &ClientCaps) {
        if tells(client, "willDelete") {
            let workspace = capabilities.workspace.get_or_insert_default();
            workspace.file_operations.get_or_insert_default().will_delete = Some(filters());
        }
    }

    fn handle(
        snapshot: &Snapshot,
        params: DeleteFilesParams,
        _: &Cancel,
    ) -> Result<Option<WorkspaceEdit>, Failure> {
        let paths = params.files.iter().filter_map(|file| file_path(&file.uri));
        Ok(follow(snapshot, paths.map(|path| FileChange::Delete { path }).collect()))
    }
}

impl Handler for WillRename {
    type Request = WillRenameFilesRequest;
    const STALE: Stale = Stale::Finish;

    fn advertise(capabilities: &mut ServerCapabilities, client: &ClientCaps) {
        if tells(client, "willRename") {
            let workspace = capabilities.workspace.get_or_insert_default();
            workspace.file_operations.get_or_insert_default().will_rename = Some(filters());
        }
    }

    fn handle(
        snapshot: &Snapshot,
        params: RenameFilesParams,
        _: &Cancel,
    ) -> Result<Option<WorkspaceEdit>, Failure> {
        let renames = params.files.iter().filter_map(|file| {
            Some(FileChange::Rename { from: file_path(&file.old_uri)?, to: file_path(&file.new_uri)? })
        });
        Ok(follow(snapshot, renames.collect()))
    }
}
