//! Gives an expression the types the server finds, and prints it as `pg_get_expr` does.
//!
//! The server keeps the tree its parser made, with every cast it had to add, and prints it with parentheses around each
//! operator. Where the types do not tell which cast that is, the result is marked as not sure.
//!
//! Source: PostgreSQL 15, `ruleutils.c` (`get_rule_expr`, `get_const_expr`, `get_coercion_expr`), `parse_coerce.c`,
//! `parse_oper.c`.

use super::Types;
use super::functions;
use super::node::{Call, Form, Node, Ty};
use super::parse::of_text;
use crate::postgres::names;

/// Types and prints.
pub(super) struct Writer<'a> {
    pub types: &'a Types<'a>,
    pub sure: bool,
    /// The server prints it so, and makes something else of it when it reads that again.
    pub unstable: bool,
    /// How many spaces a line begins with.
    pub indent: usize,
}

/// A type whose values are text to operators.
fn is_string(ty: &Ty) -> bool {
    !ty.array && matches!(ty.name.as_str(), "text" | "character varying")
}

/// A type whose values are text, those of a fixed length too.
fn is_text(ty: &Ty) -> bool {
    is_string(ty) || ty.is_padded()
}

/// A type that `||` has an operator of its own for.
fn is_joined(ty: &Ty) -> bool {
    ty.array || matches!(ty.name.as_str(), "jsonb" | "bytea" | "tsvector" | "bit" | "bit varying")
}

/// Functions of text that exist for text of a fixed length too.
const OF_PADDED: &[&str] = &["char_length", "character_length", "length", "octet_length"];

/// Functions of text that exist for bytes too.
const OF_BYTES: &[&str] = &["length", "md5", "octet_length", "substr", "substring"];

/// What a literal beside a value of type `ty` is, where that is another type.
fn other_side(op: &str, ty: &Ty) -> Option<Ty> {
    match op {
        // A time moves by a span of time; between two of them a literal is of the same type.
        "+" if ty.name.starts_with("timestamp") => Some(Ty::new("interval")),
        _ => None,
    }
}

/// What the sum or the mean of values is.
fn total(of: &Ty, sum: bool) -> Option<Ty> {
    let name = match (of.name.as_str(), sum) {
        _ if of.array => return None,
        ("smallint" | "integer", true) => "bigint",
        ("real", true) => "real",
        ("double precision", _) | ("real", false) => "double precision",
        ("bigint" | "numeric", _) | ("smallint" | "integer", false) => "numeric",
        ("interval", _) => "interval",
        _ => return None,
    };
    Some(Ty::new(name))
}

/// What numbers are raised to a power as.
fn power(a: &Ty, b: &Ty) -> Ty {
    let (a, b) = (rank(a).unwrap_or(0), rank(b).unwrap_or(0));
    Ty::new(if a.max(b) == 4 { "numeric" } else { "double precision" })
}

/// What an integer is before it is rounded; there is no such function of integers.
fn rounded(ty: &Ty, args: usize) -> Option<Ty> {
    let to = if args > 1 { "numeric" } else { "double precision" };
    rank(ty).is_some_and(|rank| rank <= 3).then(|| Ty::new(to))
}

fn is_moment(ty: &Ty) -> bool {
    !ty.array && (ty.is("date") || ty.is("interval") || ty.name.starts_with("time"))
}

fn rank(ty: &Ty) -> Option<u8> {
    if ty.array {
        return None;
    }
    Some(match ty.name.as_str() {
        "smallint" => 1,
        "integer" => 2,
        "bigint" => 3,
        "numeric" => 4,
        "real" => 5,
        "double precision" => 6,
        _ => return None,
    })
}

