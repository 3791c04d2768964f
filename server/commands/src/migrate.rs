//! `migrate …`: directories of versioned migrations.

pub mod directory;
pub mod new;

pub use self::directory::{Checksum, Directory, Format};
