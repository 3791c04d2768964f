//! What a `docker://` URL means: which image, set up how, reached how.
//!
//! Source: reference project.md §10.2.

use std::path::PathBuf;

use engine::connection::DbErrorKind;
use engine::{DatabaseUrl, DbError};

/// A server as an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// With its tag.
    pub name: String,
    pub env: Vec<String>,
    /// Where the server listens inside.
    pub port: u16,
    /// The database to make once the server answers.
    pub to_create: Option<String>,
    /// What an `atlas.hcl` said besides.
    pub setup: Setup,
    scheme: &'static str,
    user: &'static str,
    /// The database to work in; empty for the whole server.
    database: String,
    query: String,
}

/// What a URL says in parameters called `docker.…`, which are not for the server.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    /// SQL to run once the server answers, in order, each with its name.
    pub sql: Vec<(&'static str, String)>,
    pub command: Vec<String>,
    pub platform: Option<String>,
    /// `name:address`.
    pub hosts: Vec<String>,
    pub build: Option<Build>,
}

/// How an image is made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Build {
    /// The directory that is sent to the engine.
    pub context: PathBuf,
    /// Seen from the context.
    pub file: Option<String>,
    pub target: Option<String>,
    pub args: Vec<(String, String)>,
}

impl Setup {
    fn of(url: &DatabaseUrl) -> Self {
        let mut setup = Setup::default();
        let (mut init, mut baseline) = (None, None);
        let mut build = Build::default();
        for (name, value) in url.params() {
            match name.strip_prefix("docker.") {
                Some("init") => init = Some(("init", value)),
                Some("baseline") => baseline = Some(("baseline", value)),
                Some("command") => setup.command.push(value),
                Some("platform") => setup.platform = Some(value),
                Some("host") => setup.hosts.push(value),
                Some("build") => build.context = PathBuf::from(value),
                Some("build.file") => build.file = Some(value),
                Some("build.target") => build.target = Some(value),
                Some("build.arg") => {
                    let (name, value) = value.split_once('=').unwrap_or((&value, ""));
                    build.args.push((name.to_owned(), value.to_owned()));
                }
                _ => {}
            }
        }
        setup.sql = init.into_iter().chain(baseline).collect();
        setup.build = (!build.context.as_os_str().is_empty()).then_some(build);
        setup
    }
}

/// What the servers are told to ask for.
const PASSWORD: &str = "pass";

impl Image {
    /// Reads a URL.
    ///
    /// # Errors
    /// `unsupported docker image "x"` ([`DbErrorKind::Url`]).
    pub fn of(url: &DatabaseUrl) -> Result<Self, DbError> {
        let segments: Vec<&str> = url.path().split('/').filter(|part| !part.is_empty()).collect();
        let (driver, custom, database) = match url.scheme().strip_prefix("docker+") {
            Some(driver) => {
                let host = Some(url.host()).filter(|host| !host.is_empty() && *host != "_");
                // The last segment is the database unless it is the image.
                let (image, database) = match segments.split_last() {
                    Some((last, image)) if last.contains(':') || (image.is_empty() && host.is_none()) => {
                        (segments.as_slice(), "")
                    }
                    Some((last, image)) => (image, *last),
                    None => (segments.as_slice(), ""),
                };
                let image: Vec<&str> = host.into_iter().chain(image.iter().copied()).collect();
                (driver, Some(image.join("/")), database)
            }
            None => (url.host(), None, segments.get(1).copied().unwrap_or_default()),
        };
        let tag = segments.first().copied().filter(|_| custom.is_none()).unwrap_or("latest");
        let named = |repository: &str| custom.clone().unwrap_or_else(|| format!("{repository}:{tag}"));
        let mut query: Vec<String> =
            url.secret_query().unwrap_or_default().split('&').map(str::to_owned).collect();
        query.retain(|part| {
            let name = part.split('=').next().unwrap_or_default();
            !name.is_empty() && !matches!(name, "v" | "verbose") && !name.starts_with("docker.")
        });
        let mut image = match driver {
            "mysql" => mysql("mysql", named("arigaio/mysql"), database),
            "mariadb" | "maria" => mysql("mariadb", named("arigaio/mariadb"), database),
            "postgres" | "postgresql" => postgres(named("postgres"), database),
            "pgvector" => postgres(named("pgvector/pgvector"), database),
            // Its set-up puts objects into the first database, which would not be clean.
            "postgis" => {
                let mut image = postgres(named("postgis/postgis"), "");
                if !database.is_empty() {
                    image.database = database.to_owned();
                    image.to_create = Some(database.to_owned());
                }
                image
            }
            _ => {
                let text = format!("unsupported docker image {driver:?}");
                return Err(DbError::new(DbErrorKind::Url, text));
            }
        };
        if image.scheme == "postgres" && !query.iter().any(|part| part.starts_with("sslmode=")) {
            query.push("sslmode=disable".to_owned());
        }
        image.query = query.join("&");
        image.setup = Setup::of(url);
        Ok(image)
    }

