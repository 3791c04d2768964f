//! A state of several schemas and of objects of every kind, which the steps of a dialect change.
//!
//! A dialect whose statements do more than [`Effect`](super::Effect) can say makes [`Step`]s of them. The scene keeps
//! what there is by space, schema and name; the dialect knows what a statement means for it. Invariants: a table is
//! only changed through [`Scene::edit`], which works once per chain of statements; what else a change depends on is
//! part of the chain.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHasher};
use schema::{Object, ObjectPath, Realm, Routine, Schema, SmolStr, Table, Trigger, View};
use text::{Code, Diagnostic, TextRange};

use super::Made;
use super::catalog::{At, Catalog};
use super::effect::Name;
use crate::origin::{self, Entry, Part, Place};

/// What one statement, or a part of it, does to a scene.
pub trait Step: fmt::Debug + Send + Sync {
    fn apply(&self, scene: &mut Scene<'_, '_>);
}

/// What shares one set of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Space {
    /// Tables, views and sequences; the names of indexes are among them.
    Relation,
    Type,
    /// By name and signature.
    Routine,
    /// What belongs to a table and is called by both names: triggers, policies. The name is `table` and a line break
    /// before its own.
    Owned,
    /// What shares its names with nothing else, by kind.
    Other(&'static str),
    /// What lies in no schema, by kind and name.
    Global(&'static str),
}

/// Something that has a name.
#[derive(Clone, Debug)]
pub enum Thing {
    Table(Arc<Table>),
    View(Arc<View>),
    Object(Arc<Object>),
    Routine(Arc<Routine>),
    Trigger(Arc<Trigger>),
    /// There is something of this name, and it is no part of the realm.
    Hidden,
}

impl Thing {
    /// The word messages call it by.
    pub fn word(&self) -> &'static str {
        match self {
            Thing::Table(_) | Thing::Hidden => "table",
            Thing::View(_) => "view",
            Thing::Object(object) => object.kind,
            Thing::Routine(_) => "function",
            Thing::Trigger(_) => "trigger",
        }
    }
}

/// The number of a thing in its scene; never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Id(usize);

#[derive(Clone, Debug)]
struct Actor {
    space: Space,
    schema: SmolStr,
    name: SmolStr,
    thing: Thing,
    key: u64,
    part: Arc<Part>,
    places: Vec<Place>,
    complete: bool,
}

impl Actor {
    fn is_global(&self) -> bool {
        is_global(self.space, &self.schema)
    }
}

/// Whether something is of no schema, and not of the one without a name.
fn is_global(space: Space, schema: &str) -> bool {
    schema.is_empty() && matches!(space, Space::Global(_))
}

/// A schema with where it is defined; its objects are actors.
#[derive(Clone, Debug)]
struct Stage {
    schema: Schema,
    part: Arc<Part>,
    places: Vec<Place>,
}

/// All there is. A copy shares its things until one of both changes them.
#[derive(Clone, Debug, Default)]
pub(super) struct Store {
    stages: Vec<Stage>,
    actors: Vec<Option<Arc<Actor>>>,
    by_name: Arc<FxHashMap<(Space, SmolStr, SmolStr), usize>>,
    /// Schema and name of an index to its table.
    indexes: Arc<FxHashMap<(SmolStr, SmolStr), usize>>,
    search_path: Vec<SmolStr>,
}

impl Store {
    /// With the one schema that exists without being created.
    pub fn new(schema: &SmolStr) -> Self {
        let stage = Stage { schema: Schema::new(schema.clone()), part: Arc::default(), places: Vec::new() };
        Self { stages: vec![stage], search_path: vec![schema.clone()], ..Self::default() }
    }

    /// The names, to be changed.
    fn names(&mut self) -> &mut FxHashMap<(Space, SmolStr, SmolStr), usize> {
        Arc::make_mut(&mut self.by_name)
    }

    /// The names of indexes, to be changed.
    fn indexes(&mut self) -> &mut FxHashMap<(SmolStr, SmolStr), usize> {
        Arc::make_mut(&mut self.indexes)
    }

