//! `workspace/executeCommand`: what a user can do, run beside the loop.
//!
//! A command awaits databases and the user, so it runs on the asynchronous runtime with a snapshot of the moment it
//! was asked for. It is never dropped midway: a cancelled one is told by its token and comes to an orderly end.
//! Invariant: the list here is what `executeCommandProvider` advertises.

mod about;
mod apply;
mod buffers;
mod diff;
mod env;
mod inspect;
mod migrate;
mod plan;

use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ::commands::World;
use futures::FutureExt as _;
use gen_lsp_types::{ExecuteCommandOptions, ExecuteCommandParams, ProgressToken, ServerCapabilities};
use project::{Answer, Fact, Want};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::oneshot;
use tower_lsp_server::jsonrpc::{self, Id, Response};

use super::cancel::Cancel;
use super::client::Client;
use super::failure::Failure;
use super::handler::{Stale, panicked, read};
use super::lanes::Lane;
use super::owner::{Owner, Waiting};
use super::snapshot::Snapshot;
use super::{background, world};

/// Every command of the server.
pub(crate) fn all() -> Vec<Entry> {
    vec![
        Entry::of::<plan::Plan>(),
        Entry::of::<apply::Apply>(),
        Entry::of::<inspect::Inspect>(),
        Entry::of::<diff::Diff>(),
        Entry::of::<env::SetEnv>(),
        Entry::of::<env::RefreshFacts>(),
        Entry::of::<migrate::Apply>(),
        Entry::of::<migrate::Create>(),
        Entry::of::<migrate::DiffWithPrevious>(),
        Entry::of::<migrate::Hash>(),
        Entry::of::<migrate::Lint>(),
        Entry::of::<migrate::New>(),
        Entry::of::<migrate::Rebase>(),
        Entry::of::<migrate::SchemaAt>(),
        Entry::of::<migrate::Status>(),
    ]
}

/// Something a user can do.
pub(crate) trait Command {
    /// As clients send it: `atlas.plan`.
    const NAME: &'static str;
    const LANE: Lane = Lane::Database;
    /// The one object in `arguments`; absent arguments read as an empty one.
    type Args: DeserializeOwned + Send + 'static;
    type Report: Serialize + Send + 'static;

    fn run(
        context: Context,
        args: Self::Args,
    ) -> impl Future<Output = Result<Self::Report, Failure>> + Send + 'static;
}

/// What a running command has in hand.
pub(crate) struct Context {
    pub(crate) snapshot: Snapshot,
    pub(crate) client: Client,
    pub(crate) cancel: Cancel,
    /// Where the client wants to see progress, if it said so.
    pub(crate) token: Option<ProgressToken>,
    pub(crate) world: Arc<dyn World>,
}

/// How long a command waits for facts to change anything.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a command waits for the search for configurations.
const SEARCH: Duration = Duration::from_secs(10);

impl Context {
    /// Fetches `wants`, which the user allowed, and returns the first state that differs from `after`; `None` when
    /// nothing changed for long.
    async fn next(&self, after: &Snapshot, wants: BTreeSet<Want>) -> Option<Snapshot> {
        let (sender, changed) = oneshot::channel();
        let revision = after.revision;
        self.client.then(move |owner| {
            let allowed = wants.clone();
            world::fetch(owner, wants, &allowed);
            owner.when_changed(revision, sender);
        });
        tokio::time::timeout(PATIENCE, changed).await.ok()?.ok()
    }

    /// Waits until what the env depends on is known, as far as it may be and for not too long; `databases` says
    /// whether the state of databases is meant as well.
    ///
    /// # Errors
    /// As [`about::Chosen::permit`], which is asked anew whenever more is known of what the env reaches; cancelled.
    async fn gather(
        &mut self,
        chosen: &about::Chosen,
        purpose: about::Purpose,
        databases: bool,
    ) -> Result<(), Failure> {
        let mut waited = Duration::ZERO;
        loop {
            if self.snapshot.trusted {
                chosen.permit(self, purpose).await?;
            }
            let mut missing = background::missing(&self.snapshot.project, &chosen.config, &chosen.env);
            missing.retain(|want| databases || !matches!(want, Want::Database(_)));
            if missing.is_empty() || !self.snapshot.trusted || waited > PATIENCE {
                return Ok(());
            }
            let since = Instant::now();
            // Each fact that arrives is a change, and the loop tells of it.
            let next = tokio::select! {
                next = self.next(&self.snapshot, missing) => next,
                reason = self.cancel.cancelled() => return Err(reason.into()),
            };
            match next {
                Some(next) => self.snapshot = next,
                None => return Ok(()),
            }
            waited += since.elapsed();
        }
    }

