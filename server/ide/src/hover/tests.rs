//! Hover as tables of texts.

use expect_test::{Expect, expect};

use super::hover;
use crate::fixture::Fixture;

const SCHEMA: &str = r#"-- schema.lt.hcl --
schema "main" {}
table "teams" {
  schema = schema.main
  column "id" {
    type = integer
  }
  primary_key {
    columns = [column.id]
  }
}
table "users" {
  schema = schema.main
  column "id" {
    type = integer
  }
  column "team_id" {
    type    = int
    null    = true
    default = 1
  }
  primary_key {
    columns = [column.id]
  }
  foreign_key "team" {
    columns     = [column.team_id]
    ref_columns = [table.teams.column.id]
    on_delete   = CASCADE
  }
  index "by_team" {
    columns = [column.team_id]
  }
}
"#;

fn check(text: &str, expect: Expect) {
    let fixture = Fixture::new("schema.lt.hcl", text);
    expect.assert_eq(&shown(&fixture));
}

fn shown(fixture: &Fixture) -> String {
    let (file, offset) = fixture.cursor();
    match hover(&fixture.snapshot, file, offset) {
        Some(hover) => {
            assert!(hover.range.contains_inclusive(offset), "{hover:?}");
            format!("[{}]\n{}\n", fixture.slice(file, hover.range), hover.markdown)
        }
        None => "nothing\n".to_owned(),
    }
}

/// At the first `find` of the schema, `$0` in it.
fn at(find: &str, expect: Expect) {
    let plain = find.replace("$0", "");
    assert!(SCHEMA.contains(&plain), "{find}");
    check(&SCHEMA.replacen(&plain, find, 1), expect);
}

