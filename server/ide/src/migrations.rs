//! Migration directories in the editor: what is wrong with them, what can be done about it, what their files did.
//!
//! Everything here is told from texts; what a database has executed is the front end's to add. Invariant: nothing is
//! said about the sum of a directory that is not wholly known, and nothing about its files' SQL without a dialect.

pub(crate) mod checks;
pub(crate) mod config;
pub(crate) mod create;
pub(crate) mod directives;
pub(crate) mod documents;
pub(crate) mod files;
pub(crate) mod fixes;
pub(crate) mod history;
pub(crate) mod integrity;
pub(crate) mod order;

pub use self::documents::{MigrationText, diff_with_previous, lint_text, schema_at};
pub use self::files::{FileChange, changed_sums, of_change};
pub use self::history::{Step, at as history};

#[cfg(test)]
mod tests;

use project::{FileInfo, Snapshot};
use text::{Diagnostic, FileId, TextRange, TextSize};

/// What is wrong with a migration file.
pub(crate) fn diagnostics(snapshot: &Snapshot, file: FileId, info: &FileInfo) -> Vec<Diagnostic> {
    let mut found = integrity::of_file(snapshot, file);
    found.extend(directives::diagnostics(snapshot, file));
    if info.dialect().is_none() {
        return found;
    }
    if let Some(state) = snapshot.migration_state(file) {
        found.extend(state.diagnostics_of(file).cloned());
    }
    checks::scan(snapshot, file, &mut found);
    if let Some(judged) = snapshot.migration_findings(file) {
        found.extend(judged.diagnostics());
    }
    found
}

/// The sections of a migration file that has some: the name, the line that begins it, and all of it.
pub(crate) fn sections(snapshot: &Snapshot, file: FileId) -> Vec<(String, TextRange, TextRange)> {
    let mut found: Vec<(String, TextRange, TextRange)> = Vec::new();
    if snapshot.info(file).home.is_none() {
        return found;
    }
    let Some(text) = snapshot.text(file).map(|text| text.to_string()) else { return found };
    if engine::migrate::Directives::of_file(&text).get("txtar").is_none() {
        return found;
    }
    let mut at = TextSize::new(0);
    for line in text.split_inclusive('\n') {
        let end = at + TextSize::of(line);
        if let Some(name) = engine::migrate::txtar::mark(line) {
            let mark = TextRange::at(at, TextSize::of(line.trim_end()));
            found.push((name.to_owned(), mark, TextRange::new(at, end)));
        } else if let Some((_, _, whole)) = found.last_mut()
            && !line.trim().is_empty()
        {
            *whole = TextRange::new(whole.start(), at + TextSize::of(line.trim_end()));
        }
        at = end;
    }
    found
}

/// The first line of a file, where what is said about the file as a whole stands.
pub(crate) fn first_line(snapshot: &Snapshot, file: FileId) -> TextRange {
    line(snapshot, file, 0)
}

/// A line without its end; counted from 0.
fn line(snapshot: &Snapshot, file: FileId, number: u32) -> TextRange {
    let Some(text) = snapshot.text(file) else { return TextRange::empty(TextSize::new(0)) };
    if number >= text.lines() {
        return TextRange::empty(text.len());
    }
    let range = text.line_range(number);
    let shown = text.slice(range);
    let len = TextSize::of(shown.trim_end_matches(['\n', '\r']));
    TextRange::at(range.start(), len)
}
