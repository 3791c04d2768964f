//! What a run did: every statement of every file that was begun ends as exactly one outcome.

use std::time::Duration;

use super::{Check, File, Plan};
use crate::Error;
use crate::apply::Outcome;
use crate::migrate::revision::Moment;

/// Tells the time.
pub trait Clock: Send + Sync {
    fn now(&self) -> Moment;
}

/// How a run ended.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// The files that were begun, in order.
    pub files: Vec<FileReport>,
    /// Why it did not go through; `None` when it did.
    pub error: Option<Error>,
    pub start: Moment,
    pub end: Moment,
    /// Statements of hooks that failed and did not stop it, in words.
    pub notes: Vec<String>,
}

/// How one file ended.
#[derive(Clone, Debug, Default)]
pub struct FileReport {
    pub start: Moment,
    pub end: Moment,
    /// How many statements were executed by an earlier run.
    pub skipped: usize,
    /// How many were sent, the one that failed included.
    pub sent: usize,
    pub checks: Vec<CheckReport>,
    /// The statement, or none, and what went wrong.
    pub error: Option<(String, String)>,
    /// One for each statement of the file.
    pub outcomes: Vec<Outcome>,
}

/// How the checks of one file of them ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    pub name: String,
    /// Each with what it returned, where that was not true.
    pub statements: Vec<(String, Option<String>)>,
    /// Why the migration is not executed.
    pub error: Option<String>,
    pub start: Moment,
    pub end: Moment,
}

/// Told of each step.
pub trait Observer: Send + Sync {
    /// It begins.
    fn start(&self, plan: &Plan) {
        let _ = plan;
    }
    /// The checks of a file would be executed: this is a rehearsal.
    fn would_check(&self, file: &File, check: &Check) {
        let _ = (file, check);
    }
    /// The checks of a file ended.
    fn checked(&self, file: &File, check: &CheckReport) {
        let _ = (file, check);
    }
    /// A file begins.
    fn file(&self, index: usize, file: &File) {
        let _ = (index, file);
    }
    /// A statement is about to be executed.
    fn statement(&self, file: &File, index: usize) {
        let _ = (file, index);
    }
    /// A file ended; what it did inside a transaction around several may still be undone.
    fn end(&self, file: &File, report: &FileReport) {
        let _ = (file, report);
    }
}

/// Tells nobody.
pub struct Silent;

impl Observer for Silent {}

impl FileReport {
    pub fn took(&self) -> Duration {
        took(self.start, self.end)
    }
}

impl CheckReport {
    pub fn took(&self) -> Duration {
        took(self.start, self.end)
    }
}

impl Report {
    pub fn took(&self) -> Duration {
        took(self.start, self.end)
    }

    /// How many statements ended this way.
    pub fn count(&self, is: fn(&Outcome) -> bool) -> usize {
        self.files.iter().flat_map(|file| &file.outcomes).filter(|outcome| is(outcome)).count()
    }
}

fn took(start: Moment, end: Moment) -> Duration {
    Duration::from_nanos(u64::try_from(end.0.saturating_sub(start.0)).unwrap_or(0))
}
