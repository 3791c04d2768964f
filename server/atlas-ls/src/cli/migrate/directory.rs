//! The directory a command works on: found by its flags, checked, written.
//!
//! Invariant: the sum is written last and as a whole, so a run that is cut short leaves a directory whose sum says so.

use commands::migrate::{Change, Located, locate};
use engine::migrate::sum::FILE;
use engine::migrate::{Directory, Format, conflict};

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
    opened(session, &setup, invocation, make).await
}

/// The directory the flags of a command name, whose setup was done.
pub async fn opened(
    session: &Session<'_>,
    setup: &Setup<'_>,
    invocation: &Invocation,
    make: bool,
) -> Result<Located, Failure> {
    named(session, setup, invocation.text("dir"), invocation.text("dir-format"), make).await
}

/// The same; one that is not there counts as empty and is not made.
pub async fn opened_or_empty(
    session: &Session<'_>,
    setup: &Setup<'_>,
    invocation: &Invocation,
) -> Result<Located, Failure> {
    let (url, format) = (invocation.text("dir"), invocation.text("dir-format"));
    if let Ok((path, format)) = locate(&setup.directory, url, format)
        && !native(&path).exists()
    {
        let directory = Directory { format, ..Directory::default() };
        let shown = url.trim_start_matches("file://").split('?').next().unwrap_or_default().to_owned();
        return Ok(Located { path, shown, directory, companions: Vec::new() });
    }
    opened(session, setup, invocation, false).await
}

/// The directory at `url`.
pub async fn named(
    session: &Session<'_>,
    setup: &Setup<'_>,
    url: &str,
    format: &str,
    make: bool,
) -> Result<Located, Failure> {
    if url.starts_with("atlas://") {
        return Ok(Located::remote(session.machine, url).await?);
    }
    if url.starts_with("mem://") {
        let states = setup.env.as_ref().map(|env| env.states.as_ref());
        return Ok(Located::rendered(states, url, format)?);
    }
    let (path, format) = locate(&setup.directory, url, format)?;
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
        if directory.sum.as_deref().and_then(conflict::parse).is_some() {
            let hint = "atlas.sum has conflict markers of git: 'atlas migrate rebase' puts your files behind the others\n\n";
            session.console.print(hint);
        }
        Failure::Error(checksum.text().to_owned())
    })
}

/// Carries out a change: every text is written beside its place first, so that a full disk leaves the directory as it
/// was; the sum comes last, so that a run which is cut short leaves a directory whose sum says so.
pub async fn write(located: &Located, change: &Change) -> Result<(), Failure> {
    let Located { path, shown, .. } = located;
    if located.is_remote() {
        return Err(Failure::Error(format!("cannot write to {shown}: it is kept in a registry")));
    }
    let target = |name: &str| native(&path.join(name));
    let partial = |name: &str| {
        let (folder, base) = name.rsplit_once('/').map_or(("", name), |(folder, base)| (folder, base));
        let folder = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        native(&path.join(&format!("{folder}.{base}.partial")))
    };
    let refuse = |name: &str, error: &std::io::Error| {
        Failure::Error(format!("sql/migrate: write {shown}/{name}: {}", reason(error)))
    };
    let mut failed = None;
    for (name, text) in change.texts() {
        if let Err(error) = tokio::fs::write(partial(name), text).await {
            failed = Some(refuse(name, &error));
            break;
        }
    }
    if let Some(failure) = failed {
        for (name, _) in change.texts() {
            let _ = tokio::fs::remove_file(partial(name)).await;
        }
        return Err(failure);
    }
    for (name, _) in &change.writes {
        tokio::fs::rename(partial(name), target(name)).await.map_err(|error| refuse(name, &error))?;
    }
    // From the last to the first: a file moves to a name that another had before.
    for (from, to) in change.renames.iter().rev() {
        tokio::fs::rename(target(from), target(to)).await.map_err(|error| refuse(to, &error))?;
    }
    for name in &change.removes {
        tokio::fs::remove_file(target(name)).await.map_err(|error| {
            Failure::Error(format!("sql/migrate: remove {shown}/{name}: {}", reason(&error)))
        })?;
    }
    tokio::fs::rename(partial(FILE), target(FILE)).await.map_err(|error| refuse(FILE, &error))
}

/// Lets the user edit the new files of `change`, which are Atlas's.
pub fn edit(located: &Located, change: Change) -> Result<Change, Failure> {
    if located.directory.format != Format::Atlas {
        return Err(Failure::Error(format!(
            "--edit flag supports only atlas directories, but got: {:?}",
            located.directory.format.name()
        )));
    }
    let mut writes = Vec::with_capacity(change.writes.len());
    for (name, text) in &change.writes {
        writes.push((name.clone(), crate::cli::editor::edit(name, text)?));
    }
    Ok(Change::adding(&located.directory, writes))
}
