//! Whether a value may stand where an attribute wants a type, and how both are told.

use hcl::Value;
use hcl::spec::AttrType;

/// The type of the block a reference leads to.
pub(super) fn kind_of(reference: &hcl::Reference) -> &str {
    let names: Vec<&str> = reference.names().collect();
    match names.as_slice() {
        [kind, _] => kind,
        [.., kind, _] if *kind == "column" => "column",
        [kind, ..] => kind,
        [] => "nothing",
    }
}

/// Whether `value` may stand where `ty` is wanted. What is not known fits everywhere.
pub(super) fn fits(value: &Value, ty: &AttrType) -> bool {
    if matches!(value, Value::Null | Value::Unknown(_)) {
        return true;
    }
    match ty {
        AttrType::Any | AttrType::VariableType => true,
        AttrType::String => matches!(value, Value::String(_)),
        AttrType::Bool => matches!(value, Value::Bool(_)),
        AttrType::Int => value.as_number().is_some_and(hcl::Number::is_whole),
        AttrType::Number => matches!(value, Value::Number(_)),
        AttrType::Sql => matches!(value, Value::Raw(_)),
        AttrType::Type => matches!(value, Value::Type(_) | Value::Raw(_) | Value::Reference(_)),
        AttrType::Enum(words) => {
            value.as_str().is_some_and(|text| words.iter().any(|word| word.name == text))
        }
        AttrType::Ref(kinds) => match value {
            Value::Reference(reference) => {
                let kind = kind_of(reference);
                kinds.iter().any(|wanted| wanted.rsplit('.').next() == Some(kind))
            }
            _ => false,
        },
        AttrType::List(inner) => {
            value.elements().is_some_and(|items| items.iter().all(|item| fits(item, inner)))
        }
        AttrType::Map(inner) => {
            value.entries().is_some_and(|items| items.values().all(|item| fits(item, inner)))
        }
        AttrType::OneOf(types) => types.iter().any(|ty| fits(value, ty)),
    }
}

pub(super) fn describe(ty: &AttrType) -> String {
    match ty {
        AttrType::List(inner) => format!("a list: [{}, …]", inner.describe()),
        AttrType::Int => "a whole number".into(),
        AttrType::Type => "a type".into(),
        AttrType::Ref(kinds) => {
            let mut kinds: Vec<&str> = kinds.iter().filter_map(|kind| kind.rsplit('.').next()).collect();
            kinds.dedup();
            format!("a reference to a {}", kinds.join(" or "))
        }
        other => article(&other.describe()),
    }
}

pub(super) fn article(noun: &str) -> String {
    let vowel = noun.starts_with(['a', 'e', 'i', 'o', 'u']);
    format!("{} {noun}", if vowel { "an" } else { "a" })
}
