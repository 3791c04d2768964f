//! No false errors: in what real people wrote, and Atlas accepts, nothing is wrong.
//!
//! The corpus is opened as a whole, as someone opens a repository, and each of its projects by itself; each peer
//! script is opened as the folder its runner makes of it. Invariant: whatever is left out here is left out by name,
//! with the reason.

use std::fs;
use std::path::{Path, PathBuf};

use inside::World;

/// The root of the repository.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .expect("the crate lies in the repository")
}

fn complaints(name: &str, world: &World) -> String {
    let lines: String = world.alarms().iter().map(|found| world.render(found)).collect();
    if lines.is_empty() { lines } else { format!("{name}\n{lines}") }
}

#[test]
fn nothing_in_the_corpus_is_wrong() {
    let corpus = World::read(&repository().join("tests/corpus"));
    let hcl = corpus.files.keys().filter(|name| name.ends_with(".hcl")).count();
    let sql = corpus.files.keys().filter(|name| name.ends_with(".sql")).count();
    assert!(hcl >= 26 && sql >= 100, "{hcl} HCL and {sql} SQL files");
    let mut found = complaints("the corpus as one folder", &corpus);
    for (folder, world) in corpus.projects() {
        found.push_str(&complaints(&folder, &world));
    }
    assert!(found.is_empty(), "{}", found.chars().take(12_000).collect::<String>());
}

/// Files of scripts that are wrong on purpose: script, file, why.
const WRONG: &[(&str, &str, &str)] = &[
    ("cli-migrate-apply", "broken.sql", "its second statement is none: it must fail to be applied"),
    ("cli-inspect-file", "a.sql", "not understood by the database: `schema inspect` must fail"),
];

/// What must be found in scripts, because Atlas finds it too: script, place, why.
const EXPECTED: &[(&str, &str, &str)] = &[
    (
        "sqlite/cli-apply-vars",
        "1.hcl:1:10 Error missing-value",
        "the first env gives no value to a required variable: `schema apply --env local` must fail",
    ),
    (
        "mysql/foreign-key-add",
        "invalid-on-delete-action.hcl:",
        "`ON DELETE SET NULL` of a column that is NOT NULL: `schema apply` must fail",
    ),
    (
        "mysql/foreign-key-add",
        "invalid-on-update-action.hcl:",
        "`ON UPDATE SET NULL` of a column that is NOT NULL: `schema apply` must fail",
    ),
];

/// A folder for each script of a dialect, as the runner fills it in.
fn scripts(dialect: &str) -> Vec<(String, World)> {
    let folder = repository().join("tests/peer/scripts").join(dialect);
    let mut paths: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.expect("a folder can be listed").path())
        .filter(|path| path.extension().is_some_and(|suffix| suffix == "txtar"))
        .collect();
    paths.sort();
    paths.into_iter().map(|path| script(&path, dialect)).collect()
}

fn script(path: &Path, dialect: &str) -> (String, World) {
    let name = path.file_stem().expect("a script has a name").to_string_lossy().into_owned();
    let text = fs::read_to_string(path).expect("a script is text");
    let (commands, sections) = sections(&text);
    let url = match dialect {
        "sqlite" => "sqlite://file:atlas.sqlite?cache=shared&_fk=1",
        "postgres" => "postgres://postgres:pass@localhost:5432/test?sslmode=disable&search_path=script",
        _ => "mysql://root:pass@localhost:3306/script?parseTime=true",
    };
    let schema = if dialect == "sqlite" { "main" } else { "script" };
    let files = sections.into_iter().filter_map(|(file, text)| {
        let wrong = WRONG.iter().any(|(script, known, _)| *script == name && *known == file);
        (!wrong && is_source(&file, &commands)).then(|| {
            let text = text
                .replace("DEV_URL", url)
                .replace("URL", url)
                .replace("$db", schema)
                .replace("$charset", "utf8mb4")
                .replace("$collate", "utf8mb4_0900_ai_ci")
                .replace("%s", schema);
            (file, text)
        })
    });
    (format!("{dialect}/{name}"), World::of(files))
}

/// Whether a section is a file that a database or Atlas reads, and not the output of one that is compared with:
/// HCL, and SQL that is a migration or that a URL names.
fn is_source(file: &str, commands: &str) -> bool {
    let folder = file.split_once('/').map(|(folder, _)| folder);
    let read = || {
        folder.is_some_and(|folder| folder == "migrations" || commands.contains(&format!("file://{folder}")))
            || commands.contains(&format!("file://{file}"))
            || file == "schema.sql"
    };
    file.ends_with(".hcl") || file.ends_with(".sql") && read()
}

/// What stands before the first file, and the files.
fn sections(text: &str) -> (String, Vec<(String, String)>) {
    let mut commands = String::new();
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        let marker = line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
        match (marker, files.last_mut()) {
            (Some(name), _) => files.push((name.trim().to_owned(), String::new())),
            (None, Some((_, file))) => file.push_str(line),
            (None, None) => commands.push_str(line),
        }
    }
    (commands, files)
}

fn check_scripts(dialect: &str, at_least: usize) {
    let scripts = scripts(dialect);
    let files: usize = scripts.iter().map(|(_, world)| world.files.len()).sum();
    assert!(files >= at_least, "{dialect}: {files} files");
    let mut found = String::new();
    for (name, world) in &scripts {
        let mut lines: Vec<String> = complaints(name, world).lines().map(str::to_owned).collect();
        for (_, start, why) in EXPECTED.iter().filter(|(script, ..)| script == name) {
            let at = lines.iter().position(|line| line.starts_with(start));
            lines.remove(at.unwrap_or_else(|| panic!("{name} wants {start}: {why}")));
        }
        if lines.len() > 1 {
            found.push_str(&format!("{}\n", lines.join("\n")));
        }
    }
    assert!(found.is_empty(), "{}", found.chars().take(12_000).collect::<String>());
}

#[test]
fn nothing_in_the_scripts_for_sqlite_is_wrong() {
    check_scripts("sqlite", 40);
}

#[test]
fn nothing_in_the_scripts_for_postgres_is_wrong() {
    check_scripts("postgres", 50);
}

#[test]
fn nothing_in_the_scripts_for_mysql_is_wrong() {
    check_scripts("mysql", 50);
}
