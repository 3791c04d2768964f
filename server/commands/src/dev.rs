//! The dev database: an empty one that understands definitions for us.
//!
//! It must be empty before, and is emptied after, whatever happened in between. Invariant: a database that is not
//! empty is never touched.
//!
//! Source: reference/engine.md section 5.

use std::sync::Arc;

use engine::batch::{self, Refused};
use engine::connection::{Access, Cancel, Capabilities, DbErrorKind};
use engine::diff::Policy;
use engine::inspect::{self, inspect_all, inspect_inside};
use engine::migrate::{Format, Migration, statements};
use engine::plan::Options as PlanOptions;
use engine::scope::Accounts;
use engine::session::Transaction;
use engine::{Connection, DatabaseUrl, Dialect, Scope};
use schema::{Change, Object, Realm, Schema, SmolStr};

use crate::Error;
use crate::world::World;

/// What an error says first when a dev database could not be emptied.
pub const LEFT: &str = "restoring the dev database, which is not empty now";

/// What a dev database made of definitions.
#[derive(Clone, Debug)]
pub struct Made {
    pub realm: Arc<Realm>,
    pub server: Arc<Capabilities>,
}

/// The realm that `statements` make in the empty database at `url`. `name` names their source in messages.
///
/// # Errors
/// `read state from "bad.sql": executing statement: "creat table;": near "creat": syntax error`;
/// `sql/migrate: taking database snapshot: sql/migrate: connected database is not clean: …` when it is not empty.
pub async fn execute(
    world: &dyn World,
    url: &DatabaseUrl,
    dialect: &'static Dialect,
    accounts: Accounts,
    name: &str,
    statements: &[String],
) -> Result<Made, Error> {
    let mut dev = Dev::open(world, url, dialect, accounts).await?;
    let result = dev.run(name, statements).await;
    dev.end(result).await
}

/// `realm`, which was written, as the server at `url` keeps it.
///
/// # Errors
/// The server's refusal of a definition, with the statement's comment; as [`execute`] when it is not empty.
pub async fn normalize(
    world: &dyn World,
    url: &DatabaseUrl,
    dialect: &'static Dialect,
    realm: &Arc<Realm>,
) -> Result<Made, Error> {
    // Policies and others name roles, which must be there.
    let named = dialect.session.names_accounts() && realm.objects.iter().any(|it| Accounts::is_about(it));
    let accounts = Accounts { roles: named, ..Accounts::default() };
    let dev = Dev::open(world, url, dialect, accounts).await?;
    dev.normalize(realm).await
}

/// An open dev database that was found empty. Whoever opened it must empty and close it: [`Dev::end`], [`Dev::close`].
pub(crate) struct Dev {
    pub(crate) connection: Box<dyn Connection>,
    pub(crate) scope: Scope,
    /// What was in it: empty schemas.
    pub(crate) before: Realm,
    /// What its own set-up made, which is not the user's and stays: of databases that were made for us only.
    given: Option<Realm>,
    /// What was made is in this transaction, and goes with it.
    open: Option<Transaction>,
    left: Left,
    /// The wish of the user to stop.
    cancel: Option<Cancel>,
}

/// What is left in a dev database that must go.
enum Left {
    /// It takes a look.
    Unknown,
    /// Nothing was done since it was looked at.
    Known(Realm),
    /// All was undone.
    Nothing,
}

impl Dev {
    /// Opens it, and refuses one that is not empty.
    pub(crate) async fn open(
        world: &dyn World,
        url: &DatabaseUrl,
        dialect: &'static Dialect,
        accounts: Accounts,
    ) -> Result<Self, Error> {
        let mut connection =
            world.connector().open(url, Access::Write).await.map_err(engine::Error::doing(dialect.name))?;
        let cancel = world.cancel().cloned();
        let scope = Scope { bound: connection.target().bound.clone(), accounts, ..Scope::default() };
        let mut before = inspect_all(connection.as_mut(), &scope).await?;
        let mut given = None;
        if let Some(reason) = connection.dialect().session.dirt(&before, &scope) {
            if !connection.is_disposable() {
                let _ = connection.close().await;
                return Err(engine::Error::NotClean { reason }.into());
            }
            let own = scope.bound.as_deref().or(connection.dialect().default_schema);
            let all = std::mem::take(&mut before);
            before = without(all.clone(), &all, own);
            given = Some(all);
        }
        Ok(Self { connection, scope, before, given, open: None, left: Left::Unknown, cancel })
    }

    /// What [`normalize`] does, in a database that is open already.
    pub(crate) async fn normalize(mut self, realm: &Arc<Realm>) -> Result<Made, Error> {
        let result = self.define(realm).await;
        self.end(result).await
    }

