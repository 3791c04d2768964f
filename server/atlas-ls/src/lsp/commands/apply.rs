//! `atlas.apply`: brings a target to the state of the buffers, after a question that names it.
//!
//! The same functions as `schema apply` on the command line; what differs is who is asked and who is told. Invariant:
//! there is always a question, unless the env's own `lint.review` says that this plan needs none.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use commands::schema::apply::{self, Args as ApplyArgs, Execution, Planned};
use commands::state::Options;
use commands::world::Everything;
use commands::{Error, Workspace};
use engine::apply::{Outcome, Progress as Steps, TxMode};
use engine::connection::Cancel as Stop;
use engine::hook::{self, Hook, Point};
use engine::lint::Config;
use engine::plan::Statement;
use engine::review::{Approver, Decision, Reviewed};
use gen_lsp_types::Uri;
use project::{Env, Selection, Setting};
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::about::{About, Chosen, Purpose};
use super::buffers::Buffers;
use super::{Command, Context};
use crate::lsp::client::{Client, ClientCaps, Progress};
use crate::lsp::ext::{Action, Question};
use crate::lsp::failure::Failure;
use crate::lsp::plan_uri;

pub(super) struct Apply;

/// What a client sends.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Args {
    #[serde(flatten)]
    about: About,
    /// Values of input variables, over those of the settings.
    #[serde(default)]
    vars: std::collections::BTreeMap<String, String>,
    #[serde(default)]
    tx_mode: Option<String>,
}

/// What became of it.
#[derive(Serialize)]
pub(super) struct Report {
    status: Status,
    message: String,
    target: String,
    statements: Vec<Ended>,
}

#[derive(Clone, Copy, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Applied,
    Nothing,
    Cancelled,
    /// Nothing was executed, because the state of the target is not the one that was shown.
    Refused,
    Failed,
}

#[derive(Serialize)]
struct Ended {
    text: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// How long another run may hold the target's lock.
const LOCK: Duration = Duration::from_secs(10);

impl Command for Apply {
    const NAME: &'static str = "atlas.apply";
    type Args = Args;
    type Report = Report;

