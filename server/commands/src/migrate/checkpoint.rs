//! `migrate checkpoint`: one file that makes what all files before it make.
//!
//! Source: reference/history.md section 4, migrations.md section 6.1.

use std::sync::Arc;

use engine::diff::{Policy, diff};
use engine::migrate::write::Heading;
use engine::migrate::{Directory, Format, statements};
use schema::Realm;

use super::Located;
use super::diff::{Args, Planned, dev_database, heading, planned};
use super::replay::{run, snapshot, written};
use crate::dev::Dev;
use crate::{Error, Workspace};

/// Plans a checkpoint called `args.name`, the tag; `None` when there are no files.
///
/// # Errors
/// `migration directory x does not support checkpoint files`; a directory whose files cannot be executed.
pub async fn checkpoint(
    workspace: &mut Workspace<'_>,
    located: &Located,
    args: &Args,
) -> Result<Option<Planned>, Error> {
    super::new::check_name(&args.name)?;
    if located.directory.format != Format::Atlas {
        return Err(Error::Request(format!(
            "migration directory {} does not support checkpoint files",
            located.shown
        )));
    }
    if located.directory.files.is_empty() {
        return Ok(None);
    }
    let tag = &args.name;
    let directive =
        if tag.is_empty() { "atlas:checkpoint".to_owned() } else { format!("atlas:checkpoint {tag}") };
    let name = if tag.is_empty() { "checkpoint".to_owned() } else { format!("checkpoint_{tag}") };
    let heading = Heading { name, directives: vec![directive], ..heading(located, args.now) };
    let options = &args.options;
    let (current, nothing, offline) = match dev_database(workspace, options)? {
        Some((url, dialect)) => {
            let dev = Dev::open(workspace.world, &url, dialect, options.accounts).await;
            let mut dev = dev.map_err(snapshot)?;
            let nothing = dev.before.clone();
            let result = match dev.lock(super::diff::LOCK, args.lock_timeout).await {
                Ok(()) => run(&mut dev, &located.directory, None, options).await,
                Err(error) => Err(error),
            };
            let made = dev.end(result).await?;
            let bound = (dialect.bound)(&url);
            (crate::state::Read::made(made, dialect, bound), nothing, false)
        }
        None => {
            let Some(dialect) = options.dialect else {
                return Err(Error::Request("required flag(s) \"dev-url\" not set".to_owned()));
            };
            let empty = Directory { format: Format::Atlas, ..Directory::default() };
            let nothing = written(&empty, None, dialect, None)?.realm;
            (written(&located.directory, None, dialect, None)?, Realm::clone(&nothing), true)
        }
    };
    let dialect = current.dialect;
    let policy = Policy { server: current.server.clone(), ..Policy::default() };
    let changes = diff(&nothing, &current.realm, dialect, &policy)?;
    let to = current.realm.clone();
    let from = crate::state::Read { realm: Arc::new(nothing.clone()), whole: Arc::new(nothing), ..current };
    planned(located, from, to, changes, &heading, &args.writing, offline).map(Some)
}

/// Files of the directory whose statements change rows, which a checkpoint does not hold.
pub fn rows_left_out(directory: &Directory, planned: &Planned) -> Vec<String> {
    let changes_rows = |text: &str| {
        statements(text, directory.format, Some(planned.dialect)).unwrap_or_default().iter().any(|it| {
            let word = it.text.split(|ch: char| !ch.is_ascii_alphabetic()).next().unwrap_or_default();
            ["INSERT", "UPDATE", "DELETE", "REPLACE", "MERGE", "COPY", "LOAD"]
                .iter()
                .any(|known| word.eq_ignore_ascii_case(known))
        })
    };
    let files = directory.history(None).unwrap_or_default();
    files.iter().filter(|(_, text)| changes_rows(text)).map(|(name, _)| name.clone()).collect()
}
