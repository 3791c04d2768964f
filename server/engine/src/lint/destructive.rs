//! `destructive`: changes that lose data.

use schema::change::TableChange;
use schema::{Change, ObjectPath, Storage, Table};

use super::span::{column_path, table_path};
use super::{Analyzer, CodeDoc, Found, Input, Proof, Remedy, Sink};

/// Changes that lose data.
pub const DESTRUCTIVE: Analyzer = Analyzer {
    name: "destructive",
    heading: "destructive changes detected",
    error: true,
    doc: "Changes that lose data: dropped schemas, tables and columns.",
    codes: &[
        CodeDoc {
            code: "DS101",
            title: "schema was dropped",
            doc: "Dropping a schema deletes every table in it with all rows.\n\nMake sure nothing uses it and that a backup exists.",
            remedy: Remedy::Edit(
                "leave dropped schemas out of plans; a schema cannot be put back from its name alone",
            ),
        },
        CodeDoc {
            code: "DS102",
            title: "table was dropped",
            doc: "Dropping a table deletes all its rows.\n\nMake sure nothing reads it any more; check that it is empty, or rename it first.",
            remedy: Remedy::Edit(
                "in a migration file, check before it runs that the table is empty; leave dropped tables out of plans",
            ),
        },
        CodeDoc {
            code: "DS103",
            title: "column was dropped",
            doc: "Dropping a column deletes its values in every row. A virtual generated column holds no values and is not reported.\n\nMake sure nothing reads it any more, or check that it is NULL everywhere.",
            remedy: Remedy::Edit(
                "in a migration file, check before it runs that the column is NULL everywhere; leave dropped columns out of plans",
            ),
        },
    ],
    examples: &[],
    run,
};

fn run(input: &Input<'_>, sink: &mut Sink<'_>) {
    for (at, change) in input.changes.iter().enumerate() {
        match change {
            Change::DropSchema(schema) => {
                let path = ObjectPath::Schema(schema.name.clone());
                if input.spans.is_temporary(&path) {
                    continue;
                }
                let name = &schema.name;
                let message = match schema.tables.len() {
                    0 => format!("Dropping schema {name:?}"),
                    1 => format!("Dropping non-empty schema {name:?} with 1 table"),
                    count => format!("Dropping non-empty schema {name:?} with {count} tables"),
                };
                sink.report("DS101", at, path, message, Vec::new());
            }
            Change::DropTable(table) => drop_table(input, sink, at, table),
            Change::ModifyTable { to, changes, .. } => drop_columns(input, sink, at, to, changes),
            _ => {}
        }
    }
}

fn drop_table(input: &Input<'_>, sink: &mut Sink<'_>, at: usize, table: &Table) {
    let path = table_path(table);
    let with_its_schema = input.spans.is_dropped(&ObjectPath::Schema(table.schema.clone()));
    let allowed = input.config.of(DESTRUCTIVE.name).and_then(|options| options.allow_table.as_ref());
    if with_its_schema
        || input.spans.is_temporary(&path)
        || allowed.is_some_and(|pattern| pattern.is_match(&table.name))
    {
        return;
    }
    let name = &table.name;
    let found = Found::new("DS102", at, path, format!("Dropping table {name:?}"))
        .advice(format!("Add a pre-migration check to ensure table {name:?} is empty before dropping it"));
    sink.add(found.unless(table, Proof::Empty));
}

/// All columns one change drops are one finding.
fn drop_columns(input: &Input<'_>, sink: &mut Sink<'_>, at: usize, table: &Table, changes: &[TableChange]) {
    let allowed = input.config.of(DESTRUCTIVE.name).and_then(|options| options.allow_column.as_ref());
    let dropped: Vec<_> = changes
        .iter()
        .filter_map(|change| match change {
            TableChange::DropColumn(column) => Some(column),
            _ => None,
        })
        .filter(|column| {
            !column.generated.as_ref().is_some_and(|generated| generated.storage == Storage::Virtual)
        })
        .filter(|column| !input.spans.is_temporary(&column_path(table, &column.name)))
        .filter(|column| !allowed.is_some_and(|pattern| pattern.is_match(&column.name)))
        .collect();
    let Some(first) = dropped.first() else { return };
    let path = column_path(table, &first.name);
    let names: Vec<String> = dropped.iter().map(|column| format!("{:?}", column.name)).collect();
    let (message, fix) = match names.as_slice() {
        [name] => (
            format!("Dropping non-virtual column {name}"),
            format!("Add a pre-migration check to ensure column {name} is NULL before dropping it"),
        ),
        [all @ .., last] => {
            let list = format!("{} and {last}", all.join(", "));
            (
                format!("Dropping non-virtual columns {list}"),
                format!("Add pre-migration checks to ensure columns {list} are NULL before dropping them"),
            )
        }
        [] => return,
    };
    let columns = dropped.iter().map(|column| column.name.clone()).collect();
    sink.add(Found::new("DS103", at, path, message).advice(fix).unless(table, Proof::AllNull(columns)));
}
