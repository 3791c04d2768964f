//! Reads an expression. What the grammar here does not know is no tree.

mod query;

use super::tree::{Expr, Level, Op};
use crate::mysql::words::{Kind, Word, unquote, words};

/// The tree of `text`; `None` when anything in it is not known.
pub fn parse(text: &str) -> Option<Expr> {
    let words = words(text);
    let mut parser = Parser::new(text, &words);
    let expr = parser.expr(Level::Or)?;
    (parser.at == words.len()).then_some(expr)
}

pub use self::query::parse as query;

/// How deep an expression may be.
const DEPTH: usize = 100;

/// Reads the words of a text from one to the next.
pub struct Parser<'a> {
    text: &'a str,
    words: &'a [Word],
    pub at: usize,
    depth: usize,
    /// Whether queries may stand in expressions.
    queries: bool,
}

impl<'a> Parser<'a> {
    pub fn new(text: &'a str, words: &'a [Word]) -> Self {
        Self { text, words, at: 0, depth: 0, queries: false }
    }

    /// The text of the word that comes after `n` others.
    pub fn peek(&self, n: usize) -> &'a str {
        self.words.get(self.at + n).map_or("", |word| &self.text[word.range.clone()])
    }

    pub fn kind(&self, n: usize) -> Option<Kind> {
        self.words.get(self.at + n).map(|word| word.kind)
    }

    pub fn is(&self, n: usize, word: &str) -> bool {
        matches!(self.kind(n), Some(Kind::Bare | Kind::Sign)) && self.peek(n).eq_ignore_ascii_case(word)
    }

    pub fn eat(&mut self, word: &str) -> bool {
        let found = self.is(0, word);
        self.at += usize::from(found);
        found
    }

    pub fn expect(&mut self, word: &str) -> Option<()> {
        self.eat(word).then_some(())
    }

    /// A name, in backticks or not.
    pub fn name(&mut self) -> Option<String> {
        let kind = self.kind(0)?;
        let text = self.peek(0);
        let first = text.chars().next()?;
        let bare = kind == Kind::Bare && !first.is_ascii_digit() && !matches!(first, '@' | '_' | '$');
        let bare = bare || kind == Kind::Bare && first == '_' && self.kind(1) != Some(Kind::Text);
        let free = bare && !crate::mysql::grammar::GRAMMAR.is_reserved(text);
        if kind != Kind::Name && !free {
            return None;
        }
        self.at += 1;
        Some(unquote(text))
    }

    /// Whether the signs of `text` stand here without anything between them.
    fn signs(&self, text: &str) -> bool {
        let Some(first) = self.words.get(self.at) else { return false };
        let start = first.range.start;
        self.text.get(start..start + text.len()) == Some(text)
            && (0..text.len()).all(|n| self.kind(n) == Some(Kind::Sign))
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
        if ["||", "&&", "->"].iter().any(|other| self.signs(other)) {
            return None;
        }
        let (op, len) = match SIGNS.iter().find(|(signs, _)| self.signs(signs)) {
            Some((signs, op)) => (*op, signs.len()),
            None if self.is(0, "div") => (Op::Div, 1),
            None if self.is(0, "mod") => (Op::Modulo, 1),
            None => return None,
        };
        if op.level() < level {
            return None;
        }
        self.at += len;
        Some(op)
    }

    /// An expression whose operators bind at least as strongly as `level`.
    pub fn expr(&mut self, level: Level) -> Option<Expr> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let mut left = self.operand()?;
        loop {
            if self.eat("collate") {
                left = Expr::Collate(Box::new(left), self.word()?);
            } else if level <= Level::Or && (self.is(0, "or") || self.signs("||")) {
                self.at += if self.signs("||") { 2 } else { 1 };
                left = Expr::joined(true, left, self.expr(Level::Xor)?);
            } else if level <= Level::Xor && self.eat("xor") {
                left = Expr::Xor(Box::new(left), Box::new(self.expr(Level::And)?));
            } else if level <= Level::And && (self.is(0, "and") || self.signs("&&")) {
                self.at += if self.signs("&&") { 2 } else { 1 };
                left = Expr::joined(false, left, self.expr(Level::Not)?);
            } else if level <= Level::Compare && self.is_comparison() {
                left = self.comparison(left)?;
            } else if let Some(op) = self.operator(level) {
                if self.is(0, "interval") && !self.is_interval_call() {
                    self.at += 1;
                    left = self.shifted(left, op)?;
                    continue;
                }
                left = Expr::binary(op, left, self.expr(op.level().next())?);
            } else {
                self.depth -= 1;
                return Some(left);
            }
        }
    }

    /// Whether `interval (` here is the function, which has several arguments, and no amount in parentheses.
    fn is_interval_call(&self) -> bool {
        let mut depth = 0;
        for n in 1.. {
            if self.kind(n).is_none() {
                return false;
            } else if self.is(n, "(") {
                depth += 1;
            } else if depth == 0 || self.is(n, ",") && depth == 1 {
                return depth == 1;
            } else if self.is(n, ")") {
                depth -= 1;
                if depth == 0 {
                    return false;
                }
            }
        }
        false
    }

    /// `left + interval n unit`, from `n` on.
    fn shifted(&mut self, left: Expr, op: Op) -> Option<Expr> {
        let sign = match op {
            Op::Plus => '+',
            Op::Minus => '-',
            _ => return None,
        };
        let amount = self.expr(Level::BitOr)?;
        Some(Expr::Shift(Box::new(left), sign, Box::new(amount), self.word()?))
    }

    fn is_comparison(&self) -> bool {
        let n = usize::from(self.is(0, "not"));
        self.is(0, "is") || ["in", "between", "like", "regexp", "rlike"].iter().any(|word| self.is(n, word))
    }

    /// What compares `left` by a word.
    fn comparison(&mut self, left: Expr) -> Option<Expr> {
        let of = Box::new(left);
        if self.eat("is") {
            let not = if self.eat("not") { "not " } else { "" };
            let what = self.word()?;
            return match &*what {
                "null" | "true" | "false" => Some(Expr::Is(of, format!("{not}{what}"))),
                "unknown" => Some(Expr::Is(of, format!("{not}null"))),
                _ => None,
            };
        }
        let not = self.eat("not");
        if self.eat("in") {
            if self.queries && self.is(0, "(") && self.is(1, "select") {
                return Some(Expr::InQuery(of, Box::new(self.inner_query()?), not));
            }
            let list = self.list()?;
            return if list.is_empty() { None } else { Some(of.among(list, not)) };
        }
        if self.eat("between") {
            let low = Box::new(self.expr(Level::BitOr)?);
            self.expect("and")?;
            return Some(Expr::Between(of, low, Box::new(self.expr(Level::BitOr)?), not));
        }
        if self.eat("like") {
            let pattern = Box::new(self.expr(Level::BitOr)?);
            let escape = if self.eat("escape") { Some(Box::new(self.expr(Level::BitOr)?)) } else { None };
            return Some(Expr::Like(of, pattern, escape, not));
        }
        self.at += 1;
        let found = Expr::Regexp(of, Box::new(self.expr(Level::BitOr)?));
        Some(if not { found.negated() } else { found })
    }

    /// `( expr, … )`.
    fn list(&mut self) -> Option<Vec<Expr>> {
        self.expect("(")?;
        let mut out = Vec::new();
        if self.eat(")") {
            return Some(out);
        }
        loop {
            out.push(self.expr(Level::Or)?);
            if self.eat(")") {
                return Some(out);
            }
            self.expect(",")?;
        }
    }

    /// A bare word in lower case.
    pub fn word(&mut self) -> Option<String> {
        let bare = self.kind(0)? == Kind::Bare;
        let text = self.peek(0);
        self.at += 1;
        bare.then(|| text.to_lowercase())
    }

    fn operand(&mut self) -> Option<Expr> {
        let text = self.peek(0);
        match self.kind(0)? {
            Kind::Text => Some(Expr::Text(None, self.text())),
            Kind::Name => self.column(),
            Kind::Bare => self.bare(text),
            Kind::Sign => match text {
                "(" if self.queries && self.is(1, "select") => {
                    Some(Expr::Query(Box::new(self.inner_query()?)))
                }
                "(" => {
                    let mut list = self.list()?;
                    if list.len() == 1 { list.pop() } else { Some(Expr::Row(list)) }
                }
                "-" | "~" => {
                    self.at += 1;
                    let sign = if text == "-" { '-' } else { '~' };
                    Some(Expr::Sign(sign, Box::new(self.expr(Level::Unary)?)))
                }
                "+" => {
                    self.at += 1;
                    self.expr(Level::Unary)
                }
                "!" => {
                    self.at += 1;
                    Some(self.expr(Level::Unary)?.negated())
                }
                "." => self.number(),
                _ => None,
            },
        }
    }

    /// The text of one or several strings.
    fn text(&mut self) -> String {
        let mut out = String::new();
        while self.kind(0) == Some(Kind::Text) {
            out.push_str(&unquote(self.peek(0)));
            self.at += 1;
        }
        out
    }

    /// A column, and the path into its document.
    fn column(&mut self) -> Option<Expr> {
        let mut parts = vec![self.name()?];
        while self.eat(".") {
            match self.kind(0)? {
                // Behind a point every word is a name.
                Kind::Bare | Kind::Name => parts.push(unquote(self.peek(0))),
                Kind::Text | Kind::Sign => return None,
            }
            self.at += 1;
        }
        if self.is(0, "(") {
            return None;
        }
        let column = Expr::Column(parts);
        let unquoted = self.signs("->>");
        if !unquoted && !self.signs("->") {
            return Some(column);
        }
        self.at += if unquoted { 3 } else { 2 };
        if self.kind(0) != Some(Kind::Text) {
            return None;
        }
        let found = Expr::Call("json_extract".into(), vec![column, Expr::Text(None, self.text())]);
        Some(if unquoted { Expr::Call("json_unquote".into(), vec![found]) } else { found })
    }

    fn number(&mut self) -> Option<Expr> {
        // `1.5` is three words, `1e-3` too.
        let start = self.words.get(self.at)?.range.start;
        let rest = self.text.get(start..)?;
        let bytes = rest.as_bytes();
        let based = bytes.first() == Some(&b'0') && matches!(bytes.get(1), Some(b'x' | b'X' | b'b' | b'B'));
        let len = if based {
            rest.bytes().take_while(u8::is_ascii_alphanumeric).count()
        } else {
            let mut len = 0;
            while let Some(byte) = bytes.get(len) {
                let power = len > 0 && matches!(bytes.get(len - 1), Some(b'e' | b'E'));
                match byte {
                    b'0'..=b'9' | b'.' => len += 1,
                    b'e' | b'E' if len > 0 => len += 1,
                    b'+' | b'-' if power => len += 1,
                    _ => break,
                }
            }
            len
        };
        let end = start + len;
        while let Some(word) = self.words.get(self.at).filter(|word| word.range.start < end) {
            if word.range.end > end {
                return None;
            }
            self.at += 1;
        }
        let text = rest.get(..len).filter(|text| !text.is_empty())?;
        let lower = text.to_ascii_lowercase();
        if let Some(digits) = lower.strip_prefix("0x") {
            let hex = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
            return hex.then(|| Expr::Hex(lower.clone()));
        }
        if let Some(digits) = lower.strip_prefix("0b") {
            return bits(digits);
        }
        decimal(text).map(Expr::Number)
    }

    fn bare(&mut self, text: &str) -> Option<Expr> {
        let lower = text.to_lowercase();
        if text.starts_with(|c: char| c.is_ascii_digit()) {
            return self.number();
        }
        if self.kind(1) == Some(Kind::Text) {
            let moments = ["DATE", "TIME", "TIMESTAMP"];
            if let Some(word) = moments.iter().find(|word| word.eq_ignore_ascii_case(text)) {
                self.at += 1;
                return Some(Expr::Moment(word, self.text()));
            }
            let touches = self.words.get(self.at).zip(self.words.get(self.at + 1));
            let touches = touches.is_some_and(|(a, b)| a.range.end == b.range.start);
            self.at += 1;
            return match lower.as_str() {
                "x" if touches => {
                    let digits = self.text().to_ascii_lowercase();
                    let hex = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                    hex.then(|| Expr::Hex(format!("0x{digits}")))
                }
                "b" if touches => bits(&self.text()),
                "n" if touches => Some(Expr::Text(Some("utf8mb3".into()), self.text())),
                _ => Some(Expr::Text(Some(lower.strip_prefix('_')?.to_owned()), self.text())),
            };
        }
        match lower.as_str() {
            "null" | "true" | "false" => {
                self.at += 1;
                return Some(match lower.as_str() {
                    "null" => Expr::Null,
                    word => Expr::Bool(word == "true"),
                });
            }
            "not" => {
                self.at += 1;
                return Some(self.expr(Level::Compare)?.negated());
            }
            "case" => return self.case(),
            "binary" if !self.is(1, "(") => {
                self.at += 1;
                let of = Box::new(self.expr(Level::Unary)?);
                return Some(Expr::Cast(of, "char charset binary".into()));
            }
            "exists" if self.queries && self.is(1, "(") && self.is(2, "select") => {
                self.at += 1;
                return Some(Expr::Exists(Box::new(self.inner_query()?), false));
            }
            "exists" | "select" => return None,
            _ => {}
        }
        if self.is(1, "(") {
            return self.call(&lower);
        }
        const MOMENTS: &[&str] = &[
            "current_timestamp",
            "localtime",
            "localtimestamp",
            "current_date",
            "current_time",
            "utc_date",
            "utc_time",
            "utc_timestamp",
            "current_user",
        ];
        if MOMENTS.contains(&lower.as_str()) {
            self.at += 1;
            return Some(Expr::Call(lower, Vec::new()));
        }
        self.column()
    }

    fn case(&mut self) -> Option<Expr> {
        self.at += 1;
        let operand = if self.is(0, "when") { None } else { Some(Box::new(self.expr(Level::Or)?)) };
        let mut whens = Vec::new();
        while self.eat("when") {
            let when = self.expr(Level::Or)?;
            self.expect("then")?;
            whens.push((when, self.expr(Level::Or)?));
        }
        let other = if self.eat("else") { Some(Box::new(self.expr(Level::Or)?)) } else { None };
        self.expect("end")?;
        Some(Expr::Case(operand, whens, other))
    }

    /// The words up to the `)` that closes what is open, in lower case.
    fn rest(&mut self) -> Option<String> {
        let start = self.words.get(self.at)?.range.start;
        let mut depth = 0;
        loop {
            let word = self.words.get(self.at)?;
            if self.is(0, "(") {
                depth += 1;
            } else if self.is(0, ")") {
                if depth == 0 {
                    let text = self.text.get(start..word.range.start)?.trim();
                    self.at += 1;
                    return Some(text.to_lowercase());
                }
                depth -= 1;
            }
            self.at += 1;
        }
    }

    fn call(&mut self, name: &str) -> Option<Expr> {
        // Behind the parenthesis.
        self.at += 2;
        match name {
            "cast" => {
                let of = Box::new(self.expr(Level::Or)?);
                self.expect("as")?;
                Some(Expr::Cast(of, cast_type(&self.rest()?)?))
            }
            "convert" => {
                let of = Box::new(self.expr(Level::Or)?);
                if self.eat("using") {
                    return Some(Expr::Using(of, self.rest()?));
                }
                self.expect(",")?;
                Some(Expr::Cast(of, cast_type(&self.rest()?)?))
            }
            "extract" => {
                let unit = self.word()?;
                self.expect("from")?;
                let of = Box::new(self.expr(Level::Or)?);
                self.expect(")")?;
                Some(Expr::Extract(unit, of))
            }
            "trim" => self.trim(),
            "substring" | "substr" | "mid" => {
                let mut args = vec![self.expr(Level::Or)?];
                if self.eat("from") {
                    args.push(self.expr(Level::Or)?);
                    if self.eat("for") {
                        args.push(self.expr(Level::Or)?);
                    }
                } else {
                    while self.eat(",") {
                        args.push(self.expr(Level::Or)?);
                    }
                }
                self.expect(")")?;
                Some(Expr::Call("substr".into(), args))
            }
            "position" => {
                let what = self.expr(Level::BitOr)?;
                self.expect("in")?;
                let of = self.expr(Level::Or)?;
                self.expect(")")?;
                Some(Expr::Call("locate".into(), vec![what, of]))
            }
            "timestampdiff" | "timestampadd" => {
                let unit = self.word()?;
                let unit = unit.strip_prefix("sql_tsi_").unwrap_or(&unit).to_uppercase();
                let mut args = vec![Expr::Word(unit)];
                while self.eat(",") {
                    args.push(self.expr(Level::Or)?);
                }
                self.expect(")")?;
                Some(Expr::Call(name.into(), args))
            }
            "date_add" | "adddate" | "date_sub" | "subdate" => {
                let of = Box::new(self.expr(Level::Or)?);
                self.expect(",")?;
                let sign = if name.contains("sub") { '-' } else { '+' };
                let (amount, unit) = match self.eat("interval") {
                    true => (self.expr(Level::BitOr)?, self.word()?),
                    false => (self.expr(Level::Or)?, "day".into()),
                };
                self.expect(")")?;
                Some(Expr::Shift(of, sign, Box::new(amount), unit))
            }
            "count" | "sum" | "avg" | "min" | "max" => {
                let distinct = self.eat("distinct");
                let star = name == "count" && !distinct && self.is(0, "*") && self.is(1, ")");
                if star {
                    self.at += 2;
                    return Some(Expr::Aggregate(name.into(), false, Vec::new()));
                }
                self.at -= usize::from(!distinct);
                let args = if distinct { self.list_behind()? } else { self.list()? };
                // `over (…)` makes a window of it.
                let known = !args.is_empty() && !self.is(0, "over");
                known.then(|| Expr::Aggregate(name.into(), distinct, args))
            }
            "group_concat" | "match" | "json_table" | "char" | "get_format" | "weight_string" | "values" => {
                None
            }
            _ => {
                self.at -= 1;
                let args = self.list()?;
                (!self.is(0, "over")).then(|| Expr::Call(name.into(), args))
            }
        }
    }

    /// A list whose parenthesis was read.
    fn list_behind(&mut self) -> Option<Vec<Expr>> {
        let mut out = vec![self.expr(Level::Or)?];
        while self.eat(",") {
            out.push(self.expr(Level::Or)?);
        }
        self.expect(")")?;
        Some(out)
    }

    fn trim(&mut self) -> Option<Expr> {
        let side = ["both", "leading", "trailing"].into_iter().find(|side| self.is(0, side));
        self.at += usize::from(side.is_some());
        if side.is_some() && self.eat("from") {
            let of = Box::new(self.expr(Level::Or)?);
            self.expect(")")?;
            return Some(Expr::Trim(side, None, of));
        }
        let first = self.expr(Level::Or)?;
        let found = match self.eat("from") {
            true => Expr::Trim(side, Some(Box::new(first)), Box::new(self.expr(Level::Or)?)),
            false => Expr::Call("trim".into(), vec![first]),
        };
        self.expect(")")?;
        Some(found)
    }
}

