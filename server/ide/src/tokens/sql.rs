//! The words of a statement. A name's kind is told by the node it stands in.
//!
//! Walks the green tree, counting places along the way: a file of thousands of statements is asked for at every
//! keystroke.

use syntax::sql::{GreenNode, SyntaxKind as Kind};
use text::TextSize;

use super::{At, Modifiers, Sink, Take, TokenKind};

/// Adds the tokens of a piece that starts at `base`.
pub(super) fn piece(root: &GreenNode, base: TextSize, sink: &mut Sink) {
    walk(root, &mut At { base, sink });
}

/// Hands the tokens below `node`, which starts at zero, to `out`.
pub(super) fn walk(node: &GreenNode, out: &mut impl Take) {
    node_tokens(node, TextSize::new(0), (TokenKind::Variable, Modifiers::NONE), out);
}

/// What the names directly in a node are.
type Role = (TokenKind, Modifiers);

fn node_tokens(node: &GreenNode, start: TextSize, role: Role, out: &mut impl Take) {
    let kind = Kind::of(node.kind());
    let mut at = start;
    let mut names = 0;
    // In `a.b` all but the last name are what the last lies in.
    let mut qualifiers = match kind {
        Kind::PATH | Kind::COLUMN_REF => {
            let is_name = |child: &Kind| *child == Kind::NAME;
            node.children().map(|child| Kind::of(child.kind())).filter(is_name).count().saturating_sub(1)
        }
        _ => 0,
    };
    for child in node.children() {
        if let Some(token) = child.as_token() {
            leaf(Kind::of(token.kind()), token.text(), at, kind, role, out);
            at += TextSize::of(token.text());
        } else if let Some(child) = child.as_node() {
            let inner = Kind::of(child.kind());
            let role = match inner {
                Kind::NAME if qualifiers > 0 => {
                    qualifiers -= 1;
                    let kind = if kind == Kind::PATH { TokenKind::Namespace } else { TokenKind::Class };
                    (kind, Modifiers::NONE)
                }
                Kind::NAME | Kind::PATH => role_of(kind, inner == Kind::PATH, names, role),
                _ => role,
            };
            if inner == Kind::NAME {
                names += 1;
            }
            node_tokens(child, at, role, out);
            at += child.text_len();
        }
    }
}

/// What a name or path in a node of this kind is; `nth` counts the names before it.
fn role_of(kind: Kind, is_path: bool, nth: usize, outer: Role) -> Role {
    let plain = |kind| (kind, Modifiers::NONE);
    let declared = |kind| (kind, Modifiers::DECLARATION);
    match kind {
        Kind::CREATE_TABLE | Kind::CREATE_VIEW => declared(TokenKind::Class),
        Kind::CREATE_VIRTUAL_TABLE if is_path => declared(TokenKind::Class),
        Kind::CREATE_VIRTUAL_TABLE => plain(TokenKind::Type),
        Kind::CREATE_INDEX | Kind::CREATE_TRIGGER => {
            // The path is what is made, the name is the table it is on.
            if is_path { declared(TokenKind::Variable) } else { plain(TokenKind::Class) }
        }
        Kind::DROP
        | Kind::ALTER_TABLE
        | Kind::REFERENCES
        | Kind::TABLE_REF
        | Kind::INSERT
        | Kind::UPDATE
        | Kind::DELETE => plain(TokenKind::Class),
        Kind::RENAME_TABLE => declared(TokenKind::Class),
        Kind::CTE if nth == 0 => declared(TokenKind::Class),
        Kind::COLUMN_DEF => declared(TokenKind::Property),
        Kind::COLUMN_NAMES
        | Kind::COLUMN_REF
        | Kind::ASSIGNMENT
        | Kind::RENAME_COLUMN
        | Kind::DROP_COLUMN
        | Kind::INDEXED_COLUMN
        | Kind::PRAGMA => plain(TokenKind::Property),
        Kind::CONSTRAINT_NAME | Kind::ALIAS => declared(TokenKind::Variable),
        Kind::COLLATE => plain(TokenKind::EnumMember),
        Kind::CALL => (TokenKind::Function, Modifiers::DEFAULT_LIBRARY),
        Kind::TYPE_NAME => (TokenKind::Type, Modifiers::DEFAULT_LIBRARY),
        Kind::PATH => outer,
        _ => plain(TokenKind::Variable),
    }
}

fn leaf(kind: Kind, text: &str, at: TextSize, parent: Kind, role: Role, out: &mut impl Take) {
    let (kind, modifiers) = match kind {
        Kind::LINE_COMMENT | Kind::BLOCK_COMMENT => return comment(text, at, out),
        Kind::KEYWORD | Kind::IDENT if matches!(parent, Kind::TYPE_NAME) => {
            (TokenKind::Type, Modifiers::DEFAULT_LIBRARY)
        }
        Kind::KEYWORD => (TokenKind::Keyword, Modifiers::NONE),
        Kind::CLIENT_COMMAND => (TokenKind::Keyword, Modifiers::NONE),
        Kind::IDENT | Kind::QUOTED_IDENT => role,
        Kind::STRING if parent == Kind::NAME => role,
        Kind::STRING | Kind::BLOB | Kind::DOLLAR_STRING => (TokenKind::String, Modifiers::NONE),
        Kind::NUMBER => (TokenKind::Number, Modifiers::NONE),
        Kind::PARAMETER => (TokenKind::Parameter, Modifiers::NONE),
        Kind::EQ | Kind::PLUS | Kind::MINUS | Kind::STAR | Kind::OPERATOR => {
            (TokenKind::Operator, Modifiers::NONE)
        }
        _ => return,
    };
    out.take(at, text, kind, modifiers);
}

/// A comment. The name of a directive in it stands out; its arguments, and the header of a section of a migration file,
/// are left to the editor's own grammar.
fn comment(text: &str, at: TextSize, out: &mut impl Take) {
    let is_word = |ch: char| ch.is_alphanumeric() || ch == '_';
    let is_section = text.starts_with("-- ") && text.trim_end().ends_with(".sql --");
    let directive = text.find("atlas:").filter(|start| !text[..*start].ends_with(is_word));
    let name = directive.map(|start| {
        let after = &text[start + "atlas:".len()..];
        let length = after.find(|ch| !is_word(ch)).unwrap_or(after.len());
        (start, start + "atlas:".len() + length, length > 0)
    });
    match name {
        _ if is_section => {}
        Some((start, end, true)) => {
            out.take(at, &text[..start], TokenKind::Comment, Modifiers::NONE);
            let at = at + TextSize::of(&text[..start]);
            out.take(at, &text[start..end], TokenKind::Keyword, Modifiers::NONE);
        }
        _ => out.take(at, text, TokenKind::Comment, Modifiers::NONE),
    }
}
