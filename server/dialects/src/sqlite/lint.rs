//! The lint analyzers of SQLite.
//!
//! A column that becomes `NOT NULL` with a default is filled while the table is copied, so only one without a default
//! can fail.
//!
//! Source: atlas `sql/sqlite/sqlitecheck` (June 2026).

use engine::lint::condrop::CONDROP;
use engine::lint::data_depend::{self, HEADING, Judged, MF101, MF102, MF103, NAME, Rules, Steps};
use engine::lint::destructive::DESTRUCTIVE;
use engine::lint::incompatible::{self, INCOMPATIBLE, OldNames};
use engine::lint::naming::NAMING;
use engine::lint::nested_tx::NESTED_TX;
use engine::lint::{Analyzer, CodeDoc, Example, Input, Remedy, Sink};
use schema::{Column, Table};

use crate::lint::{examples, fill, old_names, steps};

/// In the order of reports.
pub static ANALYZERS: &[&Analyzer] =
    &[&ON_DESTRUCTIVE, &DATA_DEPEND, &ON_CONDROP, &ON_INCOMPATIBLE, &ON_NAMING, &ON_NESTED_TX];

static ON_DESTRUCTIVE: Analyzer =
    Analyzer { examples: &[examples::DS102, examples::DS103, RECREATED], ..DESTRUCTIVE };
static ON_CONDROP: Analyzer = Analyzer { examples: &[CD101, CD102, CD103], ..CONDROP };
static ON_INCOMPATIBLE: Analyzer = Analyzer {
    examples: &[examples::BC101, examples::BC102],
    run: |input, sink| incompatible::run(input, sink, &OLD_NAMES),
    ..INCOMPATIBLE
};
const OLD_NAMES: OldNames = OldNames {
    view: |input, at, from, to| old_names::view(input, at, from, to, steps::in_backticks),
    column: |input, at, table, from, to| old_names::column(input, at, table, from, to, steps::in_backticks),
};
static ON_NAMING: Analyzer = Analyzer {
    examples: &[examples::NM102, examples::NM103, examples::NM104, examples::NM105, examples::NM106],
    ..NAMING
};
static ON_NESTED_TX: Analyzer = Analyzer { examples: &[examples::TX201], ..NESTED_TX };

const NONE: Example = Example { code: "", from: "", bad: "", good: "", naming: "", without: "" };

/// A table that is copied is no dropped table.
const RECREATED: Example = Example {
    code: "DS102",
    from: "CREATE TABLE t (id integer, a integer);",
    bad: "CREATE TABLE u (id integer);\nDROP TABLE t;",
    good: "CREATE TABLE new_t (id integer, a text);\nINSERT INTO new_t SELECT id, a FROM t;\nDROP TABLE t;\nALTER TABLE new_t RENAME TO t;",
    ..NONE
};

const CD101: Example = Example {
    code: "CD101",
    from: "CREATE TABLE p (id integer PRIMARY KEY);\nCREATE TABLE t (a integer, p_id integer, CONSTRAINT fk FOREIGN KEY (p_id) REFERENCES p (id));",
    bad: "CREATE TABLE new_t (a integer, p_id integer);\nINSERT INTO new_t SELECT a, p_id FROM t;\nDROP TABLE t;\nALTER TABLE new_t RENAME TO t;",
    good: "CREATE TABLE new_t (a integer);\nINSERT INTO new_t SELECT a FROM t;\nDROP TABLE t;\nALTER TABLE new_t RENAME TO t;",
    ..NONE
};

const CD102: Example = Example {
    code: "CD102",
    from: "CREATE TABLE t (a integer, b integer, CONSTRAINT positive CHECK (a > 0));",
    bad: "CREATE TABLE new_t (a integer, b integer);\nINSERT INTO new_t SELECT a, b FROM t;\nDROP TABLE t;\nALTER TABLE new_t RENAME TO t;",
    good: "ALTER TABLE t DROP COLUMN b;",
    ..NONE
};

const CD103: Example = Example {
    code: "CD103",
    from: "CREATE TABLE t (a integer PRIMARY KEY, b integer);",
    bad: "CREATE TABLE new_t (a integer, b integer);\nINSERT INTO new_t SELECT a, b FROM t;\nDROP TABLE t;\nALTER TABLE new_t RENAME TO t;",
    good: "ALTER TABLE t DROP COLUMN b;",
    ..NONE
};

const LT101_EXAMPLE: Example = Example {
    code: "LT101",
    from: "CREATE TABLE users (a integer);",
    bad: "CREATE TABLE new_users (a integer NOT NULL);\nINSERT INTO new_users SELECT a FROM users;\nDROP TABLE users;\nALTER TABLE new_users RENAME TO users;",
    good: "UPDATE users SET a = 1 WHERE a IS NULL;\nCREATE TABLE new_users (a integer NOT NULL);\nINSERT INTO new_users SELECT a FROM users;\nDROP TABLE users;\nALTER TABLE new_users RENAME TO users;",
    ..NONE
};

static DATA_DEPEND: Analyzer = Analyzer {
    name: NAME,
    heading: HEADING,
    error: false,
    doc: data_depend::DOC,
    codes: &[MF101, MF102, MF103, LT101],
    examples: &[examples::MF101, examples::MF103, LT101_EXAMPLE],
    run,
};

const LT101: CodeDoc = CodeDoc {
    code: "LT101",
    title: "column became non-nullable without a default",
    doc: "SQLite copies the table to change a column; rows that hold NULL make the copy fail.\n\nGive the column a default, which fills them while copying, or fill them first.",
    remedy: Remedy::Edit(
        "a default, or a column that may be NULL; in a migration file, values for the rows that are there, or a check before it runs",
    ),
};

const STEPS: Steps = Steps {
    // A default cannot be taken away without copying the table.
    add: |input, at, _, column| steps::with_default(input, at, column).into_iter().collect(),
    not_null: |input, at, table, from, to| {
        steps::fill_first(input, at, table, from, to, steps::in_backticks).into_iter().collect()
    },
};

fn run(input: &Input<'_>, sink: &mut Sink<'_>) {
    let rules = Rules { add_not_null: data_depend::add_not_null_fails, not_null, steps: STEPS };
    data_depend::run(input, sink, &rules);
}

fn not_null(input: &Input<'_>, at: usize, table: &Table, _: &Column, to: &Column) -> Option<Judged> {
    if to.default.is_some() || fill::before(input, at, table, to) {
        return None;
    }
    let message = format!(
        "Modifying nullable column {:?} to non-nullable without default value might fail in case it contains NULL values",
        to.name
    );
    Some(("LT101", message, Vec::new()))
}
