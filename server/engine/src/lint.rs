//! What may go wrong when a plan is carried out.
//!
//! An analyzer looks at changes and, where they do not tell, at the words of the statements that make them; a dialect
//! lists its own ([`crate::Dialect::lint`]). What is judged is a plan ([`lint`]) or a file of statements
//! ([`file::lint`]). Each finding names the statement it is about and the object whose definition causes it, so that a
//! report, a plan and a schema can all show it at their place. Invariant: an object made and dropped by the same plan
//! is nobody's loss.
//!
//! Source: atlas `sql/sqlcheck` (June 2026); documented analyzers of atlasgo.io.

pub mod checks;
pub mod condrop;
mod config;
pub mod data_depend;
pub mod destructive;
pub mod edit;
pub mod file;
pub mod incompatible;
mod input;
pub mod naming;
pub mod nested_tx;
pub mod span;
pub mod words;

use schema::{Change, ObjectPath, Realm, SmolStr, Table};
use text::{Code, Fix, Severity};

use crate::connection::Capabilities;
use crate::plan::Plan;

pub use self::checks::{Claim, Prechecks, Proof};
pub use self::config::{Check, Config, Options, Pattern, Review};
pub use self::input::{Input, Source, Statement, Statements, Stmt};
pub use self::span::Spans;
pub use self::words::{Word, Words};

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
    /// For each code at least one: a dialect's, for they are SQL.
    pub examples: &'static [Example],
    pub run: fn(&Input<'_>, &mut Sink<'_>),
}

/// A code with its documentation.
#[derive(Debug)]
pub struct CodeDoc {
    pub code: Code,
    /// In a few words: `table was dropped`.
    pub title: &'static str,
    /// What it means, why it is bad, what to do instead; Markdown.
    pub doc: &'static str,
    pub remedy: Remedy,
}

