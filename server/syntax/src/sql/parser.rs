//! Builds the tree of one statement.
//!
//! Never fails: what it does not know becomes an opaque node, what cannot be becomes an error node and one
//! diagnostic. Invariant: every token of the piece is in the tree, once and in order.

mod ddl;
mod expr;
mod mysql;
mod postgres;
mod query;
mod statement;
mod table;

use rowan::{Checkpoint, GreenNode, GreenNodeBuilder, Language};
use text::{Diagnostic, TextRange, TextSize};

use crate::sql::grammar::{Features, Grammar, closest};
use crate::sql::kind::{Sql, SyntaxKind};
use crate::sql::lexer::{self, Token};
use crate::sql::piece::Shape;
use crate::sql::split::CutKind;

/// A tree and what was found wrong.
pub(crate) struct Parsed {
    pub green: GreenNode,
    pub errors: Vec<Diagnostic>,
    pub has_opaque: bool,
}

/// How deep parentheses, queries and bodies may nest before their content is taken as it is.
const MAX_DEPTH: usize = 96;

/// Parses the piece `text`.
pub(crate) fn parse(text: &str, shape: Shape, grammar: &'static Grammar) -> Parsed {
    let tokens = match shape.kind {
        CutKind::Client => {
            vec![Token { kind: SyntaxKind::CLIENT_COMMAND, start: 0, end: text.len(), closed: true }]
        }
        CutKind::Statement | CutKind::Trivia => lexer::tokens(text, shape.delimiter_start, grammar),
    };
    let mut parser = Parser {
        text,
        tokens,
        at: 0,
        done: 0,
        builder: GreenNodeBuilder::new(),
        errors: Vec::new(),
        grammar,
        depth: 0,
        mute: false,
        has_opaque: false,
        in_body: false,
        recovering: false,
        found: 0,
        loose: 0,
        in_schema: false,
    };
    parser.unclosed();
    parser.builder.start_node(Sql::kind_to_raw(SyntaxKind::PIECE));
    parser.skip_trivia();
    match shape.kind {
        CutKind::Statement => parser.root(),
        CutKind::Client | CutKind::Trivia => {}
    }
    parser.rest();
    parser.delimiter(shape);
    parser.builder.finish_node();
    Parsed { green: parser.builder.finish(), errors: parser.errors, has_opaque: parser.has_opaque }
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// The current token; never trivia.
    at: usize,
    /// How many tokens are in the tree.
    done: usize,
    builder: GreenNodeBuilder<'static>,
    errors: Vec<Diagnostic>,
    grammar: &'static Grammar,
    depth: usize,
    /// A quote or comment is unclosed: whatever else looks wrong follows from it.
    mute: bool,
    has_opaque: bool,
    /// Within `BEGIN … END`, where `END` is no name.
    in_body: bool,
    /// An error was reported, and nothing was understood in full since: what looks wrong may follow from it.
    recovering: bool,
    /// How many errors were found, reported or not.
    found: usize,
    /// Within what is read loosely: a query of PostgreSQL. Nothing there is an error, and nothing unknown.
    loose: usize,
    /// Within `CREATE SCHEMA`, whose elements have no `;` between them.
    in_schema: bool,
}

impl<'a> Parser<'a> {
    // Looking.

    /// The `n`th token from here that is not trivia.
    fn nth(&self, n: usize) -> Option<Token> {
        self.tokens.get(self.at..)?.iter().filter(|token| !token.kind.is_trivia()).nth(n).copied()
    }

    fn kind(&self) -> Option<SyntaxKind> {
        self.tokens.get(self.at).map(|token| token.kind)
    }

    fn nth_kind(&self, n: usize) -> Option<SyntaxKind> {
        self.nth(n).map(|token| token.kind)
    }

    fn at(&self, kind: SyntaxKind) -> bool {
        self.kind() == Some(kind)
    }

