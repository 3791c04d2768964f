//! `migrate set`: the revisions of a target are made to say that it is in a version. Executes no migration.
//!
//! Source: reference/migrations.md section 12, cli.md section 6.8.

use std::fmt::Write as _;
use std::time::Duration;

use engine::connection::Access;
use engine::migrate::revision::{Kind, Store};
use engine::migrate::run::Clock as _;
use engine::migrate::{Directory, Revision};

use super::apply::{Ticking, operator};
use super::target::{Opened, Target};
use super::text::Look;
use crate::{Error, Workspace};

/// What is to be recorded.
#[derive(Clone, Debug)]
pub struct Args {
    pub target: Target,
    /// Checked against its sum by the caller.
    pub directory: Directory,
    /// The version; `None` for the last file's.
    pub version: Option<String>,
    pub lock_name: String,
}

/// What was changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changed {
    /// The version the target has now; `None` when no revision is left.
    pub current: Option<String>,
    pub set: Vec<Revision>,
    pub removed: Vec<Revision>,
}

/// Records it.
///
/// # Errors
/// `migration with version "x" not found`; `accepts 1 arg(s), received 0` for a target without revisions; the database's.
pub async fn set(workspace: &Workspace<'_>, args: &Args) -> Result<Changed, Error> {
    let mut opened = args.target.open(workspace, Access::Write).await?;
    opened.lock(&args.lock_name, Duration::ZERO).await?;
    let result = locked(workspace, args, &mut opened).await;
    opened.close(&args.lock_name).await;
    result
}

async fn locked(workspace: &Workspace<'_>, args: &Args, opened: &mut Opened) -> Result<Changed, Error> {
    opened.ensure().await?;
    let revisions = opened.revisions().await?.unwrap_or_default();
    let migrations = args.directory.migrations();
    let target = match &args.version {
        Some(version) if migrations.iter().any(|it| it.version == *version) => version.clone(),
        Some(version) => {
            return Err(Error::Request(format!("migration with version {version:?} not found")));
        }
        None if revisions.is_empty() => {
            return Err(Error::Request("accepts 1 arg(s), received 0".to_owned()));
        }
        None => migrations.last().map(|it| it.version.clone()).unwrap_or_default(),
    };
    let sum = args.directory.computed();
    let clock = Ticking::new(workspace.world);
    let mut changed = Changed::default();
    let mut last = None;
    for revision in &revisions {
        if revision.version > target {
            changed.removed.push(revision.clone());
            continue;
        }
        last = Some(revision.version.clone());
        let unsettled = !revision.error.is_empty() || revision.applied != revision.total;
        if revision.version == target && unsettled && !revision.kind.has(Kind::RESOLVED) {
            changed.set.push(match revision.is_reverting() {
                // Its counts are those of what took it back.
                true => Revision {
                    kind: Kind::EXECUTE.with(Kind::RESOLVED),
                    applied: 0,
                    total: 0,
                    error: String::new(),
                    error_stmt: String::new(),
                    partial_hashes: Vec::new(),
                    ..revision.clone()
                },
                false => Revision { kind: revision.kind.with(Kind::RESOLVED), ..revision.clone() },
            });
        }
    }
    let known = |version: &str| revisions.iter().any(|revision| revision.version == version);
    for file in &migrations {
        let behind = last.as_ref().is_none_or(|last| file.version > *last);
        if !behind || file.version > target || known(&file.version) {
            continue;
        }
        changed.set.push(Revision {
            version: file.version.clone(),
            description: file.description.clone(),
            kind: Kind::RESOLVED,
            executed_at: clock.now(),
            hash: sum.get(&file.name).unwrap_or_default().to_owned(),
            operator_version: operator(),
            ..Revision::default()
        });
    }
    let kept = revisions.iter().map(|it| &it.version).filter(|version| **version <= target);
    changed.current = kept.chain(changed.set.iter().map(|it| &it.version)).max().cloned();
    if changed.set.is_empty() && changed.removed.is_empty() {
        return Ok(changed);
    }
    write(opened, &changed).await?;
    Ok(changed)
}

/// All of it or nothing.
async fn write(opened: &mut Opened, changed: &Changed) -> Result<(), Error> {
    let dialect = opened.dialect();
    let [begin, commit, rollback] = dialect.revisions.transaction();
    opened.connection.execute(begin).await?;
    let store = Store { hooks: dialect.revisions, place: &opened.place };
    let connection = opened.connection.as_mut();
    let mut result = Ok(());
    for revision in &changed.removed {
        if result.is_ok() {
            result = store.delete(connection, &revision.version).await;
        }
    }
    for revision in &changed.set {
        if result.is_ok() {
            result = store.write(connection, revision).await;
        }
    }
    match result {
        Ok(()) => Ok(connection.execute(commit).await.map(|_| ())?),
        Err(error) => {
            let _ = connection.execute(rollback).await;
            Err(error.into())
        }
    }
}

impl Changed {
    /// The report; empty when nothing changed.
    pub fn text(&self, look: &dyn Look) -> String {
        if self.set.is_empty() && self.removed.is_empty() {
            return String::new();
        }
        let mut out = match &self.current {
            Some(current) => {
                let counts = [(self.set.len(), "set"), (self.removed.len(), "removed")];
                let parts: Vec<String> = counts
                    .iter()
                    .filter(|(count, _)| *count > 0)
                    .map(|(count, word)| format!("{count} {word}"))
                    .collect();
                format!("Current version is {} ({}):\n\n", look.paint("36", current), parts.join(", "))
            }
            None => format!("All revisions deleted ({} in total):\n\n", self.removed.len()),
        };
        let mut lines: Vec<(&Revision, &str, &str)> = Vec::new();
        lines.extend(self.set.iter().map(|it| (it, "+", "92")));
        lines.extend(self.removed.iter().map(|it| (it, "-", "91")));
        lines.sort_by(|(a, ..), (b, ..)| a.version.cmp(&b.version));
        for (revision, sign, code) in lines {
            let description = match revision.description.as_str() {
                "" => String::new(),
                text => format!(" ({text})"),
            };
            let _ = writeln!(out, "  {} {}{description}", look.paint(code, sign), revision.version);
        }
        out.push('\n');
        out
    }
}
