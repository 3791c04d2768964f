//! A file as a list of pieces, each parsed once per text.
//!
//! Not one tree: a piece's tree starts at zero and is placed by the file. Invariant: the pieces' texts, one after
//! another, are the text of the file; a file parsed after another equals the same file parsed alone.

use std::sync::{Arc, OnceLock};

use rowan::GreenNode;
use rustc_hash::FxHashMap;
use text::{Diagnostic, Text, TextRange, TextSize};

use crate::hcl::ast::{AstNode, Body};
use crate::hcl::{SyntaxNode, parser, split};

/// The content of a piece, as a key: equal texts have equal ids, in every file and run of one build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PieceId(pub u128);

/// A stretch of a file, mostly one top-level block or attribute with the comments and blank lines before it.
#[derive(Debug)]
pub struct Piece {
    id: PieceId,
    text: Box<str>,
    parsed: OnceLock<Parsed>,
}

/// The tree of a piece and what is wrong with it, both from zero.
#[derive(Debug)]
pub(in crate::hcl) struct Parsed {
    pub green: GreenNode,
    pub errors: Box<[Diagnostic]>,
}

/// A piece and where it starts in its file.
#[derive(Clone, Debug)]
pub struct Placed {
    pub start: TextSize,
    pub piece: Arc<Piece>,
}

/// The pieces of one version of a file. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct File {
    pieces: Arc<[Placed]>,
    len: TextSize,
}

impl Piece {
    fn new(text: &str) -> Self {
        Self { id: id(text), text: text.into(), parsed: OnceLock::new() }
    }

    /// The same for equal texts; a key for caches.
    pub fn id(&self) -> PieceId {
        self.id
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn text_len(&self) -> TextSize {
        TextSize::of(&*self.text)
    }

    /// The tree, rooted at offset zero. Parses on first use; cheap after.
    pub fn syntax(&self) -> SyntaxNode {
        SyntaxNode::new_root(self.parsed().green.clone())
    }

    /// The items of the piece.
    pub fn body(&self) -> Option<Body> {
        Body::cast(self.syntax())
    }

    /// What is wrong, with offsets from the start of the piece.
    pub fn errors(&self) -> &[Diagnostic] {
        &self.parsed().errors
    }

    fn parsed(&self) -> &Parsed {
        self.parsed.get_or_init(|| parser::parse(&self.text))
    }
}

impl Placed {
    /// Where the piece is in its file.
    pub fn range(&self) -> TextRange {
        TextRange::at(self.start, self.piece.text_len())
    }
}

impl File {
    /// Splits `text` into pieces, taking those `previous` already has.
    ///
    /// Costs one fast pass over the text; trees are made on first use.
    pub fn parse(text: &Text, previous: Option<&File>) -> File {
        let source = text.slice(text.range());
        let mut texts = Vec::new();
        let mut start = 0;
        for end in split::ends(&source) {
            texts.push(&source[start..end]);
            start = end;
        }
        let mut start = TextSize::new(0);
        let place = |piece: Arc<Piece>| {
            let placed = Placed { start, piece };
            start = placed.range().end();
            placed
        };
        let pieces: Vec<Placed> =
            share(&texts, previous.map_or(&[], File::pieces)).into_iter().map(place).collect();
        File { pieces: pieces.into(), len: text.len() }
    }

    /// The file of `text`, nothing shared.
    pub fn of(text: &str) -> File {
        Self::parse(&Text::new(text), None)
    }

    /// The pieces in order.
    pub fn pieces(&self) -> &[Placed] {
        &self.pieces
    }

    /// The piece that holds the character after `offset`; the last one at the end of the file.
    pub fn piece_at(&self, offset: TextSize) -> Option<&Placed> {
        let after = self.pieces.partition_point(|placed| placed.start <= offset);
        self.pieces.get(after.checked_sub(1)?)
    }

    /// What is wrong, in order, with offsets in the file.
    pub fn errors(&self) -> Vec<Diagnostic> {
        let placed = |placed: &Placed| {
            let start = placed.start;
            placed.piece.errors().iter().map(move |error| error.clone().shifted(start)).collect::<Vec<_>>()
        };
        self.pieces.iter().flat_map(placed).collect()
    }

    pub fn text_len(&self) -> TextSize {
        self.len
    }
}

/// The piece of each of `texts`, taken from `previous` where it has one: from both ends in place, between by content.
fn share(texts: &[&str], previous: &[Placed]) -> Vec<Arc<Piece>> {
    let equal = |(placed, text): &(&Placed, &&str)| placed.piece.text() == **text;
    let prefix = previous.iter().zip(texts).take_while(equal).count();
    let suffix = previous[prefix..].iter().rev().zip(texts[prefix..].iter().rev()).take_while(equal).count();
    let between: FxHashMap<&str, &Arc<Piece>> = previous[prefix..previous.len() - suffix]
        .iter()
        .map(|placed| (placed.piece.text(), &placed.piece))
        .collect();
    let changed = texts[prefix..texts.len() - suffix]
        .iter()
        .map(|&text| between.get(text).map_or_else(|| Arc::new(Piece::new(text)), |&piece| piece.clone()));
    let kept = |placed: &Placed| placed.piece.clone();
    let (head, tail) = (&previous[..prefix], &previous[previous.len() - suffix..]);
    head.iter().map(kept).chain(changed).chain(tail.iter().map(kept)).collect()
}

/// A 128-bit hash in the manner of FNV-1a, eight bytes at a time: long enough that equal ids mean equal texts.
fn id(text: &str) -> PieceId {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    const START: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    let mut hash = START ^ text.len() as u128;
    for chunk in text.as_bytes().chunks(8) {
        let word = chunk.iter().rev().fold(0u64, |word, &byte| word << 8 | u64::from(byte));
        hash = (hash ^ u128::from(word)).wrapping_mul(PRIME);
        // Multiplication only carries upwards; bring what is high back down.
        hash ^= hash >> 67;
    }
    PieceId(hash)
}
