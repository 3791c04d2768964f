//! The statements of a migration file, as they are executed, hashed and shown.
//!
//! One splitter serves every dialect and format: that of `syntax`. Invariant: the text of a statement is what stands at
//! its range in the file, with the delimiter when that is `;`.
//!
//! Source: reference/migrations.md sections 4 and 20; what is done better than there is in docs/decisions.md.

use std::fmt;
use std::ops::Range;

use syntax::sql::{Fault, Features, File, Grammar, Lexical};
use text::Text;

use super::section::{Section, masked, sections};
use super::{Directives, Format, txtar};
use crate::Dialect;

/// One statement of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Trimmed, with its delimiter when that is `;`.
    pub text: String,
    /// Where `text` stands in the file, in bytes.
    pub range: Range<usize>,
    /// The comments before it that no blank line parts from it, without their line ends.
    pub comments: Vec<String>,
    /// What those comments tell.
    pub directives: Directives,
}

impl Statement {
    /// Without the delimiter: as a server wants it.
    pub fn bare(&self) -> &str {
        self.text.strip_suffix(';').map_or(self.text.as_str(), str::trim_end)
    }
}

/// Why a file cannot be cut into statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScanError {
    /// Counted from 1.
    pub line: usize,
    /// In bytes, counted from 1; 0 when the whole file is meant.
    pub column: usize,
    /// In bytes of the file.
    pub offset: usize,
    problem: Problem,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Problem {
    Quote(char),
    Open,
    Close,
    EmptyDelimiter,
    NoInput(String),
    Goose(String),
    Section(String),
}

impl ScanError {
    pub(super) fn at(text: &str, offset: usize, problem: Problem) -> ScanError {
        let before = text.get(..offset).unwrap_or(text);
        let line = before.matches('\n').count() + 1;
        let column = before.len() - before.rfind('\n').map_or(0, |at| at + 1) + 1;
        ScanError { line, column, offset, problem }
    }

    /// What is wrong, without its place.
    pub fn message(&self) -> String {
        match &self.problem {
            Problem::Quote('\'') => "unclosed quote '\\''".to_owned(),
            Problem::Quote(quote) => format!("unclosed quote '{quote}'"),
            Problem::Open => "unclosed '('".to_owned(),
            Problem::Close => "unexpected ')'".to_owned(),
            Problem::EmptyDelimiter => "empty delimiter".to_owned(),
            Problem::NoInput(delimiter) => format!("no input found after delimiter {delimiter:?}"),
            Problem::Goose(pragma) => format!("unexpected goose pragma {pragma:?}"),
            Problem::Section(message) => message.clone(),
        }
    }
}

/// `1:5: unexpected ')'`.
impl fmt::Display for ScanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message())
    }
}

impl std::error::Error for ScanError {}

/// The rules of no dialect in particular: what most of them agree on, bodies of triggers and routines included.
static GENERIC: Grammar = Grammar {
    name: "generic",
    lexical: Lexical { backtick_names: true, dollar_quotes: true, ..Grammar::BASE.lexical },
    features: Features::TRIGGER_BODY.with(Features::ROUTINE_BODY),
    ..Grammar::BASE
};

/// The statements of a file that are executed; without a dialect by the rules most of them share.
///
/// # Errors
/// `1:1: unclosed quote '\''`, with the place in the file.
pub fn statements(
    text: &str,
    format: Format,
    dialect: Option<&'static Dialect>,
) -> Result<Vec<Statement>, ScanError> {
    of_sections(text, &sections(text, format)?, dialect)
}

/// The file as the editor, the linter and the replay read it: what is not executed is blank, places are kept.
///
/// Statements that `previous` has already are shared with it. Marks in an order that means nothing count as comments.
pub fn sql_of(text: &Text, format: Format, grammar: &'static Grammar, previous: Option<&File>) -> File {
    let plain = || File::parse(text, grammar, previous);
    if matches!(format, Format::GolangMigrate | Format::Flyway) {
        return plain();
    }
    let whole = text.to_string();
    match sections(&whole, format) {
        Ok(found) if found.iter().all(|it| it.range == (0..whole.len())) && !found.is_empty() => plain(),
        Ok(found) => {
            // Directives at the head of an archive are those of the file.
            let head = txtar::parse(&whole).ok().flatten().map(|archive| archive.head);
            let head = head.map(|range| Section { range, whole: false });
            let seen: Vec<Section> = head.into_iter().chain(found).collect();
            File::parse(&Text::new(&masked(&whole, &seen)), grammar, previous)
        }
        Err(_) => plain(),
    }
}

