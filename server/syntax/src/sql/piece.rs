//! One statement of a file: parsed once, shared by every file and revision that holds the same text.
//!
//! Knows nothing of where it stands; every range in it is relative to its own start.

use rowan::GreenNode;
use text::{Diagnostic, TextLen, TextRange, TextSize};

use crate::sql::ast::Statement;
use crate::sql::comments::{self, Comment, Directive};
use crate::sql::grammar::{Features, Grammar};
use crate::sql::kind::SyntaxNode;
use crate::sql::parser;
use crate::sql::split::CutKind;

/// What a piece's tree is made from, as a number: equal identities mean equal pieces, across files and revisions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PieceId(u128);

/// What a piece does, roughly.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PieceKind {
    /// `CREATE`, `ALTER`, `DROP`.
    Ddl,
    /// `SELECT`, `VALUES`, `WITH … SELECT`.
    Query,
    /// `INSERT`, `UPDATE`, `DELETE`.
    Dml,
    Pragma,
    Transaction,
    /// `ATTACH`, `VACUUM`, `EXPLAIN`, …
    Utility,
    /// Nothing is known about it.
    Opaque,
    /// White space, comments, a lone delimiter.
    Empty,
    /// A line for the client: `DELIMITER //`, `-- atlas:delimiter`.
    Directive,
}

/// A statement with the comments before it and its delimiter, or what stands where no statement is.
#[derive(Debug)]
pub struct Piece {
    id: PieceId,
    kind: PieceKind,
    text: Box<str>,
    green: GreenNode,
    errors: Vec<Diagnostic>,
    comments: Vec<Comment>,
    start: TextSize,
    delimiter: TextRange,
    has_opaque: bool,
    skipped: bool,
}

/// Where the parts of a piece are, as the splitter found them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub kind: CutKind,
    pub start: usize,
    pub delimiter_start: usize,
    pub delimiter_end: usize,
}

impl Piece {
    pub(crate) fn parse(id: PieceId, text: &str, shape: Shape, grammar: &'static Grammar) -> Piece {
        let parsed = parser::parse(text, shape, grammar);
        let root = SyntaxNode::new_root(parsed.green.clone());
        let statement = root.children().find_map(Statement::cast);
        let kind = match shape.kind {
            CutKind::Client => PieceKind::Directive,
            CutKind::Trivia => PieceKind::Empty,
            CutKind::Statement => statement.as_ref().map_or(PieceKind::Empty, kind_of),
        };
        Piece {
            id,
            kind,
            text: text.into(),
            green: parsed.green,
            errors: parsed.errors,
            comments: comments::leading(text, shape.start, grammar),
            start: size(shape.start),
            delimiter: TextRange::new(size(shape.delimiter_start), size(shape.delimiter_end)),
            has_opaque: parsed.has_opaque,
            skipped: !grammar.has(Features::DEEP),
        }
    }

    /// The identity of its content under its grammar. Places and neighbours are no part of it.
    pub fn id(&self) -> PieceId {
        self.id
    }

    pub fn kind(&self) -> PieceKind {
        self.kind
    }

    /// All of it, leading comments and delimiter included.
    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn len(&self) -> TextSize {
        self.text.text_len()
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The tree, whose root is a [`SyntaxKind::PIECE`] at offset 0.
    pub fn syntax(&self) -> SyntaxNode {
        SyntaxNode::new_root(self.green.clone())
    }

    /// Syntax errors, relative.
    pub fn errors(&self) -> &[Diagnostic] {
        &self.errors
    }

    /// The statement; `None` for white space, client commands and lone delimiters.
    pub fn statement(&self) -> Option<Statement> {
        self.syntax().children().find_map(Statement::cast)
    }

    /// Where the statement stands, without comments before it and its delimiter.
    pub fn statement_range(&self) -> TextRange {
        let end = self
            .text
            .get(usize::from(self.start)..usize::from(self.delimiter.start()).max(usize::from(self.start)));
        let len = end.unwrap_or_default().trim_end().text_len();
        TextRange::at(self.start, len)
    }

    /// The statement as it is sent to a server: without comments before it and its delimiter.
    pub fn statement_text(&self) -> &str {
        let range = self.statement_range();
        self.text.get(usize::from(range.start())..usize::from(range.end())).unwrap_or_default()
    }

    /// `;` or the delimiter in force; empty when there is none.
    pub fn delimiter(&self) -> TextRange {
        self.delimiter
    }

    /// The comments before the statement.
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }

