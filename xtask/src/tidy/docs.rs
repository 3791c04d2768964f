//! What the documents name exists: paths in backquotes and targets of links.

use super::File;

/// How a path of this repository begins.
const TOPS: [&str; 10] = [
    "server/",
    "docs/",
    "xtask/",
    "tests/",
    "editors/",
    "examples/",
    "syntaxes/",
    ".ci/",
    ".github/",
    "target/",
];

/// Paths in `README.md` and `docs/*.md` that lead nowhere.
pub fn paths(files: &[File]) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files {
        if !(file.path == "README.md" || file.path.starts_with("docs/") && file.path.ends_with(".md")) {
            continue;
        }
        let mut in_block = false;
        for (number, line) in file.text.lines().enumerate() {
            if line.trim_start().starts_with("```") {
                in_block = !in_block;
            }
            if in_block {
                continue;
            }
            let quoted = line.split('`').skip(1).step_by(2).filter(|text| is_path(text)).map(str::to_owned);
            let linked = links(line).into_iter().map(|target| resolve(&file.path, &target));
            for path in quoted.chain(linked) {
                if !exists(files, &path) {
                    problems.push(format!("{}:{}: {path} does not exist", file.path, number + 1));
                }
            }
        }
    }
    problems
}

/// A path and not a pattern, a command or a thing that is made.
fn is_path(text: &str) -> bool {
    TOPS.iter().any(|top| text.starts_with(top))
        && !text.starts_with("target/")
        && !text.contains(['<', '>', '*', '…', '{', ' ', '$', '[', ':'])
}

/// The targets of links that stay in the repository.
fn links(line: &str) -> Vec<String> {
    line.split("](")
        .skip(1)
        .filter_map(|rest| rest.split([')', '#', ' ']).next())
        .filter(|target| !target.is_empty() && !target.contains("://") && !target.starts_with("mailto:"))
        .map(str::to_owned)
        .collect()
}

fn resolve(from: &str, target: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

fn exists(files: &[File], path: &str) -> bool {
    let path = path.trim_end_matches('/');
    let folder = format!("{path}/");
    files.iter().any(|file| file.path == path || file.path.starts_with(&folder))
        // Pictures are no text files.
        || crate::sh::root().join(path).is_file()
}

#[cfg(test)]
mod tests {
    use super::{is_path, links, resolve};

    #[test]
    fn patterns_are_no_paths() {
        assert!(is_path("server/text/src/rope.rs"));
        for text in ["server/<crate>/src", "cargo test", "docs/*.md", "target/e2e", "server/{a,b}"] {
            assert!(!is_path(text), "{text}");
        }
    }

    #[test]
    fn links_are_followed_from_their_file() {
        assert_eq!(links("see [a](../b.md#c) and [d](https://e.f) ![g](h.png)"), ["../b.md", "h.png"]);
        assert_eq!(resolve("docs/testing.md", "../b.md"), "b.md");
    }
}
