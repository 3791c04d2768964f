//! Functions of lists, sets, maps, tuples and objects.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::{Outcome, any, many, number, pure, value_at, whole};
use crate::function::{CallError, Function, Group, Param, ParamType};
use crate::scope::Scope;
use crate::value::{Number, Type, Value, convert, unify};

const G: Group = Group::Collection;
const LIST: Param = Param::new("list", ParamType::ListOfAny);
const STRINGS: Param = Param::new("list", ParamType::ListOfString);
const FIRST: Param = Param::new("first_set", ParamType::SetOfAny);
const OTHERS: Param = Param::new("other_sets", ParamType::SetOfAny);

#[rustfmt::skip]
pub static TABLE: &[Function] = &[
    pure(G, "alltrue", &[any("list")], "bool", alltrue, "Whether all elements are true; so for an empty list."),
    pure(G, "anytrue", &[any("list")], "bool", anytrue, "Whether any element is true."),
    pure(G, "chunklist", &[LIST, number("size")], "list(list(any))", chunklist, "The list in parts of a size."),
    many(G, "coalescelist", &[], any("vals").nullable(), "list(any)", coalescelist, "The first list that is neither null nor empty."),
    pure(G, "compact", &[STRINGS], "list(string)", compact, "The list without null and empty strings."),
    many(G, "concat", &[], any("seqs"), "list(any)", concat, "The elements of all lists, in order."),
    pure(G, "contains", &[any("list"), any("value").nullable()], "bool", contains, "Whether a value is among the elements."),
    pure(G, "distinct", &[LIST], "list(any)", distinct, "The list with each element once, where it comes first."),
    pure(G, "element", &[any("list"), number("index")], "any", element, "The element at an index, which starts over at the end."),
    pure(G, "empty", &[any("collection")], "bool", empty, "Whether a collection has no elements."),
    pure(G, "flatten", &[any("list")], "list(any)", flatten, "The elements of a list and of all lists in it."),
    pure(G, "index", &[any("collection"), any("key")], "any", index, "The element at an index or key, as `collection[key]`."),
    pure(G, "keys", &[any("inputMap")], "list(string)", keys, "The keys of a map or object, sorted."),
    pure(G, "length", &[any("collection")], "number", length, "The number of elements of a collection."),
    many(G, "merge", &[], any("maps").nullable(), "map(any)", merge, "The entries of all maps or objects; later ones win."),
    many(G, "range", &[], number("params"), "list(number)", range, "Numbers from a start (0) to before an end, by a step (1): `range(3)`, `range(1, 4)`, `range(1, 8, 2)`."),
    pure(G, "reverse", &[any("list")], "list(any)", reverse, "The elements in reverse order."),
    many(G, "setintersection", &[FIRST], OTHERS, "set(any)", setintersection, "The elements that are in all sets."),
    many(G, "setproduct", &[], any("sets"), "list(any)", setproduct, "All combinations of one element of each list or set."),
    pure(G, "setsubtract", &[Param::new("a", ParamType::SetOfAny), Param::new("b", ParamType::SetOfAny)], "set(any)", setsubtract, "The elements of the first set that are not in the second."),
    many(G, "setunion", &[FIRST], OTHERS, "set(any)", setunion, "The elements that are in any of the sets."),
    pure(G, "slice", &[any("list"), number("start_index"), number("end_index")], "list(any)", slice, "The elements from a start index to before an end index."),
    pure(G, "sort", &[STRINGS], "list(string)", sort, "The strings in the order of their characters."),
    pure(G, "values", &[any("mapping")], "list(any)", values, "The values of a map or object, in the order of its keys."),
    pure(G, "zipmap", &[STRINGS_KEYS, any("values")], "map(any)", zipmap, "A map from keys to the values at the same index."),
];

const STRINGS_KEYS: Param = Param::new("keys", ParamType::ListOfString);
/// `setproduct` and `range` beyond this are refused rather than left to fill the memory.
const MAX_PRODUCT: usize = 100_000;
/// Source: go-cty, `RangeFunc`.
const MAX_RANGE: usize = 1024;

/// Elements of what `length` counts; object literals are refused, as Atlas does.
fn counted(value: &Value) -> Result<Vec<&Value>, CallError> {
    match value {
        Value::List(_) | Value::Set(_) | Value::Tuple(_) => {
            Ok(value.elements().unwrap_or_default().iter().collect())
        }
        Value::Map(map) => Ok(map.entries.values().collect()),
        _ => Err(CallError::failed("collection must be a list, a map or a tuple")),
    }
}

fn items(args: &[Value], at: usize) -> Result<&[Value], CallError> {
    value_at(args, at).elements().ok_or_else(|| CallError::argument(at, "list, set or tuple required"))
}

