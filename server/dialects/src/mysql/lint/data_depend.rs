//! `data_depend` of MySQL and MariaDB: a column without a value gets one silently, or makes the change fail.
//!
//! What the server does depends on the column's type and on the product. Source: reference lint.md §6.2, the table of
//! atlas `sql/mysql/mysqlcheck`.

use engine::lint::data_depend::{self, HEADING, Judged, MF101, MF102, MF103, MF104, NAME, Rules, Steps};
use engine::lint::{Analyzer, CodeDoc, Example, Input, Remedy};
use schema::{Arg, Class, Column, ColumnType, Table};
use text::Code;

use super::super::{attr, features};
use crate::lint::{examples, fill, steps};

pub static DATA_DEPEND: Analyzer = Analyzer {
    name: NAME,
    heading: HEADING,
    error: false,
    doc: data_depend::DOC,
    codes: &[MF101, MF102, MF103, MF104, MY101],
    examples: &[
        examples::MF101,
        Example {
            code: "MF103",
            from: "CREATE TABLE t (id int);",
            bad: "ALTER TABLE t ADD COLUMN d date NOT NULL;",
            good: "ALTER TABLE t ADD COLUMN d date NOT NULL DEFAULT '2020-01-01';",
            without: features::MARIADB,
            ..NONE
        },
        Example {
            code: "MF104",
            from: "CREATE TABLE t (a int);",
            bad: "ALTER TABLE t MODIFY COLUMN a int NOT NULL;",
            good: "UPDATE t SET a = 0 WHERE a IS NULL;\nALTER TABLE t MODIFY COLUMN a int NOT NULL;",
            ..NONE
        },
        Example {
            code: "MY101",
            from: "CREATE TABLE users (id int);",
            bad: "ALTER TABLE users ADD COLUMN name varchar(120) NOT NULL;",
            good: "ALTER TABLE users ADD COLUMN name varchar(120) NOT NULL;\nUPDATE users SET name = CONCAT('name', id) WHERE name = '';",
            ..NONE
        },
    ],
    run: |input, sink| data_depend::run(input, sink, &Rules { add_not_null, not_null, steps: STEPS }),
};

const STEPS: Steps = Steps {
    add: |input, at, table, column| {
        let modify = |table: &str, _: &str, definition: &str| {
            format!("ALTER TABLE {table} MODIFY COLUMN {definition}")
        };
        let quote = steps::in_backticks;
        let default = steps::default_and_drop(input, at, table, column, quote);
        default.into_iter().chain(steps::nullable_first(input, at, table, column, quote, modify)).collect()
    },
    not_null: |input, at, table, from, to| {
        steps::fill_first(input, at, table, from, to, steps::in_backticks).into_iter().collect()
    },
};

const NONE: Example = Example { code: "", from: "", bad: "", good: "", naming: "", without: "" };

const MY101: CodeDoc = CodeDoc {
    code: "MY101",
    title: "new column is filled silently",
    doc: "The column must have a value and has no default, so the server gives all rows that are there the type's zero: `0`, `''`, the first value of an enum. Nothing tells these rows from those that were meant so.\n\nGive it a default, or make it nullable, fill it, and change it then.",
    remedy: Remedy::Edit(
        "a default, or a column that may be NULL; in a migration file, values for the rows that are there, or a check before it runs",
    ),
};

fn not_null(input: &Input<'_>, at: usize, table: &Table, _: &Column, to: &Column) -> Option<Judged> {
    (!fill::before(input, at, table, to)).then(|| data_depend::not_null_might_fail(to))
}

fn add_not_null(input: &Input<'_>, at: usize, table: &Table, column: &Column) -> Option<(Code, String)> {
    let ty = column.ty.as_ref()?;
    if column.attrs.is(&attr::AUTO_INCREMENT) {
        return None;
    }
    match filled(input, table, column, ty) {
        Filled::Unknown => None,
        Filled::Fails(name) => {
            let message = format!(
                "Adding a non-nullable {name:?} column {:?} will fail in case table {:?} is not empty",
                column.name, table.name
            );
            Some(("MF103", message))
        }
        Filled::With(name, value) => {
            if fill::after(input, at, table, column, &value) {
                return None;
            }
            let message = format!(
                "Adding a non-nullable {name:?} column {:?} on table {:?} without a default value implicitly sets existing rows with {value}",
                column.name, table.name
            );
            Some(("MY101", message))
        }
    }
}

/// What becomes of rows that are there: the type as messages show it, and the value.
enum Filled {
    With(String, String),
    Fails(String),
    Unknown,
}

fn filled(input: &Input<'_>, table: &Table, column: &Column, ty: &ColumnType) -> Filled {
    let is_mariadb = input.server.has(features::MARIADB);
    let name = ty.name.to_string();
    let full = || (input.format_type)(ty);
    let empty = || "\"\"".to_owned();
    let only_mariadb = |name: String| if is_mariadb { Filled::With(name, empty()) } else { Filled::Unknown };
    match ty.class {
        Class::Bits | Class::Bool | Class::Integer | Class::Decimal | Class::Float | Class::Binary => {
            Filled::With(full(), "0".to_owned())
        }
        Class::String if matches!(name.as_str(), "varchar" | "char") => Filled::With(name, empty()),
        Class::String | Class::Json => only_mariadb(name),
        Class::Enum => match ty.args.first() {
            Some(Arg::Str(first)) => {
                let first = first.trim_matches('\'');
                Filled::With(name, format!("{first:?}"))
            }
            _ => Filled::Unknown,
        },
        Class::Set => Filled::With(name, empty()),
        Class::Spatial if is_mariadb => Filled::With(name, empty()),
        Class::Spatial => Filled::Fails(name),
        Class::Time => match name.as_str() {
            "date" | "datetime" if is_mariadb => Filled::With(name, "00:00:00".to_owned()),
            "date" | "datetime" => Filled::Fails(name),
            "year" => Filled::With(name, "0000".to_owned()),
            "time" => Filled::With(name, "00:00:00".to_owned()),
            "timestamp" => {
                let value =
                    if gets_now(input, table, column) { "CURRENT_TIMESTAMP" } else { "0000-00-00 00:00:00" };
                Filled::With(name, value.to_owned())
            }
            _ => Filled::Unknown,
        },
        _ => Filled::Unknown,
    }
}

/// Whether the server takes a `timestamp` without a default for one that defaults to the current time.
fn gets_now(input: &Input<'_>, table: &Table, column: &Column) -> bool {
    if !input.server.has(features::MARIADB) {
        return !input.server.has(features::EXPLICIT_TIMESTAMP);
    }
    let is_timestamp = |column: &&Column| column.ty.as_ref().is_some_and(|ty| ty.name == "timestamp");
    table.columns.iter().find(is_timestamp).is_none_or(|first| first.name == column.name)
}
