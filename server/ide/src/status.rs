//! What a status bar shows: for each configuration its env, its target and what is known.
//!
//! Invariant: nothing here holds a secret; URLs are redacted.

use project::{Answer, DesiredKind, Path, PlanState, Reach, Snapshot, Spoken, Want};
use smol_str::SmolStr;
use text::FileId;

/// The state of one configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderStatus {
    pub config: Path,
    pub file: FileId,
    /// The env that is looked at.
    pub env: Option<SmolStr>,
    /// All that can be chosen by name.
    pub envs: Vec<SmolStr>,
    /// Whether there is an env without a label, which takes any name.
    pub unlabeled: bool,
    /// `SQLite`, or the name of one that is not understood yet.
    pub dialect: Option<String>,
    /// Redacted.
    pub target: Option<String>,
    /// In one sentence: the plan is known, why there is none.
    pub summary: String,
    /// Whether something is wrong that the user can do something about.
    pub failed: bool,
    /// What of the world outside the env depends on.
    pub facts: Vec<FactStatus>,
}

/// Something from outside, and whether it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactStatus {
    /// Redacted: `state of sqlite://app.db`.
    pub name: String,
    pub state: FactState,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactState {
    /// Known since then, in milliseconds since 1970.
    Known {
        time: u64,
    },
    Missing,
    /// It was tried and failed: the reason.
    Failed(String),
    /// It was not tried: the reason.
    Refused(String),
}

/// The status of every configuration, by path.
pub fn status(snapshot: &Snapshot) -> Vec<FolderStatus> {
    snapshot.configs().into_iter().map(|(config, file)| folder(snapshot, config, file)).collect()
}

fn folder(snapshot: &Snapshot, config: Path, file: FileId) -> FolderStatus {
    let outline = snapshot.outline(file);
    let env = snapshot.active_env(&config);
    let mut status = FolderStatus {
        file,
        envs: snapshot.env_names(&config),
        unlabeled: outline.has_unlabeled(),
        dialect: None,
        target: None,
        summary: String::new(),
        failed: false,
        facts: Vec::new(),
        env: env.clone(),
        config,
    };
    let Some(env) = env else {
        status.summary = if status.unlabeled { "no env is chosen" } else { "there is no env" }.to_owned();
        return status;
    };
    status.dialect = match snapshot.env_dialect(&status.config, &env) {
        Spoken::Known(dialect) => Some(dialect.title.to_owned()),
        Spoken::Foreign(name) => Some(name.trim_start_matches("atlas-schema-").to_owned()),
        Spoken::Unknown => None,
    };
    let plan = snapshot.plan(&status.config, &env);
    status.target = plan.target.as_ref().map(|target| target.url.to_string());
    let mut wants: Vec<Want> = plan.target.iter().cloned().map(Want::Database).collect();
    if let DesiredKind::Database(target) = &plan.desired.kind {
        wants.push(Want::Database(target.clone()));
    }
    match &plan.state {
        PlanState::Ready(ready) => {
            let count = ready.plan.statements.len();
            status.summary = match count {
                0 => "in sync".to_owned(),
                1 => "1 statement to apply".to_owned(),
                count => format!("{count} statements to apply"),
            };
            if ready.incomplete {
                status.summary = "the schema has errors".to_owned();
            }
            status.failed = ready.incomplete;
        }
        PlanState::Missing(missing) => {
            wants.extend(missing.iter().cloned());
            status.summary = "something is not known".to_owned();
        }
        PlanState::Failed(reason) => {
            status.summary = one_line(reason);
            status.failed = true;
        }
        PlanState::NotAnalysed(what) => status.summary = format!("not analysed: {}", one_line(what)),
    }
    // Variables and programs may serve several envs; which one asked is not kept, so they are shown in each.
    let outside = snapshot
        .facts()
        .into_keys()
        .filter(|want| !matches!(want, Want::Database(_)) && want.reach() != Reach::Workspace);
    wants.extend(outside);
    wants.sort();
    wants.dedup();
    status.facts = wants.iter().map(|want| fact(snapshot, want)).collect();
    status
}

fn fact(snapshot: &Snapshot, want: &Want) -> FactStatus {
    let state = match snapshot.fact(want) {
        None => FactState::Missing,
        Some(fact) => match &fact.answer {
            Answer::Failed(reason) => FactState::Failed(one_line(reason)),
            Answer::Refused(reason) => FactState::Refused(one_line(reason)),
            _ => FactState::Known { time: fact.time },
        },
    };
    FactStatus { name: want.to_string(), state }
}

fn one_line(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}
