//! Atlas's own integration scripts against our binary, through the runner in `tests/peer`.
//!
//! The scripts that need a `migrate` command wait for versioned migrations; every other one must pass.

use std::process::Command;

use tests::binary;

/// The scripts that use no `migrate` command.
const SCRIPTS: [&str; 9] = [
    "autoincrement",
    "cli-apply-multifile",
    "cli-apply-vars",
    "cli-inspect",
    "cli-schema-project-file",
    "column-default",
    "index-desc",
    "index-expr",
    "table-options",
];

#[test]
fn sqlite_scripts_without_migrate_pass() {
    let peer = binary::repository().join("tests/peer");
    let output = Command::new("python3")
        .arg(peer.join("run.py"))
        .args(["--dialect", "sqlite", "-v", "--run", &format!("^({})$", SCRIPTS.join("|")), "--atlas"])
        .arg(binary::atlas_ls())
        .output()
        .expect("python3 runs the scripts; install it");
    let printed = String::from_utf8_lossy(&output.stdout);
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}{complaints}");
    assert!(printed.contains(&format!("{} passed, 0 failed", SCRIPTS.len())), "{printed}{complaints}");
}

#[test]
fn the_list_is_every_script_without_migrate() {
    let folder = binary::repository().join("tests/peer/scripts/sqlite");
    let mut without: Vec<String> = std::fs::read_dir(folder)
        .expect("the scripts are in the repository")
        .map(|entry| entry.expect("a folder can be listed").path())
        .filter(|path| !std::fs::read_to_string(path).expect("a script is text").contains("atlas migrate"))
        .map(|path| path.file_stem().expect("a script has a name").to_string_lossy().into_owned())
        .collect();
    without.sort();
    assert_eq!(without, SCRIPTS);
}
