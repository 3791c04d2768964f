//! What a workspace means: files, settings and facts in; configurations, envs, states and plans out.
//!
//! Reads nothing by itself. A query that lacks something answers as far as it can and the snapshot says what it
//! [wants](Snapshot::wanted); the front end fetches it, sets it, and asks again. Invariant: a snapshot never changes,
//! and asking it never blocks on anything but another computation of the same answer.

pub mod config;
mod database;
pub mod env;
mod info;
mod input;
pub mod kind;
mod live;
mod memo;
pub mod migrations;
mod node;
mod parsed;
mod path;
mod source;
pub mod spec;
mod state;
mod want;

pub use crate::config::{EnvBlock, Evaluated, Outline};
pub use crate::database::{Project, Snapshot};
pub use crate::env::{DataState, Env, Setting};
pub use crate::info::{Claim, FileInfo};
pub use crate::input::{Answer, Content, Entry, Fact, Revision, Selection};
pub use crate::kind::{Role, Spoken};
pub use crate::live::{Line, LivePlan, PlanState, PlanText, Ready, target};
pub use crate::migrations::{Base, Contents, FileText, Known, MigrationDir};
pub use crate::node::{Attr, Child, Node};
pub use crate::parsed::Parsed;
pub use crate::path::Path;
pub use crate::source::Source;
pub use crate::state::{Desired, DesiredKind};
pub use crate::want::{Reach, Secret, Target, Want};

#[cfg(test)]
mod tests;
