//! `migrate down`: takes the last migrations of a target back.
//!
//! What takes them back is written in their files, or computed from the state the target has and the one before them.
//! What other hands made since is left alone, and said. Looking is separate from doing: [`plan`] changes nothing, and
//! [`run`] looks again under the lock.
//!
//! Source: reference/migrations.md section 18.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use engine::apply::{Progress, Report as Outcomes};
use engine::connection::{Access, Cancel, Connection};
use engine::diff::{Cache, Policy, Side, between, describe};
use engine::inspect::{Fingerprint, inspect_all};
use engine::lint::{self, Report as LintReport};
use engine::migrate::down::{Unit, revert};
use engine::migrate::resume::{Answer, look_back, named, subjects};
use engine::migrate::revision::{Kind, Store};
use engine::migrate::run::sums;
use engine::migrate::{Directory, Format, Revision, section, statements};
use engine::plan::{Options as PlanOptions, Plan, Statement};
use engine::review::{Approver, Reviewed};
use engine::{Dialect, Scope};
use schema::{Change, Realm, TableChange};

use super::target::{Opened, Target, without_revisions};
use super::{Located, replay};
use crate::state::Options;
use crate::{Error, Workspace};

/// What is to be taken back.
#[derive(Clone, Debug)]
pub struct Args {
    pub target: Target,
    /// Checked against its sum by the caller.
    pub located: Located,
    pub to: To,
    /// What to do about a statement of an earlier run whose effect cannot be told.
    pub interrupted: Option<Answer>,
    pub lint: lint::Config,
    pub options: Options,
    pub lock_name: String,
    pub lock_timeout: Duration,
}

/// How far back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// The last so many.
    Amount(usize),
    /// Everything after this version.
    Version(String),
    /// Everything after the checkpoint of this tag.
    Tag(String),
}

/// What would be done.
#[derive(Clone, Debug)]
pub struct Planned {
    pub url: engine::DatabaseUrl,
    pub driver: &'static str,
    /// The version the target is in, and the one it will be in; `None` before the first.
    pub current: String,
    pub version: Option<String>,
    /// Those that are taken back, the last first.
    pub reverted: Vec<Revision>,
    pub units: Vec<Unit>,
    pub plan: Plan,
    pub report: LintReport,
    /// What is lost with it, in words.
    pub losses: Vec<String>,
    /// What differs from the files for other reasons, and stays so.
    pub left_alone: Vec<String>,
    /// Whether the statements were written by hand.
    pub written: bool,
    changes: Vec<Change>,
    base: Fingerprint,
}

/// Computes it; `None` when there is nothing to take back. Changes nothing.
///
/// # Errors
/// A version nobody applied; files that are needed and gone, or cannot be understood without a dev database.
pub async fn plan(workspace: &mut Workspace<'_>, args: &Args) -> Result<Option<Planned>, Error> {
    let mut opened = args.target.open(workspace, Access::Preview).await?;
    let planned = look(workspace, args, &mut opened).await;
    // Nothing was changed, so there is nothing to be lost.
    let _ = opened.connection.close().await;
    planned
}

async fn look(
    workspace: &mut Workspace<'_>,
    args: &Args,
    opened: &mut Opened,
) -> Result<Option<Planned>, Error> {
    let revisions = opened.revisions().await?.unwrap_or_default();
    let directory = &args.located.directory;
    let kept = kept(&revisions, directory, &args.to)?;
    let (keep, go) = revisions.split_at(kept);
    let Some(last) = go.last() else { return Ok(None) };
    if let Some(baseline) = go.iter().find(|it| it.kind.has(Kind::BASELINE)) {
        return Err(Error::Request(format!(
            "version {:?} is the baseline of this database: what was before it is not known",
            baseline.version
        )));
    }
    let reverted: Vec<Revision> = go.iter().rev().cloned().collect();
    let version = keep.last().map(|it| it.version.clone());
    let dialect = opened.dialect();
    let scope = opened.scope.clone();
    let whole = Arc::new(inspect_all(opened.connection.as_mut(), &scope).await?);
    let hand_written = match written(&args.located, &reverted, dialect)? {
        Some((plan, mut units)) => {
            let plan = settle(args, opened, &revisions, plan, &mut units).await?;
            Some((plan, units))
        }
        None => None,
    };
    let computed = compute(workspace, args, opened, &whole, version.as_deref(), &last.version).await;
    let by_hand = hand_written.is_some();
    let (plan, units, changes, report, left_alone) = match (hand_written, computed) {
        (Some((plan, units)), computed) => {
            let changes = computed.map(|it| it.changes).unwrap_or_default();
            (plan, units, changes, LintReport::default(), Vec::new())
        }
        (None, computed) => {
            let it = computed?;
            let versions = reverted.iter().map(|it| it.version.clone()).collect();
            let revision = last.clone();
            let statements = it.plan.statements.len();
            let units = vec![Unit { versions, statements, revision, ..Unit::default() }];
            (it.plan, units, it.changes, it.report, it.left_alone)
        }
    };
    let losses = losses(opened.connection.as_mut(), &changes).await?;
    Ok(Some(Planned {
        url: opened.url.clone(),
        driver: dialect.name,
        current: last.version.clone(),
        version,
        written: by_hand,
        reverted,
        units,
        plan,
        report,
        losses,
        left_alone,
        changes,
        base: Fingerprint::new(whole, scope),
    }))
}