    /// The URL of the server, without the database of its own.
    pub fn server(&self, host: &str, port: u16) -> String {
        let database = if self.scheme == "postgres" { "postgres" } else { "" };
        let query = if self.scheme == "postgres" { "sslmode=disable" } else { "" };
        self.url(host, port, database, query)
    }

    /// The URL to work with.
    pub fn database(&self, host: &str, port: u16) -> String {
        self.url(host, port, &self.database, &self.query)
    }

    fn url(&self, host: &str, port: u16, database: &str, query: &str) -> String {
        let (scheme, user) = (self.scheme, self.user);
        format!("{scheme}://{user}:{PASSWORD}@{host}:{port}/{database}?{query}")
    }
}

fn mysql(scheme: &'static str, name: String, database: &str) -> Image {
    let mut env = vec![format!("MYSQL_ROOT_PASSWORD={PASSWORD}")];
    let to_create = Some(database.to_owned()).filter(|database| !database.is_empty());
    env.extend(to_create.iter().map(|database| format!("MYSQL_DATABASE={database}")));
    Image {
        name,
        env,
        port: 3306,
        to_create,
        setup: Setup::default(),
        scheme,
        user: "root",
        database: database.to_owned(),
        query: String::new(),
    }
}

fn postgres(name: String, database: &str) -> Image {
    let database = if database.is_empty() { "postgres" } else { database };
    Image {
        name,
        env: vec![format!("POSTGRES_PASSWORD={PASSWORD}"), format!("POSTGRES_DB={database}")],
        port: 5432,
        to_create: None,
        setup: Setup::default(),
        scheme: "postgres",
        user: "postgres",
        database: database.to_owned(),
        query: String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(url: &str) -> String {
        match DatabaseUrl::parse(url).map(|url| Image::of(&url)) {
            Ok(Ok(image)) => {
                let create = image.to_create.as_deref().unwrap_or("nothing");
                format!("{} makes {create}: {}", image.name, image.database("h", 1))
            }
            Ok(Err(error)) => format!("error: {error}"),
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn urls() {
        expect_test::expect![[r#"
            docker://postgres/15/dev?search_path=public
              postgres:15 makes nothing: postgres://postgres:pass@h:1/dev?search_path=public&sslmode=disable
            docker://postgres/15
              postgres:15 makes nothing: postgres://postgres:pass@h:1/postgres?sslmode=disable
            docker://postgres
              postgres:latest makes nothing: postgres://postgres:pass@h:1/postgres?sslmode=disable
            docker://postgis/16-3.4/dev
              postgis/postgis:16-3.4 makes dev: postgres://postgres:pass@h:1/dev?sslmode=disable
            docker://pgvector/pg17/dev?v
              pgvector/pgvector:pg17 makes nothing: postgres://postgres:pass@h:1/dev?sslmode=disable
            docker://mysql/8/dev
              arigaio/mysql:8 makes dev: mysql://root:pass@h:1/dev?
            docker://mysql/8
              arigaio/mysql:8 makes nothing: mysql://root:pass@h:1/?
            docker://maria/latest/schema
              arigaio/mariadb:latest makes schema: mariadb://root:pass@h:1/schema?
            docker+mysql://_/mysql:8/dev
              mysql:8 makes dev: mysql://root:pass@h:1/dev?
            docker+mysql://_/mysql:8
              mysql:8 makes nothing: mysql://root:pass@h:1/?
            docker+postgres://ghcr.io/acme/pg:15/dev?search_path=public&verbose=1
              ghcr.io/acme/pg:15 makes nothing: postgres://postgres:pass@h:1/dev?search_path=public&sslmode=disable
            docker+postgres://_/postgres
              postgres makes nothing: postgres://postgres:pass@h:1/postgres?sslmode=disable
            docker+postgres://_/pg:15/dev?docker.baseline=CREATE%20SCHEMA%20a&search_path=public&docker.command=-c
              pg:15 makes nothing: postgres://postgres:pass@h:1/dev?search_path=public&sslmode=disable
            docker://oracle/23/dev
              error: unsupported docker image "oracle"
        "#]].assert_eq(
            &[
                "docker://postgres/15/dev?search_path=public",
                "docker://postgres/15",
                "docker://postgres",
                "docker://postgis/16-3.4/dev",
                "docker://pgvector/pg17/dev?v",
                "docker://mysql/8/dev",
                "docker://mysql/8",
                "docker://maria/latest/schema",
                "docker+mysql://_/mysql:8/dev",
                "docker+mysql://_/mysql:8",
                "docker+postgres://ghcr.io/acme/pg:15/dev?search_path=public&verbose=1",
                "docker+postgres://_/postgres",
                "docker+postgres://_/pg:15/dev?docker.baseline=CREATE%20SCHEMA%20a&search_path=public&docker.command=-c",
                "docker://oracle/23/dev",
            ]
            .map(|url| format!("{url}\n  {}\n", show(url)))
            .concat(),
        );
    }
}
