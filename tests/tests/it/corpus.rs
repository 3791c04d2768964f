//! Real files of other people: nothing in them is called a mistake.
//!
//! `tests/corpus` holds projects from Atlas's showcase and examples (Apache-2.0) and the Chinook schema (its licence
//! beside it); the files of the peer scripts are read out of their archives. Invariant: a file is checked where it
//! lies, so that what it refers to is there or is missing as in its own repository.

use std::fs;
use std::path::{Path, PathBuf};

use tests::{Workspace, binary, txtar};

/// Every file below a folder with one of the suffixes, sorted.
fn files(folder: &Path, suffix: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display())) {
            let path = entry.expect("a folder can be listed").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(suffix) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn no_hcl_of_the_corpus_has_an_error() {
    let workspace = Workspace::copy_of("tests/corpus");
    let files = files(workspace.root(), ".hcl");
    assert!(files.len() >= 26, "the corpus has {} HCL files", files.len());
    let mut complaints = String::new();
    for file in files {
        let name = file.strip_prefix(workspace.root()).expect("below the workspace").to_string_lossy();
        let output = workspace.run(&["check", &name]);
        if output.code != 0 {
            complaints.push_str(&format!("{name}\n{}", output.render()));
        }
    }
    assert!(complaints.is_empty(), "{complaints}");
}

#[test]
fn no_hcl_of_the_peer_scripts_has_an_error() {
    let mut complaints = String::new();
    let mut count = 0;
    for script in files(&binary::repository().join("tests/peer/scripts"), ".txtar") {
        let text = fs::read_to_string(&script).expect("a script is text");
        let workspace = Workspace::new("");
        for (name, text) in txtar::parse(&text).files {
            // The runner puts its own values in for these.
            workspace.write(&name, &text.replace("$db", "main"));
        }
        for file in files(workspace.root(), ".hcl") {
            // Two scripts hold files that are wrong on purpose, and say so in their names.
            let name = file
                .strip_prefix(workspace.root())
                .expect("below the workspace")
                .to_string_lossy()
                .into_owned();
            count += 1;
            let output = workspace.run(&["check", &name]);
            if output.code != 0 && !text.contains(&format!("! atlas schema inspect -u file://{name}")) {
                let script = script.file_name().expect("a script has a name").to_string_lossy();
                complaints.push_str(&format!("{script}: {name}\n{}", output.render()));
            }
        }
    }
    assert!(count > 30, "the peer scripts hold {count} HCL files");
    assert!(complaints.is_empty(), "{complaints}");
}

#[test]
fn every_definition_of_chinook_is_analysed() {
    let workspace = Workspace::copy_of("tests/corpus/chinook");
    workspace.write(
        "atlas.hcl",
        "env \"local\" {\n  src = \"file://Chinook_Sqlite.sql\"\n  dev = \"sqlite://dev?mode=memory\"\n}\n",
    );
    let hcl = workspace.ok(&[
        "schema",
        "inspect",
        "--url",
        "file://Chinook_Sqlite.sql",
        "--dev-url",
        "sqlite://dev?mode=memory",
    ]);
    assert_eq!(hcl.matches("\ntable \"").count() + usize::from(hcl.starts_with("table \"")), 11, "{hcl}");
    assert_eq!(hcl.matches("foreign_key \"").count(), 11, "{hcl}");
    workspace.ok(&["check", "Chinook_Sqlite.sql"]);
}