/// How many of the revisions stay.
fn kept(revisions: &[Revision], directory: &Directory, to: &To) -> Result<usize, Error> {
    let migrations = directory.migrations();
    let after = |version: &str| {
        let known = revisions.iter().any(|it| it.version == version);
        match known || migrations.iter().any(|it| it.version == version) {
            true => Ok(revisions.iter().filter(|it| it.version.as_str() <= version).count()),
            false => Err(Error::Request(format!("migration with version {version:?} not found"))),
        }
    };
    match to {
        To::Amount(amount) => Ok(revisions.len().saturating_sub(*amount)),
        To::Version(version) => after(version),
        To::Tag(tag) => match migrations.iter().find(|it| it.tag() == Some(tag)) {
            Some(file) => after(&file.version),
            None => Err(Error::Request(format!("no checkpoint with tag {tag:?} was found"))),
        },
    }
}

/// The statements that the files have for it, when each of them has some and was executed in full.
fn written(
    located: &Located,
    reverted: &[Revision],
    dialect: &'static Dialect,
) -> Result<Option<(Plan, Vec<Unit>)>, Error> {
    let directory = &located.directory;
    let migrations = directory.migrations();
    let (mut plan, mut units) = (Plan::default(), Vec::new());
    for revision in reverted {
        let found = migrations.iter().position(|it| it.version == revision.version);
        let Some((name, text)) = found.and_then(|at| directory.files.get(at)) else { return Ok(None) };
        let Some(texts) = of_file(located, name, text, dialect)? else { return Ok(None) };
        let sums = sums(texts.iter().map(String::as_str));
        let done = if revision.is_reverting() {
            let done = usize::try_from(revision.applied).unwrap_or(usize::MAX);
            // What was begun is what was computed then, and is computed again from where the database is now.
            let was_computed = done != revision.partial_hashes.len()
                || done == 0
                    && revision.started().is_some_and(|sql| texts.first().is_none_or(|it| it != sql));
            if was_computed {
                return Ok(None);
            }
            if let Some(at) = (0..done).find(|at| sums.get(*at) != revision.partial_hashes.get(*at)) {
                return Err(Error::Request(format!(
                    "sql/migrate: history changed: statement {} of those that take version {:?} back changed",
                    at + 1,
                    revision.version
                )));
            }
            done
        } else if revision.is_partial() {
            return Ok(None);
        } else {
            0
        };
        units.push(Unit {
            versions: vec![revision.version.clone()],
            statements: texts.len() - done,
            done,
            sums,
            revision: revision.clone(),
        });
        plan.statements.extend(texts.into_iter().skip(done).map(|text| Statement {
            cmd: text,
            comment: format!("take back version {}", revision.version),
            ..Statement::default()
        }));
    }
    plan.transactional = !plan.statements.iter().any(|it| dialect.session.controls_transaction(&it.cmd));
    Ok(Some((plan, units)))
}

