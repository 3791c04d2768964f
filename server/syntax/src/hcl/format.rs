//! The canonical form: indentation by brackets, one space between tokens, `=` and trailing comments in columns.
//!
//! Works on tokens, so text with mistakes is formatted too; a line with a string or character it cannot read keeps
//! its spaces. Invariants: only blanks between tokens change (never a line break, a comment or the text of a string
//! or heredoc), the tokens stay the same, and formatting twice is formatting once.
//!
//! Source: hashicorp/hcl v2.25, behaviour of `hclwrite.Format`.

mod spacing;

use text::{TextEdit, TextRange, TextSize};
use unicode_segmentation::UnicodeSegmentation;

use super::lexer::lex;
use super::scan::blank_end;
use super::{File, SyntaxKind, split};
use spacing::{is_literal, nesting, space_between};

/// Lines are not indented further than this, so that text of nothing but brackets does not explode.
const MAX_LEVELS: usize = 200;

/// How often text is formatted until nothing changes.
const MAX_ROUNDS: usize = 6;

/// `text` in canonical form.
pub fn format(text: &str) -> String {
    let mut text = text.to_owned();
    // Once is enough, but where brackets do not match: there, moving a line can change what it seems to belong to.
    for _ in 0..MAX_ROUNDS {
        let edits = edits(&text);
        if edits.is_empty() {
            break;
        }
        text = text::apply_edits(&text, &edits);
    }
    text
}

/// The least changes that bring `file` into canonical form: one for each stretch of blanks that differs.
pub fn format_edits(file: &File) -> Vec<TextEdit> {
    let text: String = file.pieces().iter().map(|placed| placed.piece.text()).collect();
    let canonical = format(&text);
    let (bytes, new_bytes) = (text.as_bytes(), canonical.as_bytes());
    let (mut edits, mut at, mut new_at) = (Vec::new(), 0, 0);
    while at < bytes.len() || new_at < new_bytes.len() {
        let (end, new_end) = (blank_end(bytes, at), blank_end(new_bytes, new_at));
        if bytes.get(at..end) != new_bytes.get(new_at..new_end) {
            let range = TextRange::new(TextSize::new(at as u32), TextSize::new(end as u32));
            edits.push(TextEdit { range, insert: " ".repeat(new_end.saturating_sub(new_at)) });
        }
        // Only blanks differ, so the byte after them is the same.
        (at, new_at) = (end + 1, new_end + 1);
    }
    edits
}

fn edits(text: &str) -> Vec<TextEdit> {
    let tokens = tokens(text);
    let lines = lines(&tokens);
    let mut blanks: Vec<usize> = tokens.iter().map(|token| token.blank.len()).collect();
    indent(&tokens, &lines, &mut blanks);
    space(&tokens, &lines, &mut blanks);
    align(&tokens, &lines, &mut blanks);
    let changed = tokens.iter().zip(&blanks).filter(|(token, blank)| {
        token.blank.len() != **blank || token.blank.bytes().any(|byte| byte != b' ')
    });
    changed
        .map(|(token, &blank)| {
            let start = TextSize::new((token.start - token.blank.len()) as u32);
            TextEdit { range: TextRange::at(start, TextSize::of(token.blank)), insert: " ".repeat(blank) }
        })
        .collect()
}

/// A token as the canonical form sees it: a comment has its line break, a heredoc's tags have their whole line.
struct Token<'a> {
    kind: SyntaxKind,
    /// The blanks before it.
    blank: &'a str,
    start: usize,
    text: &'a str,
    /// Whether it is the first of its piece, where no bracket is open: what the piece before left open is a mistake.
    starts_piece: bool,
    /// Whether it is the line break of a string that was never closed, or bytes that mean nothing.
    is_broken: bool,
}

impl Token<'_> {
    fn ends_line(&self) -> bool {
        self.kind == SyntaxKind::Newline || (self.kind.is_comment() && self.text.ends_with('\n'))
    }

    fn columns(&self) -> usize {
        self.text.graphemes(true).count()
    }
}

