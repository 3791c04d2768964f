//! What the actions of an `ALTER TABLE` do to the table, and to those that refer to it.
//!
//! All or nothing: what cannot be done is said first, and then nothing is. Invariant: keys are added when all columns are
//! there, for they may come later in the statement.

use engine::replay::{Id, Name, Origin, Scene, Space};
use schema::{Attrs, IndexPart, ObjectPath, PartOf, SmolStr, Table};

use super::super::expr;
use super::super::key::{self, Key, Naming, has_index};
use super::super::table::{TableOption, add_column, settle_binary};
use super::Change;
use crate::mysql::attr::{
    CHARSET, COLLATE, ENFORCED, IN_COLUMN, INVISIBLE, PARTITION, PARTITION_COLUMNS, PARTITION_NAME,
    PARTITIONS, SYSTEM_VERSIONED,
};

pub(super) fn find_column(table: &Table, name: &str) -> Option<usize> {
    table.columns.iter().position(|column| column.name.eq_ignore_ascii_case(name))
}

/// Whether the changes can be made; what cannot is said.
fn possible(scene: &mut Scene<'_, '_>, id: Id, table: &Table, changes: &[Change]) -> bool {
    let complete = scene.is_complete(id);
    // Columns that come and go in this statement, lower case.
    let mut columns: Vec<String> = table.columns.iter().map(|column| column.name.to_lowercase()).collect();
    let mut fine = true;
    for change in changes {
        match change {
            Change::Add { columns: new, quiet, .. } => {
                for written in new {
                    let folded = written.name.text.to_lowercase();
                    if columns.contains(&folded) {
                        if !quiet {
                            let message = format!(
                                "column {:?} of table {:?} already exists",
                                written.name.text, table.name
                            );
                            scene.error(written.name.range, "table-duplicate", message);
                            fine = false;
                        }
                    } else {
                        columns.push(folded);
                    }
                }
            }
            Change::Redefine { from, quiet, .. } | Change::RenameColumn { from, quiet, .. } => {
                let folded = from.text.to_lowercase();
                if !columns.contains(&folded) {
                    if !quiet && complete {
                        scene.missing_column(table, from);
                    }
                    fine &= *quiet;
                } else if let Change::Redefine { to, .. } = change {
                    columns.retain(|name| *name != folded);
                    columns.push(to.name.text.to_lowercase());
                } else if let Change::RenameColumn { to, .. } = change {
                    columns.retain(|name| *name != folded);
                    columns.push(to.text.to_lowercase());
                }
            }
            Change::DropColumn { name, quiet } => {
                let folded = name.text.to_lowercase();
                if !columns.contains(&folded) && !quiet {
                    if complete {
                        scene.missing_column(table, name);
                    }
                    fine = false;
                }
                columns.retain(|name| *name != folded);
            }
            Change::Default { column, .. } if !columns.contains(&column.text.to_lowercase()) => {
                if complete {
                    scene.missing_column(table, column);
                }
                fine = false;
            }
            Change::DropKey { kind, name: Some(name), quiet } if matches!(kind.as_str(), "INDEX" | "KEY") => {
                let added =
                    changes.iter().any(|other| matches!(other, Change::AddKey(_) | Change::Add { .. }));
                let primary = name.text.eq_ignore_ascii_case("PRIMARY");
                if !quiet && complete && !primary && !added && !has_index(table, &name.text) {
                    scene.missing("index", Space::Global("index"), name);
                }
            }
            Change::RenameKey { from, quiet, .. } if !quiet && complete && !has_index(table, &from.text) => {
                scene.missing("index", Space::Global("index"), from);
            }
            _ => {}
        }
    }
    fine
}

