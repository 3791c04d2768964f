//! What can be folded away: blocks, lists, heredocs, runs of comments, statements, table bodies, `BEGIN … END`.
//!
//! Invariant: every fold spans at least two lines, and no two folds start on the same line and end on the same line.

use project::{Parsed, Snapshot};
use syntax::hcl::SyntaxKind as Hcl;
use syntax::sql::{GreenNode, SyntaxKind as Sql};
use text::{FileId, Text, TextRange, TextSize};

use crate::{migrations, trees};

/// A stretch of text that can be folded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    /// From the first character that stays visible to the last that goes: the editor folds behind the first line.
    pub range: TextRange,
    pub kind: FoldKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FoldKind {
    Comment,
    Region,
}

/// The folds of `file`, in the order of the text.
pub fn folding(snapshot: &Snapshot, file: FileId) -> Vec<Fold> {
    let (Some(tree), Some(text)) = (trees::tree(snapshot, file), snapshot.text(file)) else {
        return Vec::new();
    };
    let mut folds = Folds { breaks: breaks(text), found: Vec::new() };
    match &tree {
        Parsed::Hcl(tree) => {
            for placed in tree.pieces() {
                if lines_in(placed.piece.text()) > 1 {
                    folds.hcl(&placed.piece.syntax(), placed.start);
                }
            }
        }
        Parsed::Sql(tree) => {
            for (_, _, section) in migrations::sections(snapshot, file) {
                folds.region(section);
            }
            for placed in tree.pieces() {
                if lines_in(placed.piece.text()) > 1 {
                    folds.region(placed.statement_range());
                    let mut comments = Comments::default();
                    folds.sql(&placed.piece.syntax().green(), placed.start, &mut comments);
                    comments.end(&mut folds);
                }
            }
        }
    }
    folds.finish()
}

/// Where each line break of `text` is.
fn breaks(text: &Text) -> Vec<TextSize> {
    let mut found = Vec::new();
    let mut start = 0;
    for chunk in text.chunks() {
        let breaks = chunk.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        found.extend(breaks.map(|(at, _)| TextSize::new((start + at) as u32)));
        start += chunk.len();
    }
    found
}

fn lines_in(text: &str) -> usize {
    1 + text.bytes().filter(|byte| *byte == b'\n').count()
}

struct Folds {
    /// Where lines end. Asking the text for each place would cost more than all the rest.
    breaks: Vec<TextSize>,
    /// With the lines they span.
    found: Vec<(usize, usize, Fold)>,
}

impl Folds {
    fn region(&mut self, range: TextRange) {
        self.add(range, FoldKind::Region);
    }

    fn line(&self, offset: TextSize) -> usize {
        self.breaks.partition_point(|end| *end < offset)
    }

    fn add(&mut self, range: TextRange, kind: FoldKind) {
        let (first, last) = (self.line(range.start()), self.line(range.end()));
        if last > first {
            self.found.push((first, last, Fold { range, kind }));
        }
    }

    fn hcl(&mut self, root: &syntax::hcl::SyntaxNode, base: TextSize) {
        let mut comments = Comments::default();
        for element in root.descendants_with_tokens() {
            let range = element.text_range() + base;
            match element.kind() {
                Hcl::Block => {
                    let open = element.as_node().and_then(|node| {
                        node.children_with_tokens().find(|child| child.kind() == Hcl::LBrace)
                    });
                    if let Some(open) = open {
                        self.region(TextRange::new(open.text_range().start() + base, range.end()));
                    }
                }
                Hcl::Tuple | Hcl::Object | Hcl::ForTuple | Hcl::ForObject | Hcl::Call => self.region(range),
                Hcl::Heredoc => {
                    let end = element.as_node().and_then(|node| node.last_token());
                    self.region(TextRange::new(
                        range.start(),
                        end.map_or(range.end(), |end| end.text_range().end() + base),
                    ));
                }
                Hcl::LineComment => comments.line(self, range),
                Hcl::BlockComment => self.add(range, FoldKind::Comment),
                Hcl::Whitespace | Hcl::Newline => {
                    comments.blank(element.as_token().map_or("", |token| token.text()))
                }
                kind if kind < Hcl::Root => comments.end(self),
                _ => {}
            }
        }
        comments.end(self);
    }

    /// Walks the green tree, counting places along the way: this runs over whole files at every change.
    fn sql(&mut self, node: &GreenNode, start: TextSize, comments: &mut Comments) {
        let mut at = start;
        for child in node.children() {
            let kind = Sql::of(child.kind());
            if let Some(token) = child.as_token() {
                let range = TextRange::at(at, TextSize::of(token.text()));
                match kind {
                    Sql::LINE_COMMENT => comments.line(self, range),
                    Sql::BLOCK_COMMENT => self.add(range, FoldKind::Comment),
                    Sql::WHITESPACE => comments.blank(token.text()),
                    _ => comments.end(self),
                }
                at = range.end();
            } else if let Some(child) = child.as_node() {
                let range = TextRange::at(at, child.text_len());
                if matches!(
                    kind,
                    Sql::TABLE_ELEMENTS
                        | Sql::TRIGGER_BODY
                        | Sql::SUBQUERY
                        | Sql::INDEXED_COLUMNS
                        | Sql::ARGS
                        | Sql::PAREN
                ) {
                    self.region(range);
                }
                self.sql(child, at, comments);
                at = range.end();
            }
        }
    }

    fn finish(mut self) -> Vec<Fold> {
        self.found.sort_by_key(|(first, last, fold)| (*first, std::cmp::Reverse(*last), fold.kind));
        self.found.dedup_by_key(|(first, last, _)| (*first, *last));
        self.found.into_iter().map(|(_, _, fold)| fold).collect()
    }
}

/// A run of line comments, each on the line after the one before.
#[derive(Default)]
struct Comments {
    run: Option<TextRange>,
    breaks: usize,
}

impl Comments {
    fn line(&mut self, folds: &mut Folds, range: TextRange) {
        if self.breaks > 1 {
            self.end(folds);
        }
        self.breaks = 0;
        self.run = Some(self.run.map_or(range, |run| run.cover(range)));
    }

    fn blank(&mut self, text: &str) {
        self.breaks += text.bytes().filter(|byte| *byte == b'\n').count();
    }

    fn end(&mut self, folds: &mut Folds) {
        self.breaks = 0;
        if let Some(run) = self.run.take() {
            folds.add(run, FoldKind::Comment);
        }
    }
}

#[cfg(test)]
mod tests;
