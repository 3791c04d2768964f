//! The table of revisions in PostgreSQL.
//!
//! Source: reference/migrations.md section 7.

use engine::connection::{Capabilities, Query, Value};
use engine::migrate::Revision;
use engine::migrate::revision::{Hooks, Place, Role, TABLE};

use crate::revisions::{columns, others, values, words};

pub struct Revisions;

/// The definitions of the columns, as they are in a new table.
const DEFINITIONS: [&str; 12] = [
    "character varying NOT NULL",
    "character varying NOT NULL",
    "bigint NOT NULL DEFAULT 2",
    "bigint NOT NULL DEFAULT 0",
    "bigint NOT NULL DEFAULT 0",
    "timestamptz NOT NULL",
    "bigint NOT NULL",
    "text NULL",
    "text NULL",
    "character varying NOT NULL",
    "jsonb NULL",
    "character varying NOT NULL",
];

fn ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

fn table(place: &Place) -> String {
    format!("{}.{}", ident(&place.schema), ident(TABLE))
}

impl Hooks for Revisions {
    fn place(&self, asked: &str, bound: Option<&str>) -> Result<Place, String> {
        Ok(Place::of(asked, bound))
    }

    fn columns(&self, place: &Place) -> Query {
        let sql = "SELECT a.attname::text FROM pg_catalog.pg_attribute a \
                   JOIN pg_catalog.pg_class c ON c.oid = a.attrelid \
                   JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
                   WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped";
        let params = vec![Value::Text(place.schema.to_string()), Value::Text(TABLE.to_owned())];
        Query { params, ..Query::new("revisions", sql) }
    }

    fn schema(&self, place: &Place) -> Option<Query> {
        let query = Query::new(
            "schemas",
            "SELECT n.nspname::text FROM pg_catalog.pg_namespace n WHERE n.nspname = $1",
        );
        Some(Query { params: vec![Value::Text(place.schema.to_string())], ..query })
    }

    fn create_schema(&self, place: &Place) -> String {
        format!("CREATE SCHEMA IF NOT EXISTS {}", ident(&place.schema))
    }

    fn create(&self, place: &Place, _server: &Capabilities) -> String {
        let columns = columns(|at, name| {
            format!("{} {}", ident(name), DEFINITIONS.get(at - 1).copied().unwrap_or_default())
        });
        format!("CREATE TABLE {} ({columns}, PRIMARY KEY (\"version\"))", table(place))
    }

    fn add_column(&self, place: &Place, name: &str, _server: &Capabilities) -> Option<String> {
        let definition = match name {
            "error" | "error_stmt" => "text NULL",
            "partial_hashes" => "jsonb NULL",
            "type" => "bigint NOT NULL DEFAULT 2",
            "applied" | "total" | "execution_time" => "bigint NOT NULL DEFAULT 0",
            "description" | "hash" | "operator_version" => "character varying NOT NULL DEFAULT ''",
            _ => return None,
        };
        Some(format!("ALTER TABLE {} ADD COLUMN {} {definition}", table(place), ident(name)))
    }

    fn select(&self, place: &Place) -> Query {
        // The form of a time depends on the session; the number of microseconds does not.
        let columns = columns(|_, name| match name {
            "executed_at" => {
                "to_char(\"executed_at\" AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US')".to_owned()
            }
            "partial_hashes" => "\"partial_hashes\"::text".to_owned(),
            name => ident(name),
        });
        Query::new("revisions", format!("SELECT {columns} FROM {} ORDER BY \"version\"", table(place)))
    }

    fn upsert(&self, place: &Place, revision: &Revision) -> Query {
        let names = columns(|_, name| ident(name));
        let marks = columns(|at, _| format!("${at}"));
        let set = others(|name| format!("{0} = excluded.{0}", ident(name)));
        let sql = format!(
            "INSERT INTO {} ({names}) VALUES ({marks}) ON CONFLICT (\"version\") DO UPDATE SET {set}",
            table(place)
        );
        let at = format!("{}+00:00", revision.executed_at.sql(6));
        let hashes = Value::Text(revision.hashes_json());
        Query { params: values(revision, at, hashes), ..Query::new("revisions", sql) }
    }

    fn delete(&self, place: &Place, version: &str) -> Query {
        let sql = format!("DELETE FROM {} WHERE \"version\" = $1", table(place));
        Query { params: vec![Value::Text(version.to_owned())], ..Query::new("revisions", sql) }
    }

    fn count(&self, schema: &str, table: &str, column: Option<&str>) -> Query {
        let what = column.map_or("*".to_owned(), ident);
        Query::new("rows", format!("SELECT count({what}) FROM {}.{}", ident(schema), ident(table)))
    }

    fn role(&self, sql: &str) -> Role {
        let words = words(sql, false);
        let word = |at: usize| words.get(at).map_or("", String::as_str);
        let is_alone = || {
            words.iter().any(|word| word == "CONCURRENTLY")
                || matches!(word(1), "DATABASE" | "TABLESPACE" | "SYSTEM" | "SUBSCRIPTION")
                // A value cannot be added inside a transaction before PostgreSQL 12.
                || (word(1) == "TYPE" && words.iter().any(|word| word == "ADD"))
        };
        match word(0) {
            "BEGIN" => Role::Begins,
            "START" if word(1) == "TRANSACTION" => Role::Begins,
            "ROLLBACK" if words.iter().any(|word| word == "TO") => Role::Atomic,
            "COMMIT" | "END" | "ROLLBACK" | "ABORT" => Role::Ends,
            "PREPARE" if word(1) == "TRANSACTION" => Role::Ends,
            "SET" | "RESET" | "LISTEN" | "DISCARD" | "LOAD" | "PREPARE" | "DEALLOCATE" => Role::Session,
            "CREATE" | "ALTER" | "DROP" if is_alone() => Role::Other,
            "CREATE" | "ALTER" | "DROP" | "INSERT" | "UPDATE" | "DELETE" | "MERGE" | "SELECT" | "WITH"
            | "VALUES" | "TABLE" | "TRUNCATE" | "COMMENT" | "GRANT" | "REVOKE" | "REFRESH" | "SAVEPOINT"
            | "RELEASE" | "ANALYZE" | "REASSIGN" | "SECURITY" => Role::Atomic,
            _ => Role::Other,
        }
    }

    fn keeps_definitions(&self) -> bool {
        false
    }

    fn unfinished(&self) -> Option<Query> {
        Some(Query::new(
            "indexes",
            "SELECT c.relname::text FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid WHERE NOT (i.indisvalid AND i.indisready)",
        ))
    }

    fn transaction(&self) -> [&'static str; 3] {
        ["BEGIN", "COMMIT", "ROLLBACK"]
    }

    fn savepoint(&self) -> Option<[&'static str; 3]> {
        Some(["SAVEPOINT atlas_hook", "RELEASE SAVEPOINT atlas_hook", "ROLLBACK TO SAVEPOINT atlas_hook"])
    }
}
