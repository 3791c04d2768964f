//! MySQL, MariaDB, and what speaks their protocol, through sqlx.
//!
//! Statements go over the text protocol as they were written, several of them and bodies with `;` included. The session
//! keeps the server's own `sql_mode`, so that what is made here is made as any other client makes it.
//!
//! Source: the MySQL internals manual, "Client/Server Protocol"; go-sql-driver/mysql for URLs and errors; reference
//! engine.md §17, §21.

mod beside;
mod dsn;
mod error;
mod lock;
mod value;

use std::time::Duration;

use async_trait::async_trait;
use engine::connection::{
    Access, Answers, Cancel, Capabilities, Connection, DbErrorKind, Shared, Stopped, Target, one_by_one,
};
use engine::{DatabaseUrl, DbError, Dialect, Query, Rows, Value};
use futures::TryStreamExt;
use sqlx::mysql::{MySqlConnectOptions, MySqlQueryResult, MySqlRow};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Either, Executor, MySqlConnection, Row, TypeInfo};

use self::dsn::Dsn;
use self::error::{connecting, statement};
use crate::message;
use crate::net::given_up;
use crate::running::{self, Ended, Watch};

/// How long the connection that stops a statement may take.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// An open session of a MySQL or MariaDB server.
pub struct Mysql {
    inner: MySqlConnection,
    /// For the second connection, which stops a statement of the first.
    options: MySqlConnectOptions,
    /// What was set when it was opened.
    settings: Vec<(String, String)>,
    dialect: &'static Dialect,
    target: Target,
    capabilities: Capabilities,
    watch: Watch,
    /// The server's number of this session, once it is watched.
    number: Option<i64>,
    /// The last statement was left in the middle of its answer.
    broken: bool,
    locks: Vec<String>,
}

impl Mysql {
    /// Opens the server or database `url` leads to.
    pub async fn open(url: &DatabaseUrl, access: Access, dialect: &'static Dialect) -> Result<Self, DbError> {
        let dsn = Dsn::of(url)?;
        let options = dsn.options.clone().disable_statement_logging();
        let connect = options.connect();
        let inner = match tokio::time::timeout(dsn.connect_timeout, connect).await {
            Ok(inner) => inner.map_err(|error| connecting(error, &dsn.endpoint))?,
            Err(_) => return Err(dsn.endpoint.timed_out()),
        };
        let target = Target { url: url.to_string(), dialect: dialect.name, bound: (dialect.bound)(url) };
        let mut connection = Self {
            inner,
            options,
            settings: dsn.settings,
            dialect,
            target,
            capabilities: Capabilities::default(),
            watch: Watch::default(),
            number: None,
            broken: false,
            locks: Vec::new(),
        };
        let sql = set(&connection.settings);
        connection.run(&sql).await?;
        if access != Access::Write {
            // Not every server that speaks the protocol can do this; then only our own care protects it.
            let _ = connection.run("SET SESSION TRANSACTION READ ONLY").await;
        }
        connection.capabilities = connection.ask().await?;
        if dsn.statement_timeout.is_some() {
            connection.know_number().await?;
            connection.watch.timeout = dsn.statement_timeout;
        }
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

    async fn know_number(&mut self) -> Result<(), DbError> {
        let (rows, _) = self.run("SELECT CONNECTION_ID()").await?;
        self.number = rows.rows.first().and_then(|row| row.first()).and_then(Value::int);
        Ok(())
    }

    /// Runs `sql` as it is; the rows of its last query, and how many rows it changed.
    async fn run(&mut self, sql: &str) -> Result<(Rows, u64), DbError> {
        let mut rows = Vec::new();
        let changed = self.run_into(sql, &mut rows).await?;
        Ok((last(rows), changed))
    }

    /// The same with the rows of each statement, also of those before one that fails.
    async fn run_into(&mut self, sql: &str, rows: &mut Vec<Rows>) -> Result<u64, DbError> {
        let answers = self.inner.fetch_many(sqlx::raw_sql(AssertSqlSafe(sql.to_owned())));
        let answer = answer(answers, false, rows);
        let (options, number) = (self.options.clone(), self.number);
        let stop = || stop(options.clone(), number);
        if self.broken {
            return Err(given_up());
        }
        let ended = running::run(&self.watch, answer, stop).await;
        self.ended(ended)
    }

    /// Runs `query` as a prepared statement.
    async fn run_prepared(&mut self, query: &Query) -> Result<Rows, DbError> {
        let mut bound = sqlx::query(AssertSqlSafe(query.sql.to_string())).persistent(false);
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
        if self.broken {
            return Err(given_up());
        }
        let (options, number) = (self.options.clone(), self.number);
        let stop = || stop(options.clone(), number);
        let mut rows = Vec::new();
        let answer = answer(self.inner.fetch_many(bound), true, &mut rows);
        let ended = running::run(&self.watch, answer, stop).await;
        self.ended(ended)?;
        Ok(last(rows))
    }

    fn ended<T>(&mut self, ended: Ended<T>) -> Result<T, DbError> {
        match ended {
            Ended::Answered(answer) => answer,
            Ended::GivenUp(error) => {
                self.broken = true;
                Err(error)
            }
        }
    }
}

#[async_trait]
impl Connection for Mysql {
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
        self.run_prepared(query).await
    }

