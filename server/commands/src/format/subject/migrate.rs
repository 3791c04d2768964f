//! What `migrate apply`, `migrate status` and `migrate down` report, as values of templates.
//!
//! Source: reference/cli.md sections 8.1, 8.2, 9.1 and 9.2; registry-api.md section 8.2.

use std::time::Duration;

use engine::apply::Outcome;
use engine::migrate::revision::Moment;
use engine::migrate::run::{File, FileReport};
use engine::migrate::{Migration, Revision};
use gotmpl::Value;
use serde_json::{Map, Value as Json, json};

use super::{IntoValue, url_value};
use crate::format::json::without_empty;
use crate::format::{Shapes, Subject, go_url};
use crate::migrate::apply::Done;
use crate::migrate::down::Planned;
use crate::migrate::status::Status;
use crate::migrate::text::{Look, header, summary};

/// What `migrate apply` did.
pub struct MigrateApplyReport {
    pub done: Done,
    /// The directory as the flag says it: `file://migrations`.
    pub dir: String,
    /// How times are shown.
    pub duration: fn(Duration) -> String,
}

/// What `migrate status` found.
pub struct MigrateStatusReport {
    pub status: Status,
    pub dir: String,
    /// The default report.
    pub text: String,
}

/// What `migrate down` did, or would do.
pub struct MigrateDownReport {
    pub planned: Option<Planned>,
    /// How its statements ended; empty when it was only planned.
    pub outcomes: Vec<Outcome>,
    /// `APPLIED`, `ABORTED`, empty when it was only planned.
    pub status: &'static str,
    pub error: String,
    pub start: Moment,
    pub end: Moment,
}

/// Text without colours, which templates add themselves.
struct Plain(fn(Duration) -> String);

impl Look for Plain {
    fn paint(&self, _: &str, text: &str) -> String {
        text.to_owned()
    }

    fn duration(&self, duration: Duration) -> String {
        (self.0)(duration)
    }
}

impl Subject for MigrateApplyReport {
    fn data(&self, shapes: &mut Shapes) -> Value {
        let Done { url, driver, bound, plan, report } = &self.done;
        let pending: Vec<Value> = plan.files.iter().map(|file| file_value(file, shapes)).collect();
        let applied: Vec<Value> =
            plan.files.iter().zip(&report.files).map(|(file, done)| applied(file, done, shapes)).collect();
        let current = plan.current.as_deref().unwrap_or_default();
        let target = plan.version().unwrap_or_default();
        let error = report.error.as_ref().map(ToString::to_string).unwrap_or_default();
        let message = match (error.is_empty(), plan.version()) {
            (false, _) => String::new(),
            (true, None) => "No migration files to execute".to_owned(),
            (true, Some(target)) => format!(
                "Migrated to version {target} from {current} ({} migrations in total)",
                plan.files.len()
            ),
        };
        let mut json = Map::new();
        json.insert("Driver".into(), json!(driver));
        json.insert("URL".into(), go_url(url, bound.as_deref()));
        let lists = [
            ("Dir", json!(self.dir)),
            ("Pending", Json::Array(pending.iter().map(|it| shapes.json(it)).collect())),
            ("Applied", Json::Array(applied.iter().map(|it| shapes.json(it)).collect())),
            ("Current", json!(current)),
            ("Target", json!(target)),
        ];
        merge(&mut json, without_empty(lists));
        json.insert("Start".into(), json!(report.start.rfc3339()));
        json.insert("End".into(), json!(report.end.rfc3339()));
        merge(&mut json, without_empty([("Error", json!(error)), ("Message", json!(message))]));
        let fields = [
            ("Driver", (*driver).into_value()),
            ("URL", url_value(url, bound.as_deref(), shapes)),
            ("Dir", self.dir.as_str().into_value()),
            ("Pending", Value::List(pending.into())),
            ("Applied", Value::List(applied.into())),
            ("Current", current.into_value()),
            ("Target", target.into_value()),
            ("Start", report.start.rfc3339().as_str().into_value()),
            ("End", report.end.rfc3339().as_str().into_value()),
            ("Error", error.as_str().into_value()),
            ("Message", message.as_str().into_value()),
        ];
        shapes.object(fields, Json::Object(json))
    }

