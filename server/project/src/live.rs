//! The plan, live: from what the target is known to be to what the buffers say it should be.
//!
//! Made from inputs alone, at every keystroke; the target's state is a fact fetched in the background. Invariant:
//! without a known state there is no plan, never one from empty, and the text says which fact is missing.

mod text;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use ::text::FileRange;
use engine::diff::{self, Cache, RenameCandidate};
use engine::exclude::Patterns;
use engine::lint::{self, Report};
use engine::plan::{Options, Plan};
use engine::{DatabaseUrl, Dialect, Error, Scope, normalize};
use rustc_hash::FxHashSet;
use schema::{Change, ObjectPath, Realm};
use smol_str::SmolStr;

pub use self::text::{Line, PlanText};

use crate::Path;
use crate::database::{ConfigKey, Snapshot};
use crate::env::{Env, Setting};
use crate::input::Answer;
use crate::memo::{Memo, Reader, lock};
use crate::state::{Desired, DesiredKey, DesiredKind};
use crate::want::{Target, Want};

/// The plan of one env.
#[derive(Clone, Debug)]
pub struct LivePlan {
    pub config: Path,
    pub env: SmolStr,
    pub dialect: Option<&'static Dialect>,
    /// Prints itself redacted.
    pub target: Option<Target>,
    pub desired: Arc<Desired>,
    pub state: PlanState,
}

#[derive(Clone, Debug)]
pub enum PlanState {
    Ready(Arc<Ready>),
    /// These facts are missing.
    Missing(Vec<Want>),
    /// In words: the target cannot be reached, the desired state is wrong.
    Failed(String),
    /// In words: something real we do not understand yet.
    NotAnalysed(String),
}

/// A plan with what it was made from.
#[derive(Debug)]
pub struct Ready {
    pub plan: Plan,
    pub changes: Vec<Change>,
    pub report: Report,
    /// The known state, before any exclusion.
    pub current: Arc<Realm>,
    /// The fact that is the known state.
    pub known: Want,
    /// The desired state has errors: the plan is of what could be read, and must not be applied.
    pub incomplete: bool,
    /// The target does not exist yet; applying the plan creates it.
    pub absent: bool,
    /// Objects a server may keep in another form than is assumed here (a dev database would tell), and those around
    /// them.
    pub approximate: FxHashSet<ObjectPath>,
    /// Drops and adds that look like a renaming; none for an incomplete plan.
    pub candidates: Vec<RenameCandidate>,
    /// Hints of a renaming that have done their work; none for an incomplete plan.
    pub stale_hints: Vec<ObjectPath>,
}

/// What successive plans of an env share.
#[derive(Debug, Default)]
pub(crate) struct PlanCaches(Mutex<HashMap<ConfigKey, Arc<Mutex<PlanCache>>>>);

#[derive(Debug, Default)]
struct PlanCache {
    normalized: normalize::Cache,
    compared: Cache,
}

impl LivePlan {
    pub fn ready(&self) -> Option<&Arc<Ready>> {
        match &self.state {
            PlanState::Ready(ready) => Some(ready),
            _ => None,
        }
    }
}

/// What inspecting `env`'s target means.
pub fn target(env: &Env) -> Option<Target> {
    env.url.value().map(|url| Target {
        url: url.clone(),
        schemas: env.schemas.clone(),
        exclude: env.exclude.clone(),
        accounts: env.accounts,
        directory: env.directory.clone(),
    })
}

impl Snapshot {
    /// The plan of an env.
    pub fn plan(&self, config: &Path, env: &str) -> Arc<LivePlan> {
        self.plan_memo(&ConfigKey { config: config.clone(), env: Some(SmolStr::from(env)) }).value
    }

    pub(crate) fn plan_memo(&self, key: &ConfigKey) -> Memo<Arc<LivePlan>> {
        self.caches.plans.get(&self.inputs, key, |reader, _| Arc::new(self.compute_plan(reader, key)))
    }

    fn compute_plan(&self, reader: &Reader<'_>, key: &ConfigKey) -> LivePlan {
        let config = self.evaluated(key);
        reader.absorb(&config.trace);
        let desired = self.desired_memo(&DesiredKey::Env(key.clone()));
        reader.absorb(&desired.trace);
        let mut plan = LivePlan {
            config: key.config.clone(),
            env: key.env.clone().unwrap_or_default(),
            dialect: desired.value.dialect,
            target: None,
            desired: desired.value.clone(),
            state: PlanState::Failed(String::new()),
        };
        let missing = || config.trace.wanted.iter().chain(&desired.trace.wanted).cloned().collect::<Vec<_>>();
        let env = match config.value.envs.as_slice() {
            [env] => env,
            [] => {
                let text = format!("env {:?} not defined in config file", plan.env);
                plan.state = PlanState::Failed(text);
                return plan;
            }
            several => {
                let text =
                    format!("env {:?} stands for {} targets; plan them one by one", plan.env, several.len());
                plan.state = PlanState::NotAnalysed(text);
                return plan;
            }
        };
        plan.target = target(env);
        plan.state = match (&desired.value.kind, &plan.target) {
            (DesiredKind::Unset, _) => PlanState::Failed(format!("env {:?} has no \"src\"", plan.env)),
            (DesiredKind::Pending, _) => PlanState::Missing(missing()),
            (DesiredKind::Wrong(message), _) => PlanState::Failed(message.clone()),
            (DesiredKind::NotAnalysed(what), _) => PlanState::NotAnalysed(what.clone()),
            (DesiredKind::Database(target), _) => {
                PlanState::NotAnalysed(format!("the desired state is that of a database, {}", target.url))
            }
            (DesiredKind::State(_), None) => match env.url {
                Setting::Unknown { .. } => PlanState::Missing(missing()),
                _ => PlanState::Failed(format!("env {:?} has no \"url\"", plan.env)),
            },
            (DesiredKind::State(state), Some(target)) => {
                let known = Want::Database(target.clone());
                match reader.fact(&known).map(|fact| &fact.answer) {
                    None => PlanState::Missing(vec![known]),
                    Some(answer @ (Answer::Realm(current, _) | Answer::Absent(current))) => match desired
                        .value
                        .dialect
                    {
                        Some(dialect) => {
                            match self.make(key, env, (dialect, answer), current, state, known) {
                                Ok(mut ready) => {
                                    ready.absent = matches!(answer, Answer::Absent(_));
                                    PlanState::Ready(Arc::new(ready))
                                }
                                Err(error) => PlanState::Failed(error.to_string()),
                            }
                        }
                        None => PlanState::NotAnalysed("nothing says which database this is for".to_owned()),
                    },
                    Some(Answer::Refused(reason)) => PlanState::Failed(format!("{reason}: {}", target.url)),
                    Some(Answer::Failed(reason)) => {
                        PlanState::Failed(format!("{} could not be inspected: {reason}", target.url))
                    }
                    Some(_) => PlanState::Failed(format!("{} could not be inspected", target.url)),
                }
            }
        };
        plan
    }

