//! The language server under a typist: each keystroke is written together with the question it raises, and the time
//! runs until the last byte of the answer has come.

pub(super) mod session;

use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};

use self::session::Session;
use super::stats::{Sample, exponent};
use super::{Plan, Project, usage};

/// What is asked behind a keystroke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Question {
    Diagnostics,
    /// The plan document of an env.
    Plan(&'static str),
    Completion,
    SemanticTokens,
    Folding,
}

impl Question {
    pub fn name(self) -> &'static str {
        match self {
            Question::Diagnostics => "diagnostics",
            Question::Plan("full") => "plan, small",
            Question::Plan(_) => "plan, from an empty target",
            Question::Completion => "completion",
            Question::SemanticTokens => "semantic tokens, whole file",
            Question::Folding => "folding",
        }
    }
}

const QUESTIONS: [Question; 6] = [
    Question::Diagnostics,
    Question::Plan("full"),
    Question::Plan("empty"),
    Question::Completion,
    Question::SemanticTokens,
    Question::Folding,
];

/// The latencies of one question in one form of the schema.
pub struct Latency {
    pub form: &'static str,
    pub question: Question,
    /// Milliseconds from before the write of `didChange` to the last byte of the answer.
    pub wall: Sample,
    /// Mean processor time of the server for one keystroke and its answer, in milliseconds.
    pub cpu: f64,
    /// Bytes of the last answer.
    pub bytes: usize,
}

/// Processor time for one keystroke and its answer over the sizes.
pub struct Growth {
    pub form: &'static str,
    pub question: Question,
    /// Number of tables and mean milliseconds.
    pub points: Vec<(usize, f64)>,
    pub exponent: Option<f64>,
}

pub struct Memory {
    pub form: &'static str,
    pub resident_mb: f64,
    pub peak_mb: f64,
}

/// Everything about the server.
pub struct Server {
    /// Milliseconds from the start of the process to the answer to `initialize`, without and with a project.
    pub cold_start: Sample,
    pub latencies: Vec<Latency>,
    pub growth: Vec<Growth>,
    pub memory: Vec<Memory>,
}

/// Measures the main size in full and the growth of all.
///
/// # Errors
/// The server failed, left or gave an empty answer, which would make its time worthless.
pub fn measure(binary: &Path, projects: &[Project], plan: &Plan) -> Result<Server> {
    let main = projects
        .iter()
        .find(|project| project.size == plan.main)
        .context("the main size is one of the sizes")?;
    let mut server = Server {
        cold_start: Sample::default(),
        latencies: Vec::new(),
        growth: Vec::new(),
        memory: Vec::new(),
    };
    for _ in 0..plan.cold_starts {
        let begin = Instant::now();
        let session = Session::start(binary, &main.folder.join("hcl"))?;
        server.cold_start.push((session.initialized - begin).as_secs_f64() * 1e3);
        session.close()?;
    }
    for form in ["sql", "hcl"] {
        let mut points: Vec<(Question, Vec<(usize, f64)>)> =
            QUESTIONS.iter().map(|question| (*question, Vec::new())).collect();
        for project in projects {
            let is_main = project.size == plan.main;
            let edits = if is_main { plan.edits } else { (plan.edits / 10).max(10) };
            let mut typist = Typist::open(binary, project, form)?;
            for (question, points) in &mut points {
                let latency = typist.type_and_ask(*question, edits)?;
                println!(
                    "{:>6} tables {form}  {:<28} p50 {:>8.2} ms  p99 {:>8.2} ms  cpu {:>8.2} ms",
                    project.size,
                    question.name(),
                    latency.wall.median(),
                    latency.wall.percentile(0.99),
                    latency.cpu
                );
                points.push((project.size, latency.cpu));
                if is_main {
                    server.latencies.push(latency);
                }
            }
            if is_main {
                let pid = typist.session.process_id();
                server.memory.push(Memory {
                    form,
                    resident_mb: usage::process_memory(pid, "VmRSS")?,
                    peak_mb: usage::process_memory(pid, "VmHWM")?,
                });
            }
            typist.session.close()?;
        }
        server.growth.extend(points.into_iter().map(|(question, points)| {
            let logs: Vec<(f64, f64)> = points.iter().map(|(size, cpu)| (*size as f64, *cpu)).collect();
            Growth { form, question, points, exponent: exponent(&logs) }
        }));
    }
    Ok(server)
}

/// An editor with the file in the middle of the schema open, and a new column in its middle table.
struct Typist {
    session: Session,
    form: &'static str,
    uri: String,
    config: String,
    /// Line and character behind the name of the new column.
    line: usize,
    character: usize,
    version: i64,
    /// Whether the name of the new column has its last letter.
    typed: bool,
}

impl Typist {
    fn open(binary: &Path, project: &Project, form: &'static str) -> Result<Typist> {
        let folder = project.folder.join(form);
        let file = match form {
            "sql" => folder.join("schema.sql"),
            _ => {
                let mut files: Vec<_> = std::fs::read_dir(folder.join("schema"))?
                    .map(|entry| Ok(entry?.path()))
                    .collect::<Result<_>>()?;
                files.sort();
                files.swap_remove(files.len() / 2)
            }
        };
        let text = std::fs::read_to_string(&file)?;
        let (text, line, character) = with_new_column(&text, form)?;
        let mut session = Session::start(binary, &folder)?;
        let uri = session::file_uri(&file);
        let language = if form == "sql" { "sql" } else { "atlas-schema-sqlite" };
        session.notify(
            "textDocument/didOpen",
            json!({ "textDocument": { "uri": uri, "languageId": language, "version": 1, "text": text } }),
        )?;
        let config = session::file_uri(&folder.join("atlas.hcl"));
        let mut typist = Typist { session, form, uri, config, line, character, version: 1, typed: false };
        // The targets are inspected in the background; a plan without them would be measured for nothing.
        for env in ["full", "empty"] {
            typist.await_plan(env)?;
        }
        Ok(typist)
    }

