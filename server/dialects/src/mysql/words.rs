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
                // For patterns: a backslash before what stands for anything is kept.
                Some(other @ ('%' | '_')) => out.extend(['\\', other]),
                Some(other) => out.push(other),
                None => out.push('\\'),
            }
        } else {
            out.push(char);
        }
    }
    out
}

/// Whether a generated column says since or until when a row of a system-versioned table is valid (MariaDB).
pub fn is_row_bound(expr: &str) -> bool {
    let mut words = expr.split_whitespace();
    let (first, second) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    first.eq_ignore_ascii_case("row") && ["start", "end"].iter().any(|it| second.eq_ignore_ascii_case(it))
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

/// The query with `qualifier` before every table it names without one.
///
/// Tables stand behind `FROM` and `JOIN` of a `SELECT`, and behind a comma there. Names that the query itself gives
/// (`WITH x AS`) are left alone.
pub fn qualify_tables(query: &str, qualifier: &str) -> String {
    let words = words(query);
    let text = |at: usize| words.get(at).map(|word| &query[word.range.clone()]);
    let is = |at: usize, keyword: &str| {
        words.get(at).is_some_and(|word| word.kind != Kind::Text)
            && text(at).is_some_and(|word| keyword.eq_ignore_ascii_case(word))
    };
    let given: Vec<String> = (0..words.len())
        .filter(|&at| is(at + 1, "as") && is(at + 2, "(") && (is(at + 3, "select") || is(at + 3, "with")))
        .filter_map(|at| text(at).map(|word| unquote(word).to_lowercase()))
        .collect();
    /// What is known within one pair of parentheses.
    #[derive(Clone, Copy, Default)]
    struct Level {
        select: bool,
        from: bool,
        /// The next name is a table.
        table: bool,
    }
    let mut levels = vec![Level::default()];
    let mut out = String::with_capacity(query.len() + 16);
    let mut copied = 0;
    for (at, word) in words.iter().enumerate() {
        let Some(level) = levels.last_mut() else { break };
        let source = &query[word.range.clone()];
        match (word.kind, source) {
            (Kind::Sign, "(") => {
                // `from (a join b)`: the parentheses are those of tables.
                let inside = Level { select: level.table, from: level.table, table: level.table };
                level.table = false;
                levels.push(inside);
            }
            (Kind::Sign, ")") => {
                levels.pop();
            }
            (Kind::Sign, ",") => level.table = level.from,
            (Kind::Bare, _) if is(at, "select") => {
                *level = Level { select: true, ..Level::default() };
            }
            (Kind::Bare, _)
                if level.select && (is(at, "from") || is(at, "join") || is(at, "straight_join")) =>
            {
                *level = Level { from: true, table: true, ..*level };
            }
            (Kind::Bare, _)
                if ["on", "using", "where", "group", "having", "order", "limit", "union", "window"]
                    .iter()
                    .any(|keyword| is(at, keyword)) =>
            {
                // A comma behind `on` begins another table; behind the others it does not.
                let stays = is(at, "on") || is(at, "using");
                *level = Level { table: false, from: level.from && stays, ..*level };
            }
            (Kind::Bare | Kind::Name, _) if level.table => {
                level.table = false;
                let other = is(at + 1, ".") || is(at + 1, "(") || is(at, "lateral") || is(at, "dual");
                if !other && !given.contains(&unquote(source).to_lowercase()) {
                    out.push_str(&query[copied..word.range.start]);
                    out.push_str(qualifier);
                    out.push('.');
                    copied = word.range.start;
                }
            }
            _ => {}
        }
    }
    out.push_str(&query[copied..]);
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
    fn tables_of_a_query_are_qualified() {
        let check = |query: &str, expected: &str| assert_eq!(qualify_tables(query, "`s`"), expected);
        check("select `t`.`a` AS `a` from `t`", "select `t`.`a` AS `a` from `s`.`t`");
        check(
            "select 1 from (`a` join `b` `x` on((`a`.`i` = `x`.`i`))) where exists(select 1 from c)",
            "select 1 from (`s`.`a` join `s`.`b` `x` on((`a`.`i` = `x`.`i`))) where exists(select 1 from `s`.c)",
        );
        check("select a, b from t, u where a in (1, b)", "select a, b from `s`.t, `s`.u where a in (1, b)");
        check(
            "select extract(year from d), 'from x' from o.t",
            "select extract(year from d), 'from x' from o.t",
        );
        check(
            "with w as (select 1 from t) select * from w union select * from u order by a, b",
            "with w as (select 1 from `s`.t) select * from w union select * from `s`.u order by a, b",
        );
        check("select q.a from (select a from t) q", "select q.a from (select a from `s`.t) q");
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
