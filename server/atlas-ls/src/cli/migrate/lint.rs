//! `migrate lint`: the newest files are judged, and the run fails when something bad was found.
//!
//! Which files are new is told by their number, by git or by the history of a database.
//!
//! Source: reference/cli.md section 6.10.

mod git;

use std::sync::Arc;
use std::time::Instant;

use commands::format::{Kind, LintReport, Template};
use commands::migrate::Located;
use commands::migrate::lint::{self, Args, Report, Since};
use commands::migrate::target::Target;
use engine::connection::Access;
use engine::migrate::order::Base;
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
    let (since, base) = session.interrupt.race(since(&setup, invocation, &located)).await??;
    let args = Args {
        directory: located.directory,
        shown: located.shown,
        since,
        base,
        linear: setup.linear(),
        config: Arc::new(setup.lint()?),
        dialect,
        dev,
    };
    let began = Instant::now();
    let clock = move || began.elapsed();
    let report = session.interrupt.stop(lint::lint(session.machine, &args, &clock)).await??;
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

/// Which files are new, and what they are compared with.
async fn since(
    setup: &Setup<'_>,
    invocation: &Invocation,
    located: &Located,
) -> Result<(Since, Option<Base>), Failure> {
    let latest = invocation.count("latest");
    match (latest, invocation.text("git-base"), invocation.text("base")) {
        (0, "", "") => Err("--latest or --git-base is required".to_owned().into()),
        (0, "", url) => {
            let (base, new) = executed(setup, url, located).await?;
            Ok((Since::Added(new), Some(base)))
        }
        (0, revision, "") => {
            let (base, new) = git::since(invocation.text("git-dir"), revision, located).await?;
            Ok((Since::Added(new), Some(base)))
        }
        (latest, "", "") => Ok((Since::Latest(latest), None)),
        (_, _, "") => Err("--latest and --git-base are mutually exclusive".to_owned().into()),
        _ => Err("--base cannot be given together with --latest or --git-base".to_owned().into()),
    }
}

/// What the database at `url` has executed, and the names of the files it has not.
async fn executed(setup: &Setup<'_>, url: &str, located: &Located) -> Result<(Base, Vec<String>), Failure> {
    let revisions_schema =
        setup.env.as_ref().and_then(|env| env.migration.revisions_schema.clone()).unwrap_or_default();
    let target = Target { url: url.to_owned(), directory: setup.directory.clone(), revisions_schema };
    let mut opened = target.open(&setup.workspace, Access::Preview).await?;
    let revisions = opened.revisions().await;
    // Nothing was changed, so there is nothing to be lost.
    let _ = opened.connection.close().await;
    Ok(Base::of_target(&located.directory, &revisions?.unwrap_or_default(), opened.url.to_string()))
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
