//! `migrate apply`, killed at random moments: the next `status` tells the truth, the next `apply` completes, and nothing
//! is executed twice or skipped; and two of them at once.
//!
//! Moments come from a seed, which a failure names. `ATLAS_LS_LONG=1` makes ten times as many rounds.

// What was skipped is for the person who reads the output.
#![allow(clippy::print_stdout)]

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::Value;
use tests::server::{self, Database, Product};
use tests::{Workspace, sqlite};

const FILES: usize = 4;

/// Where migrations go.
enum Target {
    File(PathBuf),
    Server(Database),
}

impl Target {
    fn url(&self) -> String {
        match self {
            Target::File(path) => format!("sqlite://{}", path.display()),
            Target::Server(database) => database.url(),
        }
    }

    fn query(&self, sql: &str) -> Vec<String> {
        match self {
            Target::File(path) if !path.exists() => Vec::new(),
            Target::File(path) => sqlite::query(path, sql).into_iter().flatten().collect(),
            Target::Server(database) => database.query(sql),
        }
    }

    fn tables(&self) -> Vec<String> {
        match self {
            Target::File(_) => self.query("SELECT name FROM sqlite_schema WHERE type = 'table'"),
            Target::Server(database) => database.tables(),
        }
    }

    /// Waits until the session of a process that was killed is gone: it holds the lock until then.
    fn settle(&self, lock: &str) {
        match self {
            Target::File(_) => {}
            Target::Server(database) if database.product == Product::Postgres => {
                let key = lock
                    .bytes()
                    .fold(0x811c_9dc5_u32, |hash, byte| hash.wrapping_mul(0x0100_0193) ^ u32::from(byte));
                database.execute(&format!("SELECT pg_advisory_lock({key})"));
            }
            Target::Server(database) => {
                database.query(&format!("SELECT CAST(GET_LOCK('{lock}', 30) AS CHAR)"));
            }
        }
    }
}

/// Numbers from a seed, the same everywhere.
struct Seed(u64);

impl Seed {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % most.max(1)
    }
}

/// Files whose definitions and rows all leave a trace: `log` gets a row for each insert that is executed.
fn directory() -> Workspace {
    let workspace = Workspace::new("");
    std::fs::create_dir_all(workspace.path("migrations")).expect("a folder");
    for k in 1..=FILES {
        let log = if k == 1 { "CREATE TABLE log (n int);\n" } else { "" };
        let text = format!(
            "{log}CREATE TABLE t{k} (id int NOT NULL, PRIMARY KEY (id));\n\
             INSERT INTO log (n) VALUES ({k}1);\n\
             INSERT INTO t{k} (id) VALUES (1), (2);\n\
             ALTER TABLE t{k} ADD COLUMN c int NULL;\n\
             UPDATE t{k} SET c = id + 1;\n\
             INSERT INTO log (n) VALUES ({k}2);\n\
             CREATE INDEX i{k} ON t{k} (c);\n\
             INSERT INTO log (n) VALUES ({k}3);\n"
        );
        workspace.write(&format!("migrations/{k}.sql"), &text);
    }
    workspace.ok(&["migrate", "hash"]);
    workspace
}

/// The numbers that the first `count` statements of file `k` write into `log`.
fn logged(k: usize, count: usize) -> Vec<String> {
    let places = if k == 1 { [2, 6, 8] } else { [1, 5, 7] };
    (1..=3).filter(|n| count > places[n - 1]).map(|n| format!("{k}{n}")).collect()
}

/// Starts a run and kills it at some moment; whether it came to its end before that.
fn killed(workspace: &Workspace, args: &[&str], seed: &mut Seed) -> bool {
    let mut command = workspace.command();
    command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    for _ in 0..seed.below(40) {
        if !matches!(lines.next(), Some(Ok(_))) {
            break;
        }
    }
    let moment = Instant::now() + Duration::from_micros(seed.below(4000));
    while Instant::now() < moment {
        std::hint::spin_loop();
    }
    let ended = child.try_wait().expect("a state").is_some();
    let _ = child.kill();
    let _ = child.wait();
    ended
}

/// What `status` says must be what the database holds.
fn truth(target: &Target, workspace: &Workspace, said: &str) {
    let output = workspace.run(&["migrate", "status", "--url", &target.url(), "--format", "{{ json . }}"]);
    assert_eq!(output.code, 0, "{said}: {}", output.render());
    let status: Value = serde_json::from_str(&output.stdout).expect("JSON");
    let revisions = status["Applied"].as_array().cloned().unwrap_or_default();
    let mut expected = Vec::new();
    for revision in &revisions {
        let k: usize = revision["Version"].as_str().and_then(|it| it.parse().ok()).expect("a version");
        expected.extend(logged(k, revision["Applied"].as_u64().expect("a count") as usize));
    }
    let has_log = target.tables().iter().any(|name| name == "log");
    let mut found = if has_log { target.query("SELECT n FROM log") } else { Vec::new() };
    expected.sort();
    found.sort();
    assert_eq!(found, expected, "{said}: {}", output.stdout);
    for revision in &revisions {
        let total = revision["Total"].as_u64().expect("a count");
        if revision["Applied"].as_u64() == Some(total) {
            let version = revision["Version"].as_str().expect("a version");
            let name = format!("t{version}");
            assert!(target.tables().contains(&name), "{said}: {name} is missing: {}", output.stdout);
        }
    }
    let pending = status["Pending"].as_array().map_or(0, Vec::len);
    let partial = status["Count"].as_u64().is_some() || status["SQL"].as_str().is_some();
    assert_eq!(revisions.len() + pending, FILES + usize::from(partial), "{said}: {}", output.stdout);
}

