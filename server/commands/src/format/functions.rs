//! The functions of templates that work on any value.
//!
//! Source: atlas `cmd/atlas/internal/cmdlog`; reference/cli.md section 8.

use std::collections::BTreeMap;

use gotmpl::Value;

use super::json::{Shapes, compact, indented, sorted};

/// Calls `name`; `None` when it is not one of these.
pub fn call(name: &str, args: &[Value], shapes: &Shapes, colour: bool) -> Option<Result<Value, String>> {
    let paint = |code: &str| {
        let text = formatted(args);
        Ok(string(if colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text }))
    };
    Some(match name {
        "json" => json(args, shapes),
        "json_merge" => json_merge(args),
        "upper" => Ok(string(text(args, 0).to_uppercase())),
        "add" => two(args, "add").map(|(a, b)| Value::Int(a.wrapping_add(b))),
        "indent_ln" => {
            let width = args.get(1).and_then(Value::as_int).unwrap_or(0);
            let indent = " ".repeat(usize::try_from(width).unwrap_or(0).min(1000));
            Ok(string(text(args, 0).replace('\n', &format!("\n{indent}"))))
        }
        "sub" => two(args, "sub").map(|(a, b)| Value::Int(a.wrapping_sub(b))),
        "lower" => Ok(string(text(args, 0).to_lowercase())),
        "repeat" => {
            let count = args.get(1).and_then(Value::as_int).unwrap_or(0);
            Ok(string(text(args, 0).repeat(usize::try_from(count).unwrap_or(0).min(1000))))
        }
        "join" => join(args),
        "maxWidth" => {
            let width = args.get(1).and_then(Value::as_int).unwrap_or(0);
            let lines = crate::migrate::lint::wrapped(&text(args, 0), usize::try_from(width).unwrap_or(0));
            Ok(Value::List(lines.into_iter().map(string).collect::<Vec<_>>().into()))
        }
        "underline" => Ok(painted("4;90", &sprint(args), colour)),
        "gray" => Ok(painted("90", &sprint(args), colour)),
        "colorize" => {
            let code = match text(args, 0).as_str() {
                "red" => "91",
                "green" => "92",
                "yellow" => "33",
                "cyan" => "36",
                "gray" => "90",
                _ => "0",
            };
            Ok(painted(code, &text(args, 1), colour))
        }
        "base64url" => Ok(string(text(args, 0).replace('+', "-").replace('/', "_").replace('=', ""))),
        "cyan" => paint("36"),
        "green" => paint("92"),
        "red" => paint("91"),
        "yellow" => paint("33"),
        "redBgWhiteFg" => paint("97;101"),
        _ => return None,
    })
}

fn string(text: String) -> Value {
    Value::String(text.into())
}

fn text(args: &[Value], index: usize) -> String {
    args.get(index).map(Value::to_string).unwrap_or_default()
}

/// Integers only, as Go's function takes them.
fn two(args: &[Value], name: &str) -> Result<(i64, i64), String> {
    match args {
        [a, b] => match (a.as_int(), b.as_int()) {
            (Some(a), Some(b)) => Ok((a, b)),
            _ => Err("wrong type for value; expected int".to_owned()),
        },
        _ => Err(format!("wrong number of args for {name}: want 2 got {}", args.len())),
    }
}

fn join(args: &[Value]) -> Result<Value, String> {
    let Some(Value::List(items)) = args.first() else {
        return Err("wrong type for value; expected []string".to_owned());
    };
    let items: Vec<String> = items.iter().map(Value::to_string).collect();
    Ok(string(items.join(&text(args, 1))))
}

/// As `fmt.Sprint`, of texts.
fn sprint(args: &[Value]) -> String {
    args.iter().map(Value::to_string).collect()
}

fn painted(code: &str, text: &str, colour: bool) -> Value {
    string(if colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() })
}

/// `json v`, `json v indent`, `json v prefix indent`.
fn json(args: &[Value], shapes: &Shapes) -> Result<Value, String> {
    let Some(value) = args.first() else {
        return Err("wrong number of args for json: want at least 1 got 0".to_owned());
    };
    let json = shapes.json(value);
    Ok(string(match args.len() {
        1 => compact(&json),
        2 => indented(&json, "", &text(args, 1)),
        _ => indented(&json, &text(args, 1), &text(args, 2)),
    }))
}

/// Objects as text, later keys over earlier ones; the result has its keys in order.
fn json_merge(args: &[Value]) -> Result<Value, String> {
    let mut merged: BTreeMap<String, serde_json::Value> = BTreeMap::new();
    for arg in args {
        let text = arg.to_string();
        let object: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(&text).map_err(|error| format!("json_merge: {error}"))?;
        merged.extend(object.into_iter().map(|(key, value)| (key, sorted(value))));
    }
    Ok(string(compact(&serde_json::Value::Object(merged.into_iter().collect()))))
}

/// As `fmt.Sprintf(format, args…)`, for the verbs templates use.
fn formatted(args: &[Value]) -> String {
    let Some((format, args)) = args.split_first() else { return String::new() };
    let format = format.to_string();
    let mut args = args.iter();
    let mut out = String::new();
    let mut chars = format.chars();
    while let Some(c) = chars.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('q') => {
                out.push_str(&args.next().map(|arg| format!("{:?}", arg.to_string())).unwrap_or_default())
            }
            Some('%') => out.push('%'),
            Some(_) => out.push_str(&args.next().map(Value::to_string).unwrap_or_default()),
            None => out.push('%'),
        }
    }
    out
}
