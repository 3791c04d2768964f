//! Further sessions of PostgreSQL that see what the transaction of another one sees.
//!
//! Each runs in a read-only transaction on the snapshot that the other one exported, with the same settings, and is
//! stopped by the same request. Invariant: a session that could not take the snapshot is not handed out.
//!
//! Source: PostgreSQL 18, "Snapshot Synchronization Functions", "SET TRANSACTION".

use std::time::Duration;

use async_trait::async_trait;
use engine::DbError;
use engine::connection::{Connection, DbErrorKind, Shared};
use sqlx::ConnectOptions;

use super::{Postgres, error, set, value};
use crate::running::Watch;

/// How long a further session may take to come about: the first one can do the work without it.
const PATIENCE: Duration = Duration::from_secs(2);

/// Opens them.
pub struct Beside {
    like: Like,
    snapshot: String,
}

/// What they have in common with the first.
#[derive(Clone)]
pub struct Like {
    options: sqlx::postgres::PgConnectOptions,
    settings: Vec<(String, String)>,
    dialect: &'static engine::Dialect,
    target: engine::connection::Target,
    capabilities: engine::connection::Capabilities,
    watch: Watch,
}

impl Beside {
    /// Sessions beside `first` on the snapshot of this name.
    pub fn of(first: &Postgres, snapshot: &str) -> Self {
        let like = Like {
            options: first.options.clone(),
            settings: first.settings.clone(),
            dialect: first.dialect,
            target: first.target.clone(),
            capabilities: first.capabilities.clone(),
            watch: first.watch.clone(),
        };
        Self { like, snapshot: snapshot.to_owned() }
    }

    async fn connect(&self) -> Result<Postgres, DbError> {
        let Like { options, settings, dialect, target, capabilities, watch } = self.like.clone();
        let inner = options.connect().await.map_err(|it| error::statement(it, ""))?;
        let mut connection = Postgres {
            inner,
            options,
            settings,
            dialect,
            target,
            capabilities,
            watch: Watch::default(),
            process: None,
            broken: false,
            locks: Vec::new(),
            prepared: 0,
        };
        let mut sql = String::new();
        if !connection.settings.is_empty() {
            sql = format!("{};\n", set(&connection.settings));
        }
        sql += &format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;\nSET TRANSACTION SNAPSHOT {};\nSELECT pg_backend_pid()",
            value::quoted(&self.snapshot)
        );
        let (rows, _) = connection.run(&sql).await?;
        connection.know_process(&rows);
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
