//! What all tests here use: grammars, and trees as text.

mod corpus;
mod errors;
pub(crate) mod grammar;
mod incremental;
mod oracle;
mod splitting;
mod trees;
mod views;

use std::fmt::Write;

use expect_test::Expect;
use rowan::WalkEvent;
use text::Text;

use crate::sql::{File, Grammar, SyntaxNode};

/// The file `text` is, by SQLite's grammar.
fn parse(text: &str) -> File {
    parse_as(text, &grammar::SQLITE)
}

fn parse_as(text: &str, grammar: &'static Grammar) -> File {
    File::parse(&Text::new(text), grammar, None)
}

/// A tree with one node a line; tokens that are no trivia stand behind their node.
fn tree(node: &SyntaxNode) -> String {
    let mut out = String::new();
    let mut depth = 0;
    for event in node.preorder_with_tokens() {
        match event {
            WalkEvent::Enter(rowan::NodeOrToken::Node(node)) => {
                if depth > 0 {
                    out.push('\n');
                }
                let _ = write!(out, "{:1$}{2:?}", "", depth * 2, node.kind());
                depth += 1;
            }
            WalkEvent::Enter(rowan::NodeOrToken::Token(token)) if !token.kind().is_trivia() => {
                let _ = match token.kind() {
                    crate::sql::SyntaxKind::KEYWORD => write!(out, " {}", token.text().to_uppercase()),
                    _ => write!(out, " `{}`", token.text()),
                };
            }
            WalkEvent::Leave(rowan::NodeOrToken::Node(_)) => depth -= 1,
            _ => {}
        }
    }
    out.push('\n');
    out
}

/// Checks the trees of all pieces, and what was found wrong.
fn check(text: &str, expect: Expect) {
    let file = parse(text);
    let mut out: String = file.pieces().iter().map(|placed| tree(&placed.piece.syntax())).collect();
    out.push_str(&messages(&file, text));
    expect.assert_eq(&out);
}

/// The errors of a file: the text they are at, and what they say.
fn messages(file: &File, text: &str) -> String {
    let mut out = String::new();
    for error in file.errors() {
        let (start, end) = (usize::from(error.range.start()), usize::from(error.range.end()));
        let _ = writeln!(out, "{start} {:?} {}: {}", &text[start..end], error.code, error.message);
    }
    out
}