    /// The realm, and where everything is defined for who asks.
    pub fn finish(self, mut origins: Option<&mut origin::Builder>) -> Realm {
        let mut realm = Realm::default();
        let mut at = FxHashMap::default();
        for stage in self.stages {
            if !stage.places.is_empty()
                && let Some(origins) = &mut origins
            {
                origins.add(ObjectPath::Schema(stage.schema.name.clone()), stage.part, stage.places);
            }
            at.insert(stage.schema.name.clone(), realm.schemas.len());
            realm.schemas.push(stage.schema);
        }
        for actor in self.actors.into_iter().flatten() {
            // What is of no schema is not of the one without a name.
            let schema = at.get(&actor.schema).filter(|_| !actor.is_global());
            let schema = schema.and_then(|at| realm.schemas.get_mut(*at));
            let mut hidden = false;
            match (&actor.thing, schema) {
                (Thing::Table(table), Some(schema)) => schema.tables.push(table.clone()),
                (Thing::View(view), Some(schema)) => schema.views.push(view.clone()),
                (Thing::Object(object), Some(schema)) => schema.objects.push(object.clone()),
                (Thing::Object(object), None) => realm.objects.push(object.clone()),
                (Thing::Routine(routine), Some(schema)) => schema.routines.push(routine.clone()),
                (Thing::Trigger(trigger), Some(schema)) => schema.triggers.push(trigger.clone()),
                _ => hidden = true,
            }
            if !hidden
                && let Some(origins) = &mut origins
                && let Some(path) = actor.part.entries.first().map(|entry| entry.path.clone())
            {
                origins.add(path, actor.part.clone(), actor.places.clone());
            }
        }
        for schema in &mut realm.schemas {
            schema.tables.sort_by(|a, b| a.name.cmp(&b.name));
            schema.views.sort_by(|a, b| a.name.cmp(&b.name));
            schema.objects.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
            schema.routines.sort_by(|a, b| a.name.cmp(&b.name));
            schema.triggers.sort_by(|a, b| (&a.on, &a.name).cmp(&(&b.on, &b.name)));
        }
        realm.schemas.sort_by(|a, b| a.name.cmp(&b.name));
        realm.objects.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
        realm
    }
}

/// What a step may see and do.
pub struct Scene<'s, 'c> {
    pub(super) catalog: &'s mut Catalog<'c>,
    /// The statement; none when all statements were replayed.
    pub(super) at: Option<&'s At<'s>>,
    pub(super) ordinal: u64,
}

/// Where a table under change is defined.
#[derive(Debug)]
pub struct Origin<'a> {
    part: &'a mut Part,
    piece: u32,
    /// The whole statement.
    statement: TextRange,
}

impl Origin<'_> {
    /// Adds a definition of this statement.
    pub fn add(&mut self, path: ObjectPath, range: TextRange, name: TextRange) {
        self.part.entries.push(Entry { path, piece: self.piece, range, name });
    }

    /// Forgets what is defined as `path`.
    pub fn remove(&mut self, path: &ObjectPath) {
        self.part.entries.retain(|entry| entry.path != *path);
    }

    /// `from` is called `to` from here on, whose name stands at `name`.
    pub fn rename(&mut self, from: &ObjectPath, to: ObjectPath, name: TextRange) {
        for entry in self.part.entries.iter_mut().filter(|entry| entry.path == *from) {
            let (piece, range) = (self.piece, self.statement);
            *entry = Entry { path: to.clone(), piece, range, name };
        }
    }

    /// Every path, to be changed in place.
    pub fn paths(&mut self) -> impl Iterator<Item = &mut ObjectPath> {
        self.part.entries.iter_mut().map(|entry| &mut entry.path)
    }
}

impl Scene<'_, '_> {
    fn store(&self) -> &Store {
        &self.catalog.now.store
    }

    fn store_mut(&mut self) -> &mut Store {
        &mut self.catalog.now.store
    }

    fn actor(&self, id: Id) -> Option<&Actor> {
        self.store().actors.get(id.0)?.as_deref()
    }

    fn actor_mut(&mut self, id: Id) -> Option<&mut Actor> {
        self.store_mut().actors.get_mut(id.0)?.as_mut().map(Arc::make_mut)
    }

    // Schemas.

    /// Where names without a schema are looked for.
    pub fn search_path(&self) -> &[SmolStr] {
        &self.store().search_path
    }

    /// Empty is allowed: then nothing is found without its schema.
    pub fn set_search_path(&mut self, path: Vec<SmolStr>) {
        self.store_mut().search_path = path;
    }

    /// The schema that exists without being created.
    pub fn default_schema(&self) -> SmolStr {
        self.catalog.schema.clone()
    }

