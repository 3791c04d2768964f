//! The language server: a thin front end between an editor and `ide`, `commands` and `project`.
//!
//! Messages arrive in order ([`transport`]), one thread owns all state ([`owner`]), reads run on snapshots in
//! [`lanes`], and each method is one small [`handler`]. LSP's types and its positions end here. Invariant: what is
//! advertised is handled and what is handled is advertised; every request is answered exactly once.

mod background;
mod cancel;
mod client;
mod commands;
mod convert;
mod diagnostics;
mod discover;
mod documents;
mod event;
mod ext;
mod failure;
mod handler;
mod handlers;
mod lanes;
mod lifecycle;
mod log;
mod migration_uri;
mod notices;
mod outbox;
mod owner;
mod plan_uri;
mod plans;
mod settings;
mod snapshot;
mod transport;
mod workspace;
mod world;

#[cfg(test)]
mod tests;

use std::process::ExitCode;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::runtime::Builder;

use crate::machine::Machine;

use self::client::Client;
use self::outbox::Outbox;
use self::owner::{Config, Owner};

pub use self::settings::{Kind, Scope, Setting, settings};

/// How long a read may run before it is answered for it and its thread replaced.
const PATIENCE: Duration = Duration::from_secs(10);

/// Serves one client on standard input and output until it leaves.
///
/// Success means the client said `shutdown` and then `exit` (LSP 3.17, "Exit Notification").
pub fn run_stdio() -> ExitCode {
    let runtime = match Builder::new_multi_thread().worker_threads(2).enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            tracing::error!("no asynchronous runtime: {error}");
            return ExitCode::from(1);
        }
    };
    let config = Config {
        handlers: handlers::all(),
        commands: commands::all(),
        dialects: dialects::all(),
        world: Arc::new(Machine::new(dialects::all())),
        runtime: runtime.handle().clone(),
        patience: PATIENCE,
        owns_process: true,
    };
    let code = runtime.block_on(serve(tokio::io::stdin(), tokio::io::stdout(), config, log::start));
    // A thread may still sit in a read of standard input that never returns.
    runtime.shutdown_background();
    code
}

/// Serves one client on any pair of streams. `ready` gets the client before its first message is taken.
async fn serve<I, O>(input: I, output: O, config: Config, ready: impl FnOnce(Client)) -> ExitCode
where
    I: AsyncRead + Unpin,
    O: AsyncWrite,
{
    let (sender, events) = mpsc::channel();
    let outbox = Outbox::default();
    ready(Client::new(sender.clone(), outbox.clone()));
    let owner = Owner::new(config, events, sender.clone(), outbox.clone());
    let (finished, code) = tokio::sync::oneshot::channel();
    let spawned = thread::Builder::new().name("atlas-owner".into()).stack_size(16 << 20).spawn(move || {
        // Nobody listens any more when the transport failed first.
        let _ = finished.send(owner.run());
    });
    if let Err(error) = spawned {
        tracing::error!("no thread for the owner loop: {error}");
        return ExitCode::from(1);
    }
    transport::serve(input, output, sender, outbox).await;
    code.await.unwrap_or(ExitCode::from(1))
}
