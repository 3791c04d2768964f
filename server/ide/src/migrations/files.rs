//! Files that come, go and are renamed, and the sums that have to follow them.
//!
//! Invariant: a sum that was wrong before stays as it is: writing it anew would take an edit for meant that nobody
//! looked at.

use engine::migrate::{Directory, sum::FILE};
use project::{Content, MigrationDir, Path, Snapshot};
use text::{FileId, TextEdit};

use crate::fixes::{Edits, push};

/// A change of the files themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileChange {
    Create { path: Path, text: String },
    Rename { from: Path, to: Path },
    Delete { path: Path },
}

/// What follows from `changes`: sums that list the files as they will be, and a sum for a first file.
pub fn changed_sums(snapshot: &Snapshot, changes: &[FileChange]) -> (Edits, Vec<FileChange>) {
    let mut edits = Edits::new();
    let mut more = Vec::new();
    for dir in snapshot.migration_dirs() {
        if let Some(directory) = after(snapshot, &dir, changes) {
            write_sum(snapshot, &dir, &directory, &mut edits, &mut more);
        }
    }
    (edits, more)
}

/// The directory after `changes`; `None` when they do not concern it, or its sum was not right before.
fn after(snapshot: &Snapshot, dir: &MigrationDir, changes: &[FileChange]) -> Option<Directory> {
    let own = |path: &Path| {
        let below = path.below(&dir.path)?;
        let listed = dir.format.lists(below) && (dir.format.has_folders() || !below.contains('/'));
        listed.then(|| below.to_owned())
    };
    let touched = changes.iter().any(|change| match change {
        FileChange::Create { path, .. } | FileChange::Delete { path } => own(path).is_some(),
        FileChange::Rename { from, to } => own(from).is_some() || own(to).is_some(),
    });
    if !touched {
        return None;
    }
    let contents = snapshot.migration_contents(&dir.path);
    if !contents.is_valid() {
        return None;
    }
    let mut files = contents.directory().files;
    for change in changes {
        match change {
            FileChange::Create { path, text } => {
                if let Some(name) = own(path) {
                    files.retain(|(known, _)| *known != name);
                    files.push((name, text.clone()));
                }
            }
            FileChange::Delete { path } => {
                let gone = own(path);
                files.retain(|(known, _)| Some(known) != gone.as_ref());
            }
            FileChange::Rename { from, to } => {
                let (old, new) = (own(from), own(to));
                let at = old.and_then(|old| files.iter().position(|(known, _)| *known == old));
                let text = match at {
                    Some(at) => Some(files.remove(at).1),
                    None if new.is_some() => match snapshot.content(snapshot.file(from)?) {
                        Some(Content::Text(text)) => Some(text.to_string()),
                        // What comes in is not known, so neither is its hash.
                        _ => return None,
                    },
                    None => None,
                };
                if let (Some(name), Some(text)) = (new, text) {
                    files.retain(|(known, _)| *known != name);
                    files.push((name, text));
                }
            }
        }
    }
    Some(Directory::new(dir.format, files, contents.sum.as_deref().map(str::to_owned)))
}

/// The edit, or the new file, that makes the sum of `dir` that of `directory`.
pub(super) fn write_sum(
    snapshot: &Snapshot,
    dir: &MigrationDir,
    directory: &Directory,
    edits: &mut Edits,
    more: &mut Vec<FileChange>,
) {
    let text = directory.computed().to_string();
    match dir.sum {
        Some(sum) => {
            if let Some(edit) = whole(snapshot, sum, &text) {
                push(edits, sum, edit);
            }
        }
        None => more.push(FileChange::Create { path: dir.path.join(FILE), text }),
    }
}

/// The edits and new files that write `texts` and the sum of a directory.
pub fn of_change(
    snapshot: &Snapshot,
    dir: &MigrationDir,
    texts: &[(String, String)],
    sum: &str,
) -> (Edits, Vec<FileChange>) {
    let (mut edits, mut files) = (Edits::new(), Vec::new());
    let sum = (FILE.to_owned(), sum.to_owned());
    for (name, text) in texts.iter().chain([&sum]) {
        let path = dir.path.join(name);
        match snapshot.file(&path).filter(|file| snapshot.text(*file).is_some()) {
            Some(file) => {
                if let Some(edit) = whole(snapshot, file, text) {
                    push(&mut edits, file, edit);
                }
            }
            None => files.push(FileChange::Create { path, text: text.clone() }),
        }
    }
    (edits, files)
}

/// The edit that replaces all of a file, or of the lines that differ.
fn whole(snapshot: &Snapshot, file: FileId, text: &str) -> Option<TextEdit> {
    let range = snapshot.text(file)?.range();
    let same = snapshot.text(file)?.slice(range) == text;
    (!same).then(|| TextEdit { range, insert: text.to_owned() })
}
