//! A file as a list of pieces, made anew from a text and, for speed only, from the file it was before.
//!
//! Invariant: `File::parse(text, grammar, previous)` has the same pieces whatever `previous` is.

use std::sync::Arc;

use rustc_hash::FxHashMap;
use text::{Diagnostic, Text, TextRange, TextSize};

use crate::sql::comments::{self, Directive};
use crate::sql::grammar::Grammar;
use crate::sql::piece::{Piece, PieceId, PieceKind, Shape};
use crate::sql::split::{self, State};

/// The statements of a file.
#[derive(Clone, Debug)]
pub struct File {
    grammar: &'static Grammar,
    text: Text,
    pieces: Arc<[Placed]>,
    directives: Arc<[Directive]>,
    coverage: Coverage,
}

/// A piece and where it starts in its file.
#[derive(Clone, Debug)]
pub struct Placed {
    pub start: TextSize,
    pub piece: Arc<Piece>,
    /// How many bytes from `start` decided where the piece ends.
    examined: usize,
    /// The splitter's memory at `start`.
    state: State,
}

impl Placed {
    /// Where it stands in the file, comments and delimiter included.
    pub fn range(&self) -> TextRange {
        TextRange::at(self.start, self.piece.len())
    }

    /// Where the statement stands in the file.
    pub fn statement_range(&self) -> TextRange {
        self.piece.statement_range() + self.start
    }
}

/// How much of a file was understood, in statements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Coverage {
    /// Every part is known.
    pub analysed: usize,
    /// Something in it is not known to the grammar.
    pub opaque: usize,
    /// The dialect's statements are not parsed at all.
    pub skipped: usize,
}

impl std::ops::Add for Coverage {
    type Output = Coverage;

    fn add(self, other: Coverage) -> Coverage {
        Coverage {
            analysed: self.analysed + other.analysed,
            opaque: self.opaque + other.opaque,
            skipped: self.skipped + other.skipped,
        }
    }
}

/// How much text the splitter gets at first; doubled while a statement does not fit.
const WINDOW: usize = 32 * 1024;

impl File {
    /// The pieces of `text`. Those `previous` has already are shared with it; it may be any file at all.
    pub fn parse(text: &Text, grammar: &'static Grammar, previous: Option<&File>) -> File {
        let previous = previous.filter(|file| std::ptr::eq(file.grammar, grammar));
        let pieces = Builder::new(text, grammar, previous).run();
        let directives = match pieces.first() {
            Some(first) => comments::header(first.piece.text(), pieces.len() == 1),
            None => Vec::new(),
        };
        let coverage = coverage(&pieces);
        File { grammar, text: text.clone(), pieces: pieces.into(), directives: directives.into(), coverage }
    }

    pub fn grammar(&self) -> &'static Grammar {
        self.grammar
    }

    pub fn text(&self) -> &Text {
        &self.text
    }

    /// Every piece, in order and without gaps.
    pub fn pieces(&self) -> &[Placed] {
        &self.pieces
    }

    /// The piece `offset` stands in or at the end of. Between two pieces it is the first, when that has no delimiter.
    pub fn piece_at(&self, offset: TextSize) -> Option<&Placed> {
        let after = self.pieces.partition_point(|placed| placed.start <= offset);
        let index = after.checked_sub(1)?;
        let placed = self.pieces.get(index)?;
        if placed.start == offset
            && let Some(before) = index.checked_sub(1).and_then(|index| self.pieces.get(index))
            && before.piece.kind() != PieceKind::Directive
            && before.piece.delimiter().is_empty()
        {
            return Some(before);
        }
        Some(placed)
    }

    /// The directives at the head of the file.
    pub fn directives(&self) -> &[Directive] {
        &self.directives
    }

    pub fn coverage(&self) -> Coverage {
        self.coverage
    }

    /// Every syntax error, placed in the file.
    pub fn errors(&self) -> Vec<Diagnostic> {
        let mut out = Vec::new();
        for (index, placed) in self.pieces.iter().enumerate() {
            let piece = &placed.piece;
            out.extend(piece.errors().iter().map(|error| error.clone().shifted(placed.start)));
            let ended = !piece.delimiter().is_empty()
                || matches!(piece.kind(), PieceKind::Empty | PieceKind::Directive)
                || !piece.errors().is_empty();
            let next = self.pieces.get(index + 1).map(|next| next.piece.kind());
            if !ended && next.is_some_and(|kind| !matches!(kind, PieceKind::Empty | PieceKind::Directive)) {
                let end = placed.statement_range().end();
                let range = TextRange::new(end - last_char(piece.statement_text()), end);
                out.push(
                    Diagnostic::error(range, "sql-missing-delimiter", "`;` is missing behind the statement")
                        .with_fix("Insert `;`", TextRange::empty(end), ";"),
                );
            }
        }
        out
    }
}