    fn call(&self, name: &str, args: &[Value]) -> Result<Value, String> {
        let look = Plain(self.duration);
        match name {
            "Header" => Ok(header(&self.done.plan, &look).trim_end_matches('\n').into_value()),
            "Summary" => {
                let indent = args.get(1).map(Value::to_string).unwrap_or_default();
                let text = summary(&self.done.report, &indent, &look);
                Ok(text.trim_end_matches('\n').into_value())
            }
            _ => Err(format!("'{name}' is not supported yet by this build")),
        }
    }
}

impl Subject for MigrateDownReport {
    fn data(&self, shapes: &mut Shapes) -> Value {
        let (start, end) = (self.start.rfc3339(), self.end.rfc3339());
        let mut json = Map::new();
        let Some(planned) = &self.planned else {
            json.insert("Start".into(), json!(start));
            json.insert("End".into(), json!(end));
            return shapes.object([("Status", self.status.into_value())], Json::Object(json));
        };
        let files: Vec<Value> = planned
            .reverted
            .iter()
            .map(|revision| {
                let version = &revision.version;
                let description = &revision.description;
                let name = engine::migrate::file::file_name(version, description);
                let json = self::named(&name, version, description);
                shapes.object(names(&name, version, description), json)
            })
            .collect();
        let mut at = 0;
        let mut reverted: Vec<Value> = Vec::new();
        for unit in &planned.units {
            let range = at..at + unit.statements;
            at = range.end;
            let outcomes = self.outcomes.get(range.clone()).unwrap_or_default();
            let statements = planned.plan.statements.get(range).unwrap_or_default();
            let sent = outcomes.iter().take_while(|it| **it != Outcome::NotRun).count();
            if self.outcomes.is_empty() {
                continue;
            }
            let sent: Vec<&str> = statements.iter().take(sent).map(|it| it.cmd.as_str()).collect();
            let failed = outcomes.iter().zip(statements).find_map(|(outcome, statement)| match outcome {
                Outcome::Failed(text) => Some(json!({"Stmt": statement.cmd, "Text": text})),
                _ => None,
            });
            let version = unit.versions.join(", ");
            let mut json = Map::new();
            merge(&mut json, self::named("", &version, ""));
            json.insert("Start".into(), json!(start));
            json.insert("End".into(), json!(end));
            let rest = [("Applied", json!(sent)), ("Error", failed.unwrap_or(Json::Null))];
            merge(&mut json, without_empty(rest));
            let list: Vec<Value> = sent.iter().map(|sql| sql.into_value()).collect();
            let fields = [("Version", version.as_str().into_value()), ("Applied", Value::List(list.into()))];
            reverted.push(shapes.object(fields, Json::Object(json)));
        }
        let target = planned.version.as_deref().unwrap_or_default();
        let list = |values: &[Value], shapes: &Shapes| {
            Json::Array(values.iter().map(|it| shapes.json(it)).collect())
        };
        let first = [
            ("Planned", list(&files, shapes)),
            ("Reverted", list(&reverted, shapes)),
            ("Current", json!(planned.current)),
            ("Target", json!(target)),
            ("Total", json!(files.len())),
        ];
        merge(&mut json, without_empty(first));
        json.insert("Start".into(), json!(start));
        json.insert("End".into(), json!(end));
        let last =
            [("Losses", json!(planned.losses)), ("Status", json!(self.status)), ("Error", json!(self.error))];
        merge(&mut json, without_empty(last));
        let losses: Vec<Value> = planned.losses.iter().map(|it| it.as_str().into_value()).collect();
        let fields = [
            ("Total", Value::Int(files.len() as i64)),
            ("Planned", Value::List(files.into())),
            ("Reverted", Value::List(reverted.into())),
            ("Current", planned.current.as_str().into_value()),
            ("Target", target.into_value()),
            ("Losses", Value::List(losses.into())),
            ("Start", start.as_str().into_value()),
            ("End", end.as_str().into_value()),
            ("Status", self.status.into_value()),
            ("Error", self.error.as_str().into_value()),
            ("URL", "".into_value()),
        ];
        shapes.object(fields, Json::Object(json))
    }

    fn call(&self, name: &str, _: &[Value]) -> Result<Value, String> {
        Err(format!("'{name}' is not supported yet by this build"))
    }
}

