//! A tree as a server prints it: MySQL with parentheses around every operator, MariaDB with those that are needed.
//!
//! Everything is printed; [`Printer::is_sure`] says whether all of it is what a server was seen to print.
//!
//! Source: `CHECK_CONSTRAINTS` of MySQL 9.7 and MariaDB 10.11 for some three hundred expressions; `tests/mysql/printing.rs`
//! asks real ones.

use std::cell::Cell;

use super::functions;
use super::query::Query;
use super::tree::{Expr, Level, Op};

/// Whose way it is printed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    Mysql,
    Maria,
}

/// How a column is printed, and whether that is sure.
pub type Columns<'a> = &'a dyn Fn(&[String]) -> (String, bool);

/// How a query inside an expression is printed, with its parentheses; `None` when it is not known.
pub type Queries<'a> = &'a dyn Fn(&Query, Use) -> Option<String>;

/// What a query inside an expression is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// Its value, or its values.
    Values,
    /// Whether there is any.
    Exists,
}

pub struct Printer<'a> {
    style: Style,
    columns: Columns<'a>,
    queries: Option<Queries<'a>>,
    /// The charset texts show; none where a place shows them without.
    charset: Option<&'a str>,
    sure: Cell<bool>,
}

/// The charset definitions are written in.
pub const CHARSET: &str = "utf8mb4";

impl<'a> Printer<'a> {
    pub fn new(style: Style, columns: Columns<'a>) -> Self {
        let charset = (style == Style::Mysql).then_some(CHARSET);
        Self { style, columns, queries: None, charset, sure: Cell::new(true) }
    }

    /// For places that show texts without their charset.
    pub fn without_charsets(self) -> Self {
        Self { charset: None, ..self }
    }

    /// For places that may hold queries.
    pub fn with_queries(self, queries: Queries<'a>) -> Self {
        Self { queries: Some(queries), ..self }
    }

    /// Whether all that was printed is as a server was seen to print it.
    pub fn is_sure(&self) -> bool {
        self.sure.get()
    }

    pub fn doubt(&self) {
        self.sure.set(false);
    }

    fn doubt_if(&self, doubtful: bool) {
        self.sure.set(self.sure.get() && !doubtful);
    }

    fn is_maria(&self) -> bool {
        self.style == Style::Maria
    }

