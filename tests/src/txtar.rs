//! The fixture language: several files in one text, each under a line `-- name --`.
//!
//! Source: Go's `golang.org/x/tools/txtar`. Text before the first marker is a comment. Invariant: the bytes of a
//! file are those between its marker and the next, with nothing trimmed.

/// A fixture: what stands before the first marker, and the files.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Archive {
    pub comment: String,
    /// Name and text, in the order of the fixture.
    pub files: Vec<(String, String)>,
}

/// Splits a fixture into its files. Never fails: a text without markers is all comment.
pub fn parse(fixture: &str) -> Archive {
    let mut archive = Archive::default();
    for line in fixture.split_inclusive('\n') {
        if let Some(name) = marker(line) {
            archive.files.push((name.to_owned(), String::new()));
        } else if let Some((_, text)) = archive.files.last_mut() {
            text.push_str(line);
        } else {
            archive.comment.push_str(line);
        }
    }
    archive
}

/// Takes the cursor mark `$0` out of a text and returns its byte offset.
pub fn cursor(text: &str) -> (String, usize) {
    let at = text.find("$0").expect("the fixture has a cursor $0");
    (format!("{}{}", &text[..at], &text[at + 2..]), at)
}

fn marker(line: &str) -> Option<&str> {
    let name = line.trim_end_matches(['\n', '\r']).strip_prefix("-- ")?.strip_suffix(" --")?.trim();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::{cursor, parse};

    #[test]
    fn files_keep_their_bytes() {
        let archive = parse("why\n-- a.hcl --\nx = 1\n\n-- b/c.sql --\nselect 1");
        assert_eq!(archive.comment, "why\n");
        assert_eq!(
            archive.files,
            [("a.hcl".into(), "x = 1\n\n".into()), ("b/c.sql".into(), "select 1".into())]
        );
    }

    #[test]
    fn a_sql_comment_is_no_marker() {
        let archive = parse("-- a.sql --\n-- atlas:nolint\n-- not a marker--\n");
        assert_eq!(archive.files[0].1, "-- atlas:nolint\n-- not a marker--\n");
    }

    #[test]
    fn cursor_is_taken_out() {
        assert_eq!(cursor("ta$0ble"), ("table".to_owned(), 2));
    }
}
