//! Edits of a judged file: the small changes quick fixes are made of.
//!
//! Each is a [`Fix`] with a title; SQL words come from the dialect that asks. Invariant: an edit of the file's head
//! keeps the directives that are there.

use text::{Applicability, Fix, TextEdit, TextRange, TextSize};

use super::{Place, Statements, Stmt};

/// A fix of several edits.
pub fn fix(title: impl Into<String>, edits: impl IntoIterator<Item = TextEdit>) -> Fix {
    Fix {
        title: title.into(),
        applicability: Applicability::Maybe,
        edits: edits.into_iter().collect(),
        elsewhere: Vec::new(),
    }
}

/// Puts `text` at `offset`.
pub fn insert(offset: TextSize, text: impl Into<String>) -> TextEdit {
    TextEdit { range: TextRange::empty(offset), insert: text.into() }
}

/// Lets the file run outside of a transaction; `None` when it does already.
pub fn no_transaction(file: &Statements) -> Option<TextEdit> {
    file.in_transaction.then(|| directive(file, "atlas:txmode none"))
}

/// Leaves findings of `rule` at `place` unreported.
pub fn nolint(file: &Statements, place: Place, rule: &str) -> Fix {
    let text = format!("atlas:nolint {rule}");
    let statement = match place {
        Place::Statement(at) => file.list.get(at),
        _ => None,
    };
    let edit = match statement {
        Some(statement) => insert(statement.range().start(), format!("-- {text}\n{}", indent(statement))),
        None => directive(file, &text),
    };
    fix(format!("{SILENCE}{rule} here"), [edit])
}

/// Whether a fix is one of [`nolint`].
pub fn is_nolint(fix: &Fix) -> bool {
    fix.title.starts_with(SILENCE)
}

/// How the titles of [`nolint`] begin.
const SILENCE: &str = "Do not report ";

/// A line at the head of the file.
fn directive(file: &Statements, text: &str) -> TextEdit {
    let blank = if file.has_directives { "" } else { "\n" };
    insert(file.start, format!("-- {text}\n{blank}"))
}

/// The white space a statement's first line begins with.
fn indent(statement: &Stmt) -> &str {
    let start = usize::from(statement.piece.statement_range().start());
    let before = statement.piece.text().get(..start).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    if line.trim().is_empty() { line } else { "" }
}
