//! A language client that speaks stdio to the binary under test.
//!
//! It is an honest editor: it keeps its own copy of every open file, answers what the server asks, and at the end
//! insists that the server answered everything it was asked and left with code 0. It is no mock of any one editor.
//! Invariant: messages are handled in the order in which they came.

mod document;
pub mod wire;

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::io::{BufReader, Read};
use std::ops::Range;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

pub use self::document::{Document, Encoding};
use crate::Workspace;

/// How long a test waits for the server before it gives up: generous, because CI machines are slow. No test waits
/// this long when all is well.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// How a client introduces itself.
#[derive(Clone, Debug)]
pub struct Config {
    /// Arguments of the binary; `lsp`, `--stdio` and `tool lsp --stdio` mean the same.
    pub args: Vec<String>,
    /// `initializationOptions.trusted`.
    pub trusted: bool,
    /// Further initialization options, merged beside `trusted`.
    pub options: Value,
    /// What `workspace/configuration` answers for the section `atlas`.
    pub settings: Value,
    /// Position encodings the client offers, best first.
    pub encodings: Vec<Encoding>,
    /// Folders below the workspace that are opened; `""` is the workspace itself.
    pub folders: Vec<String>,
    /// Capabilities merged over those of [`Config::capabilities`].
    pub capabilities: Value,
    /// Answers to `window/showMessageRequest`, in order: the title of the action, or `None` to dismiss. When they
    /// run out every question is dismissed.
    pub answers: Vec<Option<String>>,
    /// Environment variables of the server.
    pub environment: Vec<(String, String)>,
}

/// A running server and everything the client knows of it.
pub struct Client {
    child: Child,
    /// `None` once the client has vanished.
    stdin: Option<ChildStdin>,
    incoming: Receiver<Value>,
    stderr: Arc<Mutex<String>>,
    config: Config,
    folders: Value,
    next_id: i64,
    /// Requests without an answer so far, with their method.
    open_requests: BTreeMap<i64, String>,
    responses: HashMap<i64, Value>,
    documents: HashMap<String, Document>,
    published: HashMap<String, Published>,
    /// What the server said at `initialize`.
    pub server: Value,
    /// Capabilities it registered later, by method.
    pub registered: BTreeMap<String, Value>,
    /// The unit of characters it chose.
    pub encoding: Encoding,
    /// Every message of the server, in order, for assertions on what it said.
    pub received: Vec<Value>,
    answers: VecDeque<Option<String>>,
}

#[derive(Clone, Debug, Default)]
struct Published {
    version: Option<i64>,
    diagnostics: Vec<Value>,
    count: usize,
}

/// The `error` of a response.
#[derive(Clone, Debug, PartialEq)]
pub struct ResponseError {
    pub code: i64,
    pub message: String,
    pub data: Value,
}

impl Config {
    /// A trusted client of the whole workspace that pulls diagnostics and understands all of LSP 3.17 that we use.
    pub fn trusted() -> Config {
        Config {
            args: vec!["lsp".to_owned()],
            trusted: true,
            options: json!({}),
            settings: json!({}),
            encodings: vec![Encoding::Utf16],
            folders: vec![String::new()],
            capabilities: json!({}),
            answers: Vec::new(),
            environment: Vec::new(),
        }
    }

    /// The same without trust, as any client begins.
    pub fn untrusted() -> Config {
        Config { trusted: false, ..Config::trusted() }
    }

