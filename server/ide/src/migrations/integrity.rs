//! Whether a directory is what its `atlas.sum` says: at the file it is about, and in the sum itself.
//!
//! Source: reference/migrations.md sections 1, 2 and 8.

use engine::migrate::conflict::{self, Conflict};
use engine::migrate::{Checksum, Format, Mismatch, Reason};
use project::{Answer, Contents, MigrationDir, Snapshot, Want};
use text::{Code, Diagnostic, FileId, Related, Severity, TextRange};

use super::{first_line, line};

/// The directory is not what its sum says.
pub const MISMATCH: Code = "checksum-mismatch";
/// There is no sum.
pub const MISSING: Code = "checksum-missing";
/// The sum is no sum.
pub const FORMAT: Code = "checksum-format";
/// Git left two versions of the sum.
pub const CONFLICT: Code = "checksum-conflict";
/// A file comes before one that was applied already.
pub const NON_LINEAR: Code = "non-linear";
/// Two files have one version.
pub const DUPLICATE: Code = "duplicate-version";

/// What is wrong with a migration file as a part of its directory.
pub(super) fn of_file(snapshot: &Snapshot, file: FileId) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let Some((dir, at)) = snapshot.migration_of(file) else { return found };
    let contents = snapshot.migration_contents(&dir.path);
    let place = first_line(snapshot, file);
    let name = dir.files.get(at).map_or("", |(name, _)| name.as_str());
    if let Some(conflict) = conflict(&contents) {
        let side = [&conflict.ours, &conflict.theirs]
            .into_iter()
            .find(|side| side.files.iter().any(|it| it == name));
        if let Some(side) = side {
            let message = format!("atlas.sum has merge conflicts: only {} has this file", label(&side.label));
            found.push(at_sum(snapshot, &dir, Diagnostic::warning(place, CONFLICT, message)));
        }
    } else {
        match &contents.check {
            Some(Err(Checksum::Mismatch(Some(it)))) if it.file == name && it.reason != Reason::Removed => {
                let message = match it.reason {
                    Reason::Added => "atlas.sum does not have this file where it is",
                    _ => "the file was edited since atlas.sum was written",
                };
                found.push(at_sum(snapshot, &dir, Diagnostic::warning(place, MISMATCH, message)));
            }
            Some(Err(Checksum::NotFound)) => {
                let message = format!("{:?} has no atlas.sum", dir.path.name());
                found.push(Diagnostic::warning(place, MISSING, message));
            }
            _ => {}
        }
    }
    found.extend(duplicate(snapshot, &contents, at, place));
    let late = non_linear(snapshot, &contents, at, place);
    found.extend(late.or_else(|| super::order::late(snapshot, &contents, at, place)));
    found
}

/// A file that comes too late, as far as somebody looked at the target.
///
/// Source: reference/migrations.md section 8.
fn non_linear(snapshot: &Snapshot, contents: &Contents, at: usize, place: TextRange) -> Option<Diagnostic> {
    let dir = &contents.dir;
    let fact = snapshot.fact(&Want::Applied { directory: dir.path.clone() })?;
    let Answer::Value(applied) = &fact.answer else { return None };
    let applied: Vec<&str> = applied.elements()?.iter().filter_map(hcl::Value::as_str).collect();
    let migration = &contents.texts.get(at)?.as_ref()?.migration;
    let last = applied.iter().max()?;
    let late = !applied.contains(&migration.version.as_str()) && migration.version.as_str() < *last;
    if !late || migration.is_checkpoint() || dir.format == Format::Flyway {
        return None;
    }
    let env = dir.claims.first().and_then(|claim| snapshot.env(&claim.config, &claim.env));
    let order = env.and_then(|env| env.migration.exec_order.clone()).unwrap_or_default();
    let order = order.to_ascii_lowercase().replace('_', "-");
    let (severity, end) = match order.as_str() {
        "non-linear" => return None,
        "linear-skip" => (Severity::Information, "it will be left out"),
        _ => (Severity::Warning, "it will not be applied in this order"),
    };
    let message =
        format!("version {:?} comes before {last:?}, which was applied already; {end}", migration.version);
    Some(Diagnostic::new(place, severity, NON_LINEAR, message))
}

