//! One folder per database product: the only place with SQL text.
//!
//! Each dialect is a record ([`engine::Dialect`]) whose fields are files of its folder. Only the binary and tests name
//! one; everyone else is handed [`all`].

mod body;
pub mod cockroach;
mod lint;
pub mod mariadb;
pub mod mysql;
pub mod postgres;
mod revisions;
pub mod sqlite;
#[cfg(test)]
mod statements;
mod tag;
#[cfg(feature = "testing")]
pub mod testing;
pub mod tidb;
#[cfg(test)]
mod timeline;

pub use crate::cockroach::COCKROACH;
pub use crate::mariadb::MARIADB;
pub use crate::mysql::MYSQL;
pub use crate::postgres::POSTGRES;
pub use crate::sqlite::SQLITE;
pub use crate::tidb::TIDB;

static ALL: &[&engine::Dialect] = &[&SQLITE, &POSTGRES, &COCKROACH, &MYSQL, &MARIADB, &TIDB];

/// The dialects of this build.
pub fn all() -> engine::Dialects {
    engine::Dialects(ALL)
}
