//! `cargo xtask bench migrations`: 500 migration files in the editor and on the command line.
//!
//! `--engine` also measures the engine's memory of a directory from within, by an example of `dialects`, which has to be
//! built. Invariants: what is measured is the release build that the report names; an answer without the finding that
//! must be in it is an error.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use super::lsp::session::{PATIENCE, Session, file_uri};
use super::machine;
use super::stats::Sample;
use crate::{editor, sh};

const FILES: usize = 500;
const RUNS: usize = 5;
const EDITS: usize = 150;
const ROUNDS: usize = 10;

/// What issue 4 asks for, in milliseconds: by the end of the measurement's name, and of which number.
const TARGETS: [(&str, usize, f64); 2] =
    [("edit of the last file", 1, 20.0), ("edit of the first file", 2, 1000.0)];

/// The databases an env may lead to; none of them is there.
const ENVS: [(&str, &str); 3] = [
    ("sqlite", "sqlite://none.db"),
    ("postgres", "postgres://127.0.0.1:1/app"),
    ("mysql", "mysql://127.0.0.1:1/app"),
];

/// Measures, prints, and writes docs/benchmarks-migrations.md.
///
/// # Errors
/// Something does not build, or a command failed.
pub fn run(engine: bool) -> Result<()> {
    let binary = editor::release_binary()?;
    let machine = machine::describe(&binary)?;
    println!("{machine}");
    let mut lines = Vec::new();
    for (dialect, url) in ENVS {
        lines.extend(in_the_editor(&binary, dialect, url)?);
    }
    if engine {
        lines.extend(from_within()?);
    }
    let folder = directory("postgres", "postgres://127.0.0.1:1/app")?;
    let commands = from_without(&binary, &folder)?;
    let text = report(&machine, &lines, &commands);
    println!("{text}");
    fs::write(sh::root().join("docs/benchmarks-migrations.md"), &text)?;
    println!("wrote docs/benchmarks-migrations.md");
    Ok(())
}

/// File `at`: every second one makes a table, the others change one that is there.
fn migration(at: usize, word: &str) -> String {
    let table = at / 2;
    if at.is_multiple_of(2) {
        return format!(
            "CREATE TABLE t{table} (\n  id int NOT NULL PRIMARY KEY,\n  name varchar(100) NOT NULL,\n  {word} int,\n  \
             CHECK ({word} >= 0)\n);\nCREATE INDEX i{table} ON t{table} (name);\n"
        );
    }
    let of = (at * 7) % table.max(1);
    format!(
        "ALTER TABLE t{of} ADD COLUMN {word}{at} int;\nDROP INDEX i{of};\nDROP TABLE t{of};\n{}",
        migration(of * 2, word)
    )
}

/// A project with the files, for an env that leads to `url`.
fn directory(name: &str, url: &str) -> Result<PathBuf> {
    let folder = sh::target().join("bench-migrations").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(folder.join("migrations"))?;
    for at in 0..FILES {
        fs::write(file(&folder, at), migration(at, "made"))?;
    }
    let text = format!(
        "env \"local\" {{\n  url = \"{url}\"\n  migration {{\n    dir = \"file://migrations\"\n  }}\n}}\n"
    );
    fs::write(folder.join("atlas.hcl"), text)?;
    Ok(folder)
}

fn file(folder: &Path, at: usize) -> PathBuf {
    folder.join(format!("migrations/{:04}.sql", at + 1))
}

