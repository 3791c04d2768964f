//! Which casts the server adds: to literals, to both sides of an operator, to values that need one type.
//!
//! Source: PostgreSQL 15, `parse_coerce.c`, `parse_oper.c`.

use super::super::literal::canonical;
use super::super::node::{Node, Ty};
use super::Writer;
use super::types::{is_text, power, rank, time_result};

/// A type that `||` has an operator of its own for.
fn is_joined(ty: &Ty) -> bool {
    ty.array || matches!(ty.name.as_str(), "jsonb" | "bytea" | "tsvector" | "bit" | "bit varying")
}

/// What a literal beside a value of type `ty` is, where that is another type.
fn other_side(op: &str, ty: &Ty) -> Option<Ty> {
    match op {
        // A time moves by a span of time; between two of them a literal is of the same type.
        "+" if ty.name.starts_with("timestamp") => Some(Ty::new("interval")),
        _ => None,
    }
}

impl Writer<'_> {
    /// `node` where a value of type `to` is needed, with the cast that takes.
    pub fn coerce(&mut self, node: Node, to: &Ty) -> Node {
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
    pub fn operands(&mut self, op: &str, left: Node, right: Node) -> (Node, Node) {
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
    pub(super) fn operator_type(&self, ty: &Ty) -> Ty {
        if ty.is("character varying") {
            Ty::new("text")
        } else if ty.array && ty.name == "character varying" {
            Ty::new("text").array_of()
        } else {
            ty.bare()
        }
    }

    /// A value of type `ty` for an operator on [`Self::operator_type`].
    pub(super) fn relabel(&mut self, node: Node, ty: &Ty) -> Node {
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
}
