//! Plans on real servers: a plan leads where it says, and nothing is left to do after it.

use std::sync::Arc;

use dialects::POSTGRES;
use dialects::testing::postgres as generator;
use drivers::Drivers;
use engine::connection::{Access, Connection, Connector};
use engine::diff::{Policy, diff};
use engine::inspect::inspect_all;
use engine::plan::{Options, dump, plan};
use engine::{DatabaseUrl, Dialects, Scope};
use schema::{Realm, Table};

static ALL: &[&engine::Dialect] = &[&POSTGRES];

/// The URLs of the servers the environment names.
fn servers() -> Vec<String> {
    let variables = ["ATLAS_TEST_POSTGRES_URL", "ATLAS_TEST_POSTGRES_URLS"];
    let values = variables.iter().filter_map(|name| std::env::var(name).ok());
    let mut urls: Vec<String> =
        values.flat_map(|list| list.split(',').map(str::to_owned).collect::<Vec<_>>()).collect();
    urls.retain(|url| !url.is_empty());
    urls.sort();
    urls.dedup();
    if urls.is_empty() {
        println!("skipped: no PostgreSQL");
    }
    urls
}

async fn open(url: &str) -> Box<dyn Connection> {
    let url = DatabaseUrl::parse(url).expect("a URL");
    Drivers::new(Dialects(ALL)).open(&url, Access::Write).await.unwrap_or_else(|error| panic!("{error}"))
}

/// An empty database called `name` on `server`; the URL leads to it.
async fn fresh(server: &str, name: &str) -> String {
    let mut admin = open(server).await;
    for sql in [format!("DROP DATABASE IF EXISTS {name}"), format!("CREATE DATABASE {name}")] {
        admin.execute(&sql).await.unwrap_or_else(|error| panic!("{error}"));
    }
    let (head, options) = server.split_once('?').unwrap_or((server, ""));
    let (host, _) = head.rsplit_once('/').expect("a database in the URL");
    format!("{host}/{name}?{options}")
}

/// The database `url` without the schema `s`, or bound to it and with nothing in it.
async fn cleared(url: &str, bound: bool) -> Box<dyn Connection> {
    let mut connection = open(url).await;
    connection.execute("DROP SCHEMA IF EXISTS s CASCADE").await.unwrap_or_else(|error| panic!("{error}"));
    if !bound {
        return connection;
    }
    connection.execute("CREATE SCHEMA s").await.unwrap_or_else(|error| panic!("{error}"));
    open(&format!("{url}&search_path=s")).await
}

async fn gone(server: &str, name: &str) {
    open(server).await.execute(&format!("DROP DATABASE IF EXISTS {name}")).await.expect("the database goes");
}

async fn inspected(connection: &mut dyn Connection) -> Realm {
    let scope = match &connection.target().bound {
        Some(bound) => Scope::bound(bound.clone()),
        None => Scope::default(),
    };
    inspect_all(connection, &scope).await.unwrap_or_else(|error| panic!("{error}"))
}

/// Executes the plan from one state to the other, and returns its statements.
async fn carry_out(connection: &mut dyn Connection, from: &Realm, to: &Realm) -> Result<Vec<String>, String> {
    let bound = connection.target().bound.is_some();
    let changes = diff(from, to, &POSTGRES, &Policy::default()).map_err(|error| error.to_string())?;
    let options = Options {
        qualifier: bound.then(String::new),
        server: Some(Arc::new(connection.capabilities().clone())),
        ..Options::default()
    };
    let plan = plan(&changes, from, &POSTGRES, &options).map_err(|error| error.to_string())?;
    let mut done = Vec::new();
    for statement in &plan.statements {
        connection
            .execute(&statement.cmd)
            .await
            .map_err(|error| format!("{}\n{}\nafter {done:#?}", error.message, statement.cmd))?;
        done.push(statement.cmd.clone());
    }
    Ok(done)
}

