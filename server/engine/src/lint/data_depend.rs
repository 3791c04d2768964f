//! `data_depend`: changes that may fail, depending on the data.
//!
//! What a database does with rows that have no value for a new column differs; a dialect hands its [`Rules`] to
//! [`run`].

use schema::change::{ChangeKind, TableChange};
use schema::{Change, Column, Index, ObjectPath, PartOf, Table};

use super::span::{column_path, index_path, table_path};
use super::{CodeDoc, Found, Input, Proof, Remedy, Sink};
use text::{Code, Fix};

/// The name of the analyzer.
pub const NAME: &str = "data_depend";
/// Its heading.
pub const HEADING: &str = "data dependent changes detected";
/// Its documentation.
pub const DOC: &str = "Changes that succeed or fail depending on the rows that are there.";

/// Adding a unique index to existing columns.
pub const MF101: CodeDoc = CodeDoc {
    code: "MF101",
    title: "unique index on existing columns",
    doc: "Creating a unique index fails when two rows have the same values.\n\nLook for duplicates first.",
    remedy: Remedy::Edit("in a migration file, check before it runs that there are no duplicates"),
};
/// Making an index unique.
pub const MF102: CodeDoc = CodeDoc {
    code: "MF102",
    title: "index became unique",
    doc: "Making an index unique fails when two rows have the same values.\n\nLook for duplicates first.",
    remedy: Remedy::Edit("in a migration file, check before it runs that there are no duplicates"),
};
/// A new column that must have a value.
pub const MF103: CodeDoc = CodeDoc {
    code: "MF103",
    title: "non-nullable column without a default",
    doc: "Rows that are there already would have no value for the new column, so adding it fails unless the table is empty.\n\nGive it a default, or make it nullable, fill it, and change it then.",
    remedy: Remedy::Edit(
        "a default, or a column that may be NULL; in a migration file, values for the rows that are there, or a check before it runs",
    ),
};
/// A column that must have a value from now on.
pub const MF104: CodeDoc = CodeDoc {
    code: "MF104",
    title: "column became non-nullable",
    doc: "Rows that hold NULL in the column make the change fail.\n\nFill them first.",
    remedy: Remedy::Edit(
        "a default, or a column that may be NULL; in a migration file, values for the rows that are there, or a check before it runs",
    ),
};

/// A finding before it has a place: code, message, advice.
pub type Judged = (Code, String, Vec<String>);

