//! `migrate apply`: pending files are executed.
//!
//! Typing the command is the approval; what was cut short in a way nobody can tell is asked about.

use std::io::IsTerminal as _;
use std::sync::Arc;

use async_trait::async_trait;
use commands::format::{Kind, MigrateApplyReport, Template};
use commands::migrate::apply::{self, Args, Done, Parties};
use commands::migrate::target::Target;
use commands::migrate::text;
use engine::migrate::pending::Order;
use engine::migrate::resume::{Answer, Interrupted};
use engine::migrate::run::{
    Approver, Check, CheckReport, File, FileReport, Observer, Plan, Reviewed, Silent, TxMode,
};
use engine::review::Decision;

use super::directory::{check, named};
use super::tenants::{Tenants, explained, needs_url, print};
use crate::cli::console::Console;
use crate::cli::parse::Invocation;
use crate::cli::prompt::{self, select};
use crate::cli::setup::Setup;
use crate::cli::{Failure, Session, duration};

/// Executes what is pending on each target.
///
/// Source: reference/cli.md section 6.2.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let mut setup = Setup::load(session, invocation).await?;
    let (mut tenants, envs) = Tenants::of(&setup);
    let count = envs.len();
    let mut result = Ok(());
    for (at, env) in envs.into_iter().enumerate() {
        setup.env = env;
        let mut invocation = invocation.clone();
        setup.fill_migration(&mut invocation)?;
        invocation.check()?;
        tenants.begin(session, &invocation);
        let done = one(session, &setup, &invocation, at + 1 == count).await;
        let how = match &done {
            Ok(how) => how.clone(),
            Err(Failure::Error(text) | Failure::Abort(text)) => format!("failed: {text}"),
            Err(Failure::Said) => "failed".to_owned(),
        };
        tenants.end(&invocation, how);
        if let Err(failure) = done {
            result = Err(failure);
            break;
        }
    }
    tenants.close(session);
    result
}

/// One target; how it went, in a few words.
async fn one(
    session: &Session<'_>,
    setup: &Setup<'_>,
    invocation: &Invocation,
    is_last: bool,
) -> Result<String, Failure> {
    let amount = amount(invocation, "apply")?;
    context(invocation)?;
    let template = template(invocation)?;
    let interrupted = Answer::parse(invocation.text("interrupted"))?;
    let format = setup.env.as_ref().and_then(|env| env.migration.format.clone()).unwrap_or_default();
    let located = named(session, setup, invocation.text("dir"), &format, false).await?;
    check(session, &located.directory)?;
    needs_url(invocation)?;
    let args = Args {
        target: target(setup, invocation),
        directory: located.directory,
        order: Order::parse(invocation.text("exec-order"))?,
        baseline: invocation.text("baseline").to_owned(),
        allow_dirty: invocation.switch("allow-dirty"),
        tx_mode: TxMode::parse(invocation.text("tx-mode")).map_err(|error| error.to_string())?,
        hooks: setup.hooks()?,
        amount,
        to_version: invocation.text("to-version").to_owned(),
        dry_run: invocation.switch("dry-run"),
        lock_name: invocation.text("lock-name").to_owned(),
        lock_timeout: invocation.duration("lock-timeout"),
    };
    let lines = Lines { console: *session.console };
    let parties = Parties {
        approver: &Typed { session, interrupted },
        observer: if template.is_some() { &Silent } else { &lines },
        cancel: &session.interrupt.cancel,
    };
    let done = match apply::run(&setup.workspace, &args, &parties).await {
        Ok(done) => done,
        Err(commands::Error::Aborted(text)) => {
            return Err(Failure::Error(format!("{text}{SAY}")));
        }
        Err(error) => return Err(explained(session, error)),
    };
    report(session, invocation, template, done, is_last)
}

fn report(
    session: &Session<'_>,
    invocation: &Invocation,
    template: Option<Template>,
    done: Done,
    is_last: bool,
) -> Result<String, Failure> {
    let failure = done.report.error.as_ref().map(ToString::to_string);
    let standing = failure.is_some().then(|| text::standing(&done.plan, &done.report));
    // The default report has a place for them.
    for note in done.report.notes.iter().filter(|_| template.is_some()) {
        session.console.error(&format!("Warning: a hook failed, which does not stop the run: {note}"));
    }
    let how = match (&failure, done.plan.version()) {
        (Some(error), _) => format!("failed: {error}"),
        (None, None) => "nothing to do".to_owned(),
        (None, Some(version)) => format!("version {version} ({} files)", done.plan.files.len()),
    };
    match template {
        Some(template) => {
            let dir = invocation.text("dir").to_owned();
            let subject = MigrateApplyReport { done, dir, duration: duration::show };
            let text = template
                .execute(Arc::new(subject), session.console.colour)
                .map_err(|error| format!("execute log template: {error}"))?;
            print(session, &text, is_last);
            // The report said it.
            return if failure.is_some() { Err(Failure::Said) } else { Ok(how) };
        }
        None if done.plan.files.is_empty() && failure.is_none() => {
            session.console.print("No migration files to execute\n");
        }
        None => session.console.print(&text::footer(&done.report, session.console)),
    }
    match (failure, standing) {
        (Some(error), standing) => {
            session.console.error(&format!("Error: {error}"));
            session.console.error(&standing.unwrap_or_default());
            Err(Failure::Said)
        }
        (None, _) => Ok(how),
    }
}

