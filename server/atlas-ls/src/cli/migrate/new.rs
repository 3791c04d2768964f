//! `migrate new`: an empty file for the next migration.

use commands::migrate::new;

use super::directory::{check, open, write};
use crate::cli::parse::Invocation;
use crate::cli::{Failure, Session, refuse};

/// Adds an empty file.
///
/// Source: reference/cli.md section 6.4.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let located = open(session, invocation, true).await?;
    check(session, &located.directory)?;
    refuse(invocation, &["edit"])?;
    let name = invocation.args.first().map_or("", String::as_str);
    let now = commands::World::now(session.machine);
    write(&located, &new::new(&located.directory, name, now)).await
}
