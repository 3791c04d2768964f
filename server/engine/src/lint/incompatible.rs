//! `incompatible`: changes that break code which still runs against the old schema.

use schema::change::TableChange;
use schema::{Change, SmolStr, Table};

use super::span::{column_path, table_path};
use super::{Analyzer, CodeDoc, Input, Remedy, Sink};

/// Renamed tables and columns.
pub const INCOMPATIBLE: Analyzer = Analyzer {
    name: "incompatible",
    heading: "backward incompatible changes detected",
    error: false,
    doc: "Changes that break code which still runs against the old schema: renamed tables and columns.",
    codes: &[
        CodeDoc {
            code: "BC101",
            title: "table was renamed",
            doc: "Code that uses the old name fails until it is deployed anew.\n\nCreate a view with the old name in the same plan, or keep the name.",
            remedy: Remedy::None("code that uses the old name is not in the schema"),
        },
        CodeDoc {
            code: "BC102",
            title: "column was renamed",
            doc: "Code that uses the old name fails until it is deployed anew.\n\nAdd a generated column with the old name in the same plan, or keep the name.",
            remedy: Remedy::None("code that uses the old name is not in the schema"),
        },
    ],
    examples: &[],
    run,
};

fn run(input: &Input<'_>, sink: &mut Sink<'_>) {
    for (at, change) in input.changes.iter().enumerate() {
        match change {
            Change::RenameTable { from, to } => {
                if input.spans.is_added(&table_path(from)) || view_takes_over(input, at, &from.name) {
                    continue;
                }
                let message = format!("Renaming table {:?} to {:?}", from.name, to.name);
                sink.report("BC101", at, table_path(to), message, Vec::new());
            }
            Change::ModifyTable { to: table, changes, .. } => {
                if input.spans.is_added(&table_path(table)) {
                    continue;
                }
                for change in changes {
                    let (from, to) = match change {
                        TableChange::RenameColumn { from, to } => (from, to),
                        TableChange::ModifyColumn(change) if change.from.name != change.to.name => {
                            (&change.from, &change.to)
                        }
                        _ => continue,
                    };
                    if column_takes_over(input, at, table, &from.name) {
                        continue;
                    }
                    let message = format!("Renaming column {:?} to {:?}", from.name, to.name);
                    sink.report("BC102", at, column_path(table, &to.name), message, Vec::new());
                }
            }
            _ => {}
        }
    }
}

/// Whether a later change makes a view with the table's old name.
fn view_takes_over(input: &Input<'_>, at: usize, name: &SmolStr) -> bool {
    input.changes[at..].iter().any(|change| matches!(change, Change::AddView(view) if view.name == *name))
}

/// Whether this or a later change gives the table a column with the old name.
fn column_takes_over(input: &Input<'_>, at: usize, table: &Table, name: &SmolStr) -> bool {
    input.changes[at..].iter().any(|change| match change {
        Change::ModifyTable { to, changes, .. } if table_path(to) == table_path(table) => changes
            .iter()
            .any(|change| matches!(change, TableChange::AddColumn(column) if column.name == *name)),
        _ => false,
    })
}
