//! `naming`: names that do not match the pattern a team agreed on.
//!
//! Looks at what a plan adds or renames; without a pattern there is nothing to find.
//!
//! Source: documented `naming` analyzer; messages as in atlas before its removal (7cadb010).

use schema::change::TableChange;
use schema::{Change, ObjectPath, SmolStr, Table};

use super::span::{check_path, column_path, foreign_key_path, index_path, table_path};
use super::{Analyzer, CodeDoc, Input, Remedy, Sink};
use text::Code;

/// Names that do not match.
pub const NAMING: Analyzer = Analyzer {
    name: "naming",
    heading: "naming violations detected",
    error: false,
    doc: "Names that do not match the pattern of the `naming` block.",
    codes: &[
        CodeDoc {
            code: "NM101",
            title: "schema name",
            doc: "The name of the schema does not match the pattern.",
            remedy: Remedy::None("a schema's name is the database's"),
        },
        CodeDoc {
            code: "NM102",
            title: "table name",
            doc: "The name of the table does not match the pattern.",
            remedy: Remedy::Edit("a name that matches, everywhere it is used"),
        },
        CodeDoc {
            code: "NM103",
            title: "column name",
            doc: "The name of the column does not match the pattern.",
            remedy: Remedy::Edit("a name that matches, everywhere it is used"),
        },
        CodeDoc {
            code: "NM104",
            title: "index name",
            doc: "The name of the index does not match the pattern.",
            remedy: Remedy::Edit("a name that matches, everywhere it is used"),
        },
        CodeDoc {
            code: "NM105",
            title: "foreign key name",
            doc: "The name of the foreign key does not match the pattern.",
            remedy: Remedy::Edit("a name that matches, everywhere it is used"),
        },
        CodeDoc {
            code: "NM106",
            title: "check name",
            doc: "The name of the check does not match the pattern.",
            remedy: Remedy::Edit("a name that matches, everywhere it is used"),
        },
    ],
    examples: &[],
    run,
};

fn run(input: &Input<'_>, sink: &mut Sink<'_>) {
    if input.config.of(NAMING.name).is_none() {
        return;
    }
    for (at, change) in input.changes.iter().enumerate() {
        match change {
            Change::AddSchema(schema) => {
                judge(input, sink, at, SCHEMA, &schema.name, ObjectPath::Schema(schema.name.clone()));
            }
            Change::RenameSchema { to, .. } => {
                judge(input, sink, at, SCHEMA, &to.name, ObjectPath::Schema(to.name.clone()));
            }
            Change::AddTable(table) => add_table(input, sink, at, table),
            Change::RenameTable { to, .. } => judge(input, sink, at, TABLE, &to.name, table_path(to)),
            Change::ModifyTable { to, changes, .. } => modify_table(input, sink, at, to, changes),
            _ => {}
        }
    }
}

/// A kind of object: code, the word in the message, the block of its own pattern.
type Kind = (Code, &'static str, &'static str);

const SCHEMA: Kind = ("NM101", "Schema", "schema");
const TABLE: Kind = ("NM102", "Table", "table");
const COLUMN: Kind = ("NM103", "Column", "column");
const INDEX: Kind = ("NM104", "Index", "index");
const FOREIGN_KEY: Kind = ("NM105", "Foreign-key constraint", "foreign_key");
const CHECK: Kind = ("NM106", "Check constraint", "check");

fn add_table(input: &Input<'_>, sink: &mut Sink<'_>, at: usize, table: &Table) {
    judge(input, sink, at, TABLE, &table.name, table_path(table));
    for column in &table.columns {
        judge(input, sink, at, COLUMN, &column.name, column_path(table, &column.name));
    }
    for index in &table.indexes {
        judge(input, sink, at, INDEX, &index.name, index_path(table, &index.name));
    }
    for name in table.foreign_keys.iter().filter_map(|key| key.name.as_ref()) {
        judge(input, sink, at, FOREIGN_KEY, name, foreign_key_path(table, name));
    }
    for name in table.checks.iter().filter_map(|check| check.name.as_ref()) {
        judge(input, sink, at, CHECK, name, check_path(table, name));
    }
}

fn modify_table(input: &Input<'_>, sink: &mut Sink<'_>, at: usize, table: &Table, changes: &[TableChange]) {
    for change in changes {
        match change {
            TableChange::AddColumn(column) | TableChange::RenameColumn { to: column, .. } => {
                judge(input, sink, at, COLUMN, &column.name, column_path(table, &column.name));
            }
            TableChange::AddIndex(index) | TableChange::RenameIndex { to: index, .. } => {
                judge(input, sink, at, INDEX, &index.name, index_path(table, &index.name));
            }
            TableChange::AddForeignKey(key) => {
                if let Some(name) = &key.name {
                    judge(input, sink, at, FOREIGN_KEY, name, foreign_key_path(table, name));
                }
            }
            TableChange::AddCheck(check) => {
                if let Some(name) = &check.name {
                    judge(input, sink, at, CHECK, name, check_path(table, name));
                }
            }
            _ => {}
        }
    }
}

fn judge(input: &Input<'_>, sink: &mut Sink<'_>, at: usize, kind: Kind, name: &SmolStr, path: ObjectPath) {
    let (code, noun, block) = kind;
    let Some(options) = input.config.of(NAMING.name) else { return };
    let Some(pattern) = options.patterns.get(block).or(options.pattern.as_ref()) else { return };
    // What a database named itself is nobody's choice.
    if name.is_empty() || pattern.regex.is_match(name) {
        return;
    }
    let mut message = format!("{noun} named {name:?} violates the naming policy");
    if let Some(text) = &pattern.message {
        message = format!("{message}: {text}");
    }
    sink.report(code, at, path, message, Vec::new());
}
