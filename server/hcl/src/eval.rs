//! The value of an expression, and what is wrong with it.
//!
//! Evaluates the resilient tree directly, so every finding has its range and half-typed text is no obstacle: what is
//! missing in the text has no value and no finding here (the parser reports it). What depends on a fact nobody fetched
//! is unknown, and says which fact. Invariant: one mistake gives one finding; its remains are an unknown value that
//! nothing complains about again.
//!
//! Source: HCL 2 specification; texts of findings: hashicorp/hcl v2.23, `hclsyntax/expression.go`, `ops.go`.

mod call;
mod comprehension;
mod operator;
mod template;
mod traversal;

use std::collections::BTreeMap;
use std::sync::Arc;

use syntax::hcl::ast::{AstNode, Conditional, Expr, Literal, LiteralKind, Object};
use text::{Code, TextRange};

pub(crate) use self::comprehension::pairs;
pub(crate) use self::traversal::ops;
use crate::diagnostic::{EvalDiagnostic, code};
use crate::scope::Scope;
use crate::value::{Number, Type, Unknown, Value, convert, unify};

/// The result of an evaluation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evaluated {
    pub value: Value,
    /// In the order of the text; ranges are those of the tree.
    pub diagnostics: Vec<EvalDiagnostic>,
}

/// The value of `expr` as `scope` sees it.
pub fn eval(expr: &Expr, scope: &dyn Scope) -> Evaluated {
    let mut evaluator = Evaluator::default();
    let value = evaluator.expr(expr, scope);
    Evaluated { value, diagnostics: evaluator.diagnostics }
}

/// The value of `expr` converted to `ty`; a value that does not fit is reported at the whole expression.
pub fn eval_as(expr: &Expr, ty: &Type, scope: &dyn Scope) -> Evaluated {
    let mut evaluated = eval(expr, scope);
    match convert(&evaluated.value, ty) {
        Ok(value) => evaluated.value = value,
        Err(error) => {
            let detail = format!("Inappropriate value for attribute: {error}.");
            evaluated.diagnostics.push(EvalDiagnostic::new(
                expr.range(),
                code::TYPE_MISMATCH,
                "Incorrect attribute value type",
                detail,
            ));
            evaluated.value = Value::lost();
        }
    }
    evaluated
}

/// Collects findings while values are passed up.
#[derive(Default)]
struct Evaluator {
    diagnostics: Vec<EvalDiagnostic>,
}

impl Evaluator {
    fn expr(&mut self, expr: &Expr, scope: &dyn Scope) -> Value {
        match expr {
            Expr::Literal(literal) => self.literal(literal),
            Expr::Variable(variable) => self.variable(variable, scope),
            Expr::Template(template) => self.template(template, scope),
            Expr::Heredoc(heredoc) => self.heredoc(heredoc, scope),
            Expr::Tuple(tuple) => {
                Value::tuple(tuple.elements().map(|item| self.expr(&item, scope)).collect())
            }
            Expr::Object(object) => self.object(object, scope),
            Expr::Call(call) => self.call(call, scope),
            Expr::Traversal(traversal) => self.traversal(traversal, scope),
            Expr::Conditional(conditional) => self.conditional(conditional, scope),
            Expr::Binary(binary) => self.binary(binary, scope),
            Expr::Unary(unary) => self.unary(unary, scope),
            Expr::Paren(paren) => self.maybe(paren.expr(), scope),
            Expr::ForTuple(comprehension) => self.for_tuple(comprehension, scope),
            Expr::ForObject(comprehension) => self.for_object(comprehension, scope),
            // Reported by the parser; never looked into.
            Expr::TooDeep(_) => Value::lost(),
        }
    }

    /// The value of an expression that may be missing in half-typed text.
    fn maybe(&mut self, expr: Option<Expr>, scope: &dyn Scope) -> Value {
        expr.map_or_else(Value::lost, |expr| self.expr(&expr, scope))
    }

    /// Evaluates without keeping the findings; `Err` has them.
    fn attempt(&mut self, expr: &Expr, scope: &dyn Scope) -> Result<Value, Vec<EvalDiagnostic>> {
        let mut inner = Evaluator::default();
        let value = inner.expr(expr, scope);
        if inner.diagnostics.is_empty() { Ok(value) } else { Err(inner.diagnostics) }
    }

    /// Reports a mistake and gives its remains.
    fn mistake(
        &mut self,
        range: TextRange,
        code: Code,
        summary: impl Into<String>,
        detail: impl Into<String>,
    ) -> Value {
        self.diagnostics.push(EvalDiagnostic::new(range, code, summary, detail));
        Value::lost()
    }

    fn literal(&mut self, literal: &Literal) -> Value {
        match literal.kind() {
            Some(LiteralKind::Bool(flag)) => Value::Bool(flag),
            Some(LiteralKind::Null) => Value::Null,
            // A number we cannot hold is not analysed; the parser reports one that is none.
            Some(LiteralKind::Number(digits)) => {
                Number::parse(&digits).map_or_else(Value::lost, Value::Number)
            }
            None => Value::lost(),
        }
    }

