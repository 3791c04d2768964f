//! Rules on crates: who names whom, and who touches the world.

use super::File;
use super::source::Source;
use crate::layers::{EDGE_ONLY, LAYERS, Layer};

/// Calls that reach outside, as they are spelled in code.
const OUTSIDE: [&str; 9] = [
    "std::fs",
    "std::net",
    "std::process",
    "std::env",
    "std::io::stdin",
    "std::io::stdout",
    "SystemTime",
    "Instant::now",
    "tokio::",
];

/// Each crate's `[dependencies]` name only what its row of the table allows.
pub fn manifests(files: &[File]) -> Vec<String> {
    let mut problems = Vec::new();
    for file in files {
        let Some(name) = crate_of(&file.path) else { continue };
        if file.path != format!("server/{name}/Cargo.toml") {
            continue;
        }
        let Some(layer) = LAYERS.iter().find(|layer| layer.name == name) else {
            problems.push(format!("{}: the crate is not in xtask/src/layers.rs", file.path));
            continue;
        };
        for dependency in dependencies(&file.text) {
            let ours = LAYERS.iter().any(|layer| layer.name == dependency);
            if ours && !layer.may_use.contains(&dependency.as_str()) {
                problems.push(format!("{}: {name} must not use {dependency}", file.path));
            }
            if layer.pure && EDGE_ONLY.contains(&dependency.as_str()) {
                problems.push(format!("{}: {name} is pure and must not use {dependency}", file.path));
            }
        }
    }
    for layer in &LAYERS {
        if !files.iter().any(|file| file.path == format!("server/{}/Cargo.toml", layer.name)) {
            problems.push(format!("server/{}: in xtask/src/layers.rs but not there", layer.name));
        }
    }
    problems
}

/// The table in docs/architecture.md has the same rows.
pub fn docs(files: &[File]) -> Vec<String> {
    let Some(file) = files.iter().find(|file| file.path == "docs/architecture.md") else {
        return vec!["docs/architecture.md is missing".to_owned()];
    };
    let section = file.text.split("\n## Layers").nth(1).unwrap_or_default();
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows: Vec<(String, String)> = section
        .lines()
        .filter_map(|line| {
            let mut cells =
                line.strip_prefix('|')?.split('|').map(|cell| cell.trim().trim_matches('`').to_owned());
            Some((cells.next()?, cells.next()?))
        })
        .filter(|(name, _)| name != "Crate" && !name.starts_with("---"))
        .collect();
    let mut problems = Vec::new();
    for layer in &LAYERS {
        match rows.iter().find(|(name, _)| name == layer.name) {
            None => problems.push(format!("docs/architecture.md: no row for {}", layer.name)),
            Some((_, may_use)) if !allows_the_same(layer, may_use) => {
                problems.push(format!(
                    "docs/architecture.md: {} may use {:?}, not {may_use:?}",
                    layer.name, layer.may_use
                ));
            }
            Some(_) => {}
        }
    }
    for (name, _) in &rows {
        if !LAYERS.iter().any(|layer| layer.name == name) {
            problems.push(format!("docs/architecture.md: {name} is not in xtask/src/layers.rs"));
        }
    }
    problems
}

/// Crates marked pure call nothing that reaches outside; their tests may.
pub fn pure(files: &[File]) -> Vec<String> {
    let tests = super::modules::for_tests_only(files);
    let mut problems = Vec::new();
    for file in super::rust(files) {
        let Some(name) = crate_of(&file.path) else { continue };
        let is_source = file.path.starts_with(&format!("server/{name}/src/"))
            && !is_test(&file.path)
            && !tests.contains(file.path.as_str());
        if !is_source || !LAYERS.iter().any(|layer| layer.pure && layer.name == name) {
            continue;
        }
        let source = Source::new(&file.text);
        let code = &source.code[..source.tests_begin()];
        for outside in OUTSIDE {
            for (at, _) in code.match_indices(outside) {
                problems.push(format!(
                    "{}:{}: {outside} in the pure crate {name}",
                    file.path,
                    source.line(at)
                ));
            }
        }
    }
    problems
}

/// Every manifest takes the workspace's lints.
pub fn lints(files: &[File]) -> Vec<String> {
    files
        .iter()
        .filter(|file| file.path.ends_with("/Cargo.toml") && !file.text.contains("[lints]\nworkspace = true"))
        .map(|file| format!("{}: has no [lints] workspace = true", file.path))
        .collect()
}

/// Whether a file holds only tests: `tests.rs`, or anything in a folder `tests`.
pub fn is_test(path: &str) -> bool {
    path.ends_with("/tests.rs") || path.split('/').any(|part| part == "tests")
}

fn allows_the_same(layer: &Layer, may_use: &str) -> bool {
    match may_use {
        "–" => layer.may_use.is_empty(),
        "everything" => layer.may_use.len() + 1 == LAYERS.len(),
        list => {
            let mut named: Vec<&str> = list.split(',').map(|name| name.trim().trim_matches('`')).collect();
            let mut allowed = layer.may_use.to_vec();
            named.sort_unstable();
            allowed.sort_unstable();
            named == allowed
        }
    }
}

fn crate_of(path: &str) -> Option<&str> {
    path.strip_prefix("server/")?.split('/').next()
}

/// The keys of `[dependencies]` and `[build-dependencies]`, for every target; tests may use more.
fn dependencies(manifest: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut inside = false;
    for line in manifest.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            let section = section.trim_end_matches(']');
            inside = (section.ends_with("dependencies") && !section.ends_with("dev-dependencies"))
                || section.contains("dependencies.") && !section.contains("dev-dependencies.");
            if inside && let Some((_, name)) = section.rsplit_once("dependencies.") {
                names.push(name.to_owned());
            }
        } else if inside && let Some((key, _)) = line.split_once('=') {
            let name = key.trim().trim_end_matches(".workspace");
            if !name.starts_with('#') {
                names.push(name.to_owned());
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::{dependencies, manifests, pure};
    use crate::tidy::File;

    fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    #[test]
    fn dependencies_of_tests_are_left_out() {
        let manifest = "[package]\nname = \"x\"\n[dependencies]\ntext.workspace = true\nb = { path = \"b\" }\n\
            [dev-dependencies]\nc = \"1\"\n[target.'cfg(unix)'.dependencies]\nd = \"1\"\n";
        assert_eq!(dependencies(manifest), ["text", "b", "d"]);
    }

    #[test]
    fn a_crate_may_not_name_one_above_it() {
        let problems =
            manifests(&[file("server/schema/Cargo.toml", "[dependencies]\nengine.workspace = true\n")]);
        assert!(problems.contains(&"server/schema/Cargo.toml: schema must not use engine".to_owned()));
    }

    #[test]
    fn a_pure_crate_may_not_read_the_clock_but_its_tests_may() {
        let text =
            "use std::time::Instant;\nfn f() { Instant::now(); }\n#[cfg(test)]\nmod tests { use std::fs; }\n";
        assert_eq!(
            pure(&[file("server/ide/src/hover.rs", text)]),
            ["server/ide/src/hover.rs:2: Instant::now in the pure crate ide"]
        );
    }
}