/// A list if the elements have a type in common and the model was no tuple, else a tuple.
fn like(model: &Value, items: Vec<Value>) -> Value {
    match model {
        Value::List(list) => Value::list(list.element.clone(), items),
        Value::Set(set) => Value::list(set.element.clone(), items),
        _ => Value::tuple(items),
    }
}

fn alltrue(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(counted(value_at(args, 0))?.into_iter().all(|item| *item == Value::Bool(true)).into())
}

fn anytrue(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(counted(value_at(args, 0))?.contains(&&Value::Bool(true)).into())
}

fn empty(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(counted(value_at(args, 0))?.is_empty().into())
}

fn length(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(Value::int(counted(value_at(args, 0))?.len() as i64))
}

fn chunklist(args: &[Value], _: &dyn Scope) -> Outcome {
    let list = value_at(args, 0);
    let all = items(args, 0)?;
    let size = whole(args, 1)?;
    let size =
        usize::try_from(size).map_err(|_| CallError::argument(1, "the size argument must be positive"))?;
    let size = if size == 0 { all.len().max(1) } else { size };
    let chunks = all.chunks(size).map(|chunk| like(list, chunk.to_vec())).collect();
    Ok(Value::list(list.ty(), chunks))
}

fn coalescelist(args: &[Value], _: &dyn Scope) -> Outcome {
    for arg in args {
        match arg.elements() {
            Some([]) => {}
            Some(_) => return Ok(arg.clone()),
            None if arg.is_null() => {}
            None => return Err(CallError::failed("coalescelist arguments must be lists or tuples")),
        }
    }
    Err(CallError::failed("no non-null arguments"))
}

fn compact(args: &[Value], _: &dyn Scope) -> Outcome {
    Ok(Value::strings(items(args, 0)?.iter().filter_map(Value::as_str).filter(|text| !text.is_empty())))
}

fn concat(args: &[Value], _: &dyn Scope) -> Outcome {
    if args.is_empty() {
        return Err(CallError::failed("at least one argument is required"));
    }
    let mut out = Vec::new();
    let mut types = Vec::new();
    for (at, arg) in args.iter().enumerate() {
        match arg {
            Value::List(list) => {
                types.push(Some(list.element.clone()));
                out.extend(list.items.iter().cloned());
            }
            Value::Tuple(items) => {
                types.push(None);
                out.extend(items.iter().cloned());
            }
            other => {
                let why = format!("all arguments must be lists or tuples; got {}", other.ty().friendly());
                return Err(CallError::argument(at, why));
            }
        }
    }
    // Lists only, of types that agree, stay a list.
    let lists: Option<Vec<Type>> = types.into_iter().collect();
    match lists.and_then(|types| unify(&types)) {
        Some(element) => {
            let items = out.iter().map(|item| convert(item, &element)).collect::<Result<Vec<_>, _>>();
            items.map(|items| Value::list(element, items)).map_err(|error| CallError::failed(error.0))
        }
        None => Ok(Value::tuple(out)),
    }
}

fn contains(args: &[Value], _: &dyn Scope) -> Outcome {
    match value_at(args, 0).elements() {
        Some(items) => Ok(items.contains(value_at(args, 1)).into()),
        None => Err(CallError::argument(0, "argument must be list, tuple, or set")),
    }
}

fn distinct(args: &[Value], _: &dyn Scope) -> Outcome {
    let mut out: Vec<Value> = Vec::new();
    for item in items(args, 0)? {
        if !out.contains(item) {
            out.push(item.clone());
        }
    }
    Ok(like(value_at(args, 0), out))
}

fn element(args: &[Value], _: &dyn Scope) -> Outcome {
    let list = value_at(args, 0);
    let (Value::List(_) | Value::Tuple(_)) = list else {
        return Err(CallError::failed(format!("cannot read elements from {}", list.ty().friendly())));
    };
    let items = list.elements().unwrap_or_default();
    if items.is_empty() {
        return Err(CallError::failed("cannot use element function with an empty list"));
    }
    let at = whole(args, 1)?;
    let Ok(at) = usize::try_from(at) else {
        return Err(CallError::failed("cannot use element function with a negative index"));
    };
    Ok(items.get(at % items.len()).cloned().unwrap_or(Value::Null))
}

fn flatten(args: &[Value], _: &dyn Scope) -> Outcome {
    fn walk(items: &[Value], out: &mut Vec<Value>) {
        for item in items {
            match item.elements() {
                Some(inner) => walk(inner, out),
                None => out.push(item.clone()),
            }
        }
    }
    let Some(items) = value_at(args, 0).elements() else {
        return Err(CallError::failed("can only flatten lists, sets and tuples"));
    };
    let mut out = Vec::new();
    walk(items, &mut out);
    Ok(Value::tuple(out))
}

