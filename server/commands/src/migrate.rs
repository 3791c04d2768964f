//! `migrate …`: directories of versioned migrations.

pub mod directory;
pub mod new;

pub use self::directory::{Located, locate};
