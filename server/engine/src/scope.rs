//! What of a database is looked at: which schemas, without which objects.

use std::sync::Arc;

use schema::{Object, Realm, SmolStr};

use crate::accounts::{PASSWORD, PERMISSION, ROLE, USER};
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
    /// What of the accounts of the server is looked at.
    pub accounts: Accounts,
}

/// What of a server's accounts is managed: `schema { mode { roles, permissions, sensitive } }`. By default nothing:
/// accounts belong to every database of a server, and a file that does not speak of them must not take one away.
///
/// Source: reference documented/project.md §2, `schema.mode`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Accounts {
    /// Roles and users.
    pub roles: bool,
    /// What they may do.
    pub permissions: bool,
    /// Passwords: `sensitive = ALLOW`.
    pub sensitive: bool,
}

impl Accounts {
    /// Whether objects of `kind` are looked at.
    pub fn manages(self, kind: &str) -> bool {
        match kind {
            ROLE | USER => self.roles,
            PERMISSION => self.permissions,
            _ => true,
        }
    }

    /// Whether `object` is an account or what one may do.
    pub fn is_about(object: &Object) -> bool {
        matches!(object.kind, ROLE | USER | PERMISSION)
    }

    /// The same seen through a URL: one that is bound to a schema does not lead to accounts.
    pub fn seen_from(self, bound: Option<&str>) -> Self {
        if bound.is_some() { Self::default() } else { self }
    }

    /// `realm` without what is not managed; itself when there is no such thing.
    pub fn of(self, realm: &Arc<Realm>) -> Arc<Realm> {
        let goes = |object: &Object| !self.manages(object.kind);
        let secret = |object: &Object| !self.sensitive && object.attrs.get(&PASSWORD).is_some();
        if !realm.objects.iter().any(|object| goes(object) || secret(object)) {
            return realm.clone();
        }
        let mut realm = Realm::clone(realm);
        realm.objects.retain(|object| !goes(object));
        for object in &mut realm.objects {
            if secret(object) {
                Arc::make_mut(object).attrs.remove(&PASSWORD);
            }
        }
        Arc::new(realm)
    }
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
