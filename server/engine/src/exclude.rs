//! The patterns of `--exclude`: parsed once, applied to a realm.
//!
//! A pattern is a list of globs between dots: `schema.object.child`, or `object.child` where the URL is bound to a
//! schema. A glob may end with a selector that restricts what it matches: `*.*[type=view|table]`. Invariant: what is
//! left is a realm in which no index or key of a table names a column that was taken out.
//!
//! Source: atlas `sql/schema/inspect.go`, `sql/internal/sqlx/exclude.go`; Go `filepath.Match`; reference engine.md §15.

mod glob;

use std::sync::Arc;

use schema::{AttrKey, Object, PartOf, Realm, Schema, SmolStr, Table};

use self::glob::Glob;
use crate::{Error, Scope};

/// Parsed patterns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Patterns {
    patterns: Vec<Vec<Part>>,
}

/// One part of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    glob: Glob,
    /// The kinds of the selector; `None` without one.
    kinds: Option<Vec<String>>,
}

impl Part {
    fn matches(&self, kind: &str, name: &str) -> bool {
        self.selects(kind) && self.glob.matches(name)
    }

    fn selects(&self, kind: &str) -> bool {
        self.kinds.as_ref().is_none_or(|kinds| kinds.iter().any(|selected| selected == kind))
    }
}

/// The most parts a pattern of a realm has.
const PARTS: usize = 3;

impl Patterns {
    /// Reads patterns as written on the command line.
    ///
    /// # Errors
    /// [`Error::Argument`]: `too many parts in pattern: "a.b.c.d"`, `syntax error in pattern`.
    pub fn parse(patterns: &[String]) -> Result<Self, Error> {
        let mut parsed = Vec::with_capacity(patterns.len());
        for pattern in patterns {
            let fields = fields(pattern)?;
            if fields.len() > PARTS {
                return Err(Error::Argument(format!("too many parts in pattern: {pattern:?}")));
            }
            parsed.push(fields.iter().map(|field| part(field)).collect::<Result<_, _>>()?);
        }
        Ok(Self { patterns: parsed })
    }

    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Removes what matches from `realm`. In a scope bound to a schema, patterns start below it.
    pub fn apply(&self, realm: &mut Realm, scope: &Scope) {
        for pattern in &self.patterns {
            match (&scope.bound, &pattern[..]) {
                (Some(_), [object]) => {
                    realm.schemas.iter_mut().for_each(|schema| exclude_objects(schema, object))
                }
                (Some(_), [object, child]) => {
                    realm.schemas.iter_mut().for_each(|schema| exclude_children(schema, object, child));
                }
                (None, [part]) => {
                    realm.schemas.retain(|found| !part.matches("schema", &found.name));
                    realm
                        .objects
                        .retain(|object| !part.matches(&object.kind.replace(' ', "_"), &object.name));
                }
                (None, [schema, object]) => {
                    let found =
                        realm.schemas.iter_mut().filter(|found| schema.matches("schema", &found.name));
                    found.for_each(|schema| exclude_objects(schema, object));
                }
                (_, [schema, object, child]) => {
                    let found =
                        realm.schemas.iter_mut().filter(|found| schema.matches("schema", &found.name));
                    found.for_each(|schema| exclude_children(schema, object, child));
                }
                _ => {}
            }
        }
    }
}

/// Takes tables, views and other objects out. A trigger goes with its table.
fn exclude_objects(schema: &mut Schema, part: &Part) {
    let mut gone: Vec<SmolStr> = Vec::new();
    schema.tables.retain(|table| {
        let keep = !part.matches("table", &table.name);
        if !keep {
            gone.push(table.name.clone());
        }
        keep
    });
    schema.views.retain(|view| {
        let kind = match view.kind {
            schema::ViewKind::Plain => "view",
            schema::ViewKind::Materialized => "materialized",
        };
        let keep = !part.matches(kind, &view.name);
        if !keep {
            gone.push(view.name.clone());
        }
        keep
    });
    schema.triggers.retain(|trigger| !part.matches("trigger", &trigger.name) && !gone.contains(&trigger.on));
    schema.routines.retain(|routine| {
        let kind = match routine.kind {
            schema::RoutineKind::Function => "function",
            schema::RoutineKind::Procedure => "procedure",
        };
        !part.matches(kind, &routine.name)
    });
    schema.objects.retain(|object| {
        !part.matches(&object.kind.replace(' ', "_"), &object.name)
            && !gone.iter().any(|table| is_part_of(object, table))
    });
}

