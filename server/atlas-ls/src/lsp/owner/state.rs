//! What the server knows at this moment.
//!
//! Only the owner's thread changes it; everyone else holds a [`Snapshot`]. Invariant: the revision grows with every
//! change that a read could see: once for all edits between two snapshots, however many there are.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::Dialects;
use gen_lsp_types::WorkspaceFolder;
use project::{Answer, Fact, Path, Want};
use smol_str::SmolStr;

use crate::lsp::background::Plans;
use crate::lsp::client::ClientCaps;
use crate::lsp::documents::Documents;
use crate::lsp::settings::Settings;
use crate::lsp::snapshot::Snapshot;
use crate::lsp::workspace::Workspace;

/// Where in its life the server is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Phase {
    #[default]
    New,
    Running,
    ShutDown,
}

/// All of it.
pub(crate) struct State {
    pub(crate) phase: Phase,
    pub(crate) client: Arc<ClientCaps>,
    pub(crate) trusted: bool,
    pub(crate) trace: Trace,
    pub(crate) settings: Arc<Settings>,
    pub(crate) folders: Vec<WorkspaceFolder>,
    pub(crate) documents: Documents,
    pub(crate) workspace: Workspace,
    pub(crate) plans: Plans,
    /// What the targets of migration directories were found to have, by directory.
    looked: Arc<BTreeMap<Path, Looked>>,
    consent: Arc<tokio::sync::Mutex<()>>,
    revision: u64,
    /// Changed since the last snapshot.
    dirty: bool,
    /// Changed since the last turn's end.
    changed: bool,
    /// Something but an open text changed since that was told.
    refreshed: bool,
    /// The snapshot, while nothing has changed since it was made.
    latest: Option<Snapshot>,
}

/// What a target was found to have of a migration directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Looked {
    pub(crate) env: SmolStr,
    /// Versions, and whether only a part of them was executed; or why they are not known.
    pub(crate) revisions: Result<Vec<(String, bool)>, String>,
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
    /// The state of a server that has heard nothing yet.
    pub(crate) fn new(dialects: Dialects) -> Self {
        Self {
            phase: Phase::New,
            client: Arc::default(),
            trusted: false,
            trace: Trace::Off,
            settings: Arc::default(),
            folders: Vec::new(),
            documents: Documents::default(),
            workspace: Workspace::new(dialects),
            plans: Plans::default(),
            looked: Arc::default(),
            consent: Arc::default(),
            revision: 0,
            dirty: false,
            changed: false,
            refreshed: false,
            latest: None,
        }
    }

    /// Takes down what the target of a migration directory was found to have.
    pub(crate) fn looked(&mut self, directory: Path, looked: Looked) {
        if let Ok(revisions) = &looked.revisions {
            let versions = revisions.iter().map(|(version, _)| SmolStr::from(version.as_str()));
            let answer = Answer::Value(hcl::Value::strings(versions));
            let want = Want::Applied { directory: directory.clone() };
            self.workspace.project.set_fact(want, Fact { answer, time: crate::machine::now() });
        }
        Arc::make_mut(&mut self.looked).insert(directory, looked);
        self.refreshed();
    }

    /// Says that something changed which reads may see.
    pub(crate) fn touch(&mut self) {
        self.dirty = true;
        self.changed = true;
    }

    /// Says that something else than an open text changed: clients hold answers they do not know to be old.
    pub(crate) fn refreshed(&mut self) {
        self.refreshed = true;
        self.touch();
    }

    /// The revision a snapshot would have now.
    pub(crate) fn revision(&self) -> u64 {
        self.revision + u64::from(self.dirty)
    }

    /// Whether that was so since the last time it was asked.
    pub(crate) fn take_refreshed(&mut self) -> bool {
        std::mem::take(&mut self.refreshed)
    }

    /// Ends a turn; true when something changed in it.
    pub(crate) fn settle(&mut self) -> bool {
        if self.refreshed {
            // New configurations and new settings meet here.
            self.workspace.select(&self.settings);
        }
        std::mem::take(&mut self.changed)
    }

    /// The state now.
    pub(crate) fn snapshot(&mut self) -> Snapshot {
        if std::mem::take(&mut self.dirty) {
            self.revision += 1;
            self.latest = None;
        }
        self.latest
            .get_or_insert_with(|| Snapshot {
                revision: self.revision,
                documents: self.documents.clone(),
                client: Arc::clone(&self.client),
                settings: Arc::clone(&self.settings),
                trusted: self.trusted,
                project: self.workspace.project.snapshot(),
                folders: Arc::clone(&self.workspace.folders),
                open: self.workspace.uris(),
                allowed: self.workspace.allowed(),
                consent: Arc::clone(&self.consent),
                plans: self.plans.clone(),
                looked: Arc::clone(&self.looked),
            })
            .clone()
    }
}
