//! URLs of databases: reading them as Go's `net/url` does, printing them without secrets.
//!
//! A driver decides what the parts mean; here they are only taken apart. Invariant: `Display` and `Debug` never show a
//! password or the value of a query parameter that may hold one, and errors never quote the URL.
//!
//! Source: Go 1.26 `net/url`, `Parse`; atlas `sql/sqlclient/client.go`.

use std::fmt::{self, Write as _};

use crate::Error;

/// A URL of a database.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    text: String,
    scheme: String,
    opaque: String,
    user: Option<(String, Option<String>)>,
    host: String,
    path: String,
    query: Option<String>,
    fragment: String,
}

/// What stands for a secret.
const REDACTED: &str = "xxxxx";

/// Query parameters that hold secrets in some driver; compared in lower case.
const SECRETS: &[&str] = &[
    "password",
    "pass",
    "pwd",
    "passwd",
    "sslpassword",
    "sslkey",
    "secret",
    "token",
    "authtoken",
    "auth_token",
    "access_token",
    "_auth_pass",
    "_auth_salt",
    "key",
    "_key",
    "_pragma_key",
    "apikey",
    "api_key",
    "docker.baseline",
    "docker.init",
    "docker.build.arg",
];

impl DatabaseUrl {
    /// Reads a URL.
    ///
    /// # Errors
    /// [`Error::Argument`] in the words of Go's `net/url`: `invalid port ":x" after host`. Without a scheme:
    /// `missing scheme. See: https://atlasgo.io/url`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        parse(text).map_err(Error::Argument)
    }

    /// Lower case, without `://`.
    pub fn scheme(&self) -> &str {
        &self.scheme
    }

    /// What follows `scheme:` when it is no `/`.
    pub fn opaque(&self) -> &str {
        &self.opaque
    }

    /// The name before `@`, unescaped.
    pub fn user(&self) -> Option<&str> {
        self.user.as_ref().map(|(name, _)| name.as_str())
    }

    /// The password, unescaped, for a driver only.
    pub fn secret_password(&self) -> Option<&str> {
        self.user.as_ref().and_then(|(_, password)| password.as_deref())
    }

    /// With its port.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Unescaped, with its leading `/`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What stands between `?` and `#`, as written; it may hold secrets.
    pub fn secret_query(&self) -> Option<&str> {
        self.query.as_deref()
    }

    /// What follows `#`, unescaped.
    pub fn fragment(&self) -> &str {
        &self.fragment
    }

    /// The query's parameters, unescaped, in order.
    pub fn params(&self) -> Vec<(String, String)> {
        self.query.as_deref().map(params).unwrap_or_default()
    }

    /// The first parameter called `name`.
    pub fn param(&self, name: &str) -> Option<String> {
        self.params().into_iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    /// The URL as written, with its secrets, for a driver only.
    pub fn secret(&self) -> &str {
        &self.text
    }

    /// The query with the values of secret parameters replaced.
    pub fn redacted_query(&self) -> Option<String> {
        let query = self.query.as_deref()?;
        let redact = |pair: &str| match pair.split_once('=') {
            Some((key, _)) if SECRETS.contains(&key.to_ascii_lowercase().as_str()) => {
                format!("{key}={REDACTED}")
            }
            _ => pair.to_string(),
        };
        Some(query.split('&').map(redact).collect::<Vec<_>>().join("&"))
    }
}

/// The URL with its secrets replaced.
impl fmt::Display for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let start = self.scheme.len();
        let rest = &self.text[start..];
        let (rest, fragment) = match rest.split_once('#') {
            Some((rest, fragment)) => (rest, Some(fragment)),
            None => (rest, None),
        };
        let before = rest.split_once('?').map_or(rest, |(before, _)| before);
        f.write_str(&self.scheme)?;
        match (before.strip_prefix("://"), &self.user) {
            (Some(authority), Some((name, password))) => {
                let host = authority.split_once('/').map_or(authority, |(authority, _)| authority);
                let at = host.rfind('@').map_or(0, |at| at + 1);
                f.write_str("://")?;
                f.write_str(name)?;
                if password.is_some() {
                    write!(f, ":{REDACTED}")?;
                }
                f.write_char('@')?;
                f.write_str(&authority[at..])?;
            }
            _ => f.write_str(before)?,
        }
        if let Some(query) = self.redacted_query() {
            write!(f, "?{query}")?;
        }
        match fragment {
            Some(fragment) => write!(f, "#{fragment}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_string())
    }
}

fn parse(text: &str) -> Result<DatabaseUrl, String> {
    if text.bytes().any(|byte| byte < 0x20 || byte == 0x7f) {
        return Err("net/url: invalid control character in URL".into());
    }
    let (rest, fragment) = match text.split_once('#') {
        Some((rest, fragment)) => (rest, unescape(fragment, Part::Fragment)?),
        None => (text, String::new()),
    };
    let (scheme, rest) = scheme(rest)?;
    let (rest, query) = match rest.split_once('?') {
        Some((rest, query)) => (rest, Some(query.to_string())),
        None => (rest, None),
    };
    let mut url = DatabaseUrl {
        text: text.to_string(),
        scheme,
        opaque: String::new(),
        user: None,
        host: String::new(),
        path: String::new(),
        query,
        fragment,
    };
    if !rest.starts_with('/') {
        url.opaque = rest.to_string();
        return Ok(url);
    }
    let path = match rest.strip_prefix("//") {
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            let (authority, path) = rest.split_at(end);
            (url.user, url.host) = parse_authority(authority)?;
            path
        }
        None => rest,
    };
    url.path = unescape(path, Part::Path)?;
    Ok(url)
}

