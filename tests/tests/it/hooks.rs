//! `hook "sql"` blocks: shown before anything is asked, executed at their moments, and what became of them when they
//! fail.

use expect_test::expect;
use tests::server::{self, Product};
use tests::{Output, Workspace, sqlite};

/// A project whose env `x` has its target at `url`.
fn project(url: &str, hooks: &str, files: &[(&str, &str)]) -> Workspace {
    let workspace = Workspace::new("");
    workspace.write(
        "atlas.hcl",
        &format!(
            "{hooks}\nenv \"x\" {{\n  url = \"{url}\"\n  src = \"file://schema.sql\"\n  migration {{\n    dir = \"file://migrations\"\n  }}\n}}\n"
        ),
    );
    workspace.write("schema.sql", "CREATE TABLE a (id int);\n");
    std::fs::create_dir_all(workspace.path("migrations")).expect("a folder");
    for (name, text) in files {
        workspace.write(&format!("migrations/{name}"), text);
    }
    workspace.ok(&["migrate", "hash"]);
    workspace
}

fn hook(name: &str, skip_errors: bool, body: &str) -> String {
    format!("hook \"sql\" \"{name}\" {{\n  skip_errors = {skip_errors}\n  transaction {{\n{body}\n  }}\n}}\n")
}

fn migrate(workspace: &Workspace, args: &[&str]) -> Output {
    workspace.run(&[&["migrate", "apply", "--env", "x", "--allow-dirty"], args].concat())
}

/// The lines of an output up to the first file.
fn head(output: &Output) -> String {
    output.stdout.split("  -- migrating version").next().unwrap_or_default().to_owned()
}

const AUDIT: &str = "    after_begin = [\"INSERT INTO audit VALUES ('begin')\"]\n    before_commit = [\"INSERT INTO audit VALUES ('one'); INSERT INTO audit VALUES ('two')\"]";