    /// What the client can do: VS Code's list, without what we do not use.
    pub fn capabilities(&self) -> Value {
        let encodings: Vec<&str> = self.encodings.iter().map(|encoding| encoding.name()).collect();
        let mut capabilities = json!({
            "general": { "positionEncodings": encodings },
            "window": { "workDoneProgress": true, "showDocument": { "support": true },
                "showMessage": { "messageActionItem": { "additionalPropertiesSupport": true } } },
            "workspace": {
                "applyEdit": true, "configuration": true, "workspaceFolders": true,
                "workspaceEdit": { "documentChanges": true },
                "didChangeConfiguration": { "dynamicRegistration": true },
                "didChangeWatchedFiles": { "dynamicRegistration": true, "relativePatternSupport": true },
                "diagnostics": { "refreshSupport": true },
                "codeLens": { "refreshSupport": true },
                "semanticTokens": { "refreshSupport": true },
            },
            "textDocument": {
                "synchronization": { "didSave": true },
                "publishDiagnostics": { "versionSupport": true, "relatedInformation": true, "codeDescriptionSupport": true,
                    "dataSupport": true, "tagSupport": { "valueSet": [1, 2] } },
                "diagnostic": { "dynamicRegistration": true, "relatedDocumentSupport": true },
                "completion": { "contextSupport": true, "completionItem": { "snippetSupport": true, "insertReplaceSupport": true,
                    "labelDetailsSupport": true, "documentationFormat": ["markdown", "plaintext"],
                    "resolveSupport": { "properties": ["documentation", "detail", "additionalTextEdits"] } } },
                "hover": { "contentFormat": ["markdown", "plaintext"] },
                "definition": { "linkSupport": true },
                "documentSymbol": { "hierarchicalDocumentSymbolSupport": true },
                "foldingRange": { "lineFoldingOnly": true },
                "selectionRange": {}, "references": {}, "documentHighlight": {}, "codeLens": {}, "documentLink": {}, "formatting": {},
                "codeAction": { "isPreferredSupport": true, "dataSupport": true,
                    "resolveSupport": { "properties": ["edit"] },
                    "codeActionLiteralSupport": { "codeActionKind": { "valueSet": ["quickfix", "refactor", "source"] } } },
                "semanticTokens": { "requests": { "full": { "delta": true }, "range": true }, "formats": ["relative"],
                    "multilineTokenSupport": false, "overlappingTokenSupport": false,
                    "tokenTypes": ["namespace", "type", "class", "enum", "struct", "parameter", "variable", "property", "enumMember",
                        "event", "function", "method", "macro", "keyword", "modifier", "comment", "string", "number", "regexp", "operator",
                        "decorator"],
                    "tokenModifiers": ["declaration", "definition", "readonly", "deprecated", "modification", "documentation",
                        "defaultLibrary"] },
            },
        });
        merge(&mut capabilities, &self.capabilities);
        capabilities
    }
}

