//! The text of a plan, as the read-only document shows it and `atlas.plan` returns it.

use std::fmt::Write;

use ::text::{Diagnostic, FileRange, TextRange, TextSize};
use engine::lint::Finding;

use super::{LivePlan, PlanState, Ready};
use crate::Snapshot;
use crate::want::{Reach, Want};

/// A rendered plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlanText {
    pub text: String,
    pub lines: Vec<Line>,
    /// The lint findings, at their statements.
    pub diagnostics: Vec<Diagnostic>,
}

/// Where a statement of the plan is in the text, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub statement: usize,
    /// The SQL, without its comments.
    pub range: TextRange,
    /// The comment that names the source, for a link.
    pub link: Option<TextRange>,
    pub source: Option<FileRange>,
}

impl LivePlan {
    /// The plan as SQL with comments. `now`, in milliseconds since 1970, makes the age of the known state.
    pub fn text(&self, snapshot: &Snapshot, now: Option<u64>) -> PlanText {
        let mut out = PlanText::default();
        self.head(&mut out.text, snapshot, now);
        if let PlanState::Ready(ready) = &self.state {
            self.statements(&mut out, snapshot, ready);
        }
        out
    }

    fn head(&self, text: &mut String, snapshot: &Snapshot, now: Option<u64>) {
        let _ = writeln!(text, "-- Plan of env {:?}", self.env.as_str());
        if let Some(target) = &self.target {
            let _ = write!(text, "-- Target: {}", target.url);
            let known = self.ready().and_then(|ready| snapshot.fact(&ready.known));
            let age = known.zip(now).map(|(fact, now)| age(now.saturating_sub(fact.time)));
            let _ = match age {
                _ if self.ready().is_some_and(|ready| ready.absent) => {
                    writeln!(text, ", which does not exist yet: applying creates it")
                }
                Some(age) => writeln!(text, ", inspected {age}"),
                None => writeln!(text),
            };
        }
        let files: Vec<String> =
            self.desired.files.iter().filter_map(|id| self.name(snapshot, *id)).collect();
        match files.as_slice() {
            [] => {}
            few if few.len() <= 3 => {
                let _ = writeln!(text, "-- Desired state: {}", few.join(", "));
            }
            [first, ..] => {
                let _ = writeln!(text, "-- Desired state: {first} and {} more files", files.len() - 1);
            }
        }
        match &self.state {
            PlanState::Ready(ready) => {
                let findings = ready.report.findings().count();
                let _ = match (ready.plan.statements.len(), findings) {
                    (0, _) => writeln!(text, "-- Schema is synced, no changes to be made"),
                    (statements, 0) => writeln!(text, "-- {}", count(statements, "statement")),
                    (statements, findings) => {
                        writeln!(
                            text,
                            "-- {}, {}",
                            count(statements, "statement"),
                            count(findings, "finding")
                        )
                    }
                };
                if (0..ready.plan.statements.len()).any(|at| self.is_approximate(at)) {
                    let _ = writeln!(
                        text,
                        "-- ≈: the server may keep this in another form; a dev database would tell for sure."
                    );
                }
                if ready.incomplete {
                    let _ = writeln!(
                        text,
                        "-- The schema has errors: this is the plan of what could be read. It cannot be applied."
                    );
                }
            }
            PlanState::Missing(wants) => {
                let _ = writeln!(text, "-- There is no plan yet: something is not known.");
                for want in wants {
                    let _ = writeln!(text, "--   {want}: {}", how(want));
                }
            }
            PlanState::Failed(reason) => {
                let _ = writeln!(text, "-- There is no plan: {}", reason.replace('\n', " "));
            }
            PlanState::NotAnalysed(what) => {
                let _ = writeln!(text, "-- Not analysed: {}", what.replace('\n', " "));
            }
        }
    }

    fn statements(&self, out: &mut PlanText, snapshot: &Snapshot, ready: &Ready) {
        for (at, statement) in ready.plan.statements.iter().enumerate() {
            out.text.push('\n');
            if !statement.comment.is_empty() {
                let mut chars = statement.comment.chars();
                let first = chars.next().map(|first| first.to_ascii_uppercase());
                let _ = writeln!(
                    out.text,
                    "-- {}{}{}",
                    if self.is_approximate(at) { "≈ " } else { "" },
                    first.map(String::from).unwrap_or_default(),
                    chars.as_str()
                );
            }
            let source = self.source(at);
            let mut link = None;
            if let Some(place) = source {
                let line = snapshot.text(place.file).map_or(0, |text| text.line(place.range.start())) + 1;
                if let Some(name) = self.name(snapshot, place.file) {
                    let start = size(&out.text) + TextSize::of("-- from ");
                    let _ = write!(out.text, "-- from {name}:{line}");
                    link = Some(TextRange::new(start, size(&out.text)));
                    out.text.push('\n');
                }
            }
            let findings: Vec<&Finding> =
                ready.report.findings().filter(|finding| finding.statement == Some(at)).collect();
            for finding in &findings {
                let _ = writeln!(out.text, "-- {}: {}", finding.code, finding.message);
            }
            let start = size(&out.text);
            out.text.push_str(&statement.cmd);
            let range = TextRange::new(start, size(&out.text));
            out.text.push_str(";\n");
            out.lines.push(Line { statement: at, range, link, source });
            out.diagnostics.extend(findings.into_iter().map(|finding| {
                let first_line = statement.cmd.lines().next().unwrap_or_default();
                let range = TextRange::at(start, TextSize::of(first_line));
                Diagnostic::new(range, finding.severity, finding.code, finding.message.clone())
            }));
        }
    }

    /// A file's name as seen from the configuration.
    fn name(&self, snapshot: &Snapshot, id: ::text::FileId) -> Option<String> {
        let path = snapshot.path(id)?;
        let directory = self.config.parent()?;
        Some(path.below(&directory).unwrap_or(path.as_str()).to_owned())
    }
}

/// How a missing fact is come by.
fn how(want: &Want) -> &'static str {
    match (want.reach(), want) {
        (_, Want::Database(_)) => "inspect the target (command \"Atlas: Plan\" asks for it)",
        (Reach::World, _) => "allow this env to use it (setting \"atlas.facts\")",
        (Reach::Machine, _) => "trust this workspace",
        (Reach::Workspace, _) => "being read",
    }
}

/// `12 s ago`
fn age(milliseconds: u64) -> String {
    match milliseconds / 1000 {
        0..=1 => "a moment ago".to_owned(),
        seconds @ 2..=119 => format!("{seconds} s ago"),
        seconds @ 120..=7199 => format!("{} min ago", seconds / 60),
        seconds => format!("{} h ago", seconds / 3600),
    }
}

fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}

fn size(text: &str) -> TextSize {
    TextSize::of(text)
}
