//! `cargo xtask bench migrations`: 500 migration files, asked about with a memory.
//!
//! The engine is measured from within, by an example of `dialects`, and the command line from without. Invariant: what
//! is measured is the release build that the report names.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result, bail};

use super::machine;
use super::stats::Sample;
use crate::{editor, sh};

const FILES: usize = 500;
const RUNS: usize = 5;

/// What issue 4 asks for, in milliseconds: by the name of the measurement, and of which number.
const TARGETS: [(&str, usize, f64); 2] =
    [("edit of the last file, lint of it", 1, 20.0), ("edit of the first file, lint of all", 2, 1000.0)];

/// Measures, prints, and writes docs/benchmarks-migrations.md.
///
/// # Errors
/// Something does not build, or a command failed.
pub fn run() -> Result<()> {
    let binary = editor::release_binary()?;
    let machine = machine::describe(&binary)?;
    println!("{machine}");
    let engine = from_within()?;
    let commands = from_without(&binary)?;
    let text = report(&machine, &engine, &commands);
    println!("{text}");
    fs::write(sh::root().join("docs/benchmarks-migrations.md"), &text)?;
    println!("wrote docs/benchmarks-migrations.md");
    Ok(())
}

/// A line of the example: dialect, name, how often, p50, p99, worst.
struct Line {
    dialect: String,
    name: String,
    count: String,
    times: [f64; 3],
}

fn from_within() -> Result<Vec<Line>> {
    let output = Command::new("cargo")
        .args(["run", "--release", "--quiet", "-p", "dialects", "--example", "timeline"])
        .current_dir(sh::root())
        .stderr(Stdio::inherit())
        .output()
        .context("cargo")?;
    if !output.status.success() {
        bail!("the example failed: {}", output.status);
    }
    let text = String::from_utf8(output.stdout)?;
    text.lines()
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [dialect, name, count, p50, p99, worst] = fields.as_slice() else {
                bail!("not a measurement: {line}");
            };
            let times = [p50.parse()?, p99.parse()?, worst.parse()?];
            Ok(Line { dialect: (*dialect).into(), name: (*name).into(), count: (*count).into(), times })
        })
        .collect()
}

/// Whole runs of the command line on the same number of files: what is measured, and its median.
fn from_without(binary: &Path) -> Result<Vec<(String, f64)>> {
    let folder = sh::target().join("bench-migrations");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(folder.join("migrations"))?;
    for at in 0..FILES {
        let table = at / 2;
        let text = if at % 2 == 0 {
            format!("CREATE TABLE t{table} (id int NOT NULL PRIMARY KEY, name varchar(100), amount int);\n")
        } else {
            format!("ALTER TABLE t{table} ADD COLUMN c{at} int;\nCREATE INDEX i{at} ON t{table} (c{at});\n")
        };
        fs::write(folder.join(format!("migrations/{:04}.sql", at + 1)), text)?;
    }
    let text = "env \"offline\" {\n  url = \"postgres://localhost:5432/app\"\n}\n";
    fs::write(folder.join("atlas.hcl"), text)?;
    let memory = "sqlite://dev?mode=memory";
    let runs: [(&str, &[&str]); 5] = [
        ("migrate hash", &["migrate", "hash"]),
        (
            "migrate lint --latest 1, SQLite in memory",
            &["migrate", "lint", "--latest", "1", "--dev-url", memory],
        ),
        (
            "migrate lint --latest 500, SQLite in memory",
            &["migrate", "lint", "--latest", "500", "--dev-url", memory],
        ),
        (
            "migrate lint --latest 1, PostgreSQL from the text",
            &["migrate", "lint", "--latest", "1", "--env", "offline"],
        ),
        (
            "migrate lint --latest 500, PostgreSQL from the text",
            &["migrate", "lint", "--latest", "500", "--env", "offline"],
        ),
    ];
    let mut out = Vec::new();
    for (name, arguments) in runs {
        let mut sample = Sample::default();
        for _ in 0..RUNS {
            let began = Instant::now();
            let done = Command::new(binary)
                .args(arguments)
                .current_dir(&folder)
                .stdout(Stdio::null())
                .stderr(Stdio::piped())
                .output()?;
            sample.push(began.elapsed().as_secs_f64() * 1e3);
            if !done.stderr.is_empty() {
                bail!("{name}: {}", String::from_utf8_lossy(&done.stderr));
            }
        }
        out.push((name.to_owned(), sample.median()));
    }
    Ok(out)
}

fn report(machine: &machine::Machine, engine: &[Line], commands: &[(String, f64)]) -> String {
    let mut out = String::from(
        "# Benchmarks: migration directories\n\nWritten by `cargo xtask bench migrations`; do not edit.\n",
    );
    let _ = writeln!(out, "Measured on {machine}.\n");
    let _ = writeln!(
        out,
        "A directory has {FILES} files: every second one makes a table with a foreign key to the table before, a check and \
         an index; the others add a column to a table that is there, fill it and index it.\n\
         What is asked is the engine's memory of such a directory (`engine::migrate::Timeline`), without a database; an \
         edit is another text each time, and parsing it is part of the time.\n"
    );
    out.push_str("| dialect | | times | p50 ms | p99 ms | worst ms | target | |\n");
    out.push_str("| --- | --- | ---: | ---: | ---: | ---: | --- | --- |\n");
    for line in engine {
        let [p50, p99, worst] = line.times;
        let target = TARGETS.iter().find(|(name, ..)| *name == line.name);
        let (aim, met) = match target {
            Some((_, which, most)) => {
                let what = if *which == 1 { "p99" } else { "worst" };
                let met = if line.times[*which] <= *most { "met" } else { "**not met**" };
                (format!("{what} {most}"), met)
            }
            None => ("–".to_owned(), ""),
        };
        let _ = writeln!(
            out,
            "| {} | {} | {} | {p50:.2} | {p99:.2} | {worst:.2} | {aim} | {met} |",
            line.dialect, line.name, line.count
        );
    }
    let _ = writeln!(out, "\nThe command line, from start to end, the median of {RUNS} runs:\n");
    out.push_str("| command | ms |\n| --- | ---: |\n");
    for (name, median) in commands {
        let _ = writeln!(out, "| `{name}` | {median:.1} |");
    }
    out
}
