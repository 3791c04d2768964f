//! `atlas.migrate.apply`: runs pending migrations on the target of an env, after a question that names it.
//!
//! The same functions as `migrate apply` on the command line. The user is asked about a rehearsal, before the target is
//! locked. Invariants: there is always a question, and what runs is what was shown; a statement of which nobody knows
//! whether it ran is asked about, never guessed.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use ::commands::Error;
use ::commands::migrate::apply::{self, Args as ApplyArgs, Done, Parties};
use ::commands::migrate::text;
use async_trait::async_trait;
use engine::apply::Outcome;
use engine::connection::Cancel as Stop;
use engine::migrate::pending::Order;
use engine::migrate::resume::{Answer, Interrupted};
use engine::migrate::run::{Approver, Check, File, Observer, Plan, Reviewed, Silent, TxMode};
use engine::review::Decision;
use serde::Serialize;
use smol_str::SmolStr;

use super::status::{Plain, target};
use super::{Subject, buffers, workspace};
use crate::lsp::client::{Client, ClientCaps, Progress};
use crate::lsp::commands::about::{About, Purpose};
use crate::lsp::commands::apply::{failed, hooks};
use crate::lsp::commands::{Command, Context};
use crate::lsp::ext::{Action, Question};
use crate::lsp::failure::Failure;

pub(in crate::lsp::commands) struct Apply;

/// What became of it.
#[derive(Serialize)]
pub(in crate::lsp::commands) struct Report {
    status: &'static str,
    message: String,
    target: String,
    statements: Vec<Ended>,
    /// The versions that were run to their end.
    applied: Vec<String>,
}

#[derive(Serialize)]
struct Ended {
    text: String,
    version: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// How long another run may hold the target's lock, when the env does not say.
const LOCK: Duration = Duration::from_secs(10);

impl Command for Apply {
    const NAME: &'static str = "atlas.migrate.apply";
    type Args = About;
    type Report = Report;

