//! PG314 and PG320: settings of a table that other parts of the system rely on.
//!
//! Source: documented codes; the messages are our own.

use engine::lint::span::table_path;
use engine::lint::{Analyzer, CodeDoc, Example, Found, Input, Remedy, Sink};
use schema::{Change, Table};

use super::super::attr;

/// Settings of a table that other parts of the system rely on.
pub static SETTINGS: Analyzer = Analyzer {
    name: "table_settings",
    heading: "risky table settings detected",
    error: false,
    doc: "Settings of a table that replication or the upkeep of the database relies on.",
    codes: &[
        CodeDoc {
            code: "PG314",
            title: "replica identity became FULL or NOTHING",
            doc: "With `FULL`, every update and delete writes the whole old row to the log, and a subscriber searches for it without a key. With `NOTHING`, updates and deletes of a published table fail.\n\nUse the primary key or a unique index, or make sure that replication is set up for it.",
            remedy: Remedy::None("which index identifies a row is for its author to say"),
        },
        CodeDoc {
            code: "PG320",
            title: "autovacuum was turned off",
            doc: "Without autovacuum dead rows pile up, the planner's statistics grow old, and an emergency vacuum stops the database's writes one day.\n\nSet thresholds for this table instead of turning it off.",
            remedy: Remedy::None("which thresholds suit the table depends on its load"),
        },
    ],
    examples: &[
        Example {
            code: "PG314",
            from: "CREATE TABLE t (id integer NOT NULL);\nCREATE UNIQUE INDEX i ON t (id);",
            bad: "ALTER TABLE t REPLICA IDENTITY FULL;",
            good: "ALTER TABLE t REPLICA IDENTITY USING INDEX i;",
            naming: "",
            without: "",
        },
        Example {
            code: "PG320",
            from: "CREATE TABLE t (id integer);",
            bad: "ALTER TABLE t SET (autovacuum_enabled = false);",
            good: "ALTER TABLE t SET (autovacuum_vacuum_threshold = 1000);",
            naming: "",
            without: "",
        },
    ],
    run,
};

fn run(input: &Input<'_>, sink: &mut Sink<'_>) {
    for (at, change) in input.changes.iter().enumerate() {
        let (from, to) = match change {
            Change::ModifyTable { from, to, .. } => (Some(from.as_ref()), to.as_ref()),
            Change::AddTable(table) => (None, table.as_ref()),
            _ => continue,
        };
        let identity = to.attrs.get(&attr::REPLICA_IDENTITY);
        let before = from.and_then(|table| table.attrs.get(&attr::REPLICA_IDENTITY));
        // A new table has nothing that would be replicated yet.
        if let Some(identity @ ("FULL" | "NOTHING")) = identity.as_deref()
            && from.is_some()
            && before.as_deref() != Some(identity)
            && input.is_old(to)
        {
            let message = format!(
                "Changing the replica identity of table {:?} to {identity} may break its logical replication",
                to.name
            );
            sink.add(Found::new("PG314", at, table_path(to), message));
        }
        if is_off(to) && !from.is_some_and(is_off) {
            let message = format!("Turning off autovacuum for table {:?} lets dead rows pile up", to.name);
            sink.add(Found::new("PG320", at, table_path(to), message));
        }
    }
}

fn is_off(table: &Table) -> bool {
    let params = table.attrs.get(&attr::STORAGE_PARAMS).unwrap_or_default();
    params.iter().filter_map(|param| param.split_once('=')).any(|(name, value)| {
        let value = value.trim().to_ascii_lowercase();
        name.trim().eq_ignore_ascii_case("autovacuum_enabled")
            && matches!(value.as_str(), "false" | "off" | "0" | "no" | "f" | "n")
    })
}
