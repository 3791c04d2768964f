//! What lint rules of several dialects share: names, headings, and the examples of shared families whose SQL is the
//! same everywhere.
//!
//! Rules of one dialect are in its folder; those that know no SQL are in `engine::lint`.

pub mod checks;
pub mod dynamic_sql;
pub mod examples;
pub mod fill;
pub mod old_names;
pub mod steps;

/// The analyzer of changes during which a table cannot be used. The original's name is not known.
pub const BLOCKING: &str = "blocking";
/// Its heading.
pub const BLOCKING_HEADING: &str = "blocking table changes detected";
/// Its documentation.
pub const BLOCKING_DOC: &str = "Changes that rewrite or read the whole table while others have to wait.";

#[cfg(test)]
mod prechecks;
#[cfg(test)]
mod tests;
