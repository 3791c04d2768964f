//! A migration file that holds several: checks that must be true before it runs, and what takes it back.
//!
//! Invariant: sections are ranges of the file and do not overlap; a line that only looks like a mark is a comment.
//!
//! Source: reference/migrations.md section 6.4.

use std::ops::Range;

use super::section::{Section, lines};
use super::statement::{Problem, ScanError};
use super::{Directives, Statement};
use crate::Dialect;

/// The sections of a file with `-- atlas:txtar`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Txtar {
    /// What stands before the first mark: directives for the whole file.
    pub head: Range<usize>,
    /// In the order of the file, which is the order they run in.
    pub checks: Vec<Check>,
    pub migration: Section,
    /// What takes the migration back, when it is written.
    pub down: Option<Section>,
}

/// Queries that must return true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// `checks.sql`, `checks/name.sql`.
    pub name: String,
    /// One of them is enough: `-- atlas:assert oneof`.
    pub oneof: bool,
    pub section: Section,
}

impl Check {
    /// Its queries, with their places in the file.
    ///
    /// # Errors
    /// As [`super::statements`].
    pub fn statements(
        &self,
        text: &str,
        dialect: Option<&'static Dialect>,
    ) -> Result<Vec<Statement>, ScanError> {
        super::statement::of_sections(text, std::slice::from_ref(&self.section), dialect)
    }
}

/// The sections of `text`; `None` when it is a file of one piece.
///
/// # Errors
/// An archive without `migration.sql`, a section twice, a section that means nothing.
pub fn parse(text: &str) -> Result<Option<Txtar>, ScanError> {
    if Directives::of_file(text).get("txtar").is_none() {
        return Ok(None);
    }
    let mut found: Vec<(&str, usize, Range<usize>)> = Vec::new();
    for (at, line) in lines(text) {
        let Some(name) = mark(line) else { continue };
        if let Some((_, _, last)) = found.last_mut() {
            last.end = at;
        }
        found.push((name, at, at + line.len()..text.len()));
    }
    let mut checks = Vec::new();
    let mut migration = None;
    let mut down = None;
    for (index, (name, at, range)) in found.iter().enumerate() {
        if found.iter().take(index).any(|(other, ..)| other == name) {
            return Err(ScanError::at(
                text,
                *at,
                Problem::Section(format!("section {name:?} is there twice")),
            ));
        }
        let section = Section { range: range.clone(), whole: false };
        match *name {
            "migration.sql" => migration = Some(section),
            "down.sql" => down = Some(section),
            "checks.sql" => checks.push(check(text, name, section)),
            _ if name.starts_with("checks/") => checks.push(check(text, name, section)),
            _ => {
                let message = format!(
                    "unknown section {name:?}, expected \"checks.sql\", \"checks/*.sql\", \"migration.sql\" or \"down.sql\""
                );
                return Err(ScanError::at(text, *at, Problem::Section(message)));
            }
        }
    }
    let Some(migration) = migration else {
        let message = "txtar file without a \"migration.sql\" section".to_owned();
        return Err(ScanError::at(text, 0, Problem::Section(message)));
    };
    let head = 0..found.first().map_or(text.len(), |(_, at, _)| *at);
    Ok(Some(Txtar { head, checks, migration, down }))
}

fn check(text: &str, name: &str, section: Section) -> Check {
    let directives = Directives::of_file(text.get(section.range.clone()).unwrap_or_default().trim_start());
    let oneof = directives.get("assert") == Some("oneof");
    Check { name: name.to_owned(), oneof, section }
}

/// The file that the line `-- name.sql --` begins.
pub fn mark(line: &str) -> Option<&str> {
    let name = line.trim_end().strip_prefix("-- ")?.strip_suffix(" --")?.trim();
    (name.ends_with(".sql") && !name.contains(char::is_whitespace)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "-- atlas:txtar\n\n-- checks.sql --\n-- atlas:assert oneof\n\nSELECT 1;\nSELECT 2;\n\
                        -- checks/b.sql --\nSELECT 3;\n-- migration.sql --\nDROP TABLE t;\n-- a -- comment --\n\
                        -- down.sql --\nCREATE TABLE t (a int);\n";

    #[test]
    fn checks_come_before_the_migration() {
        let archive = parse(FILE).expect("it can be read").expect("it is an archive");
        let shown = |section: &Section| FILE[section.range.clone()].to_owned();
        let checks: Vec<_> = archive
            .checks
            .iter()
            .map(|check| {
                let statements = check.statements(FILE, None).expect("it can be split");
                let texts: Vec<_> = statements.iter().map(|it| it.text.clone()).collect();
                assert!(statements.iter().all(|it| FILE[it.range.clone()] == it.text));
                (check.name.as_str(), check.oneof, texts.join(" "))
            })
            .collect();
        assert_eq!(
            checks,
            [
                ("checks.sql", true, "SELECT 1; SELECT 2;".to_owned()),
                ("checks/b.sql", false, "SELECT 3;".to_owned())
            ]
        );
        assert_eq!(shown(&archive.migration), "DROP TABLE t;\n-- a -- comment --\n");
        assert_eq!(archive.down.as_ref().map(shown).as_deref(), Some("CREATE TABLE t (a int);\n"));
    }

    #[test]
    fn what_is_no_archive() {
        let tell = |text: &str| match parse(text) {
            Ok(found) => format!("{}", found.is_some()),
            Err(error) => error.to_string(),
        };
        assert_eq!(tell("-- checks.sql --\nSELECT 1;\n"), "false");
        assert_eq!(
            tell("-- atlas:txtar\n\nSELECT 1;\n"),
            "1:1: txtar file without a \"migration.sql\" section"
        );
        assert_eq!(
            tell("-- atlas:txtar\n\n-- migration.sql --\n-- migration.sql --\n"),
            "4:1: section \"migration.sql\" is there twice"
        );
        assert_eq!(
            tell("-- atlas:txtar\n\n-- chekcs.sql --\n-- migration.sql --\n"),
            "3:1: unknown section \"chekcs.sql\", expected \"checks.sql\", \"checks/*.sql\", \"migration.sql\" or \"down.sql\""
        );
        assert_eq!(tell("-- atlas:txtar\r\n\r\n-- migration.sql --\r\nSELECT 1;\r\n"), "true");
    }
}
