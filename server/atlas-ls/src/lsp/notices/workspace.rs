//! What changed around the open documents: settings, folders, files on disk.

use gen_lsp_types::{
    DidChangeConfigurationNotification, DidChangeConfigurationParams, DidChangeWatchedFilesNotification,
    DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersNotification, DidChangeWorkspaceFoldersParams,
};

use super::Listener;
use crate::lsp::documents::Key;
use crate::lsp::lifecycle;
use crate::lsp::owner::Owner;

pub(super) struct ConfigurationChanged;

impl Listener for ConfigurationChanged {
    type Notification = DidChangeConfigurationNotification;

    /// Clients that can be asked send nothing useful here; the others send the settings.
    fn take(owner: &mut Owner, params: DidChangeConfigurationParams) {
        if owner.state.client.configuration {
            lifecycle::pull_settings(owner);
        } else if params.settings.is_object() {
            lifecycle::set_settings(owner, &params.settings);
        }
    }
}

pub(super) struct FoldersChanged;

impl Listener for FoldersChanged {
    type Notification = DidChangeWorkspaceFoldersNotification;

    fn take(owner: &mut Owner, params: DidChangeWorkspaceFoldersParams) {
        let removed: Vec<_> = params.event.removed.iter().map(|folder| Key::of(&folder.uri)).collect();
        owner.state.folders.retain(|folder| !removed.contains(&Key::of(&folder.uri)));
        owner.state.folders.extend(params.event.added);
        owner.state.touch();
    }
}

pub(super) struct FilesChanged;

impl Listener for FilesChanged {
    type Notification = DidChangeWatchedFilesNotification;

    fn take(owner: &mut Owner, params: DidChangeWatchedFilesParams) {
        if !params.changes.is_empty() {
            owner.state.touch();
        }
    }
}
