//! The project as front ends use it: set inputs, ask, answer what is wanted, ask again.

use std::sync::Arc;

use expect_test::{Expect, expect};
use hcl::Value;
use schema::{Realm, Schema};
use smol_str::SmolStr;
use text::{Text, TextRange};

use crate::{Answer, Content, Entry, Fact, Path, PlanState, Project, Selection, Snapshot, Want};

/// Files as `-- name --` sections.
fn files(fixture: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in fixture.trim_start().lines() {
        match line.strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --")) {
            Some(name) => files.push((name.to_owned(), String::new())),
            None => {
                if let Some((_, text)) = files.last_mut() {
                    text.push_str(line);
                    text.push('\n');
                }
            }
        }
    }
    files
}

struct World {
    files: Vec<(String, String)>,
    /// What databases hold.
    realm: Option<Arc<Realm>>,
}

impl World {
    fn answer(&self, project: &mut Project, want: &Want) {
        let answer = match want {
            Want::File(path) => {
                let found = self.files.iter().find(|(name, _)| path.as_str() == format!("/p/{name}"));
                let content = found.map_or(Content::Missing, |(_, text)| Content::Text(Text::new(text)));
                project.set_file(path.clone(), content);
                return;
            }
            Want::Directory(path) => {
                let prefix = format!("{path}/");
                let mut entries: Vec<Entry> = Vec::new();
                for (name, _) in &self.files {
                    let full = format!("/p/{name}");
                    if let Some(rest) = full.strip_prefix(&prefix) {
                        let name = SmolStr::from(rest.split('/').next().unwrap_or(rest));
                        let directory = rest.contains('/');
                        if !entries.iter().any(|entry| entry.name == name) {
                            entries.push(Entry { name, directory });
                        }
                    }
                }
                if entries.is_empty() {
                    Answer::Failed("no such file or directory".to_owned())
                } else {
                    Answer::Entries(entries)
                }
            }
            Want::Env(name) => Answer::Value(Value::string(format!("<{name}>"))),
            Want::Database(_) => match &self.realm {
                Some(realm) => Answer::Realm(realm.clone(), Arc::default()),
                None => Answer::Failed("unable to open database file: no such file or directory".to_owned()),
            },
            _ => Answer::Refused("not allowed".to_owned()),
        };
        project.set_fact(want.clone(), Fact { answer, time: 1_000 });
    }
}

fn load(fixture: &str, realm: Option<Realm>) -> (Project, World) {
    let world = World { files: files(fixture), realm: realm.map(Arc::new) };
    let mut project = Project::new(dialects::all());
    for (name, text) in &world.files {
        if name.ends_with("atlas.hcl") {
            project.set_file(Path::new(&format!("/p/{name}")), Content::Text(Text::new(text)));
        }
    }
    settle(&mut project, &world);
    (project, world)
}

fn settle(project: &mut Project, world: &World) {
    let mut asked = std::collections::BTreeSet::new();
    loop {
        let wanted = project.snapshot().wanted(&project.snapshot().files());
        let new: Vec<Want> = wanted.into_iter().filter(|want| asked.insert(want.clone())).collect();
        if new.is_empty() {
            return;
        }
        for want in new {
            world.answer(project, &want);
        }
    }
}

fn config() -> Path {
    Path::new("/p/atlas.hcl")
}

fn empty() -> Realm {
    Realm { schemas: vec![Schema::new("main")], ..Realm::default() }
}

fn check_plan(fixture: &str, env: &str, expect: Expect) {
    let (mut project, world) = load(fixture, Some(empty()));
    project.select(config(), Selection { env: Some(env.into()), vars: Vec::new() });
    settle(&mut project, &world);
    let snapshot = project.snapshot();
    expect.assert_eq(&snapshot.plan(&config(), env).text(&snapshot, Some(13_000)).text);
}

fn check_problems(fixture: &str, env: Option<&str>, expect: Expect) {
    let (mut project, world) = load(fixture, Some(empty()));
    project.select(config(), Selection { env: env.map(SmolStr::from), vars: Vec::new() });
    settle(&mut project, &world);
    let evaluated = project.snapshot().evaluate(&config(), env);
    let text = project.snapshot().text(project.snapshot().file(&config()).unwrap()).unwrap().clone();
    let lines: Vec<String> = evaluated
        .diagnostics
        .iter()
        .map(|found| format!("{:?}: {}", text.slice(found.range), found.message))
        .collect();
    expect.assert_eq(&lines.join("\n"));
}

