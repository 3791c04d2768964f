//! `migrate new`: an empty file for the next migration.

use commands::migrate::new;

use super::directory::{check, edit, open, write};
use crate::cli::parse::Invocation;
use crate::cli::{Failure, Session};

/// Adds an empty file.
///
/// Source: reference/cli.md section 6.4.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let located = open(session, invocation, true).await?;
    check(session, &located.directory)?;
    let name = invocation.args.first().map_or("", String::as_str);
    let now = commands::World::now(session.machine);
    let mut change = new::new(&located.directory, name, now)?;
    if invocation.switch("edit") {
        change = edit(&located, change)?;
    }
    write(&located, &change).await
}
