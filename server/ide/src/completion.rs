//! What may be written at the cursor.
//!
//! Everything offered comes from a declaration: the grammar of the file kind, the dialect's types and words, the
//! function library, the state the file is part of. Never filtered by what was typed so far, but for the size of the
//! list: the client filters. Invariant: every edit replaces the word around the cursor and nothing else.

mod body;
mod hcl;
mod item;
mod references;
mod sql;
mod strings;
mod values;

#[cfg(test)]
mod tests;

use project::{Role, Snapshot};
use rustc_hash::FxHashSet;
use text::{FileId, TextRange, TextSize};

pub(crate) use self::item::Rank;
pub use self::item::{Item, ItemKind};

use crate::migrations::directives;
use crate::world::World;

/// The most items one answer has. A list of this length may lack some: ask again when more is typed.
pub const LIMIT: usize = 1_000;

/// What may be written at `offset` of `file`, best first.
pub fn completion(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Vec<Item> {
    let world = World::new(snapshot, file);
    let mut items = match (world.info.role, world.dialect) {
        (Role::Config, _) => hcl::complete(&world, &project::spec::PROJECT, offset),
        (Role::Schema, Some(dialect)) => hcl::complete(&world, dialect.spec, offset),
        (Role::Sql, _) => {
            match directives::complete(snapshot, file, offset).filter(|_| world.info.home.is_some()) {
                Some(items) => items,
                None => sql::in_file(&world, offset),
            }
        }
        _ => Vec::new(),
    };
    if items.len() > LIMIT {
        narrow(snapshot, file, offset, &mut items);
    }
    items.sort_by(|a, b| (&a.sort, &a.label).cmp(&(&b.sort, &b.label)));
    let mut seen = FxHashSet::default();
    items.retain(|item| seen.insert((item.kind, item.label.clone())));
    items.truncate(LIMIT);
    items
}

/// Leaves out what does not contain the text typed so far.
fn narrow(snapshot: &Snapshot, file: FileId, offset: TextSize, items: &mut Vec<Item>) {
    let Some(start) = items.iter().map(|item| item.edit.range.start()).max().filter(|start| *start < offset)
    else {
        return;
    };
    let Some(text) = snapshot.text(file) else { return };
    let typed = text.slice(TextRange::new(start, offset)).to_lowercase();
    let wanted = typed.trim_matches(['"', '`', '[', '.']);
    items.retain(|item| item.filter.as_deref().unwrap_or(&item.label).to_lowercase().contains(wanted));
}
