//! Reads an expression, as far as it is known how the servers print it.

use super::tree::{Level, Node, Op};
use crate::mysql::types::unquote;
use crate::mysql::words::{Kind, Word, words};

/// The tree of `text`; `None` when anything in it is not known.
pub(super) fn parse(text: &str) -> Option<Node> {
    let words = words(text);
    let mut parser = Parser { text, words: &words, at: 0, depth: 0 };
    let node = parser.binary(Level::Or)?;
    (parser.at == words.len()).then_some(node)
}

struct Parser<'a> {
    text: &'a str,
    words: &'a [Word],
    at: usize,
    depth: usize,
}

/// How deep an expression may be.
const DEPTH: usize = 100;

impl<'a> Parser<'a> {
    fn source(&self, at: usize) -> &'a str {
        self.words.get(at).map_or("", |word| &self.text[word.range.clone()])
    }

    fn kind(&self) -> Option<Kind> {
        self.words.get(self.at).map(|word| word.kind)
    }

    /// Whether the word at `at` stands directly behind the one before.
    fn touches(&self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.words.get(before));
        before.zip(self.words.get(at)).is_some_and(|(a, b)| a.range.end == b.range.start)
    }

    fn is(&self, word: &str) -> bool {
        matches!(self.kind(), Some(Kind::Bare | Kind::Sign))
            && self.source(self.at).eq_ignore_ascii_case(word)
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.is(word);
        if found {
            self.at += 1;
        }
        found
    }

    fn expect(&mut self, word: &str) -> Option<()> {
        self.eat(word).then_some(())
    }

    /// Signs that stand together: `<=>`.
    fn eat_signs(&mut self, signs: &str) -> bool {
        let found = signs.chars().enumerate().all(|(offset, sign)| {
            let at = self.at + offset;
            self.words.get(at).is_some_and(|word| word.kind == Kind::Sign)
                && self.source(at).starts_with(sign)
                && (offset == 0 || self.touches(at))
        });
        if found {
            self.at += signs.len();
        }
        found
    }

    fn bare(&mut self) -> Option<String> {
        let word = self.source(self.at);
        let is_bare = self.kind() == Some(Kind::Bare);
        self.at += 1;
        is_bare.then(|| word.to_ascii_lowercase())
    }

    /// An expression whose operators bind at least as strongly as `level`.
    fn binary(&mut self, level: Level) -> Option<Node> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let node = self.operators(level);
        self.depth -= 1;
        node
    }

    fn operators(&mut self, level: Level) -> Option<Node> {
        let mut left = self.unary()?;
        loop {
            if level <= Level::Or && (self.eat("or") || self.eat_signs("||")) {
                left = logic(true, left, self.binary(Level::Xor)?);
            } else if level <= Level::Xor && self.eat("xor") {
                let right = self.binary(Level::And)?;
                left = Node::Xor { left: Box::new(left), right: Box::new(right) };
            } else if level <= Level::And && (self.eat("and") || self.eat_signs("&&")) {
                left = logic(false, left, self.binary(Level::Not)?);
            } else if level <= Level::Compare
                && let Some(node) = self.comparison(&left)?
            {
                left = node;
            } else if let Some(op) = self.operator(level) {
                if self.eat("interval") {
                    let sign = if op == Op::Plus { '+' } else { '-' };
                    if !matches!(op, Op::Plus | Op::Minus) {
                        return None;
                    }
                    left = self.moved(sign, left)?;
                    continue;
                }
                let right = self.binary(op.level().next())?;
                left = Node::Binary { op, left: Box::new(left), right: Box::new(right) };
            } else {
                return Some(left);
            }
        }
    }

    /// `x + interval n unit`, from `n` on.
    fn moved(&mut self, sign: char, of: Node) -> Option<Node> {
        let by = self.binary(Level::BitOr)?;
        let unit = self.bare()?;
        Some(Node::Move { sign, of: Box::new(of), by: Box::new(by), unit })
    }

    /// The words of a comparison behind `left`; `Some(None)` when there are none.
    fn comparison(&mut self, left: &Node) -> Option<Option<Node>> {
        let of = || Box::new(left.clone());
        if self.eat("is") {
            let not = if self.eat("not") { "not " } else { "" };
            let word = self.bare()?;
            return match &*word {
                "null" | "true" | "false" => Some(Some(Node::Is { of: of(), what: format!("{not}{word}") })),
                _ => None,
            };
        }
        let not = self.is("not");
        if not {
            self.at += 1;
        }
        if self.eat("in") {
            self.expect("(")?;
            let list = self.list()?;
            return if list.is_empty() { None } else { Some(Some(Node::In { not, of: of(), list })) };
        }
        if self.eat("between") {
            let low = self.binary(Level::BitOr)?;
            self.expect("and")?;
            let high = self.binary(Level::BitOr)?;
            return Some(Some(Node::Between { not, of: of(), low: Box::new(low), high: Box::new(high) }));
        }
        if self.eat("like") {
            let pattern = self.binary(Level::BitOr)?;
            if self.is("escape") {
                return None;
            }
            return Some(Some(Node::Like { not, of: of(), pattern: Box::new(pattern) }));
        }
        if !not && (self.eat("regexp") || self.eat("rlike")) {
            let pattern = self.binary(Level::BitOr)?;
            return Some(Some(Node::Regexp { of: of(), pattern: Box::new(pattern) }));
        }
        if not { None } else { Some(None) }
    }

    /// An operator that binds at least as strongly as `level`.
    fn operator(&mut self, level: Level) -> Option<Op> {
        const SIGNS: &[(&str, Op)] = &[
            ("<=>", Op::NullSafe),
            ("<=", Op::LessEqual),
            (">=", Op::GreaterEqual),
            ("<>", Op::NotEqual),
            ("!=", Op::NotEqual),
            ("<<", Op::Left),
            (">>", Op::Right),
            ("<", Op::Less),
            (">", Op::Greater),
            ("=", Op::Equal),
            ("|", Op::BitOr),
            ("&", Op::BitAnd),
            ("+", Op::Plus),
            ("-", Op::Minus),
            ("*", Op::Times),
            ("/", Op::Divide),
            ("%", Op::Modulo),
            ("^", Op::BitXor),
        ];
        let from = self.at;
        let op = match SIGNS.iter().find(|(signs, _)| self.eat_signs(signs)) {
            Some((_, op)) => *op,
            None if self.eat("div") => Op::Div,
            None if self.eat("mod") => Op::Modulo,
            None => return None,
        };
        // `a && b`, `a -> b` and the like begin with a sign that is an operator too.
        let more = self.kind() == Some(Kind::Sign)
            && self.touches(self.at)
            && matches!(self.source(self.at), "&" | "|" | ">" | "=" | "<");
        if op.level() < level || more {
            self.at = from;
            return None;
        }
        Some(op)
    }

    fn unary(&mut self) -> Option<Node> {
        if self.eat("not") {
            return Some(Node::Not(Box::new(self.binary(Level::Compare)?)));
        }
        if self.eat("!") {
            return Some(Node::Not(Box::new(self.unary()?)));
        }
        for sign in ['-', '~'] {
            if self.eat(&sign.to_string()) {
                return Some(Node::Sign { sign, of: Box::new(self.unary()?) });
            }
        }
        if self.eat("binary") {
            let of = Box::new(self.unary()?);
            return Some(Node::Cast { of, to: "char charset binary".to_string() });
        }
        self.value()
    }

    fn value(&mut self) -> Option<Node> {
        let source = self.source(self.at);
        match self.kind()? {
            Kind::Sign if source == "(" => {
                self.at += 1;
                let node = self.binary(Level::Or)?;
                self.expect(")")?;
                Some(node)
            }
            Kind::Sign => None,
            Kind::Name => {
                let (name, rest) = crate::mysql::names::quoted(source)?;
                self.at += 1;
                if !rest.is_empty() || self.is(".") || self.is("(") {
                    return None;
                }
                self.path(Node::Column(name))
            }
            Kind::Text => {
                let node = Node::Text { charset: None, value: self.string()? };
                Some(node)
            }
            Kind::Bare => self.word(source),
        }
    }

    /// A string; two in a row are one, which nobody writes.
    fn string(&mut self) -> Option<String> {
        let (value, rest) = unquote(self.source(self.at)).filter(|_| self.kind() == Some(Kind::Text))?;
        self.at += 1;
        (rest.is_empty() && self.kind() != Some(Kind::Text)).then_some(value)
    }

    fn word(&mut self, source: &str) -> Option<Node> {
        let lower = source.to_ascii_lowercase();
        self.at += 1;
        if source.starts_with(|ch: char| ch.is_ascii_digit()) {
            return self.number(&lower);
        }
        let text_follows = self.kind() == Some(Kind::Text);
        match &*lower {
            "null" => return Some(Node::Null),
            "true" => return Some(Node::Bool(true)),
            "false" => return Some(Node::Bool(false)),
            "date" if text_follows => return Some(Node::Moment { word: "DATE", value: self.string()? }),
            "time" if text_follows => return Some(Node::Moment { word: "TIME", value: self.string()? }),
            "timestamp" if text_follows => {
                return Some(Node::Moment { word: "TIMESTAMP", value: self.string()? });
            }
            "b" if text_follows && self.touches(self.at) => return bits(&self.string()?),
            "x" if text_follows && self.touches(self.at) => {
                let value = self.string()?.to_ascii_lowercase();
                return Some(Node::Hex(format!("0x{value}")));
            }
            "case" => return self.case(),
            _ => {}
        }
        if let Some(charset) = lower.strip_prefix('_').filter(|_| text_follows) {
            return Some(Node::Text { charset: Some(charset.to_string()), value: self.string()? });
        }
        if self.is("(") {
            self.at += 1;
            return self.call(&lower);
        }
        let is_name = source.chars().all(|ch| ch.is_alphanumeric() || matches!(ch, '_' | '$'));
        if text_follows || self.is(".") || !is_name || KEYWORDS.contains(&&*lower) {
            return None;
        }
        self.path(Node::Column(source.to_string()))
    }

    /// `j->'$.a'` behind a column.
    fn path(&mut self, column: Node) -> Option<Node> {
        if !self.eat_signs("->") {
            return Some(column);
        }
        let unquoted = self.is(">") && self.touches(self.at) && self.eat(">");
        let path = Node::Text { charset: None, value: self.string()? };
        let node = Node::Call { name: "json_extract".into(), args: vec![column, path] };
        Some(if unquoted { Node::Call { name: "json_unquote".into(), args: vec![node] } } else { node })
    }

    fn number(&mut self, lower: &str) -> Option<Node> {
        if let Some(digits) = lower.strip_prefix("0x") {
            return digits.chars().all(|ch| ch.is_ascii_hexdigit()).then(|| Node::Hex(lower.to_string()));
        }
        let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(lower) || lower.len() > 1 && lower.starts_with('0') {
            let (whole, power) = lower.split_once('e')?;
            return (digits(whole) && digits(power)).then(|| Node::Number(lower.to_string()));
        }
        if self.is(".") && self.touches(self.at) {
            self.at += 1;
            let fraction = self.source(self.at);
            if !self.touches(self.at) || !digits(fraction) {
                return None;
            }
            self.at += 1;
            return Some(Node::Number(format!("{lower}.{fraction}")));
        }
        Some(Node::Number(lower.to_string()))
    }

    fn list(&mut self) -> Option<Vec<Node>> {
        let mut list = Vec::new();
        if self.eat(")") {
            return Some(list);
        }
        loop {
            list.push(self.binary(Level::Or)?);
            if self.eat(")") {
                return Some(list);
            }
            self.expect(",")?;
        }
    }

    fn call(&mut self, name: &str) -> Option<Node> {
        match name {
            "cast" => {
                let of = self.binary(Level::Or)?;
                self.expect("as")?;
                let to = self.cast_type()?;
                self.expect(")")?;
                Some(Node::Cast { of: Box::new(of), to })
            }
            "convert" => {
                let of = Box::new(self.binary(Level::Or)?);
                let node = if self.eat("using") {
                    Node::Using { of, charset: self.bare()? }
                } else {
                    self.expect(",")?;
                    Node::Cast { of, to: self.cast_type()? }
                };
                self.expect(")")?;
                Some(node)
            }
            "extract" => {
                let unit = self.bare()?;
                self.expect("from")?;
                let of = Box::new(self.binary(Level::Or)?);
                self.expect(")")?;
                Some(Node::Extract { unit, of })
            }
            "position" => {
                let part = self.binary(Level::BitOr)?;
                self.expect("in")?;
                let of = self.binary(Level::Or)?;
                self.expect(")")?;
                Some(Node::Call { name: "locate".into(), args: vec![part, of] })
            }
            "date_add" | "adddate" | "date_sub" | "subdate" => {
                let of = self.binary(Level::Or)?;
                self.expect(",")?;
                self.expect("interval")?;
                let sign = if name.contains("add") { '+' } else { '-' };
                let node = self.moved(sign, of)?;
                self.expect(")")?;
                Some(node)
            }
            _ => Some(Node::Call { name: name.to_string(), args: self.list()? }),
        }
    }

    fn cast_type(&mut self) -> Option<String> {
        let word = self.bare()?;
        let mut size = String::new();
        if self.eat("(") {
            while !self.eat(")") {
                size.push_str(self.source(self.at));
                self.at += 1;
                if self.at >= self.words.len() {
                    return None;
                }
            }
            size = format!("({size})");
        }
        Some(match &*word {
            "char" => format!("char{size} charset utf8mb4"),
            "signed" | "unsigned" => {
                let _ = self.eat("integer") || self.eat("int");
                word
            }
            "date" | "datetime" | "time" | "decimal" => format!("{word}{size}"),
            _ => return None,
        })
    }

    fn case(&mut self) -> Option<Node> {
        let of = if self.is("when") { None } else { Some(Box::new(self.binary(Level::Or)?)) };
        let mut whens = Vec::new();
        while self.eat("when") {
            let when = self.binary(Level::Or)?;
            self.expect("then")?;
            whens.push((when, self.binary(Level::Or)?));
        }
        let otherwise = if self.eat("else") { Some(Box::new(self.binary(Level::Or)?)) } else { None };
        self.expect("end")?;
        // A condition that is no comparison is rewritten.
        let known = of.is_some() || whens.iter().all(|(when, _)| when.is_truth());
        known.then_some(Node::Case { of, whens, otherwise })
    }
}

