//! Which migrations made a thing what it is: from a table or a column to the statements that created and changed it.

use engine::migrate::timeline::EventKind;
use project::{MigrationDir, Snapshot};
use schema::ObjectPath;
use text::{FileId, FileRange, TextSize};

use crate::names::{self, Meaning};

/// A migration that had a part in a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The file below its directory.
    pub name: String,
    /// The statement.
    pub place: FileRange,
    /// What it did, in a word: `created`, `changed`, `renamed`.
    pub what: &'static str,
}

fn steps(snapshot: &Snapshot, dir: &MigrationDir, last: usize, path: &ObjectPath) -> Vec<Step> {
    let mut found: Vec<Step> = Vec::new();
    for event in snapshot.migration_history(dir, last, path) {
        let Some((name, file)) = dir.files.get(event.index) else { continue };
        let what = match event.kind {
            EventKind::Created => "created",
            EventKind::Changed => "changed",
            EventKind::Renamed(_) => "renamed",
        };
        let step =
            Step { name: name.to_string(), place: FileRange { file: *file, range: event.range }, what };
        // Several statements of one file that change it are one step.
        if found.last().is_none_or(|before| before.name != step.name || before.what != step.what) {
            found.push(step);
        }
    }
    found
}

/// The migrations that made what is named at `offset`, in order.
pub fn at(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Vec<Step> {
    let names = names::at(snapshot, file, offset).into_iter();
    let mut path = names.filter_map(|name| match name.means {
        Meaning::Object(path) => Some(path),
        _ => None,
    });
    let Some(path) = path.next() else { return Vec::new() };
    match snapshot.info(file).home {
        Some(_) => of_migration(snapshot, file, &path),
        None => of_desired(snapshot, file, &path),
    }
}

/// The history of a thing of the desired state: that of the directory of the env, to its end.
pub(crate) fn of_desired(snapshot: &Snapshot, file: FileId, path: &ObjectPath) -> Vec<Step> {
    let info = snapshot.info(file);
    let Some(claim) = info.judge() else { return Vec::new() };
    let Some(dir) = snapshot.migration_dir_of_env(&claim.config, &claim.env) else { return Vec::new() };
    let Some(last) = dir.files.len().checked_sub(1) else { return Vec::new() };
    steps(snapshot, &dir, last, path)
}

/// The history of a thing up to a migration file.
pub(crate) fn of_migration(snapshot: &Snapshot, file: FileId, path: &ObjectPath) -> Vec<Step> {
    let Some((dir, at)) = snapshot.migration_of(file) else { return Vec::new() };
    let found = steps(snapshot, &dir, at, path);
    match (found.is_empty(), at.checked_sub(1)) {
        // What this file drops has a history before it.
        (true, Some(before)) => steps(snapshot, &dir, before, path),
        _ => found,
    }
}
