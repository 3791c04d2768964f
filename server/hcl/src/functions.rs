//! The function library: one table per family.
//!
//! Names, parameters and messages are those of go-cty's standard library where it has the function, else Atlas's.
//! Nothing here does I/O: project functions ask the scope for facts.
//!
//! Source: project.md §8, documented/project.md §4; go-cty 1.13, `function/stdlib`.

pub mod collections;
pub mod conversions;
pub mod encodings;
mod format;
pub mod numbers;
pub mod project;
pub mod regexes;
pub mod strings;
pub mod times;
pub mod types;
pub mod urls;
mod yaml;

use crate::function::{CallError, Function, Group, Param, ParamType, Purity, Run};
use crate::scope::Scope;
use crate::value::Value;

/// The functions of a schema file.
pub static SCHEMA: &[&[Function]] = &[
    numbers::TABLE,
    strings::TABLE,
    regexes::TABLE,
    collections::TABLE,
    encodings::TABLE,
    times::TABLE,
    conversions::TABLE,
    urls::TABLE,
    types::TABLE,
];

/// The functions of `atlas.hcl`: those of a schema file, and those that ask the world.
pub static PROJECT: &[&[Function]] = &[
    numbers::TABLE,
    strings::TABLE,
    regexes::TABLE,
    collections::TABLE,
    encodings::TABLE,
    times::TABLE,
    conversions::TABLE,
    urls::TABLE,
    types::TABLE,
    project::TABLE,
];

/// All functions of some tables, in order.
pub fn all(tables: &'static [&'static [Function]]) -> impl Iterator<Item = &'static Function> {
    tables.iter().copied().flatten()
}

/// The result of a function.
type Outcome = Result<Value, CallError>;
/// The code behind a function.
type Body = fn(&[Value], &dyn Scope) -> Outcome;

/// A function without variadic parameter.
const fn pure(
    group: Group,
    name: &'static str,
    params: &'static [Param],
    returns: &'static str,
    run: Body,
    doc: &'static str,
) -> Function {
    Function {
        name,
        params,
        variadic: None,
        returns,
        doc,
        group,
        purity: Purity::Pure,
        run: Run::Values(run),
    }
}

/// A function with a variadic parameter.
const fn many(
    group: Group,
    name: &'static str,
    params: &'static [Param],
    variadic: Param,
    returns: &'static str,
    run: Body,
    doc: &'static str,
) -> Function {
    Function {
        name,
        params,
        variadic: Some(variadic),
        returns,
        doc,
        group,
        purity: Purity::Pure,
        run: Run::Values(run),
    }
}

const fn any(name: &'static str) -> Param {
    Param::new(name, ParamType::Any)
}

const fn string(name: &'static str) -> Param {
    Param::new(name, ParamType::String)
}

const fn number(name: &'static str) -> Param {
    Param::new(name, ParamType::Number)
}

/// Converted and checked before the function is called; what is not there is empty.
fn text_at(args: &[Value], at: usize) -> &str {
    args.get(at).and_then(Value::as_str).unwrap_or_default()
}

/// The argument at `at`, or null.
fn value_at(args: &[Value], at: usize) -> &Value {
    args.get(at).unwrap_or(&Value::Null)
}

/// A whole number that fits, as counts and offsets must be.
fn whole(args: &[Value], at: usize) -> Result<i64, CallError> {
    value_at(args, at).as_i64().ok_or_else(|| CallError::argument(at, "value must be a whole number"))
}