fn index(args: &[Value], _: &dyn Scope) -> Outcome {
    let (collection, key) = (value_at(args, 0), value_at(args, 1));
    let found = match collection {
        Value::List(_) | Value::Tuple(_) => {
            let kind = if matches!(collection, Value::List(_)) { "list" } else { "tuple" };
            let Some(number) = key.as_number() else {
                return Err(CallError::argument(1, format!("key for {kind} must be number")));
            };
            number.to_usize().and_then(|at| collection.elements()?.get(at))
        }
        Value::Map(map) => match key.as_str() {
            Some(key) => map.entries.get(key),
            None => return Err(CallError::argument(1, "key for map must be string")),
        },
        _ => return Err(CallError::failed("collection must be a list, a map or a tuple")),
    };
    found.cloned().ok_or_else(|| CallError::failed("invalid index"))
}

fn entries(args: &[Value], at: usize) -> Result<&BTreeMap<SmolStr, Value>, CallError> {
    value_at(args, at).entries().ok_or_else(|| CallError::argument(at, "must be a map or object"))
}

fn keys(args: &[Value], _: &dyn Scope) -> Outcome {
    let keys = entries(args, 0)?.keys().cloned();
    Ok(match value_at(args, 0) {
        Value::Object(_) => Value::tuple(keys.map(Value::String).collect()),
        _ => Value::strings(keys),
    })
}

fn values(args: &[Value], _: &dyn Scope) -> Outcome {
    let Some(entries) = value_at(args, 0).entries() else {
        return Err(CallError::argument(0, "values() requires a map as the first argument"));
    };
    let values = entries.values().cloned().collect();
    Ok(match value_at(args, 0) {
        Value::Map(map) => Value::list(map.element.clone(), values),
        _ => Value::tuple(values),
    })
}

fn merge(args: &[Value], _: &dyn Scope) -> Outcome {
    let mut out: BTreeMap<SmolStr, Value> = BTreeMap::new();
    let mut types: Option<Vec<Type>> = Some(Vec::new());
    for arg in args.iter().filter(|arg| !arg.is_null()) {
        let Some(entries) = arg.entries() else {
            return Err(CallError::failed(format!(
                "arguments must be maps or objects, got {:?}",
                arg.ty().friendly()
            )));
        };
        types = match (types, arg) {
            (Some(mut types), Value::Map(map)) => {
                types.push(map.element.clone());
                Some(types)
            }
            _ => None,
        };
        out.extend(entries.iter().map(|(key, value)| (key.clone(), value.clone())));
    }
    // Maps of one type stay a map.
    match types.as_deref() {
        Some([first, rest @ ..]) if rest.iter().all(|ty| ty == first) => Ok(Value::map(first.clone(), out)),
        _ => Ok(Value::object(out)),
    }
}

fn range(args: &[Value], _: &dyn Scope) -> Outcome {
    let numbers: Vec<&Number> = args.iter().filter_map(Value::as_number).collect();
    let (zero, one, minus) = (Number::from(0), Number::from(1), Number::from(-1));
    let (start, end, step) = match numbers.as_slice() {
        [end] => (&zero, *end, if end.is_negative() { &minus } else { &one }),
        [start, end] => (*start, *end, if end < start { &minus } else { &one }),
        [start, end, step] => (*start, *end, *step),
        _ => return Err(CallError::failed("must have one, two, or three arguments")),
    };
    if step.is_zero() {
        return Err(CallError::argument(2, "step must not be zero"));
    }
    if step.is_negative() && start < end {
        return Err(CallError::argument(1, "end must be less than start when step is negative"));
    }
    if !step.is_negative() && end < start {
        return Err(CallError::argument(1, "end must be greater than start when step is positive"));
    }
    let mut out = Vec::new();
    let mut at = start.clone();
    while if step.is_negative() { at > *end } else { at < *end } {
        if out.len() >= MAX_RANGE {
            return Err(CallError::failed(
                "more than 1024 values were generated; either decrease the difference between start and end or use a \
                 smaller step",
            ));
        }
        let next = at.plus(step);
        out.push(Value::Number(at));
        at = next;
    }
    Ok(Value::list(Type::Number, out))
}

fn reverse(args: &[Value], _: &dyn Scope) -> Outcome {
    let list = value_at(args, 0);
    match list.elements() {
        Some(items) => Ok(like(list, items.iter().rev().cloned().collect())),
        None => Err(CallError::argument(
            0,
            format!("can only reverse list or tuple values, not {}", list.ty().friendly()),
        )),
    }
}

