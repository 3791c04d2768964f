//! The words of an HCL block, and of the SQL in its strings.

use project::Snapshot;
use syntax::hcl::{Placed, SyntaxKind as Kind, SyntaxNode, SyntaxToken};
use text::{FileId, TextRange, TextSize};

use super::{At, Modifiers, Sink, Take, TokenKind, sql};
use crate::embedded::{self, Part};

/// Adds the tokens of a piece.
pub(super) fn piece(snapshot: &Snapshot, file: FileId, placed: &Placed, sink: &mut Sink) {
    let root = placed.piece.syntax();
    let parts: Vec<Part> =
        embedded::in_piece(snapshot, file, placed).into_iter().filter(|part| !part.computed).collect();
    let mut next = 0;
    for token in root.descendants_with_tokens().filter_map(|element| element.into_token()) {
        let range = token.text_range() + placed.start;
        // Text inside a string of SQL is told by the SQL; once, when its first token comes.
        if embedded::is_content(token.kind()) {
            while parts.get(next).is_some_and(|part| part.source.end() <= range.start()) {
                next += 1;
            }
            if let Some(part) = parts.get(next).filter(|part| part.source.contains_range(range)) {
                if sink.tokens.last().is_none_or(|last| last.range.end() <= part.source.start()) {
                    statement(part, sink);
                }
                continue;
            }
        }
        if let Some((kind, modifiers)) = kind(&token) {
            At { base: placed.start, sink }.take(token.text_range().start(), token.text(), kind, modifiers);
        }
    }
}

/// Adds the tokens of the SQL in a string.
fn statement(part: &Part, sink: &mut Sink) {
    for placed in part.tree.pieces() {
        sql::walk(&placed.piece.syntax().green(), &mut Inside { part, base: placed.start, sink });
    }
}

/// Takes tokens of a string to their place in the file.
struct Inside<'a> {
    part: &'a Part,
    base: TextSize,
    sink: &'a mut Sink,
}

impl Take for Inside<'_> {
    fn take(&mut self, start: TextSize, text: &str, kind: TokenKind, modifiers: Modifiers) {
        let mut at = start + self.base;
        // Each line by itself: between two lines the string may have lost its indentation.
        for line in text.split_inclusive('\n') {
            let shown = line.trim_end_matches(['\n', '\r']);
            let blank = shown.len() - shown.trim_start().len();
            let range = TextRange::at(at + TextSize::of(&shown[..blank]), TextSize::of(&shown[blank..]));
            at += TextSize::of(line);
            if let Some(range) = self.part.place(range).filter(|range| !range.is_empty()) {
                self.sink.tokens.push(super::Token { range, kind, modifiers });
            }
        }
    }
}

fn kind(token: &SyntaxToken) -> Option<(TokenKind, Modifiers)> {
    let plain = |kind| Some((kind, Modifiers::NONE));
    match token.kind() {
        Kind::LineComment | Kind::BlockComment => plain(TokenKind::Comment),
        Kind::Number => plain(TokenKind::Number),
        Kind::Ident => name(token),
        Kind::Chunk | Kind::Escape | Kind::OpenQuote | Kind::CloseQuote => {
            let parent = token.parent()?;
            if parent.kind() == Kind::Label { label(&parent) } else { plain(TokenKind::String) }
        }
        Kind::HeredocBegin | Kind::HeredocEnd => plain(TokenKind::Keyword),
        Kind::EqEq
        | Kind::BangEq
        | Kind::Lt
        | Kind::LtEq
        | Kind::Gt
        | Kind::GtEq
        | Kind::AndAnd
        | Kind::OrOr
        | Kind::Bang
        | Kind::Plus
        | Kind::Minus
        | Kind::Star
        | Kind::Slash
        | Kind::Percent
        | Kind::Question
        | Kind::Ellipsis
        | Kind::FatArrow => plain(TokenKind::Operator),
        _ => None,
    }
}

