//! Sockets and files: the drivers behind [`engine::Connection`], one file per product.
//!
//! A driver executes what it is given and decides nothing; it knows no SQL beyond what opens and closes a session.
//! Every heavy database dependency lives here.

mod docker;
mod mysql;
mod net;
mod postgres;
mod running;
mod sqlite;

use async_trait::async_trait;
use engine::connection::{Access, Connection, Connector, DbErrorKind};
use engine::{DatabaseUrl, DbError, Dialects};

/// Opens connections to every product this build can reach.
#[derive(Clone, Copy, Debug)]
pub struct Drivers {
    dialects: Dialects,
    docker_host: Option<&'static str>,
}

impl Drivers {
    /// Drivers whose connections speak `dialects`.
    pub fn new(dialects: Dialects) -> Self {
        Self { dialects, docker_host: None }
    }

    /// Asks the Docker engine at `host` (`unix:///run/x.sock`) for containers, whatever `DOCKER_HOST` says.
    pub fn with_docker_host(self, host: &'static str) -> Self {
        Self { docker_host: Some(host), ..self }
    }
}

/// `statements` as one text. Each ends on a line of its own, so that a comment at its end goes no further.
fn message(statements: &[String]) -> String {
    let bare = |sql: &String| sql.trim_end_matches(|ch: char| ch == ';' || ch.is_whitespace()).to_owned();
    statements.iter().map(bare).collect::<Vec<_>>().join("\n;\n")
}

#[async_trait]
impl Connector for Drivers {
    async fn open(&self, url: &DatabaseUrl, access: Access) -> Result<Box<dyn Connection>, DbError> {
        let scheme = url.scheme();
        if docker::is(scheme) {
            docker::check(url)?;
        }
        let Some(dialect) = self.dialects.by_url(url.secret()) else {
            let text = format!("sql/sqlclient: unknown driver {scheme:?}. See: https://atlasgo.io/url");
            return Err(DbError::new(DbErrorKind::Url, text));
        };
        match scheme {
            "sqlite" | "sqlite3" => Ok(Box::new(sqlite::Sqlite::open(url, access, dialect).await?)),
            "postgres" | "postgresql" | "crdb" => {
                Ok(Box::new(postgres::Postgres::open(url, access, dialect).await?))
            }
            "mysql" | "mysql+unix" | "mariadb" | "mariadb+unix" | "maria" | "maria+unix" => {
                Ok(Box::new(mysql::Mysql::open(url, access, dialect).await?))
            }
            _ if docker::is(scheme) => {
                Ok(Box::new(docker::Docker::open(url, dialect, self.docker_host).await?))
            }
            _ => {
                let text = format!("no driver for {scheme}:// URLs is part of this build");
                Err(DbError::new(DbErrorKind::Url, text))
            }
        }
    }
}
