//! Text synchronisation: the client's documents become ours.

use gen_lsp_types::{
    DidChangeTextDocumentNotification, DidChangeTextDocumentParams, DidCloseTextDocumentNotification,
    DidCloseTextDocumentParams, DidOpenTextDocumentNotification, DidOpenTextDocumentParams,
    DidSaveTextDocumentNotification, DidSaveTextDocumentParams,
};
use text::Text;

use super::Listener;
use crate::lsp::documents::{Document, Key};
use crate::lsp::owner::Owner;

pub(super) struct Opened;

impl Listener for Opened {
    type Notification = DidOpenTextDocumentNotification;

    fn take(owner: &mut Owner, params: DidOpenTextDocumentParams) {
        let item = params.text_document;
        let key = owner.state.documents.open(Document {
            text: Text::new(&item.text),
            language: item.language_id.to_string().into(),
            version: item.version,
            uri: item.uri,
        });
        owner.edited(&key);
    }
}

pub(super) struct Changed;

impl Listener for Changed {
    type Notification = DidChangeTextDocumentNotification;

    fn take(owner: &mut Owner, params: DidChangeTextDocumentParams) {
        let uri = &params.text_document.text_document_identifier.uri;
        let key = Key::of(uri);
        let encoding = owner.state.client.encoding;
        let version = params.text_document.version;
        if owner.state.documents.change(&key, version, params.content_changes, encoding) {
            owner.edited(&key);
        } else {
            tracing::warn!("document {uri} was changed but never opened");
        }
    }
}

pub(super) struct Saved;

impl Listener for Saved {
    type Notification = DidSaveTextDocumentNotification;

    /// The text was told by changes already; only what is judged on disk may differ now.
    fn take(owner: &mut Owner, _: DidSaveTextDocumentParams) {
        owner.state.touch();
    }
}

pub(super) struct Closed;

impl Listener for Closed {
    type Notification = DidCloseTextDocumentNotification;

    fn take(owner: &mut Owner, params: DidCloseTextDocumentParams) {
        let key = Key::of(&params.text_document.uri);
        if owner.state.documents.close(&key) {
            owner.edited(&key);
        } else {
            tracing::warn!("document {} was closed but never opened", params.text_document.uri);
        }
    }
}
