//! Tests of decoding, encoding and replaying, as annotated texts.
//!
//! A line `# ^^^ message` below a line of HCL (`-- ^^^ message` below SQL) says that a diagnostic with that message
//! stands over it; a text without such lines has none. Several files are parted by `-- name --`.

mod corpus;
mod decode;
mod edits;
mod encode;
mod mistakes;
mod replay;
mod sharing;

use engine::decode::{Cache, Inputs, Source};
use engine::state::State;
use text::{Encoding, FileId, Text};

use super::SQLITE;

/// The files of a fixture: names and texts.
fn files(fixture: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in fixture.split_inclusive('\n') {
        let name = line.trim_end().strip_prefix("-- ").and_then(|rest| rest.strip_suffix(" --"));
        match (name, files.last_mut()) {
            (Some(name), _) => files.push((name.to_owned(), String::new())),
            (None, Some((_, text))) => text.push_str(line),
            (None, None) => files.push(("schema.hcl".to_owned(), line.to_owned())),
        }
    }
    files
}

fn sources(files: &[(String, String)]) -> Vec<Source> {
    files
        .iter()
        .enumerate()
        .map(|(at, (_, text))| Source { file: FileId(at as u32), hcl: syntax::hcl::File::of(text) })
        .collect()
}

fn decode_with(fixture: &str, inputs: &Inputs) -> State {
    engine::decode(&sources(&files(fixture)), &SQLITE, inputs, &mut Cache::default())
}

fn decode(fixture: &str) -> State {
    decode_with(fixture, &Inputs::default())
}

/// The fixture without its annotations, and with one below each line that has a diagnostic.
fn annotate(files: &[(String, String)], state: &State, comment: &str) -> String {
    let mut out = String::new();
    for (at, (name, text)) in files.iter().enumerate() {
        if files.len() > 1 {
            out.push_str(&format!("-- {name} --\n"));
        }
        let source = Text::new(text);
        let mut found: Vec<_> = state.diagnostics_of(FileId(at as u32)).collect();
        found.sort_by_key(|diagnostic| diagnostic.range.start());
        for line in 0..source.lines() {
            let range = source.line_range(line);
            let content = source.slice(range);
            if line + 1 == source.lines() && content.is_empty() {
                break;
            }
            out.push_str(&content);
            out.push('\n');
            for diagnostic in found.iter().filter(|diagnostic| source.line(diagnostic.range.start()) == line)
            {
                let start = source.position(diagnostic.range.start(), Encoding::Utf32).character as usize;
                let end = source.position(diagnostic.range.end(), Encoding::Utf32);
                let width = if end.line == line {
                    (end.character as usize).saturating_sub(start)
                } else {
                    content.chars().count() - start
                };
                let marker = "^".repeat(width.max(1));
                let indent = " ".repeat(start.saturating_sub(comment.len()));
                let severity = match diagnostic.severity {
                    text::Severity::Error => "",
                    text::Severity::Warning => "warning: ",
                    _ => "hint: ",
                };
                out.push_str(&format!("{comment}{indent}{marker} {severity}{}\n", diagnostic.message));
            }
        }
    }
    out
}

/// The fixture's texts without annotations.
fn strip(fixture: &str, comment: &str) -> Vec<(String, String)> {
    let mut files = files(fixture);
    for (_, text) in &mut files {
        let lines = text
            .split_inclusive('\n')
            .filter(|line| line.strip_prefix(comment).is_none_or(|rest| !rest.trim_start().starts_with('^')));
        *text = lines.collect();
    }
    files
}

/// Checks that the annotations of a fixture are what decoding it says.
#[track_caller]
fn check_hcl(fixture: &str) {
    let files = strip(fixture, "#");
    let state = engine::decode(&sources(&files), &SQLITE, &Inputs::default(), &mut Cache::default());
    let got = annotate(&files, &state, "#");
    if got != fixture {
        panic!("wrong diagnostics; the text is now\n{got}");
    }
}
