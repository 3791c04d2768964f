//! The reports a template can be executed on.
//!
//! Source: reference/cli.md sections 8.3 to 8.5, 9.3 and 9.4.

mod lint;
mod mermaid;
mod migrate;
mod realm;

use std::sync::Arc;

use engine::DatabaseUrl;
use engine::migrate::write::Heading;
use engine::plan::{Plan, Statement};
use gotmpl::Value;
use serde_json::{Map, Value as Json, json};

pub use self::lint::LintReport;
pub use self::migrate::{MigrateApplyReport, MigrateDownReport, MigrateStatusReport};

use super::{Shapes, Subject, go_url};
use crate::schema::{diff, inspect};

/// What `schema inspect` found.
pub struct InspectReport {
    pub report: inspect::Report,
}

/// What `schema diff` found.
pub struct DiffReport {
    pub report: diff::Report,
}

/// What `schema apply` did, or would do.
#[derive(Clone, Debug, Default)]
pub struct ApplyReport {
    /// The target; `None` when there is nothing to do.
    pub target: Option<(DatabaseUrl, &'static str, Option<String>)>,
    pub applied: Vec<Statement>,
    pub pending: Vec<Statement>,
    /// The failed statement and the reason.
    pub error: Option<(String, String)>,
}

impl Subject for InspectReport {
    fn data(&self, shapes: &mut Shapes) -> Value {
        let read = &self.report.read;
        let realm_json = realm::json(&read.realm);
        let realm = realm::value(&read.realm, shapes, &realm_json);
        let url = match &read.url {
            Some(url) => url_value(url, read.bound.as_deref(), shapes),
            None => Value::Nil,
        };
        shapes.object([("Realm", realm), ("URL", url)], realm_json)
    }

    fn call(&self, name: &str, args: &[Value]) -> Result<Value, String> {
        match name {
            "MarshalHCL" => string(self.report.hcl()),
            "sql" | "MarshalSQL" => {
                let indent = indent(args)?;
                string(self.report.sql(&indent))
            }
            "RedactedURL" => Ok(Value::String(
                self.report.read.url.as_ref().map(ToString::to_string).unwrap_or_default().into(),
            )),
            "mermaid" => Ok(Value::String(mermaid::mermaid(&self.report.read).into())),
            _ => Err(format!("'{name}' is not supported yet by this build")),
        }
    }
}

impl Subject for DiffReport {
    fn data(&self, shapes: &mut Shapes) -> Value {
        let from_json = realm::json(&self.report.from.realm);
        let from = realm::value(&self.report.from.realm, shapes, &from_json);
        let to_json = realm::json(&self.report.to.realm);
        let to = realm::value(&self.report.to.realm, shapes, &to_json);
        let changes: Vec<Value> = self
            .report
            .changes
            .iter()
            .map(|change| Value::String(engine::diff::describe(change).into()))
            .collect();
        shapes.object([("From", from), ("To", to), ("Changes", Value::List(changes.into()))], Json::Null)
    }

    fn call(&self, name: &str, args: &[Value]) -> Result<Value, String> {
        match name {
            "sql" | "MarshalSQL" => {
                let indent = indent(args)?;
                match self.report.plan(&indent) {
                    Ok(plan) => Ok(Value::String(plan.to_sql().into())),
                    Err(error) => Err(error.to_string()),
                }
            }
            _ => Err(format!("'{name}' is not supported yet by this build")),
        }
    }
}

impl Subject for ApplyReport {
    fn data(&self, shapes: &mut Shapes) -> Value {
        let error = match &self.error {
            Some((statement, text)) => {
                let json = json!({"Stmt": statement, "Text": text});
                shapes.object(
                    [("Stmt", statement.as_str().into_value()), ("Text", text.as_str().into_value())],
                    json,
                )
            }
            None => Value::Nil,
        };
        let changes_json = self.changes_json();
        let applied = statements(&self.applied, shapes);
        let pending = statements(&self.pending, shapes);
        let changes = shapes
            .object([("Applied", applied), ("Pending", pending), ("Error", error)], changes_json.clone());
        let mut json = Map::new();
        let mut fields = vec![("Changes", changes), ("Error", "".into_value()), ("Dir", "".into_value())];
        match &self.target {
            Some((url, driver, bound)) => {
                let url_json = go_url(url, bound.as_deref());
                json.insert("Driver".into(), json!(driver));
                json.insert("URL".into(), url_json);
                fields.push(("Driver", (*driver).into_value()));
                fields.push(("URL", url_value(url, bound.as_deref(), shapes)));
            }
            None => fields.extend([("Driver", "".into_value()), ("URL", Value::Nil)]),
        }
        json.insert("Changes".into(), changes_json);
        shapes.object(fields, Json::Object(json))
    }

