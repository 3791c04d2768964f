//! JSON, YAML and CSV.

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

use super::{Outcome, any, many, pure, string, text_at, value_at, yaml};
use crate::function::{CallError, Function, Group};
use crate::scope::Scope;
use crate::value::{Type, Value};

const G: Group = Group::Encoding;

#[rustfmt::skip]
pub static TABLE: &[Function] = &[
    pure(G, "csvdecode", &[string("str")], "list(map(string))", csvdecode, "The rows of a CSV document as objects with the names of its header."),
    pure(G, "jsondecode", &[string("str")], "any", jsondecode, "The value of a JSON document."),
    pure(G, "jsonencode", &[any("val").nullable()], "string", jsonencode, "The value as JSON."),
    pure(G, "yamldecode", &[string("src")], "any", yamldecode, "The value of a YAML document."),
    pure(G, "yamlencode", &[any("value").nullable()], "string", yamlencode, "The value as YAML."),
    many(G, "yamlmerge", &[], string("docs").nullable(), "string", yamlmerge, "YAML documents merged from left to right: maps by key, lists appended, other values replaced."),
];

fn jsondecode(args: &[Value], _: &dyn Scope) -> Outcome {
    match serde_json::from_str::<serde_json::Value>(text_at(args, 0)) {
        Ok(json) => Ok(Value::from_json(&json)),
        Err(error) => Err(CallError::argument(0, format!("invalid JSON: {error}"))),
    }
}

fn jsonencode(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(value_at(args, 0).to_json().into())
}

fn yamldecode(args: &[Value], _: &dyn Scope) -> Outcome {
    match yaml::parse(text_at(args, 0)) {
        Ok(value) => Ok(value),
        Err(error) => Err(CallError::argument(0, error)),
    }
}

fn yamlencode(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(yaml::encode(value_at(args, 0)).into())
}

/// Source: project.md §8; no arguments make Atlas panic, here they are a mistake.
fn yamlmerge(args: &[Value], _: &dyn Scope) -> Outcome {
    let docs: Vec<&str> = args.iter().filter_map(Value::as_str).collect();
    let (first, rest) = match docs.as_slice() {
        [] => return Err(CallError::failed("yamlmerge: at least one document is required")),
        [only] => return Ok((*only).into()),
        [first, rest @ ..] => (first, rest),
    };
    let parse = |text: &str| match yaml::parse(text) {
        Ok(value @ (Value::Object(_) | Value::Null)) => Ok(value),
        Ok(other) => Err(CallError::failed(format!(
            "yamlmerge: failed to unmarshal yaml: document is a {}, not a map",
            other.ty().friendly()
        ))),
        Err(error) => Err(CallError::failed(format!("yamlmerge: failed to unmarshal yaml: {error}"))),
    };
    let mut merged = parse(first)?;
    for doc in rest {
        merged = merge(&merged, &parse(doc)?)
            .map_err(|why| CallError::failed(format!("yamlmerge: failed to merge yaml: {why}")))?;
    }
    Ok(yaml::marshal(&merged).into())
}

fn merge(into: &Value, from: &Value) -> Result<Value, String> {
    let (Some(into), Some(from)) = (into.entries(), from.entries()) else {
        return Ok(if from.is_null() { into.clone() } else { from.clone() });
    };
    let mut out: BTreeMap<SmolStr, Value> = into.clone();
    for (key, value) in from {
        let merged = match out.get(key) {
            None => value.clone(),
            Some(Value::Object(_)) if matches!(value, Value::Object(_)) => merge(&out[key.as_str()], value)?,
            Some(Value::Tuple(items)) if matches!(value, Value::Tuple(_)) => {
                Value::tuple(items.iter().chain(value.elements().unwrap_or_default()).cloned().collect())
            }
            Some(Value::Object(_) | Value::Tuple(_)) => return Err(clash(key)),
            Some(_) if matches!(value, Value::Object(_) | Value::Tuple(_)) => return Err(clash(key)),
            Some(_) => value.clone(),
        };
        out.insert(key.clone(), merged);
    }
    Ok(Value::Object(Arc::new(out)))
}

fn clash(key: &str) -> String {
    format!("key {key} is defined in both src and dst, but has a different type")
}

fn csvdecode(args: &[Value], _: &dyn Scope) -> Outcome {
    let mut reader = csv::ReaderBuilder::new().from_reader(text_at(args, 0).as_bytes());
    let header = reader.headers().map_err(|error| CallError::failed(error.to_string()))?.clone();
    if header.is_empty() {
        return Err(CallError::failed("missing header line"));
    }
    let mut seen: Vec<&str> = header.iter().collect();
    seen.sort_unstable();
    if let Some(pair) = seen.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(CallError::failed(format!("duplicate column name {:?}", pair[0])));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| CallError::failed(error.to_string()))?;
        rows.push(Value::object(header.iter().zip(record.iter().map(Value::from))));
    }
    let element = Type::Object(header.iter().map(|name| (name.into(), Type::String)).collect());
    Ok(Value::list(element, rows))
}
