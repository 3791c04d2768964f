//! Bodies and what stands in them: attributes, blocks, and words that are neither yet.

use text::TextRange;

use super::expr::Expr;
use super::template::unescape_into;
use super::{AstNode, Ident, child, children, ident, node, token, tokens};
use crate::hcl::{SyntaxKind, SyntaxNode, SyntaxToken};

node! {
    /// The items of a piece, or between the braces of a block.
    Body = Root | Body
}

node! {
    /// `name = expr`; the `=` or the expression may be missing.
    Attribute = Attribute
}

node! {
    /// `type "label" { … }`; the braces may be missing.
    Block = Block
}

node! {
    /// One label of a block, an identifier or a string.
    Label = Label
}

node! {
    /// A word in a body that is not an attribute or block yet, with the rest of its line.
    Incomplete = Incomplete
}

/// What stands in a body.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Item {
    Attribute(Attribute),
    Block(Block),
    Incomplete(Incomplete),
}

impl AstNode for Item {
    fn cast(node: SyntaxNode) -> Option<Self> {
        match node.kind() {
            SyntaxKind::Attribute => Some(Item::Attribute(Attribute(node))),
            SyntaxKind::Block => Some(Item::Block(Block(node))),
            SyntaxKind::Incomplete => Some(Item::Incomplete(Incomplete(node))),
            _ => None,
        }
    }

    fn syntax(&self) -> &SyntaxNode {
        match self {
            Item::Attribute(Attribute(node))
            | Item::Block(Block(node))
            | Item::Incomplete(Incomplete(node)) => node,
        }
    }
}

impl Body {
    /// Everything in the body, in order.
    pub fn items(&self) -> impl Iterator<Item = Item> + use<> {
        children(&self.0)
    }

    pub fn attributes(&self) -> impl Iterator<Item = Attribute> + use<> {
        children(&self.0)
    }

    pub fn blocks(&self) -> impl Iterator<Item = Block> + use<> {
        children(&self.0)
    }

    /// The first attribute called `name`.
    pub fn attribute(&self, name: &str) -> Option<Attribute> {
        self.attributes().find(|attribute| attribute.name().is_some_and(|found| found.text() == name))
    }

    /// The block around this body; `None` at the top level.
    pub fn block(&self) -> Option<Block> {
        self.0.parent().and_then(Block::cast)
    }
}

impl Attribute {
    pub fn name(&self) -> Option<Ident> {
        ident(&self.0)
    }

    pub fn eq_token(&self) -> Option<SyntaxToken> {
        token(&self.0, SyntaxKind::Eq)
    }

    pub fn expr(&self) -> Option<Expr> {
        child(&self.0)
    }
}

impl Block {
    /// The word the block starts with: `table`.
    pub fn type_name(&self) -> Option<Ident> {
        ident(&self.0)
    }

    pub fn labels(&self) -> impl Iterator<Item = Label> + use<> {
        children(&self.0)
    }

    pub fn body(&self) -> Option<Body> {
        child(&self.0)
    }

    pub fn open_brace(&self) -> Option<SyntaxToken> {
        token(&self.0, SyntaxKind::LBrace)
    }

    pub fn close_brace(&self) -> Option<SyntaxToken> {
        token(&self.0, SyntaxKind::RBrace)
    }

    /// The type and the labels, without the body.
    pub fn header_range(&self) -> TextRange {
        let start = self.0.text_range().start();
        let labels_end = self.labels().last().map(|label| label.range().end());
        let end = labels_end.or_else(|| self.type_name().map(|name| name.range().end()));
        TextRange::new(start, end.unwrap_or(start))
    }
}

impl Label {
    /// What the label says, without quotes and with escapes resolved.
    pub fn value(&self) -> String {
        let mut value = String::new();
        for token in tokens(&self.0) {
            match token.kind() {
                SyntaxKind::Ident | SyntaxKind::Chunk => value.push_str(token.text()),
                SyntaxKind::Escape => unescape_into(token.text(), &mut value),
                _ => {}
            }
        }
        value
    }

    /// Whether the label is a string rather than an identifier.
    pub fn is_quoted(&self) -> bool {
        token(&self.0, SyntaxKind::OpenQuote).is_some()
    }

    /// The range without the quotes; `range()` has them.
    pub fn value_range(&self) -> TextRange {
        let range = self.range();
        let start =
            token(&self.0, SyntaxKind::OpenQuote).map_or(range.start(), |open| open.text_range().end());
        let end =
            token(&self.0, SyntaxKind::CloseQuote).map_or(range.end(), |close| close.text_range().start());
        TextRange::new(start, end.max(start))
    }
}

impl Incomplete {
    /// The word typed so far.
    pub fn word(&self) -> Option<Ident> {
        ident(&self.0)
    }
}
