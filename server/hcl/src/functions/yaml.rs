//! YAML in and out.
//!
//! Two styles of output, since Atlas has two: that of go-cty-yaml (`yamlencode`), where every string is quoted, and
//! that of go-yaml v3 (`yamlmerge`), with plain strings and four blanks of indentation.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::value::{Number, Value};

/// The value of a document; the empty document is null.
pub fn parse(text: &str) -> Result<Value, String> {
    yaml_serde::from_str::<yaml_serde::Value>(text)
        .map(|yaml| from_yaml(&yaml))
        .map_err(|error| error.to_string())
}

fn from_yaml(yaml: &yaml_serde::Value) -> Value {
    use yaml_serde::Value as Yaml;
    match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(flag) => Value::Bool(*flag),
        Yaml::Number(number) => {
            let text = number.to_string();
            Number::parse(&text).map_or_else(|| Value::from(text), Value::Number)
        }
        Yaml::String(text) => Value::from(text.as_str()),
        Yaml::Sequence(items) => Value::tuple(items.iter().map(from_yaml).collect()),
        Yaml::Mapping(entries) => {
            let entries: BTreeMap<_, _> =
                entries.iter().map(|(key, value)| (key_text(key).into(), from_yaml(value))).collect();
            Value::Object(Arc::new(entries))
        }
        Yaml::Tagged(tagged) => from_yaml(&tagged.value),
    }
}

/// A key as text: `1: x` has the key `1`.
fn key_text(key: &yaml_serde::Value) -> String {
    match from_yaml(key) {
        Value::String(text) => text.into(),
        other => other.to_json(),
    }
}

/// How scalars and indentation look.
#[derive(Clone, Copy, PartialEq)]
enum Style {
    Quoted,
    Plain,
}

/// As `yamlencode`.
pub fn encode(value: &Value) -> String {
    document(value, Style::Quoted)
}

/// As go-yaml v3 marshals.
pub fn marshal(value: &Value) -> String {
    document(value, Style::Plain)
}

fn document(value: &Value, style: Style) -> String {
    let mut out = String::new();
    match block(value) {
        true => write_block(value, style, 0, false, &mut out),
        false => {
            write_scalar(value, style, 0, &mut out);
            out.push('\n');
        }
    }
    out
}

/// Whether the value is written over several lines of its own.
fn block(value: &Value) -> bool {
    value.elements().is_some_and(|items| !items.is_empty())
        || value.entries().is_some_and(|it| !it.is_empty())
}

/// Writes a list or map that is not empty; `inline` when the first line continues one begun already.
fn write_block(value: &Value, style: Style, indent: usize, inline: bool, out: &mut String) {
    let pad = " ".repeat(indent);
    let mut is_first = true;
    let mut lead = |out: &mut String| {
        if !(std::mem::take(&mut is_first) && inline) {
            out.push_str(&pad);
        }
    };
    if let Some(items) = value.elements() {
        for item in items {
            lead(out);
            out.push_str("- ");
            if block(item) {
                write_block(item, style, indent + 2, true, out);
            } else {
                write_scalar(item, style, indent + 2, out);
                out.push('\n');
            }
        }
        return;
    }
    for (key, item) in value.entries().into_iter().flatten() {
        lead(out);
        write_scalar(&Value::String(key.clone()), style, indent, out);
        out.push(':');
        if block(item) {
            out.push('\n');
            let is_list = item.elements().is_some();
            let deeper = match style {
                Style::Quoted if is_list => indent,
                Style::Quoted => indent + 2,
                Style::Plain => indent + 4,
            };
            write_block(item, style, deeper, false, out);
        } else {
            out.push(' ');
            write_scalar(item, style, indent, out);
            out.push('\n');
        }
    }
}

fn write_scalar(value: &Value, style: Style, indent: usize, out: &mut String) {
    match value {
        Value::String(text) if text.contains('\n') && is_literal(text) => {
            write_literal(text, style, indent, out)
        }
        Value::String(text) => match style {
            Style::Plain if is_plain(text) => out.push_str(text),
            _ => out.push_str(&quoted(text)),
        },
        Value::List(_) | Value::Set(_) | Value::Tuple(_) => out.push_str("[]"),
        Value::Map(_) | Value::Object(_) => out.push_str("{}"),
        other => out.push_str(&other.to_json()),
    }
}

/// Whether the lines can be written as they stand.
fn is_literal(text: &str) -> bool {
    !text.starts_with([' ', '\n']) && !text.chars().any(|ch| ch.is_control() && ch != '\n')
}

fn write_literal(text: &str, style: Style, indent: usize, out: &mut String) {
    let chomp = match text.len() - text.trim_end_matches('\n').len() {
        0 => "-",
        1 => "",
        _ => "+",
    };
    out.push('|');
    out.push_str(chomp);
    let pad = " ".repeat(indent + if style == Style::Plain { 4 } else { 2 });
    for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.push_str(&pad);
            out.push_str(line);
        }
    }
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for ch in text.chars() {
        match ch {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            ch if ch.is_control() => out.push_str(&format!("\\x{:02x}", ch as u32)),
            ch => out.push(ch),
        }
    }
    out.push('"');
    out
}

/// Whether a plain scalar reads back as the same string.
fn is_plain(text: &str) -> bool {
    let special_start = text.starts_with([
        ' ', '-', '?', ':', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`',
        '<', '=', '~',
    ]);
    !text.is_empty()
        && !special_start
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.chars().any(char::is_control)
        && !is_old_bool(text)
        && matches!(yaml_serde::from_str(text), Ok(yaml_serde::Value::String(read)) if read == text)
}

/// Words that YAML 1.1 reads as booleans; go-yaml quotes them.
fn is_old_bool(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "y" | "n" | "yes" | "no" | "on" | "off")
}
