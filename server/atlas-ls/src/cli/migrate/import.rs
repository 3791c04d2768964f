//! `migrate import`: a directory of another tool, written as one of Atlas's or of yet another.

use commands::migrate::import::{self, Imported};

use super::directory::{check, named, write};
use crate::cli::parse::Invocation;
use crate::cli::setup::Setup;
use crate::cli::{Failure, Session};

/// Writes the files of one directory into another, empty one.
///
/// Source: reference/cli.md section 6.7.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let setup = Setup::load(session, invocation).await?;
    setup.fill_migration(invocation)?;
    invocation.check()?;
    let from = named(session, &setup, invocation.text("from"), invocation.text("dir-format"), false).await?;
    let to = named(session, &setup, invocation.text("to"), "", true).await?;
    check(session, &to.directory)?;
    match import::import(&from, &to.directory, setup.dialect(&[]))? {
        Some(Imported { change, lost }) => {
            write(&to, &change).await?;
            if !lost.is_empty() {
                let format = to.directory.format.name();
                session
                    .console
                    .error(&format!("Warning: left out, because {format:?} files have no words for it:"));
                lost.iter().for_each(|what| session.console.error(&format!("  {what}")));
            }
            Ok(())
        }
        None => {
            session.console.print("nothing to import");
            Ok(())
        }
    }
}
