//! Editor features as plain data: one file per feature.
//!
//! A feature takes a snapshot of the project, a file and an offset, and answers with bytes and words. No LSP types, no
//! I/O, nothing that waits. Invariant: what is not analysed gives an empty answer, never a wrong one.

mod completion;
mod diagnostics;
#[cfg(test)]
mod fixture;
mod hover;

pub use crate::completion::{Item, ItemKind, LIMIT, completion};
pub use crate::diagnostics::{PlanFindings, diagnostics, plan_findings};
pub use crate::hover::{Hover, hover};