/// Keystrokes in the last file and in the first, with the diagnostics they raise.
fn in_the_editor(binary: &Path, dialect: &str, url: &str) -> Result<Vec<Line>> {
    let folder = directory(dialect, url)?;
    let hashed = Command::new(binary).args(["migrate", "hash"]).current_dir(&folder).status()?;
    if !hashed.success() {
        bail!("migrate hash: {hashed}");
    }
    let mut session = Session::start(binary, &folder)?;
    let uris: Vec<String> = (0..FILES).map(|at| file_uri(&file(&folder, at))).collect();
    let (first, last) = (0, FILES - 1);
    for (at, uri) in uris.iter().enumerate() {
        let document =
            json!({ "uri": uri, "languageId": "sql", "version": 1, "text": migration(at, "made") });
        session.notify("textDocument/didOpen", json!({ "textDocument": document }))?;
    }
    let mut version = 1;
    let mut edit = |session: &mut Session, at: usize, word: &str| -> Result<()> {
        version += 1;
        let document = json!({ "uri": uris[at], "version": version });
        let changes = json!([{ "text": migration(at, word) }]);
        session
            .notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }))
    };
    // Files that drop a table of an earlier one must be told so.
    let ask = |session: &mut Session, at: usize| -> Result<(Instant, bool)> {
        let answer =
            session.ask("textDocument/diagnostic", json!({ "textDocument": { "uri": uris[at] } }))?;
        let mut items = answer.value["items"].as_array().into_iter().flatten();
        let found = at.is_multiple_of(2) || items.any(|item: &Value| item["code"] == "DS102");
        Ok((answer.arrived, found))
    };
    // The directory is listed in the background.
    let patience = Instant::now();
    while !ask(&mut session, last)?.1 {
        if patience.elapsed() > PATIENCE {
            bail!("{dialect}: the last file is not linted");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let diagnose = |session: &mut Session, at: usize| -> Result<Instant> {
        match ask(session, at)? {
            (arrived, true) => Ok(arrived),
            _ => bail!("{dialect}: file {at} was not linted"),
        }
    };
    let took = |began: Instant, ended: Instant| ended.saturating_duration_since(began).as_secs_f64() * 1e3;
    let mut lines = Vec::new();
    for at in 0..5 {
        edit(&mut session, last, &format!("warm{at}_"))?;
        diagnose(&mut session, last)?;
    }
    let mut sample = Sample::default();
    for at in 0..EDITS {
        let began = Instant::now();
        edit(&mut session, last, &format!("made{at}_"))?;
        sample.push(took(began, diagnose(&mut session, last)?));
    }
    lines.push(Line::of(dialect, "diagnostics behind an edit of the last file", &sample));
    let mut sample = Sample::default();
    for at in 0..ROUNDS {
        let began = Instant::now();
        edit(&mut session, first, &format!("begun{at}_"))?;
        let mut ended = began;
        for at in 0..FILES {
            ended = diagnose(&mut session, at)?;
        }
        sample.push(took(began, ended));
    }
    lines.push(Line::of(dialect, "diagnostics of all files behind an edit of the first file", &sample));
    session.close()?;
    for line in &lines {
        println!("{dialect} {}: {:?}", line.name, line.times);
    }
    Ok(lines)
}

/// A line of the example: dialect, name, how often, p50, p99, worst.
struct Line {
    dialect: String,
    name: String,
    count: String,
    times: [f64; 3],
}

impl Line {
    fn of(dialect: &str, name: &str, sample: &Sample) -> Self {
        let times = [0.5, 0.99, 1.0].map(|rank| sample.percentile(rank));
        Self { dialect: dialect.to_owned(), name: name.to_owned(), count: sample.len().to_string(), times }
    }
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

/// Whole runs of the command line on the same files: what is measured, and its median.
fn from_without(binary: &Path, folder: &Path) -> Result<Vec<(String, f64)>> {
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
            &["migrate", "lint", "--latest", "1", "--env", "local"],
        ),
        (
            "migrate lint --latest 500, PostgreSQL from the text",
            &["migrate", "lint", "--latest", "500", "--env", "local"],
        ),
    ];
    let mut out = Vec::new();
    for (name, arguments) in runs {
        let mut sample = Sample::default();
        for _ in 0..RUNS {
            let began = Instant::now();
            let done = Command::new(binary)
                .args(arguments)
                .current_dir(folder)
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
        "A directory has {FILES} files: every second one makes a table with a check and an index; the others change such a \
         table, drop it and make it anew, so that each of them has findings.\n\
         In the editor `didChange` with another text each time and `textDocument/diagnostic` are written together, and the \
         time runs to the last byte of the last answer; no database is asked.\n"
    );
    out.push_str("| dialect | | times | p50 ms | p99 ms | worst ms | target | |\n");
    out.push_str("| --- | --- | ---: | ---: | ---: | ---: | --- | --- |\n");
    for line in engine {
        let [p50, p99, worst] = line.times;
        let target = TARGETS.iter().find(|(name, ..)| line.name.ends_with(name));
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
