//! Cuts the text of a statement into tokens, and says where quotes and comments end.
//!
//! The splitter uses the same functions for quotes and comments, so that both agree on every text. Invariant: the
//! tokens' lengths add up to the length of the text, and every token ends at a character boundary.

use crate::sql::grammar::{DoubleQuotes, Grammar};
use crate::sql::kind::SyntaxKind;

/// Who reads, and what an open quote means to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// An editor: text is being typed, and an open quote must not swallow the rest of the file.
    Typing,
    /// An executor: text is final and means what the server would make of it.
    Exact,
}

/// One token.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub kind: SyntaxKind,
    pub start: usize,
    pub end: usize,
    /// Only for quotes and comments: whether the end was there.
    pub closed: bool,
}

/// Where a quote, comment or dollar string ends.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Extent {
    /// Behind its last byte.
    pub end: usize,
    pub closed: bool,
    /// Behind the last byte looked at; beyond the text when its end mattered.
    pub examined: usize,
}

/// Whether `byte` may be part of a bare name. Bytes beyond ASCII always may, so tokens end between characters.
pub(crate) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

fn starts_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c | 0)
}

/// The tokens of `text[..end]`; `text` itself is one statement.
pub(crate) fn tokens(text: &str, end: usize, grammar: &Grammar) -> Vec<Token> {
    let bytes = text.as_bytes().get(..end).unwrap_or(text.as_bytes());
    let mut out = Vec::with_capacity(bytes.len() / 4);
    let mut at = 0;
    while at < bytes.len() {
        let token = token(bytes, at, grammar);
        at = token.end;
        out.push(token);
    }
    out
}