    /// The schema something written as `schema.x`, or as `x`, is created in.
    pub fn schema_for(&self, schema: Option<&str>) -> SmolStr {
        match schema {
            Some(schema) => schema.into(),
            None => {
                let there = |name: &&SmolStr| self.has_schema(name);
                self.search_path().iter().find(there).cloned().unwrap_or_else(|| self.default_schema())
            }
        }
    }

    pub fn has_schema(&self, name: &str) -> bool {
        self.store().stages.iter().any(|stage| stage.schema.name == name)
    }

    /// The schema called `name` without its objects, for writing.
    pub fn schema_mut(&mut self, name: &str) -> Option<&mut Schema> {
        let stages = &mut self.store_mut().stages;
        stages.iter_mut().find(|stage| stage.schema.name == name).map(|stage| &mut stage.schema)
    }

    /// Creates a schema; whether there was none of that name.
    pub fn create_schema(&mut self, name: &Name) -> bool {
        if self.has_schema(&name.text) {
            return false;
        }
        let Some(at) = self.at else { return false };
        let mut part = Part::default();
        part.add(ObjectPath::Schema(name.text.clone()), at.piece.statement_range(), name.range);
        let stage =
            Stage { schema: Schema::new(name.text.clone()), part: Arc::new(part), places: vec![at.place] };
        self.store_mut().stages.push(stage);
        true
    }

    /// Forgets a schema with all in it.
    pub fn drop_schema(&mut self, name: &str) {
        self.store_mut().stages.retain(|stage| stage.schema.name != name);
        for id in self.all(|space, schema| schema == name && !is_global(space, schema)) {
            self.remove(id);
        }
    }

    /// Calls a schema by another name. What is in it moves by [`Scene::rename`].
    pub fn rename_schema(&mut self, from: &str, to: &SmolStr) {
        if let Some(schema) = self.schema_mut(from) {
            schema.name = to.clone();
        }
        for path in &mut self.store_mut().search_path {
            if path == from {
                path.clone_from(to);
            }
        }
    }

    // Things.

    /// What is called `name`, in `schema` or else along the search path.
    pub fn find(&self, space: Space, schema: Option<&str>, name: &str) -> Option<Id> {
        let get = |schema: &str| {
            let key = (space, SmolStr::new(schema), SmolStr::new(name));
            self.store().by_name.get(&key).copied().map(Id)
        };
        match (schema, space) {
            (_, Space::Global(_)) => get(""),
            (Some(schema), _) => get(schema),
            (None, _) => self.search_path().iter().find_map(|schema| get(schema)),
        }
    }

    /// The table that has an index, or a constraint with an index, of this name.
    pub fn find_index(&self, schema: Option<&str>, name: &str) -> Option<Id> {
        let get = |schema: &str| {
            self.store().indexes.get(&(SmolStr::new(schema), SmolStr::new(name))).copied().map(Id)
        };
        match schema {
            Some(schema) => get(schema),
            None => self.search_path().iter().find_map(|schema| get(schema)),
        }
    }

    /// Whether a relation or an index of `schema` has this name.
    pub fn is_taken(&self, schema: &str, name: &str) -> bool {
        self.find(Space::Relation, Some(schema), name).is_some()
            || self.find_index(Some(schema), name).is_some()
    }

    pub fn thing(&self, id: Id) -> Option<&Thing> {
        self.actor(id).map(|actor| &actor.thing)
    }

    pub fn table(&self, id: Id) -> Option<Arc<Table>> {
        match self.thing(id)? {
            Thing::Table(table) => Some(table.clone()),
            _ => None,
        }
    }

    /// Whether all columns of a table are known.
    pub fn is_complete(&self, id: Id) -> bool {
        self.actor(id).is_some_and(|actor| actor.complete)
    }

    /// Schema and name.
    pub fn name_of(&self, id: Id) -> Option<(SmolStr, SmolStr)> {
        self.actor(id).map(|actor| (actor.schema.clone(), actor.name.clone()))
    }

    /// Everything that `of` says yes to, given its space and its schema, in the order of creation.
    pub fn all(&self, of: impl Fn(Space, &str) -> bool) -> Vec<Id> {
        let actors = self.store().actors.iter().enumerate();
        let found =
            actors.filter(|(_, actor)| actor.as_ref().is_some_and(|actor| of(actor.space, &actor.schema)));
        found.map(|(at, _)| Id(at)).collect()
    }

