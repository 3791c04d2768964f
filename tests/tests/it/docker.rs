//! `docker` blocks of an `atlas.hcl`, against the drivers' stand-in for a Docker engine, which starts a real server.

// What was skipped is for the person who reads the output.
#![allow(clippy::print_stdout)]

#[path = "../../../server/drivers/tests/docker/engine.rs"]
mod engine;

use tests::{Client, Config, Workspace};

use self::engine::StandIn;

const CONFIG: &str = r#"-- atlas.hcl --
docker "postgres" "dev" {
  image    = "postgres:15"
  schema   = "public"
  baseline = <<-SQL
    CREATE SCHEMA auth;
    CREATE TYPE auth.level AS ENUM ('low', 'high');
    CREATE TABLE leftover (id int);
  SQL
}
docker "mariadb" "dev" {
  image  = "mariadb:10"
  schema = "dev"
}
env "pg" {
  src = "file://schema.sql"
  dev = docker.postgres.dev.url
}
env "my" {
  src = "file://schema.my.hcl"
  dev = docker.mariadb.dev.url
}
-- schema.sql --
CREATE TABLE users (id int NOT NULL PRIMARY KEY, level auth.level NOT NULL DEFAULT 'low');
-- schema.my.hcl --
schema "dev" {
}
table "users" {
  schema = schema.dev
  column "id" {
    null = false
    type = int
  }
}
"#;

#[test]
fn a_block_is_the_dev_database_of_an_env() {
    let Some(engine) = StandIn::start() else { return };
    let workspace = Workspace::new(CONFIG);
    let host = [("DOCKER_HOST", engine.host())];
    let run = |env: &str| {
        let args = ["schema", "inspect", "--env", env, "--url", "env://src"];
        let output = workspace.run_with(&args, &host);
        assert_eq!(output.code, 0, "{}", output.render());
        assert_eq!(engine.containers(), 0);
        output.stdout
    };
    // What the baseline made is there to be used, and is not part of the schema.
    let postgres = run("pg");
    assert!(postgres.contains("table \"users\"") && !postgres.contains("leftover"), "{postgres}");
    assert!(postgres.contains("auth.level"), "{postgres}");
    assert_eq!(engine.made(), 1);
    if engine::mariadbd().is_none() {
        println!("skipped: no mariadbd in /usr/sbin");
        return;
    }
    let mariadb = run("my");
    assert!(mariadb.contains("table \"users\""), "{mariadb}");
    assert_eq!(engine.made(), 2);
}

#[test]
fn an_editor_starts_nothing_for_a_workspace_it_does_not_trust() {
    let Some(engine) = StandIn::start() else { return };
    let workspace = Workspace::new(CONFIG);
    let environment = vec![("DOCKER_HOST".to_owned(), engine.host().to_owned())];
    let mut client = Client::start(&workspace, Config { environment, ..Config::untrusted() });
    for (name, language) in
        [("atlas.hcl", "atlas-config"), ("schema.my.hcl", "atlas-schema-mysql"), ("schema.sql", "sql")]
    {
        let uri = workspace.uri(name);
        client.open(&uri, language, &workspace.read(name));
        let found = client.diagnostics(&uri);
        assert_eq!(found.len(), 0, "{found:?}");
    }
    client.shutdown();
    assert_eq!(engine.made(), 0);
}