/// Where the flags say the target is.
pub fn target(setup: &Setup<'_>, invocation: &Invocation) -> Target {
    Target {
        url: invocation.text("url").to_owned(),
        directory: setup.directory.clone(),
        revisions_schema: invocation.text("revisions-schema").to_owned(),
    }
}

/// The argument.
///
/// Source: reference/cli.md section 6.2.
pub fn amount(invocation: &Invocation, verb: &str) -> Result<Option<usize>, Failure> {
    let Some(text) = invocation.args.first() else { return Ok(None) };
    match text.parse::<u64>() {
        Ok(0) => Err(format!("cannot {verb} '0' migration files").into()),
        Ok(amount) => Ok(Some(usize::try_from(amount).unwrap_or(usize::MAX))),
        Err(error) => {
            let reason = match error.kind() {
                std::num::IntErrorKind::PosOverflow => "value out of range",
                _ => "invalid syntax",
            };
            Err(format!(
                "invalid amount argument {text:?} ({reason}). Omit the argument or pass a valid integer instead"
            )
            .into())
        }
    }
}

/// What triggered the run is for a registry; it is read so that a mistake in it is told.
fn context(invocation: &Invocation) -> Result<(), Failure> {
    let text = invocation.text("context");
    if text.is_empty() || !invocation.changed("env") {
        return Ok(());
    }
    match serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(text) {
        Ok(_) => Ok(()),
        Err(error) => Err(format!("invalid --context: {error}").into()),
    }
}

/// The template of the report, read before anything is executed: a mistake in it then costs nothing.
fn template(invocation: &Invocation) -> Result<Option<Template>, Failure> {
    parsed(invocation, Kind::MigrateApply)
}

/// The template in `--format` or `--log`.
pub fn parsed(invocation: &Invocation, kind: Kind) -> Result<Option<Template>, Failure> {
    let text = match invocation.text("format") {
        "" => invocation.text("log"),
        format => format,
    };
    if text.is_empty() {
        return Ok(None);
    }
    Ok(Some(Template::parse(kind, text).map_err(|error| format!("parse format: {error}"))?))
}

/// The person who typed the command.
struct Typed<'a> {
    session: &'a Session<'a>,
    interrupted: Option<Answer>,
}

#[async_trait]
impl Approver for Typed<'_> {
    async fn approve(&self, _: &Reviewed) -> Decision {
        Decision::Approve
    }

    async fn settle(&self, question: &Interrupted) -> Answer {
        if let Some(answer) = self.interrupted {
            return answer;
        }
        ask_interrupted(self.session, &question.describe()).await
    }
}

/// Asks the person at the terminal what became of a statement; without one, nothing is done.
pub async fn ask_interrupted(session: &Session<'_>, described: &str) -> Answer {
    if !std::io::stdin().is_terminal() {
        return Answer::Stop;
    }
    let console = *session.console;
    console.print(described);
    let asked = tokio::task::spawn_blocking(move || {
        let answers = ["Stop, and do nothing", "It was executed: go on behind it", "Execute it again"];
        select(&console, "What became of it", &answers)
    });
    match session.interrupt.race(asked).await {
        Ok(Ok(Ok(prompt::Answer::Chosen(1)))) => Answer::Applied,
        Ok(Ok(Ok(prompt::Answer::Chosen(2)))) => Answer::Again,
        Ok(_) => Answer::Stop,
        Err(_) => {
            prompt::restore();
            Answer::Stop
        }
    }
}

/// What to say to someone who cannot be asked.
pub const SAY: &str = "Run the command again with --interrupted=applied to count it as executed, or --interrupted=again to execute it again.";

/// Prints the report as things happen.
struct Lines {
    console: Console,
}

impl Observer for Lines {
    fn start(&self, plan: &Plan) {
        self.console.print(&text::header(plan, &self.console));
    }

    fn would_check(&self, file: &File, check: &Check) {
        self.console.print(&text::would_check(file, check, &self.console));
    }

    fn checked(&self, file: &File, check: &CheckReport) {
        self.console.print(&text::check(file, check, &self.console));
    }

    fn file(&self, _: usize, file: &File) {
        self.console.print(&text::file(file, &self.console));
    }

    fn statement(&self, file: &File, index: usize) {
        self.console.print(&text::statement(file, index, &self.console));
    }

    fn end(&self, _: &File, report: &FileReport) {
        self.console.print(&text::end(report, &self.console));
    }
}
