//! Cuts the text of a piece into tokens.
//!
//! Keeps everything: the tokens, one after another, are the text. Whether they make sense is the parser's business.
//! A string ends at its line unless an interpolation in it really goes on; see `scan`.
//!
//! Source: hashicorp/hcl v2.25, `hclsyntax/scan_tokens.rl`, for what is a token.

use super::SyntaxKind;
use super::scan::{
    blank_end, heredoc_begin, heredoc_tag_line, ident_end, interpolation_end, is_template_escape,
    is_template_open, line_end, newline_len, unclosed_end,
};
use super::split::BYTE_ORDER_MARK;

/// A token and its length in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: SyntaxKind,
    pub len: u32,
    /// A line break that ends a string whose interpolation is not closed, and so is one everywhere.
    pub ends_string: bool,
}

/// The tokens of `text`.
pub(super) fn lex(text: &str) -> Vec<Token> {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        at: 0,
        tokens: Vec::with_capacity(text.len() / 4),
        modes: Vec::new(),
        outer_string: None,
        comments_end: true,
    };
    lexer.run();
    lexer.tokens
}

/// What we are inside of.
#[derive(Clone, Copy, Debug)]
enum Mode {
    /// `${ … }`, with the number of plain braces open in it.
    Interpolation { braces: u32 },
    /// `" … "`
    Quoted { start: usize },
    /// A heredoc with the tag at these offsets.
    Heredoc { tag: (usize, usize), is_indented: bool },
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    tokens: Vec<Token>,
    modes: Vec<Mode>,
    /// The outermost string with an interpolation we looked at: how many modes were around it, and where that
    /// interpolation ends, if it does.
    outer_string: Option<(usize, Option<usize>)>,
    comments_end: bool,
}

