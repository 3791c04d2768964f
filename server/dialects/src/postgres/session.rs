//! Transactions of PostgreSQL; what counts as a clean dev database, and how one is emptied.

use async_trait::async_trait;
use engine::connection::Connection;
use engine::session::{Session, Transaction};
use engine::{Error, Scope};
use schema::Realm;

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

    fn snapshot(&self) -> Option<(&'static str, &'static str)> {
        None
    }

    fn controls_transaction(&self, sql: &str) -> bool {
        let word = sql.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        ["begin", "start", "commit", "rollback", "savepoint", "release"].contains(&word.as_str())
    }

    fn dirt(&self, realm: &Realm, _scope: &Scope) -> Option<String> {
        realm.tables().next().map(|(_, table)| format!("found table {:?}", table.name))
    }

    fn restore(&self, _left: &Realm, _before: &Realm) -> Vec<String> {
        Vec::new()
    }
}
