//! A file of Liquibase for another format: what goes along, and what is told because it cannot.
//!
//! Source: Liquibase's documentation of formatted SQL changelogs.

use engine::Dialect;
use engine::migrate::liquibase::{Changeset, changesets, rollback};
use engine::migrate::write::{Block, Body};
use engine::migrate::{Format, ScanError};

use super::{blocks, comments};

/// A file as far as it can be carried over.
pub(super) struct Carried {
    pub body: Body,
    pub outside_transaction: bool,
    /// Queries that return a truth value.
    pub checks: Vec<String>,
    /// What cannot be carried over.
    pub lost: Vec<String>,
}

/// Options that say how a changeset is read, which was done.
const READING: [&str; 3] = ["splitStatements", "endDelimiter", "stripComments"];

/// Reads a file for one in format `to`.
pub(super) fn read(text: &str, to: Format, dialect: Option<&'static Dialect>) -> Result<Carried, ScanError> {
    let all = changesets(text);
    let mut out =
        Carried { body: Body::default(), outside_transaction: false, checks: Vec::new(), lost: Vec::new() };
    let first = all.iter().position(|it| !it.is_empty());
    for (at, changeset) in all.iter().enumerate() {
        let who = |what: String| match changeset.id.as_str() {
            "" => what,
            id => format!("changeset {id}: {what}"),
        };
        let alone = changeset.option("runInTransaction") == Some("false");
        out.outside_transaction |= alone;
        for (name, value) in &changeset.options {
            let is_default = name.eq_ignore_ascii_case("runInTransaction");
            if !is_default && !READING.iter().any(|known| name.eq_ignore_ascii_case(known)) {
                out.lost.push(who(format!("{name}:{value}")));
            }
        }
        out.lost.extend(changeset.other.iter().map(|line| who(line.clone())));
        let halts = halts(changeset.preconditions.as_deref().unwrap_or_default());
        for check in &changeset.checks {
            // A check of the whole file comes before all of its statements.
            if to == Format::Atlas && halts && first.is_none_or(|first| at <= first) {
                out.checks.push(format!("SELECT ({}) = {}", check.query, value(&check.expected)));
            } else {
                out.lost.push(who(format!(
                    "the precondition {:?} must return {:?}",
                    check.query, check.expected
                )));
            }
        }
        if !halts {
            let options = changeset.preconditions.as_deref().unwrap_or_default();
            out.lost.push(who(format!("preconditions {options}")));
        }
        // A changeset that is switched off is not executed by Liquibase either.
        if changeset.option("ignore") == Some("true") {
            continue;
        }
        out.body.up.extend(statements(changeset, dialect)?);
    }
    if all.iter().any(|it| it.option("runInTransaction") == Some("false"))
        && all.iter().any(|it| !it.is_empty() && it.option("runInTransaction") != Some("false"))
    {
        out.lost.push("that only some of its changesets run outside of a transaction: all do".to_owned());
    }
    match rollback(&all) {
        Some(texts) => {
            for text in texts {
                out.body.down.extend(blocks(&text, Format::GolangMigrate, dialect)?);
            }
        }
        None if all.iter().any(|it| it.rollback.is_some()) => {
            let without = all.iter().find(|it| it.rollback.is_none() && !it.is_empty());
            let id = without.map(|it| it.id.as_str()).unwrap_or_default();
            out.lost.push(format!(
                "the rollbacks: changeset {id} has none, so they would take back a part of it"
            ));
        }
        None => {}
    }
    Ok(out)
}

/// The statements of a changeset, cut as it says, its name before the first.
fn statements(changeset: &Changeset, dialect: Option<&'static Dialect>) -> Result<Vec<Block>, ScanError> {
    let delimiter = changeset.option("endDelimiter").filter(|it| *it != ";");
    let whole = changeset.option("splitStatements") == Some("false");
    let mut found = match (whole, delimiter) {
        (true, _) => cut(&changeset.text, None),
        (false, Some(delimiter)) => cut(&changeset.text, Some(delimiter)),
        (false, None) => blocks(&changeset.text, Format::GolangMigrate, dialect)?,
    };
    // Atlas numbers those it writes itself.
    if let Some(block) =
        found.first_mut().filter(|_| !changeset.id.is_empty() && !changeset.id.starts_with("atlas:"))
    {
        block.head = format!("-- changeset {}\n{}", changeset.id, block.head);
    }
    Ok(found)
}

/// A text cut at a delimiter, which counts for nothing else.
fn cut(text: &str, delimiter: Option<&str>) -> Vec<Block> {
    let parts = match delimiter {
        Some(delimiter) => text.split(delimiter).collect(),
        None => vec![text],
    };
    let one = |part: &str| {
        let start = part.lines().take_while(|line| line.trim().is_empty() || line.starts_with("--"));
        let len = start.map(|line| line.len() + 1).sum::<usize>().min(part.len());
        let (head, text) = part.split_at_checked(len).unwrap_or(("", part));
        Block { head: comments(head), text: text.trim().trim_end_matches(';').to_owned() }
    };
    parts.into_iter().map(one).filter(|block| !block.text.is_empty()).collect()
}

/// Whether a precondition that does not hold stops the run, as a check does.
fn halts(options: &str) -> bool {
    let other = |name: &str| {
        options
            .split_whitespace()
            .filter_map(|it| it.split_once(':'))
            .any(|(known, value)| known.eq_ignore_ascii_case(name) && !value.eq_ignore_ascii_case("HALT"))
    };
    !other("onFail") && !other("onError")
}

/// What a query is compared with: a number as it is, anything else as a text.
fn value(expected: &str) -> String {
    match expected.parse::<f64>() {
        Ok(_) => expected.to_owned(),
        Err(_) => format!("'{}'", expected.replace('\'', "''")),
    }
}
