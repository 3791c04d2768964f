//! The offline normalizer against real servers: what it is sure of must be what the server makes of the same text.

use std::sync::Arc;

use dialects::mysql::attr::{CHARSET, COLLATE};
use dialects::testing::mysql as generator;
use engine::Scope;
use engine::diff::{Policy, diff};
use engine::inspect::inspect_all;
use engine::normalize::{Cache, normalize};
use engine::plan::Options;
use schema::{Change, ObjectPath, Realm, TableChange};

use super::servers;

/// The tables a list of objects is about.
fn tables(paths: &[ObjectPath]) -> Vec<String> {
    let table = |path: &ObjectPath| match path {
        ObjectPath::Table { table, .. } => Some(table.to_string()),
        path => path.parent().map(|parent| parent.name().to_string()),
    };
    paths.iter().filter_map(table).collect()
}

/// What gives the schema its charset and collation.
fn characters(realm: &Realm) -> Option<String> {
    let schema = realm.schemas.first()?;
    let (charset, collate) = (schema.attrs.get(&CHARSET)?, schema.attrs.get(&COLLATE)?);
    Some(format!("ALTER DATABASE `{}` CHARSET {charset} COLLATE {collate}", schema.name))
}

#[tokio::test]
async fn what_it_is_sure_of_is_what_the_server_makes() {
    for server in servers("normalizing").await {
        let name = server.prefix.clone();
        let (mut all, mut same, mut unsure, mut wrong) = (0, 0, 0, Vec::new());
        for seed in 1000..1000 + server.runs(20) {
            let mut connection = server.fresh(&name, true).await;
            let capabilities = connection.capabilities().clone();
            let dialect = connection.dialect();
            let written = Arc::new(generator::realm(seed, &name, &capabilities));
            let ours = normalize(&written, dialect, &capabilities, &mut Cache::default()).expect("a state");

            let empty = Realm { schemas: vec![schema::Schema::new(&*name)], ..Realm::default() };
            let options = Options {
                qualifier: Some(String::new()),
                server: Some(Arc::new(capabilities.clone())),
                ..Options::default()
            };
            let changes = diff(&empty, &written, dialect, &Policy::default()).expect("changes");
            if let Some(sql) = characters(&written) {
                connection.execute(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
            }
            let plan = engine::plan::plan(&changes, &empty, dialect, &options).expect("a plan");
            for statement in &plan.statements {
                let done = connection.execute(&statement.cmd).await;
                done.unwrap_or_else(|error| {
                    panic!("{} seed {seed}: {error}\n{}", server.name, statement.cmd)
                });
            }
            let theirs = inspect_all(connection.as_mut(), &Scope::bound(&*name)).await.expect("a state");
            let changes = diff(&theirs, &ours.realm, dialect, &Policy::default()).expect("changes");
            let different: Vec<(String, &Vec<TableChange>)> = changes
                .iter()
                .filter_map(|change| match change {
                    Change::ModifyTable { to, changes, .. } => Some((to.name.to_string(), changes)),
                    _ => None,
                })
                .collect();
            let doubtful = tables(&ours.approximate);
            for table in &written.schemas[0].tables {
                let name = table.name.to_string();
                let found = different.iter().find(|(other, _)| *other == name);
                all += 1;
                same += usize::from(found.is_none());
                unsure += usize::from(doubtful.contains(&name));
                if let Some((_, changes)) = found.filter(|_| !doubtful.contains(&name)) {
                    wrong.push(format!("{} seed {seed}: table {name}: {changes:?}", server.name));
                }
            }
        }
        println!(
            "{}: {same} of {all} generated tables are as the server makes them; {unsure} are marked as not sure",
            server.name
        );
        assert!(wrong.is_empty(), "sure, and wrong:\n{}", wrong.join("\n"));
        server.drop(&[&name]).await;
    }
}
