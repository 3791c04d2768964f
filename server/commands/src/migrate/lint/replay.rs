//! Replaying the new files of a directory, and judging each by the states around its statements.
//!
//! Files before the new ones are replayed from the last checkpoint on. A new checkpoint is judged by itself, on an
//! empty database, and is no part of what the others run after. Invariant: the dev database is emptied whatever
//! happens.
//!
//! Source: reference/lint.md section 3.

use std::sync::Arc;
use std::time::Duration;

use engine::lint::Prechecks;
use engine::lint::file::{Judged, Subject, lint_states, may_change, statements};
use engine::migrate::section::outside_transaction;
use engine::migrate::timeline::is_checkpoint;
use engine::migrate::{Timeline, sql_of};
use engine::scope::Accounts;
use engine::{DatabaseUrl, diff};
use schema::Realm;
use syntax::sql::{File, Placed};
use text::{FileId, Severity, Text};

use super::{Args, Replayed, Stop};
use crate::dev::Dev;
use crate::world::World;

type Clock<'a> = &'a (dyn Fn() -> Duration + Send + Sync);

/// The files as trees, by place in the directory.
fn trees(args: &Args) -> Vec<(FileId, File)> {
    let (format, grammar) = (args.directory.format, args.dialect.grammar);
    let files = args.directory.files.iter().enumerate();
    files
        .map(|(at, (_, text))| {
            let id = FileId(u32::try_from(at).unwrap_or(u32::MAX));
            (id, sql_of(&Text::from(text.as_str()), format, grammar, None))
        })
        .collect()
}

/// Whether a file runs in a transaction unless it says otherwise in Atlas's words.
fn in_transaction(args: &Args, at: usize) -> bool {
    let text = args.directory.files.get(at).map_or("", |(_, text)| text.as_str());
    !outside_transaction(text, args.directory.format)
}

/// The checks before a file.
fn checks(args: &Args, at: usize) -> Option<Prechecks> {
    let text = args.directory.files.get(at).map_or("", |(_, text)| text.as_str());
    Prechecks::of(text, args.directory.format, args.dialect)
}

/// The files before `first` that are replayed.
fn base(files: &[(FileId, File)], first: usize) -> std::ops::Range<usize> {
    let before = files.get(..first).unwrap_or_default();
    before.iter().rposition(|(_, sql)| is_checkpoint(sql)).unwrap_or(0)..first
}

fn name(args: &Args, at: usize) -> String {
    args.directory.files.get(at).map(|(name, _)| name.clone()).unwrap_or_default()
}

/// From the texts alone.
pub(super) fn offline(args: &Args, first: usize, clock: Clock<'_>) -> Result<Replayed, Stop> {
    let files = trees(args);
    let mut timeline = Timeline::new(args.dialect, None);
    let mut run: Vec<(FileId, File)> = files.get(base(&files, first)).unwrap_or_default().to_vec();
    let before = run.len().checked_sub(1);
    let from = before.map(|last| timeline.realm(&run, last)).unwrap_or_default();
    let mut judged = Vec::new();
    for (at, file) in files.iter().enumerate().skip(first) {
        let began = clock();
        let alone = [file.clone()];
        let road: &[(FileId, File)] = if is_checkpoint(&file.1) {
            &alone
        } else {
            run.push(file.clone());
            &run
        };
        let last = road.len() - 1;
        let checks = checks(args, at);
        let result =
            timeline.lint_checked(road, last, &args.config, in_transaction(args, at), checks.as_ref());
        let result = result.map_err(|error| Stop::Run(error.into()))?;
        let after = timeline.after(road, last);
        let broken = after.state.diagnostics_of(file.0).find(|found| found.severity == Severity::Error);
        if let Some(found) = broken {
            let line = file.1.text().position(found.range.start(), text::Encoding::Utf8).line + 1;
            return Err(Stop::File { name: name(args, at), error: format!("L{line}: {}", found.message) });
        }
        judged.push((at, Judged::clone(&result), clock().saturating_sub(began)));
    }
    let to = run.len().checked_sub(1).map(|last| timeline.realm(&run, last)).unwrap_or_default();
    Ok(Replayed { judged, from, to, bound: None })
}

