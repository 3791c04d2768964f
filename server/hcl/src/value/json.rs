//! Values as JSON and back.
//!
//! Objects and arrays of JSON become objects and tuples, as `jsondecode` has it. A raw expression is written as
//! `{"X":"now()"}`, which is what Atlas prints for it.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use serde_json::Value as Json;

use super::{Number, Value};

impl Value {
    /// The value of a JSON document.
    pub fn from_json(json: &Json) -> Value {
        match json {
            Json::Null => Value::Null,
            Json::Bool(flag) => Value::Bool(*flag),
            // A number too large for us to hold is kept as its text rather than lost.
            Json::Number(number) => {
                let text = number.to_string();
                Number::parse(&text).map_or_else(|| Value::string(text), Value::Number)
            }
            Json::String(text) => Value::string(text),
            Json::Array(items) => Value::tuple(items.iter().map(Value::from_json).collect()),
            Json::Object(entries) => {
                let entries: BTreeMap<_, _> =
                    entries.iter().map(|(key, value)| (key.into(), Value::from_json(value))).collect();
                Value::Object(Arc::new(entries))
            }
        }
    }

    /// The value as compact JSON, keys sorted, `<`, `>` and `&` escaped as Go does; the unknown is `null`.
    pub fn to_json(&self) -> String {
        let mut out = String::new();
        self.write_json(&mut out);
        out
    }

    fn write_json(&self, out: &mut String) {
        match self {
            Value::Null | Value::Unknown(_) => out.push_str("null"),
            Value::Bool(flag) => out.push_str(if *flag { "true" } else { "false" }),
            // Writing to a string cannot fail.
            Value::Number(number) => {
                let _ = write!(out, "{number}");
            }
            Value::String(text) => write_json_string(text, out),
            Value::Raw(expr) => {
                out.push_str("{\"X\":");
                write_json_string(expr, out);
                out.push('}');
            }
            Value::Reference(reference) => {
                write_json_string(&reference.names().collect::<Vec<_>>().join("."), out);
            }
            Value::Type(call) if call.args.is_empty() => write_json_string(&call.name, out),
            Value::Type(call) => {
                let args: Vec<String> = call.args.iter().map(Value::to_json).collect();
                write_json_string(&format!("{}({})", call.name, args.join(",")), out);
            }
            Value::TypeExpr(ty) => write_json_string(&ty.to_string(), out),
            Value::List(_) | Value::Set(_) | Value::Tuple(_) => {
                out.push('[');
                for (at, item) in self.elements().unwrap_or_default().iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    item.write_json(out);
                }
                out.push(']');
            }
            Value::Map(_) | Value::Object(_) => {
                out.push('{');
                for (at, (key, value)) in self.entries().into_iter().flatten().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    write_json_string(key, out);
                    out.push(':');
                    value.write_json(out);
                }
                out.push('}');
            }
        }
    }
}

/// A string as Go's `encoding/json` writes it.
fn write_json_string(text: &str, out: &mut String) {
    out.push('"');
    for ch in text.chars() {
        match ch {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..='\u{1f}' => {
                let _ = write!(out, "\\u{:04x}", ch as u32);
            }
            _ => out.push(ch),
        }
    }
    out.push('"');
}