    fn object(&mut self, object: &Object, scope: &dyn Scope) -> Value {
        let mut entries = BTreeMap::new();
        let mut unknown: Option<Unknown> = None;
        for item in object.items() {
            let key = match (item.key_name(), item.key()) {
                (Some(name), _) => Value::from(name),
                (None, Some(key)) => self.expr(&key, scope),
                (None, None) => continue,
            };
            let value = self.maybe(item.value(), scope);
            let range = item.key().map_or(item.range(), |key| key.range());
            match (&key, convert(&key, &Type::String)) {
                (Value::Null, _) => {
                    self.mistake(
                        range,
                        code::INVALID_EXPRESSION,
                        "Null value as key",
                        "Can't use a null value as a key.",
                    );
                    unknown.get_or_insert_default();
                }
                (Value::Unknown(because), _) => {
                    unknown = Some(unknown.unwrap_or_default().and(because));
                }
                (_, Ok(Value::String(key))) => {
                    entries.insert(key, value);
                }
                (_, result) => {
                    let error = result.err().map(|error| error.0).unwrap_or_default();
                    self.mistake(
                        range,
                        code::INVALID_EXPRESSION,
                        "Incorrect key type",
                        format!("Can't use this value as a key: {error}."),
                    );
                    unknown.get_or_insert_default();
                }
            }
        }
        match unknown {
            Some(unknown) => Value::Unknown(unknown),
            None => Value::Object(Arc::new(entries)),
        }
    }

    fn conditional(&mut self, conditional: &Conditional, scope: &dyn Scope) -> Value {
        let Some(predicate) = conditional.condition() else { return Value::lost() };
        let condition = self.expr(&predicate, scope);
        let chosen = match convert(&condition, &Type::Bool) {
            Ok(Value::Bool(true)) => true,
            Ok(Value::Bool(false)) => false,
            Ok(Value::Unknown(unknown)) => return Value::Unknown(unknown),
            Ok(Value::Null) => {
                return self.mistake(
                    predicate.range(),
                    code::INVALID_EXPRESSION,
                    "Null condition",
                    "The condition value is null. Conditions must either be true or false.",
                );
            }
            Ok(_) | Err(_) => {
                return self.mistake(
                    predicate.range(),
                    code::INVALID_EXPRESSION,
                    "Incorrect condition type",
                    "The condition expression must be of type bool.",
                );
            }
        };
        let (mut taken, mut left) = (conditional.if_true(), conditional.if_false());
        if !chosen {
            std::mem::swap(&mut taken, &mut left);
        }
        let value = self.maybe(taken, scope);
        // The other branch only lends its type; what is wrong in it does not matter.
        let other = left.and_then(|expr| self.attempt(&expr, scope).ok()).unwrap_or(Value::Null);
        if value.is_null()
            || other.is_null()
            || matches!(value, Value::Unknown(_))
            || other.unknown().is_some()
        {
            return value;
        }
        let types = if chosen { [value.ty(), other.ty()] } else { [other.ty(), value.ty()] };
        if types[0] == types[1] {
            return value;
        }
        match unify(&types).map(|ty| convert(&value, &ty)) {
            Some(Ok(value)) => value,
            _ => self.mistake(
                conditional.range(),
                code::INVALID_EXPRESSION,
                "Inconsistent conditional result types",
                format!(
                    "The true and false result expressions must have consistent types. {}.",
                    describe_mismatch(&types[0], &types[1])
                ),
            ),
        }
    }
}

/// How the types of two branches differ.
///
/// Source: hashicorp/hcl, `describeConditionalTypeMismatch`.
fn describe_mismatch(on_true: &Type, on_false: &Type) -> String {
    match (on_true, on_false) {
        (Type::Object(a), Type::Object(b)) => {
            for (name, ty) in a {
                match b.get(name) {
                    None => {
                        return format!(
                            "The 'true' value includes object attribute {name:?}, which is absent in the 'false' value"
                        );
                    }
                    Some(other) if other != ty => {
                        return format!(
                            "Type mismatch for object attribute {name:?}: {}",
                            describe_mismatch(ty, other)
                        );
                    }
                    Some(_) => {}
                }
            }
            if let Some(name) = b.keys().find(|name| !a.contains_key(*name)) {
                return format!(
                    "The 'false' value includes object attribute {name:?}, which is absent in the 'true' value"
                );
            }
        }
        (Type::Tuple(a), Type::Tuple(b)) => {
            if a.len() != b.len() {
                return format!(
                    "The 'true' tuple has length {}, but the 'false' tuple has length {}",
                    a.len(),
                    b.len()
                );
            }
            if let Some(at) = (0..a.len()).find(|at| a[*at] != b[*at]) {
                return format!(
                    "Type mismatch for tuple element {at}: {}",
                    describe_mismatch(&a[at], &b[at])
                );
            }
        }
        _ => {}
    }
    format!("The 'true' value is {}, but the 'false' value is {}", on_true.friendly(), on_false.friendly())
}