/// `a and b` where `a` may be one already.
fn logic(or: bool, left: Node, right: Node) -> Node {
    let mut parts = Vec::new();
    for node in [left, right] {
        match node {
            Node::Logic { or: own, parts: inner } if own == or => parts.extend(inner),
            node => parts.push(node),
        }
    }
    Node::Logic { or, parts }
}

/// `b'101'` is kept as bytes.
fn bits(text: &str) -> Option<Node> {
    if text.is_empty() || text.bytes().any(|byte| !matches!(byte, b'0' | b'1')) {
        return None;
    }
    let missing = (8 - text.len() % 8) % 8;
    let padded = format!("{}{text}", "0".repeat(missing));
    let bytes: Option<Vec<String>> = padded
        .as_bytes()
        .chunks(8)
        .map(|byte| {
            let byte = std::str::from_utf8(byte).ok()?;
            Some(format!("{:02x}", u8::from_str_radix(byte, 2).ok()?))
        })
        .collect();
    Some(Node::Hex(format!("0x{}", bytes?.concat())))
}

/// Bare words that are no columns.
const KEYWORDS: &[&str] = &[
    "all",
    "and",
    "as",
    "between",
    "both",
    "by",
    "case",
    "collate",
    "current_date",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "div",
    "else",
    "exists",
    "false",
    "from",
    "in",
    "interval",
    "is",
    "leading",
    "like",
    "localtime",
    "localtimestamp",
    "match",
    "mod",
    "not",
    "null",
    "or",
    "regexp",
    "rlike",
    "row",
    "select",
    "sounds",
    "then",
    "trailing",
    "true",
    "using",
    "values",
    "when",
    "where",
    "xor",
];
