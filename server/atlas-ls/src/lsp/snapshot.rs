//! What a read sees: the state at one moment, never changing under it.
//!
//! Taking one costs a few reference counts. Invariant: everything in it belongs to one revision.

use std::sync::Arc;

use gen_lsp_types::Uri;

use super::client::ClientCaps;
use super::documents::{Document, Documents};
use super::failure::Failure;
use super::settings::Settings;

/// The state at `revision`.
#[derive(Clone)]
pub(crate) struct Snapshot {
    pub(crate) revision: u64,
    pub(crate) documents: Documents,
    pub(crate) client: Arc<ClientCaps>,
    pub(crate) settings: Arc<Settings>,
    /// Whether the user trusts the workspace; without it nothing is run, connected to or sent.
    pub(crate) trusted: bool,
}

impl Snapshot {
    /// The open document a request is about.
    ///
    /// # Errors
    /// [`Failure::Params`] for one the client never opened.
    pub(crate) fn document(&self, uri: &Uri) -> Result<&Arc<Document>, Failure> {
        let missing = || Failure::Params(format!("document {uri} is not open"));
        self.documents.of(uri).ok_or_else(missing)
    }
}