/// A number as both servers print it: without zeros before it and with a digit before its point.
fn decimal(text: &str) -> Option<String> {
    let (digits, power) = match text.find(['e', 'E']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let power_digits = power.get(1..).unwrap_or_default().trim_start_matches(['+', '-']);
    if !power.is_empty() && (power_digits.is_empty() || !power_digits.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() && fraction.is_empty() || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    // With a power the text is kept.
    if !power.is_empty() {
        return Some(text.to_owned());
    }
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    Some(if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") })
}

/// `b'101'` is kept as bytes.
fn bits(value: &str) -> Option<Expr> {
    if value.is_empty() || value.len() > 64 || !value.bytes().all(|byte| matches!(byte, b'0' | b'1')) {
        return None;
    }
    let number = u64::from_str_radix(value, 2).ok()?;
    let bytes = value.len().div_ceil(8);
    Some(Expr::Hex(format!("0x{number:0width$x}", width = bytes * 2)))
}

/// The type of a cast under the name it is printed by, where the charset is not said.
fn cast_type(ty: &str) -> Option<String> {
    let ty = ty.replace("character set", "charset");
    let ty = ty.split_whitespace().collect::<Vec<_>>().join(" ").replace(" (", "(").replace(", ", ",");
    let (name, size) = match ty.split_once('(') {
        Some((name, size)) => (name, format!("({size}")),
        None => (&*ty, String::new()),
    };
    Some(match name {
        "signed integer" | "signed int" => "signed".into(),
        "unsigned integer" | "unsigned int" => "unsigned".into(),
        "decimal" | "dec" | "numeric" if size.is_empty() => "decimal(10,0)".into(),
        "decimal" | "dec" | "numeric" if !size.contains(',') => {
            format!("decimal{}", size.replace(')', ",0)"))
        }
        "decimal" | "dec" | "numeric" => format!("decimal{size}"),
        "binary" => format!("char{size} charset binary"),
        "signed" | "unsigned" | "date" | "datetime" | "time" | "double" | "json" | "char" => ty,
        _ if name.starts_with("char charset ") => ty,
        _ => return None,
    })
}