    /// Adds something, defined by this statement with `part`. What had its name before is replaced.
    pub fn insert(
        &mut self,
        space: Space,
        schema: SmolStr,
        name: SmolStr,
        thing: Thing,
        part: Part,
        depends: u64,
    ) -> Id {
        let Some(at) = self.at else { return Id(usize::MAX) };
        let key = self.chain(0, depends, &schema);
        let id = self.store().actors.len();
        let names = index_names(&thing);
        for index in names {
            self.store_mut().indexes().insert((schema.clone(), index), id);
        }
        let global = matches!(space, Space::Global(_));
        let of = if global { SmolStr::default() } else { schema.clone() };
        self.store_mut().names().insert((space, of, name.clone()), id);
        let complete = !at.silent;
        let places = vec![at.place];
        let part = Arc::new(part);
        let actor = Actor { space, schema, name, thing, key, part, places, complete };
        self.store_mut().actors.push(Some(Arc::new(actor)));
        Id(id)
    }

    /// Adds a table, made once for each text and `depends`, a hash of what else `make` looks at.
    pub fn insert_table(
        &mut self,
        schema: SmolStr,
        name: SmolStr,
        depends: u64,
        make: impl FnOnce() -> (Table, Part),
    ) -> Id {
        let key = self.chain(0, depends, &schema);
        let made = self.catalog.cache.table(key, || {
            let (table, part) = make();
            Made::new(table, part)
        });
        let thing = Thing::Table(made.table.clone());
        let id = self.insert(Space::Relation, schema, name, thing, Part::default(), depends);
        if let Some(actor) = self.actor_mut(id) {
            actor.part = made.part.clone();
        }
        id
    }

    /// Says that not all columns of a table are known.
    pub fn incomplete(&mut self, id: Id) {
        if let Some(actor) = self.actor_mut(id) {
            actor.complete = false;
        }
    }

    /// Forgets something.
    pub fn remove(&mut self, id: Id) {
        let Some(actor) = self.store_mut().actors.get_mut(id.0).and_then(Option::take) else { return };
        for index in index_names(&actor.thing) {
            self.store_mut().indexes().remove(&(actor.schema.clone(), index));
        }
        let global = matches!(actor.space, Space::Global(_));
        let of = if global { SmolStr::default() } else { actor.schema.clone() };
        let key = (actor.space, of, actor.name.clone());
        if self.store().by_name.get(&key) == Some(&id.0) {
            self.store_mut().names().remove(&key);
        }
    }

    /// Replaces what is not a table by what it has become, at the cost of no cache.
    pub fn set(&mut self, id: Id, thing: Thing) {
        let Some(actor) = self.actor_mut(id) else { return };
        let before = index_names(&actor.thing);
        let schema = actor.schema.clone();
        let after = index_names(&thing);
        actor.thing = thing;
        self.index(id, &schema, &before, &after);
    }

    fn index(&mut self, id: Id, schema: &SmolStr, before: &[SmolStr], after: &[SmolStr]) {
        if before == after {
            return;
        }
        for name in before {
            self.store_mut().indexes().remove(&(schema.clone(), name.clone()));
        }
        for name in after {
            self.store_mut().indexes().insert((schema.clone(), name.clone()), id.0);
        }
    }

    /// Calls something by another name, in the books only: the thing itself is changed by its own edit.
    pub fn rename(&mut self, id: Id, schema: SmolStr, name: SmolStr) {
        let Some(actor) = self.actor_mut(id) else { return };
        let space = actor.space;
        let old = (
            std::mem::replace(&mut actor.schema, schema.clone()),
            std::mem::replace(&mut actor.name, name.clone()),
        );
        let indexes = index_names(&actor.thing);
        let global = matches!(space, Space::Global(_));
        let of = |schema: SmolStr| if global { SmolStr::default() } else { schema };
        let store = self.store_mut();
        store.names().remove(&(space, of(old.0.clone()), old.1));
        store.names().insert((space, of(schema.clone()), name), id.0);
        if old.0 != schema {
            for index in indexes {
                store.indexes().remove(&(old.0.clone(), index.clone()));
                store.indexes().insert((schema.clone(), index), id.0);
            }
        }
    }