    fn make(
        &self,
        key: &ConfigKey,
        env: &Env,
        (dialect, answer): (&'static Dialect, &Answer),
        current: &Arc<Realm>,
        state: &Arc<engine::state::State>,
        known: Want,
    ) -> Result<Ready, Error> {
        let slot = lock(&self.caches.plan_parts.0).entry(key.clone()).or_default().clone();
        let mut cache = lock(&slot);
        let server = match answer {
            Answer::Realm(_, server) => server.clone(),
            _ => Arc::new((dialect.assumed)()),
        };
        let url = env.url.value().and_then(|url| DatabaseUrl::parse(&url.0).ok());
        let bound = url.and_then(|url| (dialect.bound)(&url));
        let desired = normalize::normalize(
            &env.accounts.seen_from(bound.as_deref()).of(&state.realm),
            dialect,
            &server,
            &mut cache.normalized,
        )?;
        let scope = Scope {
            bound: bound.clone(),
            schemas: env.schemas.clone(),
            exclude: Patterns::parse(&env.exclude)?,
            accounts: env.accounts,
        };
        let (from, to) = if scope.exclude.is_empty() {
            (current.clone(), desired.realm.clone())
        } else {
            let without = |realm: &Arc<Realm>| {
                let mut realm = Realm::clone(realm);
                scope.exclude.apply(&mut realm, &scope);
                Arc::new(realm)
            };
            (without(current), without(&desired.realm))
        };
        let policy = diff::Policy {
            keep_unsaid: env.diff.keep_unsaid || state.hcl,
            server: Some(server.clone()),
            ..env.diff.clone()
        };
        let side = |realm, hcl| diff::Side { realm, bound: bound.as_deref(), hcl };
        let changes =
            diff::between(side(&from, false), side(&to, state.hcl), dialect, &policy, &mut cache.compared)?;
        let options = Options {
            indent: "  ".to_owned(),
            qualifier: bound.as_ref().map(|_| String::new()),
            server: Some(server.clone()),
            ..Options::default()
        };
        let plan = engine::plan::plan(&changes, current, dialect, &options)?;
        let config = lint::Config::from_value(&env.lint);
        let report = lint::lint(&from, &to, &changes, &plan, &config, dialect, Some(&server));
        let incomplete = state.has_errors();
        let (candidates, stale_hints) = if incomplete {
            (Vec::new(), Vec::new())
        } else {
            (diff::candidates(&changes), diff::stale_hints(current, &state.realm, dialect))
        };
        let around = desired.approximate.iter().filter_map(ObjectPath::parent);
        let approximate = around.chain(desired.approximate.iter().cloned()).collect();
        Ok(Ready {
            plan,
            changes,
            report,
            current: current.clone(),
            known,
            incomplete,
            absent: false,
            approximate,
            candidates,
            stale_hints,
        })
    }
}

impl LivePlan {
    /// Whether the server may see a statement's objects otherwise than this plan does.
    pub fn is_approximate(&self, statement: usize) -> bool {
        let Some(ready) = self.ready() else { return false };
        let Some(statement) = ready.plan.statements.get(statement) else { return false };
        statement.objects.iter().any(|object| ready.approximate.contains(object))
    }

    /// Where the object a statement is about is defined.
    pub fn source(&self, statement: usize) -> Option<FileRange> {
        let ready = self.ready()?;
        let state = self.desired.state()?;
        let objects = &ready.plan.statements.get(statement)?.objects;
        let origin = objects.iter().find_map(|object| state.origins.get(object))?;
        Some(FileRange { file: origin.file, range: origin.name })
    }

    /// Where a finding belongs in the schema: at the object, or the nearest around it that is still there.
    pub fn place(&self, finding: &lint::Finding) -> Option<FileRange> {
        let state = self.desired.state()?;
        match state.origins.nearest(&finding.object) {
            Some(origin) => Some(FileRange { file: origin.file, range: origin.name }),
            // A dropped object of a schema that no file names: the top of the first file.
            None => {
                let file = *self.desired.files.first()?;
                Some(FileRange { file, range: ::text::TextRange::empty(0.into()) })
            }
        }
    }
}
