//! Operators.
//!
//! `&&` and `||` do not look at their right side when the left one decides. Unknown operands give an unknown result.

use syntax::hcl::SyntaxKind;
use syntax::hcl::ast::{AstNode, Binary, Unary};
use text::TextRange;

use super::Evaluator;
use crate::diagnostic::code;
use crate::scope::Scope;
use crate::value::{Number, Type, Unknown, Value, convert, unknown_of};

/// An operand and where it is.
struct Operand {
    value: Value,
    range: TextRange,
}

impl Evaluator {
    pub(super) fn binary(&mut self, binary: &Binary, scope: &dyn Scope) -> Value {
        let Some(first) = binary.first() else { return Value::lost() };
        let mut left = Operand { value: self.expr(&first, scope), range: first.range() };
        for (operator, right) in binary.rest() {
            let Some(right) = right else { return Value::lost() };
            let range = left.range.cover(right.range());
            let value = match (operator.kind(), convert(&left.value, &Type::Bool)) {
                (SyntaxKind::AndAnd, Ok(Value::Bool(false))) => Value::Bool(false),
                (SyntaxKind::OrOr, Ok(Value::Bool(true))) => Value::Bool(true),
                (kind, _) => {
                    let right = Operand { value: self.expr(&right, scope), range: right.range() };
                    self.operate(kind, &left, &right)
                }
            };
            left = Operand { value, range };
        }
        left.value
    }

    pub(super) fn unary(&mut self, unary: &Unary, scope: &dyn Scope) -> Value {
        let Some(expr) = unary.operand() else { return Value::lost() };
        let operand = Operand { value: self.expr(&expr, scope), range: expr.range() };
        let negates = unary.operator().is_some_and(|operator| operator.kind() == SyntaxKind::Minus);
        let ty = if negates { Type::Number } else { Type::Bool };
        match self.operand(&operand, &ty, "unary operand", unary.range()) {
            Ok(Value::Number(number)) => Value::Number(number.negated()),
            Ok(Value::Bool(flag)) => Value::Bool(!flag),
            Ok(_) => Value::lost(),
            Err(unknown) => Value::Unknown(unknown),
        }
    }

    fn operate(&mut self, kind: SyntaxKind, left: &Operand, right: &Operand) -> Value {
        let range = left.range.cover(right.range);
        match kind {
            SyntaxKind::EqEq | SyntaxKind::BangEq => match unknown_of([&left.value, &right.value]) {
                Some(unknown) => Value::Unknown(unknown),
                None => Value::Bool((left.value == right.value) == (kind == SyntaxKind::EqEq)),
            },
            SyntaxKind::AndAnd | SyntaxKind::OrOr => self.logic(kind, left, right, range),
            _ => {
                let a = self.operand(left, &Type::Number, "left operand", range);
                let b = self.operand(right, &Type::Number, "right operand", range);
                match (a, b) {
                    (Ok(Value::Number(a)), Ok(Value::Number(b))) => self.arithmetic(kind, &a, &b, range),
                    (Err(a), Err(b)) => Value::Unknown(a.and(&b)),
                    (Err(unknown), _) | (_, Err(unknown)) => Value::Unknown(unknown),
                    _ => Value::lost(),
                }
            }
        }
    }

    /// `false && unknown` is false, and `unknown && false` too.
    fn logic(&mut self, kind: SyntaxKind, left: &Operand, right: &Operand, range: TextRange) -> Value {
        let a = self.operand(left, &Type::Bool, "left operand", range);
        let b = self.operand(right, &Type::Bool, "right operand", range);
        let decides = kind == SyntaxKind::OrOr;
        match (a, b) {
            (Ok(Value::Bool(a)), Ok(Value::Bool(b))) => Value::Bool(if decides { a || b } else { a && b }),
            (Ok(Value::Bool(flag)), Err(_)) | (Err(_), Ok(Value::Bool(flag))) if flag == decides => {
                Value::Bool(flag)
            }
            (Err(a), Err(b)) => Value::Unknown(a.and(&b)),
            (Err(unknown), _) | (_, Err(unknown)) => Value::Unknown(unknown),
            _ => Value::lost(),
        }
    }

    fn arithmetic(&mut self, kind: SyntaxKind, a: &Number, b: &Number, range: TextRange) -> Value {
        let number = match kind {
            SyntaxKind::Lt => return Value::Bool(a < b),
            SyntaxKind::LtEq => return Value::Bool(a <= b),
            SyntaxKind::Gt => return Value::Bool(a > b),
            SyntaxKind::GtEq => return Value::Bool(a >= b),
            SyntaxKind::Plus => Some(a.plus(b)),
            SyntaxKind::Minus => Some(a.minus(b)),
            SyntaxKind::Star => Some(a.times(b)),
            SyntaxKind::Slash => a.over(b),
            SyntaxKind::Percent => a.modulo(b),
            // Not an operator; the parser reports it.
            _ => return Value::lost(),
        };
        number.map(Value::Number).unwrap_or_else(|| {
            self.mistake(
                range,
                code::INVALID_EXPRESSION,
                "Operation failed",
                "Error during operation: division by zero.",
            )
        })
    }

    /// The operand as `ty`, or why it is not known; a mistake is reported and then unknown.
    fn operand(
        &mut self,
        operand: &Operand,
        ty: &Type,
        place: &str,
        whole: TextRange,
    ) -> Result<Value, Unknown> {
        match convert(&operand.value, ty) {
            Ok(Value::Unknown(unknown)) => Err(unknown),
            Ok(Value::Null) => {
                self.mistake(
                    whole,
                    code::INVALID_EXPRESSION,
                    "Operation failed",
                    "Error during operation: argument must not be null.",
                );
                Err(Unknown::default())
            }
            Ok(value) => Ok(value),
            Err(error) => {
                self.mistake(
                    operand.range,
                    code::INVALID_EXPRESSION,
                    "Invalid operand",
                    format!("Unsuitable value for {place}: {error}."),
                );
                Err(Unknown::default())
            }
        }
    }
}