const TWO_FILES: &str = r#"
-- atlas.hcl --
env "local" {
  url = "sqlite://user:secret@app.db?password=pw"
  src = ["file://users.lt.hcl", "file://posts.lt.hcl"]
}
-- users.lt.hcl --
schema "main" {}
table "users" {
  schema = schema.main
  column "id" {
    type = int
  }
  primary_key {
    columns = [column.id]
  }
}
-- posts.lt.hcl --
table "posts" {
  schema = schema.main
  column "author" {
    type = int
  }
  foreign_key "author" {
    columns     = [column.author]
    ref_columns = [table.users.column.id]
  }
}
"#;

#[test]
fn the_plan_names_its_target_its_sources_and_every_statement() {
    check_plan(
        TWO_FILES,
        "local",
        expect![[r#"
        -- Plan of env "local"
        -- Target: sqlite://user:xxxxx@app.db?password=xxxxx, inspected 12 s ago
        -- Desired state: posts.lt.hcl, users.lt.hcl
        -- 2 statements

        -- Create "posts" table
        -- from posts.lt.hcl:1
        CREATE TABLE `posts` (
          `author` int NOT NULL,
          CONSTRAINT `author` FOREIGN KEY (`author`) REFERENCES `users` (`id`)
        );

        -- Create "users" table
        -- from users.lt.hcl:2
        CREATE TABLE `users` (
          `id` int NOT NULL,
          PRIMARY KEY (`id`)
        );
    "#]],
    );
}

#[test]
fn a_sql_file_imports_what_it_needs() {
    let fixture = |extra: &str| {
        format!(
            "-- atlas.hcl --\nenv \"local\" {{\n  url = \"sqlite://app.db\"\n  src = \"file://main.sql\"\n}}\n\
             -- main.sql --\n-- atlas:import tables/\n-- atlas:import views.sql\n\nCREATE INDEX i ON a (x);\n\
             -- tables/a.sql --\n-- atlas:import b.sql\nCREATE TABLE a (x int REFERENCES b (x));\n\
             -- tables/b.sql --\n{extra}CREATE TABLE b (x int);\n\
             -- views.sql --\n-- atlas:import tables/a.sql\nCREATE VIEW v AS SELECT x FROM a;\n"
        )
    };
    check_plan(
        &fixture(""),
        "local",
        expect![[r#"
        -- Plan of env "local"
        -- Target: sqlite://app.db, inspected 12 s ago
        -- Desired state: tables/b.sql and 3 more files
        -- 4 statements

        -- Create "b" table
        -- from tables/b.sql:1
        CREATE TABLE `b` (
          `x` int NULL
        );

        -- Create "a" table
        -- from tables/a.sql:2
        CREATE TABLE `a` (
          `x` int NULL,
          CONSTRAINT `0` FOREIGN KEY (`x`) REFERENCES `b` (`x`) ON UPDATE NO ACTION ON DELETE NO ACTION
        );

        -- Create index "i" to table: "a"
        -- from main.sql:4
        CREATE INDEX `i` ON `a` (`x`);

        -- Create "v" view
        -- from views.sql:2
        CREATE VIEW `v` AS SELECT x FROM a;
    "#]],
    );
    check_plan(
        &fixture("-- atlas:import a.sql\n"),
        "local",
        expect![[r#"
        -- Plan of env "local"
        -- Target: sqlite://app.db
        -- There is no plan: atlas:import: files import each other: a.sql -> b.sql -> a.sql
    "#]],
    );
    check_plan(
        &fixture("-- atlas:import nope.sql\n"),
        "local",
        expect![[r#"
        -- Plan of env "local"
        -- Target: sqlite://app.db
        -- There is no plan: atlas:import: stat /p/tables/nope.sql: no such file or directory
    "#]],
    );
}

#[test]
fn without_a_known_state_there_is_no_plan() {
    let (project, _) = load(TWO_FILES, None);
    let snapshot = project.snapshot();
    let text = snapshot.plan(&config(), "local").text(&snapshot, None).text;
    assert!(text.contains("could not be inspected: unable to open database file"), "{text}");
    assert!(!text.contains("CREATE"), "{text}");

    // Before anybody answered, the plan says which fact is missing.
    let mut project = Project::new(dialects::all());
    for (name, text) in files(TWO_FILES) {
        project.set_file(Path::new(&format!("/p/{name}")), Content::Text(Text::new(&text)));
    }
    let plan = project.snapshot().plan(&config(), "local");
    assert!(matches!(&plan.state, PlanState::Missing(wants) if matches!(wants[..], [Want::Database(_)])));
}

#[test]
fn an_edit_changes_the_plan_and_shares_every_other_table() {
    let (mut project, _) = load(TWO_FILES, Some(empty()));
    let before = project.snapshot();
    let users = |snapshot: &Snapshot| {
        let state = snapshot.desired(&config(), "local").state().unwrap().clone();
        state.realm.schemas[0].table("users").unwrap().clone()
    };
    let file = before.file(&Path::new("/p/posts.lt.hcl")).unwrap();
    let at = before.text(file).unwrap().to_string().find("\"author\"").unwrap() as u32;
    project.edit_file(file, |text| text.edit(TextRange::at((at + 1).into(), 6.into()), "writer"));
    let after = project.snapshot();
    assert!(Arc::ptr_eq(&users(&before), &users(&after)));
    let text = after.plan(&config(), "local").text(&after, None).text;
    assert!(text.contains("`writer`"), "{text}");
}

#[test]
fn an_unlabeled_env_takes_the_chosen_name() {
    check_plan(
        r#"
-- atlas.hcl --
env {
  name = atlas.env
  url  = "sqlite://${atlas.env}.db"
  src  = "schema.sql"
}
-- schema.sql --
CREATE TABLE t (id int);
"#,
        "staging",
        expect![[r#"
            -- Plan of env "staging"
            -- Target: sqlite://staging.db, inspected 12 s ago
            -- Desired state: schema.sql
            -- 1 statement

            -- Create "t" table
            -- from schema.sql:1
            CREATE TABLE `t` (
              `id` int NULL
            );
        "#]],
    );
}

#[test]
fn a_directory_of_sql_is_read_in_name_order() {
    check_plan(
        r#"
-- atlas.hcl --
env "dev" {
  url = "sqlite://a.db"
  src = "file://schema"
}
-- schema/2.sql --
CREATE INDEX i ON t (id);
-- schema/1.sql --
CREATE TABLE t (id int);
-- schema/notes.txt --
Not SQL.
"#,
        "dev",
        expect![[r#"
            -- Plan of env "dev"
            -- Target: sqlite://a.db, inspected 12 s ago
            -- Desired state: schema/1.sql, schema/2.sql
            -- 2 statements

            -- Create "t" table
            -- from schema/1.sql:1
            CREATE TABLE `t` (
              `id` int NULL
            );

            -- Create index "i" to table: "t"
            -- from schema/2.sql:1
            CREATE INDEX `i` ON `t` (`id`);
        "#]],
    );
}

#[test]
fn data_sources_give_schemas_with_variables() {
    check_plan(
        r#"
-- atlas.hcl --
data "hcl_schema" "app" {
  path = "schema.lt.hcl"
  vars = {
    name = "things"
  }
}
env "dev" {
  url = "sqlite://a.db"
  src = data.hcl_schema.app.url
}
-- schema.lt.hcl --
variable "name" {
  type = string
}
schema "main" {}
table "t" {
  schema = schema.main
  column "kind" {
    type    = text
    default = var.name
  }
}
"#,
        "dev",
        expect![[r#"
            -- Plan of env "dev"
            -- Target: sqlite://a.db, inspected 12 s ago
            -- Desired state: schema.lt.hcl
            -- 1 statement

            -- Create "t" table
            -- from schema.lt.hcl:5
            CREATE TABLE `t` (
              `kind` text NOT NULL DEFAULT 'things'
            );
        "#]],
    );
}

#[test]
fn another_product_is_not_analysed() {
    check_plan(
        r#"
-- atlas.hcl --
env "dev" {
  url = "clickhouse://u:pw@localhost:9000/db"
  src = "file://schema.ch.hcl"
}
-- schema.ch.hcl --
table "t" {}
"#,
        "dev",
        expect![[r#"
            -- Plan of env "dev"
            -- Target: clickhouse://u:xxxxx@localhost:9000/db
            -- Desired state: schema.ch.hcl
            -- Not analysed: clickhouse is not analysed yet
        "#]],
    );
}

#[test]
fn cycles_and_unknown_names_are_said_once_at_their_place() {
    check_problems(
        r#"
-- atlas.hcl --
locals {
  a = local.b
  b = local.a
}
env "dev" {
  url = local.nope
  src = data.sql.missing.value
}
"#,
        Some("dev"),
        expect![[r#"
            "local.b": cyclic reference to "local.a"
            ".nope": this object does not have an attribute named "nope"
            ".missing": data.sql.missing does not exist"#]],
    );
}

#[test]
fn what_takes_a_refused_fact_is_nobodys_mistake() {
    check_problems(
        r#"
-- atlas.hcl --
variable "tenant" {
  type = string
}
data "external" "secret" {
  program = ["vault", "read"]
}
env "dev" {
  url = "sqlite://${jsondecode(data.external.secret).path}.db"
  dev = getenv("DEV_URL")
  src = "file://${var.tenant}.hcl"
}
"#,
        Some("dev"),
        expect![[""]],
    );
}

#[test]
fn envs_that_were_not_chosen_are_not_evaluated() {
    check_problems(
        r#"
-- atlas.hcl --
env "broken" {
  url = local.nothing.here
}
env "dev" {
  url = "sqlite://a.db"
}
"#,
        Some("dev"),
        expect![[""]],
    );
}

#[test]
fn secrets_never_print() {
    let (project, _) = load(TWO_FILES, Some(empty()));
    let snapshot = project.snapshot();
    let plan = snapshot.plan(&config(), "local");
    let shown = format!("{:?} {:?} {:?}", plan.target, snapshot.env(&config(), "local"), snapshot.facts());
    assert!(!shown.contains("secret") && !shown.contains("=pw"), "{shown}");
}

#[test]
fn a_file_that_cannot_be_read_is_not_an_empty_one() {
    let (mut project, _) = load(TWO_FILES, Some(empty()));
    project.set_file(Path::new("/p/posts.lt.hcl"), Content::Binary);
    let snapshot = project.snapshot();
    let text = snapshot.plan(&config(), "local").text(&snapshot, None).text;
    assert!(text.contains("There is no plan: /p/posts.lt.hcl is not UTF-8 text"), "{text}");
}

#[test]
fn files_of_other_programs_are_left_alone() {
    let fixture = r#"
-- atlas.hcl --
env "dev" {
  url = "clickhouse://localhost/db"
  src = "file://schema.ch.hcl"
}
-- schema.ch.hcl --
schema "public" {}
-- versions.hcl --
provider "x" {
  version = 1
}
-- query.sql --
SELECT a FROM t;
-- plain.hcl --
schema "main" {}
"#;
    let mut project = Project::new(dialects::all());
    for (name, text) in files(fixture) {
        project.set_file(Path::new(&format!("/p/{name}")), Content::Text(Text::new(&text)));
    }
    let snapshot = project.snapshot();
    let info = |name: &str| snapshot.info(snapshot.file(&Path::new(&format!("/p/{name}"))).unwrap());
    assert_eq!(info("versions.hcl").role, crate::Role::Other);
    // The env beside it is of a product we do not understand yet, so nothing in the query is judged.
    assert!(info("query.sql").dialect().is_none());
    assert_eq!(info("plain.hcl").dialect().map(|dialect| dialect.name), Some("sqlite"));
}

#[test]
fn dev_databases_in_containers_are_urls() {
    let fixture = r#"
-- atlas.hcl --
variable "tag" {
  type    = string
  default = "15"
}
docker "postgres" "dev" {
  image    = "postgres:${var.tag}"
  schema   = "public"
  database = "app"
  baseline = <<-SQL
    CREATE SCHEMA "auth";
  SQL
}
docker "mysql" "dev" {
  image  = "ghcr.io/acme/mysql"
  schema = "app"
}
docker "mariadb" "built" {
  image = "acme/maria:1"
  build {
    context = "images/maria"
    target  = "dev"
    args    = { VERSION = "10.11" }
  }
  command = ["--sql-mode="]
}
dev "postgres" "shared" {
  url = "postgres://localhost/dev"
}
env "pg" {
  dev = docker.postgres.dev.url
}
env "my" {
  dev = docker.mysql.dev.url
}
env "built" {
  dev = docker.mariadb.built.url
}
env "shared" {
  dev = dev.postgres.shared.url
}
env "none" {
  dev = docker.postgres.other.url
}
"#;
    let (mut project, world) = load(fixture, None);
    let mut lines = Vec::new();
    for env in ["pg", "my", "built", "shared", "none"] {
        project.select(config(), Selection { env: Some(env.into()), vars: Vec::new() });
        settle(&mut project, &world);
        let evaluated = project.snapshot().evaluate(&config(), Some(env));
        let dev = match &evaluated.envs[0].dev {
            crate::Setting::Set { value, .. } => value.0.clone(),
            other => format!("{other:?}"),
        };
        lines.push(format!("{env}: {dev}"));
        lines.extend(evaluated.diagnostics.iter().map(|found| found.message.to_string()));
    }
    expect![[r#"
        pg: docker+postgres://_/postgres:15/app?search_path=public&docker.baseline=CREATE%20SCHEMA%20%22auth%22%3B%0A
        my: docker+mysql://_/ghcr.io/acme/mysql:latest/app
        built: docker+mariadb://_/acme/maria:1?docker.command=--sql-mode%3D&docker.build=%2Fp%2Fimages%2Fmaria&docker.build.target=dev&docker.build.arg=VERSION%3D10.11
        shared: postgres://localhost/dev
        none: Unknown { range: 735..760 }
        this object does not have an attribute named "other""#]]
    .assert_eq(&lines.join("\n"));
}
