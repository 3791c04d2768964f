//! JSON as Go writes it: keys in the order of the struct, `<`, `>` and `&` escaped.
//!
//! A template's value has its keys sorted; what Go prints of a struct is remembered beside it, by pointer.

use std::collections::BTreeMap;
use std::sync::Arc;

use engine::DatabaseUrl;
use gotmpl::Value;
use serde_json::{Map, Value as Json, json};

type Object = Arc<BTreeMap<Arc<str>, Value>>;

/// The JSON of the structs a template can reach.
#[derive(Default)]
pub struct Shapes(Vec<(Object, Json)>);

impl Shapes {
    /// A struct: what templates see of it, and its JSON.
    pub fn object(&mut self, fields: impl IntoIterator<Item = (&'static str, Value)>, json: Json) -> Value {
        let fields: Object = Arc::new(fields.into_iter().map(|(name, value)| (name.into(), value)).collect());
        self.0.push((fields.clone(), json));
        Value::Map(fields)
    }

    /// The JSON of any value.
    pub fn json(&self, value: &Value) -> Json {
        match value {
            Value::Nil | Value::Function(_) => Json::Null,
            Value::Bool(flag) => json!(flag),
            Value::Int(number) => json!(number),
            Value::Uint(number) => json!(number),
            Value::Float(number) => json!(number),
            Value::String(text) => json!(text.as_ref()),
            Value::List(items) => Json::Array(items.iter().map(|item| self.json(item)).collect()),
            Value::Map(fields) => match self.0.iter().find(|(known, _)| Arc::ptr_eq(known, fields)) {
                Some((_, json)) => json.clone(),
                None => Json::Object(
                    fields.iter().map(|(name, value)| (name.to_string(), self.json(value))).collect(),
                ),
            },
        }
    }
}

/// On one line.
pub fn compact(json: &Json) -> String {
    escaped(json.to_string())
}

/// On lines of their own, as `json.MarshalIndent` does.
pub fn indented(json: &Json, prefix: &str, indent: &str) -> String {
    let mut out = Vec::new();
    let formatter = serde_json::ser::PrettyFormatter::with_indent(indent.as_bytes());
    let mut serializer = serde_json::Serializer::with_formatter(&mut out, formatter);
    let written = serde::Serialize::serialize(json, &mut serializer);
    let text = match written {
        Ok(()) => String::from_utf8_lossy(&out).into_owned(),
        Err(_) => json.to_string(),
    };
    // Line ends inside of strings are escaped, so every one here is ours.
    escaped(text.replace('\n', &format!("\n{prefix}")))
}

/// The characters that mean something to HTML occur in strings only, so the text can be replaced as a whole.
fn escaped(text: String) -> String {
    if !text.contains(['<', '>', '&', '\u{2028}', '\u{2029}']) {
        return text;
    }
    text.replace('<', "\\u003c")
        .replace('>', "\\u003e")
        .replace('&', "\\u0026")
        .replace('\u{2028}', "\\u2028")
        .replace('\u{2029}', "\\u2029")
}

/// With the keys of all objects in order, as Go prints a map.
pub fn sorted(json: Json) -> Json {
    match json {
        Json::Object(entries) => {
            let entries: BTreeMap<String, Json> =
                entries.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            Json::Object(entries.into_iter().collect())
        }
        Json::Array(items) => Json::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}

/// An object without what Go's `omitempty` leaves out.
pub fn without_empty(entries: impl IntoIterator<Item = (&'static str, Json)>) -> Json {
    let is_empty = |json: &Json| match json {
        Json::Null | Json::Bool(false) => true,
        Json::String(text) => text.is_empty(),
        Json::Array(items) => items.is_empty(),
        _ => false,
    };
    Json::Object(
        entries
            .into_iter()
            .filter(|(_, value)| !is_empty(value))
            .map(|(name, value)| (name.to_owned(), value))
            .collect::<Map<_, _>>(),
    )
}

/// A URL as Go's `net/url.URL` is printed, and the schema it is bound to.
///
/// Credentials are not in it; values of query parameters that may be secrets are hidden.
pub fn go_url(url: &DatabaseUrl, schema: Option<&str>) -> Json {
    json!({
        "Scheme": url.scheme(),
        "Opaque": url.opaque(),
        "User": if url.user().is_some() { json!({}) } else { Json::Null },
        "Host": url.host(),
        "Path": url.path(),
        "Fragment": url.fragment(),
        "RawQuery": url.redacted_query().unwrap_or_default(),
        "RawPath": "",
        "RawFragment": "",
        "ForceQuery": false,
        "OmitHost": false,
        "Schema": schema.unwrap_or_default(),
    })
}
