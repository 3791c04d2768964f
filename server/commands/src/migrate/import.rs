//! `migrate import`: a directory of one format as one of another.
//!
//! Invariants: the files of the new directory run in the order those of the old one do, and hold the same statements
//! with their comments. What takes a migration back is kept where the new format has a place for it.
//!
//! Source: reference/migrations.md section 15; versions are made to sort as they did, which Atlas's import does not.

use engine::Dialect;
use engine::migrate::section::{down, masked, outside_transaction, sections};
use engine::migrate::write::{Block, Body, Heading, archive, wrapped};
use engine::migrate::{Directory, Format, Migration, Section, Statement, statements};

use super::{Change, Located};
use crate::Error;

mod liquibase;

/// What is written, and what the new format has no words for.
#[derive(Debug)]
pub struct Imported {
    pub change: Change,
    /// By file.
    pub lost: Vec<String>,
}

/// The files of `from`, written as those of `to`, which must be empty. `None` when there is nothing to import.
///
/// # Errors
/// `cannot import a migration directory already in "atlas" format`, `target migration directory must be empty`, a file
/// that cannot be split.
pub fn import(
    from: &Located,
    to: &Directory,
    dialect: Option<&'static Dialect>,
) -> Result<Option<Imported>, Error> {
    let source = &from.directory;
    if source.format == to.format {
        return Err(Error::Request(format!(
            "cannot import a migration directory already in {:?} format",
            to.format.name()
        )));
    }
    if !to.files.is_empty() {
        return Err(Error::Request("target migration directory must be empty".to_owned()));
    }
    if source.files.is_empty() {
        return Ok(None);
    }
    let mut files: Vec<&(String, String)> = source.files.iter().collect();
    if matches!(source.format, Format::GolangMigrate | Format::Goose) {
        // They count where Atlas compares texts.
        files.sort_by_key(|(name, _)| numbers(&Migration::of(source.format, name, "").version));
    }
    let headings = headings(source.format, &files);
    let mut written: Vec<(String, String)> = Vec::new();
    let mut lost = Vec::new();
    for ((name, text), mut heading) in files.into_iter().zip(headings) {
        let wrong = |error| Error::Source(format!("scanning statements from {name:?}: {error}"));
        let body = if source.format == Format::Liquibase {
            let read = liquibase::read(text, to.format, dialect).map_err(wrong)?;
            lost.extend(read.lost.iter().map(|what| format!("{name}: {what}")));
            heading.outside_transaction = read.outside_transaction;
            heading.checks = read.checks;
            heading.keeps_down = true;
            read.body
        } else {
            let up = blocks(text, source.format, dialect).map_err(wrong)?;
            let other = source.format.companion(name);
            let other = from.companions.iter().find(|(known, _)| Some(known) == other.as_ref());
            let down = match other {
                Some((_, text)) => blocks(text, Format::Liquibase, dialect).map_err(wrong)?,
                None => {
                    let sections = down(text, source.format).map_err(wrong)?;
                    blocks_of(text, &sections, source.format, dialect).map_err(wrong)?
                }
            };
            heading.outside_transaction = outside_transaction(text, source.format);
            Body { up, down }
        };
        let keeps_down = match to.format {
            Format::Atlas => {
                archive(&body, &heading, dialect).is_some_and(|text| text.contains("-- down.sql --"))
            }
            _ => true,
        };
        if !keeps_down && !body.down.is_empty() {
            let says = if body.down.len() == 1 { "statement that takes" } else { "statements that take" };
            lost.push(format!(
                "{name}: the {} {says} it back: 'migrate down' computes the way back instead",
                body.down.len()
            ));
        }
        if heading.outside_transaction && matches!(to.format, Format::GolangMigrate | Format::Flyway) {
            lost.push(format!("{name}: that it runs outside of a transaction"));
        }
        for (name, text) in wrapped(&body, &heading, to.format, dialect) {
            if written.iter().any(|(known, _)| *known == name) {
                return Err(Error::Request(format!("two files would be called {name:?}")));
            }
            written.push((name, text));
        }
    }
    Ok(Some(Imported { change: Change::adding(to, written), lost }))
}

/// Versions and names of the new files, in order.
fn headings(format: Format, files: &[&(String, String)]) -> Vec<Heading> {
    let mut out: Vec<Heading> = Vec::with_capacity(files.len());
    for (name, text) in files {
        let file = Migration::of(format, name, text);
        // Files without a version run after all others, and stay there.
        let repeated = out.last().map_or("0", |last| last.version.trim_end_matches('R'));
        let version = match file.version.as_str() {
            "" => format!("{repeated}R"),
            version => version.strip_suffix(".up").unwrap_or(version).to_owned(),
        };
        out.push(Heading { version, name: file.description.replace('/', "_"), ..Heading::default() });
    }
    let sorted = |headings: &[Heading]| {
        let names: Vec<String> =
            headings.iter().map(|it| engine::migrate::file::file_name(&it.version, &it.name)).collect();
        names.is_sorted()
    };
    if !sorted(&out) {
        // `3R_views` would run before `3_tables`.
        for heading in out.iter_mut().filter(|it| it.version.ends_with('R')) {
            heading.version = format!("{}r", heading.version.trim_end_matches('R'));
        }
    }
    if !sorted(&out) {
        // `10` stands before `2` in a directory; `02` does not.
        let width = out.iter().flat_map(|it| digits(&it.version)).map(|(_, len)| len).max().unwrap_or(0);
        for heading in &mut out {
            heading.version = padded(&heading.version, width);
        }
    }
    if !sorted(&out) {
        let width = out.len().to_string().len();
        for (index, heading) in out.iter_mut().enumerate() {
            heading.version = format!("{:0width$}", index + 1);
        }
    }
    out
}

