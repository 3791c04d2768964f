//! Further sessions of a MySQL or MariaDB server, to read the catalog together with another one.
//!
//! The catalog takes part in no transaction, so there is no snapshot to share: several sessions see what one would see
//! that asks as fast. They have the settings of the first, only look, and are stopped by the same request.
//!
//! Source: MySQL 9.1 manual, 15.3.3 "Statements That Cause an Implicit Commit", 15.3.7 "SET TRANSACTION Statement".

use std::time::Duration;

use async_trait::async_trait;
use engine::connection::{Capabilities, Connection, DbErrorKind, Shared, Target};
use engine::{DbError, Dialect};
use sqlx::ConnectOptions;
use sqlx::mysql::MySqlConnectOptions;

use super::{Mysql, error, set};
use crate::running::Watch;

/// How long a further session may take to come about: the first one can do the work without it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Opens them. What they have in common with the first:
#[derive(Clone)]
pub struct Beside {
    options: MySqlConnectOptions,
    settings: Vec<(String, String)>,
    dialect: &'static Dialect,
    target: Target,
    capabilities: Capabilities,
    watch: Watch,
}

impl Beside {
    /// Sessions beside `first`.
    pub fn of(first: &Mysql) -> Self {
        Self {
            options: first.options.clone(),
            settings: first.settings.clone(),
            dialect: first.dialect,
            target: first.target.clone(),
            capabilities: first.capabilities.clone(),
            watch: first.watch.clone(),
        }
    }

    async fn connect(&self) -> Result<Mysql, DbError> {
        let Self { options, settings, dialect, target, capabilities, watch } = self.clone();
        let inner = options.connect().await.map_err(error::statement)?;
        let mut connection = Mysql {
            inner,
            options,
            settings,
            dialect,
            target,
            capabilities,
            watch: Watch::default(),
            number: None,
            broken: false,
            locks: Vec::new(),
        };
        let sql = set(&connection.settings);
        connection.run(&sql).await?;
        // As for the first: not every server can do this.
        let _ = connection.run("SET SESSION TRANSACTION READ ONLY").await;
        connection.know_number().await?;
        connection.watch = Watch { only_reads: true, ..watch };
        Ok(connection)
    }
}

#[async_trait]
impl Shared for Beside {
    async fn open(&self) -> Result<Box<dyn Connection>, DbError> {
        match tokio::time::timeout(PATIENCE, self.connect()).await {
            Ok(connection) => Ok(Box::new(connection?)),
            Err(_) => Err(DbError::new(DbErrorKind::Unreachable, "no further connection could be made")),
        }
    }
}
