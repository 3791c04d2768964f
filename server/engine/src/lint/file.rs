//! Judging a file of statements: a migration, or a script somebody wrote.
//!
//! Each statement is between two states, and the difference is what it changes; renames are told from its words. The
//! states come from a replay ([`crate::migrate::Timeline::lint`]) or from a database that carries the file out. Nothing
//! is executed here. Invariant: every change belongs to the statement that makes it, except in a file so large that only
//! its sum is looked at.
//!
//! Source: reference lint.md §3 (the loader), §7 (FixChange), §8 (`nolint`).

mod recreate;
mod rename;

use std::sync::Arc;

use schema::{Change, Realm, SmolStr};
use syntax::sql::{File, Piece, PieceKind, Placed};
use text::{Diagnostic, TextRange, TextSize};

use super::{Config, Input, Place, Prechecks, Report, Source, Spans, Statements, Stmt, edit};
use crate::connection::Capabilities;
use crate::diff::Policy;
use crate::{Dialect, Error, diff};

/// A file to be judged.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    pub sql: &'a File,
    pub config: &'a Config,
    /// The newest one's abilities where it is not known.
    pub server: Option<&'a Capabilities>,
    /// Whether files run in a transaction that do not say otherwise.
    pub in_transaction: bool,
    /// The checks before it; `None` where it can have none.
    pub checks: Option<&'a Prechecks>,
}

/// A judged file.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    pub report: Report,
    /// Where the statements stand; findings name them by their place in this list.
    pub statements: Vec<TextRange>,
    /// The changes the file makes, in order.
    pub changes: Vec<Change>,
    /// The statement that makes each change; empty where only the sum of a large file was looked at.
    pub made_by: Vec<usize>,
    /// The statements nobody understood: what they change is not judged.
    pub opaque: Vec<usize>,
    /// How many statements before this file nobody understood: what they made is not known here.
    pub opaque_before: u32,
    /// A `nolint` for the whole file: it is not judged at all.
    pub is_skipped: bool,
}

/// How many statements are looked at one by one; of a larger file only the sum.
pub const MOST: usize = 2000;

/// Judges a file by its states: `state` gives the one after the first so many [`statements`], and is asked in order.
///
/// # Errors
/// What `state` says; states that cannot be compared.
pub fn lint_states(
    subject: &Subject<'_>,
    dialect: &'static Dialect,
    state: &mut dyn FnMut(usize) -> Result<Arc<Realm>, Error>,
    cache: &mut diff::Cache,
) -> Result<Judged, Error> {
    let whole = rules(subject.sql.directives().iter());
    if whole.iter().any(SmolStr::is_empty) {
        return Ok(Judged { is_skipped: true, ..Judged::default() });
    }
    let pieces: Vec<&Placed> = statements(subject.sql).collect();
    let single = pieces.len() <= MOST;
    let mut list = Statements {
        in_transaction: in_transaction(subject),
        start: start(subject.sql),
        has_directives: !subject.sql.directives().is_empty(),
        has_delimiter: subject.sql.directives().iter().any(|directive| directive.name == "delimiter"),
        checks: subject.checks.cloned(),
        ..Statements::default()
    };
    let from = state(0)?;
    let mut changes: Vec<Change> = Vec::new();
    let mut to = from.clone();
    for (at, placed) in pieces.iter().enumerate() {
        let first = changes.len();
        if single && may_change(&placed.piece) {
            let next = state(at + 1)?;
            let made = diff::diff_cached(&to, &next, dialect, &Policy::default(), cache)?;
            changes.extend(rename::fold(made, &placed.piece, (&to, &next), dialect)?);
            to = next;
        }
        let mut nolint = whole.clone();
        nolint.extend(rules(placed.piece.directives()));
        list.list.push(Stmt {
            piece: placed.piece.clone(),
            offset: placed.start,
            changes: (first, changes.len()),
            nolint,
        });
    }
    if single {
        recreate::fold(&mut changes, &mut list, dialect)?;
    } else {
        to = state(pieces.len())?;
        changes = diff::diff(&from, &to, dialect, &Policy::default())?;
    }
    let assumed = subject.server.is_none().then(dialect.assumed).unwrap_or_default();
    let spans = Spans::of(&changes);
    let input = Input {
        from: &from,
        to: &to,
        changes: &changes,
        source: Source::File(&list),
        config: subject.config,
        spans: &spans,
        server: subject.server.unwrap_or(&assumed),
        dialect,
        format_type: dialect.format_type,
    };
    let mut report = super::judge(&input);
    silence(&mut report, &list, &whole, subject.config);
    offer_silence(&mut report, &list);
    let statements = list.list.iter().map(Stmt::range).collect();
    let made_by = list.list.iter().enumerate();
    let made_by = made_by.flat_map(|(at, stmt)| std::iter::repeat_n(at, stmt.changes.1 - stmt.changes.0));
    let made_by = if single { made_by.collect() } else { Vec::new() };
    Ok(Judged { report, statements, changes, made_by, ..Judged::default() })
}

