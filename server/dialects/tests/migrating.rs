//! Running migrations on real databases, where the program dies before or after every single thing it sends.
//!
//! Each run is continued by another one, which must complete it: nothing is executed twice, nothing is skipped, and
//! nobody is asked. Kills of whole processes are in the black-box tests; here no moment is left out.

// What was skipped is for the person who reads the output.
#![allow(clippy::print_stdout)]

use std::time::Duration;

use async_trait::async_trait;
use drivers::Drivers;
use engine::connection::{Access, Cancel, Capabilities, Connection, Connector, Query, Rows, Target, Value};
use engine::migrate::pending::{Options, pending};
use engine::migrate::resume::{Interrupted, look};
use engine::migrate::revision::{Moment, STARTED, Store};
use engine::migrate::run::{Approver, Around, Clock, Report, Reviewed, Silent, TxMode, execute, prepare};
use engine::migrate::{Directory, Format, Revision};
use engine::review::Decision;
use engine::{DatabaseUrl, DbError, Dialect, Scope};

struct Yes;

#[async_trait]
impl Approver for Yes {
    async fn approve(&self, _: &Reviewed) -> Decision {
        Decision::Approve
    }
}

struct Still;

impl Clock for Still {
    fn now(&self) -> Moment {
        Moment(1_795_251_661_000_000_000)
    }
}

/// A connection of a program that dies when it has sent `left` things; the last one is executed or not.
struct Dying {
    inner: Option<Box<dyn Connection>>,
    dialect: &'static Dialect,
    target: Target,
    capabilities: Capabilities,
    left: usize,
    after: bool,
}

impl Dying {
    fn new(inner: Box<dyn Connection>, left: usize, after: bool) -> Self {
        Self {
            dialect: inner.dialect(),
            target: inner.target().clone(),
            capabilities: inner.capabilities().clone(),
            inner: Some(inner),
            left,
            after,
        }
    }

    fn is_dead(&self) -> bool {
        self.inner.is_none()
    }
}

fn dead() -> DbError {
    DbError::other("the program died")
}

#[async_trait]
impl Connection for Dying {
    fn dialect(&self) -> &'static Dialect {
        self.dialect
    }

    fn target(&self) -> &Target {
        &self.target
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    async fn query(&mut self, query: &Query) -> Result<Rows, DbError> {
        let Some(inner) = &mut self.inner else { return Err(dead()) };
        if self.left > 0 {
            self.left -= 1;
            return inner.query(query).await;
        }
        if self.after {
            let _ = inner.query(query).await;
        }
        self.inner = None;
        Err(dead())
    }

    async fn execute(&mut self, sql: &str) -> Result<u64, DbError> {
        let Some(inner) = &mut self.inner else { return Err(dead()) };
        if self.left > 0 {
            self.left -= 1;
            return inner.execute(sql).await;
        }
        if self.after {
            let _ = inner.execute(sql).await;
        }
        self.inner = None;
        Err(dead())
    }

    async fn lock(&mut self, _: &str, _: Duration) -> Result<(), DbError> {
        Ok(())
    }

    async fn unlock(&mut self, _: &str) -> Result<(), DbError> {
        Ok(())
    }

    async fn close(self: Box<Self>) -> Result<(), DbError> {
        Ok(())
    }
}

/// What a run ended with.
enum Ended {
    Report(Report),
    Asked(Box<Interrupted>),
    Died(String),
}

