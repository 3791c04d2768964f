//! `schema apply`.

use std::io::IsTerminal as _;
use std::sync::Arc;
use std::time::Instant;

use commands::Error;
use commands::format::{ApplyReport, Kind, Template};
use commands::schema::apply::{self, Args, Execution, Planned};
use commands::schema::edit;
use engine::apply::{Outcome, Silent, TxMode};
use engine::review::Approver;

use super::approve::{Auto, Terminal};
use super::parse::Invocation;
use super::prompt::{Answer, select};
use super::setup::Setup;
use super::{Failure, Session, editor, refuse, report};

const SYNCED: &str = "Schema is synced, no changes to be made\n";

/// Changes a database so that it matches a desired state.
///
/// Source: reference/cli.md section 5.2; review policy: documented/lint-analyzers.md section 8.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    invocation.check()?;
    let mut setup = Setup::load(session, invocation).await?;
    setup.fill(invocation)?;
    let lint = setup.lint()?;
    let (tx_mode, template) = validate(invocation, &lint)?;
    refuse(invocation, &["include", "plan"])?;
    let args = Args {
        url: invocation.text("url").to_owned(),
        to: desired(invocation),
        policy: setup.policy(),
        options: setup.options(invocation),
        hooks: setup.hooks()?,
        lint,
    };
    let started = Instant::now();
    let planned = apply::plan(&mut setup.workspace, &args);
    let mut planned = session.interrupt.stop(planned).await??;
    if planned.is_synced() {
        let text = match &template {
            Some(template) => rendered(session, template, ApplyReport::default())?,
            None => SYNCED.to_owned(),
        };
        session.console.print(&text);
        return Ok(());
    }
    let settled = ["auto-approve", "dry-run", "edit"].iter().any(|flag| invocation.switch(flag));
    if !settled && template.is_none() && std::io::stdin().is_terminal() {
        planned = ask_renames(session, planned, &args).await?;
    }
    if invocation.switch("edit") {
        let text = editor::edit("plan.sql", &planned.plan.to_sql())?;
        let edited = edit::edited(&mut setup.workspace, &planned, &text, &args);
        planned = match session.interrupt.stop(edited).await? {
            Err(Error::Aborted(text)) => return Err(Failure::Abort(text)),
            other => other?,
        };
    }
    let review = args.lint.review;
    if template.is_none() {
        let frame = engine::apply::framed(planned.current.dialect, &planned.plan, tx_mode);
        let text = match review {
            None => report::hooked(&planned.plan, &planned.hooks, frame),
            Some(_) => report::review(
                session.console,
                &planned,
                frame,
                "local database",
                &commands::state::redacted(&args.to),
                started.elapsed(),
            ),
        };
        session.console.print(&text);
    }
    if invocation.switch("dry-run") {
        if let Some(template) = &template {
            let pending = ApplyReport { pending: planned.plan.statements.clone(), ..about(&planned) };
            session.console.print(&rendered(session, template, pending)?);
        }
        return Ok(());
    }
    let (question, yes) = match review {
        None => ("Are you sure?", "Apply"),
        Some(_) => ("Approve or abort the plan", "Approve and apply"),
    };
    let terminal = Terminal::new(session, question, yes);
    let is_settled =
        invocation.switch("auto-approve") || review.is_some_and(|review| !review.asks(&planned.report));
    let approver: &dyn Approver = if is_settled { &Auto } else { &terminal };
    let execution = Execution {
        tx_mode,
        lock_timeout: invocation.duration("lock-timeout"),
        progress: &Silent,
        cancel: &session.interrupt.cancel,
    };
    let result = apply::run(&setup.workspace, &planned, approver, execution).await;
    if let Some(template) = &template {
        let done = match &result {
            Ok(_) => Some(ApplyReport { applied: planned.plan.statements.clone(), ..about(&planned) }),
            Err(Error::Failed(failed)) => Some(failure(&planned, failed)),
            Err(_) => None,
        };
        if let Some(done) = done {
            session.console.print(&rendered(session, template, done)?);
        }
    }
    report::finish(session, result, terminal.taken()).map(|_| ())
}

