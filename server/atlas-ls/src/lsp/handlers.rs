//! Every request the server answers, one file each.

mod code_action;
mod code_lens;
mod completion;
mod diagnostic;
mod hover;
mod text_document_content;

use super::handler::Entry;

/// The list that capabilities and dispatcher are built from.
pub(crate) fn all() -> Vec<Entry> {
    vec![
        Entry::of::<code_action::CodeAction>(),
        Entry::of::<code_lens::CodeLens>(),
        Entry::of::<completion::Completion>(),
        Entry::of::<diagnostic::Diagnostic>(),
        Entry::of::<hover::Hover>(),
        Entry::of::<text_document_content::Content>(),
    ]
}
