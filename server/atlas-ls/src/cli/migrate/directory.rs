//! The directory a command works on: found by its flags, checked, written.
//!
//! Invariant: the sum is written last and as a whole, so a run that is cut short leaves a directory whose sum says so.

use commands::migrate::{Located, locate};
use engine::migrate::Directory;
use engine::migrate::sum::FILE;

use crate::cli::parse::Invocation;
use crate::cli::setup::Setup;
use crate::cli::{Failure, Session};
use crate::machine::{native, reason};

/// The directory the flags name; `make` creates a missing one.
pub async fn open(
    session: &Session<'_>,
    invocation: &mut Invocation,
    make: bool,
) -> Result<Located, Failure> {
    let setup = Setup::load(session, invocation).await?;
    setup.fill_migration(invocation)?;
    invocation.check()?;
    let url = invocation.text("dir").to_owned();
    let (path, format) = locate(&crate::cli::setup::directory()?, &url, invocation.text("dir-format"))?;
    let shown = url.trim_start_matches("file://").split('?').next().unwrap_or_default();
    let shown = if shown.is_empty() { "migrations" } else { shown };
    if make {
        tokio::fs::create_dir_all(native(&path)).await.map_err(|error| reason(&error))?;
    }
    Ok(Located::open(session.machine, &path, shown, format)?)
}

/// Says what to do about a directory that is not what its sum says.
pub fn check(session: &Session<'_>, directory: &Directory) -> Result<(), Failure> {
    directory.validate().map_err(|checksum| {
        session.console.print(&checksum.help());
        Failure::Error(checksum.text().to_owned())
    })
}

/// Writes the files, the sum last: a run that is cut short leaves a directory whose sum says so.
pub async fn write(located: &Located, files: &[(String, String)]) -> Result<(), Failure> {
    let Located { path, shown, .. } = located;
    for (name, text) in files {
        let target = native(&path.join(name));
        let result = if name == FILE {
            // A sum is never seen half written.
            let partial = native(&path.join(&format!(".{FILE}.partial")));
            match tokio::fs::write(&partial, text).await {
                Ok(()) => tokio::fs::rename(&partial, &target).await,
                Err(error) => Err(error),
            }
        } else {
            tokio::fs::write(&target, text).await
        };
        result.map_err(|error| format!("sql/migrate: write {shown}/{name}: {}", reason(&error)))?;
    }
    Ok(())
}