    /// What was refused or failed before, and what is missing.
    fn doubtful(&self, chosen: &about::Chosen) -> BTreeSet<Want> {
        let bad = |fact: &Fact| matches!(fact.answer, Answer::Refused(_) | Answer::Failed(_));
        let facts = self.snapshot.project.facts().into_iter();
        let mut wants: BTreeSet<Want> = facts.filter(|(_, fact)| bad(fact)).map(|(want, _)| want).collect();
        wants.extend(background::missing(&self.snapshot.project, &chosen.config, &chosen.env));
        wants
    }

    /// Looks at the target of an env again, and at what was refused or failed before.
    fn look_again(&self, chosen: &about::Chosen, env: &project::Env) {
        let mut wants = self.doubtful(chosen);
        let target = project::target(env).map(Want::Database);
        let allowed: BTreeSet<Want> = target.into_iter().collect();
        wants.extend(allowed.iter().cloned());
        self.client.then(move |owner| world::fetch(owner, wants, &allowed));
    }
}

impl Context {
    /// Looks at the target of an env after it was changed, and waits for it: whoever asks for a plan after the answer
    /// to this command gets that of the target as it is now.
    async fn look_after(&self, chosen: &about::Chosen, env: &project::Env) {
        let doubtful = self.doubtful(chosen);
        let Some(target) = project::target(env) else { return };
        // Other envs may look at the same target in another way.
        let known = self.snapshot.project.facts().into_keys();
        let same = known.filter(|want| matches!(want, Want::Database(other) if other.url == target.url));
        let wants: BTreeSet<Want> = same.chain([Want::Database(target.clone())]).collect();
        let (done, looked) = oneshot::channel();
        self.client.then(move |owner| {
            world::refetch(owner, wants, done);
            world::fetch(owner, doubtful, &BTreeSet::new());
        });
        let _ = tokio::time::timeout(PATIENCE, looked).await;
    }
}

/// A command as the dispatcher keeps it.
pub(crate) struct Entry {
    pub(crate) name: &'static str,
    lane: Lane,
    run: fn(Context, Value) -> Running,
}

type Running = Pin<Box<dyn Future<Output = Result<Value, Failure>> + Send>>;

impl Entry {
    pub(crate) const fn of<C: Command>() -> Self {
        Self { name: C::NAME, lane: C::LANE, run: run::<C> }
    }
}

fn run<C: Command>(context: Context, args: Value) -> Running {
    Box::pin(async move {
        let report = C::run(context, read(args)?).await?;
        serde_json::to_value(report).map_err(|error| Failure::Internal(error.to_string()))
    })
}

/// Tells clients which commands there are.
pub(crate) fn advertise(entries: &[Entry], capabilities: &mut ServerCapabilities) {
    if !entries.is_empty() {
        capabilities.execute_command_provider = Some(ExecuteCommandOptions {
            commands: entries.iter().map(|entry| entry.name.to_owned()).collect(),
            ..Default::default()
        });
    }
}

/// Starts the command of a request.
pub(crate) fn start(owner: &mut Owner, id: Id, answer: oneshot::Sender<Response>, params: Value) {
    let (params, at) = match find(owner, params) {
        Ok(found) => found,
        Err(failure) => {
            owner.reply_to(answer, Response::from_error(id, jsonrpc::Error::from(failure)));
            return;
        }
    };
    let waiting = Waiting {
        id,
        answer,
        cancel: Cancel::default(),
        since: Instant::now(),
        name: params.command,
        lane: owner.commands[at].lane,
        document: None,
        stale: Stale::Finish,
        again: None,
    };
    let Some((ticket, cancel)) = owner.admit(waiting) else {
        return;
    };
    let client = owner.client.clone();
    let found = owner.when_found();
    let mut context = Context {
        snapshot: owner.state.snapshot(),
        client: client.clone(),
        cancel,
        world: Arc::clone(&owner.world),
        token: params.work_done_progress_params.work_done_token,
    };
    let args = params.arguments.and_then(|arguments| arguments.into_iter().next());
    let entry = &owner.commands[at];
    let (name, run) = (entry.name, entry.run);
    owner.lanes.spawn(async move {
        let running = async move {
            if let Some(found) = found {
                // A command that comes right after the start means the configurations that are being read.
                tokio::select! {
                    found = tokio::time::timeout(SEARCH, found) => {
                        if let Ok(Ok(snapshot)) = found {
                            context.snapshot = snapshot;
                        }
                    }
                    reason = context.cancel.cancelled() => return Err(reason.into()),
                }
            }
            run(context, args.unwrap_or_else(|| serde_json::json!({}))).await
        };
        let outcome = AssertUnwindSafe(running).catch_unwind().await;
        client.done(ticket, outcome.unwrap_or_else(|panic| Err(panicked(name, &*panic))));
    });
}

fn find(owner: &Owner, params: Value) -> Result<(ExecuteCommandParams, usize), Failure> {
    let params: ExecuteCommandParams = read(params)?;
    match owner.commands.iter().position(|entry| entry.name == params.command) {
        Some(at) => Ok((params, at)),
        None => Err(Failure::Params(format!("no command {:?}", params.command))),
    }
}
