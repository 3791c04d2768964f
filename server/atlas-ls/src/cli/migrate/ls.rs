//! `migrate ls`: the files of a directory, in the order they run.

use super::directory::open;
use crate::cli::parse::Invocation;
use crate::cli::{Failure, Session};

/// Prints names, or versions with `--short`, one a line.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let located = open(session, invocation, false).await?;
    let migrations = located.directory.migrations();
    let skipped = if invocation.switch("latest") { migrations.len().saturating_sub(1) } else { 0 };
    for file in migrations.iter().skip(skipped) {
        let line = if invocation.switch("short") { &file.version } else { &file.name };
        session.console.print(&format!("{line}\n"));
    }
    Ok(())
}
