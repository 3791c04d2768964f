//! What a read sees: the state at one moment, never changing under it.
//!
//! Taking one costs a few reference counts. Invariant: everything in it belongs to one revision.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use gen_lsp_types::{Location, TextDocumentPositionParams, TextEdit, Uri, WorkspaceEdit};
use ide::FileChange;
use project::Path;
use serde_json::json;
use smol_str::SmolStr;
use text::{FileId, FileRange, Text, TextSize};

use super::background::Plans;
use super::client::ClientCaps;
use super::convert;
use super::documents::{Document, Documents};
use super::failure::Failure;
use super::owner::Looked;
use super::settings::Settings;
use super::workspace::{self, Folder};

/// The state at `revision`.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(crate) revision: u64,
    pub(crate) documents: Documents,
    pub(crate) client: Arc<ClientCaps>,
    pub(crate) settings: Arc<Settings>,
    /// Whether the user trusts the workspace; without it nothing is run, connected to or sent.
    pub(crate) trusted: bool,
    pub(crate) project: project::Snapshot,
    pub(crate) folders: Arc<Vec<Folder>>,
    pub(crate) open: Arc<HashMap<Path, (FileId, Uri)>>,
    /// Envs for which the user allowed what reaches out of this machine.
    pub(crate) allowed: Arc<BTreeSet<(Path, SmolStr)>>,
    /// Held while the user is asked for it.
    pub(crate) consent: Arc<tokio::sync::Mutex<()>>,
    /// Plan documents that the client shows; the one thing here that a read may add to.
    pub(crate) plans: Plans,
    /// What the targets of migration directories were found to have, by directory.
    pub(crate) looked: Arc<BTreeMap<Path, Looked>>,
}

impl Snapshot {
    /// The open document a request is about.
    ///
    /// # Errors
    /// [`Failure::Foreign`] for one the client never opened.
    pub(crate) fn document(&self, uri: &Uri) -> Result<&Arc<Document>, Failure> {
        self.documents.of(uri).ok_or(Failure::Foreign)
    }

    /// The file of the open document a request is about, and its text.
    ///
    /// # Errors
    /// As [`Snapshot::document`]; also for a document that is no file of the project, such as a plan.
    pub(crate) fn file(&self, uri: &Uri) -> Result<(FileId, &Text), Failure> {
        let document = self.document(uri)?;
        Ok((document.file.ok_or(Failure::Foreign)?, &document.text))
    }

    /// The file, byte and text that a position of an open document means.
    ///
    /// # Errors
    /// As [`Snapshot::file`].
    pub(crate) fn place(
        &self,
        place: &TextDocumentPositionParams,
    ) -> Result<(FileId, TextSize, &Text), Failure> {
        let (file, text) = self.file(&place.text_document.uri)?;
        Ok((file, convert::offset_in(text, place.position, self.client.encoding), text))
    }

    /// A place of any file in the client's terms; `None` for a file without a URI or text.
    pub(crate) fn location(&self, place: FileRange) -> Option<Location> {
        let text = self.project.text(place.file)?;
        Some(Location {
            uri: self.uri(place.file)?,
            range: convert::range_of(text, place.range, self.client.encoding),
        })
    }

    /// The URI of a path, as the client spells it where it has the file open.
    pub(crate) fn uri_of_path(&self, path: &Path) -> Option<Uri> {
        match self.open.get(path) {
            Some((_, uri)) => Some(uri.clone()),
            None => workspace::uri_of(path),
        }
    }

    /// Edits of several files as the client takes them.
    pub(crate) fn workspace_edit(&self, edits: &ide::Edits) -> WorkspaceEdit {
        let mut changes: HashMap<Uri, Vec<TextEdit>> = HashMap::new();
        for (file, edits) in edits {
            if let (Some(uri), Some(text)) = (self.uri(*file), self.project.text(*file)) {
                changes.entry(uri).or_default().extend(convert::edits_of(text, edits, self.client.encoding));
            }
        }
        WorkspaceEdit { changes: Some(changes), ..Default::default() }
    }

    /// Edits and changes of the files themselves; `None` for a client that cannot carry them out.
    pub(crate) fn workspace_edit_of(
        &self,
        edits: &ide::Edits,
        files: &[FileChange],
    ) -> Option<WorkspaceEdit> {
        if files.is_empty() {
            return Some(self.workspace_edit(edits));
        }
        let can = |kind: &str| self.client.resource_operations.iter().any(|known| known == kind);
        let mut changes: Vec<serde_json::Value> = Vec::new();
        for (uri, edits) in self.workspace_edit(edits).changes.unwrap_or_default() {
            changes.push(json!({"textDocument": {"uri": uri, "version": null}, "edits": edits}));
        }
        for change in files {
            match change {
                FileChange::Create { path, text } if can("create") => {
                    let uri = self.uri_of_path(path)?;
                    let start = json!({"line": 0, "character": 0});
                    let edit = json!({"range": {"start": start, "end": start}, "newText": text});
                    changes.push(json!({"kind": "create", "uri": uri, "options": {"ignoreIfExists": true}}));
                    changes.push(json!({"textDocument": {"uri": uri, "version": null}, "edits": [edit]}));
                }
                FileChange::Rename { from, to } if can("rename") => {
                    let (from, to) = (self.uri_of_path(from)?, self.uri_of_path(to)?);
                    changes.push(json!({"kind": "rename", "oldUri": from, "newUri": to}));
                }
                FileChange::Delete { path } if can("delete") => {
                    changes.push(json!({"kind": "delete", "uri": self.uri_of_path(path)?}));
                }
                _ => return None,
            }
        }
        // Changes of files are document changes: a client that names the one can do the other, though not all say so.
        serde_json::from_value(json!({"documentChanges": changes})).ok()
    }

    /// The URI of a file.
    pub(crate) fn uri(&self, file: FileId) -> Option<Uri> {
        self.uri_of_path(self.project.path(file)?)
    }
}
