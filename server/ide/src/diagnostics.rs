//! Everything that is wrong with a file, or will be when its plan is carried out.
//!
//! Syntax, names and types come from the state the file is part of; what a plan would do comes from the live plan of
//! the env that judges the file, and stands at the line of the schema that causes it. Invariant: one mistake, one
//! finding; a file of a dialect we do not understand has syntax findings at most.

use hcl::code;
use project::{Claim, Content, DesiredKind, Env, FileInfo, LivePlan, Path, Role, Setting, Snapshot};
use text::{Code, Diagnostic, FileId, Severity, TextRange, TextSize};

use crate::migrations;

/// A file whose text cannot be had.
pub const UNREADABLE: Code = "unreadable-file";
/// The desired state an env names is not there, or not what it should be.
pub const WRONG_SOURCE: Code = "wrong-source";

/// The lint findings of a plan that belong to one file.
pub type PlanFindings = Vec<Diagnostic>;

/// What is wrong with `file`, in the order of its text.
pub fn diagnostics(snapshot: &Snapshot, file: FileId) -> Vec<Diagnostic> {
    let mut found = match snapshot.content(file) {
        Some(Content::Text(_)) => of_text(snapshot, file),
        Some(Content::Binary) => {
            vec![at_start(UNREADABLE, "the file is not UTF-8 text, so it is not analysed")]
        }
        Some(Content::Unreadable(reason)) => {
            vec![at_start(UNREADABLE, &format!("the file cannot be read: {reason}"))]
        }
        Some(Content::Missing) | None => Vec::new(),
    };
    found.sort_by_key(|diagnostic| (diagnostic.range.start(), diagnostic.range.end()));
    found.dedup();
    found
}

fn of_text(snapshot: &Snapshot, file: FileId) -> Vec<Diagnostic> {
    let info = snapshot.info(file);
    match info.role {
        Role::Config => config(snapshot, file),
        Role::Schema | Role::Sql => schema(snapshot, file, &info),
        // Their grammars come later; their syntax is HCL's.
        Role::Test | Role::Plan | Role::Rule | Role::Script => {
            snapshot.hcl(file).map(|tree| tree.errors()).unwrap_or_default()
        }
        Role::Sum => migrations::integrity::of_sum(snapshot, file),
        Role::Other => Vec::new(),
    }
}

fn schema(snapshot: &Snapshot, file: FileId, info: &FileInfo) -> Vec<Diagnostic> {
    if info.home.is_some() {
        let mut found = migrations::diagnostics(snapshot, file, info);
        if let Some(claim) = info.judge().filter(|claim| !claim.migration) {
            found.extend(plan_findings(snapshot, file, claim));
        }
        return found;
    }
    if info.dialect().is_none() {
        // Which statements and names a product knows is not known here; what every HCL file must be is.
        let tree = (info.role == Role::Schema).then(|| snapshot.hcl(file)).flatten();
        return tree.map(|tree| tree.errors()).unwrap_or_default();
    }
    let mut found: Vec<Diagnostic> =
        match snapshot.state_of(file).as_deref().and_then(|state| state.state().cloned()) {
            Some(state) => state.diagnostics_of(file).cloned().collect(),
            None => syntax_only(snapshot, file, info),
        };
    if let Some(claim) = info.judge().filter(|claim| !claim.migration) {
        found.extend(plan_findings(snapshot, file, claim));
        found.extend(crate::rename::suggest::findings(snapshot, file, claim));
    }
    found
}

fn syntax_only(snapshot: &Snapshot, file: FileId, info: &FileInfo) -> Vec<Diagnostic> {
    match (info.role, info.dialect()) {
        (Role::Sql, Some(dialect)) => {
            snapshot.sql(file, dialect.grammar).map(|tree| tree.errors()).unwrap_or_default()
        }
        _ => snapshot.hcl(file).map(|tree| tree.errors()).unwrap_or_default(),
    }
}