/// The tokens of all pieces of `text`.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let mut offset = 0;
    for end in split::ends(text) {
        let piece = &text[offset..end];
        let first = tokens.len();
        let mut at = 0;
        let mut blank = "";
        let mut lexed = lex(piece).into_iter().peekable();
        let mut open_strings = 0u32;
        while let Some(token) = lexed.next() {
            let start = at;
            at += token.len as usize;
            let mut is_broken = token.kind == SyntaxKind::Unknown || token.ends_string;
            match token.kind {
                SyntaxKind::Bom => continue,
                SyntaxKind::Whitespace => {
                    blank = &piece[start..at];
                    continue;
                }
                SyntaxKind::OpenQuote => open_strings += 1,
                SyntaxKind::CloseQuote => open_strings = open_strings.saturating_sub(1),
                // A string goes on over a line break only inside of an interpolation, which the lexer checked; one
                // that ends there leaves no closing quote before the next word of the line is over.
                SyntaxKind::Chunk if open_strings > 0 => {
                    is_broken = lexed.peek().is_none_or(|next| next.kind == SyntaxKind::Newline);
                }
                _ => {}
            }
            // What belongs to the token by the rules of the canonical form.
            while let Some(next) = lexed.peek()
                && match token.kind {
                    SyntaxKind::LineComment => next.kind == SyntaxKind::Newline,
                    SyntaxKind::HeredocBegin => {
                        matches!(next.kind, SyntaxKind::Whitespace | SyntaxKind::Newline)
                    }
                    SyntaxKind::HeredocEnd => next.kind == SyntaxKind::Whitespace,
                    _ => false,
                }
            {
                at += next.len as usize;
                let is_last = next.kind == SyntaxKind::Newline;
                lexed.next();
                if is_last {
                    break;
                }
            }
            let text = &piece[start..at];
            let starts_piece = tokens.len() == first;
            tokens.push(Token {
                kind: token.kind,
                blank,
                start: offset + start,
                text,
                starts_piece,
                is_broken,
            });
            blank = "";
        }
        offset = end;
        if !blank.is_empty() {
            // Blanks at the end of the text stay, as spaces.
            let (kind, starts_piece) = (SyntaxKind::Eof, tokens.len() == first);
            tokens.push(Token { kind, blank, start: end, text: "", starts_piece, is_broken: false });
        }
    }
    tokens
}

/// A line in cells, as ranges of tokens that follow each other.
#[derive(Clone, Copy)]
struct Line {
    start: usize,
    /// Where the `=` cell starts; equal to `comment` when there is none.
    assign: usize,
    /// Where the trailing comment starts; equal to `end` when there is none.
    comment: usize,
    end: usize,
    is_broken: bool,
}

fn lines(tokens: &[Token<'_>]) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < tokens.len() {
        let rest = tokens.len() - start;
        let end = start + tokens[start..].iter().position(Token::ends_line).map_or(rest, |last| last + 1);
        lines.push(line(tokens, start, end));
        start = end;
    }
    lines
}

