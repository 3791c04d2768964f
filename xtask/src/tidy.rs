//! The rules of the house that a machine can read, as tests: a rule that is only written down is soon broken.
//!
//! Each rule is a function from the files of the repository to a list of problems, one line each. Invariant: a
//! rule reads files and nothing else, so the result depends on the checkout alone.

mod docs;
mod layer_rules;
mod modules;
mod source;
mod words;

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use crate::sh;

/// A file of the repository.
pub struct File {
    /// From the root, with forward slashes.
    pub path: String,
    pub text: String,
}

struct Rule {
    name: &'static str,
    check: fn(&[File]) -> Vec<String>,
}

const RULES: [Rule; 10] = [
    Rule { name: "the layer table agrees with the manifests", check: layer_rules::manifests },
    Rule { name: "the layer table agrees with docs/architecture.md", check: layer_rules::docs },
    Rule { name: "pure crates do no I/O", check: layer_rules::pure },
    Rule { name: "SQL is in the dialects", check: words::sql },
    Rule { name: "no path of one machine", check: words::machine_paths },
    Rule { name: "nothing unfinished, no ignored test", check: words::unfinished },
    Rule { name: "files open with what they are", check: words::headers },
    Rule { name: "every file is part of its crate", check: modules::reachable },
    Rule { name: "what the docs name exists", check: docs::paths },
    Rule { name: "crates inherit the shared lints", check: layer_rules::lints },
];

/// Prints every problem.
///
/// # Errors
/// There is at least one.
pub fn run() -> Result<()> {
    let files = files(sh::root())?;
    let mut count = 0;
    for rule in &RULES {
        let problems = (rule.check)(&files);
        println!(
            "{}: {}",
            rule.name,
            if problems.is_empty() { "ok".to_owned() } else { problems.len().to_string() }
        );
        for problem in &problems {
            println!("  {problem}");
        }
        count += problems.len();
    }
    if count > 0 {
        bail!("{count} problems");
    }
    Ok(())
}

/// Every text file of the checkout, tracked or about to be; folders that only tools write are left out.
fn files(root: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            // In a worktree `.git` is a file.
            if is_generated(root, &path, &name) {
                continue;
            }
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else if let Ok(text) = fs::read_to_string(&path) {
                files.push(File { path: relative(root, &path), text });
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

fn is_generated(root: &Path, path: &Path, name: &str) -> bool {
    const ANYWHERE: [&str; 4] = [".git", "node_modules", "target", ".cache"];
    const AT: [&str; 4] = ["dist", "editors/vscode/dist", "editors/vscode/server", "editors/vscode/out"];
    ANYWHERE.contains(&name) || AT.contains(&relative(root, path).as_str())
}

fn relative(root: &Path, path: &Path) -> String {
    path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

fn rust(files: &[File]) -> impl Iterator<Item = &File> {
    files.iter().filter(|file| file.path.ends_with(".rs"))
}

#[cfg(test)]
mod tests {
    use super::{RULES, files};
    use crate::sh;

    /// One test for all rules, so that the checkout is read once and one run names every problem.
    #[test]
    fn the_house_is_tidy() {
        let files = files(sh::root()).unwrap();
        assert!(files.len() > 50, "the checkout was not found");
        let problems: Vec<String> = RULES
            .iter()
            .flat_map(|rule| {
                (rule.check)(&files).into_iter().map(move |problem| format!("{}: {problem}", rule.name))
            })
            .collect();
        assert!(problems.is_empty(), "\n{}\n", problems.join("\n"));
    }
}
