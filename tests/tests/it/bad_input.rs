//! Bad input on the command line: one clear message with place and object, exit code 1, and nothing changed.
//!
//! Each case says what its message must name; the exact words are tested where they are made.

use std::fs;

use tests::{Output, Workspace, sqlite};

const CONFIG: &str = "env \"local\" {\n  url = \"sqlite://app.db\"\n  dev = \"sqlite://dev?mode=memory\"\n  src = \"file://schema.lt.hcl\"\n}\n";
const SCHEMA: &str = "schema \"main\" {\n}\ntable \"users\" {\n  schema = schema.main\n  column \"id\" {\n    type = integer\n  }\n}\n";
const APPLY: [&str; 5] = ["schema", "apply", "--env", "local", "--auto-approve"];

fn workspace() -> Workspace {
    let workspace = Workspace::new("");
    workspace.write("atlas.hcl", CONFIG);
    workspace.write("schema.lt.hcl", SCHEMA);
    workspace
}

/// Insists on a failure in order: exit 1, `Error:` on stderr, the words in it, no panic.
fn fails(output: &Output, words: &[&str]) {
    assert_eq!(output.code, 1, "{}", output.render());
    assert!(output.stderr.starts_with("Error: "), "{}", output.render());
    assert!(!output.stderr.contains("panicked"), "{}", output.render());
    for word in words {
        assert!(output.stderr.contains(word), "no {word:?} in {}", output.render());
    }
}

#[test]
fn a_missing_schema_file_is_named() {
    let workspace = workspace();
    fs::remove_file(workspace.path("schema.lt.hcl")).expect("just written");
    fails(&workspace.run(&APPLY), &["schema.lt.hcl"]);
    assert!(!workspace.path("app.db").exists() || sqlite::schema(&workspace.path("app.db")).is_empty());
}

#[test]
fn a_missing_config_is_named() {
    let workspace = Workspace::new("");
    fails(&workspace.run(&APPLY), &["atlas.hcl"]);
}

#[test]
fn an_unknown_env_is_named() {
    fails(&workspace().run(&["schema", "apply", "--env", "prod", "--auto-approve"]), &["prod"]);
}

#[test]
fn a_syntax_error_has_its_place() {
    let workspace = workspace();
    workspace.write("schema.lt.hcl", "schema \"main\" {\n}\ntable \"users {\n}\n");
    fails(&workspace.run(&APPLY), &["schema.lt.hcl:3"]);
}

#[test]
fn binary_and_foreign_encodings_are_no_panic() {
    for bytes in [&b"\x00\x01\x02\xff\xfe"[..], b"table \"caf\xe9\" {\n}\n", b"\xff\xfet\x00a\x00"] {
        let workspace = workspace();
        fs::write(workspace.path("schema.lt.hcl"), bytes).expect("just made");
        fails(&workspace.run(&APPLY), &["schema.lt.hcl"]);
    }
}

#[test]
fn deep_nesting_is_no_stack_overflow() {
    let workspace = workspace();
    for (open, close) in [("[", "]"), ("(", ")"), ("{ a = ", " }")] {
        workspace.write("schema.lt.hcl", &format!("x = {}1{}\n", open.repeat(20_000), close.repeat(20_000)));
        let output = workspace.run(&["check", "schema.lt.hcl"]);
        assert!(matches!(output.code, 0 | 1), "{}", output.render());
        workspace.write(
            "deep.sql",
            &format!("CREATE TABLE t (a int CHECK ({}1{}));\n", "(".repeat(20_000), ")".repeat(20_000)),
        );
        let output = workspace.run(&["check", "deep.sql"]);
        assert!(matches!(output.code, 0 | 1), "{}", output.render());
    }
}

#[test]
fn cyclic_locals_are_named() {
    let workspace = workspace();
    workspace.write(
        "atlas.hcl",
        &format!(
            "locals {{\n  a = local.b\n  b = local.a\n}}\n{}",
            CONFIG.replace("sqlite://app.db\"", "${local.a}\"")
        ),
    );
    fails(&workspace.run(&APPLY), &["local"]);
}

#[test]
fn a_variable_without_a_value_is_named() {
    let workspace = workspace();
    workspace.write(
        "atlas.hcl",
        &format!(
            "variable \"where\" {{\n  type = string\n}}\n{}",
            CONFIG.replace("\"sqlite://app.db\"", "var.where")
        ),
    );
    fails(&workspace.run(&APPLY), &["where"]);
}

#[test]
fn bad_urls_are_refused_without_showing_a_password() {
    for url in ["nosuch://u:hunter2@h/db", "sqlite://app.db?%zz", "://", "postgres://u:hunter2@[::1/db"] {
        let output = workspace().run(&["schema", "inspect", "--url", url]);
        fails(&output, &[]);
        assert!(!output.render().contains("hunter2"), "{}", output.render());
    }
}

#[test]
fn a_file_that_is_no_database_is_named_and_left_alone() {
    let workspace = workspace();
    let text = "this is no database, only a text that is long enough to be looked at\n".repeat(20);
    workspace.write("app.db", &text);
    fails(&workspace.run(&APPLY), &["not a database"]);
    assert_eq!(workspace.read("app.db"), text);
}

#[test]
fn a_locked_database_is_reported_and_left_alone() {
    let workspace = workspace();
    let database = workspace.path("app.db");
    sqlite::execute(&database, "create table other (id integer)");
    let _writer = sqlite::lock(&database);
    fails(&workspace.run(&APPLY), &["locked"]);
}

#[test]
fn a_plan_that_fails_in_the_middle_leaves_the_database_as_it_was() {
    let workspace = workspace();
    let database = workspace.path("app.db");
    // Two rows that break the unique index the schema asks for, found only while applying.
    sqlite::execute(
        &database,
        "create table users (id integer not null); insert into users values (1), (1);",
    );
    let before = sqlite::schema(&database);
    let unique = "  index \"one\" {\n    unique  = true\n    columns = [column.id]\n  }\n}\ntable \"zebra\" {\n  schema = schema.main\n  column \"id\" {\n    type = integer\n  }\n}\n";
    workspace.write("schema.lt.hcl", &SCHEMA.replace("  }\n}\n", &format!("  }}\n{unique}")));
    let output = workspace.run(&APPLY);
    fails(&output, &["UNIQUE"]);
    assert_eq!(sqlite::schema(&database), before, "{}", output.render());
}
