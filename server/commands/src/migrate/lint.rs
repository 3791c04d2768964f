//! `migrate lint`: what may go wrong when the newest files of a directory are executed.
//!
//! The files are replayed, on a dev database or, where none is given, from their text alone; each new one is judged
//! statement by statement. What the run did is told in steps. Invariants: a directory whose sum is wrong is not
//! replayed; a file that cannot be replayed ends the run with a report, not with an error; what nobody understood is
//! counted in the report.
//!
//! Source: reference/lint.md sections 1 to 3, 10 and 11.

mod page;
mod replay;
mod text;

use std::sync::Arc;
use std::time::Duration;

use ::text::Severity;
use engine::lint::Config;
use engine::lint::file::Judged;
use engine::migrate::order::{Base, Departure, departures};
use engine::migrate::{Checksum, Directory, Migration};
use engine::{DatabaseUrl, Dialect};
use schema::Realm;

pub use self::page::page;
pub use self::text::{Paint, text, wrapped};
use crate::Error;
use crate::world::World;

/// What is linted, and how.
#[derive(Clone, Debug)]
pub struct Args {
    pub directory: Directory,
    /// The path of the directory as the user wrote it.
    pub shown: String,
    pub since: Since,
    /// What others may have executed, where that is known.
    pub base: Option<Base>,
    pub linear: Linear,
    pub config: Arc<Config>,
    pub dialect: &'static Dialect,
    /// Without one nothing is executed: the statements are understood from their text.
    pub dev: Option<DatabaseUrl>,
}

/// What is to be made of changes that are no additions at the end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Linear {
    /// They fail the run.
    pub error: bool,
    pub on_edit: OnEdit,
}

/// What is to be made of edited files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnEdit {
    /// As of other such changes.
    #[default]
    Warn,
    Ignore,
    Error,
}

/// Which files are new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Since {
    /// The last so many.
    Latest(usize),
    /// The first of these names, and what follows it.
    Added(Vec<String>),
}

/// What a run found.
#[derive(Clone, Debug)]
pub struct Report {
    pub dialect: &'static Dialect,
    pub dev: Option<DatabaseUrl>,
    /// The schema the dev database is bound to.
    pub bound: Option<String>,
    pub dir: String,
    /// Before the new files and after them, in HCL.
    pub current: String,
    pub desired: String,
    pub steps: Vec<Step>,
    pub files: Vec<FileReport>,
    /// The version of the last file that is not new, and of the last one.
    pub from_version: String,
    pub to_version: String,
    /// How many files are new.
    pub total_files: usize,
    /// When it began, in milliseconds since 1970, and how long it took.
    pub started: u64,
    pub took: Duration,
}

/// A part of the run.
#[derive(Clone, Debug, Default)]
pub struct Step {
    pub name: String,
    pub text: String,
    pub error: String,
    /// The file it is about, by its place in [`Report::files`].
    pub result: Option<usize>,
    /// What was found that is not about the content of one file.
    pub groups: Vec<Group>,
}

/// What was found in a file.
#[derive(Clone, Debug, Default)]
pub struct FileReport {
    pub name: String,
    pub version: String,
    pub description: String,
    /// Its content.
    pub text: String,
    pub groups: Vec<Group>,
    /// Why the run fails because of it; empty when it does not.
    pub error: String,
    /// How many changes it makes.
    pub changes: usize,
    /// Whether it was judged; not when the run failed at it.
    pub is_judged: bool,
    /// How many of its statements, and of those before, nobody understood: what they change is not judged.
    pub opaque: usize,
    pub opaque_before: usize,
    pub took: Duration,
}

/// The findings of one analyzer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub analyzer: &'static str,
    pub heading: &'static str,
    pub diagnostics: Vec<Diagnostic>,
}

/// A finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where its statement starts, in bytes of the file.
    pub pos: usize,
    pub text: String,
    pub code: &'static str,
    pub is_error: bool,
    pub fixes: Vec<Fix>,
}

/// Advice, and the edit that follows it where there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    pub message: String,
    pub edit: Option<LineEdit>,
}

/// Whole lines that are replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineEdit {
    /// The first and the last of them, from 1.
    pub line: usize,
    pub end: usize,
    pub text: String,
}

const INTEGRITY: &str = "Migration Integrity Check";
const DETECT: &str = "Detect New Migration Files";
const REPLAY: &str = "Replay Migration Files";

/// Why the replay stopped.
enum Stop {
    /// At a file: the report says so.
    File {
        name: String,
        error: String,
    },
    Run(Error),
}

