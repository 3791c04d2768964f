//! What the black-box tests share: the binary, workspaces made from fixtures, an LSP client, SQLite files.
//!
//! Nothing here knows how the server works inside; it speaks argv, stdio and files only. Invariant: a helper
//! panics with the whole story (what was asked, what came, the server's stderr), because a test that fails
//! on another machine has nothing else to show.

pub mod binary;
pub mod client;
pub mod server;
pub mod sqlite;
#[cfg(unix)]
pub mod terminal;
pub mod txtar;
pub mod workspace;

pub use crate::client::{Client, Config};
pub use crate::workspace::{Output, Workspace};
