//! A statement about accounts as a row of words: their trees hold no more than the first.
//!
//! Nothing here is an error: what does not fit is `None`, and the reader stops. Invariant: names and texts are what they
//! mean, and an account is called as the model calls it.

use engine::replay::Name;
use schema::SmolStr;
use syntax::sql::Piece;
use text::{TextRange, TextSize};

use crate::mysql::words::{self, Kind, Word};

/// The words of a statement, and how far they were read.
#[derive(Clone, Debug)]
pub(super) struct Words<'a> {
    text: &'a str,
    /// Where `text` starts in the piece.
    offset: TextSize,
    words: Vec<Word>,
    at: usize,
}

impl<'a> Words<'a> {
    pub fn of(piece: &'a Piece) -> Self {
        let range = piece.statement_range();
        let text = piece.text().get(usize::from(range.start())..usize::from(range.end())).unwrap_or_default();
        let mut list = words::words(text);
        if list.last().is_some_and(|word| &text[word.range.clone()] == ";") {
            list.pop();
        }
        Self { text, offset: range.start(), words: list, at: 0 }
    }

    fn now(&self) -> Option<(Kind, &'a str)> {
        let word = self.words.get(self.at)?;
        Some((word.kind, self.text.get(word.range.clone())?))
    }

    pub fn is_end(&self) -> bool {
        self.at >= self.words.len()
    }

    /// One word further, whatever it is.
    pub fn skip(&mut self) {
        self.at += 1;
    }

    /// Whether the next word is this one.
    pub fn is(&self, word: &str) -> bool {
        self.now().is_some_and(|(kind, text)| {
            matches!(kind, Kind::Bare | Kind::Sign) && text.eq_ignore_ascii_case(word)
        })
    }

    pub fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    /// Takes this word.
    pub fn eat(&mut self, word: &str) -> bool {
        let is = self.is(word);
        self.at += usize::from(is);
        is
    }

    /// Takes these words, all or none.
    pub fn eat_all(&mut self, words: &[&str]) -> bool {
        let before = self.at;
        let all = words.iter().all(|word| self.eat(word));
        if !all {
            self.at = before;
        }
        all
    }

    /// Goes to this word, outside of parentheses; whether there is one.
    pub fn find(&mut self, word: &str) -> bool {
        let mut depth = 0usize;
        while !self.is_end() {
            match self.now() {
                Some((Kind::Sign, "(")) => depth += 1,
                Some((Kind::Sign, ")")) => depth = depth.saturating_sub(1),
                _ if depth == 0 && self.is(word) => return true,
                _ => {}
            }
            self.skip();
        }
        false
    }

    /// A word in upper case.
    pub fn word(&mut self) -> Option<String> {
        let (kind, text) = self.now()?;
        (kind == Kind::Bare).then(|| self.at += 1)?;
        Some(text.to_ascii_uppercase())
    }

    /// A name.
    pub fn name(&mut self) -> Option<SmolStr> {
        let (kind, text) = self.now()?;
        matches!(kind, Kind::Bare | Kind::Name).then(|| self.at += 1)?;
        Some(words::unquote(text).into())
    }

    /// `(name, …)`; nothing where there is no parenthesis.
    pub fn names(&mut self) -> Vec<SmolStr> {
        let mut list = Vec::new();
        if !self.eat("(") {
            return list;
        }
        while let Some(name) = self.name() {
            list.push(name);
            if !self.eat(",") {
                break;
            }
        }
        self.eat(")");
        list
    }

    /// A text in quotes.
    pub fn text(&mut self) -> Option<String> {
        let (kind, text) = self.now()?;
        (kind == Kind::Text).then(|| self.at += 1)?;
        Some(words::unquote(text))
    }

    /// A name, a text or a word, whichever it is.
    pub fn value(&mut self) -> Option<String> {
        let (kind, text) = self.now()?;
        (kind != Kind::Sign).then(|| self.at += 1)?;
        Some(words::unquote(text))
    }

    /// A whole number.
    pub fn number(&mut self) -> Option<i64> {
        let (_, text) = self.now()?;
        let number = text.parse().ok()?;
        self.at += 1;
        Some(number)
    }

    /// `user`, `user@host`, `'user'@'host'`, with quotes or without.
    pub fn account(&mut self) -> Option<Name> {
        let first = self.words.get(self.at)?.range.clone();
        let (kind, text) = self.now()?;
        if text.eq_ignore_ascii_case("CURRENT_USER") && kind == Kind::Bare {
            return None;
        }
        let (user, mut host) = match kind {
            Kind::Text | Kind::Name => (words::unquote(text), None),
            Kind::Bare => match text.split_once('@') {
                Some((user, host)) => (user.to_owned(), Some(host.to_owned())),
                None => (text.to_owned(), None),
            },
            Kind::Sign => return None,
        };
        self.at += 1;
        if host.is_none()
            && let Some((Kind::Bare, text)) = self.now()
            && let Some(rest) = text.strip_prefix('@')
        {
            self.at += 1;
            host = Some(rest.to_owned());
        }
        if let Some(host) = &mut host {
            if host.is_empty() {
                host.push_str(&words::unquote(self.now()?.1));
                self.at += 1;
            } else {
                // A host without quotes has points.
                while self.is(".") {
                    self.at += 1;
                    host.push('.');
                    if let Some((Kind::Bare, text)) = self.now() {
                        host.push_str(text);
                        self.at += 1;
                    }
                }
            }
        }
        let end = self.words.get(self.at.saturating_sub(1)).map_or(first.end, |word| word.range.end);
        let at = |place: usize| self.offset + TextSize::try_from(place).unwrap_or_default();
        let range = TextRange::new(at(first.start), at(end.max(first.start)));
        let text = match host {
            Some(host) => format!("{user}@{host}").into(),
            None => user.into(),
        };
        Some(Name { text, range })
    }

    /// Accounts with commas between them.
    pub fn accounts(&mut self) -> Vec<Name> {
        let mut list = Vec::new();
        while let Some(name) = self.account() {
            list.push(name);
            if !self.eat(",") {
                break;
            }
        }
        list
    }
}
