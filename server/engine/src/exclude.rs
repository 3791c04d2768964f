//! The patterns of `--exclude`: parsed once, applied to a realm.
//!
//! Source: atlas `sql/schema/inspect.go`, `ExcludeRealm`, `ExcludeSchema`; reference engine.md §15.

use schema::Realm;

use crate::{Error, Scope};

/// Parsed patterns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patterns {
    patterns: Vec<Vec<String>>,
}

impl Patterns {
    /// Reads patterns as written on the command line.
    ///
    /// # Errors
    /// [`Error::Argument`]: `too many parts in pattern: "a.b.c.d"`, `syntax error in pattern`.
    pub fn parse(patterns: &[String]) -> Result<Self, Error> {
        let _ = patterns;
        Ok(Self { patterns: Vec::new() })
    }

    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Removes what matches from `realm`.
    pub fn apply(&self, realm: &mut Realm, scope: &Scope) {
        let _ = (realm, scope);
    }
}
