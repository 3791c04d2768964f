//! The state a migration directory makes: on a dev database, or read from the files alone.
//!
//! Invariant: what was read without a database and cannot be trusted is an error or named in `approximate`, never
//! left out.
//!
//! Source: reference/migrations.md section 13.

use std::sync::Arc;

use engine::connection::Capabilities;
use engine::migrate::{Directory, sql_of};
use engine::{DatabaseUrl, Dialect};
use schema::Realm;
use text::{FileId, Text};

use super::Located;
use crate::dev::Dev;
use crate::state::{self, Options, Read};
use crate::{Error, Workspace};

/// The state of a directory, up to and including version `to`, as a side of a comparison.
///
/// # Errors
/// A file that cannot be executed; a dev database that is not clean; no dev database where one is needed.
pub async fn state(
    workspace: &mut Workspace<'_>,
    located: &Located,
    to: Option<&str>,
    options: &Options,
) -> Result<Read, Error> {
    let dev = match state::dev(workspace, options)? {
        Some(dev) => Some(dev),
        None => match options.dialect.and_then(|dialect| Some((dialect.dev_url?, dialect))) {
            Some((url, dialect)) => Some((DatabaseUrl::parse(url)?, dialect)),
            None => None,
        },
    };
    let directory = &located.directory;
    let Some((url, dialect)) = dev else {
        let (true, Some(dialect)) = (options.offline, options.dialect) else {
            return Err(Error::Request(
                "--dev-url cannot be empty. See: https://atlasgo.io/atlas-schema/sql#dev-database".to_owned(),
            ));
        };
        let read = written(directory, to, dialect, options.server.clone())?;
        return Ok(Read { bound: options.bound.clone(), ..read });
    };
    let mut dev = Dev::open(workspace.world, &url, dialect, options.accounts).await.map_err(snapshot)?;
    let result = run(&mut dev, directory, to, options).await;
    let made = dev.end(result).await?;
    let bound = (dialect.bound)(&url);
    let realm = state::without(&made.realm, bound.clone(), options)?;
    Ok(Read {
        realm,
        whole: made.realm,
        dialect,
        bound,
        hcl: false,
        url: None,
        server: Some(made.server),
        approximate: Vec::new(),
    })
}

/// Runs the directory on an open dev database, which is left as it is then.
///
/// # Errors
/// As [`state`].
pub(crate) async fn run(
    dev: &mut Dev,
    directory: &Directory,
    to: Option<&str>,
    options: &Options,
) -> Result<Realm, Error> {
    let files = directory.history(to).map_err(|error| Error::Request(format!("sql/migrate: {error}")))?;
    dev.migrate(files, directory.format, &options.schemas).await
}

/// Says what was being done when the dev database was found in use.
pub(crate) fn snapshot(error: Error) -> Error {
    match error {
        Error::Engine(error @ engine::Error::NotClean { .. }) => {
            Error::Source(format!("sql/migrate: taking database snapshot: {error}"))
        }
        other => other,
    }
}

/// The state of a directory from its files alone, as the server writes it that `server` describes.
///
/// # Errors
/// A statement a server would refuse, or that only a server understands.
pub fn written(
    directory: &Directory,
    to: Option<&str>,
    dialect: &'static Dialect,
    server: Option<Arc<Capabilities>>,
) -> Result<Read, Error> {
    let files = directory.history(to).map_err(|error| Error::Request(format!("sql/migrate: {error}")))?;
    let parsed: Vec<_> = files
        .iter()
        .enumerate()
        .map(|(index, (_, text))| {
            let id = FileId(u32::try_from(index).unwrap_or(u32::MAX));
            (id, sql_of(&Text::new(text), directory.format, dialect.grammar, None))
        })
        .collect();
    let state = engine::replay(&parsed, dialect, &mut engine::replay::Cache::default());
    let name = |id: FileId| files.get(id.0 as usize).map_or("", |(name, _)| name.as_str());
    let error = state.diagnostics.iter().find(|(_, it)| it.severity == text::Severity::Error);
    if let Some((id, diagnostic)) = error {
        let text = files.get(id.0 as usize).map_or("", |(_, text)| text.as_str());
        let place = Text::new(text).position(diagnostic.range.start(), text::Encoding::Utf32);
        return Err(Error::Source(format!(
            "sql/migrate: read migration directory state: {}:{}:{}: {}",
            name(*id),
            place.line + 1,
            place.character + 1,
            diagnostic.message
        )));
    }
    if let Some((id, _)) = state.coverage.files.iter().find(|(_, counts)| counts.opaque > 0) {
        return Err(Error::Request(format!("{:?}: {}", name(*id), state::OPAQUE)));
    }
    let assumed = server.unwrap_or_else(|| {
        let mut assumed = (dialect.assumed)();
        dialect.normalize.tells(&state.realm, &mut assumed);
        Arc::new(assumed)
    });
    let cache = &mut engine::normalize::Cache::default();
    let normalized = engine::normalize::normalize(&state.realm, dialect, &assumed, cache)?;
    Ok(Read {
        realm: normalized.realm.clone(),
        whole: normalized.realm,
        dialect,
        bound: None,
        hcl: false,
        url: None,
        server: Some(assumed),
        approximate: normalized.approximate,
    })
}
