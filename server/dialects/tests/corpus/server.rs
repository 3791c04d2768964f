//! The servers the environment names, with what differs between them.

use std::sync::Arc;

use dialects::mysql::attr::{AUTO_INCREMENT_START, CHARSET, COLLATE, IN_COLUMN, INHERITED};
use dialects::{MARIADB, MYSQL, POSTGRES};
use drivers::Drivers;
use engine::connection::{Access, Connection, Connector};
use engine::{DatabaseUrl, Dialect, Dialects, Scope};
use schema::Realm;

static ALL: &[&Dialect] = &[&POSTGRES, &MYSQL, &MARIADB];

pub struct Server {
    /// What it is called in messages.
    pub name: String,
    pub dialect: &'static Dialect,
    /// That of PostgreSQL, as a number: `150004`.
    pub version: i64,
    url: String,
}

/// An empty database of a test.
pub struct Opened {
    pub connection: Box<dyn Connection>,
    pub scope: Scope,
    pub database: String,
}

/// The servers there are; says which there are not.
pub fn servers() -> Vec<Server> {
    let known: [(&str, &'static Dialect, &[&str]); 3] = [
        ("PostgreSQL", &POSTGRES, &["ATLAS_TEST_POSTGRES_URL", "ATLAS_TEST_POSTGRES_URLS"]),
        ("MySQL", &MYSQL, &["ATLAS_TEST_MYSQL_URL"]),
        ("MariaDB", &MARIADB, &["ATLAS_TEST_MARIADB_URL"]),
    ];
    let mut out = Vec::new();
    for (name, dialect, variables) in known {
        let values = variables.iter().filter_map(|name| std::env::var(name).ok());
        let mut urls: Vec<String> =
            values.flat_map(|list| list.split(',').map(str::to_owned).collect::<Vec<_>>()).collect();
        urls.retain(|url| !url.is_empty());
        urls.sort();
        urls.dedup();
        if urls.is_empty() {
            println!("skipped: no {name}");
        }
        for url in urls {
            out.push(Server { name: name.to_owned(), dialect, version: 0, url });
        }
    }
    std::thread::scope(|scope| {
        // The version is asked on a thread of its own, for a test already runs on this one.
        let asked = scope.spawn(|| {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                for server in &mut out {
                    let connection = open(&server.url).await;
                    let capabilities = connection.capabilities();
                    server.name = format!("{} {}", server.name, capabilities.version);
                    if server.family() == "postgres" {
                        server.version = dialects::postgres::features::number(capabilities);
                    }
                }
            });
        });
        asked.join().expect("servers answer");
    });
    out
}

async fn open(url: &str) -> Box<dyn Connection> {
    let url = DatabaseUrl::parse(url).expect("a URL");
    Drivers::new(Dialects(ALL)).open(&url, Access::Write).await.unwrap_or_else(|error| panic!("{error}"))
}

impl Server {
    /// `postgres` or `mysql`.
    pub fn family(&self) -> &'static str {
        if self.dialect.name == "postgres" { "postgres" } else { "mysql" }
    }

    /// Whether a database is one schema, which no statement names.
    pub fn is_bound(&self) -> bool {
        self.family() == "mysql"
    }

    /// An empty database for the part `part` of a test.
    pub async fn fresh(&self, part: &str) -> Opened {
        let database = format!("atlas_ls_corpus_{}_{part}_{}", self.family(), std::process::id());
        let mut admin = open(&self.url).await;
        for sql in [format!("DROP DATABASE IF EXISTS {database}"), format!("CREATE DATABASE {database}")] {
            admin.execute(&sql).await.unwrap_or_else(|error| panic!("{}: {error}", self.name));
        }
        let (head, options) = self.url.split_once('?').unwrap_or((&self.url, ""));
        let (scheme, rest) = head.split_once("://").expect("a URL");
        let host = rest.split('/').next().unwrap_or_default();
        let url = format!("{scheme}://{host}/{database}?{options}");
        let scope = if self.is_bound() { Scope::bound(&*database) } else { Scope::realm() };
        Opened { connection: open(url.trim_end_matches('?')).await, scope, database }
    }

    pub async fn gone(&self, opened: Opened) {
        drop(opened.connection);
        let sql = format!("DROP DATABASE IF EXISTS {}", opened.database);
        open(&self.url).await.execute(&sql).await.expect("the database goes");
    }

    /// The realm as that of a database: where that is one schema, its schema takes the name.
    pub fn placed(&self, realm: &Realm, opened: &Opened) -> Realm {
        if self.is_bound() {
            engine::diff::renamed(realm, &opened.database.as_str().into(), &dialects::MYSQL)
        } else {
            let mut realm = realm.clone();
            if realm.schemas.is_empty() {
                realm.schemas.push(schema::Schema::new("public"));
            }
            realm
        }
    }

    /// What makes the empty schema of a database one like that of `realm`.
    pub fn like(&self, realm: &Realm, opened: &Opened) -> Option<String> {
        let schema = realm.schemas.first().filter(|_| self.is_bound())?;
        let (charset, collate) = (schema.attrs.get(&CHARSET)?, schema.attrs.get(&COLLATE)?);
        Some(format!("ALTER DATABASE {} CHARSET {charset} COLLATE {collate}", opened.database))
    }

    /// Whether a statement makes what every new database has.
    pub fn is_there(&self, statement: &str) -> bool {
        statement.starts_with("CREATE SCHEMA") && statement.contains("\"public\"")
    }

    /// The realm with what tables inherit said at each: the plan of a server's own state says it, one that is made
    /// without a server leaves it to the server.
    pub fn said(&self, realm: &Realm) -> Realm {
        let mut realm = realm.clone();
        for table in realm.schemas.iter_mut().flat_map(|schema| &mut schema.tables) {
            Arc::make_mut(table).attrs.remove(&INHERITED);
        }
        realm
    }

    /// The realm without how far tables have counted, where a check was written, and the name of the one schema.
    pub fn settled(&self, realm: &Realm) -> Realm {
        if !self.is_bound() {
            return realm.clone();
        }
        let mut realm = engine::diff::renamed(realm, &"s".into(), &dialects::MYSQL);
        for schema in &mut realm.schemas {
            for table in &mut schema.tables {
                let table = Arc::make_mut(table);
                table.attrs.remove(&AUTO_INCREMENT_START);
                table.attrs.remove(&INHERITED);
                for check in &mut table.checks {
                    check.attrs.remove(&IN_COLUMN);
                }
            }
        }
        realm
    }
}
