//! Expressions and statements of MySQL as words: enough to compare two, to wrap one in parentheses, to find a name.
//!
//! Not a parser. Invariant: the words of a text in order, with white space and comments between them, are the text;
//! an unfinished string or comment runs to the end.

use std::ops::Range;

/// One word and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub kind: Kind,
    pub range: Range<usize>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A name, keyword or number without quotes.
    Bare,
    /// `` `name` ``.
    Name,
    /// `'text'` or `"text"`.
    Text,
    /// Anything else: one character.
    Sign,
}

/// The words of `text`.
pub fn words(text: &str) -> Vec<Word> {
    let bytes = text.as_bytes();
    let mut words = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let start = at;
        let kind = match bytes[at] {
            byte if byte.is_ascii_whitespace() => {
                at += 1;
                continue;
            }
            b'#' => {
                at = line_end(bytes, at);
                continue;
            }
            b'-' if bytes[at..].starts_with(b"--")
                && bytes.get(at + 2).is_none_or(|byte| byte.is_ascii_whitespace()) =>
            {
                at = line_end(bytes, at);
                continue;
            }
            // `/*! … */` is executed, so it is no comment.
            b'/' if bytes[at..].starts_with(b"/*") && !bytes[at..].starts_with(b"/*!") => {
                at = text[at + 2..].find("*/").map_or(bytes.len(), |end| at + 2 + end + 2);
                continue;
            }
            quote @ (b'\'' | b'"' | b'`') => {
                at = quoted_end(bytes, at, quote);
                if quote == b'`' { Kind::Name } else { Kind::Text }
            }
            byte if is_bare(byte) => {
                at += bytes[at..].iter().take_while(|byte| is_bare(**byte)).count();
                Kind::Bare
            }
            _ => {
                at += 1;
                Kind::Sign
            }
        };
        words.push(Word { kind, range: start..at });
    }
    words
}

fn is_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'@') || !byte.is_ascii()
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |end| at + end + 1)
}

/// The end of what is quoted from `at` on: a doubled quote does not end it, nor does one behind a backslash in text.
fn quoted_end(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    at += 1;
    while at < bytes.len() {
        if bytes[at] == b'\\' && quote != b'`' {
            at += 2;
        } else if bytes[at] == quote {
            if bytes.get(at + 1) != Some(&quote) {
                return at + 1;
            }
            at += 2;
        } else {
            at += 1;
        }
    }
    bytes.len()
}

/// What a quoted word says: without quotes, doubled quotes once, escapes of text resolved.
pub fn unquote(word: &str) -> String {
    let Some(quote) = word.chars().next().filter(|quote| matches!(quote, '\'' | '"' | '`')) else {
        return word.to_string();
    };
    let inner = &word[1..];
    let inner = inner.strip_suffix(quote).unwrap_or(inner);
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars().peekable();
    while let Some(char) = chars.next() {
        if char == quote {
            chars.next_if_eq(&quote);
            out.push(char);
        } else if char == '\\' && quote != '`' {
            match chars.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('t') => out.push('\t'),
                Some('b') => out.push('\u{8}'),
                Some('0') => out.push('\0'),
                Some('Z') => out.push('\u{1a}'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            }
        } else {
            out.push(char);
        }
    }
    out
}

/// `expr` in parentheses, unless it stands in one pair of them already.
pub fn wrap(expr: &str) -> String {
    let expr = expr.trim();
    if is_wrapped(expr, &words(expr)) { expr.to_string() } else { format!("({expr})") }
}

/// `expr` without parentheses around all of it.
pub fn strip(expr: &str) -> &str {
    let mut expr = expr.trim();
    while is_wrapped(expr, &words(expr)) {
        expr = expr[1..expr.len() - 1].trim();
    }
    expr
}

fn is_sign(text: &str, word: &Word, sign: &str) -> bool {
    word.kind == Kind::Sign && &text[word.range.clone()] == sign
}

