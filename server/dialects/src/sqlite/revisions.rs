//! The table of revisions in SQLite.
//!
//! Source: reference/migrations.md section 7.

use engine::connection::{Capabilities, Query, Value};
use engine::migrate::Revision;
use engine::migrate::revision::{Hooks, Place, Role};

use crate::revisions::{columns, others, values, words};

pub struct Revisions;

const CREATE: &str = "CREATE TABLE `atlas_schema_revisions` (`version` text NOT NULL, `description` text NOT NULL, `type` integer NOT NULL DEFAULT (2), `applied` integer NOT NULL DEFAULT (0), `total` integer NOT NULL DEFAULT (0), `executed_at` datetime NOT NULL, `execution_time` integer NOT NULL, `error` text NULL, `error_stmt` text NULL, `hash` text NOT NULL, `partial_hashes` json NULL, `operator_version` text NOT NULL, PRIMARY KEY (`version`))";

impl Hooks for Revisions {
    fn place(&self, asked: &str, _bound: Option<&str>) -> Result<Place, String> {
        match asked {
            "" | "main" => Ok(Place::default()),
            other => Err(format!(
                "cannot store revisions-table in a separate schema ({other:?}) with SQLite driver"
            )),
        }
    }

    fn columns(&self, _place: &Place) -> Query {
        Query::new("revisions", "SELECT name FROM pragma_table_info('atlas_schema_revisions')")
    }

    fn schema(&self, _place: &Place) -> Option<Query> {
        None
    }

    fn create_schema(&self, _place: &Place) -> String {
        String::new()
    }

    fn create(&self, _place: &Place, _server: &Capabilities) -> String {
        CREATE.to_owned()
    }

    fn add_column(&self, _place: &Place, name: &str, _server: &Capabilities) -> Option<String> {
        // What may not be null needs a default for the rows there are.
        let definition = match name {
            "error" | "error_stmt" => "text NULL",
            "partial_hashes" => "json NULL",
            "type" => "integer NOT NULL DEFAULT 2",
            "applied" | "total" | "execution_time" => "integer NOT NULL DEFAULT 0",
            "description" | "hash" | "operator_version" => "text NOT NULL DEFAULT ''",
            _ => return None,
        };
        Some(format!("ALTER TABLE `atlas_schema_revisions` ADD COLUMN `{name}` {definition}"))
    }

    fn select(&self, _place: &Place) -> Query {
        let columns = columns(|_, name| format!("`{name}`"));
        Query::new("revisions", format!("SELECT {columns} FROM `atlas_schema_revisions` ORDER BY `version`"))
    }

    fn upsert(&self, _place: &Place, revision: &Revision) -> Query {
        let names = columns(|_, name| format!("`{name}`"));
        let marks = columns(|_, _| "?".to_owned());
        let set = others(|name| format!("`{name}` = excluded.`{name}`"));
        let sql = format!(
            "INSERT INTO `atlas_schema_revisions` ({names}) VALUES ({marks}) ON CONFLICT (`version`) DO UPDATE SET {set}"
        );
        let at = format!("{}+00:00", revision.executed_at.sql(9));
        let hashes = Value::Blob(revision.hashes_json().into_bytes());
        Query { params: values(revision, at, hashes), ..Query::new("revisions", sql) }
    }

    fn delete(&self, _place: &Place, version: &str) -> Query {
        let query = Query::new("revisions", "DELETE FROM `atlas_schema_revisions` WHERE `version` = ?");
        Query { params: vec![Value::Text(version.to_owned())], ..query }
    }

    fn count(&self, _schema: &str, table: &str, column: Option<&str>) -> Query {
        let quoted = |name: &str| format!("`{}`", name.replace('`', "``"));
        let what = column.map_or("*".to_owned(), quoted);
        Query::new("rows", format!("SELECT count({what}) FROM {}", quoted(table)))
    }

    fn role(&self, sql: &str) -> Role {
        let words = words(sql, false);
        let word = |at: usize| words.get(at).map_or("", String::as_str);
        match word(0) {
            "BEGIN" | "SAVEPOINT" => Role::Begins,
            "ROLLBACK" if words.iter().any(|word| word == "TO") => Role::Atomic,
            "COMMIT" | "END" | "ROLLBACK" | "RELEASE" => Role::Ends,
            "PRAGMA" | "ATTACH" | "DETACH" => Role::Session,
            "INSERT" | "UPDATE" | "DELETE" | "REPLACE" | "CREATE" | "ALTER" | "DROP" | "WITH" | "SELECT"
            | "VALUES" | "ANALYZE" | "REINDEX" => Role::Atomic,
            _ => Role::Other,
        }
    }

    fn keeps_definitions(&self) -> bool {
        false
    }

    fn transaction(&self) -> [&'static str; 3] {
        ["BEGIN IMMEDIATE", "COMMIT", "ROLLBACK"]
    }
}
