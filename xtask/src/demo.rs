//! `cargo xtask demo`: the product on an example, in a real VS Code or in the terminal.
//!
//! Works on a copy below `target/demo`, so that the example in the repository stays as it is. Invariant: the demo
//! runs the same package and the same binary as the tests.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{editor, sh, tools};

/// What is shown, and how its copy of an example is made ready by `tests/editors/project.py`.
struct Show {
    name: &'static str,
    example: &'static str,
    prepare: &'static str,
}

/// Desired state and live plan.
const PLAN: Show = Show { name: "plan", example: "examples/sqlite-hcl", prepare: "seed" };
/// Versioned migrations, two of three applied.
const MIGRATIONS: Show =
    Show { name: "migrations", example: "examples/sqlite-migrations", prepare: "migrate" };

/// Shows the product.
///
/// # Errors
/// Something is missing, or does not build.
pub fn run(arguments: &[&str]) -> Result<()> {
    let (show, rest) = match arguments {
        ["migrations", rest @ ..] => (&MIGRATIONS, rest),
        rest => (&PLAN, rest),
    };
    match rest {
        ["--terminal"] if show.name == PLAN.name => terminal(),
        [] => browser(show, None),
        ["--port", port] => browser(show, Some(port)),
        _ => bail!("unknown arguments {arguments:?}; see cargo xtask --help"),
    }
}

fn browser(show: &Show, port: Option<&str>) -> Result<()> {
    tools::ensure()?;
    let vsix = editor::vsix()?;
    let entry = tools::code_server::ensure()?;
    let folder = prepared(show)?;
    let state = sh::target().join("demo/state");
    let mut node = sh::command("node", [sh::root().join("tests/editors/vscode/demo.mjs")]);
    node.env("CODE_SERVER", entry)
        .env("ATLAS_LS_VSIX", vsix)
        .env("DEMO_FOLDER", &folder)
        .env("DEMO_SHOW", show.name)
        .env("DEMO_STATE", state);
    if let Some(port) = port {
        node.env("DEMO_PORT", port);
    }
    sh::run(&mut node)
}

fn terminal() -> Result<()> {
    let binary = editor::release_binary()?;
    let folder = prepared(&PLAN)?;
    let example = PLAN.example;
    println!("A copy of {example} is in {}, with a database that is a few changes behind.", folder.display());
    for (title, arguments) in [
        ("Diagnostics without an editor", &["check"][..]),
        (
            "The plan: what takes the database to the schema",
            &["schema", "apply", "--env", "local", "--dry-run"],
        ),
        ("Applied, approved on the command line", &["schema", "apply", "--env", "local", "--auto-approve"]),
        ("And again: nothing is left to do", &["schema", "apply", "--env", "local", "--dry-run"]),
        ("The database, inspected", &["schema", "inspect", "--env", "local"]),
    ] {
        println!("\n# {title}\n$ atlas-ls {}", arguments.join(" "));
        sh::run(sh::command(&binary, arguments).current_dir(&folder))?;
    }
    Ok(())
}

/// A fresh copy of the example with its database.
fn prepared(show: &Show) -> Result<PathBuf> {
    let folder = sh::target().join("demo").join(show.name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    copy(&sh::root().join(show.example), &folder)?;
    let mut python = sh::command("python3", ["tests/editors/project.py", show.prepare]);
    sh::run(python.arg(&folder).env("ATLAS_LS_BIN", editor::release_binary()?))?;
    Ok(folder)
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else if !entry.file_name().to_string_lossy().starts_with("app.db") {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
