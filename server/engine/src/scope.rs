//! What of a database is looked at: which schemas, without which objects.

use schema::SmolStr;

use crate::exclude::Patterns;

/// What of a database is looked at.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    /// The schema the URL is bound to: statements carry no qualifier, patterns no schema. `None` means the realm.
    pub bound: Option<SmolStr>,
    /// Only these schemas; empty means all.
    pub schemas: Vec<SmolStr>,
    /// What is left out.
    pub exclude: Patterns,
}

impl Scope {
    /// Everything of one schema.
    pub fn bound(schema: impl Into<SmolStr>) -> Self {
        Self { bound: Some(schema.into()), ..Self::default() }
    }

    /// Everything of the realm.
    pub fn realm() -> Self {
        Self::default()
    }
}
