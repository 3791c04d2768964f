//! SQLite, embedded, through sqlx.
//!
//! Errors are SQLite's own words, without the name of a library. A file is created only by [`Access::Write`].
//!
//! Source: the URL rules are those of atlas `sql/sqlite/driver.go` over mattn/go-sqlite3 1.14 (`_fk`, `_busy_timeout`,
//! `mode=memory`, …); reference project.md §10.

mod dsn;
mod error;
mod lock;

use std::time::Duration;

use async_trait::async_trait;
use engine::connection::{Access, Cancel, Capabilities, Connection, Target};
use engine::{DatabaseUrl, DbError, Dialect, Query, Rows, Value};
use futures::TryStreamExt;
use sqlx::sqlite::{SqliteConnectOptions, SqliteRow};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Executor, Row, SqliteConnection, TypeInfo, ValueRef};

use self::dsn::Dsn;
use self::error::{open_error, plain};
use self::lock::FileLock;

/// How many virtual machine instructions pass between two looks at a request to stop.
const INTERRUPT_EVERY: i32 = 10_000;

/// An open SQLite database.
pub struct Sqlite {
    inner: SqliteConnection,
    dialect: &'static Dialect,
    target: Target,
    capabilities: Capabilities,
    /// What the lock file's name tells databases apart by; `None` for a private in-memory database.
    identity: Option<String>,
    locks: Vec<FileLock>,
}

impl Sqlite {
    /// Opens the database `url` leads to.
    pub async fn open(url: &DatabaseUrl, access: Access, dialect: &'static Dialect) -> Result<Self, DbError> {
        let dsn = Dsn::of(url)?;
        if access != Access::Write && !dsn.memory {
            exists(&dsn, access)?;
        }
        let absent = access == Access::Preview && !dsn.memory && !dsn.path.exists();
        let mut options = SqliteConnectOptions::new()
            .filename(if absent { ":memory:" } else { dsn.filename.as_str() })
            .create_if_missing(access == Access::Write || dsn.memory || absent)
            .foreign_keys(dsn.foreign_keys)
            .busy_timeout(dsn.busy_timeout)
            .disable_statement_logging();
        for (name, value) in &dsn.pragmas {
            options = options.pragma(*name, value.clone());
        }
        if access == Access::Read && !dsn.memory {
            options = options.pragma("query_only", "ON");
        }
        let inner = options.connect().await.map_err(|error| open_error(error, &dsn.path))?;
        let target = Target {
            url: url.to_string(),
            dialect: dialect.name,
            bound: dialect.default_schema.map(Into::into),
        };
        let identity = dsn.identity();
        let mut connection = Self {
            inner,
            dialect,
            target,
            capabilities: Capabilities::default(),
            identity,
            locks: Vec::new(),
        };
        connection.capabilities = connection.ask().await?;
        Ok(connection)
    }

    async fn ask(&mut self) -> Result<Capabilities, DbError> {
        let mut answers = Vec::new();
        if let Some(sql) = self.dialect.server_query {
            answers.push(self.query(&Query::new("server", sql)).await?);
        }
        (self.dialect.capabilities)(&answers).map_err(|error| DbError::other(error.to_string()))
    }
}

#[async_trait]
impl Connection for Sqlite {
    fn dialect(&self) -> &'static Dialect {
        self.dialect
    }

    fn target(&self) -> &Target {
        &self.target
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn query(&mut self, query: &Query) -> Result<Rows, DbError> {
        let sql = AssertSqlSafe(query.sql.to_string());
        if query.params.is_empty() {
            let stream = self.inner.fetch(sqlx::raw_sql(sql));
            return read(stream).await;
        }
        let mut bound = sqlx::query(sql);
        for param in &query.params {
            bound = match param {
                Value::Null => bound.bind(None::<String>),
                Value::Bool(value) => bound.bind(*value),
                Value::Int(value) => bound.bind(*value),
                Value::Real(value) => bound.bind(*value),
                Value::Text(value) => bound.bind(value.clone()),
                Value::Blob(value) => bound.bind(value.clone()),
            };
        }
        read(self.inner.fetch(bound)).await
    }

    async fn execute(&mut self, sql: &str) -> Result<u64, DbError> {
        let done = self.inner.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_string()))).await.map_err(plain)?;
        Ok(done.rows_affected())
    }

    async fn lock(&mut self, name: &str, timeout: Duration) -> Result<(), DbError> {
        let Some(identity) = &self.identity else { return Ok(()) };
        let lock = FileLock::acquire(name, identity, timeout).await?;
        self.locks.push(lock);
        Ok(())
    }

    async fn unlock(&mut self, name: &str) -> Result<(), DbError> {
        self.locks.retain(|lock| lock.name() != name);
        Ok(())
    }

    async fn interrupt_on(&mut self, cancel: &Cancel) -> Result<(), DbError> {
        let cancel = cancel.clone();
        let mut handle = self.inner.lock_handle().await.map_err(plain)?;
        handle.set_progress_handler(INTERRUPT_EVERY, move || !cancel.is_cancelled());
        Ok(())
    }

    async fn close(self: Box<Self>) -> Result<(), DbError> {
        sqlx::Connection::close(self.inner).await.map_err(plain)
    }
}

/// Refuses a file that cannot be read, without creating it.
fn exists(dsn: &Dsn, access: Access) -> Result<(), DbError> {
    match std::fs::metadata(&dsn.path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && access == Access::Preview => {
            // The folder must be there, or applying the plan would fail.
            let parent = dsn.path.parent().filter(|parent| !parent.as_os_str().is_empty());
            match parent.map(std::fs::metadata) {
                Some(Err(error)) => Err(error::cannot_open(&error)),
                _ => Ok(()),
            }
        }
        Err(error) => Err(error::cannot_open(&error)),
    }
}

async fn read(
    mut stream: impl futures::Stream<Item = Result<SqliteRow, sqlx::Error>> + Unpin,
) -> Result<Rows, DbError> {
    let mut rows = Rows::default();
    while let Some(row) = stream.try_next().await.map_err(plain)? {
        if rows.columns.is_empty() {
            rows.columns = row.columns().iter().map(|column| column.name().into()).collect();
        }
        rows.rows.push((0..row.len()).map(|index| value(&row, index)).collect::<Result<_, _>>()?);
    }
    Ok(rows)
}

fn value(row: &SqliteRow, index: usize) -> Result<Value, DbError> {
    let raw = row.try_get_raw(index).map_err(plain)?;
    if raw.is_null() {
        return Ok(Value::Null);
    }
    let kind = raw.type_info().name().to_string();
    // Unchecked: the declared type of a column says nothing about the value in it.
    Ok(match kind.as_str() {
        "INTEGER" => Value::Int(row.try_get_unchecked(index).map_err(plain)?),
        "REAL" => Value::Real(row.try_get_unchecked(index).map_err(plain)?),
        "BLOB" => Value::Blob(row.try_get_unchecked(index).map_err(plain)?),
        _ => {
            // Text that is not UTF-8 is possible in SQLite; it is shown with replacement characters.
            let bytes: Vec<u8> = row.try_get_unchecked(index).map_err(plain)?;
            Value::Text(String::from_utf8_lossy(&bytes).into_owned())
        }
    })
}
