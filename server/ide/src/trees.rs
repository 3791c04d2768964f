//! A file's tree, whatever language it is in.
//!
//! The one place that decides how a file is read: by its role, and SQL by the grammar of its dialect. SQL of a dialect
//! we do not understand is read by the grammar every product shares, which knows words, strings and comments.

use std::sync::Arc;

use project::{Parsed, Role, Snapshot};
use syntax::sql::Grammar;
use text::FileId;

static SHARED: Grammar = Grammar::BASE;

/// The tree of `file`; `None` when it has no text, or is in no language of ours.
pub(crate) fn tree(snapshot: &Snapshot, file: FileId) -> Option<Parsed> {
    let info = snapshot.info(file);
    match info.role {
        Role::Config | Role::Schema | Role::Test | Role::Plan | Role::Rule | Role::Script => {
            snapshot.hcl(file).map(Parsed::Hcl)
        }
        Role::Sql => snapshot.sql(file, grammar(snapshot, file)).map(Parsed::Sql),
        Role::Sum | Role::Other => None,
    }
}

/// The tree of a SQL file.
pub(crate) fn sql(snapshot: &Snapshot, file: FileId) -> Option<Arc<syntax::sql::File>> {
    tree(snapshot, file)?.sql().cloned()
}

/// The grammar of the SQL in `file`, by itself or in its strings.
pub(crate) fn grammar(snapshot: &Snapshot, file: FileId) -> &'static Grammar {
    snapshot.info(file).dialect().map_or(&SHARED, |dialect| dialect.grammar)
}
