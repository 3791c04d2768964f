//! `schema clean`: drops everything in a database.
//!
//! The same way as applying an empty schema, but for the review: what it does is what was asked for.

use std::sync::Arc;

use engine::diff::{Policy, diff};
use engine::lint;
use engine::plan::Options as PlanOptions;

use super::apply::Planned;
use super::inspect::empty;
use crate::state::{self, Options, Read};
use crate::{Error, Workspace};

/// Computes the plan that drops everything at `url`. Changes nothing.
///
/// # Errors
/// As [`state::read`]; `--url must be a database connection`.
pub async fn plan(workspace: &mut Workspace<'_>, url: &str, options: &Options) -> Result<Planned, Error> {
    // It is a database or nothing: a client is opened directly.
    if !url.contains("://") {
        let text = "sql/sqlclient: missing driver. See: https://atlasgo.io/url";
        return Err(Error::Request(text.to_owned()));
    }
    let parsed = engine::DatabaseUrl::parse(url)
        .map_err(|error| Error::Request(format!("sql/sqlclient: parse open url: {error}")))?;
    if workspace.dialects.by_url(parsed.secret()).is_none() {
        return Err(Error::Request(format!(
            "sql/sqlclient: unknown driver {:?}. See: https://atlasgo.io/url",
            parsed.scheme()
        )));
    }
    // Accounts are those of every database of the server, and no dirt of this one.
    let options = &Options { accounts: engine::scope::Accounts::default(), ..options.clone() };
    let current = state::read(workspace, &[url.to_owned()], options).await?;
    let Some(url) = current.url.clone() else {
        return Err(Error::Request("--url must be a database connection".to_owned()));
    };
    let dialect = current.dialect;
    let nothing = Arc::new(empty(&current.whole));
    let changes = diff(&current.whole, &nothing, dialect, &Policy::default())?;
    let plan_options = PlanOptions {
        indent: "  ".to_owned(),
        qualifier: current.bound.as_ref().map(|_| String::new()),
        server: current.server.clone(),
        ..PlanOptions::default()
    };
    let plan = engine::plan::plan(&changes, &current.whole, dialect, &plan_options)?;
    let report = lint::lint(
        &current.whole,
        &nothing,
        &changes,
        &plan,
        &lint::Config::default(),
        dialect,
        current.server.as_deref(),
    );
    let desired = Read { realm: nothing.clone(), whole: nothing, url: None, ..current.clone() };
    Ok(Planned::new(current, desired, changes, plan, report, url, options))
}
