//! A client that speaks raw frames and checks that each request is answered once.

use std::collections::{HashMap, HashSet};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, WriteHalf};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::probes;
use crate::lsp::owner::Config;
use crate::lsp::{commands, handler, serve};
use crate::machine::Machine;

/// Long enough for any machine; reached only when something hangs.
const PATIENCE: Duration = Duration::from_secs(60);

pub(in crate::lsp) struct TestClient {
    runtime: Runtime,
    input: WriteHalf<DuplexStream>,
    /// Read by a task of its own: a client that only writes would block the server.
    output: mpsc::UnboundedReceiver<Vec<u8>>,
    server: JoinHandle<ExitCode>,
    buffer: Vec<u8>,
    next: i64,
    asked: HashSet<i64>,
    answers: HashMap<i64, Value>,
    /// What the server said by itself and no test has looked at yet.
    pub(super) said: Vec<Value>,
}

impl TestClient {
    /// A server with the probes, not initialized.
    pub(super) fn new() -> Self {
        Self::with(probes::handlers(), probes::commands())
    }

    /// A server with the probes, past `initialize` and `initialized`; also the answer.
    pub(super) fn ready(params: Value) -> (Self, Value) {
        let mut client = Self::new();
        let answer = client.initialize(params);
        (client, answer)
    }

    pub(in crate::lsp) fn with(handlers: Vec<handler::Entry>, commands: Vec<commands::Entry>) -> Self {
        Self::impatient(handlers, commands, PATIENCE)
    }

    /// A server that gives reads up after `patience`.
    pub(super) fn impatient(
        handlers: Vec<handler::Entry>,
        commands: Vec<commands::Entry>,
        patience: Duration,
    ) -> Self {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime");
        let (ours, theirs) = tokio::io::duplex(1 << 16);
        let (input, output) = tokio::io::split(theirs);
        let dialects = dialects::all();
        let world = Arc::new(Machine::new(dialects));
        let config = Config {
            dialects,
            world,
            handlers,
            commands,
            runtime: runtime.handle().clone(),
            patience,
            owns_process: false,
        };
        let server = runtime.spawn(serve(input, output, config, |_| ()));
        let (mut reader, input) = tokio::io::split(ours);
        let (sender, output) = mpsc::unbounded_channel();
        runtime.spawn(async move {
            let mut chunk = vec![0; 1 << 16];
            while let Ok(count @ 1..) = reader.read(&mut chunk).await {
                let _ = sender.send(chunk[..count].to_vec());
            }
        });
        Self {
            runtime,
            input,
            output,
            server,
            buffer: Vec::new(),
            next: 1,
            asked: HashSet::new(),
            answers: HashMap::new(),
            said: Vec::new(),
        }
    }

    pub(in crate::lsp) fn initialize(&mut self, params: Value) -> Value {
        let id = self.request("initialize", params);
        let answer = self.answer(id);
        self.notify("initialized", json!({}));
        answer
    }

    /// Sends bytes as they are.
    pub(super) fn raw(&mut self, bytes: &[u8]) {
        self.runtime.block_on(self.input.write_all(bytes)).expect("the server reads");
    }

    pub(super) fn send(&mut self, message: Value) {
        let body = message.to_string();
        self.raw(format!("Content-Length: {}\r\n\r\n{body}", body.len()).as_bytes());
    }

    /// Sends a request and returns its id.
    pub(in crate::lsp) fn request(&mut self, method: &str, params: Value) -> i64 {
        let id = self.next;
        self.next += 1;
        self.asked.insert(id);
        self.send(json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        id
    }

    pub(in crate::lsp) fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    pub(super) fn cancel(&mut self, id: i64) {
        self.notify("$/cancelRequest", json!({"id": id}));
    }

    /// The answer to `id`: its result, or its error as `{"error": code}`.
    pub(in crate::lsp) fn answer(&mut self, id: i64) -> Value {
        loop {
            if let Some(answer) = self.answers.remove(&id) {
                return answer;
            }
            self.receive();
        }
    }

    /// Asks and waits.
    pub(in crate::lsp) fn ask(&mut self, method: &str, params: Value) -> Value {
        let id = self.request(method, params);
        self.answer(id)
    }

    /// The next message of `method` that the server sends by itself.
    pub(super) fn heard(&mut self, method: &str) -> Value {
        loop {
            if let Some(at) = self.said.iter().position(|message| message["method"] == method) {
                return self.said.remove(at);
            }
            self.receive();
        }
    }

    /// Answers a request of the server.
    pub(super) fn reply(&mut self, request: &Value, result: Value) {
        self.send(json!({"jsonrpc": "2.0", "id": request["id"], "result": result}));
    }

    /// Answers a request of the server with an error.
    pub(super) fn refuse(&mut self, request: &Value) {
        self.send(json!({"jsonrpc": "2.0", "id": request["id"], "error": {"code": -32603, "message": "no"}}));
    }

    /// One more answer to `id` is due, because a message with it was sent by hand.
    pub(super) fn expect(&mut self, id: i64) {
        assert!(self.asked.insert(id), "request {id} is not answered yet");
    }

    /// Takes one message, whatever it is.
    pub(super) fn receive(&mut self) {
        let message = self.next_message().expect("the server still speaks");
        if message.get("method").is_some() {
            self.said.push(message);
            return;
        }
        let id = message["id"].as_i64().expect("an id");
        assert!(self.asked.remove(&id), "request {id} was answered twice or never asked");
        let answer = match message.get("error") {
            Some(error) => json!({"error": error["code"], "message": error["message"]}),
            None => message["result"].clone(),
        };
        self.answers.insert(id, answer);
    }

    fn next_message(&mut self) -> Option<Value> {
        loop {
            if let Some(end) = self.buffer.windows(4).position(|window| window == b"\r\n\r\n") {
                let header = String::from_utf8_lossy(&self.buffer[..end]).into_owned();
                let length: usize = header.rsplit(' ').next().expect("a length").parse().expect("a number");
                if self.buffer.len() >= end + 4 + length {
                    let body = self.buffer[end + 4..end + 4 + length].to_vec();
                    self.buffer.drain(..end + 4 + length);
                    return Some(serde_json::from_slice(&body).expect("JSON"));
                }
            }
            let read = self.runtime.block_on(async { timeout(PATIENCE, self.output.recv()).await });
            self.buffer.extend(read.expect("the server hangs")?);
        }
    }

    /// `shutdown` and `exit`; everything must be answered by then.
    pub(in crate::lsp) fn leave(mut self) -> String {
        let id = self.request("shutdown", Value::Null);
        assert_eq!(self.answer(id), Value::Null);
        assert!(self.asked.is_empty(), "unanswered: {:?}", self.asked);
        self.notify("exit", Value::Null);
        self.end()
    }

    /// Waits for the server's end and returns its exit code.
    pub(super) fn end(mut self) -> String {
        while let Some(message) = self.next_message() {
            if let Some(id) = message["id"].as_i64().filter(|_| message.get("method").is_none()) {
                assert!(self.asked.remove(&id), "request {id} was answered twice");
            }
        }
        let server = self.server;
        let code = self.runtime.block_on(async { timeout(PATIENCE, server).await });
        let code = code.expect("the server ends").expect("the server does not panic");
        self.runtime.shutdown_background();
        format!("{code:?}")
    }

    /// Closes the client's end without a word.
    pub(super) fn hang_up(&mut self) {
        self.runtime.block_on(self.input.shutdown()).expect("the stream closes");
    }
}