/// Another file before this one that has its version.
fn duplicate(snapshot: &Snapshot, contents: &Contents, at: usize, place: TextRange) -> Option<Diagnostic> {
    // Repeatable files of flyway have no version, and its undo files are not listed.
    if contents.dir.format == Format::Flyway {
        return None;
    }
    let migration = |at: usize| contents.texts.get(at)?.as_ref().map(|file| &file.migration);
    let own = migration(at)?;
    let other = (0..at).rev().find(|other| migration(*other).is_some_and(|it| it.version == own.version))?;
    let (name, id) = contents.dir.files.get(other)?;
    let message = format!("version {:?} is also that of {name:?}", own.version);
    let mut found = Diagnostic::error(place, DUPLICATE, message);
    let range = first_line(snapshot, *id);
    found.related.push(Related { file: Some(*id), range, message: "the other file".to_owned() });
    Some(found)
}

/// Says where in the sum the trouble is.
fn at_sum(snapshot: &Snapshot, dir: &MigrationDir, mut found: Diagnostic) -> Diagnostic {
    if let Some(sum) = dir.sum {
        let range = first_line(snapshot, sum);
        found.related.push(Related { file: Some(sum), range, message: "the sum".to_owned() });
    }
    found
}

/// What is wrong with an `atlas.sum`.
pub(crate) fn of_sum(snapshot: &Snapshot, file: FileId) -> Vec<Diagnostic> {
    let Some(dir) = snapshot.migration_dir_of_sum(file) else { return Vec::new() };
    let contents = snapshot.migration_contents(&dir.path);
    if let Some(conflict) = conflict(&contents) {
        let names = |files: &[String]| match files {
            [] => "nothing".to_owned(),
            files => files.join(", "),
        };
        let message = format!(
            "merge conflict: {} added {}, {} added {}",
            label(&conflict.ours.label),
            names(&conflict.ours.files),
            label(&conflict.theirs.label),
            names(&conflict.theirs.files),
        );
        let at = |number: &usize| line(snapshot, file, u32::try_from(*number).unwrap_or(u32::MAX));
        return conflict
            .lines
            .iter()
            .map(|number| Diagnostic::error(at(number), CONFLICT, message.clone()))
            .collect();
    }
    match &contents.check {
        Some(Err(Checksum::Mismatch(Some(it)))) => vec![mismatch(snapshot, &dir, file, it)],
        Some(Err(Checksum::Mismatch(None))) => {
            let message = "the first line is not the hash of the others: the file was edited by hand";
            vec![Diagnostic::error(first_line(snapshot, file), MISMATCH, message)]
        }
        Some(Err(Checksum::Format)) => {
            let text = contents.sum.as_deref().unwrap_or_default();
            let wrong = match engine::migrate::Sum::parse(text) {
                Err(engine::migrate::SumError::Format { line }) => line.saturating_sub(1),
                _ => 0,
            };
            let at = line(snapshot, file, u32::try_from(wrong).unwrap_or(0));
            vec![Diagnostic::error(at, FORMAT, "the line has no hash: checksum file format invalid")]
        }
        _ => Vec::new(),
    }
}

fn mismatch(snapshot: &Snapshot, dir: &MigrationDir, sum: FileId, it: &Mismatch) -> Diagnostic {
    let number = u32::try_from(it.line.saturating_sub(1)).unwrap_or(u32::MAX);
    let mut place = line(snapshot, sum, number);
    if place.is_empty() {
        // A file behind all that are listed.
        place = first_line(snapshot, sum);
    }
    let what = match it.reason {
        Reason::Added => format!("{:?} is not listed here", it.file),
        Reason::Edited => format!("{:?} was edited since this was written", it.file),
        Reason::Removed => format!("{:?} is not in the directory any more", it.file),
    };
    let mut found = Diagnostic::new(place, Severity::Error, MISMATCH, format!("checksum mismatch: {what}"));
    if let Some((_, id)) = dir.files.iter().find(|(name, _)| *name == it.file) {
        let range = first_line(snapshot, *id);
        found.related.push(Related { file: Some(*id), range, message: "the file".to_owned() });
    }
    found
}

/// What git left in the sum of a directory.
pub(super) fn conflict(contents: &Contents) -> Option<Conflict> {
    conflict::parse(contents.sum.as_deref()?)
}

/// A side of a conflict in words.
pub(super) fn label(label: &str) -> String {
    if label.is_empty() { "one side".to_owned() } else { label.to_owned() }
}
