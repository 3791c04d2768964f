//! From a name to where it is defined: across files, between HCL and SQL, from strings to files.

use project::Snapshot;
use schema::ObjectPath;
use text::{FileId, FileRange, TextRange, TextSize};

use crate::links::{LinkTarget, links};
use crate::names::{self, Meaning, Name, blocks};

/// A way from a place to a definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The name one starts from.
    pub origin: TextRange,
    /// The name where it is defined.
    pub target: FileRange,
    /// The whole definition, in the same file.
    pub full: TextRange,
}

/// Where what is named at `offset` is defined. The definition of a definition is itself.
pub fn definition(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Vec<Link> {
    for name in names::at(snapshot, file, offset) {
        if let Some((target, full)) = place(snapshot, file, &name) {
            return vec![Link { origin: name.range, target, full }];
        }
    }
    links(snapshot, file)
        .into_iter()
        .filter(|link| link.range.contains_inclusive(offset))
        .filter_map(|link| match link.target {
            LinkTarget::File(_, Some(target)) => {
                let top = TextRange::empty(TextSize::new(0));
                Some(Link { origin: link.range, target: FileRange { file: target, range: top }, full: top })
            }
            _ => None,
        })
        .collect()
}

/// Where the name's meaning is defined: its name and all of it.
pub(crate) fn place(snapshot: &Snapshot, file: FileId, name: &Name) -> Option<(FileRange, TextRange)> {
    match &name.means {
        Meaning::Object(path) => {
            let origin = names::states(snapshot, file).into_iter().find_map(|state| {
                state.origins.get(path).or_else(|| {
                    // A view's column is where its query says it; the view is as near as we know.
                    let ObjectPath::Column { schema, table, .. } = path else { return None };
                    let view = ObjectPath::View { schema: schema.clone(), view: table.clone() };
                    state.origins.get(&view)
                })
            })?;
            Some((FileRange { file: origin.file, range: origin.name }, origin.range))
        }
        Meaning::Local(range) => Some((FileRange { file, range: *range }, *range)),
        Meaning::Block(key) => blocks::definition(snapshot, file, key),
    }
}

#[cfg(test)]
mod tests;
