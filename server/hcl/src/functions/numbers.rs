//! Functions of numbers.

use bigdecimal::num_bigint::BigInt;

use super::{Outcome, many, number, pure, string, text_at, value_at, whole};
use crate::function::{CallError, Function, Group};
use crate::scope::Scope;
use crate::value::{Number, Value};

const G: Group = Group::Number;

#[rustfmt::skip]
pub static TABLE: &[Function] = &[
    pure(G, "abs", &[number("num")], "number", abs, "The absolute value of a number."),
    pure(G, "ceil", &[number("num")], "number", ceil, "The smallest whole number that is not smaller than the given one."),
    pure(G, "floor", &[number("num")], "number", floor, "The greatest whole number that is not greater than the given one."),
    pure(G, "log", &[number("num"), number("base")], "number", log, "The logarithm of a number in a base."),
    many(G, "max", &[], number("numbers"), "number", max, "The greatest of the given numbers."),
    many(G, "min", &[], number("numbers"), "number", min, "The smallest of the given numbers."),
    pure(G, "parseint", &[string("number"), number("base")], "number", parseint, "The whole number a string writes in a base from 2 to 62."),
    pure(G, "pow", &[number("num"), number("power")], "number", pow, "A number raised to a power."),
    pure(G, "signum", &[number("num")], "number", signum, "-1, 0 or 1, as the number is negative, zero or positive."),
];

fn num(args: &[Value], at: usize) -> Result<&Number, CallError> {
    value_at(args, at).as_number().ok_or_else(|| CallError::argument(at, "number required"))
}

fn abs(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(Value::Number(num(args, 0)?.abs()))
}

fn ceil(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(Value::Number(num(args, 0)?.ceil()))
}

fn floor(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(Value::Number(num(args, 0)?.floor()))
}

fn log(args: &[Value], _: &dyn Scope) -> Outcome {
    float(num(args, 0)?.to_f64().ln() / num(args, 1)?.to_f64().ln())
}

fn pow(args: &[Value], _: &dyn Scope) -> Outcome {
    float(num(args, 0)?.to_f64().powf(num(args, 1)?.to_f64()))
}

/// Floats as cty computes them; there is no infinity here.
fn float(result: f64) -> Outcome {
    Number::from_f64(result)
        .map(Value::Number)
        .ok_or_else(|| CallError::failed("the result is not a finite number"))
}

fn max(args: &[Value], _: &dyn Scope) -> Outcome {
    let numbers = args.iter().filter_map(Value::as_number);
    numbers
        .max()
        .cloned()
        .map(Value::Number)
        .ok_or_else(|| CallError::failed("must pass at least one number"))
}

fn min(args: &[Value], _: &dyn Scope) -> Outcome {
    let numbers = args.iter().filter_map(Value::as_number);
    numbers
        .min()
        .cloned()
        .map(Value::Number)
        .ok_or_else(|| CallError::failed("must pass at least one number"))
}

fn signum(args: &[Value], _: &dyn Scope) -> Outcome {
    let number = num(args, 0)?;
    Ok(Value::int(if number.is_zero() {
        0
    } else if number.is_negative() {
        -1
    } else {
        1
    }))
}

/// Bases beyond 36 tell upper from lower case: digits, then lower, then upper.
fn parseint(args: &[Value], _: &dyn Scope) -> Outcome {
    let text = text_at(args, 0);
    let base = whole(args, 1)?;
    if !(2..=62).contains(&base) {
        return Err(CallError::argument(1, "base must be a whole number between 2 and 62 inclusive"));
    }
    let bad = || CallError::argument(0, format!("cannot parse {text:?} as a base {base} integer"));
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if digits.is_empty() {
        return Err(bad());
    }
    let mut total = BigInt::from(0);
    for ch in digits.chars() {
        let digit = match ch {
            '0'..='9' => ch as i64 - '0' as i64,
            'a'..='z' => ch as i64 - 'a' as i64 + 10,
            'A'..='Z' if base <= 36 => ch as i64 - 'A' as i64 + 10,
            'A'..='Z' => ch as i64 - 'A' as i64 + 36,
            _ => return Err(bad()),
        };
        if digit >= base {
            return Err(bad());
        }
        total = total * base + digit;
    }
    Ok(Value::Number(Number::from(if negative { -total } else { total })))
}