/// Makes the changes; whether they could be made.
pub(super) fn apply(
    scene: &mut Scene<'_, '_>,
    id: Id,
    table: &Table,
    changes: &[Change],
    naming: Naming,
) -> bool {
    if !possible(scene, id, table, changes) {
        return false;
    }
    scene.edit(id, 0, |table, origin| {
        let mut keys = Vec::new();
        for change in changes {
            one(table, change, &mut keys, origin);
        }
        // Keys may use columns that come later in the statement.
        key::add(table, &keys, naming, origin);
    });
    let renames: Vec<(&Name, &Name)> = changes
        .iter()
        .filter_map(|change| match change {
            Change::Redefine { from, to, .. } if from.text != to.name.text => Some((from, &to.name)),
            Change::RenameColumn { from, to, .. } => Some((from, to)),
            _ => None,
        })
        .collect();
    for (from, to) in renames {
        refer_to_column(scene, table, &from.text, &to.text);
    }
    true
}

/// The foreign keys of other tables follow the new name of a column.
fn refer_to_column(scene: &mut Scene<'_, '_>, parent: &Table, from: &str, to: &SmolStr) {
    for id in scene.all(|space, _| space == Space::Relation) {
        let Some(table) = scene.table(id) else { continue };
        let refers = |key: &schema::ForeignKey| {
            let schema = if key.ref_schema.is_empty() { &table.schema } else { &key.ref_schema };
            *schema == parent.schema
                && key.ref_table == parent.name
                && key.ref_columns.iter().any(|column| column.eq_ignore_ascii_case(from))
        };
        if table.foreign_keys.iter().any(refers) {
            scene.edit(id, 1, |edited, _| {
                for key in edited.foreign_keys.iter_mut().filter(|key| refers(key)) {
                    for column in
                        key.ref_columns.iter_mut().filter(|column| column.eq_ignore_ascii_case(from))
                    {
                        column.clone_from(to);
                    }
                }
            });
        }
    }
}

fn one(table: &mut Table, change: &Change, keys: &mut Vec<Key>, origin: &mut Origin<'_>) {
    match change {
        Change::Add { columns, place, quiet } => {
            for written in columns {
                if *quiet && find_column(table, &written.name.text).is_some() {
                    continue;
                }
                add_column(table, written, origin);
                if let Some(place) = place {
                    let from = table.columns.len() - 1;
                    move_column(table, from, place.as_ref());
                }
                keys.extend(written.keys.iter().cloned());
            }
        }
        Change::Redefine { from, to, place, .. } => {
            let Some(at) = find_column(table, &from.text) else { return };
            if from.text != to.name.text {
                rename_column(table, &from.text, &to.name, origin);
            }
            let mut column = to.column.clone();
            settle_binary(&mut column, table);
            // A check inside the definition goes with it.
            table
                .checks
                .retain(|check| !(check.attrs.is(&IN_COLUMN) && check.name.as_ref() == Some(&column.name)));
            if is_primary(table, &column.name) {
                column.nullable = false;
            }
            if let Some(old) = table.columns.get_mut(at) {
                *old = column;
            }
            if let Some(place) = place {
                move_column(table, at, place.as_ref());
            }
            keys.extend(to.keys.iter().cloned());
        }
        Change::DropColumn { name, .. } => drop_column(table, &name.text, origin),
        Change::RenameColumn { from, to, .. } => {
            if let Some(at) = find_column(table, &from.text) {
                rename_column(table, &from.text, to, origin);
                if let Some(column) = table.columns.get_mut(at) {
                    column.name.clone_from(&to.text);
                }
            }
        }
        Change::AddKey(key) => keys.push(key.clone()),
        Change::DropKey { kind, name, .. } => drop_key(table, kind, name.as_ref()),
        Change::RenameKey { from, to, .. } => {
            let path = |index: SmolStr| ObjectPath::Index {
                schema: table.schema.clone(),
                table: table.name.clone(),
                index,
            };
            let renamed = table.indexes.iter().position(|index| index.name.eq_ignore_ascii_case(&from.text));
            if let Some(at) = renamed {
                let (before, after) = (path(table.indexes[at].name.clone()), path(to.text.clone()));
                origin.rename(&before, after, to.range);
                table.indexes[at].name.clone_from(&to.text);
                table.indexes[at].attrs.remove(&super::super::IMPLIED);
            }
        }
        Change::Default { column, default } => {
            if let Some(at) = find_column(table, &column.text) {
                table.columns[at].default.clone_from(default);
            }
        }
        Change::IndexShown { name, shown } => {
            let index = table.indexes.iter_mut().find(|index| index.name.eq_ignore_ascii_case(&name.text));
            match index {
                Some(index) if *shown => index.attrs.remove(&INVISIBLE),
                Some(index) => index.attrs.set(&INVISIBLE, true),
                None => {}
            }
        }
        Change::CheckEnforced { name, enforced } => {
            for check in &mut table.checks {
                if check.name.as_ref().is_some_and(|own| own.eq_ignore_ascii_case(&name.text)) {
                    match enforced {
                        true => check.attrs.remove(&ENFORCED),
                        false => check.attrs.set(&ENFORCED, false),
                    }
                }
            }
        }
        Change::Option(option) => option_of(table, option),
        Change::Convert { charset, collate } => {
            for option in [Some(charset), collate.as_ref()].into_iter().flatten() {
                option.apply(table);
            }
            for column in &mut table.columns {
                column.attrs.remove(&CHARSET);
                column.attrs.remove(&COLLATE);
            }
        }
        Change::Partition(partition) => table.attrs.set(&PARTITION, vec![(**partition).clone()]),
        Change::Partitions { drop, add, all } => partitions(table, drop, add, *all),
        Change::Unversioned => table.attrs.remove(&SYSTEM_VERSIONED),
    }
}

