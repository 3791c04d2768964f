//! HCL as a language, knowing nothing of Atlas.
//!
//! Values and their types, evaluation over the resilient tree of `syntax`, the function library, what a body may
//! contain ([`spec`]), validation against it, and a writer of canonical text. Nothing here does I/O: what lies outside
//! (a file, an environment variable) is asked of the [`Scope`], and a missing answer becomes an unknown value.
//! Invariant: text written by a user is never an error of ours, and evaluation never panics on it.

mod diagnostic;
mod eval;
mod for_each;
pub mod function;
pub mod functions;
mod locals;
mod references;
mod scope;
pub mod spec;
mod suggest;
mod validate;
mod value;
mod variable;
pub mod write;

pub use crate::diagnostic::{EvalDiagnostic, code};
pub use crate::eval::{Evaluated, eval, eval_as};
pub use crate::for_each::{Each, NoTurns, for_each};
pub use crate::function::Function;
pub use crate::locals::{Local, Locals, Memo, cycle};
pub use crate::references::{Path, path_of, references};
pub use crate::scope::{Context, FactRequest, Found, Lazy, Scope, World};
pub use crate::suggest::suggest;
pub use crate::validate::{validate, validate_file, validate_piece};
pub use crate::value::{
    ConvertError, Fact, List, Map, Number, Reference, Set, Step, Type, TypeCall, Unknown, Value, convert,
    unify,
};
pub use crate::variable::{Input, Validation, Variable, decode_variable};

#[cfg(test)]
mod tests;
