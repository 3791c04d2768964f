//! Progress that the user sees, and may cancel.
//!
//! Reported under the token of the request when the client sent one, else under one the server creates. Invariant:
//! what was begun is ended, also when the work is dropped midway.

use std::sync::atomic::{AtomicU64, Ordering};

use gen_lsp_types::{
    ProgressNotification, ProgressParams, ProgressToken, WorkDoneProgressBegin, WorkDoneProgressCreateParams,
    WorkDoneProgressCreateRequest, WorkDoneProgressEnd, WorkDoneProgressReport,
};
use serde::Serialize;

use super::Client;
use crate::lsp::cancel::Cancel;

/// A running piece of work in the editor's progress list.
pub(crate) struct Progress {
    client: Client,
    /// `None` for a client that shows no progress.
    token: Option<ProgressToken>,
    last: Option<String>,
}

impl Client {
    /// Begins `title`. The user's cancel button sets `cancel`.
    pub(crate) async fn progress(
        &self,
        supported: bool,
        token: Option<ProgressToken>,
        title: &str,
        cancel: &Cancel,
    ) -> Progress {
        let token = match token {
            Some(token) => Some(token),
            None if supported => self.create_token().await,
            None => None,
        };
        if let Some(token) = token.clone() {
            let cancel = cancel.clone();
            self.then(move |owner| owner.watch_progress(token, cancel));
        }
        let progress = Progress { client: self.clone(), token, last: None };
        progress.send(WorkDoneProgressBegin {
            title: title.to_owned(),
            cancellable: Some(true),
            message: None,
            percentage: None,
        });
        progress
    }

    async fn create_token(&self) -> Option<ProgressToken> {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        let token = ProgressToken::from(format!("atlas/{}", NEXT.fetch_add(1, Ordering::Relaxed)));
        let params = WorkDoneProgressCreateParams { token: token.clone() };
        // A client may refuse; then there is simply nothing to see.
        self.request::<WorkDoneProgressCreateRequest>(params).await.ok().map(|()| token)
    }
}

impl Progress {
    /// Shows how far the work is; `percentage` from 0 to 100 where that is known.
    pub(crate) fn report(&self, message: &str, percentage: Option<u32>) {
        self.send(WorkDoneProgressReport {
            cancellable: None,
            message: Some(message.to_owned()),
            percentage,
        });
    }

    /// Ends with a last word.
    pub(crate) fn end(mut self, message: &str) {
        self.last = Some(message.to_owned());
    }

    fn send(&self, value: impl Serialize) {
        if let Some(token) = &self.token
            && let Ok(value) = serde_json::to_value(value)
        {
            self.client.notify::<ProgressNotification>(ProgressParams { token: token.clone(), value });
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let message = self.last.take();
        self.send(WorkDoneProgressEnd { message });
        if let Some(token) = self.token.take() {
            self.client.then(move |owner| owner.forget_progress(&token));
        }
    }
}
