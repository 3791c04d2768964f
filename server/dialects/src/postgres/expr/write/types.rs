//! The types of expressions, as far as the text and the columns tell them.
//!
//! Source: PostgreSQL 15, `parse_coerce.c` (`select_common_type`), `parse_oper.c`.

use super::super::functions;
use super::super::literal::number_type;
use super::super::node::{Form, Node, Ty};
use super::super::parse::of_text;
use super::Writer;

/// A type whose values are text to operators.
pub fn is_string(ty: &Ty) -> bool {
    !ty.array && matches!(ty.name.as_str(), "text" | "character varying")
}

/// A type whose values are text, those of a fixed length too.
pub(super) fn is_text(ty: &Ty) -> bool {
    is_string(ty) || ty.is_padded()
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
pub(super) fn power(a: &Ty, b: &Ty) -> Ty {
    let (a, b) = (rank(a).unwrap_or(0), rank(b).unwrap_or(0));
    Ty::new(if a.max(b) == 4 { "numeric" } else { "double precision" })
}

/// What an integer is before it is rounded; there is no such function of integers.
pub(super) fn rounded(ty: &Ty, args: usize) -> Option<Ty> {
    let to = if args > 1 { "numeric" } else { "double precision" };
    rank(ty).is_some_and(|rank| rank <= 3).then(|| Ty::new(to))
}

pub fn is_moment(ty: &Ty) -> bool {
    !ty.array && (ty.is("date") || ty.is("interval") || ty.name.starts_with("time"))
}

pub fn rank(ty: &Ty) -> Option<u8> {
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
    /// The type of `node`; `None` for a literal that takes any.
    pub fn ty(&mut self, node: &Node) -> Option<Ty> {
        match node {
            Node::Text(_, ty) | Node::Null(ty) => ty.clone(),
            Node::Number(text) => Some(Ty::new(number_type(text))),
            Node::Bool(_)
            | Node::And(_)
            | Node::Or(_)
            | Node::Not(_)
            | Node::Group(_)
            | Node::Is(..)
            | Node::Distinct(..)
            | Node::Some(..)
            | Node::In(..)
            | Node::Exists(_)
            | Node::Among(..)
            | Node::Between(..) => Some(Ty::new("boolean")),
            Node::Known(_, found) => {
                if found.is_none() {
                    self.unsure();
                }
                found.clone()
            }
            Node::Query(query) => self.of_query(query),
            Node::Elements(query) => self.of_query(query).map(|ty| ty.array_of()),
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
                        functions::Result::ArrayOf(at) | functions::Result::ElementOf(at) => {
                            let of = call.args.get(at).and_then(|arg| self.ty(arg)).map(|ty| ty.bare());
                            let many = matches!(known.result, functions::Result::ArrayOf(_));
                            match of {
                                Some(of) if many && !of.array => Some(of.array_of()),
                                Some(of) if !many && of.array => Some(of.element()),
                                _ => {
                                    self.unsure();
                                    None
                                }
                            }
                        }
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
    pub fn common(&mut self, nodes: &[Node]) -> Option<Ty> {
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
}

/// The type of an operator on points of time.
pub(super) fn time_result(op: &str, a: &Ty, b: &Ty) -> Option<Ty> {
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
