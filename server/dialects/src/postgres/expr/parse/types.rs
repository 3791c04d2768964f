//! Reads the names of types, in the words of the catalog.

use super::super::node::Ty;
use super::super::tokens::Token;
use super::Reader;
use crate::postgres::{names, types};

impl Reader {
    /// A type, in the words of the catalog.
    pub(super) fn ty(&mut self) -> Option<Ty> {
        let mut words: Vec<String> = Vec::new();
        let first = self.peek()?.clone();
        let mut quoted = false;
        match &first {
            Token::Word(word) => words.push(word.clone()),
            Token::Name(name) => {
                quoted = true;
                words.push(names::quoted(name).into_owned());
            }
            _ => return None,
        }
        self.at += 1;
        while self.peek() == Some(&Token::Mark('.')) {
            self.at += 1;
            let step = self.name()?;
            let last = words.last_mut()?;
            *last = format!("{last}.{}", names::quoted(&step));
            quoted = true;
        }
        if !quoted {
            let follow: &[&str] = match words[0].as_str() {
                "double" => &["precision"],
                "character" | "char" | "bit" | "nchar" => &["varying"],
                "national" => &["character", "char", "varying"],
                _ => &[],
            };
            while let Some(word) = follow.iter().find(|word| self.is_word(word)) {
                self.at += 1;
                words.push((*word).to_owned());
            }
        }
        let mut args = String::new();
        if self.peek() == Some(&Token::Mark('(')) {
            let mut list = Vec::new();
            self.at += 1;
            loop {
                match self.peek()?.clone() {
                    Token::Number(number) => list.push(number),
                    Token::Word(word) => list.push(word),
                    _ => return None,
                }
                self.at += 1;
                if !self.eat(',') {
                    break;
                }
            }
            self.expect(')')?;
            args = format!("({})", list.join(","));
        }
        if matches!(words[0].as_str(), "timestamp" | "time")
            && (self.is_word("with") || self.is_word("without"))
            && self.nth_word(1, "time")
        {
            for _ in 0..3 {
                words.push(self.name()?);
            }
        }
        let mut array = false;
        while self.eat('[') {
            if matches!(self.peek(), Some(Token::Number(_))) {
                self.at += 1;
            }
            self.expect(']')?;
            array = true;
        }
        if self.eat_word("array") {
            array = true;
        }
        Some(Ty { array, ..of_text(&format!("{}{args}", words.join(" "))) })
    }
}

/// The type a text names, in the catalog's words.
pub fn of_text(text: &str) -> Ty {
    let ty = types::parse(text);
    let text = if ty.schema.is_some() { types::text(&ty, "") } else { types::catalog(&ty) };
    let (text, array) = match text.strip_suffix("[]") {
        Some(element) => (element.to_owned(), true),
        None => (text, false),
    };
    match text.split_once('(') {
        Some((before, rest)) => {
            let (args, behind) = rest.split_once(')').unwrap_or((rest, ""));
            Ty { name: format!("{before}{behind}"), args: format!("({args})"), array }
        }
        None => Ty { name: text, args: String::new(), array },
    }
}
