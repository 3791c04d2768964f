//! Which labels and references name an object without doubt.
//!
//! A name that occurs in one schema only stands alone. One that occurs in several, or that equals a schema used as
//! a qualifier, carries its schema as a first label.
//!
//! Source: atlas `sql/internal/specutil/convert.go`, `QualifyObjects`, `QualifyReferences`.

use rustc_hash::{FxHashMap, FxHashSet};
use schema::{Realm, SmolStr};

use crate::Error;

/// The names of a realm.
pub(super) struct Names {
    tables: Kind,
    views: Kind,
}

/// The names of one kind of object.
#[derive(Default)]
struct Kind {
    known: FxHashSet<(SmolStr, SmolStr)>,
    /// The names that need a qualifier.
    qualified: FxHashSet<SmolStr>,
}

impl Names {
    pub fn of(realm: &Realm) -> Result<Self, Error> {
        let tables = realm
            .schemas
            .iter()
            .flat_map(|s| s.tables.iter().map(|table| (s.name.clone(), table.name.clone())));
        let views =
            realm.schemas.iter().flat_map(|s| s.views.iter().map(|view| (s.name.clone(), view.name.clone())));
        Ok(Self { tables: Kind::of(tables)?, views: Kind::of(views)? })
    }

    fn kind(&self, kind: &str) -> &Kind {
        if kind == "view" { &self.views } else { &self.tables }
    }

    /// The schema, where the block of `name` must carry it as a label.
    pub fn qualifier(&self, kind: &str, schema: &str, name: &str) -> Option<SmolStr> {
        self.kind(kind).qualified.contains(name).then(|| schema.into())
    }

    /// The steps behind `table.` that name a table; `None` when there is no such table.
    pub fn table_path(&self, schema: &str, name: &str) -> Option<Vec<SmolStr>> {
        self.path("table", schema, name)
    }

    /// The steps behind `view.` that name a view.
    pub fn view_path(&self, schema: &str, name: &str) -> Option<Vec<SmolStr>> {
        self.path("view", schema, name)
    }

    pub fn path(&self, kind: &str, schema: &str, name: &str) -> Option<Vec<SmolStr>> {
        let of = self.kind(kind);
        let key = (SmolStr::from(schema), SmolStr::from(name));
        if !of.known.contains(&key) {
            return None;
        }
        Some(if of.qualified.contains(name) { vec![key.0, key.1] } else { vec![key.1] })
    }
}

impl Kind {
    fn of(objects: impl Iterator<Item = (SmolStr, SmolStr)>) -> Result<Self, Error> {
        let mut kind = Kind::default();
        let mut schemas: FxHashMap<SmolStr, Vec<SmolStr>> = FxHashMap::default();
        for (schema, name) in objects {
            if !kind.known.insert((schema.clone(), name.clone())) {
                return Err(Error::Invalid(format!(
                    "duplicate references were found for: {{{schema} {name}}}"
                )));
            }
            schemas.entry(name).or_default().push(schema);
        }
        let qualifiers: FxHashSet<SmolStr> =
            schemas.values().filter(|schemas| schemas.len() > 1).flatten().cloned().collect();
        kind.qualified = schemas
            .into_iter()
            .filter(|(name, schemas)| schemas.len() > 1 || qualifiers.contains(name))
            .map(|(name, _)| name)
            .collect();
        Ok(kind)
    }
}
