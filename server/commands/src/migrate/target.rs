//! The target of migrations: its connection, its revisions, and whether it is empty without them.

use std::time::Duration;

use engine::connection::Access;
use engine::inspect::inspect_all;
use engine::migrate::Revision;
use engine::migrate::revision::{Found, Place, Store, TABLE};
use engine::{Connection, Connector, DatabaseUrl, Dialect, Scope};
use project::Path;
use schema::Realm;

use crate::world::SeenFrom;
use crate::{Error, Workspace};

/// Name of the lock a run holds.
pub const LOCK: &str = "atlas_migrate_execute";

/// Where migrations go.
#[derive(Clone, Debug)]
pub struct Target {
    pub url: String,
    /// The directory a relative path in the URL is seen from.
    pub directory: Path,
    /// `--revisions-schema`.
    pub revisions_schema: String,
}

/// An open target.
pub struct Opened {
    pub connection: Box<dyn Connection>,
    pub url: DatabaseUrl,
    pub place: Place,
    pub scope: Scope,
}

impl Target {
    /// Opens it.
    ///
    /// # Errors
    /// A URL nobody serves, a schema that cannot hold revisions; the database's.
    pub async fn open(&self, workspace: &Workspace<'_>, access: Access) -> Result<Opened, Error> {
        let url = DatabaseUrl::parse(&self.url)?;
        let Some(dialect) = workspace.dialects.by_url(url.secret()) else {
            return Err(Error::Request(format!(
                "sql/sqlclient: unknown driver {:?}. See: https://atlasgo.io/url",
                url.scheme()
            )));
        };
        let connector = SeenFrom {
            inner: workspace.world.connector(),
            directory: &self.directory,
            dialects: workspace.dialects,
        };
        let connection = connector.open(&url, access).await.map_err(engine::Error::doing(dialect.opening))?;
        let bound = connection.target().bound.clone();
        let hooks = connection.dialect().revisions;
        let place = hooks.place(&self.revisions_schema, bound.as_deref()).map_err(Error::Request)?;
        let scope = Scope { bound, ..Scope::default() };
        Ok(Opened { connection, url, place, scope })
    }
}

impl Opened {
    /// A URL that leads to a server of a kin product speaks that one's dialect.
    pub fn dialect(&self) -> &'static Dialect {
        self.connection.dialect()
    }

    /// Whether there is a table of revisions, and those it has.
    ///
    /// # Errors
    /// [`Error::AmbiguousRevisions`]; the database's.
    pub async fn revisions(&mut self) -> Result<Option<Vec<Revision>>, Error> {
        let store = Store { hooks: self.connection.dialect().revisions, place: &self.place };
        match store.find(self.connection.as_mut(), self.scope.bound.is_some()).await? {
            Found::Nothing => Ok(None),
            Found::Elsewhere => Err(Error::AmbiguousRevisions),
            Found::Table => Ok(Some(store.read(self.connection.as_mut()).await?)),
        }
    }

    /// Makes the table of revisions, or brings one of an older program up to date.
    ///
    /// # Errors
    /// As [`Opened::revisions`].
    pub async fn ensure(&mut self) -> Result<(), Error> {
        let store = Store { hooks: self.connection.dialect().revisions, place: &self.place };
        if store.find(self.connection.as_mut(), self.scope.bound.is_some()).await? == Found::Elsewhere {
            return Err(Error::AmbiguousRevisions);
        }
        Ok(store.ensure(self.connection.as_mut()).await?)
    }

    /// Takes the lock of runs.
    ///
    /// # Errors
    /// `acquiring database lock: …`.
    pub async fn lock(&mut self, name: &str, timeout: Duration) -> Result<(), Error> {
        let name = if name.is_empty() { LOCK } else { name };
        let taken = self.connection.lock(name, timeout).await;
        taken.map_err(|error| engine::Error::Locked { reason: error.message }.into())
    }

    /// Why the target does not count as empty, its revisions apart.
    ///
    /// # Errors
    /// The database's.
    pub async fn dirt(&mut self) -> Result<Option<String>, Error> {
        let mut realm = inspect_all(self.connection.as_mut(), &self.scope).await?;
        without_revisions(&mut realm, &self.place);
        let reason = self.connection.dialect().session.dirt(&realm, &self.scope);
        // The words of a dev database are others than those of a target.
        Ok(reason.map(|reason| match &self.scope.bound {
            Some(bound) => reason.replace("in connected schema", &format!("in schema {:?}", bound.as_str())),
            None => reason,
        }))
    }

    /// Releases the lock and ends the session.
    pub async fn close(mut self, lock: &str) {
        let name = if lock.is_empty() { LOCK } else { lock };
        // What was done stands, whatever becomes of the session.
        let _ = self.connection.unlock(name).await;
        let _ = self.connection.close().await;
    }
}

/// Takes the table of revisions out of `realm`, and the schema it has to itself.
pub fn without_revisions(realm: &mut Realm, place: &Place) {
    for schema in &mut realm.schemas {
        if place.schema.is_empty() || schema.name == place.schema {
            schema.tables.retain(|table| table.name != TABLE);
        }
    }
    let is_own = |name: &str| name == TABLE || (place.asked && name == place.schema);
    realm.schemas.retain(|schema| {
        let empty = schema.tables.is_empty() && schema.views.is_empty() && schema.routines.is_empty();
        !(is_own(&schema.name) && empty)
    });
}
