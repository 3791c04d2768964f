//! The questions of the command line on a real terminal: yes, no, Ctrl-C, the end of the input, and no terminal at all.

// What was skipped is for the person who reads the output.
#![allow(clippy::print_stdout)]

use tests::terminal::{Ended, Terminal};
use tests::{Workspace, sqlite};

const ENTER: &str = "\r";
const DOWN: &str = "\u{1b}[B";
const LEAVE: &str = "\u{3}";
const END: &str = "\u{4}";

const FIXTURE: &str = "
-- schema.sql --
CREATE TABLE a (id int);
";

fn asked(workspace: &Workspace, args: &[&str], question: &str, keys: &str) -> Option<Ended> {
    if !Terminal::is_there() {
        println!("skipped: no script of util-linux");
        return None;
    }
    let mut terminal = Terminal::start(workspace, args);
    terminal.wait_for(question);
    // The last answer is printed by then.
    terminal.wait_for(if args.contains(&"down") || args.contains(&"schema") {
        "Abort\r\n"
    } else {
        "again\r\n"
    });
    terminal.press(keys);
    let ended = terminal.end();
    assert!(ended.is_restored(), "{}", ended.text);
    Some(ended)
}

fn tables(workspace: &Workspace) -> Vec<String> {
    let file = workspace.path("x.db");
    match file.exists() {
        true => sqlite::query(
            &file,
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'atlas%'",
        )
        .concat(),
        false => Vec::new(),
    }
}

const APPLY: [&str; 6] = ["schema", "apply", "--url", "sqlite://x.db", "--to", "file://schema.sql"];

fn apply(keys: &str) -> Option<(Ended, Vec<String>)> {
    let workspace = Workspace::new(FIXTURE);
    let args = [&APPLY[..], &["--dev-url", "sqlite://dev?mode=memory"]].concat();
    let ended = asked(&workspace, &args, "? Are you sure?", keys)?;
    Some((ended, tables(&workspace)))
}

#[test]
fn a_plan_is_applied_after_a_yes() {
    let Some((ended, tables)) = apply(ENTER) else { return };
    assert_eq!((ended.code, tables.join(" ").as_str()), (0, "a"), "{}", ended.text);
    assert!(ended.text.contains("✔ Apply"), "{}", ended.text);
}

#[test]
fn a_plan_is_not_applied_after_a_no() {
    for keys in [&format!("{DOWN}{ENTER}"), "j\r", LEAVE] {
        let Some((ended, tables)) = apply(keys) else { return };
        assert_eq!((ended.code, tables.len()), (0, 0), "{keys:?} {}", ended.text);
    }
}

#[test]
fn the_end_of_the_input_is_no_answer() {
    let Some((ended, tables)) = apply(END) else { return };
    assert_eq!((ended.code, tables.len()), (1, 0), "{}", ended.text);
    assert!(ended.text.contains("Error: ^D"), "{}", ended.text);
    let workspace = Workspace::new(FIXTURE);
    let output = workspace.run(&[&APPLY[..], &["--dev-url", "sqlite://dev?mode=memory"]].concat());
    assert_eq!((output.code, output.stderr.as_str()), (1, "Error: ^D\n"), "{}", output.render());
    assert!(self::tables(&workspace).is_empty());
}

/// Two migrations of which the last was cut short in a statement whose effect cannot be seen.
fn interrupted() -> Workspace {
    let workspace = Workspace::new(
        "
-- migrations/1.sql --
CREATE TABLE a (id int);
-- migrations/2.sql --
CREATE TABLE b (id int);
INSERT INTO a VALUES (1), (2);
INSERT INTO nowhere VALUES (1);
",
    );
    workspace.ok(&["migrate", "hash"]);
    let output = workspace.run(&["migrate", "apply", "--url", "sqlite://x.db", "--tx-mode", "none"]);
    assert_eq!(output.code, 1, "{}", output.render());
    // As if the second insert were a good one, and the run had been killed while it was executed.
    let started = "the statement was started and its end was not recorded";
    sqlite::execute(
        &workspace.path("x.db"),
        &format!(
            "CREATE TABLE nowhere (id int); UPDATE atlas_schema_revisions SET error = '{started}' WHERE version = '2'"
        ),
    );
    workspace
}

