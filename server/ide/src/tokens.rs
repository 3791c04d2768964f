//! Semantic tokens: what each word of a file is, beyond what a grammar of regular expressions can tell.
//!
//! Told from the trees alone, piece by piece, so that a range costs only the pieces it touches. Only types of the LSP
//! standard are used, so that every theme has colours for them. Invariant: tokens are sorted, do not overlap, are not
//! empty, and none spans a line break.

mod hcl;
mod sql;

use project::{Parsed, Snapshot};
use text::{FileId, TextRange, TextSize};

use crate::trees;

/// A word and what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub range: TextRange,
    pub kind: TokenKind,
    pub modifiers: Modifiers,
}

/// The standard type of a token. The order is that of [`TokenKind::ALL`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// A schema, an env.
    Namespace,
    /// The type of a column.
    Type,
    /// A table or view.
    Class,
    /// A word out of a closed list: `CASCADE`.
    EnumMember,
    /// A column, an attribute.
    Property,
    /// A local, an alias, an index, anything else that has a name.
    Variable,
    /// An input variable, a placeholder.
    Parameter,
    Function,
    Keyword,
    String,
    Number,
    Operator,
    Comment,
}

impl TokenKind {
    /// All, with their names in the protocol; a token type's number is its place here.
    pub const ALL: &[(TokenKind, &str)] = &[
        (TokenKind::Namespace, "namespace"),
        (TokenKind::Type, "type"),
        (TokenKind::Class, "class"),
        (TokenKind::EnumMember, "enumMember"),
        (TokenKind::Property, "property"),
        (TokenKind::Variable, "variable"),
        (TokenKind::Parameter, "parameter"),
        (TokenKind::Function, "function"),
        (TokenKind::Keyword, "keyword"),
        (TokenKind::String, "string"),
        (TokenKind::Number, "number"),
        (TokenKind::Operator, "operator"),
        (TokenKind::Comment, "comment"),
    ];

    /// The name in the protocol.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(kind, _)| *kind == self).map_or("variable", |(_, name)| name)
    }
}

/// What more is true of a token: a set of bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Modifiers(pub u32);

impl Modifiers {
    pub const NONE: Modifiers = Modifiers(0);
    /// It is defined here.
    pub const DECLARATION: Modifiers = Modifiers(1);
    pub const READONLY: Modifiers = Modifiers(1 << 1);
    /// It is part of the language, not of the project.
    pub const DEFAULT_LIBRARY: Modifiers = Modifiers(1 << 2);
    pub const DEPRECATED: Modifiers = Modifiers(1 << 3);

    /// The names in the protocol; a modifier's bit is its place here.
    pub const ALL: &[&str] = &["declaration", "readonly", "defaultLibrary", "deprecated"];

    /// The names of the bits that are set.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().enumerate().filter(move |(bit, _)| self.0 & (1 << bit) != 0).map(|(_, name)| *name)
    }
}

/// The tokens of `file`, or only those that touch `range`.
pub fn tokens(snapshot: &Snapshot, file: FileId, range: Option<TextRange>) -> Vec<Token> {
    let (Some(tree), Some(text)) = (trees::tree(snapshot, file), snapshot.text(file)) else {
        return Vec::new();
    };
    let range = range.unwrap_or(text.range());
    let touches = |piece: TextRange| piece.start() <= range.end() && range.start() <= piece.end();
    let mut out = Sink { tokens: Vec::new() };
    match &tree {
        Parsed::Hcl(tree) => {
            for placed in tree.pieces().iter().filter(|placed| touches(placed.range())) {
                hcl::piece(snapshot, file, placed, &mut out);
            }
        }
        Parsed::Sql(tree) => {
            for placed in tree.pieces().iter().filter(|placed| touches(placed.range())) {
                sql::piece(&placed.piece.syntax().green(), placed.start, &mut out);
            }
        }
    }
    let mut tokens = out.tokens;
    tokens.retain(|token| touches(token.range));
    tokens
}

/// Takes the tokens of one language.
trait Take {
    /// Takes `text`, which stands at `start` of the piece or string.
    fn take(&mut self, start: TextSize, text: &str, kind: TokenKind, modifiers: Modifiers);
}

/// Takes tokens at their place in the file.
struct Sink {
    tokens: Vec<Token>,
}

impl Sink {
    /// Adds a token, cut into one for each line it spans.
    fn add(&mut self, start: TextSize, text: &str, kind: TokenKind, modifiers: Modifiers) {
        if !text.contains(['\n', '\r']) {
            return self.push(start, text, kind, modifiers);
        }
        let mut at = start;
        for line in text.split_inclusive('\n') {
            let shown = line.trim_end_matches(['\n', '\r']);
            let blank = shown.len() - shown.trim_start().len();
            self.push(at + TextSize::of(&shown[..blank]), &shown[blank..], kind, modifiers);
            at += TextSize::of(line);
        }
    }

    fn push(&mut self, start: TextSize, text: &str, kind: TokenKind, modifiers: Modifiers) {
        // A string is quotes and content in the tree, one token to the editor.
        if let Some(last) = self.tokens.last_mut()
            && last.range.end() == start
            && (last.kind, last.modifiers) == (kind, modifiers)
        {
            last.range = TextRange::new(last.range.start(), start + TextSize::of(text));
            return;
        }
        if !text.is_empty() {
            self.tokens.push(Token { range: TextRange::at(start, TextSize::of(text)), kind, modifiers });
        }
    }
}

/// A sink for a piece that starts at `base`.
struct At<'a> {
    base: TextSize,
    sink: &'a mut Sink,
}

impl Take for At<'_> {
    fn take(&mut self, start: TextSize, text: &str, kind: TokenKind, modifiers: Modifiers) {
        self.sink.add(start + self.base, text, kind, modifiers);
    }
}

#[cfg(test)]
mod tests;