/// The sets with elements of one type, and that type.
fn sets(args: &[Value]) -> Result<(Type, Vec<Vec<Value>>), CallError> {
    let types: Vec<Type> = args
        .iter()
        .map(|arg| match arg {
            Value::Set(set) => set.element.clone(),
            _ => Type::Dynamic,
        })
        .collect();
    let Some(element) = unify(&types) else {
        return Err(CallError::failed("given sets must all have compatible element types"));
    };
    let mut out = Vec::with_capacity(args.len());
    for (at, arg) in args.iter().enumerate() {
        let set =
            convert(arg, &Type::set(element.clone())).map_err(|error| CallError::argument(at, error.0))?;
        out.push(set.elements().unwrap_or_default().to_vec());
    }
    Ok((element, out))
}

fn setunion(args: &[Value], _: &dyn Scope) -> Outcome {
    let (element, sets) = sets(args)?;
    Ok(Value::set(element, sets.into_iter().flatten().collect()))
}

fn setintersection(args: &[Value], _: &dyn Scope) -> Outcome {
    let (element, sets) = sets(args)?;
    let Some((first, rest)) = sets.split_first() else { return Ok(Value::set(element, Vec::new())) };
    let shared = first.iter().filter(|item| rest.iter().all(|set| set.contains(item))).cloned().collect();
    Ok(Value::set(element, shared))
}

fn setsubtract(args: &[Value], _: &dyn Scope) -> Outcome {
    let (element, sets) = sets(args)?;
    let [a, b] = sets.as_slice() else { return Ok(Value::set(element, Vec::new())) };
    Ok(Value::set(element, a.iter().filter(|item| !b.contains(item)).cloned().collect()))
}

fn setproduct(args: &[Value], _: &dyn Scope) -> Outcome {
    if args.len() < 2 {
        return Err(CallError::failed("at least two arguments are required"));
    }
    let mut out: Vec<Vec<Value>> = vec![Vec::new()];
    for at in 0..args.len() {
        let items = items(args, at)?;
        if out.len().saturating_mul(items.len()) > MAX_PRODUCT {
            return Err(CallError::failed("the result is too large"));
        }
        let extended = out.iter().flat_map(|head| {
            items.iter().map(move |item| head.iter().cloned().chain(std::iter::once(item.clone())).collect())
        });
        out = extended.collect();
    }
    let tuples: Vec<Value> = out.into_iter().map(Value::tuple).collect();
    let element = tuples.first().map_or(Type::Dynamic, Value::ty);
    if args.iter().all(|arg| matches!(arg, Value::Set(_))) {
        return Ok(Value::set(element, tuples));
    }
    match unify(tuples.iter().map(Value::ty).collect::<Vec<_>>().iter()) {
        Some(element) => Ok(Value::list(element, tuples)),
        None => Ok(Value::tuple(tuples)),
    }
}

fn slice(args: &[Value], _: &dyn Scope) -> Outcome {
    let list = value_at(args, 0);
    let (Value::List(_) | Value::Tuple(_)) = list else {
        return Err(CallError::argument(0, "must be a list or tuple value"));
    };
    let items = list.elements().unwrap_or_default();
    let (start, end) = (whole(args, 1)?, whole(args, 2)?);
    let Ok(start) = usize::try_from(start) else {
        return Err(CallError::argument(1, "start index must not be less than zero"));
    };
    let Some(end) = usize::try_from(end).ok().filter(|end| *end <= items.len()) else {
        return Err(CallError::argument(2, "end index must not be greater than the length of the list"));
    };
    if start > end {
        return Err(CallError::argument(1, "start index must not be greater than end index"));
    }
    Ok(like(list, items.get(start..end).unwrap_or_default().to_vec()))
}

fn sort(args: &[Value], _: &dyn Scope) -> Outcome {
    let mut strings: Vec<&str> = Vec::new();
    for item in items(args, 0)? {
        strings.push(item.as_str().ok_or_else(|| {
            CallError::argument(0, "given list element is null; a null string cannot be sorted")
        })?);
    }
    strings.sort_unstable();
    Ok(Value::strings(strings))
}

fn zipmap(args: &[Value], _: &dyn Scope) -> Outcome {
    let (keys, values) = (items(args, 0)?, value_at(args, 1));
    let (Value::List(_) | Value::Tuple(_)) = values else {
        return Err(CallError::argument(1, "values parameter must be a list or tuple value"));
    };
    let items = values.elements().unwrap_or_default();
    if keys.len() != items.len() {
        return Err(CallError::failed(format!(
            "number of keys ({}) does not match number of values ({})",
            keys.len(),
            items.len()
        )));
    }
    let entries = keys.iter().filter_map(Value::as_str).zip(items.iter().cloned());
    Ok(match values {
        Value::List(list) => Value::map(list.element.clone(), entries),
        _ => Value::object(entries),
    })
}