impl Writer<'_> {
    fn unsure(&mut self) {
        self.sure = false;
    }

    /// The type of `node`; `None` for a literal that takes any.
    pub fn ty(&mut self, node: &Node) -> Option<Ty> {
        match node {
            Node::Text(_, ty) | Node::Null(ty) => ty.clone(),
            Node::Number(text) => Some(Ty::new(number_type(text))),
            Node::Bool(_)
            | Node::And(_)
            | Node::Or(_)
            | Node::Not(_)
            | Node::Is(..)
            | Node::Distinct(..)
            | Node::Some(..)
            | Node::In(..)
            | Node::Between(..) => Some(Ty::new("boolean")),
            Node::Column(path) => {
                let found = (self.types.column)(path);
                if found.is_none() {
                    self.unsure();
                }
                found
            }
            Node::Value(word) => Some(Ty::new(match word.split('(').next().unwrap_or_default() {
                "CURRENT_DATE" => "date",
                "CURRENT_TIMESTAMP" => "timestamp with time zone",
                "LOCALTIMESTAMP" => "timestamp without time zone",
                "CURRENT_TIME" => "time with time zone",
                "LOCALTIME" => "time without time zone",
                _ => "name",
            })),
            Node::Cast(_, ty) => Some(ty.clone()),
            Node::Unary(op, of) => match op.as_str() {
                "!!" => None,
                _ => self.ty(of),
            },
            Node::Binary(op, left, right) => self.result(op, left, right),
            Node::Call(call) => {
                let known = functions::find(call);
                match known {
                    Some(_) if call.form == Form::Extract && !self.types.modern => {
                        Some(Ty::new("double precision"))
                    }
                    Some(known) => match known.result {
                        functions::Result::Ty(name) => Some(of_text(name)),
                        functions::Result::Sum | functions::Result::Mean => {
                            let of = call.args.first().and_then(|arg| self.ty(arg));
                            let sum = matches!(known.result, functions::Result::Sum);
                            let found = of.and_then(|of| total(&of, sum));
                            if found.is_none() {
                                self.unsure();
                            }
                            found
                        }
                        functions::Result::Arg(at) => {
                            let ty = call.args.get(at).and_then(|arg| self.ty(arg)).map(|ty| ty.bare());
                            match (known.args.get(at), ty) {
                                (Some(functions::Arg::Rounded), None) if call.args.len() > 1 => {
                                    Some(Ty::new("numeric"))
                                }
                                (Some(functions::Arg::Number | functions::Arg::Rounded), None) => {
                                    Some(Ty::new("double precision"))
                                }
                                (Some(functions::Arg::Value), Some(ty)) if is_string(&ty) => {
                                    Some(Ty::new("text"))
                                }
                                (Some(functions::Arg::Rounded), Some(ty)) => {
                                    Some(rounded(&ty, call.args.len()).unwrap_or(ty))
                                }
                                (_, ty) => ty,
                            }
                        }
                    },
                    None => {
                        self.unsure();
                        None
                    }
                }
            }
            Node::Special("NULLIF", args) => {
                let [left, right] = &args[..] else { return None };
                let (left, _) = self.operands("=", left.clone(), right.clone());
                self.ty(&left).map(|ty| ty.bare())
            }
            Node::Special(_, args) => Some(self.common(args).unwrap_or_else(|| Ty::new("text"))),
            Node::Case(_, arms, other) => {
                // What `ELSE` gives has the first say.
                let mut results: Vec<Node> = other.iter().map(|other| (**other).clone()).collect();
                results.extend(arms.iter().map(|(_, then)| then.clone()));
                Some(self.common(&results).unwrap_or_else(|| Ty::new("text")))
            }
            Node::Array(items) => Some(self.common(items).unwrap_or_else(|| Ty::new("text")).array_of()),
            Node::Row(_) => Some(Ty::new("record")),
            Node::Subscript(of, indexes) => {
                let ty = self.ty(of)?;
                Some(if indexes.len() == 1 && ty.array { ty.element() } else { ty })
            }
            Node::Field(..) => {
                self.unsure();
                None
            }
            Node::Collate(of, _) => self.ty(of),
            Node::Zone(of, _) => match self.ty(of) {
                Some(ty) if ty.is("timestamp with time zone") => Some(Ty::new("timestamp without time zone")),
                Some(ty) if ty.is("timestamp without time zone") => Some(Ty::new("timestamp with time zone")),
                _ => {
                    self.unsure();
                    None
                }
            },
        }
    }

    fn result(&mut self, op: &str, left: &Node, right: &Node) -> Option<Ty> {
        let (a, b) = (self.ty(left), self.ty(right));
        Some(match op {
            "<" | ">" | "=" | "<=" | ">=" | "<>" | "~~" | "!~~" | "~~*" | "!~~*" | "~" | "~*" | "!~"
            | "!~*" | "@>" | "<@" | "?" | "?|" | "?&" | "&&" | "@@" => Ty::new("boolean"),
            "->>" | "#>>" => Ty::new("text"),
            "->" | "#>" => a?,
            "^" => match (&a, &b) {
                (Some(a), Some(b)) if rank(a).is_some() && rank(b).is_some() => power(a, b),
                _ => {
                    self.unsure();
                    return None;
                }
            },
            "||" => match (&a, &b) {
                (Some(a), _) if a.array || a.is("jsonb") || a.is("tsvector") || a.is("bytea") => a.clone(),
                (_, Some(b)) if b.array || b.is("jsonb") || b.is("tsvector") || b.is("bytea") => b.clone(),
                _ => Ty::new("text"),
            },
            _ => match (a, b) {
                (Some(a), Some(b)) => match (rank(&a), rank(&b)) {
                    (Some(x), Some(y)) => {
                        let wide = if x >= y { a } else { b };
                        // Floats with anything else are of eight bytes.
                        if wide.is("real") && x != y { Ty::new("double precision") } else { wide.bare() }
                    }
                    _ => time_result(op, &a, &b).or_else(|| {
                        self.unsure();
                        None
                    })?,
                },
                (Some(one), None) | (None, Some(one)) => one.bare(),
                (None, None) => {
                    self.unsure();
                    return None;
                }
            },
        })
    }

    /// The one type several values take.
    ///
    /// Source: `select_common_type`.
    fn common(&mut self, nodes: &[Node]) -> Option<Ty> {
        let mut found: Option<Ty> = None;
        for node in nodes {
            let Some(ty) = self.ty(node).map(|ty| ty.bare()) else { continue };
            found = Some(match found {
                None => ty,
                Some(known) if known == ty => known,
                Some(known) => match (rank(&known), rank(&ty)) {
                    (Some(a), Some(b)) => {
                        if a >= b {
                            known
                        } else {
                            ty
                        }
                    }
                    // Either can be the other, so the first stays.
                    _ if is_text(&known) && is_text(&ty) => known,
                    _ => {
                        self.unsure();
                        known
                    }
                },
            });
        }
        found
    }

    /// `node` where a value of type `to` is needed, with the cast that takes.
    fn coerce(&mut self, node: Node, to: &Ty) -> Node {
        match &node {
            Node::Text(text, None) => {
                let (text, sure) = canonical(text, to);
                self.sure &= sure;
                return Node::Text(text, Some(to.clone()));
            }
            Node::Null(None) => return Node::Null(Some(to.clone())),
            Node::Array(items) if to.array => {
                let element = to.element();
                let items = items.clone().into_iter().map(|item| self.coerce(item, &element)).collect();
                return Node::Array(items);
            }
            _ => {}
        }
        match self.ty(&node) {
            Some(ty) if ty.bare() == to.bare() => node,
            Some(_) => Node::Cast(Box::new(node), to.bare()),
            None => node,
        }
    }

    /// Both sides of an operator with the casts it takes.
    fn operands(&mut self, op: &str, left: Node, right: Node) -> (Node, Node) {
        let (a, b) = (self.ty(&left), self.ty(&right));
        let text = Ty::new("text");
        let pattern = matches!(op, "~~" | "!~~" | "~~*" | "!~~*" | "~" | "~*" | "!~" | "!~*");
        if pattern {
            let bpchar = a.as_ref().is_some_and(Ty::is_padded);
            let left = if bpchar { left } else { self.coerce(left, &text) };
            return (left, self.coerce(right, &text));
        }
        if matches!(op, "->" | "->>" | "?") && b.is_none() {
            return (left, self.coerce(right, &text));
        }
        if matches!(op, "#>" | "#>>" | "?|" | "?&") {
            return (left, self.coerce(right, &text.array_of()));
        }
        match (a, b) {
            (Some(a), None) if op == "||" && is_text(&a) => {
                (self.coerce(left, &text), self.coerce(right, &text))
            }
            (None, Some(b)) if op == "||" && is_text(&b) => {
                (self.coerce(left, &text), self.coerce(right, &text))
            }
            (Some(a), None) => {
                let to = self.operator_type(&a);
                let right = if op == "||" && !is_joined(&a) {
                    self.coerce(right, &text)
                } else {
                    let to = other_side(op, &a).unwrap_or(to);
                    self.coerce(right, &to)
                };
                (self.relabel(left, &a), right)
            }
            (None, Some(b)) => {
                let to = self.operator_type(&b);
                let left = if op == "||" && !is_joined(&b) {
                    self.coerce(left, &text)
                } else {
                    self.coerce(left, &to)
                };
                let right = self.relabel(right, &b);
                (left, right)
            }
            (Some(a), Some(b)) => self.both(op, left, right, &a, &b),
            (None, None) => {
                let left = self.coerce(left, &text);
                let right = self.coerce(right, &text);
                (left, right)
            }
        }
    }

    /// The type operators on values of type `ty` are for.
    fn operator_type(&self, ty: &Ty) -> Ty {
        if ty.is("character varying") {
            Ty::new("text")
        } else if ty.array && ty.name == "character varying" {
            Ty::new("text").array_of()
        } else {
            ty.bare()
        }
    }

    /// A value of type `ty` for an operator on [`Self::operator_type`].
    fn relabel(&mut self, node: Node, ty: &Ty) -> Node {
        let to = self.operator_type(ty);
        if to == ty.bare() || to.is("bpchar") { node } else { self.coerce(node, &to) }
    }

    fn both(&mut self, op: &str, left: Node, right: Node, a: &Ty, b: &Ty) -> (Node, Node) {
        let varying = |ty: &Ty| ty.is("character varying");
        if op != "||" && (a.is_padded() && varying(b) || varying(a) && b.is_padded()) {
            let to = Ty::new("bpchar");

            let left = if varying(a) { self.coerce(left, &to) } else { left };
            let right = if varying(b) { self.coerce(right, &to) } else { right };
            return (left, right);
        }
        if is_text(a) && is_text(b) && (!(a.is_padded() && b.is_padded()) || op == "||") {
            let text = Ty::new("text");
            return (self.coerce(left, &text), self.coerce(right, &text));
        }
        if a.bare() == b.bare() {
            let left = self.relabel(left, a);
            let right = self.relabel(right, b);
            return (left, right);
        }
        if let (Some(x), Some(y)) = (rank(a), rank(b)) {
            // Integers of all sizes, and floats of both, have operators together; but for these.
            let alone = matches!(op, "%" | "&" | "|" | "#");
            if op == "^" {
                let to = power(a, b);
                return (self.coerce(left, &to), self.coerce(right, &to));
            }
            if x <= 3 && y <= 3 && alone {
                let to = if x >= y { a } else { b };
                return (self.coerce(left, to), self.coerce(right, to));
            }
            if (x <= 3 && y <= 3) || (x >= 5 && y >= 5) {
                return (left, right);
            }
            let to = Ty::new(if x.max(y) >= 5 { "double precision" } else { "numeric" });
            let left = if x >= 5 || x == y { left } else { self.coerce(left, &to) };
            let right = if y >= 5 { right } else { self.coerce(right, &to) };
            return (left, right);
        }
        if op == "||" && (is_text(a) || is_text(b)) {
            let text = Ty::new("text");
            let left = if is_text(a) { self.coerce(left, &text) } else { left };
            let right = if is_text(b) { self.coerce(right, &text) } else { right };
            return (left, right);
        }
        if matches!(op, "->" | "->>") && (b.is("text") || b.is("integer")) {
            return (left, right);
        }
        if op == "*" && a.is("interval") && rank(b).is_some() {
            let right = self.coerce(right, &Ty::new("double precision"));
            return (left, right);
        }
        if time_result(op, a, b).is_none() {
            self.unsure();
        }
        (left, right)
    }

    /// Prints `node` as it is stored; `implicit` casts at the top of a value are not shown.
    pub fn print(&mut self, node: &Node) -> String {
        match node {
            Node::Text(text, ty) => match ty {
                Some(ty) => constant(text, ty),
                None => constant(text, &Ty::new("text")),
            },
            Node::Number(text) => number(text),
            Node::Bool(value) => value.to_string(),
            Node::Null(Some(ty)) => format!("NULL::{}", ty.text()),
            Node::Null(None) => "NULL".to_owned(),
            Node::Column(path) => path.iter().map(|step| names::quoted(step)).collect::<Vec<_>>().join("."),
            Node::Value(word) => word.clone(),
            Node::Cast(of, ty) => self.cast(of, ty),
            Node::Unary(op, of) => {
                self.ty(of);
                format!("({op} {})", self.print(of))
            }
            Node::Binary(op, left, right) => {
                let (left, right) = self.operands(op, (**left).clone(), (**right).clone());
                format!("({} {op} {})", self.print(&left), self.print(&right))
            }
            Node::And(parts) => self.joined(parts, " AND "),
            Node::Or(parts) => self.joined(parts, " OR "),
            Node::Not(of) => format!("(NOT {})", self.boolean(of)),
            Node::Is(of, words) => {
                if !words.ends_with("NULL") {
                    return format!("({} IS {words})", self.boolean(of));
                }
                // A literal has no type here.
                if let Node::Text(text, None) = &**of {
                    return format!("({} IS {words})", literal(text));
                }
                self.ty(of);
                format!("({} IS {words})", self.print(of))
            }
            Node::Distinct(left, right, not) => {
                let (left, right) = self.operands("=", (**left).clone(), (**right).clone());
                let text = format!("({} IS DISTINCT FROM {})", self.print(&left), self.print(&right));
                if *not { format!("(NOT {text})") } else { text }
            }
            Node::Some(left, op, word, array) => self.some(left, op, word, array),
            Node::In(left, list, not) => self.in_list(left, list, *not),
            Node::Between(of, low, high, not) => {
                let (first, second) = if *not { ("<", ">") } else { (">=", "<=") };
                let one = |op: &str, of: &Node, to: &Node| {
                    Node::Binary(op.to_owned(), Box::new(of.clone()), Box::new(to.clone()))
                };
                let parts = vec![one(first, of, low), one(second, of, high)];
                self.print(&if *not { Node::Or(parts) } else { Node::And(parts) })
            }
            Node::Call(call) => self.call(call),
            Node::Special("NULLIF", args) if args.len() == 2 => {
                let (left, right) = self.operands("=", args[0].clone(), args[1].clone());
                format!("NULLIF({}, {})", self.print(&left), self.print(&right))
            }
            Node::Special(name, args) => {
                let common = self.common(args);
                let args: Vec<String> = args
                    .iter()
                    .map(|arg| {
                        let arg = match &common {
                            Some(ty) => self.coerce(arg.clone(), ty),
                            None => arg.clone(),
                        };
                        self.print(&arg)
                    })
                    .collect();
                format!("{name}({})", args.join(", "))
            }
            Node::Case(arg, arms, other) => self.case(node, arg.as_deref(), arms, other.as_deref()),
            Node::Array(items) => {
                let common = self.common(items);
                let items: Vec<String> = items
                    .iter()
                    .map(|item| {
                        let ty = common.clone().unwrap_or_else(|| Ty::new("text"));
                        let item = self.coerce(item.clone(), &ty);
                        self.print(&item)
                    })
                    .collect();
                format!("ARRAY[{}]", items.join(", "))
            }
            Node::Row(items) => {
                let items: Vec<String> = items.iter().map(|item| self.print(item)).collect();
                format!("ROW({})", items.join(", "))
            }
            Node::Subscript(of, indexes) => {
                let inner = self.print(of);
                let inner = if matches!(**of, Node::Column(_)) { inner } else { format!("({inner})") };
                let indexes: Vec<String> = indexes.iter().map(|index| self.print(index)).collect();
                format!("{inner}[{}]", indexes.join(":"))
            }
            Node::Field(of, name) => {
                self.unsure();
                format!("({}).{}", self.print(of), names::quoted(name))
            }
            Node::Collate(of, name) => format!("({} COLLATE {name})", self.print(of)),
            Node::Zone(of, zone) => {
                let zone = self.coerce((**zone).clone(), &Ty::new("text"));
                let (of, zone) = (self.print(of), self.print(&zone));
                if self.types.modern {
                    format!("({of} AT TIME ZONE {zone})")
                } else {
                    format!("timezone({zone}, {of})")
                }
            }
        }
    }

    fn joined(&mut self, parts: &[Node], between: &str) -> String {
        let parts: Vec<String> = parts.iter().map(|part| self.boolean(part)).collect();
        format!("({})", parts.join(between))
    }

    /// A condition.
    pub fn boolean(&mut self, node: &Node) -> String {
        let node = self.coerce(node.clone(), &Ty::new("boolean"));
        self.print(&node)
    }

    fn cast(&mut self, of: &Node, ty: &Ty) -> String {
        if let Some(base) = (self.types.base)(&ty.name).filter(|_| !ty.array)
            && matches!(of, Node::Text(_, None) | Node::Null(None))
        {
            let inner = self.cast(of, &base.bare());
            return format!("({inner})::{}", ty.text());
        }
        match of {
            Node::Text(text, None) => {
                let (text, sure) = canonical(text, ty);
                self.sure &= sure;
                return if ty.args.is_empty() {
                    constant(&text, ty)
                } else {
                    format!("{}::{}", literal(&text), ty.text())
                };
            }
            Node::Null(None) => return format!("NULL::{}", ty.text()),
            Node::Array(items) if ty.array => {
                if items.is_empty() {
                    return format!("ARRAY[]::{}", ty.text());
                }
                // Elements that have another type keep it, as the server prints `IN` of a varchar.
                let own = self.common(items);
                if own.is_none_or(|own| own.array_of() == ty.bare()) {
                    let coerced = self.coerce(of.clone(), &ty.bare());
                    return self.print(&coerced);
                }
                self.unstable = true;
            }
            _ => {}
        }
        let from = self.ty(of);
        let inner = self.print(of);
        match from {
            Some(from) if from == *ty || (from.bare() == *ty && ty.args.is_empty()) => inner,
            _ => format!("({inner})::{}", ty.text()),
        }
    }

    fn some(&mut self, left: &Node, op: &str, word: &str, array: &Node) -> String {
        let ty = self.ty(left);
        let pattern = op.contains('~');
        let element = match &ty {
            Some(ty) if !pattern => self.operator_type(ty),
            _ => Ty::new("text"),
        };
        let untyped = matches!(left, Node::Text(_, None) | Node::Null(None));
        let (left, ty) = match self.ty(array).filter(|array| untyped && array.array && !pattern) {
            Some(array) => {
                let left = self.coerce(left.clone(), &array.element());
                let ty = self.ty(&left);
                (left, ty)
            }
            None => (left.clone(), ty),
        };
        let left = &left;
        let element = match &ty {
            Some(ty) if !pattern => self.operator_type(ty),
            _ => element,
        };
        let array = match array {
            Node::Text(..) => self.coerce(array.clone(), &element.array_of()),
            Node::Array(items) => {
                // The elements agree among themselves first.
                let own = self.common(items);
                match own {
                    Some(own) => {
                        Node::Array(items.iter().map(|item| self.coerce(item.clone(), &own)).collect())
                    }
                    None => self.coerce(array.clone(), &element.array_of()),
                }
            }
            other => other.clone(),
        };
        let left = match &ty {
            Some(ty) => self.relabel(left.clone(), ty),
            None => left.clone(),
        };
        format!("({} {op} {word} ({}))", self.print(&left), self.print(&array))
    }

    /// `a IN (1, 2)` is `a = ANY (ARRAY[1, 2])` where all are constants of one type.
    ///
    /// Source: `transformAExprIn`.
    fn in_list(&mut self, left: &Node, list: &[Node], not: bool) -> String {
        let op = if not { "<>" } else { "=" };
        let constant = |node: &Node| !holds_column(node);
        let own: Vec<Node> = list.iter().filter(|node| constant(node)).cloned().collect();
        let others: Vec<Node> = list.iter().filter(|node| !constant(node)).cloned().collect();
        let binary = |to: &Node| Node::Binary(op.to_owned(), Box::new(left.clone()), Box::new(to.clone()));
        if own.len() < 2 {
            let parts: Vec<Node> = list.iter().map(binary).collect();
            return match &parts[..] {
                [one] => self.print(one),
                _ => self.print(&if not { Node::And(parts) } else { Node::Or(parts) }),
            };
        }
        if !others.is_empty() {
            self.unsure();
        }
        let mut all = vec![left.clone()];
        all.extend(own.iter().cloned());
        let common = self.common(&all).unwrap_or_else(|| Ty::new("text"));
        let word = if not { "ALL" } else { "ANY" };
        let left_ty = self.ty(left);
        let varying = common.is("character varying");
        let element = common.clone();
        let items: Vec<String> = own
            .iter()
            .map(|item| {
                let item = self.coerce(item.clone(), &element);
                self.print(&item)
            })
            .collect();
        let array = format!("ARRAY[{}]", items.join(", "));
        let array = if varying { format!("({array})::text[]") } else { array };
        let left = match &left_ty {
            Some(ty) if rank(ty).is_some_and(|own| rank(&common).is_some_and(|to| own < to && to > 3)) => {
                self.coerce(left.clone(), &common)
            }
            Some(ty) => self.relabel(left.clone(), ty),
            None => self.coerce(left.clone(), &self.operator_type(&element)),
        };
        format!("({} {op} {word} ({array}))", self.print(&left))
    }

    fn case(
        &mut self,
        node: &Node,
        arg: Option<&Node>,
        arms: &[(Node, Node)],
        other: Option<&Node>,
    ) -> String {
        let result = self.ty(node);
        let at = |indent: usize| format!("\n{}", " ".repeat(indent));
        let outer = self.indent;
        self.indent += 4;
        let mut out = format!("{}CASE", at(outer));
        if let Some(arg) = arg {
            out.push_str(&format!(" {}", self.print(arg)));
        }
        let to = |writer: &mut Self, node: &Node| {
            let node = match &result {
                Some(ty) => writer.coerce(node.clone(), ty),
                None => node.clone(),
            };
            writer.print(&node)
        };
        for (when, then) in arms {
            let condition = match arg {
                Some(arg) => {
                    let (_, right) = self.operands("=", arg.clone(), when.clone());
                    self.print(&right)
                }
                None => self.boolean(when),
            };
            let then = to(self, then);
            out.push_str(&format!("{}WHEN {condition} THEN {then}", at(outer + 4)));
        }
        match other {
            Some(other) => {
                let other = to(self, other);
                out.push_str(&format!("{}ELSE {other}", at(outer + 4)));
            }
            // The server writes the result no arm gives.
            None => {
                let ty = result.unwrap_or_else(|| Ty::new("text"));
                out.push_str(&format!("{}ELSE NULL::{}", at(outer + 4), ty.text()));
            }
        }
        self.indent = outer;
        out.push_str(&format!("{}END", at(outer)));
        out
    }

    fn call(&mut self, call: &Call) -> String {
        let known = functions::find(call);
        if known.is_none() {
            self.unsure();
        }
        let mut args: Vec<String> = Vec::new();
        for (at, arg) in call.args.iter().enumerate() {
            let wanted = known.and_then(|known| known.args.get(at).or(known.rest.as_ref()));
            let plain = arg;
            let arg = match wanted {
                Some(&functions::Arg::Ty("text")) => match self.ty(arg) {
                    Some(ty)
                        if ty.is_padded() && OF_PADDED.contains(&call.path[call.path.len() - 1].as_str()) =>
                    {
                        arg.clone()
                    }
                    Some(ty) if !is_text(&ty) && !ty.is("name") => {
                        // There may be another function of such a type.
                        let known =
                            ty.is("bytea") && OF_BYTES.contains(&call.path[call.path.len() - 1].as_str());
                        self.sure &= known;
                        arg.clone()
                    }
                    _ => self.coerce(arg.clone(), &Ty::new("text")),
                },
                Some(&functions::Arg::Ty(name)) => {
                    let to = of_text(name);
                    self.coerce(arg.clone(), &to)
                }
                Some(&functions::Arg::Number) => {
                    let ty = self.ty(arg);
                    match ty {
                        None => self.coerce(arg.clone(), &Ty::new("double precision")),
                        Some(_) => arg.clone(),
                    }
                }
                Some(&functions::Arg::Rounded) => match self.ty(arg) {
                    Some(ty) => match rounded(&ty, call.args.len()) {
                        Some(to) => self.coerce(arg.clone(), &to),
                        None => arg.clone(),
                    },
                    None if call.args.len() > 1 => self.coerce(arg.clone(), &Ty::new("numeric")),
                    None => self.coerce(arg.clone(), &Ty::new("double precision")),
                },
                Some(functions::Arg::Value) => match self.ty(arg) {
                    Some(ty) if is_string(&ty) => self.coerce(arg.clone(), &Ty::new("text")),
                    Some(ty) if rank(&ty).is_some() || ty.is_padded() || is_moment(&ty) => arg.clone(),
                    _ => {
                        self.unsure();
                        arg.clone()
                    }
                },
                Some(functions::Arg::Any) | None => arg.clone(),
            };
            let name = call.names.get(at).cloned().flatten();
            // In the forms of the standard a cast the server added is not shown.
            let added = matches!(&arg, Node::Cast(of, _) if **of == *plain);
            let standard = !matches!(call.form, Form::Plain | Form::Distinct);
            let hidden = self.types.modern && standard && added;
            let text = self.print(if hidden { plain } else { &arg });
            args.push(match name {
                Some(name) => format!("{} => {text}", names::quoted(&name)),
                None => text,
            });
        }
        let path = match &call.path[..] {
            [schema, rest @ ..] if schema == "pg_catalog" => rest,
            all => all,
        };
        let name = path.iter().map(|step| names::quoted(step)).collect::<Vec<_>>().join(".");
        if name == "similar_to_escape" && !self.types.similar {
            let escape = if args.len() < 2 { ", NULL::text" } else { "" };
            return format!("similar_escape({}{escape})", args.join(", "));
        }
        if call.star {
            return format!("{name}(*)");
        }
        match (call.form, &args[..]) {
            (Form::Extract, [_, of]) => {
                let field = match call.args.first() {
                    Some(Node::Text(field, _)) => field.clone(),
                    _ => String::new(),
                };
                if self.types.modern {
                    format!("EXTRACT({field} FROM {of})")
                } else {
                    format!("date_part('{field}'::text, {of})")
                }
            }
            (Form::Position, [of, what]) if self.types.modern => format!("POSITION(({what}) IN ({of}))"),
            (Form::Substring, [of, from]) if self.types.modern => format!("SUBSTRING({of} FROM {from})"),
            (Form::Substring, [of, from, len]) if self.types.modern => {
                format!("SUBSTRING({of} FROM {from} FOR {len})")
            }
            (Form::Trim(side), [of]) if self.types.modern => format!("TRIM({side} FROM {of})"),
            (Form::Trim(side), [of, what]) if self.types.modern => format!("TRIM({side} {what} FROM {of})"),
            (Form::Distinct, _) => format!("{name}(DISTINCT {})", args.join(", ")),
            (Form::Substring, _) => format!("\"substring\"({})", args.join(", ")),
            (Form::Position, _) => format!("\"position\"({})", args.join(", ")),
            _ => format!("{name}({})", args.join(", ")),
        }
    }
}

