//! What the product promises about any project: no false errors, nothing left out, every mistake found once.
//!
//! One binary with a module for each promise; what they share is in `src`.

#[path = "it/complete.rs"]
mod complete;
#[path = "it/edits.rs"]
mod edits;
#[path = "it/false_errors.rs"]
mod false_errors;
#[path = "it/mistakes.rs"]
mod mistakes;
#[path = "it/round_trips.rs"]
mod round_trips;
