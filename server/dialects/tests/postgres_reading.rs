//! Reading PostgreSQL databases, on every server there is: what was created comes back, as HCL too.
//!
//! Servers come from `ATLAS_TEST_POSTGRES_URL` and `ATLAS_TEST_POSTGRES_URLS`; without one a test says that it was
//! skipped.

#![allow(clippy::print_stdout)]

use std::time::Instant;

use dialects::POSTGRES;
use drivers::Drivers;
use engine::connection::{Access, Connection, Connector};
use engine::decode::{Cache, Inputs, Source};
use engine::diff::{Policy, diff};
use engine::plan::{Options, plan};
use engine::{DatabaseUrl, Dialects, Query, Scope, Value};
use schema::Realm;
use text::FileId;

static ALL: &[&engine::Dialect] = &[&POSTGRES];

/// The URLs of the servers.
fn servers() -> Vec<String> {
    let variables = ["ATLAS_TEST_POSTGRES_URL", "ATLAS_TEST_POSTGRES_URLS"];
    let values = variables.iter().filter_map(|name| std::env::var(name).ok());
    let urls: Vec<String> =
        values.flat_map(|list| list.split(',').map(str::to_owned).collect::<Vec<_>>()).collect();
    let mut urls: Vec<String> = urls.into_iter().filter(|url| !url.is_empty()).collect();
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

/// A database of one's own on the server, filled by `sql`; the URL leads to it.
async fn database(server: &str, name: &str, sql: &str) -> String {
    let mut admin = open(server).await;
    admin.execute(&format!("DROP DATABASE IF EXISTS {name}")).await.expect("the old one goes");
    admin.execute(&format!("CREATE DATABASE {name}")).await.expect("a database");
    let (head, options) = server.split_once('?').map_or((server, ""), |(head, options)| (head, options));
    let (host, _) = head.rsplit_once('/').expect("a database in the URL");
    let url = format!("{host}/{name}?{options}");
    let mut connection = open(&url).await;
    if !sql.is_empty() {
        connection.execute(sql).await.unwrap_or_else(|error| panic!("{error}"));
    }
    url
}

async fn drop_database(server: &str, name: &str) {
    let mut admin = open(server).await;
    admin.execute(&format!("DROP DATABASE {name}")).await.expect("the database goes");
}

async fn version(connection: &mut dyn Connection) -> i64 {
    let query = Query::new("version", "select current_setting('server_version_num')::bigint");
    let rows = connection.query(&query).await.expect("a version");
    rows.rows[0].first().and_then(Value::int).unwrap_or_default()
}

async fn inspect(url: &str, scope: &Scope) -> Realm {
    let mut connection = open(url).await;
    engine::inspect::inspect(&mut *connection, scope).await.unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn decode(text: &str) -> Realm {
    let source = Source { file: FileId(0), hcl: syntax::hcl::File::of(text) };
    let state = engine::decode(&[source], &POSTGRES, &Inputs::default(), &mut Cache::default());
    assert!(state.diagnostics.is_empty(), "{:#?}\n{text}", state.diagnostics);
    Realm::clone(&state.realm)
}

fn encode(realm: &Realm) -> String {
    engine::encode(realm, &POSTGRES).unwrap_or_else(|error| panic!("{error}"))
}

#[tokio::test]
async fn what_was_read_can_be_written_and_read_again() {
    for server in servers() {
        let mut connection = open(&server).await;
        let version = version(&mut *connection).await;
        let sql = include_str!("postgres/rich.sql");
        let url = database(&server, "pgread_rich_test", &for_version(sql, version)).await;
        let realm = inspect(&url, &Scope::realm()).await;
        let text = encode(&realm);
        if std::env::var("PRINT").is_ok() {
            println!("{text}");
        }
        same(&decode(&text), &realm);
        drop_database(&server, "pgread_rich_test").await;
    }
}

/// The statements a server of this version knows: one that needs more starts with `-- 15`.
fn for_version(sql: &str, version: i64) -> String {
    let known = |statement: &&str| {
        let since = statement.trim().strip_prefix("-- ").and_then(|rest| rest.get(..2)?.parse::<i64>().ok());
        since.is_none_or(|since| version >= since * 10_000)
    };
    sql.split(";\n").filter(known).collect::<Vec<_>>().join(";\n")
}

/// The realm in an order that counts nowhere.
fn ordered(realm: &Realm) -> Realm {
    let mut realm = realm.clone();
    realm.objects.sort_by_key(|object| (object.kind, object.name.clone()));
    realm.schemas.sort_by_key(|schema| schema.name.clone());
    for schema in &mut realm.schemas {
        schema.views.sort_by_key(|view| view.name.clone());
        schema.routines.sort_by_key(|routine| (routine.name.clone(), format!("{:?}", routine.attrs)));
        schema.triggers.sort_by_key(|trigger| (trigger.name.clone(), trigger.on.clone()));
        schema
            .objects
            .sort_by_key(|object| (object.kind, object.name.clone(), format!("{:?}", object.attrs)));
        for table in &mut schema.tables {
            let table = std::sync::Arc::make_mut(table);
            // HCL has the constraints in groups.
            table.indexes.sort_by_key(|index| index.name.clone());
        }
    }
    realm
}

/// Compares part by part, for a difference to be seen.
#[track_caller]
fn same(a: &Realm, b: &Realm) {
    let (a, b) = (&ordered(a), &ordered(b));
    assert_eq!(a.objects, b.objects);
    let names = |realm: &Realm| realm.schemas.iter().map(|schema| schema.name.clone()).collect::<Vec<_>>();
    assert_eq!(names(a), names(b));
    for (a, b) in a.schemas.iter().zip(&b.schemas) {
        for (a, b) in a.tables.iter().zip(&b.tables) {
            for (a, b) in a.columns.iter().zip(&b.columns) {
                assert_eq!(a, b);
            }
            for (a, b) in a.indexes.iter().zip(&b.indexes) {
                assert_eq!(a, b);
            }
            assert_eq!(a.attrs, b.attrs, "{}", a.name);
            assert_eq!(a, b);
        }
        for (a, b) in a.views.iter().zip(&b.views) {
            assert_eq!(a, b);
        }
        for (a, b) in a.routines.iter().zip(&b.routines) {
            assert_eq!(a, b);
        }
        for (a, b) in a.triggers.iter().zip(&b.triggers) {
            assert_eq!(a, b);
        }
        for (a, b) in a.objects.iter().zip(&b.objects) {
            assert_eq!(a, b);
        }
    }
    assert!(a == b, "the realms differ");
}

#[tokio::test]
async fn a_thousand_tables_take_as_many_queries_as_one_and_no_time() {
    for server in servers() {
        let one = "do $$ begin for i in 1..1000 loop execute format('create table t%s (id serial primary key, \
                   name varchar(50) not null default ''x'', a int, at timestamptz default now(), constraint c%s check (a > 0), \
                   constraint u%s unique (name, a))', i, i, i); \
                   execute format('create index i%s on t%s (a)', i, i); \
                   if i > 1 then execute format('alter table t%s add constraint f%s foreign key (a) references t%s', i, i, i - 1); \
                   end if; end loop; end $$";
        let url = database(&server, "pgread_thousand", one).await;
        let mut connection = open(&url).await;
        let scope = Scope::realm();
        let queries = (POSTGRES.inspect)(&scope, connection.capabilities());
        assert!(queries.len() <= 20);
        let mut best = f64::MAX;
        for _ in 0..3 {
            let start = Instant::now();
            let realm = engine::inspect::inspect(&mut *connection, &scope).await.expect("a realm");
            best = best.min(start.elapsed().as_secs_f64());
            assert_eq!(realm.tables().count(), 1000);
        }
        for query in &queries {
            let start = Instant::now();
            connection.query(query).await.expect("rows");
            if std::env::var("PRINT").is_ok() {
                println!("{:>8.1} ms {}", start.elapsed().as_secs_f64() * 1e3, query.name);
            }
        }
        drop(connection);
        println!("{server}: 1000 tables in {best:.3} s, {} queries", queries.len());
        drop_database(&server, "pgread_thousand").await;
    }
}

/// Plans from `from` to `to` and runs it.
async fn migrate(connection: &mut dyn Connection, from: &Realm, to: &Realm) {
    let server = Some(std::sync::Arc::new(connection.capabilities().clone()));
    let policy = Policy { keep_unsaid: true, server: server.clone(), ..Policy::default() };
    let changes = diff(from, to, &POSTGRES, &policy).unwrap_or_else(|error| panic!("{error}"));
    let options = Options { server, ..Options::default() };
    let plan = plan(&changes, from, &POSTGRES, &options).unwrap_or_else(|error| panic!("{error}"));
    for statement in &plan.statements {
        if let Err(error) = connection.execute(&statement.cmd).await {
            panic!("{error}\nin {}\nof {}", statement.cmd, plan.to_sql());
        }
    }
}

#[tokio::test]
async fn what_was_read_can_be_made_again() {
    for server in servers() {
        let version = version(&mut *open(&server).await).await;
        let sql = for_version(include_str!("postgres/rich.sql"), version);
        goes_round(&server, "rich", &sql).await;
    }
}

/// The definitions of the Chinook database, without its rows.
fn chinook() -> &'static str {
    let text = include_str!("../../../tests/corpus/chinook/Chinook_PostgreSql.sql");
    let start = text.find("CREATE TABLE").expect("a table");
    let end = text.find("INSERT INTO").expect("a row");
    &text[start..end]
}

#[tokio::test]
async fn real_schemas_go_round() {
    for server in servers() {
        goes_round(&server, "chinook", chinook()).await;
        // Has generated columns.
        if version(&mut *open(&server).await).await >= 120_000 {
            let demo = include_str!("../../../tests/corpus/showcase/schemas/pgdemo.sql");
            goes_round(&server, "pgdemo", demo).await;
        }
    }
}

/// What `sql` makes is read, written as HCL, made in an empty database and read again, and nothing has changed.
async fn goes_round(server: &str, name: &str, sql: &str) {
    let (from, target) = (format!("pgread_{name}_a"), format!("pgread_{name}_b"));
    {
        let url = database(server, &from, sql).await;
        let realm = inspect(&url, &Scope::realm()).await;
        let to = decode(&encode(&realm));
        let url = database(server, &target, "").await;
        let empty = inspect(&url, &Scope::realm()).await;
        let mut connection = open(&url).await;
        migrate(&mut *connection, &empty, &to).await;
        drop(connection);
        let made = inspect(&url, &Scope::realm()).await;
        same(&made, &realm);
        let policy = Policy { keep_unsaid: true, ..Policy::default() };
        let again = diff(&made, &to, &POSTGRES, &policy).expect("a diff");
        assert!(again.is_empty(), "{again:#?}");
        drop_database(server, &from).await;
        drop_database(server, &target).await;
    }
}

#[tokio::test]
async fn one_schema_is_read_alone() {
    for server in servers() {
        let version = version(&mut *open(&server).await).await;
        let sql = for_version(include_str!("postgres/rich.sql"), version);
        let url = database(&server, "pgread_bound", &sql).await;
        let realm = inspect(&url, &Scope::bound("shop")).await;
        assert_eq!(realm.schemas.len(), 1);
        let text = encode(&realm);
        same(&decode(&text), &realm);
        let mut connection = open(&url).await;
        let missing = engine::inspect::inspect(&mut *connection, &Scope::bound("nowhere")).await;
        assert_eq!(missing.unwrap_err().to_string(), "postgres: schema \"nowhere\" was not found");
        // The search path is what it was.
        let query = Query::new("path", "select current_setting('search_path')");
        let rows = connection.query(&query).await.expect("a path");
        assert_eq!(rows.rows[0][0].text(), Some("\"$user\", public"));
        drop(connection);
        drop_database(&server, "pgread_bound").await;
    }
}

/// A connection on which another session makes a table with an index before each query.
struct Meddled {
    inner: Box<dyn Connection>,
    other: Box<dyn Connection>,
    made: usize,
}

#[async_trait::async_trait]
impl Connection for Meddled {
    fn target(&self) -> &engine::connection::Target {
        self.inner.target()
    }

    fn dialect(&self) -> &'static engine::Dialect {
        self.inner.dialect()
    }

    fn capabilities(&self) -> &engine::connection::Capabilities {
        self.inner.capabilities()
    }

    async fn query(&mut self, query: &Query) -> Result<engine::Rows, engine::DbError> {
        let rows = self.inner.query(query).await;
        self.made += 1;
        let table = format!("CREATE TABLE m{0} (id int PRIMARY KEY, a int CHECK (a > 0))", self.made);
        self.other.execute(&table).await?;
        rows
    }

    async fn execute(&mut self, sql: &str) -> Result<u64, engine::DbError> {
        self.inner.execute(sql).await
    }

    async fn lock(&mut self, name: &str, timeout: std::time::Duration) -> Result<(), engine::DbError> {
        self.inner.lock(name, timeout).await
    }

    async fn unlock(&mut self, name: &str) -> Result<(), engine::DbError> {
        self.inner.unlock(name).await
    }

    async fn close(self: Box<Self>) -> Result<(), engine::DbError> {
        self.inner.close().await
    }
}