/// What an editor can do about a finding, besides leaving it unreported, which is always offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    /// It edits the schema, the statement or the project: in words.
    Edit(&'static str),
    /// No edit can help: why.
    None(&'static str),
}

/// Two pairs of files: the second of one pair must be found, that of the other must not.
#[derive(Clone, Copy, Debug, Default)]
pub struct Example {
    pub code: Code,
    /// The statements that made what is there.
    pub from: &'static str,
    /// What must be found when it runs afterwards.
    pub bad: &'static str,
    /// What must not.
    pub good: &'static str,
    /// The pattern of the `naming` block it takes; empty for none.
    pub naming: &'static str,
    /// An ability the server must lack; empty when it does not matter.
    pub without: &'static str,
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
    /// The statement of the plan, or of the file, that does it; `None` for what is about all of it.
    pub statement: Option<usize>,
    /// What it is about: a dropped column, an added index.
    pub object: ObjectPath,
    /// Advice, in Atlas's words.
    pub fixes: Vec<String>,
    /// Edits of the judged file that would remove it; empty for a plan.
    pub edits: Vec<Fix>,
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

/// What a rule found.
#[derive(Clone, Debug)]
pub struct Found {
    pub code: Code,
    pub place: Place,
    pub object: ObjectPath,
    pub message: String,
    pub advice: Vec<String>,
    pub edits: Vec<Fix>,
    /// What a check before the file can prove, so that it cannot come true.
    pub claim: Option<(SmolStr, Claim)>,
}

/// Where it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At the statement of this change that is about the object.
    Change(usize),
    Statement(usize),
    /// At no statement: about all of them.
    Start,
}

/// Judges a plan. Without a known server it is taken to be the newest.
pub fn lint(
    from: &Realm,
    to: &Realm,
    changes: &[Change],
    plan: &Plan,
    config: &Config,
    dialect: &'static crate::Dialect,
    server: Option<&Capabilities>,
) -> Report {
    let spans = Spans::of(changes);
    let assumed = server.is_none().then(dialect.assumed).unwrap_or_default();
    let server = server.unwrap_or(&assumed);
    let format_type = dialect.format_type;
    let source = Source::Plan(plan);
    judge(&Input { from, to, changes, source, config, spans: &spans, server, dialect, format_type })
}

/// Runs every analyzer of the dialect.
pub(crate) fn judge(input: &Input<'_>) -> Report {
    let groups = input.dialect.lint.iter().copied().filter_map(|analyzer| {
        let mut sink = Sink { analyzer, input, findings: Vec::new() };
        (analyzer.run)(input, &mut sink);
        let findings = sink.findings;
        (!findings.is_empty()).then_some(Group {
            analyzer: analyzer.name,
            heading: analyzer.heading,
            findings,
        })
    });
    Report { groups: groups.collect() }
}

impl Found {
    /// A finding at the statement of change `change` that is about `object`.
    pub fn new(code: Code, change: usize, object: ObjectPath, message: impl Into<String>) -> Self {
        let place = Place::Change(change);
        let (advice, edits, claim) = (Vec::new(), Vec::new(), None);
        Self { code, place, object, message: message.into(), advice, edits, claim }
    }

    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    #[must_use]
    pub fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice.push(advice.into());
        self
    }

    /// As [`Found::unless`], where there is a proof at all.
    #[must_use]
    pub fn unless_some(self, table: &Table, proof: Option<Proof>) -> Self {
        match proof {
            Some(proof) => self.unless(table, proof),
            None => self,
        }
    }

    /// It cannot come true where `proof` holds of `table`.
    #[must_use]
    pub fn unless(mut self, table: &Table, proof: Proof) -> Self {
        let claim = Claim { schema: None, table: table.name.clone(), proof };
        self.claim = Some((table.schema.clone(), claim));
        self
    }

    #[must_use]
    pub fn edit(mut self, fix: Option<Fix>) -> Self {
        self.edits.extend(fix);
        self
    }
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
        self.add(Found { advice: fixes, ..Found::new(code, change, object, message) });
    }

    /// Takes down a finding, unless the user skips its code or a check before the file proves that it cannot come
    /// true.
    pub fn add(&mut self, found: Found) {
        let config = self.input.config;
        if config.is_skipped(found.code) {
            return;
        }
        let mut found = found;
        // A check runs before the file: what it speaks of must be there under this name.
        found.claim = found.claim.filter(|(schema, claim)| {
            let table = self.input.from.schema(schema).and_then(|schema| schema.table(&claim.table));
            table.is_some_and(|table| claim.proof.columns().iter().all(|name| table.column(name).is_some()))
        });
        if self.input.file().is_some_and(|file| file.has_delimiter) {
            found.edits.retain(|fix| fix.edits.iter().all(|edit| !edit.insert.contains(';')));
        }
        let forced = config.is_forced(self.analyzer.name, found.code);
        if let Some(checks) = self.input.file().and_then(|file| file.checks.as_ref()) {
            let queries = match &found.claim {
                Some((schema, claim)) => claim.queries(self.input.dialect, schema),
                None => Vec::new(),
            };
            let claim = found.claim.as_ref().map(|(_, claim)| claim);
            if !forced && checks.prove(found.code, claim, &queries) {
                return;
            }
            let fix = self.check(checks, &found);
            found.edits.extend(fix);
        }
        let fails = config.fails(self.analyzer, found.code);
        let statement = match found.place {
            Place::Change(change) => {
                self.input.statement_of(change, &found.object).map(|statement| statement.at)
            }
            Place::Statement(at) => Some(at),
            Place::Start => None,
        };
        self.findings.push(Finding {
            code: found.code,
            analyzer: self.analyzer.name,
            severity: if fails { Severity::Error } else { Severity::Warning },
            message: found.message,
            statement,
            object: found.object,
            fixes: found.advice,
            edits: found.edits,
        });
    }

    /// Adds the check that a finding asks for.
    fn check(&self, checks: &Prechecks, found: &Found) -> Option<Fix> {
        let (schema, claim) = found.claim.as_ref()?;
        let statement = match found.place {
            Place::Change(change) => self.input.statement_of(change, &found.object),
            Place::Statement(at) => self.input.statements().find(|statement| statement.at == at),
            Place::Start => None,
        };
        // A file that names no schemas may run on any.
        let named = !schema.is_empty() && statement.is_some_and(|statement| statement.mentions(schema));
        let claim = Claim { schema: named.then(|| schema.clone()), ..claim.clone() };
        let title = found.advice.first().cloned().unwrap_or_else(|| claim.title());
        let query = (self.input.dialect.check)(&claim);
        checks.add(&title, self.analyzer.name, found.code, &query)
    }

    /// The settings of this analyzer, if there are any.
    pub fn options(&self) -> Option<&Options> {
        self.input.config.of(self.analyzer.name)
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
