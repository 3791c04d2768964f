//! The black-box tests: one binary, a module for each area, all through argv, stdio and files.
//!
//! To add an area, put a module into `tests/it/` and name it here.

#[path = "it/peer.rs"]
mod peer;
