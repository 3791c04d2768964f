//! A statement as a row of words, for definitions whose tree holds no more than their head.
//!
//! Nothing here is an error: what does not fit is `None`, and the reader stops. Invariant: names are folded as the server
//! folds them, strings are what they mean.

use engine::replay::Name;
use syntax::sql::{SyntaxKind, SyntaxNode, ast};
use text::TextRange;

use super::super::names;
use super::Qualified;
use super::routine::string_of;

/// The tokens of a statement that mean something, and how far they were read.
#[derive(Clone, Debug)]
pub(super) struct Words {
    tokens: Vec<(SyntaxKind, String, TextRange)>,
    at: usize,
}

impl Words {
    pub fn of(node: &SyntaxNode) -> Self {
        let tokens = node.descendants_with_tokens().filter_map(|element| element.into_token());
        let tokens =
            tokens.filter(|token| !token.kind().is_trivia() && token.kind() != SyntaxKind::DELIMITER);
        let tokens = tokens.map(|token| (token.kind(), token.text().to_owned(), token.text_range()));
        Self { tokens: tokens.collect(), at: 0 }
    }

    fn now(&self) -> Option<&(SyntaxKind, String, TextRange)> {
        self.tokens.get(self.at)
    }

    pub fn is_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// One word further, whatever it is.
    pub fn skip(&mut self) {
        self.at += 1;
    }

    /// Whether the next word is this one.
    pub fn is(&self, word: &str) -> bool {
        self.now().is_some_and(|(kind, text, _)| {
            *kind != SyntaxKind::QUOTED_IDENT
                && *kind != SyntaxKind::STRING
                && text.eq_ignore_ascii_case(word)
        })
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
        while !self.is_end() {
            if self.is("(") {
                self.group();
            } else if self.is(word) {
                return true;
            } else {
                self.skip();
            }
        }
        false
    }

    /// A word in upper case.
    pub fn word(&mut self) -> Option<String> {
        let (kind, text, _) = self.now()?;
        let is_word = matches!(kind, SyntaxKind::IDENT | SyntaxKind::KEYWORD);
        let word = is_word.then(|| text.to_ascii_uppercase())?;
        self.at += 1;
        Some(word)
    }

    /// A name.
    pub fn name(&mut self) -> Option<Name> {
        let (kind, text, range) = self.now()?;
        let text = match kind {
            SyntaxKind::QUOTED_IDENT => ast::unquote(text),
            SyntaxKind::IDENT | SyntaxKind::KEYWORD => text.to_lowercase().into(),
            _ => return None,
        };
        let text: schema::SmolStr = text;
        let kept = names::kept(&text);
        let text = if kept.len() < text.len() { kept.into() } else { text };
        let name = Name { text, range: *range };
        self.at += 1;
        Some(name)
    }

    /// `name`, or `schema.name`.
    pub fn path(&mut self) -> Option<Qualified> {
        let first = self.name()?;
        if self.eat(".") {
            return Some(Qualified { schema: Some(first), name: self.name()? });
        }
        Some(Qualified { schema: None, name: first })
    }

    /// A string; several in a row are one.
    pub fn string(&mut self) -> Option<String> {
        let mut whole: Option<String> = None;
        while let Some((SyntaxKind::STRING | SyntaxKind::DOLLAR_STRING, text, _)) = self.now() {
            whole.get_or_insert_default().push_str(&string_of(text)?);
            self.at += 1;
        }
        whole
    }

    /// A whole number.
    pub fn number(&mut self) -> Option<i64> {
        let negative = self.eat("-");
        let number: i64 = self.now()?.1.parse().ok()?;
        self.at += 1;
        Some(if negative { -number } else { number })
    }

    /// `( … )`: what is inside, as words of their own.
    pub fn group(&mut self) -> Option<Words> {
        if !self.is("(") {
            return None;
        }
        let start = self.at + 1;
        let mut depth = 0usize;
        while let Some((_, text, _)) = self.now() {
            depth = match text.as_str() {
                "(" => depth + 1,
                ")" => depth.saturating_sub(1),
                _ => depth,
            };
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
        let end = self.at.saturating_sub(1).max(start);
        Some(Words { tokens: self.tokens.get(start..end).unwrap_or_default().to_vec(), at: 0 })
    }

    /// The rest, up to a comma outside of parentheses or one of `stops`, as SQL.
    pub fn text_until(&mut self, stops: &[&str]) -> String {
        let start = self.at;
        while !self.is_end() && !self.is(",") && !stops.iter().any(|stop| self.is(stop)) {
            if self.is("(") {
                self.group();
            } else {
                self.skip();
            }
        }
        join(self.tokens.get(start..self.at).unwrap_or_default())
    }
}

/// Tokens as SQL: with a blank between words where there was something.
fn join(tokens: &[(SyntaxKind, String, TextRange)]) -> String {
    let mut out = String::new();
    let mut end = None;
    for (_, text, range) in tokens {
        if end.is_some_and(|end| end != range.start()) {
            out.push(' ');
        }
        out.push_str(text);
        end = Some(range.end());
    }
    out
}
