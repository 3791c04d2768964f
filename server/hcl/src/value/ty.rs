//! Types of values, and the names cty gives them in messages.

use std::collections::BTreeMap;
use std::fmt;

use smol_str::SmolStr;

use super::Value;

/// The type of a value, or the constraint a variable puts on one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// Any type: of `null`, of the unknown, and of a constraint that asks for nothing.
    Dynamic,
    Bool,
    Number,
    String,
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>),
    Tuple(Vec<Type>),
    Object(BTreeMap<SmolStr, Type>),
    /// [`Value::Raw`]
    Raw,
    /// [`Value::Reference`]
    Reference,
    /// [`Value::Type`] and [`Value::TypeExpr`]
    Type,
}

impl Type {
    /// `list(element)`
    pub fn list(element: Type) -> Self {
        Type::List(Box::new(element))
    }

    /// `set(element)`
    pub fn set(element: Type) -> Self {
        Type::Set(Box::new(element))
    }

    /// `map(element)`
    pub fn map(element: Type) -> Self {
        Type::Map(Box::new(element))
    }

    /// The name in a message about a value: `list of string`, `dynamic`.
    ///
    /// Source: go-cty, `Type.FriendlyName`.
    pub fn friendly(&self) -> String {
        match self {
            Type::Dynamic => "dynamic".into(),
            Type::Bool => "bool".into(),
            Type::Number => "number".into(),
            Type::String => "string".into(),
            Type::List(element) => format!("list of {}", element.friendly()),
            Type::Set(element) => format!("set of {}", element.friendly()),
            Type::Map(element) => format!("map of {}", element.friendly()),
            Type::Tuple(_) => "tuple".into(),
            Type::Object(_) => "object".into(),
            Type::Raw => "sql expression".into(),
            Type::Reference => "reference".into(),
            Type::Type => "type".into(),
        }
    }

    /// The name in a message about what is wanted: `any type` where nothing is asked for.
    ///
    /// Source: go-cty, `Type.FriendlyNameForConstraint`.
    pub fn friendly_constraint(&self) -> String {
        let element = |element: &Type| match element {
            Type::Dynamic => "any single type".into(),
            other => other.friendly_constraint(),
        };
        match self {
            Type::Dynamic => "any type".into(),
            Type::List(inner) => format!("list of {}", element(inner)),
            Type::Set(inner) => format!("set of {}", element(inner)),
            Type::Map(inner) => format!("map of {}", element(inner)),
            other => other.friendly(),
        }
    }

    pub fn is_primitive(&self) -> bool {
        matches!(self, Type::Bool | Type::Number | Type::String)
    }
}

/// As it is written in a `variable` block: `list(string)`.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Dynamic => f.write_str("any"),
            Type::List(element) => write!(f, "list({element})"),
            Type::Set(element) => write!(f, "set({element})"),
            Type::Map(element) => write!(f, "map({element})"),
            Type::Tuple(items) => {
                f.write_str("tuple([")?;
                for (at, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if at == 0 { "" } else { ", " })?;
                }
                f.write_str("])")
            }
            Type::Object(attributes) => {
                f.write_str("object({")?;
                for (at, (name, ty)) in attributes.iter().enumerate() {
                    write!(f, "{}{name} = {ty}", if at == 0 { " " } else { ", " })?;
                }
                f.write_str(" })")
            }
            other => f.write_str(&other.friendly()),
        }
    }
}

impl Value {
    /// The type of the value.
    pub fn ty(&self) -> Type {
        match self {
            Value::Null | Value::Unknown(_) => Type::Dynamic,
            Value::Bool(_) => Type::Bool,
            Value::Number(_) => Type::Number,
            Value::String(_) => Type::String,
            Value::List(list) => Type::list(list.element.clone()),
            Value::Set(set) => Type::set(set.element.clone()),
            Value::Map(map) => Type::map(map.element.clone()),
            Value::Tuple(items) => Type::Tuple(items.iter().map(Value::ty).collect()),
            Value::Object(entries) => {
                Type::Object(entries.iter().map(|(key, value)| (key.clone(), value.ty())).collect())
            }
            Value::Reference(_) => Type::Reference,
            Value::Raw(_) => Type::Raw,
            Value::Type(_) | Value::TypeExpr(_) => Type::Type,
        }
    }
}
