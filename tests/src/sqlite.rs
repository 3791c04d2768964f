//! SQLite files seen by SQLite itself, so that a test never believes the product about what it did.

use std::path::Path;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteRow};
use sqlx::{ConnectOptions, Row, TypeInfo, ValueRef};

/// Runs statements on a database file, which is created if absent.
pub fn execute(file: &Path, sql: &str) {
    block_on(async {
        let mut connection = open(file, true).await;
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))
            .execute(&mut connection)
            .await
            .unwrap_or_else(|error| panic!("{}: {error}\n{sql}", file.display()));
    });
}

/// The rows of a query, every value as text and `NULL` for null.
pub fn query(file: &Path, sql: &str) -> Vec<Vec<String>> {
    block_on(async {
        let mut connection = open(file, false).await;
        let rows = sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned()))
            .fetch_all(&mut connection)
            .await
            .unwrap_or_else(|error| panic!("{}: {error}\n{sql}", file.display()));
        rows.iter().map(|row| (0..row.columns().len()).map(|i| value(row, i)).collect()).collect()
    })
}

/// The `CREATE` statements of a database in the order SQLite keeps them, without its own objects.
pub fn schema(file: &Path) -> String {
    let sql = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite!_%' ESCAPE '!' ORDER BY rowid";
    query(file, sql).into_iter().flatten().map(|sql| sql + ";\n").collect()
}

/// Holds a write transaction on a database until it is dropped, as another program that is busy would.
pub fn lock(file: &Path) -> Lock {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let connection = runtime.block_on(async {
        let mut connection = open(file, false).await;
        sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut connection).await.expect("nobody else holds the lock");
        connection
    });
    Lock { _connection: connection, _runtime: runtime }
}

/// A lock on a database file. The connection goes before its runtime.
pub struct Lock {
    _connection: SqliteConnection,
    _runtime: tokio::runtime::Runtime,
}

async fn open(file: &Path, create: bool) -> SqliteConnection {
    SqliteConnectOptions::new()
        .filename(file)
        .create_if_missing(create)
        .foreign_keys(false)
        .connect()
        .await
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn value(row: &SqliteRow, column: usize) -> String {
    let raw = row.try_get_raw(column).expect("the column exists");
    match raw.type_info().name() {
        "NULL" => "NULL".to_owned(),
        "INTEGER" => row.get_unchecked::<i64, _>(column).to_string(),
        "REAL" => row.get_unchecked::<f64, _>(column).to_string(),
        "BLOB" => String::from_utf8_lossy(&row.get_unchecked::<Vec<u8>, _>(column)).into_owned(),
        _ => row.get_unchecked::<String, _>(column),
    }
}

pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(future)
}

#[cfg(test)]
mod tests {
    use super::{execute, query, schema};
    use crate::Workspace;

    #[test]
    fn values_of_every_kind_are_text() {
        let workspace = Workspace::new("");
        let file = workspace.path("a.db");
        execute(&file, "create table t (a, b, c, d); insert into t values (1, 1.5, 'x', null);");
        assert_eq!(query(&file, "select * from t"), [["1", "1.5", "x", "NULL"]]);
        assert_eq!(schema(&file), "CREATE TABLE t (a, b, c, d);\n");
    }
}
