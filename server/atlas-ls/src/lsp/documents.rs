//! The texts the client has open: what it says is in them, whatever is on disk.
//!
//! Positions are turned into bytes here, against the text each change was made to. Invariant: after every change the
//! text is the client's, byte for byte; a change that cannot be placed is cut to the text, as the rope does.

use std::collections::HashMap;
use std::sync::Arc;

use gen_lsp_types::{TextDocumentContentChangeEvent, Uri};
use text::{Encoding, FileId, Text};

use super::convert;

/// Names a document whatever spelling of its URI a client uses.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Key(Arc<str>);

impl Key {
    pub(crate) fn of(uri: &Uri) -> Self {
        Self(convert::canonical(uri.as_str()).into())
    }
}

/// One open document.
#[derive(Clone, Debug)]
pub(crate) struct Document {
    /// As the client spells it; answers use the same spelling.
    pub(crate) uri: Uri,
    pub(crate) version: i32,
    pub(crate) text: Text,
    /// Its file in the project; none for a document that the server itself wrote.
    pub(crate) file: Option<FileId>,
}

/// Every open document; a clone is a snapshot.
#[derive(Clone, Debug, Default)]
pub(crate) struct Documents {
    open: Arc<HashMap<Key, Arc<Document>>>,
}

impl Documents {
    pub(crate) fn get(&self, key: &Key) -> Option<&Arc<Document>> {
        self.open.get(key)
    }

    /// The document of `uri`, if it is open.
    pub(crate) fn of(&self, uri: &Uri) -> Option<&Arc<Document>> {
        self.get(&Key::of(uri))
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Key, &Arc<Document>)> {
        self.open.iter()
    }

    /// Opens a document, or replaces it when a client opens it twice.
    pub(crate) fn open(&mut self, document: Document) -> Key {
        let key = Key::of(&document.uri);
        Arc::make_mut(&mut self.open).insert(key.clone(), Arc::new(document));
        key
    }

    /// Closes a document; false when it was not open.
    pub(crate) fn close(&mut self, key: &Key) -> bool {
        self.open.contains_key(key) && Arc::make_mut(&mut self.open).remove(key).is_some()
    }

    /// Applies the changes of one notification in their order; false when the document is not open.
    pub(crate) fn change(
        &mut self,
        key: &Key,
        version: i32,
        changes: Vec<TextDocumentContentChangeEvent>,
        encoding: Encoding,
    ) -> bool {
        if !self.open.contains_key(key) {
            return false;
        }
        let Some(document) = Arc::make_mut(&mut self.open).get_mut(key) else {
            return false;
        };
        let document = Arc::make_mut(document);
        document.version = version;
        for change in changes {
            match change {
                TextDocumentContentChangeEvent::TextDocumentContentChangePartial(change) => {
                    let range = convert::range_in(&document.text, change.range, encoding);
                    document.text.edit(range, &change.text);
                }
                TextDocumentContentChangeEvent::TextDocumentContentChangeWholeDocument(change) => {
                    document.text = Text::new(&change.text);
                }
            }
        }
        true
    }
}
