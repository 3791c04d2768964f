//! The words of a statement. A name's kind is told by the node it stands in.

use syntax::sql::{SyntaxKind as Kind, SyntaxNode, SyntaxToken};
use text::TextSize;

use super::{At, Modifiers, Sink, Take, TokenKind};

/// Adds the tokens of a piece that starts at `base`.
pub(super) fn piece(root: &SyntaxNode, base: TextSize, sink: &mut Sink) {
    walk(root, &mut At { base, sink });
}

/// Hands the tokens below `node` to `out`.
pub(super) fn walk(node: &SyntaxNode, out: &mut dyn Take) {
    node_tokens(node, (TokenKind::Variable, Modifiers::NONE), out);
}

/// What the names directly in a node are.
type Role = (TokenKind, Modifiers);

fn node_tokens(node: &SyntaxNode, role: Role, out: &mut dyn Take) {
    let kind = node.kind();
    let mut names = 0;
    // In `a.b` all but the last name are what the last lies in.
    let mut before_last = matches!(kind, Kind::PATH | Kind::COLUMN_REF).then(|| {
        let names = node.children().filter(|child| child.kind() == Kind::NAME).count();
        names.saturating_sub(1)
    });
    for child in node.children_with_tokens() {
        if let Some(token) = child.as_token() {
            leaf(token, kind, role, out);
        } else if let Some(child) = child.as_node() {
            let is_name = child.kind() == Kind::NAME;
            let qualifies = is_name && before_last.is_some_and(|left| left > 0);
            let role = if qualifies {
                before_last = before_last.map(|left| left - 1);
                if kind == Kind::PATH {
                    (TokenKind::Namespace, Modifiers::NONE)
                } else {
                    (TokenKind::Class, Modifiers::NONE)
                }
            } else if matches!(child.kind(), Kind::NAME | Kind::PATH) {
                role_of(kind, child.kind() == Kind::PATH, names, role)
            } else {
                role
            };
            if is_name {
                names += 1;
            }
            node_tokens(child, role, out);
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

fn leaf(token: &SyntaxToken, parent: Kind, role: Role, out: &mut dyn Take) {
    let (kind, modifiers) = match token.kind() {
        Kind::LINE_COMMENT | Kind::BLOCK_COMMENT => (TokenKind::Comment, Modifiers::NONE),
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
    out.take(token.text_range().start(), token.text(), kind, modifiers);
}
