//! What may go wrong when a plan is carried out.
//!
//! An analyzer looks at changes, never at SQL text; a dialect lists its own ([`crate::Dialect::lint`]). Each finding
//! names the statement it is about and the object whose definition causes it, so that a report, a plan and a schema
//! can all show it at their place. Invariant: an object made and dropped by the same plan is nobody's loss.
//!
//! Source: atlas `sql/sqlcheck` (June 2026); documented analyzers of atlasgo.io.

pub mod condrop;
mod config;
pub mod data_depend;
pub mod destructive;
pub mod incompatible;
pub mod naming;
mod span;

use schema::{Change, ObjectPath, Realm};
use text::{Code, Severity};

use crate::plan::Plan;

pub use self::config::{Check, Config, Options, Pattern, Review};
pub use self::span::Spans;

/// A family of findings with one name, one heading and one switch.
#[derive(Debug)]
pub struct Analyzer {
    /// As in `lint { <name> {} }` and `nolint`.
    pub name: &'static str,
    /// The heading of its findings: `destructive changes detected`.
    pub heading: &'static str,
    /// Whether a finding fails the run unless the user says otherwise.
    pub error: bool,
    pub doc: &'static str,
    pub codes: &'static [CodeDoc],
    pub run: fn(&Input<'_>, &mut Sink<'_>),
}

/// A code with its documentation, an example that must be found and one that must not.
#[derive(Debug)]
pub struct CodeDoc {
    pub code: Code,
    /// In a few words: `table was dropped`.
    pub title: &'static str,
    /// What it means, why it is bad, what to do instead; Markdown.
    pub doc: &'static str,
}

/// What is judged.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    pub from: &'a Realm,
    pub to: &'a Realm,
    pub changes: &'a [Change],
    pub plan: &'a Plan,
    pub config: &'a Config,
    pub spans: &'a Spans,
    pub format_type: fn(&schema::ColumnType) -> String,
}

/// One thing that may go wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub code: Code,
    pub analyzer: &'static str,
    /// [`Severity::Error`] when it fails the run, else [`Severity::Warning`].
    pub severity: Severity,
    /// In Atlas's words, where it has some.
    pub message: String,
    /// The statement of the plan that does it; `None` for a plan without one.
    pub statement: Option<usize>,
    /// What it is about: a dropped column, an added index.
    pub object: ObjectPath,
    /// Advice, in Atlas's words.
    pub fixes: Vec<String>,
}

/// What all analyzers of a dialect found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// In the analyzers' order; only those that found something.
    pub groups: Vec<Group>,
}

/// The findings of one analyzer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub analyzer: &'static str,
    pub heading: &'static str,
    pub findings: Vec<Finding>,
}

/// Takes the findings of one analyzer.
#[derive(Debug)]
pub struct Sink<'a> {
    analyzer: &'static Analyzer,
    input: &'a Input<'a>,
    findings: Vec<Finding>,
}

/// Judges a plan.
pub fn lint(
    from: &Realm,
    to: &Realm,
    changes: &[Change],
    plan: &Plan,
    config: &Config,
    dialect: &crate::Dialect,
) -> Report {
    let spans = Spans::of(changes);
    let input = Input { from, to, changes, plan, config, spans: &spans, format_type: dialect.format_type };
    let groups = dialect.lint.iter().copied().filter_map(|analyzer| {
        let mut sink = Sink { analyzer, input: &input, findings: Vec::new() };
        (analyzer.run)(&input, &mut sink);
        let findings = sink.findings;
        (!findings.is_empty()).then_some(Group {
            analyzer: analyzer.name,
            heading: analyzer.heading,
            findings,
        })
    });
    Report { groups: groups.collect() }
}

impl Sink<'_> {
    /// Reports `code` at the statement of change `change` that is about `object`, unless the user skips the code.
    pub fn report(
        &mut self,
        code: Code,
        change: usize,
        object: ObjectPath,
        message: String,
        fixes: Vec<String>,
    ) {
        let config = self.input.config;
        if config.is_skipped(code) {
            return;
        }
        let fails = config.fails(self.analyzer, code);
        self.findings.push(Finding {
            code,
            analyzer: self.analyzer.name,
            severity: if fails { Severity::Error } else { Severity::Warning },
            message,
            statement: statement_of(self.input.plan, change, &object),
            object,
            fixes,
        });
    }
}

impl Report {
    /// Every finding, in order.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.groups.iter().flat_map(|group| &group.findings)
    }

    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Whether a finding fails the run.
    pub fn has_errors(&self) -> bool {
        self.findings().any(|finding| finding.severity == Severity::Error)
    }

    /// The headings of the analyzers that fail the run, as one sentence.
    pub fn error(&self) -> Option<String> {
        let failed = self
            .groups
            .iter()
            .filter(|group| group.findings.iter().any(|finding| finding.severity == Severity::Error));
        let text = failed.map(|group| group.heading).collect::<Vec<_>>().join("; ");
        (!text.is_empty()).then_some(text)
    }
}

/// The statement of `change` that is about `object`, else its first.
fn statement_of(plan: &Plan, change: usize, object: &ObjectPath) -> Option<usize> {
    let of_change = || plan.statements.iter().enumerate().filter(|(_, statement)| statement.change == change);
    let about = of_change().find(|(_, statement)| statement.objects.contains(object));
    about.or_else(|| of_change().next()).map(|(at, _)| at)
}

/// The documentation of `code` among `analyzers`.
pub fn find_code(
    analyzers: &'static [&'static Analyzer],
    code: &str,
) -> Option<(&'static Analyzer, &'static CodeDoc)> {
    analyzers
        .iter()
        .copied()
        .find_map(|analyzer| analyzer.codes.iter().find(|doc| doc.code == code).map(|doc| (analyzer, doc)))
}
