//! The requests that wait for an answer.
//!
//! Invariant: an entry is taken out by the one who answers it, so that nobody can answer twice; what is dropped with
//! the table was never answerable, because the connection is gone.

use std::collections::{BTreeMap, HashMap};
use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::oneshot;
use tower_lsp_server::jsonrpc::{Id, Response};

use crate::lsp::cancel::{Cancel, Reason};
use crate::lsp::documents::Key;
use crate::lsp::handler::Stale;
use crate::lsp::lanes::Lane;

/// One request that was not answered yet.
pub(crate) struct Waiting {
    pub(crate) id: Id,
    pub(crate) answer: oneshot::Sender<Response>,
    pub(crate) cancel: Cancel,
    pub(crate) since: Instant,
    /// The method or command, for the log.
    pub(crate) name: String,
    pub(crate) lane: Lane,
    pub(crate) document: Option<Key>,
    pub(crate) stale: Stale,
    /// The handler and the parameters to start it again with.
    pub(crate) again: Option<(usize, Value)>,
}

/// Requests by ticket, a number of ours that no client can repeat.
pub(super) struct Pending {
    patience: Duration,
    waiting: BTreeMap<u64, Waiting>,
    by_id: HashMap<Id, u64>,
    last: u64,
    reruns: Vec<u64>,
}

impl Pending {
    pub(super) fn new(patience: Duration) -> Self {
        Self { patience, waiting: BTreeMap::new(), by_id: HashMap::new(), last: 0, reruns: Vec::new() }
    }

    /// Adds a request; gives it back when its id is in use.
    pub(super) fn add(&mut self, waiting: Waiting) -> Result<u64, Box<Waiting>> {
        if self.by_id.contains_key(&waiting.id) {
            return Err(Box::new(waiting));
        }
        self.last += 1;
        self.by_id.insert(waiting.id.clone(), self.last);
        self.waiting.insert(self.last, waiting);
        Ok(self.last)
    }

    pub(super) fn take(&mut self, ticket: u64) -> Option<Waiting> {
        let waiting = self.waiting.remove(&ticket)?;
        self.by_id.remove(&waiting.id);
        Some(waiting)
    }

    pub(super) fn take_id(&mut self, id: &Id) -> Option<Waiting> {
        let ticket = *self.by_id.get(id)?;
        self.take(ticket)
    }

    /// The requests about a document.
    pub(super) fn about(&self, key: &Key) -> Vec<(u64, Stale)> {
        let about = self.waiting.iter().filter(|(_, waiting)| waiting.document.as_ref() == Some(key));
        about.map(|(ticket, waiting)| (*ticket, waiting.stale)).collect()
    }

    /// Stops a request and marks it to be started again, under a new ticket: what its first run still reports is
    /// nobody's.
    pub(super) fn rerun(&mut self, ticket: u64) {
        let Some(mut waiting) = self.waiting.remove(&ticket) else {
            return;
        };
        waiting.cancel.cancel(Reason::Stale);
        waiting.cancel = Cancel::default();
        self.last += 1;
        self.by_id.insert(waiting.id.clone(), self.last);
        self.waiting.insert(self.last, waiting);
        self.reruns.retain(|marked| *marked != ticket);
        self.reruns.push(self.last);
    }

    /// The requests to start again: ticket, handler, parameters.
    pub(super) fn reruns(&mut self) -> Vec<(u64, usize, Value, Cancel)> {
        let marked = std::mem::take(&mut self.reruns);
        let again = |ticket: u64| {
            let waiting = self.waiting.get(&ticket)?;
            let (at, params) = waiting.again.clone()?;
            Some((ticket, at, params, waiting.cancel.clone()))
        };
        marked.into_iter().filter_map(again).collect()
    }

    /// Every request, to be answered by the caller.
    pub(super) fn drain(&mut self) -> Vec<Waiting> {
        self.by_id.clear();
        self.reruns.clear();
        std::mem::take(&mut self.waiting).into_values().collect()
    }

    /// Stops everything; there is nobody left to answer.
    pub(super) fn give_up(&mut self) {
        for waiting in self.drain() {
            waiting.cancel.cancel(Reason::GivenUp);
        }
    }

    /// How long until a read is overdue. Commands may take as long as they do.
    pub(super) fn next_deadline(&self) -> Option<Duration> {
        let oldest =
            self.waiting.values().filter(|waiting| is_read(waiting)).map(|waiting| waiting.since).min()?;
        Some(self.patience.saturating_sub(oldest.elapsed()))
    }

    /// Takes the reads that are overdue.
    pub(super) fn overdue(&mut self) -> Vec<Waiting> {
        let overdue = |waiting: &Waiting| is_read(waiting) && waiting.since.elapsed() >= self.patience;
        let tickets = self.waiting.iter().filter(|(_, waiting)| overdue(waiting)).map(|(ticket, _)| *ticket);
        let tickets: Vec<u64> = tickets.collect();
        tickets.into_iter().filter_map(|ticket| self.take(ticket)).collect()
    }
}

fn is_read(waiting: &Waiting) -> bool {
    matches!(waiting.lane, Lane::Latency | Lane::Worker)
}
