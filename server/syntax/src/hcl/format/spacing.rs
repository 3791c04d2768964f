//! Whether a space stands between two tokens of a line.

use super::SyntaxKind;

/// Whether a token is literal text or bounds it: what touches it stays as it is.
pub(super) fn is_literal(kind: SyntaxKind) -> bool {
    use SyntaxKind::*;
    matches!(kind, Chunk | Escape | HeredocIndent | HeredocEnd)
}

/// How many levels a token opens (positive) or closes.
pub(super) fn nesting(kind: SyntaxKind) -> i32 {
    use SyntaxKind::*;
    match kind {
        LBrace | LBracket | LParen | InterpolationOpen | DirectiveOpen => 1,
        RBrace | RBracket | RParen | TemplateClose => -1,
        _ => 0,
    }
}

/// Whether a space stands between `left` and `right`; `before` is what stands before `left` in its cell, and `is_in`
/// says that `left` is the `in` of a `for`.
pub(super) fn space_between(
    before: Option<SyntaxKind>,
    left: SyntaxKind,
    right: SyntaxKind,
    is_in: bool,
) -> bool {
    use SyntaxKind::*;
    match (left, right) {
        (_, Newline | Eof) => false,
        (Ident, LParen | ColonColon) | (ColonColon, Ident) => false,
        (Dot, _) | (_, Dot) => false,
        (_, Comma | Ellipsis) => false,
        (Comma, _) => true,
        (OpenQuote | HeredocBegin, _) | (_, CloseQuote) => false,
        _ if is_literal(left) && left != HeredocEnd => false,
        _ if is_literal(right) => false,
        _ if is_in => true,
        (Ident | Number, LBracket) => false,
        (_, LBracket) if nesting(left) < 0 => false,
        (Bang, _) => false,
        (Minus, _) => !is_negation(before),
        (LBrace, RBrace) => false,
        (LBrace, _) | (_, RBrace) => true,
        (InterpolationOpen | DirectiveOpen, LBrace) => true,
        // Only an object stands alone in `${ { … } }`, so its braces keep off.
        (RBrace, TemplateClose) => true,
        (TemplateClose, InterpolationOpen | DirectiveOpen) => false,
        _ => nesting(left) <= 0 && nesting(right) >= 0,
    }
}

/// Whether a minus after `before` negates rather than subtracts.
fn is_negation(before: Option<SyntaxKind>) -> bool {
    use SyntaxKind::*;
    match before {
        None => true,
        Some(before) => matches!(
            before,
            LParen
                | LBrace
                | LBracket
                | Eq
                | Colon
                | Comma
                | Question
                | Plus
                | Star
                | Slash
                | Percent
                | Minus
                | EqEq
                | BangEq
                | Gt
                | GtEq
                | Lt
                | LtEq
                | AndAnd
                | OrOr
                | Bang
        ),
    }
}
