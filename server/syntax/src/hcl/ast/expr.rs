//! Expressions.

use text::TextRange;

use super::template::{Heredoc, Template};
use super::{AstNode, Ident, child, children, ident, node, split_at, token, tokens};
use crate::hcl::{SyntaxKind, SyntaxNode, SyntaxToken};

/// An expression of any form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Expr {
    Literal(Literal),
    Variable(Variable),
    Template(Template),
    Heredoc(Heredoc),
    Tuple(Tuple),
    Object(Object),
    Call(Call),
    Traversal(Traversal),
    Conditional(Conditional),
    Binary(Binary),
    Unary(Unary),
    Paren(Paren),
    ForTuple(ForTuple),
    ForObject(ForObject),
    TooDeep(TooDeep),
}

impl AstNode for Expr {
    fn cast(node: SyntaxNode) -> Option<Self> {
        Some(match node.kind() {
            SyntaxKind::Literal => Expr::Literal(Literal(node)),
            SyntaxKind::Variable => Expr::Variable(Variable(node)),
            SyntaxKind::Template => Expr::Template(Template(node)),
            SyntaxKind::Heredoc => Expr::Heredoc(Heredoc(node)),
            SyntaxKind::Tuple => Expr::Tuple(Tuple(node)),
            SyntaxKind::Object => Expr::Object(Object(node)),
            SyntaxKind::Call => Expr::Call(Call(node)),
            SyntaxKind::Traversal => Expr::Traversal(Traversal(node)),
            SyntaxKind::Conditional => Expr::Conditional(Conditional(node)),
            SyntaxKind::Binary => Expr::Binary(Binary(node)),
            SyntaxKind::Unary => Expr::Unary(Unary(node)),
            SyntaxKind::Paren => Expr::Paren(Paren(node)),
            SyntaxKind::ForTuple => Expr::ForTuple(ForTuple(node)),
            SyntaxKind::ForObject => Expr::ForObject(ForObject(node)),
            SyntaxKind::TooDeep => Expr::TooDeep(TooDeep(node)),
            _ => return None,
        })
    }

    fn syntax(&self) -> &SyntaxNode {
        match self {
            Expr::Literal(Literal(node))
            | Expr::Variable(Variable(node))
            | Expr::Template(Template(node))
            | Expr::Heredoc(Heredoc(node))
            | Expr::Tuple(Tuple(node))
            | Expr::Object(Object(node))
            | Expr::Call(Call(node))
            | Expr::Traversal(Traversal(node))
            | Expr::Conditional(Conditional(node))
            | Expr::Binary(Binary(node))
            | Expr::Unary(Unary(node))
            | Expr::Paren(Paren(node))
            | Expr::ForTuple(ForTuple(node))
            | Expr::ForObject(ForObject(node))
            | Expr::TooDeep(TooDeep(node)) => node,
        }
    }
}

impl Expr {
    /// The string this expression spells out, when it is a string or heredoc without interpolation.
    pub fn as_plain_string(&self) -> Option<String> {
        match self {
            Expr::Template(template) => template.as_plain_string(),
            Expr::Heredoc(heredoc) => heredoc.as_plain_string(),
            Expr::Paren(paren) => paren.expr()?.as_plain_string(),
            _ => None,
        }
    }
}

node! {
    /// A number, `true`, `false` or `null`.
    Literal = Literal
}

/// What a literal is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiteralKind {
    /// The digits as written: `1`, `1.5e3`.
    Number(String),
    Bool(bool),
    Null,
}

impl Literal {
    pub fn token(&self) -> Option<SyntaxToken> {
        self.0.first_token()
    }

    pub fn kind(&self) -> Option<LiteralKind> {
        let token = self.token()?;
        Some(match (token.kind(), token.text()) {
            (SyntaxKind::Number, digits) => LiteralKind::Number(digits.to_owned()),
            (_, "true") => LiteralKind::Bool(true),
            (_, "false") => LiteralKind::Bool(false),
            (_, "null") => LiteralKind::Null,
            _ => return None,
        })
    }
}

node! {
    /// A name that starts a reference or stands for itself.
    Variable = Variable
}

impl Variable {
    pub fn name(&self) -> Option<Ident> {
        ident(&self.0)
    }
}

node! {
    /// `[a, b]`
    Tuple = Tuple
}

impl Tuple {
    pub fn elements(&self) -> impl Iterator<Item = Expr> + use<> {
        children(&self.0)
    }

    pub fn open_bracket(&self) -> Option<SyntaxToken> {
        token(&self.0, SyntaxKind::LBracket)
    }

    pub fn close_bracket(&self) -> Option<SyntaxToken> {
        token(&self.0, SyntaxKind::RBracket)
    }
}

