//! TiDB refuses most statements that change a table in more than one way: one change, one statement.
//!
//! Invariant: the result holds the same changes, each alone; those of equal rank keep their order.
//!
//! Source: atlas `sql/mysql/tidb.go`, `priority` and `flat`; reference engine.md §12.

use schema::{Change, TableChange};

/// The changes taken apart and ordered by what depends on what.
pub fn flatten(changes: Vec<(usize, Change)>) -> Vec<(usize, Change)> {
    let mut out = Vec::new();
    for (at, change) in changes {
        match change {
            Change::ModifyTable { from, to, changes } => {
                for change in changes {
                    let (from, to) = (from.clone(), to.clone());
                    out.push((at, Change::ModifyTable { from, to, changes: vec![change] }));
                }
            }
            other => out.push((at, other)),
        }
    }
    out.sort_by_key(|(_, change)| priority(change));
    out
}

fn priority(change: &Change) -> u8 {
    let Change::ModifyTable { changes, .. } = change else { return 4 };
    match changes.first() {
        Some(TableChange::AddColumn(_)) => 1,
        Some(
            TableChange::DropIndex(_)
            | TableChange::DropForeignKey(_)
            | TableChange::DropAttr(_)
            | TableChange::DropCheck(_),
        ) => 2,
        Some(TableChange::ModifyIndex { .. } | TableChange::ModifyForeignKey { .. }) => 3,
        _ => 4,
    }
}
