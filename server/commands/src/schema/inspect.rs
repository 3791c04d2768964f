//! `schema inspect`: what a database, or a schema in files, is made of.

use schema::Realm;

use crate::state::{self, Options, Read};
use crate::{Error, Workspace};

/// What was found.
#[derive(Clone, Debug)]
pub struct Report {
    pub read: Read,
}

/// Reads the state at `url`.
///
/// # Errors
/// As [`state::read`].
pub async fn inspect(workspace: &mut Workspace<'_>, url: &str, options: &Options) -> Result<Report, Error> {
    let read = state::read(workspace, &[url.to_owned()], options).await?;
    Ok(Report { read })
}

impl Report {
    /// The state as schema HCL.
    ///
    /// # Errors
    /// When the state has something HCL cannot say, such as a foreign key to an excluded table.
    pub fn hcl(&self) -> Result<String, Error> {
        Ok(engine::encode::encode(&self.read.realm, self.read.dialect)?)
    }

    /// The statements that make the state from nothing.
    ///
    /// # Errors
    /// When the state has something the dialect cannot create.
    pub fn sql(&self, indent: &str) -> Result<String, Error> {
        let dialect = self.read.dialect;
        // Of a whole server the schemas are made too.
        let empty = if self.read.bound.is_some() { empty(&self.read.realm) } else { Realm::default() };
        let policy = engine::diff::Policy::default();
        let changes = engine::diff::diff(&empty, &self.read.realm, dialect, &policy)?;
        let options = engine::plan::Options {
            indent: indent.to_owned(),
            qualifier: self.read.bound.as_ref().map(|_| String::new()),
            mode: engine::plan::Mode::Dump,
            server: self.read.server.clone(),
        };
        Ok(engine::plan::plan(&changes, &empty, dialect, &options)?.to_sql())
    }
}

/// A realm with the same schemas and nothing in them.
pub(crate) fn empty(realm: &Realm) -> Realm {
    let schemas = realm.schemas.iter().map(|schema| schema::Schema::new(schema.name.clone())).collect();
    Realm { schemas, ..Realm::default() }
}