impl Lexer<'_> {
    fn run(&mut self) {
        if self.text.chars().eq([BYTE_ORDER_MARK]) {
            self.push(SyntaxKind::Bom, self.text.len());
        }
        while self.at < self.bytes.len() {
            match self.modes.last() {
                Some(&Mode::Quoted { start }) => self.quoted(start),
                Some(&Mode::Heredoc { tag, is_indented }) => self.heredoc(tag, is_indented),
                _ => self.normal(),
            }
        }
    }

    fn push(&mut self, kind: SyntaxKind, len: usize) {
        // Empty tokens do not exist; a piece longer than 4 GiB does not either.
        if len > 0 {
            self.tokens.push(Token { kind, len: len as u32, ends_string: false });
            self.at += len;
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn normal(&mut self) {
        use SyntaxKind::*;
        let byte = self.bytes[self.at];
        match byte {
            b' ' | b'\t' => self.push(Whitespace, blank_end(self.bytes, self.at) - self.at),
            b'\n' => self.newline(1),
            b'\r' if self.peek(1) == b'\n' => self.newline(2),
            b'#' => self.push(LineComment, line_end(self.bytes, self.at) - self.at),
            b'/' if self.peek(1) == b'/' => self.push(LineComment, line_end(self.bytes, self.at) - self.at),
            b'/' if self.peek(1) == b'*' => self.block_comment(),
            b'"' => {
                self.push(OpenQuote, 1);
                self.modes.push(Mode::Quoted { start: self.at });
            }
            b'0'..=b'9' => self.push(Number, number_len(&self.bytes[self.at..])),
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => self.push(Ident, ident_end(self.text, self.at) - self.at),
            b'<' if self.peek(1) == b'<' => self.heredoc_open(),
            b'{' => {
                if let Some(Mode::Interpolation { braces }) = self.modes.last_mut() {
                    *braces += 1;
                }
                self.push(LBrace, 1);
            }
            b'}' => self.close_brace(1),
            b'~' if self.peek(1) == b'}' && self.closes_interpolation() => self.close_brace(2),
            0x80.. => {
                let end = ident_end(self.text, self.at);
                if end > self.at {
                    self.push(Ident, end - self.at);
                } else {
                    let len = self.text[self.at..].chars().next().map_or(1, char::len_utf8);
                    self.push(Unknown, len);
                }
            }
            _ => {
                let (kind, len) = operator(&self.bytes[self.at..]);
                self.push(kind, len);
            }
        }
    }

    fn block_comment(&mut self) {
        let close = if self.comments_end { self.text[self.at + 2..].find("*/") } else { None };
        self.comments_end = close.is_some();
        let len = close.map_or_else(|| line_end(self.bytes, self.at) - self.at, |close| close + 4);
        self.push(SyntaxKind::BlockComment, len);
    }

    fn closes_interpolation(&self) -> bool {
        matches!(self.modes.last(), Some(Mode::Interpolation { braces: 0 }))
    }

    fn close_brace(&mut self, len: usize) {
        if self.closes_interpolation() {
            self.modes.pop();
            self.push(SyntaxKind::TemplateClose, len);
            return;
        }
        if let Some(Mode::Interpolation { braces }) = self.modes.last_mut() {
            *braces -= 1;
        }
        self.push(SyntaxKind::RBrace, len);
    }

    /// A line break outside of literal text: an interpolation that was forgotten ends here.
    fn newline(&mut self, len: usize) {
        let (next, mut ends_string) = (self.at + len, false);
        let heredoc = self.modes.iter().rposition(|mode| matches!(mode, Mode::Heredoc { .. }));
        if let Some(heredoc) = heredoc
            && let Mode::Heredoc { tag: (start, end), .. } = self.modes[heredoc]
            && heredoc_tag_line(self.text, next, &self.text[start..end]).is_some()
        {
            self.modes.truncate(heredoc + 1);
        } else if let Some((outside, None)) = self.outer_string {
            self.modes.truncate(outside);
            ends_string = true;
        }
        if self.outer_string.is_some_and(|(outside, _)| self.modes.len() <= outside) {
            self.outer_string = None;
        }
        self.push(SyntaxKind::Newline, len);
        if let Some(newline) = self.tokens.last_mut() {
            newline.ends_string = ends_string;
        }
    }

    fn quoted(&mut self, opened: usize) {
        let start = self.at;
        let mut at = start;
        let (kind, len) = loop {
            match self.bytes.get(at) {
                Some(b'"') if at == start => break (SyntaxKind::CloseQuote, 1),
                Some(b'\\') if at == start => break (SyntaxKind::Escape, escape_len(&self.text[at..])),
                Some(b'$' | b'%') if at == start && is_template_escape(self.bytes, at) => {
                    break (SyntaxKind::Escape, 3);
                }
                Some(b'$' | b'%') if at == start && is_template_open(self.bytes, at) => {
                    return self.open_template();
                }
                None | Some(b'"' | b'\\' | b'\n') => break (SyntaxKind::Chunk, at - start),
                Some(b'\r') if newline_len(self.bytes, at) == 2 => break (SyntaxKind::Chunk, at - start),
                Some(b'$' | b'%')
                    if is_template_escape(self.bytes, at) || is_template_open(self.bytes, at) =>
                {
                    break (SyntaxKind::Chunk, at - start);
                }
                Some(_) => at += 1,
            }
        };
        let line_over = at == self.bytes.len() || newline_len(self.bytes, at) > 0;
        let len = if kind == SyntaxKind::Chunk && line_over {
            unclosed_end(self.text, opened, at).max(start) - start
        } else {
            len
        };
        if kind == SyntaxKind::CloseQuote || (kind == SyntaxKind::Chunk && line_over) {
            self.modes.pop();
            if self.outer_string.is_some_and(|(outside, _)| self.modes.len() <= outside) {
                self.outer_string = None;
            }
        }
        self.push(kind, len);
    }

    /// `${` or `%{` in a string or heredoc.
    fn open_template(&mut self) {
        let outside = self.modes.len() - 1;
        if matches!(self.modes.last(), Some(Mode::Quoted { .. })) {
            // Strings inside of this one go on if it does.
            let inside_known = self.outer_string.is_some_and(|(known, end)| {
                known < outside || end.is_none() || end.is_some_and(|end| self.at < end)
            });
            if !inside_known {
                self.outer_string = Some((outside, interpolation_end(self.text, self.at + 2)));
            }
        }
        let kind = if self.bytes[self.at] == b'$' {
            SyntaxKind::InterpolationOpen
        } else {
            SyntaxKind::DirectiveOpen
        };
        let len = if self.peek(2) == b'~' { 3 } else { 2 };
        self.modes.push(Mode::Interpolation { braces: 0 });
        self.push(kind, len);
    }

    fn heredoc_open(&mut self) {
        let Some(begin) = heredoc_begin(self.text, self.at) else {
            let (kind, len) = operator(&self.bytes[self.at..]);
            return self.push(kind, len);
        };
        let is_indented = self.peek(2) == b'-';
        self.push(SyntaxKind::HeredocBegin, begin.tag_end - self.at);
        self.push(SyntaxKind::Whitespace, blank_end(self.bytes, self.at) - self.at);
        self.push(SyntaxKind::Newline, newline_len(self.bytes, self.at));
        self.modes.push(Mode::Heredoc { tag: (begin.tag_start, begin.tag_end), is_indented });
    }

    fn heredoc(&mut self, tag: (usize, usize), is_indented: bool) {
        let at_line_start = self.at == 0 || self.bytes[self.at - 1] == b'\n';
        if at_line_start {
            if let Some((start, end)) = heredoc_tag_line(self.text, self.at, &self.text[tag.0..tag.1]) {
                self.modes.pop();
                self.push(SyntaxKind::HeredocIndent, start - self.at);
                self.push(SyntaxKind::HeredocEnd, end - start);
                let rest = line_end(self.bytes, self.at);
                self.push(SyntaxKind::Whitespace, rest - self.at);
                return;
            }
            if is_indented {
                let line = &self.text[self.at..line_end(self.bytes, self.at)];
                self.push(SyntaxKind::HeredocIndent, line.len() - line.trim_start().len());
            }
        }
        let start = self.at;
        let mut at = start;
        loop {
            match self.bytes.get(at) {
                None => break,
                Some(b'\n') => {
                    at += 1;
                    break;
                }
                Some(b'$' | b'%') if is_template_escape(self.bytes, at) => {
                    self.push(SyntaxKind::Chunk, at - start);
                    return self.push(SyntaxKind::Escape, 3);
                }
                Some(b'$' | b'%') if is_template_open(self.bytes, at) => {
                    self.push(SyntaxKind::Chunk, at - start);
                    return self.open_template();
                }
                Some(_) => at += 1,
            }
        }
        self.push(SyntaxKind::Chunk, at - start);
    }
}

/// The length of the number at the start of `bytes`: digits, dots and exponents, not ending in a dot.
fn number_len(bytes: &[u8]) -> usize {
    let mut at = 1;
    let mut end = 1;
    loop {
        match bytes.get(at..).unwrap_or_default() {
            [b'0'..=b'9', ..] => at += 1,
            [b'e' | b'E', b'+' | b'-', b'0'..=b'9', ..] => at += 3,
            [b'e' | b'E', b'0'..=b'9', ..] => at += 2,
            [b'.', ..] => {
                at += 1;
                continue;
            }
            _ => return end,
        }
        end = at;
    }
}

/// The length of the escape at the start of `text`, which starts with a backslash and is not empty.
fn escape_len(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = match bytes.get(1) {
        None | Some(b'\n') => return 1,
        Some(b'\r') if bytes.get(2) == Some(&b'\n') => return 1,
        Some(b'u') => 4,
        Some(b'U') => 8,
        Some(_) => return 1 + text[1..].chars().next().map_or(0, char::len_utf8),
    };
    2 + bytes[2..].iter().take(digits).take_while(|byte| byte.is_ascii_hexdigit()).count()
}

/// The operator at the start of `bytes`, which is not empty.
fn operator(bytes: &[u8]) -> (SyntaxKind, usize) {
    use SyntaxKind::*;
    match bytes {
        [b'.', b'.', b'.', ..] => (Ellipsis, 3),
        [b'=', b'=', ..] => (EqEq, 2),
        [b'=', b'>', ..] => (FatArrow, 2),
        [b'!', b'=', ..] => (BangEq, 2),
        [b'<', b'=', ..] => (LtEq, 2),
        [b'>', b'=', ..] => (GtEq, 2),
        [b'&', b'&', ..] => (AndAnd, 2),
        [b'|', b'|', ..] => (OrOr, 2),
        [b':', b':', ..] => (ColonColon, 2),
        [first, ..] => {
            let kind = match first {
                b'[' => LBracket,
                b']' => RBracket,
                b'(' => LParen,
                b')' => RParen,
                b'=' => Eq,
                b'<' => Lt,
                b'>' => Gt,
                b'!' => Bang,
                b'+' => Plus,
                b'-' => Minus,
                b'*' => Star,
                b'/' => Slash,
                b'%' => Percent,
                b'?' => Question,
                b':' => Colon,
                b',' => Comma,
                b'.' => Dot,
                _ => Unknown,
            };
            (kind, 1)
        }
        [] => (Unknown, 0),
    }
}
