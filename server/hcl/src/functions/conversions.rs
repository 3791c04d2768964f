//! Conversions, and the functions that judge an expression rather than a value.

use super::format::significant;
use super::{Outcome, any, pure, string, text_at, value_at};
use crate::function::{CallError, Function, Group, Param, ParamType, Purity, Run};
use crate::scope::Scope;
use crate::value::{Type, Value, convert};

const G: Group = Group::Conversion;
const V: &[Param] = &[any("v").nullable()];

#[rustfmt::skip]
pub static TABLE: &[Function] = &[
    Function { name: "can", params: &[any("expression")], variadic: None, returns: "bool", doc: "Whether an expression can be evaluated without a mistake.", group: G, purity: Purity::Pure, run: Run::Can },
    Function { name: "try", params: &[], variadic: Some(any("expressions")), returns: "any", doc: "The first of the expressions that can be evaluated without a mistake.", group: G, purity: Purity::Pure, run: Run::Try },
    pure(G, "tobool", V, "bool", tobool, "A bool from `true`, `false` or the strings of the same text."),
    pure(G, "tolist", V, "list(any)", tolist, "A list from a set or tuple; the elements get one type."),
    pure(G, "tonumber", V, "number", tonumber, "A number from a string that writes one."),
    pure(G, "toset", V, "set(any)", toset, "A set from a list or tuple: each element once, sorted."),
    pure(G, "tostring", V, "string", tostring, "A string from a number or bool."),
    pure(G, "print", &[any("value")], "any", print, "The value itself; prints it on a line of its own."),
    pure(Group::Sql, "sql", &[string("expr")], "sql", sql, "An expression for the database, taken as it is: `default = sql(\"now()\")`."),
];

fn to(args: &[Value], ty: &Type) -> Outcome {
    let value = value_at(args, 0);
    convert(value, ty).map_err(|_| {
        let why = match (value, ty) {
            (Value::String(text), Type::Bool) => {
                format!("cannot convert {text:?} to bool; only the strings \"true\" or \"false\" are allowed")
            }
            (Value::String(text), Type::Number) => format!(
                "cannot convert {text:?} to number; given string must be a decimal representation of a number"
            ),
            _ => format!("cannot convert {} to {}", value.ty().friendly(), ty.friendly_constraint()),
        };
        CallError::argument(0, why)
    })
}

fn tobool(args: &[Value], _: &dyn Scope) -> Outcome {
    to(args, &Type::Bool)
}

fn tonumber(args: &[Value], _: &dyn Scope) -> Outcome {
    to(args, &Type::Number)
}

fn tostring(args: &[Value], _: &dyn Scope) -> Outcome {
    to(args, &Type::String)
}

fn tolist(args: &[Value], _: &dyn Scope) -> Outcome {
    to(args, &ParamType::ListOfAny.constraint())
}

fn toset(args: &[Value], _: &dyn Scope) -> Outcome {
    to(args, &ParamType::SetOfAny.constraint())
}

/// Source: project.md §8: strings and bools raw, numbers with ten digits, the rest as JSON.
fn print(args: &[Value], scope: &dyn Scope) -> Outcome {
    let value = value_at(args, 0);
    let line = match value {
        Value::String(text) => text.to_string(),
        Value::Number(number) => significant(number, 10),
        other => other.to_json(),
    };
    scope.print(&line);
    Ok(value.clone())
}

fn sql(args: &[Value], _: &dyn Scope) -> Outcome {
    match text_at(args, 0) {
        "" => Err(CallError::failed("empty expression")),
        text => Ok(Value::Raw(text.into())),
    }
}
