//! Renames on real servers: nothing is dropped, and every row is where it was.

use std::sync::Arc;

use engine::Scope;
use engine::connection::{Connection, Query};
use engine::diff::{Policy, diff, renamed};
use engine::inspect::inspect_all;
use engine::plan::{Options, plan};
use engine::renames::RENAMED_FROM;
use schema::Realm;

use super::servers;

async fn inspect(connection: &mut dyn Connection) -> Realm {
    let scope = Scope { bound: connection.target().bound.clone(), ..Scope::default() };
    inspect_all(connection, &scope).await.expect("the schema can be read")
}

async fn run(connection: &mut dyn Connection, statements: &[&str]) {
    for statement in statements {
        connection.execute(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

#[tokio::test]
async fn what_was_called_otherwise_is_renamed() {
    for server in servers("renaming").await {
        let (name, wanted) = (format!("{}_now", server.prefix), format!("{}_wanted", server.prefix));
        let mut connection = server.fresh(&name, true).await;
        let mut other = server.fresh(&wanted, true).await;
        run(connection.as_mut(), &[
            "CREATE TABLE users (id int PRIMARY KEY, nick varchar(20) DEFAULT 'x', KEY by_nick (nick))",
            "CREATE TABLE posts (id int PRIMARY KEY, user int, CONSTRAINT fk FOREIGN KEY (user) REFERENCES users (id))",
            "INSERT INTO users VALUES (1, 'ann'), (2, 'bob')",
            "INSERT INTO posts VALUES (7, 1)",
        ])
        .await;
        run(other.as_mut(), &[
            "CREATE TABLE people (id int PRIMARY KEY, name varchar(20) DEFAULT 'x', KEY by_name (name))",
            "CREATE TABLE posts (id int PRIMARY KEY, author int, KEY fk (author), CONSTRAINT fk FOREIGN KEY (author) REFERENCES people (id))",
        ])
        .await;
        let from = inspect(connection.as_mut()).await;
        let mut to = renamed(&inspect(other.as_mut()).await, &name.as_str().into(), &dialects::MYSQL);
        for table in to.schemas.iter_mut().flat_map(|schema| &mut schema.tables) {
            let table = Arc::make_mut(table);
            if table.name == "people" {
                table.attrs.set(&RENAMED_FROM, "users".to_string());
                table.columns[1].attrs.set(&RENAMED_FROM, "nick".to_string());
                table.indexes[0].attrs.set(&RENAMED_FROM, "by_nick".to_string());
            } else {
                table.columns[1].attrs.set(&RENAMED_FROM, "user".to_string());
            }
        }
        let dialect = connection.dialect();
        let changes = diff(&from, &to, dialect, &Policy::default()).expect("changes");
        let options = Options {
            qualifier: Some(String::new()),
            server: Some(Arc::new(connection.capabilities().clone())),
            ..Options::default()
        };
        let plan = plan(&changes, &from, dialect, &options).expect("a plan");
        let sql = plan.to_sql();
        assert!(sql.contains("RENAME TABLE `users` TO `people`"), "{sql}");
        assert!(sql.contains("RENAME COLUMN `nick` TO `name`"), "{sql}");
        assert!(sql.contains("RENAME COLUMN `user` TO `author`"), "{sql}");
        assert!(sql.contains("RENAME INDEX `by_nick` TO `by_name`"), "{sql}");
        assert!(!sql.contains("DROP"), "{sql}");
        for statement in &plan.statements {
            run(connection.as_mut(), &[&statement.cmd]).await;
        }
        let now = inspect(connection.as_mut()).await;
        let left = diff(&now, &to, dialect, &Policy::default()).expect("changes");
        assert!(left.is_empty(), "{}: {left:#?}\n{sql}", server.name);
        let query = "SELECT count(*) FROM posts JOIN people ON author = people.id WHERE name = 'ann'";
        let rows = connection.query(&Query::new("rows", query)).await.expect("rows");
        assert_eq!(rows.rows[0][0].int(), Some(1), "{}", server.name);
        server.drop(&[&name, &wanted]).await;
    }
}