/// Asks about each drop and add that look like a renaming: only a person knows.
async fn ask_renames(session: &Session<'_>, mut planned: Planned, args: &Args) -> Result<Planned, Failure> {
    for candidate in engine::diff::candidates(&planned.changes) {
        let question = format!("Was {} renamed to {:?}?", candidate.from, candidate.to.name());
        let console = *session.console;
        let asked = tokio::task::spawn_blocking(move || {
            select(
                &console,
                &question,
                &["Yes, rename it and keep its data", "No, drop it and add the new one"],
            )
        });
        match session.interrupt.race(asked).await? {
            Ok(Ok(Answer::Chosen(0))) => planned = apply::confirm(&planned, &candidate, args)?,
            Ok(Ok(Answer::Chosen(_))) => {}
            Ok(Ok(_)) => return Err(Failure::Said),
            Ok(Err(reason)) => return Err(Failure::Error(reason)),
            Err(_) => return Err(Failure::Error("the question could not be asked".to_owned())),
        }
    }
    Ok(planned)
}

/// Everything that can be said before anything is read, in Atlas's order.
fn validate(
    invocation: &Invocation,
    lint: &engine::lint::Config,
) -> Result<(TxMode, Option<Template>), Failure> {
    if invocation.text("url").is_empty() {
        return Err("required flag(s) \"url\" not set".to_owned().into());
    }
    if invocation.list("file").is_empty() && invocation.list("to").is_empty() {
        return Err(match invocation.changed("plan") {
            true => "the flag \"to\" is required to verify the provided plan".to_owned(),
            false => "one of flag(s) \"file\" or \"to\" is required".to_owned(),
        }
        .into());
    }
    let tx_mode = TxMode::parse(invocation.text("tx-mode")).map_err(|error| error.to_string())?;
    if let Some(review) = lint.review.filter(|_| invocation.switch("auto-approve")) {
        return Err(format!(
            "auto-approve is not allowed when a lint policy is set to {:?}",
            review.as_str()
        )
        .into());
    }
    if invocation.switch("edit") && invocation.text("dev-url").is_empty() {
        return Err("--edit requires a connection to the dev-database (provided by --dev-url)"
            .to_owned()
            .into());
    }
    // The configuration's template wins over the older flag.
    let format = match invocation.text("format") {
        "" => invocation.text("log"),
        format => format,
    };
    if format.is_empty() {
        return Ok((tx_mode, None));
    }
    if !invocation.switch("dry-run") && !invocation.switch("auto-approve") {
        return Err("--log and --format can only be used with --dry-run or --auto-approve".to_owned().into());
    }
    let template = Template::parse(Kind::Apply, format);
    Ok((tx_mode, Some(template.map_err(|error| format!("parse log format: {error}"))?)))
}

/// `--to`, and `--file` with the scheme it may lack.
fn desired(invocation: &Invocation) -> Vec<String> {
    let with_scheme =
        |path: &String| if path.contains("://") { path.clone() } else { format!("file://{path}") };
    invocation.list("to").iter().cloned().chain(invocation.list("file").iter().map(with_scheme)).collect()
}

fn rendered(session: &Session<'_>, template: &Template, report: ApplyReport) -> Result<String, Failure> {
    Ok(template.execute(Arc::new(report), session.console.colour)?)
}

/// A report on the target, with nothing in it.
fn about(planned: &Planned) -> ApplyReport {
    let bound = planned.current.bound.as_ref().map(ToString::to_string);
    ApplyReport {
        target: Some((planned.url.clone(), planned.current.dialect.name, bound)),
        ..ApplyReport::default()
    }
}

/// What was executed before the failure, also when it was rolled back, and what was left.
fn failure(planned: &Planned, failed: &apply::Failed) -> ApplyReport {
    let (statements, outcomes) = (&failed.outcomes.statements, &failed.outcomes.outcomes);
    let ran = outcomes.iter().take_while(|it| matches!(it, Outcome::Applied | Outcome::RolledBack)).count();
    let statement = statements.get(ran).filter(|_| matches!(outcomes.get(ran), Some(Outcome::Failed(_))));
    let statement = statement.map(|statement| statement.cmd.clone()).unwrap_or_default();
    ApplyReport {
        applied: statements[..ran.min(statements.len())].to_vec(),
        pending: statements[ran.min(statements.len())..].to_vec(),
        error: Some((statement, failed.error.to_string())),
        ..about(planned)
    }
}
