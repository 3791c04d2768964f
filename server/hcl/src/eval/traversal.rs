//! Names and the steps that follow them: attributes, indices, splats.

use smol_str::SmolStr;
use syntax::hcl::ast::{AstNode, Expr, Literal, LiteralKind, Step as AstStep, StepKind, Traversal, Variable};
use text::TextRange;

use super::Evaluator;
use crate::diagnostic::code;
use crate::scope::{Found, Scope};
use crate::suggest::suggest;
use crate::value::{Number, Step, Type, TypeCall, Unknown, Value, convert};

/// One step, with `.0.1` taken apart.
#[derive(Clone)]
pub(crate) struct Op {
    pub range: TextRange,
    pub kind: OpKind,
}

#[derive(Clone)]
pub(crate) enum OpKind {
    /// `.name`
    Attr(SmolStr),
    /// `.0`
    LegacyIndex(Number),
    /// `["key"]` or `[0]`
    Key(Value),
    /// `[expr]`
    Index(Expr),
    AttrSplat,
    FullSplat,
    /// Not typed yet.
    Missing,
}

impl OpKind {
    /// The step, when it does not depend on a value.
    pub fn fixed(&self) -> Option<Step> {
        match self {
            OpKind::Attr(name) => Some(Step::Name(name.clone())),
            OpKind::LegacyIndex(number) => number.to_usize().map(|at| Step::Index(at as u64)),
            OpKind::Key(Value::String(name)) => Some(Step::Name(name.clone())),
            OpKind::Key(Value::Number(number)) => number.to_usize().map(|at| Step::Index(at as u64)),
            _ => None,
        }
    }
}

/// The steps of a traversal, in order.
pub(crate) fn ops(steps: impl Iterator<Item = AstStep>) -> Vec<Op> {
    let mut out = Vec::new();
    for step in steps {
        let range = step.range();
        let mut push = |kind| out.push(Op { range, kind });
        match step.kind() {
            StepKind::Attr(Some(name)) => push(OpKind::Attr(name.text().into())),
            StepKind::Attr(None) | StepKind::Index(None) => push(OpKind::Missing),
            StepKind::LegacyIndex(digits) => {
                for digits in digits {
                    push(Number::parse(&digits).map_or(OpKind::Missing, OpKind::LegacyIndex));
                }
            }
            StepKind::Index(Some(expr)) => push(match literal_key(&expr) {
                Some(key) => OpKind::Key(key),
                None => OpKind::Index(expr),
            }),
            StepKind::AttrSplat => push(OpKind::AttrSplat),
            StepKind::FullSplat => push(OpKind::FullSplat),
        }
    }
    out
}

/// The key, when it is a plain string or a number.
fn literal_key(expr: &Expr) -> Option<Value> {
    if let Some(text) = expr.as_plain_string() {
        return Some(Value::from(text));
    }
    match expr {
        Expr::Literal(literal) => literal_number(literal).map(Value::Number),
        _ => None,
    }
}

fn literal_number(literal: &Literal) -> Option<Number> {
    match literal.kind()? {
        LiteralKind::Number(digits) => Number::parse(&digits),
        _ => None,
    }
}

impl Evaluator {
    pub(super) fn variable(&mut self, variable: &Variable, scope: &dyn Scope) -> Value {
        self.name(variable, &[], scope).0
    }

    pub(super) fn traversal(&mut self, traversal: &Traversal, scope: &dyn Scope) -> Value {
        let ops = ops(traversal.steps());
        match traversal.root() {
            Some(Expr::Variable(variable)) => {
                let (value, used) = self.name(&variable, &ops, scope);
                self.steps(value, ops.get(used..).unwrap_or_default(), scope)
            }
            Some(root) => {
                let value = self.expr(&root, scope);
                self.steps(value, &ops, scope)
            }
            None => Value::lost(),
        }
    }

