//! Pre-migration checks: queries that must be true before a file runs, and what they prove about its findings.
//!
//! A check proves a code when its statement says so (`-- atlas:assert DS102`) and it does not speak of another table or
//! column, or when it is the very query a finding asks for. Where none does, the finding offers to add it. Invariant: an edit makes an archive of a plain file, or
//! adds a section to an archive, and changes no statement.
//!
//! Source: reference/migrations.md section 6.4; documented/lint-analyzers.md section 7.

use schema::SmolStr;
use text::{Fix, TextSize};

use super::edit::{fix, insert};
use crate::Dialect;
use crate::migrate::{Directives, Format, txtar};

/// What must be true of a table, so that a finding cannot come true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Only where the file names schemas.
    pub schema: Option<SmolStr>,
    pub table: SmolStr,
    pub proof: Proof,
}

/// What is true of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// It has no rows.
    Empty,
    /// These columns are NULL in every row.
    AllNull(Vec<SmolStr>),
    /// This column is NULL in no row.
    NoNull(SmolStr),
    /// No two rows have the same values in these columns.
    Distinct(Vec<SmolStr>),
}

/// The checks of a file, and where another one can be added.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prechecks {
    asserted: Vec<Assertion>,
    /// The names of the sections of an archive.
    sections: Option<Vec<String>>,
    /// Whether directives stand at the head of the file.
    has_directives: bool,
    /// Where the file begins, behind a byte-order mark.
    start: TextSize,
    /// Where a section goes: before `-- migration.sql --`, or behind the head of a plain file.
    place: TextSize,
    /// Nothing can be added: the file sets its own delimiter.
    is_closed: bool,
}

/// A check.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Assertion {
    /// What it says it proves.
    codes: Vec<SmolStr>,
    /// The query without what makes no difference.
    query: String,
    /// It need not be true: another one of its section may be.
    is_optional: bool,
}

impl Prechecks {
    /// Those of a file; `None` when its format has none, or it cannot be read.
    pub fn of(text: &str, format: Format, dialect: &'static Dialect) -> Option<Self> {
        if format != Format::Atlas {
            return None;
        }
        let directives = Directives::of_file(text);
        let start = text.len() - text.strip_prefix('\u{feff}').unwrap_or(text).len();
        let size = |offset: usize| TextSize::new(u32::try_from(offset).unwrap_or(u32::MAX));
        let mut checks = Prechecks {
            has_directives: !directives.0.is_empty(),
            is_closed: directives.get("delimiter").is_some(),
            start: size(start),
            ..Prechecks::default()
        };
        let Some(archive) = txtar::parse(text).ok()? else {
            let head = if checks.has_directives { head(&text[start..]) } else { 0 };
            checks.place = size(start + head);
            return Some(checks);
        };
        let before =
            text.get(..archive.migration.range.start).unwrap_or_default().trim_end_matches(['\r', '\n']);
        checks.place = size(before.rfind('\n').map_or(0, |at| at + 1));
        checks.sections = Some(archive.checks.iter().map(|check| check.name.clone()).collect());
        for check in &archive.checks {
            let section = text.get(check.section.range.clone()).unwrap_or_default();
            let whole = codes(&Directives::of_file(section.trim_start()));
            for statement in check.statements(text, Some(dialect)).ok()? {
                let mut codes = codes(&statement.directives);
                codes.extend(whole.iter().cloned());
                let query = plain(statement.bare());
                checks.asserted.push(Assertion { codes, query, is_optional: check.oneof });
            }
        }
        Some(checks)
    }

    /// Whether a check proves that `code` cannot come true; `claim` is what would, and `queries` are its forms.
    pub fn prove(&self, code: &str, claim: Option<&Claim>, queries: &[String]) -> bool {
        let queries: Vec<String> = queries.iter().map(|query| plain(query)).collect();
        self.asserted.iter().any(|check| {
            let says_so = check.codes.iter().any(|known| known == code);
            (says_so && claim.is_none_or(|claim| claim.may_be(&check.query)))
                || (!check.is_optional && queries.contains(&check.query))
        })
    }

