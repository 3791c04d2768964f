//! One thing that may be written, and short ways to make one.

use text::{TextEdit, TextRange};

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

/// How early an item is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rank {
    /// Must be written, or is what the place is for.
    First,
    Usual,
    /// Fits, but is rarely meant.
    Later,
    Last,
}

impl Item {
    /// An item that replaces `range` by its label.
    pub(crate) fn new(kind: ItemKind, label: impl Into<String>, range: TextRange, rank: Rank) -> Self {
        let label = label.into();
        let mut item = Self {
            edit: TextEdit { range, insert: label.clone() },
            sort: String::new(),
            label,
            kind,
            detail: None,
            documentation: None,
            snippet: false,
            filter: None,
            deprecated: false,
            trigger_again: false,
        };
        item.rank(rank);
        item
    }

    /// Shows it at `rank`, by its label among equals.
    pub(crate) fn rank(&mut self, rank: Rank) {
        self.sort = format!("{}{}", rank as u8, self.label);
    }

    #[must_use]
    pub(crate) fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into()).filter(|detail| !detail.is_empty());
        self
    }

    #[must_use]
    pub(crate) fn doc(mut self, doc: impl Into<String>) -> Self {
        self.documentation = Some(doc.into()).filter(|doc| !doc.is_empty());
        self
    }

    /// Inserts `text` in place of the label.
    #[must_use]
    pub(crate) fn insert(mut self, text: impl Into<String>) -> Self {
        self.edit.insert = text.into();
        self
    }

    /// Inserts `text`, in which `$1` and the like are tab stops.
    #[must_use]
    pub(crate) fn snippet(mut self, text: impl Into<String>) -> Self {
        self.snippet = true;
        self.insert(text)
    }

    /// Goes on with completion behind what was inserted.
    #[must_use]
    pub(crate) fn again(mut self) -> Self {
        self.trigger_again = true;
        self
    }
}

/// `text` where nothing is a tab stop.
pub(crate) fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace('$', "\\$").replace('}', "\\}")
}
