//! Constraints of `ALTER TABLE`: added and dropped, under the names the server gives.

use engine::replay::{Name, Scene, Space};
use schema::{ObjectPath, SmolStr, Table};

use super::super::constraint::Draft;
use super::super::{Qualified, constraint, find_table, hash};
use crate::postgres::names;

/// What foreign keys were found to refer to.
pub(super) fn keys(drafts: &[Draft]) -> String {
    let keys = drafts.iter().filter_map(|draft| match &draft.kind {
        constraint::Kind::ForeignKey { key, .. } => Some((&key.ref_schema, &key.ref_columns)),
        _ => None,
    });
    format!("{:?}", keys.collect::<Vec<_>>())
}

/// The names constraints would get and that are taken already.
pub(super) fn taken_names(scene: &Scene<'_, '_>, table: &Table, drafts: &[Draft]) -> Vec<SmolStr> {
    let mut used = Vec::new();
    for draft in drafts.iter().filter(|draft| draft.has_index() && draft.name.is_none()) {
        // The first name that is free decides; all before it are taken.
        let found = std::cell::RefCell::new(Vec::new());
        draft.name(table, &|name| {
            let taken = scene.is_taken(&table.schema, name);
            if taken {
                found.borrow_mut().push(SmolStr::new(name));
            }
            taken
        });
        used.extend(found.into_inner());
    }
    used
}

pub(super) fn add_constraint(scene: &mut Scene<'_, '_>, name: &Qualified, draft: &Draft, if_exists: bool) {
    let Some((id, table)) = find_table(scene, name, if_exists) else { return };
    let Some(draft) = draft.resolved(scene, &table) else { return };
    if let Some(label) = &draft.name
        && has_constraint(&table, &label.text)
    {
        let message = format!("constraint {:?} of table {:?} already exists", label.text, table.name);
        scene.error(label.range, "duplicate-name", message);
        return;
    }
    let drafts = [draft];
    let used = taken_names(scene, &table, &drafts);
    let depends = hash(format!("{used:?}{}", keys(&drafts)));
    scene.edit(id, depends, |table, origin| {
        for (path, range, at) in
            constraint::add_all(table, &drafts, &|name| used.iter().any(|used| used == name))
        {
            origin.add(path, range, at);
        }
    });
}

/// The name of the constraint of the primary key.
pub(in crate::postgres::ddl) fn key_name(table: &Table) -> Option<SmolStr> {
    let key = table.primary_key.as_ref()?;
    Some(key.name.clone().unwrap_or_else(|| names::implied(&table.name, &[], "pkey", |_| false).into()))
}

pub(super) fn has_constraint(table: &Table, name: &str) -> bool {
    key_name(table).is_some_and(|key| key == name)
        || table.checks.iter().any(|check| check.name.as_deref() == Some(name))
        || table.foreign_key(name).is_some()
        || table.indexes.iter().any(|index| index.name == name && index.key != schema::Key::Index)
}

pub(super) fn drop_constraint(
    scene: &mut Scene<'_, '_>,
    name: &Qualified,
    constraint: &Name,
    if_exists: bool,
    missing_ok: bool,
) {
    let relation = scene.find(Space::Relation, name.schema(), name.text());
    let Some((id, table)) = find_table(scene, name, if_exists || relation.is_some()) else { return };
    if !has_constraint(&table, &constraint.text) {
        let not_null = constraint.text.ends_with("not_null");
        if !missing_ok && !not_null && scene.is_complete(id) && !scene.is_unsure() {
            let message =
                format!("constraint {:?} does not exist in table {:?}", constraint.text, table.name);
            scene.error(constraint.range, "unknown-constraint", message);
        }
        return;
    }
    let text = constraint.text.clone();
    scene.edit(id, 0, |table, origin| {
        let (schema, of) = (table.schema.clone(), table.name.clone());
        if key_name(table).is_some_and(|key| key == text) {
            table.primary_key = None;
            origin.remove(&ObjectPath::PrimaryKey { schema, table: of });
            return;
        }
        table.checks.retain(|check| check.name.as_ref() != Some(&text));
        table.foreign_keys.retain(|key| key.name.as_ref() != Some(&text));
        table.indexes.retain(|index| index.name != text || index.key == schema::Key::Index);
        origin.remove(&ObjectPath::Check { schema: schema.clone(), table: of.clone(), check: text.clone() });
        origin.remove(&ObjectPath::ForeignKey {
            schema: schema.clone(),
            table: of.clone(),
            key: text.clone(),
        });
        origin.remove(&ObjectPath::Index { schema, table: of, index: text });
    });
}