/// The runs of digits of a version: where each starts and how long it is.
fn digits(version: &str) -> Vec<(usize, usize)> {
    let mut out: Vec<(usize, usize)> = Vec::new();
    for (at, byte) in version.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_digit()) {
        let _ = byte;
        match out.last_mut() {
            Some((start, len)) if *start + *len == at => *len += 1,
            _ => out.push((at, 1)),
        }
    }
    out
}

fn padded(version: &str, width: usize) -> String {
    let mut out = String::new();
    let mut at = 0;
    for (start, len) in digits(version) {
        out.push_str(&version[at..start]);
        out.push_str(&"0".repeat(width.saturating_sub(len)));
        out.push_str(&version[start..start + len]);
        at = start + len;
    }
    out.push_str(&version[at..]);
    out
}

/// A version as numbers, what is none as 0.
fn numbers(version: &str) -> Vec<u128> {
    digits(version).iter().map(|(at, len)| version[*at..at + len].parse().unwrap_or(0)).collect()
}

fn blocks(
    text: &str,
    format: Format,
    dialect: Option<&'static Dialect>,
) -> Result<Vec<Block>, engine::migrate::ScanError> {
    let found = statements(text, format, dialect)?;
    Ok(with_comments(text, &sections(text, format)?, found))
}

fn blocks_of(
    text: &str,
    sections: &[Section],
    format: Format,
    dialect: Option<&'static Dialect>,
) -> Result<Vec<Block>, engine::migrate::ScanError> {
    let found = engine::migrate::statement::of_sections(text, sections, dialect)?;
    let _ = format;
    Ok(with_comments(text, sections, found))
}

/// The statements with the comments before them, those a blank line parts from them included.
fn with_comments(text: &str, sections: &[Section], statements: Vec<Statement>) -> Vec<Block> {
    let text = masked(text, sections);
    let mut at = 0;
    let mut out = Vec::with_capacity(statements.len());
    for statement in statements {
        let gap = text.get(at..statement.range.start).unwrap_or_default();
        at = statement.range.end;
        out.push(Block { head: comments(gap), text: statement.bare().to_owned() });
    }
    out
}

