//! What the server does unasked after a change: fetch what is missing, tell what changed, push what is not pulled.
//!
//! One job at a time, on a snapshot; a newer change stops it and starts another. Invariant: nothing is told twice,
//! and nothing is told of a snapshot that is out of date when it is sent.

mod migrations;
mod status;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

use gen_lsp_types::{
    CodeLensRefreshRequest, DiagnosticRefreshRequest, PublishDiagnosticsNotification,
    PublishDiagnosticsParams, SemanticTokensRefreshRequest, TextDocumentContentRefreshParams,
    TextDocumentContentRefreshRequest, Uri,
};
use project::{Path, PlanState, Want};
use smol_str::SmolStr;

use super::cancel::{Cancel, Reason};
use super::client::Client;
use super::diagnostics;
use super::ext::{
    Migrations, MigrationsChanged, OneUri, PlanChanged, ProjectChanged, ProjectFiles, Status, StatusChanged,
};
use super::failure::Failure;
use super::lanes::Lane;
use super::owner::Owner;
use super::snapshot::Snapshot;
use super::world;

/// The state of the job.
#[derive(Default)]
pub(crate) struct Background {
    running: Option<Cancel>,
    again: bool,
    told: Arc<Mutex<Told>>,
}

/// What the client was told last.
#[derive(Default)]
struct Told {
    status: Option<Status>,
    files: ProjectFiles,
    migrations: Migrations,
    plans: HashMap<Uri, u64>,
    /// The diagnostics pushed for each open document, by their fingerprint.
    pushed: HashMap<Uri, String>,
}

/// Starts the job, or lets the running one give way to it.
pub(crate) fn start(owner: &mut Owner) {
    if let Some(running) = &owner.background.running {
        running.cancel(Reason::Stale);
        owner.background.again = true;
        return;
    }
    let cancel = Cancel::default();
    owner.background.running = Some(cancel.clone());
    owner.background.again = false;
    let job = Job {
        refreshed: owner.state.take_refreshed(),
        snapshot: owner.state.snapshot(),
        client: owner.client.clone(),
        open: owner.state.workspace.open_files(),
        told: Arc::clone(&owner.background.told),
        cancel,
    };
    let client = owner.client.clone();
    let run = move || {
        let stopped = super::handler::guarded("the background job", || job.run());
        let refreshed = stopped.is_err() && job.refreshed;
        client.then(move |owner| {
            owner.background.running = None;
            if refreshed {
                owner.state.refreshed();
            }
            if std::mem::take(&mut owner.background.again) {
                start(owner);
            }
        });
    };
    owner.lanes.run(Lane::Worker, Box::new(run));
}

struct Job {
    snapshot: Snapshot,
    client: Client,
    open: Vec<text::FileId>,
    told: Arc<Mutex<Told>>,
    cancel: Cancel,
    /// Something but an open text changed, so that clients hold answers they do not know to be old.
    refreshed: bool,
}

impl Job {
    fn run(&self) -> Result<(), Failure> {
        let unread = self.wanted();
        self.cancel.check()?;
        if !self.snapshot.client.pull_diagnostics {
            self.push()?;
        }
        self.plans()?;
        if self.snapshot.client.extensions {
            self.files()?;
            self.status(unread)?;
            self.migrations()?;
        }
        if self.refreshed {
            self.refresh();
        }
        Ok(())
    }

    /// Asks for what is missing; true when files are.
    fn wanted(&self) -> bool {
        let mut wanted = self.snapshot.project.wanted(&self.open);
        let unread = wanted.iter().any(|want| want.reach() == project::Reach::Workspace);
        let mut allowed = BTreeSet::new();
        for (config, env) in self.snapshot.allowed.iter() {
            allowed.extend(missing(&self.snapshot.project, config, env));
        }
        wanted.extend(allowed.iter().cloned());
        let old = world::outdated(&self.snapshot.project, self.snapshot.settings.inspect_max_age);
        // What was allowed to be looked at once may be looked at again.
        allowed.extend(old.iter().cloned());
        wanted.extend(old);
        if !wanted.is_empty() {
            self.client.then(move |owner| world::fetch(owner, wanted, &allowed));
        }
        unread
    }

