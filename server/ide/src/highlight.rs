//! The places in one file of what the cursor is on.

use project::Snapshot;
use text::{FileId, TextRange, TextSize};

use crate::names;

/// A place to highlight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Highlight {
    pub range: TextRange,
    /// Whether it is defined here: editors show that as a write.
    pub defines: bool,
}

/// The places in `file` of what is named at `offset`.
pub fn highlights(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Vec<Highlight> {
    let Some(name) = names::at(snapshot, file, offset).into_iter().next() else { return Vec::new() };
    names::occurrences(snapshot, file, &name)
        .into_iter()
        .filter(|(place, _)| place.file == file)
        .map(|(place, defines)| Highlight { range: place.range, defines })
        .collect()
}
