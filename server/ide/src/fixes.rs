//! What can be done about what is wrong: quick fixes, and all safe ones at once.
//!
//! A diagnostic brings its own fixes; what a plan would do has more than one honest answer, and each is offered: change
//! the schema, leave the change out of plans, or say that it is fine. Invariant: an action's edits do not overlap, and
//! the file is as parseable after them as before.

mod column;
mod config;
mod lint;
mod naming;

use project::Snapshot;
use text::{Applicability, Diagnostic, FileId, Fix, TextEdit, TextRange};

use crate::diagnostics::diagnostics;
use crate::migrations::{self, FileChange};

/// Edits by file, each file once, its edits in the order of the text.
pub type Edits = Vec<(FileId, Vec<TextEdit>)>;

/// Something the editor can do when asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// Sentence case, imperative: `Change "coulmn" to "column"`.
    pub title: String,
    pub kind: ActionKind,
    /// Whether it is what was surely meant.
    pub preferred: bool,
    pub edits: Edits,
    /// Files that come, go or are renamed, after the edits.
    pub files: Vec<FileChange>,
    /// What it is about; of the file asked about.
    pub diagnostics: Vec<Diagnostic>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ActionKind {
    QuickFix,
    /// `source.fixAll`: everything that is surely right, in the whole file.
    FixAll,
}

/// The actions for `range` of `file`: fixes of what is wrong there, and the one for the whole file.
pub fn fixes(snapshot: &Snapshot, file: FileId, range: TextRange) -> Vec<Action> {
    let all = diagnostics(snapshot, file);
    let touched = |diagnostic: &&Diagnostic| diagnostic.range.intersect(range).is_some();
    let mut actions: Vec<Action> = Vec::new();
    for diagnostic in all.iter().filter(touched) {
        for fix in &diagnostic.fixes {
            actions.push(Action {
                title: fix.title.clone(),
                kind: ActionKind::QuickFix,
                // Leaving a finding unreported is never what is surely meant.
                preferred: fix.applicability == Applicability::Safe
                    || diagnostic.fixes.len() == 1 && !fix.title.starts_with("Do not report"),
                edits: edits(file, fix),
                files: Vec::new(),
                diagnostics: vec![diagnostic.clone()],
            });
        }
    }
    actions.extend(lint::actions(snapshot, file, range, &all));
    actions.extend(migrations::fixes::actions(snapshot, file, range, &all));
    actions.extend(fix_all(file, &all));
    let mut seen: Vec<(String, Edits, Vec<FileChange>)> = Vec::new();
    actions.retain(|action| {
        let key = (action.title.clone(), action.edits.clone(), action.files.clone());
        let first = !seen.contains(&key);
        if first {
            seen.push(key);
        }
        first
    });
    actions
}

fn edits(file: FileId, fix: &Fix) -> Edits {
    let mut edits = vec![(file, fix.edits.clone())];
    for (place, insert) in &fix.elsewhere {
        push(&mut edits, place.file, TextEdit { range: place.range, insert: insert.clone() });
    }
    tidy(edits)
}

pub(crate) fn push(edits: &mut Edits, file: FileId, edit: TextEdit) {
    match edits.iter_mut().find(|(known, _)| *known == file) {
        Some((_, known)) => known.push(edit),
        None => edits.push((file, vec![edit])),
    }
}

pub(crate) fn tidy(mut edits: Edits) -> Edits {
    edits.retain(|(_, edits)| !edits.is_empty());
    for (_, edits) in &mut edits {
        edits.sort_by_key(|edit| (edit.range.start(), edit.range.end()));
    }
    edits
}

/// Every safe fix of the file that does not get in the way of one before it.
fn fix_all(file: FileId, all: &[Diagnostic]) -> Option<Action> {
    let mut taken: Vec<TextEdit> = Vec::new();
    let mut about = Vec::new();
    for diagnostic in all {
        let safe = |fix: &&Fix| fix.applicability == Applicability::Safe && fix.elsewhere.is_empty();
        let Some(fix) = diagnostic.fixes.iter().find(safe) else { continue };
        let free = |edit: &TextEdit| {
            taken
                .iter()
                .all(|known| known.range.end() < edit.range.start() || edit.range.end() < known.range.start())
        };
        if fix.edits.iter().all(free) {
            taken.extend(fix.edits.iter().cloned());
            about.push(diagnostic.clone());
        }
    }
    if taken.is_empty() {
        return None;
    }
    let count = about.len();
    let title = if count == 1 { "Fix 1 problem".to_owned() } else { format!("Fix {count} problems") };
    let edits = tidy(vec![(file, taken)]);
    Some(Action {
        title,
        kind: ActionKind::FixAll,
        preferred: false,
        edits,
        files: Vec::new(),
        diagnostics: about,
    })
}

#[cfg(test)]
mod tests;