/// What a label names. The quotes go with the name, so that a theme colours it as one.
fn label(label: &SyntaxNode) -> Option<(TokenKind, Modifiers)> {
    let block = label.parent()?;
    let kind = first_word(&block)?;
    Some(match kind.text() {
        "table" | "view" | "materialized" => (TokenKind::Class, Modifiers::DECLARATION),
        "column" => (TokenKind::Property, Modifiers::DECLARATION),
        "schema" | "env" => (TokenKind::Namespace, Modifiers::DECLARATION),
        "enum" | "domain" | "composite" => (TokenKind::Type, Modifiers::DECLARATION),
        "function" | "procedure" | "aggregate" => (TokenKind::Function, Modifiers::DECLARATION),
        "variable" => (TokenKind::Parameter, Modifiers::DECLARATION),
        _ => (TokenKind::Variable, Modifiers::DECLARATION),
    })
}

fn name(token: &SyntaxToken) -> Option<(TokenKind, Modifiers)> {
    let parent = token.parent()?;
    let plain = |kind| Some((kind, Modifiers::NONE));
    match parent.kind() {
        Kind::Block | Kind::Incomplete => plain(TokenKind::Keyword),
        Kind::Label => label(&parent),
        Kind::Attribute => plain(TokenKind::Property),
        Kind::Literal => plain(TokenKind::Keyword),
        Kind::Call => {
            // `type = varchar(10)` calls nothing.
            let outer = parent.parent().filter(|outer| outer.kind() == Kind::Attribute);
            let is_type =
                outer.and_then(|outer| first_word(&outer)).is_some_and(|name| name.text() == "type");
            let kind = if is_type && token.text() != "sql" { TokenKind::Type } else { TokenKind::Function };
            Some((kind, Modifiers::DEFAULT_LIBRARY))
        }
        Kind::Variable => root(token, &parent),
        Kind::AttrStep => step(&parent),
        Kind::ForIntro => {
            // `for` and `in` are words of the language, what stands between them is declared.
            let text = token.text();
            if matches!(text, "for" | "in") {
                plain(TokenKind::Keyword)
            } else {
                Some((TokenKind::Variable, Modifiers::DECLARATION))
            }
        }
        Kind::ForCond | Kind::Directive => plain(TokenKind::Keyword),
        _ => plain(TokenKind::Variable),
    }
}

/// The first name of a reference, or a word of its own.
fn root(token: &SyntaxToken, variable: &SyntaxNode) -> Option<(TokenKind, Modifiers)> {
    let plain = |kind| Some((kind, Modifiers::NONE));
    let outer = variable.parent()?;
    if outer.kind() == Kind::Traversal {
        return match token.text() {
            "var" | "local" | "data" | "atlas" | "each" | "self" => plain(TokenKind::Keyword),
            _ => plain(TokenKind::Variable),
        };
    }
    if outer.kind() == Kind::ObjectItem {
        return plain(TokenKind::Property);
    }
    // `type = int` and `on_delete = CASCADE`: words out of a closed list.
    let attribute = (outer.kind() == Kind::Attribute).then(|| first_word(&outer)).flatten();
    match attribute {
        Some(name) if name.text() == "type" => Some((TokenKind::Type, Modifiers::DEFAULT_LIBRARY)),
        Some(_) => plain(TokenKind::EnumMember),
        None => plain(TokenKind::Variable),
    }
}

/// A later name of a reference: told by the word before it.
fn step(step: &SyntaxNode) -> Option<(TokenKind, Modifiers)> {
    let traversal = step.parent()?;
    let mut before: Option<String> = None;
    for child in traversal.children() {
        if child == *step {
            break;
        }
        before = match child.kind() {
            Kind::Variable => child.first_token().map(|token| token.text().to_owned()),
            Kind::AttrStep => first_word(&child).map(|token| token.text().to_owned()),
            _ => None,
        };
    }
    let kind = match before.as_deref() {
        Some("table" | "view" | "materialized") => TokenKind::Class,
        Some("column") => TokenKind::Property,
        Some("schema") => TokenKind::Namespace,
        Some("enum" | "domain" | "composite") => TokenKind::Type,
        Some("var") => TokenKind::Parameter,
        Some("function" | "procedure") => TokenKind::Function,
        _ => TokenKind::Variable,
    };
    let modifiers = if kind == TokenKind::Parameter { Modifiers::READONLY } else { Modifiers::NONE };
    Some((kind, modifiers))
}

/// The first name directly in `node`.
fn first_word(node: &SyntaxNode) -> Option<SyntaxToken> {
    node.children_with_tokens()
        .filter_map(|child| child.into_token())
        .find(|token| token.kind() == Kind::Ident)
}
