//! `migrate validate`: do the files of a directory execute?

use super::Located;
use super::diff::dev_database;
use super::replay::{run, snapshot};
use crate::dev::Dev;
use crate::state::Options;
use crate::{Error, Workspace};

/// Executes the directory on the dev database, if one was named.
///
/// # Errors
/// `replaying the migration directory: sql/migrate: read migration directory state: …`.
///
/// Source: reference/cli.md section 6.6.
pub async fn validate(
    workspace: &mut Workspace<'_>,
    located: &Located,
    options: &Options,
) -> Result<(), Error> {
    if options.dev_url.is_none() {
        return Ok(());
    }
    let Some((url, dialect)) = dev_database(workspace, options)? else { return Ok(()) };
    let replaying = |error: Error| Error::Source(format!("replaying the migration directory: {error}"));
    let mut dev = Dev::open(workspace.world, &url, dialect, options.accounts)
        .await
        .map_err(|error| replaying(snapshot(error)))?;
    let result = run(&mut dev, &located.directory, None, options).await.map_err(replaying);
    dev.end(result).await.map(|_| ())
}
