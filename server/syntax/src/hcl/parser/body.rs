//! Bodies: attributes, blocks, and half of either.

use super::{Parser, SyntaxKind, codes, range};

/// Where a body is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    TopLevel,
    Block,
}

impl<'a> Parser<'a> {
    /// The items of a body up to its `}`, which is left.
    pub(super) fn items(&mut self, place: Place) {
        loop {
            match self.current() {
                SyntaxKind::Eof => return,
                SyntaxKind::RBrace if place == Place::Block => return,
                SyntaxKind::Newline => {
                    self.failed = false;
                    self.bump();
                }
                SyntaxKind::Ident => self.item(),
                SyntaxKind::RBrace => {
                    self.error_here(codes::UNOPENED, "`}` closes nothing");
                    self.start(SyntaxKind::Error);
                    self.bump();
                    self.finish();
                }
                SyntaxKind::OpenQuote => {
                    self.error_here(codes::UNEXPECTED, "a string cannot start an item: names are not quoted");
                    self.skip_item();
                }
                _ => {
                    let message = format!("expected an argument or a block, found {}", self.found());
                    self.error_here(codes::UNEXPECTED, message);
                    self.skip_item();
                }
            }
        }
    }

    /// Takes the line as an error, at least one token of it.
    fn skip_item(&mut self) {
        let before = self.at;
        self.skip_line();
        if self.at == before {
            self.start(SyntaxKind::Error);
            self.bump();
            self.finish();
        }
    }

    fn item(&mut self) {
        use SyntaxKind::*;
        match self.second() {
            LBrace | OpenQuote | Ident => self.block(),
            Newline if self.brace_after(1) => self.block(),
            Eq | EqEq | Colon | FatArrow | Number | LBracket | HeredocBegin | Minus => {
                self.attribute();
                self.end_of_item("argument");
            }
            _ => {
                let message = format!("`{}` needs `=` and a value, or a body", self.current_text());
                let word = self.current_range();
                self.error(word, codes::MISSING_EQUALS, message);
                self.start(Incomplete);
                self.bump();
                if self.current() != Newline {
                    self.skip_line();
                }
                self.finish();
            }
        }
    }

    fn attribute(&mut self) {
        use SyntaxKind::*;
        let name = self.current_text();
        self.start(Attribute);
        self.bump();
        match self.current() {
            Eq => self.bump(),
            EqEq | Colon | FatArrow => {
                let message = format!("`{name}` needs `=` before its value, not {}", self.found());
                self.error_here(codes::MISSING_EQUALS, message);
                self.start(Error);
                self.bump();
                self.finish();
            }
            _ => self.error_here(codes::MISSING_EQUALS, format!("`{name}` needs `=` before its value")),
        }
        match self.current() {
            Newline | Eof | RBrace => {
                let behind = range(self.last_end, self.last_end);
                self.error(behind, codes::MISSING_EXPRESSION, format!("`{name}` has no value"));
            }
            _ => self.expr(),
        }
        self.finish();
    }

    /// What follows an argument or block must be the end of the line.
    fn end_of_item(&mut self, what: &str) {
        use SyntaxKind::*;
        match self.current() {
            Newline | Eof => {}
            RBrace => {
                self.error_here(codes::MISSING_NEWLINE, format!("`}}` must be on a line after the {what}"))
            }
            Ident if matches!(self.second(), Eq | LBrace | OpenQuote) => {
                self.error_here(
                    codes::MISSING_NEWLINE,
                    format!("the {what} before this needs a line of its own"),
                );
            }
            _ => {
                let message = format!("expected a line break after the {what}, found {}", self.found());
                self.error_here(codes::MISSING_NEWLINE, message);
                self.skip_item();
            }
        }
    }

