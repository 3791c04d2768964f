//! A state of a schema as some source describes it: HCL files, SQL files, a database.
//!
//! Not how it was made: see `decode`, `replay` and `inspect`. Invariant: the realm is complete as far as the text
//! could be read; every part that could not be read has a diagnostic, or is counted in [`Coverage`].

use std::fmt;
use std::sync::Arc;

use schema::Realm;
use text::{Diagnostic, FileId, Text, TextRange};

use crate::origin::Origins;

/// A realm with where it comes from and what was found on the way.
#[derive(Clone, Debug, Default)]
pub struct State {
    pub realm: Arc<Realm>,
    pub origins: Origins,
    /// In the order of files, then of places.
    pub diagnostics: Vec<(FileId, Diagnostic)>,
    pub coverage: Coverage,
    /// What the command line says when it needs this state and cannot have it: the first error, in Atlas's words.
    pub failure: Option<Failure>,
    /// Whether some of it is written in HCL, which cannot say all a dialect has: see
    /// [`crate::diff::Policy::keep_unsaid`].
    pub hcl: bool,
}

/// How much of each file was understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Coverage {
    pub files: Vec<(FileId, Counts)>,
}

/// Statements of a SQL file, or blocks of an HCL file, by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Understood in full: what it defines is in the realm.
    pub analysed: u32,
    /// Not understood, and not held against the user: the realm lacks what it defines.
    pub opaque: u32,
    /// Left out on purpose: queries, rows, transactions, other dialects.
    pub skipped: u32,
}

/// Why a state cannot be had, as Atlas says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// `schema.hcl:4,12-15: Unknown column.type; There is no type named "flot".`
    At { file: FileId, range: TextRange, summary: String, detail: String },
    /// A sentence without a place: `missing value for required variable "x"`.
    Text(String),
}

impl State {
    /// Several states as one: the objects of schemas of one name come together, the first failure stays.
    ///
    /// For a schema put together from parts that do not refer to each other.
    pub fn merge(states: impl IntoIterator<Item = State>) -> State {
        let mut merged = State::default();
        let mut realm = Realm::default();
        let mut origins = Vec::new();
        for state in states {
            for schema in &state.realm.schemas {
                match realm.schema_mut(&schema.name) {
                    Some(known) => {
                        known.tables.extend(schema.tables.iter().cloned());
                        known.views.extend(schema.views.iter().cloned());
                        known.routines.extend(schema.routines.iter().cloned());
                        known.triggers.extend(schema.triggers.iter().cloned());
                        known.objects.extend(schema.objects.iter().cloned());
                    }
                    None => realm.schemas.push(schema.clone()),
                }
            }
            origins.push(state.origins);
            merged.diagnostics.extend(state.diagnostics);
            merged.coverage.files.extend(state.coverage.files);
            merged.failure = merged.failure.or(state.failure);
            merged.hcl |= state.hcl;
        }
        merged.realm = Arc::new(realm);
        merged.origins = Origins::merge(origins);
        merged
    }

    /// Whether some diagnostic is an error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|(_, diagnostic)| diagnostic.severity == text::Severity::Error)
    }

    /// The diagnostics of `file`.
    pub fn diagnostics_of(&self, file: FileId) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics.iter().filter(move |(of, _)| *of == file).map(|(_, diagnostic)| diagnostic)
    }
}

impl Counts {
    /// All of them.
    pub fn total(self) -> u32 {
        self.analysed + self.opaque + self.skipped
    }
}

impl std::ops::AddAssign for Counts {
    fn add_assign(&mut self, other: Counts) {
        self.analysed += other.analysed;
        self.opaque += other.opaque;
        self.skipped += other.skipped;
    }
}

impl Coverage {
    /// The sum over all files.
    pub fn total(&self) -> Counts {
        let mut sum = Counts::default();
        for (_, counts) in &self.files {
            sum += *counts;
        }
        sum
    }
}

impl Failure {
    /// The sentence, with `name` as the file's name and `text` as its text.
    ///
    /// Lines and columns count from one, columns in characters, and the end column is the one behind the range.
    /// A range over several lines is `1,5-3,2`.
    ///
    /// Source: hashicorp/hcl v2, `Diagnostic.Error` and `Range.String`.
    pub fn display(&self, source: impl FnOnce(FileId) -> Option<(String, Text)>) -> String {
        match self {
            Failure::Text(text) => text.clone(),
            Failure::At { file, range, summary, detail } => {
                let place = source(*file).map(|(name, text)| format!("{name}:{}: ", Lines(&text, *range)));
                let separator = if detail.is_empty() { "" } else { "; " };
                format!("{}{summary}{separator}{detail}", place.unwrap_or_default())
            }
        }
    }
}

/// A range as hashicorp/hcl prints it.
struct Lines<'a>(&'a Text, TextRange);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = self.0.position(self.1.start(), text::Encoding::Utf32);
        let end = self.0.position(self.1.end(), text::Encoding::Utf32);
        write!(f, "{},{}-", start.line + 1, start.character + 1)?;
        if start.line != end.line {
            write!(f, "{},", end.line + 1)?;
        }
        write!(f, "{}", end.character + 1)
    }
}