/// Whether the first parenthesis closes with the last word.
fn is_wrapped(text: &str, words: &[Word]) -> bool {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return false };
    if !is_sign(text, first, "(") || !is_sign(text, last, ")") {
        return false;
    }
    let mut depth = 0;
    for (at, word) in words.iter().enumerate() {
        if is_sign(text, word, "(") {
            depth += 1;
        } else if is_sign(text, word, ")") {
            depth -= 1;
            if depth == 0 {
                return at + 1 == words.len();
            }
        }
    }
    false
}

/// Whether two expressions are the same but for spaces, case, quotes of names, parentheses around all of it and the
/// charsets the server writes before text. Where one was written by hand and the other printed by a server, parentheses
/// and other names of operators do not count either.
pub fn same(a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let (first, second) = (canonical(a, true), canonical(b, true));
    first == second || is_printed(a) != is_printed(b) && plain(&first) == plain(&second)
}

/// Whether a server may have printed the text: every name is in backticks.
pub fn is_printed(text: &str) -> bool {
    let all = words(text);
    let is_bare_name = |(at, word): (usize, &Word)| {
        let source = &text[word.range.clone()];
        let call = all.get(at + 1).is_some_and(|next| is_sign(text, next, "("));
        let introducer =
            source.starts_with('_') && all.get(at + 1).is_some_and(|next| next.kind == Kind::Text);
        let number = source.starts_with(|char: char| char.is_ascii_digit());
        word.kind == Kind::Bare && !call && !introducer && !number && !PRINTED.contains(&source)
    };
    !all.iter().enumerate().any(is_bare_name)
}

/// Words that are no names, as servers print them.
const PRINTED: &[&str] = &[
    "and", "or", "not", "is", "null", "in", "between", "like", "escape", "case", "when", "then", "else",
    "end", "div", "mod", "xor", "regexp", "rlike", "true", "false", "interval", "as", "charset", "signed",
    "unsigned", "char", "collate", "distinct", "from", "using", "select", "where", "AS", "group", "by",
    "having", "order", "limit", "join", "left", "on", "union", "all", "exists", "desc", "asc", "day",
    "month", "year", "hour", "minute", "second", "cast",
];

/// Canonical words without parentheses, operators under one name.
fn plain(words: &[String]) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let next = words.get(at + 1).map(String::as_str);
        at += 1;
        let (word, taken) = match (word.as_str(), next) {
            ("(" | ")", _) => continue,
            ("!", Some("=")) => ("<>", 1),
            ("<", Some(">")) => ("<>", 1),
            ("&", Some("&")) => ("and", 1),
            ("|", Some("|")) => ("or", 1),
            (word, _) => (word, 0),
        };
        at += taken;
        out.push(word.to_string());
    }
    out
}

/// Whether two statements are the same but for spaces, the case of keywords and quotes of names.
pub fn same_statement(a: &str, b: &str) -> bool {
    a == b || canonical(a, false) == canonical(b, false)
}

/// The words as they are compared; `strip` takes off parentheses around all of them.
pub fn canonical(text: &str, strip: bool) -> Vec<String> {
    let all = words(text);
    let mut words = &all[..];
    while words.last().is_some_and(|word| is_sign(text, word, ";")) {
        words = &words[..words.len() - 1];
    }
    while strip && is_wrapped(text, words) {
        words = &words[1..words.len() - 1];
    }
    let mut out = Vec::with_capacity(words.len());
    for (at, word) in words.iter().enumerate() {
        let source = &text[word.range.clone()];
        out.push(match word.kind {
            Kind::Bare => {
                let introducer =
                    source.starts_with('_') && words.get(at + 1).is_some_and(|next| next.kind == Kind::Text);
                if introducer {
                    continue;
                }
                source.to_lowercase()
            }
            Kind::Name => unquote(source).to_lowercase(),
            Kind::Text => format!("'{}", unquote(source)),
            Kind::Sign => source.to_string(),
        });
    }
    out
}

