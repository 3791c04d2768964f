//! Whether two expressions are surely the same, written differently at most.
//!
//! Compares words, not meaning: case of words, quotes of names, white space, comments, outer parentheses, the form of
//! numbers, `<>` for `!=` and `==` for `=`. Invariant: what is called the same is the same to SQLite; what is not may
//! still mean the same.

use std::borrow::Cow;

/// A word of an expression in the form two spellings share.
#[derive(Clone, Debug, PartialEq)]
pub enum Word<'a> {
    /// A name or keyword, lower case, without quotes.
    Name(Cow<'a, str>),
    /// A string or blob, as it reads without quotes and doubling.
    Text(String),
    Blob(String),
    Number(Number),
    Sign(&'a str),
}

/// A number by value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Number {
    Int(i128),
    Real(f64),
}

/// Whether `a` and `b` are the same expression.
pub fn same(a: &str, b: &str) -> bool {
    a == b || strip(&words(a)) == strip(&words(b))
}

/// Whether `a` and `b` are the same statement or query.
pub fn same_statement(a: &str, b: &str) -> bool {
    let trim = |text| {
        let mut words = words(text);
        while words.last() == Some(&Word::Sign(";")) {
            words.pop();
        }
        words
    };
    a == b || trim(a) == trim(b)
}

/// Without parentheses around all of it.
pub fn strip<'a, 'b>(mut words: &'b [Word<'a>]) -> &'b [Word<'a>] {
    while let [Word::Sign("("), inner @ .., Word::Sign(")")] = words {
        let mut depth = 0i32;
        let closed_early = inner.iter().any(|word| {
            match word {
                Word::Sign("(") => depth += 1,
                Word::Sign(")") => depth -= 1,
                _ => {}
            }
            depth < 0
        });
        if closed_early || inner.is_empty() {
            break;
        }
        words = inner;
    }
    words
}

/// Whether one pair of parentheses encloses all of `text`.
pub fn is_wrapped(text: &str) -> bool {
    let words = words(text);
    strip(&words).len() < words.len()
}

/// `text` in parentheses, unless it is.
pub fn wrap(text: &str) -> String {
    let text = text.trim();
    if is_wrapped(text) { text.to_string() } else { format!("({text})") }
}

/// A quoted name or string without its quotes; anything else as it is.
pub fn unquote(text: &str) -> String {
    match text.chars().next() {
        Some(quote @ ('"' | '`' | '\'')) => quoted(text, quote).1,
        Some('[') => text.trim_start_matches('[').trim_end_matches(']').to_string(),
        _ => text.to_string(),
    }
}

/// What follows the first word `AS` of `text`.
pub fn behind_as(text: &str) -> Option<&str> {
    let is_word = |byte: Option<&u8>| byte.is_some_and(|byte| is_name(*byte));
    let bytes = text.as_bytes();
    (1..text.len()).find_map(|at| {
        let found = bytes.get(at..at + 2)?.eq_ignore_ascii_case(b"as");
        (found && !is_word(bytes.get(at - 1)) && !is_word(bytes.get(at + 2))).then(|| &text[at + 2..])
    })
}

/// Every name in `text` that may be a table, in lower case.
pub fn names(text: &str) -> impl Iterator<Item = String> {
    words(text).into_iter().filter_map(|word| match word {
        Word::Name(name) => Some(name.into_owned()),
        // SQLite takes 'x' for a name where only a name can be.
        Word::Text(text) => Some(text.to_ascii_lowercase()),
        _ => None,
    })
}

/// The words of `text`. Never fails: an unclosed quote ends with the text.
pub fn words(text: &str) -> Vec<Word<'_>> {
    let bytes = text.as_bytes();
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let rest = &text[at..];
        let len = match byte {
            b' ' | b'\t' | b'\n' | b'\r' | 0x0c => 1,
            b'-' if rest.starts_with("--") => rest.find('\n').unwrap_or(rest.len()),
            b'/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |end| end + 2),
            b'\'' => {
                let (len, text) = quoted(rest, '\'');
                words.push(Word::Text(text));
                len
            }
            b'"' | b'`' => {
                let (len, name) = quoted(rest, byte as char);
                words.push(Word::Name(Cow::Owned(name.to_ascii_lowercase())));
                len
            }
            b'[' => {
                let end = rest.find(']').unwrap_or(rest.len());
                words.push(Word::Name(Cow::Owned(rest[1..end].to_ascii_lowercase())));
                (end + 1).min(rest.len())
            }
            b'x' | b'X' if bytes.get(at + 1) == Some(&b'\'') => {
                let (len, text) = quoted(&rest[1..], '\'');
                words.push(Word::Blob(text.to_ascii_lowercase()));
                len + 1
            }
            b'0'..=b'9' => number(rest, &mut words),
            b'.' if bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => number(rest, &mut words),
            _ if is_name(byte) => {
                let len = rest.bytes().position(|byte| !is_name(byte)).unwrap_or(rest.len());
                words.push(Word::Name(lower(&rest[..len])));
                len
            }
            _ => sign(rest, &mut words),
        };
        at += len.max(1);
    }
    words
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'$' || byte >= 0x80
}