/// What a realm says, whatever the order of columns and the names of sequences the server chose.
fn settled(realm: &Realm) -> Realm {
    let mut realm = realm.clone();
    for schema in &mut realm.schemas {
        for table in &mut schema.tables {
            let table = Arc::make_mut(table);
            table.columns.sort_by(|a, b| a.name.cmp(&b.name));
            for column in &mut table.columns {
                column.attrs.remove(&dialects::postgres::attr::SEQUENCE_NAME);
            }
        }
    }
    realm
}

/// The objects that are not the same, for a message.
fn differences(a: &Realm, b: &Realm) -> String {
    let mut out = String::new();
    for (a, b) in a.schemas.iter().zip(&b.schemas) {
        let names = |tables: &[Arc<Table>]| tables.iter().map(|table| table.name.clone()).collect::<Vec<_>>();
        if names(&a.tables) != names(&b.tables) {
            out.push_str(&format!("{:?} and {:?}\n", names(&a.tables), names(&b.tables)));
        }
        for (a, b) in a.tables.iter().zip(&b.tables).filter(|(a, b)| a != b) {
            out.push_str(&format!("{a:#?}\n{b:#?}\n"));
        }
        for (a, b) in a.objects.iter().zip(&b.objects).filter(|(a, b)| a != b) {
            out.push_str(&format!("{a:#?}\n{b:#?}\n"));
        }
        if (&a.views, &a.triggers, &a.routines, &a.comment)
            != (&b.views, &b.triggers, &b.routines, &b.comment)
        {
            let a = (&a.views, &a.triggers, &a.routines, &a.comment);
            let b = (&b.views, &b.triggers, &b.routines, &b.comment);
            out.push_str(&format!("{a:#?}\n{b:#?}\n"));
        }
    }
    if a.objects != b.objects {
        out.push_str(&format!("{:#?}\n{:#?}\n", a.objects, b.objects));
    }
    out
}

async fn one(server: &str, a: &str, b: &str, seed: u64) {
    // Half of the plans name the schema in every statement.
    let bound = seed.is_multiple_of(2);
    let (mut at_a, mut at_b) = (cleared(a, bound).await, cleared(b, bound).await);
    let say = |what: &str, error: String| panic!("{server} seed {seed}, {what}: {error}");
    let empty = inspected(at_a.as_mut()).await;
    let with_public = |mut realm: Realm| {
        if !bound {
            realm.schemas.extend(empty.schemas.iter().cloned());
        }
        realm
    };
    let written = generator::realm(seed, "s");
    if let Err(error) = carry_out(at_a.as_mut(), &empty, &with_public(written.clone())).await {
        say("creating the first state", error);
    }
    let from = inspected(at_a.as_mut()).await;
    let other = with_public(generator::changed(&written, seed));
    if let Err(error) = carry_out(at_b.as_mut(), &empty, &other).await {
        say("creating the second state", error);
    }
    let to = inspected(at_b.as_mut()).await;
    let done = match carry_out(at_a.as_mut(), &from, &to).await {
        Ok(done) => done,
        Err(error) => return say("changing the first into the second", error),
    };
    let now = inspected(at_a.as_mut()).await;
    let left = diff(&now, &to, &POSTGRES, &Policy::default()).expect("states can be compared");
    assert!(left.is_empty(), "{server} seed {seed}: left to do after {done:#?}: {left:#?}");
    undo(at_a.as_mut(), (&from, &now, &to), seed).await;
    let (now, to) = (settled(&now), settled(&to));
    assert!(now == to, "{server} seed {seed}: after {done:#?}:\n{}", differences(&now, &to));
}

