//! What a function is: its signature with words for completion and hover, and the code behind it.
//!
//! The table itself is [`crate::functions`]. A function gets its arguments converted to the declared types, known and
//! not null unless it says otherwise.

use crate::scope::{FactRequest, Scope};
use crate::value::{Type, Value};

/// A function.
#[derive(Debug)]
pub struct Function {
    pub name: &'static str,
    pub params: &'static [Param],
    /// The parameter that takes all further arguments.
    pub variadic: Option<Param>,
    /// What it gives, as it would be written in a `variable`: `list(string)`.
    pub returns: &'static str,
    /// One sentence.
    pub doc: &'static str,
    pub group: Group,
    pub purity: Purity,
    pub run: Run,
}

/// What a function is about; completion and the reference page order by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    Number,
    String,
    Collection,
    Encoding,
    Time,
    Conversion,
    Url,
    Sql,
    Project,
    Type,
}

/// Whether a function needs more than its arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purity {
    /// The same arguments give the same result, in every file.
    Pure,
    /// Asks for facts of the world; only in `atlas.hcl`.
    Project,
}

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    pub name: &'static str,
    pub ty: ParamType,
    /// Whether `null` is handed to the function instead of being refused.
    pub null: bool,
}

/// The type of a parameter; arguments are converted to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamType {
    Any,
    Bool,
    Number,
    String,
    ListOfAny,
    ListOfString,
    SetOfAny,
    MapOfAny,
    /// A type, as in `list(string)`.
    Type,
}

/// The code behind a function.
#[derive(Clone, Copy)]
pub enum Run {
    /// Gets values.
    Values(fn(&[Value], &dyn Scope) -> Result<Value, CallError>),
    /// Gets values of which some may be unknown.
    WithUnknown(fn(&[Value], &dyn Scope) -> Result<Value, CallError>),
    /// Gets expressions, evaluated one at a time: `try`.
    Try,
    /// Gets an expression, evaluated and judged: `can`.
    Can,
}

impl std::fmt::Debug for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Run::Values(_) => "Values",
            Run::WithUnknown(_) => "WithUnknown",
            Run::Try => "Try",
            Run::Can => "Can",
        })
    }
}

/// Why a function failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallError {
    /// The function as a whole: `Call to function "regex" failed: …`.
    Failed(String),
    /// One argument, counted from zero: `Invalid value for "v" parameter: …`.
    Argument(usize, String),
}

impl CallError {
    pub fn failed(message: impl Into<String>) -> Self {
        CallError::Failed(message.into())
    }

    pub fn argument(at: usize, message: impl Into<String>) -> Self {
        CallError::Argument(at, message.into())
    }
}

impl Param {
    pub const fn new(name: &'static str, ty: ParamType) -> Self {
        Self { name, ty, null: false }
    }

    /// The same parameter, taking `null` too.
    #[must_use]
    pub const fn nullable(mut self) -> Self {
        self.null = true;
        self
    }
}

impl ParamType {
    /// The type to convert an argument to.
    pub fn constraint(self) -> Type {
        match self {
            ParamType::Any => Type::Dynamic,
            ParamType::Bool => Type::Bool,
            ParamType::Number => Type::Number,
            ParamType::String => Type::String,
            ParamType::ListOfAny => Type::list(Type::Dynamic),
            ParamType::ListOfString => Type::list(Type::String),
            ParamType::SetOfAny => Type::set(Type::Dynamic),
            ParamType::MapOfAny => Type::map(Type::Dynamic),
            ParamType::Type => Type::Type,
        }
    }

    /// As it is written in a signature: `list(string)`.
    pub fn as_str(self) -> &'static str {
        match self {
            ParamType::Any => "any",
            ParamType::Bool => "bool",
            ParamType::Number => "number",
            ParamType::String => "string",
            ParamType::ListOfAny => "list(any)",
            ParamType::ListOfString => "list(string)",
            ParamType::SetOfAny => "set(any)",
            ParamType::MapOfAny => "map(any)",
            ParamType::Type => "type",
        }
    }
}

impl Function {
    /// The parameter an argument belongs to.
    pub fn param(&self, at: usize) -> Option<&Param> {
        self.params.get(at).or(self.variadic.as_ref())
    }

    /// `substr(str string, offset number, length number) string`
    pub fn signature(&self) -> String {
        let mut params: Vec<String> =
            self.params.iter().map(|param| format!("{} {}", param.name, param.ty.as_str())).collect();
        params.extend(self.variadic.iter().map(|param| format!("{}... {}", param.name, param.ty.as_str())));
        format!("{}({}) {}", self.name, params.join(", "), self.returns)
    }
}

/// Asks the scope for a fact; unknown when nobody fetched it yet.
pub(crate) fn ask(scope: &dyn Scope, request: &FactRequest) -> Result<Value, CallError> {
    match scope.fact(request) {
        None => Ok(Value::wanting(request.fact())),
        Some(answer) => answer.map_err(CallError::Failed),
    }
}
