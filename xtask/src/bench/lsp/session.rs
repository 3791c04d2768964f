//! The least of a language client that can be timed: it stamps each message when its last byte has been read, before
//! looking into it.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

/// How long an answer may take before the run is given up.
pub const PATIENCE: Duration = Duration::from_secs(120);

pub struct Session {
    child: Child,
    stdin: ChildStdin,
    incoming: Receiver<(Instant, Vec<u8>)>,
    next_id: i64,
    answers: HashMap<i64, Answer>,
    /// When the answer to `initialize` had come.
    pub initialized: Instant,
}

pub struct Answer {
    pub arrived: Instant,
    pub bytes: usize,
    pub value: Value,
}

impl Session {
    /// Starts the server on a folder, trusted, with facts fetched without asking.
    pub fn start(binary: &Path, folder: &Path) -> Result<Session> {
        let mut child = Command::new(binary)
            .arg("lsp")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("cannot start {}", binary.display()))?;
        let stdin = child.stdin.take().context("stdin is piped")?;
        let stdout = child.stdout.take().context("stdout is piped")?;
        let (sender, incoming) = channel();
        thread::spawn(move || {
            let mut input = BufReader::with_capacity(1 << 18, stdout);
            while let Some(body) = read(&mut input) {
                if sender.send((Instant::now(), body)).is_err() {
                    break;
                }
            }
        });
        let mut session = Session {
            child,
            stdin,
            incoming,
            next_id: 0,
            answers: HashMap::new(),
            initialized: Instant::now(),
        };
        let uri = file_uri(folder);
        let answer = session.ask(
            "initialize",
            json!({
                "processId": std::process::id(),
                "rootUri": uri,
                "workspaceFolders": [{ "uri": uri, "name": "bench" }],
                "initializationOptions": { "trusted": true, "settings": { "facts": "auto" } },
                "capabilities": {
                    "general": { "positionEncodings": ["utf-16"] },
                    "workspace": { "configuration": true, "workspaceFolders": true, "diagnostics": { "refreshSupport": true } },
                    "window": { "workDoneProgress": true },
                    "textDocument": {
                        "diagnostic": {},
                        "completion": { "completionItem": { "snippetSupport": true,
                            "resolveSupport": { "properties": ["documentation", "detail"] } } },
                        "foldingRange": { "lineFoldingOnly": true },
                        "semanticTokens": { "requests": { "full": true, "range": true }, "formats": ["relative"],
                            "tokenTypes": ["namespace", "type", "class", "enum", "struct", "parameter", "variable", "property",
                                "enumMember", "function", "keyword", "comment", "string", "number", "operator"],
                            "tokenModifiers": ["declaration", "definition", "readonly", "deprecated", "defaultLibrary"] },
                    },
                },
            }),
        )?;
        session.initialized = answer.arrived;
        session.notify("initialized", json!({}))?;
        Ok(session)
    }

    pub fn process_id(&self) -> u32 {
        self.child.id()
    }

    pub fn notify(&mut self, method: &str, params: Value) -> Result<()> {
        self.write(&json!({ "jsonrpc": "2.0", "method": method, "params": params }))
    }

    /// Sends a request and handles what comes until its answer is there.
    ///
    /// # Errors
    /// The server answered with an error, left, or took longer than [`PATIENCE`].
    pub fn ask(&mut self, method: &str, params: Value) -> Result<Answer> {
        self.next_id += 1;
        let id = self.next_id;
        self.write(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }))?;
        loop {
            if let Some(answer) = self.answers.remove(&id) {
                return Ok(answer);
            }
            let (arrived, body) =
                self.incoming.recv_timeout(PATIENCE).with_context(|| format!("no answer to {method}"))?;
            self.handle(arrived, &body, method)?;
        }
    }

    /// Ends the session in order.
    pub fn close(mut self) -> Result<()> {
        self.ask("shutdown", Value::Null)?;
        self.notify("exit", Value::Null)?;
        let status = self.child.wait()?;
        if !status.success() {
            bail!("the server left with {status}");
        }
        Ok(())
    }

    fn handle(&mut self, arrived: Instant, body: &[u8], awaited: &str) -> Result<()> {
        let mut message: Value =
            serde_json::from_slice(body).context("the server sent something that is not JSON")?;
        if message.get("method").is_some() {
            if let Some(id) = message.get("id") {
                let result = match message["method"].as_str() {
                    Some("workspace/configuration") => {
                        let items = message["params"]["items"].as_array().map_or(0, Vec::len);
                        Value::Array(vec![json!({ "facts": "auto" }); items])
                    }
                    _ => Value::Null,
                };
                let reply = json!({ "jsonrpc": "2.0", "id": id, "result": result });
                self.write(&reply)?;
            }
            return Ok(());
        }
        if let Some(error) = message.get("error") {
            bail!("{awaited} failed: {error}");
        }
        if let Some(id) = message["id"].as_i64() {
            let value = message["result"].take();
            self.answers.insert(id, Answer { arrived, bytes: body.len(), value });
        }
        Ok(())
    }

    fn write(&mut self, message: &Value) -> Result<()> {
        let body = message.to_string();
        let framed = format!("Content-Length: {}\r\n\r\n{body}", body.len());
        self.stdin.write_all(framed.as_bytes()).context("the server does not read any more")
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // After an orderly close both find nobody.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The `file:` URI of an absolute path; folders of the benchmark need no escapes beyond blanks.
pub fn file_uri(path: &Path) -> String {
    format!("file://{}", path.to_string_lossy().replace('%', "%25").replace(' ', "%20"))
}

fn read(input: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut length = 0;
    let mut line = String::new();
    loop {
        line.clear();
        if input.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            header => {
                if let Some(value) = header.strip_prefix("Content-Length: ") {
                    length = value.parse().ok()?;
                }
            }
        }
    }
    let mut body = vec![0; length];
    input.read_exact(&mut body).ok()?;
    Some(body)
}
