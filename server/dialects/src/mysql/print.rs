//! Expressions as the server keeps them, without asking it.
//!
//! Both servers parse what they are given and print the tree: MySQL with parentheses around every operator and the
//! charset before every string, MariaDB with as few parentheses as possible. What is not known for sure gives `None`.
//! Invariant: a text that is given equals the server's; `tests/mysql/printing.rs` asks real ones.
//!
//! Source: `CHECK_CONSTRAINTS` of MySQL 9.7 and MariaDB 10.11 for some two hundred expressions.

mod parse;
mod tree;

use engine::connection::Capabilities;

use super::features::{INTRODUCERS, MARIADB, SQL_MODE};
use super::types::quote;

use self::tree::{Level, Node, Op};

/// `text` as the server prints it in a check, a generated column, a default or an index; `None` when that is not sure.
/// `columns` are those of its table.
pub fn expression(text: &str, columns: &[&str], server: &Capabilities) -> Option<String> {
    let style = match (server.has(MARIADB), server.has(INTRODUCERS)) {
        (true, _) => Style::Maria,
        (false, true) => Style::Mysql,
        // The catalog of MySQL 5.7 was not looked at.
        (false, false) => return None,
    };
    let modes = server.setting(SQL_MODE).to_ascii_uppercase();
    if ["ANSI", "PIPES_AS_CONCAT", "HIGH_NOT", "NO_BACKSLASH"].iter().any(|mode| modes.contains(mode)) {
        return None;
    }
    let node = parse::parse(text)?;
    let printer = Printer { columns, style };
    printer.print(&node, Level::Or)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Mysql,
    Maria,
}

struct Printer<'a> {
    columns: &'a [&'a str],
    style: Style,
}

/// Functions both servers print under the name they were called by.
const PLAIN: &[&str] = &[
    "abs",
    "acos",
    "ascii",
    "asin",
    "atan",
    "bit_count",
    "bit_length",
    "ceiling",
    "char_length",
    "coalesce",
    "concat",
    "concat_ws",
    "conv",
    "cos",
    "cot",
    "crc32",
    "dayofmonth",
    "dayofweek",
    "dayofyear",
    "degrees",
    "elt",
    "exp",
    "field",
    "find_in_set",
    "floor",
    "from_base64",
    "from_days",
    "greatest",
    "hex",
    "hour",
    "if",
    "ifnull",
    "inet6_aton",
    "inet_aton",
    "inet_ntoa",
    "insert",
    "is_ipv4",
    "json_array",
    "json_contains",
    "json_depth",
    "json_extract",
    "json_keys",
    "json_length",
    "json_object",
    "json_quote",
    "json_set",
    "json_type",
    "json_unquote",
    "json_valid",
    "last_day",
    "least",
    "left",
    "ln",
    "locate",
    "log",
    "log10",
    "log2",
    "lpad",
    "ltrim",
    "makedate",
    "microsecond",
    "minute",
    "month",
    "nullif",
    "ord",
    "pow",
    "quarter",
    "quote",
    "radians",
    "regexp_replace",
    "regexp_substr",
    "repeat",
    "replace",
    "reverse",
    "right",
    "round",
    "rpad",
    "rtrim",
    "sec_to_time",
    "second",
    "sha2",
    "sign",
    "sin",
    "soundex",
    "space",
    "sqrt",
    "str_to_date",
    "strcmp",
    "substr",
    "substring_index",
    "tan",
    "time_to_sec",
    "to_base64",
    "to_days",
    "to_seconds",
    "trim",
    "truncate",
    "unhex",
    "uuid",
    "weekday",
    "year",
];

/// Functions printed under another name: as called, by MySQL, by MariaDB.
const RENAMED: &[(&str, &str, &str)] = &[
    ("ceil", "ceiling", "ceiling"),
    ("character_length", "char_length", "char_length"),
    ("day", "dayofmonth", "dayofmonth"),
    ("lcase", "lower", "lcase"),
    ("length", "length", "octet_length"),
    ("lower", "lower", "lcase"),
    ("mid", "substr", "substr"),
    ("octet_length", "length", "octet_length"),
    ("power", "pow", "pow"),
    ("substring", "substr", "substr"),
    ("ucase", "upper", "ucase"),
    ("upper", "upper", "ucase"),
];