/// The type of an operator on points of time.
fn time_result(op: &str, a: &Ty, b: &Ty) -> Option<Ty> {
    if a.array || b.array {
        return None;
    }
    let is_time = |name: &str| name == "date" || name.starts_with("timestamp");
    let name = match (op, a.name.as_str(), b.name.as_str()) {
        ("<" | ">" | "=" | "<=" | ">=" | "<>", x, y) if is_time(x) && is_time(y) => "boolean",
        ("+" | "-", "date", "integer") => "date",
        ("-", "date", "date") => "integer",
        ("+" | "-", "date", "interval") => "timestamp without time zone",
        ("+" | "-", x, "interval") if x.starts_with("timestamp") || x == "interval" => return Some(a.bare()),
        ("+", "interval", y) if y.starts_with("timestamp") => return Some(b.bare()),
        ("-", x, y) if is_time(x) && is_time(y) => "interval",
        ("*" | "/", "interval", _) => "interval",
        _ => return None,
    };
    Some(Ty::new(name))
}

fn holds_column(node: &Node) -> bool {
    match node {
        Node::Column(_) | Node::Call(_) | Node::Case(..) | Node::Field(..) | Node::Subscript(..) => true,
        Node::Cast(of, _) | Node::Unary(_, of) | Node::Collate(of, _) => holds_column(of),
        Node::Binary(_, left, right) => holds_column(left) || holds_column(right),
        _ => false,
    }
}

