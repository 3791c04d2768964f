//! SA101: statements that are put together from text while they run.
//!
//! Values that are concatenated into a statement can change what it does. Looks at the bodies of functions and
//! procedures a plan or file makes, and at the statements of a file. Each dialect says which words run a text. Source:
//! documented SA101; its exact trigger and message are not known.

use engine::lint::words::{Word, WordKind};
use engine::lint::{CodeDoc, Found, Input, Place, Remedy, Sink, Words};
use schema::{Change, ObjectPath};

/// The name of the analyzer.
pub const NAME: &str = "sqlinjection";
/// Its heading.
pub const HEADING: &str = "dynamic SQL injection risks detected";
/// Its documentation.
pub const DOC: &str = "Statements that are put together from text while they run.";

pub const SA101: CodeDoc = CodeDoc {
    code: "SA101",
    title: "statement put together from values",
    doc: "A statement is built by concatenation and then run. Whoever controls one of the values controls the statement.\n\nPass values as parameters (`EXECUTE … USING`), and quote names with the functions made for it (`format('%I', name)`, `quote_ident`).",
    remedy: Remedy::None("which part is a value and which a name is for the author to say"),
};

/// Whether the words of a body run a text made by concatenation.
pub type Unsafe = fn(&Words) -> bool;

/// Looks at new and changed routines, and at the statements of a file.
pub fn run(input: &Input<'_>, sink: &mut Sink<'_>, is_unsafe: Unsafe) {
    let mut seen = Vec::new();
    for (at, change) in input.changes.iter().enumerate() {
        let routine = match change {
            Change::AddRoutine(routine) => routine,
            Change::ModifyRoutine { to, .. } => to,
            _ => continue,
        };
        seen.extend(input.statements_of(at).map(|statement| statement.at));
        if is_unsafe(&body(&routine.body, input)) {
            let path = ObjectPath::Routine { schema: routine.schema.clone(), routine: routine.name.clone() };
            let message = format!(
                "Routine {:?} runs a statement that is put together from values by concatenation",
                routine.name
            );
            sink.add(Found::new("SA101", at, path, message));
        }
    }
    if input.file().is_none() {
        return;
    }
    for statement in input.statements().filter(|statement| !seen.contains(&statement.at)) {
        if !statement.mentions("execute") && !statement.mentions("prepare") {
            continue;
        }
        let words = statement.words();
        let texts = words.0.iter().filter(|word| word.text.starts_with('$'));
        if is_unsafe(&words) || texts.clone().any(|word| is_unsafe(&body(&word.name, input))) {
            let message = "Running a statement that is put together from values by concatenation";
            sink.add(Found::new("SA101", 0, input.root(), message).at(Place::Statement(statement.at)));
        }
    }
}

/// The words of a body; one in dollar quotes is read between them.
fn body(text: &str, input: &Input<'_>) -> Words {
    let inner = text.strip_prefix('$').and_then(|rest| {
        let (tag, rest) = rest.split_once('$')?;
        rest.strip_suffix(&format!("${tag}$"))
    });
    let words = Words::read(inner.unwrap_or(text), input.dialect.grammar);
    match words.0.iter().find(|word| word.kind == WordKind::Text && word.text.starts_with('$')) {
        Some(word) if inner.is_none() => body(&word.name, input),
        _ => words,
    }
}

/// The words from each `start` to the end of its statement.
pub fn after<'w>(words: &'w Words, start: &'w str) -> impl Iterator<Item = &'w [Word]> {
    let places = words.0.iter().enumerate().filter(move |(_, word)| word.is(start)).map(|(at, _)| at);
    places.map(|at| {
        let rest = words.0.get(at + 1..).unwrap_or_default();
        let end = rest.iter().position(|word| word.text == ";").unwrap_or(rest.len());
        &rest[..end]
    })
}
