//! VS Code for a browser, installed from the npm registry alone.
//!
//! The package's own post-install refuses root, builds a Kerberos module nobody needs and fetches binaries from
//! release pages. So its scripts are not run, and the few native modules that matter are built one by one.
//! Invariant: the folder counts as installed only when its last step has written the stamp.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::sh;

/// VS Code 1.100.3, the newest that runs on Node 20.
const VERSION: &str = "4.100.3";

/// Modules that VS Code loads at start, built from source where the package has no binary for this machine.
const NATIVE: [&str; 5] =
    ["node-pty", "@vscode/spdlog", "native-watchdog", "@vscode/native-watchdog", "@vscode/fs-copyfile"];

/// Installs code-server into `.cache/code-server` and returns its entry script. `CODE_SERVER` names another one.
///
/// # Errors
/// npm failed, or a native module does not build.
pub fn ensure() -> Result<PathBuf> {
    if let Some(entry) = std::env::var_os("CODE_SERVER") {
        return Ok(entry.into());
    }
    let folder = sh::root().join(".cache/code-server");
    let entry = folder.join("node_modules/code-server/out/node/entry.js");
    let stamp = folder.join("installed");
    if fs::read_to_string(&stamp).is_ok_and(|version| version == VERSION) && entry.is_file() {
        return Ok(entry);
    }
    println!("installing VS Code for the browser (code-server {VERSION}) into .cache/, once");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("package.json"), "{ \"private\": true }\n")?;
    let package = format!("code-server@{VERSION}");
    npm(&folder, &["install", "--ignore-scripts", &package])?;
    if !folder.join("node_modules/argon2/prebuilds").is_dir() {
        npm(&folder, &["rebuild", "argon2", "--build-from-source"])?;
    }
    let vscode = folder.join("node_modules/code-server/lib/vscode");
    npm(&vscode, &["install", "--omit=dev", "--ignore-scripts"])?;
    let asar = vscode.join("node_modules.asar");
    if !asar.exists() {
        link(Path::new("node_modules"), &asar)?;
    }
    for module in NATIVE {
        build(&vscode, module).with_context(|| format!("the native module {module} does not build"))?;
    }
    let ripgrep = vscode.join("node_modules/@vscode/ripgrep");
    if ripgrep.is_dir() {
        let rg = sh::which("rg").context("ripgrep is missing")?;
        fs::create_dir_all(ripgrep.join("bin"))?;
        let target = ripgrep.join("bin/rg");
        if !target.exists() {
            link(&rg, &target)?;
        }
    }
    fs::write(&stamp, VERSION)?;
    Ok(entry)
}

fn npm(folder: &Path, arguments: &[&str]) -> Result<()> {
    let mut npm = sh::command("npm", arguments);
    npm.args(["--no-audit", "--no-fund", "--loglevel=error"]).current_dir(folder);
    headers(&mut npm);
    sh::output(&mut npm)?;
    Ok(())
}

fn build(vscode: &Path, module: &str) -> Result<()> {
    let folder = vscode.join("node_modules").join(module);
    if !folder.join("binding.gyp").is_file() || folder.join("prebuilds").join(platform()?).is_dir() {
        return Ok(());
    }
    let mut gyp = sh::command("node", [node_gyp()?]);
    gyp.arg("rebuild").current_dir(&folder);
    headers(&mut gyp);
    sh::output(&mut gyp)?;
    Ok(())
}

/// Native modules are compiled against the headers of the Node that runs, where its installation has them, so
/// that nothing else is downloaded.
fn headers(command: &mut Command) {
    let script = "process.stdout.write(require('path').resolve(process.execPath, '../..'))";
    if let Ok(prefix) = sh::output(&mut sh::command("node", ["-e", script]))
        && Path::new(&prefix).join("include/node/node.h").is_file()
    {
        command.env("npm_config_nodedir", prefix);
    }
}

/// The copy of node-gyp inside npm.
fn node_gyp() -> Result<PathBuf> {
    let npm = sh::which("npm").context("npm is missing")?.canonicalize()?;
    let found = npm.ancestors().find_map(|folder| {
        [
            "node_modules/node-gyp",
            "node_modules/npm/node_modules/node-gyp",
            "lib/node_modules/npm/node_modules/node-gyp",
        ]
        .iter()
        .map(|below| folder.join(below).join("bin/node-gyp.js"))
        .find(|file| file.is_file())
    });
    found.with_context(|| format!("npm at {} brings no node-gyp", npm.display()))
}

/// Node's name of this machine, as in `linux-x64`.
fn platform() -> Result<String> {
    let platform = sh::output(&mut sh::command("node", ["-p", "process.platform + '-' + process.arch"]))?;
    match platform.trim() {
        "" => bail!("node does not say its platform"),
        platform => Ok(platform.to_owned()),
    }
}

#[cfg(unix)]
fn link(to: &Path, from: &Path) -> Result<()> {
    Ok(std::os::unix::fs::symlink(to, from)?)
}

#[cfg(not(unix))]
fn link(to: &Path, from: &Path) -> Result<()> {
    bail!("cannot link {} to {} on this system; use Linux, macOS or WSL", from.display(), to.display())
}