    /// Adds a section called after `analyzer` with `query`, which proves `code`.
    pub fn add(&self, title: &str, analyzer: &str, code: &str, query: &str) -> Option<Fix> {
        if self.is_closed {
            return None;
        }
        let name = |count: usize| match count {
            1 => format!("checks/{analyzer}.sql"),
            count => format!("checks/{analyzer}_{count}.sql"),
        };
        let taken = |name: &String| self.sections.iter().flatten().any(|known| known == name);
        let name = (1..).map(name).find(|name| !taken(name))?;
        let section = format!("-- {name} --\n-- atlas:assert {code}\n{query};\n\n");
        let edits = match (&self.sections, self.has_directives) {
            (Some(_), _) => vec![insert(self.place, section)],
            (None, true) => vec![
                insert(self.start, "-- atlas:txtar\n"),
                insert(self.place, format!("{section}-- migration.sql --\n")),
            ],
            (None, false) => {
                vec![insert(self.start, format!("-- atlas:txtar\n\n{section}-- migration.sql --\n"))]
            }
        };
        Some(fix(title, edits))
    }
}

/// How long the group of comments at the head of a text is, with the blank line behind it.
fn head(text: &str) -> usize {
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        end += line.len();
        if line.trim().is_empty() {
            break;
        }
    }
    end
}

fn codes(directives: &Directives) -> Vec<SmolStr> {
    let lists = directives.all("assert").flat_map(str::split_whitespace);
    lists.filter(|word| *word != "oneof").map(SmolStr::from).collect()
}

/// A query without quotes, case, blanks and the name of its result: `*` or `1` are the same where rows are counted.
fn plain(query: &str) -> String {
    let lower = query.trim().trim_end_matches(';').to_lowercase();
    let words: String = lower.chars().filter(|ch| !matches!(ch, '`' | '"' | '\'' | '[' | ']')).collect();
    let mut out: String = words.split_whitespace().collect::<Vec<_>>().join(" ");
    for (from, to) in [("select * from", "select 1 from"), (" (", "("), ("( ", "("), (" )", ")"), (" ;", ";")]
    {
        out = out.replace(from, to);
    }
    match out.rfind(')') {
        Some(end) => out[..=end].to_owned(),
        None => out,
    }
}

impl Proof {
    /// What it speaks of.
    pub fn columns(&self) -> &[SmolStr] {
        match self {
            Proof::Empty => &[],
            Proof::AllNull(columns) | Proof::Distinct(columns) => columns,
            Proof::NoNull(column) => std::slice::from_ref(column),
        }
    }
}

impl Claim {
    /// Whether a query, without what makes no difference, may be about this: not when it names another table, or some
    /// columns and not these.
    fn may_be(&self, query: &str) -> bool {
        let words = |text: &str| -> Vec<String> {
            let is_end = |ch: char| !ch.is_alphanumeric() && ch != '_' && ch != '$';
            text.split(is_end).filter(|word| !word.is_empty()).map(str::to_owned).collect()
        };
        let Some((_, rest)) = query.split_once(" from ") else { return true };
        let names = words(rest);
        let has = |name: &SmolStr| words(&name.to_lowercase()).iter().all(|word| names.contains(word));
        has(&self.table) && (!rest.contains(" where ") || self.proof.columns().iter().all(has))
    }

    /// The forms of the query that proves it: with the schema and without.
    pub fn queries(&self, dialect: &Dialect, schema: &SmolStr) -> Vec<String> {
        let with = |schema: Option<&SmolStr>| {
            (dialect.check)(&Claim {
                schema: schema.filter(|name| !name.is_empty()).cloned(),
                ..self.clone()
            })
        };
        vec![with(None), with(Some(schema))]
    }

    /// What the fix is called where Atlas has no words for it.
    pub fn title(&self) -> String {
        let table = &self.table;
        let list = |columns: &[SmolStr]| {
            let names: Vec<String> = columns.iter().map(|column| format!("{column:?}")).collect();
            names.join(", ")
        };
        match &self.proof {
            Proof::Empty => format!("Add a pre-migration check to ensure table {table:?} is empty"),
            Proof::AllNull(columns) => {
                format!("Add a pre-migration check to ensure {} of table {table:?} are NULL", list(columns))
            }
            Proof::NoNull(column) => {
                format!("Add a pre-migration check to ensure column {column:?} contains no NULL values")
            }
            Proof::Distinct(columns) => {
                format!("Add a pre-migration check to ensure {} contains no duplicates", list(columns))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_makes_no_difference_to_a_check() {
        let same = "select not exists(select 1 from t where a is not null)";
        for query in [
            "SELECT NOT EXISTS (SELECT 1 FROM `t` WHERE `a` IS NOT NULL) AS `is_null`;",
            "select not exists(select * from \"t\"\n  where a is not null)",
            "SELECT NOT EXISTS ( SELECT 1 FROM t WHERE a IS NOT NULL )",
        ] {
            assert_eq!(plain(query), same, "{query}");
        }
    }
}
