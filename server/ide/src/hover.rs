//! What stands at the cursor, in words.
//!
//! Invariant: no answer holds a password, a value that came from outside, or one that is marked sensitive.

use project::Snapshot;
use text::{FileId, TextRange, TextSize};

/// Words about a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// What the words are about.
    pub range: TextRange,
    pub markdown: String,
}

/// What stands at `offset` of `file`.
pub fn hover(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Option<Hover> {
    let _ = (snapshot, file, offset);
    None
}