node! {
    /// `{ a = b }`
    Object = Object
}

node! {
    /// `a = b` or `a : b` in an object.
    ObjectItem = ObjectItem
}

impl Object {
    pub fn items(&self) -> impl Iterator<Item = ObjectItem> + use<> {
        children(&self.0)
    }

    pub fn open_brace(&self) -> Option<SyntaxToken> {
        token(&self.0, SyntaxKind::LBrace)
    }

    pub fn close_brace(&self) -> Option<SyntaxToken> {
        token(&self.0, SyntaxKind::RBrace)
    }
}

impl ObjectItem {
    /// The key as an expression. A lone name is the key itself, not a reference: see [`ObjectItem::key_name`].
    pub fn key(&self) -> Option<Expr> {
        split_at(&self.0, is_separator).0
    }

    /// The key, when it is a name or a plain string.
    pub fn key_name(&self) -> Option<String> {
        match self.key()? {
            Expr::Variable(variable) => Some(variable.name()?.text().to_owned()),
            // `true`, `null` and `1` are keys spelled like literals.
            Expr::Literal(literal) => Some(literal.token()?.text().to_owned()),
            Expr::Template(template) => template.as_plain_string(),
            _ => None,
        }
    }

    /// The `=` or `:`.
    pub fn separator(&self) -> Option<SyntaxToken> {
        tokens(&self.0).find(|token| is_separator(token.kind()))
    }

    pub fn value(&self) -> Option<Expr> {
        split_at(&self.0, is_separator).1
    }
}

fn is_separator(kind: SyntaxKind) -> bool {
    matches!(kind, SyntaxKind::Eq | SyntaxKind::Colon)
}

node! {
    /// `f(a, b...)`
    Call = Call
}

impl Call {
    /// The name without its namespaces.
    pub fn name(&self) -> Option<Ident> {
        tokens(&self.0).take_while(|token| token.kind() != SyntaxKind::LParen).filter_map(Ident::cast).last()
    }

    /// The name with its namespaces: `provider::aws::arn`.
    pub fn full_name(&self) -> String {
        tokens(&self.0)
            .take_while(|token| token.kind() != SyntaxKind::LParen)
            .filter(|token| !token.kind().is_trivia())
            .map(|token| token.text().to_owned())
            .collect()
    }

    /// The range of the name with its namespaces.
    pub fn name_range(&self) -> TextRange {
        let start = self.0.text_range().start();
        TextRange::new(start, self.name().map_or(start, |name| name.range().end()))
    }

    pub fn args(&self) -> impl Iterator<Item = Expr> + use<> {
        children(&self.0)
    }

    /// The `...` after the last argument.
    pub fn ellipsis(&self) -> Option<SyntaxToken> {
        token(&self.0, SyntaxKind::Ellipsis)
    }

    pub fn open_paren(&self) -> Option<SyntaxToken> {
        token(&self.0, SyntaxKind::LParen)
    }

    pub fn close_paren(&self) -> Option<SyntaxToken> {
        token(&self.0, SyntaxKind::RParen)
    }

    /// The commas between arguments, for finding the one a cursor is in.
    pub fn commas(&self) -> impl Iterator<Item = SyntaxToken> + use<> {
        tokens(&self.0).filter(|token| token.kind() == SyntaxKind::Comma)
    }
}

node! {
    /// An expression and its steps: `a.b[0].*.c`. The last step is empty while typed: `a.`.
    Traversal = Traversal
}

impl Traversal {
    /// What the steps start from.
    pub fn root(&self) -> Option<Expr> {
        child(&self.0)
    }

    pub fn steps(&self) -> impl Iterator<Item = Step> + use<> {
        children(&self.0)
    }
}

node! {
    /// One step of a traversal.
    Step = AttrStep | LegacyIndexStep | IndexStep | AttrSplatStep | FullSplatStep
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// `.name`; no name yet in `a.`.
    Attr(Option<Ident>),
    /// `.0`, and twice for `.0.1`, which is one token.
    LegacyIndex(Vec<String>),
    /// `[expr]`; no expression yet in `a[]`.
    Index(Option<Expr>),
    /// `.*`: the `.name` and `.0` steps after it apply to each element, an `[expr]` to the whole result.
    AttrSplat,
    /// `[*]`: all steps after it apply to each element.
    FullSplat,
}