/// Executes what undoes the plan from `from` to `to`, where all of it can be undone, and compares.
async fn undo(connection: &mut dyn Connection, (from, now, to): (&Realm, &Realm, &Realm), seed: u64) {
    let bound = connection.target().bound.is_some();
    let changes = diff(from, to, &POSTGRES, &Policy::default()).expect("a diff");
    let options = Options {
        qualifier: bound.then(String::new),
        server: Some(Arc::new(connection.capabilities().clone())),
        ..Options::default()
    };
    let plan = plan(&changes, from, &POSTGRES, &options).expect("a plan");
    if !plan.reversible || now == from {
        return;
    }
    let statements: Vec<&String> = plan.statements.iter().rev().flat_map(|it| &it.reverse).collect();
    for statement in &statements {
        let done = connection.execute(statement).await;
        done.unwrap_or_else(|error| panic!("seed {seed}: {error}\n{statement}\nof {statements:#?}"));
    }
    let back = inspected(connection).await;
    let left = diff(&back, from, &POSTGRES, &Policy::default()).expect("a diff");
    assert!(left.is_empty(), "seed {seed}: not undone by {statements:#?}: {left:#?}");
}

/// The same schema with every table, column, index and object under another name, and the hints that say so.
fn renamed_all(realm: &Realm) -> Realm {
    use engine::renames::RENAMED_FROM;
    let new = |name: &str| -> schema::SmolStr { format!("{name}_new").into() };
    let mut realm = realm.clone();
    for schema in realm.schemas.iter_mut().filter(|schema| schema.name == "s") {
        schema.views.clear();
        schema.triggers.clear();
        schema.routines.clear();
        for object in &mut schema.objects {
            let object = Arc::make_mut(object);
            object.attrs.set(&RENAMED_FROM, object.name.to_string());
            object.name = new(&object.name);
        }
        for table in &mut schema.tables {
            let table = Arc::make_mut(table);
            table.attrs.set(&RENAMED_FROM, table.name.to_string());
            table.name = new(&table.name);
            for column in &mut table.columns {
                if let Some(ty) = column.ty.as_mut().filter(|ty| ty.schema.as_deref() == Some("s")) {
                    ty.name = new(&ty.name);
                }
                if column.name != "id" {
                    column.attrs.set(&RENAMED_FROM, column.name.to_string());
                    column.name = new(&column.name);
                }
            }
            let part = |part: &mut schema::IndexPart| {
                if let schema::PartOf::Column(name) = &mut part.of
                    && name != "id"
                {
                    *name = new(name);
                }
            };
            for index in &mut table.indexes {
                index.parts.iter_mut().for_each(part);
                index.attrs.set(&RENAMED_FROM, index.name.to_string());
                index.name = new(&index.name);
            }
            for key in &mut table.foreign_keys {
                key.columns.iter_mut().for_each(|name| *name = new(name));
                key.ref_table = new(&key.ref_table);
            }
            for check in &mut table.checks {
                if let Some(name) = &mut check.name {
                    check.attrs.set(&RENAMED_FROM, name.to_string());
                    *name = new(name);
                }
            }
        }
    }
    realm
}

#[tokio::test]
async fn renames_keep_everything() {
    for server in servers() {
        let url = fresh(&server, "pgplan_names").await;
        for seed in 0..12 {
            let mut connection = cleared(&url, seed % 2 == 0).await;
            let empty = inspected(connection.as_mut()).await;
            let mut written = generator::realm(seed, "s");
            if seed % 2 == 1 {
                written.schemas.extend(empty.schemas.iter().cloned());
            }
            for schema in written.schemas.iter_mut() {
                schema.views.clear();
                schema.triggers.clear();
                schema.routines.clear();
            }
            carry_out(connection.as_mut(), &empty, &written).await.unwrap_or_else(|error| panic!("{error}"));
            let from = inspected(connection.as_mut()).await;
            let to = renamed_all(&from);
            let done = carry_out(connection.as_mut(), &from, &to).await;
            let done = done.unwrap_or_else(|error| panic!("{server} seed {seed}: {error}"));
            assert!(
                done.iter().all(|cmd| cmd.contains(" RENAME ")),
                "{server} seed {seed}: more than renames: {done:#?}"
            );
            let now = inspected(connection.as_mut()).await;
            let left = diff(&now, &to, &POSTGRES, &Policy::default()).expect("a diff");
            assert!(left.is_empty(), "{server} seed {seed}: left after {done:#?}: {left:#?}");
            assert!(
                !engine::diff::stale_hints(&now, &to, &POSTGRES).is_empty(),
                "{server} seed {seed}: what was carried out is stale"
            );
        }
        gone(&server, "pgplan_names").await;
    }
}