/// What the statement of `piece` changes, told by what there is before and after it and by its words.
///
/// # Errors
/// States that cannot be compared.
pub fn changes_of(
    before: &Realm,
    after: &Realm,
    piece: &Piece,
    dialect: &'static Dialect,
) -> Result<Vec<Change>, Error> {
    let changes = diff::diff(before, after, dialect, &Policy::default())?;
    rename::fold(changes, piece, (before, after), dialect)
}

/// The statements of a file, in order.
pub fn statements(file: &File) -> impl Iterator<Item = &Placed> {
    file.pieces()
        .iter()
        .filter(|placed| !matches!(placed.piece.kind(), PieceKind::Empty | PieceKind::Directive))
}

impl Judged {
    /// The findings at their places in the file, with their fixes.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let found = self.report.findings().map(|finding| {
            let range = finding.statement.and_then(|at| self.statements.get(at)).copied();
            let range = range.unwrap_or(TextRange::empty(TextSize::new(0)));
            let mut diagnostic =
                Diagnostic::new(range, finding.severity, finding.code, finding.message.clone());
            diagnostic.fixes.clone_from(&finding.edits);
            diagnostic
        });
        found.collect()
    }
}

/// Whether a statement may change a schema.
pub fn may_change(piece: &Piece) -> bool {
    !matches!(piece.kind(), PieceKind::Query | PieceKind::Dml | PieceKind::Pragma | PieceKind::Transaction)
}

fn start(file: &File) -> TextSize {
    let head = file.pieces().first().map_or("", |placed| placed.piece.text());
    if head.starts_with('\u{feff}') { TextSize::new(3) } else { TextSize::new(0) }
}

/// `-- atlas:txmode none` must be there exactly once to count.
fn in_transaction(subject: &Subject<'_>) -> bool {
    let mut modes = subject.sql.directives().iter().filter(|directive| directive.name == "txmode");
    match (modes.next(), modes.next()) {
        (Some(mode), None) => mode.args != "none",
        _ => subject.in_transaction,
    }
}

/// What the `nolint` directives name; `""` for one that names nothing.
fn rules<'a>(directives: impl Iterator<Item = &'a syntax::sql::Directive>) -> Vec<SmolStr> {
    let lists = directives.filter(|directive| directive.name == "nolint").map(|directive| &directive.args);
    lists
        .flat_map(|args| {
            let mut names: Vec<SmolStr> = args.split_whitespace().map(SmolStr::from).collect();
            if names.is_empty() {
                names.push(SmolStr::default());
            }
            names
        })
        .collect()
}

/// Takes out what directives say not to report.
fn silence(report: &mut Report, statements: &Statements, whole: &[SmolStr], config: &Config) {
    for group in &mut report.groups {
        let analyzer = group.analyzer;
        group.findings.retain(|finding| {
            let rules = finding.statement.and_then(|at| statements.list.get(at));
            let rules = rules.map_or(whole, |statement| &statement.nolint);
            let silent = rules.iter().any(|rule| rule.is_empty() || rule == finding.code || rule == analyzer);
            !silent || config.is_forced(analyzer, finding.code)
        });
    }
    report.groups.retain(|group| !group.findings.is_empty());
}

/// Every finding can be left unreported.
fn offer_silence(report: &mut Report, statements: &Statements) {
    for finding in report.groups.iter_mut().flat_map(|group| &mut group.findings) {
        let place = finding.statement.map_or(Place::Start, Place::Statement);
        finding.edits.push(edit::nolint(statements, place, finding.code));
    }
}
