//! MySQL and MariaDB end to end: states in, statements out, on real servers where there are some.

// What was skipped, and how far the normalizer agrees with servers.
#![allow(clippy::print_stdout)]

#[path = "mysql/accounts.rs"]
mod accounts;
#[path = "mysql/applying.rs"]
mod applying;
#[path = "mysql/examples.rs"]
mod examples;
#[path = "mysql/generated.rs"]
mod generated;
#[path = "mysql/inspecting.rs"]
mod inspecting;
#[path = "mysql/normalizing.rs"]
mod normalizing;
#[path = "mysql/printing.rs"]
mod printing;
#[path = "mysql/queries.rs"]
mod queries;
#[path = "mysql/renaming.rs"]
mod renaming;
#[path = "mysql/roundtrip.rs"]
mod roundtrip;
#[path = "mysql/sentences.rs"]
mod sentences;
#[path = "mysql/statements.rs"]
mod statements_of_versions;
#[path = "mysql/viewing.rs"]
mod viewing;
#[path = "mysql/written.rs"]
mod written;

use std::sync::Arc;

use dialects::mysql::attr::{CHARSET, COLLATE, ENGINE};
use dialects::mysql::{features, types};
use dialects::testing::make::Make;
use dialects::{MARIADB, MYSQL};
use drivers::Drivers;
use engine::connection::{Access, Capabilities, Connection, Connector};
use engine::diff::{Policy, diff};
use engine::plan::{Options, Plan, plan};
use engine::{DatabaseUrl, Dialects};
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

static BOTH: &[&engine::Dialect] = &[&MYSQL, &MARIADB];

/// A real server to test on.
pub struct Server {
    /// What it is called in messages.
    pub name: &'static str,
    /// What the databases of one test begin with.
    pub prefix: String,
    url: String,
}

/// The servers the environment names; says which it does not.
pub async fn servers(test: &str) -> Vec<Server> {
    let known = [("MySQL", "ATLAS_TEST_MYSQL_URL"), ("MariaDB", "ATLAS_TEST_MARIADB_URL")];
    let mut out = Vec::new();
    for (name, variable) in known {
        match std::env::var(variable) {
            Ok(url) => {
                out.push(Server { name, prefix: format!("atlas_ls_{test}_{}", std::process::id()), url })
            }
            Err(_) => println!("skipped: no {name}"),
        }
    }
    out
}

impl Server {
    /// A connection to the server, or to one of its databases.
    pub async fn open(&self, database: &str) -> Box<dyn Connection> {
        let url =
            DatabaseUrl::parse(&format!("{}/{database}", self.url.trim_end_matches('/'))).expect("a URL");
        let opened = Drivers::new(Dialects(BOTH)).open(&url, Access::Write).await;
        opened.unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// A connection to the server as somebody else: `user:password`.
    pub async fn open_as(&self, user: &str) -> Box<dyn Connection> {
        let (scheme, rest) = self.url.split_once("://").expect("a scheme");
        let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
        let url = format!("{scheme}://{user}@{}/", host.trim_end_matches('/'));
        let url = DatabaseUrl::parse(&url).expect("a URL");
        let opened = Drivers::new(Dialects(BOTH)).open(&url, Access::Write).await;
        opened.unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// An empty database of this name, and a connection that is bound to it or to none.
    pub async fn fresh(&self, name: &str, bound: bool) -> Box<dyn Connection> {
        let mut connection = self.open("").await;
        for sql in [format!("DROP DATABASE IF EXISTS `{name}`"), format!("CREATE DATABASE `{name}`")] {
            connection.execute(&sql).await.unwrap_or_else(|error| panic!("{}: {error}", self.name));
        }
        if bound { self.open(name).await } else { connection }
    }

    pub async fn drop(&self, names: &[&str]) {
        let mut connection = self.open("").await;
        for name in names {
            let _ = connection.execute(&format!("DROP DATABASE IF EXISTS `{name}`")).await;
        }
    }

    /// How many generated cases to run: `count`, or as many as `ATLAS_TEST_CASES` says.
    pub fn runs(&self, count: u64) -> u64 {
        std::env::var("ATLAS_TEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(count)
    }
}
