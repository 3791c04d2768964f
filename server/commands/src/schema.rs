//! What can be done with a schema: look at it, compare it, change a database to match it.

pub mod apply;
pub mod clean;
pub mod diff;
pub mod edit;
pub mod fmt;
pub mod inspect;
