//! Sessions of PostgreSQL: transactions, what counts as a clean dev database, and how one is emptied.
//!
//! Definitions take part in transactions, so a plan that fails leaves nothing behind. Invariant: a dev database is
//! emptied of what is not in it before, and of nothing else; what counts as not clean is never dropped.
//!
//! Source: PostgreSQL 18, chapter 13; atlas `sql/postgres/driver.go`, `Snapshot`; reference engine.md §18.

use async_trait::async_trait;
use engine::connection::Connection;
use engine::session::{Session, Transaction};
use engine::{DatabaseUrl, Error, Query, Scope};
use schema::{Object, Realm, Schema};

mod together;

use super::attr;
use super::plan::emptied;

pub struct Postgres;

#[async_trait]
impl Session for Postgres {
    async fn begin(&self, connection: &mut dyn Connection) -> Result<Transaction, Error> {
        connection.execute("BEGIN").await?;
        Ok(Transaction::default())
    }

    async fn commit(&self, connection: &mut dyn Connection, _transaction: Transaction) -> Result<(), Error> {
        connection.execute("COMMIT").await?;
        Ok(())
    }

    async fn rollback(
        &self,
        connection: &mut dyn Connection,
        _transaction: Transaction,
    ) -> Result<(), Error> {
        connection.execute("ROLLBACK").await?;
        Ok(())
    }

    /// A transaction inside a transaction does not exist, and a savepoint has no snapshot of its own: there the catalog
    /// is read as it is at each query.
    fn snapshot(&self, inside: bool) -> Option<(&'static str, &'static str)> {
        (!inside).then_some(("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "COMMIT"))
    }

    fn controls_transaction(&self, sql: &str) -> bool {
        let mut words = sql.split(|ch: char| !ch.is_ascii_alphabetic()).filter(|word| !word.is_empty());
        let first = words.next().unwrap_or_default().to_ascii_uppercase();
        let second = words.next().unwrap_or_default().to_ascii_uppercase();
        match first.as_str() {
            "BEGIN" | "COMMIT" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" | "END" | "ABORT" => true,
            "START" | "PREPARE" => second == "TRANSACTION",
            _ => false,
        }
    }

    fn goes_together(&self, sql: &str) -> bool {
        together::goes(sql)
    }

    async fn can_undo(&self, connection: &mut dyn Connection, statements: &[String]) -> bool {
        statements.iter().all(|sql| together::goes(sql))
            && match connection.query(&Query::new("locks", together::LOCKS)).await {
                Ok(rows) => together::locks(statements) <= together::free(&rows),
                Err(_) => false,
            }
    }

    fn as_one(&self, statements: &[String]) -> Option<String> {
        Some(together::block(statements))
    }

    /// A session sees one database, and of others their names and the roles.
    fn apart(&self, target: &DatabaseUrl, dev: &DatabaseUrl, _foreign: bool) -> bool {
        let database = |url: &DatabaseUrl| {
            let named = url.path().trim_start_matches('/').to_owned();
            (!named.is_empty() && url.param("dbname").is_none()).then_some(named)
        };
        matches!((database(target), database(dev)), (Some(target), Some(dev)) if target != dev)
    }

    fn dirt(&self, realm: &Realm, scope: &Scope) -> Option<String> {
        if scope.bound.is_some() {
            let found = realm.schemas.iter().find_map(first)?;
            return Some(format!("found {found} in connected schema"));
        }
        match &realm.schemas[..] {
            [] => None,
            [only] if only.name == "public" => {
                first(only).map(|found| format!("found {found} in schema {:?}", only.name))
            }
            schemas => {
                let name = schemas.iter().map(|schema| &schema.name).min()?;
                Some(format!("found schema {name:?}"))
            }
        }
    }

    fn restore(&self, left: &Realm, before: &Realm) -> Vec<String> {
        emptied(left, before)
    }
}

/// What there is in a schema, tables first.
fn first(schema: &Schema) -> Option<String> {
    let table = schema.tables.first().map(|table| format!("table {:?}", table.name));
    table
        .or_else(|| schema.views.first().map(|view| format!("view {:?}", view.name)))
        .or_else(|| schema.routines.first().map(|routine| format!("function {:?}", routine.name)))
        .or_else(|| {
            schema.objects.iter().find(counts).map(|object| format!("{} {:?}", object.kind, object.name))
        })
}

fn counts(object: &&std::sync::Arc<Object>) -> bool {
    // A policy and a partition are never alone.
    !matches!(object.kind, attr::POLICY | attr::PARTITION_OF)
}