    /// The value of a name with the steps the scope takes, and how many it took.
    fn name(&mut self, variable: &Variable, ops: &[Op], scope: &dyn Scope) -> (Value, usize) {
        let Some(ident) = variable.name() else { return (Value::lost(), ops.len()) };
        let name = ident.text();
        if ops.is_empty() && scope.is_type(name) {
            return (Value::Type(TypeCall { name: name.into(), args: Vec::new() }), 0);
        }
        let steps: Vec<Step> = ops.iter().map_while(|op| op.kind.fixed()).collect();
        match scope.lookup(name, &steps) {
            Found::Value { value, used } => (value, used.min(ops.len())),
            Found::Missing => (self.missing(name, ident.range(), scope), ops.len()),
            Found::Mistake { at, code, summary, detail } => {
                let range = at.and_then(|at| ops.get(at)).map_or(ident.range(), |op| op.range);
                (self.mistake(range, code, summary, detail), ops.len())
            }
        }
    }

    fn missing(&mut self, name: &str, range: TextRange, scope: &dyn Scope) -> Value {
        let (summary, noun) = match scope.missing_noun() {
            Some((subject, noun)) => (format!("Unknown {subject}"), noun),
            None => ("Unknown variable".to_owned(), "variable".to_owned()),
        };
        let mut detail = format!("There is no {noun} named {name:?}.");
        let names = scope.names();
        if let Some(near) = suggest(name, names.iter().map(SmolStr::as_str)) {
            detail.push_str(&format!(" Did you mean {near:?}?"));
        }
        self.mistake(range, code::UNKNOWN_VARIABLE, summary, detail)
    }

    fn steps(&mut self, value: Value, ops: &[Op], scope: &dyn Scope) -> Value {
        let mut value = value;
        let mut at = 0;
        while let Some(op) = ops.get(at) {
            at += 1;
            value = match &op.kind {
                OpKind::Missing => return Value::lost(),
                OpKind::Attr(name) => self.attribute(&value, name, op.range),
                OpKind::LegacyIndex(number) => self.index(&value, &Value::Number(number.clone()), op.range),
                OpKind::Key(key) => self.index(&value, key, op.range),
                OpKind::Index(expr) => {
                    let key = self.expr(expr, scope);
                    self.index(&value, &key, op.range)
                }
                OpKind::AttrSplat => {
                    let rest = ops.get(at..).unwrap_or_default();
                    let each = rest
                        .iter()
                        .take_while(|op| matches!(op.kind, OpKind::Attr(_) | OpKind::LegacyIndex(_)));
                    let count = each.count();
                    at += count;
                    self.splat(&value, rest.get(..count).unwrap_or_default(), scope)
                }
                OpKind::FullSplat => {
                    return self.splat(&value, ops.get(at..).unwrap_or_default(), scope);
                }
            };
        }
        value
    }

    /// The steps applied to each element; a single value counts as one element, null as none.
    fn splat(&mut self, value: &Value, ops: &[Op], scope: &dyn Scope) -> Value {
        let single = [value.clone()];
        let items = match value {
            Value::Unknown(unknown) => return Value::Unknown(unknown.clone()),
            Value::Null => return Value::tuple(Vec::new()),
            _ => value.elements().unwrap_or(&single),
        };
        let before = self.diagnostics.len();
        let mut out = Vec::with_capacity(items.len());
        for item in items {
            out.push(self.steps(item.clone(), ops, scope));
            if self.diagnostics.len() > before {
                return Value::lost();
            }
        }
        Value::tuple(out)
    }

