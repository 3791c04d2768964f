//! `ALTER TABLE`, and what it shares with `ALTER INDEX`, `ALTER VIEW` and their kin.

use std::sync::Arc;

use engine::replay::{Builder, Id, Name, Scene, Space, Thing, Unsupported};
use schema::{Class, Column, Expr, Generated, ObjectPath, PartOf, SmolStr, Table, View};
use syntax::sql::ast::{self, AlterAction};
use text::TextRange;

use super::super::attr::{self, Identity};
use super::super::{defaults, expr, names, types};
use super::constraint::{self, Draft};
use super::table::{self, ColumnDraft};
use super::{Qualified, find_table, fold, hash, index, name_of, resolve_type, step};

/// Reads `ALTER TABLE` and its kin.
pub(super) fn alter(alter: &ast::AlterTable, builder: &mut Builder) -> Result<(), Unsupported> {
    let Some(path) = alter.path() else { return Ok(()) };
    let name = Qualified::of(&path);
    let if_exists = alter.if_exists().is_some();
    let kind = alter.kind();
    let moves = |action: &AlterAction| match action {
        AlterAction::RenameTable(_) => true,
        AlterAction::Other(action) => action.words() == "SET SCHEMA",
        _ => false,
    };
    if kind == "FOREIGN TABLE" && !alter.actions().any(|action| moves(&action)) {
        return super::foreign::alter_table(alter.syntax(), builder);
    }
    for action in alter.actions() {
        match action {
            AlterAction::RenameTable(rename) => {
                let Some(to) = rename.to() else { continue };
                let (name, to) = (name.clone(), name_of(&to));
                if kind == "INDEX" {
                    step(builder, move |scene| rename_index(scene, &name, &to, if_exists));
                } else {
                    step(builder, move |scene| rename_relation(scene, &name, &to, if_exists));
                }
            }
            AlterAction::RenameColumn(rename) => {
                let (Some(from), Some(to)) = (rename.from(), rename.to()) else { continue };
                let (name, from, to) = (name.clone(), name_of(&from), name_of(&to));
                step(builder, move |scene| rename_column(scene, &name, &from, &to, if_exists));
            }
            AlterAction::RenameConstraint(rename) => {
                let (Some(from), Some(to)) = (rename.from(), rename.to()) else { continue };
                let (name, from, to) = (name.clone(), name_of(&from), name_of(&to));
                step(builder, move |scene| rename_constraint(scene, &name, &from, &to, if_exists));
            }
            AlterAction::AddColumn(add) => {
                let Some(column) = add.column().and_then(|column| ColumnDraft::of(&column, builder)) else {
                    continue;
                };
                let name = name.clone();
                let if_not_exists = add.syntax().children_with_tokens().any(|child| {
                    child.as_token().is_some_and(|token| token.text().eq_ignore_ascii_case("EXISTS"))
                });
                step(builder, move |scene| add_column(scene, &name, &column, if_exists, if_not_exists));
            }
            AlterAction::DropColumn(drop) => {
                let Some(column) = drop.name() else { continue };
                let (name, column) = (name.clone(), name_of(&column));
                let missing_ok = drop.if_exists().is_some();
                let cascade = drop.cascade().is_some();
                step(builder, move |scene| {
                    drop_column(scene, &name, &column, if_exists, missing_ok, cascade)
                });
            }
            AlterAction::AddConstraint(node) => {
                let Some(draft) = Draft::of_table(&node) else { continue };
                let name = name.clone();
                step(builder, move |scene| add_constraint(scene, &name, &draft, if_exists));
            }
            AlterAction::DropConstraint(drop) => {
                let Some(constraint) = drop.name() else { continue };
                let (name, constraint) = (name.clone(), name_of(&constraint));
                let missing_ok = drop.if_exists().is_some();
                step(builder, move |scene| drop_constraint(scene, &name, &constraint, if_exists, missing_ok));
            }
            AlterAction::AlterColumn(node) => alter_column(&node, &name, if_exists, builder),
            AlterAction::Other(node) => other(&node, &name, &kind, if_exists, builder),
        }
    }
    Ok(())
}

fn column_path(table: &Table, column: &str) -> ObjectPath {
    ObjectPath::Column { schema: table.schema.clone(), table: table.name.clone(), column: column.into() }
}

