//! What a block says that only its dialect understands, as attributes.
//!
//! Everything the grammar declares and the decoder does not know by itself ends up here, by the type the grammar gives
//! it: texts, numbers and booleans as they are; a type and a reference as the text SQL has for them; a value as SQL;
//! nested blocks as items under the name of their block, the label as `name`. Invariants: what equals the declared
//! default is not kept, so that saying it and not saying it is the same; [`crate::encode`] prints it all back.

use hcl::Value;
use hcl::spec::{AttrType, Content, Openness, Status};
use schema::{AttrKey, Attrs, Default, Expr, Literal};
use syntax::hcl::ast::{AstNode, Block};

use super::column::{column_type, declared_type};
use super::read::{Notes, Read, ReadAttribute};
use super::scope::BlockScope;

/// The schema and the name of what a block is about: names inside are told from there.
#[derive(Clone, Copy)]
pub(super) struct Own<'a> {
    pub schema: &'a str,
    /// The enclosing table or view; empty outside of one.
    pub table: &'a str,
}

/// The attributes of a block that was read, without those `known` to the decoder: attributes and blocks alike.
pub(super) fn attrs(
    notes: &mut Notes<'_>,
    read: &Read,
    scope: &BlockScope<'_>,
    own: Own<'_>,
    known: &[&str],
    what: &str,
) -> Attrs {
    let mut attrs = Attrs::default();
    for attribute in &read.attributes {
        let spec = attribute.spec;
        if !known.contains(&spec.name) && spec.status == Status::Executed {
            set(&mut attrs, notes, attribute, scope, own);
        }
    }
    for (spec, block) in &read.blocks {
        if known.contains(&spec.name) {
            continue;
        }
        let what = match block.labels().next() {
            Some(label) => format!("{} {:?} of {what}", spec.name, label.value()),
            None => format!("{:?} of {what}", spec.name),
        };
        let inner = notes.read(block, spec.body, scope, &what);
        if spec.status != Status::Executed {
            continue;
        }
        if spec.body.openness == Openness::Open && spec.body.attributes.is_empty() {
            let texts = settings(notes, block, scope);
            if !texts.is_empty() {
                attrs.set(&AttrKey::<Vec<String>>::new(spec.name, ""), texts);
            }
            continue;
        }
        let mut item = self::attrs(notes, &inner, scope, own, &[], &what);
        if let Some(label) = block.labels().next() {
            item.set(&AttrKey::<String>::new("name", ""), label.value());
        }
        let key = AttrKey::<Vec<Attrs>>::new(spec.name, "");
        let mut items = attrs.get(&key).unwrap_or_default();
        items.push(item);
        attrs.set(&key, items);
    }
    attrs
}

/// `name=value` of every attribute of a block that may have any, by name.
fn settings(notes: &mut Notes<'_>, block: &Block, scope: &BlockScope<'_>) -> Vec<String> {
    let mut texts = Vec::new();
    for attribute in block.body().into_iter().flat_map(|body| body.attributes().collect::<Vec<_>>()) {
        let (Some(name), Some(expr)) = (attribute.name(), attribute.expr()) else { continue };
        let value = match notes.eval(&expr, scope) {
            Value::String(text) => text.to_string(),
            Value::Number(number) => number.to_string(),
            Value::Bool(flag) => flag.to_string(),
            Value::Raw(text) => text.to_string(),
            _ => continue,
        };
        texts.push(format!("{}={value}", name.text()));
    }
    texts.sort();
    texts
}