/// An option of a table that is there: columns keep the charset they had.
fn option_of(table: &mut Table, option: &TableOption) {
    let before = (table.attrs.get(&CHARSET), table.attrs.get(&COLLATE));
    option.apply(table);
    let after = (table.attrs.get(&CHARSET), table.attrs.get(&COLLATE));
    if before == after || before == (None, None) {
        return;
    }
    for column in &mut table.columns {
        let text = column.ty.as_ref().is_some_and(|ty| {
            matches!(ty.class, schema::Class::String | schema::Class::Enum | schema::Class::Set)
        });
        if text && column.attrs.get(&COLLATE).is_none() && column.attrs.get(&CHARSET).is_none() {
            if let Some(charset) = &before.0 {
                column.attrs.set(&CHARSET, charset.clone());
            }
            if let Some(collate) = &before.1 {
                column.attrs.set(&COLLATE, collate.clone());
            }
        }
    }
}

fn partitions(table: &mut Table, drop: &[String], add: &[Attrs], all: bool) {
    if all {
        table.attrs.remove(&PARTITION);
        return;
    }
    let Some(mut levels) = table.attrs.get(&PARTITION) else { return };
    if let Some(level) = levels.first_mut() {
        let mut list = level.get(&PARTITIONS).unwrap_or_default();
        list.retain(|one| one.get(&PARTITION_NAME).is_none_or(|name| !drop.contains(&name.to_lowercase())));
        list.extend(add.iter().cloned());
        level.set(&PARTITIONS, list);
    }
    table.attrs.set(&PARTITION, levels);
}

fn is_primary(table: &Table, column: &str) -> bool {
    table
        .primary_key
        .as_ref()
        .is_some_and(|key| key.parts.iter().any(|part| part.column_name().is_some_and(|name| name == column)))
}

/// Moves the column at `from` to the front, or behind another.
fn move_column(table: &mut Table, from: usize, after: Option<&Name>) {
    let column = table.columns.remove(from);
    let at = match after {
        None => 0,
        Some(after) => find_column(table, &after.text).map_or(table.columns.len(), |at| at + 1),
    };
    table.columns.insert(at.min(table.columns.len()), column);
}

