//! `migrate rm`: a directory without a file.

use commands::migrate::arrange;

use super::directory::{check, open, write};
use crate::cli::parse::Invocation;
use crate::cli::{Failure, Session};

/// Removes a file, by default the last, and brings the sum up to date.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let located = open(session, invocation, false).await?;
    check(session, &located.directory)?;
    let name = invocation.args.first().map(String::as_str);
    write(&located, &arrange::remove(&located, name)?).await
}
