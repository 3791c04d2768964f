//! Every place a thing is named.

use project::Snapshot;
use text::{FileId, FileRange, TextSize};

use crate::names;

/// The places of what is named at `offset`, in the order of files and text.
pub fn references(
    snapshot: &Snapshot,
    file: FileId,
    offset: TextSize,
    include_declaration: bool,
) -> Vec<FileRange> {
    let Some(name) = names::at(snapshot, file, offset).into_iter().next() else { return Vec::new() };
    let places = names::occurrences(snapshot, file, &name).into_iter();
    places.filter(|(_, defines)| include_declaration || !defines).map(|(place, _)| place).collect()
}

#[cfg(test)]
mod tests;