/// Whether an object goes with a table of its schema: the policies on it, its partitions.
fn is_part_of(object: &Object, table: &str) -> bool {
    [AttrKey::<String>::new("on", ""), AttrKey::<String>::new("of", "")].iter().any(|key| {
        object.attrs.get(key).is_some_and(|name| {
            let inner = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
            name == table || inner.is_some_and(|inner| inner.replace("\"\"", "\"") == table)
        })
    })
}

/// Takes columns, indexes, keys, checks and triggers of tables out.
fn exclude_children(schema: &mut Schema, object: &Part, child: &Part) {
    let mut tables: Vec<SmolStr> = Vec::new();
    for table in schema.tables.iter_mut().filter(|table| object.matches("table", &table.name)) {
        tables.push(table.name.clone());
        if matches_in_table(table, child) {
            exclude_from_table(Arc::make_mut(table), child);
        }
    }
    let views = schema.views.iter().filter(|view| object.matches("view", &view.name));
    tables.extend(views.map(|view| view.name.clone()));
    schema
        .triggers
        .retain(|trigger| !(tables.contains(&trigger.on) && child.matches("trigger", &trigger.name)));
}

/// Whether the pattern takes anything out of `table`. One that it does not stays shared.
fn matches_in_table(table: &Table, part: &Part) -> bool {
    let named = |name: &Option<SmolStr>| name.clone().unwrap_or_default();
    table.columns.iter().any(|column| part.matches("column", &column.name))
        || table.indexes.iter().any(|index| part.matches("index", &index.name))
        || table.foreign_keys.iter().any(|key| part.matches("fk", &named(&key.name)))
        || table.checks.iter().any(|check| part.matches("check", &named(&check.name)))
}

fn exclude_from_table(table: &mut Table, part: &Part) {
    let mut gone: Vec<SmolStr> = Vec::new();
    table.columns.retain(|column| {
        let keep = !part.matches("column", &column.name);
        if !keep {
            gone.push(column.name.clone());
        }
        keep
    });
    let uses = |parts: &[schema::IndexPart]| {
        parts.iter().any(|part| matches!(&part.of, PartOf::Column(name) if gone.contains(name)))
    };
    table.indexes.retain(|index| !uses(&index.parts) && !part.matches("index", &index.name));
    table.foreign_keys.retain(|key| {
        let uses = key.columns.iter().any(|column| gone.contains(column));
        !uses && !part.matches("fk", key.name.as_deref().unwrap_or_default())
    });
    table.checks.retain(|check| !part.matches("check", check.name.as_deref().unwrap_or_default()));
    if table.primary_key.as_ref().is_some_and(|key| uses(&key.parts)) {
        table.primary_key = None;
    }
}

/// Reads one part: a glob, and a selector behind it.
fn part(text: &str) -> Result<Part, Error> {
    let (glob, kinds) = match text.strip_suffix(']').and_then(|text| text.rsplit_once("[type=")) {
        Some((glob, kinds))
            if !kinds.is_empty()
                && kinds.bytes().all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'|' | b'_')) =>
        {
            (glob, Some(kinds.split('|').map(str::to_string).collect()))
        }
        _ => (text, None),
    };
    let glob = Glob::parse(glob).ok_or_else(|| Error::Argument("syntax error in pattern".to_string()))?;
    Ok(Part { glob, kinds })
}

/// Splits at dots as Go's CSV reader does: a part in double quotes may hold dots, and doubled quotes for one.
fn fields(pattern: &str) -> Result<Vec<String>, Error> {
    let fail = |column: usize, what: &str| {
        Err(Error::Argument(format!("parse error on line 1, column {column}: {what}")))
    };
    let mut fields = Vec::new();
    let mut rest = pattern;
    loop {
        let column = pattern.len() - rest.len() + 1;
        let (field, after) = if let Some(quoted) = rest.strip_prefix('"') {
            let mut field = String::new();
            let mut tail = quoted;
            loop {
                let Some(end) = tail.find('"') else {
                    return fail(pattern.len() + 1, "extraneous or missing \" in quoted-field");
                };
                field.push_str(&tail[..end]);
                tail = &tail[end + 1..];
                match tail.strip_prefix('"') {
                    Some(next) => {
                        field.push('"');
                        tail = next;
                    }
                    None => break,
                }
            }
            if !tail.is_empty() && !tail.starts_with('.') {
                return fail(pattern.len() - tail.len(), "extraneous or missing \" in quoted-field");
            }
            (field, tail)
        } else {
            let end = rest.find('.').unwrap_or(rest.len());
            if let Some(at) = rest[..end].find('"') {
                return fail(column + at, "bare \" in non-quoted field");
            }
            (rest[..end].to_string(), &rest[end..])
        };
        fields.push(field);
        match after.strip_prefix('.') {
            Some(next) => rest = next,
            None => return Ok(fields),
        }
    }
}

#[cfg(test)]
mod tests;