#[tokio::test]
async fn what_is_read_is_one_moment() {
    for server in servers() {
        let url = database(&server, "pgread_moment", "CREATE TABLE t (id int)").await;
        let (inner, other) = (open(&url).await, open(&url).await);
        let mut meddled = Meddled { inner, other, made: 0 };
        let read = engine::inspect::inspect(&mut meddled, &Scope::realm()).await;
        let realm = read.unwrap_or_else(|error| panic!("{error}"));
        // The snapshot is taken by the first query that reads a table, and no half of a later table is seen.
        let names: Vec<&str> = realm.tables().map(|(_, table)| table.name.as_str()).collect();
        assert!(names == ["t"] || names == ["m1", "t"], "{names:?}");
        for (_, table) in realm.tables().filter(|(_, table)| table.name != "t") {
            assert!(table.primary_key.is_some() && table.checks.len() == 1);
        }
        assert!(meddled.made > 10);
        // Nothing is left of it: the next statement is on its own.
        meddled.execute("CREATE TABLE after (id int)").await.expect("it may write again");
        let later = inspect(&url, &Scope::realm()).await;
        assert!(later.schema("public").expect("the schema").table("after").is_some());
        drop(meddled);
        drop_database(&server, "pgread_moment").await;
    }
}

/// How many sessions the database has.
async fn sessions(admin: &mut dyn Connection, database: &str) -> Option<i64> {
    let sql = format!("SELECT count(*) FROM pg_stat_activity WHERE datname = '{database}' AND state <> ''");
    admin.query(&Query::new("sessions", sql)).await.expect("the list").rows[0][0].int()
}

