//! The table of revisions in MySQL, MariaDB and TiDB.
//!
//! Source: reference/migrations.md section 7.

use engine::connection::{Capabilities, Query, Value};
use engine::migrate::Revision;
use engine::migrate::revision::{Hooks, Place, Role, TABLE};

use super::features::{EXPLICIT_TIMESTAMP, MARIADB};
use super::names::{ident, new_database};
use crate::revisions::{columns, others, values, words};

/// Tables of engines without transactions; an empty name when such an engine is the default.
const LASTING: &str = "SELECT CAST(t.TABLE_NAME AS CHAR) FROM INFORMATION_SCHEMA.TABLES t LEFT JOIN INFORMATION_SCHEMA.ENGINES e ON e.ENGINE = t.ENGINE WHERE t.TABLE_TYPE = 'BASE TABLE' AND COALESCE(e.TRANSACTIONS, 'NO') <> 'YES' AND t.TABLE_SCHEMA NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys') UNION SELECT '' FROM INFORMATION_SCHEMA.ENGINES WHERE SUPPORT = 'DEFAULT' AND COALESCE(TRANSACTIONS, 'NO') <> 'YES'";

/// What may write to them unseen: tables with triggers, views and routines.
const WRITING: &str = "SELECT CAST(EVENT_OBJECT_TABLE AS CHAR) FROM INFORMATION_SCHEMA.TRIGGERS WHERE TRIGGER_SCHEMA NOT IN ('mysql', 'sys') UNION SELECT CAST(TABLE_NAME AS CHAR) FROM INFORMATION_SCHEMA.VIEWS WHERE TABLE_SCHEMA NOT IN ('mysql', 'sys') UNION SELECT CAST(ROUTINE_NAME AS CHAR) FROM INFORMATION_SCHEMA.ROUTINES WHERE ROUTINE_SCHEMA NOT IN ('mysql', 'sys')";

pub struct Revisions;

fn table(place: &Place) -> String {
    format!("{}.{}", ident(&place.schema), ident(TABLE))
}

/// The definition of a column in a new table.
fn definition(name: &str, server: &Capabilities) -> &'static str {
    match name {
        "type" => "bigint unsigned NOT NULL DEFAULT 2",
        "applied" | "total" => "bigint NOT NULL DEFAULT 0",
        "executed_at" if server.has(EXPLICIT_TIMESTAMP) && !server.has(MARIADB) => "timestamp NOT NULL",
        "executed_at" => "timestamp NULL",
        "execution_time" => "bigint NOT NULL",
        "error" | "error_stmt" => "longtext NULL",
        "partial_hashes" => "json NULL",
        _ => "varchar(255) NOT NULL",
    }
}

impl Hooks for Revisions {
    fn place(&self, asked: &str, bound: Option<&str>) -> Result<Place, String> {
        Ok(Place::of(asked, bound))
    }

    fn columns(&self, place: &Place) -> Query {
        let sql = "SELECT CAST(COLUMN_NAME AS CHAR) FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?";
        let params = vec![Value::Text(place.schema.to_string()), Value::Text(TABLE.to_owned())];
        Query { params, ..Query::new("revisions", sql) }
    }

    fn schema(&self, place: &Place) -> Option<Query> {
        let query = Query::new(
            "schemas",
            "SELECT CAST(SCHEMA_NAME AS CHAR) FROM INFORMATION_SCHEMA.SCHEMATA WHERE SCHEMA_NAME = ?",
        );
        Some(Query { params: vec![Value::Text(place.schema.to_string())], ..query })
    }

    fn create_schema(&self, place: &Place) -> String {
        new_database(&place.schema)
    }

    fn create(&self, place: &Place, server: &Capabilities) -> String {
        let columns = columns(|_, name| format!("{} {}", ident(name), definition(name, server)));
        format!(
            "CREATE TABLE {} ({columns}, PRIMARY KEY (`version`)) CHARSET utf8mb4 COLLATE utf8mb4_bin",
            table(place)
        )
    }

    fn add_column(&self, place: &Place, name: &str, server: &Capabilities) -> Option<String> {
        let definition = match name {
            "description" | "hash" | "operator_version" => "varchar(255) NOT NULL DEFAULT ''",
            "execution_time" => "bigint NOT NULL DEFAULT 0",
            name => definition(name, server),
        };
        Some(format!("ALTER TABLE {} ADD COLUMN {} {definition}", table(place), ident(name)))
    }

    fn select(&self, place: &Place) -> Query {
        let columns = columns(|_, name| match name {
            "type" | "applied" | "total" | "execution_time" => ident(name),
            name => format!("CAST({} AS CHAR)", ident(name)),
        });
        Query::new("revisions", format!("SELECT {columns} FROM {} ORDER BY `version`", table(place)))
    }

    fn upsert(&self, place: &Place, revision: &Revision) -> Query {
        let names = columns(|_, name| ident(name));
        let marks = columns(|_, _| "?".to_owned());
        let set = others(|name| format!("{0} = VALUES({0})", ident(name)));
        let sql =
            format!("INSERT INTO {} ({names}) VALUES ({marks}) ON DUPLICATE KEY UPDATE {set}", table(place));
        let hashes = Value::Text(revision.hashes_json());
        Query {
            params: values(revision, revision.executed_at.sql(0), hashes),
            ..Query::new("revisions", sql)
        }
    }

    fn delete(&self, place: &Place, version: &str) -> Query {
        let sql = format!("DELETE FROM {} WHERE `version` = ?", table(place));
        Query { params: vec![Value::Text(version.to_owned())], ..Query::new("revisions", sql) }
    }

    fn count(&self, schema: &str, table: &str, column: Option<&str>) -> Query {
        let what = column.map_or("*".to_owned(), ident);
        Query::new("rows", format!("SELECT count({what}) FROM {}.{}", ident(schema), ident(table)))
    }

    fn role(&self, sql: &str) -> Role {
        let words = words(sql, true);
        let word = |at: usize| words.get(at).map_or("", String::as_str);
        match word(0) {
            "BEGIN" => Role::Begins,
            "START" if word(1) == "TRANSACTION" => Role::Begins,
            "SET" if word(1) == "AUTOCOMMIT" => Role::Begins,
            "ROLLBACK" if words.iter().any(|word| word == "TO") => Role::Atomic,
            "COMMIT" | "ROLLBACK" => Role::Ends,
            "SET"
                if matches!(word(1), "GLOBAL" | "PERSIST" | "PASSWORD" | "DEFAULT" | "ROLE" | "RESOURCE") =>
            {
                Role::Commits
            }
            "SET" | "USE" => Role::Session,
            "INSERT" | "UPDATE" | "DELETE" | "REPLACE" | "WITH" | "SELECT" | "VALUES" | "TABLE" | "LOAD"
            | "SAVEPOINT" | "RELEASE" => Role::Atomic,
            "CREATE" | "ALTER" | "DROP" | "RENAME" | "TRUNCATE" | "GRANT" | "REVOKE" | "ANALYZE"
            | "OPTIMIZE" | "REPAIR" | "CHECK" | "CACHE" | "FLUSH" | "RESET" | "INSTALL" | "UNINSTALL"
            | "LOCK" | "UNLOCK" | "IMPORT" => Role::Commits,
            _ => Role::Other,
        }
    }

    fn keeps_definitions(&self) -> bool {
        true
    }

    fn transaction(&self) -> [&'static str; 3] {
        ["START TRANSACTION", "COMMIT", "ROLLBACK"]
    }

    fn lasting(&self) -> Option<[Query; 2]> {
        Some([Query::new("lasting", LASTING), Query::new("writing", WRITING)])
    }
}