fn scheme(text: &str) -> Result<(String, &str), String> {
    const MISSING: &str = "missing scheme. See: https://atlasgo.io/url";
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if at > 0 => {}
            b':' if at == 0 => return Err("missing protocol scheme".into()),
            b':' => return Ok((text[..at].to_ascii_lowercase(), &text[at + 1..])),
            _ => break,
        }
    }
    Err(MISSING.into())
}

type User = Option<(String, Option<String>)>;

fn parse_authority(authority: &str) -> Result<(User, String), String> {
    let Some(at) = authority.rfind('@') else {
        return Ok((None, parse_host(authority)?));
    };
    let (info, host) = (&authority[..at], &authority[at + 1..]);
    let host = parse_host(host)?;
    let valid = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte);
    if !info.bytes().all(valid) {
        return Err("net/url: invalid userinfo".into());
    }
    let user = match info.split_once(':') {
        Some((name, password)) => (unescape(name, Part::User)?, Some(unescape(password, Part::User)?)),
        None => (unescape(info, Part::User)?, None),
    };
    Ok((Some(user), host))
}

fn parse_host(host: &str) -> Result<String, String> {
    let port = if host.starts_with('[') {
        let end = host.rfind(']').ok_or("missing ']' in host")?;
        Some(&host[end + 1..])
    } else {
        host.rfind(':').map(|at| &host[at..])
    };
    if let Some(port) = port.filter(|port| !port.is_empty()) {
        let digits = port.strip_prefix(':').ok_or_else(|| format!("invalid port {port:?} after host"))?;
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(format!("invalid port {port:?} after host"));
        }
    }
    unescape(host, Part::Host)
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    User,
    Host,
    Path,
    Query,
    Fragment,
}

fn unescape(text: &str, part: Part) -> Result<String, String> {
    let mut out = Vec::with_capacity(text.len());
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'%' => {
                let digits = bytes.get(at + 1..at + 3).and_then(|digits| std::str::from_utf8(digits).ok());
                let value = digits
                    .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
                    .and_then(|digits| u8::from_str_radix(digits, 16).ok());
                let Some(value) = value else {
                    let end = (at + 3).min(bytes.len());
                    return Err(format!("invalid URL escape {:?}", String::from_utf8_lossy(&bytes[at..end])));
                };
                out.push(value);
                at += 3;
                continue;
            }
            b'+' if part == Part::Query => out.push(b' '),
            b' ' | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' if part == Part::Host => {
                return Err(format!("invalid character {:?} in host name", (byte as char).to_string()));
            }
            _ => out.push(byte),
        }
        at += 1;
    }
    Ok(String::from_utf8_lossy(&out).into_owned())
}

fn params(query: &str) -> Vec<(String, String)> {
    let pair = |pair: &str| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        Some((unescape(key, Part::Query).ok()?, unescape(value, Part::Query).ok()?))
    };
    query.split('&').filter(|part| !part.is_empty()).filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::DatabaseUrl;

    fn show(text: &str) -> String {
        match DatabaseUrl::parse(text) {
            Ok(url) => format!("{url}"),
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn passwords_and_secret_parameters_are_never_printed() {
        assert_eq!(
            show("postgres://u:p%40ss@h:5432/db?sslmode=disable"),
            "postgres://u:xxxxx@h:5432/db?sslmode=disable"
        );
        assert_eq!(show("mysql://root:a@b@h/db"), "mysql://root:xxxxx@h/db");
        assert_eq!(show("libsql://h?authToken=abc&tls=0"), "libsql://h?authToken=xxxxx&tls=0");
        assert_eq!(show("sqlite://x.db?_auth_pass=1&_fk=1"), "sqlite://x.db?_auth_pass=xxxxx&_fk=1");
        let url = DatabaseUrl::parse("postgres://u:hunter2@h/db").unwrap();
        assert!(!format!("{url:?}").contains("hunter2"));
        assert_eq!(url.secret_password(), Some("hunter2"));
    }

    #[test]
    fn errors_are_those_of_go_and_do_not_quote_the_url() {
        assert_eq!(show("sqlite://file:x.db"), r#"error: invalid port ":x.db" after host"#);
        assert_eq!(show("mysql://h/%zz"), r#"error: invalid URL escape "%zz""#);
        assert_eq!(show("x.db"), "error: missing scheme. See: https://atlasgo.io/url");
        assert_eq!(show("://x"), "error: missing protocol scheme");
        assert_eq!(show("mysql://a b/x"), r#"error: invalid character " " in host name"#);
    }

    #[test]
    fn parts_are_unescaped() {
        let url = DatabaseUrl::parse("sqlite://a%20b.db?mode=memory&x=1+2#f").unwrap();
        assert_eq!((url.host(), url.path(), url.fragment()), ("a b.db", "", "f"));
        assert_eq!(url.param("mode").as_deref(), Some("memory"));
        assert_eq!(url.param("x").as_deref(), Some("1 2"));
        let url = DatabaseUrl::parse("sqlite://file:/abs/x.db?_fk=1").unwrap();
        assert_eq!((url.host(), url.path()), ("file:", "/abs/x.db"));
    }
}