    fn block(&mut self) {
        use SyntaxKind::*;
        let name = self.current_text();
        let indent = self.indent(self.ahead_offset);
        if self.depth == 0 {
            self.misfit = None;
        }
        self.start(Block);
        self.bump();
        while matches!(self.current(), Ident | OpenQuote) {
            self.label();
        }
        match self.current() {
            LBrace => {}
            Newline if self.brace_after(0) => {
                let behind = range(self.last_end, self.last_end);
                self.error(behind, codes::MISSING_BODY, format!("the `{{` of `{name}` must be on this line"));
                while self.current() == Newline {
                    self.bump();
                }
            }
            Newline | Eof | RBrace => {
                let header = range(self.last_end, self.last_end);
                let message = format!("`{name}` needs a body `{{ … }}`, or `=` and a value");
                self.error(header, codes::MISSING_BODY, message);
            }
            _ => {
                let message = format!("expected a label or `{{`, found {}", self.found());
                self.error_here(codes::UNEXPECTED, message);
                self.skip_until(|parser| matches!(parser.current(), LBrace | Newline));
            }
        }
        if self.current() == LBrace {
            self.braces(name, indent);
        }
        self.finish();
        self.end_of_item("block");
    }

    /// Whether the first token that is no trivia, from `from` tokens after the next one on, is a `{`.
    fn brace_after(&self, from: usize) -> bool {
        let rest = self.tokens.get(self.ahead + from..).unwrap_or_default();
        rest.iter()
            .find(|token| !token.kind.is_trivia())
            .is_some_and(|token| token.kind == SyntaxKind::LBrace)
    }

    fn label(&mut self) {
        use SyntaxKind::*;
        self.start(Label);
        if self.current() == Ident {
            self.bump();
        } else {
            self.quoted(|parser| {
                let here = parser.current_range();
                parser.error(here, codes::INVALID_TEMPLATE, "a label cannot hold `${` or `%{`");
            });
        }
        self.finish();
    }

    /// `{`, the body and `}` of the block `name`, whose head is indented by `indent`.
    fn braces(&mut self, name: &'a str, indent: Option<usize>) {
        use SyntaxKind::*;
        let open = self.current_range();
        self.bump();
        if self.depth >= super::MAX_DEPTH {
            self.start(Body);
            self.skip_deep_body();
            self.finish();
        } else {
            self.start(Body);
            self.depth += 1;
            match self.current() {
                Newline | Eof | RBrace => {}
                _ => self.single_line(),
            }
            self.items(Place::Block);
            self.depth -= 1;
            // Blank space before the brace belongs to the body.
            self.flush();
            self.finish();
        }
        let close = self.ahead_offset;
        if self.eat(RBrace) {
            if let (Some(head), Some(brace)) = (indent, self.indent(close))
                && brace < head
                && self.misfit.is_none()
            {
                self.misfit = Some((open, name));
            }
        } else {
            // A block inside may have taken the brace that was meant for this one.
            let (open, name) = self.misfit.take().unwrap_or((open, name));
            self.error_unclosed(open, format!("`{{` of `{name}` is never closed"));
        }
    }

    fn skip_deep_body(&mut self) {
        let here = self.here();
        self.error(here, codes::TOO_DEEP, "nested too deep to be analysed");
        self.start(SyntaxKind::TooDeep);
        let mut open = 0usize;
        loop {
            match self.current() {
                SyntaxKind::Eof => break,
                SyntaxKind::LBrace => open += 1,
                SyntaxKind::RBrace if open == 0 => break,
                SyntaxKind::RBrace => open -= 1,
                _ => {}
            }
            self.bump();
        }
        self.finish();
    }

    /// The one argument a block on one line may have. What else is there is reported, and read as a usual body.
    fn single_line(&mut self) {
        use SyntaxKind::*;
        let is_block = matches!(self.second(), LBrace | OpenQuote | Ident);
        if self.current() == Ident && !is_block {
            if matches!(self.second(), Newline | Eof | RBrace) {
                return self.item();
            }
            self.attribute();
        } else if self.current() == Ident {
            self.error_here(codes::SINGLE_LINE_BLOCK, "a block in a block needs a line of its own");
            return;
        } else {
            let message = format!("expected an argument or a line break, found {}", self.found());
            self.error_here(codes::UNEXPECTED, message);
            return;
        }
        match self.current() {
            RBrace => {}
            Eof => {}
            Newline => {
                let behind = range(self.last_end, self.last_end);
                let message = "a block that starts with an argument on this line must end on it";
                self.error(behind, codes::SINGLE_LINE_BLOCK, message);
            }
            _ => {
                self.error_here(codes::SINGLE_LINE_BLOCK, "a block on one line holds only one argument");
                if self.current() == Comma {
                    self.start(Error);
                    self.bump();
                    self.finish();
                }
            }
        }
    }
}
