//! Runs that are cut off where no rollback helps: a `down` on a server whose definitions commit by themselves, and
//! changes of tables without transactions.
//!
//! The moment is a statement that sleeps on the server, so nothing depends on how fast the machine is.

// What was skipped is for the person who reads the output.
#![allow(clippy::print_stdout)]

use std::process::Stdio;
use std::time::{Duration, Instant};

use tests::server::{Database, Product};
use tests::{Output, Workspace};

/// Runs the binary under test and kills it while the server executes `statement`.
fn killed(database: &Database, workspace: &Workspace, args: &[&str], statement: &str) {
    let mut command = workspace.command();
    let mut child = command
        .args(args)
        .args(lock(database))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let running = format!(
        "SELECT CAST(id AS CHAR) FROM information_schema.processlist WHERE db = '{}' AND info LIKE '{statement}%' AND id <> CONNECTION_ID()",
        database.schema()
    );
    let limit = Instant::now() + Duration::from_secs(60);
    let session = loop {
        if let [session] = database.query(&running).as_slice() {
            break session.clone();
        }
        assert!(Instant::now() < limit, "{statement} was not executed");
        assert!(child.try_wait().expect("a state").is_none(), "it ended before {statement}");
    };
    child.kill().expect("it is there");
    child.wait().expect("it ends");
    // The server notices late that nobody listens.
    let gone =
        format!("SELECT CAST(count(*) AS CHAR) FROM information_schema.processlist WHERE id = {session}");
    database.execute(&format!("KILL {session}"));
    while database.query(&gone) != ["0"] {
        assert!(Instant::now() < limit, "the session stays");
    }
}

/// A lock is the whole server's there, and other tests run beside this one.
fn lock(database: &Database) -> [&str; 2] {
    ["--lock-name", database.name()]
}

fn migrate(workspace: &Workspace, database: &Database, command: &str) -> Output {
    let mut args = vec!["migrate"];
    args.extend(command.split_whitespace());
    let url = database.url();
    args.extend(["--url", &url]);
    if !command.starts_with("status") {
        args.extend(lock(database));
    }
    workspace.run(&args)
}

fn project(files: &[(&str, &str)]) -> Workspace {
    let workspace = Workspace::new("");
    std::fs::create_dir_all(workspace.path("migrations")).expect("a folder");
    for (name, text) in files {
        workspace.write(&format!("migrations/{name}"), text);
    }
    workspace.ok(&["migrate", "hash"]);
    workspace
}

const DOWN: &str = "-- atlas:txtar

-- migration.sql --
CREATE TABLE a (id int);
CREATE TABLE b (id int);
CREATE TABLE log (n int);
-- down.sql --
INSERT INTO log VALUES (1);
DROP TABLE b;
DELETE FROM a WHERE SLEEP(30) = 0;
INSERT INTO log VALUES (2);
DROP TABLE a;
";

#[test]
fn a_down_that_was_cut_off_goes_on() {
    for product in [Product::Mysql, Product::Mariadb] {
        let Some(database) = Database::new(product, "exec_cut_down") else { continue };
        let workspace = project(&[("1.sql", DOWN)]);
        let output = migrate(&workspace, &database, "apply");
        assert_eq!(output.code, 0, "{}", output.render());
        database.execute("INSERT INTO a VALUES (1)");
        let url = database.url();
        let args = ["migrate", "down", "--auto-approve", "--url", &url];
        killed(&database, &workspace, &args, "DELETE FROM a");
        let status = migrate(&workspace, &database, "status");
        assert!(
            status.stdout.contains("Current Version: 1 (being taken back, 2 of 5 statements executed)"),
            "{}",
            status.render()
        );
        assert!(status.stdout.starts_with("Migration Status: PENDING"), "{}", status.render());
        let apply = migrate(&workspace, &database, "apply");
        assert_eq!(apply.code, 1, "{}", apply.render());
        assert!(apply.stderr.contains("version \"1\" is being taken back: 2 of 5"), "{}", apply.render());
        assert_eq!(database.query("SELECT CAST(n AS CHAR) FROM log"), ["1"]);
        // What is left of it no longer sleeps.
        database.execute("DELETE FROM a");
        let down = migrate(&workspace, &database, "down --auto-approve");
        assert_eq!(down.code, 0, "{}", down.render());
        assert!(!down.stdout.contains("DROP TABLE b"), "{}", down.render());
        assert_eq!(database.query("SELECT CAST(n AS CHAR) FROM log ORDER BY n"), ["1", "2"]);
        assert_eq!(database.tables(), ["atlas_schema_revisions", "log"]);
        assert!(database.query("SELECT version FROM atlas_schema_revisions").is_empty());
    }
}