/// Waits until the database has no session.
async fn left_alone(admin: &mut dyn Connection, database: &str) {
    let begun = Instant::now();
    while sessions(admin, database).await != Some(0) {
        assert!(begun.elapsed().as_secs() < 20, "a session of {database} goes on");
        tokio::task::yield_now().await;
    }
}

/// More tables than one session reads alone.
const MANY_TABLES: &str = "DO $$ BEGIN FOR i IN 1..1600 LOOP
    EXECUTE format('CREATE TABLE t%s (id int NOT NULL, a int CHECK (a > 0), UNIQUE (id))', i); END LOOP; END $$";

#[tokio::test]
async fn several_sessions_read_what_one_reads() {
    for server in servers() {
        let mut admin = open(&server).await;
        admin.execute("DROP ROLE IF EXISTS pgread_single").await.expect("no role");
        let url = database(&server, "pgread_many", "").await;
        // Not all in one transaction: it would need too many locks.
        for part in 0..8 {
            let range = format!("{}..{}", part * 200 + 1, part * 200 + 200);
            open(&url).await.execute(&MANY_TABLES.replace("1..1600", &range)).await.expect("tables");
        }
        admin.execute("CREATE ROLE pgread_single LOGIN CONNECTION LIMIT 1").await.expect("a role");
        let single = url.replacen("postgres@", "pgread_single@", 1);
        let mut realms = Vec::new();
        for url in [&url, &single] {
            let mut connection = open(url).await;
            let begun = Instant::now();
            let realm =
                engine::inspect::inspect(connection.as_mut(), &Scope::realm()).await.expect("it is read");
            println!("{} tables in {:?}", realm.tables().count(), begun.elapsed());
            connection.close().await.expect("it ends");
            left_alone(admin.as_mut(), "pgread_many").await;
            realms.push(realm);
        }
        // In a transaction there is one session.
        let mut connection = open(&url).await;
        connection.execute("BEGIN").await.expect("a transaction");
        let realm =
            engine::inspect::inspect_inside(connection.as_mut(), &Scope::realm()).await.expect("it is read");
        assert_eq!(sessions(admin.as_mut(), "pgread_many").await, Some(1));
        connection.execute("ROLLBACK").await.expect("its end");
        realms.push(realm);
        assert_eq!(realms[0].tables().count(), 1600);
        assert!(realms[0] == realms[1] && realms[0] == realms[2]);
        // A request to stop reaches every session: those of the constraints wait for a lock.
        let mut blocker = open(&url).await;
        blocker.execute("BEGIN").await.expect("a transaction");
        blocker.execute("LOCK pg_catalog.pg_constraint IN ACCESS EXCLUSIVE MODE").await.expect("a lock");
        let cancel = engine::connection::Cancel::new();
        connection.interrupt_on(&cancel).await.expect("it can be stopped");
        let scope = Scope::realm();
        let reading = engine::inspect::inspect(connection.as_mut(), &scope);
        let stopping = async {
            let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = 'pgread_many' AND wait_event_type = 'Lock'";
            let begun = Instant::now();
            while admin.query(&Query::new("waiting", waiting)).await.expect("the list").rows[0][0].int()
                == Some(0)
            {
                assert!(begun.elapsed().as_secs() < 20, "nothing waits");
                tokio::task::yield_now().await;
            }
            cancel.cancel();
        };
        let (read, ()) = tokio::join!(reading, stopping);
        let error = read.expect_err("it was stopped").to_string();
        // The session told of may be one that had not begun.
        let words = ["canceling statement due to user request", "stopped before the statement began"];
        assert!(words.iter().any(|words| error.contains(words)), "{error}");
        blocker.execute("ROLLBACK").await.expect("its end");
        drop((blocker, connection));
        left_alone(admin.as_mut(), "pgread_many").await;
        drop_database(&server, "pgread_many").await;
        admin.execute("DROP ROLE pgread_single").await.expect("no role");
    }
}
