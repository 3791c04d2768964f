//! Transactions of SQLite, with its foreign keys; what counts as a clean dev database, and how one is emptied.

use async_trait::async_trait;
use engine::connection::{Connection, Query, Value};
use engine::session::{Session, Transaction};
use engine::{Error, Scope};
use rustc_hash::FxHashMap;
use schema::Realm;

use super::expr::{self, Word};

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
            let new = match violations(connection).await {
                Ok(now) => new_violations(&transaction.violations, now),
                Err(error) => {
                    self.rollback(connection, transaction).await?;
                    return Err(error);
                }
            };
            if !new.is_empty() {
                self.rollback(connection, transaction).await?;
                return Err(Error::Invalid(format!("sql/sqlite: foreign key mismatch: [{}]", new.join(" "))));
            }
        }
        if let Err(error) = connection.execute("COMMIT").await {
            self.rollback(connection, transaction).await?;
            return Err(error.into());
        }
        // The changes stand, whatever becomes of this setting of the connection.
        let _ = restore_foreign_keys(connection, transaction.foreign_keys).await;
        Ok(())
    }

    async fn rollback(&self, connection: &mut dyn Connection, transaction: Transaction) -> Result<(), Error> {
        match connection.execute("ROLLBACK").await {
            // After some errors (a full disk) SQLite has rolled back already.
            Err(error) if !error.message.contains("no transaction is active") => return Err(error.into()),
            _ => {}
        }
        restore_foreign_keys(connection, transaction.foreign_keys).await
    }

    fn snapshot(&self, _inside: bool) -> Option<(&'static str, &'static str)> {
        Some(("SAVEPOINT atlas_inspect", "RELEASE atlas_inspect"))
    }

    fn controls_transaction(&self, sql: &str) -> bool {
        const WORDS: &[&str] = &["begin", "commit", "end", "rollback", "savepoint", "release"];
        let words = expr::words(sql);
        matches!(words.first(), Some(Word::Name(word)) if WORDS.contains(&&**word))
    }

    fn dirt(&self, realm: &Realm, _scope: &Scope) -> Option<String> {
        let table = realm.tables().next().map(|(_, table)| format!("found table {:?}", table.name));
        let view = || realm.schemas.iter().flat_map(|schema| &schema.views).next();
        let object = || realm.schemas.iter().flat_map(|schema| &schema.objects).next();
        table
            .or_else(|| view().map(|view| format!("found view {:?}", view.name)))
            .or_else(|| object().map(|object| format!("found {} {:?}", object.kind, object.name)))
    }

    fn restore(&self, _left: &Realm, _before: &Realm) -> Vec<String> {
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

/// Rows that violate a foreign key, as `{table rowid parent key}`.
async fn violations(connection: &mut dyn Connection) -> Result<Vec<String>, Error> {
    let rows = connection.query(&Query::new("foreign key violations", "PRAGMA foreign_key_check")).await?;
    let text = |value: &Value| match value {
        Value::Null => "null".to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Real(value) => value.to_string(),
        Value::Text(text) => format!("{text:?}"),
        Value::Blob(_) => "blob".to_string(),
    };
    Ok(rows
        .rows
        .iter()
        .map(|row| format!("{{{}}}", row.iter().map(text).collect::<Vec<_>>().join(" ")))
        .collect())
}

/// The violations of those pairs of tables that have more of them than before. Row and key do not identify one: a
/// copied table numbers both anew.
fn new_violations(before: &[String], now: Vec<String>) -> Vec<String> {
    let pair = |violation: &str| {
        let words = expr::words(violation.trim_matches(['{', '}']));
        let names: Vec<String> = words
            .into_iter()
            .filter_map(|word| match word {
                Word::Name(name) if name != "null" => Some(name.into_owned()),
                _ => None,
            })
            .collect();
        names
    };
    let mut counts: FxHashMap<Vec<String>, i64> = FxHashMap::default();
    for violation in before {
        *counts.entry(pair(violation)).or_default() -= 1;
    }
    for violation in &now {
        *counts.entry(pair(violation)).or_default() += 1;
    }
    now.into_iter().filter(|violation| counts.get(&pair(violation)).is_some_and(|count| *count > 0)).collect()
}
