//! The dev database: an empty one that understands SQL for us.
//!
//! It must be empty before, and is emptied after, whatever happened in between. Invariant: a database that is not
//! empty is never touched.

use engine::connection::Access;
use engine::inspect::inspect_all;
use engine::{Connection, DatabaseUrl, Dialect, Scope};
use schema::Realm;

use crate::Error;
use crate::world::World;

/// The realm that `statements` make in the empty database at `url`. `name` names their source in messages.
///
/// # Errors
/// `read state from "bad.sql": executing statement: "creat table;": near "creat": syntax error`;
/// `sql/migrate: taking database snapshot: sql/migrate: connected database is not clean: …` when it is not empty.
pub async fn execute(
    world: &dyn World,
    url: &DatabaseUrl,
    dialect: &'static Dialect,
    name: &str,
    statements: &[String],
) -> Result<Realm, Error> {
    let mut connection =
        world.connector().open(url, Access::Write).await.map_err(engine::Error::doing(dialect.name))?;
    let connection = connection.as_mut();
    let scope = Scope { bound: connection.target().bound.clone(), ..Scope::default() };
    let before = inspect_all(connection, &scope).await?;
    if let Some(reason) = dialect.session.dirt(&before, &scope) {
        return Err(engine::Error::NotClean { reason }.into());
    }
    let result = run(connection, &scope, name, statements).await;
    // Emptied also after a failure: the next run must find it as this one did.
    let left = inspect_all(connection, &scope).await?;
    for statement in dialect.session.restore(&left) {
        connection.execute(&statement).await.map_err(engine::Error::doing("restoring the dev database"))?;
    }
    result
}

async fn run(
    connection: &mut dyn Connection,
    scope: &Scope,
    name: &str,
    statements: &[String],
) -> Result<Realm, Error> {
    for statement in statements {
        if let Err(error) = connection.execute(statement).await {
            return Err(Error::Source(format!(
                "read state from {name:?}: executing statement: {statement:?}: {error}"
            )));
        }
    }
    Ok(inspect_all(connection, scope).await?)
}
