//! Logging: to standard error, and to the client's output panel.
//!
//! Only what this program logs, never the framework's traces, which hold whole documents. Invariant: nothing leaves
//! here that [`redact`] has not gone over.

use std::borrow::Cow;
use std::fmt::{self, Write as _};
use std::io::Write as _;
use std::sync::{Mutex, PoisonError};

use gen_lsp_types::{LogMessageNotification, LogMessageParams, MessageType};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

use super::client::Client;

/// Starts logging for this process; a second call changes only the client that is told.
///
/// The environment variable `ATLAS_LS_LOG` holds the level for standard error: `error`, `warn` (the default),
/// `info`, `debug` or `trace`. The client gets warnings and errors, and everything up to `info` when it traces.
pub(crate) fn start(client: Client) {
    *CLIENT.lock().unwrap_or_else(PoisonError::into_inner) = Some(client);
    let level =
        std::env::var("ATLAS_LS_LOG").ok().and_then(|level| level.parse().ok()).unwrap_or(Level::WARN);
    let subscriber = tracing_subscriber::registry().with(Sink { stderr: level });
    // Fails when logging was started before, which is fine.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

static CLIENT: Mutex<Option<Client>> = Mutex::new(None);

struct Sink {
    stderr: Level,
}

impl<S: Subscriber> Layer<S> for Sink {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        let ours = metadata.target().split("::").next().is_some_and(|name| OURS.contains(&name));
        ours && *metadata.level() <= self.stderr.max(Level::INFO)
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut message = Message::default();
        event.record(&mut message);
        let message = redact(&message.text).into_owned();
        let level = *event.metadata().level();
        if level <= self.stderr {
            // Nobody can be told that standard error is gone.
            let _ = writeln!(std::io::stderr(), "{level} {message}");
        }
        if level <= Level::WARN
            && let Some(client) = &*CLIENT.lock().unwrap_or_else(PoisonError::into_inner)
        {
            let kind = if level == Level::ERROR { MessageType::Error } else { MessageType::Warning };
            client.notify::<LogMessageNotification>(LogMessageParams { kind, message });
        }
    }
}

/// The crates of this program.
const OURS: &[&str] =
    &["atlas_ls", "commands", "registry", "drivers", "dialects", "engine", "project", "ide"];

#[derive(Default)]
struct Message {
    text: String,
}

impl Visit for Message {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        // Writing to a string cannot fail.
        let _ = match field.name() {
            "message" => write!(self.text, "{value:?}"),
            name => write!(self.text, " {name}={value:?}"),
        };
    }
}

/// `text` without the passwords of the URLs in it: `postgres://user:xxxxx@host/db`.
///
/// A password is what stands between the first `:` and the last `@` of the authority; parameters whose name says
/// that they hold a secret are treated alike.
pub(crate) fn redact(text: &str) -> Cow<'_, str> {
    if !text.contains("://") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (head, tail) = rest.split_at(at + 3);
        out.push_str(head);
        let end = tail
            .find(|ch: char| ch.is_whitespace() || matches!(ch, '"' | '`' | '<' | '>'))
            .unwrap_or(tail.len());
        url(&tail[..end], &mut out);
        rest = &tail[end..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

fn url(rest: &str, out: &mut String) {
    // A password may hold any sign, so the authority reaches to the last `@`.
    let rest = match rest.rfind('@').map(|at| rest.split_at(at)) {
        Some((user, host)) => {
            match user.split_once(':') {
                Some((name, _)) => {
                    out.push_str(name);
                    out.push_str(":xxxxx");
                }
                None => out.push_str(user),
            }
            host
        }
        None => rest,
    };
    let Some((path, query)) = rest.split_once('?') else {
        out.push_str(rest);
        return;
    };
    out.push_str(path);
    let mut sign = '?';
    for pair in query.split('&') {
        out.push(sign);
        sign = '&';
        match pair.split_once('=') {
            Some((name, _)) if secret(name) => {
                out.push_str(name);
                out.push_str("=xxxxx");
            }
            _ => out.push_str(pair),
        }
    }
}

fn secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["pass", "pwd", "token", "secret", "key", "auth"].iter().any(|word| name.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_of_urls_are_cut_out() {
        for (text, clean) in [
            ("no url: a:b@c", "no url: a:b@c"),
            (
                "cannot open postgres://bob:s3cr:et@db:5432/x?sslmode=off.",
                "cannot open postgres://bob:xxxxx@db:5432/x?sslmode=off.",
            ),
            (
                "\"mysql://root:p@ss/w#d@h/db\" and sqlite://a.db",
                "\"mysql://root:xxxxx@h/db\" and sqlite://a.db",
            ),
            (
                "postgres://bob@h/x?password=abc&x=1&authToken=t",
                "postgres://bob@h/x?password=xxxxx&x=1&authToken=xxxxx",
            ),
            ("://:p@h ://", "://:xxxxx@h ://"),
        ] {
            assert_eq!(redact(text), clean);
        }
    }
}
