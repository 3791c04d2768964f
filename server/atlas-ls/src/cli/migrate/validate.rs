//! `migrate validate`: is the directory what its sum says, and can it be executed?

use commands::migrate::validate;

use super::directory::{check, opened};
use crate::cli::parse::Invocation;
use crate::cli::setup::Setup;
use crate::cli::{Failure, Session};

/// Compares the files with `atlas.sum`, looks for what keeps one from ever being executed, and, with a dev database,
/// executes them there.
///
/// Source: reference/cli.md section 6.6.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let mut setup = Setup::load(session, invocation).await?;
    setup.fill_migration(invocation)?;
    invocation.check()?;
    let located = opened(session, &setup, invocation, false).await?;
    check(session, &located.directory)?;
    // With a dev database, the replay says what is wrong with a statement.
    let dialect = setup.dialect(&[]).filter(|_| invocation.text("dev-url").is_empty());
    engine::migrate::fault::check(&located.directory, dialect)?;
    let options = setup.options(invocation);
    let checked = validate::validate(&mut setup.workspace, &located, &options);
    Ok(session.interrupt.stop(checked).await??)
}
