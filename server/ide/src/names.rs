//! What a name stands for, wherever it is written: in HCL, in SQL, in SQL inside HCL, in a configuration.
//!
//! Definition, references and highlights all ask here, so they never disagree. Three sources are put together: the
//! origins of the state (definitions, and references the engine resolved), the names of each statement's scopes, and
//! the blocks of a configuration. Invariant: a name that cannot be resolved is left out.

pub(crate) mod blocks;
pub(crate) mod scopes;

use std::sync::Arc;

use engine::state::State;
use project::{Role, Snapshot};
use schema::{ObjectPath, Realm};
use smol_str::SmolStr;
use text::{FileId, FileRange, TextRange, TextSize};

use crate::{embedded, trees};

/// A name at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name {
    pub range: TextRange,
    pub means: Meaning,
    pub defines: bool,
}

/// What a name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// Something of the schema, spelt as the schema spells it.
    Object(ObjectPath),
    /// An alias, a common table expression: known in its statement only, by where it is introduced.
    Local(TextRange),
    /// A block of a configuration.
    Block(blocks::Key),
}

/// The state that `file` is a part of; of a migration the one it makes.
pub(crate) fn state(snapshot: &Snapshot, file: FileId) -> Option<Arc<State>> {
    if snapshot.info(file).home.is_some() {
        return snapshot.migration_state(file);
    }
    snapshot.state_of(file).and_then(|desired| desired.state().cloned())
}

/// The states that know what `file` names: of a migration the one after it, and the one before it, for what it drops.
pub(crate) fn states(snapshot: &Snapshot, file: FileId) -> Vec<Arc<State>> {
    let before = snapshot.info(file).home.as_ref().and_then(|_| snapshot.migration_state_before(file));
    state(snapshot, file).into_iter().chain(before).collect()
}