    pub(super) fn attribute(&mut self, value: &Value, name: &str, range: TextRange) -> Value {
        match value {
            Value::Unknown(_) => value.clone(),
            Value::Object(entries) => match entries.get(name) {
                Some(value) => value.clone(),
                None => {
                    self.unsupported(range, format!("This object does not have an attribute named {name:?}."))
                }
            },
            Value::Map(map) => match map.entries.get(name) {
                Some(value) => value.clone(),
                None => self.mistake(
                    range,
                    code::UNSUPPORTED_ATTRIBUTE,
                    "Missing map element",
                    format!("This map does not have an element with the key {name:?}."),
                ),
            },
            Value::Reference(reference) => match (reference.attributes.get(name), name, reference.name()) {
                (Some(value), _, _) => value.clone(),
                (None, "name", Some(own)) => Value::from(own),
                _ => {
                    self.unsupported(range, format!("This object does not have an attribute named {name:?}."))
                }
            },
            Value::Null => self.mistake(
                range,
                code::UNSUPPORTED_ATTRIBUTE,
                "Attempt to get attribute from null value",
                "This value is null, so it does not have any attributes.",
            ),
            Value::List(_) | Value::Set(_) | Value::Tuple(_) => {
                let objects = value.elements().into_iter().flatten().all(|item| item.entries().is_some());
                let detail = match value {
                    Value::List(_) if objects => {
                        "Can't access attributes on a list of objects. Did you mean to access an attribute for a \
                         specific element of the list, or across all elements of the list?"
                    }
                    Value::Set(_) if objects => {
                        "Can't access attributes on a set of objects. Did you mean to access an attribute across all \
                         elements of the set?"
                    }
                    _ => "This value does not have any attributes.",
                };
                self.unsupported(range, detail.to_owned())
            }
            _ => {
                let ty = value.ty();
                let detail = if ty.is_primitive() {
                    format!("Can't access attributes on a primitive-typed value ({}).", ty.friendly())
                } else {
                    "This value does not have any attributes.".to_owned()
                };
                self.unsupported(range, detail)
            }
        }
    }

    fn unsupported(&mut self, range: TextRange, detail: String) -> Value {
        self.mistake(range, code::UNSUPPORTED_ATTRIBUTE, "Unsupported attribute", detail)
    }

    pub(super) fn index(&mut self, value: &Value, key: &Value, range: TextRange) -> Value {
        match (value, key) {
            (Value::Unknown(a), Value::Unknown(b)) => return Value::Unknown(a.clone().and(b)),
            (Value::Unknown(unknown), _) | (_, Value::Unknown(unknown)) => {
                return Value::Unknown(Unknown::clone(unknown));
            }
            (Value::Null, _) => {
                return self.mistake(
                    range,
                    code::UNSUPPORTED_ATTRIBUTE,
                    "Attempt to index null value",
                    "This value is null, so it does not have any indices.",
                );
            }
            (_, Value::Null) => {
                return self.bad_index(range, "Can't use a null value as an indexing key.".into());
            }
            _ => {}
        }
        const ABSENT: &str = "The given key does not identify an element in this collection value";
        match value {
            Value::List(_) | Value::Tuple(_) => {
                let items = value.elements().unwrap_or_default();
                let number = match convert(key, &Type::Number) {
                    Ok(Value::Number(number)) => number,
                    Ok(_) => return Value::lost(),
                    Err(error) => return self.bad_index(range, format!("{ABSENT}: {error}.")),
                };
                if let Some(item) = number.to_usize().and_then(|at| items.get(at)) {
                    return item.clone();
                }
                let why = if !number.is_whole() {
                    format!("indexing a sequence requires a whole number, but the given index ({number}) has a fractional part")
                } else if number.is_negative() {
                    "a negative number is not a valid index for a sequence".into()
                } else if items.is_empty() {
                    "the collection has no elements".into()
                } else {
                    "the given index is greater than or equal to the length of the collection".into()
                };
                self.bad_index(range, format!("{ABSENT}: {why}."))
            }
            Value::Map(_) | Value::Object(_) => match convert(key, &Type::String) {
                Ok(Value::String(key)) => match value.get(&key) {
                    Some(item) => item.clone(),
                    None => self.bad_index(range, format!("{ABSENT}.")),
                },
                Ok(_) => Value::lost(),
                Err(error) => self.bad_index(range, format!("{ABSENT}: {error}.")),
            },
            Value::Set(_) => self.bad_index(
                range,
                "Elements of a set are identified only by their value and don't have any separate index or key to \
                 select with, so it's only possible to perform operations across all elements of the set."
                    .into(),
            ),
            Value::Reference(_) => match key {
                Value::String(name) => self.attribute(value, name, range),
                _ => self.bad_index(range, "This value does not have any indices.".into()),
            },
            _ => self.bad_index(range, "This value does not have any indices.".into()),
        }
    }

    fn bad_index(&mut self, range: TextRange, detail: String) -> Value {
        self.mistake(range, code::UNSUPPORTED_ATTRIBUTE, "Invalid index", detail)
    }
}
