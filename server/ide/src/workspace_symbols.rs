//! Finding a thing anywhere in the workspace by a few of its letters.
//!
//! Every letter of the query must occur, in order, whatever its case; the better the letters sit, the earlier the
//! symbol comes. Invariant: at most [`LIMIT`] answers, the same for the same project.

use project::Snapshot;
use text::FileRange;

use crate::document_symbols::{Symbol, SymbolKind, document_symbols};

/// The most symbols one query gives.
pub const LIMIT: usize = 128;

/// A symbol and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WorkspaceSymbol {
    pub name: String,
    pub kind: SymbolKind,
    /// The name of what it lies in: a column's table.
    pub container: Option<String>,
    /// Its name.
    pub place: FileRange,
}

/// The symbols of all files that match `query`, the best first; the tables and blocks of all files for an empty one.
pub fn workspace_symbols(snapshot: &Snapshot, query: &str) -> Vec<WorkspaceSymbol> {
    let letters: Vec<char> =
        query.chars().filter(|ch| !ch.is_whitespace()).flat_map(char::to_lowercase).collect();
    let mut found = Vec::new();
    for file in snapshot.files() {
        for symbol in document_symbols(snapshot, file) {
            collect(&symbol, None, &letters, file, &mut found);
        }
    }
    found.sort_by(|(a, first), (b, second)| {
        let place = |symbol: &WorkspaceSymbol| (symbol.place.file, symbol.place.range.start());
        b.cmp(a).then_with(|| first.name.cmp(&second.name)).then_with(|| place(first).cmp(&place(second)))
    });
    found.truncate(LIMIT);
    found.into_iter().map(|(_, symbol)| symbol).collect()
}

fn collect(
    symbol: &Symbol,
    container: Option<&str>,
    letters: &[char],
    file: text::FileId,
    found: &mut Vec<(i32, WorkspaceSymbol)>,
) {
    let nameless = matches!(
        symbol.kind,
        SymbolKind::Statement | SymbolKind::PrimaryKey | SymbolKind::Block | SymbolKind::Attribute
    );
    let wanted = !nameless && (!letters.is_empty() || container.is_none());
    if let Some(score) = score(&symbol.name, letters).filter(|_| wanted) {
        // What stands by itself before what is part of something.
        let score = score + if container.is_none() { 2 } else { 0 };
        found.push((
            score,
            WorkspaceSymbol {
                name: symbol.name.clone(),
                kind: symbol.kind,
                container: container.map(str::to_owned),
                place: FileRange { file, range: symbol.selection },
            },
        ));
    }
    for child in &symbol.children {
        collect(child, Some(&symbol.name), letters, file, found);
    }
}

/// How well `letters` sit in `name`; `None` when one is missing.
fn score(name: &str, letters: &[char]) -> Option<i32> {
    let mut wanted = letters.iter().peekable();
    let (mut score, mut run, mut before) = (0, 0, None::<char>);
    let mut count = 0;
    for ch in name.chars() {
        count += 1;
        let lower = ch.to_lowercase().next().unwrap_or(ch);
        let starts = before
            .is_none_or(|before| !before.is_alphanumeric() || (before.is_lowercase() && ch.is_uppercase()));
        if wanted.peek().is_some_and(|letter| **letter == lower) {
            wanted.next();
            run += 1;
            score += 1 + run + if starts { 4 } else { 0 };
        } else {
            run = 0;
        }
        before = Some(ch);
    }
    if wanted.peek().is_some() {
        return None;
    }
    // A whole name beats the start of a longer one.
    Some(score * 4 - count.min(40) + if count as usize == letters.len() { 20 } else { 0 })
}