fn number_type(text: &str) -> &'static str {
    if text.contains(['.', 'e', 'E']) {
        "numeric"
    } else if text.parse::<i32>().is_ok() {
        "integer"
    } else if text.parse::<i64>().is_ok() {
        "bigint"
    } else {
        "numeric"
    }
}

/// `1.5e3` as `1500`; `None` when it is none or longer than anyone would write.
fn plain_number(text: &str) -> Option<String> {
    let at = text.find(['e', 'E'])?;
    let (digits, power) = (text.get(..at)?, text.get(at + 1..)?.parse::<i32>().ok()?);
    let (sign, digits) = match digits.strip_prefix('-') {
        Some(digits) => ("-", digits),
        None => ("", digits),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    if power.abs() > 60 || !whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let mut digits = format!("{whole}{fraction}");
    let point = i32::try_from(whole.len()).ok()? + power;
    let point = if point <= 0 {
        digits = format!("{}{digits}", "0".repeat(usize::try_from(1 - point).ok()?));
        1
    } else {
        usize::try_from(point).ok()?
    };
    while digits.len() < point {
        digits.push('0');
    }
    let (whole, fraction) = digits.split_at(point);
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    Some(if fraction.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

/// A number as it is written in an expression.
fn number(text: &str) -> String {
    if let Some(plain) = plain_number(text) {
        let quoted = plain.starts_with('-') || !plain.contains('.');
        return if quoted { format!("'{plain}'::numeric") } else { plain };
    }
    match number_type(text) {
        "integer" if !text.starts_with('-') => text.trim_start_matches('0').to_owned().or_zero(),
        "numeric" if !text.starts_with('-') && text.contains('.') && !text.contains(['e', 'E']) => {
            if text.starts_with('.') { format!("0{text}") } else { text.to_owned() }
        }
        ty => format!("'{text}'::{ty}"),
    }
}

trait OrZero {
    fn or_zero(self) -> String;
}

impl OrZero for String {
    fn or_zero(self) -> String {
        if self.is_empty() { "0".to_owned() } else { self }
    }
}

/// The server writes a backslash as it is, never `E''`.
fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A constant of a type.
fn constant(text: &str, ty: &Ty) -> String {
    let plain = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    match ty.name.as_str() {
        _ if ty.array => format!("{}::{}", literal(text), ty.text()),
        "boolean" => text.to_owned(),
        "integer" if plain => text.to_owned(),
        "numeric" if text.contains('.') && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') => {
            text.to_owned()
        }
        _ => format!("{}::{}", literal(text), ty.text()),
    }
}

/// The text of a literal as its type prints it, and whether that is sure.
fn canonical(text: &str, ty: &Ty) -> (String, bool) {
    if ty.array {
        return array(text, ty);
    }
    match ty.name.as_str() {
        "boolean" => match text.trim().to_lowercase().as_str() {
            "t" | "true" | "yes" | "on" | "1" | "y" => ("true".to_owned(), true),
            "f" | "false" | "no" | "off" | "0" | "n" => ("false".to_owned(), true),
            _ => (text.to_owned(), false),
        },
        "text" | "character varying" | "name" => (text.to_owned(), true),
        "character" | "bpchar" => (text.to_owned(), !text.ends_with(' ') || ty.args.is_empty()),
        "bytea" => bytes(text),
        "double precision" | "real" => float(text),
        "smallint" | "integer" | "bigint" => match text.trim().parse::<i64>() {
            Ok(number) => (number.to_string(), true),
            Err(_) => (text.to_owned(), false),
        },
        "numeric" => (text.trim().to_owned(), ty.args.is_empty() && text.trim().parse::<f64>().is_ok()),
        "date" => {
            let digits = text.len() == 10
                && text
                    .bytes()
                    .enumerate()
                    .all(|(at, byte)| if at == 4 || at == 7 { byte == b'-' } else { byte.is_ascii_digit() });
            (text.to_owned(), digits)
        }
        "timestamp without time zone" => {
            let date = text.len() == 10 && canonical(text, &Ty::new("date")).1;
            if date { (format!("{text} 00:00:00"), true) } else { (text.to_owned(), text.len() == 19) }
        }
        "jsonb" => match super::json::canonical(text) {
            Some(text) => (text, true),
            None => (text.to_owned(), false),
        },
        "time without time zone" => clock(text),
        "timestamp with time zone" => {
            // Others depend on the zone of the session.
            let plain = text.strip_suffix("+00").is_some_and(|text| text.len() == 19);
            (text.to_owned(), plain)
        }
        "time with time zone" => (text.to_owned(), false),
        "json" | "xml" => (text.to_owned(), true),
        "uuid" => (text.to_lowercase(), text.len() == 36),
        "interval" => interval(text),
        "regclass" => (text.to_owned(), true),
        // The values of an enum are their text; of others who knows.
        _ => (text.to_owned(), true),
    }
}

/// `{ 1, 2 }` is `{1,2}`; elements in quotes are left to the server.
fn array(text: &str, ty: &Ty) -> (String, bool) {
    let Some(inner) = text.trim().strip_prefix('{').and_then(|text| text.strip_suffix('}')) else {
        return (text.to_owned(), false);
    };
    if inner.contains(['"', '\\', '{', '}']) {
        return (text.to_owned(), false);
    }
    if inner.trim().is_empty() {
        return ("{}".to_owned(), true);
    }
    let element = ty.element();
    let (mut items, mut sure) = (Vec::new(), true);
    for item in inner.split(',') {
        let (item, known) = canonical(item.trim(), &element);
        let plain = item
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b'@'));
        sure &= known && plain && !item.is_empty();
        items.push(if item.eq_ignore_ascii_case("null") { "NULL".to_owned() } else { item });
    }
    (format!("{{{}}}", items.join(",")), sure)
}