fn set(
    attrs: &mut Attrs,
    notes: &mut Notes<'_>,
    attribute: &ReadAttribute,
    scope: &BlockScope<'_>,
    own: Own<'_>,
) {
    let spec = attribute.spec;
    let name = spec.name;
    let is_default = |text: &str| spec.default == Some(text);
    let string = |attrs: &mut Attrs, text: String| {
        if !is_default(&text) {
            attrs.set(&AttrKey::<String>::new(name, ""), text);
        }
    };
    let holds_type = match spec.ty {
        AttrType::Type => true,
        AttrType::OneOf(types) => types.iter().any(|ty| matches!(ty, AttrType::Type)),
        _ => false,
    };
    if holds_type && matches!(attribute.value, Value::Type(_) | Value::Raw(_) | Value::Reference(_)) {
        if let Some((ty, _)) = column_type(notes, attribute, scope.dialect) {
            let ty = declared_type(ty, own.schema, scope);
            let text = scope.dialect.decode.type_text(&ty, own.schema);
            string(attrs, text.unwrap_or_else(|| (scope.dialect.format_type)(&ty)));
        }
        return;
    }
    if is_value(&spec.ty) {
        if let Some(items) = attribute.value.elements() {
            let texts = items.iter().filter_map(value_of);
            let texts = texts.map(|value| scope.dialect.decode.default_text(&value)).collect();
            attrs.set(&AttrKey::<Vec<String>>::new(name, ""), texts);
        } else if let Some(default) = value_of(&attribute.value) {
            string(attrs, scope.dialect.decode.default_text(&default));
        }
        return;
    }
    if spec.content == Content::Object {
        let items = attribute.value.elements();
        let items = items.unwrap_or(std::slice::from_ref(&attribute.value));
        let texts: Vec<String> = items.iter().filter_map(|item| designation(item, scope, own)).collect();
        match <[String; 1]>::try_from(texts) {
            Ok([text]) => string(attrs, text),
            Err(texts) if texts.is_empty() => {}
            Err(texts) => attrs.set(&AttrKey::<Vec<String>>::new(name, ""), texts),
        }
        return;
    }
    match (&spec.ty, &attribute.value) {
        // Without a declared default, what is not set and what is set to false mean the same.
        (_, Value::Bool(flag)) if *flag != (spec.default == Some("true")) => {
            attrs.set(&AttrKey::<bool>::new(name, ""), *flag);
        }
        (AttrType::List(inner), value) if is_value(inner) => {
            let items = value.elements().unwrap_or_default().iter().filter_map(value_of);
            let texts: Vec<String> = items.map(|item| scope.dialect.decode.default_text(&item)).collect();
            if !texts.is_empty() {
                attrs.set(&AttrKey::<Vec<String>>::new(name, ""), texts);
            }
        }
        (AttrType::List(_), value) => {
            let items = value.elements().unwrap_or_default();
            let texts: Vec<String> = items.iter().filter_map(|item| text_of(item, scope, own)).collect();
            if !texts.is_empty() {
                attrs.set(&AttrKey::<Vec<String>>::new(name, ""), texts);
            }
        }
        (AttrType::Map(_), value) => {
            let entries = value.entries().into_iter().flat_map(|entries| entries.iter());
            let texts: Vec<String> = entries
                .filter_map(|(key, value)| Some(format!("{key}={}", text_of(value, scope, own)?)))
                .collect();
            if !texts.is_empty() {
                attrs.set(&AttrKey::<Vec<String>>::new(name, ""), texts);
            }
        }
        (_, Value::Number(number)) => {
            if let Some(value) = number.to_i64().filter(|value| !is_default(&value.to_string())) {
                attrs.set(&AttrKey::<i64>::new(name, ""), value);
            }
        }
        (_, Value::String(text)) => {
            let text = if spec.content == Content::Sql { text.trim() } else { text };
            string(attrs, text.to_owned());
        }
        (_, value @ (Value::Raw(_) | Value::Reference(_))) => {
            if let Some(text) = text_of(value, scope, own) {
                string(attrs, text);
            }
        }
        _ => {}
    }
}

/// Whether an attribute of this type holds a value of SQL, as a default does.
pub(crate) fn is_value(ty: &AttrType) -> bool {
    matches!(ty, AttrType::OneOf(types)
        if types.iter().any(|ty| matches!(ty, AttrType::Bool)) && types.iter().any(|ty| matches!(ty, AttrType::Sql)))
}

fn value_of(value: &Value) -> Option<Default> {
    Some(match value {
        Value::String(text) => Default::Literal(Literal { text: text.to_string(), quoted: true }),
        Value::Number(number) => Default::Literal(Literal { text: number.to_string(), quoted: false }),
        Value::Bool(flag) => Default::Literal(Literal { text: flag.to_string(), quoted: false }),
        Value::Raw(text) => Default::Expr(Expr(text.to_string())),
        _ => return None,
    })
}

/// A string, a raw text, or the name of what a reference leads to.
fn text_of(value: &Value, scope: &BlockScope<'_>, own: Own<'_>) -> Option<String> {
    let hooks = scope.dialect.decode;
    match value {
        Value::String(text) | Value::Raw(text) => Some(text.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Reference(reference) => match &reference.names().collect::<Vec<_>>()[..] {
            ["column", column] => Some((*column).to_owned()),
            [_, schema, table, "column", column]
                if !own.table.is_empty() && *table == own.table && *schema == own.schema =>
            {
                Some((*column).to_owned())
            }
            [_, schema, table, "column", column] => Some(format!(
                "{}.{}",
                hooks.name_text(own.schema, schema, table),
                hooks.name_text("", "", column)
            )),
            ["schema", name] => Some((*name).to_owned()),
            [_, schema, name] => Some(hooks.name_text(own.schema, schema, name)),
            _ => None,
        },
        _ => None,
    }
}

/// The text for an object whose kind counts.
fn designation(value: &Value, scope: &BlockScope<'_>, own: Own<'_>) -> Option<String> {
    let text = text_of(value, scope, own)?;
    let Value::Reference(reference) = value else { return Some(text) };
    let names: Vec<&str> = reference.names().collect();
    let kind = if names.len() > 3 { "column" } else { names.first()? };
    Some(scope.dialect.decode.designation(kind, &text))
}

/// What the comment `atlas:renamed_from old` in the line above a block says.
pub(super) fn renamed_from(notes: &Notes<'_>, block: &Block) -> Option<String> {
    let before = notes.text.get(..usize::from(block.range().start()))?;
    crate::renames::hint(before)
}
