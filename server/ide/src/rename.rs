//! Renaming: every place a thing is named, and a hint for the plan while a database still has the old name.
//!
//! Without the hint a plan could only drop the old and add the new, and the rows would be gone. Invariants: it is
//! offered only when every place is known to be a plain spelling of the name; migration files are history and are
//! never touched.

mod hint;
pub(crate) mod suggest;

use project::{Role, Snapshot};
use schema::ObjectPath;
use text::{FileId, TextEdit, TextRange, TextSize};

use crate::fixes::{Edits, push, tidy};
use crate::names::{self, Meaning, Name};

/// What would be renamed, and how it is called now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renamable {
    /// Of the name alone, without quotes.
    pub range: TextRange,
    pub name: String,
}

/// What stands at `offset` and can be renamed.
///
/// # Errors
/// Why it cannot, in words for the user.
pub fn prepare_rename(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Result<Renamable, String> {
    let name = names::at(snapshot, file, offset).into_iter().next().ok_or("there is no name here")?;
    in_migration(snapshot, file, &name)?;
    let old = old_name(snapshot, file, &name).ok_or("this has no name of its own")?;
    let range = spelled(snapshot, file, name.range, &old).ok_or("this is another spelling of the name")?;
    Ok(Renamable { range, name: old })
}

/// The edits that call the thing at `offset` `new`.
///
/// # Errors
/// Why it cannot be, in words for the user: the name is taken, or cannot be written at one of the places.
pub fn rename(snapshot: &Snapshot, file: FileId, offset: TextSize, new: &str) -> Result<Edits, String> {
    let name = names::at(snapshot, file, offset).into_iter().next().ok_or("there is no name here")?;
    in_migration(snapshot, file, &name)?;
    let old = old_name(snapshot, file, &name).ok_or("this has no name of its own")?;
    if new == old {
        return Ok(Edits::new());
    }
    if new.is_empty() || new.chars().any(|ch| matches!(ch, '"' | '`' | '\n' | '\r' | '\0' | '[' | ']')) {
        return Err(format!("{new:?} is not a name"));
    }
    if let Meaning::Object(path) = &name.means
        && let Some(taken) = taken(snapshot, file, path, new)
    {
        return Err(format!("{taken} exists already"));
    }
    let mut edits = every_place(snapshot, file, &name, &old, new)?;
    if let Meaning::Object(path) = &name.means
        && let Some((file, edit)) = hint::of(snapshot, file, path)
    {
        push(&mut edits, file, edit);
    }
    Ok(tidy(edits))
}

/// The edits at every place that names `name`.
///
/// # Errors
/// The place where the name cannot be exchanged.
pub(crate) fn every_place(
    snapshot: &Snapshot,
    file: FileId,
    name: &Name,
    old: &str,
    new: &str,
) -> Result<Edits, String> {
    let mut edits = Edits::new();
    for (place, _) in names::occurrences(snapshot, file, name) {
        if is_history(snapshot, place.file) {
            continue;
        }
        let range = spelled(snapshot, place.file, place.range, old).ok_or_else(|| {
            format!("{old:?} is written in another way at {}", shown(snapshot, place.file, place.range))
        })?;
        let insert = match plain(snapshot, place.file, place.range, range, new) {
            Some(insert) => insert,
            None => {
                let place = shown(snapshot, place.file, place.range);
                return Err(format!("{new:?} cannot be written at {place}"));
            }
        };
        push(&mut edits, place.file, TextEdit { range, insert });
    }
    if edits.is_empty() { Err("it is named nowhere that can be edited".to_owned()) } else { Ok(edits) }
}

/// What a migration made is renamed by another migration; an alias within a statement is anybody's.
fn in_migration(snapshot: &Snapshot, file: FileId, name: &Name) -> Result<(), String> {
    if is_history(snapshot, file) && matches!(name.means, Meaning::Object(_)) {
        return Err("migrations are history: rename it in the schema, or by a new migration".to_owned());
    }
    Ok(())
}

/// A migration says what was done, under the names of that time.
fn is_history(snapshot: &Snapshot, file: FileId) -> bool {
    let info = snapshot.info(file);
    info.home.is_some() || info.claims.first().is_some_and(|claim| claim.migration)
}

fn old_name(snapshot: &Snapshot, file: FileId, name: &Name) -> Option<String> {
    match &name.means {
        Meaning::Object(path) => {
            Some(path.name().to_owned()).filter(|name| !name.is_empty() && !name.starts_with('#'))
        }
        Meaning::Block(key) => key.0.last().map(|name| name.to_string()),
        Meaning::Local(_) => {
            let text = snapshot.text(file)?.slice(name.range).into_owned();
            let text = text.trim_matches(is_quote);
            Some(text.to_owned()).filter(|text| !text.is_empty())
        }
    }
}

fn is_quote(ch: char) -> bool {
    matches!(ch, '"' | '`' | '[' | ']' | '.')
}

/// The range of the name within `range`, whose text is the name with nothing but quotes around it.
fn spelled(snapshot: &Snapshot, file: FileId, range: TextRange, old: &str) -> Option<TextRange> {
    let text = snapshot.text(file)?.slice(range).into_owned();
    let lower = text.to_ascii_lowercase();
    let start = lower.find(&old.to_ascii_lowercase())?;
    let (before, after) = (&text[..start], &text[start + old.len()..]);
    let quotes = |part: &str| part.chars().all(is_quote);
    (quotes(before) && quotes(after))
        .then(|| TextRange::at(range.start() + TextSize::of(before), TextSize::of(old)))
}

/// `new` as it is written at a place: inside the quotes that are there, else bare if it can be, else quoted.
fn plain(snapshot: &Snapshot, file: FileId, whole: TextRange, name: TextRange, new: &str) -> Option<String> {
    let text = snapshot.text(file)?;
    let before = (name.start() > TextSize::new(0))
        .then(|| text.slice(TextRange::new(name.start() - TextSize::new(1), name.start())).into_owned());
    // Inside an escaped string of HCL the last character before the name is still its quote.
    let quoted = whole.start() < name.start() && before.as_deref() != Some(".")
        || matches!(before.as_deref(), Some("\"" | "`" | "["));
    let bare = new.chars().all(|ch| ch.is_alphanumeric() || ch == '_')
        && !new.starts_with(|ch: char| ch.is_ascii_digit());
    let info = snapshot.info(file);
    let lexical = info.dialect().map(|dialect| dialect.grammar);
    if quoted {
        return Some(new.to_owned());
    }
    match info.role {
        Role::Sql => {
            let grammar = lexical?;
            if bare && !grammar.is_reserved(new) {
                return Some(new.to_owned());
            }
            let quote = if grammar.lexical.backtick_names { '`' } else { '"' };
            Some(format!("{quote}{new}{quote}"))
        }
        // A reference of HCL, or SQL inside a string of it: both take a plain word.
        _ => (bare || new.chars().all(|ch| ch.is_alphanumeric() || ch == '_' || ch == '-'))
            .then(|| new.to_owned()),
    }
}

/// What has the name already, among the things of the same kind beside it.
fn taken(snapshot: &Snapshot, file: FileId, path: &ObjectPath, new: &str) -> Option<ObjectPath> {
    let state = names::state(snapshot, file)?;
    let renamed = with_name(path, new);
    let table = ObjectPath::Table { schema: schema_of(path), table: new.into() };
    let view = ObjectPath::View { schema: schema_of(path), view: new.into() };
    let others = match path {
        ObjectPath::Table { .. } | ObjectPath::View { .. } => vec![table, view],
        _ => vec![renamed],
    };
    // Another case of the same name is no collision.
    others
        .into_iter()
        .find(|other| !other.name().eq_ignore_ascii_case(path.name()) && state.origins.get(other).is_some())
}

pub(crate) fn schema_of(path: &ObjectPath) -> schema::SmolStr {
    match path {
        ObjectPath::Schema(schema)
        | ObjectPath::Table { schema, .. }
        | ObjectPath::Column { schema, .. }
        | ObjectPath::PrimaryKey { schema, .. }
        | ObjectPath::Index { schema, .. }
        | ObjectPath::ForeignKey { schema, .. }
        | ObjectPath::Check { schema, .. }
        | ObjectPath::View { schema, .. }
        | ObjectPath::Trigger { schema, .. }
        | ObjectPath::Routine { schema, .. }
        | ObjectPath::Object { schema, .. } => schema.clone(),
    }
}

/// The same object under another name.
fn with_name(path: &ObjectPath, new: &str) -> ObjectPath {
    let mut path = path.clone();
    let name = match &mut path {
        ObjectPath::Schema(name)
        | ObjectPath::Table { table: name, .. }
        | ObjectPath::Column { column: name, .. }
        | ObjectPath::Index { index: name, .. }
        | ObjectPath::ForeignKey { key: name, .. }
        | ObjectPath::Check { check: name, .. }
        | ObjectPath::View { view: name, .. }
        | ObjectPath::Trigger { trigger: name, .. }
        | ObjectPath::Routine { routine: name, .. }
        | ObjectPath::Object { name, .. } => name,
        ObjectPath::PrimaryKey { .. } => return path,
    };
    *name = new.into();
    path
}

/// `schema.sql:3`, for a message.
fn shown(snapshot: &Snapshot, file: FileId, range: TextRange) -> String {
    let name = snapshot.path(file).map_or("a file", |path| path.name());
    let line = snapshot.text(file).map_or(0, |text| text.line(range.start())) + 1;
    format!("{name}:{line}")
}

#[cfg(test)]
mod tests;
