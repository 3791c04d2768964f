//! Atlas's own integration scripts against our binary, through the runner in `tests/peer`.
//!
//! SQLite's here, all of them; those of servers are a step of `cargo xtask test`.

use std::process::Command;

use tests::binary;

#[test]
fn sqlite_scripts_pass() {
    let peer = binary::repository().join("tests/peer");
    let scripts = std::fs::read_dir(peer.join("scripts/sqlite")).expect("the scripts are in the repository");
    let count = scripts.count();
    assert!(count >= 20, "{count} scripts");
    let output = Command::new("python3")
        .arg(peer.join("run.py"))
        .args(["--dialect", "sqlite", "-v", "--atlas"])
        .arg(binary::atlas_ls())
        .output()
        .expect("python3 runs the scripts; install it");
    let printed = String::from_utf8_lossy(&output.stdout);
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}{complaints}");
    assert!(printed.contains(&format!("{count} passed, 0 failed")), "{printed}{complaints}");
}
