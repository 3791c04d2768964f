//! What the tests and the demo need beside Rust: found, or installed, or named.
//!
//! As root on a Debian-like system missing programs are installed; anyone else is told the exact command. What
//! comes from the npm registry goes into the project (`.cache/`, `node_modules/`), never into the system.
//! Invariant: nothing is downloaded from anywhere but the system's package manager and the npm registry.

pub mod code_server;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};

use crate::sh;

/// A program, under any of its names, and the Debian package that brings it.
struct Program {
    names: &'static [&'static str],
    package: &'static str,
    needed_for: &'static str,
}

const PROGRAMS: [Program; 8] = [
    Program { names: &["cc"], package: "build-essential", needed_for: "the embedded SQLite" },
    Program { names: &["make"], package: "build-essential", needed_for: "native modules of VS Code" },
    Program { names: &["python3"], package: "python3", needed_for: "Atlas's own test scripts" },
    Program { names: &["psql"], package: "postgresql-client", needed_for: "the scripts for PostgreSQL" },
    Program { names: &["rg"], package: "ripgrep", needed_for: "VS Code's search" },
    Program { names: CHROMIUM, package: "chromium", needed_for: "the VS Code tests" },
    Program { names: &["nvim"], package: "neovim", needed_for: "the Neovim tests" },
    Program { names: &["emacs"], package: "emacs-nox elpa-eglot", needed_for: "the Emacs tests" },
];

const CHROMIUM: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// `cargo xtask tools`: installs everything and prints where it is.
///
/// # Errors
/// Something is missing that we may not install; the message says what to type.
pub fn run() -> Result<()> {
    ensure()?;
    for program in &PROGRAMS {
        println!("{:<10} {}", program.names[0], find(program.names).unwrap_or_default().display());
    }
    println!("{:<10} {}", "VS Code", code_server::ensure()?.display());
    npm_install("tests/editors")?;
    println!("{:<10} tests/editors/node_modules", "npm");
    Ok(())
}

/// Makes sure every program is there.
///
/// # Errors
/// Something is missing that we may not install; the message says what to type.
pub fn ensure() -> Result<()> {
    node()?;
    let missing: Vec<&Program> = PROGRAMS.iter().filter(|program| find(program.names).is_none()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut packages: Vec<&str> = missing.iter().flat_map(|program| program.package.split(' ')).collect();
    packages.dedup();
    if sh::which("apt-get").is_none() || !is_root() {
        let wanted: Vec<String> =
            missing.iter().map(|it| format!("  {:<10} for {}", it.names[0], it.needed_for)).collect();
        bail!(
            "these programs are missing:\n{}\non Debian and Ubuntu, type:\n  {}",
            wanted.join("\n"),
            by_hand(&packages)
        );
    }
    install(&packages)?;
    match PROGRAMS.iter().find(|program| find(program.names).is_none()) {
        None => Ok(()),
        Some(program) => bail!("{} is still missing after installing {}", program.names[0], program.package),
    }
}

/// Installs packages of the system.
///
/// # Errors
/// We may not; the message says what to type.
pub fn install(packages: &[&str]) -> Result<()> {
    if sh::which("apt-get").is_none() || !is_root() {
        bail!("missing; on Debian and Ubuntu, type: {}", by_hand(packages));
    }
    println!("installing {}", packages.join(" "));
    let apt = |arguments: &[&str]| {
        let mut command = sh::command("apt-get", arguments);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    sh::output(&mut apt(&["update"])).context("the list of packages cannot be updated")?;
    let mut install = apt(&["install", "--yes", "--no-install-recommends"]);
    sh::output(install.args(packages))?;
    Ok(())
}

fn by_hand(packages: &[&str]) -> String {
    format!("sudo apt-get install --no-install-recommends {}", packages.join(" "))
}

/// The browser that the VS Code tests drive. `CHROMIUM` overrides.
///
/// # Errors
/// There is none.
pub fn chromium() -> Result<PathBuf> {
    if let Some(path) = std::env::var_os("CHROMIUM") {
        return Ok(path.into());
    }
    find(CHROMIUM).context("chromium is missing: apt-get install chromium")
}

/// Installs the packages of a folder's lock file, unless they are there.
///
/// # Errors
/// npm failed, or the folder has no lock file.
pub fn npm_install(folder: &str) -> Result<()> {
    let folder = sh::root().join(folder);
    let path = folder.join("package-lock.json");
    let lock = fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?;
    // npm's own record names the same packages but is written differently, so we keep a copy of the lock.
    let stamp = folder.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == lock) {
        return Ok(());
    }
    let mut npm =
        sh::command("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]);
    sh::output(npm.current_dir(&folder))?;
    fs::write(&stamp, lock)?;
    Ok(())
}

/// Node is not installed here: its version decides which VS Code runs, so it is the user's to choose.
fn node() -> Result<()> {
    let version =
        sh::output(&mut sh::command("node", ["--version"])).context("Node.js 20 or newer is needed")?;
    let major: u32 =
        version.trim().trim_start_matches('v').split('.').next().unwrap_or("0").parse().unwrap_or(0);
    if major < 20 {
        bail!("Node.js 20 or newer is needed, not {}", version.trim());
    }
    if sh::which("npm").is_none() {
        bail!("npm is needed; it comes with Node.js");
    }
    Ok(())
}

fn find(names: &[&str]) -> Option<PathBuf> {
    names.iter().find_map(|name| sh::which(name))
}

/// Whether we may install packages, and must not run a server as ourselves.
pub fn is_root() -> bool {
    sh::output(&mut sh::command("id", ["-u"])).is_ok_and(|id| id.trim() == "0")
}
