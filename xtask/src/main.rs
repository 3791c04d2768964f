//! The project's own chores, so that a newcomer needs two commands and no shell scripts.
//!
//! Not part of the product: nothing here is shipped, and nothing the product does depends on it. Invariant: every
//! chore works on a fresh clone and says what it needs when the machine lacks it.

// This is a program for a terminal.
#![allow(clippy::print_stdout, clippy::print_stderr)]

mod bench;
mod codegen;
mod demo;
mod dist;
mod editor;
mod layers;
mod servers;
mod sh;
mod test;
mod tidy;
mod tools;

use std::env;
use std::process::ExitCode;

use anyhow::{Result, bail};

const HELP: &str = "\
usage: cargo xtask <command>

  demo       build, package and install the extension into a browser VS Code and open an example
             migrations: one with versioned migrations    --terminal: check, plan and apply without an editor
             --port N: serve VS Code there (default: a free port)
  test       everything: format, clippy, Rust tests, Atlas's scripts, the extension, three editors
             --fast: Rust tests only    --long: larger property runs    --only NAME: one step
             --all-versions: every PostgreSQL from 10 on, not just 10, 15 and 18
  servers    start throwaway database servers, print the variables that name them, run until the input ends
             --all-versions: every PostgreSQL from 10 on
  tidy       the rules of the house that a machine can read (also: cargo test -p xtask)
  codegen    write the generated files             --check: fail if one is out of date
  bench      measure, and write docs/benchmarks.md   --quick: small sizes, prints only; servers: docs/benchmarks-servers.md; migrations: docs/benchmarks-migrations.md
  dist       the release binary and the extension for this machine, into dist/
  tools      install what `test` and `demo` need, and say where it is
";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[&str]) -> Result<()> {
    match arguments {
        [] | ["help" | "--help" | "-h"] => {
            print!("{HELP}");
            Ok(())
        }
        ["demo", rest @ ..] => demo::run(rest),
        ["test", rest @ ..] => test::run(rest),
        ["servers"] => servers::run(false),
        ["servers", "--all-versions"] => servers::run(true),
        ["tidy"] => tidy::run(),
        ["codegen", rest @ ..] => codegen::run(rest),
        ["bench", rest @ ..] => bench::run(rest),
        ["dist"] => dist::run(),
        ["tools"] => tools::run(),
        _ => bail!("unknown arguments {arguments:?}\n\n{HELP}"),
    }
}
