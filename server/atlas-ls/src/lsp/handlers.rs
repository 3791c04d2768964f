//! Every request the server answers, one file each.

mod diagnostic;
mod text_document_content;

use super::handler::Entry;

/// The list that capabilities and dispatcher are built from.
pub(crate) fn all() -> Vec<Entry> {
    vec![Entry::of::<diagnostic::Diagnostic>(), Entry::of::<text_document_content::Content>()]
}