    fn text_of(&self, token: Token) -> &'a str {
        self.text.get(token.start..token.end).unwrap_or_default()
    }

    /// The `n`th token when it is a bare word, else nothing.
    fn nth_word(&self, n: usize) -> &'a str {
        match self.nth(n) {
            Some(token) if token.kind == SyntaxKind::IDENT => self.text_of(token),
            _ => "",
        }
    }

    fn word(&self) -> &'a str {
        match self.tokens.get(self.at) {
            Some(token) if token.kind == SyntaxKind::IDENT => self.text_of(*token),
            _ => "",
        }
    }

    fn at_word(&self, word: &str) -> bool {
        self.word().eq_ignore_ascii_case(word)
    }

    fn at_any(&self, words: &[&str]) -> bool {
        let at = self.word();
        !at.is_empty() && words.iter().any(|word| at.eq_ignore_ascii_case(word))
    }

    fn nth_is(&self, n: usize, word: &str) -> bool {
        self.nth_word(n).eq_ignore_ascii_case(word)
    }

    /// Whether the `n`th token can be a name here.
    fn nth_is_name(&self, n: usize) -> bool {
        match self.nth(n) {
            Some(token) => match token.kind {
                SyntaxKind::IDENT => !self.grammar.is_reserved(self.text_of(token)),
                SyntaxKind::QUOTED_IDENT => true,
                SyntaxKind::STRING => self.grammar.has(Features::STRING_NAMES),
                _ => false,
            },
            None => false,
        }
    }

    fn at_name(&self) -> bool {
        self.nth_is_name(0)
    }

    fn is_end(&self) -> bool {
        self.at >= self.tokens.len()
    }

    /// Whether nothing more belongs to a list element: `,`, `)`, `;` or the end.
    fn at_stop(&self) -> bool {
        matches!(self.kind(), None | Some(SyntaxKind::COMMA | SyntaxKind::R_PAREN | SyntaxKind::DELIMITER))
    }

    fn range_of(&self, token: Token) -> TextRange {
        TextRange::new(size(token.start), size(token.end))
    }

    /// The range of the current token, or of the last one at the end.
    fn here(&self) -> TextRange {
        match self.tokens.get(self.at) {
            Some(token) => self.range_of(*token),
            None => self.behind(),
        }
    }

    /// The range of the last token before the current one: what lacks something behind it.
    fn behind(&self) -> TextRange {
        match self.previous() {
            Some(token) => self.range_of(token),
            None => TextRange::empty(size(0)),
        }
    }

    fn previous(&self) -> Option<Token> {
        self.tokens.get(..self.at)?.iter().rfind(|token| !token.kind.is_trivia()).copied()
    }

    /// The text of [`Self::behind`].
    fn previous_text(&self) -> &'a str {
        self.previous().map_or("", |token| self.text_of(token))
    }

    /// Whether a line break stands before the current token.
    fn starts_line(&self) -> bool {
        let (Some(before), Some(token)) = (self.previous(), self.tokens.get(self.at)) else { return false };
        self.text.get(before.end..token.start).is_some_and(|gap| gap.contains('\n'))
    }

    // Building.

    fn skip_trivia(&mut self) {
        while self.tokens.get(self.at).is_some_and(|token| token.kind.is_trivia()) {
            self.at += 1;
        }
    }

    /// Puts the trivia before the current token into the tree.
    fn flush(&mut self) {
        while self.done < self.at {
            self.push(self.done, None);
        }
    }

    fn push(&mut self, index: usize, kind: Option<SyntaxKind>) {
        if let Some(token) = self.tokens.get(index).copied() {
            let kind = kind.unwrap_or(token.kind);
            self.builder.token(Sql::kind_to_raw(kind), self.text_of(token));
        }
        self.done = index + 1;
    }

    /// Takes the current token as `kind`.
    fn bump_as(&mut self, kind: SyntaxKind) {
        if self.is_end() {
            return;
        }
        self.flush();
        self.push(self.at, Some(kind));
        self.at += 1;
        self.skip_trivia();
    }

    /// Takes the current token as what it is; a word that can be no name is a keyword.
    fn bump(&mut self) {
        let kind = match self.kind() {
            Some(SyntaxKind::IDENT) if self.grammar.is_reserved(self.word()) => SyntaxKind::KEYWORD,
            Some(kind) => kind,
            None => return,
        };
        self.bump_as(kind);
    }

    fn bump_word(&mut self) {
        self.bump_as(SyntaxKind::KEYWORD);
    }

    fn eat(&mut self, kind: SyntaxKind) -> bool {
        let found = self.at(kind);
        if found {
            self.bump();
        }
        found
    }

    fn eat_word(&mut self, word: &str) -> bool {
        let found = self.at_word(word);
        if found {
            self.bump_word();
        }
        found
    }

    fn eat_any(&mut self, words: &[&str]) -> bool {
        let found = self.at_any(words);
        if found {
            self.bump_word();
        }
        found
    }

    fn start(&mut self, kind: SyntaxKind) {
        self.flush();
        self.builder.start_node(Sql::kind_to_raw(kind));
    }

    fn checkpoint(&mut self) -> Checkpoint {
        self.flush();
        self.builder.checkpoint()
    }

    fn start_at(&mut self, checkpoint: Checkpoint, kind: SyntaxKind) {
        self.builder.start_node_at(checkpoint, Sql::kind_to_raw(kind));
    }

    fn finish(&mut self) {
        self.builder.finish_node();
    }

    // Names.

    /// Takes a name; whether one is there.
    fn name(&mut self) -> bool {
        let found = self.at_name();
        if found {
            self.any_name();
        }
        found
    }

    /// Takes the current token as a name, whatever it is.
    fn any_name(&mut self) {
        self.start(SyntaxKind::NAME);
        let kind = self.kind().unwrap_or(SyntaxKind::IDENT);
        self.bump_as(kind);
        self.finish();
    }

    /// Takes a name, or reports that `what` is missing.
    fn expect_name(&mut self, what: &str) -> bool {
        if self.name() {
            return true;
        }
        if !self.word().is_empty() && self.nth_is_reserved_name() {
            self.reserved(what);
            self.any_name();
            return true;
        }
        self.missing("sql-missing-name", what);
        false
    }

    /// Whether the reserved word here is probably meant as a name: nothing the grammar wants follows from it.
    fn nth_is_reserved_name(&self) -> bool {
        self.grammar.is_reserved(self.word())
            && matches!(
                self.nth_kind(1),
                None | Some(
                    SyntaxKind::L_PAREN | SyntaxKind::COMMA | SyntaxKind::R_PAREN | SyntaxKind::DELIMITER
                )
            )
            && !self.at_any(&["AS", "SELECT", "VALUES", "CHECK", "USING"])
    }

    fn reserved(&mut self, what: &str) {
        let range = self.here();
        let word = self.word();
        let message = format!("{word:?} is a keyword and no {what} unless it is quoted");
        let quote = if self.grammar.has(Features::MYSQL) { '`' } else { '"' };
        let quoted = format!("{quote}{word}{quote}");
        self.report(Diagnostic::error(range, "sql-reserved-word", message).with_fix(
            format!("Quote {word:?}"),
            range,
            quoted,
        ));
    }

    /// Takes `a.b`, or reports that `what` is missing.
    fn expect_path(&mut self, what: &str) -> bool {
        if !self.at_name() {
            if !self.word().is_empty() && self.nth_is_reserved_name() {
                self.start(SyntaxKind::PATH);
                self.reserved(what);
                self.any_name();
                self.finish();
                return true;
            }
            self.missing("sql-missing-name", what);
            return false;
        }
        self.path();
        true
    }

    /// Takes the path here.
    fn path(&mut self) {
        self.start(SyntaxKind::PATH);
        self.name();
        while self.at(SyntaxKind::DOT) {
            self.bump();
            let adjacent = !self.starts_line();
            if !(adjacent && self.name()) {
                self.missing("sql-missing-name", "name");
                break;
            }
        }
        self.finish();
    }

    // Wrong and unknown text.

    fn report(&mut self, diagnostic: Diagnostic) {
        if self.loose > 0 {
            return;
        }
        // One mistake, one diagnostic.
        self.found += 1;
        if !self.mute && !self.recovering {
            self.errors.push(diagnostic);
        }
        self.recovering = true;
    }

    /// Ends recovery when no error was found since there were `found`: the part taken since then was understood.
    fn understood(&mut self, found: usize) {
        if self.found == found {
            self.recovering = false;
        }
    }

    fn error(&mut self, range: TextRange, code: &'static str, message: impl Into<String>) {
        self.report(Diagnostic::error(range, code, message));
    }

    /// Reports that `what` should stand behind the last token.
    fn missing(&mut self, code: &'static str, what: &str) {
        let before = self.previous_text();
        let message = if before.is_empty() || before.len() > 40 {
            format!("{what} is missing")
        } else {
            format!("{what} is missing behind `{before}`")
        };
        self.error(self.behind(), code, message);
    }

    /// Takes the keyword `word`. A misspelt one is reported and taken; otherwise it is reported as missing.
    fn expect_word(&mut self, word: &'static str) -> bool {
        if self.eat_word(word) {
            return true;
        }
        if self.misspelt(&[word]) {
            return true;
        }
        self.missing("sql-missing-keyword", &format!("`{word}`"));
        false
    }

    /// When the word here is close to one of `words`: reports it, takes it as that keyword.
    fn misspelt(&mut self, words: &[&'static str]) -> bool {
        let word = self.word();
        if word.is_empty() || self.grammar.is_keyword(word) {
            return false;
        }
        let Some(meant) = closest(word, words.iter().copied()) else { return false };
        self.did_you_mean(meant);
        self.bump_word();
        true
    }

    /// Reports the word here as a slip for `meant`.
    fn did_you_mean(&mut self, meant: &str) {
        let range = self.here();
        let word = self.word();
        self.report(
            Diagnostic::error(
                range,
                "sql-unknown-keyword",
                format!("{word:?} is not a keyword; did you mean {meant:?}?"),
            )
            .with_fix(format!("Change {word:?} to {meant:?}"), range, meant),
        );
    }

    /// Takes `)`, which belongs to the `(` at `open`.
    fn close(&mut self, open: TextRange) {
        if !self.eat(SyntaxKind::R_PAREN) {
            // That is certain even where the rest is read loosely.
            let loose = std::mem::take(&mut self.loose);
            self.error(open, "sql-unclosed-parenthesis", "`(` is never closed");
            self.loose = loose;
        }
    }

    /// Wraps everything up to the end of a list element in a node of `kind`.
    fn skip(&mut self, kind: SyntaxKind) {
        if self.at_stop() {
            return;
        }
        self.has_opaque |= kind == SyntaxKind::OPAQUE;
        self.start(kind);
        while !self.at_stop() {
            self.bump_balanced();
        }
        self.finish();
    }

    /// Takes one token, or a parenthesis with all that is in it.
    fn bump_balanced(&mut self) {
        let mut depth = 0usize;
        loop {
            match self.kind() {
                None => return,
                Some(SyntaxKind::L_PAREN) => depth += 1,
                Some(SyntaxKind::R_PAREN) => depth = depth.saturating_sub(1),
                Some(_) => {}
            }
            self.bump();
            if depth == 0 {
                return;
            }
        }
    }

    /// Takes a part that is not known up to the end of the list element. A token that is no word is an error.
    fn unexpected(&mut self) {
        if self.at_stop() {
            return;
        }
        let kind = if self.word().is_empty() && !self.at(SyntaxKind::L_PAREN) {
            self.unexpected_token();
            SyntaxKind::ERROR
        } else {
            self.unknown()
        };
        self.skip(kind);
    }

    /// What text becomes that is not known: an error where the grammar is complete, else an opaque part.
    fn unknown(&mut self) -> SyntaxKind {
        // Within parentheses of an expression MySQL has more forms than this parser.
        if self.loose > 0 || (self.depth > 0 && self.grammar.has(Features::MYSQL)) {
            SyntaxKind::LOOSE
        } else if self.grammar.has(Features::COMPLETE) {
            self.unexpected_token();
            SyntaxKind::ERROR
        } else {
            self.has_opaque = true;
            SyntaxKind::OPAQUE
        }
    }

    fn unexpected_token(&mut self) {
        let range = self.here();
        let text = self.tokens.get(self.at).map_or("", |token| self.text_of(*token));
        let shown: String = text.chars().take(40).collect();
        self.error(range, "sql-unexpected-token", format!("unexpected `{shown}`"));
    }

    /// Reports quotes and comments that are never closed.
    fn unclosed(&mut self) {
        let open: Vec<Token> = self.tokens.iter().filter(|token| !token.closed).copied().collect();
        for token in open {
            let range = self.range_of(token);
            let (code, message) = match token.kind {
                SyntaxKind::BLOCK_COMMENT => {
                    ("sql-unclosed-comment", "comment `/*` is never closed".to_owned())
                }
                _ => {
                    let quote =
                        self.text_of(token).chars().find(|c| !c.is_ascii_alphabetic()).unwrap_or('\'');
                    ("sql-unclosed-quote", format!("quote `{quote}` is never closed"))
                }
            };
            self.errors.push(Diagnostic::error(range, code, message));
        }
        self.mute = !self.errors.is_empty();
    }

    /// Whatever no statement took.
    fn rest(&mut self) {
        if self.is_end() {
            self.flush();
            return;
        }
        if self.at(SyntaxKind::R_PAREN) {
            self.unexpected_token();
            self.start(SyntaxKind::ERROR);
        } else {
            self.has_opaque |= !self.at(SyntaxKind::CLIENT_COMMAND);
            if self.at(SyntaxKind::CLIENT_COMMAND) {
                self.bump();
                return;
            }
            self.start(SyntaxKind::OPAQUE);
        }
        while !self.is_end() {
            self.bump();
        }
        self.finish();
        self.flush();
    }

    /// The delimiter and what follows it on its line.
    fn delimiter(&mut self, shape: Shape) {
        if let Some(delimiter) = self.text.get(shape.delimiter_start..shape.delimiter_end)
            && !delimiter.is_empty()
        {
            self.builder.token(Sql::kind_to_raw(SyntaxKind::DELIMITER), delimiter);
        }
        if shape.kind == CutKind::Client {
            return;
        }
        let behind = self.text.get(shape.delimiter_end..).unwrap_or_default();
        for token in lexer::tokens(behind, behind.len(), self.grammar) {
            let text = behind.get(token.start..token.end).unwrap_or_default();
            self.builder.token(Sql::kind_to_raw(token.kind), text);
        }
    }
}

fn size(bytes: usize) -> TextSize {
    TextSize::new(u32::try_from(bytes).unwrap_or(u32::MAX))
}
