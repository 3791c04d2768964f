//! `migrate down`: applied files are taken back, after what is lost with them was said.

use std::fmt::Write as _;
use std::io::IsTerminal as _;
use std::sync::Arc;
use std::time::Instant;

use commands::format::{Kind, MigrateDownReport};
use commands::migrate::apply::Ticking;
use commands::migrate::down::{self, Args, Planned, To};
use engine::apply::{Outcome, Report as Outcomes, Silent};
use engine::migrate::resume::Answer;
use engine::migrate::run::Clock as _;
use engine::review::Approver;

use super::apply::{SAY, amount, ask_interrupted, parsed, target};
use super::directory::{check, named};
use super::tenants::{explained, needs_url};
use crate::cli::approve::{Auto, Terminal};
use crate::cli::console::Console;
use crate::cli::parse::Invocation;
use crate::cli::setup::Setup;
use crate::cli::{Failure, Session, duration, report};

/// Takes applied files back.
///
/// Source: reference/migrations.md section 18.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let mut setup = Setup::load(session, invocation).await?;
    setup.fill_migration(invocation)?;
    invocation.check()?;
    let amount = amount(invocation, "revert")?;
    let template = parsed(invocation, Kind::MigrateDown)?;
    let to = match (invocation.text("to-version"), invocation.text("to-tag"), amount) {
        ("", "", amount) => To::Amount(amount.unwrap_or(1)),
        (version, "", None) => To::Version(version.to_owned()),
        ("", tag, None) => To::Tag(tag.to_owned()),
        _ => {
            return Err("an amount cannot be given together with --to-version or --to-tag".to_owned().into());
        }
    };
    let format = setup.env.as_ref().and_then(|env| env.migration.format.clone()).unwrap_or_default();
    let located = named(session, &setup, invocation.text("dir"), &format, false).await?;
    check(session, &located.directory)?;
    needs_url(invocation)?;
    let interrupted = Answer::parse(invocation.text("interrupted"))?;
    let mut args = Args {
        target: target(&setup, invocation),
        located,
        to,
        interrupted,
        lint: setup.lint()?,
        options: setup.options(invocation),
        lock_name: invocation.text("lock-name").to_owned(),
        lock_timeout: invocation.duration("lock-timeout"),
    };
    let clock = Ticking::new(session.machine);
    let (start, started) = (clock.now(), Instant::now());
    let looked = down::plan(&mut setup.workspace, &args);
    let planned = match session.interrupt.stop(looked).await? {
        Err(commands::Error::Aborted(question)) => {
            let answer = match interrupted {
                None => ask_interrupted(session, &question).await,
                Some(answer) => answer,
            };
            if answer == Answer::Stop {
                return Err(Failure::Error(format!("{question}{SAY}")));
            }
            args.interrupted = Some(answer);
            let looked = down::plan(&mut setup.workspace, &args);
            session.interrupt.stop(looked).await?
        }
        planned => planned,
    };
    let planned = planned.map_err(|error| explained(session, error))?;
    let subject = |planned: Option<Planned>, outcomes: Vec<Outcome>, status, error: String| {
        MigrateDownReport { planned, outcomes, status, error, start, end: clock.now() }
    };
    let print = |report: MigrateDownReport| -> Result<(), Failure> {
        if let Some(template) = &template {
            session.console.print(&template.execute(Arc::new(report), session.console.colour)?);
        }
        Ok(())
    };
    let Some(planned) = planned else {
        if template.is_none() {
            session.console.print("No migrations to revert\n");
        }
        return print(subject(None, Vec::new(), "", String::new()));
    };
    let dry = invocation.switch("dry-run");
    if template.is_none() {
        session.console.print(&shown(session.console, &planned));
    }
    if dry {
        return print(subject(Some(planned), Vec::new(), "", String::new()));
    }
    let auto = invocation.switch("auto-approve");
    if !auto && !std::io::stdin().is_terminal() {
        return Err(
            "reverting migrations takes an approval: run the command on a terminal, or with --auto-approve"
                .to_owned()
                .into(),
        );
    }
    let terminal = Terminal::new(session, "Are you sure?", "Revert");
    let approver: &dyn Approver = if auto { &Auto } else { &terminal };
    let cancel = &session.interrupt.cancel;
    let result = down::run(&setup.workspace, &args, &planned, approver, &Silent, cancel).await;
    let (outcomes, status, error) = match &result {
        Ok(done) => (done.outcomes.clone(), "APPLIED", String::new()),
        Err(commands::Error::Failed(failed)) => {
            (failed.outcomes.outcomes.clone(), "", failed.error.to_string())
        }
        Err(commands::Error::Rejected(_)) => (Vec::new(), "ABORTED", String::new()),
        Err(error) => (Vec::new(), "", error.to_string()),
    };
    if template.is_none()
        && let Ok(done) = &result
    {
        session.console.print(&summary(&planned, done, started));
    }
    print(subject(Some(planned), outcomes, status, error))?;
    report::finish(session, result, terminal.taken()).map(|_| ())
}

/// The plan, what lint says of it, and what is lost.
fn shown(console: &Console, planned: &Planned) -> String {
    let to = match &planned.version {
        Some(version) => format!("version {version}"),
        None => "an empty history".to_owned(),
    };
    let count = planned.reverted.len();
    let plural = if count == 1 { "migration" } else { "migrations" };
    let mut out =
        format!("Migrating down from version {} to {to} ({count} {plural} in total):\n", planned.current);
    let mut statements = planned.plan.statements.iter();
    for unit in &planned.units {
        let versions = if unit.versions.len() == 1 { "version" } else { "versions" };
        let _ = writeln!(out, "\n  -- reverting {versions} {}", unit.versions.join(", "));
        for statement in statements.by_ref().take(unit.statements) {
            let _ = writeln!(out, "    -> {};", statement.cmd.replace('\n', "\n       "));
        }
    }
    out.push('\n');
    if !planned.report.is_empty() {
        out.push_str(&report::findings(console, &planned.plan, &planned.report));
    }
    for (title, lines) in [
        ("this data will be lost:", &planned.losses),
        ("these differ from the migration files for other reasons, and are left alone:", &planned.left_alone),
    ] {
        if !lines.is_empty() {
            let _ = writeln!(out, "  -- {title}");
            lines.iter().for_each(|line| {
                let _ = writeln!(out, "    {line}");
            });
        }
    }
    out
}

fn summary(planned: &Planned, done: &Outcomes, started: Instant) -> String {
    let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    format!(
        "  -------------------------\n  -- {}\n  -- {}\n  -- {}\n",
        duration::show(started.elapsed()),
        plural(planned.reverted.len(), "migration"),
        plural(done.outcomes.len(), "sql statement")
    )
}
