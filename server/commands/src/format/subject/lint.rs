//! What `migrate lint` found, as a template sees it and as JSON.
//!
//! Source: reference/lint.md section 10.

use gotmpl::Value;
use serde_json::{Value as Json, json};

use super::{IntoValue as _, url_value};
use crate::format::json::without_empty;
use crate::format::{Shapes, Subject, go_url};
use crate::migrate::lint::{Diagnostic, FileReport, Fix, Group, Report, Step};

/// What `migrate lint` found.
pub struct LintReport {
    pub report: Report,
}

impl Subject for LintReport {
    fn data(&self, shapes: &mut Shapes) -> Value {
        let report = &self.report;
        let files: Vec<Value> = report.files.iter().map(|it| file(it, shapes)).collect();
        let steps: Vec<Value> = report.steps.iter().map(|it| step(it, report, &files, shapes)).collect();
        let is_apart = |(step, _): &(&Step, &Value)| !step.groups.is_empty();
        let apart: Vec<Value> =
            report.steps.iter().zip(&steps).filter(is_apart).map(|(_, it)| it.clone()).collect();
        let bound = report.bound.as_deref();
        let url = report.dev.as_ref().map_or(Value::Nil, |url| url_value(url, bound, shapes));
        let env_json = without_empty([
            ("Driver", json!(report.dialect.name)),
            ("URL", report.dev.as_ref().map_or(Json::Null, |url| go_url(url, bound))),
            ("Dir", json!(report.dir)),
        ]);
        let (driver, dir) = (report.dialect.name.into_value(), report.dir.as_str().into_value());
        let env = shapes.object([("Driver", driver), ("URL", url), ("Dir", dir)], env_json.clone());
        let schema_json =
            without_empty([("Current", json!(report.current)), ("Desired", json!(report.desired))]);
        let (current, desired) = (report.current.as_str().into_value(), report.desired.as_str().into_value());
        let schema = shapes.object([("Current", current), ("Desired", desired)], schema_json.clone());
        let mut json = serde_json::Map::new();
        json.insert("Env".to_owned(), env_json);
        json.insert("Schema".to_owned(), schema_json);
        for (name, list) in [("Steps", &steps), ("Files", &files)] {
            if !list.is_empty() {
                json.insert(name.to_owned(), list.iter().map(|it| shapes.json(it)).collect());
            }
        }
        let end = report.started.saturating_add(u64::try_from(report.took.as_millis()).unwrap_or_default());
        let fields = [
            ("URL", "".into_value()),
            ("Env", env),
            ("Schema", schema),
            ("Steps", Value::List(steps.into())),
            ("Files", Value::List(files.into())),
            ("FromV", report.from_version.as_str().into_value()),
            ("ToV", report.to_version.as_str().into_value()),
            ("TotalFiles", int(report.total_files)),
            ("DiagnosticsCount", int(report.diagnostics())),
            ("VersionStatuses", Value::String(report.statuses().into())),
            ("TotalChanges", int(report.changes())),
            ("NonFileReports", Value::List(apart.into())),
            ("Start", Value::String(crate::facts::rfc3339(report.started).into())),
            ("End", Value::String(crate::facts::rfc3339(end).into())),
        ];
        shapes.object(fields, Json::Object(json))
    }

    /// `.Line pos` of a file.
    fn call(&self, name: &str, args: &[Value]) -> Result<Value, String> {
        let (Value::Map(fields), Some(pos)) =
            (args.first().unwrap_or(&Value::Nil), args.get(1).and_then(Value::as_int))
        else {
            return Err(format!("'{name}' takes a file and a position"));
        };
        let of = fields.get("Name").map(Value::to_string).unwrap_or_default();
        let file = self.report.files.iter().find(|file| file.name == of);
        let pos = usize::try_from(pos).unwrap_or_default();
        Ok(int(file.map_or(1, |file| file.line(pos))))
    }
}

fn int(number: usize) -> Value {
    Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
}

fn list<T>(items: &[T], shapes: &mut Shapes, one: impl Fn(&T, &mut Shapes) -> Value) -> (Value, Json) {
    let values: Vec<Value> = items.iter().map(|item| one(item, shapes)).collect();
    let json = values.iter().map(|value| shapes.json(value)).collect();
    (Value::List(values.into()), json)
}

