//! The binary: thin front ends.

pub mod cli;
pub mod lsp;
pub mod machine;
