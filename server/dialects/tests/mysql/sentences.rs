//! The offline normalizer against real servers on generated SQL: what it is sure of is what the server makes of the same
//! text; everything else is marked.

use std::sync::Arc;

use dialects::mysql::attr::{IN_COLUMN, INHERITED};
use dialects::{MARIADB, MYSQL};
use engine::Scope;
use engine::inspect::inspect_all;
use engine::normalize::{Cache, normalize};
use schema::{ObjectPath, Realm, Table};
use syntax::sql::File;
use text::{FileId, Text};

use super::{queries, servers, written};

/// What is compared: each part of a realm as a text, under its path.
fn parts(realm: &Realm) -> Vec<(ObjectPath, String)> {
    let mut out = Vec::new();
    for (schema, table) in realm.tables() {
        let schema = || schema.name.clone();
        let of = || table.name.clone();
        let mut own = Table {
            columns: Vec::new(),
            indexes: Vec::new(),
            foreign_keys: Vec::new(),
            checks: Vec::new(),
            ..Table::clone(table)
        };
        own.attrs.remove(&INHERITED);
        out.push((ObjectPath::Table { schema: schema(), table: of() }, format!("{own:?}")));
        for column in &table.columns {
            let column = schema::Column { raw_type: String::new(), ..column.clone() };
            let path = ObjectPath::Column { schema: schema(), table: of(), column: column.name.clone() };
            out.push((path, format!("{column:?}")));
        }
        for index in &table.indexes {
            let path = ObjectPath::Index { schema: schema(), table: of(), index: index.name.clone() };
            out.push((path, format!("{index:?}")));
        }
        for key in &table.foreign_keys {
            let label = key.name.clone().unwrap_or_default();
            let path = ObjectPath::ForeignKey { schema: schema(), table: of(), key: label };
            out.push((path, format!("{key:?}")));
        }
        for check in &table.checks {
            let mut check = check.clone();
            check.attrs.remove(&IN_COLUMN);
            let label = check.name.clone().unwrap_or_default();
            out.push((
                ObjectPath::Check { schema: schema(), table: of(), check: label },
                format!("{check:?}"),
            ));
        }
    }
    for schema in &realm.schemas {
        for view in &schema.views {
            let path = ObjectPath::View { schema: schema.name.clone(), view: view.name.clone() };
            out.push((path, format!("{} {:?}", view.body, view.attrs)));
        }
    }
    out.sort();
    out
}

/// The schema without a name under `name`.
fn named(realm: &Realm, name: &str) -> Realm {
    let mut realm = engine::diff::renamed(realm, &name.into(), &MYSQL);
    for schema in &mut realm.schemas {
        for table in &mut schema.tables {
            Arc::make_mut(table).schema = name.into();
        }
        for view in &mut schema.views {
            Arc::make_mut(view).schema = name.into();
        }
    }
    realm
}

#[tokio::test]
async fn what_it_is_sure_of_is_what_the_server_makes_of_it() {
    for server in servers("written").await {
        let name = server.prefix.clone();
        let dialect = if server.name == "MySQL" { &MYSQL } else { &MARIADB };
        let (mut taken, mut refused, mut same, mut marked) = (0, 0, 0, 0);
        let mut wrong = Vec::new();
        for seed in 0..server.runs(10) {
            let mut connection = server.fresh(&name, true).await;
            let mut sql = String::new();
            let tables = written::statements(seed, server.name == "MariaDB").into_iter();
            for statement in tables.chain(queries::statements(seed)) {
                match connection.execute(&statement).await {
                    Ok(_) => {
                        taken += 1;
                        sql.push_str(&statement);
                        sql.push_str(";\n");
                    }
                    Err(error) => {
                        refused += 1;
                        if std::env::var_os("ATLAS_TEST_REFUSED").is_some() {
                            println!("refused: {error}\n{statement}");
                        }
                    }
                }
            }
            let capabilities = connection.capabilities().clone();
            let theirs = inspect_all(connection.as_mut(), &Scope::bound(&*name)).await.expect("a state");
            let file = File::parse(&Text::new(&sql), dialect.grammar, None);
            let state = engine::replay(&[(FileId(0), file)], dialect, &mut engine::replay::Cache::default());
            let found: Vec<&str> =
                state.diagnostics.iter().map(|(_, found)| found.message.as_str()).collect();
            assert!(found.is_empty(), "{} seed {seed}: {found:#?}\n{sql}", server.name);
            assert_eq!(state.coverage.total().opaque, 0, "{} seed {seed}\n{sql}", server.name);
            let realm = Arc::new(named(&state.realm, &name));
            let ours = normalize(&realm, dialect, &capabilities, &mut Cache::default()).expect("a state");
            let again =
                normalize(&ours.realm, dialect, &capabilities, &mut Cache::default()).expect("a state");
            for (a, b) in parts(&ours.realm).iter().zip(&parts(&again.realm)).filter(|(a, b)| a != b) {
                wrong.push(format!("seed {seed}: not idempotent\n  ours {}\n  real {}", a.1, b.1));
            }
            let (ours_parts, their_parts) = (parts(&ours.realm), parts(&theirs));
            let find = |list: &[(ObjectPath, String)], path: &ObjectPath| {
                list.iter().find(|(of, _)| of == path).map(|(_, text)| text.clone())
            };
            let mut paths: Vec<&ObjectPath> =
                ours_parts.iter().chain(&their_parts).map(|(path, _)| path).collect();
            paths.sort();
            paths.dedup();
            for path in paths {
                let (a, b) = (find(&ours_parts, path), find(&their_parts, path));
                if a == b {
                    same += 1;
                } else if ours.approximate.contains(path) {
                    marked += 1;
                } else {
                    let none = || "(missing)".to_owned();
                    let (a, b) = (a.unwrap_or_else(none), b.unwrap_or_else(none));
                    wrong.push(format!("seed {seed}: {path}\n  ours {a}\n  real {b}"));
                }
            }
        }
        println!("{}: {taken} statements taken, {refused} refused", server.name);
        println!(
            "{}: {same} of {} parts of generated SQL are as the server has them, {marked} are marked, {} wrong",
            server.name,
            same + marked + wrong.len(),
            wrong.len()
        );
        assert!(wrong.is_empty(), "{}\n{}", server.name, wrong.join("\n"));
        assert!(taken > refused * 3, "{}: {refused} of {} refused", server.name, taken + refused);
        assert!(same * 100 >= (same + marked) * 95, "{}: {same} of {}", server.name, same + marked);
        server.drop(&[&name]).await;
    }
}
