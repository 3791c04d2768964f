//! Every request the server answers, one file each.

use super::handler::Entry;

/// The list that capabilities and dispatcher are built from.
pub(crate) fn all() -> Vec<Entry> {
    vec![]
}
