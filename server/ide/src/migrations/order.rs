//! Whether a file of this working tree comes too late for those who have the base branch.
//!
//! Told by names alone. Who works on a branch adds files, and so do others meanwhile; where the others' ran first, a
//! file before them is refused or left out. Invariant: a file that the base branch has is never late.

use engine::migrate::{Directory, Format};
use project::{Base, Contents, MigrationDir, Snapshot};
use rustc_hash::FxHashSet;
use smol_str::SmolStr;
use text::{Diagnostic, Severity, TextRange};

use super::fixes::{behind, shown_names};
use super::integrity::{DUPLICATE, NON_LINEAR};
use crate::fixes::Action;

/// How the files of a directory stand to the base branch.
struct Standing {
    branch: SmolStr,
    /// What the base branch has, in order.
    theirs: Vec<String>,
    /// What it has not, in order.
    own: Vec<String>,
    /// The last versioned file of the base branch.
    last: String,
    /// The files of both, in order.
    all: Vec<String>,
}

fn standing(base: Base, dir: &MigrationDir) -> Option<Standing> {
    let is_listed = |name: &str| dir.format.lists(name) && (dir.format.has_folders() || !name.contains('/'));
    let theirs: FxHashSet<SmolStr> = base.files.into_iter().filter(|name| is_listed(name)).collect();
    let mine = dir.files.iter().map(|(name, _)| name).filter(|name| !theirs.contains(name.as_str()));
    let all = theirs.iter().chain(mine).map(|name| (name.to_string(), String::new())).collect();
    let all: Vec<String> = dir.format.order(all).into_iter().map(|(name, _)| name).collect();
    let is_theirs = |name: &&String| theirs.contains(name.as_str());
    let last = all.iter().rfind(|name| is_theirs(name) && is_versioned(dir.format, name))?.clone();
    let (theirs, own): (Vec<&String>, Vec<&String>) = all.iter().partition(|name| is_theirs(name));
    let (theirs, own) = (theirs.into_iter().cloned().collect(), own.into_iter().cloned().collect());
    Some(Standing { branch: base.branch, theirs, own, last, all })
}

/// Repeatable files of flyway run whenever they change, in no order.
fn is_versioned(format: Format, name: &str) -> bool {
    format != Format::Flyway || !name.rsplit('/').next().unwrap_or(name).starts_with('R')
}

impl Standing {
    fn at(&self, name: &str) -> Option<usize> {
        self.all.iter().position(|known| known == name)
    }

    fn is_late(&self, name: &str) -> bool {
        self.own.iter().any(|own| own == name) && self.at(name) < self.at(&self.last)
    }
}

/// A file that lies before the last one of the base branch, or has the version of another one there.
pub(super) fn late(
    snapshot: &Snapshot,
    contents: &Contents,
    at: usize,
    place: TextRange,
) -> Option<Diagnostic> {
    let dir = &contents.dir;
    let migration = &contents.texts.get(at)?.as_ref()?.migration;
    let name = dir.files.get(at)?.0.as_str();
    if migration.is_checkpoint() || !is_versioned(dir.format, name) || is_silenced(contents, at) {
        return None;
    }
    let base = snapshot.migration_base(dir)?;
    // Nearly every file is one of these, and each is asked about with every keystroke.
    if base.files.iter().any(|theirs| theirs == name) {
        return None;
    }
    let found = standing(base, dir)?;
    let branch = &found.branch;
    let here = |name: &str| dir.files.iter().any(|(known, _)| known == name);
    let version = |name: &str| engine::migrate::Migration::new(name, "").version;
    let is_same = |other: &&String| dir.format != Format::Flyway && version(other) == migration.version;
    if let Some(other) = found.theirs.iter().find(is_same).filter(|other| !here(other)) {
        let message = format!("version {:?} is also that of {other:?} on {branch}", migration.version);
        return Some(Diagnostic::warning(place, DUPLICATE, message));
    }
    if !found.is_late(name) {
        return None;
    }
    let env = dir.claims.first().and_then(|claim| snapshot.env(&claim.config, &claim.env));
    let order = env.as_ref().and_then(|env| env.migration.exec_order.clone()).unwrap_or_default();
    let order = order.to_ascii_lowercase().replace('_', "-");
    let is_error = env.is_some_and(|env| {
        let own = env.lint.get("non_linear").and_then(|block| block.get("error"));
        own.and_then(hcl::Value::as_bool) == Some(true)
    });
    let (severity, end) = match order.as_str() {
        "non-linear" => return None,
        "linear-skip" => (Severity::Information, "where that ran, it will be left out"),
        _ => (Severity::Warning, "where that ran, it will be refused"),
    };
    let severity = if is_error { Severity::Error } else { severity };
    let last = version(&found.last);
    let message =
        format!("version {:?} comes before {last:?}, the last of {branch}; {end}", migration.version);
    Some(Diagnostic::new(place, severity, NON_LINEAR, message))
}

fn is_silenced(contents: &Contents, at: usize) -> bool {
    let Some(directives) = contents.directives(at) else { return false };
    directives.all("nolint").any(|rules| {
        let mut rules = rules.split_whitespace().peekable();
        rules.peek().is_none() || rules.any(|rule| rule == "non_linear")
    })
}

/// Puts the files of this working tree behind those of the base branch: all from the first that is late, so that their
/// order among themselves stays.
pub(super) fn rebase(snapshot: &Snapshot, contents: &Contents, name: &str) -> Option<Action> {
    let dir = &contents.dir;
    let found = standing(snapshot.migration_base(dir)?, dir)?;
    let version = |name: &str| engine::migrate::Migration::new(name, "").version;
    let is_double = |own: &str| found.theirs.iter().any(|other| version(other) == version(own));
    let wrong = |own: &str| found.is_late(own) || is_double(own);
    if !wrong(name) {
        return None;
    }
    let names: Vec<String> = found.own.iter().skip_while(|own| !wrong(own)).cloned().collect();
    let absent = found.theirs.iter().filter(|other| dir.files.iter().all(|(known, _)| known != *other));
    let mut directory = contents.directory();
    directory.files.extend(absent.clone().map(|name| (name.clone(), String::new())));
    let directory = Directory::new(directory.format, directory.files, directory.sum);
    let title = format!("Rebase: put {} behind {} of {}", shown_names(&names), found.last, found.branch);
    let absent: Vec<String> = absent.cloned().collect();
    behind(snapshot, dir, &directory, &names, &absent, title, true)
}