/// Finds out what became of a statement that an earlier run started; one that was executed is no part of the plan.
async fn settle(
    args: &Args,
    opened: &mut Opened,
    revisions: &[Revision],
    mut plan: Plan,
    units: &mut [Unit],
) -> Result<Plan, Error> {
    let Some(unit) = units.first_mut() else { return Ok(plan) };
    let (Some(started), Some(next)) = (unit.revision.started(), plan.statements.first()) else {
        return Ok(plan);
    };
    if !unit.revision.is_reverting() {
        return Ok(plan);
    }
    if next.cmd != started {
        return Err(Error::Request(format!(
            "sql/migrate: history changed: statement {} of those that take version {:?} back was started as {started:?} and is another one now",
            unit.done + 1,
            unit.revision.version
        )));
    }
    // Those before it are needed to see it in its place.
    let directory = &args.located.directory;
    let migrations = directory.migrations();
    let found = migrations.iter().position(|it| it.version == unit.revision.version);
    let file = found.and_then(|at| directory.files.get(at));
    let back = match file {
        Some((name, text)) => of_file(&args.located, name, text, opened.dialect())?.unwrap_or_default(),
        None => Vec::new(),
    };
    let version = unit.revision.version.clone();
    let scope = opened.scope.clone();
    let connection = opened.connection.as_mut();
    let looked = look_back(connection, &scope, directory, revisions, &version, &back, unit.done).await?;
    let executed = match (looked, args.interrupted) {
        (Ok(executed), _) => executed,
        (Err(_), Some(Answer::Applied)) => true,
        (Err(_), Some(Answer::Again)) => false,
        (Err(question), _) => return Err(Error::Aborted(question.describe())),
    };
    if executed {
        plan.statements.remove(0);
        unit.statements -= 1;
        unit.done += 1;
    }
    Ok(plan)
}

/// The statements that take back the file called `name`.
fn of_file(
    located: &Located,
    name: &str,
    text: &str,
    dialect: &'static Dialect,
) -> Result<Option<Vec<String>>, Error> {
    let format = located.directory.format;
    let wrong = |error| Error::Request(format!("sql/migrate: scanning statements from {name:?}: {error}"));
    let (folder, base) =
        name.rsplit_once('/').map_or((String::new(), name), |(folder, base)| (format!("{folder}/"), base));
    let other = match format {
        Format::GolangMigrate => name.strip_suffix(".up.sql").map(|stem| format!("{stem}.down.sql")),
        Format::Flyway => base.strip_prefix('V').map(|rest| format!("{folder}U{rest}")),
        _ => None,
    };
    if let Some(other) = other {
        let Some((_, text)) = located.companions.iter().find(|(name, _)| *name == other) else {
            return Ok(None);
        };
        let found = statements(text, Format::Liquibase, Some(dialect)).map_err(wrong)?;
        return Ok(Some(found.into_iter().map(|it| it.bare().to_owned()).collect()));
    }
    let sections = section::down(text, format).map_err(wrong)?;
    if sections.is_empty() {
        return Ok(None);
    }
    let mut texts = Vec::new();
    for section in sections {
        let part = text.get(section.range).unwrap_or_default();
        let found = statements(part, Format::Liquibase, Some(dialect)).map_err(wrong)?;
        texts.extend(found.into_iter().map(|it| it.bare().to_owned()));
    }
    Ok((!texts.is_empty()).then_some(texts))
}

struct Computed {
    changes: Vec<Change>,
    plan: Plan,
    report: LintReport,
    left_alone: Vec<String>,
}

/// What leads from the target as it is back to the state before, as far as the migrations went.
async fn compute(
    workspace: &mut Workspace<'_>,
    args: &Args,
    opened: &Opened,
    whole: &Arc<Realm>,
    version: Option<&str>,
    current: &str,
) -> Result<Computed, Error> {
    let dialect = opened.dialect();
    let server = Arc::new(opened.connection.capabilities().clone());
    let options = Options {
        dialect: Some(dialect),
        server: Some(server.clone()),
        bound: opened.scope.bound.clone(),
        offline: true,
        ..args.options.clone()
    };
    let after = replay::state(workspace, &args.located, Some(current), &options).await?;
    let before = match version {
        Some(version) => replay::state(workspace, &args.located, Some(version), &options).await?,
        None => {
            let nothing = Directory::new(args.located.directory.format, Vec::new(), None);
            let located = Located { directory: nothing, ..args.located.clone() };
            replay::state(workspace, &located, None, &options).await?
        }
    };
    let mut now = Realm::clone(whole);
    without_revisions(&mut now, &opened.place);
    let (before, after) = (
        named(&before.realm, &opened.scope, opened.dialect()),
        named(&after.realm, &opened.scope, opened.dialect()),
    );
    let bound = opened.scope.bound.as_deref();
    let policy = Policy { server: Some(server.clone()), ..Policy::default() };
    let compare = |from: &Realm, to: &Realm| {
        let side = |realm| Side { realm, bound, hcl: false };
        between(side(from), side(to), dialect, &policy, &mut Cache::default())
    };
    let touched: BTreeSet<String> = compare(&before, &after)?.iter().flat_map(subjects).collect();
    let ours = |change: &Change| subjects(change).iter().any(|name| touched.contains(name));
    let mut changes = compare(&now, &before)?;
    changes.retain(ours);
    let others = compare(&before, &now)?;
    let left_alone = others.iter().filter(|change| !ours(change)).map(describe).collect();
    let plan_options = PlanOptions {
        indent: "  ".to_owned(),
        qualifier: bound.map(|_| String::new()),
        server: Some(server.clone()),
        ..PlanOptions::default()
    };
    let plan = engine::plan::plan(&changes, whole, dialect, &plan_options)?;
    let report = lint::lint(&now, &before, &changes, &plan, &args.lint, dialect, Some(&server));
    Ok(Computed { changes, plan, report, left_alone })
}