/// Bytes in hexadecimal digits.
fn bytes(text: &str) -> (String, bool) {
    if let Some(digits) = text.strip_prefix("\\x") {
        let hex = digits.bytes().all(|byte| byte.is_ascii_hexdigit()) && digits.len() % 2 == 0;
        return (text.to_lowercase(), hex);
    }
    if text.contains('\\') {
        return (text.to_owned(), false);
    }
    let digits: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    (format!("\\x{digits}"), true)
}

/// A float without zeros at its end; those with a power are left to the server.
fn float(text: &str) -> (String, bool) {
    let text = text.trim();
    let plain = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) || whole.len() + fraction.len() > 15 {
        return (text.to_owned(), false);
    }
    let sign = if text.starts_with('-') { "-" } else { "" };
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    (format!("{sign}{whole}{point}{fraction}"), true)
}

/// `10:00` is `10:00:00`.
fn clock(text: &str) -> (String, bool) {
    let parts: Vec<&str> = text.split(':').collect();
    let two = |part: &&str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    match parts.len() {
        2 if parts.iter().all(two) => (format!("{text}:00"), true),
        3 if parts.iter().all(two) => (text.to_owned(), true),
        _ => (text.to_owned(), false),
    }
}

/// `1 day` stays, `24 hours` is `24:00:00`.
fn interval(text: &str) -> (String, bool) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [number, unit] = words[..] else { return (text.to_owned(), text.len() == 8 && text.contains(':')) };
    let Ok(count) = number.parse::<i64>() else { return (text.to_owned(), false) };
    let one = |unit: &str, plural: &str| {
        let word = if count == 1 { unit } else { plural };
        (format!("{count} {word}"), count >= 0)
    };
    let clock = |seconds: i64| {
        (format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60), count >= 0)
    };
    match unit.to_lowercase().trim_end_matches('s') {
        "day" => one("day", "days"),
        "month" | "mon" if count.abs() < 12 => one("mon", "mons"),
        "year" => one("year", "years"),
        "week" => {
            let days = count * 7;
            (format!("{days} days"), count > 0)
        }
        "hour" => clock(count * 3600),
        "minute" | "min" => clock(count * 60),
        "second" | "sec" => clock(count),
        _ => (text.to_owned(), false),
    }
}