/// The statement `text` with `qualifier` before the names that follow `keywords`, each once and in this order.
///
/// Of several names after one keyword (`IF NOT EXISTS`) the first that is no keyword counts. A name that has a
/// qualifier keeps it.
pub fn qualify(text: &str, qualifier: &str, keywords: &[&str]) -> String {
    let words = words(text);
    let mut out = String::with_capacity(text.len() + 16);
    let (mut copied, mut wanted, mut armed) = (0, keywords.iter(), None);
    let mut next = wanted.next();
    for (at, word) in words.iter().enumerate() {
        let source = &text[word.range.clone()];
        if armed.is_some() {
            let filler = word.kind == Kind::Bare
                && ["IF", "NOT", "EXISTS"].iter().any(|filler| filler.eq_ignore_ascii_case(source));
            if filler {
                continue;
            }
            armed = None;
            if !words.get(at + 1).is_some_and(|next| is_sign(text, next, ".")) {
                out.push_str(&text[copied..word.range.start]);
                out.push_str(qualifier);
                out.push('.');
                copied = word.range.start;
            }
        } else if let Some(keyword) = next
            && word.kind == Kind::Bare
            && keyword.eq_ignore_ascii_case(source)
        {
            armed = Some(());
            next = wanted.next();
        }
    }
    out.push_str(&text[copied..]);
    out
}

/// The statement with `addition` behind the first place where `keywords` follow one another.
pub fn insert_after(text: &str, keywords: &[&str], addition: &str) -> String {
    let words = words(text);
    let is = |word: &Word, keyword: &str| {
        word.kind == Kind::Bare && keyword.eq_ignore_ascii_case(&text[word.range.clone()])
    };
    let found = words
        .windows(keywords.len().max(1))
        .find(|window| window.iter().zip(keywords).all(|(word, keyword)| is(word, keyword)));
    match found.and_then(|window| window.last()) {
        Some(word) => format!("{} {addition}{}", &text[..word.range.end], &text[word.range.end..]),
        None => text.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_respects_quotes_and_pairs() {
        assert_eq!(wrap("a > 0"), "(a > 0)");
        assert_eq!(wrap("(a > 0)"), "(a > 0)");
        assert_eq!(wrap("(a) or (b)"), "((a) or (b))");
        assert_eq!(wrap("(a = ')')"), "(a = ')')");
        assert_eq!(wrap(r"(a = 'x\')')"), r"(a = 'x\')')");
    }

    #[test]
    fn expressions_are_compared_by_their_words() {
        assert!(same("(`a` > 0)", "A>0"));
        assert!(same("(`n` in (_utf8mb4'a',_utf8mb4\"b\"))", "n in ('a', 'b')"));
        assert!(same(r"concat(`a`,'it\'s')", "CONCAT(a, 'it''s')"));
        assert!(!same("a = 'X'", "a = 'x'"));
        assert!(!same("(a) or (b)", "a) or (b"));
        assert!(!same("a + b", "a - b"));
        // One side is a server's: its parentheses are its own.
        assert!(same("((`a` > 0) and (`b` <> 1))", "a > 0 AND b != 1"));
        assert!(!same("((`a` or `b`) and `c`)", "(`a` or (`b` and `c`))"));
    }

    #[test]
    fn names_are_qualified_where_they_are_not() {
        let qualified = |text: &str, keywords: &[&str]| qualify(text, "`s`", keywords);
        assert_eq!(
            qualified(
                "CREATE TRIGGER `on` BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 'on'",
                &["TRIGGER", "ON"]
            ),
            "CREATE TRIGGER `s`.`on` BEFORE INSERT ON `s`.t FOR EACH ROW SET NEW.a = 'on'"
        );
        assert_eq!(
            qualified("create function if not exists f() returns int return 1", &["FUNCTION"]),
            "create function if not exists `s`.f() returns int return 1"
        );
        assert_eq!(
            qualified("CREATE PROCEDURE x.p() SELECT 1", &["PROCEDURE"]),
            "CREATE PROCEDURE x.p() SELECT 1"
        );
    }
}
