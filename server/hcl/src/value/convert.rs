//! Conversion of values to types, with cty's rules and messages.
//!
//! Source: go-cty 1.13, package `convert`.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use smol_str::SmolStr;

use super::{Number, Type, Value};

/// Why a value cannot have a type: `a number is required`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConvertError(pub String);

impl fmt::Display for ConvertError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConvertError {}

/// `value` as a value of `ty`.
///
/// Null and the unknown have every type.
///
/// # Errors
/// When there is no such conversion, or the value does not allow it (`"a"` to number).
pub fn convert(value: &Value, ty: &Type) -> Result<Value, ConvertError> {
    if matches!(value, Value::Null | Value::Unknown(_)) {
        return Ok(value.clone());
    }
    let mismatch = || ConvertError(mismatch(&value.ty(), ty));
    match ty {
        Type::Dynamic => Ok(value.clone()),
        Type::String => match value {
            Value::String(_) => Ok(value.clone()),
            Value::Number(number) => Ok(Value::string(number.to_string())),
            Value::Bool(flag) => Ok(Value::string(if *flag { "true" } else { "false" })),
            _ => Err(mismatch()),
        },
        Type::Number => match value {
            Value::Number(_) => Ok(value.clone()),
            Value::String(text) => match parse_number(text) {
                Some(number) => Ok(Value::Number(number)),
                None => Err(ConvertError("a number is required".into())),
            },
            _ => Err(mismatch()),
        },
        Type::Bool => match value {
            Value::Bool(_) => Ok(value.clone()),
            Value::String(text) => match text.as_str() {
                "true" | "1" => Ok(Value::Bool(true)),
                "false" | "0" => Ok(Value::Bool(false)),
                "True" | "TRUE" => Err(ConvertError(
                    "a bool is required; to convert from string, use lowercase \"true\"".into(),
                )),
                "False" | "FALSE" => Err(ConvertError(
                    "a bool is required; to convert from string, use lowercase \"false\"".into(),
                )),
                _ => Err(ConvertError("a bool is required".into())),
            },
            _ => Err(mismatch()),
        },
        Type::List(element) => {
            let items = value.elements().ok_or_else(mismatch)?;
            let (element, items) = convert_all(items, element, value, ty)?;
            Ok(Value::list(element, items))
        }
        Type::Set(element) => {
            let items = value.elements().ok_or_else(mismatch)?;
            let (element, items) = convert_all(items, element, value, ty)?;
            Ok(Value::set(element, items))
        }
        Type::Map(element) => {
            let entries = value.entries().ok_or_else(mismatch)?;
            let items: Vec<Value> = entries.values().cloned().collect();
            let (element, items) = convert_all(&items, element, value, ty)?;
            Ok(Value::map(element, entries.keys().cloned().zip(items)))
        }
        Type::Tuple(types) => {
            let Value::Tuple(items) = value else { return Err(mismatch()) };
            if items.len() != types.len() {
                return Err(mismatch());
            }
            let converted = items.iter().zip(types).map(|(item, ty)| convert(item, ty));
            Ok(Value::tuple(converted.collect::<Result<_, _>>().map_err(|_| mismatch())?))
        }
        Type::Object(types) => {
            let entries = value.entries().ok_or_else(mismatch)?;
            let mut out = BTreeMap::new();
            for (name, ty) in types {
                let item = entries.get(name).ok_or_else(mismatch)?;
                out.insert(name.clone(), convert(item, ty).map_err(|error| within(name, error))?);
            }
            Ok(Value::Object(Arc::new(out)))
        }
        Type::Raw => if_kind(value, matches!(value, Value::Raw(_)), mismatch),
        Type::Reference => if_kind(value, matches!(value, Value::Reference(_)), mismatch),
        Type::Type => if_kind(value, matches!(value, Value::Type(_) | Value::TypeExpr(_)), mismatch),
    }
}