    /// What the server can do.
    pub(crate) fn capabilities(&self) -> &Capabilities {
        self.connection.capabilities()
    }

    /// The schema it is bound to.
    pub(crate) fn bound(&self) -> Option<&SmolStr> {
        self.scope.bound.as_ref()
    }

    /// Runs one statement.
    pub(crate) async fn statement(&mut self, sql: &str) -> Result<(), engine::DbError> {
        self.go_on()?;
        self.left = Left::Unknown;
        self.settle().await?;
        self.connection.execute(sql).await.map(|_| ())
    }

    /// What is in it now.
    pub(crate) async fn state(&mut self) -> Result<Arc<Realm>, Error> {
        let scope = self.scope.clone();
        Ok(Arc::new(self.look(&scope).await?))
    }

    fn go_on(&self) -> Result<(), engine::DbError> {
        match self.is_cancelled() {
            true => {
                let message = engine::Error::Cancelled.to_string();
                Err(engine::DbError { kind: DbErrorKind::Cancelled, ..engine::DbError::other(message) })
            }
            false => Ok(()),
        }
    }

    /// Whether nothing more is to be done than to empty it.
    fn is_cancelled(&self) -> bool {
        self.cancel.as_ref().is_some_and(Cancel::is_cancelled)
    }

    async fn look(&mut self, scope: &Scope) -> Result<Realm, Error> {
        if self.is_cancelled() {
            return Err(engine::Error::Cancelled.into());
        }
        let connection = self.connection.as_mut();
        let realm = match self.open {
            Some(_) => inspect_inside(connection, scope).await?,
            None => inspect_all(connection, scope).await?,
        };
        Ok(self.made(realm))
    }

    /// The same when nothing more is done in it: undone already where a rollback does it, which takes the server about
    /// as long as the answers take here.
    async fn look_last(&mut self, scope: &Scope) -> Result<Realm, Error> {
        if self.is_cancelled() {
            return Err(engine::Error::Cancelled.into());
        }
        let connection = self.connection.as_mut();
        let answers = inspect::ask(connection, scope, self.open.is_some()).await?;
        let realm = match self.open.take() {
            Some(open) => {
                let session = connection.dialect().session;
                let (undone, realm) =
                    futures::join!(session.rollback(connection, open), async { answers.realm() });
                undone?;
                self.left = Left::Nothing;
                realm?
            }
            None => {
                let realm = answers.realm()?;
                // A narrower look does not show all there is.
                if scope.schemas == self.scope.schemas {
                    self.left = Left::Known(realm.clone());
                }
                realm
            }
        };
        Ok(self.made(realm))
    }

    /// Of `realm`, what its own set-up did not make.
    fn made(&self, realm: Realm) -> Realm {
        let default = self.connection.dialect().default_schema;
        let own = self.scope.bound.as_deref().or(default);
        match &self.given {
            Some(given) => without(realm, given, own),
            None => realm,
        }
    }

    /// Releases it.
    pub(crate) async fn unlock(&mut self, name: &str) {
        let _ = self.connection.unlock(name).await;
    }

    /// Empties it, also after a failure, and closes it.
    pub(crate) async fn close<T>(mut self, result: Result<T, Error>) -> Result<T, Error> {
        let restored = self.restore().await;
        let closed = self.connection.close().await;
        let value = both(result, &restored)?;
        restored?;
        closed?;
        Ok(value)
    }

    /// Empties it, also after a failure: the next run must find it as this one did.
    pub(crate) async fn end(mut self, result: Result<Realm, Error>) -> Result<Made, Error> {
        let server = Arc::new(self.connection.capabilities().clone());
        let restored = self.restore().await;
        let closed = self.connection.close().await;
        let realm = Arc::new(both(result, &restored)?);
        restored?;
        closed?;
        Ok(Made { realm, server })
    }

    /// Takes the advisory lock `name` for as long as the connection is open.
    ///
    /// # Errors
    /// When another session holds it for longer than `timeout`.
    pub(crate) async fn lock(&mut self, name: &str, timeout: std::time::Duration) -> Result<(), Error> {
        self.connection.lock(name, timeout).await.map_err(|error| match error.kind {
            DbErrorKind::Locked => engine::Error::Locked { reason: error.message }.into(),
            _ => engine::Error::doing("acquiring database lock")(error).into(),
        })
    }

    /// Empties it.
    pub(crate) async fn restore(&mut self) -> Result<(), Error> {
        let connection = self.connection.as_mut();
        let session = connection.dialect().session;
        if let Some(open) = self.open.take() {
            return Ok(session.rollback(connection, open).await?);
        }
        let left = match std::mem::replace(&mut self.left, Left::Unknown) {
            Left::Nothing => return Ok(()),
            Left::Known(left) => left,
            Left::Unknown => inspect_all(connection, &self.scope).await?,
        };
        let statements = session.restore(&left, self.given.as_ref().unwrap_or(&self.before));
        if let Err(refused) = batch::run(connection, &statements).await {
            let reason = session.dirt(&left, &self.scope).unwrap_or_default();
            let context = format!("{LEFT} ({reason})");
            return Err(engine::Error::Database { context, error: refused.error }.into());
        }
        Ok(())
    }

