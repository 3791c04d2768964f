//! The values HCL computes with, after cty: the same kinds, the same names in messages, decimals kept exactly.
//!
//! Three kinds are ours: [`Reference`] (a block of the document), [`Value::Raw`] (`sql("…")`) and [`Value::Type`]
//! (a type of a database such as `varchar(255)`). Invariant: the elements of a set are sorted and differ; the keys of
//! a map or object are sorted. Equal values mean the same.

mod convert;
mod json;
mod number;
mod ty;

use std::collections::BTreeMap;
use std::sync::Arc;

use smol_str::SmolStr;

pub use self::convert::{ConvertError, convert, unify};
pub use self::number::Number;
pub use self::ty::Type;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    Null,
    Bool(bool),
    Number(Number),
    String(SmolStr),
    /// Elements of one type, in order: what a conversion to `list(t)` gives.
    List(List),
    /// Elements of one type, sorted, each once.
    Set(Set),
    /// Values of one type by key.
    Map(Map),
    /// What `[…]` gives: each element has its own type.
    Tuple(Arc<Vec<Value>>),
    /// What `{…}` gives: each attribute has its own type.
    Object(Arc<BTreeMap<SmolStr, Value>>),
    /// Not known yet, or lost in a mistake that was reported elsewhere.
    Unknown(Unknown),
    /// A block of the document, or something in it.
    Reference(Reference),
    /// `sql("…")`: an expression for the database, not to be quoted.
    Raw(SmolStr),
    /// A type of a database, `int` or `varchar(255)`.
    Type(TypeCall),
    /// A type of a variable, `string` or `list(string)`.
    TypeExpr(Type),
}

/// Elements of one type, in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct List {
    pub element: Type,
    pub items: Arc<Vec<Value>>,
}

/// Elements of one type, each once, sorted; build it with [`Value::set`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    pub element: Type,
    items: Arc<Vec<Value>>,
}

impl Set {
    /// The elements in order: numbers by size, strings by their bytes.
    pub fn items(&self) -> &[Value] {
        &self.items
    }
}

/// Values of one type by key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Map {
    pub element: Type,
    pub entries: Arc<BTreeMap<SmolStr, Value>>,
}

/// A value we cannot know, and the facts that would let us.
///
/// Without facts it is the remains of a mistake already reported, or of something that we do not analyse.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unknown {
    /// Sorted, each once.
    pub because: Vec<Fact>,
}

/// The name of a fact of the outside world, such as `env:HOME` or `file:schema.sql`. Opaque: compare and hand it back.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fact(pub SmolStr);

/// A path to a block of the document, `table.users.column.id`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    pub path: Vec<Step>,
    /// What `.name` and other attributes of the referenced block give.
    pub attributes: Arc<BTreeMap<SmolStr, Value>>,
}

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Step {
    /// `.name`, also `["name"]`.
    Name(SmolStr),
    /// `[0]`, also `.0`.
    Index(u64),
}

/// A type of a database as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeCall {
    pub name: SmolStr,
    pub args: Vec<Value>,
}

impl Step {
    /// The name, for a step that has one.
    pub fn name(&self) -> Option<&str> {
        match self {
            Step::Name(name) => Some(name),
            Step::Index(_) => None,
        }
    }
}

impl Fact {
    pub fn new(key: impl Into<SmolStr>) -> Self {
        Self(key.into())
    }
}

impl Unknown {
    /// Unknown for want of one fact.
    pub fn wanting(fact: Fact) -> Self {
        Self { because: vec![fact] }
    }

    /// Unknown for want of all that either wants.
    #[must_use]
    pub fn and(mut self, other: &Unknown) -> Self {
        self.because.extend(other.because.iter().cloned());
        self.because.sort();
        self.because.dedup();
        self
    }
}

impl Reference {
    /// The path `table.users.column.id` from its names; `.name` is the last of them.
    pub fn new<S: Into<SmolStr>>(names: impl IntoIterator<Item = S>) -> Self {
        let path = names.into_iter().map(|name| Step::Name(name.into())).collect();
        Self { path, attributes: Arc::default() }
    }

    /// The names of the path.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.path.iter().filter_map(Step::name)
    }

    /// The name of the block referred to: the last of the path unless the block overrides it.
    pub fn name(&self) -> Option<&str> {
        match self.attributes.get("name") {
            Some(Value::String(name)) => Some(name),
            _ => self.path.last().and_then(Step::name),
        }
    }
}