#[test]
fn a_statement_that_was_cut_short_is_asked_about() {
    let args = ["migrate", "apply", "--url", "sqlite://x.db", "--tx-mode", "none"];
    for (keys, code, rows) in [
        (ENTER.to_owned(), 1, 0),
        (format!("{DOWN}{ENTER}"), 0, 0),
        (format!("{DOWN}{DOWN}{ENTER}"), 0, 1),
        (LEAVE.to_owned(), 1, 0),
        (END.to_owned(), 1, 0),
    ] {
        let workspace = interrupted();
        let Some(ended) = asked(&workspace, &args, "? What became of it", &keys) else { return };
        assert_eq!(ended.code, code, "{keys:?} {}", ended.text);
        assert!(ended.text.contains("its effect cannot be seen in the schema"), "{}", ended.text);
        let found = sqlite::query(&workspace.path("x.db"), "SELECT id FROM nowhere");
        assert_eq!(found.len(), rows, "{keys:?} {}", ended.text);
    }
    let workspace = interrupted();
    let output = workspace.run(&args);
    assert_eq!(output.code, 1, "{}", output.render());
    assert!(output.stderr.contains("--interrupted=applied"), "{}", output.render());
}

#[test]
fn migrations_are_taken_back_after_a_yes() {
    let workspace = || {
        let workspace = Workspace::new("\n-- migrations/1.sql --\nCREATE TABLE a (id int);\n");
        workspace.ok(&["migrate", "hash"]);
        workspace.ok(&["migrate", "apply", "--url", "sqlite://x.db"]);
        workspace
    };
    let args = ["migrate", "down", "--url", "sqlite://x.db", "--dev-url", "sqlite://dev?mode=memory"];
    for (keys, code, left) in [
        (ENTER.to_owned(), 0, 0),
        (format!("{DOWN}{ENTER}"), 0, 1),
        (LEAVE.to_owned(), 0, 1),
        (END.to_owned(), 1, 1),
    ] {
        let workspace = workspace();
        let Some(ended) = asked(&workspace, &args, "? Are you sure?", &keys) else { return };
        assert_eq!((ended.code, tables(&workspace).len()), (code, left), "{keys:?} {}", ended.text);
    }
    let workspace = workspace();
    let output = workspace.run(&args);
    assert_eq!((output.code, tables(&workspace).len()), (1, 1), "{}", output.render());
    assert!(output.stderr.contains("--auto-approve"), "{}", output.render());
}

#[test]
fn a_renaming_is_asked_about() {
    for (keys, rows) in [(ENTER.to_owned(), 1), (format!("{DOWN}{ENTER}"), 0)] {
        if !Terminal::is_there() {
            return;
        }
        let workspace = Workspace::new("\n-- schema.sql --\nCREATE TABLE people (id int, name text);\n");
        sqlite::execute(
            &workspace.path("x.db"),
            "CREATE TABLE persons (id int, name text); INSERT INTO persons VALUES (1, 'a')",
        );
        let args = [&APPLY[..], &["--dev-url", "sqlite://dev?mode=memory"]].concat();
        let mut terminal = Terminal::start(&workspace, &args);
        terminal.wait_for("renamed to");
        terminal.wait_for("No, drop it and add the new one\r\n");
        terminal.press(&keys);
        terminal.wait_for("? Are you sure?");
        terminal.wait_for("Abort\r\n");
        terminal.press(ENTER);
        let ended = terminal.end();
        assert_eq!(ended.code, 0, "{}", ended.text);
        let found = sqlite::query(&workspace.path("x.db"), "SELECT id FROM people");
        assert_eq!(found.len(), rows, "{}", ended.text);
    }
}
