//! SQL: one lexer and one splitter for all dialects, and a resilient, lossless tree for every statement.
//!
//! Deep for the definitions the model knows, loose for expressions, light for queries; anything else is a balanced
//! opaque node, never an error, and is counted. Knows no dialect: what differs is data, in [`Grammar`]. Invariant:
//! the pieces of a [`File`] are the file, byte for byte, and a piece depends on nothing but its text.

pub mod ast;

mod comments;
pub mod context;
mod file;
mod grammar;
mod kind;
mod lexer;
mod parser;
mod piece;
mod split;

pub use crate::sql::comments::{Comment, Directive};
pub use crate::sql::file::{Coverage, File, Placed};
pub use crate::sql::grammar::{DoubleQuotes, Features, Grammar, Lexical, VersionComments};
pub use crate::sql::kind::{GreenNode, Sql, SyntaxElement, SyntaxKind, SyntaxNode, SyntaxToken};
pub use crate::sql::piece::{Piece, PieceId, PieceKind};
pub use crate::sql::split::{Fault, Split, split};

#[cfg(test)]
mod tests;
