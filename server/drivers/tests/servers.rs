//! The drivers on real servers: what is asked comes back, refusals are clear, statements can be stopped.
//!
//! Servers come from the environment (`ATLAS_TEST_POSTGRES_URL`, …); without one a test says that it was skipped.

// What was skipped is for the person who reads the output.
#![allow(clippy::print_stdout)]

#[path = "servers/mysql.rs"]
mod mysql;
#[path = "servers/postgres.rs"]
mod postgres;
#[path = "servers/tls.rs"]
mod tls;

use std::time::Duration;

use dialects::{MYSQL, POSTGRES};
use drivers::Drivers;
use engine::connection::{Access, Connector, DbErrorKind};
use engine::{Connection, DatabaseUrl, DbError, Dialects, Query, Value};

static BOTH: &[&engine::Dialect] = &[&POSTGRES, &MYSQL];

/// The server of an environment variable.
fn server(variable: &str, product: &str) -> Option<String> {
    let url = std::env::var(variable).ok().filter(|url| !url.is_empty());
    if url.is_none() {
        println!("skipped: no {product}");
    }
    url
}

async fn try_open(url: &str, access: Access) -> Result<Box<dyn Connection>, DbError> {
    let url = DatabaseUrl::parse(url).map_err(|error| DbError::other(error.to_string()))?;
    Drivers::new(Dialects(BOTH)).open(&url, access).await
}

async fn open(url: &str) -> Box<dyn Connection> {
    try_open(url, Access::Write).await.unwrap_or_else(|error| panic!("{error}"))
}

/// Why `url` cannot be opened.
async fn refused(url: &str) -> (DbErrorKind, String) {
    match try_open(url, Access::Write).await {
        Ok(_) => panic!("it was opened"),
        Err(error) => (error.kind, error.message),
    }
}

async fn query(connection: &mut dyn Connection, sql: &str) -> Vec<Vec<Value>> {
    asked(connection, sql, Vec::new()).await
}

async fn asked(connection: &mut dyn Connection, sql: &str, params: Vec<Value>) -> Vec<Vec<Value>> {
    let query = Query { params, ..Query::new("test", sql.to_owned()) };
    connection.query(&query).await.unwrap_or_else(|error| panic!("{sql}: {error}")).rows
}

async fn one(connection: &mut dyn Connection, sql: &str) -> Value {
    let rows = query(connection, sql).await;
    rows.into_iter().next().and_then(|row| row.into_iter().next()).unwrap_or(Value::Null)
}

async fn run(connection: &mut dyn Connection, sql: &str) -> u64 {
    connection.execute(sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"))
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// `url` with another user, password, host, database or query; each part as a URL writes it.
fn with(url: &str, change: impl FnOnce(&mut url::Url)) -> String {
    let mut url = url::Url::parse(url).unwrap();
    change(&mut url);
    url.to_string()
}

/// A port on which nobody listens.
fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Waits until `condition` holds on the server, which is asked again and again.
async fn until(connection: &mut dyn Connection, sql: &str, wanted: Value) -> bool {
    let end = std::time::Instant::now() + Duration::from_secs(10);
    while std::time::Instant::now() < end {
        if one(connection, sql).await == wanted {
            return true;
        }
        tokio::task::yield_now().await;
    }
    false
}
