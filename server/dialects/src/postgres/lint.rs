//! The lint analyzers of PostgreSQL, in the order of reports.
//!
//! One file each; those that know no SQL are in `engine::lint`. To add one, add a file and a line in [`ANALYZERS`].
//!
//! Source: atlas `sql/postgres/postgrescheck` (June 2026); the documented analyzers.

mod alignment;
mod blocking;
mod concurrent_index;
mod settings;
mod transaction;

use engine::lint::condrop::CONDROP;
use engine::lint::data_depend::{self, HEADING, Judged, MF101, MF102, MF103, MF104, NAME, Rules, Steps};
use engine::lint::destructive::DESTRUCTIVE;
use engine::lint::incompatible::{self, INCOMPATIBLE, OldNames};
use engine::lint::naming::NAMING;
use engine::lint::nested_tx::NESTED_TX;
use engine::lint::{Analyzer, Example, Input, Sink, Words};
use schema::{Class, Column, Table};

use super::features;
use crate::lint::{dynamic_sql, examples, fill, old_names, steps};

/// In the order of reports.
pub static ANALYZERS: &[&Analyzer] = &[
    &ON_DESTRUCTIVE,
    &DATA_DEPEND,
    &ON_CONDROP,
    &ON_INCOMPATIBLE,
    &ON_NAMING,
    &concurrent_index::CONCURRENT_INDEX,
    &blocking::ANALYZER,
    &settings::SETTINGS,
    &alignment::ALIGNMENT,
    &ON_NESTED_TX,
    &transaction::TRANSACTION,
    &DYNAMIC_SQL,
];

static ON_DESTRUCTIVE: Analyzer =
    Analyzer { examples: &[examples::DS101, examples::DS102, examples::DS103], ..DESTRUCTIVE };
static ON_CONDROP: Analyzer = Analyzer { examples: &[examples::CD101, examples::CD102, CD103], ..CONDROP };
static ON_INCOMPATIBLE: Analyzer = Analyzer {
    examples: &[examples::BC101, examples::BC102],
    run: |input, sink| incompatible::run(input, sink, &OLD_NAMES),
    ..INCOMPATIBLE
};
const OLD_NAMES: OldNames = OldNames {
    view: |input, at, from, to| old_names::view(input, at, from, to, steps::double_quoted),
    column: |input, at, table, from, to| {
        // A stored one would be written into every row.
        let can = input.server.has(features::VIRTUAL)
            && to.ty.as_ref().is_some_and(|ty| !matches!(ty.class, Class::UserDefined | Class::Enum));
        can.then(|| old_names::column(input, at, table, from, to, steps::double_quoted)).flatten()
    },
};
static ON_NAMING: Analyzer = Analyzer {
    examples: &[
        examples::NM101,
        examples::NM102,
        examples::NM103,
        examples::NM104,
        examples::NM105,
        examples::NM106,
    ],
    ..NAMING
};
static ON_NESTED_TX: Analyzer = Analyzer { examples: &[examples::TX201], ..NESTED_TX };

static DATA_DEPEND: Analyzer = Analyzer {
    name: NAME,
    heading: HEADING,
    error: false,
    doc: data_depend::DOC,
    codes: &[MF101, MF102, MF103, MF104],
    examples: &[examples::MF101, examples::MF103, MF104_EXAMPLE],
    run: |input, sink| {
        let rules = Rules { add_not_null: data_depend::add_not_null_fails, not_null, steps: STEPS };
        data_depend::run(input, sink, &rules);
    },
};

const STEPS: Steps = Steps {
    add: |input, at, table, column| {
        let modify = |table: &str, column: &str, _: &str| {
            format!("ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL")
        };
        let quote = steps::double_quoted;
        // Where a default is stored in every row, filling them is no worse and blocks nobody who reads.
        let fast = input.server.has(features::FAST_DEFAULT);
        let default = fast.then(|| steps::default_and_drop(input, at, table, column, quote)).flatten();
        let nullable = steps::nullable_first(input, at, table, column, quote, modify);
        default.into_iter().chain(nullable).collect()
    },
    not_null: |input, at, table, from, to| {
        steps::fill_first(input, at, table, from, to, steps::double_quoted).into_iter().collect()
    },
};

static DYNAMIC_SQL: Analyzer = Analyzer {
    name: dynamic_sql::NAME,
    heading: dynamic_sql::HEADING,
    error: false,
    doc: dynamic_sql::DOC,
    codes: &[dynamic_sql::SA101],
    examples: &[Example {
        code: "SA101",
        from: "",
        bad: "CREATE FUNCTION f(name text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DELETE FROM t WHERE name = ''' || name || ''''; END $$;",
        good: "CREATE FUNCTION f(name text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DELETE FROM t WHERE name = $1' USING name; END $$;",
        naming: "",
        without: "",
    }],
    run: |input: &Input<'_>, sink: &mut Sink<'_>| dynamic_sql::run(input, sink, concatenates),
};

const CD103: Example = Example {
    code: "CD103",
    from: "CREATE TABLE t (id integer, CONSTRAINT t_pkey PRIMARY KEY (id));",
    bad: "ALTER TABLE t DROP CONSTRAINT t_pkey;",
    good: "ALTER TABLE t DROP CONSTRAINT t_pkey, DROP COLUMN id;",
    naming: "",
    without: "",
};

const MF104_EXAMPLE: Example = Example {
    code: "MF104",
    from: "CREATE TABLE t (a integer);",
    bad: "ALTER TABLE t ALTER COLUMN a SET NOT NULL;",
    good: "UPDATE t SET a = 0 WHERE a IS NULL;\nALTER TABLE t ALTER COLUMN a SET NOT NULL;",
    naming: "",
    without: "",
};

fn not_null(input: &Input<'_>, at: usize, table: &Table, from: &Column, to: &Column) -> Option<Judged> {
    let is_sure = blocking::is_proven(table, &from.name, input) || fill::before(input, at, table, to);
    (!is_sure).then(|| data_depend::not_null_might_fail(to))
}

/// `EXECUTE` of a text that is concatenated with something other than quoted parts.
fn concatenates(words: &Words) -> bool {
    const QUOTING: &[&str] = &["QUOTE_IDENT", "QUOTE_LITERAL", "QUOTE_NULLABLE", "FORMAT"];
    dynamic_sql::after(words, "EXECUTE").any(|rest| {
        let end = rest.iter().position(|word| word.is("USING") || word.is("INTO")).unwrap_or(rest.len());
        let expr = &rest[..end];
        let joined = expr.iter().any(|word| word.text == "||" || word.is("CONCAT"));
        // A name behind `||` that is no call of a quoting function.
        let bare = expr.windows(2).any(|pair| {
            (pair[0].text == "||" || pair[1].text == "||")
                && pair.iter().any(|word| {
                    word.kind == engine::lint::words::WordKind::Bare && !QUOTING.contains(&word.text.as_str())
                })
        });
        joined && (bare || expr.iter().any(|word| word.is("CONCAT")))
    })
}
