//! `schema apply`: changes a database so that it matches a desired state.
//!
//! Plans, judges, asks, executes. Looking is separate from doing: [`plan`] opens the target to read it, and
//! [`run`] opens it to write once somebody approved what [`plan`] found; the engine looks again under the lock.

use std::sync::Arc;
use std::time::Duration;

use engine::apply::{Outcome, Progress, Report as Outcomes, TxMode};
use engine::connection::{Access, Cancel};
use engine::diff::{Cache, Policy, RenameCandidate, between};
use engine::hook::{self, Hook};
use engine::inspect::Fingerprint;
use engine::lint::{self, Report as LintReport};
use engine::plan::{Options as PlanOptions, Plan};
use engine::review::{Approver, Reviewed};
use engine::{Connector, DatabaseUrl, Scope};
use project::Path;
use schema::Change;

use crate::state::{self, Options, Read};
use crate::world::SeenFrom;
use crate::{Error, Workspace};

/// What is to be applied, and how it is judged.
#[derive(Clone, Debug)]
pub struct Args {
    /// The target.
    pub url: String,
    /// The desired state.
    pub to: Vec<String>,
    pub policy: Policy,
    /// The effective `lint` settings.
    pub lint: lint::Config,
    pub options: Options,
    /// What is executed around the plan in its transaction, as written.
    pub hooks: Vec<Hook>,
}

/// A plan for a target in the state it was found in.
#[derive(Clone, Debug)]
pub struct Planned {
    pub current: Read,
    pub desired: Read,
    pub changes: Vec<Change>,
    pub plan: Plan,
    pub report: LintReport,
    pub url: DatabaseUrl,
    /// The directory a relative path in the URL is seen from.
    pub(crate) directory: Path,
    pub(crate) scope: Scope,
    /// What is executed around the plan.
    pub hooks: Vec<Hook>,
}

/// What became of an approved plan that did not go through.
#[derive(Clone, Debug)]
pub struct Failed {
    pub error: engine::Error,
    pub outcomes: Outcomes,
}

impl PartialEq for Failed {
    fn eq(&self, other: &Self) -> bool {
        self.error == other.error && self.outcomes.outcomes == other.outcomes.outcomes
    }
}

/// How a plan is carried out.
pub struct Execution<'a> {
    pub tx_mode: TxMode,
    pub lock_timeout: Duration,
    pub progress: &'a dyn Progress,
    pub cancel: &'a Cancel,
}

/// Computes the plan that makes the target match the desired state. Changes nothing.
///
/// # Errors
/// As [`state::read`]; `--url must be a database connection`; states that cannot be compared.
pub async fn plan(workspace: &mut Workspace<'_>, args: &Args) -> Result<Planned, Error> {
    // The target is opened for reading: an absent embedded database is one without anything in it.
    let from = std::slice::from_ref(&args.url);
    let (current, desired) = match state::at_once(workspace, from, &args.to, &args.options).await {
        Some((current, desired)) => (current?, Some(desired?)),
        None => (target(workspace, args).await?, None),
    };
    let Some(url) = current.url.clone() else {
        return Err(Error::Request("--url must be a database connection".to_owned()));
    };
    let options = Options {
        dialect: Some(current.dialect),
        server: current.server.clone(),
        bound: current.bound.clone(),
        ..args.options.clone()
    };
    let desired = match desired {
        Some(desired) => desired,
        None => state::read(workspace, &args.to, &options).await?,
    };
    between_states(current, desired, url, args)
}

/// What leads from one state to the other.
fn between_states(current: Read, desired: Read, url: DatabaseUrl, args: &Args) -> Result<Planned, Error> {
    let dialect = current.dialect;
    let policy = Policy { server: current.server.clone(), ..args.policy.clone() };
    let changes = between(current.side(), desired.side(), dialect, &policy, &mut Cache::default())?;
    let plan_options = PlanOptions {
        indent: "  ".to_owned(),
        qualifier: current.bound.as_ref().map(|_| String::new()),
        server: current.server.clone(),
        ..PlanOptions::default()
    };
    let plan = engine::plan::plan(&changes, &current.whole, dialect, &plan_options)?;
    let server = current.server.as_deref();
    let report = lint::lint(&current.realm, &desired.realm, &changes, &plan, &args.lint, dialect, server);
    let mut planned = Planned::new(current, desired, changes, plan, report, url, &args.options);
    planned.scope.schemas = args.options.schemas.clone();
    planned.hooks = hook::prepared(&args.hooks, dialect)?;
    Ok(planned)
}

