//! The owner loop: one thread that owns all state and takes one event at a time.
//!
//! It never computes: reads go to the lanes with a snapshot, and come back as events. Edits that wait together are
//! applied together before anything is started from them. Invariant: every request is answered exactly once, because
//! an answer needs the entry of [`Pending`] and takes it away.

mod pending;
mod state;

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::{Arc, mpsc};
use std::time::{Duration, Instant};

use ::commands::World;
use engine::Dialects;
use gen_lsp_types::{LogTraceNotification, LogTraceParams, ProgressToken};
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::oneshot;
use tower_lsp_server::jsonrpc::{self, Id, Request, Response};

use self::pending::Pending;
use super::background::{self, Background};
use super::cancel::{Cancel, Reason};
use super::client::Client;
use super::documents::Key;
use super::event::{Event, Reply};
use super::failure::Failure;
use super::handler::{Entry, Stale, panicked};
use super::lanes::Lanes;
use super::outbox::Outbox;
use super::snapshot::Snapshot;
use super::{commands, lifecycle, notices};

pub(crate) use self::pending::Waiting;
pub(crate) use self::state::{Looked, Phase, State, Trace};

/// How long one event may keep the loop before it is worth a word in the log.
const LONG_TURN: Duration = Duration::from_millis(100);

/// What the loop needs from outside.
pub(crate) struct Config {
    /// Everything that can be asked.
    pub(crate) handlers: Vec<Entry>,
    /// Everything that can be executed.
    pub(crate) commands: Vec<commands::Entry>,
    pub(crate) dialects: Dialects,
    pub(crate) world: Arc<dyn World>,
    pub(crate) runtime: Handle,
    /// How long a read may run before it is answered for it.
    pub(crate) patience: Duration,
    /// The server is all there is in this process, so it may choose the working directory.
    pub(crate) owns_process: bool,
}

/// All state, and the thread's end of every channel.
pub(crate) struct Owner {
    pub(crate) state: State,
    pub(crate) client: Client,
    pub(crate) lanes: Lanes,
    pub(crate) handlers: Arc<[Entry]>,
    pub(crate) commands: Arc<[commands::Entry]>,
    pub(crate) world: Arc<dyn World>,
    pub(crate) background: Background,
    pub(crate) owns_process: bool,
    methods: HashMap<&'static str, usize>,
    pending: Pending,
    /// Who waits for the client's answer to which of our requests.
    asked: HashMap<i64, Reply>,
    next_ask: i64,
    progress: Vec<(ProgressToken, Cancel)>,
    events: mpsc::Receiver<Event>,
    outbox: Outbox,
    /// Commands that wait for the state to change.
    waiting: Vec<oneshot::Sender<Snapshot>>,
    /// Searches for configurations that still run.
    pub(crate) searches: usize,
    /// Commands that wait until the configurations are known.
    unfound: Vec<oneshot::Sender<Snapshot>>,
    exit: Option<u8>,
}

impl Owner {
    pub(crate) fn new(
        config: Config,
        events: mpsc::Receiver<Event>,
        sender: mpsc::Sender<Event>,
        outbox: Outbox,
    ) -> Self {
        let handlers: Arc<[Entry]> = config.handlers.into();
        let methods = handlers.iter().enumerate().map(|(at, entry)| (entry.method.as_str(), at)).collect();
        Self {
            state: State::new(config.dialects),
            world: config.world,
            background: Background::default(),
            owns_process: config.owns_process,
            client: Client::new(sender, outbox.clone()),
            lanes: Lanes::new(config.runtime),
            handlers,
            commands: config.commands.into(),
            methods,
            pending: Pending::new(config.patience),
            asked: HashMap::new(),
            next_ask: 1,
            progress: Vec::new(),
            events,
            outbox,
            waiting: Vec::new(),
            searches: 0,
            unfound: Vec::new(),
            exit: None,
        }
    }

