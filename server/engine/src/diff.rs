//! From two states to the changes between them.
//!
//! Walks both realms once, by name, through hash maps; what counts as different is the dialect's ([`Hooks`]).
//! Renames are not guessed: a new name is a drop and an add, unless the desired state says what the thing was called
//! before ([`crate::renames`]); renames come first, and all else is compared as if they were done. Invariants: `diff(x, x)` is empty; tables shared by
//! pointer are not looked at; a table's change carries the table that will be there afterwards, with all that the
//! policy leaves as it is.
//!
//! Source: atlas `sql/internal/sqlx/diff.go`; reference engine.md §6.

mod cache;
mod hooks;
mod policy;
mod table;
mod unsaid;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use schema::{Change, Realm, Schema, SmolStr, Table, View};

pub use self::cache::Cache;
pub use self::hooks::Hooks;
pub use self::policy::{CONCURRENTLY, LOCK_SAFE, Policy};
use crate::migrate::revision;
pub use crate::renames::{RenameCandidate, candidates, confirm, stale as stale_hints};
use crate::{Dialect, Error, renames};

/// One side of a comparison, as a command knows it.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    pub realm: &'a Realm,
    /// The schema its URL is bound to.
    pub bound: Option<&'a str>,
    /// Whether it was written in HCL, which names its schemas itself.
    pub hcl: bool,
}

/// The changes that lead from `from` to `to`.
///
/// # Errors
/// [`Error::Invalid`] when a state contradicts itself, such as a column without a type.
pub fn diff(from: &Realm, to: &Realm, dialect: &Dialect, policy: &Policy) -> Result<Vec<Change>, Error> {
    diff_cached(from, to, dialect, policy, &mut Cache::default())
}

/// The same, comparing only pairs of tables that `cache` has not seen. The cache keeps what this run used.
///
/// # Errors
/// As [`diff`].
pub fn diff_cached(
    from: &Realm,
    to: &Realm,
    dialect: &Dialect,
    policy: &Policy,
    cache: &mut Cache,
) -> Result<Vec<Change>, Error> {
    let resolved = renames::resolve(from, to, dialect);
    let (from, to) = resolved.as_ref().map_or((from, to), |resolved| (&resolved.from, &resolved.to));
    let unsaid = if policy.keep_unsaid { unsaid::of(dialect.diff, to) } else { Vec::new() };
    cache.begin(policy, dialect.name, &unsaid);
    let mut differ = Differ {
        hooks: dialect.diff,
        policy,
        cache,
        changes: Vec::new(),
        unsaid,
        spoken: policy.keep_unsaid.then(|| spoken(to)),
        realms: (from, to),
        touched: resolved.as_ref().map(|it| it.touched.iter().cloned().collect()).unwrap_or_default(),
    };
    for change in resolved.iter().flat_map(|resolved| &resolved.changes) {
        differ.push(change.clone());
    }
    differ.objects(&from.objects, &to.objects);
    let names = differ.index_tables(&to.schemas, |schema| &schema.name);
    let old = differ.index_tables(&from.schemas, |schema| &schema.name);
    for schema in &from.schemas {
        match names.get(&differ.table_key(&schema.name)) {
            Some(&at) => differ.schema(schema, &to.schemas[at])?,
            None => differ.push(Change::DropSchema(Box::new(schema.clone()))),
        }
    }
    for schema in &to.schemas {
        if !old.contains_key(&differ.table_key(&schema.name)) {
            differ.push(Change::AddSchema(Box::new(schema.clone())));
            // Making it says what there is to say of it; what it holds is made after.
            differ.schema(&bare(schema), schema)?;
        }
    }
    let changes = differ.changes;
    cache.end();
    Ok(changes)
}

/// `schema` without what it holds.
fn bare(schema: &Schema) -> Schema {
    Schema {
        comment: schema.comment.clone(),
        attrs: schema.attrs.clone(),
        ..Schema::new(schema.name.clone())
    }
}

