//! Strings, heredocs, and the interpolations and directives in them.
//!
//! Inside literal text nothing is trivia: tokens are taken as they come.

use super::{Parser, SyntaxKind, codes, range};

impl Parser<'_> {
    /// `"…"`
    pub(super) fn template(&mut self) {
        self.start(SyntaxKind::Template);
        self.quoted(|_| {});
        self.finish();
    }

    /// The quotes and what is between, into the node that is open. Calls `on_template` at each `${` and `%{`.
    pub(super) fn quoted(&mut self, on_template: impl Fn(&mut Self)) {
        let open = self.current_range();
        self.bump();
        self.strings += 1;
        let directives = std::mem::take(&mut self.directives);
        self.parts(&on_template);
        self.directives = directives;
        self.strings -= 1;
        if self.raw() == SyntaxKind::CloseQuote {
            self.bump_raw();
        } else {
            let text = range(usize::from(open.start()), self.last_end);
            self.error(text, codes::UNCLOSED_STRING, "string is never closed with `\"`");
        }
        // The line break that ended the string is one like others for what is around it.
        if self.strings == 0
            && let Some(token) = self.tokens.get_mut(self.ahead)
            && token.ends_string
        {
            token.ends_string = false;
            self.settle();
        }
    }

    /// `<<TAG … TAG`
    pub(super) fn heredoc(&mut self) {
        use SyntaxKind::*;
        let open = self.current_range();
        let tag = self.current_text().trim_start_matches(['<', '-']);
        self.start(Heredoc);
        self.bump();
        if self.raw() == Whitespace {
            let spaces = range(self.offset, self.offset + self.tokens[self.at].len as usize);
            self.error(spaces, codes::UNEXPECTED, format!("spaces after heredoc tag `{tag}`"));
            self.bump_raw();
        }
        if self.raw() == Newline {
            self.bump_raw();
        }
        let strings = std::mem::take(&mut self.strings);
        let directives = std::mem::take(&mut self.directives);
        self.parts(&|_: &mut Self| {});
        (self.strings, self.directives) = (strings, directives);
        if self.raw() == HeredocIndent {
            self.bump_raw();
        }
        if self.raw() == HeredocEnd {
            self.bump_raw();
            if self.current() == Eof && self.raw() != Newline && self.offset == self.text.len() {
                let end = range(self.last_end.saturating_sub(tag.len()), self.last_end);
                let message = format!("heredoc tag `{tag}` must be followed by a line break");
                self.error(end, codes::UNCLOSED_HEREDOC, message);
            }
        } else {
            // It swallowed what would have closed the brackets around it.
            self.reported_end = true;
            self.error(open, codes::UNCLOSED_HEREDOC, format!("heredoc is never closed with `{tag}`"));
        }
        self.finish();
    }

    /// Literal text and what is embedded, until something else comes.
    fn parts(&mut self, on_template: &dyn Fn(&mut Self)) {
        use SyntaxKind::*;
        loop {
            match self.raw() {
                Chunk => self.bump_raw(),
                Escape => self.escape(),
                HeredocIndent
                    if self.tokens.get(self.at + 1).is_none_or(|token| token.kind != HeredocEnd) =>
                {
                    self.bump_raw();
                }
                InterpolationOpen => {
                    on_template(self);
                    self.interpolation();
                }
                DirectiveOpen => {
                    on_template(self);
                    match self.directive_word() {
                        "if" => self.deeper(|parser| parser.template_if(on_template)),
                        "for" => self.deeper(|parser| parser.template_for(on_template)),
                        "else" | "endif" | "endfor" if self.in_directive() => return,
                        _ => self.stray_directive(),
                    }
                }
                _ => return,
            }
        }
    }

    fn escape(&mut self) {
        let text = self.current_text();
        let is_valid = match text.as_bytes() {
            [b'$' | b'%', ..] | [b'\\', b'n' | b'r' | b't' | b'"' | b'\\'] => true,
            [b'\\', b'u', digits @ ..] => digits.len() == 4 && is_char(&text[2..]),
            [b'\\', b'U', digits @ ..] => digits.len() == 8 && is_char(&text[2..]),
            _ => false,
        };
        if !is_valid {
            let message = format!("`{text}` is not an escape: use `\\\\` for a backslash");
            let here = self.current_range();
            self.errors.push(text::Diagnostic::error(here, codes::INVALID_ESCAPE, message));
        }
        self.bump_raw();
    }

    /// `${ expr }`
    fn interpolation(&mut self) {
        self.start(SyntaxKind::Interpolation);
        let open = self.current_range();
        self.bump_raw();
        let newlines = self.set_newlines(false);
        if self.current() == SyntaxKind::TemplateClose {
            self.error(open, codes::INVALID_TEMPLATE, "expected an expression between `${` and `}`");
        } else {
            self.expr();
        }
        self.close_template(open);
        self.finish();
        self.set_newlines(newlines);
    }

    /// The `}` of what was opened at `open`, skipping what is before it.
    fn close_template(&mut self, open: super::TextRange) {
        if self.current() != SyntaxKind::TemplateClose {
            let message = match self.current() {
                SyntaxKind::Newline
                | SyntaxKind::Eof
                | SyntaxKind::HeredocEnd
                | SyntaxKind::HeredocIndent => "never closed with `}`".to_owned(),
                _ => format!("expected `}}`, found {}", self.found()),
            };
            self.error(open, codes::INVALID_TEMPLATE, message);
            self.skip_until(|parser| parser.current() == SyntaxKind::TemplateClose);
            // A closing bracket too many.
            while matches!(self.current(), SyntaxKind::RParen | SyntaxKind::RBracket | SyntaxKind::RBrace) {
                self.start(SyntaxKind::Error);
                self.bump();
                self.finish();
                self.skip_until(|parser| parser.current() == SyntaxKind::TemplateClose);
            }
        }
        if !self.eat(SyntaxKind::TemplateClose)
            && matches!(self.current(), SyntaxKind::HeredocIndent | SyntaxKind::HeredocEnd)
        {
            // The line break before the closing tag was read as one of the expression.
            self.flush();
        }
    }

    /// The keyword of the directive that starts here.
    fn directive_word(&self) -> &str {
        let mut offset = self.offset;
        for (at, token) in self.tokens.get(self.at..).unwrap_or_default().iter().enumerate() {
            let end = offset + token.len as usize;
            if at > 0 && !token.kind.is_trivia() {
                return &self.text[offset..end];
            }
            offset = end;
        }
        ""
    }

    /// One `%{ … }` that is known to be well placed.
    fn directive(&mut self) {
        self.start(SyntaxKind::Directive);
        let open = self.current_range();
        self.bump_raw();
        let newlines = self.set_newlines(false);
        let word = self.current_text();
        self.bump();
        match word {
            "if" => self.expr(),
            "for" => self.for_names_and_collection(),
            _ => {}
        }
        self.close_template(open);
        self.finish();
        self.set_newlines(newlines);
    }

    fn stray_directive(&mut self) {
        let open = self.current_range();
        let message = match self.directive_word() {
            word @ ("else" | "endif") => format!("`%{{ {word} }}` without `%{{ if … }}`"),
            "endfor" => "`%{ endfor }` without `%{ for … }`".to_owned(),
            _ => "expected `if` or `for` after `%{`".to_owned(),
        };
        self.error(open, codes::INVALID_TEMPLATE, message);
        self.start(SyntaxKind::Directive);
        self.bump_raw();
        let newlines = self.set_newlines(false);
        self.close_template(open);
        self.finish();
        self.set_newlines(newlines);
    }

    fn template_if(&mut self, on_template: &dyn Fn(&mut Self)) {
        let open = self.current_range();
        self.start(SyntaxKind::TemplateIf);
        self.directive();
        self.template_body(on_template);
        if self.at_directive("else") {
            self.directive();
            self.template_body(on_template);
        }
        self.end_directive("endif", open, "`%{ if … }` has no `%{ endif }`");
        self.finish();
    }

    fn template_for(&mut self, on_template: &dyn Fn(&mut Self)) {
        let open = self.current_range();
        self.start(SyntaxKind::TemplateFor);
        self.directive();
        self.template_body(on_template);
        self.end_directive("endfor", open, "`%{ for … }` has no `%{ endfor }`");
        self.finish();
    }

    fn template_body(&mut self, on_template: &dyn Fn(&mut Self)) {
        // Nothing is trivia here, so there is nothing to flush before the node.
        self.start_raw(SyntaxKind::TemplateBody);
        self.directives += 1;
        self.parts(on_template);
        self.directives -= 1;
        self.finish();
    }

    fn in_directive(&self) -> bool {
        self.directives > 0
    }

    fn at_directive(&self, word: &str) -> bool {
        self.raw() == SyntaxKind::DirectiveOpen && self.directive_word() == word
    }

    fn end_directive(&mut self, word: &str, open: super::TextRange, message: &str) {
        if self.at_directive(word) {
            self.directive();
        } else {
            self.error(open, codes::INVALID_TEMPLATE, message);
        }
    }
}

/// Whether there is a character with this number, in hexadecimal.
fn is_char(digits: &str) -> bool {
    u32::from_str_radix(digits, 16).is_ok_and(|number| char::from_u32(number).is_some())
}
