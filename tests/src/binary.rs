//! Finds the binary under test, and builds it once if nobody named one.
//!
//! It never searches `PATH`: a test that silently ran an installed server would prove nothing.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// The path of the `atlas-ls` under test.
///
/// `ATLAS_LS_BIN` if set; else the binary of this build's target directory and profile, built first by
/// `cargo build -p atlas-ls`, once per test process.
pub fn atlas_ls() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| match env::var_os("ATLAS_LS_BIN") {
        Some(path) => {
            let path = PathBuf::from(path);
            assert!(path.is_file(), "ATLAS_LS_BIN names no file: {}", path.display());
            path.canonicalize().expect("ATLAS_LS_BIN can be resolved")
        }
        None => build(),
    })
}

/// The root of the repository, for tests that read `examples/` or `tests/peer/`.
pub fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("tests/ has a parent")
}

fn build() -> PathBuf {
    // A test binary lies in <target>/<profile>/deps.
    let exe = env::current_exe().expect("a test knows its own path");
    let profile = exe.parent().and_then(Path::parent).expect("<target>/<profile>/deps/<test>");
    let target = profile.parent().expect("<target>/<profile>");
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["build", "--quiet", "--package", "atlas-ls"])
        .arg("--target-dir")
        .arg(target)
        .current_dir(repository());
    if profile.ends_with("release") {
        cargo.arg("--release");
    }
    let status = cargo.status().expect("cargo can be started");
    assert!(status.success(), "the binary under test does not build");
    profile.join(format!("atlas-ls{}", env::consts::EXE_SUFFIX))
}