    async fn run(mut context: Context, about: About) -> Result<Report, Failure> {
        let subject = Subject::of(&mut context, &about).await?;
        let chosen = subject.env()?;
        chosen.permit(&context, Purpose::Apply).await?;
        let env = chosen.settings(&context.snapshot)?;
        let title = format!("Migrating env {:?}", chosen.env.as_str());
        let supported = context.snapshot.client.progress;
        let progress =
            context.client.progress(supported, context.token.clone(), &title, &context.cancel).await;
        let migration = &env.migration;
        let order = migration.exec_order.as_deref().map(Order::parse).transpose().map_err(failed)?;
        let tx_mode = migration.tx_mode.as_deref().map(TxMode::parse).transpose().map_err(failed)?;
        let mut args = ApplyArgs {
            target: target(&chosen, &env)?,
            directory: subject.checked(&context.snapshot)?.directory,
            order: order.unwrap_or_default(),
            baseline: migration.baseline.clone().unwrap_or_default(),
            allow_dirty: false,
            tx_mode: tx_mode.unwrap_or_default(),
            hooks: hooks(&env)?,
            amount: None,
            to_version: subject.version().unwrap_or_default(),
            dry_run: true,
            lock_name: String::new(),
            lock_timeout: LOCK,
        };
        let stop = Stop::new();
        let watcher = tokio::spawn({
            let (stop, cancel) = (stop.clone(), context.cancel.clone());
            async move {
                cancel.cancelled().await;
                stop.cancel();
            }
        });
        let telling = Telling { progress: &progress, done: Mutex::default(), total: Mutex::default() };
        let world = buffers(&context);
        let workspace = workspace(&world, &context.snapshot, Some(&chosen));
        let mut asking = Asking {
            client: context.client.clone(),
            caps: Arc::clone(&context.snapshot.client),
            env: chosen.env.clone(),
            cancel: context.cancel.clone(),
            shown: Plan::default(),
        };
        progress.report("looking at the target", None);
        let silent = Parties { approver: &asking, observer: &Silent, cancel: &stop };
        let rehearsed = apply::run(&workspace, &args, &silent).await;
        let rehearsed = match rehearsed {
            Ok(done) if done.plan.files.is_empty() && done.plan.baseline.is_none() => {
                watcher.abort();
                return report(Ok(done), &args.target.url);
            }
            Ok(done) => done,
            Err(error) => {
                watcher.abort();
                return Err(failed(error));
            }
        };
        if !asking.agree(&rehearsed).await {
            watcher.abort();
            return report(Err(Error::Rejected(None)), &args.target.url);
        }
        asking.shown = rehearsed.plan;
        args.dry_run = false;
        let parties = Parties { approver: &asking, observer: &telling, cancel: &stop };
        let result = apply::run(&workspace, &args, &parties).await;
        watcher.abort();
        context.look_after(&chosen, &env).await;
        super::status::look(&context, &subject, &chosen, &workspace, &args).await;
        let report = report(result, &args.target.url)?;
        progress.end(&report.message);
        Ok(report)
    }
}

fn report(result: Result<Done, Error>, url: &str) -> Result<Report, Failure> {
    let done = match result {
        Ok(done) => done,
        Err(Error::Rejected(reason)) => {
            let target = engine::DatabaseUrl::parse(url).map(|url| url.to_string()).unwrap_or_default();
            return Ok(Report {
                status: "cancelled",
                message: reason.unwrap_or_else(|| "Nothing was applied.".into()),
                target,
                statements: Vec::new(),
                applied: Vec::new(),
            });
        }
        Err(error) => return Err(failed(error)),
    };
    let mut report = Report {
        status: "applied",
        message: String::new(),
        target: done.url.to_string(),
        statements: Vec::new(),
        applied: Vec::new(),
    };
    for (file, ended) in done.plan.files.iter().zip(&done.report.files) {
        for (at, sql) in file.statements.iter().enumerate() {
            let (state, error) = match ended.outcomes.get(at) {
                Some(Outcome::Applied) => ("applied", None),
                Some(Outcome::RolledBack) => ("rolled_back", None),
                Some(Outcome::Failed(reason)) => ("failed", Some(reason.clone())),
                Some(Outcome::NotRun) | None => ("not_run", None),
            };
            report.statements.push(Ended { text: sql.clone(), version: file.version.clone(), state, error });
        }
        if ended.error.is_none() && ended.outcomes.iter().all(|outcome| *outcome == Outcome::Applied) {
            report.applied.push(file.version.clone());
        }
    }
    match &done.report.error {
        Some(error) => {
            report.status = "failed";
            report.message = format!("{error}\n{}", text::standing(&done.plan, &done.report));
        }
        None if done.plan.files.is_empty() => {
            report.status = "nothing";
            report.message = "No migration files to execute".into();
        }
        None => report.message = applied(&report),
    }
    Ok(report)
}

/// How a run ended that did all it was to do, in one line: a message of an editor has no more.
fn applied(report: &Report) -> String {
    let what = match report.applied.len() {
        1 => "1 migration was applied".to_owned(),
        count => format!("{count} migrations were applied"),
    };
    format!("{what} to {}.", report.target)
}

/// Asks the user in the editor.
struct Asking {
    client: Client,
    caps: Arc<ClientCaps>,
    env: SmolStr,
    cancel: crate::lsp::cancel::Cancel,
    /// What the user agreed to.
    shown: Plan,
}

impl Asking {
    /// Asks about what a rehearsal would run.
    async fn agree(&self, rehearsed: &Done) -> bool {
        let plan = &rehearsed.plan;
        let statements: usize =
            plan.files.iter().map(|file| file.statements.len().saturating_sub(file.skipped)).sum();
        let question = Question {
            title: format!(
                "Migrate env {:?} to version {}?",
                self.env.as_str(),
                plan.version().unwrap_or_default()
            ),
            target: rehearsed.url.to_string(),
            summary: {
                let checks: usize = plan.files.iter().map(|file| file.checks.len()).sum();
                let files = count(plan.files.len(), "file");
                let before = match checks {
                    0 => String::new(),
                    checks => format!("{} that must hold first, ", count(checks, "check")),
                };
                format!("{files}: {before}{}", count(statements, "statement"))
            },
            detail: shortened(plan),
            actions: vec![action("Apply", "apply"), action("Cancel", "cancel")],
            plan: None,
        };
        self.ask(question).await.as_deref() == Some("apply")
    }

