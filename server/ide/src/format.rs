//! Formatting: HCL in its canonical form, the one `schema fmt` writes.
//!
//! SQL is left as it is: whoever formats SQL in an editor is not us. Invariant: only blanks change.

use project::{Role, Snapshot};
use text::{FileId, TextEdit};

/// The least edits that bring an HCL file into canonical form; none for any other file.
pub fn format(snapshot: &Snapshot, file: FileId) -> Vec<TextEdit> {
    match snapshot.info(file).role {
        Role::Config | Role::Schema | Role::Test | Role::Plan | Role::Rule | Role::Script => {
            snapshot.hcl(file).map(|tree| syntax::hcl::format_edits(&tree)).unwrap_or_default()
        }
        Role::Sql | Role::Sum | Role::Other => Vec::new(),
    }
}