impl Value {
    /// An unknown value with nothing that would make it known: the remains of a reported mistake.
    pub fn lost() -> Self {
        Value::Unknown(Unknown::default())
    }

    /// An unknown value that `fact` would make known.
    pub fn wanting(fact: Fact) -> Self {
        Value::Unknown(Unknown::wanting(fact))
    }

    pub fn string(text: impl Into<SmolStr>) -> Self {
        Value::String(text.into())
    }

    pub fn int(number: i64) -> Self {
        Value::Number(Number::from(number))
    }

    /// `[…]`
    pub fn tuple(items: Vec<Value>) -> Self {
        Value::Tuple(Arc::new(items))
    }

    /// `{…}`
    pub fn object<K: Into<SmolStr>>(entries: impl IntoIterator<Item = (K, Value)>) -> Self {
        Value::Object(Arc::new(entries.into_iter().map(|(key, value)| (key.into(), value)).collect()))
    }

    /// A list; the caller says the type and keeps the promise that all elements have it.
    pub fn list(element: Type, items: Vec<Value>) -> Self {
        Value::List(List { element, items: Arc::new(items) })
    }

    /// A list of strings.
    pub fn strings<S: Into<SmolStr>>(items: impl IntoIterator<Item = S>) -> Self {
        Value::list(Type::String, items.into_iter().map(|item| Value::String(item.into())).collect())
    }

    /// A set; the caller says the type and keeps the promise that all elements have it.
    pub fn set(element: Type, mut items: Vec<Value>) -> Self {
        items.sort_by(Value::order);
        items.dedup();
        Value::Set(Set { element, items: Arc::new(items) })
    }

    /// A map; the caller says the type and keeps the promise that all values have it.
    pub fn map<K: Into<SmolStr>>(element: Type, entries: impl IntoIterator<Item = (K, Value)>) -> Self {
        let entries = Arc::new(entries.into_iter().map(|(key, value)| (key.into(), value)).collect());
        Value::Map(Map { element, entries })
    }

    pub fn is_null(&self) -> bool {
        matches!(self, Value::Null)
    }

    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Value::Bool(value) => Some(*value),
            _ => None,
        }
    }

    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    pub fn as_number(&self) -> Option<&Number> {
        match self {
            Value::Number(number) => Some(number),
            _ => None,
        }
    }

    /// The number, when it is whole and fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number().and_then(Number::to_i64)
    }

    /// The elements of a list, set or tuple.
    pub fn elements(&self) -> Option<&[Value]> {
        match self {
            Value::List(list) => Some(&list.items),
            Value::Set(set) => Some(&set.items),
            Value::Tuple(items) => Some(items),
            _ => None,
        }
    }

    /// The entries of a map or object.
    pub fn entries(&self) -> Option<&BTreeMap<SmolStr, Value>> {
        match self {
            Value::Map(map) => Some(&map.entries),
            Value::Object(entries) => Some(entries),
            _ => None,
        }
    }

    /// The value at `key` of a map or object.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries()?.get(key)
    }

    /// Whether this value, or any in it, is unknown; then all that is missing.
    pub fn unknown(&self) -> Option<Unknown> {
        match self {
            Value::Unknown(unknown) => Some(unknown.clone()),
            Value::Type(call) => unknown_of(&call.args),
            _ => match (self.elements(), self.entries()) {
                (Some(items), _) => unknown_of(items),
                (_, Some(entries)) => unknown_of(entries.values()),
                _ => None,
            },
        }
    }

    /// The order sets are kept and `sort` sorts in; total, and equal only for equal values.
    pub fn order(&self, other: &Value) -> std::cmp::Ordering {
        match (self, other) {
            (Value::Bool(a), Value::Bool(b)) => a.cmp(b),
            (Value::Number(a), Value::Number(b)) => a.cmp(b),
            (Value::String(a), Value::String(b)) => a.cmp(b),
            _ if self == other => std::cmp::Ordering::Equal,
            _ => format!("{self:?}").cmp(&format!("{other:?}")),
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::string(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::string(text)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Value::int(number)
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        Value::Number(number)
    }
}

/// What is missing to know all of `values`; `None` when nothing is.
pub(crate) fn unknown_of<'a>(values: impl IntoIterator<Item = &'a Value>) -> Option<Unknown> {
    let mut found: Option<Unknown> = None;
    for value in values {
        if let Some(unknown) = value.unknown() {
            found = Some(found.unwrap_or_default().and(&unknown));
        }
    }
    found
}
