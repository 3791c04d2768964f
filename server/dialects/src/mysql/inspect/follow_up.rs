//! What no table of the catalog has, asked for when the first answers are there.
//!
//! Full-text indexes and partitions by time of MariaDB: the parser and the interval are only in `SHOW CREATE TABLE`.
//! MySQL's routines, triggers and events: the catalog
//! shows their bodies with the escapes of strings resolved, so that `'it''s'` becomes `'it's'` (in MariaDB only `'\\'`
//! becomes `'\'`); where a body has no quote and no backslash, that changes nothing, otherwise `SHOW CREATE` has it as it
//! was written. Sequences of MariaDB
//! are tables of one row: one query reads all. The number of these queries does not depend on the number of tables, but
//! on the number of such objects. Invariant: [`targets`] gives the same list whoever asks.

use engine::Scope;
use engine::connection::{Capabilities, Query, Rows};

use super::catalog::{Catalog, Rowed};
use super::partitions::SYSTEM_TIME;
use crate::mysql::features::{MARIADB, TIDB};

/// The name under which the values of sequences are kept.
pub(super) const SEQUENCES: &str = "sequences";

/// What a further query is about.
pub(super) enum Target<'a> {
    /// `SHOW CREATE kind schema.name`
    Create { kind: &'static str, schema: &'a str, name: &'a str },
    /// All sequences: their schemas and names.
    Sequences(Vec<(&'a str, &'a str)>),
}

/// The further queries that the first `rows` make necessary.
pub fn follow_up(rows: &[Rows], scope: &Scope, server: &Capabilities) -> Vec<Query> {
    let names: Vec<&'static str> = super::queries(scope, server).iter().map(|query| query.name).collect();
    let catalog = Catalog::new(&names, rows, server);
    targets(&catalog).iter().map(query).collect()
}

/// In the order of the queries.
pub(super) fn targets<'a>(catalog: &Catalog<'a>) -> Vec<Target<'a>> {
    let mut targets = Vec::new();
    let mut create = |kind, schema, name| {
        let target = Target::Create { kind, schema, name };
        targets.push(target);
    };
    let maria = catalog.server.has(MARIADB);
    let is_changed = |body: &str| body.contains('\\') || !maria && body.contains(['\'', '"']);
    if !catalog.server.has(TIDB) {
        let mut last = ("", "");
        for row in catalog.all("indexes").filter(|row| row.text(9) == "FULLTEXT" && !maria) {
            let table = (row.text(0), row.text(1));
            if table != last {
                create("table", table.0, table.1);
                last = table;
            }
        }
        last = ("", "");
        for row in catalog.all("partitions").filter(|row| row.text(5) == SYSTEM_TIME && maria) {
            let table = (row.text(0), row.text(1));
            if table != last {
                create("table", table.0, table.1);
                last = table;
            }
        }
        for row in catalog.all("routines").filter(|row| is_changed(row.text(3))) {
            let kind = if row.text(2) == "FUNCTION" { "function" } else { "procedure" };
            create(kind, row.text(0), row.text(1));
        }
        for row in catalog.all("triggers").filter(|row| is_changed(row.text(6))) {
            create("trigger", row.text(0), row.text(2));
        }
        for row in catalog.all("events").filter(|row| is_changed(row.text(2))) {
            create("event", row.text(0), row.text(1));
        }
    }
    let sequences: Vec<(&str, &str)> = catalog
        .all("tables")
        .filter(|row| row.text(2) == "SEQUENCE")
        .map(|row| (row.text(0), row.text(1)))
        .collect();
    if !sequences.is_empty() {
        targets.push(Target::Sequences(sequences));
    }
    targets
}

fn query(target: &Target<'_>) -> Query {
    use crate::mysql::names::ident;
    match target {
        Target::Create { kind, schema, name } => {
            let on = format!("{}.{}", ident(schema), ident(name));
            let (what, sql) = match *kind {
                "table" => ("tables", "SHOW CREATE TABLE "),
                "function" => ("functions", "SHOW CREATE FUNCTION "),
                "procedure" => ("procedures", "SHOW CREATE PROCEDURE "),
                "trigger" => ("triggers", "SHOW CREATE TRIGGER "),
                _ => ("events", "SHOW CREATE EVENT "),
            };
            Query::new(what, format!("{sql}{on}"))
        }
        Target::Sequences(sequences) => {
            let one = include_str!("sequence.sql").trim_end();
            let selects: Vec<String> = sequences
                .iter()
                .map(|(schema, name)| {
                    one.replace("{schema_text}", &crate::mysql::types::quote(schema))
                        .replace("{name_text}", &crate::mysql::types::quote(name))
                        .replace("{sequence}", &format!("{}.{}", ident(schema), ident(name)))
                })
                .collect();
            Query::new(SEQUENCES, selects.join("\nUNION ALL\n"))
        }
    }
}
