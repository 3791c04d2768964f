//! `migrate diff`: the next file of a migration directory, from where it leads to where it should.
//!
//! Replays the directory on the dev database, reads the desired state there, and plans between them; without a dev
//! database, where the dialect is known, from the texts alone. Writes nothing: the front end does, or shows it first.
//!
//! Source: reference/migrations.md section 13, cli.md section 6.3 (atlas `cmdapi/migrate.go`).

use std::sync::Arc;
use std::time::Duration;

use engine::diff::{Cache, Policy, Side, between};
use engine::migrate::write::{Heading, files, next_version};
use engine::plan::{Options as PlanOptions, Plan};
use engine::{DatabaseUrl, Dialect};
use schema::{ObjectPath, Realm, SmolStr};

use super::replay::{run, written};
use super::{Change, Located, new};
use crate::dev::Dev;
use crate::format::{PlanReport, Template};
use crate::state::{self, Options, Read};
use crate::{Error, Workspace};

/// The advisory lock on the dev database.
pub(super) const LOCK: &str = "atlas_migrate_diff";

/// What is to be planned, and how it is written.
#[derive(Clone, Debug, Default)]
pub struct Args {
    /// The desired state.
    pub to: Vec<String>,
    /// The end of the file's name.
    pub name: String,
    pub policy: Policy,
    pub options: Options,
    pub writing: Writing,
    pub lock_timeout: Duration,
    /// Milliseconds since 1970.
    pub now: u64,
}

/// How files are written.
#[derive(Clone, Debug, Default)]
pub struct Writing {
    pub indent: String,
    /// What stands before tables' names when the dev database is bound to one schema.
    pub qualifier: String,
    /// The content of the file instead of its format's.
    pub template: Option<Template>,
}

/// What was planned.
#[derive(Clone, Debug)]
pub struct Planned {
    pub plan: Plan,
    pub change: Change,
    pub dialect: &'static Dialect,
    /// The state before, all of it.
    pub from: Arc<Realm>,
    /// Where it leads.
    pub to: Arc<Realm>,
    pub changes: Vec<schema::Change>,
    /// Whether no database was asked.
    pub offline: bool,
    /// What a server may write otherwise than it was planned here, among what the plan is about.
    pub approximate: Vec<ObjectPath>,
}

/// A directory's state and what it should be.
struct Sides {
    current: Read,
    desired: Read,
    offline: bool,
}

/// Plans the next file; `None` when the directory leads there already.
///
/// # Errors
/// A directory whose files cannot be executed, a state that cannot be read, a change that cannot be carried out.
pub async fn diff(
    workspace: &mut Workspace<'_>,
    located: &Located,
    args: &Args,
) -> Result<Option<Planned>, Error> {
    new::check_name(&args.name)?;
    let sides = sides(workspace, located, args).await?;
    let Sides { current, desired, offline } = sides;
    let dialect = current.dialect;
    let (desired_realm, changes) = compare(&current, &desired, &args.policy)?;
    if changes.is_empty() {
        return Ok(None);
    }
    let heading = Heading { name: args.name.clone(), ..heading(located, args.now) };
    planned(located, current, desired_realm, changes, &heading, &args.writing, offline)
        .map(|planned| {
            let approximate = planned.approximate.into_iter().chain(desired.approximate);
            let approximate = touched(approximate, &planned.plan);
            Planned { approximate, dialect, ..planned }
        })
        .map(Some)
}

/// The version of a file made now.
pub(super) fn heading(located: &Located, now: u64) -> Heading {
    let version = next_version(&located.directory, &new::version(now));
    Heading { version, ..Heading::default() }
}

/// Both states, from one dev database where there is one.
async fn sides(workspace: &mut Workspace<'_>, located: &Located, args: &Args) -> Result<Sides, Error> {
    let mut options = args.options.clone();
    if options.dialect.is_none() {
        options.dialect = state::dialect_of(workspace, &args.to, &options).await;
    }
    let Some((url, dialect)) = dev_database(workspace, &options)? else {
        let Some(dialect) = options.dialect else {
            return Err(Error::Request("required flag(s) \"dev-url\" not set".to_owned()));
        };
        let current = written(&located.directory, None, dialect, options.server.clone())?;
        // The directory may tell what its server is like; a database as desired state knows.
        let options = Options { offline: true, server: current.server.clone(), ..options };
        let desired = state::read(workspace, &args.to, &options).await?;
        let current = match &desired.url {
            Some(_) => written(&located.directory, None, dialect, desired.server.clone())?,
            None => current,
        };
        return Ok(Sides { current, desired, offline: true });
    };
    let bound = (dialect.bound)(&url);
    let mut dev = match Dev::open(workspace.world, &url, dialect, options.accounts).await {
        Err(error) => return Err(not_clean(error, bound.as_ref(), &args.to, workspace)),
        Ok(dev) => dev,
    };
    // A URL that leads to a server of a kin product, as mysql:// to MariaDB, speaks that one's dialect.
    let dialect = dev.connection.dialect();
    let result = async {
        dev.lock(LOCK, args.lock_timeout).await?;
        let result = run(&mut dev, &located.directory, None, &options).await;
        dev.restore().await?;
        let realm = Arc::new(result?);
        let server = Some(Arc::new(dev.connection.capabilities().clone()));
        let options = Options {
            dialect: Some(dialect),
            dev_url: Some(url.secret().to_owned()),
            server: server.clone(),
            bound: bound.clone(),
            ..options.clone()
        };
        let desired = state::read(workspace, &args.to, &options).await?;
        if desired.url.is_some() && desired.dialect.name != dialect.name {
            return Err(Error::Request(format!(
                "cannot compare {} with {}",
                dialect.title, desired.dialect.title
            )));
        }
        let current = Read {
            realm: realm.clone(),
            whole: realm,
            dialect,
            bound: bound.clone(),
            hcl: false,
            url: None,
            server,
            approximate: Vec::new(),
        };
        Ok(Sides { current, desired, offline: false })
    }
    .await;
    let _ = dev.connection.unlock(LOCK).await;
    let _ = dev.connection.close().await;
    result
}

