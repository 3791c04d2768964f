//! What the tables of revisions of all products have in common: the values of a row, the words of a statement.
//!
//! Source: reference/migrations.md section 7.

use engine::connection::Value;
use engine::migrate::revision::{COLUMNS, Revision};

/// The values of a row in the order of [`COLUMNS`]. No error is an empty text, never `NULL`.
pub fn values(revision: &Revision, executed_at: String, hashes: Value) -> Vec<Value> {
    let text = |text: &str| Value::Text(text.to_owned());
    let count = |count: u64| Value::Int(i64::try_from(count).unwrap_or(i64::MAX));
    vec![
        text(&revision.version),
        text(&revision.description),
        count(revision.kind.0),
        count(revision.applied),
        count(revision.total),
        Value::Text(executed_at),
        Value::Int(revision.execution_time),
        text(&revision.error),
        text(&revision.error_stmt),
        text(&revision.hash),
        hashes,
        text(&revision.operator_version),
    ]
}

/// The columns of the table, each written by `write` with its number from one, separated by commas.
pub fn columns(write: impl Fn(usize, &str) -> String) -> String {
    let all = COLUMNS.iter().enumerate().map(|(at, name)| write(at + 1, name));
    all.collect::<Vec<_>>().join(", ")
}

/// The same without the key.
pub fn others(write: impl Fn(&str) -> String) -> String {
    COLUMNS.iter().skip(1).map(|name| write(name)).collect::<Vec<_>>().join(", ")
}

/// The words a statement begins with, upper case, behind comments; content of `/*! … */` counts as code.
pub fn words(sql: &str, hash_comments: bool) -> Vec<String> {
    const MOST: usize = 64;
    let mut words = Vec::new();
    let mut rest = sql;
    while words.len() < MOST {
        rest = rest.trim_start_matches(|ch: char| !is_word(ch) && !matches!(ch, '-' | '/' | '#' | '\''));
        let Some(first) = rest.chars().next() else { break };
        let line = rest.starts_with("--") || (first == '#' && hash_comments);
        if line {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if let Some(code) = rest.strip_prefix("/*!").or_else(|| rest.strip_prefix("/*M!")) {
            rest = code.trim_start_matches(|ch: char| ch.is_ascii_digit());
        } else if rest.starts_with("/*") {
            rest = rest.get(2..).and_then(|inner| Some(&inner[inner.find("*/")? + 2..])).unwrap_or("");
        } else if first == '\'' {
            rest = rest[1..].find('\'').map_or("", |end| &rest[end + 2..]);
        } else if is_word(first) {
            let end = rest.find(|ch: char| !is_word(ch)).unwrap_or(rest.len());
            words.push(rest[..end].to_uppercase());
            rest = &rest[end..];
        } else {
            rest = &rest[first.len_utf8()..];
        }
    }
    words
}

fn is_word(ch: char) -> bool {
    ch.is_alphanumeric() || ch == '_' || ch == '@'
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn comments_are_no_words_but_conditional_ones_are() {
        assert_eq!(
            words("-- begin\n/* x */ create table \"t\" (id int)", false).join(" "),
            "CREATE TABLE T ID INT"
        );
        assert_eq!(words("/*!40101 SET @a=@b */;", true).join(" "), "SET @A @B");
        assert_eq!(
            words("# x\ninsert into t values ('drop it''s', 1)", true).join(" "),
            "INSERT INTO T VALUES 1"
        );
        assert!(words("", true).is_empty());
    }
}
