//! Dev databases in containers, against a stand-in for the Docker engine.
//!
//! No Docker engine runs where these tests do. The stand-in speaks the engine's HTTP on a Unix socket and, instead of a
//! container, starts a real PostgreSQL of the system's packages with the password and the database it was asked for; the
//! port is known at once and the server answers later, as with a container.
#![cfg(unix)]
// What was skipped is for the person who reads the output.
#![allow(clippy::print_stdout)]

#[path = "docker/engine.rs"]
mod engine_stand_in;

use std::time::Duration;

use dialects::{MARIADB, MYSQL, POSTGRES};
use drivers::Drivers;
use engine::connection::{Access, Connector, DbErrorKind};
use engine::{Connection, DatabaseUrl, DbError, Dialects, Query, Value};

use self::engine_stand_in::StandIn;

static DIALECTS: &[&engine::Dialect] = &[&POSTGRES, &MYSQL, &MARIADB];

async fn open(host: &'static str, url: &str) -> Result<Box<dyn Connection>, DbError> {
    let url = DatabaseUrl::parse(url).unwrap();
    Drivers::new(Dialects(DIALECTS)).with_docker_host(host).open(&url, Access::Write).await
}

async fn one(connection: &mut dyn Connection, sql: &'static str) -> Value {
    let rows = connection.query(&Query::new("test", sql)).await.unwrap();
    rows.rows[0][0].clone()
}

async fn refused(host: &'static str, url: &str) -> (DbErrorKind, String) {
    match open(host, url).await {
        Ok(_) => panic!("it was opened"),
        Err(error) => (error.kind, error.message),
    }
}

#[tokio::test]
async fn a_container_lives_as_long_as_its_connection() {
    let Some(engine) = StandIn::start() else { return };
    let mut connection = open(engine.host(), "docker://postgres/15/dev?search_path=public").await.unwrap();
    assert_eq!(one(connection.as_mut(), "SELECT current_database()::text").await, Value::Text("dev".into()));
    assert_eq!(connection.target().bound.as_deref(), Some("public"));
    assert_eq!(connection.target().url, "docker://postgres/15/dev?search_path=public");
    connection.execute("CREATE TABLE t (a int)").await.unwrap();
    assert_eq!(engine.containers(), 1);
    connection.close().await.unwrap();
    assert_eq!(engine.containers(), 0);
    // The image is there now; a connection that is only dropped removes its container too.
    let connection = open(engine.host(), "docker://postgres/15/dev").await.unwrap();
    assert_eq!(engine.containers(), 1);
    drop(connection);
    assert_eq!(engine.containers(), 0);
    assert_eq!(engine.pulled(), ["postgres:15"]);
}

#[tokio::test]
async fn a_database_the_image_does_not_make_is_made() {
    let Some(engine) = StandIn::start() else { return };
    let mut connection = open(engine.host(), "docker+postgis://_/acme/geo:1/\"my\"").await.unwrap();
    assert_eq!(
        one(connection.as_mut(), "SELECT current_database()::text").await,
        Value::Text("\"my\"".into())
    );
    connection.close().await.unwrap();
    assert_eq!(engine.pulled(), ["acme/geo:1"]);
}

#[tokio::test]
async fn what_does_not_start_is_removed_and_its_last_words_are_told() {
    let Some(engine) = StandIn::start() else { return };
    let (kind, message) = refused(engine.host(), "docker://postgres/ends-at-once/dev").await;
    assert_eq!(kind, DbErrorKind::Unreachable);
    assert!(message.starts_with("docker image postgres:ends-at-once: dial tcp 127.0.0.1:"), "{message}");
    assert!(message.ends_with("; the container ended: initdb: no space left"), "{message}");
    assert_eq!(engine.containers(), 0);
    let absent = refused(engine.host(), "docker://postgres/absent/dev").await;
    let text = "docker: pulling postgres:absent: manifest for postgres:absent not found".to_owned();
    assert_eq!(absent, (DbErrorKind::Other, text));
    let unknown = refused(engine.host(), "docker://oracle/23/dev").await;
    assert_eq!(unknown, (DbErrorKind::Url, "unsupported docker image \"oracle\"".to_owned()));
    assert_eq!(engine.containers(), 0);
}

