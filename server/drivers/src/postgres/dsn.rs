//! What a `postgres://` URL means: where the server is, who asks, how securely, and with which settings.
//!
//! What the URL leaves open comes from the environment (`PGHOST`, `PGUSER`, `PGPASSWORD`, …) and the password file, as
//! with every client of PostgreSQL.
//!
//! Source: lib/pq, `connector.go`; PostgreSQL documentation, "Database Connection Control Functions".

use std::path::PathBuf;
use std::str::FromStr as _;
use std::time::Duration;

use engine::connection::DbErrorKind;
use engine::{DatabaseUrl, DbError};
use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::net::{self, CONNECT_TIMEOUT, Endpoint};

/// How to open a session.
pub struct Dsn {
    pub options: PgConnectOptions,
    pub endpoint: Endpoint,
    pub connect_timeout: Duration,
    /// Settings of the session, by name.
    pub settings: Vec<(String, String)>,
}

/// No limit.
const FOREVER: Duration = Duration::from_secs(365 * 24 * 3600);

/// Parameters that are for a client and mean nothing here.
const IGNORED: &[&str] = &[
    "binary_parameters",
    "channel_binding",
    "client_encoding",
    "disable_prepared_binary_result",
    "fallback_application_name",
    "gssencmode",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "krbspn",
    "krbsrvname",
    "load_balance_hosts",
    "passfile",
    "sslcompression",
    "sslsni",
    "target_session_attrs",
    "tcp_user_timeout",
];

impl Dsn {
    /// Reads a URL.
    ///
    /// # Errors
    /// [`DbErrorKind::Url`] for a value no parameter can have.
    pub fn of(url: &DatabaseUrl) -> Result<Self, DbError> {
        let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let param = |name: &str| url.param(name).filter(|value| !value.is_empty());
        let port = match param("port").or_else(|| env("PGPORT")) {
            Some(port) => port.parse().map_err(|_| invalid("port", &port))?,
            None => 5432,
        };
        let host = param("host").or_else(|| param("hostaddr"));
        let authority = if url.host().is_empty() { host } else { Some(url.host().to_owned()) };
        let authority = authority.or_else(|| env("PGHOST")).unwrap_or_default();
        let endpoint = match authority.starts_with('/') {
            true => Endpoint::Unix(PathBuf::from(format!("{authority}/.s.PGSQL.{port}"))),
            false => Endpoint::tcp(&authority, "localhost", port)
                .ok_or_else(|| DbError::new(DbErrorKind::Url, format!("invalid address {authority:?}")))?,
        };
        let path = url.path().strip_prefix('/').unwrap_or_default();
        let database = Some(path.to_owned()).filter(|path| !path.is_empty()).or_else(|| param("dbname"));
        let user = url.user().map(str::to_owned).filter(|user| !user.is_empty()).or_else(|| param("user"));
        let password = url.secret_password().map(str::to_owned).or_else(|| param("password"));
        let mut options = match &endpoint {
            Endpoint::Tcp { host, port } => {
                base(host, *port, user.as_deref(), database.as_deref(), password)?
            }
            Endpoint::Unix(_) => base("localhost", port, user.as_deref(), database.as_deref(), password)?
                .socket(PathBuf::from(&authority)),
        };
        let mode = param("sslmode").or_else(|| env("PGSSLMODE")).unwrap_or_else(|| "require".to_owned());
        let root = param("sslrootcert").or_else(|| env("PGSSLROOTCERT"));
        options = options.ssl_mode(match (&endpoint, mode.as_str()) {
            // A socket of this machine needs no encryption and servers offer none.
            (Endpoint::Unix(_), _) => PgSslMode::Disable,
            (_, "disable") => PgSslMode::Disable,
            (_, "allow" | "prefer") => PgSslMode::Prefer,
            // Given an authority, it is asked.
            (_, "require") if root.is_some() => PgSslMode::VerifyCa,
            (_, "require") => PgSslMode::Require,
            (_, "verify-ca") => PgSslMode::VerifyCa,
            (_, "verify-full") => PgSslMode::VerifyFull,
            _ => {
                let text = format!(
                    "unsupported sslmode {mode:?}; only \"require\" (default), \"verify-full\", \"verify-ca\", \"prefer\", \"allow\" and \"disable\" supported"
                );
                return Err(DbError::new(DbErrorKind::Url, text));
            }
        });
        if let Some(root) = root.filter(|root| root != "system") {
            options = options.ssl_root_cert(readable("sslrootcert", root)?);
        }
        if let Some(cert) = param("sslcert") {
            options = options.ssl_client_cert(readable("sslcert", cert)?);
        }
        if let Some(key) = param("sslkey") {
            options = options.ssl_client_key(readable("sslkey", key)?);
        }
        let connect_timeout = match param("connect_timeout").or_else(|| env("PGCONNECT_TIMEOUT")) {
            Some(text) => match net::duration(&text).ok_or_else(|| invalid("connect_timeout", &text))? {
                // As with every client of PostgreSQL.
                Duration::ZERO => FOREVER,
                timeout => timeout,
            },
            None => CONNECT_TIMEOUT,
        };
        let mut settings = Vec::new();
        for (name, value) in url.params() {
            match name.as_str() {
                "host" | "hostaddr" | "port" | "user" | "password" | "dbname" | "connect_timeout" => {}
                name if name.starts_with("ssl") || IGNORED.contains(&name) => {}
                "options" => {
                    for (name, value) in switches(&value) {
                        settings.push((name, value));
                    }
                }
                "search_path" => settings.push((name, path_of(&value))),
                _ => settings.push((name, value)),
            }
        }
        Ok(Self { options, endpoint, connect_timeout, settings })
    }
}