fn last_char(text: &str) -> TextSize {
    text.chars().next_back().map_or(TextSize::new(0), TextSize::of)
}

fn coverage(pieces: &[Placed]) -> Coverage {
    let mut out = Coverage::default();
    for placed in pieces {
        match placed.piece.kind() {
            PieceKind::Empty | PieceKind::Directive => {}
            _ if placed.piece.is_skipped() => out.skipped += 1,
            _ if placed.piece.is_fully_analysed() => out.analysed += 1,
            _ => out.opaque += 1,
        }
    }
    out
}

/// Makes the list of pieces.
struct Builder<'a> {
    text: &'a Text,
    len: usize,
    grammar: &'static Grammar,
    old: &'a [Placed],
    /// How many bytes at the start, and then at the end, are as before.
    prefix: usize,
    suffix: usize,
    old_len: usize,
    /// The old pieces by content; filled when first asked.
    known: Option<FxHashMap<PieceId, Arc<Piece>>>,
    /// A copy of the text from `window_start` on.
    window: String,
    window_start: usize,
    out: Vec<Placed>,
}

impl<'a> Builder<'a> {
    fn new(text: &'a Text, grammar: &'static Grammar, previous: Option<&'a File>) -> Self {
        let len = usize::from(text.len());
        let (old, old_len, prefix, suffix) = match previous {
            Some(file) => {
                let prefix = common_prefix(&file.text, text);
                let old_len = usize::from(file.text.len());
                let suffix = common_suffix(&file.text, text, old_len.min(len) - prefix);
                (&*file.pieces, old_len, prefix, suffix)
            }
            None => (&[][..], 0, 0, 0),
        };
        Self {
            text,
            len,
            grammar,
            old,
            prefix,
            suffix,
            old_len,
            known: None,
            window: String::new(),
            window_start: 0,
            out: Vec::with_capacity(old.len() + 1),
        }
    }

    fn run(mut self) -> Vec<Placed> {
        let mut at = 0;
        let mut state = State::default();
        // The first old piece that does not start before `at`, in the unchanged head and tail.
        let mut head = 0;
        let mut tail = self.old.partition_point(|old| usize::from(old.start) < self.old_len - self.suffix);
        while at < self.len {
            while self.old.get(head).is_some_and(|old| usize::from(old.start) < at) {
                head += 1;
            }
            if let Some(old) = self.old.get(head)
                && usize::from(old.start) == at
                && at.saturating_add(old.examined) <= self.prefix
                && old.state == state
            {
                at += usize::from(old.piece.len());
                self.out.push(old.clone());
                state = self.state_after(head, &state);
                continue;
            }
            let in_tail = |old: &Placed| usize::from(old.start) + self.len - self.old_len;
            while self.old.get(tail).is_some_and(|old| in_tail(old) < at) {
                tail += 1;
            }
            if let Some(old) = self.old.get(tail)
                && in_tail(old) == at
                && old.state == state
                && (at == 0) == (usize::from(old.start) == 0)
            {
                for old in &self.old[tail..] {
                    let start = size(in_tail(old));
                    self.out.push(Placed { start, ..old.clone() });
                }
                break;
            }
            let (len, next) = self.cut(at, &state);
            at += len;
            state = next;
        }
        self.out
    }

    /// The state behind the old piece `index`, before which it was `before`.
    fn state_after(&self, index: usize, before: &State) -> State {
        match self.old.get(index + 1) {
            Some(next) => next.state.clone(),
            // The last piece: nothing follows that could be cut with another state.
            None => before.clone(),
        }
    }

