//! What SQL files define for PostgreSQL is what a server that ran them says, once both are in the server's form.
//!
//! Servers come from `ATLAS_TEST_POSTGRES_URL` and `ATLAS_TEST_POSTGRES_URLS`; without one a test says that it was
//! skipped. The share of objects the offline normalizer brings into the server's form without asking is printed.

#![allow(clippy::print_stdout)]

#[path = "postgres_replaying/generated.rs"]
mod generated;
#[path = "postgres_replaying/written.rs"]
mod written;

use std::collections::BTreeSet;
use std::sync::Arc;

use dialects::POSTGRES;
use drivers::Drivers;
use engine::connection::{Access, Capabilities, Connection, Connector};
use engine::replay::Cache;
use engine::{DatabaseUrl, Dialects, Scope, State};
use schema::{ObjectPath, Realm};
use syntax::sql::File;
use text::{FileId, Text};

static ALL: &[&engine::Dialect] = &[&POSTGRES];

fn servers() -> Vec<String> {
    let variables = ["ATLAS_TEST_POSTGRES_URL", "ATLAS_TEST_POSTGRES_URLS"];
    let values = variables.iter().filter_map(|name| std::env::var(name).ok());
    let mut urls: Vec<String> = values
        .flat_map(|list| list.split(',').map(str::to_owned).collect::<Vec<_>>())
        .filter(|url| !url.is_empty())
        .collect();
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

fn file(sql: &str) -> File {
    File::parse(&Text::new(sql), POSTGRES.grammar, None)
}

fn replay(sql: &str) -> State {
    engine::replay(&[(FileId(0), file(sql))], &POSTGRES, &mut Cache::default())
}

/// What a server that executed the statements says, and what it can do.
async fn execute(server: &str, name: &str, sql: &str) -> (Realm, Capabilities) {
    let mut admin = open(server).await;
    admin.execute(&format!("DROP DATABASE IF EXISTS {name}")).await.expect("the old one goes");
    admin.execute(&format!("CREATE DATABASE {name}")).await.expect("a database");
    let (head, options) = server.split_once('?').map_or((server, ""), |(head, options)| (head, options));
    let (host, _) = head.rsplit_once('/').expect("a database in the URL");
    let url = format!("{host}/{name}?{options}");
    let mut connection = open(&url).await;
    for placed in file(sql).pieces() {
        let text = placed.piece.statement_text();
        let rows = matches!(placed.piece.statement(), Some(syntax::sql::ast::Statement::Copy(_)));
        if !text.is_empty() && !rows {
            connection.execute(text).await.unwrap_or_else(|error| panic!("{text}: {error}"));
        }
    }
    drop(connection);
    let mut connection = open(&url).await;
    let realm = engine::inspect::inspect(&mut *connection, &Scope::realm())
        .await
        .unwrap_or_else(|error| panic!("{error}"));
    let capabilities = connection.capabilities().clone();
    drop(connection);
    admin.execute(&format!("DROP DATABASE {name}")).await.expect("the database goes");
    (realm, capabilities)
}

/// What is compared: each part of the realm as a text, under its path.
fn parts(realm: &Realm) -> Vec<(ObjectPath, String)> {
    let mut out = Vec::new();
    for object in &realm.objects {
        let path = ObjectPath::Object { schema: "".into(), kind: object.kind, name: object.name.clone() };
        out.push((path, format!("{object:?}")));
    }
    for schema in &realm.schemas {
        let name = || schema.name.clone();
        for table in &schema.tables {
            let of = || table.name.clone();
            let own = schema::Table {
                columns: Vec::new(),
                indexes: Vec::new(),
                foreign_keys: Vec::new(),
                checks: Vec::new(),
                primary_key: None,
                ..schema::Table::clone(table)
            };
            out.push((ObjectPath::Table { schema: name(), table: of() }, format!("{own:?}")));
            for column in &table.columns {
                let column = schema::Column { raw_type: String::new(), ..column.clone() };
                let path = ObjectPath::Column { schema: name(), table: of(), column: column.name.clone() };
                out.push((path, format!("{column:?}")));
            }
            if let Some(key) = &table.primary_key {
                out.push((ObjectPath::PrimaryKey { schema: name(), table: of() }, format!("{key:?}")));
            }
            for index in &table.indexes {
                let path = ObjectPath::Index { schema: name(), table: of(), index: index.name.clone() };
                out.push((path, format!("{index:?}")));
            }
            for key in &table.foreign_keys {
                let label = key.name.clone().unwrap_or_default();
                out.push((
                    ObjectPath::ForeignKey { schema: name(), table: of(), key: label },
                    format!("{key:?}"),
                ));
            }
            for check in &table.checks {
                let label = check.name.clone().unwrap_or_default();
                out.push((
                    ObjectPath::Check { schema: name(), table: of(), check: label },
                    format!("{check:?}"),
                ));
            }
        }
        for view in &schema.views {
            // The columns take the types of the tables the query reads.
            let view =
                schema::View { columns: Vec::new(), depends_on: Vec::new(), ..schema::View::clone(view) };
            out.push((ObjectPath::View { schema: name(), view: view.name.clone() }, format!("{view:?}")));
        }
        for trigger in &schema.triggers {
            let path = ObjectPath::Trigger {
                schema: name(),
                trigger: format!("{}.{}", trigger.on, trigger.name).into(),
            };
            out.push((path, format!("{trigger:?}")));
        }
        for routine in &schema.routines {
            let label = format!("{}({})", routine.name, dialects::postgres::attr::signature(&routine.attrs));
            out.push((ObjectPath::Routine { schema: name(), routine: label.into() }, format!("{routine:?}")));
        }
        for object in &schema.objects {
            let label = format!("{}{:?}", object.name, object.attrs.get(&dialects::postgres::attr::ON));
            out.push((
                ObjectPath::Object { schema: name(), kind: object.kind, name: label.into() },
                format!("{object:?}"),
            ));
        }
    }
    out.sort();
    out
}

/// How often the replayed and normalized state is what the server says.
#[derive(Default)]
struct Agreement {
    same: usize,
    approximate: usize,
    wrong: Vec<String>,
    /// Two texts the diff takes for one are one where a text is read again: the server itself takes parentheses around
    /// conditions of one kind off then.
    loose: bool,
}

impl Agreement {
    /// What reading the state again changes.
    fn again(&mut self, what: &str, from: &Realm, to: &Realm) {
        let policy = engine::diff::Policy::default();
        if self.loose && engine::diff::diff(from, to, &POSTGRES, &policy).expect("a diff").is_empty() {
            return;
        }
        for (a, b) in parts(from).iter().zip(&parts(to)) {
            if a != b {
                self.wrong.push(format!("{what}:\n  real {}\n  now  {}", a.1, b.1));
            }
        }
    }

    fn add(&mut self, sql: &str, state: &State, real: &Realm, server: &Capabilities) {
        let found: Vec<String> =
            state.diagnostics.iter().map(|(_, found)| format!("{} in\n{sql}", found.message)).collect();
        assert!(found.is_empty(), "{found:#?}");
        assert_eq!(state.coverage.total().opaque, 0, "opaque statements in\n{sql}");
        let mut cache = engine::normalize::Cache::default();
        let normal =
            engine::normalize::normalize(&state.realm, &POSTGRES, server, &mut cache).expect("a realm");
        let again = engine::normalize::normalize(
            &normal.realm,
            &POSTGRES,
            server,
            &mut engine::normalize::Cache::default(),
        )
        .expect("a realm");
        self.again("normalizing is not idempotent", &normal.realm, &again.realm);
        let real = Arc::new(real.clone());
        let fixed =
            engine::normalize::normalize(&real, &POSTGRES, server, &mut engine::normalize::Cache::default())
                .expect("a realm");
        self.again("inspected is no fixed point", &real, &fixed.realm);
        let guessed: BTreeSet<&ObjectPath> = normal.approximate.iter().collect();
        let (ours, theirs) = (parts(&normal.realm), parts(&real));
        let find = |list: &[(ObjectPath, String)], path: &ObjectPath| {
            list.iter().find(|(of, _)| of == path).map(|(_, text)| text.clone())
        };
        let mut paths: Vec<&ObjectPath> = ours.iter().chain(&theirs).map(|(path, _)| path).collect();
        paths.sort();
        paths.dedup();
        for path in paths {
            let (a, b) = (find(&ours, path), find(&theirs, path));
            let guess = guessed.contains(path)
                || guessed
                    .iter()
                    .any(|guess| guess.kind() == path.kind() && path.name().contains(guess.name()));
            if a == b {
                self.same += 1;
            } else if guess {
                self.approximate += 1;
            } else {
                let none = || "(missing)".to_owned();
                self.wrong.push(format!(
                    "{path}\n  ours {}\n  real {}",
                    a.unwrap_or_else(none),
                    b.unwrap_or_else(none)
                ));
            }
        }
    }

    #[track_caller]
    fn report(self, what: &str) {
        let all = self.same + self.approximate + self.wrong.len();
        println!(
            "{what}: {} of {all} parts as the server has them, {} marked as guesses, {} wrong",
            self.same,
            self.approximate,
            self.wrong.len()
        );
        assert!(self.wrong.is_empty(), "{}", self.wrong.join("\n"));
    }
}

/// Compares on every server of at least the version `since`: `150000`.
async fn same_since(since: i64, name: &str, sql: &str) {
    for server in servers() {
        let connection = open(&server).await;
        let number = dialects::postgres::features::number(connection.capabilities());
        drop(connection);
        if number < since {
            println!("skipped: {name} needs PostgreSQL {}", since / 10_000);
            continue;
        }
        let (real, capabilities) = execute(&server, name, sql).await;
        let mut agreement = Agreement::default();
        agreement.add(sql, &replay(sql), &real, &capabilities);
        agreement.report(&format!("{name} on {}", capabilities.version));
    }
}

#[tokio::test]
async fn tables_and_constraints() {
    same_since(140_000, "pgsql_tables", include_str!("postgres/tables.sql")).await;
}

#[tokio::test]
async fn expressions() {
    same_since(140_000, "pgsql_expressions", include_str!("postgres/expressions.sql")).await;
}

/// Those called `v…` are of the kinds that are printed without asking; `w…` are marked.
#[tokio::test]
async fn views() {
    same_since(100_000, "pgsql_views", include_str!("postgres/views.sql")).await;
}

#[tokio::test]
async fn changes() {
    same_since(100_000, "pgsql_changes", include_str!("postgres/changes.sql")).await;
}

#[tokio::test]
async fn objects() {
    same_since(140_000, "pgsql_objects", include_str!("postgres/objects.sql")).await;
}

#[test]
fn dumps_replay_completely() {
    for sql in [
        include_str!("postgres/dump_chinook.sql"),
        include_str!("postgres/dump_all.sql"),
        include_str!("postgres/dump_expressions.sql"),
    ] {
        let state = replay(sql);
        let found: Vec<&str> = state.diagnostics.iter().map(|(_, found)| found.message.as_str()).collect();
        assert!(found.is_empty(), "{found:#?}");
        assert_eq!(state.coverage.total().opaque, 0);
    }
}

#[tokio::test]
async fn what_pg_dump_wrote() {
    same_since(150_000, "pgsql_dump_chinook", include_str!("postgres/dump_chinook.sql")).await;
    same_since(150_000, "pgsql_dump_all", include_str!("postgres/dump_all.sql")).await;
    same_since(150_000, "pgsql_dump_expressions", include_str!("postgres/dump_expressions.sql")).await;
}

#[test]
fn a_second_replay_shares_its_tables() {
    let sql = include_str!("postgres/dump_all.sql");
    let mut cache = Cache::default();
    let first = engine::replay(&[(FileId(0), file(sql))], &POSTGRES, &mut cache);
    let edited = sql.replacen("'the parents'", "'parents'", 1);
    assert_ne!(sql, edited);
    let second = engine::replay(&[(FileId(0), file(&edited))], &POSTGRES, &mut cache);
    let fresh = replay(&edited);
    assert_eq!(second.realm, fresh.realm);
    let all = |state: &State| {
        let tables = state.realm.schemas.iter().flat_map(|schema| schema.tables.clone());
        tables.collect::<Vec<_>>()
    };
    let (first, second) = (all(&first), all(&second));
    assert_eq!(first.len(), second.len());
    let other = first.iter().zip(&second).filter(|(a, b)| !Arc::ptr_eq(a, b)).count();
    assert_eq!(other, 1, "only the table of the comment is made anew");
}