    /// Makes what `statements` define: in one transaction where its rollback undoes it all.
    async fn make(&mut self, statements: &[String]) -> Result<(), Refused> {
        let first = self.open.is_none();
        self.go_on().map_err(|error| Refused { at: 0, error })?;
        self.left = Left::Unknown;
        self.settle().await.map_err(|error| Refused { at: 0, error })?;
        let connection = self.connection.as_mut();
        if first {
            self.open = batch::try_out(connection, statements).await?;
        }
        if self.open.is_none() {
            batch::run(connection, statements).await?;
        }
        Ok(())
    }

    /// Keeps what was made, for something to come after it.
    async fn settle(&mut self) -> Result<(), engine::DbError> {
        let Some(open) = self.open.take() else { return Ok(()) };
        let connection = self.connection.as_mut();
        connection.dialect().session.commit(connection, open).await.map_err(|error| match error {
            engine::Error::Database { error, .. } => error,
            other => engine::DbError::other(other.to_string()),
        })
    }

    /// Runs the files of a migration directory and reads what they made.
    ///
    /// # Errors
    /// `sql/migrate: read migration directory state: sql/migrate: executing statement "…" from version "2": …`.
    pub(crate) async fn migrate(
        &mut self,
        files: &[(String, String)],
        format: Format,
        schemas: &[SmolStr],
    ) -> Result<Realm, Error> {
        let dialect = self.connection.dialect();
        let wrong = |what: String| {
            Error::Source(format!("sql/migrate: read migration directory state: sql/migrate: {what}"))
        };
        let (mut texts, mut versions) = (Vec::new(), Vec::new());
        let mut unreadable = None;
        for (name, text) in files {
            match statements(text, format, Some(dialect)) {
                Ok(found) => {
                    let version = Migration::of(format, name, text).version;
                    versions.extend(found.iter().map(|_| version.clone()));
                    texts.extend(found.into_iter().map(|statement| statement.text.to_string()));
                }
                Err(error) => {
                    unreadable = Some(wrong(format!("scanning statements from {name:?}: {error}")));
                    break;
                }
            }
        }
        if let Err(Refused { at, error }) = self.make(&texts).await {
            let text = texts.get(at).map(String::as_str).unwrap_or_default();
            let version = versions.get(at).cloned().unwrap_or_default();
            return Err(wrong(format!("executing statement {text:?} from version {version:?}: {error}")));
        }
        if let Some(error) = unreadable {
            return Err(error);
        }
        let scope = Scope { schemas: schemas.to_vec(), ..self.scope.clone() };
        self.look(&scope).await
    }

    async fn run(&mut self, name: &str, statements: &[String]) -> Result<Realm, Error> {
        if let Err(Refused { at, error }) = self.make(statements).await {
            let statement = statements.get(at).map(String::as_str).unwrap_or_default();
            return Err(Error::Source(format!(
                "read state from {name:?}: executing statement: {statement:?}: {error}"
            )));
        }
        let scope = self.scope.clone();
        let mut made = self.look_last(&scope).await?;
        // Accounts that were there before are those of the server, and none of the statements'.
        let before = &self.before.objects;
        made.objects.retain(|made| !Accounts::is_about(made) || !before.iter().any(|old| old == made));
        Ok(made)
    }

