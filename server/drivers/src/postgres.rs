//! PostgreSQL, and what speaks its protocol, through sqlx.
//!
//! Everything goes over the simple query protocol: statements arrive as they were written, whatever they contain, and
//! values come back as text, so that no type is unknown. Sessions run in UTC. Errors are worded as lib/pq words them.
//!
//! Source: the PostgreSQL documentation, "Message Flow"; lib/pq for URLs and errors; reference engine.md §17, §21.

mod beside;
mod dsn;
mod error;
mod lock;
mod value;

use std::fmt::Write as _;
use std::time::Duration;

use async_trait::async_trait;
use engine::connection::{
    Access, Answers, Cancel, Capabilities, Connection, DbErrorKind, Shared, Stopped, Target, one_by_one,
};
use engine::{DatabaseUrl, DbError, Dialect, Query, Rows, Value};
use futures::TryStreamExt;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Either, Executor, PgConnection, Row, TypeInfo};

use self::dsn::Dsn;
use self::error::{connecting, statement};
use crate::message;
use crate::net::given_up;
use crate::running::{self, Ended, Watch};

/// How long the connection that stops a statement may take.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// An open PostgreSQL session.
pub struct Postgres {
    inner: PgConnection,
    /// For the second connection, which stops a statement of the first.
    options: PgConnectOptions,
    /// What was set when it was opened.
    settings: Vec<(String, String)>,
    dialect: &'static Dialect,
    target: Target,
    capabilities: Capabilities,
    watch: Watch,
    /// The server's process of this session, once it is watched.
    process: Option<i64>,
    /// The last statement was left in the middle of its answer.
    broken: bool,
    locks: Vec<String>,
    /// Names of prepared statements are not used twice.
    prepared: u64,
}

impl Postgres {
    /// Opens the database `url` leads to.
    pub async fn open(url: &DatabaseUrl, access: Access, dialect: &'static Dialect) -> Result<Self, DbError> {
        let dsn = Dsn::of(url)?;
        let options = dsn.options.clone().disable_statement_logging();
        let connect = options.connect();
        let inner = match tokio::time::timeout(dsn.connect_timeout, connect).await {
            Ok(inner) => inner.map_err(|error| connecting(error, &dsn.endpoint))?,
            Err(_) => return Err(dsn.endpoint.timed_out()),
        };
        let target = Target { url: url.to_string(), dialect: dialect.name, bound: (dialect.bound)(url) };
        let mut settings = dsn.settings;
        if access != Access::Write {
            settings.push(("default_transaction_read_only".to_owned(), "on".to_owned()));
        }
        let mut connection = Self {
            inner,
            options,
            settings,
            dialect,
            target,
            capabilities: Capabilities::default(),
            watch: Watch::default(),
            process: None,
            broken: false,
            locks: Vec::new(),
            prepared: 0,
        };
        if !connection.settings.is_empty() {
            let sql = set(&connection.settings);
            connection.run(&sql).await?;
        }
        connection.capabilities = connection.ask().await?;
        Ok(connection)
    }

    async fn ask(&mut self) -> Result<Capabilities, DbError> {
        let mut answers = Vec::new();
        if let Some(sql) = self.dialect.server_query {
            answers.push(self.run(sql).await?.0);
        }
        (self.dialect.capabilities)(&answers)
            .map_err(|error| DbError::new(DbErrorKind::Unsupported, error.to_string()))
    }

    fn know_process(&mut self, answer: &Rows) {
        self.process = answer.rows.first().and_then(|row| row.first()).and_then(Value::int);
    }

    /// Runs `sql` as it is; the rows of its last query, and how many rows it changed.
    async fn run(&mut self, sql: &str) -> Result<(Rows, u64), DbError> {
        let mut rows = Vec::new();
        let changed = self.run_into(sql, &mut rows).await?;
        // What follows a query changes rows or nothing.
        let last = rows.into_iter().rfind(|rows| !rows.columns.is_empty());
        Ok((last.unwrap_or_default(), changed))
    }

    /// The same with the rows of each statement, also of those before one that fails.
    async fn run_into(&mut self, sql: &str, rows: &mut Vec<Rows>) -> Result<u64, DbError> {
        if self.broken {
            return Err(given_up());
        }
        let (options, process) = (self.options.clone(), self.process);
        let stop = || stop(options.clone(), process);
        match running::run(&self.watch, answer(&mut self.inner, sql, rows), stop).await {
            Ended::Answered(answer) => answer,
            Ended::GivenUp(error) => {
                self.broken = true;
                Err(error)
            }
        }
    }
}

