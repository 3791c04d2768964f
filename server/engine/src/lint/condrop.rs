//! `condrop`: constraints that stop holding.
//!
//! Dropping a constraint together with a column it is about is what the dropped column is reported for.

use schema::change::TableChange;
use schema::{Change, SmolStr, Table};

use super::span::{check_path, foreign_key_path, primary_key_path};
use super::{Analyzer, CodeDoc, Input, Remedy, Sink, Words};

/// Dropped constraints.
pub const CONDROP: Analyzer = Analyzer {
    name: "condrop",
    heading: "constraint deletion detected",
    error: false,
    doc: "Constraints that are dropped, so that the database stops keeping the promise.",
    codes: &[
        CodeDoc {
            code: "CD101",
            title: "foreign key was dropped",
            doc: "From now on rows may refer to rows that do not exist.\n\nMake sure that the application keeps the promise, or keep the constraint.",
            remedy: Remedy::Edit("leave dropped foreign keys out of plans"),
        },
        CodeDoc {
            code: "CD102",
            title: "check was dropped",
            doc: "From now on rows may hold values the check refused, and whoever reads them may rely on it.\n\nMake sure that the application keeps the promise, or keep the check.",
            remedy: Remedy::Edit("leave dropped checks out of plans"),
        },
        CodeDoc {
            code: "CD103",
            title: "primary key was dropped",
            doc: "From now on two rows may have the same key, or none. Replication and foreign keys rely on it.\n\nAdd the new key in the same statement, or keep this one.",
            remedy: Remedy::Edit("leave dropped primary keys out of plans"),
        },
    ],
    examples: &[],
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
            match change {
                TableChange::DropForeignKey(key) => {
                    let name = key.name.clone().unwrap_or_default();
                    let path = foreign_key_path(table, &name);
                    let with_its_column = key.columns.iter().any(|column| dropped_columns.contains(&column));
                    if !with_its_column && !input.spans.is_added(&path) {
                        let message = format!("Dropping foreign-key constraint {name:?}");
                        sink.report("CD101", at, path, message, Vec::new());
                    }
                }
                TableChange::DropCheck(check) => {
                    let name = check.name.clone().unwrap_or_default();
                    let path = check_path(table, &name);
                    if !speaks_of(input, &check.expr.0, &dropped_columns) && !input.spans.is_added(&path) {
                        let message = format!("Dropping check constraint {name:?}");
                        sink.report("CD102", at, path, message, Vec::new());
                    }
                }
                TableChange::DropPrimaryKey(key) => {
                    let columns = key.parts.iter().filter_map(|part| part.column_name());
                    let with_its_column = columns.clone().any(|column| dropped_columns.contains(&column));
                    if !with_its_column && input.is_old(table) && !gets_another(changes) {
                        drop_key(sink, at, table, key.name.as_ref());
                    }
                }
                _ => {}
            }
        }
    }
}

fn drop_key(sink: &mut Sink<'_>, at: usize, table: &Table, name: Option<&SmolStr>) {
    let message = match name.filter(|name| !name.is_empty()) {
        Some(name) => format!("Dropping primary-key constraint {name:?}"),
        None => format!("Dropping the primary-key constraint of table {:?}", table.name),
    };
    sink.report("CD103", at, primary_key_path(table), message, Vec::new());
}

fn gets_another(changes: &[TableChange]) -> bool {
    changes.iter().any(|change| matches!(change, TableChange::AddPrimaryKey(_)))
}

fn speaks_of(input: &Input<'_>, expr: &str, columns: &[&SmolStr]) -> bool {
    if columns.is_empty() {
        return false;
    }
    let words = Words::read(expr, input.dialect.grammar);
    columns.iter().any(|column| words.0.iter().any(|word| word.names(column)))
}