fn add_column(
    scene: &mut Scene<'_, '_>,
    name: &Qualified,
    draft: &ColumnDraft,
    if_exists: bool,
    if_not_exists: bool,
) {
    let Some((id, table)) = find_table(scene, name, if_exists) else { return };
    if table.column(&draft.name.text).is_some() {
        if !if_not_exists {
            let message = format!("column {:?} of table {:?} already exists", draft.name.text, table.name);
            scene.error(draft.name.range, "duplicate-name", message);
        }
        return;
    }
    let mut column = draft.column.clone();
    if let Some(ty) = &mut column.ty {
        resolve_type(scene, ty);
    }
    let mut own = Table::clone(&table);
    own.columns.push(column.clone());
    let constraints: Vec<Draft> =
        draft.constraints.iter().filter_map(|draft| draft.resolved(scene, &own)).collect();
    let used = taken_names(scene, &own, &constraints);
    let depends = hash(format!("{:?}{used:?}{:?}", column.ty, keys(&constraints)));
    scene.edit(id, depends, |table, origin| {
        origin.add(column_path(table, &draft.name.text), draft.range, draft.name.range);
        table.columns.push(column);
        for (path, range, at) in
            constraint::add_all(table, &constraints, &|name| used.iter().any(|used| used == name))
        {
            origin.add(path, range, at);
        }
    });
}

/// What foreign keys were found to refer to.
fn keys(drafts: &[Draft]) -> String {
    let keys = drafts.iter().filter_map(|draft| match &draft.kind {
        constraint::Kind::ForeignKey { key, .. } => Some((&key.ref_schema, &key.ref_columns)),
        _ => None,
    });
    format!("{:?}", keys.collect::<Vec<_>>())
}