    fn call(&self, name: &str, _: &[Value]) -> Result<Value, String> {
        Err(format!("'{name}' is not supported yet by this build"))
    }
}

impl ApplyReport {
    fn changes_json(&self) -> Json {
        let texts = |statements: &[Statement]| {
            Json::Array(statements.iter().map(|statement| json!(statement.cmd)).collect())
        };
        let error = match &self.error {
            Some((statement, text)) => json!({"Stmt": statement, "Text": text}),
            None => Json::Null,
        };
        super::json::without_empty([
            ("Applied", texts(&self.applied)),
            ("Pending", texts(&self.pending)),
            ("Error", error),
        ])
    }
}

trait IntoValue {
    fn into_value(self) -> Value;
}

impl IntoValue for &str {
    fn into_value(self) -> Value {
        Value::String(self.into())
    }
}

/// The files that `migrate diff` would write.
#[derive(Clone, Debug, Default)]
pub struct FilesReport {
    /// Names and texts.
    pub files: Vec<(String, String)>,
    /// The URL of the directory.
    pub directory: String,
}

/// Source: reference/registry-api.md section 8.3.
impl Subject for FilesReport {
    fn data(&self, shapes: &mut Shapes) -> Value {
        let json: Vec<Json> =
            self.files.iter().map(|(name, text)| json!({ "Name": name, "Content": text })).collect();
        let files: Vec<Value> = self
            .files
            .iter()
            .zip(&json)
            .map(|((name, text), json)| {
                let fields = [("Name", name.as_str().into_value()), ("Content", text.as_str().into_value())];
                shapes.object(fields, json.clone())
            })
            .collect();
        let fields = [("Files", Value::List(files.into())), ("Dir", self.directory.as_str().into_value())];
        shapes.object(fields, json!({ "Files": json, "Dir": self.directory }))
    }

    fn call(&self, name: &str, _: &[Value]) -> Result<Value, String> {
        Err(format!("function {name:?} not defined"))
    }
}

/// What `migrate diff` writes into a file.
#[derive(Clone, Debug, Default)]
pub struct PlanReport {
    pub plan: Plan,
    pub heading: Heading,
}

/// Source: reference/cli.md section 8.6: the version is empty, it is only in the file's name.
impl Subject for PlanReport {
    fn data(&self, shapes: &mut Shapes) -> Value {
        let changes = statements(&self.plan.statements, shapes);
        let directives =
            self.heading.directives.iter().map(|it| it.as_str().into_value()).collect::<Vec<_>>();
        shapes.object(
            [
                ("Version", "".into_value()),
                ("Name", self.heading.name.as_str().into_value()),
                ("Reversible", Value::Bool(self.plan.reversible)),
                ("Transactional", Value::Bool(self.plan.transactional)),
                ("Changes", changes),
                ("Delimiter", "".into_value()),
                ("Directives", Value::List(directives.into())),
            ],
            Json::Null,
        )
    }

    fn call(&self, name: &str, _: &[Value]) -> Result<Value, String> {
        Err(format!("function {name:?} not defined"))
    }
}

fn statements(statements: &[Statement], shapes: &mut Shapes) -> Value {
    let one = |statement: &Statement, shapes: &mut Shapes| {
        let reverse: Vec<Value> = statement.reverse.iter().map(|text| text.as_str().into_value()).collect();
        let json = json!({
            "Cmd": statement.cmd,
            "Args": Json::Null,
            "Comment": statement.comment,
            "Reverse": statement.reverse,
            "Source": Json::Null,
        });
        shapes.object(
            [
                ("Cmd", statement.cmd.as_str().into_value()),
                ("Comment", statement.comment.as_str().into_value()),
                ("Reverse", Value::List(reverse.into())),
                ("Source", Value::Nil),
            ],
            json,
        )
    };
    let items: Vec<Value> = statements.iter().map(|statement| one(statement, shapes)).collect();
    Value::List(items.into())
}

fn url_value(url: &DatabaseUrl, schema: Option<&str>, shapes: &mut Shapes) -> Value {
    let fields = [
        ("Scheme", url.scheme().into_value()),
        ("Host", url.host().into_value()),
        ("Path", url.path().into_value()),
        ("RawQuery", Value::String(url.redacted_query().unwrap_or_default().into())),
        ("Fragment", url.fragment().into_value()),
        ("Schema", schema.unwrap_or_default().into_value()),
        ("Redacted", Value::String(url.to_string().into())),
    ];
    shapes.object(fields, go_url(url, schema))
}

fn string(text: Result<String, crate::Error>) -> Result<Value, String> {
    text.map(|text| Value::String(text.into())).map_err(|error| error.to_string())
}

/// The indent behind the value: at most one.
fn indent(args: &[Value]) -> Result<String, String> {
    match args {
        [] | [_] => Ok(String::new()),
        [_, indent] => Ok(indent.to_string()),
        more => Err(format!("unexpected number of arguments: {}", more.len() - 1)),
    }
}

/// A report as a subject.
impl From<InspectReport> for Arc<dyn Subject> {
    fn from(report: InspectReport) -> Self {
        Arc::new(report)
    }
}