/// One run, as `migrate apply` does it.
async fn run(connection: &mut dyn Connection, directory: &Directory, mode: TxMode) -> Ended {
    let died = |error: engine::Error| Ended::Died(error.to_string());
    let dialect = connection.dialect();
    let bound = connection.target().bound.clone();
    let place = dialect.revisions.place("", bound.as_deref()).expect("a place");
    let store = Store { hooks: dialect.revisions, place: &place };
    if let Err(error) = store.ensure(connection).await {
        return died(error);
    }
    let revisions = match store.read(connection).await {
        Ok(revisions) => revisions,
        Err(error) => return died(error),
    };
    let options = Options { allow_dirty: true, ..Options::default() };
    let found = pending(&directory.migrations(), &revisions, &options).expect("a linear history");
    let mut plan = prepare(directory, &found, &revisions, dialect, mode).expect("files that can be read");
    if let Some(file) = plan.files.first_mut()
        && let Some(at) = file.interrupted().expect("unchanged files")
    {
        let scope = Scope { bound, ..Scope::default() };
        match look(connection, &scope, directory, &revisions, file, at).await {
            Ok(Ok(applied)) => file.skipped += usize::from(applied),
            Ok(Err(question)) => return Ended::Asked(question),
            Err(error) => return died(error),
        }
    }
    let reviewed = plan.review(connection.target().clone());
    let approved = reviewed.approve(&Yes).await.expect("it is approved");
    let around = Around { store, operator: "test", observer: &Silent, clock: &Still, cancel: &Cancel::new() };
    Ended::Report(execute(&approved, connection, &around).await)
}

fn directory(files: &[(&str, &str)]) -> Directory {
    let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Directory::new(Format::Atlas, files, None).summed()
}

/// Every statement leaves a trace.
fn files() -> Directory {
    directory(&[
        (
            "1.sql",
            "CREATE TABLE log (n int);\nCREATE TABLE log2 (n int);\nINSERT INTO log (n) VALUES (1);\n\
             CREATE TABLE t (id int NOT NULL, PRIMARY KEY (id));\nINSERT INTO log (n) VALUES (2);\n",
        ),
        (
            "2.sql",
            "INSERT INTO log (n) VALUES (3);\nALTER TABLE t ADD COLUMN c int NULL;\nINSERT INTO t (id, c) VALUES (1, 2);\n",
        ),
        ("3.sql", "CREATE INDEX i ON t (c);\nDROP TABLE log2;\n"),
    ])
}

/// Where databases come from.
struct Place {
    name: &'static str,
    server: Option<String>,
    folder: tempfile::TempDir,
}

