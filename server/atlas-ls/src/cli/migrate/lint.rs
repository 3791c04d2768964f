//! `migrate lint`: the newest files are judged, and the run fails when something bad was found.
//!
//! Which files are new is told by their number or by git, which is asked without a shell.
//!
//! Source: reference/cli.md section 6.10.

use std::process::Stdio;
use std::sync::Arc;
use std::time::Instant;

use commands::format::{Kind, LintReport, Template};
use commands::migrate::Located;
use commands::migrate::lint::{self, Args, Report, Since};
use engine::{DatabaseUrl, Dialect};

use super::directory::opened;
use crate::cli::parse::Invocation;
use crate::cli::setup::Setup;
use crate::cli::{Failure, Session, duration};
use crate::machine::reason;

/// Lints the newest files.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let setup = Setup::load(session, invocation).await?;
    setup.fill_migration(invocation)?;
    setup.fill_lint(invocation)?;
    invocation.check()?;
    let (dialect, dev) = dev(&setup, invocation)?;
    let template = template(invocation)?;
    let located = opened(session, &setup, invocation, false).await?;
    let since = since(invocation, &located).await?;
    let args = Args {
        directory: located.directory,
        shown: located.shown,
        since,
        config: Arc::new(setup.lint()?),
        dialect,
        dev,
    };
    let began = Instant::now();
    let clock = move || began.elapsed();
    let report = session.interrupt.race(lint::lint(session.machine, &args, &clock)).await??;
    let failed = report.has_failed();
    let page = if invocation.switch("web") { Some(write_page(&report)?) } else { None };
    print(session, template, report)?;
    if let Some(page) = page {
        session.console.error(&format!("Report: {page}"));
    }
    if failed { Err(Failure::Said) } else { Ok(()) }
}

/// The dev database; without one the dialect must be known from elsewhere.
fn dev(
    setup: &Setup<'_>,
    invocation: &Invocation,
) -> Result<(&'static Dialect, Option<DatabaseUrl>), Failure> {
    let text = invocation.text("dev-url");
    if text.is_empty() {
        let dialect = setup.dialect(&[]).ok_or_else(|| "required flag(s) \"dev-url\" not set".to_owned())?;
        // A database that takes no server is at hand.
        let own = dialect.dev_url.and_then(|url| DatabaseUrl::parse(url).ok());
        return Ok((dialect, own));
    }
    let url = DatabaseUrl::parse(text).map_err(|error| format!("sql/sqlclient: parse open url: {error}"))?;
    let dialect = setup.workspace.dialects.by_url(url.secret()).ok_or_else(|| {
        format!("sql/sqlclient: unknown driver {:?}. See: https://atlasgo.io/url", url.scheme())
    })?;
    Ok((dialect, Some(url)))
}

fn template(invocation: &Invocation) -> Result<Option<Template>, Failure> {
    let format = if invocation.changed("log") { invocation.text("log") } else { invocation.text("format") };
    if format.is_empty() {
        return Ok(None);
    }
    let parsed = Template::parse(Kind::MigrateLint, format);
    Ok(Some(parsed.map_err(|error| format!("parse format: {error}"))?))
}

async fn since(invocation: &Invocation, located: &Located) -> Result<Since, Failure> {
    let latest = invocation.count("latest");
    match (latest, invocation.text("git-base")) {
        (0, "") => Err("--latest or --git-base is required".to_owned().into()),
        (0, base) => Ok(Since::Added(added(invocation.text("git-dir"), base, located).await?)),
        (latest, "") => Ok(Since::Latest(latest)),
        _ => Err("--latest and --git-base are mutually exclusive".to_owned().into()),
    }
}

/// The names of the files of a directory that were added since `base`.
async fn added(repository: &str, base: &str, located: &Located) -> Result<Vec<String>, Failure> {
    // Git would take it for an option.
    if base.starts_with('-') {
        return Err(format!("git diff: {base:?} is no revision").into());
    }
    let whole = located.path.to_string();
    match diff(repository, base, &whole).await {
        // Where the directory is no part of the repository its path is taken from there, as Atlas does.
        Err(_) if located.shown != whole => diff(repository, base, &located.shown).await,
        names => names,
    }
}

async fn diff(repository: &str, base: &str, directory: &str) -> Result<Vec<String>, Failure> {
    let mut git = tokio::process::Command::new("git");
    if !repository.is_empty() {
        git.args(["-C", repository]);
    }
    let range =
        ["--no-pager", "diff", "--no-ext-diff", "--name-only", "--diff-filter=A", "-z", base, "HEAD", "--"];
    git.args(range).arg(directory).stdin(Stdio::null()).kill_on_drop(true);
    let output = git.output().await.map_err(|error| format!("lookup git: {}", reason(&error)))?;
    if !output.status.success() {
        return Err(match output.status.code() {
            Some(code) => format!("git diff: exit status {code}"),
            None => format!("git diff: {}", output.status),
        }
        .into());
    }
    let paths = String::from_utf8_lossy(&output.stdout);
    let names = paths.split('\0').filter(|path| !path.is_empty());
    Ok(names.map(|path| path.rsplit('/').next().unwrap_or(path).to_owned()).collect())
}

fn print(session: &Session<'_>, template: Option<Template>, report: Report) -> Result<(), Failure> {
    let text = match template {
        Some(template) => template.execute(Arc::new(LintReport { report }), session.console.colour)?,
        None => lint::text(&report, &|code, text| session.console.paint(code, text), &duration::show),
    };
    session.console.print(&text);
    Ok(())
}

/// Writes the report as a page beside other temporary files; where it is.
fn write_page(report: &Report) -> Result<String, Failure> {
    let name = format!("atlas-lint-{}-{}.html", report.started, std::process::id());
    let path = std::env::temp_dir().join(name);
    std::fs::write(&path, lint::page(report, &duration::show))
        .map_err(|error| format!("write {}: {}", path.display(), reason(&error)))?;
    Ok(path.display().to_string())
}
