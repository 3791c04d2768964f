//! The typed view of an HCL tree: every node type here is a thin wrapper over a [`SyntaxNode`].
//!
//! Nothing is stored and nothing is checked: what is missing in half-typed text is `None`. Offsets are those of the
//! tree, that is, of the piece, until `File` places it.

use rowan::NodeOrToken;
use text::TextRange;

use crate::hcl::{SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};

mod body;
mod embedded;
mod expr;
mod template;

pub use body::{Attribute, Block, Body, Incomplete, Item, Label};
pub use embedded::Embedded;
pub use expr::{
    Binary, Call, Conditional, Expr, ForObject, ForTuple, Literal, LiteralKind, Object, ObjectItem, Paren,
    Step, StepKind, TooDeep, Traversal, Tuple, Unary, Variable,
};
pub use template::{
    Directive, Heredoc, Interpolation, Template, TemplateBody, TemplateFor, TemplateIf, TemplatePart,
    unescape,
};

/// A typed node.
pub trait AstNode: Sized {
    /// The node as this type, if it is one.
    fn cast(node: SyntaxNode) -> Option<Self>;
    /// The node itself.
    fn syntax(&self) -> &SyntaxNode;
    /// Where the node is in its piece.
    fn range(&self) -> TextRange {
        self.syntax().text_range()
    }
}

/// A struct over nodes of one kind (or a few).
macro_rules! node {
    ($(#[$doc:meta])* $name:ident = $($kind:ident)|+) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub struct $name(pub(in crate::hcl::ast) crate::hcl::SyntaxNode);

        impl crate::hcl::ast::AstNode for $name {
            fn cast(node: crate::hcl::SyntaxNode) -> Option<Self> {
                matches!(node.kind(), $(crate::hcl::SyntaxKind::$kind)|+).then(|| Self(node))
            }
            fn syntax(&self) -> &crate::hcl::SyntaxNode {
                &self.0
            }
        }
    };
}
pub(in crate::hcl::ast) use node;

/// A name, as a token: `users` in `column.users`, the type of a block, the name of an attribute.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ident(SyntaxToken);

impl Ident {
    /// The token as a name, if it is an identifier.
    pub fn cast(token: SyntaxToken) -> Option<Self> {
        (token.kind() == SyntaxKind::Ident).then(|| Self(token))
    }

    /// The name.
    pub fn text(&self) -> &str {
        self.0.text()
    }

    pub fn range(&self) -> TextRange {
        self.0.text_range()
    }

    pub fn syntax(&self) -> &SyntaxToken {
        &self.0
    }
}

/// The first child of type `N`.
fn child<N: AstNode>(node: &SyntaxNode) -> Option<N> {
    node.children().find_map(N::cast)
}

/// All children of type `N`, in order.
fn children<N: AstNode>(node: &SyntaxNode) -> impl Iterator<Item = N> + use<N> {
    node.children().filter_map(N::cast)
}

/// The tokens directly in `node`.
fn tokens(node: &SyntaxNode) -> impl Iterator<Item = SyntaxToken> + use<> {
    node.children_with_tokens().filter_map(SyntaxElement::into_token)
}

/// The first token of `kind` directly in `node`.
fn token(node: &SyntaxNode, kind: SyntaxKind) -> Option<SyntaxToken> {
    tokens(node).find(|token| token.kind() == kind)
}

/// The first name directly in `node`.
fn ident(node: &SyntaxNode) -> Option<Ident> {
    tokens(node).find_map(Ident::cast)
}

/// The children of type `N` before and after the first token that `is` the divide.
fn split_at<N: AstNode>(node: &SyntaxNode, is: impl Fn(SyntaxKind) -> bool) -> (Option<N>, Option<N>) {
    let (mut before, mut after, mut passed) = (None, None, false);
    for element in node.children_with_tokens() {
        match element {
            NodeOrToken::Token(token) => passed |= is(token.kind()),
            NodeOrToken::Node(node) => {
                let place = if passed { &mut after } else { &mut before };
                *place = place.take().or_else(|| N::cast(node));
            }
        }
    }
    (before, after)
}
