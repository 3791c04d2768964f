//! The advisory lock of a session, by its name.
//!
//! Source: reference engine.md §17.

use std::time::Duration;

use engine::connection::DbErrorKind;
use engine::{DbError, Query, Value};

use super::Mysql;

/// Takes the lock `name`, waiting up to `timeout`, which servers count in whole seconds.
///
/// # Errors
/// `sql/schema: lock is held by other session` ([`DbErrorKind::Locked`]).
pub async fn acquire(session: &mut Mysql, name: &str, timeout: Duration) -> Result<(), DbError> {
    let seconds = i64::try_from(timeout.as_secs()).unwrap_or(i64::MAX);
    let params = vec![Value::Text(name.to_owned()), Value::Int(seconds)];
    match ask(session, "SELECT GET_LOCK(?, ?)", params).await? {
        Value::Int(1) => Ok(()),
        Value::Int(0) => Err(DbError::new(DbErrorKind::Locked, "sql/schema: lock is held by other session")),
        _ => {
            let text = format!("sql/mysql: unexpected internal error on Lock({name:?}, {timeout:?})");
            Err(DbError::other(text))
        }
    }
}

/// Releases the lock `name`.
pub async fn release(session: &mut Mysql, name: &str) -> Result<(), DbError> {
    match ask(session, "SELECT RELEASE_LOCK(?)", vec![Value::Text(name.to_owned())]).await? {
        Value::Int(1) => Ok(()),
        _ => Err(DbError::other(format!("sql/mysql: failed releasing a named lock {name:?}"))),
    }
}

async fn ask(session: &mut Mysql, sql: &'static str, params: Vec<Value>) -> Result<Value, DbError> {
    let query = Query { params, ..Query::new("lock", sql) };
    let rows = session.run_prepared(&query).await?;
    Ok(rows.rows.into_iter().next().and_then(|row| row.into_iter().next()).unwrap_or(Value::Null))
}
