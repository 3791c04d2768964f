//! The wire: framing by tower-lsp-server, order by us.
//!
//! `Server::serve` calls our [`Edge`] synchronously and in arrival order; it only hands each message to the owner
//! loop and returns a future for the answer. No state and no decision lives here. Invariant: the owner receives the
//! messages of the client in the order in which they were written.

mod frames;

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context, Poll};

use futures::Sink;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::oneshot;
use tower::Service;
use tower_lsp_server::jsonrpc::{Request, Response};
use tower_lsp_server::{Loopback, Server};

use self::frames::Frames;
use super::event::Event;
use super::outbox::Outbox;

pub(crate) use self::frames::Malformed;

/// Carries messages both ways until the client says `exit` or closes its end.
pub(crate) async fn serve<I, O>(input: I, output: O, events: mpsc::Sender<Event>, outbox: Outbox)
where
    I: AsyncRead + Unpin,
    O: AsyncWrite,
{
    let input = Frames::new(input, events.clone(), outbox.clone());
    let socket = Socket { events: events.clone(), outbox: outbox.clone() };
    Server::new(input, output, socket).concurrency_level(usize::MAX).serve(Edge { events, outbox }).await;
}

/// The client's requests and notifications, on their way to the owner.
struct Edge {
    events: mpsc::Sender<Event>,
    outbox: Outbox,
}

impl Service<Request> for Edge {
    type Response = Option<Response>;
    type Error = Infallible;
    type Future = Answer;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Answer {
        let exit = request.method() == "exit";
        let (answer, waiting) = match request.id() {
            None => (None, None),
            Some(_) => {
                let (answer, waiting) = oneshot::channel();
                (Some(answer), Some(waiting))
            }
        };
        // When the owner is gone the answer is dropped here, and `waiting` ends with it.
        let _ = self.events.send(Event::Message { request, answer });
        if exit {
            self.outbox.close();
        }
        Answer { waiting }
    }
}

/// Resolves to what the owner answers; to nothing for a notification.
struct Answer {
    waiting: Option<oneshot::Receiver<Response>>,
}

impl Future for Answer {
    type Output = Result<Option<Response>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match &mut self.waiting {
            None => Poll::Ready(Ok(None)),
            Some(waiting) => Pin::new(waiting).poll(cx).map(|response| Ok(response.ok())),
        }
    }
}

/// The server's own requests, and the client's answers to them.
struct Socket {
    events: mpsc::Sender<Event>,
    outbox: Outbox,
}

impl Loopback for Socket {
    type RequestStream = Outbox;
    type ResponseSink = Replies;

    fn split(self) -> (Outbox, Replies) {
        (self.outbox, Replies { events: self.events })
    }
}

struct Replies {
    events: mpsc::Sender<Event>,
}

impl Sink<Response> for Replies {
    type Error = Infallible;

    fn poll_ready(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn start_send(self: Pin<&mut Self>, response: Response) -> Result<(), Infallible> {
        let _ = self.events.send(Event::Reply(response));
        Ok(())
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }
}
