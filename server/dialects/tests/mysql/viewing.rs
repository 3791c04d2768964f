//! Queries of views: what the normalizer is sure of is what servers make of the same text.

use std::sync::Arc;

use dialects::mysql::attr::VIEW_COLUMNS;
use dialects::{MARIADB, MYSQL};
use engine::Scope;
use engine::inspect::inspect_all;
use engine::normalize::{Cache, normalize};
use schema::{ObjectPath, Realm};
use syntax::sql::File;
use text::{FileId, Text};

use super::servers;

const TABLES: &str =
    "CREATE TABLE t (id int PRIMARY KEY, a int, b varchar(20), d date, n decimal(10,2), dt datetime, J json);
CREATE TABLE u (id int, t_id int, name varchar(10), b varchar(20));
CREATE VIEW v01 AS SELECT id, a FROM t;
";

/// The views of the only schema, by name: their text and their own names for what it results in.
fn views(realm: &Realm) -> Vec<(String, String)> {
    let views = realm.schemas.iter().flat_map(|schema| &schema.views);
    views.map(|it| (it.name.to_string(), format!("{} {:?}", it.body, it.attrs.get(&VIEW_COLUMNS)))).collect()
}

#[tokio::test]
async fn what_is_sure_of_a_view_is_what_the_server_makes_of_it() {
    for server in servers("viewing").await {
        let dialect = if server.name == "MySQL" { &MYSQL } else { &MARIADB };
        let mut connection = server.fresh(&server.prefix, true).await;
        for statement in TABLES.lines() {
            connection.execute(statement).await.unwrap_or_else(|error| panic!("{error}: {statement}"));
        }
        let mut sql = TABLES.to_owned();
        let mut refused = 0;
        for (at, query) in include_str!("views.sql").lines().skip(1).enumerate() {
            let statement = format!("create view q{at:03} {query}");
            match connection.execute(&statement).await {
                Ok(_) => sql.push_str(&format!("{statement}\n")),
                Err(_) => refused += 1,
            }
        }
        let capabilities = connection.capabilities().clone();
        let theirs = inspect_all(connection.as_mut(), &Scope::bound(&*server.prefix)).await.expect("a state");
        let file = File::parse(&Text::new(&sql), dialect.grammar, None);
        let state = engine::replay(&[(FileId(0), file)], dialect, &mut engine::replay::Cache::default());
        let ours = normalize(&state.realm, dialect, &capabilities, &mut Cache::default()).expect("a state");
        let again = normalize(&ours.realm, dialect, &capabilities, &mut Cache::default()).expect("a state");
        assert_eq!(views(&again.realm), views(&ours.realm), "{}: not idempotent", server.name);
        let (mut same, mut marked, mut wrong) = (0, 0, Vec::new());
        let theirs = views(&theirs);
        for (name, text) in views(&ours.realm) {
            let real = theirs.iter().find(|(other, _)| *other == name).map(|(_, text)| text.as_str());
            let path = ObjectPath::View { schema: "".into(), view: name.as_str().into() };
            if ours.approximate.contains(&path) {
                marked += 1;
                if std::env::var_os("PRINT").is_some() {
                    println!("{} ≈ {name}\n  ours {text}\n  real {}", server.name, real.unwrap_or_default());
                }
            } else if real == Some(text.as_str()) {
                same += 1;
            } else {
                wrong.push(format!("{name}\n  ours {text}\n  real {}", real.unwrap_or_default()));
            }
        }
        println!(
            "{}: {same} views sure, {marked} marked, {} wrong, {refused} refused",
            server.name,
            wrong.len()
        );
        assert!(wrong.is_empty(), "{}\n{}", server.name, wrong.join("\n"));
        assert!(same > marked * 3, "{}: {same} sure, {marked} marked", server.name);
        server.drop(&[&server.prefix]).await;
    }
}

#[test]
fn arcs_are_shared_where_nothing_changes() {
    let file =
        File::parse(&Text::new("CREATE VIEW v AS WITH q AS (SELECT 1) SELECT * FROM q"), MYSQL.grammar, None);
    let state = engine::replay(&[(FileId(0), file)], &MYSQL, &mut engine::replay::Cache::default());
    let server = (MYSQL.assumed)();
    let normal = normalize(&state.realm, &MYSQL, &server, &mut Cache::default()).expect("a state");
    let view = |realm: &Realm| realm.schemas[0].views[0].clone();
    assert!(Arc::ptr_eq(&view(&normal.realm), &view(&state.realm)));
    assert_eq!(normal.approximate.len(), 1);
}
