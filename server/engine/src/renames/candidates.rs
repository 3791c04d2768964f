//! Drops and adds that are most likely one thing under another name, for the user to confirm.
//!
//! Only what leaves no doubt is offered: one dropped table and one added table with the same columns, or a column
//! dropped and one added in the same place with the same type. Nothing is renamed without a confirmation.

use std::sync::Arc;

use schema::{Change, Column, ObjectPath, Realm, SmolStr, Table, TableChange};

use super::RENAMED_FROM;

/// A rename that explains a drop and an add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RenameCandidate {
    /// What would be dropped.
    pub from: ObjectPath,
    /// What would be added.
    pub to: ObjectPath,
}

/// The renames `changes` may be.
pub fn candidates(changes: &[Change]) -> Vec<RenameCandidate> {
    let mut found = Vec::new();
    let dropped: Vec<&Arc<Table>> = changes
        .iter()
        .filter_map(|change| if let Change::DropTable(table) = change { Some(table) } else { None })
        .collect();
    let added: Vec<&Arc<Table>> = changes
        .iter()
        .filter_map(|change| if let Change::AddTable(table) = change { Some(table) } else { None })
        .collect();
    found.extend(unambiguous(&dropped, &added, |old, new| same_table(old, new)).map(|(old, new)| {
        let path =
            |table: &Table| ObjectPath::Table { schema: table.schema.clone(), table: table.name.clone() };
        RenameCandidate { from: path(old), to: path(new) }
    }));
    for change in changes {
        let Change::ModifyTable { from, to, changes } = change else { continue };
        let dropped: Vec<&Column> = changes
            .iter()
            .filter_map(
                |change| if let TableChange::DropColumn(column) = change { Some(column) } else { None },
            )
            .collect();
        let added: Vec<&Column> = changes
            .iter()
            .filter_map(
                |change| if let TableChange::AddColumn(column) = change { Some(column) } else { None },
            )
            .collect();
        let place =
            |table: &Table, column: &Column| table.columns.iter().position(|other| other.name == column.name);
        let same = |old: &&Column, new: &&Column| place(from, old) == place(to, new) && same_column(old, new);
        let path = |table: &Table, column: &SmolStr| ObjectPath::Column {
            schema: table.schema.clone(),
            table: table.name.clone(),
            column: column.clone(),
        };
        found.extend(
            unambiguous(&dropped, &added, same)
                .map(|(old, new)| RenameCandidate { from: path(from, &old.name), to: path(to, &new.name) }),
        );
    }
    found
}

/// The pairs in which neither side has another partner.
fn unambiguous<'a, T>(
    old: &'a [T],
    new: &'a [T],
    same: impl Fn(&T, &T) -> bool + 'a,
) -> impl Iterator<Item = (&'a T, &'a T)> {
    old.iter().filter_map(move |from| {
        let mut partners = new.iter().filter(|to| same(from, to));
        let to = partners.next()?;
        let alone = partners.next().is_none() && old.iter().filter(|from| same(from, to)).count() == 1;
        alone.then_some((from, to))
    })
}

fn same_table(old: &Arc<Table>, new: &Arc<Table>) -> bool {
    old.schema == new.schema
        && !old.columns.is_empty()
        && old.columns.len() == new.columns.len()
        && old
            .columns
            .iter()
            .zip(&new.columns)
            .all(|(old, new)| old.name == new.name && same_column(old, new))
}

fn same_column(old: &Column, new: &Column) -> bool {
    old.ty.is_some()
        && old.ty == new.ty
        && old.nullable == new.nullable
        && old.default == new.default
        && old.generated == new.generated
}

/// `desired` with what `candidate` says written down as a hint, so that comparing again plans the rename.
pub fn confirm(desired: &Realm, candidate: &RenameCandidate) -> Realm {
    let mut desired = desired.clone();
    let old = candidate.from.name().to_string();
    match &candidate.to {
        ObjectPath::Table { schema, table } | ObjectPath::Column { schema, table, .. } => {
            let found = desired
                .schema_mut(schema)
                .and_then(|schema| schema.tables.iter_mut().find(|other| other.name == *table));
            if let Some(table) = found.map(Arc::make_mut) {
                match &candidate.to {
                    ObjectPath::Column { column, .. } => {
                        for it in table.columns.iter_mut().filter(|it| it.name == *column) {
                            it.attrs.set(&RENAMED_FROM, old.clone());
                        }
                    }
                    _ => table.attrs.set(&RENAMED_FROM, old),
                }
            }
        }
        _ => {}
    }
    desired
}