/// The one type that all of `types` convert to, if there is one.
///
/// Source: go-cty, `convert.UnifyUnsafe`, without its rules for mixed structural types, which end in dynamic.
pub fn unify<'a>(types: impl IntoIterator<Item = &'a Type>) -> Option<Type> {
    let mut all: Vec<&Type> = types.into_iter().filter(|ty| **ty != Type::Dynamic).collect();
    all.dedup();
    let Some(first) = all.first().copied() else { return Some(Type::Dynamic) };
    if all.iter().all(|ty| *ty == first) {
        return Some(first.clone());
    }
    if all.iter().all(|ty| ty.is_primitive()) {
        return if all.contains(&&Type::String) { Some(Type::String) } else { unify_bool_number(&all) };
    }
    let elements = |pick: fn(&Type) -> Option<Vec<&Type>>| -> Option<Vec<&Type>> {
        let lists: Option<Vec<Vec<&Type>>> = all.iter().map(|ty| pick(ty)).collect();
        Some(lists?.into_iter().flatten().collect())
    };
    if let Some(inner) = elements(|ty| match ty {
        Type::List(element) => Some(vec![element]),
        Type::Tuple(items) => Some(items.iter().collect()),
        _ => None,
    }) {
        return unify(inner).map(Type::list);
    }
    if let Some(inner) = elements(|ty| match ty {
        Type::Set(element) => Some(vec![element]),
        Type::Tuple(items) => Some(items.iter().collect()),
        _ => None,
    }) {
        return unify(inner).map(Type::set);
    }
    if let Some(merged) = unify_objects(&all) {
        return Some(merged);
    }
    let inner = elements(|ty| match ty {
        Type::Map(element) => Some(vec![element]),
        Type::Object(attributes) => Some(attributes.values().collect()),
        _ => None,
    })?;
    unify(inner).map(Type::map)
}

/// Objects with the same attributes unify attribute by attribute.
fn unify_objects(all: &[&Type]) -> Option<Type> {
    let objects: Vec<&BTreeMap<SmolStr, Type>> = all
        .iter()
        .map(|ty| match ty {
            Type::Object(attributes) => Some(attributes),
            _ => None,
        })
        .collect::<Option<_>>()?;
    let first = objects.first()?;
    if objects.iter().any(|object| !object.keys().eq(first.keys())) {
        return None;
    }
    let mut out = BTreeMap::new();
    for name in first.keys() {
        out.insert(name.clone(), unify(objects.iter().filter_map(|object| object.get(name)))?);
    }
    Some(Type::Object(out))
}

/// Bool and number have no type in common but what both convert to when a string is among them.
fn unify_bool_number(_all: &[&Type]) -> Option<Type> {
    None
}

/// Converts the elements of a collection; a constraint of any type is settled by what the elements have in common.
fn convert_all(
    items: &[Value],
    element: &Type,
    value: &Value,
    want: &Type,
) -> Result<(Type, Vec<Value>), ConvertError> {
    let element = match element {
        Type::Dynamic => {
            let types: Vec<Type> = items.iter().map(Value::ty).collect();
            unify(&types).ok_or_else(|| ConvertError(mismatch(&value.ty(), want)))?
        }
        other => other.clone(),
    };
    let mut out = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        out.push(convert(item, &element).map_err(|error| match (value, item) {
            (Value::Tuple(_), _) if error.0.ends_with(" required") && !error.0.starts_with("a ") => {
                ConvertError(format!("element {at}: {error}"))
            }
            _ => error,
        })?);
    }
    Ok((element, out))
}

fn if_kind(
    value: &Value,
    fits: bool,
    mismatch: impl FnOnce() -> ConvertError,
) -> Result<Value, ConvertError> {
    if fits { Ok(value.clone()) } else { Err(mismatch()) }
}

fn within(name: &str, error: ConvertError) -> ConvertError {
    ConvertError(format!("attribute {name:?}: {error}"))
}

/// Why `got` cannot be `want`, judged by types alone.
///
/// Source: go-cty, `convert.MismatchMessage`.
fn mismatch(got: &Type, want: &Type) -> String {
    match (got, want) {
        (Type::Object(got), Type::Object(want)) => mismatch_objects(got, want),
        (Type::Tuple(_), Type::List(element)) if **element == Type::Dynamic => {
            "all list elements must have the same type".into()
        }
        (Type::Tuple(_), Type::Set(element)) if **element == Type::Dynamic => {
            "all set elements must have the same type".into()
        }
        (Type::Object(_), Type::Map(element)) if **element == Type::Dynamic => {
            "all map elements must have the same type".into()
        }
        _ => format!("{} required", want.friendly_constraint()),
    }
}

fn mismatch_objects(got: &BTreeMap<SmolStr, Type>, want: &BTreeMap<SmolStr, Type>) -> String {
    let missing: Vec<String> =
        want.keys().filter(|name| !got.contains_key(*name)).map(|name| format!("{name:?}")).collect();
    match missing.as_slice() {
        [] => "object required".into(),
        [one] => format!("attribute {one} is required"),
        [first, second] => format!("attributes {first} and {second} are required"),
        [all @ .., last] => format!("attributes {}, and {last} are required", all.join(", ")),
    }
}

/// A number as a string may hold it: also with a sign, and without digits before the point.
fn parse_number(text: &str) -> Option<Number> {
    let digits = text.strip_prefix('+').unwrap_or(text);
    if let Some(rest) = digits.strip_prefix("-.") {
        return Number::parse(&format!("-0.{rest}"));
    }
    if let Some(rest) = digits.strip_prefix('.') {
        return Number::parse(&format!("0.{rest}"));
    }
    Number::parse(digits)
}
