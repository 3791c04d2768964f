//! Attributes that only some dialects have, as declared typed keys.
//!
//! `pub static STRICT: AttrKey<bool> = AttrKey::new("strict", "…")` in a dialect is the one declaration that feeds
//! decoding, encoding, comparing, hover and the reference page; a new dialect adds nothing here.

use std::collections::BTreeMap;
use std::marker::PhantomData;

/// A declared attribute: its HCL name and one sentence of documentation.
#[derive(Debug)]
pub struct AttrKey<T> {
    pub name: &'static str,
    pub doc: &'static str,
    marker: PhantomData<fn() -> T>,
}

/// What an attribute can hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttrValue {
    Bool(bool),
    Int(i64),
    Str(String),
    List(Vec<String>),
    /// Nested blocks of one kind, in order: the fields of a composite type, the checks of a domain.
    Items(Vec<Attrs>),
}

/// A set of attributes, ordered by name so that equality and printing do not depend on who filled it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attrs(BTreeMap<&'static str, AttrValue>);

/// A type an attribute can have.
pub trait AttrType: Sized {
    fn wrap(self) -> AttrValue;
    fn unwrap(value: &AttrValue) -> Option<Self>;
}

impl<T> AttrKey<T> {
    pub const fn new(name: &'static str, doc: &'static str) -> Self {
        Self { name, doc, marker: PhantomData }
    }
}

impl Attrs {
    /// The value of `key`, if set.
    pub fn get<T: AttrType>(&self, key: &AttrKey<T>) -> Option<T> {
        self.0.get(key.name).and_then(T::unwrap)
    }

    /// Sets `key`.
    pub fn set<T: AttrType>(&mut self, key: &AttrKey<T>, value: T) {
        self.0.insert(key.name, value.wrap());
    }

    /// Sets the attribute `name` to a value of any type.
    pub fn put(&mut self, name: &'static str, value: AttrValue) {
        self.0.insert(name, value);
    }

    /// Unsets `key`.
    pub fn remove<T>(&mut self, key: &AttrKey<T>) {
        self.0.remove(key.name);
    }

    /// Whether a boolean `key` is set and true.
    pub fn is(&self, key: &AttrKey<bool>) -> bool {
        self.get(key) == Some(true)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &AttrValue)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }
}

impl AttrType for bool {
    fn wrap(self) -> AttrValue {
        AttrValue::Bool(self)
    }
    fn unwrap(value: &AttrValue) -> Option<Self> {
        if let AttrValue::Bool(value) = value { Some(*value) } else { None }
    }
}

impl AttrType for i64 {
    fn wrap(self) -> AttrValue {
        AttrValue::Int(self)
    }
    fn unwrap(value: &AttrValue) -> Option<Self> {
        if let AttrValue::Int(value) = value { Some(*value) } else { None }
    }
}

impl AttrType for String {
    fn wrap(self) -> AttrValue {
        AttrValue::Str(self)
    }
    fn unwrap(value: &AttrValue) -> Option<Self> {
        if let AttrValue::Str(value) = value { Some(value.clone()) } else { None }
    }
}

impl AttrType for Vec<String> {
    fn wrap(self) -> AttrValue {
        AttrValue::List(self)
    }
    fn unwrap(value: &AttrValue) -> Option<Self> {
        if let AttrValue::List(value) = value { Some(value.clone()) } else { None }
    }
}

impl AttrType for Vec<Attrs> {
    fn wrap(self) -> AttrValue {
        AttrValue::Items(self)
    }
    fn unwrap(value: &AttrValue) -> Option<Self> {
        if let AttrValue::Items(value) = value { Some(value.clone()) } else { None }
    }
}
