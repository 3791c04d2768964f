//! `migrate hash`: `atlas.sum` written anew.

use commands::migrate::Change;

use super::directory::{open, write};
use crate::cli::parse::Invocation;
use crate::cli::{Failure, Session};

/// Writes `atlas.sum` anew.
///
/// Source: reference/cli.md section 6.5.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let located = open(session, invocation, false).await?;
    if invocation.changed("force") {
        session.console.print("Flag --force has been deprecated, you can safely omit it.\n");
    }
    write(&located, &Change::adding(&located.directory, Vec::new())).await
}