/// `planned` with `candidate` carried out as a renaming, which somebody confirmed.
///
/// # Errors
/// As [`plan`].
pub fn confirm(planned: &Planned, candidate: &RenameCandidate, args: &Args) -> Result<Planned, Error> {
    let mut desired = planned.desired.clone();
    // Bound to one schema, both sides are compared under the target's name for it.
    let realm = match (&planned.current.bound, desired.realm.schemas.as_slice()) {
        (Some(bound), [only]) if only.name != *bound => {
            Arc::new(engine::diff::renamed(&desired.realm, bound, planned.current.dialect))
        }
        _ => desired.realm.clone(),
    };
    desired.realm = Arc::new(engine::diff::confirm(&realm, candidate));
    let (current, url) = (planned.current.clone(), planned.url.clone());
    let mut confirmed = between_states(current, desired, url, args)?;
    confirmed.directory = planned.directory.clone();
    confirmed.scope = planned.scope.clone();
    Ok(confirmed)
}

/// The target's state; that of an embedded database which does not exist yet is empty.
async fn target(workspace: &mut Workspace<'_>, args: &Args) -> Result<Read, Error> {
    match state::read(workspace, std::slice::from_ref(&args.url), &args.options).await {
        Err(Error::Engine(engine::Error::Database { error, .. }))
            if error.kind == engine::connection::DbErrorKind::Absent =>
        {
            let url = DatabaseUrl::parse(&args.url)?;
            let dialect = workspace.dialects.by_url(url.secret());
            let nothing = dialect.and_then(|dialect| Some((dialect, crate::facts::nothing(dialect)?)));
            let Some((dialect, realm)) = nothing else {
                return Err(Error::Engine(engine::Error::Database { context: String::new(), error }));
            };
            let realm = Arc::new(realm);
            let bound = (dialect.bound)(&url);
            let server = None;
            Ok(Read {
                realm: realm.clone(),
                whole: realm,
                dialect,
                bound,
                hcl: false,
                url: Some(url),
                server,
                approximate: Vec::new(),
            })
        }
        read => read,
    }
}

impl Planned {
    pub(crate) fn new(
        current: Read,
        desired: Read,
        changes: Vec<Change>,
        plan: Plan,
        report: LintReport,
        url: DatabaseUrl,
        options: &Options,
    ) -> Self {
        let scope = Scope { bound: current.bound.clone(), accounts: options.accounts, ..Scope::default() };
        let directory = options.directory.clone().unwrap_or_else(|| Path::new("/"));
        let hooks = Vec::new();
        Self { current, desired, changes, plan, report, url, directory, scope, hooks }
    }

    pub fn is_synced(&self) -> bool {
        self.changes.is_empty()
    }

    /// The plan with its target, for an approver.
    pub fn review(&self, target: engine::connection::Target) -> Reviewed {
        let base = Fingerprint::new(self.current.whole.clone(), self.scope.clone());
        Reviewed::new(self.plan.clone(), target, self.changes.clone(), base)
            .with_report(self.report.clone())
            .with_hooks(self.hooks.clone())
    }
}

/// Asks `approver` and carries the plan out.
///
/// # Errors
/// [`Error::Rejected`] when it was not approved, [`Error::Failed`] with the outcome of every statement when it did
/// not go through.
pub async fn run(
    workspace: &Workspace<'_>,
    planned: &Planned,
    approver: &dyn Approver,
    execution: Execution<'_>,
) -> Result<Outcomes, Error> {
    let target = engine::connection::Target {
        url: planned.url.to_string(),
        dialect: planned.current.dialect.name,
        bound: planned.current.bound.clone(),
    };
    let approved = match planned.review(target).approve(approver).await {
        Ok(approved) => approved,
        Err(refused) => return Err(Error::Rejected(refused.reason)),
    };
    let connector = SeenFrom {
        inner: workspace.world.connector(),
        directory: &planned.directory,
        dialects: workspace.dialects,
    };
    let mut connection = connector
        .open(&planned.url, Access::Write)
        .await
        .map_err(engine::Error::doing(planned.current.dialect.name))?;
    let outcomes = engine::apply::apply(
        approved,
        connection.as_mut(),
        execution.tx_mode,
        execution.lock_timeout,
        execution.progress,
        execution.cancel,
    )
    .await;
    let closed = connection.close().await;
    match outcomes.error.clone() {
        Some(error) => Err(Error::Failed(Box::new(Failed { error, outcomes }))),
        None => {
            closed?;
            Ok(outcomes)
        }
    }
}

/// How many statements ended which way, in words: `2 applied, 1 failed, 3 not run`.
pub fn summary(outcomes: &[Outcome]) -> String {
    let count = |is: fn(&Outcome) -> bool| outcomes.iter().filter(|outcome| is(outcome)).count();
    let parts = [
        (count(|it| matches!(it, Outcome::Applied)), "applied"),
        (count(|it| matches!(it, Outcome::RolledBack)), "rolled back"),
        (count(|it| matches!(it, Outcome::Failed(_))), "failed"),
        (count(|it| matches!(it, Outcome::NotRun)), "not run"),
    ];
    let said: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect();
    if said.is_empty() { "nothing to run".to_owned() } else { said.join(", ") }
}