impl Subject for MigrateStatusReport {
    fn data(&self, shapes: &mut Shapes) -> Value {
        let status = &self.status;
        let files = |list: &[Migration], shapes: &mut Shapes| -> Vec<Value> {
            list.iter().map(|file| migration(file, shapes)).collect()
        };
        let available = files(&status.available, shapes);
        let out_of_order = files(&status.out_of_order, shapes);
        let pending = files(&status.pending, shapes);
        let applied: Vec<Value> = status.applied.iter().map(|it| revision(it, shapes)).collect();
        let bound = status.bound.as_deref();
        let url = url_value(&status.url, bound, shapes);
        let env_json = json!({"Driver": status.driver, "URL": go_url(&status.url, bound), "Dir": self.dir});
        let env = shapes.object(
            [
                ("Driver", status.driver.into_value()),
                ("URL", url.clone()),
                ("Dir", self.dir.as_str().into_value()),
            ],
            env_json.clone(),
        );
        let (count, total) = status.partial.unwrap_or_default();
        let list = |values: &[Value], shapes: &Shapes| {
            Json::Array(values.iter().map(|it| shapes.json(it)).collect())
        };
        let mut json = Map::new();
        json.insert("Env".into(), env_json);
        let some = |count: u64| if count == 0 { Json::Null } else { json!(count) };
        let rest = [
            ("Available", list(&available, shapes)),
            ("OutOfOrder", list(&out_of_order, shapes)),
            ("Pending", list(&pending, shapes)),
            ("Applied", list(&applied, shapes)),
            ("Current", json!(status.current)),
            ("Next", json!(status.next)),
            ("Count", some(count)),
            ("Total", some(total as u64)),
            ("Status", json!(status.word())),
            ("Error", json!(status.error)),
            ("SQL", json!(status.sql)),
        ];
        merge(&mut json, without_empty(rest));
        let fields = [
            ("Env", env),
            ("Driver", status.driver.into_value()),
            ("URL", url),
            ("Dir", self.dir.as_str().into_value()),
            ("Available", Value::List(available.into())),
            ("OutOfOrder", Value::List(out_of_order.into())),
            ("Pending", Value::List(pending.into())),
            ("Applied", Value::List(applied.into())),
            ("Current", status.current.as_str().into_value()),
            ("Next", status.next.as_str().into_value()),
            ("Count", Value::Int(count as i64)),
            ("Total", Value::Int(total as i64)),
            ("Status", status.word().into_value()),
            ("Error", status.error.as_str().into_value()),
            ("SQL", status.sql.as_str().into_value()),
        ];
        shapes.object(fields, Json::Object(json))
    }

    fn call(&self, name: &str, _: &[Value]) -> Result<Value, String> {
        match name {
            "Left" => Ok(Value::Int(self.status.left())),
            "FromCheckpoint" => Ok(Value::Bool(self.status.from_checkpoint())),
            "default" => Ok(self.text.as_str().into_value()),
            _ => Err(format!("'{name}' is not supported yet by this build")),
        }
    }
}

fn merge(into: &mut Map<String, Json>, from: Json) {
    if let Json::Object(entries) = from {
        into.extend(entries);
    }
}

fn named(name: &str, version: &str, description: &str) -> Json {
    without_empty([("Name", json!(name)), ("Version", json!(version)), ("Description", json!(description))])
}

fn file_value(file: &File, shapes: &mut Shapes) -> Value {
    let json = named(&file.name, &file.version, &file.description);
    shapes.object(names(&file.name, &file.version, &file.description), json)
}

fn migration(file: &Migration, shapes: &mut Shapes) -> Value {
    let json = named(&file.name, &file.version, &file.description);
    shapes.object(names(&file.name, &file.version, &file.description), json)
}

fn names(name: &str, version: &str, description: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("Name", name.into_value()),
        ("Version", version.into_value()),
        ("Desc", description.into_value()),
        ("Description", description.into_value()),
    ]
}

