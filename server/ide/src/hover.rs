//! What stands at the cursor, in words.
//!
//! Names show what they stand for, words of a grammar show its documentation, and what a plan would do is explained
//! at the place that causes it. Invariant: no answer holds a password, a value that came from outside, or one that is
//! marked sensitive.

mod config;
mod hcl;
mod object;
mod sql;
mod values;

#[cfg(test)]
mod tests;

use project::{Role, Snapshot};
use text::{FileId, TextRange, TextSize};

use crate::diagnostics::plan_findings;
use crate::migrations::history::{self, Step};
use crate::world::World;

/// Words about a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hover {
    /// What the words are about.
    pub range: TextRange,
    pub markdown: String,
    /// The migrations that made it what it is, in order.
    pub history: Vec<Step>,
}

impl Hover {
    pub(crate) fn new(range: TextRange, markdown: String) -> Self {
        Self { range, markdown, history: Vec::new() }
    }
}

/// What stands at `offset` of `file`.
pub fn hover(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Option<Hover> {
    let world = World::new(snapshot, file);
    let found = match world.info.role {
        Role::Config => hcl::hover(&world, Some(&project::spec::PROJECT), offset),
        Role::Schema => hcl::hover(&world, world.dialect.map(|dialect| dialect.spec), offset),
        Role::Sql => sql::hover(&world, offset),
        _ => None,
    };
    with_history(&world, offset, with_findings(&world, offset, found))
}

/// Adds the migrations that made what stands at `offset`.
fn with_history(world: &World<'_>, offset: TextSize, found: Option<Hover>) -> Option<Hover> {
    let mut found = found?;
    if !matches!(world.info.role, Role::Schema | Role::Sql) {
        return Some(found);
    }
    found.history = history::at(world.snapshot, world.file, offset);
    Some(found)
}

/// Adds what the plan's findings at `offset` mean.
fn with_findings(world: &World<'_>, offset: TextSize, found: Option<Hover>) -> Option<Hover> {
    let (Some(dialect), Some(judge)) = (world.dialect, world.info.judge()) else { return found };
    if judge.migration {
        return found;
    }
    let mut found = found;
    let mut seen = Vec::new();
    for finding in plan_findings(world.snapshot, world.file, judge) {
        if !finding.range.contains_inclusive(offset) || seen.contains(&finding.code) {
            continue;
        }
        seen.push(finding.code);
        let Some((analyzer, doc)) = engine::lint::find_code(dialect.lint, finding.code) else { continue };
        let text = format!("**{}** ({}): {}\n\n{}", doc.code, analyzer.name, doc.title, doc.doc);
        match &mut found {
            Some(hover) => {
                hover.markdown.push_str("\n\n---\n\n");
                hover.markdown.push_str(&text);
            }
            None => found = Some(Hover::new(finding.range, text)),
        }
    }
    found
}
