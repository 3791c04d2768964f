//! Objects of a schema, with where they are defined.

use std::fmt::Write as _;

use project::Snapshot;
use schema::ObjectPath;
use text::FileRange;

use crate::describe;
use crate::world::{Rows, World};

/// What `path` is in the state the file is part of.
pub(super) fn describe(world: &World<'_>, path: &ObjectPath) -> Option<String> {
    as_of(world, path).or_else(|| as_of(&world.before()?, path))
}

fn as_of(world: &World<'_>, path: &ObjectPath) -> Option<String> {
    let mut out = words(world, path)?;
    let origin = world.state.as_deref().and_then(|state| state.origins.get(path));
    if let Some(origin) = origin {
        let place = FileRange { file: origin.file, range: origin.name };
        if let Some(place) = self::place(world.snapshot, world, place) {
            let _ = write!(out, "\n\nDefined in {place}");
        }
    }
    Some(out)
}

/// A place in words: `schema.lt.hcl`, line 3.
fn place(snapshot: &Snapshot, world: &World<'_>, place: FileRange) -> Option<String> {
    let path = snapshot.path(place.file)?;
    let line = snapshot.text(place.file)?.line(place.range.start()) + 1;
    let shown = world.directory().and_then(|directory| path.below(&directory).map(str::to_owned));
    Some(format!("`{}`, line {line}", shown.unwrap_or_else(|| path.name().to_owned())))
}

fn words(world: &World<'_>, path: &ObjectPath) -> Option<String> {
    let dialect = world.dialect;
    let schema = |name: &str| world.schemas().iter().find(|schema| schema.name == name);
    let table = |of: &str, name: &str| schema(of)?.table(name);
    Some(match path {
        ObjectPath::Schema(name) => {
            let schema = schema(name)?;
            format!("**schema {name}**: {} tables, {} views", schema.tables.len(), schema.views.len())
        }
        ObjectPath::Table { schema, table: name } => describe::table(table(schema, name)?, dialect),
        ObjectPath::View { schema: of, view } => describe::view(schema(of)?.view(view)?, dialect),
        ObjectPath::Trigger { schema: of, trigger } => describe::trigger(schema(of)?.trigger(trigger)?),
        ObjectPath::Column { schema: of, table: name, column } => {
            let rows = table(of, name).map(Rows::Table);
            let rows = rows.or_else(|| schema(of)?.view(name).map(Rows::View))?;
            let column = rows.columns().iter().find(|it| it.name == *column)?;
            let table = match rows {
                Rows::Table(table) => Some(&**table),
                Rows::View(_) => None,
            };
            describe::column(name, column, table, dialect)
        }
        ObjectPath::PrimaryKey { schema, table: name } => {
            let key = table(schema, name)?.primary_key.as_ref()?;
            fenced(name, &format!("primary key ({})", describe::parts(&key.parts)))
        }
        ObjectPath::Index { schema, table: name, index } => {
            fenced(name, &describe::index(table(schema, name)?.index(index)?))
        }
        ObjectPath::ForeignKey { schema, table: name, key } => {
            let table = table(schema, name)?;
            let by_place =
                key.strip_prefix('#').and_then(|at| table.foreign_keys.get(at.parse::<usize>().ok()?));
            fenced(name, &describe::foreign_key(table.foreign_key(key).or(by_place)?))
        }
        ObjectPath::Check { schema, table: name, check } => {
            let table = table(schema, name)?;
            let by_place = check.strip_prefix('#').and_then(|at| table.checks.get(at.parse::<usize>().ok()?));
            let named = table.checks.iter().find(|it| it.name.as_deref() == Some(check));
            fenced(name, &format!("check ({})", named.or(by_place)?.expr.0))
        }
        ObjectPath::Routine { schema: of, routine } => {
            let routine = schema(of)?.routines.iter().find(|it| it.name == *routine)?;
            format!("```sql\n{}\n```", routine.body)
        }
        ObjectPath::Object { schema: of, kind, name } => {
            let object = schema(of)?.objects.iter().find(|it| it.kind == *kind && it.name == *name)?;
            format!("**{} {}**", object.kind, object.name)
        }
    })
}

fn fenced(table: &str, line: &str) -> String {
    format!("```sql\n{line}\n```\n\nOf table `{table}`.")
}
