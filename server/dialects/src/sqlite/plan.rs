//! Changes as SQLite statements.

use engine::Error;
use engine::plan::{Hooks, Options, Plan};
use schema::{Change, Realm};

pub struct Sqlite;

impl Hooks for Sqlite {
    fn plan(&self, _changes: &[Change], _from: &Realm, _options: &Options) -> Result<Plan, Error> {
        Ok(Plan::default())
    }
}
