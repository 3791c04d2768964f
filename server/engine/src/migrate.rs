//! Versioned migrations: a directory of SQL files, its integrity, and what a target has still to execute.
//!
//! Pure: texts and rows in, values out. Reading directories and executing files belong to the commands. Invariant:
//! hashes are those of the bytes as they are; nothing is normalized before it is hashed.
//!
//! Source: atlas `sql/migrate` at a5e0aec; reference migrations.md.

pub mod conflict;
pub mod directive;
pub mod directory;
pub mod down;
pub mod fault;
pub mod file;
pub mod format;
pub mod lasting;
pub mod liquibase;
pub mod order;
pub mod pending;
pub mod rebase;
pub mod resume;
pub mod revision;
pub mod run;
pub mod section;
pub mod statement;
pub mod sum;
pub mod timeline;
pub mod txtar;
pub mod write;

pub use self::directive::Directives;
pub use self::directory::{Checksum, Directory};
pub use self::file::Migration;
pub use self::format::Format;
pub use self::revision::Revision;
pub use self::section::Section;
pub use self::statement::{ScanError, Statement, sql_of, statements};
pub use self::sum::{Mismatch, Reason, Sum, SumError};
pub use self::timeline::Timeline;
pub use self::txtar::Txtar;
