//! Text of another language inside a string or heredoc, and the way between its places and ours.
//!
//! Interpolations stay in it as they are written, so that a reader of SQL sees where they were. Invariant: segments
//! are in order, touch each other in the text, and never overlap in the source.

use rowan::NodeOrToken;
use text::{TextRange, TextSize};

use super::{AstNode, Heredoc};
use crate::hcl::{SyntaxElement, SyntaxKind, SyntaxNode};

/// What a string says, and where each part of it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Embedded {
    pub text: String,
    segments: Vec<Segment>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Segment {
    text: TextRange,
    source: TextRange,
}

impl Embedded {
    /// The place in the tree of `offset` in the text; within an escape, its start. The end of the text is the end of
    /// the last segment.
    pub fn to_source(&self, offset: TextSize) -> TextSize {
        let at = self.segments.partition_point(|segment| segment.text.start() <= offset);
        match self.segments[..at].last() {
            Some(segment) if segment.text.len() == segment.source.len() => {
                segment.source.start() + (offset - segment.text.start()).min(segment.source.len())
            }
            Some(segment) if offset >= segment.text.end() => segment.source.end(),
            Some(segment) => segment.source.start(),
            None => TextSize::new(0),
        }
    }

    /// The smallest range in the tree that covers `range` of the text.
    pub fn range_to_source(&self, range: TextRange) -> TextRange {
        let start = self.to_source(range.start());
        if range.is_empty() {
            return TextRange::empty(start);
        }
        // The end belongs to the last character in the range, not to what follows it after a cut indentation.
        let at = self.segments.partition_point(|segment| segment.text.start() < range.end());
        let end = match self.segments[..at].last() {
            Some(segment) if segment.text.len() == segment.source.len() => {
                segment.source.start() + (range.end() - segment.text.start()).min(segment.source.len())
            }
            Some(segment) => segment.source.end(),
            None => start,
        };
        TextRange::new(start, end.max(start))
    }

    /// The place in the text of `offset` in the tree; `None` outside, or in indentation that is not part of it.
    pub fn to_text(&self, offset: TextSize) -> Option<TextSize> {
        let at = self.segments.partition_point(|segment| segment.source.start() <= offset);
        let segment = self.segments[..at].last()?;
        if offset > segment.source.end() {
            return None;
        }
        Some(if segment.text.len() == segment.source.len() {
            segment.text.start() + (offset - segment.source.start())
        } else if offset == segment.source.end() {
            segment.text.end()
        } else {
            segment.text.start()
        })
    }

    /// Adds `text` that stands at `source` as it is.
    pub(super) fn push_verbatim(&mut self, text: &str, source: TextSize) {
        self.push_changed(text, TextRange::at(source, TextSize::of(text)));
    }

    /// Adds `text` that stands at `source` in another spelling.
    pub(super) fn push_changed(&mut self, text: &str, source: TextRange) {
        if text.is_empty() && source.is_empty() {
            return;
        }
        let range = TextRange::at(TextSize::of(self.text.as_str()), TextSize::of(text));
        self.text.push_str(text);
        match self.segments.last_mut() {
            Some(last)
                if last.source.end() == source.start()
                    && last.text.len() == last.source.len()
                    && range.len() == source.len() =>
            {
                last.text = last.text.cover(range);
                last.source = last.source.cover(source);
            }
            _ => self.segments.push(Segment { text: range, source }),
        }
    }
}

/// One token, `${…}` or `%{…}` of a heredoc, and what it means for indentation.
struct Leaf {
    element: SyntaxElement,
    /// Whether it is the indentation of a line with nothing else on it, which is kept.
    is_blank_line: bool,
}

/// The leaves of the content, with the bodies of `%{if}` and `%{for}` opened.
fn leaves(heredoc: &Heredoc) -> Vec<Leaf> {
    fn walk(node: &SyntaxNode, content: TextRange, leaves: &mut Vec<Leaf>) {
        for element in node.children_with_tokens() {
            if !content.contains_range(element.text_range()) {
                continue;
            }
            match &element {
                NodeOrToken::Node(node)
                    if matches!(
                        node.kind(),
                        SyntaxKind::TemplateIf | SyntaxKind::TemplateFor | SyntaxKind::TemplateBody
                    ) =>
                {
                    walk(node, content, leaves);
                }
                _ => leaves.push(Leaf { element, is_blank_line: false }),
            }
        }
    }
    let mut leaves_found = Vec::new();
    walk(heredoc.syntax(), heredoc.content_range(), &mut leaves_found);
    for at in 1..leaves_found.len() {
        let is_line_break = is_line_break(&leaves_found[at].element);
        let before = &mut leaves_found[at - 1];
        before.is_blank_line = is_line_break && before.element.kind() == SyntaxKind::HeredocIndent;
    }
    leaves_found
}

fn is_line_break(element: &SyntaxElement) -> bool {
    element.as_token().is_some_and(|token| matches!(token.text(), "\n" | "\r\n"))
}

/// The white space all lines with text start with, in characters.
pub(super) fn common_indentation(heredoc: &Heredoc) -> usize {
    let mut least: Option<usize> = None;
    let mut at_line_start = true;
    for leaf in leaves(heredoc) {
        let text = leaf.element.as_token().map(|token| token.text().to_owned());
        if at_line_start && !leaf.is_blank_line && !is_line_break(&leaf.element) {
            let width = match (leaf.element.kind(), &text) {
                (SyntaxKind::HeredocIndent, Some(indent)) => indent.chars().count(),
                _ => 0,
            };
            least = Some(least.map_or(width, |least| least.min(width)));
        }
        at_line_start = text.is_some_and(|text| text.ends_with('\n'));
    }
    least.unwrap_or(0)
}

/// See [`Heredoc::embedded`].
pub(super) fn of_heredoc(heredoc: &Heredoc) -> Embedded {
    let indentation = heredoc.indentation();
    let mut embedded = Embedded::default();
    for leaf in leaves(heredoc) {
        let range = leaf.element.text_range();
        match &leaf.element {
            NodeOrToken::Node(node) => embedded.push_verbatim(&node.text().to_string(), range.start()),
            NodeOrToken::Token(token) => match token.kind() {
                SyntaxKind::Escape => embedded.push_changed(&super::unescape(token.text()), range),
                SyntaxKind::HeredocIndent if !leaf.is_blank_line => {
                    let cut: usize = token.text().chars().take(indentation).map(char::len_utf8).sum();
                    let start = range.start() + TextSize::new(cut as u32);
                    embedded.push_verbatim(token.text().get(cut..).unwrap_or_default(), start);
                }
                _ => embedded.push_verbatim(token.text(), range.start()),
            },
        }
    }
    embedded
}
