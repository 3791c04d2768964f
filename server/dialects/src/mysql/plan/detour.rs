//! Foreign keys that hold a column fast.
//!
//! Neither MySQL nor MariaDB changes the type of a column on either side of a foreign key, even with
//! `foreign_key_checks` off. Where such a column changes and the key stays, the key is dropped before and made again
//! after everything else. Atlas plans the bare change, which the server refuses. Invariant: a key is dropped once and made
//! once.

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
    let mut sorted = sorted;
    for (_, table) in from.tables() {
        let fate = fate(changes, table);
        for key in table.foreign_keys.iter().filter(|key| key.name.is_some()) {
            let parent = if key.ref_schema.is_empty() { &table.schema } else { &key.ref_schema };
            let held = key.columns.iter().any(|column| touched(&table.schema, &table.name, column))
                || key.ref_columns.iter().any(|column| touched(parent, &key.ref_table, column));
            if !held {
                continue;
            }
            let place = fate.place.unwrap_or_else(|| causing(changes, table, key));
            before
                .push((place, alone(table, &without(table, key), TableChange::DropForeignKey(key.clone()))));
            // What the changes say of the key themselves is said before and after instead.
            take(&mut sorted, table, key);
            let again = fate.to.as_ref().and_then(|to| {
                to.foreign_keys.iter().find(|other| other.name == key.name).map(|key| (to, key.clone()))
            });
            if let Some((to, again)) = again {
                after.push((place, alone(table, to, TableChange::AddForeignKey(again))));
            }
        }
    }
    // A new key waits until its columns are what they will be; MariaDB does not see both in one statement.
    for (at, change) in changes.iter().enumerate() {
        let Change::ModifyTable { from, to, changes } = change else { continue };
        for change in changes {
            let TableChange::AddForeignKey(key) = change else { continue };
            let parent = if key.ref_schema.is_empty() { &to.schema } else { &key.ref_schema };
            let held = key.columns.iter().any(|column| touched(&to.schema, &to.name, column))
                || key.ref_columns.iter().any(|column| touched(parent, &key.ref_table, column));
            if held {
                take(&mut sorted, from, key);
                after.push((at, alone(from, to, change.clone())));
            }
        }
    }
    before.into_iter().chain(sorted).chain(after).collect()
}

/// Takes the addition, drop or change of a key out of the changes of its table.
fn take(sorted: &mut Vec<(usize, Change)>, table: &Table, key: &ForeignKey) {
    let is_it = |change: &TableChange| match change {
        TableChange::AddForeignKey(other)
        | TableChange::DropForeignKey(other)
        | TableChange::ModifyForeignKey { from: other, .. } => other.name == key.name,
        _ => false,
    };
    let is_table = |other: &Table| other.schema == table.schema && other.name == table.name;
    for (_, change) in sorted.iter_mut() {
        match change {
            Change::ModifyTable { from, changes, .. } if is_table(from) => {
                changes.retain(|change| !is_it(change));
            }
            // What brings the table back must not bring the key, which comes back by itself.
            Change::DropTable(other) if is_table(other) => *other = without(other, key),
            _ => {}
        }
    }
    sorted.retain(|(_, change)| !matches!(change, Change::ModifyTable { changes, .. } if changes.is_empty()));
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

/// What becomes of a table.
struct Fate {
    /// The place of its change, if it has one.
    place: Option<usize>,
    /// The table afterwards; `None` when it is dropped.
    to: Option<Arc<Table>>,
}

fn fate(changes: &[Change], table: &Arc<Table>) -> Fate {
    let is_it = |other: &Table| other.schema == table.schema && other.name == table.name;
    for (at, change) in changes.iter().enumerate() {
        let to = match change {
            Change::DropTable(other) if is_it(other) => None,
            Change::DropSchema(schema) if schema.name == table.schema => None,
            Change::ModifyTable { from, to, .. } if is_it(from) => Some(to.clone()),
            _ => continue,
        };
        return Fate { place: Some(at), to };
    }
    Fate { place: None, to: Some(table.clone()) }
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