    /// Makes what `realm` defines, and reads it back under the same names.
    async fn define(&mut self, realm: &Arc<Realm>) -> Result<Realm, Error> {
        let dialect = self.connection.dialect();
        let bound = self.scope.bound.clone();
        let names: Vec<SmolStr> = realm.schemas.iter().map(|schema| schema.name.clone()).collect();
        // Bound to one schema, the dev database has its own name for it.
        let desired = match (&bound, realm.schemas.as_slice()) {
            (Some(bound), [only]) if only.name != *bound => engine::diff::renamed(realm, bound, dialect),
            _ => Realm::clone(realm),
        };
        // A schema that was given needs not be made.
        let from = self.given.as_ref().map_or_else(|| self.before.clone(), emptied);
        let mut changes = engine::diff::diff(&from, &desired, dialect, &Policy::default())?;
        // Accounts belong to the whole server: one that is there is left alone, and no right is given.
        changes.retain(|change| match change {
            Change::DropSchema(_) => false,
            Change::AddObject(object) if Accounts::is_about(object) => {
                object.kind != engine::accounts::PERMISSION && dialect.session.names_accounts()
            }
            Change::DropObject(object) | Change::ModifyObject { to: object, .. } => {
                !Accounts::is_about(object)
            }
            _ => true,
        });
        let options = PlanOptions {
            qualifier: bound.as_ref().map(|_| String::new()),
            server: Some(Arc::new(self.connection.capabilities().clone())),
            ..PlanOptions::default()
        };
        let plan = engine::plan::plan(&changes, &from, dialect, &options)?;
        let statements: Vec<String> = plan.statements.iter().map(|statement| statement.cmd.clone()).collect();
        if let Err(Refused { at, error }) = self.make(&statements).await {
            let context = plan.statements.get(at).map(|it| it.comment.clone()).unwrap_or_default();
            return Err(engine::Error::Database { context, error }.into());
        }
        // All of it is looked at, for what lies in no schema belongs to the whole database.
        let scope = self.scope.clone();
        let mut made = self.look_last(&scope).await?;
        if bound.is_none() {
            made.schemas.retain(|schema| names.is_empty() || names.contains(&schema.name));
            // What was there before, as an extension of an image, is not desired because of that.
            let before = &self.before.objects;
            let is_desired =
                |it: &Object| realm.objects.iter().any(|want| want.kind == it.kind && want.name == it.name);
            made.objects.retain(|it| is_desired(it) || !before.contains(it));
        }
        let mut made = match (&bound, names.as_slice()) {
            (Some(bound), [name]) if name != bound => engine::diff::renamed(&made, name, dialect),
            _ => made,
        };
        engine::normalize::carry(realm, &mut made);
        let server = self.connection.capabilities().clone();
        made.objects.retain(|object| !Accounts::is_about(object));
        made.objects.extend(engine::normalize::accounts(realm, dialect, &server));
        Ok(made)
    }
}

/// `result`, whose failure does not hide that the dev database is not empty now.
fn both<T>(result: Result<T, Error>, restored: &Result<(), Error>) -> Result<T, Error> {
    match (result, restored) {
        (Err(error), Err(second)) => Err(Error::Source(format!("{error}\n{second}"))),
        (result, _) => result,
    }
}

/// The schemas of `realm` without anything in them.
fn emptied(realm: &Realm) -> Realm {
    let empty = |schema: &Schema| Schema {
        comment: schema.comment.clone(),
        attrs: schema.attrs.clone(),
        ..Schema::new(schema.name.clone())
    };
    Realm {
        schemas: realm.schemas.iter().map(empty).collect(),
        attrs: realm.attrs.clone(),
        ..Realm::default()
    }
}

/// `realm` without what is in it exactly as it was `given`. Of the given schemas, those with nothing else in them go
/// too, but for `own`, which every database has.
fn without(mut realm: Realm, given: &Realm, own: Option<&str>) -> Realm {
    realm.objects.retain(|it| !given.objects.contains(it));
    realm.schemas.retain_mut(|schema| {
        let Some(given) = given.schema(&schema.name) else { return true };
        schema.tables.retain(|it| !given.tables.contains(it));
        schema.views.retain(|it| !given.views.contains(it));
        schema.routines.retain(|it| !given.routines.contains(it));
        schema.triggers.retain(|it| !given.triggers.contains(it));
        schema.objects.retain(|it| !given.objects.contains(it));
        let is_empty = schema.tables.is_empty()
            && schema.views.is_empty()
            && schema.routines.is_empty()
            && schema.triggers.is_empty()
            && schema.objects.is_empty();
        !is_empty || own == Some(schema.name.as_str())
    });
    realm
}

#[cfg(test)]
mod tests {
    use schema::Table;

    use super::*;

    fn realm(schemas: &[(&str, &[&str])]) -> Realm {
        let schema = |(name, tables): &(&str, &[&str])| {
            let table = |table: &&str| {
                Arc::new(Table { schema: (*name).into(), name: (*table).into(), ..Table::default() })
            };
            Schema { tables: tables.iter().map(table).collect(), ..Schema::new(*name) }
        };
        Realm { schemas: schemas.iter().map(schema).collect(), ..Realm::default() }
    }

    #[test]
    fn what_was_given_is_not_what_was_made() {
        let given = realm(&[("public", &["spatial"]), ("auth", &["users"]), ("mixed", &["old"])]);
        let now = realm(&[
            ("public", &["spatial"]),
            ("auth", &["users"]),
            ("mixed", &["old", "new"]),
            ("app", &[]),
        ]);
        assert_eq!(
            without(now, &given, Some("public")),
            realm(&[("public", &[]), ("mixed", &["new"]), ("app", &[])])
        );
        assert_eq!(emptied(&given), realm(&[("public", &[]), ("auth", &[]), ("mixed", &[])]));
    }
}
