//! Emptying a dev database.
//!
//! Everything goes with `CASCADE` and `IF EXISTS`, so that the order does not matter and what went with another is no
//! error. Invariant: what was there before stays.

use rustc_hash::{FxHashMap, FxHashSet};
use schema::{Object, Realm, RoutineKind, Schema, SmolStr, ViewKind};

use super::super::attr;
use super::render::{Render, ident};
use super::{Planner, declared};

/// Tables that go in one statement: each takes a few of the server's locks.
const AT_ONCE: usize = 100;

/// The statements that bring a database in which `left` is back to `before`.
pub fn emptied(left: &Realm, before: &Realm) -> Vec<String> {
    let types = declared(left, &[]);
    let collations = FxHashMap::default();
    let planner =
        Planner::new(Render { indent: "", qualifier: None, types: &types, collations: &collations }, None);
    let mut out = Vec::new();
    let had = |object: &Object, list: &[std::sync::Arc<Object>]| {
        list.iter().any(|old| old.kind == object.kind && old.name == object.name)
    };
    // They would watch what follows.
    for kind in [attr::EVENT_TRIGGER, attr::EXTENSION] {
        for object in left.objects.iter().filter(|it| it.kind == kind && !had(it, &before.objects)) {
            let word = if kind == attr::EXTENSION { "EXTENSION" } else { "EVENT TRIGGER" };
            out.push(format!("DROP {word} IF EXISTS {} CASCADE", ident(&object.name)));
        }
    }
    for object in left.objects.iter().filter(|it| !had(it, &before.objects)) {
        match object.kind {
            attr::CAST => out.push(format!("DROP CAST IF EXISTS {} CASCADE", planner.cast_name(object))),
            attr::SERVER => out.push(format!("DROP SERVER IF EXISTS {} CASCADE", ident(&object.name))),
            _ => {}
        }
    }
    for schema in &left.schemas {
        match before.schema(&schema.name) {
            Some(old) => {
                contents(&planner, schema, old, &mut out);
                if old.comment != schema.comment {
                    let text = old.comment.as_deref();
                    out.push(planner.render.comment(&format!("SCHEMA {}", ident(&schema.name)), text));
                }
            }
            None => out.push(format!("DROP SCHEMA IF EXISTS {} CASCADE", ident(&schema.name))),
        }
    }
    for schema in &before.schemas {
        if left.schema(&schema.name).is_none() {
            out.push(format!("CREATE SCHEMA {}", ident(&schema.name)));
        }
    }
    // Nothing of this database is theirs any more.
    for object in left.objects.iter().filter(|it| matches!(it.kind, attr::ROLE | attr::USER)) {
        let same = |old: &std::sync::Arc<Object>| {
            matches!(old.kind, attr::ROLE | attr::USER) && old.name == object.name
        };
        if !before.objects.iter().any(same) {
            out.push(format!("DROP OWNED BY {0}", ident(&object.name)));
            out.push(format!("DROP ROLE IF EXISTS {}", ident(&object.name)));
        }
    }
    out
}

fn contents(planner: &Planner<'_>, schema: &Schema, before: &Schema, out: &mut Vec<String>) {
    let path = |name: &str| planner.render.path(&schema.name, name);
    let tables: FxHashSet<&SmolStr> = before.tables.iter().map(|table| &table.name).collect();
    for view in schema.views.iter().filter(|view| before.view(&view.name).is_none()) {
        let word = if view.kind == ViewKind::Plain { "VIEW" } else { "MATERIALIZED VIEW" };
        out.push(format!("DROP {word} IF EXISTS {} CASCADE", path(&view.name)));
    }
    let new = schema.tables.iter().filter(|table| !tables.contains(&table.name));
    let new: Vec<String> = new.map(|table| path(&table.name)).collect();
    for some in new.chunks(AT_ONCE) {
        out.push(format!("DROP TABLE IF EXISTS {} CASCADE", some.join(", ")));
    }
    for routine in &schema.routines {
        let same = |old: &std::sync::Arc<schema::Routine>| {
            old.name == routine.name && attr::signature(&old.attrs) == attr::signature(&routine.attrs)
        };
        if !before.routines.iter().any(same) {
            let word = match routine.kind {
                RoutineKind::Function => "FUNCTION",
                RoutineKind::Procedure => "PROCEDURE",
            };
            let signature = planner.signature(&schema.name, &routine.name, &routine.attrs);
            out.push(format!("DROP {word} IF EXISTS {signature} CASCADE"));
        }
    }
    for object in &schema.objects {
        if before.objects.iter().any(|old| old.kind == object.kind && old.name == object.name) {
            continue;
        }
        match object.kind {
            attr::ENUM | attr::COMPOSITE | attr::RANGE => {
                out.push(format!("DROP TYPE IF EXISTS {} CASCADE", path(&object.name)));
            }
            attr::DOMAIN => out.push(format!("DROP DOMAIN IF EXISTS {} CASCADE", path(&object.name))),
            attr::SEQUENCE => out.push(format!("DROP SEQUENCE IF EXISTS {} CASCADE", path(&object.name))),
            attr::AGGREGATE => {
                out.push(format!("DROP AGGREGATE IF EXISTS {} CASCADE", planner.aggregate_name(object)));
            }
            attr::COLLATION => out.push(format!("DROP COLLATION IF EXISTS {} CASCADE", path(&object.name))),
            attr::FOREIGN_TABLE => {
                out.push(format!("DROP FOREIGN TABLE IF EXISTS {} CASCADE", path(&object.name)));
            }
            attr::PARTITION_OF => out.push(format!("DROP TABLE IF EXISTS {} CASCADE", path(&object.name))),
            _ => {}
        }
    }
}
