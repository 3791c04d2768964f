//! Growing selections: from the word under the cursor out to the file, along the tree.
//!
//! Invariant: each range holds the one before and is larger; the last is the whole file.

use project::{Parsed, Snapshot};
use text::{FileId, TextRange, TextSize};

use crate::{embedded, trees};

/// For each of `offsets`, the ranges around it, the smallest first.
pub fn selection(snapshot: &Snapshot, file: FileId, offsets: &[TextSize]) -> Vec<Vec<TextRange>> {
    let Some(whole) = snapshot.text(file).map(|text| text.range()) else {
        return offsets.iter().map(|_| Vec::new()).collect();
    };
    let tree = trees::tree(snapshot, file);
    offsets
        .iter()
        .map(|offset| {
            let mut ranges = match &tree {
                Some(tree) => around(snapshot, file, tree, (*offset).min(whole.end())),
                None => Vec::new(),
            };
            ranges.push(whole);
            grow(ranges)
        })
        .collect()
}

/// Only those that hold all before them and are larger.
fn grow(ranges: Vec<TextRange>) -> Vec<TextRange> {
    let mut out: Vec<TextRange> = Vec::new();
    for range in ranges {
        let grows = out.last().is_none_or(|last| range.contains_range(*last) && range != *last);
        if grows && (!range.is_empty() || out.is_empty()) {
            out.push(range);
        }
    }
    out
}

fn around(snapshot: &Snapshot, file: FileId, tree: &Parsed, offset: TextSize) -> Vec<TextRange> {
    match tree {
        Parsed::Hcl(tree) => {
            let Some(placed) = tree.piece_at(offset) else { return Vec::new() };
            let base = placed.start;
            let mut ranges = Vec::new();
            // The SQL in a string has a tree of its own, inside the string's.
            for part in embedded::in_piece(snapshot, file, placed) {
                if part.source.contains_inclusive(offset) {
                    ranges.extend(part.around(offset));
                }
            }
            ranges.extend(
                hcl_around(&placed.piece.syntax(), offset - base).into_iter().map(|range| range + base),
            );
            ranges
        }
        Parsed::Sql(tree) => {
            let Some(placed) = tree.piece_at(offset) else { return Vec::new() };
            let base = placed.start;
            let mut ranges: Vec<TextRange> = sql_around(&placed.piece.syntax(), offset - base)
                .into_iter()
                .map(|range| range + base)
                .collect();
            ranges.push(placed.statement_range());
            ranges.push(placed.range());
            ranges
        }
    }
}

fn hcl_around(root: &syntax::hcl::SyntaxNode, offset: TextSize) -> Vec<TextRange> {
    use syntax::hcl::SyntaxKind as Kind;
    if offset > root.text_range().end() {
        return Vec::new();
    }
    let found = root.token_at_offset(offset);
    // At a border the word wins over what stands beside it.
    let word = |kind: Kind| matches!(kind, Kind::Ident | Kind::Number | Kind::Chunk);
    let token = found.clone().find(|token| word(token.kind())).or_else(|| found.right_biased());
    let Some(token) = token else { return Vec::new() };
    let mut ranges = Vec::new();
    if !matches!(token.kind(), Kind::Whitespace | Kind::Newline) {
        ranges.push(token.text_range());
    }
    for node in token.parent_ancestors() {
        use syntax::hcl::ast::{AstNode, Heredoc, Template};
        // A string without its quotes comes before the string.
        if let Some(template) = Template::cast(node.clone()) {
            ranges.push(template.content_range());
        }
        if let Some(heredoc) = Heredoc::cast(node.clone()) {
            ranges.push(heredoc.content_range());
        }
        ranges.push(node.text_range());
    }
    ranges
}

pub(crate) fn sql_around(root: &syntax::sql::SyntaxNode, offset: TextSize) -> Vec<TextRange> {
    use syntax::sql::SyntaxKind as Kind;
    if offset > root.text_range().end() {
        return Vec::new();
    }
    let found = root.token_at_offset(offset);
    let word = |kind: Kind| {
        matches!(kind, Kind::IDENT | Kind::KEYWORD | Kind::QUOTED_IDENT | Kind::NUMBER | Kind::STRING)
    };
    let token = found.clone().find(|token| word(token.kind())).or_else(|| found.right_biased());
    let Some(token) = token else { return Vec::new() };
    let mut ranges = Vec::new();
    if token.kind() != Kind::WHITESPACE {
        let range = token.text_range();
        let text = token.text();
        if matches!(token.kind(), Kind::STRING | Kind::QUOTED_IDENT) && text.len() > 2 && text.is_ascii() {
            let one = TextSize::new(1);
            ranges.push(TextRange::new(range.start() + one, range.end() - one));
        }
        ranges.push(range);
    }
    ranges.extend(token.parent_ancestors().map(|node| node.text_range()));
    ranges
}

#[cfg(test)]
mod tests;
