//! What a `mysql://` URL means, and those of MariaDB and of sockets: where the server is, who asks, how securely, with
//! which settings.
//!
//! As with go-sql-driver, a parameter nobody knows is a system variable whose value is written as SQL writes it.
//!
//! Source: go-sql-driver/mysql, `dsn.go`; reference project.md §10.

use std::path::PathBuf;
use std::time::Duration;

use engine::connection::DbErrorKind;
use engine::{DatabaseUrl, DbError};
use sqlx::mysql::{MySqlConnectOptions, MySqlSslMode};

use crate::net::{self, CONNECT_TIMEOUT, Endpoint};

/// How to open a session.
pub struct Dsn {
    pub options: MySqlConnectOptions,
    pub endpoint: Endpoint,
    pub connect_timeout: Duration,
    /// For each statement.
    pub statement_timeout: Option<Duration>,
    /// System variables, with their values as SQL.
    pub settings: Vec<(String, String)>,
}

/// Parameters of go-sql-driver and of atlas that say how a client reads, or that are read elsewhere here.
const IGNORED: &[&str] = &[
    "allowAllFiles",
    "allowCleartextPasswords",
    "allowFallbackToPlaintext",
    "allowNativePasswords",
    "allowOldPasswords",
    "charset",
    "checkConnLiveness",
    "clientFoundRows",
    "collation",
    "columnsWithAlias",
    "compress",
    "connectTimeout",
    "connect_timeout",
    "connectionAttributes",
    "database",
    "interpolateParams",
    "loc",
    "maxAllowedPacket",
    "multiStatements",
    "parseTime",
    "readTimeout",
    "rejectReadOnly",
    "serverPubKey",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "ssl-mode",
    "statement_timeout",
    "timeTruncate",
    "timeout",
    "tls",
    "writeTimeout",
];

impl Dsn {
    /// Reads a URL.
    ///
    /// # Errors
    /// [`DbErrorKind::Url`] for a value no parameter can have.
    pub fn of(url: &DatabaseUrl) -> Result<Self, DbError> {
        let param = |name: &str| url.param(name).filter(|value| !value.is_empty());
        let mut options = MySqlConnectOptions::new()
            // Nothing is changed about the session unless the URL says so.
            .pipes_as_concat(false)
            .no_engine_substitution(false)
            .timezone(None)
            .set_names(false)
            .username(url.user().unwrap_or_default());
        // An empty password is no password; its hash would be refused.
        if let Some(password) = url.secret_password().filter(|password| !password.is_empty()) {
            options = options.password(password);
        }
        let unix = url.scheme().ends_with("+unix");
        let (endpoint, database) = if unix {
            let path = PathBuf::from(format!("{}{}", url.host(), url.path()));
            options = options.socket(&path);
            (Endpoint::Unix(path), param("database").unwrap_or_default())
        } else {
            let endpoint = Endpoint::tcp(url.host(), "127.0.0.1", 3306)
                .ok_or_else(|| DbError::new(DbErrorKind::Url, format!("invalid address {:?}", url.host())))?;
            if let Endpoint::Tcp { host, port } = &endpoint {
                options = options.host(host).port(*port);
            }
            (endpoint, url.path().trim_matches('/').to_owned())
        };
        if !database.is_empty() {
            options = options.database(&database);
        }
        options = secured(options, unix, param)?;
        if let Some(collation) = param("collation") {
            let charset = collation.split('_').next().unwrap_or_default().to_owned();
            let word = |text: &str| text.chars().all(|char| char.is_ascii_alphanumeric() || char == '_');
            if !charset.starts_with("utf8") || !word(&collation) {
                let text = format!("unsupported collation {collation:?}: sessions are in UTF-8");
                return Err(DbError::new(DbErrorKind::Url, text));
            }
            options = options.charset(&charset).collation(&collation);
        }
        if param("allowCleartextPasswords").as_deref() == Some("true") {
            options = options.enable_cleartext_plugin(true);
        }
        let time = |name: &str| match param(name) {
            Some(text) => {
                let invalid = || DbError::new(DbErrorKind::Url, format!("invalid {name}: {text:?}"));
                Ok(Some(net::duration(&text).ok_or_else(invalid)?).filter(|timeout| !timeout.is_zero()))
            }
            None => Ok(None),
        };
        let connect_timeout = match time("timeout")? {
            Some(timeout) => timeout,
            None => time("connect_timeout")?.unwrap_or(CONNECT_TIMEOUT),
        };
        let statement_timeout = match time("statement_timeout")? {
            Some(timeout) => Some(timeout),
            None => time("readTimeout")?,
        };
        let mut settings = Vec::new();
        for (name, value) in url.params() {
            let word = |char: char| char.is_ascii_alphanumeric() || char == '_';
            if IGNORED.contains(&name.as_str()) {
                continue;
            }
            if name.is_empty() || !name.chars().all(word) || value.is_empty() {
                return Err(DbError::new(DbErrorKind::Url, format!("invalid parameter {name:?}")));
            }
            settings.push((name, value));
        }
        Ok(Self { options, endpoint, connect_timeout, statement_timeout, settings })
    }
}