/// The comments of what stands between two statements, a blank line between groups.
fn comments(gap: &str) -> String {
    let mut out = String::new();
    let mut parted = false;
    for line in gap.trim_start_matches('\u{feff}').lines().map(str::trim) {
        let command = line.get(..9).is_some_and(|word| word.eq_ignore_ascii_case("delimiter"));
        let is_comment = !command && line.chars().any(char::is_alphanumeric);
        let mark = ["-- atlas:delimiter", "-- +goose", "--+goose"].iter().any(|mark| line.starts_with(mark));
        if mark || !is_comment && !line.ends_with("*/") {
            parted |= line.is_empty() && !out.is_empty();
            continue;
        }
        if std::mem::take(&mut parted) {
            out.push('\n');
        }
        out.push_str(line);
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn imported(from: Format, files: &[(&str, &str)], to: Format) -> String {
        let own = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
        let listed = files.iter().filter(|(name, _)| from.lists(name)).map(own).collect();
        let located = Located {
            path: project::Path::new("/p"),
            shown: "p".into(),
            directory: Directory::new(from, listed, None),
            companions: files.iter().filter(|(name, _)| !from.lists(name)).map(own).collect(),
        };
        let target = Directory { format: to, ..Directory::default() };
        match import(&located, &target, None) {
            Ok(Some(Imported { change, lost })) => {
                let lost: String = lost.iter().map(|what| format!("lost {what}\n")).collect();
                lost + &change
                    .writes
                    .iter()
                    .map(|(name, text)| format!("== {name}\n{text}"))
                    .collect::<String>()
            }
            Ok(None) => "nothing".into(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn comments_and_statements_stay() {
        let text = "-- +goose NO TRANSACTION\n-- +goose Up\n-- about a\ncreate a;\n\n-- apart\n\n-- b\ncreate b;\n\
                    -- +goose StatementBegin\ncreate f; g;\n-- +goose StatementEnd\n-- +goose Down\ndrop a;\n";
        assert_eq!(
            imported(Format::Goose, &[("1_a.sql", text)], Format::Atlas),
            "lost 1_a.sql: the 1 statement that takes it back: 'migrate down' computes the way back instead\n\
             == 1_a.sql\n-- atlas:delimiter -- end\n-- atlas:txmode none\n\n-- about a\ncreate a;\n-- end\n\
             -- apart\n\n-- b\ncreate b;\n-- end\ncreate f; g;\n-- end\n"
        );
    }

    #[test]
    fn what_takes_back_goes_along() {
        let files = [("1_a.down.sql", "-- drop\ndrop a;\n"), ("1_a.up.sql", "create a")];
        assert_eq!(
            imported(Format::GolangMigrate, &files, Format::Dbmate),
            "== 1_a.sql\n-- migrate:up\ncreate a;\n\n-- migrate:down\n-- drop\ndrop a;\n"
        );
        let goose = "-- +goose Up\ncreate a;\n-- +goose Down\ndrop a;\n";
        assert_eq!(
            imported(Format::Goose, &[("1.sql", goose)], Format::Flyway),
            "== V1.sql\ncreate a;\n== U1.sql\ndrop a;\n"
        );
        assert_eq!(
            imported(Format::GolangMigrate, &files, Format::Atlas),
            "lost 1_a.up.sql: the 1 statement that takes it back: 'migrate down' computes the way back instead\n\
             == 1_a.sql\ncreate a;\n"
        );
    }

    #[test]
    fn what_liquibase_says_stays_or_is_told() {
        let text = "--liquibase formatted sql\n--changeset bob:1 labels:x\n--comment: first\n\
                    --preconditions onFail:HALT\n--precondition-sql-check expectedResult:0 SELECT count(*) FROM t\n\
                    create a;\n--rollback drop a;\n--changeset bob:2\ncreate b;\n--rollback drop b;\n";
        assert_eq!(
            imported(Format::Liquibase, &[("1_a.sql", text)], Format::Atlas),
            "lost 1_a.sql: changeset bob:1: labels:x\n\
             == 1_a.sql\n-- atlas:txtar\n\n-- checks.sql --\nSELECT (SELECT count(*) FROM t) = 0;\n\n\
             -- migration.sql --\n-- changeset bob:1\n-- first\ncreate a;\n-- changeset bob:2\ncreate b;\n\n\
             -- down.sql --\ndrop b;\ndrop a;\n"
        );
        assert_eq!(
            imported(Format::Liquibase, &[("1_a.sql", text)], Format::GolangMigrate),
            "lost 1_a.sql: changeset bob:1: labels:x\n\
             lost 1_a.sql: changeset bob:1: the precondition \"SELECT count(*) FROM t\" must return \"0\"\n\
             == 1_a.up.sql\n-- changeset bob:1\n-- first\ncreate a;\n-- changeset bob:2\ncreate b;\n\
             == 1_a.down.sql\ndrop b;\ndrop a;\n"
        );
        let half = "--changeset bob:1\ncreate a;\n--changeset bob:2 endDelimiter:/\ncreate f begin; end\n/\n--rollback drop f;\n";
        assert_eq!(
            imported(Format::Liquibase, &[("1.sql", half)], Format::Goose),
            "lost 1.sql: the rollbacks: changeset bob:1 has none, so they would take back a part of it\n\
             == 1.sql\n-- +goose Up\n-- changeset bob:1\ncreate a;\n-- changeset bob:2\n\
             -- +goose StatementBegin\ncreate f begin; end;\n-- +goose StatementEnd\n\n-- +goose Down\n"
        );
    }

    #[test]
    fn files_keep_their_order() {
        let flyway = ["V1__a.sql", "V2__b.sql", "V10__c.sql", "R__v.sql", "sub/R__w.sql"];
        let files: Vec<_> = flyway.iter().map(|name| (*name, "x;")).collect();
        let names = |text: String| {
            let names: Vec<_> =
                text.lines().filter_map(|line| line.strip_prefix("== ")).map(str::to_owned).collect();
            names.join(" ")
        };
        assert_eq!(
            names(imported(Format::Flyway, &files, Format::Atlas)),
            "01_a.sql 02_b.sql 10_c.sql 10r_v.sql 10r_w.sql"
        );
        let few: Vec<_> = files.iter().filter(|(name, _)| !name.starts_with("V10")).copied().collect();
        assert_eq!(names(imported(Format::Flyway, &few, Format::Atlas)), "1_a.sql 2_b.sql 2r_v.sql 2r_w.sql");
        let goose = [("1_a.sql", "x;"), ("2_b.sql", "x;"), ("11_c.sql", "x;")];
        assert_eq!(names(imported(Format::Goose, &goose, Format::Atlas)), "01_a.sql 02_b.sql 11_c.sql");
        assert_eq!(names(imported(Format::GolangMigrate, &[("2.up.sql", "x;")], Format::Atlas)), "2.sql");
    }

    #[test]
    fn what_cannot_be_imported() {
        assert_eq!(
            imported(Format::Atlas, &[("1.sql", "a;")], Format::Atlas),
            "cannot import a migration directory already in \"atlas\" format"
        );
        assert_eq!(imported(Format::Goose, &[], Format::Atlas), "nothing");
        assert_eq!(
            imported(Format::Dbmate, &[("1.sql", "-- migrate:up\nselect 'a;\n")], Format::Atlas),
            "scanning statements from \"1.sql\": 2:8: unclosed quote '\\''"
        );
    }
}