/// What carrying out the env's plan would do, at the places of `file` that cause it.
pub fn plan_findings(snapshot: &Snapshot, file: FileId, claim: &Claim) -> PlanFindings {
    let plan = snapshot.plan(&claim.config, &claim.env);
    let Some(ready) = plan.ready().filter(|ready| !ready.incomplete) else { return Vec::new() };
    let here = |finding: &engine::lint::Finding| {
        let place = plan.place(finding)?;
        (place.file == file)
            .then(|| Diagnostic::new(place.range, finding.severity, finding.code, message(&plan, finding)))
    };
    ready.report.findings().filter_map(here).collect()
}

/// What a lint code means, for editors that show more than the message: its title and its text in Markdown.
pub fn code_doc(snapshot: &Snapshot, code: &str) -> Option<(&'static str, &'static str)> {
    let dialects = snapshot.dialects.0.iter();
    let doc = dialects.copied().find_map(|dialect| engine::lint::find_code(dialect.lint, code))?.1;
    Some((doc.title, doc.doc))
}

/// Atlas's words, and the env they are about when it is not obvious.
fn message(plan: &LivePlan, finding: &engine::lint::Finding) -> String {
    format!("{} (plan of env {:?})", finding.message, plan.env.as_str())
}

fn config(snapshot: &Snapshot, file: FileId) -> Vec<Diagnostic> {
    let Some(tree) = snapshot.hcl(file) else { return Vec::new() };
    let mut found = tree.errors();
    let broken: Vec<TextRange> = tree
        .pieces()
        .iter()
        .filter(|placed| !placed.piece.errors().is_empty())
        .map(|placed| placed.range())
        .collect();
    let in_broken = |range: TextRange| broken.iter().any(|piece| piece.contains_range(range));
    let mut more = hcl::validate_file(&tree, &project::spec::PROJECT);
    let Some(path) = snapshot.path(file).cloned() else { return found };
    let names = snapshot.env_names(&path);
    let envs = names.iter().map(|name| Some(name.as_str())).chain(names.is_empty().then_some(None));
    for env in envs {
        let evaluated = snapshot.evaluate(&path, env);
        more.extend(evaluated.diagnostics.iter().cloned());
        for env in &evaluated.envs {
            more.extend(sources(snapshot, &path, env));
            more.extend(migrations::config::diagnostics(snapshot, env));
        }
    }
    // A block that cannot be read is said to be broken once; what follows from it is not said.
    more.retain(|diagnostic| !in_broken(diagnostic.range));
    // The grammar and the evaluation both know a word that is none, and an attribute that does not fit.
    let mut seen: Vec<TextRange> = Vec::new();
    more.retain(|diagnostic| {
        let doubled =
            matches!(diagnostic.code, code::UNKNOWN_VALUE | code::UNKNOWN_VARIABLE | code::TYPE_MISMATCH);
        let first = !seen.contains(&diagnostic.range);
        if doubled {
            seen.push(diagnostic.range);
        }
        !doubled || first
    });
    // Evaluation points at a whole step (`.name`); the user's mistake is the name.
    if let Some(text) = snapshot.text(file) {
        for diagnostic in more.iter_mut().filter(|found| found.code == code::UNSUPPORTED_ATTRIBUTE) {
            let step = text.slice(diagnostic.range);
            if step.len() > 1 && step.starts_with('.') {
                let start = diagnostic.range.start() + TextSize::new(1);
                diagnostic.range = TextRange::new(start, diagnostic.range.end());
            }
        }
    }
    found.extend(more);
    found
}

/// A desired state that is not there.
fn sources(snapshot: &Snapshot, config: &Path, env: &Env) -> Option<Diagnostic> {
    let Setting::Set { range, .. } = &env.src else { return None };
    match &snapshot.desired(config, &env.name).kind {
        DesiredKind::Wrong(message) => Some(Diagnostic::error(*range, WRONG_SOURCE, message.clone())),
        _ => None,
    }
}

fn at_start(code: Code, message: &str) -> Diagnostic {
    Diagnostic::new(TextRange::empty(TextSize::new(0)), Severity::Warning, code, message)
}
