//! Renames and moves to another schema, with everything that named what is renamed.

use std::sync::Arc;

use engine::replay::{Id, Name, Scene, Space, Thing};
use schema::{Class, Column, ObjectPath, PartOf, SmolStr, Table, View};
use text::TextRange;

use super::super::{Qualified, find_table, hash};
use super::columns::column_path;
use super::constraints::{has_constraint, key_name};
use crate::postgres::{attr, expr, names};

pub(super) fn rename_column(
    scene: &mut Scene<'_, '_>,
    name: &Qualified,
    from: &Name,
    to: &Name,
    if_exists: bool,
) {
    let relation = scene.find(Space::Relation, name.schema(), name.text());
    if let Some(id) = relation
        && let Some(Thing::View(view)) = scene.thing(id).cloned()
    {
        let mut view = View::clone(&view);
        for column in view.columns.iter_mut().filter(|column| column.name == from.text) {
            column.name = to.text.clone();
        }
        scene.set(id, Thing::View(Arc::new(view)));
        return;
    }
    let Some((id, table)) = find_table(scene, name, if_exists) else { return };
    if table.column(&from.text).is_none() {
        if scene.is_complete(id) {
            scene.missing_column(&table, from);
        }
        return;
    }
    if table.column(&to.text).is_some() {
        let message = format!("column {:?} of table {:?} already exists", to.text, table.name);
        scene.error(to.range, "duplicate-name", message);
        return;
    }
    let (old, new) = (from.text.clone(), to.text.clone());
    scene.edit(id, 0, |table, origin| {
        origin.rename(&column_path(table, &old), column_path(table, &new), to.range);
        rename_in_table(table, &old, &new);
    });
    let (schema, of) = (table.schema.clone(), table.name.clone());
    for other in scene.all(|space, _| space == Space::Relation) {
        let Some(table) = scene.table(other) else { continue };
        let refers = |key: &schema::ForeignKey, own: &str| {
            key.ref_table == of && (if key.ref_schema.is_empty() { own } else { &key.ref_schema }) == schema
        };
        if table.foreign_keys.iter().any(|key| refers(key, &table.schema)) {
            scene.edit(other, 1, |table, _| {
                let own = table.schema.clone();
                for key in table.foreign_keys.iter_mut().filter(|key| refers(key, &own)) {
                    for name in key.ref_columns.iter_mut().filter(|name| **name == old) {
                        *name = new.clone();
                    }
                }
            });
        }
    }
}

fn rename_in_table(table: &mut Table, old: &SmolStr, new: &SmolStr) {
    let rename = |name: &mut SmolStr| {
        if name == old {
            name.clone_from(new);
        }
    };
    let text = |text: &mut String| *text = expr::rename(text, old, new);
    for column in &mut table.columns {
        rename(&mut column.name);
        if let Some(generated) = &mut column.generated {
            text(&mut generated.expr.0);
        }
    }
    let part = |part: &mut schema::IndexPart| match &mut part.of {
        PartOf::Column(name) => rename(name),
        PartOf::Expr(expr) => text(&mut expr.0),
    };
    table.primary_key.iter_mut().flat_map(|key| &mut key.parts).for_each(part);
    for index in &mut table.indexes {
        index.parts.iter_mut().for_each(part);
        if let Some(predicate) = &mut index.predicate {
            text(&mut predicate.0);
        }
        if let Some(mut include) = index.attrs.get(&attr::INCLUDE) {
            for name in include.iter_mut().filter(|name| *name == old) {
                *name = new.to_string();
            }
            index.attrs.set(&attr::INCLUDE, include);
        }
    }
    for key in &mut table.foreign_keys {
        key.columns.iter_mut().for_each(rename);
    }
    for check in &mut table.checks {
        text(&mut check.expr.0);
    }
    if let Some(mut partition) = attr::Partition::of(&table.attrs) {
        for of in &mut partition.parts {
            match of {
                PartOf::Column(name) => rename(name),
                PartOf::Expr(expr) => text(&mut expr.0),
            }
        }
        partition.set(&mut table.attrs);
    }
}

pub(super) fn rename_constraint(
    scene: &mut Scene<'_, '_>,
    name: &Qualified,
    from: &Name,
    to: &Name,
    if_exists: bool,
) {
    let Some((id, table)) = find_table(scene, name, if_exists) else { return };
    if !has_constraint(&table, &from.text) {
        if !scene.is_unsure() && scene.is_complete(id) && !from.text.ends_with("not_null") {
            let message = format!("constraint {:?} does not exist in table {:?}", from.text, table.name);
            scene.error(from.range, "unknown-constraint", message);
        }
        return;
    }
    let (old, new, range) = (from.text.clone(), to.text.clone(), to.range);
    scene.edit(id, 0, |table, origin| rename_in_constraints(table, origin, &old, &new, range));
}

