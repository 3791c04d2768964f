//! The binary: thin front ends.

pub mod lsp;
