//! What the server knows at this moment.
//!
//! Only the owner's thread changes it; everyone else holds a [`Snapshot`]. Invariant: the revision grows with every
//! change that a read could see: once for all edits between two snapshots, however many there are.

use std::sync::Arc;

use gen_lsp_types::WorkspaceFolder;
use serde_json::Value;

use crate::lsp::client::ClientCaps;
use crate::lsp::documents::Documents;
use crate::lsp::settings::Settings;
use crate::lsp::snapshot::Snapshot;

/// Where in its life the server is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    #[default]
    New,
    Running,
    ShutDown,
}

/// All of it.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) phase: Phase,
    pub(crate) client: Arc<ClientCaps>,
    pub(crate) trusted: bool,
    pub(crate) trace: Trace,
    pub(crate) settings: Arc<Settings>,
    /// As the client sent them, for settings that are read later.
    pub(crate) raw_settings: Value,
    pub(crate) folders: Vec<WorkspaceFolder>,
    pub(crate) documents: Documents,
    revision: u64,
    /// Changed since the last snapshot.
    dirty: bool,
    /// Changed since the last turn's end.
    changed: bool,
}

/// How much of the traffic is reported by `$/logTrace`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Trace {
    #[default]
    Off,
    Messages,
    Verbose,
}

impl State {
    /// Says that something changed which reads may see.
    pub(crate) fn touch(&mut self) {
        self.dirty = true;
        self.changed = true;
    }

    /// Ends a turn; true when something changed in it.
    pub(crate) fn settle(&mut self) -> bool {
        std::mem::take(&mut self.changed)
    }

    /// The state now.
    pub(crate) fn snapshot(&mut self) -> Snapshot {
        if std::mem::take(&mut self.dirty) {
            self.revision += 1;
        }
        Snapshot {
            revision: self.revision,
            documents: self.documents.clone(),
            client: Arc::clone(&self.client),
            settings: Arc::clone(&self.settings),
            trusted: self.trusted,
        }
    }
}