    /// Cuts and parses the piece at `at`; its length and the state behind it.
    fn cut(&mut self, at: usize, state: &State) -> (usize, State) {
        let mut want = WINDOW;
        loop {
            let complete = self.fill(at, want);
            let text = self.window.get(at - self.window_start..).unwrap_or_default();
            match split::cut(text, complete, at == 0, state, self.grammar, crate::sql::lexer::Mode::Typing) {
                Some(cut) => {
                    let len = cut.len.clamp(1, text.len().max(1));
                    let piece_text = text.get(..len).unwrap_or(text);
                    let len = piece_text.len();
                    let shape = Shape {
                        kind: cut.kind,
                        start: cut.start.min(len),
                        delimiter_start: cut.delimiter.start.min(len),
                        delimiter_end: cut.delimiter.end.min(len),
                    };
                    let piece = find_or_parse(&mut self.known, self.old, piece_text, shape, self.grammar);
                    self.out.push(Placed {
                        start: size(at),
                        piece,
                        examined: cut.examined,
                        state: state.clone(),
                    });
                    return (len, cut.next);
                }
                None => want *= 2,
            }
        }
    }

    /// Makes the window hold `want` bytes from `at`, or all there are; whether it goes to the end of the file.
    fn fill(&mut self, at: usize, want: usize) -> bool {
        let have = self.window_start + self.window.len();
        // A window that ends before the file does is used up to its last quarter, then moved.
        let enough =
            at >= self.window_start && (have >= self.len || (want == WINDOW && at + WINDOW / 4 <= have));
        if !enough {
            let end = (at + want).min(self.len);
            let slice = self.text.slice(TextRange::new(size(at), size(end)));
            self.window.clear();
            self.window.push_str(&slice);
            self.window_start = at;
        }
        self.window_start + self.window.len() >= self.len
    }
}

fn find_or_parse(
    known: &mut Option<FxHashMap<PieceId, Arc<Piece>>>,
    old: &[Placed],
    text: &str,
    shape: Shape,
    grammar: &'static Grammar,
) -> Arc<Piece> {
    let id = PieceId::of(text, shape, grammar);
    let known =
        known.get_or_insert_with(|| old.iter().map(|old| (old.piece.id(), Arc::clone(&old.piece))).collect());
    match known.get(&id) {
        Some(piece) if piece.text() == text => Arc::clone(piece),
        _ => {
            let piece = Arc::new(Piece::parse(id, text, shape, grammar));
            known.insert(id, Arc::clone(&piece));
            piece
        }
    }
}

/// How many bytes both texts begin with.
fn common_prefix(a: &Text, b: &Text) -> usize {
    let mut left = a.chunks().map(str::as_bytes).filter(|chunk| !chunk.is_empty());
    let mut right = b.chunks().map(str::as_bytes).filter(|chunk| !chunk.is_empty());
    let (mut x, mut y): (&[u8], &[u8]) = (&[], &[]);
    let mut len = 0;
    loop {
        if x.is_empty() {
            x = left.next().unwrap_or_default();
        }
        if y.is_empty() {
            y = right.next().unwrap_or_default();
        }
        let both = x.len().min(y.len());
        if both == 0 {
            return len;
        }
        if x[..both] != y[..both] {
            return len + x.iter().zip(y).take_while(|(x, y)| x == y).count();
        }
        len += both;
        x = &x[both..];
        y = &y[both..];
    }
}

/// How many bytes both texts end with, at most `limit`.
fn common_suffix(a: &Text, b: &Text, limit: usize) -> usize {
    const STEP: usize = 8 * 1024;
    let (a_len, b_len) = (usize::from(a.len()), usize::from(b.len()));
    let mut len = 0;
    while len < limit {
        let step = STEP.min(limit - len);
        let x = a.slice(TextRange::new(size(a_len - len - step), size(a_len - len)));
        let y = b.slice(TextRange::new(size(b_len - len - step), size(b_len - len)));
        if x == y && x.len() == step {
            len += step;
            continue;
        }
        // A slice that would start within a character starts before it; only the common end matters.
        len += x.bytes().rev().zip(y.bytes().rev()).take(step).take_while(|(x, y)| x == y).count();
        break;
    }
    len
}

fn size(bytes: usize) -> TextSize {
    TextSize::new(u32::try_from(bytes).unwrap_or(u32::MAX))
}
