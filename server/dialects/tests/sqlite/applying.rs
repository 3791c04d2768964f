//! Executing approved plans on real files: what stands afterwards, in each way it can end.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use engine::apply::{Outcome, Progress, Report, Silent, TxMode, apply};
use engine::connection::{Access, Cancel, Connection, DbErrorKind};
use engine::inspect::Fingerprint;
use engine::plan::{Plan, Statement};
use engine::review::{Approver, Decision, Reviewed};
use engine::{Scope, inspect::inspect_all};
use expect_test::{Expect, expect};
use schema::Realm;

use super::{hcl, inspect, open, plan_of, rows};

struct Yes;

#[async_trait]
impl Approver for Yes {
    async fn approve(&self, _: &Reviewed) -> Decision {
        Decision::Approve
    }
}

struct No;

#[async_trait]
impl Approver for No {
    async fn approve(&self, _: &Reviewed) -> Decision {
        Decision::Reject(Some("not today".to_string()))
    }
}

/// Asks for a stop as soon as the `n`th statement has ended.
struct StopAfter(usize, Cancel);

impl Progress for StopAfter {
    fn start(&self, _: usize, _: usize, _: &Statement) {}

    fn end(&self, index: usize, _: &Outcome) {
        if index + 1 == self.0 {
            self.1.cancel();
        }
    }
}

fn url(path: &Path, query: &str) -> String {
    format!("sqlite://{}{query}", path.display())
}

async fn file(folder: &tempfile::TempDir, sql: &str) -> std::path::PathBuf {
    let path = folder.path().join("test.db");
    let mut connection = open(&url(&path, ""), Access::Write).await.expect("a new file");
    if !sql.is_empty() {
        connection.execute(sql).await.expect("valid SQL");
    }
    connection.close().await.expect("closed");
    path
}

async fn approved(plan: Plan, base: Realm, connection: &dyn Connection) -> engine::review::Approved {
    let base = Fingerprint::new(Arc::new(base), Scope::bound("main"));
    Reviewed::new(plan, connection.target().clone(), Vec::new(), base).approve(&Yes).await.expect("approved")
}

async fn execute(connection: &mut dyn Connection, plan: Plan, tx: TxMode) -> Report {
    let base = inspect_all(connection, &Scope::bound("main")).await.expect("an inspection");
    let approved = approved(plan, base, connection).await;
    apply(approved, connection, tx, Duration::ZERO, &Silent, &Cancel::new()).await
}

fn statements(commands: &[&str]) -> Plan {
    let statement = |cmd: &&str| Statement { cmd: cmd.to_string(), ..Statement::default() };
    Plan { statements: commands.iter().map(statement).collect(), transactional: true, reversible: false }
}

fn show(report: &Report) -> String {
    let mut out: Vec<String> = report.outcomes.iter().map(|outcome| format!("{outcome:?}")).collect();
    if let Some(error) = &report.error {
        out.push(format!("error: {error}"));
    }
    out.join("\n")
}

/// Runs three statements, the second of which fails, and shows how each ended and which tables are there.
async fn check_failure(tx: TxMode, expect: Expect) {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "").await;
    let mut connection = open(&url(&path, "?_fk=1"), Access::Write).await.unwrap();
    let plan = statements(&["CREATE TABLE a (x)", "CREATE TABLE a (y)", "CREATE TABLE b (x)"]);
    let report = execute(connection.as_mut(), plan, tx).await;
    let tables = rows(connection.as_mut(), "select name from sqlite_master").await;
    let foreign_keys = rows(connection.as_mut(), "pragma foreign_keys").await;
    expect.assert_eq(&format!("{}\ntables: {tables:?}, foreign keys: {foreign_keys:?}\n", show(&report)));
}

