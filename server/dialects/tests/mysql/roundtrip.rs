//! What was read of a server makes the same again, through schema HCL and through statements.

use std::sync::Arc;

use dialects::MYSQL;
use dialects::mysql::attr::{AUTO_INCREMENT_START, IN_COLUMN, INHERITED};
use engine::connection::Connection;
use engine::decode::{Cache, Inputs, Source};
use engine::diff::{Policy, diff, renamed};
use engine::inspect::inspect_all;
use engine::normalize::normalize;
use engine::plan::{Options, plan};
use engine::{Scope, encode};
use schema::Realm;
use text::FileId;

use super::inspecting::{BODIES, DEFAULTS, OF_MARIADB, OF_MYSQL, PARTITIONS, TABLES, TYPES};
use super::{Server, servers};

/// A realm whose schema is called `s`, without how far tables have counted and where MariaDB wrote a check.
fn settled(realm: &Realm) -> Realm {
    let mut realm = renamed(realm, &"s".into(), &MYSQL);
    for schema in &mut realm.schemas {
        for table in &mut schema.tables {
            let table = Arc::make_mut(table);
            table.attrs.remove(&AUTO_INCREMENT_START);
            table.attrs.remove(&INHERITED);
            for check in &mut table.checks {
                check.attrs.remove(&IN_COLUMN);
            }
        }
    }
    realm
}

async fn inspected(connection: &mut dyn Connection, name: &str) -> Realm {
    inspect_all(connection, &Scope::bound(name)).await.unwrap_or_else(|error| panic!("{error}"))
}

/// Brings the empty schema `name` to `to`, and reads what it has become.
async fn carried_out(server: &Server, name: &str, to: &Realm) -> Realm {
    let mut connection = server.fresh(name, true).await;
    let from = inspected(connection.as_mut(), name).await;
    let to = renamed(to, &name.into(), &MYSQL);
    let capabilities = Arc::new(connection.capabilities().clone());
    let changes = diff(&from, &to, &MYSQL, &Policy::default()).unwrap_or_else(|error| panic!("{error}"));
    let options =
        Options { qualifier: Some(String::new()), server: Some(capabilities), ..Options::default() };
    let plan = plan(&changes, &from, &MYSQL, &options).unwrap_or_else(|error| panic!("{error}"));
    for statement in &plan.statements {
        let done = connection.execute(&statement.cmd).await;
        done.unwrap_or_else(|error| panic!("{}: {error}\n{}", server.name, statement.cmd));
    }
    inspected(connection.as_mut(), name).await
}

/// What differs, for a message.
fn differences(a: &Realm, b: &Realm) -> String {
    let mut out = String::new();
    for (a, b) in a.schemas.iter().zip(&b.schemas) {
        for table in &a.tables {
            match b.table(&table.name) {
                Some(other) if other == table => {}
                other => out.push_str(&format!("{table:#?}\n{other:#?}\n")),
            }
        }
        let rest = |schema: &schema::Schema| {
            (
                schema.views.clone(),
                schema.routines.clone(),
                schema.triggers.clone(),
                schema.objects.clone(),
                schema.attrs.clone(),
            )
        };
        if rest(a) != rest(b) {
            out.push_str(&format!("{:#?}\n{:#?}\n", rest(a), rest(b)));
        }
    }
    out
}

/// Makes a schema by `make`, and makes it again from what was read.
async fn check(test: &str, only: Option<&str>, make: &[&str]) {
    for server in servers(test).await.into_iter().filter(|server| only.is_none_or(|only| server.name == only))
    {
        let first = format!("{}_1", server.prefix);
        let mut connection = server.fresh(&first, true).await;
        for statement in make {
            let done = connection.execute(statement).await;
            done.unwrap_or_else(|error| panic!("{}: {error}\n{statement}", server.name));
        }
        let realm = inspected(connection.as_mut(), &first).await;
        again(&server, &realm, connection.as_ref()).await;
        server.drop(&[&first]).await;
    }
}

async fn again(server: &Server, realm: &Realm, connection: &dyn Connection) {
    let (second, third) = (format!("{}_2", server.prefix), format!("{}_3", server.prefix));
    let text = encode(realm, &MYSQL).unwrap_or_else(|error| panic!("{error}"));
    let source = Source { file: FileId(0), hcl: syntax::hcl::File::of(&text) };
    let state = engine::decode(&[source], &MYSQL, &Inputs::default(), &mut Cache::default());
    assert!(state.diagnostics.is_empty(), "{:?}\n{text}", state.diagnostics);
    let mut cache = engine::normalize::Cache::default();
    let normal = normalize(&state.realm, &MYSQL, connection.capabilities(), &mut cache);
    let normal = normal.unwrap_or_else(|error| panic!("{error}")).realm;
    let (expected, normal) = (settled(realm), settled(&normal));
    assert!(expected == normal, "{} normalized\n{}", server.name, differences(&expected, &normal));
    for (way, name, to) in [("HCL", &second, &normal), ("SQL", &third, &expected)] {
        let made = settled(&carried_out(server, name, to).await);
        assert!(expected == made, "{} by {way}\n{}", server.name, differences(&expected, &made));
        server.drop(&[name]).await;
    }
}

#[tokio::test]
async fn types() {
    check("again_types", None, TYPES).await;
}

#[tokio::test]
async fn defaults() {
    check("again_defaults", None, DEFAULTS).await;
}

#[tokio::test]
async fn tables() {
    check("again_tables", None, TABLES).await;
}

#[tokio::test]
async fn partitions() {
    check("again_partitions", None, PARTITIONS).await;
}

#[tokio::test]
async fn bodies() {
    check("again_bodies", None, BODIES).await;
}

#[tokio::test]
async fn of_mysql() {
    check("again_mysql", Some("MySQL"), OF_MYSQL).await;
}

#[tokio::test]
async fn of_mariadb() {
    check("again_mariadb", Some("MariaDB"), OF_MARIADB).await;
}

#[tokio::test]
async fn chinook() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/corpus/chinook/Chinook_MySql.sql");
    let text = std::fs::read_to_string(path).expect("the corpus is part of the project");
    // The tables alone: their database has a name of its own, and rows are no schema.
    let statements: Vec<&str> = text
        .split(';')
        .map(|statement| statement.rsplit("*/").next().unwrap_or_default().trim())
        .filter(|statement| {
            ["CREATE TABLE", "ALTER TABLE", "CREATE INDEX"].iter().any(|word| statement.starts_with(word))
        })
        .collect();
    assert!(statements.len() >= 20, "{}", statements.len());
    check("again_chinook", None, &statements).await;
}
