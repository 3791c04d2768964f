//! Judging a file of statements: a migration, or a script somebody wrote.
//!
//! Each statement is replayed on what the files before it made, and the difference is what it changes; renames are
//! told from its words. Nothing is executed. Invariant: every change belongs to the statement that makes it, except in
//! a first file so large that only its sum is looked at.
//!
//! Source: reference lint.md §3 (the loader), §7 (FixChange), §8 (`nolint`).

mod recreate;
mod rename;

use std::sync::Arc;

use schema::{Change, Realm, SmolStr};
use syntax::sql::{File, Piece, PieceKind, Placed};
use text::{Diagnostic, FileId, Text, TextRange, TextSize};

use super::{Config, Input, Place, Report, Source, Spans, Statements, Stmt, edit};
use crate::connection::Capabilities;
use crate::diff::Policy;
use crate::{Dialect, Error, diff, normalize, replay};

/// A file and what it runs after.
#[derive(Clone, Copy, Debug)]
pub struct Subject<'a> {
    /// The files that ran before, in order.
    pub before: &'a [(FileId, File)],
    pub file: FileId,
    pub sql: &'a File,
    pub config: &'a Config,
    /// The newest one's abilities where it is not known.
    pub server: Option<&'a Capabilities>,
    /// Whether files run in a transaction that do not say otherwise.
    pub in_transaction: bool,
}

/// What was worked out before. For one directory.
#[derive(Debug, Default)]
pub struct Cache {
    replay: replay::Cache,
    normalize: normalize::Cache,
    diff: diff::Cache,
}

/// A judged file.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    pub report: Report,
    /// Where the statements stand; findings name them by their place in this list.
    pub statements: Vec<TextRange>,
    /// The changes the file makes, in order.
    pub changes: Vec<Change>,
    /// A `nolint` for the whole file: it is not judged at all.
    pub is_skipped: bool,
}

/// How many statements of a first file are looked at one by one.
const MOST: usize = 400;

/// Judges a file.
///
/// # Errors
/// States that cannot be compared.
pub fn lint(subject: &Subject<'_>, dialect: &'static Dialect, cache: &mut Cache) -> Result<Judged, Error> {
    let whole = rules(subject.sql.directives().iter());
    if whole.iter().any(SmolStr::is_empty) {
        return Ok(Judged { is_skipped: true, ..Judged::default() });
    }
    let assumed = subject.server.is_none().then(dialect.assumed).unwrap_or_default();
    let server = subject.server.unwrap_or(&assumed);
    let mut steps = Steps { subject, dialect, server, cache };
    let from = steps.state(TextSize::new(0))?;
    let pieces: Vec<&Placed> =
        subject.sql.pieces().iter().filter(|placed| is_statement(&placed.piece)).collect();
    let single = pieces.len() <= MOST || !subject.before.is_empty();
    let mut statements = Statements {
        in_transaction: in_transaction(subject),
        start: start(subject.sql),
        has_directives: !subject.sql.directives().is_empty(),
        ..Statements::default()
    };
    let mut changes: Vec<Change> = Vec::new();
    let mut state = from.clone();
    for placed in pieces {
        let first = changes.len();
        if single && may_change(&placed.piece) {
            let next = steps.state(placed.range().end())?;
            changes.extend(steps.changes(&state, &next, &placed.piece)?);
            state = next;
        }
        let mut nolint = whole.clone();
        nolint.extend(rules(placed.piece.directives()));
        statements.list.push(Stmt {
            piece: placed.piece.clone(),
            offset: placed.start,
            changes: (first, changes.len()),
            nolint,
        });
    }
    let end = TextSize::of(subject.sql.text().slice(everything(subject.sql)).as_ref());
    let to = if single { state } else { steps.state(end)? };
    if single {
        recreate::fold(&mut changes, &mut statements, dialect)?;
    } else {
        changes = diff::diff(&from, &to, dialect, &Policy::default())?;
    }
    let spans = Spans::of(&changes);
    let input = Input {
        from: &from,
        to: &to,
        changes: &changes,
        source: Source::File(&statements),
        config: subject.config,
        spans: &spans,
        server,
        dialect,
        format_type: dialect.format_type,
    };
    let mut report = super::judge(&input);
    silence(&mut report, &statements, &whole, subject.config);
    let ranges = statements.list.iter().map(Stmt::range).collect();
    offer_silence(&mut report, &statements);
    Ok(Judged { report, statements: ranges, changes, is_skipped: false })
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

/// The states between the statements.
struct Steps<'a, 'b> {
    subject: &'a Subject<'b>,
    dialect: &'static Dialect,
    server: &'a Capabilities,
    cache: &'a mut Cache,
}

impl Steps<'_, '_> {
    /// The state after the files before and the statements of this one up to `end`.
    fn state(&mut self, end: TextSize) -> Result<Arc<Realm>, Error> {
        let mut files = self.subject.before.to_vec();
        let head = self.subject.sql.text().slice(TextRange::up_to(end)).into_owned();
        if !head.is_empty() {
            let grammar = self.subject.sql.grammar();
            let head = File::parse(&Text::from(head.as_str()), grammar, Some(self.subject.sql));
            files.push((self.subject.file, head));
        }
        let state = replay::replay(&files, self.dialect, &mut self.cache.replay);
        // What cannot be normalized is compared as it was written.
        match normalize::normalize(&state.realm, self.dialect, self.server, &mut self.cache.normalize) {
            Ok(normalized) => Ok(normalized.realm),
            Err(_) => Ok(state.realm),
        }
    }

    fn changes(&mut self, from: &Realm, to: &Realm, piece: &Piece) -> Result<Vec<Change>, Error> {
        let changes = diff::diff_cached(from, to, self.dialect, &Policy::default(), &mut self.cache.diff)?;
        Ok(rename::fold(changes, piece))
    }
}

fn is_statement(piece: &Piece) -> bool {
    !matches!(piece.kind(), PieceKind::Empty | PieceKind::Directive)
}

/// Whether a statement may change a schema.
fn may_change(piece: &Piece) -> bool {
    !matches!(piece.kind(), PieceKind::Query | PieceKind::Dml | PieceKind::Pragma | PieceKind::Transaction)
}

fn everything(file: &File) -> TextRange {
    let end = file.pieces().last().map_or(TextSize::new(0), |placed| placed.range().end());
    TextRange::up_to(end)
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