    /// The directives about the statement: those in comments no blank line parts from it.
    pub fn directives(&self) -> impl Iterator<Item = &Directive> {
        self.comments
            .iter()
            .filter(|comment| comment.attached)
            .filter_map(|comment| comment.directive.as_ref())
    }

    /// Whether the grammar knew every part of the statement.
    pub fn is_fully_analysed(&self) -> bool {
        !self.has_opaque && !self.skipped
    }

    /// Whether statements of this grammar are not parsed at all.
    pub fn is_skipped(&self) -> bool {
        self.skipped
    }
}

fn kind_of(statement: &Statement) -> PieceKind {
    match statement {
        Statement::CreateTable(_)
        | Statement::CreateIndex(_)
        | Statement::CreateView(_)
        | Statement::CreateTrigger(_)
        | Statement::CreateVirtualTable(_)
        | Statement::AlterTable(_)
        | Statement::Drop(_)
        | Statement::CreateObject(_)
        | Statement::AlterObject(_)
        | Statement::DropObject(_)
        | Statement::CommentOn(_)
        | Statement::RenameTables(_)
        | Statement::Grant(_) => PieceKind::Ddl,
        Statement::Query(_) => PieceKind::Query,
        Statement::Insert(_) | Statement::Update(_) | Statement::Delete(_) => PieceKind::Dml,
        Statement::Pragma(_) => PieceKind::Pragma,
        Statement::Transaction(_) => PieceKind::Transaction,
        Statement::Attach(_)
        | Statement::Detach(_)
        | Statement::Reindex(_)
        | Statement::Vacuum(_)
        | Statement::Analyze(_)
        | Statement::Explain(_)
        | Statement::SetOption(_)
        | Statement::Copy(_)
        | Statement::Use(_)
        | Statement::Command(_) => PieceKind::Utility,
        Statement::Opaque(_) => PieceKind::Opaque,
    }
}

impl PieceId {
    /// The number itself, to be made part of another.
    pub fn number(self) -> u128 {
        self.0
    }

    /// A 128-bit hash, not made to withstand an attacker: callers that must be sure compare texts too.
    pub(crate) fn of(text: &str, shape: Shape, grammar: &Grammar) -> PieceId {
        let mut hash = Hash { a: 0x9e37_79b9_7f4a_7c15, b: 0xd6e8_feb8_6659_fd93 };
        hash.bytes(grammar.name.as_bytes());
        hash.word(shape.kind as u64);
        hash.word(shape.delimiter_start as u64);
        hash.bytes(text.as_bytes());
        PieceId((u128::from(hash.a) << 64) | u128::from(hash.b))
    }
}

/// Two lanes of multiply-and-fold.
struct Hash {
    a: u64,
    b: u64,
}

impl Hash {
    fn word(&mut self, word: u64) {
        self.a = fold(self.a ^ word, 0xa076_1d64_78bd_642f);
        self.b = fold(self.b.rotate_left(23) ^ word, 0xe703_7ed1_a0b4_28db).wrapping_add(self.a);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            let mut word = [0; 8];
            word.copy_from_slice(chunk);
            self.word(u64::from_le_bytes(word));
        }
        let mut word = [0; 8];
        word[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
        self.word(u64::from_le_bytes(word));
        self.word(bytes.len() as u64);
    }
}

fn fold(a: u64, b: u64) -> u64 {
    let wide = u128::from(a ^ 0x1234_5678_9abc_def1) * u128::from(b);
    (wide as u64) ^ ((wide >> 64) as u64)
}

fn size(bytes: usize) -> TextSize {
    TextSize::new(u32::try_from(bytes).unwrap_or(u32::MAX))
}