    /// Changes where something that is not a table is defined.
    pub fn origin(&mut self, id: Id, change: impl FnOnce(&mut Origin<'_>)) {
        let Some(at) = self.at else { return };
        let (place, statement) = (at.place, at.piece.statement_range());
        let Some(actor) = self.actor_mut(id) else { return };
        let piece = actor.places.len() as u32;
        actor.places.push(place);
        let part = Arc::make_mut(&mut actor.part);
        change(&mut Origin { part, piece, statement });
    }

    /// Changes a table, once for each chain of statements; `depends` is a hash of what else `change` looks at.
    pub fn edit(&mut self, id: Id, depends: u64, change: impl FnOnce(&mut Table, &mut Origin<'_>)) {
        let Some(actor) = self.actor(id) else { return };
        let Thing::Table(table) = &actor.thing else { return };
        let (table, part) = (table.clone(), actor.part.clone());
        let piece = actor.places.len() as u32;
        let schema = actor.schema.clone();
        let key = self.chain(actor.key, depends, &schema);
        let statement = self.at.map(|at| at.piece.statement_range()).unwrap_or_default();
        let place = self.at.map(|at| at.place);
        let made = self.catalog.cache.table(key, || {
            let (mut table, mut part) = (Table::clone(&table), Part::clone(&part));
            change(&mut table, &mut Origin { part: &mut part, piece, statement });
            Made::new(table, part)
        });
        // When all statements were replayed nobody looks for an index.
        let names = |table: &Table| table.indexes.iter().map(|index| index.name.clone()).collect::<Vec<_>>();
        let renamed = self.at.map(|_| (names(&table), names(&made.table)));
        if let Some(actor) = self.actor_mut(id) {
            actor.places.extend(place);
            actor.key = key;
            actor.part = made.part.clone();
            actor.thing = Thing::Table(made.table.clone());
        }
        if let Some((before, after)) = renamed {
            self.index(id, &schema, &before, &after);
        }
    }

    /// The chain of `key` with this step.
    fn chain(&self, key: u64, depends: u64, schema: &str) -> u64 {
        let mut hasher = FxHasher::default();
        (key, depends, schema, self.ordinal).hash(&mut hasher);
        match self.at {
            Some(at) => at.piece.id().hash(&mut hasher),
            None => u64::MAX.hash(&mut hasher),
        }
        hasher.finish()
    }

    // What is wrong.

    /// Whether nothing is missing for sure: something before was not understood.
    pub fn is_unsure(&self) -> bool {
        self.catalog.now.unsure || self.at.is_none_or(|at| at.silent)
    }

    pub fn error(&mut self, range: TextRange, code: Code, message: String) {
        if let Some(at) = self.at {
            self.catalog.note(at, Diagnostic::error(range, code, message), None);
        }
    }

    /// Notes that `name` is taken already.
    pub fn exists(&mut self, kind: &str, name: &Name, by: Option<Id>) {
        let first = by.and_then(|id| {
            let actor = self.actor(id)?;
            let entry = actor.part.entries.first()?;
            Some(actor.places.get(entry.piece as usize)?.at(entry.name))
        });
        let Some(at) = self.at else { return };
        let message = format!("{kind} {:?} already exists", name.text);
        let diagnostic = Diagnostic::error(name.range, crate::decode::TABLE_DUPLICATE, message);
        self.catalog.note(at, diagnostic, first.map(|place| (place, "first created here")));
    }

    /// Notes that there is no `kind` called `name`, unless that is not sure.
    pub fn missing(&mut self, kind: &str, space: Space, name: &Name) {
        if self.is_unsure() {
            return;
        }
        let Some(at) = self.at else { return };
        let near = if self.catalog.may_suggest() {
            let actors = self.store().actors.iter().flatten();
            let names = actors.filter(|actor| actor.space == space).map(|actor| actor.name.as_str());
            hcl::suggest(&name.text, names).map(str::to_owned)
        } else {
            None
        };
        if near.is_none() && self.catalog.extent == super::Extent::Part {
            return;
        }
        let message = format!("{kind} {:?} does not exist", name.text);
        self.catalog.suggest(at, name, "unknown-table", message, near);
    }

    /// Notes that a table has no column called `name`.
    pub fn missing_column(&mut self, table: &Table, name: &Name) {
        if self.is_unsure() {
            return;
        }
        let Some(at) = self.at else { return };
        let near = hcl::suggest(&name.text, table.columns.iter().map(|column| column.name.as_str()));
        let near = near.map(str::to_owned);
        let message = format!("column {:?} does not exist in table {:?}", name.text, table.name);
        self.catalog.suggest(at, name, "unknown-column", message, near);
    }
}

/// The indexes of a table or materialized view.
fn index_names(thing: &Thing) -> Vec<SmolStr> {
    let indexes = match thing {
        Thing::Table(table) => &table.indexes,
        Thing::View(view) => &view.indexes,
        _ => return Vec::new(),
    };
    indexes.iter().map(|index| index.name.clone()).collect()
}
