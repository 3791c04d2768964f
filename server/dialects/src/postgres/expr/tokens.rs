//! The tokens of expressions and queries, with what their quotes mean. What it does not know makes all of it unreadable.
//!
//! Source: PostgreSQL 15, `scan.l`.

/// A token.
#[derive(Clone, Debug, PartialEq)]
pub enum Token {
    /// In lower case.
    Word(String),
    /// In quotes.
    Name(String),
    Text(String),
    Number(String),
    Op(String),
    Mark(char),
}

/// The tokens of `text`; `None` when one is not known.
pub fn tokens(text: &str) -> Option<Vec<Token>> {
    let mut out = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some(&(at, ch)) = chars.peek() {
        let rest = &text[at..];
        if ch.is_whitespace() {
            chars.next();
            continue;
        }
        let len = if rest.starts_with("--") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/")? + 2
        } else if ch == '\'' {
            let (value, len) = quoted(rest, '\'')?;
            out.push(Token::Text(value));
            len
        } else if ch == '"' {
            let (value, len) = quoted(rest, '"')?;
            out.push(Token::Name(value));
            len
        } else if matches!(ch, 'e' | 'E') && rest[1..].starts_with('\'') {
            let (value, len) = escaped(&rest[1..])?;
            out.push(Token::Text(value));
            len + 1
        } else if rest.len() > 1 && matches!(ch, 'x' | 'X' | 'b' | 'B') && rest[1..].starts_with('\'') {
            // Bits have a form of their own.
            return None;
        } else if ch.is_alphabetic() || ch == '_' {
            let len =
                rest.find(|ch: char| !(ch.is_alphanumeric() || ch == '_' || ch == '$')).unwrap_or(rest.len());
            out.push(Token::Word(rest[..len].to_lowercase()));
            len
        } else if ch.is_ascii_digit() || (ch == '.' && rest[1..].starts_with(|ch: char| ch.is_ascii_digit()))
        {
            let mut len = rest.find(|ch: char| !(ch.is_ascii_digit() || ch == '.')).unwrap_or(rest.len());
            if rest[len..].starts_with(['e', 'E']) {
                let exponent = &rest[len + 1..];
                let sign = usize::from(exponent.starts_with(['+', '-']));
                let digits =
                    exponent[sign..].find(|ch: char| !ch.is_ascii_digit()).unwrap_or(exponent.len() - sign);
                len += 1 + sign + digits;
            }
            out.push(Token::Number(rest[..len].to_owned()));
            len
        } else if rest.starts_with("::") || rest.starts_with(":=") || rest.starts_with("=>") {
            out.push(Token::Op(rest[..2].to_owned()));
            2
        } else if "()[],.:;".contains(ch) {
            out.push(Token::Mark(ch));
            1
        } else if "+-*/<>=~!@#%^&|`?".contains(ch) {
            let mut len = rest.find(|ch: char| !"+-*/<>=~!@#%^&|`?".contains(ch)).unwrap_or(rest.len());
            while len > 1
                && rest[..len].ends_with(['+', '-'])
                && !rest[..len].contains(|ch| "~!@#%^&|`?".contains(ch))
            {
                len -= 1;
            }
            out.push(Token::Op(rest[..len].to_owned()));
            len
        } else {
            return None;
        };
        let end = at + len;
        while chars.peek().is_some_and(|(at, _)| *at < end) {
            chars.next();
        }
    }
    Some(out)
}

fn quoted(text: &str, quote: char) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, ch)) = chars.next() {
        if ch != quote {
            value.push(ch);
        } else if chars.peek().is_some_and(|(_, next)| *next == quote) {
            value.push(quote);
            chars.next();
        } else {
            return Some((value, at + 1));
        }
    }
    None
}

/// A string with escapes; those by number are not read.
fn escaped(text: &str) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1).peekable();
    while let Some((at, ch)) = chars.next() {
        match ch {
            '\\' => value.push(match chars.next()?.1 {
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                '0'..='9' | 'x' | 'u' | 'U' => return None,
                other => other,
            }),
            '\'' if chars.peek().is_some_and(|(_, next)| *next == '\'') => {
                value.push('\'');
                chars.next();
            }
            '\'' => return Some((value, at + 1)),
            ch => value.push(ch),
        }
    }
    None
}
