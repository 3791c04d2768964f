//! `cargo xtask dist`: what a release carries, built for the machine it runs on.
//!
//! Other platforms are built by .github/workflows/release.yml, which calls this on each of them. Invariant: the
//! archive and the extension hold the same binary.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::{editor, sh};

/// Builds the binary and the extension into `dist/`.
///
/// `DIST_TARGET` is VS Code's name of the platform (`linux-x64`, `alpine-arm64`, …); by default that of this machine.
///
/// # Errors
/// Something does not build, or VS Code has no name for this machine.
pub fn run() -> Result<()> {
    let target = match std::env::var("DIST_TARGET") {
        Ok(target) => target,
        Err(_) => host()?,
    };
    let dist = sh::root().join("dist");
    fs::create_dir_all(&dist)?;
    let binary = editor::release_binary()?;
    let name = format!("atlas-ls-{target}{}", std::env::consts::EXE_SUFFIX);
    fs::copy(&binary, dist.join(&name)).with_context(|| format!("cannot copy {}", binary.display()))?;
    let vsix = dist.join(format!("atlas-ls-{target}.vsix"));
    editor::package(&vsix, Some(&target))?;
    check(&dist.join(&name))?;
    println!("dist/{name}\n{}", Path::new("dist").join(vsix.file_name().unwrap_or_default()).display());
    Ok(())
}

/// VS Code's name of this machine.
fn host() -> Result<String> {
    let system = match std::env::consts::OS {
        "linux" if Path::new("/etc/alpine-release").exists() => "alpine",
        "linux" => "linux",
        "macos" => "darwin",
        "windows" => "win32",
        other => bail!("VS Code has no name for the system {other}"),
    };
    let processor = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => bail!("VS Code has no name for the processor {other}"),
    };
    Ok(format!("{system}-{processor}"))
}

fn check(binary: &Path) -> Result<()> {
    let version = sh::output(Command::new(binary).arg("version"))?;
    if !version.starts_with("atlas version v") {
        bail!("{} version prints {version:?}", binary.display());
    }
    Ok(())
}
