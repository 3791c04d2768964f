//! Lets only whole, well-formed messages through to the framework, which would stop reading at the first bad one.
//!
//! A message that is not JSON-RPC is reported to the owner, who logs it, and skipped; bytes outside any message are
//! dropped. Invariant: what comes out is a sequence of frames the framework accepts, and the end of input is told to
//! the owner once.

use std::borrow::Cow;
use std::io;
use std::pin::Pin;
use std::sync::mpsc;
use std::task::{Context, Poll, ready};

use serde::Deserialize;
use serde::de::IgnoredAny;
use tokio::io::{AsyncRead, ReadBuf};

use crate::lsp::event::Event;
use crate::lsp::outbox::Outbox;

const HEADER: &[u8] = b"Content-Length:";

/// An `AsyncRead` over `inner` that yields only good frames.
pub(super) struct Frames<I> {
    inner: I,
    /// Bytes read and not yet judged.
    raw: Vec<u8>,
    /// A frame that was found good, and how much of it was handed out.
    good: Vec<u8>,
    given: usize,
    ended: bool,
    events: mpsc::Sender<Event>,
    outbox: Outbox,
}

impl<I> Frames<I> {
    pub(super) fn new(inner: I, events: mpsc::Sender<Event>, outbox: Outbox) -> Self {
        Self { inner, raw: Vec::new(), good: Vec::new(), given: 0, ended: false, events, outbox }
    }

    /// Moves the next good frame from `raw` to `good`; false when more bytes are needed.
    fn advance(&mut self) -> bool {
        loop {
            match next(&self.raw) {
                Next::More => return false,
                Next::Skip(bytes) => {
                    self.raw.drain(..bytes);
                }
                Next::Frame { body, end } => {
                    let verdict = judge(&self.raw[body..end]);
                    match verdict {
                        Ok(()) => {
                            self.good.clear();
                            self.given = 0;
                            // The header is written anew, so that an odd charset or field stops nothing.
                            self.good.extend(format!("Content-Length: {}\r\n\r\n", end - body).bytes());
                            self.good.extend_from_slice(&self.raw[body..end]);
                            self.raw.drain(..end);
                            return true;
                        }
                        Err(bad) => {
                            self.raw.drain(..end);
                            let _ = self.events.send(Event::Malformed(bad));
                        }
                    }
                }
            }
        }
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Frames<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        loop {
            if this.given < this.good.len() {
                let count = buf.remaining().min(this.good.len() - this.given);
                buf.put_slice(&this.good[this.given..this.given + count]);
                this.given += count;
                return Poll::Ready(Ok(()));
            }
            if this.advance() {
                continue;
            }
            if this.ended {
                return Poll::Ready(Ok(()));
            }
            let mut chunk = [0u8; 16 * 1024];
            let mut read = ReadBuf::new(&mut chunk);
            let outcome = ready!(Pin::new(&mut this.inner).poll_read(cx, &mut read));
            if outcome.is_err() || read.filled().is_empty() {
                this.ended = true;
                let _ = this.events.send(Event::Closed);
                this.outbox.close();
            } else {
                this.raw.extend_from_slice(read.filled());
            }
        }
    }
}

enum Next {
    /// Not enough bytes to tell.
    More,
    /// So many bytes belong to no message.
    Skip(usize),
    Frame {
        body: usize,
        end: usize,
    },
}

/// Finds the frame at the start of `raw`.
fn next(raw: &[u8]) -> Next {
    let Some(headers) = find(raw, b"\r\n\r\n") else {
        return Next::More;
    };
    let body = headers + 4;
    let length = raw[..headers]
        .split(|byte| *byte == b'\n')
        .filter_map(|line| strip_ignoring_case(line, HEADER))
        .find_map(|value| std::str::from_utf8(value).ok()?.trim().parse::<usize>().ok());
    match length {
        Some(length) => match body.checked_add(length) {
            Some(end) if end <= raw.len() => Next::Frame { body, end },
            Some(_) => Next::More,
            None => Next::Skip(body),
        },
        // Garbage before a message: go on where the next header starts.
        None => match find(&raw[..headers], HEADER) {
            Some(at) if at > 0 => Next::Skip(at),
            _ => Next::Skip(body),
        },
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|window| window == needle)
}

fn strip_ignoring_case<'a>(line: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    let (head, tail) = line.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(tail)
}