/// Everything in the table that names the column, but for its own definition.
fn rename_column(table: &mut Table, from: &str, to: &Name, origin: &mut Origin<'_>) {
    let rename = |name: &mut SmolStr| {
        if name.eq_ignore_ascii_case(from) {
            name.clone_from(&to.text);
        }
    };
    let parts = table.primary_key.iter_mut().flat_map(|key| &mut key.parts);
    for part in parts.chain(table.indexes.iter_mut().flat_map(|index| &mut index.parts)) {
        match &mut part.of {
            PartOf::Column(name) => rename(name),
            PartOf::Expr(text) => text.0 = expr::rename(&text.0, from, &to.text),
        }
    }
    for key in &mut table.foreign_keys {
        key.columns.iter_mut().for_each(rename);
    }
    for check in &mut table.checks {
        check.expr.0 = expr::rename(&check.expr.0, from, &to.text);
        if check.attrs.is(&IN_COLUMN) {
            check.name.iter_mut().for_each(rename);
        }
    }
    for generated in table.columns.iter_mut().filter_map(|column| column.generated.as_mut()) {
        generated.expr.0 = expr::rename(&generated.expr.0, from, &to.text);
    }
    if let Some(mut levels) = table.attrs.get(&PARTITION) {
        for level in &mut levels {
            if let Some(mut columns) = level.get(&PARTITION_COLUMNS) {
                for column in columns.iter_mut().filter(|column| column.eq_ignore_ascii_case(from)) {
                    *column = to.text.to_string();
                }
                level.set(&PARTITION_COLUMNS, columns);
            }
        }
        table.attrs.set(&PARTITION, levels);
    }
    let own = table.columns.iter().find(|column| column.name.eq_ignore_ascii_case(from));
    let old = own.map_or(SmolStr::new(from), |column| column.name.clone());
    let path = |column: SmolStr| ObjectPath::Column {
        schema: table.schema.clone(),
        table: table.name.clone(),
        column,
    };
    origin.rename(&path(old), path(to.text.clone()), to.range);
}

/// A column goes, and with it its place in indexes and the checks that are about it alone.
fn drop_column(table: &mut Table, name: &str, origin: &mut Origin<'_>) {
    let Some(at) = find_column(table, name) else { return };
    let gone = table.columns.remove(at);
    let is = |other: &str| other.eq_ignore_ascii_case(name);
    for index in &mut table.indexes {
        index.parts.retain(|part| !part.column_name().is_some_and(|column| is(column)));
    }
    table.indexes.retain(|index| !index.parts.is_empty());
    if let Some(key) = &mut table.primary_key {
        key.parts.retain(|part: &IndexPart| !part.column_name().is_some_and(|column| is(column)));
    }
    if table.primary_key.as_ref().is_some_and(|key| key.parts.is_empty()) {
        table.primary_key = None;
    }
    table.checks.retain(|check| {
        let names = expr::names(&check.expr.0);
        names.is_empty() || !names.iter().all(|column| is(column))
    });
    origin.remove(&ObjectPath::Column {
        schema: table.schema.clone(),
        table: table.name.clone(),
        column: gone.name,
    });
}

fn drop_key(table: &mut Table, kind: &str, name: Option<&Name>) {
    if kind == "PRIMARY KEY" {
        table.primary_key = None;
        return;
    }
    let Some(name) = name else { return };
    let is = |other: &SmolStr| other.eq_ignore_ascii_case(&name.text);
    let foreign = |table: &mut Table| {
        table.foreign_keys.retain(|key| !key.name.as_ref().is_some_and(is));
    };
    let check = |table: &mut Table| table.checks.retain(|check| !check.name.as_ref().is_some_and(is));
    let index = |table: &mut Table| {
        if name.text.eq_ignore_ascii_case("PRIMARY") {
            table.primary_key = None;
        }
        table.indexes.retain(|index| !is(&index.name));
    };
    match kind {
        "FOREIGN KEY" => foreign(table),
        "CHECK" => check(table),
        "INDEX" | "KEY" => index(table),
        // `DROP CONSTRAINT` finds any of them.
        _ if table.checks.iter().any(|check| check.name.as_ref().is_some_and(is)) => check(table),
        _ if table.foreign_keys.iter().any(|key| key.name.as_ref().is_some_and(is)) => foreign(table),
        _ => index(table),
    }
}