/// The dev database that was named, or the one that takes no server.
pub(super) fn dev_database(
    workspace: &Workspace<'_>,
    options: &Options,
) -> Result<Option<(DatabaseUrl, &'static Dialect)>, Error> {
    if let Some(dev) = state::dev(workspace, options)? {
        return Ok(Some(dev));
    }
    match options.dialect.and_then(|dialect| Some((dialect.dev_url?, dialect))) {
        Some((url, dialect)) => Ok(Some((DatabaseUrl::parse(url)?, dialect))),
        None => Ok(None),
    }
}

/// Says how to limit a dev database that is in use otherwise.
fn not_clean(error: Error, bound: Option<&SmolStr>, to: &[String], workspace: &Workspace<'_>) -> Error {
    let one_schema = to.first().and_then(|url| {
        let parsed = DatabaseUrl::parse(url).ok()?;
        (workspace.dialects.by_url(url)?.bound)(&parsed)
    });
    match &error {
        Error::Engine(engine::Error::NotClean { reason }) if bound.is_none() && one_schema.is_some() => {
            Error::Request(format!(
                "dev database is not clean ({reason}). Add a schema to the URL to limit the scope of the connection"
            ))
        }
        _ => super::replay::snapshot(error),
    }
}

/// The desired state under the names of the current one, and what leads there.
fn compare(
    current: &Read,
    desired: &Read,
    policy: &Policy,
) -> Result<(Arc<Realm>, Vec<schema::Change>), Error> {
    let policy = Policy { server: current.server.clone(), ..policy.clone() };
    let mut realm = desired.realm.clone();
    if current.bound.is_none() {
        let changes =
            between(current.side(), desired.side(), current.dialect, &policy, &mut Cache::default())?;
        return Ok((realm, changes));
    }
    let from = one(&current.realm, "current state after replaying migration directory")?;
    let to = one(&desired.realm, "desired state")?;
    if from != to {
        realm = Arc::new(engine::diff::renamed(&realm, &from, current.dialect));
    }
    let bound = current.bound.as_deref();
    let to = Side { realm: &realm, bound, hcl: desired.hcl };
    let from = Side { bound: Some(&from), ..current.side() };
    let changes = between(from, to, current.dialect, &policy, &mut Cache::default())?;
    Ok((realm, changes))
}

/// The only schema of a realm.
fn one(realm: &Realm, of: &str) -> Result<SmolStr, Error> {
    match realm.schemas.as_slice() {
        [only] => Ok(only.name.clone()),
        [] => Err(Error::Request(format!("no schema was found in {of}"))),
        more => Err(Error::Request(format!("{} schemas were found in {of}; expect 1", more.len()))),
    }
}

/// The plan and the files that hold it.
pub(super) fn planned(
    located: &Located,
    current: Read,
    to: Arc<Realm>,
    changes: Vec<schema::Change>,
    heading: &Heading,
    writing: &Writing,
    offline: bool,
) -> Result<Planned, Error> {
    let dialect = current.dialect;
    let bound = current.bound.is_some() || (offline && to.schemas.len() < 2);
    let options = PlanOptions {
        indent: writing.indent.clone(),
        qualifier: bound.then(|| writing.qualifier.clone()),
        server: current.server.clone(),
        ..PlanOptions::default()
    };
    let plan = engine::plan::plan(&changes, &current.whole, dialect, &options)?;
    // What runs in no transaction, where such plans usually do, must say so.
    let usual = dialect.plan.plan(&[], &current.whole, &options)?.transactional;
    let heading = &Heading { outside_transaction: usual && !plan.transactional, ..heading.clone() };
    let mut written = files(&plan, heading, located.directory.format, Some(dialect));
    if let Some(template) = &writing.template {
        let report = PlanReport { plan: plan.clone(), heading: heading.clone() };
        let text = template.execute(Arc::new(report), false).map_err(Error::Request)?;
        let [(_, content)] = written.as_mut_slice() else {
            return Err(Error::Request(format!(
                "cannot use format with: {:?}",
                located.directory.format.name()
            )));
        };
        *content = text;
    }
    let approximate = touched(current.approximate.iter().cloned(), &plan);
    let change = Change::adding(&located.directory, written);
    let from = current.whole.clone();
    Ok(Planned { plan, change, dialect, from, to, changes, offline, approximate })
}

/// Those that the plan says something about, once each.
fn touched(objects: impl Iterator<Item = ObjectPath>, plan: &Plan) -> Vec<ObjectPath> {
    let mut out: Vec<ObjectPath> = Vec::new();
    for object in objects {
        let named = plan.statements.iter().any(|statement| statement.objects.contains(&object));
        if named && !out.contains(&object) {
            out.push(object);
        }
    }
    out
}
