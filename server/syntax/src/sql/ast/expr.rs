//! Views of expressions. An expression is a loose run of tokens; names, calls, literals and queries in it are nodes.

use smol_str::SmolStr;

use super::{Name, Query, SelectCore, View, children, node, unquote};
use crate::sql::kind::{SyntaxKind, SyntaxNode};

node! {
    Expr = EXPR;
    ColumnRef = COLUMN_REF;
    Call = CALL;
    Literal = LITERAL;
}

impl Expr {
    /// As written.
    pub fn text(&self) -> String {
        self.0.text().to_string()
    }

    /// The column, when the expression is nothing but one.
    pub fn as_column(&self) -> Option<ColumnRef> {
        self.only().and_then(ColumnRef::cast)
    }

    /// The literal, when the expression is nothing but one.
    pub fn as_literal(&self) -> Option<Literal> {
        self.only().and_then(Literal::cast)
    }

    /// Every column named anywhere in it, those of queries within included.
    pub fn columns(&self) -> impl Iterator<Item = ColumnRef> + use<> {
        self.0.descendants().filter_map(ColumnRef::cast)
    }

    /// Every function called anywhere in it.
    pub fn calls(&self) -> impl Iterator<Item = Call> + use<> {
        self.0.descendants().filter_map(Call::cast)
    }

    /// Every query within.
    pub fn queries(&self) -> impl Iterator<Item = Query> + use<> {
        self.0.descendants().filter_map(Query::cast)
    }

    /// The one node it consists of.
    fn only(&self) -> Option<SyntaxNode> {
        let mut found = None;
        for element in self.0.children_with_tokens() {
            match element {
                rowan::NodeOrToken::Node(node) if found.is_none() => found = Some(node),
                rowan::NodeOrToken::Token(token) if token.kind().is_trivia() => {}
                _ => return None,
            }
        }
        found
    }
}

impl ColumnRef {
    /// The parts as written: `schema`, `table`, `column`. An empty last part (`t.`) is not among them.
    pub fn parts(&self) -> Vec<Name> {
        self.0
            .children()
            .filter(|child| child.kind() == SyntaxKind::NAME)
            .filter_map(|n| Name::of(&n))
            .collect()
    }

    /// The column; `None` when only `t.` is written, or `t.*`.
    pub fn name(&self) -> Option<Name> {
        let parts = self.parts();
        (parts.len() > self.dots()).then(|| parts.into_iter().next_back()).flatten()
    }

    /// The table or alias before the last dot.
    pub fn table(&self) -> Option<Name> {
        let mut parts = self.parts();
        if parts.len() > self.dots() {
            parts.pop();
        }
        parts.pop()
    }

    /// Whether it is `t.*`.
    pub fn is_star(&self) -> bool {
        self.0.children_with_tokens().any(|child| child.kind() == SyntaxKind::STAR)
    }

    fn dots(&self) -> usize {
        self.0.children_with_tokens().filter(|child| child.kind() == SyntaxKind::DOT).count()
    }
}

impl Call {
    /// The function, without the schema before it.
    pub fn name(&self) -> Option<Name> {
        let names = self.0.children().filter(|child| child.kind() == SyntaxKind::NAME);
        names.last().and_then(|node| Name::of(&node))
    }

    /// The arguments.
    pub fn args(&self) -> Vec<Expr> {
        match super::child_of(&self.0, SyntaxKind::ARGS) {
            Some(args) => children(&args).collect(),
            None => Vec::new(),
        }
    }
}

/// What a literal is, by its looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LiteralKind {
    String,
    Blob,
    /// With its sign, if any.
    Number,
    Null,
    /// `TRUE` or `FALSE`.
    Bool,
    /// `CURRENT_TIMESTAMP`, `CURRENT_DATE`, `CURRENT_TIME`.
    Time,
    /// `?`, `:name`.
    Parameter,
}

impl Literal {
    /// As written, with sign and quotes.
    pub fn text(&self) -> String {
        self.0.text().to_string()
    }

    pub fn kind(&self) -> Option<LiteralKind> {
        let token = self
            .0
            .children_with_tokens()
            .filter_map(|child| child.into_token())
            .filter(|token| !token.kind().is_trivia())
            .last()?;
        Some(match token.kind() {
            SyntaxKind::STRING | SyntaxKind::DOLLAR_STRING => LiteralKind::String,
            SyntaxKind::BLOB => LiteralKind::Blob,
            SyntaxKind::NUMBER => LiteralKind::Number,
            SyntaxKind::PARAMETER => LiteralKind::Parameter,
            SyntaxKind::KEYWORD if token.text().eq_ignore_ascii_case("NULL") => LiteralKind::Null,
            SyntaxKind::KEYWORD if token.text().len() > 7 => LiteralKind::Time,
            SyntaxKind::KEYWORD => LiteralKind::Bool,
            _ => return None,
        })
    }

    /// The text of a string without quotes; `None` for the other kinds.
    pub fn string(&self) -> Option<SmolStr> {
        (self.kind()? == LiteralKind::String).then(|| unquote(&self.text()))
    }
}

/// The columns named directly in `node`, not in queries below it.
pub(crate) fn own_columns(node: &SyntaxNode) -> Vec<ColumnRef> {
    let mut out = Vec::new();
    let mut preorder = node.preorder();
    while let Some(event) = preorder.next() {
        if let rowan::WalkEvent::Enter(inner) = event {
            if &inner != node && SelectCore::view(inner.clone()).is_some() {
                preorder.skip_subtree();
            } else if let Some(column) = ColumnRef::cast(inner) {
                out.push(column);
            }
        }
    }
    out
}