fn lower(text: &str) -> Cow<'_, str> {
    if text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(text.to_ascii_lowercase())
    } else {
        Cow::Borrowed(text)
    }
}

/// The length of a quoted run with its quotes, and what it says.
fn quoted(text: &str, quote: char) -> (usize, String) {
    let mut out = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, char)) = chars.next() {
        if char == quote {
            if chars.peek().is_some_and(|(_, next)| *next == quote) {
                chars.next();
            } else {
                return (at + quote.len_utf8(), out);
            }
        }
        out.push(char);
    }
    (text.len(), out)
}

fn number<'a>(text: &'a str, words: &mut Vec<Word<'a>>) -> usize {
    let bytes = text.as_bytes();
    let digits =
        |at: usize| bytes[at..].iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'_').count();
    if text.len() > 2 && bytes[0] == b'0' && bytes[1] | 0x20 == b'x' {
        let len = 2 + bytes[2..].iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        words.push(match u64::from_str_radix(&text[2..len], 16) {
            Ok(value) => Word::Number(Number::Int(i128::from(value as i64))),
            Err(_) => Word::Name(lower(&text[..len])),
        });
        return len;
    }
    let mut len = digits(0);
    let mut real = false;
    if bytes.get(len) == Some(&b'.') {
        real = true;
        len += 1 + digits(len + 1);
    }
    if bytes.get(len).is_some_and(|byte| byte | 0x20 == b'e') {
        let sign = usize::from(matches!(bytes.get(len + 1), Some(b'+' | b'-')));
        let exponent = digits((len + 1 + sign).min(bytes.len()));
        if exponent > 0 {
            real = true;
            len += 1 + sign + exponent;
        }
    }
    let text = text[..len].replace('_', "");
    let int = if real { None } else { text.parse::<i128>().ok() };
    words.push(Word::Number(match int {
        Some(value) => Number::Int(value),
        None => Number::Real(text.parse().unwrap_or(f64::INFINITY)),
    }));
    len
}

fn sign<'a>(text: &'a str, words: &mut Vec<Word<'a>>) -> usize {
    const LONG: &[(&str, &str)] = &[
        ("->>", "->>"),
        ("->", "->"),
        ("<>", "!="),
        ("!=", "!="),
        ("==", "="),
        ("<=", "<="),
        (">=", ">="),
        ("<<", "<<"),
        (">>", ">>"),
        ("||", "||"),
    ];
    if let Some((long, same)) = LONG.iter().find(|(long, _)| text.starts_with(long)) {
        words.push(Word::Sign(same));
        return long.len();
    }
    let len = text.chars().next().map_or(1, char::len_utf8);
    words.push(Word::Sign(&text[..len]));
    len
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_matter() {
        for (a, b) in [
            ("(1 + 1)", "1+1"),
            ("((a))", "a"),
            ("current_timestamp", "CURRENT_TIMESTAMP"),
            ("`a` > 0", "(\"A\">0)"),
            ("[a b] = 1.50", "`a b` == 1.5"),
            ("lower( x ) -- why\n", "LOWER(x)"),
            ("x'0A'", "X'0a'"),
            ("a <> 'x''y'", "a != 'x''y'"),
            ("1e3", "1000.0"),
            ("0x10", "16"),
        ] {
            assert!(same(a, b), "{a} and {b}");
        }
    }

    #[test]
    fn meaning_does() {
        for (a, b) in [
            ("a", "b"),
            ("'a'", "'A'"),
            ("'a'", "a"),
            ("1", "1.0"),
            ("(a) + (b)", "a) + (b"),
            ("a - -1", "a - 1"),
            ("'", "''''"),
        ] {
            assert!(!same(a, b), "{a} and {b}");
        }
    }

    #[test]
    fn wrapping_knows_one_pair_of_parentheses() {
        assert_eq!(wrap("(a) or (b)"), "((a) or (b))");
        assert_eq!(wrap("(a)"), "(a)");
        assert_eq!(wrap("')'"), "(')')");
        assert_eq!(wrap(" x "), "(x)");
    }
}