/// The parameters `tls` of go-sql-driver, and `ssl-ca`, `ssl-cert`, `ssl-key` of a custom one.
fn secured(
    mut options: MySqlConnectOptions,
    unix: bool,
    param: impl Fn(&str) -> Option<String>,
) -> Result<MySqlConnectOptions, DbError> {
    let authority = param("ssl-ca");
    let mode = param("tls").or_else(|| param("ssl-mode")).unwrap_or_else(|| {
        let mode = if authority.is_some() { "true" } else { "false" };
        mode.to_owned()
    });
    options = options.ssl_mode(match mode.to_ascii_lowercase().as_str() {
        // A socket of this machine needs no encryption.
        _ if unix => MySqlSslMode::Disabled,
        "false" | "0" | "disabled" | "disable" => MySqlSslMode::Disabled,
        "true" | "1" | "custom" | "verify_identity" => MySqlSslMode::VerifyIdentity,
        "verify_ca" => MySqlSslMode::VerifyCa,
        "skip-verify" | "required" => MySqlSslMode::Required,
        "preferred" => MySqlSslMode::Preferred,
        _ => {
            return Err(DbError::new(
                DbErrorKind::Url,
                format!("invalid value / unknown config name: {mode}"),
            ));
        }
    });
    for (name, path) in
        [("ssl-ca", authority), ("ssl-cert", param("ssl-cert")), ("ssl-key", param("ssl-key"))]
    {
        let Some(path) = path else { continue };
        if !std::path::Path::new(&path).exists() {
            let text = format!("{name}: open {path}: no such file or directory");
            return Err(DbError::new(DbErrorKind::Url, text));
        }
        options = match name {
            "ssl-ca" => options.ssl_ca(path),
            "ssl-cert" => options.ssl_client_cert(path),
            _ => options.ssl_client_key(path),
        };
    }
    Ok(options)
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
        let options = &dsn.options;
        format!(
            "{:?} user={} db={:?} ssl={:?} timeout={:?} settings={:?}",
            dsn.endpoint,
            options.get_username(),
            options.get_database(),
            options.get_ssl_mode(),
            (dsn.connect_timeout, dsn.statement_timeout),
            dsn.settings,
        )
    }

    #[test]
    fn urls() {
        expect_test::expect![[r#"Tcp { host: "h", port: 3307 } user=root db=Some("app") ssl=Disabled timeout=(10s, None) settings=[]"#]]
            .assert_eq(&show("mysql://root:pa%20ss@h:3307/app?parseTime=true&charset=utf8mb4"));
        expect_test::expect![[r#"Tcp { host: "::1", port: 3306 } user=root db=None ssl=Required timeout=(2s, Some(60s)) settings=[]"#]]
            .assert_eq(&show("maria://root@[::1]/?timeout=2s&readTimeout=1m&tls=skip-verify"));
        expect_test::expect![[r#"Unix("/run/mysqld/mysqld.sock") user= db=Some("app") ssl=Disabled timeout=(10s, None) settings=[]"#]]
            .assert_eq(&show("mysql+unix:///run/mysqld/mysqld.sock?database=app&tls=true"));
        expect_test::expect![[
            r#"Unix("/run/x.sock") user=root db=None ssl=Disabled timeout=(10s, None) settings=[]"#
        ]]
        .assert_eq(&show("mysql+unix://root@/run/x.sock"));
        expect_test::expect![[r#"Tcp { host: "h", port: 3306 } user=u db=Some("app") ssl=Preferred timeout=(10s, None) settings=[("sql_mode", "'ANSI'"), ("time_zone", "'+02:00'")]"#]]
            .assert_eq(&show("mysql://u@h/app?sql_mode='ANSI'&time_zone=%27%2B02%3A00%27&tls=preferred"));
    }

    #[test]
    fn what_no_parameter_can_be() {
        assert_eq!(show("mysql://u@h/d?tls=maybe"), "error: invalid value / unknown config name: maybe");
        assert_eq!(
            show("mysql://u@h/d?ssl-ca=/no/ca.pem"),
            "error: ssl-ca: open /no/ca.pem: no such file or directory"
        );
        assert_eq!(show("mysql://u@h/d?timeout=soon"), "error: invalid timeout: \"soon\"");
        assert_eq!(show("mysql://u@h/d?a%20b=1"), "error: invalid parameter \"a b\"");
        assert_eq!(
            show("mysql://u@h/d?collation=latin1_swedish_ci"),
            "error: unsupported collation \"latin1_swedish_ci\": sessions are in UTF-8"
        );
    }
}
