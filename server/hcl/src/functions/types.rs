//! The constructors of types, for `variable` blocks: `list(string)`.

use super::{Outcome, any, pure, value_at};
use crate::function::{CallError, Function, Group, Param, ParamType};
use crate::scope::Scope;
use crate::value::{Type, Value};

const G: Group = Group::Type;
const ELEMENT: &[Param] = &[Param::new("elem_type", ParamType::Type)];

#[rustfmt::skip]
pub static TABLE: &[Function] = &[
    pure(G, "list", ELEMENT, "type", list, "The type of lists with elements of a type."),
    pure(G, "map", ELEMENT, "type", map, "The type of maps with values of a type."),
    pure(G, "object", &[any("attr_types")], "type", object, "The type of objects with attributes of given types: `object({ name = string })`."),
    pure(G, "set", ELEMENT, "type", set, "The type of sets with elements of a type."),
    pure(G, "tuple", &[any("elem_types")], "type", tuple, "The type of tuples with elements of given types: `tuple([string, number])`."),
];

fn type_of(value: &Value, at: usize) -> Result<Type, CallError> {
    match value {
        Value::TypeExpr(ty) => Ok(ty.clone()),
        _ => Err(CallError::argument(at, "type required")),
    }
}

fn list(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(Value::TypeExpr(Type::list(type_of(value_at(args, 0), 0)?)))
}

fn set(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(Value::TypeExpr(Type::set(type_of(value_at(args, 0), 0)?)))
}

fn map(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(Value::TypeExpr(Type::map(type_of(value_at(args, 0), 0)?)))
}

fn tuple(args: &[Value], _: &dyn Scope) -> Outcome {
    let items =
        value_at(args, 0).elements().ok_or_else(|| CallError::argument(0, "list of type required"))?;
    let types = items.iter().map(|item| type_of(item, 0)).collect::<Result<_, _>>()?;
    Ok(Value::TypeExpr(Type::Tuple(types)))
}

fn object(args: &[Value], _: &dyn Scope) -> Outcome {
    let entries =
        value_at(args, 0).entries().ok_or_else(|| CallError::argument(0, "map of type required"))?;
    let types = entries.iter().map(|(name, item)| Ok((name.clone(), type_of(item, 0)?)));
    Ok(Value::TypeExpr(Type::Object(types.collect::<Result<_, CallError>>()?)))
}
