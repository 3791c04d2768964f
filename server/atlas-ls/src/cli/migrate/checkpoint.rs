//! `migrate checkpoint`: one file that stands for all before it.

use commands::migrate::checkpoint::{self, rows_left_out};
use commands::migrate::diff::Args;

use super::diff::{finish, writing};
use super::directory::{check, opened};
use crate::cli::parse::Invocation;
use crate::cli::setup::Setup;
use crate::cli::{Failure, Session};

const EMPTY: &str = "The migration directory is empty, no checkpoint to be made\n";

/// Writes what makes the state of the directory from nothing.
///
/// Source: reference/history.md section 4.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let mut setup = Setup::load(session, invocation).await?;
    setup.fill_migration(invocation)?;
    invocation.check()?;
    if invocation.text("dev-url").is_empty() && setup.dialect(&[]).is_none() {
        return Err(Failure::Error("required flag(s) \"dev-url\" not set".to_owned()));
    }
    let located = opened(session, &setup, invocation, false).await?;
    let writing = writing(invocation, located.directory.format)?;
    check(session, &located.directory)?;
    let args = Args {
        name: invocation.args.first().cloned().unwrap_or_default(),
        options: commands::state::Options { dialect: setup.dialect(&[]), ..setup.options(invocation) },
        writing,
        lock_timeout: invocation.duration("lock-timeout"),
        now: commands::World::now(session.machine),
        ..Args::default()
    };
    let planned = checkpoint::checkpoint(&mut setup.workspace, &located, &args);
    let Some(planned) = session.interrupt.stop(planned).await?? else {
        session.console.print(EMPTY);
        return Ok(());
    };
    let left_out = rows_left_out(&located.directory, &planned);
    if !left_out.is_empty() {
        session.console.error(&format!(
            "Note: a checkpoint holds no rows; those that these files change are left out: {}",
            left_out.join(", ")
        ));
    }
    finish(session, invocation, &located, planned).await
}
