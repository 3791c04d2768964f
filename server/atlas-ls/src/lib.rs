//! The binary: thin front ends.

pub mod lsp;
pub mod machine;
