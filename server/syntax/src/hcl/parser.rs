//! Makes a tree and diagnostics of the tokens of a piece.
//!
//! Here is the machine: looking ahead, building, reporting; the grammar is in the modules below. Invariants: every
//! token ends up in the tree exactly once and in order; recursion is bounded by [`MAX_DEPTH`] whatever the text.
//!
//! One mistake, one diagnostic: after the first error, [`Parser::error`] is silent until the line (in a body or an
//! object) is over.

mod body;
mod expr;
mod template;

use rowan::{Checkpoint, GreenNodeBuilder, Language as _};
use text::{Code, Diagnostic, TextRange, TextSize};

use super::diagnostics::codes;
use super::file::Parsed;
use super::lexer::{Token, lex};
use super::{Language, SyntaxKind, scan};

/// How deep expressions, templates and blocks may nest; what is deeper becomes one opaque node.
const MAX_DEPTH: u32 = 200;

/// The tree of `text`, which is one piece or several.
pub(super) fn parse(text: &str) -> Parsed {
    let mut parser = Parser {
        text,
        tokens: lex(text),
        at: 0,
        offset: 0,
        ahead: 0,
        ahead_offset: 0,
        last_end: 0,
        newlines: true,
        builder: GreenNodeBuilder::new(),
        errors: Vec::new(),
        failed: false,
        reported_end: false,
        misfit: None,
        depth: 0,
        strings: 0,
        directives: 0,
    };
    parser.settle();
    parser.builder.start_node(Language::kind_to_raw(SyntaxKind::Root));
    parser.items(body::Place::TopLevel);
    parser.flush();
    parser.builder.finish_node();
    parser.errors.sort_by_key(|error| error.range.start());
    Parsed { green: parser.builder.finish(), errors: parser.errors.into() }
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// The next token to go into the tree, and its offset.
    at: usize,
    offset: usize,
    /// The next token that is not trivia, and its offset.
    ahead: usize,
    ahead_offset: usize,
    /// Where the last token that is not trivia ended.
    last_end: usize,
    /// Whether a line break is a token rather than trivia.
    newlines: bool,
    builder: GreenNodeBuilder<'static>,
    errors: Vec<Diagnostic>,
    /// Whether something was reported since the last place we know we understood.
    failed: bool,
    /// Whether somebody already said that the text ends too early.
    reported_end: bool,
    /// The first block whose `}` stands further left than its head: most likely it is not its own.
    misfit: Option<(TextRange, &'a str)>,
    depth: u32,
    /// How many quoted strings we are inside of.
    strings: u32,
    /// How many `%{if}` and `%{for}` of the innermost string or heredoc are open.
    directives: u32,
}

impl<'a> Parser<'a> {
    // Looking.

    /// Finds the next token that is not trivia.
    fn settle(&mut self) {
        (self.ahead, self.ahead_offset) = (self.at, self.offset);
        while let Some(token) = self.tokens.get(self.ahead)
            && self.is_trivia(token)
        {
            self.ahead_offset += token.len as usize;
            self.ahead += 1;
        }
    }

    fn is_trivia(&self, token: &Token) -> bool {
        match token.kind {
            SyntaxKind::Newline => !self.newlines && !token.ends_string,
            kind => kind.is_trivia(),
        }
    }

    /// The kind of the next token.
    fn current(&self) -> SyntaxKind {
        self.tokens.get(self.ahead).map_or(SyntaxKind::Eof, |token| token.kind)
    }

    /// The text of the next token.
    fn current_text(&self) -> &'a str {
        let len = self.tokens.get(self.ahead).map_or(0, |token| token.len as usize);
        &self.text[self.ahead_offset..self.ahead_offset + len]
    }

    fn current_range(&self) -> TextRange {
        range(self.ahead_offset, self.ahead_offset + self.current_text().len())
    }

    /// The kind of the token after the next one.
    fn second(&self) -> SyntaxKind {
        let rest = self.tokens.get(self.ahead + 1..).unwrap_or_default();
        rest.iter().find(|token| !self.is_trivia(token)).map_or(SyntaxKind::Eof, |token| token.kind)
    }

    /// The kind of the next token, trivia included: inside strings nothing is trivia.
    fn raw(&self) -> SyntaxKind {
        self.tokens.get(self.at).map_or(SyntaxKind::Eof, |token| token.kind)
    }

    /// Whether the next token is the word `word`.
    fn at_word(&self, word: &str) -> bool {
        self.current() == SyntaxKind::Ident && self.current_text() == word
    }

    /// Whether a line starts here that can only be the next item of a body: inside brackets, they were not closed.
    fn at_next_item(&self) -> bool {
        self.current() == SyntaxKind::Ident && self.on_new_line() && {
            scan::assignment(self.text, self.ahead_offset) || scan::head(self.text, self.ahead_offset)
        }
    }

    /// Whether a line starts here that can only be the head of a block.
    fn at_next_block(&self) -> bool {
        self.current() == SyntaxKind::Ident
            && self.text[..self.ahead_offset].trim_end_matches([' ', '\t']).ends_with('\n')
            && scan::head(self.text, self.ahead_offset)
    }

    fn on_new_line(&self) -> bool {
        self.text[self.last_end..self.ahead_offset].contains('\n')
    }

    // Building.

    /// Puts the trivia before the next token into the tree.
    fn flush(&mut self) {
        while self.at < self.ahead {
            self.push_token();
        }
    }

    fn push_token(&mut self) {
        let Some(&Token { kind, len, .. }) = self.tokens.get(self.at) else { return };
        let end = self.offset + len as usize;
        let text = &self.text[self.offset..end];
        if kind == SyntaxKind::BlockComment && (len < 4 || !text.ends_with("*/")) {
            let start = range(self.offset, self.offset + 2);
            self.errors.push(Diagnostic::error(
                start,
                codes::UNCLOSED_COMMENT,
                "comment is never closed with `*/`",
            ));
        }
        self.builder.token(Language::kind_to_raw(kind), text);
        self.at += 1;
        self.offset = end;
    }

    /// Puts the next token, with the trivia before it, into the tree.
    fn bump(&mut self) {
        self.flush();
        self.bump_raw();
    }

    /// Puts the next token into the tree, be it trivia or not.
    fn bump_raw(&mut self) {
        self.push_token();
        self.last_end = self.offset;
        self.settle();
    }

    /// Takes the next token if it is of `kind`.
    fn eat(&mut self, kind: SyntaxKind) -> bool {
        let is_here = self.current() == kind;
        if is_here {
            self.bump();
        }
        is_here
    }

    fn start(&mut self, kind: SyntaxKind) {
        self.flush();
        self.builder.start_node(Language::kind_to_raw(kind));
    }

    /// Starts a node inside literal text, where spaces are not trivia.
    fn start_raw(&mut self, kind: SyntaxKind) {
        self.builder.start_node(Language::kind_to_raw(kind));
    }

    fn checkpoint(&mut self) -> Checkpoint {
        self.flush();
        self.builder.checkpoint()
    }

    fn start_at(&mut self, checkpoint: Checkpoint, kind: SyntaxKind) {
        self.builder.start_node_at(checkpoint, Language::kind_to_raw(kind));
    }

    fn finish(&mut self) {
        self.builder.finish_node();
    }

    /// Says whether line breaks are tokens from here on; gives what was said before.
    fn set_newlines(&mut self, newlines: bool) -> bool {
        let before = std::mem::replace(&mut self.newlines, newlines);
        self.settle();
        before
    }

    // Reporting.

    fn error(&mut self, range: TextRange, code: Code, message: impl Into<String>) {
        if !self.failed {
            self.failed = true;
            self.errors.push(Diagnostic::error(range, code, message));
        }
    }

    /// Reports at the next token, or behind the last one when the line is over.
    fn error_here(&mut self, code: Code, message: impl Into<String>) {
        let range = self.here();
        self.error(range, code, message);
    }

    fn here(&self) -> TextRange {
        match self.current() {
            SyntaxKind::Newline | SyntaxKind::Eof => range(self.last_end, self.last_end),
            _ if self.on_new_line() => range(self.last_end, self.last_end),
            _ => self.current_range(),
        }
    }

    /// Reports that `open` is never closed, once for all that the end of the text leaves open.
    fn error_unclosed(&mut self, open: TextRange, message: impl Into<String>) {
        if self.current() == SyntaxKind::Eof && std::mem::replace(&mut self.reported_end, true) {
            return;
        }
        self.error(open, codes::UNCLOSED, message);
    }

    /// How many blanks stand before `at` on its line, when nothing else does.
    fn indent(&self, at: usize) -> Option<usize> {
        let before = &self.text[..at];
        let line = before.rfind('\n').map_or(0, |newline| newline + 1);
        before[line..].chars().all(|char| matches!(char, ' ' | '\t')).then_some(at - line)
    }

    /// What stands here, for a message.
    fn found(&self) -> String {
        match self.current() {
            // Of the piece, that is; what follows may be the next one.
            SyntaxKind::Eof => "nothing more".to_owned(),
            SyntaxKind::Newline => "the end of the line".to_owned(),
            SyntaxKind::OpenQuote => "a string".to_owned(),
            SyntaxKind::HeredocBegin => "a heredoc".to_owned(),
            _ => format!("`{}`", self.current_text()),
        }
    }

    // Recovering.

    /// Takes what is left of the line as an error, except a brace that closes something outside.
    fn skip_line(&mut self) {
        self.skip_until(|parser| parser.current() == SyntaxKind::Newline);
    }

    /// Takes tokens as an error until `stop`, a closing bracket that is not ours, or the end.
    ///
    /// Strings are taken as wholes, and what is in braces too. Returns whether it stopped at `stop`.
    fn skip_until(&mut self, stop: impl Fn(&Self) -> bool) -> bool {
        use SyntaxKind::*;
        let mut is_open = false;
        let mut brackets: Vec<SyntaxKind> = Vec::new();
        let stopped = loop {
            if brackets.is_empty() && stop(self) {
                break true;
            }
            let kind = self.current();
            let closes = match kind {
                RBrace => LBrace,
                RBracket => LBracket,
                RParen => LParen,
                _ => Eof,
            };
            match kind {
                Eof | TemplateClose | CloseQuote | HeredocEnd | HeredocIndent | Chunk => break false,
                Newline if self.tokens.get(self.ahead).is_some_and(|token| token.ends_string) => break false,
                RBrace if !brackets.contains(&LBrace) => break false,
                RBracket | RParen if brackets.is_empty() && !self.newlines => break false,
                _ => {}
            }
            if !is_open {
                self.start(Error);
                is_open = true;
            }
            match kind {
                LBrace | LBracket | LParen => brackets.push(kind),
                RBrace | RBracket | RParen => {
                    // Only braces hold a line break, so only they must be found again.
                    while let Some(open) = brackets.pop() {
                        if open == closes {
                            break;
                        }
                    }
                }
                Newline => brackets.retain(|&open| open == LBrace),
                _ => {}
            }
            match kind {
                OpenQuote if self.depth < MAX_DEPTH => self.template(),
                HeredocBegin if self.depth < MAX_DEPTH => self.heredoc(),
                _ => self.bump(),
            }
            if kind == Newline && brackets.is_empty() && stop(self) {
                break true;
            }
        };
        if is_open {
            self.finish();
        }
        stopped
    }

    /// Runs `inner` one level deeper, or takes what stands here as opaque when that is too deep.
    fn deeper(&mut self, inner: impl FnOnce(&mut Self)) {
        if self.depth >= MAX_DEPTH {
            self.too_deep();
            return;
        }
        self.depth += 1;
        inner(self);
        self.depth -= 1;
    }

    /// Takes a balanced stretch of tokens without looking into it.
    fn too_deep(&mut self) {
        use SyntaxKind::*;
        let here = self.here();
        self.failed = false;
        self.error(here, codes::TOO_DEEP, "nested too deep to be analysed");
        self.start(TooDeep);
        let mut open = 0usize;
        loop {
            match self.current() {
                Eof => break,
                LBrace | LBracket | LParen | InterpolationOpen | DirectiveOpen | OpenQuote | HeredocBegin => {
                    open += 1
                }
                RBrace | RBracket | RParen | TemplateClose | CloseQuote | HeredocEnd => {
                    if open == 0 {
                        break;
                    }
                    open -= 1;
                }
                Comma | Newline | Colon if open == 0 => break,
                _ => {}
            }
            self.bump();
        }
        self.finish();
    }
}

/// A range of offsets in a piece; pieces longer than 4 GiB do not exist.
fn range(start: usize, end: usize) -> TextRange {
    TextRange::new(TextSize::new(start as u32), TextSize::new(end.max(start) as u32))
}
