//! `condrop`: constraints that stop holding.

use schema::Change;
use schema::change::TableChange;

use super::span::foreign_key_path;
use super::{Analyzer, CodeDoc, Input, Sink};

/// Dropped foreign keys.
pub static CONDROP: Analyzer = Analyzer {
    name: "condrop",
    heading: "constraint deletion detected",
    error: false,
    doc: "Constraints that are dropped, so that the database stops keeping the promise.",
    codes: &[CodeDoc {
        code: "CD101",
        title: "foreign key was dropped",
        doc: "From now on rows may refer to rows that do not exist.\n\nMake sure that the application keeps the promise, or keep the constraint.",
    }],
    run,
};

fn run(input: &Input<'_>, sink: &mut Sink<'_>) {
    for (at, change) in input.changes.iter().enumerate() {
        let Change::ModifyTable { to: table, changes, .. } = change else { continue };
        let dropped_columns: Vec<_> = changes
            .iter()
            .filter_map(|change| match change {
                TableChange::DropColumn(column) => Some(&column.name),
                _ => None,
            })
            .collect();
        for change in changes {
            let TableChange::DropForeignKey(key) = change else { continue };
            let name = key.name.clone().unwrap_or_default();
            let path = foreign_key_path(table, &name);
            let with_its_column = key.columns.iter().any(|column| dropped_columns.contains(&column));
            if with_its_column || input.spans.is_added(&path) {
                continue;
            }
            let message = format!("Dropping foreign-key constraint {name:?}");
            sink.report("CD101", at, path, message, Vec::new());
        }
    }
}
