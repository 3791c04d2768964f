//! What can be done about a migration directory: write its sum anew, put files behind others, check before running.

use engine::migrate::rebase::rebase;
use engine::migrate::{Checksum, Directory, Format};
use project::{Answer, Contents, MigrationDir, Path, Snapshot, Want};
use text::{Diagnostic, FileId, TextRange};

use super::files::{FileChange, write_sum};
use super::{config, integrity, order};
use crate::fixes::{Action, ActionKind, Edits};

/// The actions for `range` of a migration file, an `atlas.sum` or a configuration.
pub(crate) fn actions(
    snapshot: &Snapshot,
    file: FileId,
    range: TextRange,
    all: &[Diagnostic],
) -> Vec<Action> {
    let about = |codes: &[&str]| -> Vec<Diagnostic> {
        all.iter()
            .filter(|found| codes.contains(&found.code) && found.range.intersect(range).is_some())
            .cloned()
            .collect()
    };
    let mut found = Vec::new();
    for dir in concerned(snapshot, file, range) {
        let contents = snapshot.migration_contents(&dir.path);
        let sums = about(&[integrity::MISMATCH, integrity::MISSING, integrity::FORMAT]);
        if matches!(contents.check, Some(Err(_)))
            && !sums.is_empty()
            && integrity::conflict(&contents).is_none()
            && let Some(mut action) = rehash(snapshot, &dir, &contents)
        {
            action.diagnostics = sums;
            found.push(action);
        }
        let conflicts = about(&[integrity::CONFLICT]);
        if !conflicts.is_empty() {
            for mut action in resolve(snapshot, &dir, &contents) {
                action.diagnostics.clone_from(&conflicts);
                found.push(action);
            }
        }
        let doubled = about(&[integrity::DUPLICATE, integrity::NON_LINEAR]);
        if !doubled.is_empty()
            && let Some((name, _)) = dir.files.iter().find(|(_, id)| *id == file)
        {
            let title = format!("Put {name} behind all others");
            let alone = || {
                let names = [name.to_string()];
                behind(snapshot, &dir, &contents.directory(), &names, &[], title, true)
            };
            let moved = order::rebase(snapshot, &contents, name).or_else(alone);
            found.extend(moved.map(|action| Action { diagnostics: doubled, ..action }));
        }
    }
    found
}

/// The directories that a place is about.
fn concerned(snapshot: &Snapshot, file: FileId, range: TextRange) -> Vec<std::sync::Arc<MigrationDir>> {
    if let Some((dir, _)) = snapshot.migration_of(file) {
        return vec![dir];
    }
    if let Some(dir) = snapshot.migration_dir_of_sum(file) {
        return vec![dir];
    }
    let Some(path) = snapshot.path(file).filter(|path| snapshot.is_config(path)).cloned() else {
        return Vec::new();
    };
    let mut found: Vec<std::sync::Arc<MigrationDir>> = Vec::new();
    for name in snapshot.env_names(&path) {
        for env in &snapshot.evaluate(&path, Some(&name)).envs {
            if config::touches(env, range)
                && let Some(dir) = snapshot.migration_dir_of_env(&path, &name)
                && found.iter().all(|known| known.path != dir.path)
            {
                found.push(dir);
            }
        }
    }
    found
}

/// Writes the sum of the files as they are.
fn rehash(snapshot: &Snapshot, dir: &MigrationDir, contents: &Contents) -> Option<Action> {
    let (mut edits, mut files) = (Edits::new(), Vec::new());
    write_sum(snapshot, dir, &contents.directory(), &mut edits, &mut files);
    let title = match contents.check {
        Some(Err(Checksum::NotFound)) => "Write atlas.sum".to_owned(),
        _ => "Rehash: write atlas.sum for the files as they are".to_owned(),
    };
    (!edits.is_empty() || !files.is_empty()).then(|| action(title, true, edits, files))
}

/// The ways out of a conflict: either side's files behind the other's.
fn resolve(snapshot: &Snapshot, dir: &MigrationDir, contents: &Contents) -> Vec<Action> {
    let Some(conflict) = integrity::conflict(contents) else { return Vec::new() };
    let directory = contents.directory();
    let there = |files: &[String]| -> Vec<String> {
        files.iter().filter(|name| directory.files.iter().any(|(known, _)| known == *name)).cloned().collect()
    };
    let (ours, theirs) = (there(&conflict.ours.files), there(&conflict.theirs.files));
    let (our_label, their_label) =
        (integrity::label(&conflict.ours.label), integrity::label(&conflict.theirs.label));
    if ours.is_empty() || theirs.is_empty() {
        let (mut edits, mut files) = (Edits::new(), Vec::new());
        write_sum(snapshot, dir, &directory, &mut edits, &mut files);
        let title = "Write atlas.sum for the files of both sides".to_owned();
        return vec![action(title, true, edits, files)];
    }
    // What is checked out is usually one's own, except in the middle of `git rebase`, where it is the other way round.
    let rebasing = conflict.theirs.label.contains(" (");
    let sides = [(&ours, &our_label, &their_label, !rebasing), (&theirs, &their_label, &our_label, rebasing)];
    let mut found: Vec<Action> = sides
        .into_iter()
        .filter_map(|(names, mine, others, preferred)| {
            let title = format!("Rebase: put {} of {mine} behind those of {others}", names.join(", "));
            behind(snapshot, dir, &directory, names, &[], title, preferred)
        })
        .collect();
    found.sort_by_key(|action| !action.preferred);
    found
}

/// Puts files behind all others; `absent` are names of `directory` that only another branch has.
pub(crate) fn behind(
    snapshot: &Snapshot,
    dir: &MigrationDir,
    directory: &Directory,
    names: &[String],
    absent: &[String],
    title: String,
    preferred: bool,
) -> Option<Action> {
    let mut done = rebase(directory, names, None).ok()?;
    let (mut edits, mut files) = (Edits::new(), Vec::new());
    let at = |name: &str| -> Path { dir.path.join(name) };
    // The last first: the new name of one may be the old name of another.
    for (old, new) in done.renames.iter().rev() {
        files.push(FileChange::Rename { from: at(old), to: at(new) });
        // What takes a file back goes where it goes.
        let pair = dir.format.companion(old).zip(dir.format.companion(new));
        if let Some((old, new)) = pair.filter(|(old, _)| is_there(snapshot, &dir.path, old)) {
            files.push(FileChange::Rename { from: at(&old), to: at(&new) });
        }
    }
    if !absent.is_empty() {
        done.directory.files.retain(|(name, _)| !absent.contains(name));
        done.directory.sum = Some(done.directory.computed().to_string());
    }
    // The tools of other formats know no sum, and need none.
    if dir.sum.is_some() || dir.format == Format::Atlas {
        write_sum(snapshot, dir, &done.directory, &mut edits, &mut files);
    }
    Some(action(title, preferred, edits, files))
}

fn is_there(snapshot: &Snapshot, directory: &Path, name: &str) -> bool {
    let fact = snapshot.fact(&Want::Directory(directory.clone()));
    match fact.map(|fact| &fact.answer) {
        Some(Answer::Entries(entries)) => entries.iter().any(|entry| entry.name == name),
        _ => false,
    }
}

/// The names of files as a title holds them.
pub(super) fn shown_names(names: &[String]) -> String {
    match names {
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [first, .., last] => format!("{first} to {last}"),
        [] => String::new(),
    }
}

fn action(title: String, preferred: bool, edits: Edits, files: Vec<FileChange>) -> Action {
    Action { title, kind: ActionKind::QuickFix, preferred, edits, files, diagnostics: Vec::new() }
}
