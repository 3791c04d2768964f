//! `migrate edit`: a file in the user's editor, and the sum after it.

use commands::migrate::arrange;

use super::directory::{check, open, write};
use crate::cli::editor;
use crate::cli::parse::Invocation;
use crate::cli::{Failure, Session};

/// Opens a file in `$EDITOR` and brings the sum up to date.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let located = open(session, invocation, false).await?;
    check(session, &located.directory)?;
    let Some(name) = invocation.args.first() else {
        return Err(Failure::Error("accepts 1 arg(s), received 0".to_owned()));
    };
    let (name, text) = arrange::find(&located.directory, name)?;
    let base = name.rsplit('/').next().unwrap_or(name);
    let edited = editor::edit(base, text)?;
    if edited == *text {
        return Ok(());
    }
    write(&located, &arrange::edited(&located.directory, name, edited)).await
}
