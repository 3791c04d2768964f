//! Every Rust file is reached from a crate root by `mod` lines; a file left behind is dead code nobody compiles.

use std::collections::BTreeSet;

use super::source::Source;
use super::{File, rust};

/// Files under a crate that no `mod` line reaches.
pub fn reachable(files: &[File]) -> Vec<String> {
    let mut reached = BTreeSet::new();
    let mut problems = Vec::new();
    let mut queue: Vec<&File> = rust(files).filter(|file| is_root(&file.path, files)).collect();
    while let Some(file) = queue.pop() {
        if !reached.insert(file.path.as_str()) {
            continue;
        }
        for (name, path) in children(file) {
            let candidates = match path {
                Some(path) => vec![join(folder(&file.path), &path)],
                None => {
                    let home = home(&file.path, files);
                    vec![format!("{home}/{name}.rs"), format!("{home}/{name}/mod.rs")]
                }
            };
            match rust(files).find(|file| candidates.contains(&file.path)) {
                Some(child) => queue.push(child),
                None => problems.push(format!("{}: mod {name} has no file", file.path)),
            }
        }
    }
    let left = rust(files)
        .filter(|file| !reached.contains(file.path.as_str()) && !file.path.starts_with("examples/"));
    problems.extend(left.map(|file| format!("{}: no mod line reaches it", file.path)));
    problems
}

/// Files that are compiled for tests only: those below a `#[cfg(test)] mod name;`.
pub fn for_tests_only(files: &[File]) -> BTreeSet<&str> {
    let mut found = BTreeSet::new();
    for file in rust(files) {
        let source = Source::new(&file.text);
        let mut is_test = false;
        for line in source.code.lines().map(str::trim) {
            if line.starts_with("#[") {
                is_test |= line.starts_with("#[cfg(test)]");
            } else if let Some(name) = line.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';')) {
                if is_test {
                    let stem = format!("{}/{name}", home(&file.path, files));
                    let below = format!("{stem}/");
                    let is_below =
                        |path: &str| path.strip_suffix(".rs") == Some(&stem) || path.starts_with(&below);
                    found.extend(rust(files).map(|file| file.path.as_str()).filter(|path| is_below(path)));
                }
                is_test = false;
            } else if !line.is_empty() {
                is_test = false;
            }
        }
    }
    found
}

/// A file that cargo compiles by itself: a crate's root, a test, an example, a build script.
fn is_root(path: &str, files: &[File]) -> bool {
    let has_manifest = |folder: &str| files.iter().any(|file| file.path == format!("{folder}/Cargo.toml"));
    let folder = folder(path);
    if path.ends_with("/build.rs") {
        return has_manifest(folder);
    }
    match folder.rsplit_once('/') {
        Some((package, "src")) => {
            has_manifest(package) && (path.ends_with("/lib.rs") || path.ends_with("/main.rs"))
        }
        Some((package, "tests" | "examples" | "benches")) => has_manifest(package),
        Some((package, _)) => {
            package.strip_suffix("/src/bin").or(package.strip_suffix("/src")).is_some_and(has_manifest)
                && folder.ends_with("/bin")
        }
        None => false,
    }
}

/// `path` as seen from `folder`.
fn join(folder: &str, path: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').collect();
    for part in path.split('/') {
        match part {
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// The folder in which a file's modules lie.
fn home(path: &str, files: &[File]) -> String {
    if is_root(path, files) || path.ends_with("/mod.rs") {
        folder(path).to_owned()
    } else {
        path.trim_end_matches(".rs").to_owned()
    }
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The `mod name;` lines of a file, with the path given by `#[path = "…"]`.
fn children(file: &File) -> Vec<(String, Option<String>)> {
    let source = Source::new(&file.text);
    let mut children = Vec::new();
    let mut path = None;
    for (line, code) in file.text.lines().zip(source.code.lines()) {
        let code = code.trim();
        if code.starts_with("#[path") {
            path = line.split('"').nth(1).map(str::to_owned);
            continue;
        }
        let declaration = code.trim_start_matches("pub ").trim_start_matches("pub(crate) ");
        let declaration = declaration.trim_start_matches("pub(super) ");
        if let Some(name) = declaration.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';')) {
            children.push((name.trim().to_owned(), path.take()));
        }
        if !code.is_empty() && !code.starts_with("#[") {
            path = None;
        }
    }
    children
}

#[cfg(test)]
mod tests {
    use super::{for_tests_only, reachable};
    use crate::tidy::File;

    fn check(files: &[(&str, &str)]) -> Vec<String> {
        let file = |(path, text): &(&str, &str)| File { path: (*path).to_owned(), text: (*text).to_owned() };
        reachable(&files.iter().map(file).collect::<Vec<_>>())
    }

    #[test]
    fn a_file_without_a_mod_line_is_reported() {
        let files = [
            ("server/a/Cargo.toml", ""),
            ("server/a/src/lib.rs", "mod b;\n#[cfg(test)]\nmod tests;\n// mod d;\n"),
            ("server/a/src/b.rs", "pub mod c;"),
            ("server/a/src/b/c.rs", ""),
            ("server/a/src/tests.rs", ""),
            ("server/a/src/d.rs", ""),
        ];
        assert_eq!(check(&files), ["server/a/src/d.rs: no mod line reaches it"]);
    }

    #[test]
    fn modules_of_tests_are_known_with_all_below_them() {
        let files = [
            ("server/a/Cargo.toml", ""),
            ("server/a/src/lib.rs", "mod b;\n#[cfg(test)]\nmod fixtures;\nmod c;"),
            ("server/a/src/b.rs", ""),
            ("server/a/src/c.rs", ""),
            ("server/a/src/fixtures.rs", "mod d;"),
            ("server/a/src/fixtures/d.rs", ""),
        ];
        let files = files.map(|(path, text)| File { path: path.to_owned(), text: text.to_owned() });
        let found: Vec<&str> = for_tests_only(&files).into_iter().collect();
        assert_eq!(found, ["server/a/src/fixtures.rs", "server/a/src/fixtures/d.rs"]);
    }

    #[test]
    fn a_path_attribute_is_followed() {
        let files = [
            ("tests/Cargo.toml", ""),
            ("tests/tests/it.rs", "#[path = \"it/peer.rs\"]\nmod peer;"),
            ("tests/tests/it/peer.rs", ""),
        ];
        assert_eq!(check(&files), [] as [&str; 0]);
    }
}