    /// Tells which plan documents changed.
    fn plans(&self) -> Result<(), Failure> {
        if !self.snapshot.settings.plan_live && !self.refreshed {
            return Ok(());
        }
        for (uri, (config, env)) in self.snapshot.plans.open() {
            self.cancel.check()?;
            let plan = self.snapshot.project.plan(&config, &env);
            // Without the age of the known state, which changes by itself.
            let mut hasher = DefaultHasher::new();
            plan.text(&self.snapshot.project, None).text.hash(&mut hasher);
            let hash = hasher.finish();
            self.cancel.check()?;
            let before = self.told().plans.insert(uri.clone(), hash);
            if before != Some(hash) {
                if self.snapshot.client.extensions {
                    self.client.notify::<PlanChanged>(OneUri { uri: uri.clone() });
                }
                if self.snapshot.client.refresh_content {
                    let params = TextDocumentContentRefreshParams { uri };
                    self.client.ask::<TextDocumentContentRefreshRequest>(params, |_, _| ());
                }
            }
        }
        Ok(())
    }

    /// Pushes the diagnostics of open documents to a client that does not pull them, and clears those of closed ones.
    fn push(&self) -> Result<(), Failure> {
        for (_, document) in self.snapshot.documents.iter() {
            let diagnostics = diagnostics::of(&self.snapshot, document);
            self.cancel.check()?;
            let fingerprint = diagnostics::fingerprint(&diagnostics);
            // A version that the client may wait for is told even when nothing else is new.
            let version = self.snapshot.client.diagnostic_versions.then_some(document.version);
            let name = format!("{fingerprint} {version:?}");
            let before = self.told().pushed.insert(document.uri.clone(), name.clone());
            if before.as_ref() != Some(&name) {
                let uri = document.uri.clone();
                self.client.notify::<PublishDiagnosticsNotification>(PublishDiagnosticsParams {
                    uri,
                    version,
                    diagnostics,
                });
            }
        }
        let open: BTreeSet<&Uri> =
            self.snapshot.documents.iter().map(|(_, document)| &document.uri).collect();
        let closed: Vec<Uri> = self.told().pushed.keys().filter(|uri| !open.contains(uri)).cloned().collect();
        for uri in closed {
            self.told().pushed.remove(&uri);
            let params = PublishDiagnosticsParams { uri, version: None, diagnostics: Vec::new() };
            self.client.notify::<PublishDiagnosticsNotification>(params);
        }
        Ok(())
    }

    fn files(&self) -> Result<(), Failure> {
        let files = status::files(&self.snapshot);
        self.cancel.check()?;
        let mut told = self.told();
        if told.files != files {
            told.files = files.clone();
            self.client.notify::<ProjectChanged>(files);
        }
        Ok(())
    }

    fn status(&self, unread: bool) -> Result<(), Failure> {
        let status = status::status(&self.snapshot, unread);
        self.cancel.check()?;
        let mut told = self.told();
        if told.status.as_ref() != Some(&status) {
            told.status = Some(status.clone());
            self.client.notify::<StatusChanged>(status);
        }
        Ok(())
    }

    fn migrations(&self) -> Result<(), Failure> {
        let migrations = migrations::migrations(&self.snapshot);
        self.cancel.check()?;
        let mut told = self.told();
        if told.migrations != migrations {
            told.migrations = migrations.clone();
            self.client.notify::<MigrationsChanged>(migrations);
        }
        Ok(())
    }

    /// Lets the client ask again for what depends on more than the text it shows.
    fn refresh(&self) {
        let client = &self.snapshot.client;
        if client.refresh_diagnostics && client.pull_diagnostics {
            self.client.ask::<DiagnosticRefreshRequest>((), |_, _| ());
        }
        if client.refresh_lenses {
            self.client.ask::<CodeLensRefreshRequest>((), |_, _| ());
        }
        if client.refresh_tokens {
            self.client.ask::<SemanticTokensRefreshRequest>((), |_, _| ());
        }
    }

    fn told(&self) -> std::sync::MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The questions that stand between an env and its plan.
pub(crate) fn missing(project: &project::Snapshot, config: &Path, env: &str) -> BTreeSet<Want> {
    match &project.plan(config, env).state {
        PlanState::Missing(wants) => wants.iter().cloned().collect(),
        _ => BTreeSet::new(),
    }
}

/// Plan documents that a client shows, shared with the handler that serves their text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plans {
    open: Arc<Mutex<BTreeMap<Uri, (Path, SmolStr)>>>,
}

impl Plans {
    /// From now on the client hears when this plan changes.
    pub(crate) fn watch(&self, uri: Uri, config: Path, env: SmolStr) {
        self.lock().insert(uri, (config, env));
    }

    /// The client closed it.
    pub(crate) fn forget(&self, uri: &Uri) {
        self.lock().remove(uri);
    }

    fn open(&self) -> Vec<(Uri, (Path, SmolStr))> {
        self.lock().iter().map(|(uri, plan)| (uri.clone(), plan.clone())).collect()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<Uri, (Path, SmolStr)>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
