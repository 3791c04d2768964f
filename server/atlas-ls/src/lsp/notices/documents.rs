//! Text synchronisation: the client's documents become ours.

use std::collections::BTreeSet;

use gen_lsp_types::{
    DidChangeTextDocumentNotification, DidChangeTextDocumentParams, DidCloseTextDocumentNotification,
    DidCloseTextDocumentParams, DidOpenTextDocumentNotification, DidOpenTextDocumentParams,
    DidSaveTextDocumentNotification, DidSaveTextDocumentParams,
};
use project::Want;
use text::Text;

use super::{Listener, workspace};
use crate::lsp::documents::{Document, Key};
use crate::lsp::owner::Owner;
use crate::lsp::{plan_uri, world};

pub(super) struct Opened;

impl Listener for Opened {
    type Notification = DidOpenTextDocumentNotification;

    fn take(owner: &mut Owner, params: DidOpenTextDocumentParams) {
        let item = params.text_document;
        let text = Text::new(&item.text);
        let language = item.language_id.to_string();
        let plan = plan_uri::read(&owner.state.workspace.folders, &item.uri);
        let file = match plan {
            Some((config, env)) => {
                owner.state.plans.watch(item.uri.clone(), config, env);
                None
            }
            None => Some(owner.state.workspace.open(&item.uri, &language, &text)),
        };
        let (version, uri) = (item.version, item.uri);
        let key = owner.state.documents.open(Document { uri, version, text, file });
        owner.edited(&key);
        workspace::look_for_config(owner, &key);
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
            if let Some(document) = owner.state.documents.get(&key)
                && let Some(file) = document.file
            {
                owner.state.workspace.edit(file, &document.text);
            }
            owner.edited(&key);
        } else {
            tracing::warn!("document {uri} was changed but never opened");
        }
    }
}

pub(super) struct Saved;

impl Listener for Saved {
    type Notification = DidSaveTextDocumentNotification;

    /// The text was told by changes already. A client that watches no files tells of other changes only so.
    fn take(owner: &mut Owner, _: DidSaveTextDocumentParams) {
        if !owner.state.client.watch_files {
            workspace::look_again(owner);
        }
    }
}

pub(super) struct Closed;

impl Listener for Closed {
    type Notification = DidCloseTextDocumentNotification;

    fn take(owner: &mut Owner, params: DidCloseTextDocumentParams) {
        let key = Key::of(&params.text_document.uri);
        if owner.state.documents.close(&key) {
            let uri = &params.text_document.uri;
            owner.state.plans.forget(uri);
            if let Some(path) = owner.state.workspace.close(uri) {
                world::fetch(owner, [Want::File(path)], &BTreeSet::new());
            }
            owner.edited(&key);
        } else {
            tracing::warn!("document {} was closed but never opened", params.text_document.uri);
        }
    }
}