/// A file with what became of it.
fn applied(file: &File, done: &FileReport, shapes: &mut Shapes) -> Value {
    let sent = file.statements.iter().skip(done.skipped).take(done.sent);
    let sent: Vec<&String> = sent.collect();
    let error_json = done.error.as_ref().map(|(sql, text)| json!({"Stmt": sql, "Text": text}));
    let error = match (&done.error, &error_json) {
        (Some((sql, text)), Some(json)) => shapes.object(
            [("Stmt", sql.as_str().into_value()), ("Text", text.as_str().into_value())],
            json.clone(),
        ),
        _ => Value::Nil,
    };
    let checks: Vec<Value> = done.checks.iter().map(|check| check_value(check, shapes)).collect();
    let mut json = Map::new();
    merge(&mut json, named(&file.name, &file.version, &file.description));
    json.insert("Start".into(), json!(done.start.rfc3339()));
    json.insert("End".into(), json!(done.end.rfc3339()));
    let skipped = if done.skipped == 0 { Json::Null } else { json!(done.skipped) };
    let checks_json = Json::Array(checks.iter().map(|it| shapes.json(it)).collect());
    let rest = [
        ("Skipped", skipped),
        ("Applied", json!(sent)),
        ("Checks", checks_json),
        ("Error", error_json.unwrap_or(Json::Null)),
    ];
    merge(&mut json, without_empty(rest));
    let mut fields = names(&file.name, &file.version, &file.description);
    let sent: Vec<Value> = sent.into_iter().map(|sql| sql.as_str().into_value()).collect();
    fields.extend([
        ("Start", done.start.rfc3339().as_str().into_value()),
        ("End", done.end.rfc3339().as_str().into_value()),
        ("Skipped", Value::Int(done.skipped as i64)),
        ("Applied", Value::List(sent.into())),
        ("Checks", Value::List(checks.into())),
        ("Error", error),
    ]);
    shapes.object(fields, Json::Object(json))
}

fn check_value(check: &engine::migrate::run::CheckReport, shapes: &mut Shapes) -> Value {
    let error = |text: &Option<String>| text.as_ref().map_or(Value::Nil, |text| text.as_str().into_value());
    let statements: Vec<Json> = check
        .statements
        .iter()
        .map(|(sql, returned)| match returned {
            Some(returned) => json!({"Stmt": sql, "Error": format!("returned {returned}")}),
            None => json!({"Stmt": sql}),
        })
        .collect();
    let values: Vec<Value> = check
        .statements
        .iter()
        .zip(&statements)
        .map(|((sql, returned), json)| {
            shapes.object([("Stmt", sql.as_str().into_value()), ("Error", error(returned))], json.clone())
        })
        .collect();
    let mut json = Map::new();
    merge(&mut json, without_empty([("Name", json!(check.name)), ("Stmts", Json::Array(statements))]));
    if let Some(text) = &check.error {
        json.insert("Error".into(), json!({"Stmt": "", "Text": text}));
    }
    json.insert("Start".into(), json!(check.start.rfc3339()));
    json.insert("End".into(), json!(check.end.rfc3339()));
    let fields = [
        ("Name", check.name.as_str().into_value()),
        ("Stmts", Value::List(values.into())),
        ("Error", error(&check.error)),
        ("Start", check.start.rfc3339().as_str().into_value()),
        ("End", check.end.rfc3339().as_str().into_value()),
    ];
    shapes.object(fields, Json::Object(json))
}

fn revision(revision: &Revision, shapes: &mut Shapes) -> Value {
    let kind = revision.kind.to_string();
    let at = revision.executed_at.rfc3339();
    let mut json = Map::new();
    json.insert("Version".into(), json!(revision.version));
    json.insert("Description".into(), json!(revision.description));
    json.insert("Type".into(), json!(kind));
    json.insert("Applied".into(), json!(revision.applied));
    json.insert("Total".into(), json!(revision.total));
    json.insert("ExecutedAt".into(), json!(at));
    json.insert("ExecutionTime".into(), json!(revision.execution_time));
    merge(
        &mut json,
        without_empty([("Error", json!(revision.error)), ("ErrorStmt", json!(revision.error_stmt))]),
    );
    json.insert("OperatorVersion".into(), json!(revision.operator_version));
    let fields = [
        ("Version", revision.version.as_str().into_value()),
        ("Description", revision.description.as_str().into_value()),
        ("Type", kind.as_str().into_value()),
        ("Applied", Value::Int(revision.applied as i64)),
        ("Total", Value::Int(revision.total as i64)),
        ("ExecutedAt", at.as_str().into_value()),
        ("ExecutionTime", Value::Int(revision.execution_time)),
        ("Error", revision.error.as_str().into_value()),
        ("ErrorStmt", revision.error_stmt.as_str().into_value()),
        ("Hash", revision.hash.as_str().into_value()),
        ("OperatorVersion", revision.operator_version.as_str().into_value()),
    ];
    shapes.object(fields, Json::Object(json))
}