impl Step {
    pub fn kind(&self) -> StepKind {
        match self.0.kind() {
            SyntaxKind::LegacyIndexStep => {
                let digits = token(&self.0, SyntaxKind::Number);
                StepKind::LegacyIndex(
                    digits.iter().flat_map(|digits| digits.text().split('.').map(str::to_owned)).collect(),
                )
            }
            SyntaxKind::IndexStep => StepKind::Index(child(&self.0)),
            SyntaxKind::AttrSplatStep => StepKind::AttrSplat,
            SyntaxKind::FullSplatStep => StepKind::FullSplat,
            _ => StepKind::Attr(ident(&self.0)),
        }
    }
}

node! {
    /// `a ? b : c`
    Conditional = Conditional
}

impl Conditional {
    pub fn condition(&self) -> Option<Expr> {
        split_at(&self.0, |kind| kind == SyntaxKind::Question).0
    }

    pub fn if_true(&self) -> Option<Expr> {
        let question = token(&self.0, SyntaxKind::Question)?.text_range().end();
        let colon = self.colon().map_or(self.range().end(), |colon| colon.text_range().start());
        children::<Expr>(&self.0).find(|expr| expr.range().start() >= question && expr.range().end() <= colon)
    }

    pub fn if_false(&self) -> Option<Expr> {
        let colon = self.colon()?.text_range().end();
        children::<Expr>(&self.0).find(|expr| expr.range().start() >= colon)
    }

    fn colon(&self) -> Option<SyntaxToken> {
        token(&self.0, SyntaxKind::Colon)
    }
}

node! {
    /// `a + b - c`: operators of one precedence, to be applied from the left.
    Binary = Binary
}

impl Binary {
    /// The leftmost operand.
    pub fn first(&self) -> Option<Expr> {
        child(&self.0)
    }

    /// Each operator with the operand to its right.
    pub fn rest(&self) -> Vec<(SyntaxToken, Option<Expr>)> {
        let mut rest: Vec<(SyntaxToken, Option<Expr>)> = Vec::new();
        for element in self.0.children_with_tokens() {
            match element {
                rowan::NodeOrToken::Token(token) if !token.kind().is_trivia() => rest.push((token, None)),
                rowan::NodeOrToken::Node(node) => {
                    if let Some((_, operand)) = rest.last_mut() {
                        *operand = operand.take().or_else(|| Expr::cast(node));
                    }
                }
                rowan::NodeOrToken::Token(_) => {}
            }
        }
        rest
    }
}

node! {
    /// `-a`, `!a`
    Unary = Unary
}

impl Unary {
    pub fn operator(&self) -> Option<SyntaxToken> {
        self.0.first_token()
    }

    pub fn operand(&self) -> Option<Expr> {
        child(&self.0)
    }
}

node! {
    /// `(a)`
    Paren = Paren
}

impl Paren {
    pub fn expr(&self) -> Option<Expr> {
        child(&self.0)
    }
}

node! {
    /// `[for v in c : e if p]`
    ForTuple = ForTuple
}

node! {
    /// `{for k, v in c : e => e... if p}`
    ForObject = ForObject
}

/// What both forms of `for` have.
macro_rules! for_parts {
    ($name:ident) => {
        impl $name {
            /// The names before `in`: the value, or the key and the value.
            pub fn names(&self) -> Vec<Ident> {
                let intro = self.0.children().find(|node| node.kind() == SyntaxKind::ForIntro);
                intro.map(|intro| for_names(&intro)).unwrap_or_default()
            }

            /// What is iterated.
            pub fn collection(&self) -> Option<Expr> {
                child(&self.0.children().find(|node| node.kind() == SyntaxKind::ForIntro)?)
            }

            /// What follows `if`.
            pub fn condition(&self) -> Option<Expr> {
                child(&self.0.children().find(|node| node.kind() == SyntaxKind::ForCond)?)
            }
        }
    };
}
for_parts!(ForTuple);
for_parts!(ForObject);

/// The names a `for` declares; `in` ends them.
pub(super) fn for_names(node: &SyntaxNode) -> Vec<Ident> {
    tokens(node)
        .filter_map(Ident::cast)
        .skip_while(|name| name.text() == "for")
        .take_while(|name| name.text() != "in")
        .collect()
}

impl ForTuple {
    pub fn value(&self) -> Option<Expr> {
        child(&self.0)
    }
}

impl ForObject {
    pub fn key(&self) -> Option<Expr> {
        split_at(&self.0, |kind| kind == SyntaxKind::FatArrow).0
    }

    pub fn value(&self) -> Option<Expr> {
        split_at(&self.0, |kind| kind == SyntaxKind::FatArrow).1
    }

    /// The `...` that groups values of equal keys.
    pub fn ellipsis(&self) -> Option<SyntaxToken> {
        token(&self.0, SyntaxKind::Ellipsis)
    }
}

node! {
    /// An expression nested deeper than we follow.
    TooDeep = TooDeep
}
