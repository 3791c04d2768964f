//! What tests of whole projects inside the process share: a world of files, a generator of projects, seeded mistakes.
//!
//! Links the layers up to `ide`, but no front end: a thousand projects are opened without starting a process.
//! Invariant: everything random comes from a [`Random`] with a fixed seed, so a failure repeats.

pub mod generate;
pub mod random;
pub mod seed;
pub mod world;

pub use crate::random::Random;
pub use crate::seed::{Level, Seed};
pub use crate::world::{Found, World};

/// How many cases a property gets: `short` as a rule, `long` when `ATLAS_LS_LONG` is set.
pub fn cases(short: usize, long: usize) -> usize {
    if std::env::var_os("ATLAS_LS_LONG").is_some() { long } else { short }
}
