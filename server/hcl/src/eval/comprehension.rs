//! `for` expressions, and the scope of the names they declare.

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;
use syntax::hcl::ast::{AstNode, Expr, ForObject, ForTuple, Ident};
use text::TextRange;

use super::Evaluator;
use crate::diagnostic::code;
use crate::function::Function;
use crate::scope::{FactRequest, Found, Scope};
use crate::value::{Step, Type, Unknown, Value, convert};

/// A scope with the names of a `for` in front.
pub(super) struct Loop<'a> {
    pub outer: &'a dyn Scope,
    pub names: Vec<(SmolStr, Value)>,
}

impl Scope for Loop<'_> {
    fn lookup(&self, root: &str, steps: &[Step]) -> Found {
        match self.names.iter().find(|(name, _)| name == root) {
            Some((_, value)) => Found::root(value.clone()),
            None => self.outer.lookup(root, steps),
        }
    }

    fn names(&self) -> Vec<SmolStr> {
        let mut names: Vec<SmolStr> = self.names.iter().map(|(name, _)| name.clone()).collect();
        names.extend(self.outer.names());
        names
    }

    fn function(&self, name: &str) -> Option<&'static Function> {
        self.outer.function(name)
    }

    fn function_names(&self) -> Vec<&'static str> {
        self.outer.function_names()
    }

    fn is_type(&self, name: &str) -> bool {
        !self.names.iter().any(|(own, _)| own == name) && self.outer.is_type(name)
    }

    fn fact(&self, request: &FactRequest) -> Option<Result<Value, String>> {
        self.outer.fact(request)
    }

    fn missing_noun(&self) -> Option<(String, String)> {
        self.outer.missing_noun()
    }

    fn print(&self, line: &str) {
        self.outer.print(line);
    }
}

/// Keys and values of anything that can be iterated.
pub(crate) fn pairs(value: &Value) -> Option<Vec<(Value, Value)>> {
    Some(match value {
        Value::Set(set) => set.items().iter().map(|item| (item.clone(), item.clone())).collect(),
        Value::List(_) | Value::Tuple(_) => {
            let items = value.elements()?.iter().enumerate();
            items.map(|(at, item)| (Value::int(at as i64), item.clone())).collect()
        }
        Value::Map(_) | Value::Object(_) => {
            value.entries()?.iter().map(|(key, item)| (Value::String(key.clone()), item.clone())).collect()
        }
        _ => return None,
    })
}

/// What one turn of a loop is to do.
enum Turn {
    Keep,
    Skip,
    Unknown(Unknown),
}

impl Evaluator {
    pub(super) fn for_tuple(&mut self, comprehension: &ForTuple, scope: &dyn Scope) -> Value {
        let (Some(collection), Some(value)) = (comprehension.collection(), comprehension.value()) else {
            return Value::lost();
        };
        let pairs = match self.iterate(&collection, scope) {
            Ok(pairs) => pairs,
            Err(unknown) => return Value::Unknown(unknown),
        };
        let (names, condition) = (comprehension.names(), comprehension.condition());
        let mut items = Vec::with_capacity(pairs.len());
        let mut missing: Option<Unknown> = None;
        for pair in pairs {
            let scope = bind(&names, pair, scope);
            match self.turn(condition.as_ref(), &scope) {
                Turn::Keep => items.push(self.expr(&value, &scope)),
                Turn::Skip => {}
                Turn::Unknown(unknown) => missing = Some(missing.unwrap_or_default().and(&unknown)),
            }
            // The same mistake in every turn is one mistake.
            if !self.diagnostics.is_empty()
                && matches!(items.last(), Some(Value::Unknown(it)) if it.because.is_empty())
            {
                return Value::lost();
            }
        }
        missing.map_or_else(|| Value::tuple(items), Value::Unknown)
    }

