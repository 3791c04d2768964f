//! What an object was called before, as its author says, and what a rename makes of a state.
//!
//! A differ that finds the old name in the database and the new one in the file plans a rename instead of a drop and an
//! add. In HCL it is the attribute `renamed_from`; where a block has none, and in SQL, the comment
//! `atlas:renamed_from old` in the line above. No database knows it, so it never counts as a difference. Invariant: a
//! hint takes effect only where the current state has the old name and lacks the new one; otherwise it is stale.

mod candidates;
mod follow;
mod resolve;

use schema::{AttrKey, Attrs, Change, TableChange};

pub use self::candidates::{RenameCandidate, candidates, confirm};
pub use self::follow::follow;
pub use self::resolve::{Resolved, resolve, stale};

/// The former name.
pub static RENAMED_FROM: AttrKey<String> =
    AttrKey::new("renamed_from", "What it was called before; the plan renames it then.");

/// The former name in `attrs`, if one is said.
pub fn former(attrs: &Attrs) -> Option<String> {
    if attrs.is_empty() { None } else { attrs.get(&RENAMED_FROM).filter(|name| !name.is_empty()) }
}

/// Whether `change` gives new names and does nothing else.
pub fn is_rename(change: &Change) -> bool {
    match change {
        Change::RenameSchema { .. }
        | Change::RenameTable { .. }
        | Change::RenameView { .. }
        | Change::RenameTrigger { .. }
        | Change::RenameRoutine { .. }
        | Change::RenameObject { .. } => true,
        Change::ModifyTable { changes, .. } => changes.iter().all(|change| {
            matches!(
                change,
                TableChange::RenameColumn { .. }
                    | TableChange::RenameIndex { .. }
                    | TableChange::RenameConstraint { .. }
            )
        }),
        _ => false,
    }
}

/// What a hint says in the lines of comments right above a definition, given the text before it; also one in front of
/// it in the same line.
///
/// A line comment starts with `#`, `//` or `--`.
pub fn hint(before: &str) -> Option<String> {
    let mut lines = before.rsplit('\n');
    // What stands in front of the definition in its own line: blanks, or the hint.
    let own = lines.next().unwrap_or_default().trim();
    if !own.is_empty() {
        let inner = own.strip_suffix("*/")?;
        return former_name(inner.rsplit_once("/*")?.1);
    }
    for line in lines {
        let line = line.trim();
        let comment = ["#", "//", "--"].iter().find_map(|start| line.strip_prefix(start));
        if let Some(name) = former_name(comment?) {
            return Some(name);
        }
    }
    None
}

/// The name in `atlas:renamed_from old`; one with blanks stands in double quotes.
fn former_name(comment: &str) -> Option<String> {
    let rest = comment.trim().strip_prefix("atlas:renamed_from")?;
    let name = rest.strip_prefix([' ', '\t'])?.trim();
    let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
    (!name.is_empty()).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::hint;

    #[test]
    fn hints_are_found_above_a_definition() {
        let of = |text: &str| hint(text);
        assert_eq!(of("a {}\n# atlas:renamed_from old\n"), Some("old".into()));
        assert_eq!(of("# atlas:renamed_from old\n# and why\n  "), Some("old".into()));
        assert_eq!(of("-- atlas:renamed_from \"old one\"\n"), Some("old one".into()));
        assert_eq!(of("x int,\n /* atlas:renamed_from old */ "), Some("old".into()));
        assert_eq!(of("# atlas:renamed_from old\n\n"), None);
        assert_eq!(of("# atlas:renamed_from\n"), None);
        assert_eq!(of("x # atlas:renamed_from old\n"), None);
    }
}