/// What is wrong with a message that could be framed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Malformed {
    /// Not JSON in UTF-8.
    Json,
    /// JSON, but neither request, notification nor response.
    Message,
}

fn judge(body: &[u8]) -> Result<(), Malformed> {
    let text = std::str::from_utf8(body).map_err(|_| Malformed::Json)?;
    let shape: Shape<'_> = serde_json::from_str(text)
        .map_err(|error| if error.is_data() { Malformed::Message } else { Malformed::Json })?;
    let request = shape.method.is_some();
    let response = shape.id.is_some() && (shape.result.is_some() || shape.error.is_some());
    if shape.jsonrpc == "2.0" && (request || response) { Ok(()) } else { Err(Malformed::Message) }
}

/// As much of a message as decides whether the framework will take it.
#[derive(Deserialize)]
struct Shape<'a> {
    #[serde(borrow)]
    jsonrpc: Cow<'a, str>,
    #[serde(borrow, default)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow, default, deserialize_with = "some")]
    id: Option<IdShape<'a>>,
    #[serde(default, deserialize_with = "some")]
    result: Option<IgnoredAny>,
    #[serde(default)]
    error: Option<ErrorShape>,
}

/// An `id` of null is there, and is not the same as none.
fn some<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[derive(Deserialize)]
#[serde(untagged)]
#[allow(dead_code)]
enum IdShape<'a> {
    Number(i64),
    #[serde(borrow)]
    Text(Cow<'a, str>),
    Null(()),
}

#[derive(Deserialize)]
#[allow(dead_code)]
struct ErrorShape {
    code: i64,
    message: IgnoredAny,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(input: &str) -> Vec<String> {
        let mut raw = input.as_bytes().to_vec();
        let mut out = Vec::new();
        loop {
            match next(&raw) {
                Next::More => return out,
                Next::Skip(bytes) => {
                    out.push(format!("skip {:?}", String::from_utf8_lossy(&raw[..bytes])));
                    raw.drain(..bytes);
                }
                Next::Frame { body, end } => {
                    out.push(String::from_utf8_lossy(&raw[body..end]).into_owned());
                    raw.drain(..end);
                }
            }
        }
    }

    #[test]
    fn frames_follow_each_other() {
        assert_eq!(
            frames("Content-Length: 2\r\n\r\n{}content-length:3\r\nX: y\r\n\r\nabcCont"),
            ["{}", "abc"]
        );
    }

    #[test]
    fn garbage_between_frames_is_skipped() {
        assert_eq!(
            frames("hello\r\nContent-Length: x\r\n\r\nContent-Length: 1\r\n\r\n7"),
            ["skip \"hello\\r\\n\"", "skip \"Content-Length: x\\r\\n\\r\\n\"", "7"]
        );
    }

    #[test]
    fn a_frame_that_is_not_all_there_waits() {
        assert!(matches!(next(b"Content-Length: 5\r\n\r\nabcd"), Next::More));
    }

    #[test]
    fn only_messages_of_json_rpc_pass() {
        for good in [
            r#"{"jsonrpc":"2.0","method":"x"}"#,
            r#"{"jsonrpc":"2.0","method":"x","id":1,"params":[{"a":1e400}]}"#,
            r#"{"jsonrpc":"2.0","id":null,"result":null}"#,
            r#"{"jsonrpc":"2.0","id":"a","error":{"code":-1,"message":"m"}}"#,
        ] {
            assert_eq!(judge(good.as_bytes()), Ok(()), "{good}");
        }
        for (bad, verdict) in [
            ("{", Malformed::Json),
            ("[]", Malformed::Message),
            (r#"{"jsonrpc":"2.0"}"#, Malformed::Message),
            (r#"{"jsonrpc":"1.0","method":"x"}"#, Malformed::Message),
            (r#"{"jsonrpc":"2.0","id":{},"method":"x"}"#, Malformed::Message),
            (r#"{"jsonrpc":"2.0","id":1.5,"method":"x"}"#, Malformed::Message),
        ] {
            assert_eq!(judge(bad.as_bytes()), Err(verdict), "{bad}");
        }
        assert_eq!(judge(b"{\"jsonrpc\":\"2.0\",\"method\":\"\xff\"}"), Err(Malformed::Json));
    }
}
