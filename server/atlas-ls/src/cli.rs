//! The command line: `atlas`'s flags, output and exit codes.
//!
//! Thin: it reads arguments, calls `commands`, prints. Everything printed goes through [`console::Console`]. Invariant:
//! whatever goes wrong is one line on standard error and exit code 1, and no line holds a password.

mod apply;
mod approve;
mod check;
mod clean;
mod completion;
mod console;
mod csv;
mod diff;
mod duration;
mod editor;
mod fmt;
mod help;
mod inspect;
mod interrupt;
mod migrate;
mod parse;
mod prompt;
mod report;
mod setup;
mod table;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use self::console::Console;
use self::interrupt::Interrupt;
use self::parse::{Invocation, Refused};
use self::table::{Action, ROOT, Shell};
use crate::machine::Machine;

/// Why a command did not succeed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// `Error: <text>`.
    Error(String),
    /// `Abort: <text>`.
    Abort(String),
    /// It was said already.
    Said,
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Failure::Error(text)
    }
}

impl From<commands::Error> for Failure {
    fn from(error: commands::Error) -> Self {
        Failure::Error(error.to_string())
    }
}

/// What every command works with.
pub(crate) struct Session<'a> {
    pub machine: &'a Machine,
    pub console: &'a Console,
    pub interrupt: &'a Interrupt,
}

/// Files nested thousands deep are read by recursion somewhere below; the system's own stack is too small for that.
const STACK: usize = 256 << 20;

/// Runs the program with `arguments`, the first of which is its own name.
pub fn main(arguments: impl Iterator<Item = OsString>) -> ExitCode {
    let mut arguments = arguments;
    let program = arguments
        .next()
        .and_then(|name| Some(Path::new(&name).file_stem()?.to_str()?.to_owned()))
        .unwrap_or_else(|| "atlas-ls".to_owned());
    let console = Console::standard();
    let arguments: Result<Vec<String>, OsString> = arguments.map(OsString::into_string).collect();
    let invocation = match arguments {
        Ok(arguments) => parse::parse(&ROOT, &arguments),
        Err(argument) => {
            Err(Refused::from(format!("argument {:?} is not UTF-8", argument.to_string_lossy())))
        }
    };
    let invocation = match invocation {
        Ok(invocation) => invocation,
        Err(refused) => {
            console.error(&format!("Error: {}", refused.message));
            if let Some(name) = refused.see {
                console.error(&format!("Run '{name} --help' for usage."));
            }
            return ExitCode::from(1);
        }
    };
    let is_server = invocation.command().action == Some(Action::Lsp) || invocation.switch("stdio");
    if is_server && !invocation.help {
        return crate::lsp::run_stdio();
    }
    let run = move || run(invocation, &program, &console);
    let thread = std::thread::Builder::new().name("atlas-cli".to_owned()).stack_size(STACK).spawn(run);
    match thread.map(std::thread::JoinHandle::join) {
        Ok(Ok(code)) => code,
        // The panic has said what it is.
        Ok(Err(_)) => ExitCode::from(1),
        Err(error) => {
            Console::standard().error(&format!("Error: {}", crate::machine::reason(&error)));
            ExitCode::from(1)
        }
    }
}

fn run(mut invocation: Invocation, program: &str, console: &Console) -> ExitCode {
    match command(&mut invocation, program, console) {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Error(text)) => {
            console.error(&format!("Error: {text}"));
            ExitCode::from(1)
        }
        Err(Failure::Abort(text)) => {
            console.error(&format!("Abort: {text}"));
            ExitCode::from(1)
        }
        Err(Failure::Said) => ExitCode::from(1),
    }
}

fn command(invocation: &mut Invocation, program: &str, console: &Console) -> Result<(), Failure> {
    let Some(action) = invocation.command().action.filter(|_| !invocation.help) else {
        console.print(&help::help(&invocation.path));
        return Ok(());
    };
    match action {
        Action::Help => help_of(invocation, console),
        Action::Version => {
            console.print(&version());
            Ok(())
        }
        Action::License => {
            console.print(LICENSE);
            Ok(())
        }
        Action::Completion(shell) => {
            console.print(&completion(shell, program));
            Ok(())
        }
        Action::NotYet => {
            let name = invocation.name();
            Err(Failure::Abort(format!("'{name}' is not supported yet by this build of atlas-ls")))
        }
        Action::Lsp => Ok(()),
        Action::Inspect
        | Action::Apply
        | Action::Diff
        | Action::Fmt
        | Action::Clean
        | Action::Check
        | Action::Migrate(_) => {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build();
            let runtime = runtime.map_err(|error| crate::machine::reason(&error))?;
            let result = runtime.block_on(async {
                let interrupt = Interrupt::listen(console);
                let machine = Machine::new(dialects::all()).stopped_by(&interrupt.cancel);
                let session = Session { machine: &machine, console, interrupt: &interrupt };
                match action {
                    Action::Inspect => inspect::run(&session, invocation).await,
                    Action::Apply => apply::run(&session, invocation).await,
                    Action::Diff => diff::run(&session, invocation).await,
                    Action::Fmt => fmt::run(&session, invocation).await,
                    Action::Clean => clean::run(&session, invocation).await,
                    Action::Migrate(verb) => migrate::run(verb, &session, invocation).await,
                    _ => check::run(&session, invocation).await,
                }
            });
            // A thread may still wait for a key that nobody presses.
            runtime.shutdown_background();
            result
        }
    }
}

/// Refuses flags of `atlas` that this build does not have: ignoring one could change more than was asked for.
pub(crate) fn refuse(invocation: &Invocation, flags: &[&str]) -> Result<(), Failure> {
    match flags.iter().find(|flag| invocation.changed(flag)) {
        Some(flag) => Err(Failure::Abort(format!(
            "'{} --{flag}' is not supported yet by this build of atlas-ls",
            invocation.name()
        ))),
        None => Ok(()),
    }
}

fn help_of(invocation: &Invocation, console: &Console) -> Result<(), Failure> {
    let mut path = vec![&ROOT];
    for word in &invocation.args {
        let Some(child) = path.last().and_then(|command| command.child(word)) else {
            console.print(&format!("Unknown help topic {:?}\n", invocation.args.join(" ")));
            break;
        };
        path.push(child);
    }
    console.print(&help::help(&path));
    Ok(())
}

/// The first line is what programs that drive `atlas` look for.
///
/// Source: atlasexec, `^atlas version v(\d+\.\d+.\d+)-?([a-z0-9]*)?`.
fn version() -> String {
    format!(
        "atlas version v{}\natlas-ls: an independent implementation of the atlas command line and language server\n",
        env!("CARGO_PKG_VERSION")
    )
}

const LICENSE: &str =
    "LICENSE\natlas-ls is licensed under Apache 2.0: https://www.apache.org/licenses/LICENSE-2.0.\n";

fn completion(shell: Shell, program: &str) -> String {
    completion::script(shell, program)
}