    pub fn print(&self, expr: &Expr) -> String {
        match expr {
            Expr::Column(parts) => {
                let (text, sure) = (self.columns)(parts);
                self.doubt_if(!sure);
                text
            }
            Expr::Text(charset, value) => self.text(charset.as_deref(), value),
            Expr::Number(number) => number.clone(),
            Expr::Hex(digits) => {
                // MariaDB turns it into the type it is compared with.
                self.doubt_if(self.is_maria());
                digits.clone()
            }
            Expr::Null => "NULL".into(),
            Expr::Bool(value) if self.is_maria() => if *value { "1" } else { "0" }.into(),
            Expr::Bool(value) => value.to_string(),
            Expr::Word(word) => word.clone(),
            Expr::Moment(kind, value) => format!("{kind}{}", quoted(value)),
            Expr::Call(name, args) => self.call(name, args),
            Expr::Aggregate(name, distinct, args) => {
                let distinct = if *distinct { "distinct " } else { "" };
                let args = if args.is_empty() { "0".to_owned() } else { self.list(args) };
                format!("{name}({distinct}{args})")
            }
            Expr::Row(list) => format!("({})", self.list(list)),
            Expr::Cast(of, ty) => {
                let plain = ty.starts_with("char") && !ty.contains("charset");
                let charset = if plain { format!(" charset {CHARSET}") } else { String::new() };
                format!("cast({} as {ty}{charset})", self.print(of))
            }
            Expr::Using(of, charset) => format!("convert({} using {charset})", self.print(of)),
            Expr::Extract(unit, of) => format!("extract({unit} from {})", self.print(of)),
            Expr::Trim(side, what, of) => self.trim(*side, what.as_deref(), of),
            Expr::Case(of, whens, other) => self.case(of.as_deref(), whens, other.as_deref()),
            Expr::Sign(sign, of) if self.is_maria() => {
                // A constant under two signs is worked out.
                self.doubt_if(matches!(&**of, Expr::Sign(_, of) if matches!(**of, Expr::Number(_))));
                format!("{sign}{}", self.child(of, Level::Unary))
            }
            Expr::Sign(sign, of) => format!("{sign}({})", self.print(of)),
            Expr::Not(of) => self.not(of),
            Expr::Binary(op, a, b) => {
                let rows = matches!(**a, Expr::Row(_)) || matches!(**b, Expr::Row(_));
                self.doubt_if(rows && !self.is_maria());
                // A float beside a number of another type is turned into that.
                let float = |expr: &Expr| matches!(expr, Expr::Number(text) if text.contains(['e', 'E']));
                self.doubt_if(op.level() == Level::Compare && (float(a) || float(b)));
                let word = if *op == Op::Modulo && self.is_maria() { "MOD" } else { op.word() };
                let (a, b) = (self.child(a, op.level()), self.child(b, op.level().next()));
                self.wrapped(format!("{a} {word} {b}"))
            }
            Expr::And(list) => self.conditions(list, " and ", Level::And),
            Expr::Or(list) => self.conditions(list, " or ", Level::Or),
            // MariaDB leaves the operands of `xor` as they are.
            Expr::Xor(a, b) if self.is_maria() => {
                format!("{} xor {}", self.child(a, Level::Xor), self.child(b, Level::And))
            }
            Expr::Xor(a, b) => {
                let (a, b) = (self.condition(a, Level::Xor), self.condition(b, Level::And));
                self.wrapped(format!("{a} xor {b}"))
            }
            Expr::Is(of, what) => {
                // Of two that ask for a truth value one goes.
                let twice = matches!(&**of, Expr::Is(_, inner) if !inner.ends_with("null"));
                self.doubt_if(twice && !what.ends_with("null") && !self.is_maria());
                let of = match what.ends_with("null") || self.is_maria() {
                    true => self.child(of, Level::Compare),
                    false => self.condition(of, Level::Compare),
                };
                self.wrapped(format!("{of} is {what}"))
            }
            Expr::In(of, list, not) => {
                let not = if *not { "not " } else { "" };
                self.wrapped(format!("{} {not}in ({})", self.child(of, Level::BitOr), self.list(list)))
            }
            Expr::Between(of, low, high, not) => {
                let not = if *not { "not " } else { "" };
                // Texts are turned into what they are compared with, and one value is compared as one.
                let text = [low, high].iter().any(|end| matches!(***end, Expr::Text(..)));
                self.doubt_if(text && self.queries.is_none() || low == high);
                let [of, low, high] = [of, low, high].map(|expr| self.child(expr, Level::BitOr));
                self.wrapped(format!("{of} {not}between {low} and {high}"))
            }
            Expr::Like(of, pattern, escape, not) => {
                let (of, pattern) = (self.child(of, Level::BitOr), self.child(pattern, Level::BitOr));
                let escape = escape.as_ref().map(|escape| format!(" escape {}", self.print(escape)));
                let escape = escape.unwrap_or_default();
                match (not, self.is_maria()) {
                    (false, _) => self.wrapped(format!("{of} like {pattern}{escape}")),
                    (true, true) => format!("{of}  not like {pattern}{escape}"),
                    (true, false) => format!("(not(({of} like {pattern}{escape})))"),
                }
            }
            Expr::Regexp(of, pattern) if self.is_maria() => {
                format!("{} regexp {}", self.child(of, Level::BitOr), self.child(pattern, Level::BitOr))
            }
            Expr::Regexp(of, pattern) => format!("regexp_like({},{})", self.print(of), self.print(pattern)),
            Expr::Shift(of, sign, amount, unit) => {
                // A constant is worked out.
                self.doubt_if(matches!(**of, Expr::Text(..) | Expr::Moment(..)));
                let of = self.child(of, Level::Add);
                self.wrapped(format!("{of} {sign} interval {} {unit}", self.print(amount)))
            }
            Expr::Query(query) => self.query(query, Use::Values),
            Expr::Exists(query, not) => {
                let text = format!("exists{}", self.query(query, Use::Exists));
                match (not, self.is_maria()) {
                    (false, _) => text,
                    (true, true) => format!("!{text}"),
                    (true, false) => {
                        self.doubt();
                        format!("(not {text})")
                    }
                }
            }
            Expr::InQuery(of, query, not) => {
                let text = format!("{} in {}", self.child(of, Level::BitOr), self.query(query, Use::Values));
                match (not, self.is_maria()) {
                    (false, _) => text,
                    (true, true) => format!("!({text})"),
                    (true, false) => {
                        self.doubt();
                        format!("{text} is false")
                    }
                }
            }
            Expr::Collate(of, name) => {
                self.wrapped(format!("{} collate {name}", self.child(of, Level::Collate)))
            }
        }
    }

