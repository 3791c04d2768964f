//! Changes as statements of PostgreSQL.

use engine::Error;
use engine::plan::{Hooks, Options, Plan};
use schema::{Change, Realm};

pub struct Postgres;

impl Hooks for Postgres {
    fn plan(&self, changes: &[Change], _from: &Realm, _options: &Options) -> Result<Plan, Error> {
        match changes.first() {
            None => Ok(Plan::default()),
            Some(change) => Err(Error::Unsupported(format!(
                "postgres: unsupported change: {}",
                engine::diff::describe(change)
            ))),
        }
    }
}