/// The token at `at`, which is before the end.
fn token(bytes: &[u8], at: usize, grammar: &Grammar) -> Token {
    let lexical = &grammar.lexical;
    let first = bytes[at];
    let second = bytes.get(at + 1).copied();
    let simple = |kind, len: usize| Token { kind, start: at, end: (at + len).min(bytes.len()), closed: true };
    let extent = |kind, extent: Extent| Token { kind, start: at, end: extent.end, closed: extent.closed };
    if is_space(first) {
        return simple(SyntaxKind::WHITESPACE, run(bytes, at, is_space));
    }
    if bytes[at..].starts_with("\u{feff}".as_bytes()) {
        return simple(SyntaxKind::WHITESPACE, 3);
    }
    if let Some(end) = line_comment(bytes, at, grammar) {
        return Token { kind: SyntaxKind::LINE_COMMENT, start: at, end, closed: true };
    }
    if lexical.version_comments.is_some() {
        // What frames code is no code.
        if let Some(end) = version_comment(bytes, at, grammar) {
            return Token { kind: SyntaxKind::BLOCK_COMMENT, start: at, end, closed: true };
        }
        if first == b'*' && second == Some(b'/') {
            return simple(SyntaxKind::BLOCK_COMMENT, 2);
        }
    }
    match first {
        b'/' if second == Some(b'*') => extent(SyntaxKind::BLOCK_COMMENT, block_comment(bytes, at, grammar)),
        b'\'' => extent(SyntaxKind::STRING, quoted(bytes, at, grammar, Mode::Typing)),
        b'"' => {
            let kind = match lexical.double_quotes {
                DoubleQuotes::Name => SyntaxKind::QUOTED_IDENT,
                DoubleQuotes::String => SyntaxKind::STRING,
            };
            extent(kind, quoted(bytes, at, grammar, Mode::Typing))
        }
        b'`' if lexical.backtick_names => {
            extent(SyntaxKind::QUOTED_IDENT, quoted(bytes, at, grammar, Mode::Typing))
        }
        b'[' if lexical.bracket_names => {
            extent(SyntaxKind::QUOTED_IDENT, quoted(bytes, at, grammar, Mode::Typing))
        }
        b'$' if lexical.dollar_quotes
            && lexical.parameters.contains(&b'$')
            && second.is_some_and(|byte| byte.is_ascii_digit()) =>
        {
            simple(SyntaxKind::PARAMETER, 1 + run(bytes, at + 1, |byte| byte.is_ascii_digit()))
        }
        b'$' if lexical.dollar_quotes && dollar_tag(bytes, at).is_some() => {
            extent(SyntaxKind::DOLLAR_STRING, dollar_quoted(bytes, at))
        }
        b'0'..=b'9' if lexical.digit_names => {
            let len = match (first, second) {
                (b'0', Some(b'b')) => 2 + run(bytes, at + 2, |byte| matches!(byte, b'0' | b'1')),
                _ => number(bytes, at),
            };
            let word = run(bytes, at, is_word);
            let number = len >= word || bytes.get(at + len) == Some(&b'.') || len > word;
            simple(if number { SyntaxKind::NUMBER } else { SyntaxKind::IDENT }, len.max(word))
        }
        b'0'..=b'9' => simple(SyntaxKind::NUMBER, number(bytes, at)),
        b'.' if second.is_some_and(|byte| byte.is_ascii_digit()) => {
            simple(SyntaxKind::NUMBER, number(bytes, at))
        }
        b'?' if lexical.parameters.contains(&b'?') => {
            simple(SyntaxKind::PARAMETER, 1 + run(bytes, at + 1, |byte| byte.is_ascii_digit()))
        }
        b':' | b'@' | b'$' | b'#'
            if lexical.parameters.contains(&first) && second.is_some_and(starts_word) =>
        {
            simple(SyntaxKind::PARAMETER, 1 + run(bytes, at + 1, is_word))
        }
        _ if starts_word(first) => {
            if second == Some(b'\'') && lexical.string_prefixes.contains(&first.to_ascii_lowercase()) {
                let kind = match first {
                    b'x' | b'X' => SyntaxKind::BLOB,
                    _ => SyntaxKind::STRING,
                };
                return extent(kind, quoted(bytes, at + 1, grammar, Mode::Typing));
            }
            // `U&'…'` and `U&"…"`.
            if second == Some(b'&')
                && matches!(first, b'u' | b'U')
                && lexical.string_prefixes.contains(&b'u')
                && let Some(&quote @ (b'\'' | b'"')) = bytes.get(at + 2)
            {
                let kind = if quote == b'"' { SyntaxKind::QUOTED_IDENT } else { SyntaxKind::STRING };
                return extent(kind, quoted(bytes, at + 2, grammar, Mode::Typing));
            }
            simple(SyntaxKind::IDENT, run(bytes, at, is_word))
        }
        _ if lexical.free_operators && is_operator(first) => {
            let len = operator(bytes, at);
            let kind = match (len, first) {
                (1, b'*') => SyntaxKind::STAR,
                (1, b'+') => SyntaxKind::PLUS,
                (1, b'-') => SyntaxKind::MINUS,
                (1, b'=') => SyntaxKind::EQ,
                _ => SyntaxKind::OPERATOR,
            };
            simple(kind, len)
        }
        b'(' => simple(SyntaxKind::L_PAREN, 1),
        b')' => simple(SyntaxKind::R_PAREN, 1),
        b',' => simple(SyntaxKind::COMMA, 1),
        b'.' => simple(SyntaxKind::DOT, 1),
        b';' => simple(SyntaxKind::DELIMITER, 1),
        b'*' => simple(SyntaxKind::STAR, 1),
        b'+' => simple(SyntaxKind::PLUS, 1),
        b'=' => simple(SyntaxKind::EQ, if second == Some(b'=') { 2 } else { 1 }),
        b'-' if second == Some(b'>') => {
            simple(SyntaxKind::OPERATOR, if bytes.get(at + 2) == Some(&b'>') { 3 } else { 2 })
        }
        b'-' => simple(SyntaxKind::MINUS, 1),
        b'<' if lexical.digit_names && bytes[at..].starts_with(b"<=>") => simple(SyntaxKind::OPERATOR, 3),
        b'&' if lexical.digit_names && second == Some(b'&') => simple(SyntaxKind::OPERATOR, 2),
        b'|' if second == Some(b'|') => simple(SyntaxKind::OPERATOR, 2),
        b'<' if matches!(second, Some(b'<' | b'=' | b'>')) => simple(SyntaxKind::OPERATOR, 2),
        b'>' if matches!(second, Some(b'>' | b'=')) => simple(SyntaxKind::OPERATOR, 2),
        b'!' if second == Some(b'=') => simple(SyntaxKind::OPERATOR, 2),
        b':' if matches!(second, Some(b':' | b'=')) => simple(SyntaxKind::OPERATOR, 2),
        b'/' | b'%' | b'<' | b'>' | b'&' | b'|' | b'~' | b'^' | b'!' | b'[' | b']' | b':' | b'@' | b'#'
        | b'?' => simple(SyntaxKind::OPERATOR, 1),
        _ => simple(SyntaxKind::JUNK, 1),
    }
}

fn run(bytes: &[u8], at: usize, test: impl Fn(u8) -> bool) -> usize {
    bytes.get(at..).unwrap_or_default().iter().take_while(|byte| test(**byte)).count()
}

fn is_operator(byte: u8) -> bool {
    b"+-*/<>=~!@#%^&|`?".contains(&byte)
}