/// What a replay made of the new files.
struct Replayed {
    /// By place in the directory, in its order.
    pub judged: Vec<(usize, Judged, Duration)>,
    /// Before the new files and after them.
    pub from: Arc<Realm>,
    pub to: Arc<Realm>,
    pub bound: Option<String>,
}

impl From<Error> for Stop {
    fn from(error: Error) -> Self {
        Stop::Run(error)
    }
}

/// Lints the new files of a directory. `clock` is the time since some moment.
///
/// # Errors
/// A dev database that cannot be used. What is wrong with a file is in the report.
pub async fn lint(
    world: &dyn World,
    args: &Args,
    clock: &(dyn Fn() -> Duration + Send + Sync),
) -> Result<Report, Error> {
    let began = clock();
    let mut report = Report {
        dialect: args.dialect,
        dev: args.dev.clone(),
        bound: None,
        dir: args.shown.clone(),
        current: String::new(),
        desired: String::new(),
        steps: Vec::new(),
        files: Vec::new(),
        from_version: String::new(),
        to_version: String::new(),
        total_files: 0,
        started: world.now(),
        took: Duration::ZERO,
    };
    let run = steps(world, args, clock, &mut report).await;
    report.took = clock().saturating_sub(began);
    match run {
        Ok(()) | Err(Stop::File { .. }) => Ok(report),
        Err(Stop::Run(error)) => Err(error),
    }
}

async fn steps(
    world: &dyn World,
    args: &Args,
    clock: &(dyn Fn() -> Duration + Send + Sync),
    report: &mut Report,
) -> Result<(), Stop> {
    let directory = &args.directory;
    if directory.sum.is_some() {
        if let Err(checksum) = directory.validate() {
            let error = mismatch(&checksum);
            report.fail(engine::migrate::sum::FILE, &error);
            report.step_failed(INTEGRITY, "File atlas.sum is invalid", &error);
            return Ok(());
        }
        report.step(INTEGRITY, "File atlas.sum is valid".to_owned());
    }
    let migrations = directory.migrations();
    let first = args.since.first(&migrations);
    let version = |at: Option<usize>| at.and_then(|at| migrations.get(at)).map(|file| file.version.clone());
    report.from_version = version(first.checked_sub(1)).unwrap_or_default();
    report.to_version =
        version(migrations.len().checked_sub(1)).filter(|_| first < migrations.len()).unwrap_or_default();
    report.total_files = migrations.len() - first;
    let (new, total) = (report.total_files, migrations.len());
    report.step(DETECT, format!("Found {new} new migration files (from {total} total)"));
    report.steps.extend(args.base.as_ref().and_then(|base| linear(&migrations, base, args.linear)));
    let replayed = match &args.dev {
        Some(dev) => replay::on_dev(world, args, dev, first, clock).await,
        None => replay::offline(args, first, clock),
    };
    let replayed = match replayed {
        Ok(replayed) => replayed,
        Err(Stop::File { name, error }) => {
            report.fail(&name, &error);
            report.step_failed(REPLAY, "Failed loading changes on dev database", &error);
            return Err(Stop::File { name, error });
        }
        Err(stop) => return Err(stop),
    };
    let loaded = replayed.judged.len();
    report.step(
        REPLAY,
        match &args.dev {
            Some(_) => format!("Loaded {loaded} changes on dev database"),
            None => format!("Loaded {loaded} changes without a dev database"),
        },
    );
    report.bound = replayed.bound;
    report.current = engine::encode::encode(&replayed.from, args.dialect).unwrap_or_default();
    report.desired = engine::encode::encode(&replayed.to, args.dialect).unwrap_or_default();
    for (at, judged, took) in replayed.judged {
        let Some((migration, (_, text))) = migrations.get(at).zip(directory.files.get(at)) else { continue };
        if judged.is_skipped {
            continue;
        }
        let file = FileReport::new(migration, text, &judged, took);
        let count = file.groups.len();
        report.steps.push(Step {
            name: format!("Analyze {}", file.name),
            text: format!("{count} reports were found in analysis"),
            error: String::new(),
            result: Some(report.files.len()),
            groups: Vec::new(),
        });
        report.files.push(file);
    }
    Ok(())
}

