//! `--edit`: a text in the user's editor.
//!
//! Source: reference/cli.md section 1, Editor; section 11.

use std::process::Command;

use crate::machine::reason;

/// Opens `text` in `$EDITOR`, or `vi`, as a file called `name`, and returns what was saved.
///
/// # Errors
/// `write source content to temp file: …`, `exec edit: …`, `read edited temp file: …`.
pub fn edit(name: &str, text: &str) -> Result<String, String> {
    // A directory of its own, readable by nobody else.
    let directory = temporary().map_err(|error| format!("write source content to temp file: {error}"))?;
    let path = directory.join(name);
    let result = edited(&path, text);
    let _ = std::fs::remove_file(&path);
    let _ = std::fs::remove_dir(&directory);
    result
}

fn edited(path: &std::path::Path, text: &str) -> Result<String, String> {
    std::fs::write(path, text)
        .map_err(|error| format!("write source content to temp file: {}", reason(&error)))?;
    let editor = std::env::var("EDITOR").ok().filter(|editor| !editor.is_empty());
    let editor = editor.unwrap_or_else(|| "vi".to_owned());
    let status = Command::new("sh")
        .arg("-c")
        .arg(format!("{editor} \"$0\""))
        .arg(path)
        .status()
        .map_err(|error| format!("exec edit: {}", reason(&error)))?;
    if !status.success() {
        return Err(format!("exec edit: {}", status.to_string().replace(": ", " ")));
    }
    std::fs::read_to_string(path).map_err(|error| format!("read edited temp file: {}", reason(&error)))
}

fn temporary() -> Result<std::path::PathBuf, String> {
    let nanoseconds = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |since| since.subsec_nanos());
    let name = format!("atlas-edit-{}-{nanoseconds}", std::process::id());
    let path = std::env::temp_dir().join(name);
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(&path).map_err(|error| reason(&error))?;
    Ok(path)
}
