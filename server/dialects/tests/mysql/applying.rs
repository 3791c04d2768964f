//! Executing plans on real servers: what stands after a failure, and what is left to do then.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use engine::Scope;
use engine::apply::{Outcome, Report, Silent, TxMode, apply};
use engine::connection::{Cancel, Connection};
use engine::diff::{Policy, diff};
use engine::inspect::{Fingerprint, inspect_all};
use engine::plan::{Options, Plan, plan};
use engine::review::{Approver, Decision, Reviewed};
use schema::Realm;

use super::servers;

struct Yes;

#[async_trait]
impl Approver for Yes {
    async fn approve(&self, _: &Reviewed) -> Decision {
        Decision::Approve
    }
}

fn scope(connection: &dyn Connection) -> Scope {
    Scope { bound: connection.target().bound.clone(), ..Scope::default() }
}

async fn inspect(connection: &mut dyn Connection) -> Realm {
    let scope = scope(connection);
    inspect_all(connection, &scope).await.expect("the schema can be read")
}

fn planned(connection: &dyn Connection, from: &Realm, to: &Realm) -> Plan {
    let dialect = connection.dialect();
    let changes = diff(from, to, dialect, &Policy::default()).expect("changes");
    let server = Some(Arc::new(connection.capabilities().clone()));
    let options = Options { qualifier: Some(String::new()), server, ..Options::default() };
    plan(&changes, from, dialect, &options).expect("a plan")
}

async fn execute(connection: &mut dyn Connection, plan: Plan, base: Realm) -> Report {
    let base = Fingerprint::new(Arc::new(base), scope(connection));
    let reviewed = Reviewed::new(plan, connection.target().clone(), Vec::new(), base);
    let approved = reviewed.approve(&Yes).await.expect("approved");
    apply(approved, connection, TxMode::File, Duration::from_secs(5), &Silent, &Cancel::new()).await
}

async fn run(connection: &mut dyn Connection, statements: &[&str]) {
    for statement in statements {
        connection.execute(statement).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }
}

#[tokio::test]
async fn what_was_done_before_a_failure_stands_and_the_next_plan_is_the_rest() {
    for server in servers("applying").await {
        let (name, wanted) = (format!("{}_now", server.prefix), format!("{}_wanted", server.prefix));
        let mut connection = server.fresh(&name, true).await;
        let mut other = server.fresh(&wanted, true).await;
        let parts = ["CREATE TABLE a (id int NOT NULL)", "CREATE TABLE b (id int NOT NULL, x int)"];
        run(connection.as_mut(), &parts).await;
        run(connection.as_mut(), &["INSERT INTO b VALUES (1, 7), (2, 7)"]).await;
        run(other.as_mut(), &["CREATE TABLE a (id int NOT NULL, more int)", "CREATE TABLE c (id int)"]).await;
        run(other.as_mut(), &["CREATE TABLE b (id int NOT NULL, x int, UNIQUE KEY u (x))"]).await;

        let base = inspect(connection.as_mut()).await;
        let wish =
            engine::diff::renamed(&inspect(other.as_mut()).await, &name.as_str().into(), &dialects::MYSQL);
        let plan = planned(connection.as_ref(), &base, &wish);
        let commands: Vec<String> = plan.statements.iter().map(|statement| statement.cmd.clone()).collect();
        assert_eq!(commands.len(), 3, "{commands:#?}");
        assert_eq!(
            commands[..2],
            ["ALTER TABLE `a` ADD COLUMN `more` int NULL", "ALTER TABLE `b` ADD UNIQUE INDEX `u` (`x`)"]
        );
        let report = execute(connection.as_mut(), plan, base.clone()).await;
        let failed = "Error 1062 (23000): Duplicate entry '7' for key ";
        assert_eq!(report.outcomes[0], Outcome::Applied, "{}", server.name);
        assert!(
            matches!(&report.outcomes[1], Outcome::Failed(message) if message.starts_with(failed)),
            "{}: {:?}",
            server.name,
            report.outcomes
        );
        assert_eq!(report.outcomes[2], Outcome::NotRun);
        assert!(report.error.is_some());

        // The truth is in the database: the rest of the plan is what it lacks.
        let now = inspect(connection.as_mut()).await;
        let next = planned(connection.as_ref(), &now, &wish);
        let left: Vec<String> = next.statements.iter().map(|statement| statement.cmd.clone()).collect();
        assert_eq!(left, commands[1..], "{}", server.name);
        // The old plan was made for another state, and is refused whole.
        let old = planned(connection.as_ref(), &base, &wish);
        let again = execute(connection.as_mut(), old, base).await;
        assert!(matches!(again.error, Some(engine::Error::Drift { .. })), "{:?}", again.error);
        assert!(again.outcomes.iter().all(|outcome| *outcome == Outcome::NotRun));

        run(connection.as_mut(), &["UPDATE b SET x = id"]).await;
        let base = inspect(connection.as_mut()).await;
        let report = execute(connection.as_mut(), next, base).await;
        assert!(report.error.is_none(), "{:?}", report.error);
        server.drop(&[&name, &wanted]).await;
    }
}

#[tokio::test]
async fn a_dev_database_is_left_as_it_was_found() {
    for server in servers("dev").await {
        let name = format!("{}_schema", server.prefix);
        let mut connection = server.fresh(&name, true).await;
        let before = inspect(connection.as_mut()).await;
        let session = connection.dialect().session;
        assert_eq!(session.dirt(&before, &scope(connection.as_ref())), None);
        run(
            connection.as_mut(),
            &[
                &format!("ALTER DATABASE `{name}` CHARSET latin1 COLLATE latin1_bin"),
                "CREATE TABLE a (id int PRIMARY KEY)",
                "CREATE TABLE b (id int PRIMARY KEY, a int, CONSTRAINT fb FOREIGN KEY (a) REFERENCES a (id))",
                "ALTER TABLE a ADD COLUMN b int, ADD CONSTRAINT fa FOREIGN KEY (b) REFERENCES b (id)",
                "CREATE VIEW v AS SELECT id FROM a",
                "CREATE TRIGGER tr BEFORE INSERT ON a FOR EACH ROW SET @x = 1",
                "CREATE PROCEDURE p() SELECT 1",
            ],
        )
        .await;
        let left = inspect(connection.as_mut()).await;
        let dirt = session.dirt(&left, &scope(connection.as_ref()));
        assert_eq!(dirt, Some(format!("found table \"a\" in schema {name:?}")), "{}", server.name);
        for statement in session.restore(&left, &before) {
            run(connection.as_mut(), &[&statement]).await;
        }
        assert_eq!(inspect(connection.as_mut()).await, before, "{}", server.name);
        server.drop(&[&name]).await;
    }
}