/// The names at `offset`, the narrowest first, definitions before references.
pub(crate) fn at(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Vec<Name> {
    let mut found = Vec::new();
    for state in states(snapshot, file) {
        for occurrence in state.origins.at(file, offset) {
            found.push(Name {
                range: occurrence.place.range,
                means: Meaning::Object(canonical(&state.realm, &occurrence.path)),
                defines: occurrence.defines,
            });
        }
        found.extend(scoped(snapshot, file, &state, Some(offset), None));
    }
    if is_blocks(snapshot, file)
        && let Some(tree) = snapshot.hcl(file)
    {
        found.extend(blocks::names(&tree));
    }
    found.retain(|name| name.range.contains_inclusive(offset));
    found.sort_by_key(|name| (name.range.len(), !name.defines));
    found.dedup();
    found
}

/// Every occurrence of what `name` stands for, in all files it is known in.
pub(crate) fn occurrences(snapshot: &Snapshot, file: FileId, name: &Name) -> Vec<(FileRange, bool)> {
    let mut found: Vec<(FileRange, bool)> = Vec::new();
    match &name.means {
        Meaning::Object(path) => {
            if snapshot.info(file).home.is_some() {
                return in_directory(snapshot, file, path);
            }
            let Some(state) = state(snapshot, file) else { return found };
            let spelling = path.name();
            let is_it = |other: &ObjectPath| {
                other.name().eq_ignore_ascii_case(spelling) && canonical(&state.realm, other) == *path
            };
            if let Some(origin) = state.origins.get(path) {
                found.push((FileRange { file: origin.file, range: origin.name }, true));
            }
            found.extend(
                state.origins.uses().filter(|(other, _)| is_it(other)).map(|(_, place)| (place, false)),
            );
            for other in about(snapshot, &state, file) {
                let names = scoped(snapshot, other, &state, None, Some(spelling));
                found.extend(
                    names
                        .into_iter()
                        .filter(|found| found.means == name.means)
                        .map(|name| (FileRange { file: other, range: name.range }, false)),
                );
            }
        }
        Meaning::Local(_) => {
            if let Some(state) = state(snapshot, file) {
                let names = scoped(snapshot, file, &state, Some(name.range.start()), None);
                found.extend(
                    names
                        .into_iter()
                        .filter(|found| found.means == name.means)
                        .map(|name| (FileRange { file, range: name.range }, name.defines)),
                );
            }
        }
        Meaning::Block(key) => {
            for other in blocks::together(snapshot, file) {
                let Some(tree) = snapshot.hcl(other) else { continue };
                let names = blocks::names(&tree).into_iter();
                found.extend(
                    names
                        .filter(|found| matches!(&found.means, Meaning::Block(found) if found == key))
                        .map(|name| (FileRange { file: other, range: name.range }, name.defines)),
                );
            }
        }
    }
    // A place that defines is not also a mere use of it.
    found.sort_by_key(|(place, defines)| (place.file, place.range.start(), place.range.end(), !defines));
    found.dedup_by_key(|(place, _)| *place);
    found
}

/// Every occurrence of `path` in the migrations of the directory of `file`: one name is one thing, whenever it was made.
fn in_directory(snapshot: &Snapshot, file: FileId, path: &ObjectPath) -> Vec<(FileRange, bool)> {
    let mut found: Vec<(FileRange, bool)> = Vec::new();
    let Some((dir, _)) = snapshot.migration_of(file) else { return found };
    let last = dir.files.last().and_then(|(_, last)| snapshot.migration_state(*last));
    let spelling = path.name();
    // What the last state starts with a checkpoint for is in the files before that, which only their states know.
    let states: Vec<Arc<State>> = last.into_iter().chain(states(snapshot, file)).collect();
    for state in &states {
        let is_it = |other: &ObjectPath| {
            other.name().eq_ignore_ascii_case(spelling) && canonical(&state.realm, other) == *path
        };
        if let Some(origin) = state.origins.get(path) {
            found.push((FileRange { file: origin.file, range: origin.name }, true));
        }
        let uses = state.origins.uses().filter(|(other, _)| is_it(other));
        found.extend(uses.map(|(_, place)| (place, false)));
    }
    for (_, other) in &dir.files {
        for state in &states {
            let names = scoped(snapshot, *other, state, None, Some(spelling)).into_iter();
            let names = names.filter(|name| matches!(&name.means, Meaning::Object(known) if known == path));
            found.extend(names.map(|name| (FileRange { file: *other, range: name.range }, false)));
        }
    }
    let order = |file: &FileId| dir.files.iter().position(|(_, known)| known == file);
    found.sort_by_key(|(place, defines)| {
        (order(&place.file), place.range.start(), place.range.end(), !defines)
    });
    found.dedup_by_key(|(place, _)| *place);
    found
}

/// Whether names of `file` are those of its blocks: a configuration, or a file nobody else resolves.
pub(crate) fn is_blocks(snapshot: &Snapshot, file: FileId) -> bool {
    let info = snapshot.info(file);
    match info.role {
        Role::Config | Role::Test | Role::Plan | Role::Rule | Role::Script => true,
        Role::Schema => info.dialect().is_none(),
        Role::Sql | Role::Sum | Role::Other => false,
    }
}

/// The files whose statements may name objects of the state `file` is about.
fn about(snapshot: &Snapshot, state: &Arc<State>, file: FileId) -> Vec<FileId> {
    let mut files: Vec<FileId> = snapshot
        .files()
        .into_iter()
        .filter(|other| matches!(snapshot.info(*other).role, Role::Sql | Role::Schema))
        .filter(|other| {
            *other == file || self::state(snapshot, *other).is_some_and(|other| Arc::ptr_eq(&other, state))
        })
        .collect();
    files.sort_unstable();
    files
}

/// The names that statements of `file` resolve: around `offset`, or in the pieces that hold the text `spelling`.
fn scoped(
    snapshot: &Snapshot,
    file: FileId,
    state: &State,
    offset: Option<TextSize>,
    spelling: Option<&str>,
) -> Vec<Name> {
    let realm = scopes::Tables::new(&state.realm);
    let mut found = Vec::new();
    let mentions = |text: &str| spelling.is_none_or(|word| contains_ignore_case(text, word));
    let touched = |range: TextRange| offset.is_none_or(|offset| range.contains_inclusive(offset));
    match snapshot.info(file).role {
        Role::Sql => {
            let Some(tree) = trees::sql(snapshot, file) else { return found };
            for placed in tree.pieces() {
                if touched(placed.range()) && mentions(placed.piece.text()) {
                    for name in scopes::names(&placed.piece.syntax(), &realm) {
                        found.push(name.shifted(placed.start));
                    }
                }
            }
        }
        Role::Schema => {
            let Some(tree) = snapshot.hcl(file) else { return found };
            for placed in tree.pieces() {
                if !touched(placed.range()) || !mentions(placed.piece.text()) {
                    continue;
                }
                for part in embedded::in_piece(snapshot, file, placed) {
                    if !touched(part.source) {
                        continue;
                    }
                    for inner in part.tree.pieces() {
                        for name in scopes::names(&inner.piece.syntax(), &realm) {
                            let name = name.shifted(inner.start);
                            let Some(range) = part.place(name.range) else { continue };
                            let means = match name.means {
                                Meaning::Local(place) => match part.place(place) {
                                    Some(place) => Meaning::Local(place),
                                    None => continue,
                                },
                                means => means,
                            };
                            found.push(Name { range, means, defines: name.defines });
                        }
                    }
                }
            }
        }
        _ => {}
    }
    found
}

impl Name {
    /// The same, `by` bytes further on.
    pub(crate) fn shifted(mut self, by: TextSize) -> Self {
        self.range += by;
        if let Meaning::Local(place) = &mut self.means {
            *place += by;
        }
        self
    }
}

fn contains_ignore_case(text: &str, word: &str) -> bool {
    let (text, word) = (text.as_bytes(), word.as_bytes());
    word.is_empty() || text.windows(word.len()).any(|window| window.eq_ignore_ascii_case(word))
}

/// `path` as the schema spells it: its case, and a view where a statement could not know it from a table.
pub(crate) fn canonical(realm: &Realm, path: &ObjectPath) -> ObjectPath {
    let find = |schema: &SmolStr, name: &SmolStr| {
        let schema = realm.schemas.iter().find(|found| found.name.eq_ignore_ascii_case(schema))?;
        let table = schema
            .table(name)
            .or_else(|| schema.tables.iter().find(|table| table.name.eq_ignore_ascii_case(name)));
        if let Some(table) = table {
            return Some((table.name.clone(), Some(table.clone()), schema.name.clone()));
        }
        let view = schema.views.iter().find(|view| view.name.eq_ignore_ascii_case(name))?;
        Some((view.name.clone(), None, schema.name.clone()))
    };
    match path {
        ObjectPath::Table { schema, table } => match find(schema, table) {
            Some((table, Some(_), schema)) => ObjectPath::Table { schema, table },
            Some((view, None, schema)) => ObjectPath::View { schema, view },
            None => path.clone(),
        },
        ObjectPath::Column { schema, table, column } => match find(schema, table) {
            Some((name, found, schema)) => {
                let column = found
                    .and_then(|table| {
                        let same = |known: &&schema::Column| known.name.eq_ignore_ascii_case(column);
                        table.columns.iter().find(same).map(|known| known.name.clone())
                    })
                    .unwrap_or_else(|| column.clone());
                ObjectPath::Column { schema, table: name, column }
            }
            None => path.clone(),
        },
        _ => path.clone(),
    }
}
