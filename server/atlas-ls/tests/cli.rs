//! The command line as a user sees it: transcripts in `tests/cli/*.txt`, replayed against the binary.
//!
//! A transcript holds shell lines after `$ `, each followed by what it prints: standard output, then standard error
//! with `! ` before each line, then `[1]` when the exit code is not zero; `\` ends a line without line end. Files stand
//! below, after `-- name --`. `atlas` is the binary, `sql FILE STATEMENT…` executes on a SQLite database.
//! A line after `## ` is a comment. `UPDATE_EXPECT=1` rewrites the outputs.

#![cfg(unix)]

use std::fmt::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use engine::connection::Access;
use engine::{Connector as _, DatabaseUrl};

#[test]
fn transcripts() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(&folder)
        .expect("the folder of transcripts")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    paths.sort();
    assert!(paths.len() > 5, "transcripts are missing");
    let only = std::env::var("CLI_CASE").ok();
    let mut failures = String::new();
    for path in paths {
        let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
        if only.as_ref().is_some_and(|only| *only != name) {
            continue;
        }
        let before = std::fs::read_to_string(&path).expect("a transcript");
        let after = replay(&name, &before);
        if before == after {
            continue;
        }
        if std::env::var_os("UPDATE_EXPECT").is_some() {
            std::fs::write(&path, &after).expect("a transcript that can be written");
        } else {
            let _ = writeln!(failures, "== {name}: expected\n{before}\n== {name}: got\n{after}");
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// The transcript with the outputs there are now.
fn replay(name: &str, transcript: &str) -> String {
    let (script, files) = split(transcript);
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("cli-{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&directory);
    let work = directory.join("work");
    let bin = directory.join("bin");
    std::fs::create_dir_all(&work).expect("a directory");
    std::fs::create_dir_all(&bin).expect("a directory");
    std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_atlas-ls"), bin.join("atlas")).expect("a link");
    for (name, text) in files {
        let path = work.join(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a directory");
        std::fs::write(&path, text).expect("a file");
        if name.ends_with(".sh") {
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("a mode");
        }
    }
    let mut out = String::new();
    let mut lines = script.lines().peekable();
    while let Some(line) = lines.next() {
        let _ = writeln!(out, "{line}");
        let Some(command) = line.strip_prefix("$ ") else { continue };
        // What stood there before, up to the next command, or comment.
        while lines.next_if(|line| !line.starts_with("$ ") && !line.starts_with("## ")).is_some() {}
        out.push_str(&run(command, &work, &bin));
        out.push('\n');
    }
    let _ = std::fs::remove_dir_all(&directory);
    let out = out.replace(&*work.to_string_lossy(), "$WORK");
    let files = &transcript[script.len()..];
    format!("{}\n{}{files}", out.trim_end(), if files.is_empty() { "" } else { "\n" })
}

fn run(command: &str, work: &Path, bin: &Path) -> String {
    if let Some(rest) = command.strip_prefix("sql ") {
        let (file, statement) = rest.split_once(' ').expect("sql FILE STATEMENT");
        return sql(&work.join(file), statement);
    }
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .arg("-c")
        .arg(command)
        .current_dir(work)
        .env("PATH", format!("{}:{path}", bin.display()))
        .env("TERM", "dumb")
        .env_remove("EDITOR")
        .stdin(Stdio::null())
        .output()
        .expect("sh");
    let mut out = String::from_utf8_lossy(&output.stdout).into_owned();
    if !out.is_empty() && !out.ends_with('\n') {
        out.push_str("\\\n");
    }
    for line in String::from_utf8_lossy(&output.stderr).lines() {
        let _ = writeln!(out, "{}", format!("! {line}").trim_end());
    }
    match output.status.code() {
        Some(0) => {}
        Some(code) => {
            let _ = writeln!(out, "[{code}]");
        }
        None => {
            let _ = writeln!(out, "[{}]", output.status);
        }
    }
    out
}

/// Executes one statement and shows its rows.
fn sql(file: &Path, statement: &str) -> String {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let url = DatabaseUrl::parse(&format!("sqlite://{}", file.display())).expect("a URL");
        let drivers = drivers::Drivers::new(dialects::all());
        let mut connection = drivers.open(&url, Access::Write).await.expect("a connection");
        let rows = connection.query(&engine::Query::new("test", statement.to_owned())).await;
        let out = match rows {
            Ok(rows) => rows.rows.iter().map(|row| format!("{row:?}\n")).collect(),
            Err(error) => format!("! {error}\n"),
        };
        connection.close().await.expect("an end");
        out
    })
}

/// The script, and the files by name.
fn split(transcript: &str) -> (&str, Vec<(&str, String)>) {
    let name = |line: &'_ str| {
        let name = line.strip_prefix("-- ")?.strip_suffix(" --")?;
        (!name.contains(' ')).then_some(())
    };
    let mut offset = 0;
    let mut script_end = transcript.len();
    let mut files: Vec<(&str, String)> = Vec::new();
    for line in transcript.split_inclusive('\n') {
        let trimmed = line.trim_end();
        if name(trimmed).is_some() {
            script_end = script_end.min(offset);
            files.push((&trimmed[3..trimmed.len() - 3], String::new()));
        } else if let Some((_, text)) = files.last_mut() {
            text.push_str(line);
        }
        offset += line.len();
    }
    (&transcript[..script_end], files)
}