    /// Runs until the client leaves; the code is the process'.
    pub(crate) fn run(mut self) -> ExitCode {
        while let Some(event) = self.next() {
            self.guarded(event);
            // What waits already is taken before anything is started, so that edits are told once.
            while self.exit.is_none()
                && let Ok(event) = self.events.try_recv()
            {
                self.guarded(event);
            }
            if let Some(code) = self.exit {
                self.pending.give_up();
                return ExitCode::from(code);
            }
            self.settle();
        }
        ExitCode::from(1)
    }

    fn next(&mut self) -> Option<Event> {
        loop {
            let Some(wait) = self.pending.next_deadline() else {
                return self.events.recv().ok();
            };
            match self.events.recv_timeout(wait) {
                Ok(event) => return Some(event),
                Err(mpsc::RecvTimeoutError::Timeout) => self.watch(),
                Err(mpsc::RecvTimeoutError::Disconnected) => return None,
            }
        }
    }

    /// Takes one event; a panic harms this event only.
    fn guarded(&mut self, event: Event) {
        let since = Instant::now();
        if let Err(panic) = catch_unwind(AssertUnwindSafe(|| self.take(event))) {
            panicked("the owner loop", &*panic);
        }
        let took = since.elapsed();
        if took > LONG_TURN {
            tracing::info!("a turn of the owner loop took {took:?}");
        }
    }

    fn take(&mut self, event: Event) {
        match event {
            Event::Message { request, answer: Some(answer) } => self.request(request, answer),
            Event::Message { request, answer: None } => self.notification(request),
            Event::Reply(response) => self.reply(response),
            Event::Ask { method, params, reply } => self.ask(method, params, reply),
            Event::Done { ticket, result } => self.done(ticket, result),
            Event::Then(work) => work(self),
            Event::Malformed(what) => tracing::warn!("a message was skipped that is no JSON-RPC ({what:?})"),
            Event::Closed => self.exit = self.exit.or(Some(1)),
        }
    }

    fn request(&mut self, request: Request, answer: oneshot::Sender<Response>) {
        let (method, id, params) = request.into_parts();
        let id = id.unwrap_or_default();
        let params = params.unwrap_or(Value::Null);
        let result = match (method.as_ref(), self.state.phase) {
            ("initialize", Phase::New) => lifecycle::initialize(self, params),
            ("initialize", _) => Err(Failure::OutOfOrder("the server is initialized already".into())),
            (_, Phase::New) => Err(Failure::NotInitialized),
            (_, Phase::ShutDown) => Err(Failure::OutOfOrder("the server was shut down".into())),
            ("shutdown", _) => Ok(self.shut_down()),
            ("workspace/executeCommand", _) => return commands::start(self, id, answer, params),
            (method, _) => match self.methods.get(method) {
                Some(&at) => return self.read(at, id, answer, params),
                None => Err(Failure::Unknown(format!("no method {method}"))),
            },
        };
        self.reply_to(answer, Response::from_parts(id, result.map_err(jsonrpc::Error::from)));
    }

    /// Sends a read to its lane.
    fn read(&mut self, at: usize, id: Id, answer: oneshot::Sender<Response>, params: Value) {
        let entry = &self.handlers[at];
        let waiting = Waiting {
            id,
            answer,
            cancel: Cancel::default(),
            since: Instant::now(),
            name: entry.method.as_str().to_owned(),
            lane: entry.lane,
            document: document_of(&params),
            stale: entry.stale,
            again: (entry.stale == Stale::Rerun).then(|| (at, params.clone())),
        };
        if let Some((ticket, cancel)) = self.admit(waiting) {
            self.start(at, ticket, params, cancel);
        }
    }

    /// Remembers a request, unless its id is taken by another that still runs.
    pub(crate) fn admit(&mut self, waiting: Waiting) -> Option<(u64, Cancel)> {
        let cancel = waiting.cancel.clone();
        match self.pending.add(waiting) {
            Ok(ticket) => Some((ticket, cancel)),
            Err(waiting) => {
                let failure = Failure::OutOfOrder("a request with this id is still running".into());
                self.answer(*waiting, Err(failure));
                None
            }
        }
    }

