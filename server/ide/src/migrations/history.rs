//! Which migrations made a thing what it is: from a table or a column to the files that created and changed it.
//!
//! Told by comparing the schema before each file with that after it. Invariant: a file is named only when the thing
//! differs across it.

use std::sync::Arc;

use engine::state::State;
use project::{MigrationDir, Snapshot};
use schema::{ObjectPath, Realm};
use text::{FileId, FileRange};

/// A migration that had a part in a thing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub name: String,
    pub place: FileRange,
    /// It made it; else it changed it.
    pub created: bool,
}

/// The migrations of `dir` up to `last` that made or changed `path`, in order.
pub(crate) fn steps(snapshot: &Snapshot, dir: &MigrationDir, last: usize, path: &ObjectPath) -> Vec<Step> {
    let mut found: Vec<Step> = Vec::new();
    let mut before: Option<Thing> = None;
    for (name, file) in dir.files.iter().take(last + 1) {
        let Some(state) = snapshot.migration_state(*file) else { return found };
        let is_checkpoint = is_checkpoint(snapshot, *file);
        let now = thing(&state.realm, path);
        match (&before, &now) {
            (None, Some(_)) => {
                found.clear();
                found.push(Step { name: name.to_string(), place: place(&state, path, *file), created: true });
            }
            (Some(_), None) => found.clear(),
            // A checkpoint repeats what is there already.
            (Some(old), Some(new)) if !old.same(new) && !is_checkpoint => {
                let place = changed_at(&state, path, *file);
                found.push(Step { name: name.to_string(), place, created: false });
            }
            _ => {}
        }
        before = now;
    }
    found
}

/// The history of a thing of the desired state: that of the directory of the env, to its end.
pub(crate) fn of_desired(snapshot: &Snapshot, file: FileId, path: &ObjectPath) -> Vec<Step> {
    let info = snapshot.info(file);
    let Some(claim) = info.judge() else { return Vec::new() };
    let Some(dir) = snapshot.migration_dir_of_env(&claim.config, &claim.env) else { return Vec::new() };
    let Some(last) = dir.files.len().checked_sub(1) else { return Vec::new() };
    steps(snapshot, &dir, last, path)
}

/// The history of a thing up to a migration file.
pub(crate) fn of_migration(snapshot: &Snapshot, file: FileId, path: &ObjectPath) -> Vec<Step> {
    let Some((dir, at)) = snapshot.migration_of(file) else { return Vec::new() };
    let found = steps(snapshot, &dir, at, path);
    match (found.is_empty(), at.checked_sub(1)) {
        // What this file drops has a history before it.
        (true, Some(before)) => steps(snapshot, &dir, before, path),
        _ => found,
    }
}

fn is_checkpoint(snapshot: &Snapshot, file: FileId) -> bool {
    let text = snapshot.text(file).map(|text| text.to_string()).unwrap_or_default();
    engine::migrate::Directives::of_file(&text).get("checkpoint").is_some()
}

/// A thing of a schema, comparable with itself at another time.
enum Thing {
    Table(Arc<schema::Table>),
    View(Arc<schema::View>),
    Column(Box<schema::Column>),
    /// Anything else: what it is a part of decides.
    Other(Arc<schema::Table>),
}

impl Thing {
    fn same(&self, other: &Thing) -> bool {
        match (self, other) {
            (Thing::Table(a), Thing::Table(b)) | (Thing::Other(a), Thing::Other(b)) => {
                Arc::ptr_eq(a, b) || a == b
            }
            (Thing::View(a), Thing::View(b)) => Arc::ptr_eq(a, b) || a == b,
            (Thing::Column(a), Thing::Column(b)) => a == b,
            _ => false,
        }
    }
}

fn thing(realm: &Realm, path: &ObjectPath) -> Option<Thing> {
    let schema =
        |name: &str| realm.schemas.iter().find(|it| it.name.eq_ignore_ascii_case(name) || name.is_empty());
    let table = |of: &str, name: &str| {
        schema(of)?.tables.iter().find(|table| table.name.eq_ignore_ascii_case(name)).cloned()
    };
    match path {
        ObjectPath::Table { schema, table: name } => table(schema, name).map(Thing::Table),
        ObjectPath::View { schema: of, view } => {
            schema(of)?.views.iter().find(|it| it.name.eq_ignore_ascii_case(view)).cloned().map(Thing::View)
        }
        ObjectPath::Column { schema, table: name, column } => {
            let table = table(schema, name)?;
            let found = table.columns.iter().find(|it| it.name.eq_ignore_ascii_case(column))?;
            Some(Thing::Column(Box::new(found.clone())))
        }
        ObjectPath::Index { schema, table: name, index } => {
            let table = table(schema, name)?;
            table.indexes.iter().any(|it| it.name.eq_ignore_ascii_case(index)).then_some(Thing::Other(table))
        }
        _ => None,
    }
}

/// Where `file` defines the thing; its start when it is made without being named.
fn place(state: &State, path: &ObjectPath, file: FileId) -> FileRange {
    let origin = state.origins.get(path).filter(|origin| origin.file == file);
    match origin {
        Some(origin) => FileRange { file, range: origin.name },
        None => changed_at(state, path, file),
    }
}

/// Where `file` names the thing, or what it is a part of.
fn changed_at(state: &State, path: &ObjectPath, file: FileId) -> FileRange {
    let mut path = Some(path.clone());
    while let Some(now) = path {
        let mut uses = state.origins.uses_of(&now);
        uses.retain(|place| place.file == file);
        if let Some(first) = uses.into_iter().min_by_key(|place| place.range.start()) {
            return first;
        }
        if let Some(origin) = state.origins.get(&now).filter(|origin| origin.file == file) {
            return FileRange { file, range: origin.name };
        }
        path = now.parent();
    }
    FileRange { file, range: text::TextRange::empty(text::TextSize::new(0)) }
}
