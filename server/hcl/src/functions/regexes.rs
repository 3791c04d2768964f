//! Regular expressions, RE2's syntax.

use regex::{Captures, Regex};

use super::{Outcome, pure, string, text_at};
use crate::function::{CallError, Function, Group};
use crate::scope::Scope;
use crate::value::{Type, Value};

const G: Group = Group::String;

#[rustfmt::skip]
pub static TABLE: &[Function] = &[
    pure(G, "regex", &[string("pattern"), string("string")], "any", regex, "The first match of a pattern: a string, or a list or object of its groups."),
    pure(G, "regexall", &[string("pattern"), string("string")], "list(any)", regexall, "All matches of a pattern."),
    pure(G, "regexmatch", &[string("pattern"), string("string")], "bool", regexmatch, "Whether a pattern matches any part of a string."),
    pure(G, "regexpescape", &[string("str")], "string", regexpescape, "A pattern that matches the string itself."),
    pure(G, "regexreplace", &[string("str"), string("pattern"), string("replace")], "string", regexreplace, "The string with every match of a pattern replaced; `$1` and `${name}` stand for groups."),
];

fn compile(args: &[Value], at: usize) -> Result<Regex, CallError> {
    let pattern = text_at(args, at);
    Regex::new(pattern).map_err(|error| {
        let why = error.to_string();
        let why = why.lines().last().unwrap_or_default().trim_start_matches("error: ");
        CallError::argument(at, format!("invalid regexp pattern: {why} in {pattern}"))
    })
}

/// A match as a value: the text, its groups in order, or its named groups.
fn shape(regex: &Regex, captures: &Captures<'_>) -> Value {
    let group = |at: usize| captures.get(at).map_or(Value::Null, |found| found.as_str().into());
    if regex.captures_len() == 1 {
        return group(0);
    }
    let named = regex.capture_names().enumerate().skip(1).filter_map(|(at, name)| Some((name?, group(at))));
    let named: Vec<_> = named.collect();
    if named.is_empty() {
        return Value::tuple((1..regex.captures_len()).map(group).collect());
    }
    Value::object(named)
}

fn regex(args: &[Value], _: &dyn Scope) -> Outcome {
    let regex = compile(args, 0)?;
    match regex.captures(text_at(args, 1)) {
        Some(captures) => Ok(shape(&regex, &captures)),
        None => Err(CallError::failed("pattern did not match any part of the given string")),
    }
}

fn regexall(args: &[Value], _: &dyn Scope) -> Outcome {
    let regex = compile(args, 0)?;
    let found: Vec<Value> =
        regex.captures_iter(text_at(args, 1)).map(|captures| shape(&regex, &captures)).collect();
    let element = found.first().map_or(Type::Dynamic, Value::ty);
    Ok(Value::list(element, found))
}

fn regexmatch(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(compile(args, 0)?.is_match(text_at(args, 1)).into())
}

/// As Go's `regexp.QuoteMeta`, which leaves `-`, `#` and `~` alone.
fn regexpescape(args: &[Value], _: &dyn Scope) -> Outcome {
    let mut out = String::new();
    for ch in text_at(args, 0).chars() {
        if r"\.+*?()|[]{}^$".contains(ch) {
            out.push('\\');
        }
        out.push(ch);
    }
    Ok(out.into())
}

fn regexreplace(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(compile(args, 1)?.replace_all(text_at(args, 0), text_at(args, 2)).into_owned().into())
}
