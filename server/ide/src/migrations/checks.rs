//! What cannot be executed as it stands: text that cannot be split, sections that cannot be told.

use engine::migrate::statements;
use project::Snapshot;
use text::{Diagnostic, FileId, TextRange, TextSize};

use super::directives::SECTIONS;

/// A text that cannot be split, unless that is said already.
pub(super) fn scan(snapshot: &Snapshot, file: FileId, found: &mut Vec<Diagnostic>) {
    let Some((dir, at)) = snapshot.migration_of(file) else { return };
    let contents = snapshot.migration_contents(&dir.path);
    let Some(Some(text)) = contents.texts.get(at) else { return };
    let dialect = snapshot.info(file).dialect();
    let Err(error) = statements(&text.text, dir.format, dialect) else { return };
    let offset = u32::try_from(error.offset).map(TextSize::new).unwrap_or_default();
    let end = text.text.get(error.offset..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    let range = TextRange::at(offset, TextSize::new(end as u32));
    // The parser says the same about a quote nobody closed.
    let said = found
        .iter()
        .any(|other| other.severity == text::Severity::Error && other.range.intersect(range).is_some());
    if !said {
        found.push(Diagnostic::error(range, SECTIONS, error.message()));
    }
}