#[tokio::test]
async fn a_container_nobody_waits_for_is_removed() {
    let Some(engine) = StandIn::start() else { return };
    let opening = open(engine.host(), "docker://postgres/never-ready/dev");
    // As after Ctrl-C: the wait is dropped in the middle.
    let waited = tokio::time::timeout(Duration::from_millis(400), opening).await;
    assert!(waited.is_err());
    assert_eq!(engine.made(), 1);
    assert_eq!(engine.containers(), 0);
}

#[tokio::test]
async fn what_a_docker_block_says_is_done_before_anyone_looks() {
    let Some(engine) = StandIn::start() else { return };
    let url = "docker+postgres://_/postgres:15/dev?search_path=public&docker.init=CREATE%20ROLE%20app&docker.baseline=CREATE%20SCHEMA%20auth%20AUTHORIZATION%20app%3B%0ACREATE%20TABLE%20auth.users%20(id%20int)&docker.command=postgres&docker.command=-F&docker.platform=linux%2Famd64&docker.host=db:10.0.0.1";
    let mut connection = open(engine.host(), url).await.unwrap();
    let owner = "SELECT tableowner::text || ' ' || tablename FROM pg_tables WHERE schemaname = 'auth'";
    assert_eq!(one(connection.as_mut(), owner).await, Value::Text("postgres users".into()));
    assert!(connection.is_disposable());
    // What it ran may hold secrets.
    assert!(!connection.target().url.contains("AUTHORIZATION"), "{}", connection.target().url);
    connection.close().await.unwrap();
    let asked = &engine.asked()[0];
    assert_eq!(asked["Cmd"], serde_json::json!(["postgres", "-F"]));
    assert_eq!(asked["HostConfig"]["ExtraHosts"], serde_json::json!(["db:10.0.0.1"]));
    let (kind, message) =
        refused(engine.host(), "docker+postgres://_/postgres:15/dev?docker.baseline=CREATE%20nothing").await;
    assert_eq!(kind, DbErrorKind::Other);
    let text =
        "docker image postgres:15: baseline: pq: syntax error at or near \"nothing\" at column 8 (42601)";
    assert_eq!(message, text);
    assert_eq!(engine.containers(), 0);
}

#[tokio::test]
async fn an_image_is_built_where_it_says_how() {
    let Some(engine) = StandIn::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let url = format!(
        "docker+postgres://_/acme/pg:15/dev?docker.build={}&docker.build.target=dev&docker.build.arg=A=b%20c",
        folder.path().display()
    );
    let nothing = refused(engine.host(), &url).await;
    let text = "docker: building acme/pg:15: Cannot locate specified Dockerfile: Dockerfile".to_owned();
    assert_eq!(nothing, (DbErrorKind::Other, text));
    std::fs::write(folder.path().join("Dockerfile"), "FROM postgres:15").unwrap();
    let connection = open(engine.host(), &url).await.unwrap();
    connection.close().await.unwrap();
    let built = engine.built();
    assert_eq!(built[0].query, "t=acme%2Fpg%3A15&target=dev&buildargs=%7B%22A%22%3A%22b%20c%22%7D");
    assert_eq!(built[0].files, ["Dockerfile"]);
    assert!(engine.pulled().is_empty());
}

#[tokio::test]
async fn mysql_and_mariadb_in_containers() {
    let Some(engine) = StandIn::start() else { return };
    if engine_stand_in::mariadbd().is_none() {
        println!("skipped: no mariadbd in /usr/sbin");
        return;
    }
    let baseline = "docker.baseline=CREATE%20TABLE%20given%20(id%20int)";
    for url in
        [format!("docker://mariadb/10/dev?{baseline}"), format!("docker+mysql://_/mysql:8/dev?{baseline}")]
    {
        let mut connection = open(engine.host(), &url).await.unwrap();
        assert_eq!(connection.target().bound.as_deref(), Some("dev"));
        let tables = "SELECT CONCAT(table_schema, '.', table_name) FROM information_schema.tables WHERE table_schema = DATABASE()";
        assert_eq!(one(connection.as_mut(), tables).await, Value::Text("dev.given".into()));
        connection.close().await.unwrap();
        assert_eq!(engine.containers(), 0);
    }
    assert_eq!(engine.pulled(), ["arigaio/mariadb:10", "mysql:8"]);
}

#[tokio::test]
async fn no_engine() {
    let nobody = refused("unix:///no/docker.sock", "docker://postgres/15/dev").await;
    let text = "docker: cannot reach the Docker engine at unix:///no/docker.sock: no such file or directory";
    assert_eq!(nobody, (DbErrorKind::Unreachable, text.to_owned()));
}
