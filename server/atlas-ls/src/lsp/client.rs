//! How everything but the transport speaks to the client: notifications, requests, progress, questions.
//!
//! A [`Client`] is a handle that any lane may hold. Requests go through the owner, which numbers them and keeps who
//! waits for the answer. Invariant: nothing here blocks; what awaits an answer awaits it in an asynchronous lane.

mod caps;
mod progress;

use std::sync::mpsc;

use gen_lsp_types::{
    MessageActionItem, MessageType, Notification, Request, ShowMessageRequest, ShowMessageRequestParams,
};
use serde_json::Value;
use tokio::sync::oneshot;
use tower_lsp_server::jsonrpc;

use super::event::Event;
use super::ext::{Approve, Question};
use super::failure::Failure;
use super::log;
use super::outbox::Outbox;

pub(crate) use self::caps::ClientCaps;
pub(crate) use self::progress::Progress;

/// The client, as the server sees it; clones are the same client.
#[derive(Clone)]
pub(crate) struct Client {
    events: mpsc::Sender<Event>,
    outbox: Outbox,
}

impl Client {
    pub(crate) fn new(events: mpsc::Sender<Event>, outbox: Outbox) -> Self {
        Self { events, outbox }
    }

    /// Sends a notification.
    pub(crate) fn notify<N: Notification>(&self, params: N::Params) {
        match serde_json::to_value(params) {
            Ok(params) => {
                self.outbox.say(jsonrpc::Request::build(N::METHOD.as_str()).params(params).finish());
            }
            Err(error) => tracing::error!("{} cannot be sent: {error}", N::METHOD.as_str()),
        }
    }

    /// Asks the client something and waits for the answer.
    ///
    /// # Errors
    /// [`Failure::Failed`] with the client's message when it refuses or goes away.
    pub(crate) async fn request<R: Request>(&self, params: R::Params) -> Result<R::Result, Failure> {
        let (answer, waiting) = oneshot::channel();
        self.ask::<R>(params, move |_, result| {
            // The one who asked may have been cancelled meanwhile.
            let _ = answer.send(result);
        });
        let gone = || Failure::Failed("the client went away".into());
        let value =
            waiting.await.map_err(|_| gone())?.map_err(|error| Failure::Failed(error.message.into()))?;
        serde_json::from_value(value).map_err(|error| Failure::Failed(format!("{}: {error}", R::METHOD)))
    }

    /// Asks the client something; `reply` runs on the owner's thread with the answer.
    pub(crate) fn ask<R: Request>(
        &self,
        params: R::Params,
        reply: impl FnOnce(&mut super::owner::Owner, jsonrpc::Result<Value>) + Send + 'static,
    ) {
        match serde_json::to_value(params) {
            Ok(params) => {
                let reply = Box::new(reply);
                let _ = self.events.send(Event::Ask { method: R::METHOD.as_str(), params, reply });
            }
            Err(error) => tracing::error!("{} cannot be sent: {error}", R::METHOD),
        }
    }

    /// Runs `work` on the owner's thread.
    pub(crate) fn then(&self, work: impl FnOnce(&mut super::owner::Owner) + Send + 'static) {
        let _ = self.events.send(Event::Then(Box::new(work)));
    }

    /// Reports what a lane computed.
    pub(crate) fn done(&self, ticket: u64, result: Result<Value, Failure>) {
        let _ = self.events.send(Event::Done { ticket, result });
    }

    /// Asks the user to choose one of `actions`; `None` when the question was dismissed.
    ///
    /// # Errors
    /// As [`Client::request`].
    pub(crate) async fn choose(
        &self,
        kind: MessageType,
        message: &str,
        actions: &[&str],
    ) -> Result<Option<String>, Failure> {
        let item = |title: &&str| MessageActionItem { title: (*title).to_owned(), ..Default::default() };
        let params = ShowMessageRequestParams {
            kind,
            message: log::redact(message).into_owned(),
            actions: Some(actions.iter().map(item).collect()),
        };
        Ok(self.request::<ShowMessageRequest>(params).await?.map(|item| item.title))
    }

    /// Asks whether something may be executed: in the client's own dialog if it has one, else by a message.
    ///
    /// Answers the value of the chosen action; `None` when the question was dismissed.
    ///
    /// # Errors
    /// As [`Client::request`]; whoever asks must take that for a no.
    pub(crate) async fn approve(
        &self,
        caps: &ClientCaps,
        question: Question,
    ) -> Result<Option<String>, Failure> {
        let known = |value: &String| question.actions.iter().any(|action| action.value == *value);
        if caps.approval {
            let choice = self.request::<Approve>(question.clone()).await?;
            return Ok(Some(choice.value).filter(known));
        }
        let message = [&question.title, &question.target, &question.summary, &question.detail];
        let message: Vec<&str> =
            message.into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        let titles: Vec<&str> = question.actions.iter().map(|action| action.title.as_str()).collect();
        let chosen = self.choose(MessageType::Warning, &message.join("\n"), &titles).await?;
        let action = question.actions.iter().find(|action| Some(&action.title) == chosen.as_ref());
        Ok(action.map(|action| action.value.clone()))
    }
}