/// What is no addition at the end of the directory.
fn linear(migrations: &[Migration], base: &Base, how: Linear) -> Option<Step> {
    let mut found = departures(migrations, base);
    if how.on_edit == OnEdit::Ignore {
        found.retain(|it| !matches!(it, Departure::Edited { .. }));
    }
    let count = match found.len() {
        0 => return None,
        1 => "1 non-additive change".to_owned(),
        many => format!("{many} non-additive changes"),
    };
    let fails = |it: &Departure| {
        how.error || (how.on_edit == OnEdit::Error && matches!(it, Departure::Edited { .. }))
    };
    let error = if found.iter().any(fails) { format!("{count} detected") } else { String::new() };
    let diagnostics = found.iter().map(|it| {
        let file = it.file();
        let (text, fix) = match it {
            Departure::Added { before, .. } => (
                format!(
                    "File {file} was added out of order: it comes before {before}, which is in {} already",
                    base.said
                ),
                Some(format!("Move it behind the others: atlas migrate rebase {file}")),
            ),
            Departure::Edited { .. } => (
                format!("File {file} was edited, but it is in {} already. Databases that executed it stay as they are", base.said),
                Some("Undo the edit, and make the change in a new file".to_owned()),
            ),
            Departure::Removed { .. } => (
                format!("File {file} is missing or has been removed. Changes that have already been applied will not be reverted"),
                None,
            ),
        };
        let fixes = fix.into_iter().map(|message| Fix { message, edit: None }).collect();
        Diagnostic { pos: 0, text, code: "", is_error: fails(it), fixes }
    });
    Some(Step {
        name: format!("Detected {count}"),
        text: "Pulling the latest git changes might fix this warning".to_owned(),
        error,
        result: None,
        groups: vec![Group {
            analyzer: "non_linear",
            heading: "changes that are not at the end of the directory",
            diagnostics: diagnostics.collect(),
        }],
    })
}

/// `checksum mismatch (atlas.sum): L2: 1.sql was edited`.
fn mismatch(checksum: &Checksum) -> String {
    match checksum {
        Checksum::Mismatch(Some(at)) => {
            format!("{} (atlas.sum): L{}: {} was {}", checksum.text(), at.line, at.file, at.reason.word())
        }
        _ => checksum.text().to_owned(),
    }
}

impl Since {
    /// The place of the first new file; the number of files when none is.
    fn first(&self, files: &[Migration]) -> usize {
        match self {
            Since::Latest(count) => files.len().saturating_sub(*count),
            Since::Added(names) => {
                // Git's paths may lead through folders that the format does not count.
                let base = |name: &str| name.rsplit('/').next().unwrap_or(name).to_owned();
                let is_new = |file: &Migration| names.contains(&base(&file.name));
                files.iter().position(is_new).unwrap_or(files.len())
            }
        }
    }
}

impl Report {
    /// Whether the run fails. The report has said why.
    pub fn has_failed(&self) -> bool {
        self.files.iter().any(|file| !file.error.is_empty())
            || self.steps.iter().any(|step| !step.error.is_empty())
    }

    pub fn diagnostics(&self) -> usize {
        let groups = self.files.iter().flat_map(|file| &file.groups);
        groups
            .chain(self.steps.iter().flat_map(|step| &step.groups))
            .map(|group| group.diagnostics.len())
            .sum()
    }

    pub fn changes(&self) -> usize {
        self.files.iter().map(|file| file.changes).sum()
    }

    /// `1 version ok, 2 with warnings, 1 with errors`.
    pub fn statuses(&self) -> String {
        statuses(&self.files)
    }

    fn step(&mut self, name: &str, text: String) {
        self.steps.push(Step { name: name.to_owned(), text, ..Step::default() });
    }

    fn step_failed(&mut self, name: &str, text: &str, error: &str) {
        let error = error.to_owned();
        self.steps.push(Step { name: name.to_owned(), text: text.to_owned(), error, ..Step::default() });
    }

    /// A file that could not be judged.
    fn fail(&mut self, name: &str, error: &str) {
        let (name, error) = (name.to_owned(), error.to_owned());
        self.files.push(FileReport { name, error, ..FileReport::default() });
    }
}

fn statuses(files: &[FileReport]) -> String {
    let mut counts = [0_usize; 3];
    for file in files {
        let kind = match (file.error.is_empty(), file.groups.is_empty()) {
            (false, _) => 2,
            (true, false) => 1,
            (true, true) => 0,
        };
        counts[kind] += 1;
    }
    let mut out = String::new();
    for (count, what) in counts.into_iter().zip(["ok", "with warnings", "with errors"]) {
        match (count, out.is_empty()) {
            (0, _) => {}
            (1, true) => out.push_str(&format!("1 version {what}")),
            (count, true) => out.push_str(&format!("{count} versions {what}")),
            (count, false) => out.push_str(&format!(", {count} {what}")),
        }
    }
    out
}