fn rename_in_constraints(
    table: &mut Table,
    origin: &mut engine::replay::Origin<'_>,
    old: &SmolStr,
    new: &SmolStr,
    range: TextRange,
) {
    let (schema, of) = (table.schema.clone(), table.name.clone());
    if key_name(table).is_some_and(|key| key == *old) {
        let usual = names::implied(&table.name, &[], "pkey", |_| false);
        if let Some(key) = &mut table.primary_key {
            key.name = (*new != usual.as_str()).then(|| new.clone());
        }
        return;
    }
    let path =
        |name: &SmolStr| ObjectPath::Index { schema: schema.clone(), table: of.clone(), index: name.clone() };
    origin.rename(&path(old), path(new), range);
    let path =
        |name: &SmolStr| ObjectPath::Check { schema: schema.clone(), table: of.clone(), check: name.clone() };
    origin.rename(&path(old), path(new), range);
    let path = |name: &SmolStr| ObjectPath::ForeignKey {
        schema: schema.clone(),
        table: of.clone(),
        key: name.clone(),
    };
    origin.rename(&path(old), path(new), range);
    for index in table.indexes.iter_mut().filter(|index| index.name == *old) {
        index.name = new.clone();
    }
    for check in table.checks.iter_mut().filter(|check| check.name.as_ref() == Some(old)) {
        check.name = Some(new.clone());
    }
    for key in table.foreign_keys.iter_mut().filter(|key| key.name.as_ref() == Some(old)) {
        key.name = Some(new.clone());
    }
    table.indexes.sort_by(|a, b| a.name.cmp(&b.name));
    table.checks.sort_by(|a, b| a.name.cmp(&b.name));
    table.foreign_keys.sort_by(|a, b| a.name.cmp(&b.name));
}

/// The table, or else materialized view, of an index.
pub(in crate::postgres::ddl) fn find_index(
    scene: &mut Scene<'_, '_>,
    name: &Qualified,
    missing_ok: bool,
) -> Option<Id> {
    let found = scene.find_index(name.schema(), name.text());
    if found.is_some() {
        return found;
    }
    // The index of a primary key has the name of its constraint; those of partitions are not kept.
    let mut keyed = None;
    for id in scene.all(|space, _| space == Space::Relation) {
        match scene.thing(id) {
            Some(Thing::Table(table)) if key_name(table).is_some_and(|key| key == *name.text()) => {
                keyed = Some(id);
                break;
            }
            Some(Thing::Object(object)) if object.kind == attr::PARTITION_OF => return None,
            _ => {}
        }
    }
    if keyed.is_none() && !missing_ok {
        scene.missing("index", Space::Relation, &name.name);
    }
    keyed
}

pub(super) fn rename_index(scene: &mut Scene<'_, '_>, name: &Qualified, to: &Name, if_exists: bool) {
    let Some(id) = find_index(scene, name, if_exists) else { return };
    let (old, new, range) = (name.text().clone(), to.text.clone(), to.range);
    match scene.thing(id).cloned() {
        Some(Thing::Table(_)) => {
            scene.edit(id, 0, |table, origin| rename_in_constraints(table, origin, &old, &new, range));
        }
        Some(Thing::View(view)) => {
            let mut view = View::clone(&view);
            for index in view.indexes.iter_mut().filter(|index| index.name == old) {
                index.name = new.clone();
            }
            view.indexes.sort_by(|a, b| a.name.cmp(&b.name));
            scene.set(id, Thing::View(Arc::new(view)));
        }
        _ => {}
    }
}

pub(super) fn rename_relation(scene: &mut Scene<'_, '_>, name: &Qualified, to: &Name, if_exists: bool) {
    let Some(id) = scene.find(Space::Relation, name.schema(), name.text()) else {
        // `ALTER TABLE` renames indexes too.
        if scene.find_index(name.schema(), name.text()).is_some() {
            rename_index(scene, name, to, if_exists);
        } else if !if_exists {
            scene.missing("table", Space::Relation, &name.name);
        }
        return;
    };
    let Some((schema, old)) = scene.name_of(id) else { return };
    if scene.is_taken(&schema, &to.text) {
        scene.exists("table", to, None);
        return;
    }
    relocate(scene, id, (&schema, &old), (&schema, &to.text), to.range);
}

