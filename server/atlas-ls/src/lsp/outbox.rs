//! Everything the server says, in the order it was said.
//!
//! tower-lsp-server writes answers and the server's own messages from two streams, so that an answer may overtake a
//! notification sent before it: `$/progress` would end after its request. Here both go through one queue, and an
//! answer is released to its stream when the queue reaches it. Invariant: what is pushed before an answer is written
//! before it, and an answer is never lost, not even after [`Outbox::close`].

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use futures::Stream;
use tokio::sync::oneshot;
use tower_lsp_server::jsonrpc::{Request, Response};

/// The queue; clones are the same queue.
#[derive(Clone, Default)]
pub(crate) struct Outbox {
    queue: Arc<Mutex<Queue>>,
}

#[derive(Default)]
struct Queue {
    items: VecDeque<Item>,
    closed: bool,
    reader: Option<Waker>,
}

enum Item {
    Message(Request),
    Answer(oneshot::Sender<Response>, Response),
}

impl Item {
    fn release(self) -> Option<Request> {
        match self {
            Item::Message(request) => Some(request),
            Item::Answer(waiting, response) => {
                // The transport drops the other end only when the connection is gone.
                let _ = waiting.send(response);
                None
            }
        }
    }
}

impl Outbox {
    /// Says `request`, a request or notification of the server.
    pub(crate) fn say(&self, request: Request) {
        self.push(Item::Message(request));
    }

    /// Answers a request of the client.
    pub(crate) fn answer(&self, waiting: oneshot::Sender<Response>, response: Response) {
        self.push(Item::Answer(waiting, response));
    }

    /// After this, messages are dropped and answers need nobody to read the queue.
    pub(crate) fn close(&self) {
        let items = {
            let mut queue = self.lock();
            queue.closed = true;
            std::mem::take(&mut queue.items)
        };
        for item in items {
            item.release();
        }
    }

    fn push(&self, item: Item) {
        let mut queue = self.lock();
        if queue.closed {
            drop(queue);
            item.release();
            return;
        }
        queue.items.push_back(item);
        if let Some(reader) = queue.reader.take() {
            reader.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stream for Outbox {
    type Item = Request;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Request>> {
        let mut queue = self.lock();
        loop {
            match queue.items.pop_front() {
                Some(item) => {
                    if let Some(request) = item.release() {
                        return Poll::Ready(Some(request));
                    }
                }
                None => {
                    queue.reader = Some(cx.waker().clone());
                    return Poll::Pending;
                }
            }
        }
    }
}
