//! What changed around the open documents: settings, folders, files on disk.

use std::collections::BTreeSet;

use gen_lsp_types::{
    DidChangeConfigurationNotification, DidChangeConfigurationParams, DidChangeWatchedFilesNotification,
    DidChangeWatchedFilesParams, DidChangeWorkspaceFoldersNotification, DidChangeWorkspaceFoldersParams,
};
use project::{Path, Want};

use super::Listener;
use crate::lsp::documents::Key;
use crate::lsp::lifecycle;
use crate::lsp::owner::Owner;
use crate::lsp::{discover, workspace, world};

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
        let folders = owner.state.folders.clone();
        owner.state.workspace.set_folders(&folders);
        owner.state.refreshed();
        discover::start(owner);
    }
}

pub(super) struct FilesChanged;

impl Listener for FilesChanged {
    type Notification = DidChangeWatchedFilesNotification;

    fn take(owner: &mut Owner, params: DidChangeWatchedFilesParams) {
        let changed: Vec<Path> =
            params.changes.iter().filter_map(|change| workspace::file_path(&change.uri)).collect();
        let known = owner.state.workspace.project.snapshot();
        let mut wants = BTreeSet::new();
        for path in &changed {
            let is_sum = path.name() == engine::migrate::sum::FILE;
            if known.file(path).is_some() || known.is_config(path) || is_sum {
                wants.insert(Want::File(path.clone()));
            }
        }
        let moved = changed.iter().any(|path| path.as_str().contains("/.git/"));
        // A file that came or went changes the answer of every directory and pattern around it.
        let mut databases = BTreeSet::new();
        for want in known.facts().into_keys() {
            if let Want::Database(target) = &want
                && let Some(file) = world::database_file(target, known.dialects)
                && changed.contains(&file)
            {
                databases.insert(want);
                continue;
            }
            let around = match &want {
                Want::Directory(directory) | Want::Templates { directory, .. } => directory,
                Want::Glob { base, .. } => base,
                // Somebody committed, fetched or switched branches.
                Want::Committed { .. } if moved => {
                    wants.insert(want);
                    continue;
                }
                _ => continue,
            };
            if changed.iter().any(|path| path.is_in(around)) {
                wants.insert(want);
            }
        }
        // What was looked at once may be looked at again; what nobody allowed stays refused.
        databases.retain(|want| {
            known.fact(want).is_some_and(|fact| !matches!(fact.answer, project::Answer::Refused(_)))
        });
        wants.extend(databases.iter().cloned());
        world::fetch(owner, wants, &databases);
    }
}

/// Reads again every file and directory that is not open in the client.
pub(super) fn look_again(owner: &mut Owner) {
    let known = owner.state.workspace.project.snapshot();
    let files = known.paths().into_values().filter(|path| path.parent().is_some()).map(Want::File);
    let again =
        |want: &Want| want.reach() == project::Reach::Workspace || matches!(want, Want::Committed { .. });
    let facts = known.facts().into_keys().filter(again);
    let wants: BTreeSet<Want> = files.chain(facts).collect();
    world::fetch(owner, wants, &BTreeSet::new());
}

/// Looks for the configuration of a document that is in no folder: beside it, and above.
pub(super) fn look_for_config(owner: &mut Owner, key: &Key) {
    let Some(document) = owner.state.documents.get(key) else { return };
    let Some(path) = workspace::file_path(&document.uri) else { return };
    if owner.state.workspace.folders.iter().any(|folder| path.is_in(&folder.path)) {
        return;
    }
    let Some(directory) = path.parent() else { return };
    let beside = ["atlas.hcl", engine::migrate::sum::FILE].map(|name| Want::File(directory.join(name)));
    world::fetch(owner, beside, &BTreeSet::new());
}
