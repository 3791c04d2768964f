//! What the tests of MySQL and MariaDB share.

#![allow(clippy::print_stdout)]

mod edits;
mod forms;
mod replay;
mod splitting;

use engine::connection::{Access, Capabilities, Connector};
use engine::{Dialect, Dialects, Scope, State};
use syntax::sql::File;
use text::{FileId, Text};

static DIALECTS: &[&Dialect] = &[&crate::MYSQL, &crate::MARIADB];

/// The state after the statements of `sql`.
fn replay(sql: &str, dialect: &'static Dialect) -> State {
    let file = File::parse(&Text::new(sql), dialect.grammar, None);
    engine::replay(&[(FileId(0), file)], dialect, &mut engine::replay::Cache::default())
}

/// What is wrong with a state, and what of it was not understood.
fn complaints(state: &State) -> Vec<String> {
    let mut out: Vec<String> = state.diagnostics.iter().map(|(_, found)| found.message.clone()).collect();
    let opaque = state.coverage.total().opaque;
    if opaque > 0 {
        out.push(format!("{opaque} statements not understood"));
    }
    out
}

/// A server to test with, from the environment.
struct Server {
    dialect: &'static Dialect,
    url: String,
    capabilities: Capabilities,
}

/// The servers there are.
fn servers() -> Vec<Server> {
    let mut out = Vec::new();
    for (name, dialect) in
        [("ATLAS_TEST_MYSQL_URL", &crate::MYSQL), ("ATLAS_TEST_MARIADB_URL", &crate::MARIADB)]
    {
        match std::env::var(name) {
            Ok(url) if !url.is_empty() => {
                let capabilities = block_on(async { open(&url, "").await.capabilities().clone() });
                out.push(Server { dialect, url, capabilities });
            }
            _ => println!("skipped: no {}", dialect.title),
        }
    }
    out
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

async fn open(url: &str, database: &str) -> Box<dyn engine::connection::Connection> {
    let (base, query) = url.split_once('?').unwrap_or((url, ""));
    let (scheme, rest) = base.split_once("://").unwrap();
    let host = rest.split('/').next().unwrap_or_default();
    let url = format!("{scheme}://{host}/{database}?{query}");
    let url = engine::DatabaseUrl::parse(url.trim_end_matches('?')).unwrap();
    drivers::Drivers::new(Dialects(DIALECTS)).open(&url, Access::Write).await.unwrap()
}

/// The realm a server shows of the database `name` after the statements of `sql` ran in it, which is then dropped.
fn execute(server: &Server, name: &str, sql: &str) -> Result<schema::Realm, String> {
    block_on(async {
        let mut connection = open(&server.url, "").await;
        for text in [
            format!("DROP DATABASE IF EXISTS `{name}`"),
            format!("CREATE DATABASE `{name}`"),
            format!("USE `{name}`"),
        ] {
            connection.execute(&text).await.map_err(|error| error.to_string())?;
        }
        let file = File::parse(&Text::new(sql), server.dialect.grammar, None);
        let mut failed = None;
        for placed in file.pieces() {
            let text = placed.piece.statement_text();
            if !text.is_empty()
                && let Err(error) = connection.execute(text).await
            {
                failed = Some(format!("{text}: {error}"));
                break;
            }
        }
        let scope = Scope { schemas: vec![name.into()], ..Scope::realm() };
        let realm =
            engine::inspect::inspect(&mut *connection, &scope).await.map_err(|error| error.to_string());
        connection.execute(&format!("DROP DATABASE `{name}`")).await.map_err(|error| error.to_string())?;
        match failed {
            Some(failed) => Err(failed),
            None => realm,
        }
    })
}
