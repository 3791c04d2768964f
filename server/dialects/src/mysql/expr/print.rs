//! A tree as a server prints it: MySQL with parentheses around everything, MariaDB with those that are needed.

use super::tree::Expr;
use crate::mysql::names::ident;

/// Whose way it is printed in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Printer {
    pub maria: bool,
    /// Texts show the charset of the connection that wrote them.
    pub introducers: bool,
}

/// The charset definitions are written in.
const CHARSET: &str = "utf8mb4";

impl Printer {
    pub fn print(self, expr: &Expr) -> String {
        match expr {
            Expr::Column(parts) => ident(parts.last().map_or("", String::as_str)),
            Expr::Text(Some(charset), value) => format!("_{charset}{}", text(value)),
            Expr::Text(None, value) if self.introducers => format!("_{CHARSET}{}", text(value)),
            Expr::Text(None, value) => text(value),
            Expr::Number(number) => number.clone(),
            Expr::Constant("null") => "NULL".into(),
            Expr::Constant(name) if self.maria => if *name == "true" { "1" } else { "0" }.into(),
            Expr::Constant(name) => (*name).into(),
            Expr::Word(word) => word.clone(),
            Expr::Moment(kind, value) => format!("{kind}{}", text(value)),
            Expr::Call(name, args) => self.call(name, args),
            Expr::List(list) => format!("({})", self.list(list)),
            Expr::Cast(of, ty) => {
                let plain = ty.starts_with("char") && !ty.contains("charset");
                let charset = if plain { format!(" charset {CHARSET}") } else { String::new() };
                format!("cast({} as {ty}{charset})", self.print(of))
            }
            Expr::Using(of, charset) => format!("convert({} using {charset})", self.print(of)),
            Expr::Extract(unit, of) => format!("extract({unit} from {})", self.print(of)),
            Expr::Trim(side, None, of) => match *side {
                "leading" if self.maria => format!("ltrim({})", self.print(of)),
                "trailing" if self.maria => format!("rtrim({})", self.print(of)),
                side => format!("trim({side} from {})", self.print(of)),
            },
            Expr::Trim(side, Some(what), of) => {
                format!("trim({side} {} from {})", self.print(what), self.print(of))
            }
            Expr::Case(..) => self.wrapped(self.case(expr)),
            Expr::Negative(of) if self.maria => format!("-{}", self.child(of, 14)),
            Expr::Negative(of) => format!("-({})", self.print(of)),
            Expr::Inverted(of) if self.maria => format!("~{}", self.child(of, 14)),
            Expr::Inverted(of) => format!("~({})", self.print(of)),
            Expr::Not(of) => self.not(of),
            Expr::Binary(op, a, b) => {
                let name = match *op {
                    "%" if self.maria => "MOD",
                    "div" => "DIV",
                    op => op,
                };
                let power = power(expr);
                self.wrapped(format!("{} {name} {}", self.child(a, power), self.child(b, power + 1)))
            }
            Expr::And(list) => self.conditions(list, " and ", 3),
            Expr::Or(list) => self.conditions(list, " or ", 1),
            // MariaDB leaves the operands of `xor` as they are.
            Expr::Xor(a, b) if self.maria => format!("{} xor {}", self.child(a, 2), self.child(b, 3)),
            Expr::Xor(a, b) => self.wrapped(format!("{} xor {}", self.condition(a, 2), self.condition(b, 3))),
            Expr::Is(of, what) if !self.maria && what.ends_with("null") => {
                self.wrapped(format!("{} is {what}", self.print(of)))
            }
            Expr::Is(of, what) if self.maria => format!("{} is {what}", self.child(of, 6)),
            Expr::Is(of, what) => self.wrapped(format!("{} is {what}", self.condition(of, 6))),
            Expr::In(of, list, not) => {
                let word = if *not { "not in" } else { "in" };
                self.wrapped(format!("{} {word} ({})", self.child(of, 6), self.list(list)))
            }
            Expr::Between(of, a, b, not) => {
                let word = if *not { "not between" } else { "between" };
                self.wrapped(format!(
                    "{} {word} {} and {}",
                    self.child(of, 7),
                    self.child(a, 7),
                    self.child(b, 7)
                ))
            }
            Expr::Like(of, pattern, escape, not) => {
                let escape = escape.as_ref().filter(|escape| !self.maria || !is_backslash(escape));
                let escape =
                    escape.map(|escape| format!(" escape {}", self.print(escape))).unwrap_or_default();
                if self.maria {
                    let not = if *not { " not" } else { "" };
                    return format!("{} {not}like {}{escape}", self.child(of, 6), self.child(pattern, 7))
                        .replace(" notlike ", " not like ");
                }
                let found = format!("({} like {}{escape})", self.print(of), self.print(pattern));
                if *not { format!("(not({found}))") } else { found }
            }
            Expr::Regexp(of, pattern) if self.maria => {
                format!("{} regexp {}", self.child(of, 6), self.child(pattern, 7))
            }
            Expr::Regexp(of, pattern) => format!("regexp_like({},{})", self.print(of), self.print(pattern)),
            Expr::Shift(of, sign, amount, unit) => self.wrapped(format!(
                "{} {sign} interval {} {unit}",
                self.child(of, 10),
                self.child(amount, 10)
            )),
            Expr::Collate(of, name) => self.wrapped(format!("{} collate {name}", self.child(of, 15))),
        }
    }

    /// In parentheses where the server puts them around every operator.
    fn wrapped(self, text: String) -> String {
        if self.maria { text } else { format!("({text})") }
    }

