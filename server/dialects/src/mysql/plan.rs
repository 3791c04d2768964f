//! Changes as statements of MySQL.

use engine::Error;
use engine::plan::{Hooks, Options, Plan};
use schema::{Change, Realm};

pub struct Mysql;

impl Hooks for Mysql {
    fn plan(&self, changes: &[Change], _from: &Realm, _options: &Options) -> Result<Plan, Error> {
        match changes.first() {
            None => Ok(Plan::default()),
            Some(change) => Err(Error::Unsupported(format!(
                "mysql: unsupported change: {}",
                engine::diff::describe(change)
            ))),
        }
    }
}