/// The changes between two states of a command, after checking that they can be compared.
///
/// Two states bound to one schema each are compared whatever these schemas are called. The table in which versioned
/// migrations keep what was applied is nobody's schema: it is never dropped for not being desired.
///
/// # Errors
/// [`Error::Scope`]: `mismatched HCL and database schemas: "a" <> "b"`, `cannot diff a schema "a" with a database
/// connection. See: https://atlasgo.io/url`.
///
/// Source: atlas `cmd/atlas/internal/cmdapi/schema.go`, `computeDiff`; reference cli.md §5.5.
pub fn between(
    from: Side<'_>,
    to: Side<'_>,
    dialect: &Dialect,
    policy: &Policy,
    cache: &mut Cache,
) -> Result<Vec<Change>, Error> {
    let policy = &Policy { keep_unsaid: policy.keep_unsaid || to.hcl, ..policy.clone() };
    if let (true, Some(bound), [only]) = (to.hcl, from.bound, &to.realm.schemas[..])
        && bound != only.name
    {
        return Err(Error::Scope(format!(
            "mismatched HCL and database schemas: {bound:?} <> {:?}",
            only.name
        )));
    }
    if !from.hcl && !to.hcl {
        let see = "See: https://atlasgo.io/url";
        match (from.bound, to.bound) {
            (None, Some(to)) => {
                return Err(Error::Scope(format!(
                    "cannot diff a schema {to:?} with a database connection. {see}"
                )));
            }
            (Some(from), None) => {
                return Err(Error::Scope(format!(
                    "cannot diff a database connection with a schema {from:?}. {see}"
                )));
            }
            (Some(_), Some(_)) => {
                if let ([a], [b]) = (&from.realm.schemas[..], &to.realm.schemas[..])
                    && a.name != b.name
                {
                    let renamed = renamed(to.realm, &a.name, dialect);
                    return compared((from.realm, &renamed), from.bound, dialect, policy, cache);
                }
            }
            (None, None) => {}
        }
    }
    compared((from.realm, to.realm), from.bound, dialect, policy, cache)
}

/// The changes between two states as a connection that is `bound` to a schema sees them.
fn compared(
    (from, to): (&Realm, &Realm),
    bound: Option<&str>,
    dialect: &Dialect,
    policy: &Policy,
    cache: &mut Cache,
) -> Result<Vec<Change>, Error> {
    let seen = |realm: &Realm| {
        let schema = bound.and(realm.schemas.first())?;
        dialect.diff.seen_from(realm, &schema.name)
    };
    let (a, b) = (seen(from), seen(to));
    diff_cached(a.as_ref().unwrap_or(from), b.as_ref().unwrap_or(to), dialect, policy, cache)
        .map(with_history)
}

/// `changes` without those that would drop the table of revisions, or the schema that holds nothing else.
fn with_history(mut changes: Vec<Change>) -> Vec<Change> {
    let is_history = |table: &Table| table.name == revision::TABLE;
    changes.retain(|change| match change {
        Change::DropTable(table) => !is_history(table),
        Change::DropSchema(schema) => {
            let has_history = schema.tables.iter().any(|table| is_history(table));
            !(has_history && schema.tables.len() == 1)
        }
        _ => true,
    });
    changes
}

/// The realm with its only schema called `name`, in all that names it.
pub fn renamed(realm: &Realm, name: &SmolStr, dialect: &Dialect) -> Realm {
    let mut renamed = realm.clone();
    for schema in realm.schemas.iter().filter(|schema| schema.name != *name) {
        let from = Box::new(Schema::new(schema.name.clone()));
        let to = Box::new(Schema::new(name.clone()));
        crate::renames::follow(&mut renamed, &Change::RenameSchema { from, to }, dialect);
    }
    renamed
}

/// The state of one run.
struct Differ<'a> {
    hooks: &'static dyn Hooks,
    policy: &'a Policy,
    cache: &'a mut Cache,
    changes: Vec<Change>,
    /// The kinds of objects the desired state has, when it is written in a language that need not speak of all.
    spoken: Option<FxHashSet<&'static str>>,
    /// Attributes the desired state does not speak of.
    unsaid: Vec<&'static str>,
    /// Tables of which something was renamed.
    touched: FxHashSet<(SmolStr, SmolStr)>,
    /// Both states.
    realms: (&'a Realm, &'a Realm),
}

/// The kinds of objects `realm` has, tables aside.
fn spoken(realm: &Realm) -> FxHashSet<&'static str> {
    let mut kinds: FxHashSet<&'static str> = realm.objects.iter().map(|object| object.kind).collect();
    for schema in &realm.schemas {
        kinds.extend(schema.objects.iter().map(|object| object.kind));
        kinds.extend(schema.views.iter().map(|view| view_kind(view)));
        kinds.extend(schema.routines.iter().map(|routine| routine_kind(routine)));
        if !schema.triggers.is_empty() {
            kinds.insert("trigger");
        }
    }
    kinds
}

fn view_kind(view: &View) -> &'static str {
    match view.kind {
        schema::ViewKind::Plain => "view",
        schema::ViewKind::Materialized => "materialized",
    }
}

fn routine_kind(routine: &schema::Routine) -> &'static str {
    match routine.kind {
        schema::RoutineKind::Function => "function",
        schema::RoutineKind::Procedure => "procedure",
    }
}