/// Calls a relation by another name, or moves it to another schema, with everything that names it.
pub(in crate::postgres::ddl) fn relocate(
    scene: &mut Scene<'_, '_>,
    id: Id,
    from: (&SmolStr, &SmolStr),
    to: (&SmolStr, &SmolStr),
    range: TextRange,
) {
    let (new_schema, new) = (to.0.clone(), to.1.clone());
    super::super::accounts::moved(scene, (from.0, from.1), (to.0, to.1));
    match scene.thing(id).cloned() {
        Some(Thing::Table(_)) => {
            scene.edit(id, hash((&new_schema, &new)), |table, origin| {
                // The key keeps its name when the table gets another.
                let key = key_name(table);
                table.name = new.clone();
                table.schema = new_schema.clone();
                let usual = names::implied(&new, &[], "pkey", |_| false);
                if let (Some(of), Some(key)) = (&mut table.primary_key, key) {
                    of.name = (key != usual.as_str()).then_some(key);
                }
                for path in origin.paths() {
                    path.move_to_table(&new_schema, &new);
                }
                let after = ObjectPath::Table { schema: new_schema.clone(), table: new.clone() };
                origin.rename(&after.clone(), after, range);
                let serial =
                    |column: &&mut Column| column.ty.as_ref().is_some_and(|ty| ty.class == Class::Serial);
                for column in table.columns.iter_mut().filter(serial) {
                    let sequence = names::implied(from.1, &[&column.name], "seq", |_| false);
                    let usual = names::implied(&new, &[&column.name], "seq", |_| false);
                    let sequence = column.attrs.get(&attr::SEQUENCE_NAME).unwrap_or(sequence);
                    if sequence == usual {
                        column.attrs.remove(&attr::SEQUENCE_NAME);
                    } else {
                        column.attrs.set(&attr::SEQUENCE_NAME, sequence);
                    }
                }
            });
        }
        Some(Thing::View(view)) => {
            let view = View { name: new.clone(), schema: new_schema.clone(), ..View::clone(&view) };
            scene.set(id, Thing::View(Arc::new(view)));
            let path =
                |of: (&SmolStr, &SmolStr)| ObjectPath::View { schema: of.0.clone(), view: of.1.clone() };
            scene.origin(id, |origin| origin.rename(&path(from), path(to), range));
        }
        Some(Thing::Object(object)) => {
            let object = schema::Object {
                name: new.clone(),
                schema: new_schema.clone(),
                ..schema::Object::clone(&object)
            };
            let kind = object.kind;
            scene.set(id, Thing::Object(Arc::new(object)));
            let path = |of: (&SmolStr, &SmolStr)| ObjectPath::Object {
                schema: of.0.clone(),
                kind,
                name: of.1.clone(),
            };
            scene.origin(id, |origin| origin.rename(&path(from), path(to), range));
        }
        _ => {}
    }
    scene.rename(id, new_schema.clone(), new.clone());
    for other in scene.all(|space, _| matches!(space, Space::Relation | Space::Owned)) {
        match scene.thing(other).cloned() {
            Some(Thing::Table(table)) => {
                let refers = |key: &schema::ForeignKey, own: &str| {
                    key.ref_table == *from.1
                        && (if key.ref_schema.is_empty() { own } else { &key.ref_schema }) == from.0
                };
                let moved = other == id && from.0 != to.0;
                if moved || table.foreign_keys.iter().any(|key| refers(key, &table.schema)) {
                    scene.edit(other, hash((to.0, to.1, 2)), |table, _| {
                        let own = table.schema.clone();
                        for key in &mut table.foreign_keys {
                            if moved && key.ref_schema.is_empty() && key.ref_table != *from.1 {
                                key.ref_schema = from.0.clone();
                            }
                            let before = if moved { from.0.clone() } else { own.clone() };
                            if refers(key, &before) {
                                key.ref_table = to.1.clone();
                                key.ref_schema = to.0.clone();
                            }
                            if key.ref_schema == own {
                                key.ref_schema = SmolStr::default();
                            }
                        }
                    });
                }
            }
            Some(Thing::Trigger(trigger)) if trigger.on == *from.1 && trigger.schema == *from.0 => {
                let mut trigger = schema::Trigger::clone(&trigger);
                trigger.on = to.1.clone();
                trigger.schema = to.0.clone();
                let name = super::super::routine::owned_name(&trigger.on, &trigger.name);
                scene.set(other, Thing::Trigger(Arc::new(super::super::super::rules::with_body(trigger))));
                scene.rename(other, to.0.clone(), name);
            }
            Some(Thing::Object(object)) => {
                let key = match object.kind {
                    attr::PARTITION_OF => &attr::OF,
                    attr::POLICY => &attr::ON,
                    _ => continue,
                };
                let target = object.attrs.get(key).and_then(|text| names::target(&text));
                let Some((of_schema, of)) = target else { continue };
                let of_schema = if of_schema.is_empty() { object.schema.clone() } else { of_schema };
                if of_schema == *from.0 && of == *from.1 {
                    let mut object = schema::Object::clone(&object);
                    if object.kind == attr::POLICY {
                        object.schema = to.0.clone();
                    }
                    let text = names::qualified(&object.schema, to.0, to.1);
                    object.attrs.set(key, text);
                    if object.kind == attr::POLICY {
                        let name = super::super::routine::owned_name(to.1, &object.name);
                        scene.rename(other, to.0.clone(), name);
                    }
                    scene.set(other, Thing::Object(Arc::new(object)));
                }
            }
            _ => {}
        }
    }
}
