//! `data` sources: each becomes a question to the world, or a schema put together from files.
//!
//! Source: reference/project.md section 7, documented/project.md section 3.

use std::collections::BTreeMap;

use engine::state::Failure;
use hcl::Value;
use smol_str::SmolStr;
use text::TextRange;

use super::{Evaluator, Top};
use crate::Want;
use crate::env::DataState;
use crate::input::Answer;
use crate::node::{Child, Node};
use crate::want::Secret;

/// The value of the data source `data.<kind>.<name>`.
pub(super) fn evaluate(evaluator: &Evaluator<'_>, kind: &SmolStr, name: &SmolStr, top: &Top) -> Value {
    let child = evaluator.child(&top.block, top.base, &[]);
    let source = Source { evaluator, kind, name, range: top.block.header_range() + top.base, child };
    match kind.as_str() {
        "sql" => source.sql(),
        "external" => source.external(),
        "external_schema" => source.external_schema(),
        "hcl_schema" => source.hcl_schema(),
        "composite_schema" => source.composite_schema(),
        "template_dir" => source.template_dir(),
        "runtimevar" => source.runtimevar(),
        "aws_rds_token" | "gcp_cloudsql_token" | "azure_db_token" => source.token(),
        "remote_dir" | "remote_schema" | "blob_dir" | "http" | "cloud_databases" => {
            evaluator.fail(Failure::Text(format!(
                "data.{kind}.{name}: data source {kind:?} is not supported yet"
            )));
            Value::lost()
        }
        _ => {
            evaluator.fail(Failure::Text(format!("missing data source handler for {:?}", kind.as_str())));
            Value::lost()
        }
    }
}

struct Source<'e, 'a> {
    evaluator: &'e Evaluator<'a>,
    kind: &'e SmolStr,
    name: &'e SmolStr,
    range: TextRange,
    child: Child,
}

impl Source<'_, '_> {
    fn node(&self) -> &Node {
        &self.child.node
    }

    /// Reports what went wrong, as `data.<kind>.<name>: …`, at the block's head.
    fn wrong(&self, message: impl std::fmt::Display) -> Value {
        self.evaluator.mistake(self.range, format!("data.{}.{}: {message}", self.kind, self.name));
        Value::lost()
    }

    /// As `wrong`, about what the grammar says in the editor's words.
    fn missing(&self, message: impl std::fmt::Display) -> Value {
        self.evaluator.fail(Failure::Text(format!("data.{}.{}: {message}", self.kind, self.name)));
        Value::lost()
    }