/// On a dev database.
pub(super) async fn on_dev(
    world: &dyn World,
    args: &Args,
    url: &DatabaseUrl,
    first: usize,
    clock: Clock<'_>,
) -> Result<Replayed, Stop> {
    let mut dev = Dev::open(world, url, args.dialect, Accounts::default()).await.map_err(snapshot)?;
    let lock = dev.bound().map_or_else(|| "atlas_lint".to_owned(), |schema| format!("atlas_lint_{schema}"));
    let run = match dev.lock(&lock, Duration::ZERO).await {
        Ok(()) => {
            let run = execute(&mut dev, args, first, clock).await;
            dev.unlock(&lock).await;
            run
        }
        Err(error) => Err(Stop::Run(error)),
    };
    match run {
        Ok(replayed) => Ok(dev.close(Ok(replayed)).await?),
        Err(stop) => {
            // What is left there matters more than what is wrong with a file.
            dev.close(Ok(())).await?;
            Err(stop)
        }
    }
}

fn snapshot(error: crate::Error) -> Stop {
    Stop::Run(match error {
        crate::Error::Engine(error @ engine::Error::NotClean { .. }) => {
            crate::Error::Request(format!("taking database snapshot: {error}"))
        }
        other => other,
    })
}

async fn execute(dev: &mut Dev, args: &Args, first: usize, clock: Clock<'_>) -> Result<Replayed, Stop> {
    let files = trees(args);
    let server = dev.capabilities().clone();
    let bound = dev.bound().map(ToString::to_string);
    for at in base(&files, first) {
        let Some((_, sql)) = files.get(at) else { continue };
        for placed in statements(sql) {
            if let Err(error) = dev.statement(placed.piece.statement_text()).await {
                return Err(Stop::File {
                    name: name(args, at),
                    error: format!("executing statement: {error}"),
                });
            }
        }
    }
    let from = dev.state().await?;
    let mut now = from.clone();
    let mut judged = Vec::new();
    let new = || files.iter().enumerate().skip(first);
    for (at, (_, sql)) in new().filter(|(_, (_, sql))| !is_checkpoint(sql)) {
        let began = clock();
        let states = carry_out(dev, args, at, sql, now).await?;
        let result = judge(args, at, sql, &states, &server)?;
        now = states.last().cloned().unwrap_or_default();
        judged.push((at, result, clock().saturating_sub(began)));
    }
    for (at, (_, sql)) in new().filter(|(_, (_, sql))| is_checkpoint(sql)) {
        let began = clock();
        dev.restore().await?;
        let nothing = dev.state().await?;
        let states = carry_out(dev, args, at, sql, nothing).await?;
        let result = judge(args, at, sql, &states, &server)?;
        judged.push((at, result, clock().saturating_sub(began)));
    }
    judged.sort_by_key(|(at, ..)| *at);
    Ok(Replayed { judged, from, to: now, bound })
}

/// Executes a file; what there was before it and after each statement.
async fn carry_out(
    dev: &mut Dev,
    args: &Args,
    at: usize,
    sql: &File,
    before: Arc<Realm>,
) -> Result<Vec<Arc<Realm>>, Stop> {
    let count = statements(sql).count();
    let each = count <= engine::lint::file::MOST;
    let mut states = vec![before];
    for (index, placed) in statements(sql).enumerate() {
        if let Err(error) = dev.statement(placed.piece.statement_text()).await {
            let error = format!("executing statement: {}: {error}", shown(placed));
            return Err(Stop::File { name: name(args, at), error });
        }
        let look = (each && may_change(&placed.piece)) || index + 1 == count;
        let last = states.last().cloned().unwrap_or_default();
        states.push(if look { dev.state().await? } else { last });
    }
    Ok(states)
}

/// A statement as it is executed, with its semicolon.
fn shown(placed: &Placed) -> String {
    let text = placed.piece.statement_text();
    if placed.piece.text().get(std::ops::Range::from(placed.piece.delimiter())) == Some(";") {
        format!("{text};")
    } else {
        text.to_owned()
    }
}

fn judge(
    args: &Args,
    at: usize,
    sql: &File,
    states: &[Arc<Realm>],
    server: &engine::connection::Capabilities,
) -> Result<Judged, Stop> {
    let (checks, in_transaction) = (checks(args, at), in_transaction(args, at));
    let subject =
        Subject { sql, config: &args.config, server: Some(server), in_transaction, checks: checks.as_ref() };
    let mut state = |count: usize| Ok(states.get(count).cloned().unwrap_or_default());
    lint_states(&subject, args.dialect, &mut state, &mut diff::Cache::default())
        .map_err(|error| Stop::Run(error.into()))
}
