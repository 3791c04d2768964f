//! The words of a type: its name, what stands in parentheses, `unsigned` and `zerofill`.
//!
//! Invariant: [`quote`] and [`unquote`] are each other's inverse.

use schema::Arg;

/// The text of a type, taken apart.
pub(super) struct Words {
    /// Lower case, with single blanks.
    pub name: String,
    pub args: Vec<Arg>,
    pub unsigned: bool,
    pub zerofill: bool,
}

impl Words {
    /// `None` when the text has another form than `name words (args) words`.
    pub fn of(raw: &str) -> Option<Self> {
        let (before, args, after) = match raw.find('(') {
            Some(open) => {
                let (args, rest) = arguments(&raw[open + 1..])?;
                (&raw[..open], args, rest)
            }
            None => (raw, Vec::new(), ""),
        };
        let mut words = Words { name: String::new(), args, unsigned: false, zerofill: false };
        let mut name = Vec::new();
        for word in before.split_whitespace().chain(after.split_whitespace()) {
            match word.to_ascii_lowercase().as_str() {
                "unsigned" => words.unsigned = true,
                "signed" => {}
                "zerofill" => (words.unsigned, words.zerofill) = (true, true),
                // The name of a type in two words: behind the size nothing else can stand.
                other => name.push(other.to_string()),
            }
        }
        words.name = name.join(" ");
        let plain = |ch: char| ch.is_ascii_alphanumeric() || matches!(ch, '_' | ' ');
        (!words.name.is_empty() && words.name.chars().all(plain)).then_some(words)
    }
}

/// What stands between the parentheses, and the text behind them.
fn arguments(text: &str) -> Option<(Vec<Arg>, &str)> {
    let mut rest = text.trim_start();
    let mut args = Vec::new();
    if let Some(after) = rest.strip_prefix(')') {
        return Some((args, after));
    }
    loop {
        let first = rest.chars().next()?;
        if matches!(first, '\'' | '"') {
            let (value, after) = unquote(rest)?;
            args.push(Arg::Str(value));
            rest = after;
        } else {
            let end = rest.find(|ch: char| !ch.is_ascii_digit())?;
            args.push(Arg::Int(rest[..end].parse().ok()?));
            rest = &rest[end..];
        }
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix(')') {
            return Some((args, after));
        }
        rest = rest.strip_prefix(',')?.trim_start();
    }
}

/// The value of the literal `text` starts with, and what is behind it.
pub fn unquote(text: &str) -> Option<(String, &str)> {
    let quote = text.chars().next()?;
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, ch)) = chars.next() {
        if ch == '\\' {
            let (_, escaped) = chars.next()?;
            // For patterns: a backslash before what stands for anything is kept.
            if matches!(escaped, '%' | '_') {
                value.push('\\');
            }
            value.push(match escaped {
                '0' => '\0',
                'b' => '\u{8}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'Z' => '\u{1a}',
                other => other,
            });
        } else if ch == quote {
            if chars.peek().is_some_and(|(_, next)| *next == quote) {
                chars.next();
                value.push(quote);
            } else {
                return Some((value, &text[at + ch.len_utf8()..]));
            }
        } else {
            value.push(ch);
        }
    }
    None
}

/// `value` as a literal of SQL.
pub fn quote(value: &str) -> String {
    let mut out = String::with_capacity(value.len() + 2);
    out.push('\'');
    for ch in value.chars() {
        match ch {
            '\'' => out.push_str("''"),
            '\\' => out.push_str("\\\\"),
            '\0' => out.push_str("\\0"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\u{1a}' => out.push_str("\\Z"),
            ch => out.push(ch),
        }
    }
    out.push('\'');
    out
}
