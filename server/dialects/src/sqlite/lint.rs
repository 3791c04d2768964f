//! The lint analyzers of SQLite.
//!
//! A column that becomes `NOT NULL` with a default is filled while the table is copied, so only one without a default
//! can fail.
//!
//! Source: atlas `sql/sqlite/sqlitecheck` (June 2026).

use engine::lint::condrop::CONDROP;
use engine::lint::data_depend::{self, HEADING, Judged, MF101, MF102, MF103, NAME, Rules};
use engine::lint::destructive::DESTRUCTIVE;
use engine::lint::incompatible::INCOMPATIBLE;
use engine::lint::naming::NAMING;
use engine::lint::nested_tx::NESTED_TX;
use engine::lint::{Analyzer, CodeDoc, Input, Remedy, Sink};
use schema::{Column, Table};

use crate::lint::fill;

/// In the order of reports.
pub static ANALYZERS: &[&Analyzer] =
    &[&DESTRUCTIVE, &DATA_DEPEND, &CONDROP, &INCOMPATIBLE, &NAMING, &NESTED_TX];

static DATA_DEPEND: Analyzer = Analyzer {
    name: NAME,
    heading: HEADING,
    error: false,
    doc: data_depend::DOC,
    codes: &[MF101, MF102, MF103, LT101],
    examples: &[],
    run,
};

const LT101: CodeDoc = CodeDoc {
    code: "LT101",
    title: "column became non-nullable without a default",
    doc: "SQLite copies the table to change a column; rows that hold NULL make the copy fail.\n\nGive the column a default, which fills them while copying, or fill them first.",
    remedy: Remedy::Edit("a default, or a column that may be NULL"),
};

fn run(input: &Input<'_>, sink: &mut Sink<'_>) {
    data_depend::run(input, sink, &Rules { add_not_null: data_depend::add_not_null_fails, not_null });
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
