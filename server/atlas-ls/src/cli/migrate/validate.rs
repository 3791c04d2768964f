//! `migrate validate`: is the directory what its sum says?

use super::directory::{check, open};
use crate::cli::parse::Invocation;
use crate::cli::{Failure, Session, refuse};

/// Compares the files with `atlas.sum`.
///
/// Source: reference/cli.md section 6.6.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let located = open(session, invocation, false).await?;
    check(session, &located.directory)?;
    refuse(invocation, &["dev-url"])
}
