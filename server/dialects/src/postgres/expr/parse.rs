//! Reads expressions with the precedence of PostgreSQL. What it does not know makes all of it unreadable.
//!
//! Source: PostgreSQL 15, `gram.y` (`a_expr`, `c_expr`), `scan.l`.

mod calls;
mod types;

use super::node::{Call, Form, Node};
use super::tokens::{Token, tokens};
use crate::postgres::names;

pub use self::types::of_text;

/// The expression `text`; `None` when it is not understood in full, or holds a query.
pub fn parse(text: &str) -> Option<Node> {
    let mut reader = Reader { tokens: tokens(text)?, at: 0, depth: 0, keep: false };
    let node = reader.expr(0)?;
    (reader.at == reader.tokens.len() && node.is_plain()).then_some(node)
}
#[derive(Clone)]
pub(super) struct Reader {
    tokens: Vec<Token>,
    at: usize,
    depth: usize,
    /// Whether conditions in parentheses stay apart from those of the same kind around them.
    keep: bool,
}

/// How strongly operators bind, weakest first.
mod power {
    pub const OR: u8 = 1;
    pub const AND: u8 = 2;
    pub const NOT: u8 = 3;
    pub const IS: u8 = 4;
    pub const COMPARE: u8 = 5;
    pub const LIKE: u8 = 6;
    pub const OTHER: u8 = 7;
    pub const ADD: u8 = 8;
    pub const MULTIPLY: u8 = 9;
    pub const POWER: u8 = 10;
    pub const ZONE: u8 = 11;
    pub const COLLATE: u8 = 12;
    pub const SIGN: u8 = 13;
}

/// Words that begin no operand.
const RESERVED: &[&str] = &[
    "and", "as", "asc", "between", "collate", "desc", "else", "end", "from", "ilike", "in", "is", "isnull",
    "like", "not", "notnull", "on", "or", "order", "similar", "then", "to", "using", "when", "where",
    "select", "with", "union", "group", "having", "limit",
];

impl Reader {
    pub(super) fn of(text: &str) -> Option<Self> {
        Some(Reader { tokens: tokens(text)?, at: 0, depth: 0, keep: false })
    }

    /// Whether `((a AND b) AND c)` keeps its parentheses.
    pub(super) fn keep_groups(&mut self, keep: bool) {
        self.keep = keep;
    }

    pub(super) fn is_done(&self) -> bool {
        self.at == self.tokens.len()
    }

    pub(super) fn eat_op(&mut self, op: &str) -> bool {
        let found = matches!(self.peek(), Some(Token::Op(found)) if found == op);
        self.at += usize::from(found);
        found
    }

    /// `t.*`: the name before the star.
    pub(super) fn eat_all_of(&mut self) -> Option<String> {
        let (Some(Token::Word(name) | Token::Name(name)), Some(Token::Mark('.')), Some(Token::Op(op))) =
            (self.nth(0), self.nth(1), self.nth(2))
        else {
            return None;
        };
        if op != "*" {
            return None;
        }
        let name = name.clone();
        self.at += 3;
        Some(name)
    }

    /// A name that is given without `AS`; no word that begins the next part of a query.
    pub(super) fn alias(&mut self) -> Option<String> {
        const NEXT: &[&str] = &[
            "cross",
            "except",
            "fetch",
            "for",
            "from",
            "full",
            "group",
            "having",
            "inner",
            "intersect",
            "join",
            "left",
            "limit",
            "natural",
            "offset",
            "on",
            "order",
            "right",
            "tablesample",
            "union",
            "using",
            "where",
            "window",
        ];
        match self.peek()? {
            Token::Word(word) if NEXT.contains(&word.as_str()) => None,
            Token::Word(_) | Token::Name(_) => self.name(),
            _ => None,
        }
    }

    pub(super) fn whole_number(&mut self) -> Option<String> {
        match self.peek()?.clone() {
            Token::Number(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.at += 1;
                Some(text)
            }
            _ => None,
        }
    }

