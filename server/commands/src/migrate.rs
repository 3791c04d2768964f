//! `migrate …`: directories of versioned migrations.

pub mod apply;
pub mod arrange;
pub mod change;
pub mod checkpoint;
pub mod diff;
pub mod directory;
pub mod down;
pub mod import;
pub mod lint;
pub mod new;
pub mod replay;
pub mod set;
pub mod status;
pub mod target;
pub mod text;
pub mod validate;

pub use self::change::Change;
pub use self::directory::{Located, locate};
