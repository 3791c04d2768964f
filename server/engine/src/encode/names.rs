//! Which labels and references name an object without doubt.
//!
//! A name that occurs in one schema only stands alone. One that occurs in several, or that equals a schema used as
//! a qualifier, carries its schema as a first label. Objects of no schema stand alone always.
//!
//! Source: atlas `sql/internal/specutil/convert.go`, `QualifyObjects`, `QualifyReferences`.

use rustc_hash::{FxHashMap, FxHashSet};
use schema::{Realm, RoutineKind, SmolStr, ViewKind};

use crate::Error;

/// The names of a realm.
pub(super) struct Names {
    kinds: FxHashMap<&'static str, Kind>,
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
        let mut names: FxHashMap<&'static str, Vec<(SmolStr, SmolStr)>> = FxHashMap::default();
        for schema in &realm.schemas {
            let mut add = |kind, name: &SmolStr| {
                names.entry(kind).or_default().push((schema.name.clone(), name.clone()));
            };
            schema.tables.iter().for_each(|table| add("table", &table.name));
            for view in &schema.views {
                add(view_kind(view.kind), &view.name);
            }
            for routine in &schema.routines {
                add(routine_kind(routine.kind), &routine.name);
            }
            schema.triggers.iter().for_each(|trigger| add("trigger", &trigger.name));
            schema.objects.iter().for_each(|object| add(object.kind, &object.name));
        }
        for object in &realm.objects {
            names.entry(object.kind).or_default().push((SmolStr::default(), object.name.clone()));
        }
        let kinds = names.into_iter().map(|(kind, names)| {
            // Of others than relations there may be several of one name.
            Ok((kind, Kind::of(names, matches!(kind, "table" | "view" | "materialized"))?))
        });
        Ok(Self { kinds: kinds.collect::<Result<_, Error>>()? })
    }

    /// The schema, where the block of `name` must carry it as a label.
    pub fn qualifier(&self, kind: &str, schema: &str, name: &str) -> Option<SmolStr> {
        (!schema.is_empty() && self.kinds.get(kind)?.qualified.contains(name)).then(|| schema.into())
    }

    /// The steps behind `table.` that name a table; `None` when there is no such table.
    pub fn table_path(&self, schema: &str, name: &str) -> Option<Vec<SmolStr>> {
        self.path("table", schema, name)
    }

    /// The steps behind `<kind>.` that name an object; `None` when there is none.
    pub fn path(&self, kind: &str, schema: &str, name: &str) -> Option<Vec<SmolStr>> {
        let of = self.kinds.get(kind)?;
        let key = (SmolStr::from(schema), SmolStr::from(name));
        if !of.known.contains(&key) {
            return None;
        }
        let qualified = !schema.is_empty() && of.qualified.contains(name);
        Some(if qualified { vec![key.0, key.1] } else { vec![key.1] })
    }

    /// The first of `kinds` that has such an object, with the steps that name it.
    pub fn find<'k>(
        &self,
        kinds: impl IntoIterator<Item = &'k str>,
        schema: &str,
        name: &str,
    ) -> Option<(&'k str, Vec<SmolStr>)> {
        kinds.into_iter().find_map(|kind| Some((kind, self.path(kind, schema, name)?)))
    }
}

/// The word of the block of a view.
pub(super) fn view_kind(kind: ViewKind) -> &'static str {
    match kind {
        ViewKind::Plain => "view",
        ViewKind::Materialized => "materialized",
    }
}

/// The word of the block of a routine.
pub(super) fn routine_kind(kind: RoutineKind) -> &'static str {
    match kind {
        RoutineKind::Function => "function",
        RoutineKind::Procedure => "procedure",
    }
}

impl Kind {
    fn of(objects: Vec<(SmolStr, SmolStr)>, unique: bool) -> Result<Self, Error> {
        let mut kind = Kind::default();
        let mut schemas: FxHashMap<SmolStr, Vec<SmolStr>> = FxHashMap::default();
        for (schema, name) in objects {
            if kind.known.insert((schema.clone(), name.clone())) {
                schemas.entry(name).or_default().push(schema);
            } else if unique {
                return Err(Error::Invalid(format!(
                    "duplicate references were found for: {{{schema} {name}}}"
                )));
            }
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
