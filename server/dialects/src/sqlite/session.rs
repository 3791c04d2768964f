//! Transactions of SQLite, with its foreign keys; what counts as a clean dev database, and how one is emptied.

use async_trait::async_trait;
use engine::connection::{Connection, Query, Value};
use engine::session::{Session, Transaction};
use engine::{Error, Scope};
use schema::Realm;

pub struct Sqlite;

#[async_trait]
impl Session for Sqlite {
    /// `PRAGMA foreign_keys` has no effect inside a transaction, and `DROP TABLE` of a parent deletes the rows of its
    /// children while it is on: it is switched off before, and what is violated is compared at the end.
    async fn begin(&self, connection: &mut dyn Connection) -> Result<Transaction, Error> {
        let rows = connection.query(&Query::new("foreign keys", "PRAGMA foreign_keys")).await?;
        let foreign_keys = matches!(rows.rows.first().and_then(|row| row.first()), Some(Value::Int(1)));
        if foreign_keys {
            connection
                .execute("PRAGMA foreign_keys = off")
                .await
                .map_err(Error::doing("sql/sqlite: set 'foreign_keys = off'"))?;
        }
        if let Err(error) = connection.execute("BEGIN IMMEDIATE").await {
            restore_foreign_keys(connection, foreign_keys).await?;
            return Err(error.into());
        }
        let violations = if foreign_keys { violations(connection).await? } else { Vec::new() };
        Ok(Transaction { foreign_keys, violations })
    }

    async fn commit(&self, connection: &mut dyn Connection, transaction: Transaction) -> Result<(), Error> {
        if transaction.foreign_keys {
            let mut new = violations(connection).await?;
            new.retain(|violation| !transaction.violations.contains(violation));
            if !new.is_empty() {
                self.rollback(connection, transaction).await?;
                return Err(Error::Invalid(format!("sql/sqlite: foreign key mismatch: [{}]", new.join(" "))));
            }
        }
        if let Err(error) = connection.execute("COMMIT").await {
            self.rollback(connection, transaction).await?;
            return Err(error.into());
        }
        restore_foreign_keys(connection, transaction.foreign_keys).await
    }

    async fn rollback(&self, connection: &mut dyn Connection, transaction: Transaction) -> Result<(), Error> {
        connection.execute("ROLLBACK").await?;
        restore_foreign_keys(connection, transaction.foreign_keys).await
    }

    fn dirt(&self, realm: &Realm, _scope: &Scope) -> Option<String> {
        realm.tables().next().map(|(_, table)| format!("found table {:?}", table.name))
    }

    fn restore(&self, _realm: &Realm) -> Vec<String> {
        [
            "PRAGMA writable_schema = 1",
            "DELETE FROM sqlite_master WHERE type IN ('table', 'view', 'index', 'trigger')",
            "PRAGMA writable_schema = 0",
            "VACUUM",
        ]
        .map(String::from)
        .to_vec()
    }
}

async fn restore_foreign_keys(connection: &mut dyn Connection, on: bool) -> Result<(), Error> {
    if on {
        connection.execute("PRAGMA foreign_keys = on").await?;
    }
    Ok(())
}

/// Rows that violate a foreign key, as text.
async fn violations(connection: &mut dyn Connection) -> Result<Vec<String>, Error> {
    let rows = connection.query(&Query::new("foreign key violations", "PRAGMA foreign_key_check")).await?;
    let text = |value: &Value| match value {
        Value::Null => "null".to_string(),
        Value::Int(value) => value.to_string(),
        Value::Real(value) => value.to_string(),
        Value::Text(text) => text.clone(),
        Value::Blob(_) => "blob".to_string(),
    };
    Ok(rows
        .rows
        .iter()
        .map(|row| format!("{{{}}}", row.iter().map(text).collect::<Vec<_>>().join(" ")))
        .collect())
}