    /// In parentheses where the server puts them around every operator.
    fn wrapped(&self, text: String) -> String {
        if self.is_maria() { text } else { format!("({text})") }
    }

    /// An operand at a place that takes `level`.
    fn child(&self, expr: &Expr, level: Level) -> String {
        let text = self.print(expr);
        if self.is_maria() && expr.level() < level { format!("({text})") } else { text }
    }

    fn text(&self, charset: Option<&str>, value: &str) -> String {
        match charset {
            Some(charset) => {
                // MariaDB turns it into the charset it is compared with.
                self.doubt_if(self.is_maria() && charset != CHARSET || self.queries.is_some());
                format!("_{charset}{}", quoted(value))
            }
            None => match self.charset {
                Some(charset) => format!("_{charset}{}", quoted(value)),
                None => quoted(value),
            },
        }
    }

    fn query(&self, query: &Query, what: Use) -> String {
        let text = self.queries.and_then(|queries| queries(query, what));
        self.doubt_if(text.is_none());
        text.unwrap_or_default()
    }

    /// An operand that is asked whether it is true.
    pub fn condition(&self, expr: &Expr, level: Level) -> String {
        match expr {
            Expr::Number(_) | Expr::Hex(..) | Expr::Text(..) | Expr::Null => self.doubt(),
            expr if expr.is_condition() => return self.child(expr, level),
            _ => {}
        }
        match (self.is_maria(), expr) {
            (true, Expr::Column(_)) => self.child(&against_zero(Op::NotEqual, expr, true), level),
            (true, _) => self.child(expr, level),
            (false, _) => self.print(&against_zero(Op::NotEqual, expr, false)),
        }
    }

    fn conditions(&self, list: &[Expr], word: &str, level: Level) -> String {
        let parts: Vec<String> = list.iter().map(|expr| self.condition(expr, level)).collect();
        self.wrapped(parts.join(word))
    }

    fn not(&self, of: &Expr) -> String {
        match (of, self.is_maria()) {
            (Expr::Number(_) | Expr::Hex(..) | Expr::Text(..) | Expr::Null | Expr::Bool(_), _) => {
                self.doubt()
            }
            (Expr::Column(_), true) => return self.print(&against_zero(Op::Equal, of, true)),
            // What is negated twice is asked whether it is true.
            (Expr::Not(of), maria) => {
                self.doubt_if(maria && !matches!(**of, Expr::Column(_)));
                return self.condition(of, Level::Or);
            }
            (Expr::Is(of, what), false) => {
                self.doubt_if(what.starts_with("not "));
                return self.print(&Expr::Is(of.clone(), format!("not {what}")));
            }
            (Expr::Xor(..), true) => self.doubt(),
            _ => {}
        }
        match self.is_maria() {
            true => format!("!{}", self.child(of, Level::Value)),
            false if of.is_condition() => format!("(not({}))", self.print(of)),
            false => self.print(&against_zero(Op::Equal, of, false)),
        }
    }