/// The statements of some parts of a file.
///
/// # Errors
/// As [`statements`].
pub fn of_sections(
    text: &str,
    sections: &[Section],
    dialect: Option<&'static Dialect>,
) -> Result<Vec<Statement>, ScanError> {
    let grammar = dialect.map_or(&GENERIC, |dialect| dialect.grammar);
    let mut out = Vec::new();
    for section in sections {
        let start = section.range.start;
        let part = text.get(section.range.clone()).unwrap_or_default();
        let split = match syntax::sql::split(part, grammar) {
            Ok(split) => split,
            // Whoever marked it as one statement knows better where it ends.
            Err(_) if section.whole => {
                out.extend(whole(part, start, Vec::new()));
                continue;
            }
            Err((offset, fault)) => {
                let quote = part.get(offset..).and_then(|rest| rest.chars().next()).unwrap_or('\'');
                let problem = match fault {
                    Fault::UnclosedQuote => Problem::Quote(quote),
                    Fault::UnclosedParenthesis => Problem::Open,
                    Fault::UnexpectedParenthesis => Problem::Close,
                    Fault::EmptyDelimiter => Problem::EmptyDelimiter,
                };
                return Err(ScanError::at(text, start + offset, problem));
            }
        };
        if split.is_empty()
            && let Some(delimiter) = lone_delimiter(part)
        {
            return Err(ScanError {
                line: 1,
                column: 0,
                offset: start,
                problem: Problem::NoInput(delimiter),
            });
        }
        let found = split.iter().map(|split| {
            let delimiter = part.get(split.range.end..split.with_delimiter.end).unwrap_or_default();
            let end = if delimiter.trim() == ";" { split.with_delimiter.end } else { split.range.end };
            let comments: Vec<_> =
                split.comments(grammar).into_iter().filter(|comment| comment.attached).collect();
            let directives = comments.iter().filter_map(|comment| comment.directive.as_ref());
            Statement {
                text: part.get(split.range.start..end).unwrap_or_default().to_owned(),
                range: start + split.range.start..start + end,
                directives: Directives(
                    directives.map(|it| (it.name.to_string(), it.args.to_string())).collect(),
                ),
                comments: comments.iter().map(|comment| comment.text.trim_end().to_owned()).collect(),
            }
        });
        if section.whole {
            let found: Vec<Statement> = found.collect();
            match found.as_slice() {
                [] | [_] => out.extend(found),
                [first, ..] => {
                    let end = start + part.trim_end().len();
                    let range = first.range.start..end;
                    let text = text.get(range.clone()).unwrap_or_default().to_owned();
                    out.push(Statement { text, range, ..first.clone() });
                }
            }
        } else {
            out.extend(found);
        }
    }
    Ok(out)
}

/// All of `part`, which starts at `start`, as one statement.
fn whole(part: &str, start: usize, comments: Vec<String>) -> Option<Statement> {
    let text = part.trim_start_matches('\u{feff}').trim();
    let from = start + part.find(text)?;
    (!text.is_empty()).then(|| Statement {
        text: text.to_owned(),
        range: from..from + text.len(),
        comments,
        directives: Directives::default(),
    })
}

/// The delimiter of a file whose only line names it.
fn lone_delimiter(part: &str) -> Option<String> {
    let part = part.trim_start_matches('\u{feff}');
    let argument = part.strip_prefix("-- atlas:delimiter ")?;
    (!argument.contains('\n')).then(|| argument.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_run_is_blank() {
        let shown = |text: &str, format| {
            let file = sql_of(&Text::new(text), format, &GENERIC, None);
            let statements: Vec<_> = file
                .pieces()
                .iter()
                .filter(|placed| placed.piece.statement().is_some())
                .map(|placed| {
                    let range = placed.statement_range();
                    text[usize::from(range.start())..usize::from(range.end())].to_owned()
                })
                .collect();
            statements.join("|")
        };
        assert_eq!(shown("a;\nb;\n", Format::Atlas), "a|b");
        assert_eq!(shown("-- migrate:up\na;\n-- migrate:down\nb;\n", Format::Dbmate), "a");
        assert_eq!(
            shown(
                "-- atlas:txtar\n\n-- checks.sql --\nselect 1;\n-- migration.sql --\na;\n-- down.sql --\nb;\n",
                Format::Atlas
            ),
            "a"
        );
        assert_eq!(shown("select 1;\n", Format::Dbmate), "");
    }
}
