//! Verbs: everything that can be done to and with a schema, for any dialect, without opening anything.
//!
//! Decode and encode HCL, replay SQL, inspect through a [`connection::Connection`], diff, plan, lint, review, apply.
//! A dialect comes in as a record ([`dialect::Dialect`]); no dialect is named here. Invariant: nothing reaches a
//! user's database that was not first a [`plan::Plan`], then [`review::Reviewed`], then [`review::Approved`].

pub mod accounts;
pub mod apply;
pub mod batch;
pub mod connection;
pub mod decode;
pub mod dialect;
pub mod diff;
pub mod encode;
pub mod error;
pub mod exclude;
pub mod hook;
pub mod inspect;
pub mod lint;
pub mod migrate;
pub mod normalize;
pub mod origin;
pub mod plan;
pub mod renames;
pub mod replay;
pub mod review;
pub mod scope;
pub mod session;
pub mod state;
pub mod types;
pub mod url;

pub use crate::connection::{Connection, Connector, DbError, Query, Rows, Value};
pub use crate::decode::decode;
pub use crate::dialect::{Dialect, Dialects};
pub use crate::encode::encode;
pub use crate::error::Error;
pub use crate::replay::replay;
pub use crate::scope::Scope;
pub use crate::state::State;
pub use crate::url::DatabaseUrl;
