//! The plan as a document: its text, what may go wrong in it, and the way from each statement to its source.
//!
//! Invariant: every range is in the text that comes with it, so the text is made once for one answer.

use project::{Path, PlanText, Snapshot};
use text::{Text, TextRange, TextSize};

use crate::definition::Link;
use crate::names::{Meaning, scopes};
use crate::{DocLink, LinkTarget};

/// The plan of an env as a document. `now`, in milliseconds since 1970, makes the age of the known state.
pub fn plan_document(snapshot: &Snapshot, config: &Path, env: &str, now: Option<u64>) -> PlanText {
    snapshot.plan(config, env).text(snapshot, now)
}

/// The links of a plan's document: each `-- from file:line` to its file.
pub fn plan_links(snapshot: &Snapshot, document: &PlanText) -> Vec<DocLink> {
    document
        .lines
        .iter()
        .filter_map(|line| {
            let (range, source) = (line.link?, line.source?);
            let path = snapshot.path(source.file)?.clone();
            let tooltip = format!("Open {}", path.name());
            Some(DocLink { range, target: LinkTarget::File(path, Some(source.file)), tooltip })
        })
        .collect()
}

/// Where what is named at `offset` of a plan's document is defined in the schema.
///
/// On a name, that name; elsewhere on a statement, or on its comment, the object the statement is about.
pub fn plan_definition(
    snapshot: &Snapshot,
    config: &Path,
    env: &str,
    document: &PlanText,
    offset: TextSize,
) -> Vec<Link> {
    let plan = snapshot.plan(config, env);
    let Some(state) = plan.desired.state() else { return Vec::new() };
    if let Some(dialect) = plan.dialect {
        let tree = syntax::sql::File::parse(&Text::new(&document.text), dialect.grammar, None);
        let tables = scopes::Tables::new(&state.realm);
        for placed in tree.pieces().iter().filter(|placed| placed.range().contains_inclusive(offset)) {
            let names = scopes::names(&placed.piece.syntax(), &tables).into_iter();
            for name in names.map(|name| name.shifted(placed.start)) {
                let Meaning::Object(path) = &name.means else { continue };
                if !name.range.contains_inclusive(offset) {
                    continue;
                }
                if let Some(origin) = state.origins.get(path) {
                    let target = text::FileRange { file: origin.file, range: origin.name };
                    return vec![Link { origin: name.range, target, full: origin.range }];
                }
            }
        }
    }
    let on = |range: TextRange| range.contains_inclusive(offset);
    document
        .lines
        .iter()
        .filter(|line| on(line.range) || line.link.is_some_and(on))
        .filter_map(|line| {
            let origin = line.link.filter(|link| on(*link)).unwrap_or(line.range);
            let target = line.source?;
            Some(Link { origin, target, full: target.range })
        })
        .take(1)
        .collect()
}