impl Differ<'_> {
    fn push(&mut self, change: Change) {
        if !self.policy.skips(&change) {
            self.changes.push(change);
        }
    }

    /// Whether an object of this kind that the desired state does not have is to go.
    fn drops(&self, kind: &'static str) -> bool {
        match &self.spoken {
            None => true,
            Some(spoken) => spoken.contains(kind) || self.hooks.speaks_of(kind),
        }
    }

    fn stays(&self, object: &schema::Object) -> bool {
        self.hooks.stays(object, self.realms, self.policy.server.as_deref())
    }

    /// A key of a schema, a table or a view.
    fn table_key(&self, name: &str) -> SmolStr {
        self.hooks.fold_table(name, self.policy.server.as_deref())
    }

    /// Positions by name of a schema, table or view.
    fn index_tables<T>(&self, items: &[T], name: impl Fn(&T) -> &SmolStr) -> FxHashMap<SmolStr, usize> {
        items.iter().enumerate().map(|(at, item)| (self.table_key(name(item)), at)).collect()
    }

    fn schema(&mut self, from: &Schema, to: &Schema) -> Result<(), Error> {
        if self.hooks.schema_differs(from, to) {
            self.push(Change::ModifySchema { from: Box::new(bare(from)), to: Box::new(bare(to)) });
        }
        // What looks at tables goes before they change, and comes back after.
        self.dropped_triggers(from, to);
        self.dropped_views(from, to);
        self.objects(&from.objects, &to.objects);
        self.tables(from, to)?;
        self.views(from, to);
        self.triggers(from, to);
        self.routines(from, to);
        Ok(())
    }

    fn objects(&mut self, from: &[Arc<schema::Object>], to: &[Arc<schema::Object>]) {
        let key = |object: &Arc<schema::Object>| self.hooks.object_key(object);
        let new: FxHashMap<_, _> = to.iter().map(|object| (key(object), object)).collect();
        let old: FxHashMap<_, _> = from.iter().map(|object| (key(object), object)).collect();
        for object in from {
            match new.get(&self.hooks.object_key(object)) {
                None if !self.drops(object.kind) => {}
                None if self.stays(object) => {}
                None => self.push(Change::DropObject(object.clone())),
                Some(to) if !Arc::ptr_eq(object, to) && self.hooks.object_differs(object, to) => {
                    self.push(Change::ModifyObject { from: object.clone(), to: (*to).clone() });
                }
                Some(_) => {}
            }
        }
        for object in to {
            if !old.contains_key(&self.hooks.object_key(object)) && !self.stays(object) {
                self.push(Change::AddObject(object.clone()));
            }
        }
    }

    fn tables(&mut self, from: &Schema, to: &Schema) -> Result<(), Error> {
        let new = self.index_tables(&to.tables, |table: &Arc<Table>| &table.name);
        let old = self.index_tables(&from.tables, |table: &Arc<Table>| &table.name);
        for table in &from.tables {
            match new.get(&self.table_key(&table.name)) {
                None => self.push(Change::DropTable(table.clone())),
                Some(&at) => {
                    let to = &to.tables[at];
                    if Arc::ptr_eq(table, to) {
                        continue;
                    }
                    let change = match self.cache.get(table, to) {
                        Some(change) => change,
                        None => {
                            let renamed = !self.touched.is_empty()
                                && self.touched.contains(&(table.schema.clone(), to.name.clone()));
                            let change =
                                table::diff(self.hooks, self.policy, table, to, renamed, &self.unsaid)?;
                            self.cache.put(table, to, change.clone());
                            change
                        }
                    };
                    if let Some(change) = change {
                        self.push(Change::clone(&change));
                    }
                }
            }
        }
        for table in &to.tables {
            if !old.contains_key(&self.table_key(&table.name)) {
                self.push(Change::AddTable(self.hooks.complete(table)));
            }
        }
        Ok(())
    }

    fn dropped_views(&mut self, from: &Schema, to: &Schema) {
        let new = self.index_tables(&to.views, |view: &Arc<View>| &view.name);
        for view in &from.views {
            if !new.contains_key(&self.table_key(&view.name)) && self.drops(view_kind(view)) {
                self.push(Change::DropView(view.clone()));
            }
        }
    }

    fn views(&mut self, from: &Schema, to: &Schema) {
        let old = self.index_tables(&from.views, |view: &Arc<View>| &view.name);
        for view in &to.views {
            match old.get(&self.table_key(&view.name)).map(|&at| &from.views[at]) {
                None => self.push(Change::AddView(view.clone())),
                Some(from) if !Arc::ptr_eq(from, view) && self.hooks.view_differs(from, view) => {
                    self.push(Change::ModifyView { from: from.clone(), to: view.clone() });
                }
                Some(_) => {}
            }
        }
    }

    /// A trigger goes with its table or view: only those whose table stays are dropped by themselves.
    fn dropped_triggers(&mut self, from: &Schema, to: &Schema) {
        if !self.drops("trigger") {
            return;
        }
        let new: FxHashSet<_> = to.triggers.iter().map(|it| self.hooks.trigger_key(it)).collect();
        let tables = self.index_tables(&to.tables, |table: &Arc<Table>| &table.name);
        let views = self.index_tables(&to.views, |view: &Arc<View>| &view.name);
        for trigger in &from.triggers {
            let on = self.table_key(&trigger.on);
            if !new.contains(&self.hooks.trigger_key(trigger))
                && (tables.contains_key(&on) || views.contains_key(&on))
            {
                self.push(Change::DropTrigger(trigger.clone()));
            }
        }
    }

    fn triggers(&mut self, from: &Schema, to: &Schema) {
        let old: FxHashMap<_, _> =
            from.triggers.iter().map(|it| (self.hooks.trigger_key(it), it.clone())).collect();
        for trigger in &to.triggers {
            match old.get(&self.hooks.trigger_key(trigger)) {
                None => self.push(Change::AddTrigger(trigger.clone())),
                Some(from) if !Arc::ptr_eq(from, trigger) && self.hooks.trigger_differs(from, trigger) => {
                    self.push(Change::ModifyTrigger { from: from.clone(), to: trigger.clone() });
                }
                Some(_) => {}
            }
        }
    }

    fn routines(&mut self, from: &Schema, to: &Schema) {
        let key = |routine: &Arc<schema::Routine>| self.hooks.routine_key(routine);
        let new: FxHashMap<_, _> = to.routines.iter().map(|it| (key(it), it)).collect();
        let old: FxHashSet<_> = from.routines.iter().map(key).collect();
        for routine in &from.routines {
            match new.get(&self.hooks.routine_key(routine)).copied() {
                None if !self.drops(routine_kind(routine)) => {}
                None => self.push(Change::DropRoutine(routine.clone())),
                Some(to) if !Arc::ptr_eq(routine, to) && self.hooks.routine_differs(routine, to) => {
                    self.push(Change::ModifyRoutine { from: routine.clone(), to: to.clone() });
                }
                Some(_) => {}
            }
        }
        for routine in &to.routines {
            if !old.contains(&self.hooks.routine_key(routine)) {
                self.push(Change::AddRoutine(routine.clone()));
            }
        }
    }
}

