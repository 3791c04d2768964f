//! `cargo xtask test`: the steps a newcomer, CI and a developer all run, in order of how soon they tell something.
//!
//! A step that fails does not stop the others, so that one run shows all that is wrong. Invariant: nothing is
//! skipped silently; the closing lines count every step and name those that failed or were skipped.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::servers::{Product, Server, Servers};
use crate::{editor, sh, tools};

/// What the command line asked for.
#[derive(Clone, Copy, Debug, Default)]
struct Options<'a> {
    fast: bool,
    long: bool,
    all_versions: bool,
    only: Option<&'a str>,
}

/// What the steps share.
struct Run<'a> {
    options: Options<'a>,
    /// Started by the first step that wants them.
    servers: Option<Servers>,
}

impl Run<'_> {
    fn servers(&mut self) -> Result<&Servers> {
        let servers = match self.servers.take() {
            Some(servers) => servers,
            None => Servers::start(self.options.all_versions)?,
        };
        Ok(self.servers.insert(servers))
    }
}

struct Step {
    name: &'static str,
    about: &'static str,
    run: fn(&mut Run<'_>) -> Result<Outcome>,
}

enum Outcome {
    Passed,
    /// Passed, with something worth repeating at the end.
    Told(String),
    /// Could not run here, and why.
    Skipped(String),
}

const STEPS: [Step; 13] = [
    Step {
        name: "tools",
        about: "programs and packages the other steps need",
        run: |_| tools::ensure().map(|()| Outcome::Passed),
    },
    Step { name: "format", about: "cargo fmt --check", run: format },
    Step { name: "clippy", about: "clippy with warnings denied", run: clippy },
    Step { name: "servers", about: "throwaway database servers, which the next steps use", run: servers },
    Step { name: "rust", about: "cargo test --workspace", run: rust },
    Step {
        name: "codegen",
        about: "generated files are up to date",
        run: |_| crate::codegen::run(&["--check"]).map(|()| Outcome::Passed),
    },
    Step {
        name: "build",
        about: "the release binary",
        run: |_| editor::release_binary().map(|_| Outcome::Passed),
    },
    Step {
        name: "scripts",
        about: "Atlas's own scripts against the release binary, for each server",
        run: scripts,
    },
    Step { name: "extension", about: "types, units and grammars of the VS Code extension", run: extension },
    Step { name: "client", about: "the extension in real VS Code with a stand-in server", run: client },
    Step { name: "vscode", about: "real VS Code, driven in headless Chromium", run: vscode },
    Step {
        name: "neovim",
        about: "the same through Neovim",
        run: |_| editor::neovim().map(|()| Outcome::Passed),
    },
    Step {
        name: "emacs",
        about: "and through Emacs with eglot",
        run: |_| editor::emacs().map(|()| Outcome::Passed),
    },
];

/// Runs the steps and prints the closing lines.
///
/// # Errors
/// A step failed, or the arguments make no sense.
pub fn run(arguments: &[&str]) -> Result<()> {
    let options = parse(arguments)?;
    let chosen: Vec<&Step> = STEPS
        .iter()
        .filter(|step| match options.only {
            Some(name) => step.name == name,
            None => !options.fast || step.name == "rust",
        })
        .collect();
    let mut run = Run { options, servers: None };
    let begin = Instant::now();
    let mut results = Vec::new();
    for (index, step) in chosen.iter().enumerate() {
        println!("\n=== {}/{} {}: {}", index + 1, chosen.len(), step.name, step.about);
        let start = Instant::now();
        let result = (step.run)(&mut run);
        let took = start.elapsed();
        match &result {
            Ok(Outcome::Passed | Outcome::Told(_)) => println!("--- {}: passed in {}", step.name, show(took)),
            Ok(Outcome::Skipped(why)) => println!("--- {}: skipped: {why}", step.name),
            Err(error) => println!("--- {}: FAILED in {}: {error:#}", step.name, show(took)),
        }
        results.push((step.name, took, result));
    }
    close(&results, begin.elapsed())
}

fn close(results: &[(&str, Duration, Result<Outcome>)], took: Duration) -> Result<()> {
    let (mut passed, mut failed, mut skipped) = (0, Vec::new(), 0);
    println!("\n=== summary, {} in all", show(took));
    for (name, took, result) in results {
        match result {
            Ok(Outcome::Passed) => println!("{name:<10} passed   {}", show(*took)),
            Ok(Outcome::Told(what)) => println!("{name:<10} passed   {}  {what}", show(*took)),
            Ok(Outcome::Skipped(why)) => println!("{name:<10} skipped  {why}"),
            Err(error) => {
                let text = format!("{error:#}");
                println!("{name:<10} FAILED   {}  {}", show(*took), text.lines().next().unwrap_or_default());
            }
        }
        match result {
            Ok(Outcome::Passed | Outcome::Told(_)) => passed += 1,
            Ok(Outcome::Skipped(_)) => skipped += 1,
            Err(_) => failed.push(*name),
        }
    }
    println!("{passed} passed, {} failed, {skipped} skipped", failed.len());
    if !failed.is_empty() {
        bail!("failed: {}", failed.join(", "));
    }
    Ok(())
}

fn parse<'a>(arguments: &[&'a str]) -> Result<Options<'a>> {
    let mut options = Options::default();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match *argument {
            "--fast" => options.fast = true,
            "--long" => options.long = true,
            "--all-versions" => options.all_versions = true,
            "--only" => {
                let names = STEPS.map(|step| step.name).join(", ");
                match rest.next() {
                    Some(name) if STEPS.iter().any(|step| step.name == *name) => options.only = Some(name),
                    _ => bail!("--only wants one of: {names}"),
                }
            }
            other => bail!("unknown argument {other:?}; see cargo xtask --help"),
        }
    }
    Ok(options)
}

