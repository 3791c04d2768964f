//! What can be done about a finding of the plan.
//!
//! Each code says itself what is offered, or why no edit can help ([`engine::lint::Remedy`]). Invariant: every finding that stands in a file has at least one action, for leaving it unreported is
//! always possible.

use std::sync::Arc;

use engine::lint::Finding;
use project::{Env, LivePlan, Snapshot};
use schema::ObjectPath;
use text::{Code, Diagnostic, FileId, TextRange};

use super::{Action, ActionKind, Edits, column, config, naming};

/// What `diff { skip { … } }` calls the change behind a code.
fn skipped_change(code: Code) -> Option<(&'static str, &'static str)> {
    match code {
        "DS101" => Some(("drop_schema", "dropped schemas")),
        "DS102" => Some(("drop_table", "dropped tables")),
        "DS103" => Some(("drop_column", "dropped columns")),
        "CD101" => Some(("drop_foreign_key", "dropped foreign keys")),
        "CD102" => Some(("drop_check", "dropped checks")),
        "CD103" => Some(("drop_primary_key", "dropped primary keys")),
        _ => None,
    }
}

/// The actions for the findings that stand in `range` of `file`.
pub(super) fn actions(
    snapshot: &Snapshot,
    file: FileId,
    range: TextRange,
    all: &[Diagnostic],
) -> Vec<Action> {
    let Some(claim) = snapshot.info(file).judge().filter(|claim| !claim.migration).cloned() else {
        return Vec::new();
    };
    let plan = snapshot.plan(&claim.config, &claim.env);
    let Some(ready) = plan.ready().filter(|ready| !ready.incomplete) else { return Vec::new() };
    let Some(env) = snapshot.env(&claim.config, &claim.env) else { return Vec::new() };
    let mut found = Vec::new();
    for finding in ready.report.findings() {
        let Some(place) = plan.place(finding) else { continue };
        if place.file != file || place.range.intersect(range).is_none() {
            continue;
        }
        let diagnostic =
            all.iter().find(|diagnostic| diagnostic.range == place.range && diagnostic.code == finding.code);
        let cx = About { snapshot, plan: &plan, env: &env, finding };
        for (title, edits, preferred) in cx.answers() {
            found.push(Action {
                title,
                kind: ActionKind::QuickFix,
                preferred,
                edits,
                files: Vec::new(),
                diagnostics: diagnostic.into_iter().cloned().collect(),
            });
        }
    }
    found
}

/// A finding with all there is to know about it.
struct About<'a> {
    snapshot: &'a Snapshot,
    plan: &'a LivePlan,
    env: &'a Arc<Env>,
    finding: &'a Finding,
}

type Answer = (String, Edits, bool);

impl About<'_> {
    fn answers(&self) -> Vec<Answer> {
        let mut answers = self.in_schema();
        answers.extend(self.in_config());
        answers
    }

    /// Changes of the schema itself.
    fn in_schema(&self) -> Vec<Answer> {
        match self.finding.code {
            "MF103" | "MF104" | "LT101" | "MY101" => self.fill(),
            code if code.starts_with("NM") && code != "NM101" => {
                let renamed = naming::rename(self.snapshot, self.plan, self.env, self.finding);
                renamed.into_iter().map(|(title, edits)| (title, edits, true)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn fill(&self) -> Vec<Answer> {
        let (Some(state), ObjectPath::Column { table, column, .. }) =
            (self.plan.desired.state(), &self.finding.object)
        else {
            return Vec::new();
        };
        let Some(origin) = state.origins.get(&self.finding.object) else { return Vec::new() };
        let found = state
            .realm
            .tables()
            .find(|(_, known)| known.name == *table)
            .and_then(|(_, table)| table.column(column));
        let Some(definition) = found else { return Vec::new() };
        let mut answers = Vec::new();
        if let Some((value, edits)) = column::with_default(self.snapshot, origin, definition) {
            answers.push((
                format!("Give column {column:?} the default {value}"),
                vec![(origin.file, edits)],
                true,
            ));
        }
        if let Some(edits) = column::nullable(self.snapshot, origin) {
            answers.push((format!("Let column {column:?} be NULL"), vec![(origin.file, edits)], false));
        }
        answers
    }

    /// Changes of the env: leaving the change out, or the report of it.
    fn in_config(&self) -> Vec<Answer> {
        let code = self.finding.code;
        let env = self.env.name.as_str();
        let Some(file) = self.snapshot.file(&self.plan.config) else { return Vec::new() };
        let mut answers = Vec::new();
        let mut offer = |title: String, path: &[config::Step<'_>], name: &str, value: &str| {
            if let Some(edit) = config::set(self.snapshot, file, self.env.range, path, name, value) {
                answers.push((title, vec![(file, vec![edit])], false));
            }
        };
        if let Some((change, what)) = skipped_change(code) {
            let title = format!("Leave {what} out of plans of env {env:?}");
            offer(title, &[("diff", None), ("skip", None)], change, "true");
        }
        let concurrent = match code {
            "PG101" => Some(("create", "Create")),
            "PG102" => Some(("drop", "Drop")),
            _ => None,
        };
        if let Some((setting, verb)) = concurrent {
            let title = format!("{verb} indexes concurrently in env {env:?}");
            offer(title, &[("diff", None), ("concurrent_index", None)], setting, "true");
        }
        if self.finding.severity == text::Severity::Error {
            let analyzer = self.finding.analyzer;
            let title = format!("Let findings of {analyzer:?} be warnings in env {env:?}");
            offer(title, &[("lint", None), (analyzer, None)], "error", "false");
        }
        let title = format!("Do not report {code} in env {env:?}");
        offer(title, &[("lint", None), ("check", Some(code))], "skip", "true");
        answers
    }
}
