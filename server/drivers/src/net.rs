//! Where a server listens, and what the system says when it does not.
//!
//! Messages read as those of Go's `net` package, which scripts and people know from `atlas`.

use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::time::Duration;

use engine::DbError;
use engine::connection::DbErrorKind;

/// How long to wait for a connection when the URL does not say.
pub const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    Tcp {
        /// Without the brackets of an IPv6 address.
        host: String,
        port: u16,
    },
    /// The socket file itself.
    Unix(PathBuf),
}

impl Endpoint {
    /// The host and port of a URL's authority; `None` when the port is no number below 65536.
    pub fn tcp(authority: &str, default_host: &str, default_port: u16) -> Option<Self> {
        let (host, port) = match authority.rsplit_once(':') {
            // The last colon of `[::1]` is inside of the address.
            Some((_, port)) if port.ends_with(']') => (authority, ""),
            Some((host, port)) => (host, port),
            None => (authority, ""),
        };
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let port = if port.is_empty() { default_port } else { port.parse().ok()? };
        let host = if host.is_empty() { default_host } else { host };
        Some(Endpoint::Tcp { host: host.to_owned(), port })
    }

    /// `tcp 127.0.0.1:5432`, `unix /run/x.sock`.
    fn dial(&self) -> String {
        match self {
            Endpoint::Tcp { host, port } if host.contains(':') => format!("tcp [{host}]:{port}"),
            Endpoint::Tcp { host, port } => format!("tcp {host}:{port}"),
            Endpoint::Unix(path) => format!("unix {}", path.display()),
        }
    }

    /// No answer within the time the URL gives.
    pub fn timed_out(&self) -> DbError {
        DbError::new(DbErrorKind::Unreachable, format!("dial {}: i/o timeout", self.dial()))
    }

    /// What answers is no server of the `product`.
    pub fn strange(&self, product: &str, reason: &str) -> DbError {
        // sqlx names the place in its source, which is no help to anybody.
        let reason = reason.split(" (sqlx").next().unwrap_or_default();
        let text = format!("{}: this is no {product} server: {reason}", self.dial());
        DbError::new(DbErrorKind::Unreachable, text)
    }

    /// Why no connection could be made.
    pub fn refused(&self, error: &io::Error) -> DbError {
        let reason = match error.kind() {
            ErrorKind::ConnectionRefused => "connect: connection refused".to_owned(),
            ErrorKind::TimedOut => "i/o timeout".to_owned(),
            ErrorKind::NotFound => "connect: no such file or directory".to_owned(),
            ErrorKind::PermissionDenied => "connect: permission denied".to_owned(),
            ErrorKind::HostUnreachable => "connect: no route to host".to_owned(),
            ErrorKind::NetworkUnreachable => "connect: network is unreachable".to_owned(),
            ErrorKind::ConnectionReset => "connection reset by peer".to_owned(),
            ErrorKind::UnexpectedEof => "unexpected EOF".to_owned(),
            _ => match self {
                Endpoint::Tcp { host, .. } if error.to_string().contains("lookup") => {
                    let text = format!("dial tcp: lookup {host}: no such host");
                    return DbError::new(DbErrorKind::Unreachable, text);
                }
                _ => error.to_string(),
            },
        };
        DbError::new(DbErrorKind::Unreachable, format!("dial {}: {reason}", self.dial()))
    }
}

/// A connection that broke while it was used.
pub fn broken(error: &io::Error) -> DbError {
    let text = match error.kind() {
        ErrorKind::UnexpectedEof => "the server closed the connection".to_owned(),
        ErrorKind::ConnectionReset => "connection reset by peer".to_owned(),
        ErrorKind::BrokenPipe => "broken pipe".to_owned(),
        _ => error.to_string(),
    };
    DbError::new(DbErrorKind::Unreachable, text)
}

/// A connection whose last statement was never answered.
pub fn given_up() -> DbError {
    DbError::new(DbErrorKind::Unreachable, "the connection was given up, its last statement did not end")
}

/// A secure connection that was not made.
pub fn insecure(reason: impl std::fmt::Display) -> DbError {
    DbError::new(DbErrorKind::Tls, format!("tls: {reason}"))
}

/// The words of a failed handshake, when `error` is one.
pub fn handshake(error: &io::Error) -> Option<DbError> {
    let reason = error.get_ref()?.to_string();
    let certificate = reason.strip_prefix("invalid peer certificate: ");
    match certificate {
        Some(reason) => Some(insecure(format_args!("failed to verify certificate: {reason}"))),
        None if error.kind() == ErrorKind::InvalidData => Some(insecure(reason)),
        None => None,
    }
}

/// A duration as a URL writes it: Go's (`1m30s`, `500ms`) or a number of seconds.
pub fn duration(text: &str) -> Option<Duration> {
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let mut rest = text;
    let mut total = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.find(|char: char| !char.is_ascii_digit() && char != '.')?;
        let (number, behind) = rest.split_at(digits);
        let letters = behind.find(|char: char| char.is_ascii_digit() || char == '.').unwrap_or(behind.len());
        let (unit, behind) = behind.split_at(letters);
        let seconds = match unit {
            "ns" => 1e-9,
            "us" | "µs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return None,
        };
        let part = Duration::try_from_secs_f64(number.parse::<f64>().ok()? * seconds).ok()?;
        total = total.checked_add(part)?;
        rest = behind;
    }
    (!text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(authority: &str) -> String {
        Endpoint::tcp(authority, "localhost", 1).map_or("none".into(), |endpoint| endpoint.dial())
    }

    #[test]
    fn authorities() {
        assert_eq!(endpoint("h:5432"), "tcp h:5432");
        assert_eq!(endpoint("h"), "tcp h:1");
        assert_eq!(endpoint(""), "tcp localhost:1");
        assert_eq!(endpoint(":7"), "tcp localhost:7");
        assert_eq!(endpoint("[::1]:7"), "tcp [::1]:7");
        assert_eq!(endpoint("[::1]"), "tcp [::1]:1");
        assert_eq!(endpoint("h:99999"), "none");
    }

    #[test]
    fn durations() {
        assert_eq!(duration("5"), Some(Duration::from_secs(5)));
        assert_eq!(duration("1m30s"), Some(Duration::from_secs(90)));
        assert_eq!(duration("1.5s"), Some(Duration::from_millis(1500)));
        assert_eq!(duration("200ms"), Some(Duration::from_millis(200)));
        assert_eq!((duration(""), duration("5x"), duration("s"), duration("-1")), (None, None, None, None));
    }

    #[test]
    fn what_the_system_says() {
        let endpoint = Endpoint::Tcp { host: "::1".into(), port: 5 };
        let refused = endpoint.refused(&io::Error::from(ErrorKind::ConnectionRefused));
        assert_eq!(refused.message, "dial tcp [::1]:5: connect: connection refused");
        assert_eq!(endpoint.timed_out().message, "dial tcp [::1]:5: i/o timeout");
        let socket = Endpoint::Unix("/no/x.sock".into());
        let refused = socket.refused(&io::Error::from(ErrorKind::NotFound));
        assert_eq!(refused.message, "dial unix /no/x.sock: connect: no such file or directory");
    }
}