    fn await_plan(&mut self, env: &'static str) -> Result<()> {
        let begin = Instant::now();
        loop {
            let (method, params) = self.request(Question::Plan(env));
            // The server may refuse until it has found the project.
            let said = match self.session.ask(method, params) {
                Ok(answer) if answer.value["text"].as_str().is_some_and(|text| text.contains("extra")) => {
                    return Ok(());
                }
                Ok(answer) => answer.value.to_string(),
                Err(error) => format!("{error:#}"),
            };
            if begin.elapsed() > session::PATIENCE {
                bail!("the plan of env {env} never showed the new column: {said}");
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
    }

    fn type_and_ask(&mut self, question: Question, edits: usize) -> Result<Latency> {
        let mut latency = Latency { form: self.form, question, wall: Sample::default(), cpu: 0.0, bytes: 0 };
        // The first keystrokes fill caches and are not what a typist feels all day.
        for _ in 0..6 {
            self.keystroke(question)?;
        }
        let before = usage::process_cpu(self.session.process_id())?;
        for _ in 0..edits {
            let (wall, bytes) = self.keystroke(question)?;
            latency.wall.push(wall);
            latency.bytes = bytes;
        }
        latency.cpu = (usage::process_cpu(self.session.process_id())? - before) / edits as f64;
        Ok(latency)
    }

    /// Types or takes back the last letter of the new column's name and asks at once. Returns milliseconds and bytes.
    fn keystroke(&mut self, question: Question) -> Result<(f64, usize)> {
        let at = |character: usize| json!({ "line": self.line, "character": character });
        let change = if self.typed {
            json!({ "range": { "start": at(self.character), "end": at(self.character + 1) }, "text": "" })
        } else {
            json!({ "range": { "start": at(self.character), "end": at(self.character) }, "text": "x" })
        };
        self.typed = !self.typed;
        self.version += 1;
        let (method, params) = self.request(question);
        let begin = Instant::now();
        self.session.notify(
            "textDocument/didChange",
            json!({ "textDocument": { "uri": self.uri, "version": self.version }, "contentChanges": [change] }),
        )?;
        let answer = self.session.ask(method, params)?;
        let wall = (answer.arrived - begin).as_secs_f64() * 1e3;
        if is_empty(question, &answer.value) {
            bail!("{} of {} answered nothing: {}", question.name(), self.uri, answer.value);
        }
        Ok((wall, answer.bytes))
    }

    /// In the middle of the new column's type `text`.
    fn inside_the_type(&self) -> Value {
        match self.form {
            "sql" => json!({ "line": self.line, "character": self.character + usize::from(self.typed) + 4 }),
            _ => json!({ "line": self.line + 2, "character": 13 }),
        }
    }

    fn request(&self, question: Question) -> (&'static str, Value) {
        let document = json!({ "uri": self.uri });
        match question {
            Question::Diagnostics => ("textDocument/diagnostic", json!({ "textDocument": document })),
            Question::Plan(env) => (
                "workspace/executeCommand",
                json!({ "command": "atlas.plan", "arguments": [{ "uri": self.config, "env": env }] }),
            ),
            Question::Completion => (
                "textDocument/completion",
                json!({ "textDocument": document, "position": self.inside_the_type() }),
            ),
            Question::SemanticTokens => {
                ("textDocument/semanticTokens/full", json!({ "textDocument": document }))
            }
            Question::Folding => ("textDocument/foldingRange", json!({ "textDocument": document })),
        }
    }
}

/// A fast empty answer is no answer; only diagnostics may be empty, for the text is right.
fn is_empty(question: Question, answer: &Value) -> bool {
    let list = |value: &Value| value.as_array().is_none_or(Vec::is_empty);
    match question {
        Question::Diagnostics => answer["items"].as_array().is_none(),
        Question::Plan(_) => answer["text"].as_str().is_none_or(|text| !text.contains("extra")),
        Question::Completion => list(answer) && list(&answer["items"]),
        Question::SemanticTokens => list(&answer["data"]),
        Question::Folding => list(answer),
    }
}

/// Adds the column `extra` to the table in the middle of a text; the place behind its name comes back.
fn with_new_column(text: &str, form: &str) -> Result<(String, usize, usize)> {
    let (before, insert, name) = match form {
        "sql" => ("  `parent_id`", "  `extra` text NULL,\n", "`extra"),
        _ => (
            "  column \"parent_id\"",
            "  column \"extra\" {\n    null = true\n    type = text\n  }\n",
            "\"extra",
        ),
    };
    let places: Vec<usize> = text.match_indices(before).map(|(at, _)| at).collect();
    let at = *places.get(places.len() / 2).context("the schema has a table in its middle")?;
    let new = format!("{}{insert}{}", &text[..at], &text[at..]);
    let behind = new[at..].find(name).context("the new column has a name")? + name.len();
    Ok((new, text[..at].matches('\n').count(), behind))
}
