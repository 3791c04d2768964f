//! What an expression can see: names, functions, and facts of the world outside.
//!
//! A scope answers for a root name *with* the static steps that follow it, so it may evaluate `local.a` without
//! touching `local.b`, and turn `table.users.column.id` into one reference. Nothing here does I/O.

mod context;

use smol_str::SmolStr;
use text::Code;

pub use self::context::{Context, Lazy, World};
use crate::function::Function;
use crate::value::{Fact, Step, Value};

/// What an expression can see.
pub trait Scope {
    /// What `root` and the static `steps` after it mean here.
    ///
    /// `steps` end at the first index that is not a literal, or at a splat. The scope says how many of them it used;
    /// the evaluator applies the rest to the value.
    fn lookup(&self, root: &str, steps: &[Step]) -> Found;

    /// The root names that can be seen, for suggestions and completion.
    fn names(&self) -> Vec<SmolStr>;

    /// The function called `name`.
    fn function(&self, name: &str) -> Option<&'static Function>;

    /// The names of the functions, for suggestions and completion.
    fn function_names(&self) -> Vec<&'static str>;

    /// Whether `name` is a type of the schema here: then `name` and `name(…)` evaluate to a [`Value::Type`].
    fn is_type(&self, name: &str) -> bool {
        let _ = name;
        false
    }

    /// What the world says, if somebody asked it already; `None` makes the result unknown for want of
    /// [`FactRequest::fact`].
    ///
    /// A failed fetch is an answer too: its message becomes that of the function.
    fn fact(&self, request: &FactRequest) -> Option<Result<Value, String>> {
        let _ = request;
        None
    }

    /// The words used for a root name that is not there, when the place has its own: the parts of
    /// `Unknown <summary>` and `There is no <noun> named "X".`
    fn missing_noun(&self) -> Option<(String, String)> {
        None
    }

    /// Takes a line that `print` printed.
    fn print(&self, line: &str) {
        let _ = line;
    }
}

/// The answer to a lookup.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// The value of the root and the first `used` steps.
    Value { value: Value, used: usize },
    /// There is no such root name.
    Missing,
    /// The root is known but what follows is a mistake, at step `at` (counted from zero; the root itself when `None`).
    Mistake { at: Option<usize>, code: Code, summary: String, detail: String },
}

impl Found {
    /// The value of the root alone.
    pub fn root(value: Value) -> Self {
        Found::Value { value, used: 0 }
    }

    /// There is no attribute `name`, at step `at`.
    pub fn no_attribute(at: usize, name: &str) -> Self {
        Found::Mistake {
            at: Some(at),
            code: crate::code::UNSUPPORTED_ATTRIBUTE,
            summary: "Unsupported attribute".into(),
            detail: format!("This object does not have an attribute named {name:?}."),
        }
    }
}

/// A question to the world outside.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum FactRequest {
    /// The text of a file, relative to the directory of the configuration.
    File { path: SmolStr },
    /// The files matching a pattern with `**`, as absolute paths.
    Fileset { pattern: SmolStr },
    /// The files matching a plain pattern.
    Glob { pattern: SmolStr },
    /// An environment variable; unset is the empty string.
    Env { name: SmolStr },
    /// The time now, RFC 3339 in UTC.
    Now,
}

impl FactRequest {
    /// The name of the fact asked for.
    pub fn fact(&self) -> Fact {
        match self {
            FactRequest::File { path } => Fact::new(format!("file:{path}")),
            FactRequest::Fileset { pattern } => Fact::new(format!("fileset:{pattern}")),
            FactRequest::Glob { pattern } => Fact::new(format!("glob:{pattern}")),
            FactRequest::Env { name } => Fact::new(format!("env:{name}")),
            FactRequest::Now => Fact::new("now"),
        }
    }

    /// The request behind the name of a fact, for front ends that are handed facts only.
    pub fn parse(fact: &Fact) -> Option<Self> {
        if fact.0 == "now" {
            return Some(FactRequest::Now);
        }
        let (kind, rest) = fact.0.split_once(':')?;
        let rest = SmolStr::from(rest);
        Some(match kind {
            "file" => FactRequest::File { path: rest },
            "fileset" => FactRequest::Fileset { pattern: rest },
            "glob" => FactRequest::Glob { pattern: rest },
            "env" => FactRequest::Env { name: rest },
            _ => return None,
        })
    }
}
