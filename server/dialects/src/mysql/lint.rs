//! The lint analyzers of MySQL and MariaDB, in the order of reports.
//!
//! One file each; those that know no SQL are in `engine::lint`. To add one, add a file and a line in [`ANALYZERS`].
//! What MariaDB does otherwise is told by the server's abilities.
//!
//! Source: atlas `sql/mysql/mysqlcheck` (June 2026); the documented analyzers.

mod blocking;
mod data_depend;
mod inline_references;
mod values;

use engine::lint::condrop::CONDROP;
use engine::lint::destructive::DESTRUCTIVE;
use engine::lint::incompatible::{self, INCOMPATIBLE, OldNames};
use engine::lint::naming::NAMING;
use engine::lint::nested_tx::NESTED_TX;
use engine::lint::{Analyzer, Example, Input, Sink, Words};

use crate::lint::{dynamic_sql, examples, old_names, steps};

/// In the order of reports.
pub static ANALYZERS: &[&Analyzer] = &[
    &ON_DESTRUCTIVE,
    &data_depend::DATA_DEPEND,
    &ON_CONDROP,
    &ON_INCOMPATIBLE,
    &inline_references::INLINE_REFERENCES,
    &ON_NAMING,
    &values::VALUES,
    &blocking::ANALYZER,
    &ON_NESTED_TX,
    &DYNAMIC_SQL,
];

static ON_DESTRUCTIVE: Analyzer =
    Analyzer { examples: &[examples::DS101, examples::DS102, examples::DS103], ..DESTRUCTIVE };
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
static ON_NAMING: Analyzer = Analyzer { examples: &[NM101, NM102, NM103, NM104, NM105, NM106], ..NAMING };
static ON_NESTED_TX: Analyzer = Analyzer { examples: &[examples::TX201], ..NESTED_TX };

static DYNAMIC_SQL: Analyzer = Analyzer {
    name: dynamic_sql::NAME,
    heading: dynamic_sql::HEADING,
    error: false,
    doc: dynamic_sql::DOC,
    codes: &[dynamic_sql::SA101],
    examples: &[Example {
        code: "SA101",
        bad: "DELIMITER //\nCREATE PROCEDURE p(IN name varchar(64))\nBEGIN\n  SET @s = CONCAT('DELETE FROM t WHERE name = ''', name, '''');\n  PREPARE s FROM @s;\n  EXECUTE s;\nEND //\nDELIMITER ;\n",
        good: "DELIMITER //\nCREATE PROCEDURE p(IN name varchar(64))\nBEGIN\n  SET @name = name;\n  PREPARE s FROM 'DELETE FROM t WHERE name = ?';\n  EXECUTE s USING @name;\nEND //\nDELIMITER ;\n",
        ..NONE
    }],
    run: |input: &Input<'_>, sink: &mut Sink<'_>| dynamic_sql::run(input, sink, prepares_concatenated),
};

/// A prepared statement in a body that also joins text with something other than literals and quoted values.
fn prepares_concatenated(words: &Words) -> bool {
    if !words.has(&["PREPARE"]) {
        return false;
    }
    dynamic_sql::after(words, "CONCAT").any(|rest| {
        let depth = rest.first().map_or(0, |open| open.depth + 1);
        let end = rest.iter().skip(1).position(|word| word.depth < depth).unwrap_or(rest.len());
        let inside = rest.get(1..=end).unwrap_or_default();
        inside.split(|word| word.depth == depth && word.text == ",").any(|part| {
            let is_text = part.iter().all(|word| word.kind != engine::lint::words::WordKind::Bare);
            let is_quoted = part.first().is_some_and(|word| word.is("QUOTE"));
            !part.is_empty() && !is_quoted && (!is_text || part.iter().any(|word| word.text.starts_with('@')))
        })
    })
}

const NONE: Example = Example { code: "", from: "", bad: "", good: "", naming: "", without: "" };

const CD101: Example = Example {
    code: "CD101",
    from: "CREATE TABLE p (id int PRIMARY KEY);\nCREATE TABLE t (a int, p_id int, CONSTRAINT fk FOREIGN KEY (p_id) REFERENCES p (id));",
    bad: "ALTER TABLE t DROP FOREIGN KEY fk;",
    good: "ALTER TABLE t DROP FOREIGN KEY fk, DROP COLUMN p_id;",
    ..NONE
};

const CD102: Example = Example {
    code: "CD102",
    from: "CREATE TABLE t (a int, b int, CONSTRAINT positive CHECK (a > 0));",
    bad: "ALTER TABLE t DROP CONSTRAINT positive;",
    good: "ALTER TABLE t DROP COLUMN b;",
    ..NONE
};

const CD103: Example = Example {
    code: "CD103",
    from: "CREATE TABLE t (id int, a int, PRIMARY KEY (id));",
    bad: "ALTER TABLE t DROP PRIMARY KEY;",
    good: "ALTER TABLE t DROP PRIMARY KEY, DROP COLUMN id;",
    ..NONE
};

const SNAKE: &str = "^[a-z_]+$";
const NM101: Example = Example {
    code: "NM101",
    bad: "CREATE SCHEMA `New`;",
    good: "CREATE SCHEMA `new`;",
    naming: SNAKE,
    ..NONE
};
const NM102: Example = Example {
    code: "NM102",
    bad: "CREATE TABLE `Users` (id int);",
    good: "CREATE TABLE users (id int);",
    naming: SNAKE,
    ..NONE
};
const NM103: Example = Example {
    code: "NM103",
    bad: "CREATE TABLE users (`Id` int);",
    good: "CREATE TABLE users (id int);",
    naming: SNAKE,
    ..NONE
};
const NM104: Example = Example {
    code: "NM104",
    from: "CREATE TABLE users (id int);",
    bad: "CREATE INDEX `I` ON users (id);",
    good: "CREATE INDEX i ON users (id);",
    naming: SNAKE,
    ..NONE
};
const NM105: Example = Example {
    code: "NM105",
    from: "CREATE TABLE p (id int PRIMARY KEY);",
    bad: "CREATE TABLE t (p_id int, CONSTRAINT `FK` FOREIGN KEY (p_id) REFERENCES p (id));",
    good: "CREATE TABLE t (p_id int, CONSTRAINT fk FOREIGN KEY (p_id) REFERENCES p (id));",
    naming: SNAKE,
    ..NONE
};
const NM106: Example = Example {
    code: "NM106",
    bad: "CREATE TABLE t (a int, CONSTRAINT `Positive` CHECK (a > 0));",
    good: "CREATE TABLE t (a int, CONSTRAINT positive CHECK (a > 0));",
    naming: SNAKE,
    ..NONE
};
