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
    let mut at = 0;
    while at < text.len() {
        let (token, len) = first(&text[at..])?;
        out.extend(token);
        at += len;
    }
    Some(out)
}

/// What `text`, which is not empty, begins with, and how many bytes it takes: a token, or `None` for blanks and comments.
pub fn first(text: &str) -> Option<(Option<Token>, usize)> {
    let token = |token: Token, len: usize| Some((Some(token), len));
    let ch = text.chars().next()?;
    let second = text[ch.len_utf8()..].chars().next();
    let until = |holds: &dyn Fn(char) -> bool| text.find(|ch: char| !holds(ch)).unwrap_or(text.len());
    if ch.is_whitespace() {
        return Some((None, until(&char::is_whitespace)));
    }
    if text.starts_with("--") {
        return Some((None, text.find('\n').unwrap_or(text.len())));
    }
    if text.starts_with("/*") {
        return Some((None, text.find("*/")? + 2));
    }
    match ch {
        '\'' => quoted(text, '\'').and_then(|(value, len)| token(Token::Text(value), len)),
        '"' => quoted(text, '"').and_then(|(value, len)| token(Token::Name(value), len)),
        'e' | 'E' if second == Some('\'') => {
            escaped(&text[1..]).and_then(|(value, len)| token(Token::Text(value), len + 1))
        }
        // Bits have a form of their own.
        'x' | 'X' | 'b' | 'B' if second == Some('\'') => None,
        _ if ch.is_alphabetic() || ch == '_' => {
            let len = until(&|ch| ch.is_alphanumeric() || ch == '_' || ch == '$');
            token(Token::Word(text[..len].to_lowercase()), len)
        }
        _ if ch.is_ascii_digit() || ch == '.' && second.is_some_and(|ch| ch.is_ascii_digit()) => {
            let mut len = until(&|ch| ch.is_ascii_digit() || ch == '.');
            if text[len..].starts_with(['e', 'E']) {
                let exponent = &text[len + 1..];
                let sign = usize::from(exponent.starts_with(['+', '-']));
                let digits =
                    exponent[sign..].find(|ch: char| !ch.is_ascii_digit()).unwrap_or(exponent.len() - sign);
                len += 1 + sign + digits;
            }
            token(Token::Number(text[..len].to_owned()), len)
        }
        _ if ["::", ":=", "=>"].iter().any(|op| text.starts_with(op)) => {
            token(Token::Op(text[..2].to_owned()), 2)
        }
        _ if "()[],.:;".contains(ch) => token(Token::Mark(ch), 1),
        _ if OPERATOR.contains(ch) => {
            let mut len = until(&|ch| OPERATOR.contains(ch));
            while len > 1
                && text[..len].ends_with(['+', '-'])
                && !text[..len].contains(|ch| "~!@#%^&|`?".contains(ch))
            {
                len -= 1;
            }
            token(Token::Op(text[..len].to_owned()), len)
        }
        _ => None,
    }
}

/// What operators are made of.
const OPERATOR: &str = "+-*/<>=~!@#%^&|`?";

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
