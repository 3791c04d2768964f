//! A table that is copied to change it: made anew under another name, filled, and put in the old one's place.
//!
//! Such a group of statements is judged as the change it makes, not as a dropped table.
//!
//! Source: reference lint.md §6.6.

use std::sync::Arc;

use schema::{Change, Realm, Schema, Table};

use crate::diff::{Policy, diff};
use crate::lint::Statements;
use crate::{Dialect, Error};

/// What the new table is called until it takes the old one's place.
const PREFIX: &str = "new_";

/// Replaces the changes of each such group by the change of the table, which belongs to the first statement.
pub(super) fn fold(
    changes: &mut Vec<Change>,
    statements: &mut Statements,
    dialect: &'static Dialect,
) -> Result<(), Error> {
    let mut from = 0;
    while let Some(group) = find(changes, from) {
        let (made, dropped, renamed) = group;
        from = made + 1;
        let (Change::DropTable(old), Change::RenameTable { to: new, .. }) =
            (&changes[dropped], &changes[renamed])
        else {
            continue;
        };
        let folded = diff(&alone(old), &alone(new), dialect, &Policy::default())?;
        let [folded @ Change::ModifyTable { .. }] = folded.as_slice() else { continue };
        changes[made] = folded.clone();
        remove(changes, statements, renamed);
        remove(changes, statements, dropped);
    }
    Ok(())
}

/// The places of the three changes of a group that starts at `from` or later.
fn find(changes: &[Change], from: usize) -> Option<(usize, usize, usize)> {
    (from..changes.len()).find_map(|made| {
        let Change::AddTable(table) = &changes[made] else { return None };
        let name = table.name.strip_prefix(PREFIX)?;
        let (dropped, renamed) = (made + 1, made + 2);
        let is_dropped = matches!(changes.get(dropped), Some(Change::DropTable(table)) if table.name == name);
        let is_renamed = matches!(
            changes.get(renamed),
            Some(Change::RenameTable { from, to }) if from.name == table.name && to.name == name
        );
        (is_dropped && is_renamed).then_some((made, dropped, renamed))
    })
}

fn remove(changes: &mut Vec<Change>, statements: &mut Statements, at: usize) {
    changes.remove(at);
    for statement in &mut statements.list {
        for end in [&mut statement.changes.0, &mut statement.changes.1] {
            if *end > at {
                *end -= 1;
            }
        }
    }
}

fn alone(table: &Arc<Table>) -> Realm {
    let mut schema = Schema::new(table.schema.clone());
    schema.tables.push(table.clone());
    Realm { schemas: vec![schema], ..Realm::default() }
}
