//! `cargo xtask demo`: the product on an example, in a real VS Code or in the terminal.
//!
//! Works on a copy below `target/demo`, so that the example in the repository stays as it is. Invariant: the demo
//! runs the same package and the same binary as the tests.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{editor, sh, tools};

const EXAMPLE: &str = "examples/sqlite-hcl";

/// Shows the product.
///
/// # Errors
/// Something is missing, or does not build.
pub fn run(arguments: &[&str]) -> Result<()> {
    match arguments {
        ["--terminal"] => terminal(),
        [] => browser(None),
        ["--port", port] => browser(Some(port)),
        _ => bail!("unknown arguments {arguments:?}; see cargo xtask --help"),
    }
}

fn browser(port: Option<&str>) -> Result<()> {
    tools::ensure()?;
    let vsix = editor::vsix()?;
    let entry = tools::code_server::ensure()?;
    let folder = seeded()?;
    let state = sh::target().join("demo/state");
    let mut node = sh::command("node", [sh::root().join("tests/editors/vscode/demo.mjs")]);
    node.env("CODE_SERVER", entry)
        .env("ATLAS_LS_VSIX", vsix)
        .env("DEMO_FOLDER", &folder)
        .env("DEMO_STATE", state);
    if let Some(port) = port {
        node.env("DEMO_PORT", port);
    }
    sh::run(&mut node)
}

fn terminal() -> Result<()> {
    let binary = editor::release_binary()?;
    let folder = seeded()?;
    println!("A copy of {EXAMPLE} is in {}, with a database that is a few changes behind.", folder.display());
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

/// A fresh copy of the example with its database as `seed.sql` makes it.
fn seeded() -> Result<PathBuf> {
    let folder = sh::target().join("demo/blog");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    copy(&sh::root().join(EXAMPLE), &folder)?;
    sh::run(sh::command("python3", ["tests/editors/project.py", "seed"]).arg(&folder))?;
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
