//! Schema HCL as a state.

pub mod common;
mod hooks;

pub use self::hooks::{At, Event, Finding, Hooks, Time, TriggerParts};
