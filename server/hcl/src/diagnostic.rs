//! Mistakes found by evaluation, in HashiCorp's words.

use text::{Code, Diagnostic, Severity, TextRange};

/// Codes of this crate's findings; stable, for settings and tests.
pub mod code {
    use text::Code;

    /// An expression that has no value: bad operand, failed function, wrong condition.
    pub const INVALID_EXPRESSION: Code = "invalid-expression";
    /// A root name nobody knows.
    pub const UNKNOWN_VARIABLE: Code = "unknown-variable";
    /// An attribute, key or index a value does not have.
    pub const UNSUPPORTED_ATTRIBUTE: Code = "unsupported-attribute";
    /// A call of a function nobody knows.
    pub const UNKNOWN_FUNCTION: Code = "unknown-function";
    /// Too few, too many or unfit arguments of a function.
    pub const FUNCTION_ARGUMENT: Code = "function-argument";
    /// A function that failed on good arguments.
    pub const FUNCTION_CALL: Code = "function-call";
    /// A definition that needs itself.
    pub const CYCLE: Code = "cyclic-reference";
    /// A `variable` block that cannot be used.
    pub const INVALID_VARIABLE: Code = "invalid-variable";
    /// An attribute the body may not have.
    pub const UNKNOWN_ATTRIBUTE: Code = "unknown-attribute";
    /// A block the body may not have.
    pub const UNKNOWN_BLOCK: Code = "unknown-block";
    /// A required attribute is not there.
    pub const MISSING_ATTRIBUTE: Code = "missing-attribute";
    /// A required block is not there.
    pub const MISSING_BLOCK: Code = "missing-block";
    /// A block with too few or too many labels.
    pub const LABELS: Code = "wrong-labels";
    /// An attribute set twice.
    pub const DUPLICATE_ATTRIBUTE: Code = "duplicate-attribute";
    /// A block that may be there once, twice.
    pub const DUPLICATE_BLOCK: Code = "duplicate-block";
    /// A literal of the wrong type.
    pub const TYPE_MISMATCH: Code = "type-mismatch";
    /// A literal or identifier that is not among the values allowed.
    pub const UNKNOWN_VALUE: Code = "unknown-value";
    /// Two that exclude each other.
    pub const EXCLUSIVE: Code = "mutually-exclusive";
    /// None of those of which one is required.
    pub const ONE_OF_REQUIRED: Code = "one-of-required";
    /// Something that has been replaced.
    pub const DEPRECATED: Code = "deprecated";
}

/// One mistake of an expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvalDiagnostic {
    /// In the piece the expression is of, as its tree says.
    pub range: TextRange,
    /// `Unsupported attribute`. Empty for a finding that `atlas` prints as its detail alone, without the place.
    pub summary: String,
    /// `This object does not have an attribute named "x".`
    pub detail: String,
    pub code: Code,
}

impl EvalDiagnostic {
    pub fn new(range: TextRange, code: Code, summary: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { range, summary: summary.into(), detail: detail.into(), code }
    }

    /// The line as `atlas` prints it, without the place: `<Summary>; <Detail>`.
    pub fn text(&self) -> String {
        if self.summary.is_empty() {
            return self.detail.clone();
        }
        format!("{}; {}", self.summary, self.detail)
    }
}

/// The house's form: the detail alone says everything, lower case and without a full stop.
impl From<&EvalDiagnostic> for Diagnostic {
    fn from(diagnostic: &EvalDiagnostic) -> Self {
        let mut message = diagnostic.detail.replace('\n', " ");
        if message.is_empty() {
            message.clone_from(&diagnostic.summary);
        }
        if message.ends_with('.') {
            message.pop();
        }
        let mut chars = message.chars();
        let message = match chars.next() {
            Some(first) => first.to_lowercase().chain(chars).collect(),
            None => message,
        };
        Diagnostic::new(diagnostic.range, Severity::Error, diagnostic.code, message)
    }
}
