//! `migrate apply`: executes the pending files of a directory on a target.
//!
//! Everything happens under the lock: what is pending is found, an approver sees exactly what will be executed, and it
//! is executed. Invariant: nothing is written before the approver agreed, but for the table of revisions itself.

use std::time::{Duration, Instant};

use engine::DatabaseUrl;
use engine::connection::{Access, Cancel};
use engine::hook::{self, Hook};
use engine::migrate::pending::{Options, Order, pending};
use engine::migrate::resume::{Answer, look};
use engine::migrate::revision::{Moment, Store};
use engine::migrate::run::{self, Approver, Around, Clock, Observer, Plan, Report, TxMode};
use engine::migrate::{Directory, Revision};

use super::target::{Opened, Target};
use crate::{Error, Workspace};

/// What is to be executed, and how.
#[derive(Clone, Debug)]
pub struct Args {
    pub target: Target,
    /// Checked against its sum by the caller.
    pub directory: Directory,
    pub order: Order,
    pub baseline: String,
    pub allow_dirty: bool,
    pub tx_mode: TxMode,
    /// What is executed around the files of each transaction, as written.
    pub hooks: Vec<Hook>,
    /// How many files at most.
    pub amount: Option<usize>,
    /// The last version to execute. Empty for all.
    pub to_version: String,
    pub dry_run: bool,
    /// Empty for the usual one.
    pub lock_name: String,
    pub lock_timeout: Duration,
}

/// Who is asked, who is told, and how it is stopped.
pub struct Parties<'a> {
    pub approver: &'a dyn Approver,
    pub observer: &'a dyn Observer,
    pub cancel: &'a Cancel,
}

/// A run that was begun, or had nothing to do.
#[derive(Clone, Debug)]
pub struct Done {
    pub url: DatabaseUrl,
    pub driver: &'static str,
    /// The schema the URL is bound to.
    pub bound: Option<String>,
    pub plan: Plan,
    pub report: Report,
}

/// Who writes revisions.
pub fn operator() -> String {
    format!("Atlas CLI - atlas-ls v{}", env!("CARGO_PKG_VERSION"))
}

/// A clock that starts where the world's is and does not jump.
pub struct Ticking {
    start: i64,
    since: Instant,
}

impl Ticking {
    pub fn new(world: &dyn crate::World) -> Self {
        let start = i64::try_from(world.now()).unwrap_or(0).saturating_mul(1_000_000);
        Self { start, since: Instant::now() }
    }
}

impl Clock for Ticking {
    fn now(&self) -> Moment {
        let passed = i64::try_from(self.since.elapsed().as_nanos()).unwrap_or(i64::MAX);
        Moment(self.start.saturating_add(passed))
    }
}

/// Executes what is pending. A failure of a migration is in the report.
///
/// # Errors
/// What keeps the run from beginning, in Atlas's words; [`Error::Rejected`] when nobody agreed to it.
pub async fn run(workspace: &Workspace<'_>, args: &Args, around: &Parties<'_>) -> Result<Done, Error> {
    let access = if args.dry_run { Access::Preview } else { Access::Write };
    let mut opened = args.target.open(workspace, access).await?;
    opened.connection.interrupt_on(around.cancel).await?;
    if !args.dry_run {
        opened.lock(&args.lock_name, args.lock_timeout).await?;
    }
    let done = locked(workspace, args, around, &mut opened).await;
    opened.close(&args.lock_name).await;
    done
}

async fn locked(
    workspace: &Workspace<'_>,
    args: &Args,
    around: &Parties<'_>,
    opened: &mut Opened,
) -> Result<Done, Error> {
    if !args.dry_run {
        opened.ensure().await?;
    }
    let revisions = opened.revisions().await?.unwrap_or_default();
    let mut plan = plan(args, opened, &revisions).await?;
    let clock = Ticking::new(workspace.world);
    let done = |opened: &Opened, plan: Plan, report: Report| Done {
        url: opened.url.clone(),
        driver: opened.dialect().name,
        bound: opened.scope.bound.as_ref().map(ToString::to_string),
        plan,
        report,
    };
    if args.dry_run {
        let report = match plan.files.is_empty() {
            true => Report::default(),
            false => run::rehearse(&plan, around.observer, &clock),
        };
        return Ok(done(opened, plan, report));
    }
    settle(args, opened, &revisions, &mut plan, around.approver).await?;
    if plan.files.is_empty() && plan.baseline.is_none() {
        return Ok(done(opened, plan, Report { start: clock.now(), end: clock.now(), ..Report::default() }));
    }
    let reviewed = plan.clone().review(opened.connection.target().clone());
    let approved = match reviewed.approve(around.approver).await {
        Ok(approved) => approved,
        Err(refused) => return Err(Error::Rejected(refused.0)),
    };
    let operator = operator();
    let silent = run::Silent;
    let hooks = opened.dialect().revisions;
    let run_with = Around {
        store: Store { hooks, place: &opened.place },
        operator: &operator,
        // A baseline alone is nothing to tell of.
        observer: if plan.files.is_empty() { &silent } else { around.observer },
        clock: &clock,
        cancel: around.cancel,
    };
    let report = run::execute(&approved, opened.connection.as_mut(), &run_with).await;
    Ok(done(opened, plan, report))
}

/// What is pending and could be executed.
async fn plan(args: &Args, opened: &mut Opened, revisions: &[Revision]) -> Result<Plan, Error> {
    let migrations = args.directory.migrations();
    let dirt = if revisions.is_empty() { opened.dirt().await? } else { None };
    let options =
        Options { order: args.order, baseline: args.baseline.clone(), allow_dirty: args.allow_dirty, dirt };
    let mut pending =
        pending(&migrations, revisions, &options).map_err(|it| Error::Request(it.to_string()))?;
    if !args.to_version.is_empty() {
        let version = |at: &usize| migrations.get(*at).map(|it| it.version.as_str());
        let found = pending.files.iter().position(|at| version(at) == Some(&args.to_version));
        match found {
            Some(last) => pending.files.truncate(last + 1),
            None if migrations.iter().any(|it| it.version == args.to_version) => pending.files.clear(),
            None => {
                return Err(Error::Request(format!(
                    "migration with version {:?} not found",
                    args.to_version
                )));
            }
        }
    }
    // Files that are not executed now are not judged now.
    if let Some(amount) = args.amount {
        pending.files.truncate(amount);
    }
    let plan = run::prepare(&args.directory, &pending, revisions, opened.dialect(), args.tx_mode)?;
    Ok(Plan { hooks: hook::prepared(&args.hooks, opened.dialect())?, ..plan })
}

/// Finds out what became of a statement whose end nobody recorded, or asks.
async fn settle(
    args: &Args,
    opened: &mut Opened,
    revisions: &[Revision],
    plan: &mut Plan,
    approver: &dyn Approver,
) -> Result<(), Error> {
    let Some(file) = plan.files.iter_mut().find(|file| file.revision.is_some()) else { return Ok(()) };
    let Some(at) = file.interrupted()? else { return Ok(()) };
    let looked =
        look(opened.connection.as_mut(), &opened.scope, &args.directory, revisions, file, at).await?;
    let applied = match looked {
        Ok(applied) => applied,
        Err(question) => match approver.settle(&question).await {
            Answer::Applied => true,
            Answer::Again => false,
            Answer::Stop => return Err(Error::Aborted(question.describe())),
        },
    };
    if applied {
        file.skipped += 1;
    }
    Ok(())
}