impl Place {
    fn all() -> Vec<Place> {
        let place = |name, variable: &str| {
            let server = std::env::var(variable).ok().filter(|url| !url.is_empty());
            if server.is_none() && !variable.is_empty() {
                println!("skipped: no {name}");
                return None;
            }
            Some(Place { name, server, folder: tempfile::tempdir().expect("a folder") })
        };
        [
            place("SQLite", ""),
            place("PostgreSQL", "ATLAS_TEST_POSTGRES_URL"),
            place("MySQL", "ATLAS_TEST_MYSQL_URL"),
            place("MariaDB", "ATLAS_TEST_MARIADB_URL"),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    async fn open(&self, name: &str) -> Box<dyn Connection> {
        let url = match &self.server {
            None => format!("sqlite://{}/{name}.db", self.folder.path().display()),
            Some(url) if url.starts_with("postgres") => {
                let with = if url.contains('?') { "&" } else { "?" };
                format!("{url}{with}search_path={name}")
            }
            Some(url) => format!("{}/{name}", url.trim_end_matches('/')),
        };
        open(&url).await
    }

    /// A new database called `name`.
    async fn make(&self, name: &str) -> Box<dyn Connection> {
        if let Some(url) = &self.server {
            let mut server = open(url).await;
            let word = if url.starts_with("postgres") { ("SCHEMA", " CASCADE") } else { ("DATABASE", "") };
            for sql in
                [format!("DROP {} IF EXISTS {name}{}", word.0, word.1), format!("CREATE {} {name}", word.0)]
            {
                server.execute(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
            }
        }
        self.open(name).await
    }

    async fn drop(&self, name: &str) {
        if let Some(url) = &self.server {
            let sql = match url.starts_with("postgres") {
                true => format!("DROP SCHEMA IF EXISTS {name} CASCADE"),
                false => format!("DROP DATABASE IF EXISTS {name}"),
            };
            let _ = open(url).await.execute(&sql).await;
        }
    }
}

async fn open(url: &str) -> Box<dyn Connection> {
    let parsed = DatabaseUrl::parse(url).expect("a URL");
    let opened = Drivers::new(dialects::all()).open(&parsed, Access::Write).await;
    opened.unwrap_or_else(|error| panic!("{url}: {error}"))
}

async fn ints(connection: &mut dyn Connection, sql: &str) -> Vec<i64> {
    let rows = connection.query(&Query::new("test", sql.to_owned())).await.expect(sql);
    rows.rows.iter().filter_map(|row| row.first().and_then(Value::int)).collect()
}

/// A run that dies at `left`, and the one that continues it; whether it died at all.
async fn die_and_continue(place: &Place, name: &str, mode: TxMode, left: usize, after: bool) -> bool {
    let said =
        format!("{} {mode:?}, dead {} thing {left}", place.name, if after { "after" } else { "before" });
    let directory = files();
    let mut dying = Dying::new(place.make(name).await, left, after);
    let _ = run(&mut dying, &directory, mode).await;
    let died = dying.is_dead();
    drop(dying);
    let mut connection = place.open(name).await;
    match run(connection.as_mut(), &directory, mode).await {
        Ended::Report(report) => assert!(report.error.is_none(), "{said}: {:?}", report.error),
        Ended::Asked(question) => panic!("{said}: {}", question.describe()),
        Ended::Died(error) => panic!("{said}: {error}"),
    }
    assert_eq!(ints(connection.as_mut(), "SELECT n FROM log ORDER BY n").await, [1, 2, 3], "{said}");
    assert_eq!(ints(connection.as_mut(), "SELECT c FROM t").await, [2], "{said}");
    assert_eq!(
        ints(
            connection.as_mut(),
            "SELECT count(*) FROM atlas_schema_revisions WHERE applied = total AND error = '' AND total > 0"
        )
        .await,
        [3],
        "{said}"
    );
    died
}

async fn every_moment(place: &Place, mode: TxMode) {
    let name = format!("exec_dying_{mode:?}").to_lowercase();
    // Servers take their time: every moment is tried in the long run only, the others in turn.
    let stride = if place.server.is_none() || std::env::var_os("ATLAS_LS_LONG").is_some() { 1 } else { 4 };
    for (first, after) in [(0, false), (stride / 2, true)] {
        let mut left = first;
        while die_and_continue(
            place,
            &format!(
                "{name}{}",
                if place.server.is_none() { format!("_{after}_{left}") } else { String::new() }
            ),
            mode,
            left,
            after,
        )
        .await
        {
            left += stride;
        }
        assert!(left > 10, "{}: {left} things were sent", place.name);
    }
    place.drop(&name).await;
}

#[tokio::test]
async fn a_file_each() {
    for place in Place::all() {
        every_moment(&place, TxMode::File).await;
    }
}

#[tokio::test]
async fn all_files_in_one_transaction() {
    for place in Place::all() {
        every_moment(&place, TxMode::All).await;
    }
}

#[tokio::test]
async fn no_transaction() {
    for place in Place::all() {
        every_moment(&place, TxMode::None).await;
    }
}

/// What cannot be told is asked, and both states are shown.
#[tokio::test]
async fn a_statement_nobody_can_tell_of_is_a_question() {
    for place in Place::all() {
        let name = "exec_question";
        let mut connection = place.make(name).await;
        let directory = directory(&[("1.sql", "CREATE TABLE t (id int);\nCREATE TABLE u (id int);\n")]);
        let dialect = connection.dialect();
        let bound = connection.target().bound.clone();
        let home = dialect.revisions.place("", bound.as_deref()).expect("a place");
        let store = Store { hooks: dialect.revisions, place: &home };
        store.ensure(connection.as_mut()).await.expect("a table");
        let texts = ["CREATE TABLE t (id int);", "CREATE TABLE u (id int);"];
        let started = Revision {
            version: "1".to_owned(),
            applied: 1,
            total: 2,
            executed_at: Still.now(),
            partial_hashes: engine::migrate::run::sums(texts)[..1].to_vec(),
            error: STARTED.to_owned(),
            error_stmt: texts[1].to_owned(),
            ..Revision::default()
        };
        store.write(connection.as_mut(), &started).await.expect("a row");
        connection.execute("CREATE TABLE t (id int)").await.expect("a table");
        // Half of the statement, as no server leaves it: somebody else was there.
        connection.execute("CREATE TABLE u (id int, more int)").await.expect("a table");
        let ended = run(connection.as_mut(), &directory, TxMode::None).await;
        let Ended::Asked(question) = ended else { panic!("{}: nobody was asked", place.name) };
        assert_eq!(question.statement, texts[1]);
        assert_eq!(question.number, 2);
        assert!(question.before.len() == 1 && question.after.len() == 1, "{}", question.describe());
        // Executed by hand, it counts.
        connection.execute("DROP TABLE u").await.expect("it goes");
        connection.execute("CREATE TABLE u (id int)").await.expect("a table");
        let ended = run(connection.as_mut(), &directory, TxMode::None).await;
        assert!(matches!(ended, Ended::Report(Report { error: None, .. })), "{}", place.name);
        let revisions = store.read(connection.as_mut()).await.expect("rows");
        assert_eq!((revisions[0].applied, revisions[0].error.as_str()), (2, ""), "{}", place.name);
        place.drop(name).await;
    }
}

/// The table is what Atlas makes, and what an older or another program left in it stays.
#[tokio::test]
async fn a_table_of_an_older_program_is_brought_up_to_date() {
    for place in Place::all() {
        let name = "exec_older";
        let mut connection = place.make(name).await;
        let text = if place.name == "SQLite" { "text" } else { "varchar(255)" };
        connection
            .execute(&format!(
                "CREATE TABLE atlas_schema_revisions (version {text} NOT NULL PRIMARY KEY, description {text} NOT NULL, type bigint NOT NULL DEFAULT 2, applied bigint NOT NULL DEFAULT 0, total bigint NOT NULL DEFAULT 0, executed_at timestamp NOT NULL, execution_time bigint NOT NULL, hash {text} NOT NULL, operator_version {text} NOT NULL, extra {text})"
            ))
            .await
            .expect("a table");
        connection
            .execute("INSERT INTO atlas_schema_revisions VALUES ('1', 'one', 2, 1, 1, '2024-01-02 03:04:05', 7, 'h', 'old', 'keep me')")
            .await
            .expect("a row");
        let bound = connection.target().bound.clone();
        let hooks = connection.dialect().revisions;
        let home = hooks.place("", bound.as_deref()).expect("a place");
        let store = Store { hooks, place: &home };
        store.ensure(connection.as_mut()).await.expect("it is extended");
        let rows = store.read(connection.as_mut()).await.expect("rows");
        assert_eq!(rows.len(), 1);
        assert_eq!((rows[0].version.as_str(), rows[0].error.as_str(), rows[0].applied), ("1", "", 1));
        let again = Revision { error: "it's \\ \"broken\"\n".to_owned(), ..rows[0].clone() };
        store.write(connection.as_mut(), &again).await.expect("it is written");
        assert_eq!(store.read(connection.as_mut()).await.expect("rows"), [again], "{}", place.name);
        let kept = connection.query(&Query::new("test", "SELECT extra FROM atlas_schema_revisions")).await;
        assert_eq!(kept.expect("rows").rows[0][0].text(), Some("keep me"), "{}", place.name);
        place.drop(name).await;
    }
}

/// A table of that name that is something else is refused, not changed.
#[tokio::test]
async fn another_table_of_that_name_is_refused() {
    for place in Place::all() {
        let name = "exec_other";
        let mut connection = place.make(name).await;
        connection.execute("CREATE TABLE atlas_schema_revisions (id int)").await.expect("a table");
        let bound = connection.target().bound.clone();
        let hooks = connection.dialect().revisions;
        let home = hooks.place("", bound.as_deref()).expect("a place");
        let store = Store { hooks, place: &home };
        let refused = store.ensure(connection.as_mut()).await.expect_err("it is refused").to_string();
        assert!(refused.contains("is not one of revisions: it has no column \"version\""), "{refused}");
        place.drop(name).await;
    }
}