impl FileReport {
    fn new(migration: &Migration, text: &str, judged: &Judged, took: Duration) -> Self {
        let groups = judged.report.groups.iter().map(|group| {
            let diagnostics = group.findings.iter().map(|finding| {
                let place = finding.statement.and_then(|at| judged.statements.get(at));
                let pos = place.map_or(0, |range| usize::from(range.start()));
                let edit = finding.edits.first().filter(|fix| !engine::lint::edit::is_nolint(fix));
                let edit = edit.map(|fix| LineEdit::of(text, fix));
                let fix = |(at, message): (usize, &String)| {
                    let edit = edit.clone().filter(|_| at == 0);
                    Fix { message: message.clone(), edit }
                };
                Diagnostic {
                    pos,
                    text: finding.message.clone(),
                    code: finding.code,
                    is_error: finding.severity == Severity::Error,
                    fixes: finding.fixes.iter().enumerate().map(fix).collect(),
                }
            });
            Group { analyzer: group.analyzer, heading: group.heading, diagnostics: diagnostics.collect() }
        });
        Self {
            name: migration.name.clone(),
            version: migration.version.clone(),
            description: migration.description.clone(),
            text: text.to_owned(),
            groups: groups.collect(),
            error: judged.report.error().unwrap_or_default(),
            changes: judged.changes.len(),
            is_judged: true,
            opaque: judged.opaque.len(),
            opaque_before: judged.opaque_before as usize,
            took,
        }
    }

    /// The line of a place, from 1.
    pub fn line(&self, pos: usize) -> usize {
        1 + self.text.as_bytes().iter().take(pos).filter(|byte| **byte == b'\n').count()
    }

    /// All advice, in the order of the findings.
    pub fn fixes(&self) -> impl Iterator<Item = &Fix> {
        let diagnostics = self.groups.iter().flat_map(|group| &group.diagnostics);
        diagnostics.flat_map(|diagnostic| &diagnostic.fixes).filter(|fix| !fix.message.is_empty())
    }
}

impl LineEdit {
    /// The lines of `text` that the edits touch, and what they become.
    fn of(text: &str, fix: &::text::Fix) -> Self {
        let after = ::text::apply_edits(text, &fix.edits);
        let same = |a: &str, b: &str| a == b;
        let (old, new): (Vec<&str>, Vec<&str>) = (text.split('\n').collect(), after.split('\n').collect());
        let head = old.iter().zip(&new).take_while(|(a, b)| same(a, b)).count();
        let most = old.len().min(new.len()) - head;
        let tail = old.iter().rev().zip(new.iter().rev()).take(most).take_while(|(a, b)| same(a, b)).count();
        // Some line must be replaced, by some line: what is only added, or removed, takes its neighbour with it.
        let (head, tail) = match head + tail < old.len().min(new.len()) {
            true => (head, tail),
            false if tail > 0 => (head, tail - 1),
            false => (head.saturating_sub(1), tail),
        };
        let lines = new.get(head..new.len() - tail).unwrap_or_default();
        Self { line: head + 1, end: old.len() - tail, text: lines.join("\n") }
    }
}

#[cfg(test)]
mod tests {
    use ::text::{TextEdit, TextRange, TextSize};

    use super::*;

    /// The text after its lines were replaced.
    fn replaced(text: &str, edit: &LineEdit) -> String {
        let mut lines: Vec<&str> = text.split('\n').collect();
        lines.splice(edit.line - 1..edit.end, edit.text.split('\n'));
        lines.join("\n")
    }

    #[test]
    fn an_edit_of_lines_does_what_the_edit_does() {
        let text = "a\nb\nc\n";
        for (start, end, insert) in
            [(0, 0, "x\n"), (2, 2, "x\ny\n"), (2, 4, ""), (6, 6, "x"), (2, 3, "x"), (0, 6, ""), (4, 4, "b\n")]
        {
            let range = TextRange::new(TextSize::new(start), TextSize::new(end));
            let edits = [TextEdit { range, insert: insert.to_owned() }];
            let fix = engine::lint::edit::fix("", edits.clone());
            let expected = ::text::apply_edits(text, &edits);
            assert_eq!(replaced(text, &LineEdit::of(text, &fix)), expected, "{edits:?}");
        }
    }

    #[test]
    fn versions_are_counted_by_what_was_found() {
        let file = |error: &str, found: bool| FileReport {
            error: error.to_owned(),
            groups: found
                .then(|| Group { analyzer: "a", heading: "h", diagnostics: Vec::new() })
                .into_iter()
                .collect(),
            ..FileReport::default()
        };
        assert_eq!(
            super::statuses(&[file("", false), file("", true), file("", true), file("e", true)]),
            "1 version ok, 2 with warnings, 1 with errors"
        );
        assert_eq!(super::statuses(&[file("e", true), file("e", false)]), "2 versions with errors");
        assert_eq!(super::statuses(&[file("", false), file("", false)]), "2 versions ok");
    }
}