    async fn run(mut context: Context, args: Args) -> Result<Report, Failure> {
        let chosen = args.about.choose(&context.snapshot)?;
        let tx_mode = TxMode::parse(args.tx_mode.as_deref().unwrap_or("file")).map_err(failed)?;
        context.gather(&chosen, Purpose::Apply, false).await?;
        // Without trust nothing was asked, and nothing is applied.
        chosen.permit(&context, Purpose::Apply).await?;
        let title = format!("Applying env {:?}", chosen.env.as_str());
        let supported = context.snapshot.client.progress;
        let progress =
            context.client.progress(supported, context.token.clone(), &title, &context.cancel).await;
        let env = chosen.settings(&context.snapshot)?;
        let vars = variables(&context, &args.vars);
        let world = Buffers { world: Arc::clone(&context.world), snapshot: context.snapshot.clone() };
        let dialects = context.snapshot.project.dialects;
        // The user allowed this env, or its questions reach nothing outside.
        let mut workspace = Workspace::new(&world, &Everything, dialects);
        workspace.read(&chosen.config);
        workspace.project.name_config(chosen.config.clone());
        let selection = Selection { env: Some(chosen.env.clone()), vars: vars.clone() };
        workspace.project.select(chosen.config.clone(), selection);
        let request = request(&chosen, &env, vars)?;
        progress.report("looking at the target", None);
        let planned = apply::plan(&mut workspace, &request).await.map_err(failed)?;
        let target = planned.url.to_string();
        if planned.is_synced() {
            let message = "The schema is synced; there is nothing to apply.".to_owned();
            return Ok(Report { status: Status::Nothing, message, target, statements: Vec::new() });
        }
        let stop = Stop::new();
        let watcher = tokio::spawn({
            let (stop, cancel) = (stop.clone(), context.cancel.clone());
            async move {
                cancel.cancelled().await;
                stop.cancel();
            }
        });
        let approver = Asking {
            client: context.client.clone(),
            caps: Arc::clone(&context.snapshot.client),
            plan: plan_uri::write(&context.snapshot.folders, &chosen.config, &chosen.env),
            env: chosen.env.clone(),
            lint: request.lint.clone(),
            cancel: context.cancel.clone(),
        };
        let steps = Telling { progress: &progress, outcomes: Mutex::default() };
        let execution = Execution { tx_mode, lock_timeout: LOCK, progress: &steps, cancel: &stop };
        let result = apply::run(&workspace, &planned, &approver, execution).await;
        watcher.abort();
        // Whatever happened, what is known of the target may be old now.
        context.look_after(&chosen, &env).await;
        let report = report(&planned, target, result)?;
        progress.end(&report.message);
        Ok(report)
    }
}

/// The values for input variables: those of the settings, then those of the call.
fn variables(
    context: &Context,
    more: &std::collections::BTreeMap<String, String>,
) -> Vec<(SmolStr, SmolStr)> {
    let settings = context.snapshot.settings.variables.iter().map(|(name, value)| (name, value));
    let settings = settings.filter(|(name, _)| !more.contains_key(*name));
    settings.chain(more).map(|(name, value)| (name.into(), value.into())).collect()
}

/// The env as the command line's flags would have it.
fn request(chosen: &Chosen, env: &Env, vars: Vec<(SmolStr, SmolStr)>) -> Result<ApplyArgs, Failure> {
    let name = chosen.env.as_str();
    let url = env
        .url
        .value()
        .ok_or_else(|| Failure::Failed(format!("env {name:?} has no \"url\", or none that is known")))?;
    let to = env
        .src
        .value()
        .ok_or_else(|| Failure::Failed(format!("env {name:?} has no \"src\", or none that is known")))?;
    let with_scheme =
        |url: &SmolStr| if url.contains("://") { url.to_string() } else { format!("file://{url}") };
    Ok(ApplyArgs {
        url: url.0.clone(),
        to: to.iter().map(with_scheme).collect(),
        policy: env.diff.clone(),
        lint: Config::from_value(&env.lint),
        hooks: hooks(env)?,
        options: Options {
            directory: chosen.config.parent(),
            env: Some((chosen.config.clone(), chosen.env.clone())),
            vars,
            dev_url: env.dev.value().map(|url| url.0.clone()),
            schemas: env.schemas.clone(),
            exclude: env.exclude.clone(),
            accounts: env.accounts,
            ..Options::default()
        },
    })
}

fn report(
    planned: &Planned,
    target: String,
    result: Result<engine::apply::Report, Error>,
) -> Result<Report, Failure> {
    let plain = |state| {
        let statements = planned.plan.statements.iter();
        statements.map(|statement| Ended { text: statement.cmd.clone(), state, error: None }).collect()
    };
    Ok(match result {
        Ok(outcomes) => Report {
            status: Status::Applied,
            message: format!("{} to {target}.", count(outcomes.outcomes.len())),
            statements: ended(&outcomes),
            target,
        },
        Err(Error::Rejected(reason)) => Report {
            status: Status::Cancelled,
            message: reason.unwrap_or_else(|| "Nothing was applied.".into()),
            statements: plain("not_run"),
            target,
        },
        Err(Error::Failed(failed)) => {
            let untouched = failed.outcomes.outcomes.iter().all(|outcome| *outcome == Outcome::NotRun);
            Report {
                status: if untouched { Status::Refused } else { Status::Failed },
                message: failed.error.to_string(),
                statements: ended(&failed.outcomes),
                target,
            }
        }
        Err(error) => return Err(failed(error)),
    })
}

fn ended(report: &engine::apply::Report) -> Vec<Ended> {
    let pairs = report.statements.iter().zip(&report.outcomes);
    pairs
        .map(|(statement, outcome)| {
            let (state, error) = match outcome {
                Outcome::Applied => ("applied", None),
                Outcome::RolledBack => ("rolled_back", None),
                Outcome::Failed(reason) => ("failed", Some(reason.clone())),
                Outcome::NotRun => ("not_run", None),
            };
            Ended { text: statement.cmd.clone(), state, error }
        })
        .collect()
}

fn count(statements: usize) -> String {
    if statements == 1 {
        "1 statement was applied".to_owned()
    } else {
        format!("{statements} statements were applied")
    }
}

/// The `hook` blocks of an env.
pub(super) fn hooks(env: &Env) -> Result<Vec<Hook>, Failure> {
    match &env.hooks {
        Setting::Unknown { .. } => {
            Err(Failure::Failed("a hook takes a fact that could not be had".to_owned()))
        }
        other => Ok(other.value().cloned().unwrap_or_default()),
    }
}

/// A command's error for the user.
pub(super) fn failed(error: impl std::fmt::Display) -> Failure {
    Failure::Failed(error.to_string())
}

/// Asks the user in the editor.
struct Asking {
    client: Client,
    caps: Arc<ClientCaps>,
    plan: Option<Uri>,
    env: SmolStr,
    lint: Config,
    cancel: crate::lsp::cancel::Cancel,
}

#[async_trait]
impl Approver for Asking {
    async fn approve(&self, reviewed: &Reviewed) -> Decision {
        if self.lint.review.is_some_and(|review| !review.asks(reviewed.report())) {
            return Decision::Approve;
        }
        let statements = reviewed.plan().statements.len();
        let findings: Vec<String> = reviewed
            .report()
            .findings()
            .map(|finding| format!("{}: {}", finding.code, finding.message))
            .collect();
        let action = |title: &str, value: &str| Action { title: title.into(), value: value.into() };
        let question = Question {
            title: format!("Apply {} to env {:?}?", statements_of(statements), self.env.as_str()),
            target: reviewed.target().to_string(),
            summary: match findings.len() {
                0 => "The analyzers found nothing.".into(),
                1 => "1 finding of the analyzers:".into(),
                many => format!("{many} findings of the analyzers:"),
            },
            detail: shortened(&findings, reviewed),
            actions: vec![action("Apply", "apply"), action("Cancel", "cancel")],
            plan: self.plan.clone().filter(|_| self.caps.virtual_documents),
        };
        let answer = tokio::select! {
            answer = self.client.approve(&self.caps, question) => answer,
            _ = self.cancel.cancelled() => return Decision::Reject(Some("Cancelled before anything was applied.".into())),
        };
        match answer {
            Ok(Some(value)) if value == "apply" => Decision::Approve,
            Ok(_) => Decision::Reject(None),
            Err(failure) => {
                tracing::warn!("the question could not be asked: {failure:?}");
                Decision::Reject(Some("The client could not ask for an approval.".into()))
            }
        }
    }
}

fn statements_of(count: usize) -> String {
    if count == 1 { "1 statement".to_owned() } else { format!("{count} statements") }
}

/// The findings and the plan, as far as a dialog holds them.
fn shortened(findings: &[String], reviewed: &Reviewed) -> String {
    const LINES: usize = 20;
    let hooks = |point: Point| -> Vec<String> {
        let of = |hook: &Hook| {
            std::iter::once(format!("-- {}", hook.title(point)))
                .chain(hook.at(point).to_vec())
                .collect::<Vec<_>>()
        };
        hook::at(reviewed.hooks(), point).flat_map(of).collect()
    };
    let [begin, commit, rollback] = Point::ALL.map(hooks);
    let sql = reviewed.plan().statements.iter().map(|statement| &statement.cmd);
    let texts = begin.iter().chain(sql).chain(&commit).chain(&rollback).flat_map(|text| text.lines());
    let lines: Vec<&str> = findings.iter().map(String::as_str).chain(texts).collect();
    let mut text = lines.iter().take(LINES).copied().collect::<Vec<_>>().join("\n");
    if lines.len() > LINES {
        text.push_str(&format!("\n… {} more lines", lines.len() - LINES));
    }
    text
}

/// Shows each step in the progress.
struct Telling<'a> {
    progress: &'a Progress,
    outcomes: Mutex<usize>,
}

impl Steps for Telling<'_> {
    fn start(&self, index: usize, total: usize, statement: &Statement) {
        let done = *self.outcomes.lock().unwrap_or_else(PoisonError::into_inner);
        let percentage = (done * 100).checked_div(total).and_then(|percent| u32::try_from(percent).ok());
        let what = if statement.comment.is_empty() { &statement.cmd } else { &statement.comment };
        let what = what.lines().next().unwrap_or_default();
        self.progress.report(&format!("{} of {total}: {what}", index + 1), percentage);
    }

    fn end(&self, index: usize, _: &Outcome) {
        *self.outcomes.lock().unwrap_or_else(PoisonError::into_inner) = index + 1;
    }
}