/// A change in a few words, for messages: `table "users" was added`.
pub fn describe(change: &Change) -> String {
    let (kind, name, verb) = match change {
        Change::AddSchema(schema) => ("schema", &schema.name, "added"),
        Change::DropSchema(schema) => ("schema", &schema.name, "dropped"),
        Change::RenameSchema { to, .. } => ("schema", &to.name, "renamed"),
        Change::ModifySchema { to, .. } => ("schema", &to.name, "modified"),
        Change::AddTable(table) => ("table", &table.name, "added"),
        Change::DropTable(table) => ("table", &table.name, "dropped"),
        Change::RenameTable { to, .. } => ("table", &to.name, "renamed"),
        Change::ModifyTable { to, .. } => ("table", &to.name, "modified"),
        Change::AddView(view) => ("view", &view.name, "added"),
        Change::DropView(view) => ("view", &view.name, "dropped"),
        Change::RenameView { to, .. } => ("view", &to.name, "renamed"),
        Change::ModifyView { to, .. } => ("view", &to.name, "modified"),
        Change::AddTrigger(trigger) => ("trigger", &trigger.name, "added"),
        Change::DropTrigger(trigger) => ("trigger", &trigger.name, "dropped"),
        Change::RenameTrigger { to, .. } => ("trigger", &to.name, "renamed"),
        Change::ModifyTrigger { to, .. } => ("trigger", &to.name, "modified"),
        Change::AddRoutine(routine) => ("routine", &routine.name, "added"),
        Change::DropRoutine(routine) => ("routine", &routine.name, "dropped"),
        Change::RenameRoutine { to, .. } => ("routine", &to.name, "renamed"),
        Change::ModifyRoutine { to, .. } => ("routine", &to.name, "modified"),
        Change::AddObject(object) => (object.kind, &object.name, "added"),
        Change::DropObject(object) => (object.kind, &object.name, "dropped"),
        Change::RenameObject { to, .. } => (to.kind, &to.name, "renamed"),
        Change::ModifyObject { to, .. } => (to.kind, &to.name, "modified"),
    };
    format!("{kind} {name:?} was {verb}")
}
