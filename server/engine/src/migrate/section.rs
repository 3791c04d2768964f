//! The parts of a migration file that are executed: all of it, or what a foreign format calls "up".
//!
//! Nothing is copied: a section is a range of its file, so whatever is found in it has its place in the file.
//!
//! Source: reference/migrations.md section 14. The marks of goose and dbmate count as whole lines, where the original
//! drops every line that contains one of their words.

use std::ops::Range;

use super::statement::{Problem, ScanError};
use super::{Format, txtar};

/// A part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// In bytes of the file.
    pub range: Range<usize>,
    /// It is one statement, whatever it contains.
    pub whole: bool,
}

impl Section {
    fn split(range: Range<usize>) -> Section {
        Section { range, whole: false }
    }
}

/// The parts of a file in `format` that are executed, in order.
///
/// # Errors
/// Marks in an order that means nothing.
pub fn sections(text: &str, format: Format) -> Result<Vec<Section>, ScanError> {
    match format {
        Format::Atlas => match txtar::parse(text)? {
            Some(archive) => Ok(vec![archive.migration]),
            None => Ok(vec![Section::split(0..text.len())]),
        },
        Format::GolangMigrate | Format::Flyway => Ok(vec![Section::split(0..text.len())]),
        Format::Liquibase => Ok(liquibase(text)),
        Format::Goose => goose(text, false),
        Format::Dbmate => Ok(dbmate(text, "up")),
    }
}

/// The part of a file that takes it back, where its format has one in the same file.
///
/// # Errors
/// As [`sections`].
pub fn down(text: &str, format: Format) -> Result<Vec<Section>, ScanError> {
    match format {
        Format::Atlas => Ok(txtar::parse(text)?.and_then(|archive| archive.down).into_iter().collect()),
        Format::Dbmate => Ok(dbmate(text, "down")),
        Format::Goose => goose(text, true),
        _ => Ok(Vec::new()),
    }
}

/// Whether the file asks to be executed outside of a transaction, in its format's words.
///
/// Atlas's own files say it with `-- atlas:txmode none`.
pub fn outside_transaction(text: &str, format: Format) -> bool {
    let says = |line: &str| {
        let rest = line.trim_start_matches('\u{feff}').trim().strip_prefix("--").map(str::trim_start);
        match (format, rest) {
            (Format::Goose, Some(rest)) => rest
                .strip_prefix("+goose")
                .is_some_and(|rest| rest.trim().eq_ignore_ascii_case("NO TRANSACTION")),
            (Format::Dbmate, Some(rest)) => rest
                .strip_prefix("migrate:up")
                .is_some_and(|rest| rest.split_whitespace().any(|option| option == "transaction:false")),
            _ => false,
        }
    };
    matches!(format, Format::Goose | Format::Dbmate) && lines(text).any(|(_, line)| says(line))
}

/// The lines of a text with where they stand, line ends included.
pub(super) fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line)
    })
}

/// What stands between the lines for Liquibase (`--changeset a:1`), which are no comments to every server.
fn liquibase(text: &str) -> Vec<Section> {
    let mut out = Vec::new();
    let mut start = 0;
    for (at, line) in lines(text) {
        let letter = |rest: &str| rest.starts_with(|ch: char| ch.is_ascii_alphabetic());
        let mark = line.strip_prefix("--").is_some_and(letter) && !line.starts_with("--atlas:");
        if mark {
            out.push(Section::split(start..at));
            start = at + line.len();
        }
    }
    out.push(Section::split(start..text.len()));
    out.retain(|section| text.get(section.range.clone()).is_some_and(|part| !part.trim().is_empty()));
    out
}

/// What stands between `-- migrate:<mark>` and the other mark. Options may follow a mark: `transaction:false`.
fn dbmate(text: &str, mark: &str) -> Vec<Section> {
    let mut out = Vec::new();
    let mut open = None;
    for (at, line) in lines(text) {
        let word = line
            .trim_start_matches('\u{feff}')
            .trim()
            .strip_prefix("--")
            .and_then(|rest| rest.trim_start().strip_prefix("migrate:"))
            .and_then(|rest| rest.split_whitespace().next());
        let Some(word @ ("up" | "down")) = word else { continue };
        if let Some(start) = open.take() {
            out.push(Section::split(start..at));
        }
        if word == mark {
            open = Some(at + line.len());
        }
    }
    if let Some(start) = open {
        out.push(Section::split(start..text.len()));
    }
    out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Before `-- +goose Up`.
    None,
    Up,
    /// Between `StatementBegin` and `StatementEnd`.
    Statement,
}

