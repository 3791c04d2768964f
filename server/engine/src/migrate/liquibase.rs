//! What the lines of a Liquibase file say besides its SQL: changesets with their options, comments, preconditions and
//! rollbacks.
//!
//! Pure. Invariant: every line of the file is in exactly one field, so whoever writes it in another format can tell what
//! that one has no words for.
//!
//! Source: Liquibase's documentation of formatted SQL changelogs; reference/migrations.md section 14.

use super::section::lines;

/// A changeset.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changeset {
    /// `author:id`; empty for what stands before the first.
    pub id: String,
    /// `runInTransaction:false`, in order.
    pub options: Vec<(String, String)>,
    /// The SQL with its comments; comments for Liquibase are comments in it.
    pub text: String,
    /// Texts of what takes it back; `None` where the file says nothing of it, empty where there is nothing to do.
    pub rollback: Option<Vec<String>>,
    /// Queries that must return a value.
    pub checks: Vec<Check>,
    /// The line `--preconditions` with its options.
    pub preconditions: Option<String>,
    /// Other lines for Liquibase.
    pub other: Vec<String>,
}

/// `--precondition-sql-check expectedResult:0 SELECT …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub expected: String,
    pub query: String,
}

/// The changesets of a file.
pub fn changesets(text: &str) -> Vec<Changeset> {
    let mut out = vec![Changeset::default()];
    let mut block: Option<String> = None;
    for (_, line) in lines(text) {
        let plain = line.trim_end_matches(['\n', '\r']).trim_start_matches('\u{feff}');
        let at = out.len() - 1;
        if let Some(inner) = &mut block {
            // A rollback of several lines stands in a comment.
            match plain.split_once("*/") {
                Some((last, _)) => {
                    inner.push_str(last);
                    let inner = block.take().unwrap_or_default();
                    out[at].rollback.get_or_insert_default().push(inner.trim().to_owned());
                }
                None => {
                    inner.push_str(plain);
                    inner.push('\n');
                }
            }
            continue;
        }
        if let Some(rest) = plain.trim_start().strip_prefix("/*")
            && let Some(rest) = word(rest.trim_start(), "liquibase")
            && let Some(rest) = word(rest.trim_start(), "rollback")
        {
            match rest.split_once("*/") {
                Some((inner, _)) => out[at].rollback.get_or_insert_default().push(inner.trim().to_owned()),
                None => block = Some(format!("{rest}\n")),
            }
            continue;
        }
        let Some((name, rest)) = mark(plain) else {
            out[at].text.push_str(line);
            continue;
        };
        match name.to_ascii_lowercase().as_str() {
            "liquibase" => {}
            "changeset" => {
                let (id, options) = heading(rest);
                out.push(Changeset { id, options, ..Changeset::default() });
            }
            "comment" => out[at].text.push_str(&format!("-- {rest}\n")),
            "rollback" => {
                let rollback = out[at].rollback.get_or_insert_default();
                let nothing = rest.is_empty()
                    || rest.eq_ignore_ascii_case("empty")
                    || rest.to_ascii_lowercase().starts_with("not required");
                // Lines follow each other until one ends a statement.
                match rollback.last_mut().filter(|last| !last.trim_end().ends_with(';')) {
                    _ if nothing => {}
                    Some(last) => {
                        last.push('\n');
                        last.push_str(rest);
                    }
                    None => rollback.push(rest.to_owned()),
                }
            }
            "preconditions" => out[at].preconditions = Some(rest.to_owned()),
            "precondition-sql-check" => match check(rest) {
                Some(check) => out[at].checks.push(check),
                None => out[at].other.push(plain.to_owned()),
            },
            _ => out[at].other.push(plain.to_owned()),
        }
    }
    out.retain(|it| {
        *it != Changeset::default() && !(it.id.is_empty() && it.text.trim().is_empty() && it.other.is_empty())
    });
    out
}

/// Everything that takes a file back, the last changeset first; `None` unless each changeset with statements says how.
pub fn rollback(changesets: &[Changeset]) -> Option<Vec<String>> {
    let mut out = Vec::new();
    for changeset in changesets.iter().rev() {
        match &changeset.rollback {
            Some(texts) => out.extend(texts.iter().cloned()),
            None if changeset.is_empty() => {}
            None => return None,
        }
    }
    Some(out)
}