/// The length of the operator at `at`. It ends before a comment; one of several characters ends in `+` or `-` only
/// when it has a character standard operators do not have.
///
/// Source: PostgreSQL, `scan.l`.
fn operator(bytes: &[u8], at: usize) -> usize {
    let mut len = run(bytes, at, is_operator);
    let text = &bytes[at..at + len];
    let comment = (1..len).find(|&n| text[n..].starts_with(b"--") || text[n..].starts_with(b"/*"));
    len = comment.unwrap_or(len);
    while len > 1
        && matches!(bytes[at + len - 1], b'+' | b'-')
        && !bytes[at..at + len].iter().any(|byte| b"~!@#%^&|`?".contains(byte))
    {
        len -= 1;
    }
    len
}

fn number(bytes: &[u8], at: usize) -> usize {
    if bytes[at] == b'0' && matches!(bytes.get(at + 1), Some(b'x' | b'X')) {
        return 2 + run(bytes, at + 2, |byte| byte.is_ascii_hexdigit() || byte == b'_');
    }
    let digits = |at| run(bytes, at, |byte: u8| byte.is_ascii_digit() || byte == b'_');
    let mut len = digits(at);
    if bytes.get(at + len) == Some(&b'.') {
        len += 1 + digits(at + len + 1);
    }
    if matches!(bytes.get(at + len), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(at + len + 1), Some(b'+' | b'-')));
        let exponent = digits(at + len + 1 + sign);
        if exponent > 0 {
            len += 1 + sign + exponent;
        }
    }
    len
}

/// The end of the line comment that starts at `at`, without the line break.
pub(crate) fn line_comment(bytes: &[u8], at: usize, grammar: &Grammar) -> Option<usize> {
    let starts = match bytes[at] {
        b'-' => {
            bytes.get(at + 1) == Some(&b'-')
                && (!grammar.lexical.dashes_need_space
                    || bytes.get(at + 2).is_none_or(|byte| is_space(*byte))
                    // A directive is never sent to a server.
                    || bytes[at + 2..].starts_with(b"atlas:"))
        }
        b'#' => grammar.lexical.hash_comments,
        _ => false,
    };
    starts.then(|| line_end(bytes, at))
}

/// The end of the line of `at`: before `\n`, or `\r\n`.
pub(crate) fn line_end(bytes: &[u8], at: usize) -> usize {
    let end = bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |len| at + len);
    if end > at && bytes.get(end) == Some(&b'\n') && bytes[end - 1] == b'\r' { end - 1 } else { end }
}

/// The comment that starts with the `/*` at `at`. One that is never closed ends with its line.
pub(crate) fn block_comment(bytes: &[u8], at: usize, grammar: &Grammar) -> Extent {
    let mut depth = 1;
    let mut next = at + 2;
    while next + 1 < bytes.len() {
        match (bytes[next], bytes[next + 1]) {
            (b'*', b'/') => {
                depth -= 1;
                next += 2;
                if depth == 0 {
                    return Extent { end: next, closed: true, examined: next };
                }
            }
            (b'/', b'*') if grammar.lexical.nested_comments => {
                depth += 1;
                next += 2;
            }
            _ => next += 1,
        }
    }
    Extent {
        end: line_end(bytes, at).max((at + 2).min(bytes.len())),
        closed: false,
        examined: bytes.len() + 1,
    }
}

/// Behind the `/*!50100` at `at` that begins a comment whose content is code.
pub(crate) fn version_comment(bytes: &[u8], at: usize, grammar: &Grammar) -> Option<usize> {
    let kinds = grammar.lexical.version_comments.as_ref()?;
    let rest = bytes.get(at..)?.strip_prefix(b"/*")?;
    let mark = kinds.marks.iter().find(|mark| rest.starts_with(mark.as_bytes()))?;
    let digits = run(rest, mark.len(), |byte| byte.is_ascii_digit()).min(6);
    let number = rest.get(mark.len()..mark.len() + digits)?;
    let version: u32 = std::str::from_utf8(number).ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let skipped = kinds.skipped.is_some_and(|(from, to)| *mark == "!" && (from..=to).contains(&version));
    (!skipped && version < 990_000).then_some(at + 2 + mark.len() + digits)
}

/// The length of `$tag$` at `at`.
pub(crate) fn dollar_tag(bytes: &[u8], at: usize) -> Option<usize> {
    if bytes.get(at + 1)?.is_ascii_digit() {
        return None;
    }
    let len = run(bytes, at + 1, |byte| is_word(byte) && byte != b'$');
    (bytes.get(at + 1 + len) == Some(&b'$')).then_some(len + 2)
}

/// The dollar string that starts at `at`, where [`dollar_tag`] found its tag.
pub(crate) fn dollar_quoted(bytes: &[u8], at: usize) -> Extent {
    let tag_len = dollar_tag(bytes, at).unwrap_or(1);
    let tag = &bytes[at..at + tag_len];
    let mut next = at + tag_len;
    while let Some(found) = bytes[next..].iter().position(|byte| *byte == b'$') {
        next += found;
        if bytes[next..].starts_with(tag) {
            return Extent { end: next + tag_len, closed: true, examined: next + tag_len };
        }
        next += 1;
    }
    Extent { end: bytes.len(), closed: false, examined: bytes.len() + 1 }
}