    async fn query_all(&mut self, queries: &[Query]) -> Answers {
        // The time of a statement is measured for a message.
        if self.watch.timeout.is_some() || queries.iter().any(|query| !query.params.is_empty()) {
            return one_by_one(self, queries).await;
        }
        let texts: Vec<String> = queries.iter().map(|query| query.sql.to_string()).collect();
        let mut answers = Answers::default();
        answers.error = self.run_into(&message(&texts), &mut answers.rows).await.err();
        answers
    }

    async fn share(&mut self) -> Result<Option<Box<dyn Shared>>, DbError> {
        Ok(Some(Box::new(beside::Beside::of(self))))
    }

    async fn execute(&mut self, sql: &str) -> Result<u64, DbError> {
        Ok(self.run(sql).await?.1)
    }

    /// The server runs the statements of a message one after the other, and leaves those before a failure as they are.
    async fn execute_all(&mut self, statements: &[String]) -> Result<(), Stopped> {
        let mut done = Vec::new();
        match self.run_into(&message(statements), &mut done).await {
            Ok(_) => Ok(()),
            Err(error) => Err(Stopped { done: done.len(), error }),
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
        if self.number.is_none() {
            self.know_number().await?;
        }
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
        sqlx::Connection::close(self.inner).await.map_err(statement)
    }
}

/// What a server answers, piece by piece.
type Answering<'c> = futures::stream::BoxStream<'c, Result<Either<MySqlQueryResult, MySqlRow>, sqlx::Error>>;

/// The rows of each statement among `answers` that was answered to its end, and how many rows were changed in all.
async fn answer(mut answers: Answering<'_>, binary: bool, all: &mut Vec<Rows>) -> Result<u64, DbError> {
    let mut rows = Rows::default();
    let mut kinds: Vec<value::Kind> = Vec::new();
    let mut changed = 0;
    let mut begun = false;
    while let Some(item) = answers.try_next().await.map_err(statement)? {
        let row = match item {
            Either::Left(end) => {
                changed += end.rows_affected();
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
        let values = kinds.iter().enumerate().map(|(index, kind)| kind.read(&row, index, binary));
        rows.rows.push(values.collect::<Result<_, _>>()?);
    }
    Ok(changed)
}

/// The rows of the last query among the statements that were answered.
fn last(rows: Vec<Rows>) -> Rows {
    rows.into_iter().rfind(|rows| !rows.columns.is_empty()).unwrap_or_default()
}

/// Settings of the session, as one statement.
fn set(settings: &[(String, String)]) -> String {
    let mut parts: Vec<String> = settings.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    if !settings.iter().any(|(name, _)| name.eq_ignore_ascii_case("sql_mode")) {
        // sqlx asks for IGNORE_SPACE when it connects; what is made under it would remember it.
        parts.insert(0, "sql_mode = @@GLOBAL.sql_mode".to_owned());
    }
    format!("SET {}", parts.join(", "))
}

/// Stops what the session `number` is running, from a connection of its own.
async fn stop(options: MySqlConnectOptions, number: Option<i64>) -> Result<(), DbError> {
    let Some(number) = number else { return Ok(()) };
    let work = async {
        let mut inner = options.connect().await?;
        inner.execute(sqlx::raw_sql(AssertSqlSafe(format!("KILL QUERY {number}")))).await?;
        sqlx::Connection::close(inner).await
    };
    match tokio::time::timeout(STOP_TIMEOUT, work).await {
        Ok(done) => done.map_err(statement),
        Err(_) => Err(DbError::new(DbErrorKind::Unreachable, "no second connection could be made")),
    }
}
