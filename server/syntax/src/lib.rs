//! Trees: lossless and error tolerant, one file at a time.
//!
//! A file is a list of pieces (HCL blocks, SQL statements); each piece is parsed once per text, and equal pieces are
//! shared between versions of a file. Knows no meaning: not what a block may contain, nor what a name refers to.
//! Invariants: parsing never fails, and the text of a tree is the text it was made from.

pub mod hcl;
pub mod sql;
