//! `cargo xtask bench`: measures the release binary and writes docs/benchmarks.md.
//!
//! Not a test: nothing fails because it is slow. Invariant: every number in the report was measured in this run, on
//! the machine the report names, by the command it shows.

mod cli;
mod lsp;
mod machine;
mod migrations;
mod questions;
mod report;
mod schema;
mod servers;
mod stats;
mod usage;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::{editor, sh};

/// How much is measured.
pub struct Plan {
    /// Numbers of tables, ascending.
    pub sizes: &'static [usize],
    /// The size whose latencies are shown in full.
    pub main: usize,
    /// Keystrokes for each latency.
    pub edits: usize,
    /// Runs of each command.
    pub runs: usize,
    pub cold_starts: usize,
}

const FULL: Plan =
    Plan { sizes: &[100, 316, 1_000, 3_162, 10_000], main: 1_000, edits: 150, runs: 3, cold_starts: 20 };
const QUICK: Plan = Plan { sizes: &[100, 316], main: 316, edits: 40, runs: 3, cold_starts: 5 };

/// Measures, prints, and unless `--quick` writes the report.
///
/// # Errors
/// The binary does not build, or something it was asked failed.
pub fn run(arguments: &[&str]) -> Result<()> {
    let quick = match arguments {
        [] => false,
        ["--quick"] => true,
        ["servers"] => return servers::run(&servers::FULL),
        ["servers", "--quick"] => return servers::run(&servers::QUICK),
        ["migrations"] => return migrations::run(false),
        ["migrations", "--engine"] => return migrations::run(true),
        _ => bail!("unknown arguments {arguments:?}; see cargo xtask --help"),
    };
    let plan = if quick { &QUICK } else { &FULL };
    let binary = editor::release_binary()?;
    let folder = sh::target().join("bench");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let machine = machine::describe(&binary)?;
    println!("{machine}");
    let mut projects = Vec::new();
    for &size in plan.sizes {
        projects.push(Project::make(&folder, size)?);
    }
    let commands = cli::measure(&binary, &projects, plan)?;
    let server = lsp::measure(&binary, &projects, plan)?;
    let text = report::write(&machine, plan, &commands, &server);
    println!("{text}");
    if !quick {
        fs::write(sh::root().join("docs/benchmarks.md"), &text)?;
        println!("wrote docs/benchmarks.md");
    }
    Ok(())
}

/// One schema of a size, in every form that is measured.
pub struct Project {
    pub size: usize,
    /// The folder that holds `sql/`, `hcl/`, `full.db` and `empty.db`.
    pub folder: PathBuf,
}

impl Project {
    /// The number of HCL files a schema is spread over.
    const FILES: usize = 50;

    fn make(folder: &Path, size: usize) -> Result<Project> {
        let folder = folder.join(size.to_string());
        fs::create_dir_all(folder.join("sql"))?;
        fs::create_dir_all(folder.join("hcl/schema"))?;
        fs::write(folder.join("sql/schema.sql"), schema::sql(size))?;
        for (name, text) in schema::hcl(size, Self::FILES) {
            fs::write(folder.join("hcl/schema").join(name), text)?;
        }
        for (form, source) in [("sql", "file://schema.sql"), ("hcl", "file://schema")] {
            fs::write(folder.join(form).join("atlas.hcl"), schema::config(source))?;
        }
        seed(&folder.join("full.db"), &folder.join("sql/schema.sql"))?;
        fs::write(folder.join("empty.sql"), "")?;
        seed(&folder.join("empty.db"), &folder.join("empty.sql"))?;
        Ok(Project { size, folder })
    }
}

/// Makes a database file by SQLite itself, through Python, so that nothing measured has touched it.
fn seed(database: &Path, script: &Path) -> Result<()> {
    let program = "import sqlite3,sys\nc=sqlite3.connect(sys.argv[1])\n\
        c.executescript('BEGIN;PRAGMA user_version=1;'+open(sys.argv[2]).read()+';COMMIT')\nc.close()";
    let mut python = sh::command("python3", ["-c", program]);
    sh::output(python.arg(database).arg(script)).context("the database cannot be seeded")?;
    Ok(())
}