#[async_trait]
impl Connection for Postgres {
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
        if query.params.is_empty() {
            return Ok(self.run(&query.sql).await?.0);
        }
        // Preparing by statement lets the server find the types of the parameters and still answer in text.
        self.prepared += 1;
        let name = format!("atlas_ls_{}", self.prepared);
        let sql = query.sql.trim_end().trim_end_matches(';');
        self.run(&format!("PREPARE {name} AS {sql}\n")).await?;
        let arguments: Vec<String> = query.params.iter().map(value::literal).collect();
        let rows = self.run(&format!("EXECUTE {name}({})", arguments.join(", "))).await;
        // Not told of: inside a failed transaction it cannot be done, and the session's end does it.
        let _ = self.run(&format!("DEALLOCATE {name}")).await;
        Ok(rows?.0)
    }

    async fn query_all(&mut self, queries: &[Query]) -> Answers {
        // The time of a statement is, in old servers, that of its message.
        let timed = self.settings.iter().any(|(name, _)| name == "statement_timeout");
        if timed || queries.iter().any(|query| !query.params.is_empty()) {
            return one_by_one(self, queries).await;
        }
        let texts: Vec<String> = queries.iter().map(|query| query.sql.to_string()).collect();
        let mut answers = Answers::default();
        answers.error = self.run_into(&message(&texts), &mut answers.rows).await.err();
        answers
    }

    async fn share(&mut self) -> Result<Option<Box<dyn Shared>>, DbError> {
        let (rows, _) = self.run("SELECT pg_export_snapshot()").await?;
        let Some(snapshot) = rows.rows.first().and_then(|row| row.first()).and_then(Value::text) else {
            return Ok(None);
        };
        Ok(Some(Box::new(beside::Beside::of(self, snapshot))))
    }

    async fn execute(&mut self, sql: &str) -> Result<u64, DbError> {
        Ok(self.run(sql).await?.1)
    }

    /// The server runs one message in one transaction: all of it, or nothing.
    async fn execute_all(&mut self, statements: &[String]) -> Result<(), Stopped> {
        match self.run(&message(statements)).await {
            Ok(_) => Ok(()),
            Err(error) => Err(Stopped { done: 0, error }),
        }
    }

    async fn lock(&mut self, name: &str, timeout: Duration) -> Result<(), DbError> {
        lock::acquire(self, name, timeout).await?;
        self.locks.push(name.to_owned());
        Ok(())
    }

    async fn unlock(&mut self, name: &str) -> Result<(), DbError> {
        let Some(at) = self.locks.iter().position(|held| held == name) else { return Ok(()) };
        self.locks.remove(at);
        lock::release(self, name).await
    }

    async fn interrupt_on(&mut self, cancel: &Cancel) -> Result<(), DbError> {
        let (rows, _) = self.run("SELECT pg_backend_pid()").await?;
        self.know_process(&rows);
        self.watch.cancel = Some(cancel.clone());
        Ok(())
    }

    async fn close(mut self: Box<Self>) -> Result<(), DbError> {
        if self.broken {
            return Ok(());
        }
        for name in std::mem::take(&mut self.locks) {
            // The end of the session releases it in any case.
            let _ = lock::release(&mut self, &name).await;
        }
        sqlx::Connection::close(self.inner).await.map_err(|error| statement(error, ""))
    }
}

/// The answer to `sql`: the rows of each statement that was answered to its end, and how many rows were changed in all.
async fn answer(inner: &mut PgConnection, sql: &str, all: &mut Vec<Rows>) -> Result<u64, DbError> {
    let mut rows = Rows::default();
    let mut kinds: Vec<value::Kind> = Vec::new();
    let mut changed = 0;
    let mut begun = false;
    let mut stream = inner.fetch_many(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())));
    while let Some(item) = stream.try_next().await.map_err(|error| statement(error, sql))? {
        let row = match item {
            Either::Left(done) => {
                changed += done.rows_affected();
                begun = false;
                all.push(std::mem::take(&mut rows));
                continue;
            }
            Either::Right(row) => row,
        };
        if !begun {
            begun = true;
            rows.columns = row.columns().iter().map(|column| column.name().into()).collect();
            kinds = row.columns().iter().map(|column| value::Kind::of(column.type_info().name())).collect();
        }
        let values = kinds.iter().enumerate().map(|(index, kind)| kind.read(&row, index));
        rows.rows.push(values.collect::<Result<_, _>>()?);
    }
    Ok(changed)
}

/// Settings of the session, as one statement.
fn set(settings: &[(String, String)]) -> String {
    let mut sql = String::from("SELECT ");
    for (at, (name, value)) in settings.iter().enumerate() {
        let (name, value) = (value::quoted(name), value::quoted(value));
        let comma = if at == 0 { "" } else { ", " };
        let _ = write!(sql, "{comma}set_config({name}, {value}, false)");
    }
    sql
}

/// Stops what `process` is running, from a connection of its own.
async fn stop(options: PgConnectOptions, process: Option<i64>) -> Result<(), DbError> {
    let Some(process) = process else { return Ok(()) };
    let work = async {
        let mut inner = options.connect().await?;
        let sql = format!("SELECT pg_cancel_backend({process})");
        inner.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?;
        sqlx::Connection::close(inner).await
    };
    match tokio::time::timeout(STOP_TIMEOUT, work).await {
        Ok(done) => done.map_err(|error| statement(error, "")),
        Err(_) => Err(DbError::new(DbErrorKind::Unreachable, "no second connection could be made")),
    }
}
