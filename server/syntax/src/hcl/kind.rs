//! The kinds of tokens and nodes of an HCL tree, and the rowan types over them.
//!
//! Not the grammar: which node holds which is in `parser`. Invariant: every kind before [`SyntaxKind::Root`] is a
//! token, every kind from it on is a node.

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident,)*) => {
        /// What a token or node of an HCL tree is.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u16)]
        pub enum SyntaxKind { $($(#[$doc])* $kind,)* }

        const ALL: &[SyntaxKind] = &[$(SyntaxKind::$kind,)*];
    };
}

kinds! {
    // Trivia.
    /// The byte order mark at the start of a file.
    Bom,
    /// Spaces and tabs.
    Whitespace,
    /// `\n` or `\r\n`.
    Newline,
    /// `# …` or `// …`, without its line break.
    LineComment,
    /// `/* … */`.
    BlockComment,

    // Words.
    Ident,
    Number,

    // Strings and templates.
    /// The `"` that opens a string.
    OpenQuote,
    /// The `"` that closes a string.
    CloseQuote,
    /// `<<TAG` or `<<-TAG`, without its line break.
    HeredocBegin,
    /// The closing tag, without the spaces before it.
    HeredocEnd,
    /// The spaces that open a line of a `<<-` heredoc, or stand before a closing tag.
    HeredocIndent,
    /// Literal text in a string or heredoc. In a heredoc it never spans a line break but may end with one.
    Chunk,
    /// `\n`, `\"`, `\u00e9`, `$${`, `%%{`.
    Escape,
    /// `${` or `${~`.
    InterpolationOpen,
    /// `%{` or `%{~`.
    DirectiveOpen,
    /// `}` or `~}` that closes `${` or `%{`.
    TemplateClose,

    // Brackets.
    LBrace,
    RBrace,
    LBracket,
    RBracket,
    LParen,
    RParen,

    // Operators.
    Eq,
    EqEq,
    BangEq,
    Lt,
    LtEq,
    Gt,
    GtEq,
    AndAnd,
    OrOr,
    Bang,
    Plus,
    Minus,
    Star,
    Slash,
    Percent,
    Question,
    Colon,
    ColonColon,
    Comma,
    Dot,
    Ellipsis,
    FatArrow,

    /// Bytes no token starts with.
    Unknown,
    /// Not in trees: what the parser sees behind the last token.
    Eof,

    // Nodes.
    /// The items of one piece of a file.
    Root,
    /// What is between the braces of a block.
    Body,
    /// `name = expr`
    Attribute,
    /// `type "label" { … }`
    Block,
    /// One label of a block: an identifier or a string.
    Label,
    /// A word in a body that is not an attribute or block yet.
    Incomplete,
    /// Tokens that fit nowhere.
    Error,
    /// Text nested deeper than we follow; never looked into.
    TooDeep,

    // Expressions.
    /// A number, `true`, `false` or `null`.
    Literal,
    /// A name that starts a reference.
    Variable,
    /// `"…"`
    Template,
    /// `<<TAG … TAG`
    Heredoc,
    /// `[a, b]`
    Tuple,
    /// `{ a = b }`
    Object,
    /// `a = b` or `a : b` in an object.
    ObjectItem,
    /// `f(a, b...)`
    Call,
    /// An expression and its steps: `a.b[0].*.c`
    Traversal,
    /// `.name`; the name is missing while typed.
    AttrStep,
    /// `.0`
    LegacyIndexStep,
    /// `[expr]`
    IndexStep,
    /// `.*`
    AttrSplatStep,
    /// `[*]`
    FullSplatStep,
    /// `a ? b : c`
    Conditional,
    /// `a + b - c`: operators of one precedence, flat.
    Binary,
    /// `-a`, `!a`
    Unary,
    /// `(a)`
    Paren,
    /// `[for v in c : e if p]`
    ForTuple,
    /// `{for k, v in c : e => e... if p}`
    ForObject,
    /// `for k, v in c :`
    ForIntro,
    /// `if p`
    ForCond,

    // Templates.
    /// `${ expr }`
    Interpolation,
    /// `%{ if c } … %{ else } … %{ endif }`
    TemplateIf,
    /// `%{ for v in c } … %{ endfor }`
    TemplateFor,
    /// One `%{ … }`.
    Directive,
    /// The parts between two directives.
    TemplateBody,
}

impl SyntaxKind {
    /// Whether this is white space or a comment; a line break too, which is not trivia everywhere.
    pub fn is_trivia(self) -> bool {
        self <= SyntaxKind::BlockComment
    }

    /// Whether this is a comment.
    pub fn is_comment(self) -> bool {
        matches!(self, SyntaxKind::LineComment | SyntaxKind::BlockComment)
    }

    /// Whether a node of this kind is an expression.
    pub fn is_expr(self) -> bool {
        use SyntaxKind::*;
        matches!(
            self,
            Literal
                | Variable
                | Template
                | Heredoc
                | Tuple
                | Object
                | Call
                | Traversal
                | Conditional
                | Binary
                | Unary
                | Paren
                | ForTuple
                | ForObject
                | TooDeep
        )
    }
}

/// HCL for rowan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {}

impl rowan::Language for Language {
    type Kind = SyntaxKind;

    fn kind_from_raw(raw: rowan::SyntaxKind) -> SyntaxKind {
        ALL.get(raw.0 as usize).copied().unwrap_or(SyntaxKind::Error)
    }

    fn kind_to_raw(kind: SyntaxKind) -> rowan::SyntaxKind {
        rowan::SyntaxKind(kind as u16)
    }
}

/// A node of an HCL tree.
pub type SyntaxNode = rowan::SyntaxNode<Language>;
/// A token of an HCL tree.
pub type SyntaxToken = rowan::SyntaxToken<Language>;
/// A node or a token of an HCL tree.
pub type SyntaxElement = rowan::SyntaxElement<Language>;
