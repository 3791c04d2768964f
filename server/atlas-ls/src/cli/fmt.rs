//! `schema fmt`.

use commands::schema::fmt;

use super::parse::Invocation;
use super::setup::directory;
use super::{Failure, Session};
use crate::machine::{native, reason};

/// Rewrites HCL files in canonical form and prints their names.
///
/// Source: reference/cli.md section 5.6.
pub async fn run(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    invocation.check()?;
    for change in fmt::fmt(session.machine, &directory()?, &invocation.args)? {
        // Written in place, so that its mode and links stay.
        tokio::fs::write(native(&change.path), change.text.as_bytes())
            .await
            .map_err(|error| format!("open {}: {}", change.shown, reason(&error)))?;
        session.console.print(&format!("{}\n", change.shown));
    }
    Ok(())
}