fn format(_: &mut Run<'_>) -> Result<Outcome> {
    sh::run(&mut sh::cargo(["fmt", "--all", "--check"]))?;
    Ok(Outcome::Passed)
}

fn clippy(_: &mut Run<'_>) -> Result<Outcome> {
    sh::run(&mut sh::cargo([
        "clippy",
        "--workspace",
        "--all-targets",
        "--features",
        "xtask/codegen",
        "--quiet",
        "--",
        "-D",
        "warnings",
    ]))?;
    Ok(Outcome::Passed)
}

fn servers(run: &mut Run<'_>) -> Result<Outcome> {
    let servers = run.servers()?;
    let summary = servers.summary();
    Ok(if servers.at_hand.is_empty() { Outcome::Skipped(summary) } else { Outcome::Told(summary) })
}

fn rust(run: &mut Run<'_>) -> Result<Outcome> {
    let mut cargo = sh::cargo(["test", "--workspace", "--no-fail-fast"]);
    cargo.envs(run.servers()?.environment());
    if run.options.long {
        cargo.env("ATLAS_LS_LONG", "1").env("PROPTEST_CASES", "4096");
    }
    let (lines, result) = sh::tee(&mut cargo);
    result?;
    Ok(Outcome::Told(total(&lines)))
}

/// Adds up the `test result:` lines of all test binaries.
fn total(lines: &[String]) -> String {
    let mut sums = [0_u64; 3];
    for line in lines.iter().filter_map(|line| line.strip_prefix("test result: ")) {
        for part in line.split([';', '.']) {
            if let Some((count, what)) = part.trim().split_once(' ')
                && let Some(index) = ["passed", "failed", "ignored"].iter().position(|name| *name == what)
            {
                sums[index] += count.parse::<u64>().unwrap_or(0);
            }
        }
    }
    let [passed, failed, ignored] = sums;
    format!("test result: ok. {passed} passed; {failed} failed; {ignored} ignored")
}

fn scripts(run: &mut Run<'_>) -> Result<Outcome> {
    let binary = editor::release_binary()?;
    let mut told = Vec::new();
    let mut failed = Vec::new();
    let mut script = |title: &str, dialect: &str, further: &[&str]| -> Result<()> {
        println!("{title}");
        let mut python = sh::command("python3", ["tests/peer/run.py", "-v", "-j", "2", "--dialect", dialect]);
        python.args(further).arg("--atlas").arg(&binary);
        let (lines, result) = sh::tee(&mut python);
        told.push(format!("{title}: {}", lines.last().cloned().unwrap_or_default()));
        if let Err(error) = result {
            failed.push(format!("{title}: {error:#}"));
        }
        Ok(())
    };
    script("SQLite", "sqlite", &[])?;
    for Server { title, product, url, .. } in &run.servers()?.at_hand {
        match product {
            Product::Postgres => {
                // The scripts' newest version but one has what every later one has.
                let is_newer = postgres_version(url).is_some_and(|version| version >= 140_000);
                let also: &[&str] = if is_newer { &["--also-version", "postgres14"] } else { &[] };
                script(title, "postgres", &[&["--url", url.as_str()], also].concat())?;
            }
            Product::Mysql => script(title, "mysql", &["--url", url])?,
            Product::Mariadb => {
                // What the scripts keep for another version and holds here as well.
                let further = ["--url", url, "--also-version", "maria103=diff-format", "--also-version"];
                let further = [further.as_slice(), &["mysql8=datasrc|mode-norm"]].concat();
                script(title, "mariadb", &further)?;
            }
        }
    }
    let told = told.join("; ");
    if !failed.is_empty() {
        bail!("{told}\n{}", failed.join("\n"));
    }
    Ok(Outcome::Told(told))
}

/// `150018` for 15.18.
fn postgres_version(url: &str) -> Option<u32> {
    let arguments =
        ["--no-psqlrc", "--tuples-only", "--no-align", "--command", "SHOW server_version_num", url];
    sh::output(&mut sh::command("psql", arguments)).ok()?.trim().parse().ok()
}

fn extension(_: &mut Run<'_>) -> Result<Outcome> {
    tools::npm_install("editors/vscode")?;
    sh::run(sh::command("npm", ["test", "--silent"]).current_dir(sh::root().join("editors/vscode")))?;
    Ok(Outcome::Passed)
}

fn client(_: &mut Run<'_>) -> Result<Outcome> {
    if cfg!(windows) {
        return Ok(Outcome::Skipped(NO_VSCODE.to_owned()));
    }
    editor::client()?;
    Ok(Outcome::Passed)
}

fn vscode(run: &mut Run<'_>) -> Result<Outcome> {
    if cfg!(windows) {
        return Ok(Outcome::Skipped(NO_VSCODE.to_owned()));
    }
    let skipped = editor::vscode(run.servers()?.environment())?;
    Ok(match skipped.as_slice() {
        [] => Outcome::Passed,
        skipped => Outcome::Told(format!("skipped: {}", skipped.join("; "))),
    })
}

const NO_VSCODE: &str = "the browser VS Code has no build for Windows";

fn show(took: Duration) -> String {
    match took.as_secs() {
        0 => format!("{} ms", took.as_millis()),
        seconds @ 1..60 => format!("{seconds}.{} s", took.subsec_millis() / 100),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::total;

    #[test]
    fn results_of_all_binaries_are_added() {
        let lines = [
            "running 2 tests",
            "test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.01s",
            "test result: ok. 40 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 1.25s",
        ];
        assert_eq!(total(&lines.map(str::to_owned)), "test result: ok. 42 passed; 0 failed; 1 ignored");
    }
}
