//! Foreign keys that hold a column fast.
//!
//! Neither MySQL nor MariaDB changes the type of a column on either side of a foreign key, even with
//! `foreign_key_checks` off. Where such a column changes and the key stays, the key is dropped before and made again
//! after everything else. Atlas plans the bare change, which the server refuses. Invariant: keys that the changes
//! themselves drop or change are left to them.

use std::sync::Arc;

use rustc_hash::FxHashSet;
use schema::{Change, ChangeKind, ForeignKey, Realm, SmolStr, Table, TableChange};

/// `sorted`, which is `changes` with their places in an order that can be carried out, and around it what makes it
/// possible.
pub fn around(changes: &[Change], sorted: Vec<(usize, Change)>, from: &Realm) -> Vec<(usize, Change)> {
    let changed = changed_columns(changes);
    if changed.is_empty() {
        return sorted;
    }
    let touched = |schema: &SmolStr, table: &SmolStr, column: &SmolStr| {
        changed.contains(&(schema.clone(), table.to_lowercase(), column.to_lowercase()))
    };
    let (mut before, mut after) = (Vec::new(), Vec::new());
    for (_, table) in from.tables() {
        let Some((at, to, touched_here)) = fate(changes, table) else { continue };
        for key in &table.foreign_keys {
            let parent = if key.ref_schema.is_empty() { &table.schema } else { &key.ref_schema };
            let held = key.columns.iter().any(|column| touched(&table.schema, &table.name, column))
                || key.ref_columns.iter().any(|column| touched(parent, &key.ref_table, column));
            if !held || key.name.is_none() || touched_here.contains(&key.name) {
                continue;
            }
            let Some(again) = to.foreign_keys.iter().find(|other| other.name == key.name) else { continue };
            let place = at.unwrap_or_else(|| causing(changes, table, key));
            before
                .push((place, alone(table, &without(table, key), TableChange::DropForeignKey(key.clone()))));
            after.push((place, alone(table, &to, TableChange::AddForeignKey(again.clone()))));
        }
    }
    before.into_iter().chain(sorted).chain(after).collect()
}

fn alone(from: &Arc<Table>, to: &Arc<Table>, change: TableChange) -> Change {
    Change::ModifyTable { from: from.clone(), to: to.clone(), changes: vec![change] }
}

fn without(table: &Arc<Table>, key: &ForeignKey) -> Arc<Table> {
    let mut table = Table::clone(table);
    table.foreign_keys.retain(|other| other.name != key.name);
    Arc::new(table)
}

/// Columns whose type or charset changes, by schema, table and name.
fn changed_columns(changes: &[Change]) -> FxHashSet<(SmolStr, String, String)> {
    let mut columns = FxHashSet::default();
    for change in changes {
        let Change::ModifyTable { to, changes, .. } = change else { continue };
        for change in changes {
            if let TableChange::ModifyColumn(change) = change
                && [ChangeKind::Type, ChangeKind::Charset, ChangeKind::Collate]
                    .into_iter()
                    .any(|kind| change.kinds.has(kind))
            {
                columns.insert((to.schema.clone(), to.name.to_lowercase(), change.from.name.to_lowercase()));
            }
        }
    }
    columns
}

/// What becomes of a table: the place of its change, the table afterwards, and the keys its change is about. `None`
/// when it is dropped.
fn fate(changes: &[Change], table: &Arc<Table>) -> Option<(Option<usize>, Arc<Table>, Vec<Option<SmolStr>>)> {
    let is_it = |other: &Table| other.schema == table.schema && other.name == table.name;
    for (at, change) in changes.iter().enumerate() {
        match change {
            Change::DropTable(other) if is_it(other) => return None,
            Change::DropSchema(schema) if schema.name == table.schema => return None,
            Change::ModifyTable { from, to, changes } if is_it(from) => {
                let keys = changes.iter().filter_map(|change| match change {
                    TableChange::DropForeignKey(key)
                    | TableChange::AddForeignKey(key)
                    | TableChange::ModifyForeignKey { from: key, .. } => Some(key.name.clone()),
                    _ => None,
                });
                return Some((Some(at), to.clone(), keys.collect()));
            }
            _ => {}
        }
    }
    Some((None, table.clone(), Vec::new()))
}

/// The change of the parent that makes the key of an unchanged table step aside.
fn causing(changes: &[Change], child: &Table, key: &ForeignKey) -> usize {
    let schema = if key.ref_schema.is_empty() { &child.schema } else { &key.ref_schema };
    let place = changes.iter().position(|change| {
        matches!(change, Change::ModifyTable { to, .. }
            if to.schema == *schema && to.name.eq_ignore_ascii_case(&key.ref_table))
    });
    place.unwrap_or_default()
}
