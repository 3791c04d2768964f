//! Real files of other people: nothing in them is called a mistake.
//!
//! `tests/corpus` holds projects from Atlas's showcase and examples (Apache-2.0) and the Chinook schema (its licence
//! beside it). The same is asked of the engine, for whole projects and the peer scripts, in `tests/inside`; here it
//! goes through the command line. Invariant: a file is checked where it lies, so that what it refers to is there or
//! is missing as in its own repository.

use std::fs;
use std::path::{Path, PathBuf};

use tests::Workspace;

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
