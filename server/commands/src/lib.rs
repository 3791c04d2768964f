//! What a user can do, for every front end: plain arguments in, plain reports out.
//!
//! Everything from outside comes in through [`World`]; approval, progress and cancellation are traits too. Prints
//! nothing, asks nobody, knows neither argv nor LSP. Invariant: a database is changed only through
//! [`engine::apply::apply`], whose approval only an [`engine::review::Approver`] gives.

pub mod check;
mod dev;
mod error;
pub mod facts;
pub mod format;
mod git;
pub mod migrate;
pub mod schema;
pub mod state;
mod templates;
pub mod udiff;
pub mod workspace;
pub mod world;

pub use crate::dev::LEFT;
pub use crate::error::Error;
pub use crate::workspace::Workspace;
pub use crate::world::{Consent, World};
