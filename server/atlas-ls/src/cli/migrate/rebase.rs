//! `migrate rebase`: files of a branch behind those of the others.

use commands::migrate::arrange;
use engine::migrate::conflict;

use super::baseline;
use super::directory::{check, opened, write};
use crate::cli::parse::Invocation;
use crate::cli::setup::Setup;
use crate::cli::{Failure, Session};

/// Gives files new versions behind all others; without names, those that only this branch has.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let mut setup = Setup::load(session, invocation).await?;
    setup.fill_migration(invocation)?;
    invocation.check()?;
    let located = opened(session, &setup, invocation, false).await?;
    // A sum with git's marks is what this command is there for.
    if located.directory.sum.as_deref().and_then(conflict::parse).is_none() {
        check(session, &located.directory)?;
    }
    let now = commands::World::now(session.machine);
    let change = arrange::rebase(&located, &invocation.args, now)?;
    write(&located, &change).await?;
    for (from, to) in &change.renames {
        session.console.print(&format!("{from} -> {to}\n"));
    }
    let moves: Vec<_> = change.renames.iter().map(|(from, to)| (from.clone(), Some(to.clone()))).collect();
    baseline::follow(session, &mut setup, &located, &moves).await
}
