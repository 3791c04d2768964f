//! One record per database product: all the engine knows of it.
//!
//! Its fields are the table of contents of a dialect's folder, so a missing part does not compile. The engine never
//! compares a dialect's name; what differs is a field here.

use schema::{ColumnType, Realm, SmolStr};

use crate::connection::{Capabilities, Query, Rows};
use crate::{Error, Scope, decode, diff, lint, normalize, plan, replay, session, types};

/// Everything the engine knows about one database product.
pub struct Dialect {
    /// Lower case, stable: `sqlite`.
    pub name: &'static str,
    /// As its makers write it: `SQLite`.
    pub title: &'static str,
    /// The URL schemes that mean it, the usual one first.
    pub schemes: &'static [&'static str],
    /// The editor's language id of its schema HCL: `atlas-schema-sqlite`.
    pub language: &'static str,
    /// The suffix of its schema HCL files: `.lt.hcl`.
    pub suffix: &'static str,
    /// What a schema file may contain at its top level.
    pub spec: &'static hcl::spec::Body,
    /// The names of the columns a query gives, when the query can be read.
    pub body: fn(&str) -> Option<Vec<String>>,
    /// What schema HCL means here beyond its grammar.
    pub decode: &'static dyn decode::Hooks,
    /// What its definitions do.
    pub ddl: &'static dyn replay::Hooks,
    /// Keywords, quoting and the forms of statements.
    pub grammar: &'static syntax::sql::Grammar,
    /// Every type a column can have.
    pub types: &'static [types::TypeDef],
    /// Reads a type as SQL writes it. Never fails: what is unknown is kept as user-defined.
    pub parse_type: fn(&str) -> ColumnType,
    /// Writes a type as `CREATE TABLE` of a plan does.
    pub format_type: fn(&ColumnType) -> String,
    /// The catalog queries for a server: a constant number, whatever the size of the database.
    pub inspect: fn(&Scope, &Capabilities) -> Vec<Query>,
    /// What the answers to [`Dialect::inspect`] make necessary to ask besides: no more queries than there are objects of
    /// rare kinds. `None` where there is never anything.
    pub follow_up: Option<FollowUp>,
    /// The rows of [`Dialect::inspect`] and then of [`Dialect::follow_up`], in their order, as a realm.
    pub decode_rows: fn(&[Rows], &Scope, &Capabilities) -> Result<Realm, Error>,
    /// What a message says was being done when a connection failed: `postgres: scanning system variables`.
    pub opening: &'static str,
    /// Asks the server what it is; `None` where there is nothing to ask.
    pub server_query: Option<&'static str>,
    /// The rows of [`Dialect::server_query`] (empty without one) as capabilities.
    pub capabilities: fn(&[Rows]) -> Result<Capabilities, Error>,
    /// How the server will write what the user wrote.
    pub normalize: &'static dyn normalize::Hooks,
    /// The server to expect where none was asked: the newest release that is supported.
    pub assumed: fn() -> Capabilities,
    /// The last release of a version as images are tagged: `15`, `8.0`, `pg17`; `None` where that says nothing.
    pub released: fn(&str) -> Option<Capabilities>,
    /// What counts as changed.
    pub diff: &'static dyn diff::Hooks,
    /// Changes as statements.
    pub plan: &'static dyn plan::Hooks,
    /// What may go wrong with a plan, in the order of reports.
    pub lint: &'static [&'static lint::Analyzer],
    /// A query that is true when what is claimed of a table is.
    pub check: fn(&lint::Claim) -> String,
    /// Transactions, clean checks, restoring a dev database.
    pub session: &'static dyn session::Session,
    /// The table of revisions.
    pub revisions: &'static dyn crate::migrate::revision::Hooks,
    /// The schema that exists without being created; `Some("main")` for SQLite.
    pub default_schema: Option<&'static str>,
    /// The schema a URL is bound to; `None` when it leads to the whole server or database. For a `docker://` URL, that
    /// of the database it will start.
    pub bound: fn(&crate::DatabaseUrl) -> Option<SmolStr>,
    /// The database of a URL with a relative path, seen from a directory; `None` where URLs have no such paths.
    pub seen_from: Option<fn(&crate::DatabaseUrl, &str) -> Option<crate::DatabaseUrl>>,
    /// A dev database that takes no server: `sqlite://dev?mode=memory`.
    pub dev_url: Option<&'static str>,
    /// The statement that makes a database on a server which has it not yet; `None` where a server is not the place.
    pub new_database: Option<fn(&str) -> String>,
}

/// Further queries, from the answers to the first ones.
pub type FollowUp = fn(&[Rows], &Scope, &Capabilities) -> Vec<Query>;

impl std::fmt::Debug for Dialect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Dialect").field(&self.name).finish()
    }
}

/// The dialects of this binary, handed down by it.
#[derive(Clone, Copy, Debug)]
pub struct Dialects(pub &'static [&'static Dialect]);

impl Dialects {
    /// The dialect called `name`.
    pub fn by_name(&self, name: &str) -> Option<&'static Dialect> {
        self.0.iter().copied().find(|dialect| dialect.name == name)
    }

    /// The dialect of a URL scheme (without `://`).
    pub fn by_scheme(&self, scheme: &str) -> Option<&'static Dialect> {
        self.0.iter().copied().find(|dialect| dialect.schemes.contains(&scheme))
    }

    /// The dialect of a database URL; `docker://postgres/15/dev` and `docker+mysql://_/mysql:8/dev` say it too.
    pub fn by_url(&self, url: &str) -> Option<&'static Dialect> {
        let name = url_driver(url)?;
        self.by_scheme(name).or_else(|| self.by_name(name))
    }

    /// The dialect of an editor's language id.
    pub fn by_language(&self, language: &str) -> Option<&'static Dialect> {
        self.0.iter().copied().find(|dialect| dialect.language == language)
    }

    /// The dialect whose suffix `path` ends with.
    pub fn by_suffix(&self, path: &str) -> Option<&'static Dialect> {
        self.0.iter().copied().find(|dialect| path.ends_with(dialect.suffix))
    }

    /// Every dialect.
    pub fn iter(&self) -> impl Iterator<Item = &'static Dialect> {
        self.0.iter().copied()
    }
}

/// The word of a URL that says which product it leads to: the scheme, or the driver of a `docker://` URL.
pub fn url_driver(url: &str) -> Option<&str> {
    let (scheme, rest) = url.split_once("://")?;
    Some(match scheme.strip_prefix("docker") {
        Some("") => rest.split(['/', '?']).next().unwrap_or_default(),
        Some(driver) if driver.starts_with('+') => &driver[1..],
        _ => scheme,
    })
}