#[tokio::test]
async fn a_failure_in_a_transaction_leaves_nothing() {
    check_failure(
        TxMode::File,
        expect![[r#"
            RolledBack
            Failed("table a already exists")
            NotRun
            error: table a already exists
            tables: [], foreign keys: ["1"]
        "#]],
    )
    .await;
}

#[tokio::test]
async fn a_failure_without_a_transaction_leaves_what_was_done() {
    check_failure(
        TxMode::None,
        expect![[r#"
            Applied
            Failed("table a already exists")
            NotRun
            error: table a already exists
            tables: ["a"], foreign keys: ["1"]
        "#]],
    )
    .await;
}

#[tokio::test]
async fn a_stop_between_statements_ends_each_in_one_way() {
    for (tx, expected) in [
        (TxMode::File, "RolledBack\nNotRun\nerror: cancelled"),
        (TxMode::None, "Applied\nNotRun\nerror: cancelled"),
    ] {
        let mut connection = super::memory("").await;
        let base = inspect(connection.as_mut()).await;
        let plan = statements(&["CREATE TABLE a (x)", "CREATE TABLE b (x)"]);
        let approved = approved(plan, base, connection.as_ref()).await;
        let cancel = Cancel::new();
        let stop = StopAfter(1, cancel.clone());
        let report = apply(approved, connection.as_mut(), tx, Duration::ZERO, &stop, &cancel).await;
        assert_eq!(show(&report), expected);
    }
}

#[tokio::test]
async fn a_running_statement_can_be_interrupted() {
    let mut connection = super::memory("").await;
    let cancel = Cancel::new();
    connection.interrupt_on(&cancel).await.unwrap();
    cancel.cancel();
    let endless =
        "with recursive n(i) as (select 1 union all select i + 1 from n) insert into t select i from n";
    let error = connection.execute("create table t (i)").await.err();
    assert_eq!(error, None, "short statements end before anyone looks");
    let error = connection.execute(endless).await.unwrap_err();
    assert_eq!((error.kind, error.message.as_str()), (DbErrorKind::Cancelled, "interrupted"));
}

#[tokio::test]
async fn a_state_that_moved_is_refused() {
    for tx in [TxMode::File, TxMode::None] {
        let folder = tempfile::tempdir().unwrap();
        let path = file(&folder, "CREATE TABLE a (x)").await;
        let mut connection = open(&url(&path, ""), Access::Write).await.unwrap();
        let base = inspect(connection.as_mut()).await;
        let plan = plan_of(&base, &hcl(r#"table "t" { column "id" { type = int }; }"#), "");
        let approved = approved(plan, base, connection.as_ref()).await;
        let mut other = open(&url(&path, ""), Access::Write).await.unwrap();
        other.execute("ALTER TABLE a ADD COLUMN y int").await.unwrap();
        other.execute("CREATE VIEW v AS SELECT 1").await.unwrap();
        let report = apply(approved, connection.as_mut(), tx, Duration::ZERO, &Silent, &Cancel::new()).await;
        let error = report.error.as_ref().map(ToString::to_string).unwrap_or_default();
        let expected = r#"changed since the plan was approved: table "a" was modified, view "v" was added"#;
        assert!(error.ends_with(expected), "{error}");
        assert!(report.outcomes.iter().all(|outcome| *outcome == Outcome::NotRun));
    }
}

#[tokio::test]
async fn a_locked_database_is_said_to_be() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "CREATE TABLE a (x)").await;
    let mut other = open(&url(&path, ""), Access::Write).await.unwrap();
    other.execute("BEGIN EXCLUSIVE").await.unwrap();
    let error = open(&url(&path, "?_busy_timeout=1"), Access::Read).await.err().unwrap();
    assert_eq!((error.kind, error.message.as_str()), (DbErrorKind::Locked, "database is locked"));
    other.execute("ROLLBACK").await.unwrap();
    let mut connection = open(&url(&path, "?_busy_timeout=1"), Access::Write).await.unwrap();
    other.execute("BEGIN IMMEDIATE").await.unwrap();
    let report = execute(connection.as_mut(), statements(&["CREATE TABLE b (x)"]), TxMode::File).await;
    assert_eq!(show(&report), "NotRun\nerror: database is locked");
    other.execute("ROLLBACK").await.unwrap();
    assert_eq!(inspect(connection.as_mut()).await.tables().count(), 1);
}

#[tokio::test]
async fn the_advisory_lock_keeps_a_second_run_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "").await;
    let mut first = open(&url(&path, ""), Access::Write).await.unwrap();
    let mut second = open(&url(&path, ""), Access::Write).await.unwrap();
    first.lock("atlas_schema_apply", Duration::ZERO).await.unwrap();
    let report = execute(second.as_mut(), statements(&["CREATE TABLE a (x)"]), TxMode::File).await;
    assert_eq!(
        show(&report),
        "NotRun\nerror: acquiring database lock: sql/sqlite: lock on \"atlas_schema_apply\" already taken"
    );
    first.unlock("atlas_schema_apply").await.unwrap();
    let report = execute(second.as_mut(), statements(&["CREATE TABLE a (x)"]), TxMode::File).await;
    assert_eq!(show(&report), "Applied");
}

#[tokio::test]
async fn new_violations_of_foreign_keys_are_rolled_back_and_old_ones_are_not_ours() {
    let seed = "CREATE TABLE p (id int primary key); CREATE TABLE c (id int, p int references p (id)); \
                INSERT INTO c VALUES (1, 7)";
    for (sql, expected) in [
        ("DELETE FROM p", "Applied"),
        (
            "INSERT INTO c VALUES (2, 8)",
            "RolledBack\nerror: sql/sqlite: foreign key mismatch: [{\"c\" 1 \"p\" 0} {\"c\" 2 \"p\" 0}]",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let path = file(&folder, seed).await;
        let mut connection = open(&url(&path, "?_fk=1"), Access::Write).await.unwrap();
        let report = execute(connection.as_mut(), statements(&[sql]), TxMode::File).await;
        assert_eq!(show(&report), expected);
        assert_eq!(rows(connection.as_mut(), "pragma foreign_keys").await, ["1"]);
    }
}

#[tokio::test]
async fn statements_that_end_the_transaction_are_refused() {
    let mut connection = super::memory("").await;
    let report =
        execute(connection.as_mut(), statements(&["CREATE TABLE a (x)", "/* now */ commit"]), TxMode::File)
            .await;
    assert_eq!(
        show(&report),
        "NotRun\nNotRun\nerror: \"/* now */ commit\" cannot be part of a plan that runs in one transaction"
    );
}

#[tokio::test]
async fn a_read_only_file_is_read_and_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = file(&folder, "CREATE TABLE a (x)").await;
    let mut connection =
        open(&format!("sqlite://file:{}?mode=ro", path.display()), Access::Write).await.unwrap();
    assert_eq!(inspect(connection.as_mut()).await.tables().count(), 1);
    let report = execute(connection.as_mut(), statements(&["CREATE TABLE b (x)"]), TxMode::None).await;
    assert_eq!(
        show(&report),
        "Failed(\"attempt to write a readonly database\")\nerror: attempt to write a readonly database"
    );
    let mut connection = open(&url(&path, ""), Access::Read).await.unwrap();
    let error = connection.execute("CREATE TABLE b (x)").await.unwrap_err();
    assert_eq!(
        (error.kind, error.message.as_str()),
        (DbErrorKind::ReadOnly, "attempt to write a readonly database")
    );
}

#[tokio::test]
async fn a_file_that_is_absent_or_something_else_is_refused_and_stays_so() {
    let folder = tempfile::tempdir().unwrap();
    let absent = folder.path().join("absent.db");
    let error = open(&url(&absent, ""), Access::Read).await.err().unwrap();
    assert_eq!(error.message, "unable to open database file: no such file or directory");
    let mut preview = open(&url(&absent, ""), Access::Preview).await.unwrap();
    assert_eq!(inspect(preview.as_mut()).await, super::empty());
    assert!(!absent.exists(), "looking creates nothing");
    let nowhere = folder.path().join("no/such/folder.db");
    for access in [Access::Read, Access::Preview, Access::Write] {
        let error = open(&url(&nowhere, ""), access).await.err().unwrap();
        assert_eq!(error.message, "unable to open database file: no such file or directory");
    }
    let error = open(&url(folder.path(), ""), Access::Write).await.err().unwrap();
    assert_eq!(error.message, "unable to open database file: is a directory");
    let other = folder.path().join("other.db");
    std::fs::write(&other, "this is not a database, but long enough to look like one. ".repeat(20)).unwrap();
    let error = open(&url(&other, ""), Access::Read).await.err().unwrap();
    assert_eq!((error.kind, error.message.as_str()), (DbErrorKind::NotADatabase, "file is not a database"));
    let error = open("mongo://x", Access::Read).await.err().unwrap();
    assert_eq!(error.message, "sql/sqlclient: unknown driver \"mongo\". See: https://atlasgo.io/url");
}

#[tokio::test]
async fn what_was_not_approved_is_given_back() {
    let connection = super::memory("").await;
    let base = Fingerprint::new(Arc::new(super::empty()), Scope::bound("main"));
    let reviewed =
        Reviewed::new(statements(&["DROP TABLE a"]), connection.target().clone(), Vec::new(), base);
    let refused = reviewed.approve(&No).await.err().unwrap();
    assert_eq!(refused.reason.as_deref(), Some("not today"));
    assert_eq!(refused.reviewed.plan().statements.len(), 1);
}

#[tokio::test]
async fn a_dev_database_is_emptied_and_must_be_empty_before() {
    let mut connection = super::database(
        "CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMENT, a int UNIQUE); CREATE VIEW v AS SELECT 1;
         CREATE TRIGGER tr AFTER INSERT ON t BEGIN SELECT 1; END; INSERT INTO t (a) VALUES (1);",
    )
    .await;
    let scope = Scope::bound("main");
    let realm = inspect(connection.as_mut()).await;
    let session = dialects::SQLITE.session;
    assert_eq!(session.dirt(&realm, &scope).as_deref(), Some("found table \"t\""));
    for statement in session.restore(&realm, &Realm::default()) {
        connection.execute(&statement).await.unwrap();
    }
    let realm = inspect(connection.as_mut()).await;
    assert_eq!((realm.clone(), session.dirt(&realm, &scope)), (super::empty(), None));
    connection.execute("CREATE TABLE t (a int)").await.unwrap();
}

#[tokio::test]
async fn connections_to_a_shared_memory_database_see_the_same() {
    let url = "sqlite://shared_by_two?mode=memory&cache=shared";
    let mut one = open(url, Access::Write).await.unwrap();
    let mut two = open(url, Access::Write).await.unwrap();
    one.execute("CREATE TABLE t (a int)").await.unwrap();
    assert_eq!(inspect(two.as_mut()).await.tables().count(), 1);
    let mut alone = open("sqlite://shared_by_two?mode=memory", Access::Write).await.unwrap();
    assert_eq!(inspect(alone.as_mut()).await.tables().count(), 0);
}
