//! `schema diff`: what leads from one state to another.

use engine::diff::{Cache, Policy, between};
use engine::plan::{Mode, Plan};
use schema::Change;

use crate::state::{self, Options, Read};
use crate::{Error, Workspace};

/// What leads from one state to another.
#[derive(Clone, Debug)]
pub struct Report {
    pub from: Read,
    pub to: Read,
    pub changes: Vec<Change>,
}

/// Compares the states at `from` and `to`.
///
/// # Errors
/// As [`state::read`]; states of different products or scopes.
pub async fn diff(
    workspace: &mut Workspace<'_>,
    from: &[String],
    to: &[String],
    policy: &Policy,
    options: &Options,
) -> Result<Report, Error> {
    // Files do not say their product; a database on the other side does.
    let mut dialect = options.dialect;
    for urls in [from, to] {
        if dialect.is_none() {
            dialect = state::dialect_of(workspace, urls, options).await;
        }
    }
    let options = Options { dialect, ..options.clone() };
    let (from, to) = match state::at_once(workspace, from, to, &options).await {
        Some((from, to)) => (from?, to?),
        None => {
            let from = state::read(workspace, from, &options).await?;
            let server = from.server.clone().or(options.server.clone());
            let to = state::read(workspace, to, &Options { server, ..options }).await?;
            (from, to)
        }
    };
    if from.dialect.name != to.dialect.name {
        return Err(Error::Request(format!(
            "cannot compare {} with {}",
            from.dialect.title, to.dialect.title
        )));
    }
    let server = from.server.clone().or_else(|| to.server.clone());
    let policy = &Policy { server, ..policy.clone() };
    let changes = between(from.side(), to.side(), to.dialect, policy, &mut Cache::default())?;
    Ok(Report { from, to, changes })
}

impl Report {
    /// Whether there is nothing to do.
    pub fn is_synced(&self) -> bool {
        self.changes.is_empty()
    }

    /// The statements, as a migration file has them.
    ///
    /// # Errors
    /// When the dialect cannot carry out a change.
    pub fn plan(&self, indent: &str) -> Result<Plan, Error> {
        let bound = self.from.bound.is_some() || self.to.bound.is_some();
        let options = engine::plan::Options {
            indent: indent.to_owned(),
            qualifier: bound.then(String::new),
            mode: Mode::Dump,
            server: self.from.server.clone().or_else(|| self.to.server.clone()),
        };
        Ok(engine::plan::plan(&self.changes, &self.from.whole, self.from.dialect, &options)?)
    }
}
