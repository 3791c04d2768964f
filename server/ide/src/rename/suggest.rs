//! What a plan says about names: a drop and an add that look like a renaming, and hints that have done their work.
//!
//! Neither is a mistake. Invariant: nothing is renamed unless the author writes the hint.

use project::{Claim, Snapshot};
use text::{Applicability, Code, Diagnostic, FileId, Fix, Severity, TextRange, TextSize};

use super::hint;

/// One thing goes, and one like it comes under another name.
pub(crate) const POSSIBLE: Code = "possible-rename";
/// The database has the new name already.
pub(crate) const DONE: Code = "rename-done";

/// The findings about names in `file`, from the plan of the env that judges it.
pub(crate) fn findings(snapshot: &Snapshot, file: FileId, claim: &Claim) -> Vec<Diagnostic> {
    let plan = snapshot.plan(&claim.config, &claim.env);
    let Some(ready) = plan.ready().filter(|ready| !ready.incomplete) else { return Vec::new() };
    let Some(state) = plan.desired.state() else { return Vec::new() };
    let mut found = Vec::new();
    for candidate in &ready.candidates {
        let old = candidate.from.name();
        let Some(origin) = state.origins.get(&candidate.to).filter(|origin| origin.file == file) else {
            continue;
        };
        let Some((target, edit)) = hint::insert(snapshot, state, &candidate.to, old) else { continue };
        if target != file {
            continue;
        }
        let kind = candidate.to.kind();
        let message = format!(
            "{} is new and {kind} {old:?} is gone: the plan drops {old:?} with all that is in it (plan of env {:?})",
            candidate.to,
            plan.env.as_str()
        );
        let mut diagnostic = Diagnostic::new(origin.name, Severity::Warning, POSSIBLE, message);
        diagnostic.fixes.push(Fix {
            title: format!("It is {kind} {old:?} renamed"),
            applicability: Applicability::Maybe,
            edits: vec![edit],
            elsewhere: Vec::new(),
        });
        found.push(diagnostic);
    }
    for path in &ready.stale_hints {
        let Some(origin) = state.origins.get(path).filter(|origin| origin.file == file) else { continue };
        // Only a database that has the new name has been renamed; an empty one tells nothing.
        if !hint::has(&ready.current, path) {
            continue;
        }
        let Some(range) = written(snapshot, file, origin.range) else { continue };
        let message = format!("the database of env {:?} has the new name already", plan.env.as_str());
        let diagnostic = Diagnostic::hint(range.0, DONE, message);
        found.push(diagnostic.with_fix("Remove the hint of the renaming", range.1, ""));
    }
    found
}

/// Where the hint of the definition at `range` stands, and what goes when it is removed.
fn written(snapshot: &Snapshot, file: FileId, range: TextRange) -> Option<(TextRange, TextRange)> {
    let text = snapshot.text(file)?;
    let line_of = |offset: TextSize| text.line_range(text.line(offset));
    let first = line_of(range.start());
    // An attribute in the block.
    for line in text.line(range.start())..=text.line(range.end()) {
        let line = text.line_range(line);
        let written = text.slice(line).into_owned();
        let is_comment =
            written.trim_start().starts_with(['-', '#', '/']) && written.contains(hint::DIRECTIVE);
        if written.trim_start().starts_with("renamed_from") || is_comment {
            let indent = written.len() - written.trim_start().len();
            let shown = TextRange::at(line.start() + size(indent), TextSize::of(written.trim()));
            return Some((shown, whole_line(text, line)));
        }
    }
    // A comment in the line above, or right before the definition.
    let above = first.start().checked_sub(TextSize::new(1)).map(line_of);
    if let Some(line) = above {
        let written = text.slice(line).into_owned();
        if written.contains(hint::DIRECTIVE) {
            let indent = written.len() - written.trim_start().len();
            let shown = TextRange::at(line.start() + size(indent), TextSize::of(written.trim()));
            return Some((shown, whole_line(text, line)));
        }
    }
    let before = text.slice(TextRange::new(first.start(), range.start())).into_owned();
    let start = before.rfind("/*").filter(|start| before[*start..].contains(hint::DIRECTIVE))?;
    let shown = TextRange::new(first.start() + size(start), range.start());
    Some((shown, shown))
}

fn whole_line(text: &text::Text, line: TextRange) -> TextRange {
    let next = text.line_start(text.line(line.start()) + 1);
    TextRange::new(line.start(), next.max(line.end()))
}

fn size(bytes: usize) -> TextSize {
    TextSize::try_from(bytes).unwrap_or(TextSize::new(0))
}
