//! A statement as its words: what rules look at that no change tells, such as `CONCURRENTLY`.
//!
//! Made from the tokens of the statement's tree, so comments and white space do not matter and parts the grammar does
//! not know are seen like all others. Invariant: a word in quotes is a name and never equals a keyword.

use schema::SmolStr;
use syntax::sql::{File, Grammar, Piece, SyntaxKind};
use text::{Text, TextRange, TextSize};

/// The words of one statement, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words(pub Vec<Word>);

/// A word, a number, a string, or a mark such as `(` or `||`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// In upper case when it is bare; between its quotes as it is.
    pub text: SmolStr,
    /// As it is written, without quotes.
    pub name: SmolStr,
    pub kind: WordKind,
    /// How many parentheses are open; those themselves count as outside.
    pub depth: u32,
    pub range: TextRange,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordKind {
    /// A keyword or a bare name.
    Bare,
    /// A name in quotes.
    Quoted,
    Text,
    Mark,
}

impl Words {
    /// The words of the statement of `piece`; ranges are those of the piece, moved by `offset`.
    pub fn of(piece: &Piece, offset: TextSize) -> Words {
        let mut words = Vec::new();
        let mut depth = 0_u32;
        let tokens = piece.syntax().descendants_with_tokens().filter_map(|element| element.into_token());
        for token in tokens {
            let kind = match token.kind() {
                kind if kind.is_trivia() => continue,
                SyntaxKind::DELIMITER | SyntaxKind::CLIENT_COMMAND => continue,
                SyntaxKind::IDENT | SyntaxKind::KEYWORD => WordKind::Bare,
                SyntaxKind::QUOTED_IDENT => WordKind::Quoted,
                SyntaxKind::STRING | SyntaxKind::DOLLAR_STRING | SyntaxKind::BLOB => WordKind::Text,
                _ => WordKind::Mark,
            };
            let raw = token.text();
            let (text, name) = match kind {
                WordKind::Bare => (SmolStr::from(raw.to_ascii_uppercase()), SmolStr::new(raw)),
                WordKind::Quoted => {
                    let name = syntax::sql::ast::unquote(raw);
                    (name.clone(), name)
                }
                _ => (SmolStr::new(raw), SmolStr::new(raw)),
            };
            if raw == ")" {
                depth = depth.saturating_sub(1);
            }
            words.push(Word { text, name, kind, depth, range: token.text_range() + offset });
            if raw == "(" {
                depth += 1;
            }
        }
        Words(words)
    }

    /// The words of `text`, one statement or a part of one.
    pub fn read(text: &str, grammar: &'static Grammar) -> Words {
        let file = File::parse(&Text::from(text), grammar, None);
        let mut words = Words::default();
        for placed in file.pieces() {
            words.0.extend(Words::of(&placed.piece, placed.start).0);
        }
        words
    }

    /// Whether the first words are these, where `words` has alternatives parted by `|` and `?` for one that may be
    /// missing: `["CREATE", "UNIQUE?", "INDEX"]`.
    pub fn starts_with(&self, words: &[&str]) -> bool {
        starts_with(&self.0, words)
    }

    /// Where these words stand next to each other.
    pub fn find(&self, words: &[&str]) -> Option<TextRange> {
        find(&self.0, words)
    }

    pub fn has(&self, words: &[&str]) -> bool {
        self.find(words).is_some()
    }

    /// The parts between the commas outside of parentheses: the actions of an `ALTER TABLE`.
    pub fn clauses(&self) -> impl Iterator<Item = &[Word]> {
        self.0.split(|word| word.depth == 0 && word.text == ",")
    }

    /// The parts between the commas of the first parentheses: what a `CREATE TABLE` lists.
    pub fn elements(&self) -> Vec<&[Word]> {
        let Some(open) = self.0.iter().position(|word| word.text == "(" && word.kind == WordKind::Mark)
        else {
            return Vec::new();
        };
        let inside = &self.0[open + 1..];
        let close = inside.iter().position(|word| word.depth == 0).unwrap_or(inside.len());
        inside[..close].split(|word| word.depth == 1 && word.text == ",").collect()
    }

    /// From the first to the last word.
    pub fn range(&self) -> Option<TextRange> {
        range(&self.0)
    }
}

impl Word {
    /// Whether it is the keyword, or the bare name, `text` (in upper case).
    pub fn is(&self, text: &str) -> bool {
        !matches!(self.kind, WordKind::Quoted | WordKind::Text) && self.text == text
    }

    /// Whether it names `name`; a bare one does in any case of letters.
    pub fn names(&self, name: &str) -> bool {
        match self.kind {
            WordKind::Bare => self.name.eq_ignore_ascii_case(name),
            WordKind::Quoted => self.name == name,
            _ => false,
        }
    }
}

/// As [`Words::starts_with`], for a part.
pub fn starts_with(words: &[Word], pattern: &[&str]) -> bool {
    let mut at = 0;
    for wanted in pattern {
        let (wanted, may_miss) = match wanted.strip_suffix('?') {
            Some(wanted) => (wanted, true),
            None => (*wanted, false),
        };
        let fits = words.get(at).is_some_and(|word| wanted.split('|').any(|one| word.is(one)));
        match (fits, may_miss) {
            (true, _) => at += 1,
            (false, true) => {}
            (false, false) => return false,
        }
    }
    true
}

/// As [`Words::find`], for a part.
pub fn find(words: &[Word], pattern: &[&str]) -> Option<TextRange> {
    let at = (0..words.len()).find(|at| {
        pattern.iter().enumerate().all(|(nth, wanted)| {
            words.get(at + nth).is_some_and(|word| wanted.split('|').any(|one| word.is(one)))
        })
    })?;
    range(words.get(at..at + pattern.len())?)
}

/// From the first to the last word of a part.
pub fn range(words: &[Word]) -> Option<TextRange> {
    Some(words.first()?.range.cover(words.last()?.range))
}

/// Whether a part names `name`.
pub fn names(words: &[Word], name: &str) -> bool {
    words.iter().any(|word| word.names(name))
}
