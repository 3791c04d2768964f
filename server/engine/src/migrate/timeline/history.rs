//! Which statements of a directory made an object what it is.
//!
//! A table knows all statements that touched it; for a column, an index or a constraint the states around each of them
//! are compared. Invariant: events are in the order they happened, and only the first is a creation.

use std::sync::Arc;

use schema::change::TableChange;
use schema::{Change, ObjectPath, Realm, SmolStr, Table};
use syntax::sql::File;
use text::{FileId, TextRange};

use super::Timeline;
use crate::lint::file::{changes_of, statements};
use crate::origin;

/// Something that happened to an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    pub kind: EventKind,
    /// The place of the file in the directory.
    pub index: usize,
    pub file: FileId,
    /// Which of the file's statements, as [`statements`] counts them, and where it stands.
    pub statement: usize,
    pub range: TextRange,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EventKind {
    Created,
    Changed,
    /// It was called so before.
    Renamed(SmolStr),
}

impl Timeline {
    /// What happened to `path`, as it is called after file `index`, up to there.
    pub fn history(&mut self, files: &[(FileId, File)], index: usize, path: &ObjectPath) -> Vec<Event> {
        let after = self.after(files, index);
        let origins = &after.state.origins;
        let places = origins.history(path).to_vec();
        // A name may be written in any case.
        let known = origins.definitions().map(|(known, _)| known).find(|known| origins.same(known, path));
        let mut path = known.unwrap_or(path).clone();
        let mut events = Vec::new();
        // Backwards: a rename tells what it was called before.
        for (at, place) in places.iter().enumerate().rev() {
            let Some(index) = files.iter().position(|(file, _)| *file == place.file) else { continue };
            let Some((file, sql)) = files.get(index) else { continue };
            let found = statements(sql).enumerate().find(|(_, placed)| placed.start == place.offset);
            let Some((statement, placed)) = found else { continue };
            let event = |kind| Event { kind, index, file: *file, statement, range: placed.statement_range() };
            if !is_in_table(&path) {
                events.push(event(if at == 0 { EventKind::Created } else { EventKind::Changed }));
                continue;
            }
            let states = self.states(files, index);
            let (Some(before), Some(after)) = (states.get(statement), states.get(statement + 1)) else {
                continue;
            };
            let changes = changes_of(before, after, &placed.piece, self.dialect).unwrap_or_default();
            match what(&changes, before, after, &path) {
                Some(What::Renamed(from)) => {
                    events.push(event(EventKind::Renamed(from.name().into())));
                    path = from;
                }
                Some(What::Moved(from)) => path = from,
                Some(What::Changed) => events.push(event(EventKind::Changed)),
                Some(What::Created) => {
                    events.push(event(EventKind::Created));
                    break;
                }
                None => {}
            }
        }
        events.reverse();
        events
    }
}

/// What a statement did to an object.
enum What {
    Created,
    Changed,
    Renamed(ObjectPath),
    /// What it lies in was renamed.
    Moved(ObjectPath),
}

fn what(changes: &[Change], before: &Realm, after: &Realm, path: &ObjectPath) -> Option<What> {
    for change in changes {
        match change {
            Change::RenameTable { from, to } if is_of(to, path) => {
                let old = in_table(path, from);
                return Some(if origin::top(path) == *path { What::Renamed(old) } else { What::Moved(old) });
            }
            Change::ModifyTable { to, changes, .. } if is_of(to, path) => {
                for change in changes {
                    let from = match (change, path) {
                        (TableChange::RenameColumn { from, to }, ObjectPath::Column { column, .. })
                            if to.name == *column =>
                        {
                            &from.name
                        }
                        (TableChange::RenameIndex { from, to }, ObjectPath::Index { index, .. })
                            if to.name == *index =>
                        {
                            &from.name
                        }
                        _ => continue,
                    };
                    return Some(What::Renamed(called(path, from)));
                }
            }
            _ => {}
        }
    }
    match (print(before, path), print(after, path)) {
        (None, Some(_)) => Some(What::Created),
        (Some(before), Some(after)) if before != after => Some(What::Changed),
        _ => None,
    }
}

fn is_in_table(path: &ObjectPath) -> bool {
    matches!(origin::top(path), ObjectPath::Table { .. })
}

fn is_of(table: &Table, path: &ObjectPath) -> bool {
    let top = origin::top(path);
    matches!(&top, ObjectPath::Table { schema, table: name } if *schema == table.schema && *name == table.name)
}

/// The same path, in the table as it was called before.
fn in_table(path: &ObjectPath, of: &Arc<Table>) -> ObjectPath {
    let mut path = path.clone();
    match &mut path {
        ObjectPath::Table { schema, table }
        | ObjectPath::Column { schema, table, .. }
        | ObjectPath::PrimaryKey { schema, table }
        | ObjectPath::Index { schema, table, .. }
        | ObjectPath::ForeignKey { schema, table, .. }
        | ObjectPath::Check { schema, table, .. } => {
            schema.clone_from(&of.schema);
            table.clone_from(&of.name);
        }
        _ => {}
    }
    path
}

/// The same path with another last name.
fn called(path: &ObjectPath, name: &SmolStr) -> ObjectPath {
    let mut path = path.clone();
    match &mut path {
        ObjectPath::Column { column: own, .. } | ObjectPath::Index { index: own, .. } => own.clone_from(name),
        _ => {}
    }
    path
}

/// What is compared of an object: all of it.
fn print(realm: &Realm, path: &ObjectPath) -> Option<String> {
    let table_of = |schema: &SmolStr, table: &SmolStr| realm.schema(schema)?.table(table);
    match path {
        ObjectPath::Table { schema, table } => table_of(schema, table).map(|table| format!("{table:?}")),
        ObjectPath::Column { schema, table, column } => {
            let table = table_of(schema, table)?;
            table.column(column).map(|column| format!("{column:?}"))
        }
        ObjectPath::Index { schema, table, index } => {
            let table = table_of(schema, table)?;
            table.index(index).map(|index| format!("{index:?}"))
        }
        ObjectPath::PrimaryKey { schema, table } => {
            let table = table_of(schema, table)?;
            table.primary_key.as_ref().map(|key| format!("{key:?}"))
        }
        ObjectPath::ForeignKey { schema, table, key } => {
            let keys = &table_of(schema, table)?.foreign_keys;
            keys.iter().find(|one| one.name.as_ref() == Some(key)).map(|key| format!("{key:?}"))
        }
        ObjectPath::Check { schema, table, check } => {
            let checks = &table_of(schema, table)?.checks;
            checks.iter().find(|one| one.name.as_ref() == Some(check)).map(|check| format!("{check:?}"))
        }
        _ => None,
    }
}