/// Judges a new column that must have a value; the number is that of the change.
pub type AddNotNull = fn(&Input<'_>, usize, &Table, &Column) -> Option<(Code, String)>;

/// What differs between databases.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// A non-nullable column without a default is added to a table with rows: code, message.
    pub add_not_null: AddNotNull,
    /// A nullable column becomes non-nullable. The number is that of the change.
    pub not_null: fn(&Input<'_>, usize, &Table, &Column, &Column) -> Option<Judged>,
    /// Rewrites in several steps that do the same to tables with rows.
    pub steps: Steps,
}

/// The rewrites a dialect has; each takes the number of the change.
#[derive(Clone, Copy, Debug)]
pub struct Steps {
    /// Of a new column that must have a value.
    pub add: fn(&Input<'_>, usize, &Table, &Column) -> Vec<Fix>,
    /// Of a column that must have a value from now on.
    pub not_null: fn(&Input<'_>, usize, &Table, &Column, &Column) -> Vec<Fix>,
}

/// Looks for changes that may fail.
pub fn run(input: &Input<'_>, sink: &mut Sink<'_>, rules: &Rules) {
    for (at, change) in input.changes.iter().enumerate() {
        let Change::ModifyTable { to: table, changes, .. } = change else { continue };
        if input.spans.is_added(&table_path(table)) {
            continue;
        }
        for change in changes {
            match change {
                TableChange::AddIndex(index) if index.unique => add_unique(input, sink, at, table, index),
                TableChange::ModifyIndex { to, kinds, .. }
                    if kinds.has(ChangeKind::Unique)
                        && to.unique
                        && !input.spans.is_added(&index_path(table, &to.name)) =>
                {
                    let message = format!(
                        "Modifying an index {:?} on table {:?} might fail in case of duplicate entries",
                        to.name, table.name
                    );
                    let found = Found::new("MF102", at, index_path(table, &to.name), message);
                    sink.add(found.unless_some(table, distinct(to)));
                }
                TableChange::AddColumn(column)
                    if !column.nullable && column.default.is_none() && column.generated.is_none() =>
                {
                    if let Some((code, message)) = (rules.add_not_null)(input, at, table, column) {
                        let mut found = Found::new(code, at, column_path(table, &column.name), message);
                        found.edits = (rules.steps.add)(input, at, table, column);
                        sink.add(found.unless(table, Proof::Empty));
                    }
                }
                TableChange::ModifyColumn(change) if change.from.nullable && !change.to.nullable => {
                    let found = (rules.not_null)(input, at, table, &change.from, &change.to);
                    if let Some((code, message, fixes)) = found {
                        let found = Found::new(code, at, column_path(table, &change.to.name), message);
                        let mut found = fixes.into_iter().fold(found, Found::advice);
                        found.edits = (rules.steps.not_null)(input, at, table, &change.from, &change.to);
                        let name = change.from.name.clone();
                        sink.add(found.unless(table, Proof::NoNull(name)));
                    }
                }
                _ => {}
            }
        }
    }
}

/// What most databases do with a new column that must have a value: refuse.
pub fn add_not_null_fails(
    input: &Input<'_>,
    _: usize,
    table: &Table,
    column: &Column,
) -> Option<(Code, String)> {
    let ty = column.ty.as_ref().map_or_else(|| column.raw_type.clone(), input.format_type);
    let message = format!(
        "Adding a non-nullable {ty:?} column {:?} will fail in case table {:?} is not empty",
        column.name, table.name
    );
    Some(("MF103", message))
}

/// What most databases do with a column that must have a value from now on.
pub fn not_null_might_fail(to: &Column) -> Judged {
    let message = format!(
        "Modifying nullable column {:?} to non-nullable might fail in case it contains NULL values",
        to.name
    );
    ("MF104", message, Vec::new())
}

fn add_unique(input: &Input<'_>, sink: &mut Sink<'_>, at: usize, table: &Table, index: &Index) {
    let existing: Vec<&str> = index
        .parts
        .iter()
        .filter_map(|part| part.column_name())
        .filter(|column| !input.spans.is_added(&column_path(table, column)))
        .map(|column| column.as_str())
        .collect();
    if existing.is_empty() || replaces_unique(input, table, index) {
        return;
    }
    let (name, table_name) = (&index.name, &table.name);
    let quoted: Vec<String> = existing.iter().map(|column| format!("{column:?}")).collect();
    let columns = match quoted.as_slice() {
        [column] => format!("column {column} contains"),
        columns => format!("columns {} contain", columns.join(", ")),
    };
    let message = format!(
        "Adding a unique index {name:?} on table {table_name:?} might fail in case {columns} duplicate entries"
    );
    // Of columns that come with the file nothing can be asked before it.
    let all_old = existing.len() == index.parts.len();
    let proof = distinct(index).filter(|_| all_old);
    sink.add(Found::new("MF101", at, index_path(table, name), message).unless_some(table, proof));
}

/// That the values of an index are distinct; of an expression, or a part of the rows, it cannot be asked simply.
fn distinct(index: &Index) -> Option<Proof> {
    let columns: Option<Vec<_>> = index.parts.iter().map(|part| part.column_name().cloned()).collect();
    columns.filter(|_| index.predicate.is_none()).map(Proof::Distinct)
}

/// Whether a unique index of the table that this plan drops made sure of at least as much.
///
/// Atlas looks at dropped indexes of any table; an index of another table proves nothing, so here it is this one's.
fn replaces_unique(input: &Input<'_>, table: &Table, index: &Index) -> bool {
    let path = table_path(table);
    let dropped = input.changes.iter().filter_map(|change| match change {
        Change::ModifyTable { to, changes, .. } if table_path(to) == path => Some(changes),
        _ => None,
    });
    dropped
        .flatten()
        .filter_map(|change| match change {
            TableChange::DropIndex(old) | TableChange::ModifyIndex { from: old, .. } if old.unique => {
                Some(old)
            }
            _ => None,
        })
        .any(|old| {
            old.parts.len() <= index.parts.len()
                && old.predicate == index.predicate
                && old.parts.iter().all(|part| index.parts.iter().any(|new| new.of == part.of))
                && index.parts.iter().all(|part| match &part.of {
                    PartOf::Column(column) => {
                        input.spans.is_added(&column_path(table, column))
                            || old.parts.iter().any(|old| old.of == part.of)
                    }
                    PartOf::Expr(_) => old.parts.iter().any(|old| old.of == part.of),
                })
        })
}

/// The object of a finding about a column, for dialects' own rules.
pub fn column_of(table: &Table, column: &Column) -> ObjectPath {
    column_path(table, &column.name)
}
