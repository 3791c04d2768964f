//! Reads calls: plain ones, those in the forms of the standard (`EXTRACT(year FROM x)`), and constructors.

use super::super::node::{Call, Form, Node};
use super::super::tokens::Token;
use super::{Reader, power};

impl Reader {
    pub(super) fn array(&mut self) -> Option<Node> {
        self.expect('[')?;
        let mut out = Vec::new();
        if self.eat(']') {
            return Some(Node::Array(out));
        }
        loop {
            let nested = self.peek() == Some(&Token::Mark('['));
            out.push(if nested { self.array()? } else { self.expr(0)? });
            if !self.eat(',') {
                break;
            }
        }
        self.expect(']')?;
        Some(Node::Array(out))
    }

    pub(super) fn case(&mut self) -> Option<Node> {
        self.at += 1;
        let arg = if self.is_word("when") { None } else { Some(Box::new(self.expr(0)?)) };
        let mut arms = Vec::new();
        while self.eat_word("when") {
            let when = self.expr(0)?;
            if !self.eat_word("then") {
                return None;
            }
            arms.push((when, self.expr(0)?));
        }
        let other = if self.eat_word("else") { Some(Box::new(self.expr(0)?)) } else { None };
        (self.eat_word("end") && !arms.is_empty()).then_some(Node::Case(arg, arms, other))
    }

    /// Calls in the forms of the standard.
    pub(super) fn standard(&mut self, word: &str) -> Option<Node> {
        self.at += 2;
        let made = |name: &str, args: Vec<Node>, form: Form| {
            Some(Node::Call(Call::plain(vec![name.to_owned()], args, form)))
        };
        match word {
            "extract" => {
                let field = match self.peek()?.clone() {
                    Token::Word(field) | Token::Text(field) => field.to_lowercase(),
                    _ => return None,
                };
                self.at += 1;
                if !self.eat_word("from") {
                    return None;
                }
                let of = self.expr(0)?;
                self.expect(')')?;
                made("extract", vec![Node::Text(field, None), of], Form::Extract)
            }
            "position" => {
                let what = self.expr(power::LIKE)?;
                if !self.eat_word("in") {
                    return None;
                }
                let of = self.expr(power::LIKE)?;
                self.expect(')')?;
                made("position", vec![of, what], Form::Position)
            }
            "trim" => {
                let side = ["both", "leading", "trailing"].into_iter().find(|side| self.eat_word(side));
                let form = match side {
                    Some("leading") => ("ltrim", "LEADING"),
                    Some("trailing") => ("rtrim", "TRAILING"),
                    _ => ("btrim", "BOTH"),
                };
                let mut args = Vec::new();
                if !self.eat_word("from") {
                    args.push(self.expr(0)?);
                    if self.eat_word("from") {
                        args.insert(0, self.expr(0)?);
                    } else if self.eat(',') {
                        args.push(self.expr(0)?);
                    }
                } else {
                    args.push(self.expr(0)?);
                }
                self.expect(')')?;
                made(form.0, args, Form::Trim(form.1))
            }
            "substring" => {
                let mut args = vec![self.expr(0)?];
                if self.eat(',') {
                    args.extend(self.list(')')?);
                    return made("substring", args, Form::Plain);
                }
                if self.eat_word("from") {
                    args.push(self.expr(0)?);
                    if self.eat_word("for") {
                        args.push(self.expr(0)?);
                    }
                } else if self.is_word("for") {
                    return None;
                }
                self.expect(')')?;
                let form = if args.len() > 1 { Form::Substring } else { Form::Plain };
                made("substring", args, form)
            }
            _ => None,
        }
    }

    pub(super) fn column_or_call(&mut self) -> Option<Node> {
        let path = self.path()?;
        if !self.eat('(') {
            return Some(Node::Column(path));
        }
        let mut call = Call::plain(path, Vec::new(), Form::Plain);
        let mut order = Vec::new();
        if self.peek() == Some(&Token::Op("*".to_owned())) && self.nth(1) == Some(&Token::Mark(')')) {
            self.at += 2;
            call.star = true;
        } else if !self.eat(')') {
            if self.is_word("variadic") || self.is_word("all") {
                return None;
            }
            if self.eat_word("distinct") {
                call.form = Form::Distinct;
            }
            loop {
                let named = matches!(self.nth(1), Some(Token::Op(op)) if op == "=>" || op == ":=");
                call.names.push(if named {
                    let name = self.name()?;
                    self.at += 1;
                    Some(name)
                } else {
                    None
                });
                call.args.push(self.expr(0)?);
                if !self.eat(',') {
                    break;
                }
            }
            order = self.order_of_call()?;
            self.expect(')')?;
        }
        call.more = self.behind_call(order)?;
        Some(Node::Call(call))
    }
}