impl Changeset {
    /// Whether there is nothing in it to be executed.
    pub fn is_empty(&self) -> bool {
        self.text.lines().all(|line| line.trim().is_empty() || line.trim_start().starts_with("--"))
    }

    /// The value of an option.
    pub fn option(&self, name: &str) -> Option<&str> {
        self.options
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// `rest` of a text behind a word, whatever its case.
fn word<'t>(text: &'t str, word: &str) -> Option<&'t str> {
    let head = text.get(..word.len())?;
    head.eq_ignore_ascii_case(word).then(|| text.get(word.len()..)).flatten()
}

/// The word a line for Liquibase begins with, and what follows: `--rollback: x` is `rollback` and `x`.
fn mark(line: &str) -> Option<(&str, &str)> {
    let rest = line.strip_prefix("--").filter(|_| !line.starts_with("--atlas:"))?;
    if !rest.starts_with(|ch: char| ch.is_ascii_alphabetic()) {
        return None;
    }
    let end = rest.find(|ch: char| !ch.is_ascii_alphanumeric() && ch != '-').unwrap_or(rest.len());
    let (name, rest) = rest.split_at(end);
    Some((name, rest.strip_prefix(':').unwrap_or(rest).trim()))
}

/// `author:id name:value …`.
fn heading(text: &str) -> (String, Vec<(String, String)>) {
    let mut fields = fields(text).into_iter();
    let id = fields.next().unwrap_or_default();
    let options = fields.filter_map(|field| {
        let (name, value) = field.split_once(':')?;
        Some((name.to_owned(), value.trim_matches('"').to_owned()))
    });
    (id, options.collect())
}

/// What blanks part, outside of quotes.
fn fields(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let (mut field, mut quoted) = (String::new(), false);
    for ch in text.chars() {
        if ch == '"' {
            quoted = !quoted;
        }
        if ch.is_whitespace() && !quoted {
            out.push(std::mem::take(&mut field));
        } else {
            field.push(ch);
        }
    }
    out.push(field);
    out.retain(|field| !field.is_empty());
    out
}

/// `expectedResult:0 SELECT …`, the value in quotes or not.
fn check(text: &str) -> Option<Check> {
    let rest = word(text.trim_start(), "expectedResult:")?.trim_start();
    let quote = rest.chars().next().filter(|ch| matches!(ch, '"' | '\''));
    let (expected, query) = match quote {
        Some(quote) => rest.get(1..)?.split_once(quote)?,
        None => rest.split_once(char::is_whitespace)?,
    };
    let query = query.trim().trim_end_matches(';');
    (!query.is_empty()).then(|| Check { expected: expected.to_owned(), query: query.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_has_its_place() {
        let text = "--liquibase formatted sql\n\n--changeset bob:1 runInTransaction:false labels:\"a, b\"\n\
                    --comment: it's\n--preconditions onFail:HALT\n\
                    --precondition-sql-check expectedResult:0 SELECT count(*) FROM t;\n\
                    create table a (id int);\n-- own\ncreate table b (id int);\n--rollback drop table b;\n\
                    --rollback drop table\n--rollback a;\n--changeset bob:2\n--property name:x value:y\n\
                    insert into a values (1);\n/* liquibase rollback\ndelete from a;\n*/\n\
                    --changeset bob:3\n--rollback not required\n";
        let found = changesets(text);
        let ids: Vec<&str> = found.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(ids, ["bob:1", "bob:2", "bob:3"]);
        assert_eq!(found[0].text, "-- it's\ncreate table a (id int);\n-- own\ncreate table b (id int);\n");
        assert_eq!(found[0].option("runintransaction"), Some("false"));
        assert_eq!(found[0].option("labels"), Some("a, b"));
        assert_eq!(found[0].checks, [Check { expected: "0".into(), query: "SELECT count(*) FROM t".into() }]);
        assert_eq!(found[0].preconditions.as_deref(), Some("onFail:HALT"));
        assert_eq!(found[1].other, ["--property name:x value:y"]);
        assert_eq!(
            rollback(&found),
            Some(vec!["delete from a;".to_owned(), "drop table b;".to_owned(), "drop table\na;".to_owned()])
        );
        let without = changesets("--changeset a:1\nx;\n--rollback y;\n--changeset a:2\nz;\n");
        assert_eq!(rollback(&without), None);
    }
}