/// The rows and values that go with tables and columns.
async fn losses(connection: &mut dyn Connection, changes: &[Change]) -> Result<Vec<String>, Error> {
    let hooks = connection.dialect().revisions;
    let mut lost = Vec::new();
    for change in changes {
        let (table, columns): (_, Vec<_>) = match change {
            Change::DropTable(table) => (table, vec![None]),
            Change::ModifyTable { from, changes, .. } => {
                let dropped = changes.iter().filter_map(|change| match change {
                    TableChange::DropColumn(column) => Some(Some(column.name.as_str())),
                    _ => None,
                });
                (from, dropped.collect())
            }
            _ => continue,
        };
        for column in columns {
            let rows = connection.query(&hooks.count(&table.schema, &table.name, column)).await?;
            let count =
                rows.rows.first().and_then(|row| row.first()).and_then(|value| value.int()).unwrap_or(0);
            let plural = if count == 1 { "" } else { "s" };
            match column {
                _ if count == 0 => {}
                None => lost.push(format!("{count} row{plural} of table {:?}", table.name.as_str())),
                Some(column) => {
                    lost.push(format!(
                        "{count} value{plural} of column {column:?} of table {:?}",
                        table.name.as_str()
                    ));
                }
            }
        }
    }
    Ok(lost)
}

impl Planned {
    /// The plan with its target, for an approver.
    pub fn review(&self) -> Reviewed {
        let target = engine::connection::Target {
            url: self.url.to_string(),
            dialect: self.driver,
            bound: self.base.scope().bound.clone(),
        };
        Reviewed::new(self.plan.clone(), target, self.changes.clone(), self.base.clone())
            .with_report(self.report.clone())
    }

    /// The scope it was made for.
    pub fn scope(&self) -> &Scope {
        self.base.scope()
    }
}

/// Asks `approver` and carries it out.
///
/// # Errors
/// [`Error::Rejected`] when it was not approved; revisions that are others now; a failure, with every outcome.
pub async fn run(
    workspace: &Workspace<'_>,
    args: &Args,
    planned: &Planned,
    approver: &dyn Approver,
    progress: &dyn Progress,
    cancel: &Cancel,
) -> Result<Outcomes, Error> {
    let approved = match planned.review().approve(approver).await {
        Ok(approved) => approved,
        Err(refused) => return Err(Error::Rejected(refused.reason)),
    };
    let mut opened = args.target.open(workspace, Access::Write).await?;
    opened.lock(&args.lock_name, args.lock_timeout).await?;
    let result = async {
        opened.connection.interrupt_on(cancel).await?;
        let revisions = opened.revisions().await?.unwrap_or_default();
        let same =
            planned.reverted.iter().rev().eq(revisions
                .get(revisions.len().saturating_sub(planned.reverted.len())..)
                .unwrap_or_default());
        if !same {
            return Err(Error::Request(
                "the revisions of the target changed since the plan was made".to_owned(),
            ));
        }
        let store = Store { hooks: opened.dialect().revisions, place: &opened.place };
        Ok(revert(&approved, &planned.units, opened.connection.as_mut(), &store, progress, cancel).await)
    }
    .await;
    opened.close(&args.lock_name).await;
    let outcomes = result?;
    match outcomes.error.clone() {
        Some(error) => Err(Error::Failed(Box::new(crate::schema::apply::Failed { error, outcomes }))),
        None => Ok(outcomes),
    }
}