#[test]
fn a_down_that_failed_is_told_and_goes_on() {
    for product in [Product::Mysql, Product::Mariadb] {
        let Some(database) = Database::new(product, "exec_cut_fail") else { continue };
        let text = DOWN.replace("DELETE FROM a WHERE SLEEP(30) = 0", "DROP TABLE c");
        let workspace = project(&[("1.sql", &text)]);
        migrate(&workspace, &database, "apply");
        let down = migrate(&workspace, &database, "down --auto-approve");
        assert_eq!(down.code, 1, "{}", down.render());
        let status = migrate(&workspace, &database, "status");
        assert!(status.stdout.contains("2 of 5 statements executed"), "{}", status.render());
        assert!(status.stdout.contains("Taking it back had errors: "), "{}", status.render());
        database.execute("CREATE TABLE c (id int)");
        let down = migrate(&workspace, &database, "down --auto-approve");
        assert_eq!(down.code, 0, "{}", down.render());
        assert_eq!(database.query("SELECT CAST(n AS CHAR) FROM log ORDER BY n"), ["1", "2"]);
    }
}

/// A person says where the database stands.
#[test]
fn a_version_that_is_half_taken_back_can_be_set() {
    let Some(database) = Database::new(Product::Mariadb, "exec_cut_set") else { return };
    let text = DOWN.replace("DELETE FROM a WHERE SLEEP(30) = 0", "DROP TABLE c");
    let workspace = project(&[("1.sql", &text)]);
    migrate(&workspace, &database, "apply");
    migrate(&workspace, &database, "down --auto-approve");
    let set = migrate(&workspace, &database, "set 1");
    assert_eq!(set.code, 0, "{}", set.render());
    let status = migrate(&workspace, &database, "status");
    assert!(status.stdout.starts_with("Migration Status: OK"), "{}", status.render());
}

/// Tables without transactions keep what a killed run wrote.
#[test]
fn a_change_that_no_rollback_undoes_is_asked_about() {
    let engines = [(Product::Mysql, "MyISAM"), (Product::Mariadb, "MyISAM"), (Product::Mariadb, "Aria")];
    for (product, engine) in engines {
        for mode in ["file", "all", "none"] {
            let name = format!("exec_cut_{}_{mode}", engine.to_lowercase());
            let Some(database) = Database::new(product, &name) else { continue };
            let text = format!(
                "CREATE TABLE safe (n int);\nCREATE TABLE log (n int) ENGINE={engine};\n\
                 INSERT INTO safe VALUES (1);\nINSERT INTO log VALUES (1);\n\
                 INSERT INTO log SELECT 2 + SLEEP(30);\nINSERT INTO safe VALUES (2);\n"
            );
            let workspace = project(&[("1.sql", &text)]);
            let url = database.url();
            let args = ["migrate", "apply", "--url", &url, "--tx-mode", mode];
            killed(&database, &workspace, &args, "INSERT INTO log SELECT 2");
            let rows = || database.query("SELECT CAST(n AS CHAR) FROM log ORDER BY n");
            let (safe, before) = (database.query("SELECT CAST(n AS CHAR) FROM safe"), rows());
            assert_eq!((safe.join(" ").as_str(), before[0].as_str()), ("1", "1"), "{engine} {mode}");
            let status = migrate(&workspace, &database, "status");
            assert!(status.stdout.contains("(4 statements applied)"), "{engine} {mode} {}", status.render());
            let again = migrate(&workspace, &database, &format!("apply --tx-mode {mode}"));
            assert_eq!(again.code, 1, "{engine} {mode} {}", again.render());
            assert!(again.stderr.contains("its effect cannot be seen in the schema"), "{}", again.render());
            assert_eq!(rows(), before, "{engine} {mode}");
            let on = migrate(&workspace, &database, &format!("apply --tx-mode {mode} --interrupted applied"));
            assert_eq!(on.code, 0, "{engine} {mode} {}", on.render());
            assert_eq!(rows(), before, "{engine} {mode}");
            assert_eq!(database.query("SELECT CAST(n AS CHAR) FROM safe ORDER BY n"), ["1", "2"]);
        }
    }
}
