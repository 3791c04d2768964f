//! `migrate rm`: a directory without a file.

use commands::migrate::arrange;

use super::baseline;
use super::directory::{check, opened, write};
use crate::cli::parse::Invocation;
use crate::cli::setup::Setup;
use crate::cli::{Failure, Session};

/// Removes a file, by default the last, and brings the sum up to date.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let mut setup = Setup::load(session, invocation).await?;
    setup.fill_migration(invocation)?;
    invocation.check()?;
    let located = opened(session, &setup, invocation, false).await?;
    check(session, &located.directory)?;
    let name = invocation.args.first().map(String::as_str);
    let change = arrange::remove(&located, name)?;
    write(&located, &change).await?;
    let moves: Vec<_> = change.removes.iter().take(1).map(|name| (name.clone(), None)).collect();
    baseline::follow(session, &mut setup, &located, &moves).await
}