/// Options with the defaults of the environment; the password file is asked when there is no password.
fn base(
    host: &str,
    port: u16,
    user: Option<&str>,
    database: Option<&str>,
    password: Option<String>,
) -> Result<PgConnectOptions, DbError> {
    let host = if host.contains(':') { format!("[{host}]") } else { host.to_owned() };
    let mut url = url::Url::parse(&format!("postgres://{host}:{port}/"))
        .map_err(|_| DbError::new(DbErrorKind::Url, format!("invalid host {host:?}")))?;
    {
        let mut pairs = url.query_pairs_mut();
        if let Some(user) = user {
            pairs.append_pair("user", user);
        }
        if let Some(database) = database {
            pairs.append_pair("dbname", database);
        }
        if let Some(password) = &password {
            pairs.append_pair("password", password);
        }
    }
    // Never with the error's own words: it may quote the URL.
    let options = PgConnectOptions::from_str(url.as_str())
        .map_err(|_| DbError::new(DbErrorKind::Url, "the URL cannot be read"))?;
    Ok(options.host(host.trim_matches(['[', ']'])))
}

/// A `search_path` that is one name means that name, whatever its case.
fn path_of(value: &str) -> String {
    let plain = value.chars().all(|char| char.is_lowercase() || char.is_ascii_digit() || char == '_');
    if plain || value.contains([',', '"', '$']) {
        return value.to_owned();
    }
    format!("\"{value}\"")
}

/// The settings of `options=-c name=value --other=value`; a backslash escapes.
fn switches(options: &str) -> Vec<(String, String)> {
    let mut words = vec![String::new()];
    let mut chars = options.chars();
    while let Some(char) = chars.next() {
        match char {
            '\\' => words.last_mut().map(|word| word.extend(chars.next())).unwrap_or_default(),
            ' ' => words.push(String::new()),
            _ => words.last_mut().map(|word| word.push(char)).unwrap_or_default(),
        }
    }
    let mut settings = Vec::new();
    let mut words = words.into_iter().filter(|word| !word.is_empty());
    while let Some(word) = words.next() {
        let setting = match word.strip_prefix("--").or_else(|| word.strip_prefix("-c")) {
            Some("") => words.next(),
            Some(setting) => Some(setting.to_owned()),
            None => None,
        };
        if let Some((name, value)) = setting.as_deref().and_then(|setting| setting.split_once('=')) {
            settings.push((name.replace('-', "_"), value.to_owned()));
        }
    }
    settings
}