/// The names constraints would get and that are taken already.
fn taken_names(scene: &Scene<'_, '_>, table: &Table, drafts: &[Draft]) -> Vec<SmolStr> {
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

fn add_constraint(scene: &mut Scene<'_, '_>, name: &Qualified, draft: &Draft, if_exists: bool) {
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
pub(super) fn key_name(table: &Table) -> Option<SmolStr> {
    let key = table.primary_key.as_ref()?;
    Some(key.name.clone().unwrap_or_else(|| names::implied(&table.name, &[], "pkey", |_| false).into()))
}

fn has_constraint(table: &Table, name: &str) -> bool {
    key_name(table).is_some_and(|key| key == name)
        || table.checks.iter().any(|check| check.name.as_deref() == Some(name))
        || table.foreign_key(name).is_some()
        || table.indexes.iter().any(|index| index.name == name && index.key != schema::Key::Index)
}

fn drop_constraint(
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

/// Whether the text of an expression names the column.
fn names_column(text: &str, column: &str) -> bool {
    expr::columns(text).iter().any(|name| name == column)
}

fn drop_column(
    scene: &mut Scene<'_, '_>,
    name: &Qualified,
    column: &Name,
    if_exists: bool,
    missing_ok: bool,
    cascade: bool,
) {
    let Some((id, table)) = find_table(scene, name, if_exists) else { return };
    if table.column(&column.text).is_none() {
        if !missing_ok && scene.is_complete(id) {
            scene.missing_column(&table, column);
        }
        return;
    }
    let text = column.text.clone();
    scene.edit(id, 0, |table, origin| {
        origin.remove(&column_path(table, &text));
        remove_column(table, &text);
    });
    // What refers to the column goes with it.
    if cascade {
        let (schema, of) = (table.schema.clone(), table.name.clone());
        drop_references(scene, &schema, &of, Some(&text));
    }
}

/// Removes a column with all in the table that needs it.
fn remove_column(table: &mut Table, text: &str) {
    let is = |part: &schema::IndexPart| match &part.of {
        PartOf::Column(name) => name == text,
        PartOf::Expr(expr) => names_column(&expr.0, text),
    };
    table.columns.retain(|column| column.name != text);
    table.columns.retain(|column| !column.generated.as_ref().is_some_and(|g| names_column(&g.expr.0, text)));
    if table.primary_key.as_ref().is_some_and(|key| key.parts.iter().any(is)) {
        table.primary_key = None;
    }
    table.indexes.retain(|index| {
        let included = index.attrs.get(&attr::INCLUDE).unwrap_or_default().iter().any(|name| name == text);
        !index.parts.iter().any(is)
            && !included
            && !index.predicate.as_ref().is_some_and(|expr| names_column(&expr.0, text))
    });
    table.foreign_keys.retain(|key| !key.columns.iter().any(|name| name == text));
    table.checks.retain(|check| !names_column(&check.expr.0, text));
}

/// Removes foreign keys of other tables that refer to `table`, or to a column of it.
pub(super) fn drop_references(scene: &mut Scene<'_, '_>, schema: &str, of: &str, column: Option<&str>) {
    for id in scene.all(|space, _| space == Space::Relation) {
        let Some(table) = scene.table(id) else { continue };
        let refers = |key: &schema::ForeignKey, own: &str| {
            key.ref_table == of
                && (if key.ref_schema.is_empty() { own } else { &key.ref_schema }) == schema
                && column.is_none_or(|column| key.ref_columns.iter().any(|name| name == column))
        };
        if table.foreign_keys.iter().any(|key| refers(key, &table.schema)) {
            scene.edit(id, hash((schema, of, column)), |table, _| {
                let own = table.schema.clone();
                table.foreign_keys.retain(|key| !refers(key, &own));
            });
        }
    }
}

fn rename_column(scene: &mut Scene<'_, '_>, name: &Qualified, from: &Name, to: &Name, if_exists: bool) {
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

fn rename_constraint(scene: &mut Scene<'_, '_>, name: &Qualified, from: &Name, to: &Name, if_exists: bool) {
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
pub(super) fn find_index(scene: &mut Scene<'_, '_>, name: &Qualified, missing_ok: bool) -> Option<Id> {
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

fn rename_index(scene: &mut Scene<'_, '_>, name: &Qualified, to: &Name, if_exists: bool) {
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

fn rename_relation(scene: &mut Scene<'_, '_>, name: &Qualified, to: &Name, if_exists: bool) {
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
pub(super) fn relocate(
    scene: &mut Scene<'_, '_>,
    id: Id,
    from: (&SmolStr, &SmolStr),
    to: (&SmolStr, &SmolStr),
    range: TextRange,
) {
    let (new_schema, new) = (to.0.clone(), to.1.clone());
    super::accounts::moved(scene, (from.0, from.1), (to.0, to.1));
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
                    move_path(path, &new_schema, &new);
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
                let name = super::routine::owned_name(&trigger.on, &trigger.name);
                scene.set(other, Thing::Trigger(Arc::new(super::super::rules::with_body(trigger))));
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
                        let name = super::routine::owned_name(to.1, &object.name);
                        scene.rename(other, to.0.clone(), name);
                    }
                    scene.set(other, Thing::Object(Arc::new(object)));
                }
            }
            _ => {}
        }
    }
}

/// The same path in another table.
fn move_path(path: &mut ObjectPath, to_schema: &SmolStr, to: &SmolStr) {
    use ObjectPath::{Check, Column, ForeignKey, Index, PrimaryKey, Table};
    match path {
        Table { schema, table }
        | Column { schema, table, .. }
        | PrimaryKey { schema, table }
        | Index { schema, table, .. }
        | ForeignKey { schema, table, .. }
        | Check { schema, table, .. } => {
            schema.clone_from(to_schema);
            table.clone_from(to);
        }
        _ => {}
    }
}

/// `ALTER COLUMN …`.
fn alter_column(node: &ast::AlterColumn, name: &Qualified, if_exists: bool, builder: &mut Builder) {
    let Some(column) = node.name() else { return };
    let column = name_of(&column);
    let words = node.words();
    let name = name.clone();
    let words: Vec<&str> = words.split(' ').collect();
    let mut edit = |change: Box<dyn Fn(&mut Column) + Send + Sync>| {
        let (name, column) = (name.clone(), column.clone());
        step(builder, move |scene| {
            let relation = scene.find(Space::Relation, name.schema(), name.text());
            // A view has defaults of columns too, which the model does not.
            let Some((id, table)) = find_table(scene, &name, if_exists || relation.is_some()) else { return };
            if table.column(&column.text).is_none() {
                if scene.is_complete(id) {
                    scene.missing_column(&table, &column);
                }
                return;
            }
            let text = column.text.clone();
            scene.edit(id, 0, |table, _| {
                if let Some(column) = table.columns.iter_mut().find(|column| column.name == text) {
                    change(column);
                }
            });
        });
    };
    match &words[..] {
        ["SET", "NOT", "NULL"] => edit(Box::new(|column| column.nullable = false)),
        ["DROP", "NOT", "NULL"] => edit(Box::new(|column| column.nullable = true)),
        ["DROP", "DEFAULT"] => edit(Box::new(|column| {
            column.default = None;
            unserial(column);
        })),
        ["SET"] if node.default().is_some() => {
            let text = node.default().and_then(|default| default.text()).unwrap_or_default();
            edit(Box::new(move |column| {
                unserial(column);
                column.default = Some(defaults::read(text.trim(), column.ty.as_ref()));
                if table::is_null(column.default.as_ref()) {
                    column.default = None;
                }
            }));
        }
        ["ADD"] => {
            if let Some(identity) = node.identity() {
                let identity = identity_of(&identity);
                edit(Box::new(move |column| table_identity(&identity, column)));
            }
        }
        ["DROP", "IDENTITY", ..] => edit(Box::new(|column| column.attrs.remove(&attr::IDENTITY))),
        ["DROP", "EXPRESSION", ..] => edit(Box::new(|column| column.generated = None)),
        ["SET", "EXPRESSION", ..] => {
            if let Some(text) = node.expr().map(|expr| expr.text().trim().to_owned()) {
                edit(Box::new(move |column| {
                    if let Some(Generated { expr, .. }) = &mut column.generated {
                        *expr = Expr(text.clone());
                    }
                }));
            }
        }
        ["SET", "STORAGE", rest @ ..] => {
            let word = node.path().map(|path| path.name.text.to_string());
            if let Some(word) = word.or_else(|| rest.first().map(|word| (*word).to_owned())) {
                edit(Box::new(move |column| table::set_storage(column, &word)));
            }
        }
        ["SET", "COMPRESSION", rest @ ..] => {
            let word = node.path().map(|path| path.name.text.to_string());
            if let Some(word) = word.or_else(|| rest.first().map(|word| (*word).to_owned())) {
                edit(Box::new(move |column| table::set_compression(column, &word)));
            }
        }
        _ if words.contains(&"TYPE") => {
            let Some(raw) = node.type_name().map(|ty| ty.text().trim().to_owned()) else { return };
            let collate =
                node.collate().and_then(|collate| collate.path()).as_ref().and_then(index::collation);
            set_type(name, column, raw, collate, if_exists, builder);
        }
        _ => {
            // Options of an identity: `SET GENERATED ALWAYS SET INCREMENT BY 2`.
            let options: Vec<(SmolStr, Option<i64>)> = node
                .options()
                .map(|option| (option.words(), option.number().and_then(|number| number.parse().ok())))
                .collect();
            if !options.is_empty() {
                edit(Box::new(move |column| {
                    let Some(mut identity) = Identity::of(&column.attrs) else { return };
                    for (words, number) in &options {
                        match (words.split(' ').next().unwrap_or_default(), number) {
                            ("GENERATED", _) => identity.always = words.contains("ALWAYS"),
                            ("START", Some(number)) => identity.start = *number,
                            ("INCREMENT", Some(number)) => identity.increment = *number,
                            _ => {}
                        }
                    }
                    identity.set(&mut column.attrs);
                }));
            }
        }
    }
}

fn identity_of(node: &ast::Identity) -> Identity {
    let mut attrs = schema::Attrs::default();
    table::identity(node, &mut attrs);
    Identity::of(&attrs).unwrap_or(Identity { always: false, start: 1, increment: 1 })
}

fn table_identity(identity: &Identity, column: &mut Column) {
    identity.set(&mut column.attrs);
    column.nullable = false;
}

/// A serial column whose default goes is an integer.
fn unserial(column: &mut Column) {
    if let Some(ty) = column.ty.as_mut().filter(|ty| ty.class == Class::Serial) {
        let name = match &*ty.name {
            "smallserial" => "smallint",
            "bigserial" => "bigint",
            _ => "integer",
        };
        *ty = types::parse(name);
        column.attrs.remove(&attr::SEQUENCE_NAME);
    }
}

fn set_type(
    name: Qualified,
    column: Name,
    raw: String,
    collate: Option<String>,
    if_exists: bool,
    builder: &mut Builder,
) {
    step(builder, move |scene| {
        let Some((id, table)) = find_table(scene, &name, if_exists) else { return };
        if table.column(&column.text).is_none() {
            if scene.is_complete(id) {
                scene.missing_column(&table, &column);
            }
            return;
        }
        let mut ty = types::parse(&raw);
        resolve_type(scene, &mut ty);
        scene.edit(id, hash((&ty.schema, ty.class)), |table, _| {
            let Some(of) = table.columns.iter_mut().find(|known| known.name == column.text) else { return };
            // A serial column stays one, of another size.
            let serial = of.ty.as_ref().is_some_and(|ty| ty.class == Class::Serial);
            of.ty = Some(match (&*ty.name, serial) {
                ("smallint", true) => types::parse("smallserial"),
                ("integer", true) => types::parse("serial"),
                ("bigint", true) => types::parse("bigserial"),
                _ => ty,
            });
            of.raw_type = raw.clone();
            match &collate {
                Some(collate) => of.attrs.set(&attr::COLLATE, collate.clone()),
                None => of.attrs.remove(&attr::COLLATE),
            }
        });
    });
}

/// Every other action.
fn other(node: &ast::AlterOther, name: &Qualified, kind: &str, if_exists: bool, builder: &mut Builder) {
    let words = node.words();
    let words: Vec<&str> = words.split(' ').collect();
    let name = name.clone();
    let first = node.paths().into_iter().next();
    let mut edit = |change: Box<dyn Fn(&mut Table) + Send + Sync>| {
        let name = name.clone();
        step(builder, move |scene| {
            let relation = scene.find(Space::Relation, name.schema(), name.text());
            let Some((id, _)) = find_table(scene, &name, if_exists || relation.is_some()) else { return };
            scene.edit(id, 0, |table, _| change(table));
        });
    };
    let security = |set: fn(&mut (bool, bool))| {
        Box::new(move |table: &mut Table| {
            let mut flags = attr::row_security(&table.attrs);
            set(&mut flags);
            attr::set_row_security(&mut table.attrs, flags.0, flags.1);
        })
    };
    match &words[..] {
        ["ENABLE", "ROW", "LEVEL", "SECURITY"] => edit(security(|flags| flags.0 = true)),
        ["DISABLE", "ROW", "LEVEL", "SECURITY"] => edit(security(|flags| flags.0 = false)),
        ["FORCE", "ROW", "LEVEL", "SECURITY"] => edit(security(|flags| flags.1 = true)),
        ["NO", "FORCE", "ROW", "LEVEL", "SECURITY"] => edit(security(|flags| flags.1 = false)),
        ["SET", "LOGGED"] => edit(Box::new(|table| table.attrs.remove(&attr::UNLOGGED))),
        ["SET", "UNLOGGED"] => edit(Box::new(|table| table.attrs.set(&attr::UNLOGGED, true))),
        ["SET", "SCHEMA"] => {
            let Some(to) = first else { return };
            let to = name_of(&to.name);
            step(builder, move |scene| {
                let Some(id) = scene.find(Space::Relation, name.schema(), name.text()) else {
                    if !if_exists {
                        scene.missing("table", Space::Relation, &name.name);
                    }
                    return;
                };
                let Some((schema, of)) = scene.name_of(id) else { return };
                relocate(scene, id, (&schema, &of), (&to.text, &of), name.name.range);
            });
        }
        ["SET", "ACCESS", "METHOD", ..] => {
            let method = first.map(|path| fold(&path.name).to_string()).filter(|name| name != "heap");
            edit(Box::new(move |table| match &method {
                Some(method) => table.attrs.set(&attr::ACCESS_METHOD, method.clone()),
                None => table.attrs.remove(&attr::ACCESS_METHOD),
            }));
        }
        ["REPLICA", "IDENTITY", rest @ ..] => {
            let index = first.map(|path| fold(&path.name).to_string());
            let word = match rest {
                ["FULL"] | ["NOTHING"] => Some(rest[0].to_owned()),
                ["USING", "INDEX"] => index,
                _ => None,
            };
            edit(Box::new(move |table| match &word {
                Some(word) => table.attrs.set(&attr::REPLICA_IDENTITY, word.clone()),
                None => table.attrs.remove(&attr::REPLICA_IDENTITY),
            }));
        }
        ["SET"] | ["RESET"] if node.params().is_some() => {
            let params = node.params().unwrap_or_default();
            let reset = words == ["RESET"];
            set_params(name, kind, reset, params, if_exists, builder);
        }
        ["ATTACH", "PARTITION"] => {
            let Some(child) = first else { return };
            let child = Qualified::of(&child);
            let bound = node.bound().map(|bound| table::bound_text(&bound.text())).unwrap_or_default();
            if kind == "INDEX" {
                return;
            }
            step(builder, move |scene| attach(scene, &name, &child, &bound));
        }
        ["DETACH", "PARTITION", ..] => {
            let Some(child) = first else { return };
            let child = Qualified::of(&child);
            step(builder, move |scene| {
                // It is a table again; its columns are those of its table.
                let Some(id) = scene.find(Space::Relation, child.schema(), child.text()) else { return };
                let Some((_, parent)) = find_table(scene, &name, true) else { return };
                let Some((schema, of)) = scene.name_of(id) else { return };
                scene.remove(id);
                let mut table = Table::clone(&parent);
                table.name = of.clone();
                table.schema = schema.clone();
                table.attrs.remove(&attr::PARTITION);
                table.indexes.clear();
                let id = scene
                    .insert_table(schema, of, hash(format!("{parent:?}")), || (table, Default::default()));
                scene.incomplete(id);
            });
        }
        ["VALIDATE", "CONSTRAINT"] => {
            let Some(constraint) = first.map(|path| fold(&path.name)) else { return };
            edit(Box::new(move |table| {
                for check in table.checks.iter_mut().filter(|check| check.name.as_ref() == Some(&constraint))
                {
                    check.attrs.remove(&attr::NOT_VALID);
                }
                for key in table.foreign_keys.iter_mut().filter(|key| key.name.as_ref() == Some(&constraint))
                {
                    key.attrs.remove(&attr::NOT_VALID);
                }
            }));
        }
        // `ALTER TABLE s RENAME TO t` and owners of sequences; nothing of the model.
        _ => {}
    }
}

fn set_params(
    name: Qualified,
    kind: &str,
    reset: bool,
    params: Vec<ast::Param>,
    if_exists: bool,
    builder: &mut Builder,
) {
    // Nodes of a tree stay in their thread: the values are read now.
    let mut set = schema::Attrs::default();
    index::storage(&params, &mut set);
    let pages = set.get(&attr::PAGE_PER_RANGE);
    let values = set.get(&attr::STORAGE_PARAMS).unwrap_or_default();
    let change = move |attrs: &mut schema::Attrs| {
        let mut list = attrs.get(&attr::STORAGE_PARAMS).unwrap_or_default();
        for value in &values {
            let key = value.split('=').next();
            list.retain(|known| known.split('=').next() != key);
            if !reset {
                list.push(value.clone());
            }
        }
        list.sort();
        match (reset, pages) {
            (false, Some(pages)) => attrs.set(&attr::PAGE_PER_RANGE, pages),
            (true, _) if values.is_empty() => attrs.remove(&attr::PAGE_PER_RANGE),
            _ => {}
        }
        if list.is_empty() {
            attrs.remove(&attr::STORAGE_PARAMS);
        } else {
            attrs.set(&attr::STORAGE_PARAMS, list);
        }
    };
    let of_index = kind == "INDEX";
    let of_view = kind == "VIEW";
    step(builder, move |scene| {
        if of_index {
            let Some(id) = find_index(scene, &name, if_exists) else { return };
            let text = name.text().clone();
            scene.edit(id, 0, |table, _| {
                for index in table.indexes.iter_mut().filter(|index| index.name == text) {
                    change(&mut index.attrs);
                }
            });
            return;
        }
        let Some(id) = scene.find(Space::Relation, name.schema(), name.text()) else {
            if !if_exists {
                scene.missing("table", Space::Relation, &name.name);
            }
            return;
        };
        match scene.thing(id).cloned() {
            Some(Thing::Table(_)) => scene.edit(id, 0, |table, _| change(&mut table.attrs)),
            Some(Thing::View(view)) if !of_view => {
                let mut view = View::clone(&view);
                change(&mut view.attrs);
                scene.set(id, Thing::View(Arc::new(view)));
            }
            _ => {}
        }
    });
}

/// A table becomes a partition.
fn attach(scene: &mut Scene<'_, '_>, name: &Qualified, child: &Qualified, bound: &str) {
    let Some(id) = scene.find(Space::Relation, name.schema(), name.text()) else {
        scene.missing("table", Space::Relation, &name.name);
        return;
    };
    let Some((parent_schema, parent)) = scene.name_of(id) else { return };
    let Some(child_id) = scene.find(Space::Relation, child.schema(), child.text()) else {
        scene.missing("table", Space::Relation, &child.name);
        return;
    };
    let Some((schema, of)) = scene.name_of(child_id) else { return };
    let mut object = table::partition_object(&schema, &of, &parent_schema, &parent, bound);
    if let Some(key) = scene.table(child_id).and_then(|table| attr::Partition::of(&table.attrs)) {
        key.set(&mut object.attrs);
    }
    let path = ObjectPath::Object { schema: schema.clone(), kind: attr::PARTITION_OF, name: of.clone() };
    let mut part = engine::origin::Part::default();
    part.add(path, child.name.range, child.name.range);
    scene.remove(child_id);
    scene.insert(Space::Relation, schema, of, Thing::Object(Arc::new(object)), part, 1);
}
