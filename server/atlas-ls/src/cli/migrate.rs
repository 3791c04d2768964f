//! `migrate hash`, `migrate validate`, `migrate new`: a directory and its sum.

use commands::migrate::{Directory, new};
use engine::migrate::sum::FILE;
use project::Path;

use super::parse::Invocation;
use super::setup::Setup;
use super::{Failure, Session, refuse};
use crate::machine::{native, reason};

/// Writes `atlas.sum` anew.
///
/// Source: reference/cli.md section 6.5.
pub async fn hash(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let (directory, shown) = open(session, invocation, false).await?;
    write(&directory.path, &shown, &[(FILE.to_owned(), directory.computed().to_string())]).await
}

/// Compares the files with `atlas.sum`.
///
/// Source: reference/cli.md section 6.6.
pub async fn validate(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let (directory, _) = open(session, invocation, false).await?;
    check(session, &directory)?;
    refuse(invocation, &["dev-url"])
}

/// Adds an empty file.
///
/// Source: reference/cli.md section 6.4.
pub async fn add(session: &Session<'_>, invocation: &mut Invocation) -> Result<(), Failure> {
    let (directory, shown) = open(session, invocation, true).await?;
    check(session, &directory)?;
    refuse(invocation, &["edit"])?;
    let name = invocation.args.first().map_or("", String::as_str);
    let now = commands::World::now(session.machine);
    write(&directory.path, &shown, &new::new(&directory, name, now)).await
}

/// The directory the flags name; `make` creates a missing one.
async fn open(
    session: &Session<'_>,
    invocation: &mut Invocation,
    make: bool,
) -> Result<(Directory, String), Failure> {
    let setup = Setup::load(session, invocation).await?;
    setup.fill_migration(invocation)?;
    invocation.check()?;
    let url = invocation.text("dir").to_owned();
    let (path, format) = Directory::locate(&super::setup::directory()?, &url, invocation.text("dir-format"))?;
    let shown = url.trim_start_matches("file://").split('?').next().unwrap_or_default();
    let shown = if shown.is_empty() { "migrations" } else { shown };
    if make {
        tokio::fs::create_dir_all(native(&path)).await.map_err(|error| reason(&error))?;
    }
    Ok((Directory::open(session.machine, &path, shown, format)?, shown.to_owned()))
}

/// Says what to do about a directory that is not what its sum says.
fn check(session: &Session<'_>, directory: &Directory) -> Result<(), Failure> {
    directory.validate().map_err(|checksum| {
        session.console.print(&checksum.help());
        Failure::Error(checksum.text().to_owned())
    })
}

/// Writes the files, the sum last: a run that is cut short leaves a directory whose sum says so.
async fn write(path: &Path, shown: &str, files: &[(String, String)]) -> Result<(), Failure> {
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
