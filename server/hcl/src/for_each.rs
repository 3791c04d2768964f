//! The turns of a block with `for_each`.

use crate::value::{Unknown, Value};

/// One turn: what `each.key` and `each.value` are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Each {
    pub key: Value,
    pub value: Value,
}

/// Why there are no turns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoTurns {
    /// Not known yet which.
    Unknown(Unknown),
    /// Not of a type that can be iterated: `for_each does not support list of string type`.
    Unsupported(String),
}

/// The turns `value` asks for: sets and objects in sorted order, tuples in theirs.
///
/// # Errors
/// Lists and maps are refused, as everything but sets, objects and tuples is.
///
/// Source: project.md §9.
pub fn for_each(value: &Value) -> Result<Vec<Each>, NoTurns> {
    match value {
        Value::Unknown(unknown) => Err(NoTurns::Unknown(unknown.clone())),
        Value::Set(_) | Value::Object(_) | Value::Tuple(_) => {
            let pairs = crate::eval::pairs(value).unwrap_or_default();
            Ok(pairs.into_iter().map(|(key, value)| Each { key, value }).collect())
        }
        other => {
            Err(NoTurns::Unsupported(format!("for_each does not support {} type", other.ty().friendly())))
        }
    }
}