#[tokio::test]
async fn a_plan_leads_to_the_state_it_was_made_for() {
    let cases = std::env::var("ATLAS_TEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(25);
    for server in servers() {
        let (a, b) = (fresh(&server, "pgplan_a").await, fresh(&server, "pgplan_b").await);
        for seed in 0..cases {
            one(&server, &a, &b, seed).await;
        }
        gone(&server, "pgplan_a").await;
        gone(&server, "pgplan_b").await;
    }
}

/// The statements of the showcase that a server of this version has.
fn for_version(sql: &str, version: u32) -> String {
    sql.split("\n-- ")
        .enumerate()
        .filter_map(|(at, part)| {
            if at == 0 {
                return Some(part.to_string());
            }
            let (needed, rest) = part.split_once('\n')?;
            needed.trim().parse::<u32>().is_ok_and(|needed| needed <= version).then(|| rest.to_string())
        })
        .collect::<Vec<_>>()
        .join("\n")
}

#[tokio::test]
async fn everything_there_is_can_be_made_again_and_goes() {
    for server in servers() {
        let url = fresh(&server, "pgplan_rich").await;
        let mut connection = open(&url).await;
        let digits: String =
            connection.capabilities().version.chars().take_while(char::is_ascii_digit).collect();
        let version: u32 = digits.parse().expect("a version");
        let version = if version > 1000 { version / 10_000 } else { version };
        let empty = inspected(connection.as_mut()).await;
        for statement in for_version(include_str!("rich.sql"), version).split(";\n") {
            if !statement.trim().is_empty() {
                connection.execute(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
            }
        }
        let rich = inspected(connection.as_mut()).await;
        let copy = fresh(&server, "pgplan_copy").await;
        let mut copied = open(&copy).await;
        let done = carry_out(copied.as_mut(), &empty, &rich)
            .await
            .unwrap_or_else(|error| panic!("{server}: {error}"));
        let now = inspected(copied.as_mut()).await;
        let left = diff(&now, &rich, &POSTGRES, &Policy::default()).expect("states can be compared");
        assert!(left.is_empty(), "{server}: left to do after {done:#?}: {left:#?}");
        assert!(
            settled(&now) == settled(&rich),
            "{server}: {}",
            differences(&settled(&now), &settled(&rich))
        );
        let text = dump(&rich, &POSTGRES, &Options::default()).expect("a dump").to_sql();
        assert!(text.contains("CREATE TABLE \"shop\".\"users\""));
        // And back to nothing, by a plan and by restoring.
        carry_out(copied.as_mut(), &now, &empty).await.unwrap_or_else(|error| panic!("{server}: {error}"));
        let now = inspected(copied.as_mut()).await;
        assert!(diff(&now, &empty, &POSTGRES, &Policy::default()).expect("a diff").is_empty());
        for statement in POSTGRES.session.restore(&rich, &empty) {
            connection
                .execute(&statement)
                .await
                .unwrap_or_else(|error| panic!("{server}: {statement}: {error}"));
        }
        let now = inspected(connection.as_mut()).await;
        assert!(now == empty, "{server}: {}", differences(&now, &empty));
        drop((connection, copied));
        gone(&server, "pgplan_rich").await;
        gone(&server, "pgplan_copy").await;
    }
}