    /// What `read` reads, unless too much is nested.
    pub(super) fn nested<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.depth += 1;
        if self.depth > 200 {
            return None;
        }
        let found = read(self);
        self.depth -= 1;
        found
    }

    pub(super) fn is(&self, mark: char) -> bool {
        self.nth_is(0, mark)
    }

    pub(super) fn nth_is(&self, n: usize, mark: char) -> bool {
        self.nth(n) == Some(&Token::Mark(mark))
    }

    pub(super) fn is_op(&self, op: &str) -> bool {
        matches!(self.peek(), Some(Token::Op(found)) if found == op)
    }

    fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.at)
    }

    fn nth(&self, n: usize) -> Option<&Token> {
        self.tokens.get(self.at + n)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        matches!(self.peek(), Some(Token::Word(found)) if found == word)
    }

    fn nth_word(&self, n: usize, word: &str) -> bool {
        matches!(self.nth(n), Some(Token::Word(found)) if found == word)
    }

    pub(super) fn eat_word(&mut self, word: &str) -> bool {
        let found = self.is_word(word);
        self.at += usize::from(found);
        found
    }

    pub(super) fn eat(&mut self, mark: char) -> bool {
        let found = self.peek() == Some(&Token::Mark(mark));
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, mark: char) -> Option<()> {
        self.eat(mark).then_some(())
    }

    pub(super) fn expr(&mut self, power: u8) -> Option<Node> {
        self.depth += 1;
        if self.depth > 200 {
            return None;
        }
        let mut left = self.prefix()?;
        loop {
            match self.infix(left, power)? {
                (node, true) => left = node,
                (node, false) => {
                    left = node;
                    break;
                }
            }
        }
        self.depth -= 1;
        Some(left)
    }

    fn prefix(&mut self) -> Option<Node> {
        if self.eat_word("not") {
            return Some(Node::Not(Box::new(self.expr(power::NOT)?)));
        }
        match self.peek()?.clone() {
            Token::Op(op) if op == "-" || op == "+" => {
                self.at += 1;
                let of = self.expr(power::SIGN)?;
                Some(match (op.as_str(), of) {
                    ("-", Node::Number(text)) if !text.starts_with('-') => Node::Number(format!("-{text}")),
                    ("+", of) => Node::Unary("+".to_owned(), Box::new(of)),
                    (_, of) => Node::Unary(op, Box::new(of)),
                })
            }
            Token::Op(op) if op != "::" => {
                self.at += 1;
                Some(Node::Unary(op, Box::new(self.expr(power::OTHER)?)))
            }
            _ => self.operand(),
        }
    }

    /// `left` with what stands behind it and binds stronger than `power`; whether there was something.
    fn infix(&mut self, left: Node, power: u8) -> Option<(Node, bool)> {
        let taken = |node: Node| Some((node, true));
        let done = |node: Node| Some((node, false));
        let boxed = Box::new;
        match self.peek().cloned() {
            Some(Token::Op(op)) if op == "::" => {
                self.at += 1;
                let ty = self.ty()?;
                taken(Node::Cast(boxed(left), ty))
            }
            Some(Token::Mark('[')) => {
                self.at += 1;
                let mut indexes = vec![self.expr(0)?];
                if self.eat(':') {
                    indexes.push(self.expr(0)?);
                }
                self.expect(']')?;
                taken(Node::Subscript(boxed(left), indexes))
            }
            Some(Token::Mark('.')) => {
                self.at += 1;
                let name = self.name()?;
                taken(Node::Field(boxed(left), name))
            }
            Some(Token::Op(op)) => {
                let strength = match op.as_str() {
                    ":=" | "=>" => return done(left),
                    "<" | ">" | "=" | "<=" | ">=" | "<>" | "!=" => power::COMPARE,
                    "+" | "-" => power::ADD,
                    "*" | "/" | "%" => power::MULTIPLY,
                    "^" => power::POWER,
                    _ => power::OTHER,
                };
                if strength <= power {
                    return done(left);
                }
                self.at += 1;
                let op = if op == "!=" { "<>".to_owned() } else { op };
                let quantifier = ["any", "some", "all"].iter().position(|word| self.is_word(word));
                if let Some(which) = quantifier
                    && self.nth(1) == Some(&Token::Mark('('))
                {
                    self.at += 2;
                    let word = if which == 2 { "ALL" } else { "ANY" };
                    if self.is_query() {
                        let query = Box::new(self.query()?);
                        self.expect(')')?;
                        return taken(Node::Among(Box::new(left), op, word, query));
                    }
                    let array = self.expr(0)?;
                    self.expect(')')?;
                    return taken(Node::Some(boxed(left), op, word, boxed(array)));
                }
                let right = self.expr(strength)?;
                taken(Node::Binary(op, boxed(left), boxed(right)))
            }
            Some(Token::Word(word)) => self.infix_word(left, &word, power),
            _ => done(left),
        }
    }

    fn infix_word(&mut self, left: Node, word: &str, power: u8) -> Option<(Node, bool)> {
        let taken = |node: Node| Some((node, true));
        let done = |node: Node| Some((node, false));
        let boxed = Box::new;
        let not = word == "not";
        let word = if not {
            match self.nth(1) {
                Some(Token::Word(word)) => word.clone(),
                _ => return done(left),
            }
        } else {
            word.to_owned()
        };
        match word.as_str() {
            "and" if !not && power < power::AND => {
                self.at += 1;
                let right = self.expr(power::AND)?;
                taken(match left {
                    Node::And(mut parts) => {
                        parts.push(right);
                        Node::And(parts)
                    }
                    left => Node::And(vec![left, right]),
                })
            }
            "or" if !not && power < power::OR => {
                self.at += 1;
                let right = self.expr(power::OR)?;
                taken(match left {
                    Node::Or(mut parts) => {
                        parts.push(right);
                        Node::Or(parts)
                    }
                    left => Node::Or(vec![left, right]),
                })
            }
            "isnull" | "notnull" if !not && power < power::IS => {
                self.at += 1;
                let words = if word == "isnull" { "NULL" } else { "NOT NULL" };
                taken(Node::Is(boxed(left), words.to_owned()))
            }
            "is" if !not && power < power::IS => {
                self.at += 1;
                let not = self.eat_word("not");
                if self.eat_word("distinct") {
                    if !self.eat_word("from") {
                        return None;
                    }
                    let right = self.expr(power::IS)?;
                    return taken(Node::Distinct(boxed(left), boxed(right), not));
                }
                let what =
                    ["null", "true", "false", "unknown"].into_iter().find(|what| self.eat_word(what))?;
                let words = format!("{}{}", if not { "NOT " } else { "" }, what.to_uppercase());
                taken(Node::Is(boxed(left), words))
            }
            "in" if power < power::LIKE => {
                self.at += 1 + usize::from(not);
                self.expect('(')?;
                if self.is_query() {
                    let query = Box::new(self.query()?);
                    self.expect(')')?;
                    let found = Node::Among(boxed(left), "=".to_owned(), "ANY", query);
                    return taken(if not { Node::Not(boxed(found)) } else { found });
                }
                let list = self.list(')')?;
                taken(Node::In(boxed(left), list, not))
            }
            "between" if power < power::LIKE => {
                self.at += 1 + usize::from(not);
                if self.eat_word("symmetric") {
                    return None;
                }
                self.eat_word("asymmetric");
                let low = self.expr(power::LIKE)?;
                if !self.eat_word("and") {
                    return None;
                }
                let high = self.expr(power::LIKE)?;
                taken(Node::Between(boxed(left), boxed(low), boxed(high), not))
            }
            "like" | "ilike" if power < power::LIKE => {
                self.at += 1 + usize::from(not);
                let op = match (word.as_str(), not) {
                    ("like", false) => "~~",
                    ("like", true) => "!~~",
                    (_, false) => "~~*",
                    (_, true) => "!~~*",
                };
                if let Some(word) = ["any", "some", "all"].into_iter().find(|word| self.is_word(word))
                    && self.nth(1) == Some(&Token::Mark('('))
                {
                    self.at += 2;
                    let array = self.expr(0)?;
                    self.expect(')')?;
                    let word = if word == "all" { "ALL" } else { "ANY" };
                    return taken(Node::Some(boxed(left), op.to_owned(), word, boxed(array)));
                }
                let mut right = self.expr(power::LIKE)?;
                if self.eat_word("escape") {
                    let escape = self.expr(power::LIKE)?;
                    right = call("like_escape", vec![right, escape]);
                }
                taken(Node::Binary(op.to_owned(), boxed(left), boxed(right)))
            }
            "similar" if power < power::LIKE => {
                self.at += 1 + usize::from(not);
                if !self.eat_word("to") {
                    return None;
                }
                let mut args = vec![self.expr(power::LIKE)?];
                if self.eat_word("escape") {
                    args.push(self.expr(power::LIKE)?);
                }
                let op = if not { "!~" } else { "~" };
                taken(Node::Binary(op.to_owned(), boxed(left), boxed(call("similar_to_escape", args))))
            }
            "at" if !not && power < power::ZONE && self.nth_word(1, "time") && self.nth_word(2, "zone") => {
                self.at += 3;
                let zone = self.expr(power::ZONE)?;
                taken(Node::Zone(boxed(left), boxed(zone)))
            }
            "collate" if !not && power < power::COLLATE => {
                self.at += 1;
                let path = self.path()?;
                let name = path.iter().map(|step| names::quoted(step)).collect::<Vec<_>>().join(".");
                taken(Node::Collate(boxed(left), name))
            }
            _ => done(left),
        }
    }

    fn list(&mut self, close: char) -> Option<Vec<Node>> {
        let mut out = Vec::new();
        if self.eat(close) {
            return Some(out);
        }
        loop {
            out.push(self.expr(0)?);
            if self.eat(',') {
                continue;
            }
            self.expect(close)?;
            return Some(out);
        }
    }

    pub(super) fn name(&mut self) -> Option<String> {
        match self.peek()?.clone() {
            Token::Word(word) | Token::Name(word) => {
                self.at += 1;
                Some(word)
            }
            _ => None,
        }
    }

    pub(super) fn path(&mut self) -> Option<Vec<String>> {
        let mut path = vec![self.name()?];
        while self.peek() == Some(&Token::Mark('.'))
            && matches!(self.nth(1), Some(Token::Word(_) | Token::Name(_)))
        {
            self.at += 1;
            path.push(self.name()?);
        }
        Some(path)
    }

    fn operand(&mut self) -> Option<Node> {
        match self.peek()?.clone() {
            Token::Text(text) => {
                self.at += 1;
                Some(Node::Text(text, None))
            }
            Token::Number(text) => {
                self.at += 1;
                Some(Node::Number(text))
            }
            Token::Mark('(') => {
                self.at += 1;
                if self.is_query() {
                    let query = self.query()?;
                    self.expect(')')?;
                    return Some(Node::Query(Box::new(query)));
                }
                let mut list = self.list(')')?;
                match list.pop() {
                    Some(only @ (Node::And(_) | Node::Or(_))) if list.is_empty() && self.keep => {
                        Some(Node::Group(Box::new(only)))
                    }
                    Some(only) if list.is_empty() => Some(only),
                    last => Some(Node::Row(list.into_iter().chain(last).collect())),
                }
            }
            Token::Name(_) => self.column_or_call(),
            Token::Word(word) => self.word(&word),
            _ => None,
        }
    }

    fn word(&mut self, word: &str) -> Option<Node> {
        let called = self.nth(1) == Some(&Token::Mark('('));
        if matches!(self.nth(1), Some(Token::Text(_))) || self.at_time_literal() {
            let ty = self.ty()?;
            let Some(Token::Text(text)) = self.peek().cloned() else { return None };
            self.at += 1;
            // `INTERVAL '1' DAY` has another value than its text.
            if matches!(self.peek(), Some(Token::Word(unit)) if ["year", "month", "day", "hour", "minute", "second"].contains(&unit.as_str()))
            {
                return None;
            }
            return Some(Node::Cast(Box::new(Node::Text(text, None)), ty));
        }
        let value = |word: &str| Some(Node::Value(word.to_uppercase()));
        match word {
            "null" => {
                self.at += 1;
                Some(Node::Null(None))
            }
            "true" | "false" => {
                self.at += 1;
                Some(Node::Bool(word == "true"))
            }
            "current_date" | "current_user" | "session_user" | "current_role" | "user"
            | "current_catalog" => {
                self.at += 1;
                value(word)
            }
            "current_timestamp" | "current_time" | "localtime" | "localtimestamp" => {
                self.at += 1;
                if self.eat('(') {
                    let Some(Token::Number(precision)) = self.peek().cloned() else { return None };
                    self.at += 1;
                    self.expect(')')?;
                    return value(&format!("{word}({precision})"));
                }
                value(word)
            }
            "current_schema" if !called => {
                self.at += 1;
                value(word)
            }
            "case" => self.case(),
            "cast" if called => {
                self.at += 2;
                let of = self.expr(0)?;
                if !self.eat_word("as") {
                    return None;
                }
                let ty = self.ty()?;
                self.expect(')')?;
                Some(Node::Cast(Box::new(of), ty))
            }
            "array" if self.nth(1) == Some(&Token::Mark('[')) => {
                self.at += 1;
                self.array()
            }
            "row" if called => {
                self.at += 2;
                Some(Node::Row(self.list(')')?))
            }
            "coalesce" | "greatest" | "least" | "nullif" if called => {
                self.at += 2;
                let name = match word {
                    "coalesce" => "COALESCE",
                    "greatest" => "GREATEST",
                    "least" => "LEAST",
                    _ => "NULLIF",
                };
                Some(Node::Special(name, self.list(')')?))
            }
            "extract" | "position" | "substring" | "overlay" | "trim" if called => self.standard(word),
            "exists" if called => {
                self.at += 2;
                let query = self.query()?;
                self.expect(')')?;
                Some(Node::Exists(Box::new(query)))
            }
            "array" if called => {
                self.at += 2;
                let query = self.query()?;
                self.expect(')')?;
                Some(Node::Elements(Box::new(query)))
            }
            "exists" | "xmlelement" | "xmlforest" | "xmlparse" | "json_object" | "json_array" | "treat"
            | "normalize" => None,
            _ if RESERVED.contains(&word) => None,
            _ => self.column_or_call(),
        }
    }

    /// Whether `timestamp with time zone '…'` stands here, or `double precision '…'`.
    fn at_time_literal(&self) -> bool {
        let time = (self.is_word("timestamp") || self.is_word("time"))
            && (self.nth_word(1, "with") || self.nth_word(1, "without"))
            && matches!(self.nth(4), Some(Token::Text(_)));
        time || (self.is_word("double") && matches!(self.nth(2), Some(Token::Text(_))))
    }
}

fn call(name: &str, args: Vec<Node>) -> Node {
    Node::Call(Call::plain(vec![name.to_owned()], args, Form::Plain))
}