/// A statement ends with a line that ends in `;`, or where `StatementEnd` says so. A file without marks is one.
///
/// Those behind `-- +goose Down` when `down` says so, else those before.
fn goose(text: &str, down: bool) -> Result<Vec<Section>, ScanError> {
    let mut out = Vec::new();
    let mut state = State::None;
    let mut start = 0;
    let mut behind = false;
    let push = |out: &mut Vec<Section>, range: Range<usize>, whole| {
        if text.get(range.clone()).is_some_and(|part| !part.trim().is_empty()) {
            out.push(Section { range, whole });
        }
    };
    for (at, line) in lines(text) {
        let end = at + line.len();
        let trimmed = line.trim_start_matches('\u{feff}').trim();
        let pragma = trimmed.strip_prefix("--").map(str::trim_start).and_then(|rest| {
            let rest = rest.strip_prefix("+goose")?;
            rest.starts_with([' ', '\t']).then(|| rest.trim())
        });
        let unexpected =
            || Err(ScanError::at(text, at, Problem::Goose(pragma.unwrap_or_default().to_owned())));
        match pragma.map(|it| it.to_ascii_lowercase()).as_deref() {
            Some("up") => {
                if state != State::None {
                    return unexpected();
                }
                // What stands before is kept, though nobody knows why it is there.
                push(&mut out, start..at, false);
                start = end;
                state = State::Up;
            }
            Some("down") => {
                if state != State::Up || behind {
                    return unexpected();
                }
                push(&mut out, start..at, false);
                if !down {
                    return Ok(out);
                }
                out.clear();
                behind = true;
                start = end;
            }
            Some("statementbegin") => {
                if state != State::Up {
                    return unexpected();
                }
                push(&mut out, start..at, false);
                start = end;
                state = State::Statement;
            }
            Some("statementend") => {
                if state != State::Statement {
                    return unexpected();
                }
                push(&mut out, start..at, true);
                start = end;
                state = State::Up;
            }
            _ if state == State::Up && trimmed.ends_with(';') && !trimmed.starts_with("--") => {
                push(&mut out, start..end, false);
                start = end;
            }
            _ => {}
        }
    }
    push(&mut out, start..text.len(), state == State::None);
    Ok(if behind || !down { out } else { Vec::new() })
}

/// `text` with blanks for all that is not in one of `sections`: what stands in them keeps its place.
pub fn masked(text: &str, sections: &[Section]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    let blank = |out: &mut String, part: &str| {
        out.extend(part.bytes().map(|byte| if matches!(byte, b'\n' | b'\r') { byte as char } else { ' ' }));
    };
    for section in sections {
        blank(&mut out, text.get(at..section.range.start).unwrap_or_default());
        out.push_str(text.get(section.range.clone()).unwrap_or_default());
        at = section.range.end;
    }
    blank(&mut out, text.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, format: Format) -> Vec<String> {
        match sections(text, format) {
            Ok(found) => found
                .iter()
                .map(|it| format!("{}{}", if it.whole { "=" } else { "" }, text[it.range.clone()].trim()))
                .collect(),
            Err(error) => vec![error.to_string()],
        }
    }

    #[test]
    fn goose_ends_statements_with_lines() {
        let text = "-- +goose Up\nselect 'Down' from x;\nselect\n 2;\n-- +goose StatementBegin\na;\nb;\n\
                    -- +goose StatementEnd\n-- +goose Down\ndrop table x;\n";
        assert_eq!(shown(text, Format::Goose), ["select 'Down' from x;", "select\n 2;", "=a;\nb;"]);
        assert_eq!(shown("select 1;\nselect 2;\n", Format::Goose), ["=select 1;\nselect 2;"]);
        let down = down(text, Format::Goose).unwrap_or_default();
        assert_eq!(
            down.iter().map(|it| text[it.range.clone()].trim()).collect::<Vec<_>>(),
            ["drop table x;"]
        );
        assert_eq!(
            shown("-- +goose Up\n-- +goose Up\n", Format::Goose),
            ["2:1: unexpected goose pragma \"Up\""]
        );
        assert_eq!(
            shown("-- +goose Up\nselect 1;\n-- +goose StatementEnd\n", Format::Goose),
            ["3:1: unexpected goose pragma \"StatementEnd\""]
        );
    }

    #[test]
    fn lines_for_liquibase_are_left_out() {
        let text =
            "--liquibase formatted sql\n--changeset a:1\n--comment: it's\na;\n-- b\nb;\n--rollback: c;\n";
        assert_eq!(shown(text, Format::Liquibase), ["a;\n-- b\nb;"]);
    }

    #[test]
    fn dbmate_has_two_parts() {
        let text = "-- migrate:up transaction:false\nselect 'down';\n\n-- migrate:down\ndrop table t;\n";
        assert_eq!(shown(text, Format::Dbmate), ["select 'down';"]);
        assert_eq!(down(text, Format::Dbmate).map(|it| it.len()), Ok(1));
        assert!(shown("select 1;", Format::Dbmate).is_empty());
    }

    #[test]
    fn who_wants_no_transaction() {
        assert!(outside_transaction("-- +goose NO TRANSACTION\n-- +goose Up\n", Format::Goose));
        assert!(outside_transaction("-- migrate:up transaction:false\n", Format::Dbmate));
        assert!(!outside_transaction("-- migrate:up\n-- migrate:down transaction:false\n", Format::Dbmate));
        assert!(!outside_transaction("-- +goose NO TRANSACTION\n", Format::Atlas));
    }

    #[test]
    fn a_mask_keeps_places() {
        let text = "-- é\r\nselect 1;\n";
        let masked = masked(text, &[Section { range: 7..text.len(), whole: false }]);
        assert_eq!(masked, "     \r\nselect 1;\n");
        assert_eq!(masked.len(), text.len());
    }
}