    fn list(&self, list: &[Expr]) -> String {
        list.iter().map(|expr| self.print(expr)).collect::<Vec<_>>().join(",")
    }

    fn trim(&self, side: Option<&'static str>, what: Option<&Expr>, of: &Expr) -> String {
        let of = self.print(of);
        let Some(what) = what.map(|what| self.print(what)) else {
            return match side {
                Some("leading") if self.is_maria() => format!("ltrim({of})"),
                Some("trailing") if self.is_maria() => format!("rtrim({of})"),
                _ => {
                    self.doubt();
                    format!("trim({} from {of})", side.unwrap_or("both"))
                }
            };
        };
        match side.or(self.is_maria().then_some("both")) {
            Some(side) => format!("trim({side} {what} from {of})"),
            None => format!("trim({what} from {of})"),
        }
    }

    fn case(&self, of: Option<&Expr>, whens: &[(Expr, Expr)], other: Option<&Expr>) -> String {
        let mut out = String::from("case");
        if let Some(of) = of {
            out.push_str(&format!(" {}", self.print(of)));
        }
        for (when, then) in whens {
            out.push_str(&format!(" when {} then {}", self.print(when), self.print(then)));
        }
        if let Some(other) = other {
            out.push_str(&format!(" else {}", self.print(other)));
        }
        out.push_str(" end");
        self.wrapped(out)
    }

    /// Calls under the server's name for the function, or as the operator it is.
    fn call(&self, name: &str, args: &[Expr]) -> String {
        if let Some(other) = same_call(name, args) {
            return self.print(&other);
        }
        let printed = functions::printed(name, self.is_maria());
        self.doubt_if(printed.is_none());
        format!("{}({})", printed.unwrap_or(name), self.list(args))
    }
}

/// What a call is kept as by both servers, where that is not a call of the same function.
fn same_call(name: &str, args: &[Expr]) -> Option<Expr> {
    let of = |expr: &Expr| Box::new(expr.clone());
    let number = |text: &str| Expr::Number(text.into());
    let call = |name: &str, args: Vec<Expr>| Expr::Call(name.into(), args);
    Some(match (name, args) {
        ("isnull", [one]) => Expr::Is(of(one), "null".into()),
        ("mod", [a, b]) => Expr::Binary(Op::Modulo, of(a), of(b)),
        ("date" | "time", [one]) => Expr::Cast(of(one), name.into()),
        ("timestamp", [one]) => Expr::Cast(of(one), "datetime".into()),
        ("instr", [text, part]) => call("locate", vec![part.clone(), text.clone()]),
        ("round", [one]) => call("round", vec![one.clone(), number("0")]),
        ("bin", [one]) => call("conv", vec![one.clone(), number("10"), number("2")]),
        ("datediff", [a, b]) => {
            let days = |of: &Expr| call("to_days", vec![of.clone()]);
            Expr::binary(Op::Minus, days(a), days(b))
        }
        _ => return None,
    })
}

/// A value compared with zero, the way round the server has it.
fn against_zero(op: Op, expr: &Expr, maria: bool) -> Expr {
    let (zero, expr) = (Expr::Number("0".into()), expr.clone());
    if maria { Expr::binary(op, expr, zero) } else { Expr::binary(op, zero, expr) }
}

/// Text in quotes, escaped as both servers do it.
fn quoted(value: &str) -> String {
    let mut out = String::from("'");
    for char in value.chars() {
        match char {
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\0' => out.push_str("\\0"),
            '\u{1a}' => out.push_str("\\Z"),
            char => out.push(char),
        }
    }
    out.push('\'');
    out
}
