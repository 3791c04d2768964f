//! Expressions.
//!
//! Operators of one precedence and the steps of a traversal are flat, so that long chains make no deep trees.

use super::{Parser, SyntaxKind, codes, range};

/// How strongly a binary operator binds; `None` for other tokens.
fn precedence(kind: SyntaxKind) -> Option<u8> {
    use SyntaxKind::*;
    Some(match kind {
        OrOr => 1,
        AndAnd => 2,
        EqEq | BangEq => 3,
        Lt | LtEq | Gt | GtEq => 4,
        Plus | Minus => 5,
        Star | Slash | Percent => 6,
        _ => return None,
    })
}

impl Parser<'_> {
    /// An expression. When there is none, reports that and takes nothing.
    pub(super) fn expr(&mut self) {
        self.deeper(Self::conditional);
    }

    fn conditional(&mut self) {
        use SyntaxKind::*;
        let start = self.checkpoint();
        self.binary(1);
        if self.current() != Question {
            return;
        }
        self.start_at(start, Conditional);
        self.bump();
        self.expr();
        if self.eat(Colon) {
            self.expr();
        } else {
            self.error_here(codes::MISSING_EXPRESSION, "expected `:` and what holds otherwise after `?`");
        }
        self.finish();
    }

    /// Operators that bind at least as strongly as `least`.
    fn binary(&mut self, least: u8) {
        let start = self.checkpoint();
        self.unary();
        while let Some(level) = precedence(self.current()).filter(|&level| level >= least) {
            self.start_at(start, SyntaxKind::Binary);
            while precedence(self.current()) == Some(level) {
                self.bump();
                self.binary(level + 1);
            }
            self.finish();
        }
    }

    fn unary(&mut self) {
        if !matches!(self.current(), SyntaxKind::Minus | SyntaxKind::Bang) {
            return self.traversal();
        }
        self.deeper(|parser| {
            parser.start(SyntaxKind::Unary);
            parser.bump();
            parser.unary();
            parser.finish();
        });
    }

    fn traversal(&mut self) {
        use SyntaxKind::*;
        let start = self.checkpoint();
        if !self.term() || !matches!(self.current(), Dot | LBracket) {
            return;
        }
        self.start_at(start, Traversal);
        let mut in_splat = false;
        loop {
            match self.current() {
                Dot => in_splat |= self.dot_step(in_splat),
                // After `.*`, this indexes the result, and the splat is over.
                LBracket => {
                    self.bracket_step();
                    in_splat = false;
                }
                _ => break,
            }
        }
        self.finish();
    }

    /// `.name`, `.0` or `.*`; returns whether it was the last.
    fn dot_step(&mut self, in_splat: bool) -> bool {
        use SyntaxKind::*;
        let step = self.checkpoint();
        self.bump();
        let kind = match self.current() {
            Ident if !self.at_next_item() => AttrStep,
            Number => LegacyIndexStep,
            Star => AttrSplatStep,
            _ => {
                let dot = range(self.last_end.saturating_sub(1), self.last_end);
                self.error(dot, codes::MISSING_NAME, "expected a name after `.`");
                self.start_at(step, AttrStep);
                self.finish();
                return false;
            }
        };
        let here = self.current_range();
        if kind == LegacyIndexStep && !self.current_text().bytes().all(|byte| byte.is_ascii_digit()) {
            let message = format!("{} is not an index: use `[0]`, also for two in a row", self.found());
            self.error(here, codes::INVALID_NUMBER, message);
        } else if kind == AttrSplatStep && in_splat {
            self.error(here, codes::UNEXPECTED, "`.*` within `.*`: use `[*]`");
        }
        self.bump();
        self.start_at(step, kind);
        self.finish();
        kind == AttrSplatStep
    }

    fn bracket_step(&mut self) {
        use SyntaxKind::*;
        let step = self.checkpoint();
        let open = self.current_range();
        self.bump();
        let newlines = self.set_newlines(false);
        let kind = match self.current() {
            Star if self.second() == RBracket => {
                self.bump();
                FullSplatStep
            }
            RBracket => {
                self.error_here(codes::MISSING_EXPRESSION, "expected an index between `[` and `]`");
                IndexStep
            }
            _ if self.at_next_item() => IndexStep,
            _ => {
                self.expr();
                IndexStep
            }
        };
        self.close(RBracket, open, "`[`");
        self.start_at(step, kind);
        self.finish();
        self.set_newlines(newlines);
    }

    /// One operand. When there is none, reports that, takes nothing and returns `false`.
    fn term(&mut self) -> bool {
        use SyntaxKind::*;
        match self.current() {
            Number => {
                if self.current_text().parse::<f64>().is_err() {
                    let here = self.current_range();
                    self.error(here, codes::INVALID_NUMBER, format!("{} is not a number", self.found()));
                }
                self.leaf(Literal);
            }
            Ident if matches!(self.second(), LParen | ColonColon) => self.call(),
            Ident if matches!(self.current_text(), "true" | "false" | "null") => self.leaf(Literal),
            Ident => self.leaf(Variable),
            OpenQuote => self.template(),
            HeredocBegin => self.heredoc(),
            LParen => self.paren(),
            LBracket => self.tuple(),
            LBrace => self.object(),
            _ => {
                let message = format!("expected an expression, found {}", self.found());
                self.error_here(codes::MISSING_EXPRESSION, message);
                return false;
            }
        }
        true
    }

    fn leaf(&mut self, kind: SyntaxKind) {
        self.start(kind);
        self.bump();
        self.finish();
    }

    fn paren(&mut self) {
        let open = self.current_range();
        self.start(SyntaxKind::Paren);
        self.bump();
        let newlines = self.set_newlines(false);
        self.expr();
        self.close(SyntaxKind::RParen, open, "`(`");
        self.finish();
        self.set_newlines(newlines);
    }

    /// The closing bracket of what was opened at `open`, skipping what is between.
    fn close(&mut self, kind: SyntaxKind, open: super::TextRange, name: &str) {
        if self.eat(kind) {
            return;
        }
        if self.ends_brackets() {
            self.error_unclosed(open, format!("{name} is never closed"));
            return;
        }
        let message = format!("expected {} to close {name}, found {}", sign(kind), self.found());
        self.error_here(codes::UNCLOSED, message);
        if self.skip_until(|parser| parser.current() == kind || parser.at_next_item()) {
            self.eat(kind);
        }
    }

    /// Whether brackets cannot go on here: they were not closed.
    fn ends_brackets(&self) -> bool {
        use SyntaxKind::*;
        self.at_next_item()
            || matches!(
                self.current(),
                Eof | Newline
                    | RBrace
                    | RBracket
                    | RParen
                    | TemplateClose
                    | CloseQuote
                    | HeredocIndent
                    | HeredocEnd
            )
    }

    fn call(&mut self) {
        use SyntaxKind::*;
        self.start(Call);
        self.bump();
        while self.eat(ColonColon) {
            if !self.eat(Ident) {
                self.error_here(codes::MISSING_NAME, "expected a name after `::`");
            }
        }
        if self.current() == LParen {
            self.list(RParen, "`(`");
        } else {
            self.error_here(codes::UNEXPECTED, format!("expected `(` and arguments, found {}", self.found()));
        }
        self.finish();
    }

    fn tuple(&mut self) {
        let newlines = self.set_newlines(false);
        if self.second_is_for() {
            self.for_expr(SyntaxKind::ForTuple);
        } else {
            self.start(SyntaxKind::Tuple);
            self.list(SyntaxKind::RBracket, "`[`");
            self.finish();
        }
        self.set_newlines(newlines);
    }

    /// The opening bracket, expressions with commas between, and `end`.
    fn list(&mut self, end: SyntaxKind, name: &str) {
        use SyntaxKind::*;
        let open = self.current_range();
        self.bump();
        let newlines = self.set_newlines(false);
        loop {
            if self.current() == end || self.ends_brackets() {
                break;
            }
            self.expr();
            match self.current() {
                Comma => {
                    self.bump();
                    continue;
                }
                Ellipsis if end == RParen => {
                    self.bump();
                    break;
                }
                _ if self.current() == end || self.ends_brackets() => break,
                _ => {}
            }
            let message = format!("expected `,` or {}, found {}", sign(end), self.found());
            self.error_here(codes::MISSING_SEPARATOR, message);
            if !self.skip_until(|parser| matches!(parser.current(), Comma) || parser.current() == end) {
                break;
            }
            self.eat(Comma);
        }
        self.close(end, open, name);
        self.set_newlines(newlines);
    }

    fn object(&mut self) {
        use SyntaxKind::*;
        let newlines = self.set_newlines(false);
        if self.second_is_for() {
            self.for_expr(ForObject);
            self.set_newlines(newlines);
            return;
        }
        self.set_newlines(true);
        let open = self.current_range();
        self.start(Object);
        self.bump();
        loop {
            match self.current() {
                Newline if !self.ends_string() => {
                    self.failed = false;
                    self.bump();
                }
                RBrace => break,
                _ if self.at_next_block() => break,
                Eof | Newline | RBracket | RParen | TemplateClose | CloseQuote | HeredocIndent
                | HeredocEnd => break,
                _ => {
                    let before = self.at;
                    self.object_item();
                    if self.at == before
                        && !self.skip_until(|parser| matches!(parser.current(), Newline | Comma))
                    {
                        break;
                    }
                    self.eat(Comma);
                }
            }
        }
        if !self.eat(RBrace) {
            self.error_unclosed(open, "`{` is never closed");
        }
        self.finish();
        self.set_newlines(newlines);
    }

    fn ends_string(&self) -> bool {
        self.tokens.get(self.ahead).is_some_and(|token| token.ends_string)
    }

    fn object_item(&mut self) {
        use SyntaxKind::*;
        if self.current() == Comma {
            return self.error_here(codes::UNEXPECTED, "expected a key, found `,`");
        }
        self.start(ObjectItem);
        self.expr();
        match self.current() {
            Eq | Colon => {
                self.bump();
                match self.current() {
                    Newline | Comma | RBrace | Eof => {
                        let behind = range(self.last_end, self.last_end);
                        self.error(behind, codes::MISSING_EXPRESSION, "the key has no value");
                    }
                    _ => self.expr(),
                }
            }
            _ => self.error_here(codes::MISSING_EQUALS, "expected `=` and a value after the key"),
        }
        self.finish();
        match self.current() {
            Newline | Comma | RBrace => {}
            Eof => {}
            _ => {
                let message = format!("expected a line break or `,`, found {}", self.found());
                self.error_here(codes::MISSING_SEPARATOR, message);
                self.skip_until(|parser| matches!(parser.current(), Newline | Comma | RBrace));
            }
        }
    }

    fn second_is_for(&self) -> bool {
        let mut offset = self.ahead_offset;
        for (at, token) in self.tokens.get(self.ahead..).unwrap_or_default().iter().enumerate() {
            let end = offset + token.len as usize;
            if at > 0 && !self.is_trivia(token) {
                return &self.text[offset..end] == "for";
            }
            offset = end;
        }
        false
    }

    /// `[for …]` or `{for …}`, the brackets included; line breaks are trivia.
    fn for_expr(&mut self, kind: SyntaxKind) {
        use SyntaxKind::*;
        let (open, end, name) = match kind {
            ForObject => (self.current_range(), RBrace, "`{`"),
            _ => (self.current_range(), RBracket, "`[`"),
        };
        self.start(kind);
        self.bump();
        self.for_intro();
        if self.failed && self.ends_brackets() {
            // Half typed; the rest would be missing too.
        } else {
            self.for_value(kind);
            if self.at_word("if") {
                self.start(ForCond);
                self.bump();
                self.expr();
                self.finish();
            }
        }
        self.close(end, open, name);
        self.finish();
    }

    fn for_intro(&mut self) {
        use SyntaxKind::*;
        self.start(ForIntro);
        self.bump();
        self.for_names_and_collection();
        if !self.eat(Colon) {
            self.error_here(
                codes::INVALID_FOR,
                format!("expected `:` after the collection, found {}", self.found()),
            );
        }
        self.finish();
    }

    /// `k, v in c`, in expressions and directives.
    pub(super) fn for_names_and_collection(&mut self) {
        use SyntaxKind::*;
        if self.current() == Ident && !self.at_next_item() {
            self.bump();
            if self.eat(Comma) && !self.eat(Ident) {
                self.error_here(codes::INVALID_FOR, "expected the name of the value after `,`");
            }
        } else {
            self.error_here(codes::INVALID_FOR, "expected a name after `for`");
        }
        if self.at_word("in") {
            self.bump();
            self.expr();
        } else {
            self.error_here(
                codes::INVALID_FOR,
                format!("expected `in` and a collection, found {}", self.found()),
            );
        }
    }

    fn for_value(&mut self, kind: SyntaxKind) {
        use SyntaxKind::*;
        self.expr();
        if kind == ForTuple {
            if matches!(self.current(), FatArrow | Ellipsis) {
                let message = format!("{} belongs to `{{for …}}`, which makes an object", self.found());
                self.error_here(codes::INVALID_FOR, message);
            }
            return;
        }
        if self.eat(FatArrow) {
            self.expr();
            self.eat(Ellipsis);
        } else {
            self.error_here(codes::INVALID_FOR, format!("expected `=>` and a value, found {}", self.found()));
        }
    }
}

/// A closing bracket for a message.
fn sign(kind: SyntaxKind) -> &'static str {
    match kind {
        SyntaxKind::RParen => "`)`",
        SyntaxKind::RBracket => "`]`",
        _ => "`}`",
    }
}
