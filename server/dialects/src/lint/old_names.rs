//! Old names for code that is not deployed anew yet: a view in place of a renamed table, a virtual column in place of a
//! renamed one.
//!
//! Both stand at the end of the file, behind whatever else it does to the table. Invariant: a name that somebody else has
//! by then is not taken.
//!
//! Source: documented/lint-analyzers.md, BC101 and BC102.

use engine::lint::Input;
use engine::lint::edit::{fix, insert};
use schema::{Column, Table};
use text::Fix;

use super::steps::{Quote, target};

/// A view with the old name of a table.
pub fn view(input: &Input<'_>, at: usize, from: &Table, to: &Table, quote: Quote) -> Option<Fix> {
    let schema = input.to.schema(&to.schema)?;
    let is_taken = schema.table(&from.name).is_some()
        || schema.views.iter().any(|view| view.name == from.name)
        || schema.table(&to.name).is_none();
    if is_taken {
        return None;
    }
    let statement = input.statements_of(at).next()?;
    let (old, new) = (target(&statement, from, quote), target(&statement, to, quote));
    append(
        input,
        &format!("Keep the name {:?} as a view", from.name),
        &format!("CREATE VIEW {old} AS SELECT * FROM {new}"),
    )
}

/// A column with the old name that shows the values of the new one.
pub fn column(
    input: &Input<'_>,
    at: usize,
    table: &Table,
    from: &Column,
    to: &Column,
    quote: Quote,
) -> Option<Fix> {
    let now = input.to.schema(&table.schema)?.table(&table.name)?;
    if now.column(&from.name).is_some() || now.column(&to.name).is_none() || to.generated.is_some() {
        return None;
    }
    let statement = input.statements_of(at).next()?;
    let ty = (input.format_type)(to.ty.as_ref()?);
    let (table, old, new) = (target(&statement, table, quote), quote(&from.name), quote(&to.name));
    append(
        input,
        &format!("Keep the name {:?} as a virtual column", from.name),
        &format!("ALTER TABLE {table} ADD COLUMN {old} {ty} GENERATED ALWAYS AS ({new}) VIRTUAL"),
    )
}

/// Adds a statement behind the last one of the file.
fn append(input: &Input<'_>, title: &str, statement: &str) -> Option<Fix> {
    let last = input.file()?.list.last()?.range().end();
    Some(fix(title, [insert(last, format!(";\n{statement}"))]))
}
