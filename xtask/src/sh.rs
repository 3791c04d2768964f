//! Running other programs: from the root of the repository, without a standard input, and with errors that say
//! which command failed.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask/ has a parent")
}

/// The folder cargo builds into, as set for this build.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// A command that runs in the root of the repository.
pub fn command<I: AsRef<OsStr>>(
    program: impl AsRef<OsStr>,
    arguments: impl IntoIterator<Item = I>,
) -> Command {
    // On Windows npm is a script, which is found only by its full name.
    let is_npm = cfg!(windows) && program.as_ref() == "npm";
    let mut command = if is_npm { Command::new("npm.cmd") } else { Command::new(program) };
    command.args(arguments).current_dir(root()).stdin(Stdio::null());
    command
}

/// The cargo that started us.
pub fn cargo<I: AsRef<OsStr>>(arguments: impl IntoIterator<Item = I>) -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()), arguments);
    // Set by `cargo run` for xtask itself; a cargo below it must not believe it is building xtask.
    for name in ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "CARGO_PKG_VERSION"] {
        cargo.env_remove(name);
    }
    cargo
}

/// Runs a command with its output on our terminal.
///
/// # Errors
/// The program is missing, or it failed.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("cannot start {}", show(command)))?;
    if !status.success() {
        bail!("{} failed ({status})", show(command));
    }
    Ok(())
}

/// Runs a command and returns its standard output; what it says on stderr is part of the error.
///
/// # Errors
/// The program is missing, or it failed.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("cannot start {}", show(command)))?;
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let stderr = String::from_utf8_lossy(&output.stderr);
        bail!("{} failed ({})\n{stdout}{stderr}", show(command), output.status);
    }
    Ok(stdout)
}

/// Runs a command, shows its standard output line by line and returns it as well.
///
/// # Errors
/// The program is missing, or it failed; the lines are printed by then.
pub fn tee(command: &mut Command) -> (Vec<String>, Result<()>) {
    let mut lines = Vec::new();
    let result = (|| {
        let mut child = command
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot start {}", show(command)))?;
        let stdout = child.stdout.take().context("stdout is piped")?;
        for line in BufReader::new(stdout).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            println!("{line}");
            lines.push(line);
        }
        let status = child.wait()?;
        if !status.success() {
            bail!("{} failed ({status})", show(command));
        }
        Ok(())
    })();
    (lines, result)
}

/// The command as one would type it.
pub fn show(command: &Command) -> String {
    let mut text =
        Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned();
    for argument in command.get_args() {
        text.push(' ');
        text.push_str(&argument.to_string_lossy());
    }
    text
}

/// The full path of a program, looked up in `PATH`.
pub fn which(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .map(|folder| folder.join(format!("{program}{}", std::env::consts::EXE_SUFFIX)))
        .find(|file| file.is_file())
}
