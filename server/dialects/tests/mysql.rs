//! MySQL and MariaDB end to end: states in, statements out, on real servers where there are some.

#[path = "mysql/examples.rs"]
mod examples;

use std::sync::Arc;

use dialects::MYSQL;
use dialects::mysql::attr::{CHARSET, COLLATE, ENGINE};
use dialects::mysql::{features, types};
use dialects::testing::make::Make;
use engine::connection::Capabilities;
use engine::diff::{Policy, diff};
use engine::plan::{Options, Plan, plan};
use schema::{Realm, Schema, Table};

/// Servers the examples of the reference come from.
pub const MYSQL_9: &str = "9.1.0";
pub const MARIADB_10: &str = "10.11.6-MariaDB";

pub fn server(version: &str) -> Arc<Capabilities> {
    Arc::new(features::of_version(version).expect("a version that is supported"))
}

/// A table of the schema `s`, with what such a server adds to every table.
pub fn table(version: &str, name: &str) -> Make {
    let server = server(version);
    Make::new("s", name, types::parse).with(|table| {
        table.attrs.set(&CHARSET, server.setting(features::CHARSET_SETTING).to_string());
        table.attrs.set(&COLLATE, server.setting(features::COLLATION_SETTING).to_string());
        table.attrs.set(&ENGINE, "InnoDB".to_string());
    })
}

pub fn realm(tables: impl IntoIterator<Item = Make>) -> Realm {
    let mut schema = Schema::new("s");
    schema.tables = tables.into_iter().map(|make| Arc::new(make.table) as Arc<Table>).collect();
    Realm { schemas: vec![schema], ..Realm::default() }
}

/// The plan from one state to another.
pub fn planned(version: &str, from: &Realm, to: &Realm) -> Result<Plan, engine::Error> {
    let changes = diff(from, to, &MYSQL, &Policy::default())?;
    let options =
        Options { qualifier: Some(String::new()), server: Some(server(version)), ..Options::default() };
    plan(&changes, from, &MYSQL, &options)
}

/// The statements of a plan without comments, one a line.
pub fn statements(version: &str, from: &Realm, to: &Realm) -> String {
    match planned(version, from, to) {
        Ok(plan) => plan.statements.iter().map(|statement| format!("{};\n", statement.cmd)).collect(),
        Err(error) => error.to_string(),
    }
}
