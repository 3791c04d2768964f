//! What we tell a user about a place in their text.
//!
//! Text written by a user is never an `Error`: parsers and features return values beside a list of these.

use crate::{FileRange, TextEdit, TextRange};

/// A stable name of a kind of finding: `DS102`, `unknown-attribute`.
pub type Code = &'static str;

/// One finding at one place of one file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub range: TextRange,
    pub severity: Severity,
    pub code: Code,
    /// Lower case, no full stop, names the object.
    pub message: String,
    pub related: Vec<Related>,
    pub tags: Vec<Tag>,
    pub fixes: Vec<Fix>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Hint,
    Information,
    Warning,
    Error,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tag {
    Unnecessary,
    Deprecated,
}

/// Another place that explains the finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Related {
    /// `None` means the file of the diagnostic itself.
    pub file: Option<crate::FileId>,
    pub range: TextRange,
    pub message: String,
}

/// A change of text that would remove the finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fix {
    /// Sentence-case imperative: `Change "coulmn" to "column"`.
    pub title: String,
    pub applicability: Applicability,
    /// Edits of the file of the diagnostic.
    pub edits: Vec<TextEdit>,
    /// Edits elsewhere.
    pub elsewhere: Vec<(FileRange, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applicability {
    /// Keeps the meaning or is what was surely meant; may be preferred and applied in bulk.
    Safe,
    /// One reading among several.
    Maybe,
}

impl Diagnostic {
    /// A finding with nothing attached.
    pub fn new(range: TextRange, severity: Severity, code: Code, message: impl Into<String>) -> Self {
        Self {
            range,
            severity,
            code,
            message: message.into(),
            related: Vec::new(),
            tags: Vec::new(),
            fixes: Vec::new(),
        }
    }

    /// An error: the text cannot mean anything.
    pub fn error(range: TextRange, code: Code, message: impl Into<String>) -> Self {
        Self::new(range, Severity::Error, code, message)
    }

    /// A warning: it means something, but probably not what was wanted.
    pub fn warning(range: TextRange, code: Code, message: impl Into<String>) -> Self {
        Self::new(range, Severity::Warning, code, message)
    }

    /// A hint: nothing is wrong as far as we know.
    pub fn hint(range: TextRange, code: Code, message: impl Into<String>) -> Self {
        Self::new(range, Severity::Hint, code, message)
    }

    /// The same finding, with a fix that replaces `range` by `insert`.
    #[must_use]
    pub fn with_fix(mut self, title: impl Into<String>, range: TextRange, insert: impl Into<String>) -> Self {
        self.fixes.push(Fix {
            title: title.into(),
            applicability: Applicability::Maybe,
            edits: vec![TextEdit { range, insert: insert.into() }],
            elsewhere: Vec::new(),
        });
        self
    }

    /// The same finding, `by` bytes further on: pieces are analysed from zero and placed later.
    ///
    /// Places in other files do not move.
    #[must_use]
    pub fn shifted(mut self, by: crate::TextSize) -> Self {
        self.range += by;
        for related in self.related.iter_mut().filter(|related| related.file.is_none()) {
            related.range += by;
        }
        for edit in self.fixes.iter_mut().flat_map(|fix| &mut fix.edits) {
            edit.range += by;
        }
        self
    }
}
