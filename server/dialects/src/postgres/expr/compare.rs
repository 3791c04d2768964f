//! Expressions without what the server adds by itself, for telling whether two are the same.

use super::node::{Call, Node};

/// `node` without casts of literals, and of columns to the types operators work with; in the words the server uses.
pub fn bare(node: &Node) -> Node {
    let one = |node: &Node| Box::new(bare(node));
    let all = |nodes: &[Node]| nodes.iter().map(bare).collect::<Vec<_>>();
    match node {
        Node::Text(text, _) => Node::Text(text.clone(), None),
        Node::Null(_) => Node::Null(None),
        Node::Number(text) => Node::Text(text.clone(), None),
        Node::Bool(value) => Node::Text(value.to_string(), None),
        Node::Cast(of, ty) => {
            let inner = bare(of);
            let implied = ["text", "numeric", "double precision", "bpchar"];
            let literal = matches!(inner, Node::Text(..) | Node::Null(_));
            let column = matches!(inner, Node::Column(_)) && implied.iter().any(|name| ty.name == *name);
            let array = matches!(inner, Node::Array(_)) && ty.array;
            if (literal && ty.args.is_empty()) || column || array {
                inner
            } else {
                Node::Cast(Box::new(inner), ty.clone())
            }
        }
        Node::Unary(op, of) => Node::Unary(op.clone(), one(of)),
        Node::Binary(op, left, right) => Node::Binary(op.clone(), one(left), one(right)),
        Node::And(parts) => Node::And(flat(parts, true)),
        Node::Or(parts) => Node::Or(flat(parts, false)),
        Node::Not(of) => match bare(of) {
            Node::Distinct(left, right, not) => Node::Distinct(left, right, !not),
            of => Node::Not(Box::new(of)),
        },
        Node::Group(of) => bare(of),
        Node::Is(of, words) => Node::Is(one(of), words.clone()),
        Node::Distinct(left, right, not) => Node::Distinct(one(left), one(right), *not),
        Node::Some(left, op, word, array) => Node::Some(one(left), op.clone(), word, one(array)),
        Node::In(left, list, not) => {
            let op = if *not { "<>" } else { "=" };
            match &list[..] {
                [only] => Node::Binary(op.to_owned(), one(left), one(only)),
                _ => {
                    let word = if *not { "ALL" } else { "ANY" };
                    Node::Some(one(left), op.to_owned(), word, Box::new(Node::Array(all(list))))
                }
            }
        }
        Node::Between(of, low, high, not) => {
            let (first, second) = if *not { ("<", ">") } else { (">=", "<=") };
            let parts = vec![
                Node::Binary(first.to_owned(), one(of), one(low)),
                Node::Binary(second.to_owned(), one(of), one(high)),
            ];
            if *not { Node::Or(parts) } else { Node::And(parts) }
        }
        Node::Call(call) => {
            let path = match &call.path[..] {
                [schema, name] if schema == "pg_catalog" => vec![name.clone()],
                path => path.to_vec(),
            };
            Node::Call(Call { path, args: all(&call.args), ..call.clone() })
        }
        Node::Special(name, args) => Node::Special(name, all(args)),
        Node::Case(arg, arms, other) => {
            let other = match other.as_deref().map(bare) {
                Some(Node::Null(_)) | None => None,
                Some(other) => Some(Box::new(other)),
            };
            let arms = arms.iter().map(|(when, then)| (bare(when), bare(then))).collect();
            Node::Case(arg.as_deref().map(one), arms, other)
        }
        Node::Array(items) => Node::Array(all(items)),
        Node::Row(items) => Node::Row(all(items)),
        Node::Subscript(of, indexes) => Node::Subscript(one(of), all(indexes)),
        Node::Field(of, name) => Node::Field(one(of), name.clone()),
        Node::Collate(of, name) => Node::Collate(one(of), name.clone()),
        Node::Zone(of, zone) => Node::Zone(one(of), one(zone)),
        Node::Column(path) => Node::Column(path.clone()),
        // What only queries have is not looked into.
        Node::Known(..) | Node::Query(_) | Node::Elements(_) | Node::Exists(_) | Node::Among(..) => {
            node.clone()
        }
        Node::Value(word) => Node::Value(word.clone()),
    }
}

/// Conditions in conditions of the same kind as one list.
fn flat(parts: &[Node], and: bool) -> Vec<Node> {
    let mut out = Vec::new();
    for part in parts {
        match bare(part) {
            Node::And(inner) if and => out.extend(inner),
            Node::Or(inner) if !and => out.extend(inner),
            other => out.push(other),
        }
    }
    out
}
