//! What splitter, lexer and formatter must agree on: where words, strings, interpolations and heredocs end.
//!
//! Works on bytes and makes no tokens. Invariant: every function moves forward and stays within the text.

/// How deep strings may nest in interpolations before we call the outermost one unterminated.
const MAX_NESTED_STRINGS: u32 = 64;

/// Whether a name may start with `ch`.
pub(super) fn is_ident_start(ch: char) -> bool {
    ch == '_' || ch.is_alphabetic()
}

/// Whether a name may go on with `ch`.
pub(super) fn is_ident_continue(ch: char) -> bool {
    // The standard library has no `ID_Continue`; the combining marks are what it adds to letters and digits.
    ch == '_'
        || ch == '-'
        || ch.is_alphanumeric()
        || matches!(ch, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
            | '\u{203f}' | '\u{2040}' | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// Where the name at `at` ends; `at` itself when there is none.
pub(super) fn ident_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let mut chars = rest.char_indices();
    match chars.next() {
        Some((_, ch)) if is_ident_start(ch) => {}
        _ => return at,
    }
    chars.find(|&(_, ch)| !is_ident_continue(ch)).map_or(text.len(), |(end, _)| at + end)
}

/// Where the spaces and tabs at `at` end.
pub(super) fn blank_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    rest.iter().position(|byte| !matches!(byte, b' ' | b'\t')).map_or(bytes.len(), |end| at + end)
}

/// Where the line of `at` ends: at its `\n`, or the `\r` of its `\r\n`, or the end of the text.
pub(super) fn line_end(bytes: &[u8], at: usize) -> usize {
    let rest = bytes.get(at..).unwrap_or_default();
    match rest.iter().position(|&byte| byte == b'\n') {
        Some(end) if end > 0 && rest[end - 1] == b'\r' => at + end - 1,
        Some(end) => at + end,
        None => bytes.len(),
    }
}

/// How long the line break at `at` is: 0, 1 or 2.
pub(super) fn newline_len(bytes: &[u8], at: usize) -> usize {
    match bytes.get(at..).unwrap_or_default() {
        [b'\n', ..] => 1,
        [b'\r', b'\n', ..] => 2,
        _ => 0,
    }
}

/// Whether `${` or `%{` stands at `at`. The text before it must not be the `$` or `%` that escapes it.
pub(super) fn is_template_open(bytes: &[u8], at: usize) -> bool {
    matches!(bytes.get(at..at + 2), Some(b"${" | b"%{"))
}

/// Whether `$${` or `%%{` stands at `at`.
pub(super) fn is_template_escape(bytes: &[u8], at: usize) -> bool {
    matches!(bytes.get(at..at + 3), Some(b"$${" | b"%%{"))
}

/// Where a string ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum StringEnd {
    /// Behind its closing quote.
    Closed(usize),
    /// Before the line break, or at the end of the text.
    Unclosed(usize),
}

/// Where the string whose opening quote ends at `at` ends.
///
/// A string is one line, except inside an interpolation that does close.
pub(super) fn string_end(text: &str, at: usize) -> StringEnd {
    nested_string_end(text, at, 0)
}

fn nested_string_end(text: &str, start: usize, depth: u32) -> StringEnd {
    let bytes = text.as_bytes();
    let mut at = start;
    loop {
        match bytes.get(at) {
            None => return StringEnd::Unclosed(unclosed_end(text, start, bytes.len())),
            Some(b'"') => return StringEnd::Closed(at + 1),
            Some(_) if newline_len(bytes, at) > 0 => {
                return StringEnd::Unclosed(unclosed_end(text, start, at));
            }
            Some(b'\\') if newline_len(bytes, at + 1) == 0 => at += 2,
            Some(b'$' | b'%') if is_template_escape(bytes, at) => at += 3,
            Some(b'$' | b'%') if is_template_open(bytes, at) => {
                match nested_interpolation_end(text, at + 2, depth + 1) {
                    Some(end) => at = end,
                    None => return StringEnd::Unclosed(line_end(bytes, at)),
                }
            }
            Some(_) => at += 1,
        }
    }
}

/// Where the string ends that starts at `start`, behind its quote, and is not closed on its line, which ends at `end`.
///
/// A label whose quote was forgotten leaves the `{` behind it to its block.
pub(super) fn unclosed_end(text: &str, start: usize, end: usize) -> usize {
    let before = text[..start - 1].trim_end_matches([' ', '\t']).chars().next_back();
    let is_label = before.is_some_and(|ch| ch == '"' || is_ident_continue(ch));
    match text[start..end].trim_end().strip_suffix('{') {
        Some(label) if is_label && !label.ends_with(['$', '%']) => start + label.trim_end().len(),
        _ => end,
    }
}

/// Where the interpolation in a string ends whose `${` ends at `at`: behind its `}`.
///
/// `None` when it does not close before the text runs into what can only be the next item of a body: the `}` is then
/// somebody else's, and the string ends at its line.
pub(super) fn interpolation_end(text: &str, at: usize) -> Option<usize> {
    nested_interpolation_end(text, at, 1)
}