    fn start(&mut self, at: usize, ticket: u64, params: Value, cancel: Cancel) {
        let handlers = Arc::clone(&self.handlers);
        let snapshot = self.state.snapshot();
        let client = self.client.clone();
        let lane = handlers[at].lane;
        self.lanes.run(
            lane,
            Box::new(move || client.done(ticket, handlers[at].answer(&snapshot, params, &cancel))),
        );
    }

    fn done(&mut self, ticket: u64, result: Result<Value, Failure>) {
        if let Some(waiting) = self.pending.take(ticket) {
            self.answer(waiting, result);
        }
    }

    fn answer(&mut self, waiting: Waiting, result: Result<Value, Failure>) {
        if let Err(failure @ (Failure::Internal(_) | Failure::Failed(_))) = &result {
            tracing::info!("{}: {failure:?}", waiting.name);
        }
        if self.state.trace != Trace::Off {
            self.trace(&waiting, &result);
        }
        let response = Response::from_parts(waiting.id, result.map_err(jsonrpc::Error::from));
        self.outbox.answer(waiting.answer, response);
    }

    /// Tells the client how long a request took; never what it was about, which may be secret.
    fn trace(&self, waiting: &Waiting, result: &Result<Value, Failure>) {
        let outcome = match result {
            Ok(_) => "answered",
            Err(Failure::Cancelled) => "cancelled",
            Err(Failure::Stale) => "outdated by an edit",
            Err(_) => "failed",
        };
        let message = format!("{}: {outcome} after {:.1?}", waiting.name, waiting.since.elapsed());
        let verbose = (self.state.trace == Trace::Verbose)
            .then(|| format!("id {}, {:?} lane", waiting.id, waiting.lane));
        self.client.notify::<LogTraceNotification>(LogTraceParams { message, verbose });
    }

    /// Answers a request that never was pending.
    pub(crate) fn reply_to(&self, answer: oneshot::Sender<Response>, response: Response) {
        self.outbox.answer(answer, response);
    }

    fn notification(&mut self, request: Request) {
        let (method, _, params) = request.into_parts();
        let params = params.unwrap_or(Value::Null);
        let result = match (method.as_ref(), self.state.phase) {
            ("exit", phase) => {
                // LSP: success only when `shutdown` came before.
                self.exit = Some(u8::from(phase != Phase::ShutDown));
                Ok(())
            }
            (_, Phase::New | Phase::ShutDown) => Ok(()),
            ("$/cancelRequest", _) => {
                self.cancel(&params);
                Ok(())
            }
            (method, _) => match notices::find(method) {
                Some(notice) => (notice.take)(self, params),
                // Clients may send what starts with `$/` to servers that do not know it.
                None if method.starts_with("$/") => Ok(()),
                None => Err(Failure::Unknown("nothing listens to it".into())),
            },
        };
        if let Err(failure) = result {
            tracing::warn!("{method}: {failure:?}");
        }
    }

    fn cancel(&mut self, params: &Value) {
        let id = params.get("id").cloned().and_then(|id| serde_json::from_value::<Id>(id).ok());
        if let Some(waiting) = id.and_then(|id| self.pending.take_id(&id)) {
            waiting.cancel.cancel(Reason::Asked);
            self.answer(waiting, Err(Failure::Cancelled));
        }
    }

    /// Ends or restarts the reads of a document that was edited just now.
    pub(crate) fn edited(&mut self, key: &Key) {
        for (ticket, stale) in self.pending.about(key) {
            match stale {
                Stale::Finish => {}
                Stale::Refuse => {
                    if let Some(waiting) = self.pending.take(ticket) {
                        waiting.cancel.cancel(Reason::Stale);
                        self.answer(waiting, Err(Failure::Stale));
                    }
                }
                Stale::Rerun => self.pending.rerun(ticket),
            }
        }
        self.state.touch();
    }