#[test]
fn names_show_what_they_stand_for() {
    at(
        "table.te$0ams",
        expect![[r#"
        [teams]
        ```sql
        table teams (
          id integer not null,
          primary key (id)
        )
        ```

        Defined in `schema.lt.hcl`, line 2
    "#]],
    );
    at(
        "teams.column.i$0d",
        expect![[r#"
        [id]
        ```sql
        teams.id integer not null
        ```

        Part of the primary key.

        Defined in `schema.lt.hcl`, line 4
    "#]],
    );
    at(
        "[column.team$0_id]",
        expect![[r#"
        [team_id]
        ```sql
        users.team_id int default 1
        ```

        Refers to `teams (id)`.

        Indexed by `by_team`.

        Defined in `schema.lt.hcl`, line 16
    "#]],
    );
    at(
        "schema.ma$0in",
        expect![[r#"
        [main]
        **schema main**: 2 tables, 0 views

        Defined in `schema.lt.hcl`, line 1
    "#]],
    );
}

#[test]
fn definitions_show_what_they_define() {
    at(
        "table \"us$0ers\"",
        expect![[r#"
        [users]
        ```sql
        table users (
          id      integer not null,
          team_id int default 1,
          primary key (id),
          constraint team foreign key (team_id) references teams (id) on delete cascade,
          index by_team (team_id)
        )
        ```

        Defined in `schema.lt.hcl`, line 11
    "#]],
    );
    at(
        "column \"team$0_id\"",
        expect![[r#"
        [team_id]
        ```sql
        users.team_id int default 1
        ```

        Refers to `teams (id)`.

        Indexed by `by_team`.

        Defined in `schema.lt.hcl`, line 16
    "#]],
    );
    at(
        "index \"by$0_team\"",
        expect![[r#"
        [by_team]
        ```sql
        index by_team (team_id)
        ```

        Of table `users`.

        Defined in `schema.lt.hcl`, line 29
    "#]],
    );
    at(
        "foreign_key \"te$0am\"",
        expect![[r#"
        [team]
        ```sql
        constraint team foreign key (team_id) references teams (id) on delete cascade
        ```

        Of table `users`.

        Defined in `schema.lt.hcl`, line 24
    "#]],
    );
}

#[test]
fn words_of_the_grammar() {
    at(
        "ta$0ble \"users\"",
        expect![[r#"
        [table]
        **table** "name" ["name"] — block

        A table.
    "#]],
    );
    at(
        "nu$0ll    = true",
        expect![[r#"
        [null]
        **null** — bool

        Whether the column may be NULL.

        Default: `false`
    "#]],
    );
    at(
        "CAS$0CADE",
        expect![[r#"
        [CASCADE]
        **CASCADE**

        Changes or deletes the rows that refer.
    "#]],
    );
    at(
        "= inte$0ger",
        expect![[r#"
        [integer]
        **integer**([size]) — type of SQLite

        A signed integer of up to 8 bytes; as a primary key, the rowid.
    "#]],
    );
    check(
        "table \"t\" {\n  comm$0ent = \"x\"\n}\n",
        expect![[r#"
        [comment]
        **comment** — string

        A comment. SQLite keeps none.

        *Accepted, no effect yet.*
    "#]],
    );
    check(
        "table \"t\" {\n  comment = up$0per(\"x\")\n}\n",
        expect![[r#"
        [upper]
        ```hcl
        upper(str string) string
        ```

        The string in upper case.
    "#]],
    );
    check(
        "table \"t\" {\n  column \"c\" {\n    type = var$0char(10)\n  }\n}\n",
        expect![[r#"
        [varchar]
        **varchar**([size]) — type of SQLite

        Text; SQLite does not enforce the size.
    "#]],
    );
}

#[test]
fn nothing_on_punctuation_and_comments() {
    check(
        "table \"t\" {\n  # comm$0ent\n}\n",
        expect![[r#"
        nothing
    "#]],
    );
    check(
        "table \"t\" {\n  x =$0 1\n}\n",
        expect![[r#"
        nothing
    "#]],
    );
}

const SQL: &str = "-- schema.sql --
CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL DEFAULT 'x');
CREATE VIEW names AS SELECT id, name FROM users;
";

fn sql(text: &str, expect: Expect) {
    check(&format!("{SQL}{text}\n"), expect);
}

#[test]
fn names_in_sql() {
    sql(
        "SELECT * FROM us$0ers;",
        expect![[r#"
        [users]
        ```sql
        table users (
          id   integer,
          name text not null default 'x',
          primary key (id)
        )
        ```

        Defined in `schema.sql`, line 1
    "#]],
    );
    sql(
        "SELECT na$0me FROM users;",
        expect![[r#"
        [name]
        ```sql
        users.name text not null default 'x'
        ```

        Defined in `schema.sql`, line 1
    "#]],
    );
    sql(
        "SELECT u.na$0me FROM users u;",
        expect![[r#"
        [name]
        ```sql
        users.name text not null default 'x'
        ```

        Defined in `schema.sql`, line 1
    "#]],
    );
    sql(
        "SELECT $0u.name FROM users u;",
        expect![[r#"
        [u]
        ```sql
        table users (
          id   integer,
          name text not null default 'x',
          primary key (id)
        )
        ```
    "#]],
    );
    sql(
        "SELECT * FROM nam$0es;",
        expect![[r#"
        [names]
        ```sql
        view names (
          id,
          name
        )
        ```

        ```sql
        SELECT id, name FROM users
        ```

        Defined in `schema.sql`, line 2
    "#]],
    );
}

#[test]
fn types_and_keywords_of_sql() {
    sql(
        "CREATE TABLE t (a var$0char(10));",
        expect![[r#"
        [varchar]
        **varchar**([size]) — type of SQLite

        Text; SQLite does not enforce the size.
    "#]],
    );
    sql(
        "SEL$0ECT 1;",
        expect![[r#"
        [SELECT]
        **SELECT** — keyword of SQLite; a name only in quotes
    "#]],
    );
    sql(
        "SELECT 'us$0ers';",
        expect![[r#"
        nothing
    "#]],
    );
}

#[test]
fn names_in_sql_of_a_schema() {
    check(
        &format!(
            "{SCHEMA}view \"v\" {{\n  schema = schema.main\n  as = \"SELECT team_id FROM us$0ers\"\n}}\n"
        ),
        expect![[r#"
            [users]
            ```sql
            table users (
              id      integer not null,
              team_id int default 1,
              primary key (id),
              constraint team foreign key (team_id) references teams (id) on delete cascade,
              index by_team (team_id)
            )
            ```

            Defined in `schema.lt.hcl`, line 11
        "#]],
    );
}

const CONFIG: &str = r#"-- atlas.hcl --
variable "region" {
  type        = string
  default     = "eu"
  description = "Where it runs."
}
variable "password" {
  type    = string
  default = "hunter2"
}
variable "hidden" {
  type      = string
  default   = "hunter3"
  sensitive = true
}
variable "needed" {
  type = string
}
data "sql" "tenants" {
  url   = "postgres://app:hunter4@db/x"
  query = "SELECT 1"
}
locals {
  zone   = "${var.region}-1"
  word   = "hunter5"
  login  = "u:${local.word}"
  main   = "postgres://app:hunter6@db/x?sslmode=disable"
  urls   = [local.main]
  parts  = split(":", local.main)
  home   = getenv("HOME")
  leak   = "x-${var.hidden}"
  other  = "postgres://${local.login}@db/x"
  nested = { a = 1, token = "hunter7" }
}
env "local" {
  src = "file://schema.lt.hcl"
  url = "sqlite://app.db?_auth_pass=hunter8"
  dev = local.main
  migration {
    dir = "file://migrations"
  }
  x = [var.region, var.password, var.hidden, var.needed, data.sql.tenants.values]
  y = [local.zone, local.word, local.login, local.main, local.urls, local.parts, local.home]
  z = [local.leak, local.other, local.nested, atlas.env]
}
-- schema.lt.hcl --
schema "main" {}
table "t" {
  schema = schema.main
  column "id" {
    type = integer
  }
}
"#;

fn config(find: &str, expect: Expect) {
    let plain = find.replace("$0", "");
    let (before, after) = CONFIG.rsplit_once(&plain).expect("the text is in the configuration");
    check(&format!("{before}{find}{after}"), expect);
}

#[test]
fn variables_show_their_default_unless_it_is_secret() {
    config(
        "var.reg$0ion",
        expect![[r#"
        [region]
        **var.region** — variable, string

        Where it runs.

        Default: `"eu"`
    "#]],
    );
    config(
        "var.pass$0word",
        expect![[r#"
        [password]
        **var.password** — variable, string

        Sensitive: its value is not shown.
    "#]],
    );
    config(
        "var.hid$0den",
        expect![[r#"
        [hidden]
        **var.hidden** — variable, string

        Sensitive: its value is not shown.
    "#]],
    );
    config(
        "var.need$0ed",
        expect![[r#"
        [needed]
        **var.needed** — variable, string

        Required: it has no default.
    "#]],
    );
}

#[test]
fn locals_show_what_follows_from_the_text() {
    config(
        "local.zo$0ne",
        expect![[r#"
        [zone]
        **local.zone** — local value

        `"eu-1"`
    "#]],
    );
    config(
        "local.ma$0in",
        expect![[r#"
        [main]
        **local.main** — local value

        `"postgres://app:xxxxx@db/x?sslmode=disable"`
    "#]],
    );
    config(
        "local.ur$0ls",
        expect![[r#"
        [urls]
        **local.urls** — local value

        `["postgres://app:xxxxx@db/x?sslmode=disable"]`
    "#]],
    );
    config(
        "local.par$0ts",
        expect![[r#"
        [parts]
        **local.parts** — local value

        `["postgres","//app","xxxxx@db/x?sslmode=disable"]`
    "#]],
    );
    config(
        "local.ho$0me",
        expect![[r#"
        [home]
        **local.home** — local value

        Its value is not shown: it is secret, or not known from the text alone.
    "#]],
    );
    config(
        "local.le$0ak",
        expect![[r#"
        [leak]
        **local.leak** — local value

        Its value is not shown: it is secret, or not known from the text alone.
    "#]],
    );
    config(
        "local.wo$0rd",
        expect![[r#"
        [word]
        **local.word** — local value

        `"xxxxx"`
    "#]],
    );
    config(
        "local.oth$0er",
        expect![[r#"
        [other]
        **local.other** — local value

        `"postgres://u:xxxxx@db/x"`
    "#]],
    );
    config(
        "local.nes$0ted",
        expect![[r#"
        [nested]
        **local.nested** — local value

        `{"a":1,"token":"xxxxx"}`
    "#]],
    );
}

#[test]
fn variables_and_locals_of_a_schema() {
    let text = |value: &str| {
        format!(
            "variable \"size\" {{\n  type = int\n  default = 3\n}}\nlocals {{\n  twice = var.size * 2\n}}\ntable \"t\" {{\n  comment = {value}\n}}\n"
        )
    };
    check(
        &text("va$0r.size"),
        expect![[r#"
        [var.size]
        **var.size** — variable, int

        Default: `3`
    "#]],
    );
    check(
        &text("local.twi$0ce"),
        expect![[r#"
        [local.twice]
        **local.twice** — local value

        `6`
    "#]],
    );
    check(
        "variable \"si$0ze\" {\n  type = int\n}\n",
        expect![[r#"
        ["size"]
        **var.size** — variable, int

        Required: it has no default.
    "#]],
    );
    check(
        "locals {\n  on$0e = 1\n}\n",
        expect![[r#"
        [one]
        **local.one** — local value

        `1`
    "#]],
    );
}

#[test]
fn what_the_plan_would_do_is_explained_where_it_is_caused() {
    let mut fixture = Fixture::new(
        "atlas.hcl",
        r#"-- atlas.hcl --
env "local" {
  src = "file://new.sql"
  url = "sqlite://app.db"
}
env "old" {
  src = "file://old.sql"
  url = "sqlite://old.db"
}
-- new.sql --
CREATE TABLE us$0ers (id integer);
-- old.sql --
CREATE TABLE users (id integer, name text);
"#,
    );
    let config = project::Path::new("/p/atlas.hcl");
    let env = fixture.snapshot.env(&config, "local").expect("the env");
    let target = project::target(&env).expect("a target");
    let known = fixture.snapshot.desired(&config, "old").state().expect("the old state").realm.clone();
    let fact = project::Fact { answer: project::Answer::Realm(known, std::sync::Arc::default()), time: 0 };
    fixture.project.set_fact(project::Want::Database(target), fact);
    fixture.snapshot = fixture.project.snapshot();
    let text = shown(&fixture);
    assert!(text.contains("**DS103** (destructive)"), "{text}");
    let offset = fixture.text(fixture.file("atlas.hcl")).find("local").expect("the env") as u32;
    let hover = hover(&fixture.snapshot, fixture.file("atlas.hcl"), offset.into()).expect("the env's hover");
    assert!(hover.markdown.contains("- target's state: known, 1 table\n"), "{}", hover.markdown);
    assert!(hover.markdown.contains("1 finding"), "{}", hover.markdown);
}

#[test]
fn data_sources_and_envs() {
    config(
        "data.sql.ten$0ants",
        expect![[r#"
        [tenants]
        **data.sql.tenants** — data source

        The rows of a query: `values`, `value`, `count`.
    "#]],
    );
    config(
        "data \"s$0ql\"",
        expect![[r#"
        ["sql"]
        **sql** — data

        The rows of a query: `values`, `value`, `count`.
    "#]],
    );
    config(
        "e$0nv \"local\"",
        expect![[r#"
        [env "local"]
        **env local**

        - url: `sqlite://app.db?_auth_pass=xxxxx`
        - dev: `postgres://app:xxxxx@db/x?sslmode=disable`
        - src: `file://schema.lt.hcl`
        - migrations: `file://migrations`
        - database: SQLite
        - desired state: 1 table, 1 file
        - target's state: not known yet
        - inputs: `x`, `y`, `z`
    "#]],
    );
    config(
        "env \"lo$0cal\"",
        expect![[r#"
        [local]
        **env local**

        - url: `sqlite://app.db?_auth_pass=xxxxx`
        - dev: `postgres://app:xxxxx@db/x?sslmode=disable`
        - src: `file://schema.lt.hcl`
        - migrations: `file://migrations`
        - database: SQLite
        - desired state: 1 table, 1 file
        - target's state: not known yet
        - inputs: `x`, `y`, `z`
    "#]],
    );
}

#[test]
fn words_of_a_configuration() {
    config(
        "  mig$0ration {",
        expect![[r#"
        [migration]
        **migration** — block, at most once

        The migration directory.
    "#]],
    );
    config(
        "    d$0ir =",
        expect![[r#"
        [dir]
        **dir** — string

        The directory: `file://migrations`.
    "#]],
    );
    config(
        "get$0env",
        expect![[r#"
        [getenv]
        ```hcl
        getenv(name string) string
        ```

        The value of an environment variable; empty when it is not set.
    "#]],
    );
}

#[test]
fn no_word_of_a_configuration_shows_a_secret() {
    let (head, rest) = CONFIG.split_at("-- atlas.hcl --\n".len());
    let (config, schema) = rest.split_once("-- schema").expect("two files");
    let is_word = |at: usize| config[..at].chars().next_back().is_some_and(|ch| ch.is_alphanumeric());
    let starts = config.char_indices().filter(|(at, ch)| ch.is_alphanumeric() && !is_word(*at));
    for (at, _) in starts {
        let text = format!("{head}{}$0{}-- schema{schema}", &config[..at], &config[at..]);
        let fixture = Fixture::new("atlas.hcl", &text);
        let (file, offset) = fixture.cursor();
        let Some(hover) = hover(&fixture.snapshot, file, offset) else { continue };
        assert!(!hover.markdown.contains("hunter"), "{}", hover.markdown);
    }
}