    /// A string argument; `Err` holds what to return when it is missing or unknown.
    fn string(&self, name: &str) -> Result<Option<SmolStr>, Value> {
        match self.node().attr(name).map(|attr| &attr.value) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(unknown @ Value::Unknown(_)) => Err(unknown.clone()),
            Some(_) => Err(self.wrong(format!("attribute {name:?} must be a string"))),
        }
    }

    fn required(&self, name: &str) -> Result<SmolStr, Value> {
        self.string(name)?.ok_or_else(|| self.missing(format!("missing required attribute {name:?}")))
    }

    fn strings(&self, name: &str) -> Result<Option<Vec<SmolStr>>, Value> {
        let Some(attr) = self.node().attr(name) else { return Ok(None) };
        if let Some(unknown) = attr.value.unknown() {
            return Err(Value::Unknown(unknown));
        }
        match attr.value.elements() {
            Some(items) => Ok(Some(items.iter().filter_map(Value::as_str).map(SmolStr::from).collect())),
            None => Err(self.wrong(format!("attribute {name:?} must be a list of strings"))),
        }
    }

    fn vars(&self) -> Result<BTreeMap<SmolStr, Value>, Value> {
        let Some(attr) = self.node().attr("vars") else { return Ok(BTreeMap::new()) };
        if let Some(unknown) = attr.value.unknown() {
            return Err(Value::Unknown(unknown));
        }
        attr.value.entries().cloned().ok_or_else(|| self.wrong("attribute \"vars\" must be a map"))
    }

    /// The answer to `want` as a value; failures are reported here.
    fn ask(&self, want: &Want) -> Result<Value, Value> {
        match self.evaluator.reader.fact(want).map(|fact| &fact.answer) {
            None | Some(Answer::Refused(_)) => Err(Value::wanting(hcl::Fact::new(want.to_string()))),
            Some(Answer::Value(value)) => Ok(value.clone()),
            Some(Answer::Failed(reason)) => Err(self.wrong(reason)),
            Some(_) => Err(Value::lost()),
        }
    }

    fn sql(&self) -> Value {
        let ask = || {
            let url = self.required("url")?;
            let query = self.required("query")?.to_string();
            let args = match self.node().attr("args").map(|attr| &attr.value) {
                None => Vec::new(),
                Some(value) => match (value.unknown(), value.elements()) {
                    (Some(unknown), _) => return Err(Value::Unknown(unknown)),
                    (None, Some(items)) => items.iter().map(|item| item.to_json()).collect(),
                    (None, None) => return Err(self.wrong("attribute \"args\" must be a list")),
                },
            };
            let (url, directory) = (Secret(url.to_string()), self.evaluator.directory.clone());
            self.ask(&Want::Query { url, query, args, directory })
        };
        ask().unwrap_or_else(|value| value)
    }

    fn program(&self) -> Result<Value, Value> {
        let program = self.strings("program")?.unwrap_or_default();
        if program.is_empty() {
            return Err(self.wrong("program cannot be empty"));
        }
        let directory = match self.string("working_dir")? {
            Some(path) => self.evaluator.directory.join(&path),
            None => self.evaluator.directory.clone(),
        };
        self.ask(&Want::Program { program, directory })
    }

    fn external(&self) -> Value {
        self.program().unwrap_or_else(|value| value)
    }

    fn external_schema(&self) -> Value {
        match self.program() {
            Ok(output) => {
                let text = output.as_str().unwrap_or_default().to_owned();
                self.schema(format!("mem://external_schema/{}", self.name), DataState::Sql { text })
            }
            Err(value) => value,
        }
    }

    fn hcl_schema(&self) -> Value {
        let read = || {
            let (path, paths) = (self.string("path")?, self.strings("paths")?);
            let paths = match (path, paths) {
                (Some(_), Some(_)) => return Err(self.wrong("path and paths cannot be set together")),
                (Some(path), None) => vec![path],
                (None, Some(paths)) => paths,
                (None, None) => return Err(self.missing("path or paths must be set")),
            };
            Ok(DataState::Hcl { paths, vars: self.vars()? })
        };
        match read() {
            Ok(state) => self.schema(format!("mem://hcl_schema/{}", self.name), state),
            Err(value) => value,
        }
    }

    fn composite_schema(&self) -> Value {
        let mut parts = Vec::new();
        for child in self.node().blocks.iter().filter(|child| child.kind == "schema") {
            match child.node.attr("url").map(|attr| &attr.value) {
                Some(Value::String(url)) => parts.push((child.labels.first().cloned(), url.clone())),
                Some(unknown @ Value::Unknown(_)) => return unknown.clone(),
                _ => return self.wrong("missing required attribute \"url\" in block schema"),
            }
        }
        self.schema(format!("mem://composite_schema/{}", self.name), DataState::Composite { parts })
    }

    fn template_dir(&self) -> Value {
        let read = || {
            let path = self.required("path")?;
            let vars = Value::object(self.vars()?).to_json();
            let directory = self.evaluator.directory.join(&path);
            let want = Want::Templates { directory: directory.clone(), vars };
            match self.evaluator.reader.fact(&want).map(|fact| &fact.answer) {
                Some(Answer::Files(files)) => Ok((
                    format!("mem://{path}/{}", self.name),
                    DataState::Directory { root: directory.clone(), files: files.clone() },
                )),
                Some(Answer::Failed(reason)) => Err(self.wrong(reason)),
                _ => Err(Value::wanting(hcl::Fact::new(want.to_string()))),
            }
        };
        match read() {
            Ok((url, state)) => self.schema(url, state),
            Err(value) => value,
        }
    }

    fn runtimevar(&self) -> Value {
        let ask = || self.ask(&Want::Variable { url: Secret(self.required("url")?.to_string()) });
        ask().unwrap_or_else(|value| value)
    }

    fn token(&self) -> Value {
        let mut inputs = Vec::new();
        for (name, attr) in &self.node().attrs {
            match &attr.value {
                Value::String(text) => inputs.push((name.clone(), text.to_string())),
                unknown @ Value::Unknown(_) => return unknown.clone(),
                _ => {}
            }
        }
        self.ask(&Want::Token { kind: self.kind.clone(), inputs }).unwrap_or_else(|value| value)
    }

    /// A schema others refer to by `url`.
    fn schema(&self, url: String, state: DataState) -> Value {
        self.evaluator.state(SmolStr::from(url.as_str()), state);
        Value::object([("url", Value::string(url))])
    }
}
