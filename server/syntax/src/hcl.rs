//! HCL native syntax: a lossless, error-tolerant tree, a typed view of it, and the canonical formatter.
//!
//! Not the meaning of HCL: values, functions and what a body may contain are the crate `hcl`'s. A [`File`] is a list
//! of [`Piece`]s, about one per top-level block; a piece is parsed on first use and shared by every later version of
//! the file that still contains its text. Invariant: the texts of the pieces, one after another, are the file.
//!
//! Source: HCL 2 native syntax specification; where it is silent, the behaviour of hashicorp/hcl v2.25.

pub mod ast;
mod diagnostics;
mod file;
mod format;
mod kind;
mod lexer;
mod parser;
mod scan;
mod split;

pub use diagnostics::codes;
pub use file::{File, Piece, PieceId, Placed};
pub use format::{format, format_edits};
pub use kind::{Language, SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};

#[cfg(test)]
mod tests;