    async fn ask(&self, question: Question) -> Option<String> {
        let answer = tokio::select! {
            answer = self.client.approve(&self.caps, question) => answer,
            _ = self.cancel.cancelled() => return None,
        };
        answer.unwrap_or_else(|failure| {
            tracing::warn!("the question could not be asked: {failure:?}");
            None
        })
    }
}

fn action(title: &str, value: &str) -> Action {
    Action { title: title.into(), value: value.into() }
}

#[async_trait]
impl Approver for Asking {
    /// What is to run under the lock must be what the user saw before it.
    async fn approve(&self, run: &Reviewed) -> Decision {
        let list = |plan: &Plan| -> Vec<(String, Vec<String>)> {
            plan.files.iter().map(|file| (file.name.clone(), file.statements.clone())).collect()
        };
        if list(run.plan()) == list(&self.shown) && run.plan().hooks == self.shown.hooks {
            return Decision::Approve;
        }
        Decision::Reject(Some("The target or the files changed meanwhile; nothing was applied.".into()))
    }

    async fn settle(&self, interrupted: &Interrupted) -> Answer {
        let question = Question {
            title: "A statement was begun, and nobody knows whether it was executed".into(),
            target: String::new(),
            summary: String::new(),
            detail: interrupted.describe(),
            actions: vec![
                action("Stop", "stop"),
                action("It Was Executed", "applied"),
                action("Execute It Again", "again"),
            ],
            plan: None,
        };
        match self.ask(question).await.as_deref() {
            Some("applied") => Answer::Applied,
            Some("again") => Answer::Again,
            _ => Answer::Stop,
        }
    }
}

fn count(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// The files and their statements, as far as a dialog holds them.
fn shortened(plan: &Plan) -> String {
    const LINES: usize = 20;
    let hooks = text::hooks(plan, &Plain);
    let hooks = hooks.lines().filter(|line| !line.is_empty()).map(|line| line.trim_start().to_owned());
    let files = plan.files.iter().flat_map(|file| {
        let sql = file.statements.iter().skip(file.skipped).flat_map(|sql| sql.lines());
        let checks = file.checks.iter().flat_map(checked);
        std::iter::once(format!("-- {}", file.name)).chain(checks).chain(sql.map(str::to_owned))
    });
    let lines: Vec<String> = hooks.chain(files).collect();
    let mut text = lines.iter().take(LINES).cloned().collect::<Vec<_>>().join("\n");
    if lines.len() > LINES {
        text.push_str(&format!("\n… {} more lines", lines.len() - LINES));
    }
    text
}

/// A check before a file, and what it asks.
fn checked(check: &Check) -> Vec<String> {
    let all = if check.oneof { "one of it" } else { "all of it" };
    let head = format!("-- first {}, {all} must be true:", check.name);
    let asked = check.statements.iter().flat_map(|sql| sql.lines());
    std::iter::once(head).chain(asked.map(|line| format!("--   {line}"))).collect()
}

/// Shows each statement in the progress.
struct Telling<'a> {
    progress: &'a Progress,
    done: Mutex<usize>,
    total: Mutex<usize>,
}

impl Observer for Telling<'_> {
    fn start(&self, plan: &Plan) {
        let total = plan.files.iter().map(|file| file.statements.len().saturating_sub(file.skipped)).sum();
        *self.total.lock().unwrap_or_else(PoisonError::into_inner) = total;
    }

    fn statement(&self, file: &File, index: usize) {
        let total = *self.total.lock().unwrap_or_else(PoisonError::into_inner);
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        let percentage = (*done * 100).checked_div(total).and_then(|percent| u32::try_from(percent).ok());
        *done += 1;
        let sql = file.statements.get(index).and_then(|sql| sql.lines().next()).unwrap_or_default();
        self.progress.report(&format!("{} ({done} of {total}): {sql}", file.version), percentage);
    }
}
