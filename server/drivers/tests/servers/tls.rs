//! Secure connections to servers that call themselves `localhost`.

use engine::Value;
use engine::connection::DbErrorKind;

use super::{one, open, refused, server, text, with};

/// The servers of a scheme that have a certificate, and the authority that signed it.
fn secure(scheme: &str) -> Vec<(String, String)> {
    let Some(authority) = server("ATLAS_TEST_TLS_CA", "server with a certificate") else { return Vec::new() };
    let urls = std::env::var("ATLAS_TEST_TLS_URLS").unwrap_or_default();
    let urls = urls.split(',').filter(|url| url.starts_with(scheme));
    urls.map(|url| (url.to_owned(), authority.clone())).collect()
}

/// `url` by another name of this machine and with another query.
fn by(url: &str, host: &str, query: &str) -> String {
    with(url, |url| {
        url.set_host(Some(host)).unwrap();
        url.set_query(Some(query));
    })
}

#[tokio::test]
async fn postgres_is_who_it_says() {
    for (url, ca) in secure("postgres") {
        postgres(&url, &ca).await;
    }
}

async fn postgres(url: &str, ca: &str) {
    let is_secure = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    let accepted = [
        ("localhost", format!("sslmode=verify-full&sslrootcert={ca}")),
        ("127.0.0.1", format!("sslmode=verify-ca&sslrootcert={ca}")),
        ("127.0.0.1", format!("sslmode=require&sslrootcert={ca}")),
        ("127.0.0.1", "sslmode=require".to_owned()),
        ("127.0.0.1", "sslmode=prefer".to_owned()),
        ("127.0.0.1", String::new()),
    ];
    for (host, query) in accepted {
        let mut connection = open(&by(url, host, &query)).await;
        assert_eq!(one(connection.as_mut(), is_secure).await, Value::Bool(true), "{host} {query}");
    }
    let (kind, message) =
        refused(&by(url, "127.0.0.1", &format!("sslmode=verify-full&sslrootcert={ca}"))).await;
    assert_eq!(kind, DbErrorKind::Tls, "{message}");
    assert!(
        message.starts_with("tls: failed to verify certificate: certificate not valid for name"),
        "{message}"
    );
    let (kind, message) = refused(&by(url, "localhost", "sslmode=verify-full")).await;
    assert_eq!(
        (kind, message.as_str()),
        (DbErrorKind::Tls, "tls: failed to verify certificate: UnknownIssuer")
    );
    let mut plain = open(&by(url, "127.0.0.1", "sslmode=disable")).await;
    assert_eq!(one(plain.as_mut(), is_secure).await, Value::Bool(false));
}

#[tokio::test]
async fn postgres_without_a_certificate_is_refused_when_one_is_asked_for() {
    let Some(_) = server("ATLAS_TEST_TLS_CA", "server with a certificate") else { return };
    let further = std::env::var("ATLAS_TEST_POSTGRES_URLS").unwrap_or_default();
    let secure = std::env::var("ATLAS_TEST_TLS_URLS").unwrap_or_default();
    for url in further.split(',').filter(|url| !url.is_empty() && !secure.contains(url)) {
        for query in ["sslmode=require", "sslmode=verify-full", ""] {
            let expected = (DbErrorKind::Tls, "pq: SSL is not enabled on the server".to_owned());
            assert_eq!(refused(&by(url, "127.0.0.1", query)).await, expected);
        }
        let mut connection = open(&by(url, "127.0.0.1", "sslmode=prefer")).await;
        assert_eq!(one(connection.as_mut(), "SELECT 1").await, Value::Int(1));
    }
}

#[tokio::test]
async fn mysql_and_mariadb_are_who_they_say() {
    for (url, ca) in secure("mysql") {
        let version = one(open(&url).await.as_mut(), "SELECT @@version").await;
        let is_mariadb = version.text().is_some_and(|version| version.contains("MariaDB"));
        let cipher = "SELECT VARIABLE_VALUE <> '' FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'Ssl_cipher'";
        let cipher = if !is_mariadb { "SHOW SESSION STATUS LIKE 'Ssl_version'" } else { cipher };
        for (host, query) in [
            ("localhost", format!("tls=true&ssl-ca={ca}")),
            ("localhost", format!("ssl-ca={ca}")),
            ("127.0.0.1", "tls=skip-verify".to_owned()),
            ("127.0.0.1", "tls=preferred".to_owned()),
        ] {
            let mut connection = open(&by(&url, host, &query)).await;
            let secure = super::query(connection.as_mut(), cipher).await;
            let value = secure.first().and_then(|row| row.last()).cloned();
            assert!(
                matches!(value, Some(Value::Int(1))) || value == Some(text("TLSv1.3")),
                "{query}: {value:?}"
            );
        }
        let (kind, message) = refused(&by(&url, "127.0.0.1", &format!("tls=true&ssl-ca={ca}"))).await;
        assert_eq!(kind, DbErrorKind::Tls, "{message}");
        assert!(
            message.starts_with("tls: failed to verify certificate: certificate not valid for name"),
            "{message}"
        );
        let (kind, message) = refused(&by(&url, "localhost", "tls=true")).await;
        assert_eq!(
            (kind, message.as_str()),
            (DbErrorKind::Tls, "tls: failed to verify certificate: UnknownIssuer")
        );
    }
}
