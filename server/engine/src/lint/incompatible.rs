//! `incompatible`: changes that break code which still runs against the old schema.

use schema::change::TableChange;
use schema::{Change, Column, SmolStr, Table};
use text::Fix;

use super::span::{column_path, table_path};
use super::{Analyzer, CodeDoc, Found, Input, Remedy, Sink};

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
            remedy: Remedy::Edit("in a migration file, a view with the old name"),
        },
        CodeDoc {
            code: "BC102",
            title: "column was renamed",
            doc: "Code that uses the old name fails until it is deployed anew.\n\nAdd a generated column with the old name in the same plan, or keep the name.",
            remedy: Remedy::Edit(
                "in a migration file, a virtual column with the old name, where the server knows them",
            ),
        },
    ],
    examples: &[],
    run: |input, sink| {
        run(input, sink, &OldNames { view: |_, _, _, _| None, column: |_, _, _, _, _| None });
    },
};

/// Edits that let code with the old name go on; each takes the number of the change, the old and the new.
#[derive(Clone, Copy, Debug)]
pub struct OldNames {
    pub view: fn(&Input<'_>, usize, &Table, &Table) -> Option<Fix>,
    pub column: fn(&Input<'_>, usize, &Table, &Column, &Column) -> Option<Fix>,
}

/// Looks for names that are gone.
pub fn run(input: &Input<'_>, sink: &mut Sink<'_>, old: &OldNames) {
    for (at, change) in input.changes.iter().enumerate() {
        match change {
            Change::RenameTable { from, to } => {
                if input.spans.is_added(&table_path(from)) || view_takes_over(input, at, &from.name) {
                    continue;
                }
                let message = format!("Renaming table {:?} to {:?}", from.name, to.name);
                let edit = (old.view)(input, at, from, to);
                sink.add(Found::new("BC101", at, table_path(to), message).edit(edit));
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
                    let edit = (old.column)(input, at, table, from, to);
                    sink.add(Found::new("BC102", at, column_path(table, &to.name), message).edit(edit));
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