impl Printer<'_> {
    fn is_maria(&self) -> bool {
        self.style == Style::Maria
    }

    /// `node`, in parentheses where MariaDB needs them at a place that takes `level`.
    fn print(&self, node: &Node, level: Level) -> Option<String> {
        let text = self.bare(node)?;
        Some(if self.is_maria() && node.level() < level { format!("({text})") } else { text })
    }

    /// What MySQL puts in parentheses.
    fn group(&self, text: String) -> String {
        if self.is_maria() { text } else { format!("({text})") }
    }

    fn bare(&self, node: &Node) -> Option<String> {
        Some(match node {
            Node::Column(name) => self.column(name)?,
            Node::Number(text) | Node::Hex(text) => text.clone(),
            Node::Null => "NULL".to_string(),
            Node::Bool(value) if self.is_maria() => if *value { "1" } else { "0" }.to_string(),
            Node::Bool(value) => value.to_string(),
            Node::Text { charset, value } => match charset {
                Some(charset) => format!("_{charset}{}", self.string(value)?),
                None if self.is_maria() => self.string(value)?,
                None => format!("_utf8mb4{}", self.string(value)?),
            },
            Node::Moment { word, value } => format!("{word}{}", self.string(value)?),
            Node::Sign { sign, of } => {
                if self.is_maria() {
                    format!("{sign}{}", self.print(of, Level::Unary)?)
                } else {
                    format!("{sign}({})", self.bare(of)?)
                }
            }
            Node::Binary { op, left, right } => self.binary(*op, left, right)?,
            Node::Logic { or, parts } => {
                let (word, level) = if *or { (" or ", Level::Or) } else { (" and ", Level::And) };
                let parts: Option<Vec<String>> =
                    parts.iter().map(|part| self.print(&self.truth(part)?, level)).collect();
                self.group(parts?.join(word))
            }
            Node::Xor { left, right } => {
                let side = |node: &Node, level| {
                    let node = if self.is_maria() { node.clone() } else { self.truth(node)? };
                    self.print(&node, level)
                };
                self.group(format!("{} xor {}", side(left, Level::Xor)?, side(right, Level::And)?))
            }
            Node::Not(of) => match (self.negated(of)?, self.is_maria()) {
                (Node::Not(of), false) => format!("(not({}))", self.bare(&of)?),
                (Node::Not(_), true) => return None,
                (node, _) => self.bare(&node)?,
            },
            Node::In { not, of, list } => match &list[..] {
                [one] => {
                    let op = if *not { Op::NotEqual } else { Op::Equal };
                    return self.bare(&Node::Binary { op, left: of.clone(), right: Box::new(one.clone()) });
                }
                list => {
                    let list: Option<Vec<String>> = list.iter().map(|item| self.bare(item)).collect();
                    let not = if *not { "not " } else { "" };
                    self.group(format!("{} {not}in ({})", self.print(of, Level::BitOr)?, list?.join(",")))
                }
            },
            Node::Between { not, of, low, high } => {
                let not = if *not { "not " } else { "" };
                let [of, low, high] = [of, low, high].map(|node| self.print(node, Level::BitOr));
                self.group(format!("{} {not}between {} and {}", of?, low?, high?))
            }
            Node::Like { not, of, pattern } => {
                let (of, pattern) = (self.print(of, Level::BitOr)?, self.print(pattern, Level::BitOr)?);
                match (not, self.is_maria()) {
                    (false, _) => self.group(format!("{of} like {pattern}")),
                    (true, true) => format!("{of}  not like {pattern}"),
                    (true, false) => format!("(not(({of} like {pattern})))"),
                }
            }
            Node::Regexp { of, pattern } => {
                if self.is_maria() {
                    format!("{} regexp {}", self.print(of, Level::BitOr)?, self.print(pattern, Level::BitOr)?)
                } else {
                    format!("regexp_like({},{})", self.bare(of)?, self.bare(pattern)?)
                }
            }
            Node::Is { of, what } => {
                let of = match what.ends_with("null") || self.is_maria() {
                    true => self.print(of, Level::Compare)?,
                    false => self.bare(&self.truth(of)?)?,
                };
                self.group(format!("{of} is {what}"))
            }
            Node::Call { name, args } => self.call(name, args)?,
            Node::Cast { of, to } => format!("cast({} as {to})", self.bare(of)?),
            Node::Using { of, charset } => format!("convert({} using {charset})", self.bare(of)?),
            Node::Extract { unit, of } => format!("extract({unit} from {})", self.bare(of)?),
            Node::Move { sign, of, by, unit } => {
                let of = self.print(of, Level::Add)?;
                self.group(format!("{of} {sign} interval {} {unit}", self.bare(by)?))
            }
            Node::Case { of, whens, otherwise } => {
                let mut text = String::from("case");
                if let Some(of) = of {
                    text.push_str(&format!(" {}", self.bare(of)?));
                }
                for (when, then) in whens {
                    text.push_str(&format!(" when {} then {}", self.bare(when)?, self.bare(then)?));
                }
                if let Some(otherwise) = otherwise {
                    text.push_str(&format!(" else {}", self.bare(otherwise)?));
                }
                text.push_str(" end");
                self.group(text)
            }
        })
    }

    /// MySQL keeps a name as it was written, MariaDB as the table has it.
    fn column(&self, name: &str) -> Option<String> {
        let known = self.columns.iter().find(|known| known.eq_ignore_ascii_case(name))?;
        Some(super::names::ident(if self.is_maria() { known } else { name }))
    }

    /// A string. Both servers escape what they print; only what is plain was looked at.
    fn string(&self, value: &str) -> Option<String> {
        let plain = !value.contains(['\n', '\r', '\t', '\0', '\u{1a}', '\u{8}']);
        plain.then(|| quote(value).replace("''", "\\'")).map(|text| {
            // The quotes around an empty string are no escaped one.
            if value.is_empty() { "''".to_string() } else { text }
        })
    }

    fn binary(&self, op: Op, left: &Node, right: &Node) -> Option<String> {
        // What is compared with a truth value is rewritten in ways that were not looked at.
        if op.level() == Level::Compare && [left, right].iter().any(|node| matches!(node, Node::Bool(_))) {
            return None;
        }
        let word = if op == Op::Modulo && self.is_maria() { "MOD" } else { op.word() };
        let (left, right) = (self.print(left, op.level())?, self.print(right, op.level().next())?);
        Some(self.group(format!("{left} {word} {right}")))
    }

    fn call(&self, name: &str, args: &[Node]) -> Option<String> {
        let unary = |node: Node| self.bare(&node);
        let binary = |op| {
            let [left, right] = args else { return None };
            Some(Node::Binary { op, left: Box::new(left.clone()), right: Box::new(right.clone()) })
        };
        match (name, args) {
            ("mod", [_, _]) => return unary(binary(Op::Modulo)?),
            ("isnull", [of]) => {
                return unary(Node::Is { of: Box::new(of.clone()), what: "null".to_string() });
            }
            ("instr", [of, part]) => {
                return unary(Node::Call { name: "locate".into(), args: vec![part.clone(), of.clone()] });
            }
            ("date" | "time", [of]) => {
                return unary(Node::Cast { of: Box::new(of.clone()), to: name.to_string() });
            }
            _ => {}
        }
        let renamed = RENAMED.iter().find(|(called, ..)| *called == name);
        let printed = match renamed {
            Some((_, mysql, maria)) => {
                if self.is_maria() {
                    maria
                } else {
                    mysql
                }
            }
            None => PLAIN.iter().find(|plain| **plain == name)?,
        };
        let args: Option<Vec<String>> = args.iter().map(|arg| self.bare(arg)).collect();
        Some(format!("{printed}({})", args?.join(",")))
    }

    /// `node` where a truth value is wanted.
    fn truth(&self, node: &Node) -> Option<Node> {
        match node {
            Node::Column(_) => Some(self.against_zero(Op::NotEqual, node)),
            node if node.is_truth() => Some(node.clone()),
            _ => None,
        }
    }

    /// A column compared with zero, the way round the server has it.
    fn against_zero(&self, op: Op, node: &Node) -> Node {
        let (zero, node) = (Box::new(Node::Number("0".into())), Box::new(node.clone()));
        let (left, right) = if self.is_maria() { (node, zero) } else { (zero, node) };
        Node::Binary { op, left, right }
    }

    /// What says the opposite of `node`.
    fn negated(&self, node: &Node) -> Option<Node> {
        Some(match node {
            Node::Column(_) => self.against_zero(Op::Equal, node),
            Node::Not(of) => self.truth(of)?,
            Node::Binary { op, left, right } => {
                Node::Binary { op: op.opposite()?, left: left.clone(), right: right.clone() }
            }
            Node::In { not, of, list } => Node::In { not: !not, of: of.clone(), list: list.clone() },
            Node::Between { not, of, low, high } => {
                Node::Between { not: !not, of: of.clone(), low: low.clone(), high: high.clone() }
            }
            Node::Like { not: false, of, pattern } => {
                Node::Like { not: true, of: of.clone(), pattern: pattern.clone() }
            }
            Node::Is { of, what } if what == "null" => Node::Is { of: of.clone(), what: "not null".into() },
            Node::Is { of, what } if what == "not null" => Node::Is { of: of.clone(), what: "null".into() },
            Node::Logic { or, parts } => {
                let parts: Option<Vec<Node>> = parts.iter().map(|part| self.negated(part)).collect();
                Node::Logic { or: !or, parts: parts? }
            }
            _ => return None,
        })
    }
}
