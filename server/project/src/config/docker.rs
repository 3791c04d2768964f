//! `docker` and `dev` blocks: each becomes the URL of a dev database.
//!
//! Nothing is started here: the URL says all a driver needs to start it. What a URL has no place for (`baseline`, how an
//! image is built) are parameters called `docker.…`, which a driver takes for itself.
//!
//! Source: reference/project.md section 12, documented/project.md section 2.

use engine::state::Failure;
use hcl::Value;
use smol_str::SmolStr;
use text::TextRange;

use super::{Evaluator, Top};
use crate::node::Node;

/// The value of `docker.<driver>.<name>`.
pub(super) fn docker(evaluator: &Evaluator<'_>, driver: &SmolStr, name: &SmolStr, top: &Top) -> Value {
    let child = evaluator.child(&top.block, top.base, &[]);
    let block =
        Block { evaluator, title: format!("docker.{driver}.{name}"), range: head(top), node: &child.node };
    object(block.container(driver))
}

/// The value of `dev.<driver>.<name>`.
pub(super) fn dev(evaluator: &Evaluator<'_>, driver: &SmolStr, name: &SmolStr, top: &Top) -> Value {
    let child = evaluator.child(&top.block, top.base, &[]);
    let block =
        Block { evaluator, title: format!("dev.{driver}.{name}"), range: head(top), node: &child.node };
    object(block.existing())
}

fn head(top: &Top) -> TextRange {
    top.block.header_range() + top.base
}

/// `Err` is what the URL is when it cannot be known.
fn object(url: Result<String, Value>) -> Value {
    let url = url.map_or_else(|unknown| unknown, Value::string);
    Value::object([("url", url)])
}

struct Block<'e, 'a> {
    evaluator: &'e Evaluator<'a>,
    title: String,
    range: TextRange,
    node: &'e Node,
}

impl Block<'_, '_> {
    fn container(&self, driver: &str) -> Result<String, Value> {
        let image = self.required(self.node, "image")?;
        let schema = self.string(self.node, "schema")?;
        let database = self.string(self.node, "database")?;
        let mut parameters: Vec<(&str, String)> = Vec::new();
        let path = match driver {
            "postgres" | "postgresql" | "postgis" | "pgvector" => {
                parameters.extend(schema.map(|schema| ("search_path", schema)));
                database
            }
            // A schema and a database are the same there.
            _ => schema.or(database),
        };
        for (name, key) in
            [("init", "docker.init"), ("baseline", "docker.baseline"), ("platform", "docker.platform")]
        {
            parameters.extend(self.string(self.node, name)?.map(|text| (key, text)));
        }
        for (name, key) in [("command", "docker.command"), ("extra_hosts", "docker.host")] {
            parameters.extend(self.strings(name)?.into_iter().map(|text| (key, text)));
        }
        if let Some(build) = self.node.block("build") {
            let context = self.required(build, "context")?;
            let context = self.evaluator.directory.join(context.strip_prefix("file://").unwrap_or(&context));
            parameters.push(("docker.build", context.as_str().to_owned()));
            for (name, key) in [("dockerfile", "docker.build.file"), ("target", "docker.build.target")] {
                parameters.extend(self.string(build, name)?.map(|text| (key, text)));
            }
            if let Some(args) = build.attr("args") {
                if let Some(unknown) = args.value.unknown() {
                    return Err(Value::Unknown(unknown));
                }
                let Some(entries) = args.value.entries() else {
                    return Err(self.wrong("attribute \"args\" must be a map of strings"));
                };
                for (name, value) in entries {
                    let Some(text) = value.as_str() else {
                        return Err(self.wrong("attribute \"args\" must be a map of strings"));
                    };
                    parameters.push(("docker.build.arg", format!("{name}={text}")));
                }
            }
        }
        // The last step of the path is a database unless it has a tag.
        let last = image.rsplit('/').next().unwrap_or_default();
        let tag = if last.contains(':') { "" } else { ":latest" };
        let path = path.map_or_else(String::new, |path| format!("/{}", escape(&path, "")));
        let mut url = format!("docker+{driver}://_/{}{tag}{path}", escape(&image, "/:@"));
        for (at, (key, text)) in parameters.iter().enumerate() {
            url.push(if at == 0 { '?' } else { '&' });
            url.push_str(&format!("{key}={}", escape(text, "")));
        }
        Ok(url)
    }

    fn existing(&self) -> Result<String, Value> {
        let url = self.required(self.node, "url")?;
        if self.node.attr("baseline").is_some() || self.node.attr("init").is_some() {
            self.evaluator.fail(Failure::Text(format!(
                "{}: SQL for a dev database that is there already is not supported yet",
                self.title
            )));
            return Err(Value::lost());
        }
        Ok(url)
    }

    /// Reports what is wrong, at the block's head.
    fn wrong(&self, message: &str) -> Value {
        self.evaluator.mistake(self.range, format!("{}: {message}", self.title));
        Value::lost()
    }

    fn required(&self, node: &Node, name: &str) -> Result<String, Value> {
        self.string(node, name)?.ok_or_else(|| {
            // The grammar says it in the editor's words.
            let text = format!("{}: missing required attribute {name:?}", self.title);
            self.evaluator.fail(Failure::Text(text));
            Value::lost()
        })
    }

    fn string(&self, node: &Node, name: &str) -> Result<Option<String>, Value> {
        match node.attr(name).map(|attr| &attr.value) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.to_string())),
            Some(unknown @ Value::Unknown(_)) => Err(unknown.clone()),
            Some(_) => Err(self.wrong(&format!("attribute {name:?} must be a string"))),
        }
    }

    fn strings(&self, name: &str) -> Result<Vec<String>, Value> {
        let Some(attr) = self.node.attr(name) else { return Ok(Vec::new()) };
        if let Some(unknown) = attr.value.unknown() {
            return Err(Value::Unknown(unknown));
        }
        let texts = attr.value.elements().and_then(|items| {
            items.iter().map(|item| item.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        texts.ok_or_else(|| self.wrong(&format!("attribute {name:?} must be a list of strings")))
    }
}

/// `text` as part of a URL; the characters of `kept` stay.
fn escape(text: &str, kept: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        let char = byte as char;
        if char.is_ascii_alphanumeric() || "-._~".contains(char) || kept.contains(char) {
            out.push(char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}
