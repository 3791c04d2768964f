//! Every request the server answers, one file each.

mod code_action;
mod code_lens;
mod completion;
mod definition;
mod diagnostic;
mod document_highlight;
mod document_link;
mod document_symbol;
mod file_operations;
mod folding_range;
mod formatting;
mod hover;
mod implementation;
mod references;
mod rename;
mod selection_range;
mod semantic_tokens;
mod text_document_content;
mod workspace_symbol;

use super::handler::Entry;

/// The list that capabilities and dispatcher are built from.
pub(crate) fn all() -> Vec<Entry> {
    vec![
        Entry::of::<code_action::CodeAction>(),
        Entry::of::<code_lens::CodeLens>(),
        Entry::of::<completion::Completion>(),
        Entry::of::<definition::Definition>(),
        Entry::of::<diagnostic::Diagnostic>(),
        Entry::of::<document_highlight::DocumentHighlight>(),
        Entry::of::<document_link::DocumentLink>(),
        Entry::of::<document_symbol::DocumentSymbol>(),
        Entry::of::<file_operations::WillCreate>(),
        Entry::of::<file_operations::WillDelete>(),
        Entry::of::<file_operations::WillRename>(),
        Entry::of::<folding_range::FoldingRange>(),
        Entry::of::<formatting::Formatting>(),
        Entry::of::<hover::Hover>(),
        Entry::of::<implementation::Implementation>(),
        Entry::of::<references::References>(),
        Entry::of::<rename::Prepare>(),
        Entry::of::<rename::Rename>(),
        Entry::of::<selection_range::SelectionRange>(),
        Entry::of::<semantic_tokens::OfDocument>(),
        Entry::of::<semantic_tokens::OfRange>(),
        Entry::of::<text_document_content::Content>(),
        Entry::of::<workspace_symbol::WorkspaceSymbol>(),
    ]
}
