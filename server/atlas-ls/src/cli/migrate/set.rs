//! `migrate set`: the version of a target is said instead of executed.

use commands::migrate::set::{Args, set};

use super::apply::target;
use super::directory::{check, opened};
use super::tenants::{explained, needs_url};
use crate::cli::parse::Invocation;
use crate::cli::setup::Setup;
use crate::cli::{Failure, Session};

/// Changes the revisions of the target.
///
/// Source: reference/cli.md section 6.8.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let setup = Setup::load(session, invocation).await?;
    setup.fill_migration(invocation)?;
    invocation.check()?;
    let located = opened(session, &setup, invocation, false).await?;
    check(session, &located.directory)?;
    needs_url(invocation)?;
    let args = Args {
        target: target(&setup, invocation),
        directory: located.directory,
        version: invocation.args.first().cloned(),
        lock_name: invocation.text("lock-name").to_owned(),
    };
    let changed = set(&setup.workspace, &args).await.map_err(|error| explained(session, error))?;
    session.console.print(&changed.text(session.console));
    Ok(())
}