    pub(super) fn for_object(&mut self, comprehension: &ForObject, scope: &dyn Scope) -> Value {
        let (Some(collection), Some(key_expr), Some(value_expr)) =
            (comprehension.collection(), comprehension.key(), comprehension.value())
        else {
            return Value::lost();
        };
        let pairs = match self.iterate(&collection, scope) {
            Ok(pairs) => pairs,
            Err(unknown) => return Value::Unknown(unknown),
        };
        let (names, condition) = (comprehension.names(), comprehension.condition());
        let groups = comprehension.ellipsis().is_some();
        let mut entries: BTreeMap<SmolStr, Vec<Value>> = BTreeMap::new();
        let mut missing: Option<Unknown> = None;
        for pair in pairs {
            let scope = bind(&names, pair, scope);
            match self.turn(condition.as_ref(), &scope) {
                Turn::Keep => {}
                Turn::Skip => continue,
                Turn::Unknown(unknown) => {
                    missing = Some(missing.unwrap_or_default().and(&unknown));
                    continue;
                }
            }
            let before = self.diagnostics.len();
            let key = self.expr(&key_expr, &scope);
            let key = match self.object_key(&key, key_expr.range()) {
                Ok(key) => key,
                Err(unknown) if self.diagnostics.len() > before => return Value::Unknown(unknown),
                Err(unknown) => {
                    missing = Some(missing.unwrap_or_default().and(&unknown));
                    continue;
                }
            };
            let value = self.expr(&value_expr, &scope);
            if self.diagnostics.len() > before {
                return Value::lost();
            }
            let values = entries.entry(key.clone()).or_default();
            if !values.is_empty() && !groups {
                return self.mistake(
                    key_expr.range(),
                    code::INVALID_EXPRESSION,
                    "Duplicate object key",
                    format!(
                        "Two different items produced the key {key:?} in this 'for' expression. If duplicates are \
                         expected, use the ellipsis (...) after the value expression to enable grouping by key."
                    ),
                );
            }
            values.push(value);
        }
        if let Some(unknown) = missing {
            return Value::Unknown(unknown);
        }
        let settled = entries.into_iter().map(|(key, mut values)| {
            let value = if groups { Value::tuple(values) } else { values.pop().unwrap_or(Value::Null) };
            (key, value)
        });
        Value::Object(Arc::new(settled.collect()))
    }

    fn object_key(&mut self, key: &Value, range: TextRange) -> Result<SmolStr, Unknown> {
        match convert(key, &Type::String) {
            Ok(Value::String(key)) => Ok(key),
            Ok(Value::Unknown(unknown)) => Err(unknown),
            Ok(_) => {
                self.mistake(
                    range,
                    code::INVALID_EXPRESSION,
                    "Invalid object key",
                    "Key expression in 'for' expression must not produce a null value.",
                );
                Err(Unknown::default())
            }
            Err(error) => {
                self.mistake(
                    range,
                    code::INVALID_EXPRESSION,
                    "Invalid object key",
                    format!("The key expression produced an invalid result: {error}."),
                );
                Err(Unknown::default())
            }
        }
    }

    /// The pairs of a collection, or why there are none to know.
    pub(super) fn iterate(
        &mut self,
        collection: &Expr,
        scope: &dyn Scope,
    ) -> Result<Vec<(Value, Value)>, Unknown> {
        let value = self.expr(collection, scope);
        if let Value::Unknown(unknown) = value {
            return Err(unknown);
        }
        if value.is_null() {
            self.mistake(
                collection.range(),
                code::INVALID_EXPRESSION,
                "Iteration over null value",
                "A null value cannot be used as the collection in a 'for' expression.",
            );
            return Err(Unknown::default());
        }
        pairs(&value).ok_or_else(|| {
            self.mistake(
                collection.range(),
                code::INVALID_EXPRESSION,
                "Iteration over non-iterable value",
                format!(
                    "A value of type {} cannot be used as the collection in a 'for' expression.",
                    value.ty().friendly()
                ),
            );
            Unknown::default()
        })
    }

    fn turn(&mut self, condition: Option<&Expr>, scope: &dyn Scope) -> Turn {
        let Some(expr) = condition else { return Turn::Keep };
        let value = self.expr(expr, scope);
        match convert(&value, &Type::Bool) {
            Ok(Value::Bool(true)) => Turn::Keep,
            Ok(Value::Bool(false)) => Turn::Skip,
            Ok(Value::Unknown(unknown)) => Turn::Unknown(unknown),
            Ok(_) => {
                self.once(
                    expr.range(),
                    "Condition is null",
                    "The value of the 'if' clause must not be null.".into(),
                );
                Turn::Unknown(Unknown::default())
            }
            Err(error) => {
                self.once(
                    expr.range(),
                    "Invalid 'for' condition",
                    format!("The 'if' clause value is invalid: {error}."),
                );
                Turn::Unknown(Unknown::default())
            }
        }
    }

    /// Reports a mistake of a loop's head, which every turn would make again.
    fn once(&mut self, range: TextRange, summary: &str, detail: String) {
        let known = self.diagnostics.iter().any(|known| known.range == range && known.summary == summary);
        if !known {
            self.mistake(range, code::INVALID_EXPRESSION, summary, detail);
        }
    }
}

/// The scope of one turn.
pub(super) fn bind<'a>(names: &[Ident], (key, value): (Value, Value), outer: &'a dyn Scope) -> Loop<'a> {
    let names = match names {
        [only] => vec![(only.text().into(), value)],
        [first, second, ..] => vec![(first.text().into(), key), (second.text().into(), value)],
        [] => Vec::new(),
    };
    Loop { outer, names }
}