    /// Starts what waited for the state to settle, once for all edits of a turn.
    fn settle(&mut self) {
        for (ticket, at, params, cancel) in self.pending.reruns() {
            self.start(at, ticket, params, cancel);
        }
        let changed = self.state.settle();
        if changed && !self.waiting.is_empty() {
            let snapshot = self.state.snapshot();
            for waiting in self.waiting.drain(..) {
                // A command that gave up has dropped its end.
                let _ = waiting.send(snapshot.clone());
            }
        }
        if !self.unfound.is_empty() && self.found() {
            let snapshot = self.state.snapshot();
            for waiting in self.unfound.drain(..) {
                let _ = waiting.send(snapshot.clone());
            }
        }
        if changed && self.state.phase == Phase::Running {
            background::start(self);
        }
    }

    /// Whether the search for configurations is over, and what it found is read.
    fn found(&self) -> bool {
        let reading = |want: &project::Want| matches!(want, project::Want::File(_));
        self.searches == 0 && !self.state.workspace.fetching.iter().any(reading)
    }

    /// The first state in which the configurations are known; `None` when that is now.
    pub(crate) fn when_found(&mut self) -> Option<oneshot::Receiver<Snapshot>> {
        if self.found() {
            return None;
        }
        let (sender, found) = oneshot::channel();
        self.unfound.push(sender);
        Some(found)
    }

    /// Sends the first state after `revision`.
    pub(crate) fn when_changed(&mut self, revision: u64, waiting: oneshot::Sender<Snapshot>) {
        if self.state.revision() > revision {
            let _ = waiting.send(self.state.snapshot());
        } else {
            self.waiting.push(waiting);
        }
    }

    /// Looks after requests that run too long.
    fn watch(&mut self) {
        for waiting in self.pending.overdue() {
            tracing::error!("{} was given up", waiting.name);
            waiting.cancel.cancel(Reason::GivenUp);
            self.lanes.replace(waiting.lane);
            let message = format!("{} took too long and was given up", waiting.name);
            self.answer(waiting, Err(Failure::Failed(message)));
        }
    }

    fn shut_down(&mut self) -> Value {
        self.state.phase = Phase::ShutDown;
        for waiting in self.pending.drain() {
            waiting.cancel.cancel(Reason::GivenUp);
            self.answer(waiting, Err(Failure::Cancelled));
        }
        Value::Null
    }

    fn ask(&mut self, method: &'static str, params: Value, reply: Reply) {
        let id = self.next_ask;
        self.next_ask += 1;
        self.asked.insert(id, reply);
        self.outbox.say(Request::build(method).id(id).params(params).finish());
    }

    fn reply(&mut self, response: Response) {
        let (id, result) = response.into_parts();
        let reply = match id {
            Id::Number(id) => self.asked.remove(&id),
            _ => None,
        };
        match reply {
            Some(reply) => reply(self, result),
            None => tracing::warn!("the client answered a request nobody made"),
        }
    }

    /// Lets the user's cancel button on `token` set `cancel`.
    pub(crate) fn watch_progress(&mut self, token: ProgressToken, cancel: Cancel) {
        self.progress.push((token, cancel));
    }

    /// The work under `token` is over.
    pub(crate) fn forget_progress(&mut self, token: &ProgressToken) {
        self.progress.retain(|(known, _)| known != token);
    }

    /// The user pressed the cancel button of `token`.
    pub(crate) fn cancel_progress(&mut self, token: &ProgressToken) {
        for (_, cancel) in self.progress.iter().filter(|(known, _)| known == token) {
            cancel.cancel(Reason::Asked);
        }
    }
}

/// The document a request is about, wherever LSP puts it.
fn document_of(params: &Value) -> Option<Key> {
    let uri = params.pointer("/textDocument/uri")?.as_str()?;
    gen_lsp_types::Uri::parse(uri).ok().map(|uri| Key::of(&uri))
}
