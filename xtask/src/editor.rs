//! The editors driven by the real product: what they have in common is the binary and the extension.
//!
//! The scenarios themselves are in `tests/editors/`, written in each editor's own language. Invariant: every
//! input of a scenario reaches it as an environment variable, so that another binary or extension is one variable.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

use crate::{sh, tools};

/// The release binary, built if it is not up to date. `ATLAS_LS_BIN` names another one.
///
/// # Errors
/// It does not build.
pub fn release_binary() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("ATLAS_LS_BIN") {
        return Ok(path.into());
    }
    sh::run(&mut sh::cargo(["build", "--release", "--quiet", "--package", "atlas-ls"]))?;
    Ok(sh::target().join("release").join(format!("atlas-ls{}", std::env::consts::EXE_SUFFIX)))
}

/// The packaged extension with the binary inside, under `target/`. `ATLAS_LS_VSIX` names another one.
///
/// # Errors
/// The binary or the extension does not build.
pub fn vsix() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("ATLAS_LS_VSIX") {
        return Ok(path.into());
    }
    let vsix = sh::target().join("atlas-ls.vsix");
    package(&vsix, None)?;
    Ok(vsix)
}

/// Packages the extension with the release binary into a file, for this machine or for VS Code's name of another.
///
/// # Errors
/// The binary or the extension does not build.
pub fn package(vsix: &Path, target: Option<&str>) -> Result<()> {
    let binary = release_binary()?;
    tools::npm_install("editors/vscode")?;
    let mut npm = sh::command("npm", ["run", "--silent", "package", "--", "--out"]);
    npm.arg(vsix).env("ATLAS_LS_BIN", binary).current_dir(sh::root().join("editors/vscode"));
    if let Some(target) = target {
        npm.args(["--target", target]);
    }
    sh::output(&mut npm)?;
    Ok(())
}

/// Drives real VS Code in a headless browser; returns the stories that were skipped, and why.
///
/// `servers` are the variables that name the database servers at hand.
///
/// # Errors
/// A step of a story failed; its screenshots are in `target/e2e`.
pub fn vscode(servers: Vec<(&'static str, String)>) -> Result<Vec<String>> {
    tools::npm_install("tests/editors")?;
    let mut node = scenario("node", "tests/editors/vscode/run.mjs")?;
    node.env("ATLAS_LS_VSIX", vsix()?)
        .env("CODE_SERVER", tools::code_server::ensure()?)
        .env("CHROMIUM", tools::chromium()?)
        .envs(servers);
    let (lines, result) = sh::tee(&mut node);
    result?;
    let skipped = lines.iter().filter_map(|line| line.split_once("] skipped: "));
    Ok(skipped.map(|(_, what)| what.to_owned()).collect())
}

/// Drives the extension in real VS Code with a stand-in server: restarts, trust, another owner of `.hcl`.
///
/// # Errors
/// A scenario of `editors/vscode/test/real` failed.
pub fn client() -> Result<()> {
    tools::npm_install("tests/editors")?;
    tools::npm_install("editors/vscode")?;
    let mut npm = sh::command("npm", ["run", "--silent", "test:real"]);
    npm.current_dir(sh::root().join("editors/vscode"))
        .env("CODE_SERVER", tools::code_server::ensure()?)
        .env("CHROMIUM", tools::chromium()?);
    sh::run(&mut npm)
}

/// Drives Neovim without a screen.
///
/// # Errors
/// A step of the scenario failed.
pub fn neovim() -> Result<()> {
    sh::run(&mut scenario("python3", "tests/editors/nvim/run.py")?)
}

/// Drives Emacs with eglot.
///
/// # Errors
/// A step of the scenario failed.
pub fn emacs() -> Result<()> {
    sh::run(&mut scenario("python3", "tests/editors/emacs/run.py")?)
}

fn scenario(program: &str, script: &str) -> Result<Command> {
    let output = sh::target().join("e2e");
    fs::create_dir_all(&output)?;
    let mut command = sh::command(program, [script]);
    command
        .env("ATLAS_LS_BIN", release_binary()?)
        .env("E2E_PROJECT", sh::root().join("examples/sqlite-hcl"))
        .env("E2E_OUT", output);
    Ok(command)
}