fn nested_interpolation_end(text: &str, start: usize, depth: u32) -> Option<usize> {
    if depth > MAX_NESTED_STRINGS {
        return None;
    }
    let bytes = text.as_bytes();
    let (mut at, mut braces, mut first_line) = (start, 0u32, true);
    loop {
        match *bytes.get(at)? {
            b'\n' => {
                first_line = false;
                at += 1;
                let word = blank_end(bytes, at);
                if braces == 0 && (head(text, word) || assignment(text, word)) {
                    return None;
                }
            }
            b'"' => match nested_string_end(text, at + 1, depth + 1) {
                StringEnd::Closed(end) => at = end,
                StringEnd::Unclosed(_) => return None,
            },
            b'#' => at = line_end(bytes, at),
            b'/' if bytes.get(at + 1) == Some(&b'/') => at = line_end(bytes, at),
            b'<' => {
                at = match heredoc_begin(text, at) {
                    Some(begin) => heredoc_close(text, begin.body, &text[begin.tag_start..begin.tag_end])?.1,
                    None => at + 1,
                }
            }
            b'{' => {
                braces += 1;
                at += 1;
            }
            b'}' if braces > 0 => {
                braces -= 1;
                at += 1;
            }
            // On a later line, the string it belongs to must still close there.
            b'}' => {
                let closes = first_line || bytes[at..line_end(bytes, at)].contains(&b'"');
                return closes.then_some(at + 1);
            }
            _ => at += 1,
        }
    }
}

/// Whether `word "label" … {` stands at `at`: the head of a block.
pub(super) fn head(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let mut end = ident_end(text, at);
    // `for k in {` and `if {` start lines inside expressions.
    if end == at || matches!(&text[at..end], "for" | "if") {
        return false;
    }
    loop {
        end = blank_end(bytes, end);
        match bytes.get(end) {
            Some(b'{') => return true,
            Some(b'"') => match bytes[end + 1..].iter().position(|byte| matches!(byte, b'"' | b'\n')) {
                Some(close) if bytes[end + 1 + close] == b'"' => end += close + 2,
                _ => return false,
            },
            Some(_) => {
                let word = ident_end(text, end);
                if word == end {
                    return false;
                }
                end = word;
            }
            None => return false,
        }
    }
}

/// Whether `word =` stands at `at`, and not `word ==` or `word =>`.
pub(super) fn assignment(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let word = ident_end(text, at);
    let eq = blank_end(bytes, word);
    word > at && bytes.get(eq) == Some(&b'=') && !matches!(bytes.get(eq + 1), Some(b'=' | b'>'))
}

/// The first line of a heredoc.
#[derive(Clone, Copy, Debug)]
pub(super) struct HeredocBegin {
    pub tag_start: usize,
    pub tag_end: usize,
    /// Where the line after it starts.
    pub body: usize,
}

/// The `<<TAG` or `<<-TAG` that stands at `at` and ends its line. Spaces behind the tag are a mistake, but are seen.
pub(super) fn heredoc_begin(text: &str, at: usize) -> Option<HeredocBegin> {
    let bytes = text.as_bytes();
    if bytes.get(at..at + 2) != Some(b"<<") {
        return None;
    }
    let tag_start = if bytes.get(at + 2) == Some(&b'-') { at + 3 } else { at + 2 };
    let tag_end = ident_end(text, tag_start);
    let newline = blank_end(bytes, tag_end);
    let body = newline + newline_len(bytes, newline);
    (tag_end > tag_start && (body > newline || newline == bytes.len())).then_some(HeredocBegin {
        tag_start,
        tag_end,
        body,
    })
}

/// The line at `at`, if there is nothing on it but `tag`: where the tag starts and ends.
pub(super) fn heredoc_tag_line(text: &str, at: usize, tag: &str) -> Option<(usize, usize)> {
    let line = text.get(at..line_end(text.as_bytes(), at))?;
    let start = at + (line.len() - line.trim_start().len());
    (line.trim() == tag).then_some((start, start + tag.len()))
}

/// The first line from `at` on with nothing on it but `tag`: where that tag starts and ends.
///
/// A heredoc of the same tag inside an interpolation has a closing tag of its own.
pub(super) fn heredoc_close(text: &str, mut at: usize, tag: &str) -> Option<(usize, usize)> {
    let mut nested = 0u32;
    while at < text.len() {
        match heredoc_tag_line(text, at, tag) {
            Some(found) if nested == 0 => return Some(found),
            Some(_) => nested -= 1,
            None => {
                let line = &text[at..line_end(text.as_bytes(), at)];
                nested += u32::from(opens_heredoc(line, tag) && line.contains("${"));
            }
        }
        at = next_line(text.as_bytes(), at);
    }
    None
}

/// Whether `line` ends in `<<tag` or `<<-tag`.
pub(super) fn opens_heredoc(line: &str, tag: &str) -> bool {
    let before = line.strip_suffix(tag);
    before.is_some_and(|before| before.ends_with("<<") || before.ends_with("<<-"))
}

/// Where the line after that of `at` starts.
pub(super) fn next_line(bytes: &[u8], at: usize) -> usize {
    let end = line_end(bytes, at);
    end + newline_len(bytes, end)
}