/// The path of a certificate or key that can be read.
fn readable(name: &str, path: String) -> Result<String, DbError> {
    match std::fs::metadata(&path) {
        Ok(_) => Ok(path),
        Err(error) => {
            let reason = if error.kind() == std::io::ErrorKind::NotFound {
                "no such file or directory".to_owned()
            } else {
                error.to_string()
            };
            Err(DbError::new(DbErrorKind::Url, format!("{name}: open {path}: {reason}")))
        }
    }
}

fn invalid(name: &str, value: &str) -> DbError {
    DbError::new(DbErrorKind::Url, format!("invalid {name}: {value:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(url: &str) -> String {
        let dsn = match DatabaseUrl::parse(url).map(|url| Dsn::of(&url)) {
            Ok(Ok(dsn)) => dsn,
            Ok(Err(error)) => return format!("error: {error}"),
            Err(error) => return format!("error: {error}"),
        };
        format!(
            "{:?} user={} db={:?} ssl={:?} settings={:?}",
            dsn.endpoint,
            dsn.options.get_username(),
            dsn.options.get_database(),
            dsn.options.get_ssl_mode(),
            dsn.settings,
        )
    }

    #[test]
    fn urls() {
        expect_test::expect![[
            r#"Tcp { host: "h", port: 5433 } user=u db=Some("d b") ssl=Require settings=[]"#
        ]]
        .assert_eq(&show("postgres://u:p%40@h:5433/d%20b"));
        expect_test::expect![[r#"Tcp { host: "::1", port: 5432 } user=u db=Some("d") ssl=Disable settings=[("search_path", "\"My Schema\"")]"#]]
            .assert_eq(&show("postgres://u@[::1]/d?sslmode=disable&search_path=My+Schema"));
        expect_test::expect![[
            r#"Unix("/run/pg/.s.PGSQL.5432") user=u db=Some("d") ssl=Disable settings=[]"#
        ]]
        .assert_eq(&show("postgres://u@/d?host=/run/pg"));
        expect_test::expect![[r#"Tcp { host: "h", port: 5432 } user=u db=Some("d") ssl=VerifyFull settings=[("statement_timeout", "5000"), ("application_name", "x y")]"#]]
            .assert_eq(&show("postgresql://u@h/d?sslmode=verify-full&statement_timeout=5000&application_name=x+y"));
        expect_test::expect![[r#"Tcp { host: "h", port: 5432 } user=u db=Some("d") ssl=Prefer settings=[("search_path", "a,b"), ("work_mem", "1 MB")]"#]]
            .assert_eq(&show(r"postgres://u@h/d?sslmode=prefer&options=-c%20search_path=a,b%20--work-mem=1\%20MB"));
    }

    #[test]
    fn what_no_parameter_can_be() {
        assert_eq!(
            show("postgres://u@h/d?sslmode=maybe"),
            "error: unsupported sslmode \"maybe\"; only \"require\" (default), \"verify-full\", \"verify-ca\", \"prefer\", \"allow\" and \"disable\" supported"
        );
        assert_eq!(
            show("postgres://u@h/d?sslrootcert=/no/ca.pem"),
            "error: sslrootcert: open /no/ca.pem: no such file or directory"
        );
        assert_eq!(show("postgres://u@h/d?connect_timeout=soon"), "error: invalid connect_timeout: \"soon\"");
        assert_eq!(show("postgres://u@h:99999/d"), "error: invalid address \"h:99999\"");
    }
}
