//! Indexes and foreign keys as the server has them: named, complete and sorted.

use engine::connection::Capabilities;
use schema::{Index, Key, PartOf, ReferenceAction, SmolStr, Table};

use super::super::attr::{ENGINE, INDEX_TYPE, INVISIBLE, PREFIX};
use super::super::features::{DESC_INDEX, INVISIBLE_INDEX, RESTRICT_BY_DEFAULT};
use super::super::implied;

/// Brings the keys of a table, whose attributes and columns are final, into the server's form.
pub fn normalize(table: &mut Table, server: &Capabilities) {
    let engine = table.attrs.get(&ENGINE).unwrap_or_default();
    if let Some(key) = &mut table.primary_key {
        key.name = None;
        key.comment = key.comment.take().filter(|comment| !comment.is_empty());
        let ty = kind(key.attrs.get(&INDEX_TYPE), &engine);
        match ty {
            Some(ty) => key.attrs.set(&INDEX_TYPE, ty),
            None => key.attrs.remove(&INDEX_TYPE),
        }
    }
    let mut taken: Vec<String> = table.indexes.iter().map(|index| index.name.to_lowercase()).collect();
    let columns = table.columns.clone();
    for index in &mut table.indexes {
        if index.name.is_empty() {
            index.name = name(index, &taken);
            taken.push(index.name.to_lowercase());
        }
        index.key = Key::Index;
        index.comment = index.comment.take().filter(|comment| !comment.is_empty());
        match kind(index.attrs.get(&INDEX_TYPE), &engine) {
            Some(ty) => index.attrs.set(&INDEX_TYPE, ty),
            None => index.attrs.remove(&INDEX_TYPE),
        }
        if !server.has(INVISIBLE_INDEX) {
            index.attrs.remove(&INVISIBLE);
        }
        let words = index.attrs.get(&INDEX_TYPE).is_some_and(|ty| ty != "HASH");
        for part in &mut index.parts {
            part.desc &= server.has(DESC_INDEX) && !words;
            let Some(prefix) = part.attrs.get(&PREFIX) else { continue };
            let size = part.column_name().and_then(|name| {
                let column = columns.iter().find(|column| column.name.eq_ignore_ascii_case(name))?;
                column.ty.as_ref().filter(|ty| !ty.name.ends_with("text"))?.int_arg(0)
            });
            if words || size == Some(prefix) {
                part.attrs.remove(&PREFIX);
            }
        }
    }
    foreign_keys(table, server);
    if !engine.eq_ignore_ascii_case("myisam") {
        let added = implied::indexes(table);
        table.indexes.extend(added);
    }
    table.indexes.sort_by(|a, b| (a.name.to_lowercase(), &a.name).cmp(&(b.name.to_lowercase(), &b.name)));
}

/// What kind of index it becomes; `None` for the usual tree.
fn kind(said: Option<String>, engine: &str) -> Option<String> {
    let said = said.unwrap_or_default().to_ascii_uppercase();
    let memory = engine.eq_ignore_ascii_case("memory");
    match said.as_str() {
        "FULLTEXT" | "SPATIAL" => Some(said),
        "" | "HASH" if memory => Some("HASH".to_string()),
        // Elsewhere a hash is a tree.
        "" | "BTREE" | "HASH" | "RTREE" => None,
        _ => Some(said),
    }
}

/// The name a server gives an index without one: its first column's, with a number if that is taken.
fn name(index: &Index, taken: &[String]) -> SmolStr {
    let base = match index.parts.first().map(|part| &part.of) {
        Some(PartOf::Column(name)) => name.clone(),
        _ => "functional_index".into(),
    };
    let free = |name: &str| !taken.contains(&name.to_lowercase()) && !name.eq_ignore_ascii_case("primary");
    if free(&base) {
        return base;
    }
    let numbered = (2..100).map(|number| SmolStr::from(format!("{base}_{number}")));
    numbered.into_iter().find(|name| free(name)).unwrap_or(base)
}

fn foreign_keys(table: &mut Table, server: &Capabilities) {
    let usual = match server.has(RESTRICT_BY_DEFAULT) {
        true => ReferenceAction::Restrict,
        false => ReferenceAction::NoAction,
    };
    let taken: Vec<SmolStr> = table.foreign_keys.iter().filter_map(|key| key.name.clone()).collect();
    let mut number = 0;
    for key in &mut table.foreign_keys {
        key.on_update.get_or_insert(usual);
        key.on_delete.get_or_insert(usual);
        if key.ref_schema == table.schema {
            key.ref_schema = SmolStr::default();
        }
    }
    // The index of a key without a name is named before the key is.
    if table.foreign_keys.iter().any(|key| key.name.is_none()) {
        let added = implied::indexes(table);
        table.indexes.extend(added);
    }
    for key in &mut table.foreign_keys {
        while key.name.is_none() {
            number += 1;
            let name = SmolStr::from(format!("{}_ibfk_{number}", table.name));
            if !taken.contains(&name) {
                key.name = Some(name);
            }
        }
    }
    table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
}
