//! Editor features as plain data: one file per feature.
//!
//! A feature takes a snapshot of the project, a file and an offset, and answers with bytes and words. No LSP types, no
//! I/O, nothing that waits. Invariant: what is not analysed gives an empty answer, never a wrong one.

mod code_lens;
mod completion;
mod definition;
mod describe;
mod diagnostics;
mod document_symbols;
mod embedded;
mod fixes;
#[cfg(test)]
mod fixture;
mod folding;
mod format;
#[cfg(test)]
mod half_typed;
mod hcl_place;
mod highlight;
mod hover;
mod links;
mod migrations;
mod names;
mod plan_document;
mod references;
mod rename;
#[cfg(test)]
mod rendered;
mod selection;
mod sql_place;
mod status;
mod tokens;
mod trees;
mod workspace_symbols;
mod world;

pub use crate::code_lens::{Lens, LensAction, code_lenses};
pub use crate::completion::{Item, ItemKind, LIMIT, completion};
pub use crate::definition::{Link, definition};
pub use crate::diagnostics::{PlanFindings, code_doc, diagnostics, plan_findings};
pub use crate::document_symbols::{Symbol, SymbolKind, document_symbols};
pub use crate::fixes::{Action, ActionKind, Edits, fixes};
pub use crate::folding::{Fold, FoldKind, folding};
pub use crate::format::format;
pub use crate::highlight::{Highlight, highlights};
pub use crate::hover::{Hover, hover};
pub use crate::links::{DocLink, LinkTarget, links};
pub use crate::migrations::{
    FileChange, MigrationText, Step, changed_sums, diff_with_previous, history, lint_text, of_change,
    schema_at,
};
pub use crate::plan_document::{plan_definition, plan_document, plan_links};
pub use crate::references::references;
pub use crate::rename::{Renamable, prepare_rename, rename};
pub use crate::selection::selection;
pub use crate::status::{FactState, FactStatus, FolderStatus, status};
pub use crate::tokens::{Modifiers, Token, TokenKind, tokens};
pub use crate::workspace_symbols::{WorkspaceSymbol, workspace_symbols};