fn line(tokens: &[Token<'_>], start: usize, mut end: usize) -> Line {
    let line_end = end;
    if end > start && tokens[end - 1].kind == SyntaxKind::Eof {
        end -= 1;
    }
    let has_comment = end > start + 1 && tokens[end - 1].kind.is_comment();
    let comment = if has_comment { end - 1 } else { line_end };
    let cells_end = if has_comment { comment } else { end };
    let eq = (start + 1..cells_end).find(|&at| tokens[at].kind == SyntaxKind::Eq);
    // The value has a cell of its own when it is whole; an open bracket goes on over the next lines.
    let is_whole =
        |eq: &usize| tokens[*eq..cells_end].iter().map(|token| nesting(token.kind)).sum::<i32>() == 0;
    Line {
        start,
        assign: eq.filter(is_whole).unwrap_or(comment),
        comment,
        end: line_end,
        is_broken: tokens[start..line_end].iter().any(|token| token.is_broken),
    }
}

/// Indents each line by the lines before it that opened more brackets than they closed.
fn indent(tokens: &[Token<'_>], lines: &[Line], blanks: &mut [usize]) {
    // How many brackets each of those lines left open.
    let mut open: Vec<i32> = Vec::new();
    for line in lines {
        let first = &tokens[line.start];
        if first.starts_piece {
            open.clear();
        }
        if matches!(first.kind, SyntaxKind::Newline) {
            if !line.is_broken {
                blanks[line.start] = 0;
            }
            continue;
        }
        let (mut net, mut in_heredoc) = (0, false);
        for (at, token) in tokens[line.start..line.comment].iter().enumerate() {
            if line.start + at == line.assign {
                in_heredoc = false;
            }
            if !in_heredoc {
                net += nesting(token.kind);
            }
            in_heredoc |= token.kind == SyntaxKind::HeredocBegin;
        }
        let mut closed = -net;
        while closed > 0
            && let Some(last) = open.last_mut()
        {
            let here = closed.min(*last);
            closed -= here;
            *last -= here;
            if *last == 0 {
                open.pop();
            }
        }
        if !line.is_broken && !is_literal(first.kind) && first.kind != SyntaxKind::Eof {
            blanks[line.start] = 2 * open.len().min(MAX_LEVELS);
        }
        if net > 0 {
            open.push(net);
        }
    }
}

/// Sets the blanks between the tokens of each cell.
fn space(tokens: &[Token<'_>], lines: &[Line], blanks: &mut [usize]) {
    for line in lines.iter().filter(|line| !line.is_broken) {
        for cell in [line.start..line.assign, line.assign..line.comment] {
            for at in cell.clone().skip(1) {
                if tokens[at].kind == SyntaxKind::Eof {
                    continue;
                }
                let before = (at >= cell.start + 2).then(|| &tokens[at - 2]);
                let (left, right) = (&tokens[at - 1], &tokens[at]);
                let word = |token: &Token<'_>| (token.kind, token.text.len());
                let is_in =
                    left.text == "in" && before.is_some_and(|before| before.kind == SyntaxKind::Ident);
                let spaced = space_between(before.map(|before| before.kind), left.kind, right.kind, is_in)
                    || (!right.blank.is_empty()
                        && would_join(word(left), word(right), left.text, right.text));
                blanks[at] = usize::from(spaced);
            }
        }
    }
}

/// Whether two tokens without a blank between them would be read as others.
fn would_join(
    left: (SyntaxKind, usize),
    right: (SyntaxKind, usize),
    left_text: &str,
    right_text: &str,
) -> bool {
    match (left.0, right.0) {
        (left, right) if is_literal(left) || is_literal(right) => return false,
        (_, SyntaxKind::Newline) | (SyntaxKind::OpenQuote | SyntaxKind::TemplateClose, _) => return false,
        // `${ ~}` has its `~` at the end.
        (SyntaxKind::InterpolationOpen | SyntaxKind::DirectiveOpen, _) => return right_text.starts_with('~'),
        // `0 .1` and `. ..` only grow together with what follows.
        (SyntaxKind::Number | SyntaxKind::Dot, SyntaxKind::Dot) => return true,
        _ => {}
    }
    let read = lex(&format!("{left_text}{right_text}"));
    read.first().is_none_or(|first| first.len as usize != left.1)
}

/// Brings the `=` and the comments of neighbouring lines into one column.
fn align(tokens: &[Token<'_>], lines: &[Line], blanks: &mut [usize]) {
    let columns = |cell: std::ops::Range<usize>, blanks: &[usize]| -> usize {
        cell.map(|at| blanks[at] + tokens[at].columns()).sum()
    };
    let in_chain = |line: &Line, cell: (usize, usize)| cell.0 < cell.1 && !line.is_broken;
    for cell_of in [|line: &Line| (line.assign, line.comment), |line: &Line| (line.comment, line.end)] {
        let mut at = 0;
        while at < lines.len() {
            let chain = lines[at..].iter().take_while(|line| in_chain(line, cell_of(line))).count();
            let widths: Vec<usize> = lines[at..at + chain]
                .iter()
                .map(|line| columns(line.start..cell_of(line).0, blanks))
                .collect();
            let widest = widths.iter().copied().max().unwrap_or(0);
            for (line, width) in lines[at..at + chain].iter().zip(widths) {
                blanks[cell_of(line).0] = widest - width + 1;
            }
            at += chain.max(1);
        }
    }
}