    /// An operand of an operator that binds with `floor`.
    fn child(self, expr: &Expr, floor: u8) -> String {
        let text = self.print(expr);
        if self.maria && power(expr) < floor { format!("({text})") } else { text }
    }

    /// An operand that is asked whether it is true.
    fn condition(self, expr: &Expr, floor: u8) -> String {
        if expr.is_condition() {
            return self.child(expr, floor);
        }
        if self.maria {
            let text = format!("{} <> 0", self.child(expr, 6));
            return if floor > 6 { format!("({text})") } else { text };
        }
        format!("(0 <> {})", self.print(expr))
    }

    fn conditions(self, list: &[Expr], word: &str, power: u8) -> String {
        let parts: Vec<String> = list.iter().map(|expr| self.condition(expr, power)).collect();
        self.wrapped(parts.join(word))
    }

    fn not(self, of: &Expr) -> String {
        match (self.maria, of) {
            (true, Expr::Like(a, b, escape, not)) => {
                self.print(&Expr::Like(a.clone(), b.clone(), escape.clone(), !not))
            }
            (true, of) if of.is_condition() => format!("!({})", self.print(of)),
            (true, of) => format!("{} = 0", self.child(of, 6)),
            (false, Expr::Like(a, b, escape, not)) => {
                self.print(&Expr::Like(a.clone(), b.clone(), escape.clone(), !not))
            }
            (false, of) if of.is_condition() => format!("(not({}))", self.print(of)),
            (false, of) => format!("(0 = {})", self.print(of)),
        }
    }

    fn list(self, list: &[Expr]) -> String {
        list.iter().map(|expr| self.print(expr)).collect::<Vec<_>>().join(",")
    }

    fn case(self, expr: &Expr) -> String {
        let Expr::Case(of, whens, other) = expr else { return String::new() };
        let mut out = String::from("case");
        if let Some(of) = of {
            out.push_str(&format!(" {}", self.print(of)));
        }
        for (when, then) in whens {
            let when = if of.is_none() && !self.maria && !when.is_condition() {
                self.condition(when, 0)
            } else {
                self.print(when)
            };
            out.push_str(&format!(" when {when} then {}", self.print(then)));
        }
        if let Some(other) = other {
            out.push_str(&format!(" else {}", self.print(other)));
        }
        out.push_str(" end");
        out
    }

    /// Calls under the server's name for the function, or as the operator it is.
    fn call(self, name: &str, args: &[Expr]) -> String {
        let one = || Box::new(args[0].clone());
        match (name, args.len()) {
            ("isnull", 1) => return self.print(&Expr::Is(one(), "null".into())),
            ("mod", 2) => return self.print(&Expr::Binary("%", one(), Box::new(args[1].clone()))),
            ("date" | "time", 1) => return self.print(&Expr::Cast(one(), name.into())),
            ("timestamp", 1) => return self.print(&Expr::Cast(one(), "datetime".into())),
            ("instr", 2) => {
                return self.print(&Expr::Call("locate".into(), vec![args[1].clone(), args[0].clone()]));
            }
            ("datediff", 2) => {
                let days = |of: &Expr| Box::new(Expr::Call("to_days".into(), vec![of.clone()]));
                return self.print(&Expr::Binary("-", days(&args[0]), days(&args[1])));
            }
            ("if", 3) if !args[0].is_condition() => {
                return format!(
                    "if({},{},{})",
                    if self.maria { self.print(&args[0]) } else { self.condition(&args[0], 0) },
                    self.print(&args[1]),
                    self.print(&args[2])
                );
            }
            _ => {}
        }
        let name = match name {
            "upper" | "ucase" => {
                if self.maria {
                    "ucase"
                } else {
                    "upper"
                }
            }
            "lower" | "lcase" => {
                if self.maria {
                    "lcase"
                } else {
                    "lower"
                }
            }
            "length" | "octet_length" => {
                if self.maria {
                    "octet_length"
                } else {
                    "length"
                }
            }
            "character_length" => "char_length",
            "ceil" => "ceiling",
            "power" => "pow",
            "sha1" => "sha",
            "day" => "dayofmonth",
            "current_date" => "curdate",
            "current_time" => "curtime",
            "now" | "current_timestamp" | "localtime" | "localtimestamp" => {
                if self.maria {
                    "current_timestamp"
                } else {
                    "now"
                }
            }
            other => other,
        };
        format!("{name}({})", self.list(args))
    }
}

fn is_backslash(expr: &Expr) -> bool {
    matches!(expr, Expr::Text(_, value) if value == "\\")
}

/// How strongly the operator of an expression binds.
fn power(expr: &Expr) -> u8 {
    match expr {
        Expr::Or(_) => 1,
        Expr::Xor(..) => 2,
        Expr::And(_) => 3,
        Expr::Between(..) => 5,
        Expr::Case(..) => 5,
        Expr::Is(..) | Expr::In(..) | Expr::Like(..) | Expr::Regexp(..) => 6,
        Expr::Binary(op, ..) => match *op {
            "|" => 7,
            "&" => 8,
            "<<" | ">>" => 9,
            "+" | "-" => 10,
            "*" | "/" | "%" | "div" => 11,
            "^" => 12,
            _ => 6,
        },
        Expr::Call(name, args) => match (name.as_str(), args.len()) {
            ("mod", 2) => 11,
            ("datediff", 2) => 10,
            ("isnull", 1) => 6,
            _ => 20,
        },
        Expr::Shift(..) => 10,
        Expr::Not(_) => 6,
        Expr::Negative(_) | Expr::Inverted(_) => 13,
        Expr::Collate(..) => 15,
        _ => 20,
    }
}

/// Text in quotes, escaped as both servers do it.
fn text(value: &str) -> String {
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