impl Client {
    /// Starts the server on a workspace and goes through `initialize` and `initialized`.
    pub fn start(workspace: &Workspace, config: Config) -> Client {
        let folders: Vec<Value> = config
            .folders
            .iter()
            .map(|folder| {
                let uri = if folder.is_empty() { workspace.root_uri() } else { workspace.uri(folder) };
                json!({ "uri": uri, "name": if folder.is_empty() { "workspace" } else { folder } })
            })
            .collect();
        let mut child = workspace
            .command()
            .args(&config.args)
            .envs(config.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary under test can be started");
        let stdin = Some(child.stdin.take().expect("stdin is piped"));
        let stdout = child.stdout.take().expect("stdout is piped");
        let pipe = child.stderr.take().expect("stderr is piped");
        let (sender, incoming) = channel();
        thread::spawn(move || {
            let mut input = BufReader::new(stdout);
            loop {
                let message = match wire::read(&mut input) {
                    Ok(Some(message)) => message,
                    Ok(None) => break,
                    Err(error) => json!({ "broken": error.to_string() }),
                };
                let broken = message.get("broken").is_some();
                if sender.send(message).is_err() || broken {
                    break;
                }
            }
        });
        let stderr = Arc::new(Mutex::new(String::new()));
        let log = Arc::clone(&stderr);
        thread::spawn(move || {
            let mut pipe = pipe;
            let mut buffer = [0; 4096];
            while let Ok(length @ 1..) = pipe.read(&mut buffer) {
                log.lock().expect("no reader panics").push_str(&String::from_utf8_lossy(&buffer[..length]));
            }
        });
        let mut client = Client {
            child,
            stdin,
            incoming,
            stderr,
            folders: Value::Array(folders),
            next_id: 0,
            open_requests: BTreeMap::new(),
            responses: HashMap::new(),
            documents: HashMap::new(),
            published: HashMap::new(),
            server: Value::Null,
            registered: BTreeMap::new(),
            encoding: Encoding::Utf16,
            received: Vec::new(),
            answers: config.answers.iter().cloned().collect(),
            config,
        };
        client.initialize(workspace);
        client
    }

    fn initialize(&mut self, workspace: &Workspace) {
        let mut options = self.config.options.clone();
        merge(&mut options, &json!({ "trusted": self.config.trusted }));
        self.server = self.request(
            "initialize",
            json!({
                "processId": std::process::id(),
                "clientInfo": { "name": "black-box tests", "version": "1" },
                "rootUri": workspace.root_uri(),
                "workspaceFolders": self.folders,
                "initializationOptions": options,
                "capabilities": self.config.capabilities(),
            }),
        );
        self.encoding = Encoding::from_name(self.server["capabilities"]["positionEncoding"].as_str());
        self.notify("initialized", json!({}));
    }

    /// Opens a file with a text that need not be the one on disk.
    pub fn open(&mut self, uri: &str, language: &str, text: &str) {
        let document = Document { text: text.to_owned(), version: 1, language: language.to_owned() };
        self.documents.insert(uri.to_owned(), document);
        self.notify(
            "textDocument/didOpen",
            json!({ "textDocument": { "uri": uri, "languageId": language, "version": 1, "text": text } }),
        );
    }

    pub fn close(&mut self, uri: &str) {
        self.documents.remove(uri);
        self.notify("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    }

    pub fn save(&mut self, uri: &str) {
        self.notify("textDocument/didSave", json!({ "textDocument": { "uri": uri } }));
    }

    /// The client's copy of an open file.
    pub fn document(&self, uri: &str) -> &Document {
        self.documents.get(uri).unwrap_or_else(|| panic!("{uri} is not open"))
    }

    /// Replaces a span of bytes of an open file, as one incremental edit.
    pub fn edit(&mut self, uri: &str, span: Range<usize>, new: &str) {
        self.edits(uri, &[(span, new)]);
    }

    /// Several edits in one notification, each against the text the one before it left.
    pub fn edits(&mut self, uri: &str, edits: &[(Range<usize>, &str)]) {
        let encoding = self.encoding;
        let document = self.documents.get_mut(uri).unwrap_or_else(|| panic!("{uri} is not open"));
        let before = document.version;
        let changes: Vec<Value> =
            edits.iter().map(|(span, new)| document.replace(span.clone(), new, encoding)).collect();
        document.version = before + 1;
        let version = document.version;
        self.notify(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": uri, "version": version }, "contentChanges": changes }),
        );
    }

    /// Replaces the first occurrence of `old` in an open file.
    pub fn replace(&mut self, uri: &str, old: &str, new: &str) {
        let at = self.document(uri).text.find(old).unwrap_or_else(|| panic!("{old:?} is not in {uri}"));
        self.edit(uri, at..at + old.len(), new);
    }

    /// `textDocument` and `position` of the end of the first occurrence of `after`.
    pub fn place(&self, uri: &str, after: &str) -> Value {
        let document = self.document(uri);
        let at =
            document.text.find(after).unwrap_or_else(|| panic!("{after:?} is not in {uri}")) + after.len();
        self.place_at(uri, at)
    }

    /// `textDocument` and `position` of a byte offset.
    pub fn place_at(&self, uri: &str, offset: usize) -> Value {
        json!({ "textDocument": { "uri": uri }, "position": self.document(uri).position(offset, self.encoding) })
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.write(&json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Sends a request without waiting; [`Client::answer`] waits for it.
    pub fn send(&mut self, method: &str, params: Value) -> i64 {
        self.next_id += 1;
        let id = self.next_id;
        self.open_requests.insert(id, method.to_owned());
        self.write(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        id
    }

    /// Asks the server to stop working on a request; an answer still has to come.
    pub fn cancel(&mut self, id: i64) {
        self.notify("$/cancelRequest", json!({ "id": id }));
    }

    /// Waits for the answer to a request.
    ///
    /// # Errors
    /// The server's own error.
    pub fn answer(&mut self, id: i64) -> Result<Value, ResponseError> {
        let method = self.open_requests.get(&id).cloned().unwrap_or_default();
        self.wait_until(&format!("the answer to {method}"), |client| client.responses.contains_key(&id));
        let mut response = self.responses.remove(&id).expect("just seen");
        match response.get("error") {
            None => Ok(response["result"].take()),
            Some(error) => Err(ResponseError {
                code: error["code"].as_i64().expect("an error has a code"),
                message: error["message"].as_str().expect("an error has a message").to_owned(),
                data: error["data"].clone(),
            }),
        }
    }

    /// Sends a request and waits for its result.
    pub fn request(&mut self, method: &str, params: Value) -> Value {
        match self.try_request(method, params) {
            Ok(result) => result,
            Err(error) => panic!("{method}: {} ({})\n{}", error.message, error.code, self.log()),
        }
    }

    /// Sends a request and waits for its answer.
    ///
    /// # Errors
    /// The server's own error.
    pub fn try_request(&mut self, method: &str, params: Value) -> Result<Value, ResponseError> {
        let id = self.send(method, params);
        self.answer(id)
    }

    /// The diagnostics of the current text of a file: pulled if the server can, else those pushed for this version.
    pub fn diagnostics(&mut self, uri: &str) -> Vec<Value> {
        let pulls = !self.server["capabilities"]["diagnosticProvider"].is_null()
            || self.registered.contains_key("textDocument/diagnostic");
        if pulls {
            let mut report =
                self.request("textDocument/diagnostic", json!({ "textDocument": { "uri": uri } }));
            return match report["items"].take() {
                Value::Array(items) => items,
                other => panic!("{uri}: a full report has items, not {other}"),
            };
        }
        self.pushed_diagnostics(uri)
    }

    /// The diagnostics pushed for the current version of a file.
    pub fn pushed_diagnostics(&mut self, uri: &str) -> Vec<Value> {
        let version = i64::from(self.document(uri).version);
        self.wait_until(&format!("diagnostics of {uri} version {version}"), |client| {
            client
                .published
                .get(uri)
                .is_some_and(|published| published.version.is_none_or(|it| it >= version))
        });
        self.published[uri].diagnostics.clone()
    }

    /// How often diagnostics of a file were pushed.
    pub fn pushes(&self, uri: &str) -> usize {
        self.published.get(uri).map_or(0, |published| published.count)
    }

    /// Diagnostics one a line, as `line:column-line:column severity code message`, counted from 1.
    pub fn render(&self, diagnostics: &[Value]) -> String {
        let place = |position: &Value| {
            format!(
                "{}:{}",
                position["line"].as_u64().unwrap_or(0) + 1,
                position["character"].as_u64().unwrap_or(0) + 1
            )
        };
        let mut text = String::new();
        for diagnostic in diagnostics {
            let severity = match diagnostic["severity"].as_u64() {
                Some(1) => "error",
                Some(2) => "warning",
                Some(3) => "info",
                _ => "hint",
            };
            let code = diagnostic["code"].as_str().unwrap_or("-");
            text.push_str(&format!(
                "{}-{} {severity} {code} {}\n",
                place(&diagnostic["range"]["start"]),
                place(&diagnostic["range"]["end"]),
                diagnostic["message"].as_str().unwrap_or_default(),
            ));
        }
        text
    }

    /// Everything the server has said so far, as text: messages and stderr.
    pub fn transcript(&self) -> String {
        let mut text: String = self.received.iter().map(|message| format!("{message}\n")).collect();
        text.push_str(&self.log());
        text
    }

    /// Handles what the server sends until a condition holds.
    pub fn wait_until(&mut self, what: &str, mut done: impl FnMut(&Client) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !done(self) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.incoming.recv_timeout(left) {
                Ok(message) => self.handle(message),
                Err(RecvTimeoutError::Timeout) => {
                    panic!("waited {PATIENCE:?} for {what}\nopen: {:?}\n{}", self.open_requests, self.log())
                }
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("the server left while the client waited for {what}\n{}", self.log())
                }
            }
        }
    }

    /// The messages of one method the server has sent so far, oldest first.
    pub fn received(&self, method: &str) -> Vec<&Value> {
        self.received
            .iter()
            .filter(|message| message["method"] == method)
            .map(|message| &message["params"])
            .collect()
    }

    /// Adds an answer to the next question the server asks; `None` dismisses it.
    pub fn will_answer(&mut self, answer: Option<&str>) {
        self.answers.push_back(answer.map(str::to_owned));
    }

    /// What the server wrote to stderr.
    pub fn log(&self) -> String {
        self.stderr.lock().expect("no reader panics").clone()
    }

    /// The resident memory and such of the server are read from this process id.
    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    /// Leaves without a word, as an editor that crashed, and returns the server's exit code.
    pub fn vanish(mut self) -> Option<i32> {
        drop(self.stdin.take());
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("the server can be waited for") {
                return status.code();
            }
            assert!(Instant::now() < deadline, "the server stays after its input has ended\n{}", self.log());
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Ends the session in order, and insists that nothing was left unanswered and the server exited 0.
    /// Returns what it wrote to stderr.
    pub fn shutdown(mut self) -> String {
        self.request("shutdown", Value::Null);
        let open = std::mem::take(&mut self.open_requests);
        assert!(open.is_empty(), "requests without an answer: {open:?}\n{}", self.log());
        self.notify("exit", Value::Null);
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().expect("the server can be waited for") {
                assert!(status.success(), "the server left with {status}\n{}", self.log());
                return self.log();
            }
            assert!(Instant::now() < deadline, "the server stays after exit\n{}", self.log());
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn handle(&mut self, message: Value) {
        if let Some(error) = message.get("broken") {
            panic!("{error}\n{}", self.log());
        }
        let Some(method) = message["method"].as_str().map(str::to_owned) else {
            let id = message["id"].as_i64().unwrap_or_else(|| panic!("an answer without an id: {message}"));
            let known = self.open_requests.remove(&id);
            assert!(known.is_some(), "an answer nobody asked for, or a second one: {message}");
            self.responses.insert(id, message.clone());
            self.received.push(message);
            return;
        };
        if method == "textDocument/publishDiagnostics" {
            let params = &message["params"];
            let uri = params["uri"].as_str().expect("diagnostics have a uri").to_owned();
            let published = self.published.entry(uri).or_default();
            published.version = params["version"].as_i64();
            published.diagnostics =
                params["diagnostics"].as_array().cloned().expect("diagnostics are a list");
            published.count += 1;
        }
        if let Some(id) = message.get("id").cloned() {
            let result = self.reply(&method, &message["params"]);
            self.write(&json!({ "jsonrpc": "2.0", "id": id, "result": result }));
        }
        self.received.push(message);
    }

    fn reply(&mut self, method: &str, params: &Value) -> Value {
        match method {
            "workspace/configuration" => {
                let items = params["items"].as_array().map(Vec::as_slice).unwrap_or_default();
                items.iter().map(|item| self.setting(item["section"].as_str().unwrap_or(""))).collect()
            }
            "workspace/workspaceFolders" => self.folders.clone(),
            "workspace/applyEdit" => json!({ "applied": true }),
            "window/showDocument" => json!({ "success": true }),
            "window/showMessageRequest" => match self.answers.pop_front().flatten() {
                None => Value::Null,
                Some(title) => {
                    let actions = params["actions"].as_array().map(Vec::as_slice).unwrap_or_default();
                    let chosen = actions.iter().find(|action| action["title"] == title.as_str());
                    chosen.cloned().unwrap_or_else(|| panic!("no action {title:?} in {params}"))
                }
            },
            "client/registerCapability" => {
                for registration in params["registrations"].as_array().map(Vec::as_slice).unwrap_or_default()
                {
                    let method = registration["method"].as_str().expect("a registration has a method");
                    self.registered.insert(method.to_owned(), registration["registerOptions"].clone());
                }
                Value::Null
            }
            "client/unregisterCapability" => {
                for registration in
                    params["unregisterations"].as_array().map(Vec::as_slice).unwrap_or_default()
                {
                    self.registered.remove(registration["method"].as_str().unwrap_or_default());
                }
                Value::Null
            }
            // Refreshes and progress tokens want nothing but an answer.
            _ => Value::Null,
        }
    }

    /// The value of a dotted section; settings are kept below `atlas`.
    fn setting(&self, section: &str) -> Value {
        let mut value = json!({ "atlas": self.config.settings });
        for key in section.split('.').filter(|key| !key.is_empty()) {
            value = value[key].take();
        }
        value
    }

    fn write(&mut self, message: &Value) {
        let stdin = self.stdin.as_mut().expect("the client is still there");
        if let Err(error) = wire::write(stdin, message) {
            panic!("cannot write {}: {error}\n{}", message["method"], self.log());
        }
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // After an orderly shutdown both calls find nobody, which is fine.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Merges `over` into `base`, objects key by key, everything else by replacement.
fn merge(base: &mut Value, over: &Value) {
    match (base, over) {
        (Value::Object(base), Value::Object(over)) => {
            for (key, value) in over {
                merge(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (base, over) => *base = over.clone(),
    }
}
