//! What may be written at the cursor.
//!
//! Everything offered comes from a declaration: the grammar of the file kind, the dialect's types and words, the
//! function library, the state the file is part of. Never filtered by what was typed so far, but for the size of the
//! list: the client filters. Invariant: every edit replaces the word around the cursor and nothing else.

use project::Snapshot;
use text::{FileId, TextEdit, TextSize};

/// One thing that may be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub label: String,
    pub kind: ItemKind,
    /// A few words beside the label: a type, a signature.
    pub detail: Option<String>,
    /// Markdown.
    pub documentation: Option<String>,
    pub edit: TextEdit,
    /// Whether the edit's text has LSP's snippet syntax.
    pub snippet: bool,
    /// Items are shown in the order of this text.
    pub sort: String,
    /// What the typed word is compared with; the label when `None`.
    pub filter: Option<String>,
    pub deprecated: bool,
    /// Whether completion goes on behind what was inserted.
    pub trigger_again: bool,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKind {
    Attribute,
    Block,
    /// A label of a block that the grammar or the workspace knows.
    Label,
    Type,
    EnumValue,
    Value,
    Function,
    Variable,
    Env,
    Keyword,
    Schema,
    Table,
    View,
    Column,
    Index,
    Object,
    File,
    Folder,
    Snippet,
}

/// The most items one answer has.
pub const LIMIT: usize = 1_000;

/// What may be written at `offset` of `file`, best first.
pub fn completion(snapshot: &Snapshot, file: FileId, offset: TextSize) -> Vec<Item> {
    let _ = (snapshot, file, offset);
    Vec::new()
}