fn file(file: &FileReport, shapes: &mut Shapes) -> Value {
    let (groups, json) = list(&file.groups, shapes, group);
    let fixes: Vec<Fix> = file.fixes().cloned().collect();
    let (fixes, _) = list(&fixes, shapes, fix);
    let changes = Value::List(vec![Value::Nil; file.changes].into());
    let json = without_empty([
        ("Name", json!(file.name)),
        ("Text", json!(file.text)),
        ("Reports", json),
        ("Error", json!(file.error)),
    ]);
    let fields = [
        ("Name", file.name.as_str().into_value()),
        ("Text", file.text.as_str().into_value()),
        ("Reports", groups),
        ("Error", file.error.as_str().into_value()),
        ("Version", file.version.as_str().into_value()),
        ("Desc", file.description.as_str().into_value()),
        ("SuggestedFixes", fixes),
        ("Changes", changes),
    ];
    shapes.object(fields, json)
}

fn group(group: &Group, shapes: &mut Shapes) -> Value {
    let (diagnostics, json) = list(&group.diagnostics, shapes, diagnostic);
    let mut object = serde_json::Map::new();
    object.insert("Text".to_owned(), json!(group.heading));
    object.insert("Diagnostics".to_owned(), json);
    let fields = [
        ("Text", group.heading.into_value()),
        ("Desc", "".into_value()),
        ("Diagnostics", diagnostics),
        ("SuggestedFixes", Value::List(Vec::new().into())),
    ];
    shapes.object(fields, Json::Object(object))
}

fn diagnostic(diagnostic: &Diagnostic, shapes: &mut Shapes) -> Value {
    let (fixes, fixes_json) = list(&diagnostic.fixes, shapes, fix);
    let mut object = serde_json::Map::new();
    object.insert("Pos".to_owned(), json!(diagnostic.pos));
    object.insert("Text".to_owned(), json!(diagnostic.text));
    object.insert("Code".to_owned(), json!(diagnostic.code));
    if !diagnostic.fixes.is_empty() {
        object.insert("SuggestedFixes".to_owned(), fixes_json);
    }
    let fields = [
        ("Pos", int(diagnostic.pos)),
        ("Text", diagnostic.text.as_str().into_value()),
        ("Code", diagnostic.code.into_value()),
        ("SuggestedFixes", fixes),
    ];
    shapes.object(fields, Json::Object(object))
}

fn fix(fix: &Fix, shapes: &mut Shapes) -> Value {
    let mut object = serde_json::Map::new();
    object.insert("Message".to_owned(), json!(fix.message));
    let edit = match &fix.edit {
        Some(edit) => {
            let json = json!({"Line": edit.line, "End": edit.end, "NewText": edit.text});
            object.insert("TextEdit".to_owned(), json.clone());
            let fields = [
                ("Line", int(edit.line)),
                ("End", int(edit.end)),
                ("NewText", edit.text.as_str().into_value()),
            ];
            shapes.object(fields, json)
        }
        None => Value::Nil,
    };
    let fields = [("Message", fix.message.as_str().into_value()), ("TextEdit", edit)];
    shapes.object(fields, Json::Object(object))
}

/// What a step found that is not about the content of one file.
fn apart(step: &Step, shapes: &mut Shapes) -> Value {
    let (groups, groups_json) = list(&step.groups, shapes, group);
    let json =
        without_empty([("Name", json!(step.name)), ("Reports", groups_json), ("Error", json!(step.error))]);
    let fields = [
        ("Name", step.name.as_str().into_value()),
        ("Text", "".into_value()),
        ("Reports", groups),
        ("Error", step.error.as_str().into_value()),
    ];
    shapes.object(fields, json)
}

fn step(step: &Step, report: &Report, files: &[Value], shapes: &mut Shapes) -> Value {
    let of = step.result.filter(|at| *at < report.files.len()).and_then(|at| files.get(at)).cloned();
    let of = of.or_else(|| (!step.groups.is_empty()).then(|| apart(step, shapes)));
    let json = without_empty([
        ("Name", json!(step.name)),
        ("Text", json!(step.text)),
        ("Error", json!(step.error)),
        ("Result", of.as_ref().map_or(Json::Null, |file| shapes.json(file))),
    ]);
    let fields = [
        ("Name", step.name.as_str().into_value()),
        ("Text", step.text.as_str().into_value()),
        ("Error", step.error.as_str().into_value()),
        ("Result", of.unwrap_or(Value::Nil)),
    ];
    shapes.object(fields, json)
}
