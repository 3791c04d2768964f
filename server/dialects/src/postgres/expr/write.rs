//! Gives an expression the types the server finds, and prints it as `pg_get_expr` does.
//!
//! The server keeps the tree its parser made, with every cast it had to add, and prints it with parentheses around each
//! operator. Where the types do not tell which cast that is, the result is marked as not sure.
//!
//! Source: PostgreSQL 15, `ruleutils.c` (`get_rule_expr`, `get_const_expr`, `get_coercion_expr`), `parse_coerce.c`,
//! `parse_oper.c`.

mod casts;
pub(super) mod types;

use self::types::{is_moment, is_string, is_text, rank, rounded};
use super::Types;
use super::functions;
use super::literal::{canonical, constant, literal, number};
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
    /// PostgreSQL 12 and later, where a query says whether those of `WITH` are kept apart.
    pub materialized: bool,
}

/// Functions of text that exist for text of a fixed length too.
const OF_PADDED: &[&str] = &["char_length", "character_length", "length", "octet_length"];

/// Functions of text that exist for bytes too.
const OF_BYTES: &[&str] = &["length", "md5", "octet_length", "substr", "substring"];

impl Writer<'_> {
    pub(super) fn unsure(&mut self) {
        self.sure = false;
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
            Node::Column(path) | Node::Known(path, _) => {
                path.iter().map(|step| names::quoted(step)).collect::<Vec<_>>().join(".")
            }
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
            Node::Group(of) => self.print(of),
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
                let inner = if matches!(**of, Node::Column(_) | Node::Known(..)) {
                    inner
                } else {
                    format!("({inner})")
                };
                let indexes: Vec<String> = indexes.iter().map(|index| self.print(index)).collect();
                format!("{inner}[{}]", indexes.join(":"))
            }
            Node::Field(of, name) => {
                self.unsure();
                format!("({}).{}", self.print(of), names::quoted(name))
            }
            Node::Collate(of, name) => format!("({} COLLATE {name})", self.print(of)),
            Node::Query(query) => format!("({})", self.query(query, self.indent, None, false)),
            Node::Elements(query) => format!("ARRAY({})", self.query(query, self.indent, None, false)),
            Node::Exists(query) => format!("(EXISTS ({}))", self.query(query, self.indent, None, false)),
            Node::Among(left, op, word, query) => self.among(left, op, word, query),
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
        let at = |indent: usize| line(indent, 0);
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
                // What takes values of all types leaves a literal without one.
                Some(functions::Arg::Any) if known.is_some_and(|known| at >= known.args.len()) => match arg {
                    Node::Text(text, None) => Node::Text(text.clone(), Some(Ty::new("unknown"))),
                    arg => arg.clone(),
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
        if let Some(more) = &call.more {
            let args = if call.star { "*".to_owned() } else { args.join(", ") };
            let distinct = if call.form == Form::Distinct { "DISTINCT " } else { "" };
            return self.aggregate(&format!("{name}({distinct}{args}"), more);
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

/// The beginning of a new line at a level, with more spaces behind. Deep levels are set closer, as the server does.
///
/// Source: `appendContextKeyword`.
pub(super) fn line(level: usize, more: usize) -> String {
    const LIMIT: usize = 40;
    let spaces = if level < LIMIT { level } else { (LIMIT + (level - LIMIT) / 4) % LIMIT };
    format!("\n{}", " ".repeat(spaces + more))
}

fn holds_column(node: &Node) -> bool {
    match node {
        Node::Column(_)
        | Node::Known(..)
        | Node::Query(_)
        | Node::Call(_)
        | Node::Case(..)
        | Node::Field(..)
        | Node::Subscript(..) => true,
        Node::Cast(of, _) | Node::Unary(_, of) | Node::Collate(of, _) => holds_column(of),
        Node::Binary(_, left, right) => holds_column(left) || holds_column(right),
        _ => false,
    }
}
