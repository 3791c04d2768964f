//! `migrate hash`: `atlas.sum` written anew.

use engine::migrate::sum::FILE;

use super::directory::{open, write};
use crate::cli::parse::Invocation;
use crate::cli::{Failure, Session};

/// Writes `atlas.sum` anew.
///
/// Source: reference/cli.md section 6.5.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let located = open(session, invocation, false).await?;
    write(&located, &[(FILE.to_owned(), located.directory.computed().to_string())]).await
}