#[test]
fn they_are_around_each_file_and_shown_before() {
    let files = [
        ("1.sql", "CREATE TABLE t1 (id int);"),
        ("2.sql", "-- atlas:txmode none\n\nCREATE TABLE t2 (id int);"),
    ];
    let workspace = project("sqlite://x.db", &hook("audit", false, AUDIT), &files);
    let file = workspace.path("x.db");
    sqlite::execute(&file, "CREATE TABLE audit (what text)");
    let dry = migrate(&workspace, &["--dry-run"]);
    expect![[r#"
        Migrating to version 2 (2 migrations in total):

          -- hook "audit", after_begin of each transaction
            -> INSERT INTO audit VALUES ('begin');

          -- hook "audit", before_commit of each transaction
            -> INSERT INTO audit VALUES ('one');
            -> INSERT INTO audit VALUES ('two');

          -- without hooks, because executed outside of a transaction: version 2

    "#]]
    .assert_eq(&head(&dry));
    assert!(sqlite::query(&file, "SELECT what FROM audit").is_empty());
    let output = migrate(&workspace, &[]);
    assert_eq!(output.code, 0, "{}", output.render());
    assert_eq!(sqlite::query(&file, "SELECT what FROM audit").concat(), ["begin", "one", "two"]);
    // All files in one transaction.
    let files = [("1.sql", "CREATE TABLE t1 (id int);"), ("2.sql", "CREATE TABLE t2 (id int);")];
    let workspace = project("sqlite://x.db", &hook("audit", false, AUDIT), &files);
    let file = workspace.path("x.db");
    sqlite::execute(&file, "CREATE TABLE audit (what text)");
    let output = migrate(&workspace, &["--tx-mode", "all"]);
    assert_eq!(output.code, 0, "{}", output.render());
    assert_eq!(sqlite::query(&file, "SELECT what FROM audit").concat(), ["begin", "one", "two"]);
}

#[test]
fn a_failure_stops_the_run_unless_it_may_be_skipped() {
    let files = [("1.sql", "CREATE TABLE t1 (id int);")];
    for (skip, moment) in
        [(false, "after_begin"), (false, "before_commit"), (true, "after_begin"), (true, "before_commit")]
    {
        let body = format!("    {moment} = [\"INSERT INTO nowhere VALUES (1)\"]");
        let workspace = project("sqlite://x.db", &hook("h", skip, &body), &files);
        let output = migrate(&workspace, &[]);
        let what = format!(
            "hook \"h\", {moment}: executing statement \"INSERT INTO nowhere VALUES (1)\": no such table: nowhere"
        );
        let made = sqlite::query(&workspace.path("x.db"), "SELECT name FROM sqlite_schema WHERE name = 't1'");
        assert_eq!((output.code, made.len()), if skip { (0, 1) } else { (1, 0) }, "{}", output.render());
        match skip {
            true => assert!(output.stdout.contains(&what), "{}", output.render()),
            false => {
                let said = format!("Error: {what}\nNothing was changed.\n");
                assert!(output.stderr.starts_with(&said), "{}", output.render());
            }
        }
        let status = workspace.run(&["migrate", "status", "--env", "x"]);
        assert_eq!(status.stdout.starts_with("Migration Status: OK"), skip, "{}", status.render());
    }
}

#[test]
fn none_of_them_may_end_a_transaction() {
    for (body, why) in [
        ("    after_begin = [\"COMMIT\"]", "cannot be executed inside of the transaction it is a hook of"),
        (
            "    before_commit = [\"select 1; begin\"]",
            "cannot be executed inside of the transaction it is a hook of",
        ),
        ("    after_begin = [\"select 'a\"]", "unclosed quote"),
    ] {
        let workspace =
            project("sqlite://x.db", &hook("h", true, body), &[("1.sql", "CREATE TABLE t1 (id int);")]);
        let output = migrate(&workspace, &[]);
        assert_eq!(output.code, 1, "{}", output.render());
        assert!(output.stderr.contains(why), "{}", output.render());
        let apply = workspace.run(&["schema", "apply", "--env", "x", "--auto-approve"]);
        assert!(apply.code == 1 && apply.stderr.contains(why), "{}", apply.render());
    }
    let hooks = "hook \"shell\" \"h\" {\n}\n";
    let workspace = project("sqlite://x.db", hooks, &[("1.sql", "CREATE TABLE t1 (id int);")]);
    let output = migrate(&workspace, &[]);
    assert!(output.code == 1 && output.stderr.contains("is no kind of hook"), "{}", output.render());
}

#[test]
fn a_plan_has_them_too() {
    let hooks = hook("audit", false, AUDIT)
        + &hook("alarm", false, "    before_rollback = [\"INSERT INTO audit VALUES ('gone')\"]");
    let workspace = project("sqlite://x.db", &hooks, &[]);
    let file = workspace.path("x.db");
    sqlite::execute(&file, "CREATE TABLE audit (what text)");
    let output = workspace.run(&["schema", "apply", "--env", "x", "--auto-approve", "--exclude", "audit"]);
    expect![[r#"
        -- Planned Changes:
        -- Hook "audit", after_begin
        INSERT INTO audit VALUES ('begin');
        -- Create "a" table
        CREATE TABLE `a` (
          `id` int NULL
        );
        -- Hook "audit", before_commit
        INSERT INTO audit VALUES ('one');
        INSERT INTO audit VALUES ('two');
        -- If the plan fails:
        -- Hook "alarm", before_rollback
        -- INSERT INTO audit VALUES ('gone');
        exit 0"#]]
    .assert_eq(output.render().trim_end());
    assert_eq!(sqlite::query(&file, "SELECT what FROM audit").concat(), ["begin", "one", "two"]);
}

/// Hooks in the transactions of real servers: settings that are local to it, savepoints around what may fail.
#[test]
fn servers() {
    for database in server::databases("exec_hooks") {
        let postgres = database.product == Product::Postgres;
        database.execute("CREATE TABLE audit (what varchar(100))");
        let value = if postgres { "current_setting('lock_timeout')" } else { "@@lock_wait_timeout" };
        let set =
            if postgres { "SET LOCAL lock_timeout = '3s'" } else { "SET SESSION lock_wait_timeout = 3" };
        let hooks = hook("timeouts", false, &format!("    after_begin = [\"{set}\"]"))
            + &hook(
                "log",
                true,
                &format!(
                    "    after_begin = [\"INSERT INTO nowhere VALUES (1)\"]\n    before_commit = [\"INSERT INTO audit SELECT {value}\"]\n    before_rollback = [\"SELECT nope\"]"
                ),
            );
        let files = [
            ("1.sql", "CREATE TABLE t1 (id int);\nINSERT INTO t1 VALUES (1);"),
            ("2.sql", "INSERT INTO t1 VALUES (2);\nINSERT INTO t1 VALUES (boom);"),
        ];
        let workspace = project(&database.url(), &hooks, &files);
        let output = migrate(&workspace, &["1"]);
        assert_eq!(output.code, 0, "{}", output.render());
        assert!(output.stdout.contains("a hook failed, which does not stop the run"), "{}", output.render());
        assert!(output.stdout.contains("nowhere"), "{}", output.render());
        let expected = if postgres { "3s" } else { "3" };
        assert_eq!(database.query("SELECT what FROM audit"), [expected], "{}", output.render());
        let output = migrate(&workspace, &[]);
        assert_eq!(output.code, 1, "{}", output.render());
        assert!(
            output.stdout.contains("before_rollback: executing statement \"SELECT nope\""),
            "{}",
            output.render()
        );
        assert_eq!(
            database.query("SELECT CAST(count(*) AS CHAR(9)) FROM t1")[0].trim(),
            "1",
            "{}",
            output.render()
        );
        assert_eq!(database.query("SELECT what FROM audit").len(), 1);
        let plan = workspace.run(&[
            "schema",
            "apply",
            "--env",
            "x",
            "--auto-approve",
            "--exclude",
            "audit",
            "--dev-url",
            "",
        ]);
        assert!(plan.stderr.contains("dev-url"), "{}", plan.render());
    }
}
