//! The hint that tells a plan what a thing was called: written while a known database still has the old name.
//!
//! A column of HCL takes the attribute `renamed_from`; everything else a comment above it, `atlas:renamed_from old`.
//! A thing that has a hint keeps it: the database still has the oldest name.

use engine::state::State;
use project::{Role, Snapshot};
use schema::{ObjectPath, Realm};
use text::{FileId, TextEdit, TextRange, TextSize};

use crate::names;

/// What a comment with a hint starts with.
pub(super) const DIRECTIVE: &str = "atlas:renamed_from";

/// The edit that adds a hint to the definition of `path`, if a known database has it under this name.
pub(super) fn of(snapshot: &Snapshot, file: FileId, path: &ObjectPath) -> Option<(FileId, TextEdit)> {
    if !matches!(
        path,
        ObjectPath::Table { .. }
            | ObjectPath::Column { .. }
            | ObjectPath::View { .. }
            | ObjectPath::Index { .. }
            | ObjectPath::Object { .. }
    ) {
        return None;
    }
    let claims = &snapshot.info(file).claims;
    let known = |claim: &project::Claim| {
        let plan = snapshot.plan(&claim.config, &claim.env);
        plan.ready().is_some_and(|ready| has(&ready.current, path))
    };
    if !claims.iter().any(known) {
        return None;
    }
    let state = names::state(snapshot, file)?;
    insert(snapshot, &state, path, path.name())
}

/// The edit that says the definition of `path` was called `old`; `None` where it says something already.
pub(super) fn insert(
    snapshot: &Snapshot,
    state: &State,
    path: &ObjectPath,
    old: &str,
) -> Option<(FileId, TextEdit)> {
    let origin = state.origins.get(path)?;
    let text = snapshot.text(origin.file)?;
    let line_start = text.line_range(text.line(origin.range.start())).start();
    let indent: String = text
        .slice(TextRange::new(line_start, origin.range.start()))
        .chars()
        .take_while(|ch| ch.is_whitespace())
        .collect();
    let definition = text.slice(origin.range).into_owned();
    let above = line_start
        .checked_sub(TextSize::new(1))
        .map(|end| text.slice(text.line_range(text.line(end))).into_owned());
    if above.is_some_and(|line| line.contains(DIRECTIVE)) || definition.contains("renamed_from") {
        return None;
    }
    let is_sql = snapshot.info(origin.file).role == Role::Sql;
    let alone = TextSize::of(indent.as_str()) == origin.range.start() - line_start;
    // A name with blanks needs quotes to be told from what follows.
    let quoted = if old.contains(char::is_whitespace) { format!("\"{old}\"") } else { old.to_owned() };
    let edit = match (is_sql, path) {
        (false, ObjectPath::Column { .. }) => {
            let open = definition.find('{')?;
            let at = origin.range.start() + TextSize::of(&definition[..=open]);
            let multi = definition[open + 1..].trim_start_matches([' ', '\t']).starts_with(['\n', '\r']);
            let insert = if multi {
                format!("\n{indent}  renamed_from = {old:?}")
            } else {
                // A block on one line has one attribute; it is opened up.
                let inner = definition[open + 1..].trim_end().trim_end_matches('}').trim();
                let body = if inner.is_empty() { String::new() } else { format!("{indent}  {inner}\n") };
                let insert = format!("\n{indent}  renamed_from = {old:?}\n{body}{indent}}}");
                let rest = TextRange::new(at, origin.range.end());
                return Some((origin.file, TextEdit { range: rest, insert }));
            };
            TextEdit { range: TextRange::empty(at), insert }
        }
        (false, _) => TextEdit {
            range: TextRange::empty(line_start),
            insert: format!("{indent}# {DIRECTIVE} {quoted}\n"),
        },
        (true, _) if alone => TextEdit {
            range: TextRange::empty(line_start),
            insert: format!("{indent}-- {DIRECTIVE} {quoted}\n"),
        },
        (true, _) => TextEdit {
            range: TextRange::empty(origin.range.start()),
            insert: format!("/* {DIRECTIVE} {quoted} */ "),
        },
    };
    Some((origin.file, edit))
}

/// Whether a database has the object; its schema may have another name there.
pub(super) fn has(realm: &Realm, path: &ObjectPath) -> bool {
    let schema = super::schema_of(path);
    let schemas = realm.schemas.iter().filter(|found| found.name == schema || realm.schemas.len() == 1);
    schemas.into_iter().any(|schema| match path {
        ObjectPath::Table { table, .. } => schema.table(table).is_some(),
        ObjectPath::Column { table, column, .. } => {
            schema.table(table).is_some_and(|table| table.column(column).is_some())
        }
        ObjectPath::Index { table, index, .. } => {
            schema.table(table).is_some_and(|table| table.index(index).is_some())
        }
        ObjectPath::View { view, .. } => schema.view(view).is_some(),
        ObjectPath::Object { kind, name, .. } => {
            schema.objects.iter().any(|object| object.kind == *kind && object.name == *name)
        }
        _ => false,
    })
}
