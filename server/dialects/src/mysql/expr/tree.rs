//! An expression as a tree, read from its text.
//!
//! What the grammar here does not know is no tree: the text then stays as it is, and nobody claims to know how the server
//! prints it. Negations and lists are brought into the form both servers keep: `not (a > b)` is `a <= b`.

use crate::mysql::words::{Kind, Word, unquote, words};

/// An expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Expr {
    Column(Vec<String>),
    /// With its introducer.
    Text(Option<String>, String),
    /// A number, or a literal of bits.
    Number(String),
    /// `null`, `true`, `false`.
    Constant(&'static str),
    /// An arithmetic operator or a comparison.
    Binary(&'static str, Box<Expr>, Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Xor(Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
    Negative(Box<Expr>),
    Inverted(Box<Expr>),
    /// `is null`, `is not true`: the words behind `is`.
    Is(Box<Expr>, String),
    In(Box<Expr>, Vec<Expr>, bool),
    Between(Box<Expr>, Box<Expr>, Box<Expr>, bool),
    Like(Box<Expr>, Box<Expr>, Option<Box<Expr>>, bool),
    Regexp(Box<Expr>, Box<Expr>),
    Case(Option<Box<Expr>>, Vec<(Expr, Expr)>, Option<Box<Expr>>),
    Call(String, Vec<Expr>),
    /// The type in lower case.
    Cast(Box<Expr>, String),
    Using(Box<Expr>, String),
    /// A date, `+` or `-`, an amount, a unit.
    Shift(Box<Expr>, &'static str, Box<Expr>, String),
    Extract(String, Box<Expr>),
    Collate(Box<Expr>, String),
    Trim(&'static str, Option<Box<Expr>>, Box<Expr>),
    /// `DATE'2020-01-01'`.
    Moment(&'static str, String),
    /// A word that is an argument: the unit of `timestampdiff`.
    Word(String),
    List(Vec<Expr>),
}

/// The tree of `text`.
pub(super) fn parse(text: &str) -> Option<Expr> {
    let words = words(text);
    let mut parser = Parser { text, words: &words, at: 0, depth: 0 };
    let expr = parser.expr(0)?;
    (parser.at == words.len()).then_some(expr)
}

struct Parser<'a> {
    text: &'a str,
    words: &'a [Word],
    at: usize,
    depth: usize,
}

const COMPARISONS: u8 = 6;

impl<'a> Parser<'a> {
    fn peek(&self, n: usize) -> &'a str {
        self.words.get(self.at + n).map_or("", |word| &self.text[word.range.clone()])
    }

    fn kind(&self, n: usize) -> Option<Kind> {
        self.words.get(self.at + n).map(|word| word.kind)
    }

    fn is(&self, n: usize, word: &str) -> bool {
        self.kind(n) != Some(Kind::Text)
            && self.kind(n) != Some(Kind::Name)
            && self.peek(n).eq_ignore_ascii_case(word)
    }

    fn eat(&mut self, word: &str) -> bool {
        let found = self.is(0, word);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, word: &str) -> Option<()> {
        self.eat(word).then_some(())
    }

    /// Whether the signs of `text` stand here without anything between them.
    fn signs(&self, text: &str) -> bool {
        let Some(first) = self.words.get(self.at) else { return false };
        let start = first.range.start;
        self.text.get(start..start + text.len()) == Some(text)
            && (0..text.len()).all(|n| self.kind(n) == Some(Kind::Sign))
    }

    /// The operator here: how it is written, how strongly it binds, of how many words it is.
    fn operator(&self) -> Option<(&'static str, u8, usize)> {
        const SIGNS: &[(&str, &str, u8)] = &[
            ("<=>", "<=>", 6),
            ("||", "or", 1),
            ("&&", "and", 3),
            (">=", ">=", 6),
            ("<=", "<=", 6),
            ("<>", "<>", 6),
            ("!=", "<>", 6),
            ("<<", "<<", 9),
            (">>", ">>", 9),
            ("->>", "->>", 15),
            ("->", "->", 15),
            ("=", "=", 6),
            (">", ">", 6),
            ("<", "<", 6),
            ("|", "|", 7),
            ("&", "&", 8),
            ("+", "+", 10),
            ("-", "-", 10),
            ("*", "*", 11),
            ("/", "/", 11),
            ("%", "%", 11),
            ("^", "^", 12),
        ];
        for (text, name, power) in SIGNS {
            if self.signs(text) && !(*text == "-" && (self.signs("->"))) {
                return Some((name, *power, text.len()));
            }
        }
        const WORDS: &[(&str, u8)] = &[("or", 1), ("xor", 2), ("and", 3), ("div", 11), ("mod", 11)];
        let found = WORDS.iter().find(|(word, _)| self.is(0, word))?;
        Some((if found.0 == "mod" { "%" } else { found.0 }, found.1, 1))
    }

    /// An expression whose operators bind at least as strongly as `floor`.
    fn expr(&mut self, floor: u8) -> Option<Expr> {
        self.depth += 1;
        if self.depth > 200 {
            return None;
        }
        let mut left = self.operand()?;
        loop {
            if let Some(next) = self.suffix(floor, &left) {
                left = next?;
                continue;
            }
            let Some((name, power, len)) = self.operator() else { break };
            if power < floor {
                break;
            }
            self.at += len;
            if matches!(name, "+" | "-")
                && self.is(0, "interval")
                && !(self.peek(1) == "(" && self.interval_call())
            {
                self.at += 1;
                let amount = self.expr(7)?;
                let unit = self.word()?;
                left = Expr::Shift(Box::new(left), name, Box::new(amount), unit);
                continue;
            }
            let right = self.expr(power + 1)?;
            left = binary(name, left, right);
        }
        self.depth -= 1;
        Some(left)
    }

    /// Whether `interval(` is the function.
    fn interval_call(&self) -> bool {
        false
    }

    /// What stands behind an operand and is no operator of two operands.
    fn suffix(&mut self, floor: u8, left: &Expr) -> Option<Option<Expr>> {
        if self.is(0, "collate") {
            self.at += 1;
            return Some(self.word().map(|name| Expr::Collate(Box::new(left.clone()), name)));
        }
        if floor > COMPARISONS {
            return None;
        }
        let not = self.is(0, "not");
        let n = usize::from(not);
        let left = || Box::new(left.clone());
        if self.is(0, "is") {
            self.at += 1;
            let not = self.eat("not");
            let what = ["null", "true", "false", "unknown"].into_iter().find(|what| self.is(0, what));
            let what = match what {
                Some(what) => what,
                None => return Some(None),
            };
            self.at += 1;
            let what = if what == "unknown" { "null" } else { what };
            return Some(Some(Expr::Is(left(), format!("{}{what}", if not { "not " } else { "" }))));
        }
        if self.is(n, "in") {
            self.at += n + 1;
            return Some(self.list().map(|list| listed(left(), list, not)));
        }
        if self.is(n, "between") {
            self.at += n + 1;
            let read = |parser: &mut Self| {
                let low = parser.expr(7)?;
                parser.expect("and")?;
                let high = parser.expr(5)?;
                Some(Expr::Between(left(), Box::new(low), Box::new(high), not))
            };
            return Some(read(self));
        }
        if self.is(n, "like") {
            self.at += n + 1;
            let read = |parser: &mut Self| {
                let pattern = parser.expr(7)?;
                let escape = match parser.eat("escape") {
                    true => Some(Box::new(parser.expr(7)?)),
                    false => None,
                };
                Some(Expr::Like(left(), Box::new(pattern), escape, not))
            };
            return Some(read(self));
        }
        if self.is(n, "regexp") || self.is(n, "rlike") {
            self.at += n + 1;
            return Some(self.expr(7).map(|pattern| {
                let found = Expr::Regexp(left(), Box::new(pattern));
                if not { Expr::Not(Box::new(found)) } else { found }
            }));
        }
        None
    }

    /// `( expr, … )`.
    fn list(&mut self) -> Option<Vec<Expr>> {
        self.expect("(")?;
        let mut out = Vec::new();
        if self.eat(")") {
            return Some(out);
        }
        loop {
            out.push(self.expr(0)?);
            if self.eat(")") {
                return Some(out);
            }
            self.expect(",")?;
        }
    }

    /// A bare word in lower case.
    fn word(&mut self) -> Option<String> {
        let kind = self.kind(0)?;
        let text = self.peek(0);
        self.at += 1;
        match kind {
            Kind::Bare => Some(text.to_lowercase()),
            Kind::Name => Some(unquote(text)),
            Kind::Text | Kind::Sign => None,
        }
    }

    fn operand(&mut self) -> Option<Expr> {
        let kind = self.kind(0)?;
        let text = self.peek(0);
        match kind {
            Kind::Text => Some(Expr::Text(None, self.text())),
            Kind::Name => self.column(),
            Kind::Sign => match text {
                "(" => {
                    if self.is(1, "select") {
                        return None;
                    }
                    let mut list = self.list()?;
                    if list.len() == 1 { list.pop() } else { Some(Expr::List(list)) }
                }
                "-" => {
                    self.at += 1;
                    Some(Expr::Negative(Box::new(self.expr(13)?)))
                }
                "+" => {
                    self.at += 1;
                    self.expr(13)
                }
                "~" => {
                    self.at += 1;
                    Some(Expr::Inverted(Box::new(self.expr(13)?)))
                }
                "!" => {
                    self.at += 1;
                    Some(negated(self.expr(14)?))
                }
                "." => self.number(),
                _ => None,
            },
            Kind::Bare => self.bare(text),
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

    fn column(&mut self) -> Option<Expr> {
        let mut parts = vec![unquote(self.peek(0))];
        self.at += 1;
        while self.is(0, ".") {
            self.at += 1;
            parts.push(unquote(self.peek(0)));
            self.kind(0).filter(|kind| matches!(kind, Kind::Bare | Kind::Name))?;
            self.at += 1;
        }
        Some(Expr::Column(parts))
    }

    fn number(&mut self) -> Option<Expr> {
        // `1.5` is three words, `1e-3` too.
        let start = self.words.get(self.at)?.range.start;
        let rest = self.text.get(start..)?;
        let mut len = 0;
        let bytes = rest.as_bytes();
        if bytes.first() == Some(&b'0') && matches!(bytes.get(1), Some(b'x' | b'X' | b'b')) {
            len = rest.bytes().take_while(u8::is_ascii_alphanumeric).count();
        } else {
            while len < bytes.len()
                && (bytes[len].is_ascii_digit()
                    || bytes[len] == b'.'
                    || (len > 0 && matches!(bytes[len], b'e' | b'E'))
                    || (len > 0
                        && matches!(bytes[len], b'+' | b'-')
                        && matches!(bytes[len - 1], b'e' | b'E')))
            {
                len += 1;
            }
        }
        let end = start + len;
        while self.words.get(self.at).is_some_and(|word| word.range.start < end) {
            if self.words[self.at].range.end > end {
                return None;
            }
            self.at += 1;
        }
        (len > 0).then(|| Expr::Number(rest[..len].to_lowercase()))
    }

    fn bare(&mut self, text: &str) -> Option<Expr> {
        let lower = text.to_lowercase();
        if text.starts_with(|c: char| c.is_ascii_digit()) {
            return self.number();
        }
        if text.starts_with('@') {
            return None;
        }
        if self.kind(1) == Some(Kind::Text) {
            match lower.as_str() {
                "x" | "b" => {
                    let value = unquote(self.peek(1));
                    self.at += 2;
                    return Some(Expr::Number(match lower.as_str() {
                        "x" => format!("0x{}", value.to_lowercase()),
                        _ => bits(&value)?,
                    }));
                }
                "n" => {
                    self.at += 1;
                    return Some(Expr::Text(Some("utf8mb3".into()), self.text()));
                }
                "date" | "time" | "timestamp" => {
                    self.at += 1;
                    let kind =
                        ["DATE", "TIME", "TIMESTAMP"].into_iter().find(|k| k.eq_ignore_ascii_case(&lower))?;
                    return Some(Expr::Moment(kind, self.text()));
                }
                _ if lower.starts_with('_') => {
                    self.at += 1;
                    return Some(Expr::Text(Some(lower[1..].to_owned()), self.text()));
                }
                _ => {}
            }
        }
        match lower.as_str() {
            "null" | "true" | "false" => {
                self.at += 1;
                let name = ["null", "true", "false"].into_iter().find(|name| *name == lower)?;
                return Some(Expr::Constant(name));
            }
            "not" => {
                self.at += 1;
                return Some(negated(self.expr(4)?));
            }
            "case" => return self.case(),
            "binary" if self.peek(1) != "(" || self.kind(1) != Some(Kind::Sign) => {
                self.at += 1;
                return Some(Expr::Cast(Box::new(self.expr(15)?), "char charset binary".into()));
            }
            "exists" | "select" | "interval" if !(lower == "interval" && self.is(1, "(")) => return None,
            _ => {}
        }
        if self.is(1, "(") {
            return self.call(&lower);
        }
        let now = ["current_timestamp", "localtime", "localtimestamp", "current_date", "current_time"];
        if now.contains(&lower.as_str())
            || ["utc_date", "utc_time", "utc_timestamp", "current_user"].contains(&lower.as_str())
        {
            self.at += 1;
            return Some(Expr::Call(lower, Vec::new()));
        }
        if crate::mysql::grammar::GRAMMAR.is_reserved(text) {
            return None;
        }
        self.column()
    }

    fn case(&mut self) -> Option<Expr> {
        self.at += 1;
        let operand = if self.is(0, "when") { None } else { Some(Box::new(self.expr(0)?)) };
        let mut whens = Vec::new();
        while self.eat("when") {
            let when = self.expr(0)?;
            self.expect("then")?;
            whens.push((when, self.expr(0)?));
        }
        let other = if self.eat("else") { Some(Box::new(self.expr(0)?)) } else { None };
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
        self.at += 2;
        match name {
            "cast" => {
                let of = self.expr(0)?;
                self.expect("as")?;
                let ty = self.rest()?;
                return Some(Expr::Cast(Box::new(of), cast_type(&ty)?));
            }
            "convert" => {
                let of = self.expr(0)?;
                if self.eat("using") {
                    return Some(Expr::Using(Box::new(of), self.rest()?));
                }
                self.expect(",")?;
                let ty = self.rest()?;
                return Some(Expr::Cast(Box::new(of), cast_type(&ty)?));
            }
            "extract" => {
                let unit = self.word()?;
                self.expect("from")?;
                let of = self.expr(0)?;
                self.expect(")")?;
                return Some(Expr::Extract(unit, Box::new(of)));
            }
            "trim" => {
                let side = ["both", "leading", "trailing"].into_iter().find(|side| self.is(0, side));
                self.at += usize::from(side.is_some());
                if side.is_some() && self.eat("from") {
                    let of = self.expr(0)?;
                    self.expect(")")?;
                    return Some(Expr::Trim(side?, None, Box::new(of)));
                }
                let first = self.expr(0)?;
                if self.eat("from") {
                    let of = self.expr(0)?;
                    self.expect(")")?;
                    return Some(Expr::Trim(side.unwrap_or("both"), Some(Box::new(first)), Box::new(of)));
                }
                self.expect(")")?;
                return Some(Expr::Call("trim".into(), vec![first]));
            }
            "substring" | "substr" | "mid" => {
                let mut args = vec![self.expr(0)?];
                if self.eat("from") {
                    args.push(self.expr(0)?);
                    if self.eat("for") {
                        args.push(self.expr(0)?);
                    }
                    self.expect(")")?;
                } else {
                    while self.eat(",") {
                        args.push(self.expr(0)?);
                    }
                    self.expect(")")?;
                }
                return Some(Expr::Call("substr".into(), args));
            }
            "position" => {
                let what = self.expr(7)?;
                self.expect("in")?;
                let of = self.expr(0)?;
                self.expect(")")?;
                return Some(Expr::Call("locate".into(), vec![what, of]));
            }
            "timestampdiff" | "timestampadd" => {
                let unit = self.word()?;
                let unit = unit.strip_prefix("sql_tsi_").unwrap_or(&unit).to_uppercase();
                let mut args = vec![Expr::Word(unit)];
                while self.eat(",") {
                    args.push(self.expr(0)?);
                }
                self.expect(")")?;
                return Some(Expr::Call(name.into(), args));
            }
            "date_add" | "adddate" | "date_sub" | "subdate" => {
                let of = self.expr(0)?;
                self.expect(",")?;
                let sign = if name.contains("sub") { "-" } else { "+" };
                let (amount, unit) = match self.eat("interval") {
                    true => (self.expr(7)?, self.word()?),
                    false => (self.expr(0)?, "day".into()),
                };
                self.expect(")")?;
                return Some(Expr::Shift(Box::new(of), sign, Box::new(amount), unit));
            }
            "group_concat" | "match" | "json_table" | "char" | "get_format" | "weight_string" | "values" => {
                return None;
            }
            _ => {}
        }
        self.at -= 1;
        Some(Expr::Call(name.into(), self.list()?))
    }
}

/// `b'101'` as both servers print it.
fn bits(value: &str) -> Option<String> {
    if value.is_empty() || value.len() > 64 || !value.bytes().all(|byte| matches!(byte, b'0' | b'1')) {
        return None;
    }
    let number = u64::from_str_radix(value, 2).ok()?;
    let bytes = value.len().div_ceil(8);
    Some(format!("0x{number:0width$x}", width = bytes * 2))
}

/// The type of a cast under the name it is printed by, where the charset is not said.
fn cast_type(ty: &str) -> Option<String> {
    let ty = ty.replace("character set", "charset");
    let ty = ty.split_whitespace().collect::<Vec<_>>().join(" ").replace(" (", "(").replace(", ", ",");
    Some(match ty.as_str() {
        "signed integer" | "signed int" => "signed".into(),
        "unsigned integer" | "unsigned int" => "unsigned".into(),
        "decimal" | "dec" => "decimal(10,0)".into(),
        _ if ty.starts_with("decimal(") && !ty.contains(',') => ty.replace(')', ",0)"),
        _ if ty.contains("array") => return None,
        _ => ty,
    })
}

fn binary(name: &'static str, left: Expr, right: Expr) -> Expr {
    match name {
        "and" => Expr::And(flat(left, right, |expr| match expr {
            Expr::And(list) => Ok(list),
            other => Err(other),
        })),
        "or" => Expr::Or(flat(left, right, |expr| match expr {
            Expr::Or(list) => Ok(list),
            other => Err(other),
        })),
        "xor" => Expr::Xor(Box::new(left), Box::new(right)),
        "->" => Expr::Call("json_extract".into(), vec![left, right]),
        "->>" => {
            Expr::Call("json_unquote".into(), vec![Expr::Call("json_extract".into(), vec![left, right])])
        }
        _ => Expr::Binary(name, Box::new(left), Box::new(right)),
    }
}

fn flat(left: Expr, right: Expr, open: impl Fn(Expr) -> Result<Vec<Expr>, Expr>) -> Vec<Expr> {
    let mut out = open(left).unwrap_or_else(|one| vec![one]);
    out.extend(open(right).unwrap_or_else(|one| vec![one]));
    out
}

/// `x in (1)` is `x = 1`.
fn listed(left: Box<Expr>, mut list: Vec<Expr>, not: bool) -> Expr {
    match list.len() {
        1 => {
            let only = list.remove(0);
            Expr::Binary(if not { "<>" } else { "=" }, left, Box::new(only))
        }
        _ => Expr::In(left, list, not),
    }
}

/// `not expr`, as the servers keep it.
pub(super) fn negated(expr: Expr) -> Expr {
    match expr {
        Expr::Binary(op @ ("=" | "<>" | "<" | ">=" | ">" | "<="), a, b) => {
            let op = match op {
                "=" => "<>",
                "<>" => "=",
                "<" => ">=",
                ">=" => "<",
                ">" => "<=",
                _ => ">",
            };
            Expr::Binary(op, a, b)
        }
        Expr::And(list) => Expr::Or(list.into_iter().map(negated).collect()),
        Expr::Or(list) => Expr::And(list.into_iter().map(negated).collect()),
        Expr::Is(of, what) => Expr::Is(
            of,
            match what.strip_prefix("not ") {
                Some(what) => what.to_owned(),
                None => format!("not {what}"),
            },
        ),
        Expr::In(of, list, not) => Expr::In(of, list, !not),
        Expr::Between(of, a, b, not) => Expr::Between(of, a, b, !not),
        Expr::Not(of) if of.is_condition() => *of,
        other => Expr::Not(Box::new(other)),
    }
}

impl Expr {
    /// Whether its value is true, false or null.
    pub fn is_condition(&self) -> bool {
        match self {
            Expr::Binary(op, ..) => matches!(*op, "=" | "<>" | "<" | ">=" | ">" | "<=" | "<=>"),
            Expr::And(_)
            | Expr::Or(_)
            | Expr::Xor(..)
            | Expr::Not(_)
            | Expr::Is(..)
            | Expr::In(..)
            | Expr::Between(..)
            | Expr::Like(..)
            | Expr::Regexp(..) => true,
            Expr::Constant(name) => *name != "null",
            Expr::Call(name, _) => {
                matches!(name.as_str(), "isnull" | "regexp_like" | "json_valid" | "json_contains" | "is_uuid")
                    || name.starts_with("st_") && (name.contains("contains") || name.contains("within"))
            }
            _ => false,
        }
    }

    /// Whether it is surely printed as it is printed here.
    pub fn is_sure(&self) -> bool {
        match self {
            Expr::Not(of) => {
                matches!(**of, Expr::Like(..) | Expr::Regexp(..) | Expr::Column(_)) && of.is_sure()
            }
            Expr::And(list) | Expr::Or(list) | Expr::List(list) => list.iter().all(Expr::is_sure),
            Expr::Call(name, args) => SURE.contains(&name.as_str()) && args.iter().all(Expr::is_sure),
            Expr::Binary(_, a, b) | Expr::Xor(a, b) | Expr::Regexp(a, b) => a.is_sure() && b.is_sure(),
            Expr::Negative(of)
            | Expr::Inverted(of)
            | Expr::Is(of, _)
            | Expr::Using(of, _)
            | Expr::Extract(_, of)
            | Expr::Collate(of, _) => of.is_sure(),
            Expr::Cast(of, _) => of.is_sure(),
            Expr::In(of, list, _) => of.is_sure() && list.iter().all(Expr::is_sure),
            Expr::Between(of, a, b, _) => of.is_sure() && a.is_sure() && b.is_sure(),
            Expr::Like(of, a, escape, _) => {
                of.is_sure() && a.is_sure() && escape.as_ref().is_none_or(|escape| escape.is_sure())
            }
            Expr::Case(of, whens, other) => {
                of.as_ref().is_none_or(|of| of.is_sure())
                    && whens.iter().all(|(a, b)| a.is_sure() && b.is_sure())
                    && other.as_ref().is_none_or(|other| other.is_sure())
            }
            Expr::Shift(of, _, amount, _) => of.is_sure() && amount.is_sure(),
            Expr::Trim(_, what, of) => what.as_ref().is_none_or(|what| what.is_sure()) && of.is_sure(),
            Expr::Column(_)
            | Expr::Text(..)
            | Expr::Number(_)
            | Expr::Constant(_)
            | Expr::Moment(..)
            | Expr::Word(_) => true,
        }
    }
}

/// Functions that were seen printed by both servers.
const SURE: &[&str] = &[
    "abs",
    "ascii",
    "bin",
    "ceil",
    "ceiling",
    "char_length",
    "character_length",
    "coalesce",
    "concat",
    "concat_ws",
    "crc32",
    "curdate",
    "current_date",
    "current_time",
    "current_timestamp",
    "curtime",
    "date",
    "date_format",
    "datediff",
    "day",
    "dayofmonth",
    "dayofweek",
    "dayofyear",
    "elt",
    "exp",
    "field",
    "floor",
    "format",
    "greatest",
    "hex",
    "hour",
    "if",
    "ifnull",
    "inet6_aton",
    "inet_aton",
    "instr",
    "isnull",
    "json_array",
    "json_extract",
    "json_length",
    "json_object",
    "json_unquote",
    "json_valid",
    "lcase",
    "least",
    "left",
    "length",
    "ln",
    "localtime",
    "localtimestamp",
    "locate",
    "log",
    "lower",
    "lpad",
    "ltrim",
    "md5",
    "minute",
    "mod",
    "month",
    "now",
    "nullif",
    "octet_length",
    "point",
    "pow",
    "power",
    "quarter",
    "rand",
    "repeat",
    "replace",
    "reverse",
    "right",
    "round",
    "rpad",
    "rtrim",
    "second",
    "sha1",
    "sha2",
    "sign",
    "sqrt",
    "st_x",
    "st_y",
    "substr",
    "time",
    "timestampdiff",
    "to_days",
    "trim",
    "truncate",
    "ucase",
    "unhex",
    "unix_timestamp",
    "upper",
    "uuid",
    "uuid_to_bin",
    "week",
    "weekday",
    "year",
];