fn round(target: &Target, workspace: &Workspace, mode: &str, seed: u64, lock: &str) {
    let url = target.url();
    let args =
        ["migrate", "apply", "--url", &url, "--tx-mode", mode, "--lock-timeout", "30s", "--lock-name", lock];
    let mut moments = Seed(seed);
    for attempt in 1..=4 {
        let said = format!("{url} {mode} seed {seed} kill {attempt}");
        let ended = killed(workspace, &args, &mut moments);
        target.settle(lock);
        truth(target, workspace, &said);
        if ended {
            break;
        }
    }
    let said = format!("{url} {mode} seed {seed}");
    let output = workspace.run(&args);
    assert_eq!(output.code, 0, "{said}: {}", output.render());
    truth(target, workspace, &said);
    let mut expected: Vec<String> = (1..=FILES).flat_map(|k| logged(k, 9)).collect();
    let mut found = target.query("SELECT n FROM log");
    expected.sort();
    found.sort();
    assert_eq!(found, expected, "{said}");
    for k in 1..=FILES {
        assert_eq!(target.query(&format!("SELECT c FROM t{k} ORDER BY id")), ["2", "3"], "{said}");
    }
    let output = workspace.ok(&["migrate", "status", "--url", &url]);
    assert!(output.starts_with("Migration Status: OK"), "{said}: {output}");
}

/// Servers write every commit through to the disk, so their rounds take longer.
fn rounds(short: u64) -> u64 {
    if std::env::var_os("ATLAS_LS_LONG").is_some() { short * 10 } else { short }
}

fn on_sqlite(mode: &str) {
    for seed in 0..rounds(10) {
        let workspace = directory();
        let target = Target::File(workspace.path("target.db"));
        round(&target, &workspace, mode, seed, &format!("atlas_kill_{mode}_{}", std::process::id()));
    }
}

fn on_server(product: Product, mode: &str) {
    for seed in 0..rounds(4) {
        let Some(database) = Database::new(product, &format!("exec_kill_{mode}")) else { return };
        let workspace = directory();
        let lock = format!("atlas_kill_{mode}_{}", std::process::id());
        round(&Target::Server(database), &workspace, mode, seed, &lock);
    }
}

#[test]
fn sqlite_file() {
    on_sqlite("file");
}

#[test]
fn sqlite_all() {
    on_sqlite("all");
}

#[test]
fn sqlite_none() {
    on_sqlite("none");
}

#[test]
fn postgres_file() {
    on_server(Product::Postgres, "file");
}

#[test]
fn postgres_all() {
    on_server(Product::Postgres, "all");
}

#[test]
fn postgres_none() {
    on_server(Product::Postgres, "none");
}

#[test]
fn mysql_file() {
    on_server(Product::Mysql, "file");
}

#[test]
fn mysql_all() {
    on_server(Product::Mysql, "all");
}

#[test]
fn mysql_none() {
    on_server(Product::Mysql, "none");
}

#[test]
fn mariadb_file() {
    on_server(Product::Mariadb, "file");
}

#[test]
fn mariadb_all() {
    on_server(Product::Mariadb, "all");
}

#[test]
fn mariadb_none() {
    on_server(Product::Mariadb, "none");
}

/// Both begin at once; the second waits, and finds nothing left to do.
fn two_at_once(target: &Target) {
    let workspace = directory();
    let url = target.url();
    let args = ["migrate", "apply", "--url", &url, "--lock-timeout", "60s"];
    let start = || {
        let mut command = workspace.command();
        command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("the program starts")
    };
    let runs = [start(), start()].map(|child| child.wait_with_output().expect("it ends"));
    let shown: Vec<String> = runs
        .iter()
        .map(|run| String::from_utf8_lossy(&run.stdout).into_owned() + &String::from_utf8_lossy(&run.stderr))
        .collect();
    assert!(runs.iter().all(|run| run.status.success()), "{shown:?}");
    let idle = shown.iter().filter(|text| text.contains("No migration files to execute")).count();
    assert_eq!(idle, 1, "{shown:?}");
    truth(target, &workspace, "two at once");
    assert_eq!(target.query("SELECT n FROM log").len(), FILES * 3);
}

#[test]
fn two_runs_at_once_on_sqlite() {
    let folder = Workspace::new("");
    two_at_once(&Target::File(folder.path("target.db")));
}

#[test]
fn two_runs_at_once_on_servers() {
    for database in server::databases("exec_twice") {
        two_at_once(&Target::Server(database));
    }
}

/// Who does not want to wait is told that another run holds the lock.
#[test]
fn a_run_that_may_not_wait_is_refused() {
    let workspace = directory();
    let Some(database) = Database::new(Product::Postgres, "exec_refused") else { return };
    let key = "atlas_refused"
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| hash.wrapping_mul(0x0100_0193) ^ u32::from(byte));
    let holder = server::hold(&database.plain(), &format!("SELECT pg_advisory_lock({key})"));
    let url = database.url();
    let args = ["migrate", "apply", "--url", &url, "--lock-name", "atlas_refused", "--lock-timeout", "0s"];
    let output = workspace.run(&args);
    assert_eq!(output.code, 1, "{}", output.render());
    assert_eq!(output.stderr, "Error: acquiring database lock: sql/schema: lock is held by other session\n");
    drop(holder);
}
