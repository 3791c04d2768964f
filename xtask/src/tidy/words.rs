//! Rules on single words: SQL outside the dialects, paths of one machine, unfinished work, missing headers.

use super::source::Source;
use super::{File, layer_rules, rust};

/// Folders of the server that may hold SQL: the dialects, and the parser, whose keywords they are.
const SQL_HOMES: [&str; 2] = ["server/dialects/", "server/syntax/"];

/// How a statement begins: a verb and what must follow it to be one and not an English sentence.
const STATEMENTS: [(&str, &[&str]); 14] = [
    ("SELECT", &["*", "FROM", "COUNT(", "1", "SQL", "NAME"]),
    ("INSERT", &["INTO", "OR"]),
    ("UPDATE", &[]),
    ("DELETE", &["FROM"]),
    (
        "CREATE",
        &[
            "TABLE",
            "TEMP",
            "TEMPORARY",
            "UNIQUE",
            "INDEX",
            "VIEW",
            "TRIGGER",
            "SCHEMA",
            "DATABASE",
            "VIRTUAL",
        ],
    ),
    ("ALTER", &["TABLE", "INDEX", "VIEW", "SCHEMA", "DATABASE"]),
    ("DROP", &["TABLE", "INDEX", "VIEW", "TRIGGER", "SCHEMA", "DATABASE", "COLUMN"]),
    ("PRAGMA", &[]),
    ("VACUUM", &[]),
    ("ATTACH", &["DATABASE"]),
    ("BEGIN", &["IMMEDIATE", "EXCLUSIVE", "DEFERRED", "TRANSACTION"]),
    ("SAVEPOINT", &[]),
    ("RELEASE", &["SAVEPOINT"]),
    ("ROLLBACK", &["TO"]),
];

/// String literals of the server that begin like a SQL statement, outside the dialects and outside tests.
pub fn sql(files: &[File]) -> Vec<String> {
    let only_tests = super::modules::for_tests_only(files);
    let mut problems = Vec::new();
    for file in rust(files) {
        if !file.path.starts_with("server/")
            || SQL_HOMES.iter().any(|home| file.path.starts_with(home))
            || layer_rules::is_test(&file.path)
            || only_tests.contains(file.path.as_str())
        {
            continue;
        }
        let source = Source::new(&file.text);
        let tests = source.tests_begin();
        for (at, string) in source.strings.iter().filter(|(at, _)| *at < tests) {
            if is_statement(string) {
                let start: String = string.trim().chars().take(40).collect();
                problems.push(format!(
                    "{}:{}: SQL outside the dialects: {start:?}",
                    file.path,
                    source.line(*at)
                ));
            }
        }
    }
    problems
}

/// Whether a literal begins like a statement. Verbs are upper case, as our own SQL is written, except before a
/// word that only SQL has; "update the settings" is a sentence.
fn is_statement(string: &str) -> bool {
    let mut words = string.split_whitespace();
    let (Some(verb), Some(next)) = (words.next(), words.next()) else { return false };
    let is_upper = verb.chars().all(|char| char.is_ascii_uppercase());
    STATEMENTS.iter().any(|(name, followers)| {
        let follows = followers.iter().any(|follower| next.to_ascii_uppercase().starts_with(follower));
        let is_sql_only = string.to_ascii_lowercase().contains(" from sqlite_") || string.ends_with(';');
        verb.eq_ignore_ascii_case(name)
            && if is_upper { followers.is_empty() || follows } else { follows && is_sql_only }
    })
}

/// Tracked files name no folder that exists on one machine only.
pub fn machine_paths(files: &[File]) -> Vec<String> {
    // Written apart, so that this file passes its own rule.
    let paths = [concat!("/", "work/"), concat!("/", "root/"), concat!("/", "tmp/")];
    let mut problems = Vec::new();
    for file in files {
        // The files of others are kept as they are.
        if file.path.starts_with("tests/peer/")
            || file.path.starts_with("tests/corpus/")
            || file.path.ends_with("package-lock.json")
        {
            continue;
        }
        for (number, line) in file.text.lines().enumerate() {
            for path in paths {
                if starts_a_path(line, path) {
                    problems.push(format!("{}:{}: a path of one machine: {path}", file.path, number + 1));
                }
            }
        }
    }
    problems
}

/// `a/work/b` is somebody's relative path; only an absolute one is a machine's.
fn starts_a_path(line: &str, path: &str) -> bool {
    line.match_indices(path).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|char| {
            char.is_alphanumeric() || matches!(char, '.' | '_' | '-' | '}' | ')' | '*' | '/')
        })
    })
}

/// No `todo!`, no `unimplemented!`, no ignored or focused test.
pub fn unfinished(files: &[File]) -> Vec<String> {
    let rust_words = ["todo!", "unimplemented!", "#[ignore", "dbg!"];
    let script_words =
        ["it.only(", "it.skip(", "test.only(", "test.skip(", "describe.only(", "describe.skip("];
    let mut problems = Vec::new();
    for file in rust(files) {
        let source = Source::new(&file.text);
        for word in rust_words {
            for (at, _) in source.code.match_indices(word) {
                problems.push(format!("{}:{}: {word}", file.path, source.line(at)));
            }
        }
    }
    for file in
        files.iter().filter(|file| [".ts", ".mjs", ".cjs", ".js"].iter().any(|end| file.path.ends_with(end)))
    {
        for (number, line) in file.text.lines().enumerate() {
            if script_words.iter().any(|word| line.contains(word)) {
                problems.push(format!("{}:{}: a focused or skipped test", file.path, number + 1));
            }
        }
    }
    problems
}

/// Every Rust file begins with `//!`.
pub fn headers(files: &[File]) -> Vec<String> {
    rust(files)
        .filter(|file| !file.text.starts_with("//! "))
        .map(|file| format!("{}: does not open with //!", file.path))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{is_statement, starts_a_path};

    #[test]
    fn statements_are_told_from_sentences() {
        for sql in [
            "CREATE TABLE t",
            "DROP INDEX {}",
            "PRAGMA foreign_keys = off",
            "select sql from sqlite_schema",
            "\n  SELECT * FROM t",
        ] {
            assert!(is_statement(sql), "{sql}");
        }
        for text in [
            "create table",
            "drop the table",
            "select an env",
            "Update the lock file",
            "CREATE",
            "BEGIN",
            "delete from here",
        ] {
            assert!(!is_statement(text), "{text}");
        }
    }

    #[test]
    fn only_absolute_paths_are_a_machine_s() {
        let path = concat!("/", "tmp/");
        assert!(starts_a_path(&format!("cd {path}x"), path));
        assert!(!starts_a_path(&format!("target{path}x"), path));
    }
}
