//! Database servers seen by sqlx, so that a test never believes the product about what it did.
//!
//! Servers come from the environment; a database made here is dropped with its value. Without a server there is nothing
//! to test, which the test says.

// What was skipped is for the person who reads the output.
#![allow(clippy::print_stdout)]

use sqlx::{AssertSqlSafe, Connection, Executor, MySqlConnection, PgConnection, Row};

use crate::sqlite::block_on;

/// A product with servers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    Postgres,
    Mysql,
    Mariadb,
}

/// A database of a test, dropped with this value.
pub struct Database {
    pub product: Product,
    /// Of the server, as an administrator.
    server: String,
    name: String,
}

/// The server of `product`; `None` where there is none, which is said.
pub fn url(product: Product) -> Option<String> {
    let (variable, title) = match product {
        Product::Postgres => ("ATLAS_TEST_POSTGRES_URL", "PostgreSQL"),
        Product::Mysql => ("ATLAS_TEST_MYSQL_URL", "MySQL"),
        Product::Mariadb => ("ATLAS_TEST_MARIADB_URL", "MariaDB"),
    };
    let url = std::env::var(variable).ok().filter(|url| !url.is_empty());
    if url.is_none() {
        println!("skipped: no {title}");
    }
    url
}

/// A new database on each server at hand.
pub fn databases(name: &str) -> Vec<Database> {
    let of = |product| Database::new(product, name);
    [Product::Postgres, Product::Mysql, Product::Mariadb].into_iter().filter_map(of).collect()
}

/// Runs `sql` on the server or database at `url`.
pub fn execute(url: &str, sql: &str) {
    if let Err(error) = try_execute(url, sql) {
        panic!("{error}\n{sql}");
    }
}

/// The first column of the rows of a query, as text.
pub fn query(url: &str, sql: &str) -> Vec<String> {
    let sql = AssertSqlSafe(sql.to_owned());
    let text = |bytes: Option<Vec<u8>>| {
        bytes.map_or("NULL".to_owned(), |bytes| String::from_utf8_lossy(&bytes).into())
    };
    block_on(async {
        if url.starts_with("postgres") {
            let mut connection = PgConnection::connect(url).await.expect("the server is there");
            let rows = sqlx::raw_sql(sql).fetch_all(&mut connection).await.expect("the query is right");
            rows.iter()
                .map(|row| row.try_get_raw(0).ok().and_then(|raw| raw.as_bytes().ok().map(<[u8]>::to_vec)))
                .map(text)
                .collect()
        } else {
            let mut connection = MySqlConnection::connect(url).await.expect("the server is there");
            let rows = sqlx::raw_sql(sql).fetch_all(&mut connection).await.expect("the query is right");
            rows.iter().map(|row| text(row.get_unchecked(0))).collect()
        }
    })
}

fn try_execute(url: &str, sql: &str) -> Result<(), sqlx::Error> {
    let sql = AssertSqlSafe(sql.to_owned());
    block_on(async {
        if url.starts_with("postgres") {
            PgConnection::connect(url).await?.execute(sqlx::raw_sql(sql)).await?;
        } else {
            MySqlConnection::connect(url).await?.execute(sqlx::raw_sql(sql)).await?;
        }
        Ok(())
    })
}

impl Database {
    /// Makes an empty database called `name`.
    pub fn new(product: Product, name: &str) -> Option<Self> {
        let database = Self { product, server: url(product)?, name: name.to_owned() };
        database.drop_it();
        execute(&database.server, &format!("CREATE DATABASE {name}"));
        Some(database)
    }

    /// The URL of the database; of its schema `public` for PostgreSQL.
    pub fn url(&self) -> String {
        match self.product {
            Product::Postgres => self.with("search_path=public"),
            Product::Mysql | Product::Mariadb => self.with(""),
        }
    }

    /// The URL of the database with more parameters.
    pub fn with(&self, parameters: &str) -> String {
        let mut url = url::Url::parse(&self.server).expect("a URL");
        url.set_path(&format!("/{}", self.name));
        let query: Vec<&str> =
            url.query().into_iter().chain([parameters]).filter(|part| !part.is_empty()).collect();
        let query = query.join("&");
        url.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
        url.to_string()
    }

    /// As sqlx reads it.
    pub fn plain(&self) -> String {
        self.with("")
    }

    pub fn execute(&self, sql: &str) {
        execute(&self.plain(), sql);
    }

    pub fn query(&self, sql: &str) -> Vec<String> {
        query(&self.plain(), sql)
    }

    pub fn name(&self) -> &str {
        &self.name
    }

    /// The URL of its server.
    pub fn server(&self) -> String {
        self.server.clone()
    }

    /// The schema that [`Database::url`] is bound to.
    pub fn schema(&self) -> &str {
        match self.product {
            Product::Postgres => "public",
            Product::Mysql | Product::Mariadb => &self.name,
        }
    }

    /// The names of its tables.
    pub fn tables(&self) -> Vec<String> {
        let schema = self.schema();
        self.query(&format!(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = '{schema}' ORDER BY table_name"
        ))
    }

    fn drop_it(&self) {
        let force = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ";
        if self.product == Product::Postgres {
            let _ = try_execute(&self.server, &format!("{force}'{}'", self.name));
        }
        let _ = try_execute(&self.server, &format!("DROP DATABASE IF EXISTS {}", self.name));
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.drop_it();
    }
}

/// A session that holds an advisory lock until it is dropped, as another run of the product would.
pub struct Holder {
    _postgres: Option<PgConnection>,
    _mysql: Option<MySqlConnection>,
    _runtime: tokio::runtime::Runtime,
}

/// Runs `sql` and keeps its session.
pub fn hold(url: &str, sql: &str) -> Holder {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let sql = AssertSqlSafe(sql.to_owned());
    let (postgres, mysql) = runtime.block_on(async {
        if url.starts_with("postgres") {
            let mut connection = PgConnection::connect(url).await.expect("the server is there");
            connection.execute(sqlx::raw_sql(sql)).await.expect("the statement is right");
            (Some(connection), None)
        } else {
            let mut connection = MySqlConnection::connect(url).await.expect("the server is there");
            connection.execute(sqlx::raw_sql(sql)).await.expect("the statement is right");
            (None, Some(connection))
        }
    });
    Holder { _postgres: postgres, _mysql: mysql, _runtime: runtime }
}