/// The quoted text whose opening quote is at `open`.
///
/// When [`Mode::Typing`], text that runs on over lines although it looks like code (it passes a `;` and a line
/// that starts a statement, or its closing quote touches a word) is unclosed, and ends with the line it began on,
/// before the `,`, `)` and `;` at that line's end, so that the neighbours keep their shape.
pub(crate) fn quoted(bytes: &[u8], open: usize, grammar: &Grammar, mode: Mode) -> Extent {
    let close = match bytes[open] {
        b'[' => b']',
        quote => quote,
    };
    let escapes = close != b']' && close != b'`' && has_escapes(bytes, open, grammar);
    let mut next = open + 1;
    let mut lines = false;
    let mut crosses = false;
    let mut examined = open + 1;
    loop {
        let Some(&byte) = bytes.get(next) else {
            return unclosed(bytes, open, mode, bytes.len() + 1);
        };
        if byte == close {
            if close != b']' && bytes.get(next + 1) == Some(&close) {
                next += 2;
                continue;
            }
            let end = next + 1;
            examined = examined.max(end + 1);
            if mode == Mode::Exact || !lines {
                return Extent { end, closed: true, examined };
            }
            // A stray quote pairs with the next opening quote, behind which comes the text of a literal.
            if bytes.get(end).is_some_and(|byte| is_word(*byte)) {
                return unclosed(bytes, open, mode, examined);
            }
            if crosses {
                let (plausible, seen) = may_follow(bytes, end, grammar);
                examined = examined.max(seen);
                if !plausible {
                    return unclosed(bytes, open, mode, examined);
                }
            }
            return Extent { end, closed: true, examined };
        }
        match byte {
            b'\\' if escapes => next += 1,
            b'\n' if mode == Mode::Typing => {
                // A name in brackets never spans lines.
                if close == b']' {
                    return unclosed(bytes, open, mode, next + 1);
                }
                lines = true;
                if !crosses && ends_statement(bytes, open, next) {
                    let (starts, seen) = starts_statement(bytes, next + 1, grammar);
                    examined = examined.max(seen);
                    crosses = starts;
                }
            }
            _ => {}
        }
        next += 1;
    }
}

/// Whether a backslash in the text behind the quote at `open` hides the next character.
fn has_escapes(bytes: &[u8], open: usize, grammar: &Grammar) -> bool {
    let lexical = &grammar.lexical;
    let prefixed = lexical.string_prefixes.contains(&b'e')
        && open > 0
        && matches!(bytes[open - 1], b'e' | b'E')
        && (open < 2 || !is_word(bytes[open - 2]));
    lexical.backslash_escapes || prefixed
}

fn unclosed(bytes: &[u8], open: usize, mode: Mode, examined: usize) -> Extent {
    if mode == Mode::Exact {
        return Extent { end: bytes.len(), closed: false, examined };
    }
    let line = line_end(bytes, open);
    let mut end = line;
    while end > open + 1 && matches!(bytes[end - 1], b' ' | b'\t' | b'\r' | b',' | b')' | b';') {
        end -= 1;
    }
    Extent { end, closed: false, examined: examined.max(line + 1) }
}

/// Whether the line that ends at `newline` ends in `;`, looking no further back than `floor`.
fn ends_statement(bytes: &[u8], floor: usize, newline: usize) -> bool {
    bytes[floor + 1..newline].iter().rev().find(|byte| !is_space(**byte)) == Some(&b';')
}

/// Whether a statement starts on the line at `at`, and how far that was read.
fn starts_statement(bytes: &[u8], at: usize, grammar: &Grammar) -> (bool, usize) {
    let start = at + run(bytes, at, is_space);
    let end = start + run(bytes, start, is_word);
    let word = bytes.get(start..end).and_then(|word| std::str::from_utf8(word).ok()).unwrap_or_default();
    (grammar.starts_statement(word), end + 1)
}

/// Whether what stands at `at` may stand behind a literal, and how far that was read.
fn may_follow(bytes: &[u8], at: usize, grammar: &Grammar) -> (bool, usize) {
    let start = at + run(bytes, at, is_space);
    let Some(&byte) = bytes.get(start) else { return (true, start + 1) };
    if starts_word(byte) {
        let end = start + run(bytes, start, is_word);
        let word = std::str::from_utf8(&bytes[start..end]).unwrap_or_default();
        return (grammar.is_keyword(word), end + 1);
    }
    (!matches!(byte, b'\'' | b'"' | b'`' | b'(' | b'0'..=b'9'), start + 1)
}
