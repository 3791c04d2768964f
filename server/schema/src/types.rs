//! Column types: what SQL calls them, what they take, and which family they belong to.

use smol_str::SmolStr;

/// The type of a column.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ColumnType {
    /// The family, which decides how defaults are quoted and which changes are conversions.
    pub class: Class,
    /// The canonical SQL name in the dialect's spelling: `integer`, `character varying`.
    pub name: SmolStr,
    /// `10, 2` of `decimal(10, 2)`; `'a', 'b'` of `enum('a', 'b')`.
    pub args: Vec<Arg>,
    pub unsigned: bool,
    /// The schema of a type a user declared (an enum, a domain), by whose name it is called; `None` for a type of the
    /// database.
    pub schema: Option<SmolStr>,
}

/// An argument of a type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Arg {
    Int(i64),
    Str(String),
}

/// A family of types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Class {
    Bool,
    Integer,
    Float,
    Decimal,
    String,
    Binary,
    Enum,
    Set,
    Time,
    Interval,
    Json,
    Spatial,
    Uuid,
    Network,
    Bits,
    Array,
    Range,
    Serial,
    /// Known by name only: kept verbatim, never judged.
    UserDefined,
}

impl ColumnType {
    /// A type without arguments.
    pub fn new(class: Class, name: impl Into<SmolStr>) -> Self {
        Self { class, name: name.into(), args: Vec::new(), unsigned: false, schema: None }
    }

    /// The same type, with `args`.
    #[must_use]
    pub fn with_args(mut self, args: impl IntoIterator<Item = i64>) -> Self {
        self.args = args.into_iter().map(Arg::Int).collect();
        self
    }

    /// The `index`th argument, if it is a number.
    pub fn int_arg(&self, index: usize) -> Option<i64> {
        match self.args.get(index) {
            Some(Arg::Int(value)) => Some(*value),
            _ => None,
        }
    }
}
