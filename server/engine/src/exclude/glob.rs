//! Go's `filepath.Match`: `*`, `?`, `[a-z]`, `[^a]`, `\`.

/// A parsed glob. Neither `*` nor `?` matches `/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob(Vec<Token>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Char(char),
    Any,
    Many,
    Class { negated: bool, ranges: Vec<(char, char)> },
}

impl Glob {
    /// Reads a glob; `None` when it is malformed.
    pub fn parse(text: &str) -> Option<Self> {
        let mut tokens = Vec::new();
        let mut chars = text.chars().peekable();
        while let Some(char) = chars.next() {
            tokens.push(match char {
                '*' => Token::Many,
                '?' => Token::Any,
                '\\' => Token::Char(chars.next()?),
                '[' => {
                    let negated = chars.next_if_eq(&'^').is_some();
                    let mut ranges = Vec::new();
                    loop {
                        if !ranges.is_empty() && chars.next_if_eq(&']').is_some() {
                            break;
                        }
                        let low = member(&mut chars)?;
                        let high = if chars.next_if_eq(&'-').is_some() { member(&mut chars)? } else { low };
                        ranges.push((low, high));
                    }
                    Token::Class { negated, ranges }
                }
                char => Token::Char(char),
            });
        }
        Some(Self(tokens))
    }

    /// Whether all of `name` matches.
    pub fn matches(&self, name: &str) -> bool {
        let name: Vec<char> = name.chars().collect();
        let (mut token, mut at) = (0, 0);
        // Where to go back to: behind the last `*`, and how far it reached.
        let mut back: Option<(usize, usize)> = None;
        loop {
            match self.0.get(token) {
                Some(Token::Many) => {
                    token += 1;
                    back = Some((token, at));
                    continue;
                }
                Some(single) if name.get(at).is_some_and(|char| matches(single, *char)) => {
                    token += 1;
                    at += 1;
                    continue;
                }
                None if at == name.len() => return true,
                _ => {}
            }
            match back {
                Some((after, reached)) if name.get(reached).is_some_and(|char| *char != '/') => {
                    back = Some((after, reached + 1));
                    token = after;
                    at = reached + 1;
                }
                _ => return false,
            }
        }
    }
}

fn member(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    match chars.next()? {
        '-' | ']' => None,
        '\\' => chars.next(),
        char => Some(char),
    }
}

fn matches(token: &Token, char: char) -> bool {
    match token {
        Token::Char(expected) => *expected == char,
        Token::Any => char != '/',
        Token::Many => true,
        Token::Class { negated, ranges } => {
            ranges.iter().any(|(low, high)| (*low..=*high).contains(&char)) != *negated
        }
    }
}
