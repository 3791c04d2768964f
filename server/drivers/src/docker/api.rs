//! The Docker Engine API: HTTP over the engine's Unix socket, or TCP where `DOCKER_HOST` says so.
//!
//! One request per connection, blocking: it is also used where nothing can be awaited, when a connection is dropped.
//!
//! Source: the Docker Engine API documentation; RFC 9112.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::Duration;

use engine::DbError;
use engine::connection::DbErrorKind;
use serde_json::Value;

/// How long the engine may be silent. Pulling a large layer says something now and then.
const SILENCE: Duration = Duration::from_secs(300);

/// A Docker engine.
#[derive(Clone, Debug)]
pub enum Engine {
    Unix(PathBuf),
    Tcp(String),
}

/// What it answered.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    body: Vec<u8>,
}

impl Engine {
    /// The engine at `host`, or of `DOCKER_HOST`, or of this machine.
    ///
    /// # Errors
    /// It is reached by a transport that is not supported.
    pub fn find(host: Option<&str>) -> Result<Self, DbError> {
        match host {
            Some(host) => Self::of(host),
            None => Self::of(&std::env::var("DOCKER_HOST").unwrap_or_default()),
        }
    }

    fn of(host: &str) -> Result<Self, DbError> {
        match host.split_once("://") {
            _ if host.is_empty() => Ok(Engine::Unix(PathBuf::from("/var/run/docker.sock"))),
            Some(("unix", path)) => Ok(Engine::Unix(PathBuf::from(path))),
            Some(("tcp" | "http", address)) => Ok(Engine::Tcp(address.trim_end_matches('/').to_owned())),
            _ => {
                let scheme = host.split("://").next().unwrap_or_default();
                let text = format!("docker: DOCKER_HOST {scheme}:// is not supported; use unix:// or tcp://");
                Err(DbError::new(DbErrorKind::Url, text))
            }
        }
    }

    /// Whether it runs on this machine.
    pub fn is_local(&self) -> bool {
        matches!(self, Engine::Unix(_))
    }

    /// Where the ports of its containers are.
    pub fn host(&self) -> String {
        match self {
            Engine::Unix(_) => "127.0.0.1".to_owned(),
            Engine::Tcp(address) => {
                address.rsplit_once(':').map_or(address.as_str(), |(host, _)| host).to_owned()
            }
        }
    }

    /// # Errors
    /// It does not answer.
    pub fn get(&self, path: &str) -> Result<Reply, DbError> {
        self.request("GET", path, "application/json", &[])
    }

    /// # Errors
    /// It does not answer.
    pub fn post(&self, path: &str, body: Option<&Value>) -> Result<Reply, DbError> {
        let body = body.map(Value::to_string).unwrap_or_default();
        self.request("POST", path, "application/json", body.as_bytes())
    }

    /// # Errors
    /// It does not answer.
    pub fn delete(&self, path: &str) -> Result<Reply, DbError> {
        self.request("DELETE", path, "application/json", &[])
    }

    /// Sends a tar archive.
    ///
    /// # Errors
    /// It does not answer.
    pub fn upload(&self, path: &str, archive: &[u8]) -> Result<Reply, DbError> {
        self.request("POST", path, "application/x-tar", archive)
    }

    fn request(&self, method: &str, path: &str, kind: &str, body: &[u8]) -> Result<Reply, DbError> {
        let length = body.len();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: docker\r\nConnection: close\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n"
        );
        let answer = match self {
            Engine::Unix(socket) => unix(socket).and_then(|stream| exchange(stream, &head, body)),
            Engine::Tcp(address) => tcp(address).and_then(|stream| exchange(stream, &head, body)),
        };
        answer.map_err(|error| {
            let place = match self {
                Engine::Unix(socket) => format!("unix://{}", socket.display()),
                Engine::Tcp(address) => format!("tcp://{address}"),
            };
            let reason = match error.kind() {
                io::ErrorKind::NotFound => "no such file or directory".to_owned(),
                io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
                io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
                io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => "no answer".to_owned(),
                _ => error.to_string(),
            };
            let text = format!("docker: cannot reach the Docker engine at {place}: {reason}");
            DbError::new(DbErrorKind::Unreachable, text)
        })
    }
}

#[cfg(unix)]
fn unix(socket: &std::path::Path) -> io::Result<std::os::unix::net::UnixStream> {
    let stream = std::os::unix::net::UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(SILENCE))?;
    Ok(stream)
}

#[cfg(not(unix))]
fn unix(_socket: &std::path::Path) -> io::Result<TcpStream> {
    Err(io::Error::other("no Unix sockets on this system; set DOCKER_HOST to tcp://…"))
}

fn tcp(address: &str) -> io::Result<TcpStream> {
    let stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(SILENCE))?;
    Ok(stream)
}

fn exchange(mut stream: impl Read + Write, head: &str, body: &[u8]) -> io::Result<Reply> {
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    stream.flush()?;
    let mut received = Vec::new();
    let mut piece = [0; 16 * 1024];
    loop {
        if let Some(reply) = parse(&received, false)? {
            return Ok(reply);
        }
        match stream.read(&mut piece)? {
            0 => return parse(&received, true)?.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof)),
            read => received.extend_from_slice(&piece[..read]),
        }
    }
}

/// The reply in `bytes`; `None` while there is more to come, which is not so at the `end` of the stream.
fn parse(bytes: &[u8], end: bool) -> io::Result<Option<Reply>> {
    let invalid = |error: httparse::Error| io::Error::new(io::ErrorKind::InvalidData, error.to_string());
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut response = httparse::Response::new(&mut headers);
    let httparse::Status::Complete(start) = response.parse(bytes).map_err(invalid)? else { return Ok(None) };
    let status = response.code.unwrap_or_default();
    let header = |name: &str| {
        let found = response.headers.iter().find(|header| header.name.eq_ignore_ascii_case(name))?;
        std::str::from_utf8(found.value).ok()
    };
    let rest = bytes.get(start..).unwrap_or_default();
    let is_chunked = header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked"));
    let length = header("content-length").and_then(|value| value.trim().parse::<usize>().ok());
    let body = match (is_chunked, length) {
        _ if status == 204 || status == 304 => Some(Vec::new()),
        (true, _) => chunks(rest)?,
        (false, Some(length)) => rest.get(..length).map(<[u8]>::to_vec),
        (false, None) => end.then(|| rest.to_vec()),
    };
    Ok(body.map(|body| Reply { status, body }))
}

/// A chunked body; `None` while it is not complete.
fn chunks(mut rest: &[u8]) -> io::Result<Option<Vec<u8>>> {
    let mut body = Vec::new();
    loop {
        let size = httparse::parse_chunk_size(rest)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "invalid chunk size"))?;
        let httparse::Status::Complete((start, size)) = size else { return Ok(None) };
        if size == 0 {
            return Ok(Some(body));
        }
        let size = usize::try_from(size).map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
        let (Some(chunk), Some(behind)) = (
            start.checked_add(size).and_then(|end| rest.get(start..end)),
            start.checked_add(size).and_then(|end| rest.get(end + 2..)),
        ) else {
            return Ok(None);
        };
        body.extend_from_slice(chunk);
        rest = behind;
    }
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The text of a log, whose pieces have a head of eight bytes: the stream, three zeros, the length.
    pub fn log(&self) -> String {
        let mut text = Vec::new();
        let mut rest = self.body.as_slice();
        while let [0..=2, 0, 0, 0, a, b, c, d, behind @ ..] = rest {
            let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
            let (piece, behind) = behind.split_at(length.min(behind.len()));
            text.extend_from_slice(piece);
            rest = behind;
        }
        // The log of a container with a terminal is bare.
        text.extend_from_slice(rest);
        String::from_utf8_lossy(&text).into_owned()
    }
}

/// `text` as part of a URL; the characters of `kept` stay.
pub fn escape(text: &str, kept: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        let char = byte as char;
        if char.is_ascii_alphanumeric() || "-._~".contains(char) || kept.contains(char) {
            out.push(char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, end: bool) -> Option<(u16, String)> {
        parse(text.as_bytes(), end).unwrap().map(|reply| (reply.status, reply.text()))
    }

    #[test]
    fn bodies_end_where_they_say() {
        let sized = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}rest";
        assert_eq!(read(sized, false), Some((200, "{}".into())));
        assert_eq!(read("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}", false), None);
        let chunked =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n3;x=1\r\nabc\r\n0\r\n\r\n";
        assert_eq!(read(chunked, false), Some((200, "{}abc".into())));
        assert_eq!(read(&chunked[..chunked.len() - 6], false), None);
        assert_eq!(read("HTTP/1.1 204 No Content\r\n\r\n", false), Some((204, String::new())));
        let open = "HTTP/1.0 200 OK\r\n\r\nuntil the end";
        assert_eq!(read(open, false), None);
        assert_eq!(read(open, true), Some((200, "until the end".into())));
        assert_eq!(read("HTTP/1.1 20", false), None);
        assert!(parse(b"nonsense\r\n\r\n", false).is_err());
    }

    #[test]
    fn logs_come_in_pieces() {
        let body = b"\x01\0\0\0\0\0\0\x03ab\n\x02\0\0\0\0\0\0\x02cd".to_vec();
        assert_eq!(Reply { status: 200, body }.log(), "ab\ncd");
        assert_eq!(Reply { status: 200, body: b"bare".to_vec() }.log(), "bare");
    }

    #[test]
    fn engines() {
        let show = |host: &str| match Engine::of(host) {
            Ok(engine) => format!("{engine:?} {}", engine.host()),
            Err(error) => error.message,
        };
        assert_eq!(show(""), "Unix(\"/var/run/docker.sock\") 127.0.0.1");
        assert_eq!(show("unix:///run/x.sock"), "Unix(\"/run/x.sock\") 127.0.0.1");
        assert_eq!(show("tcp://build.example:2375"), "Tcp(\"build.example:2375\") build.example");
        assert_eq!(show("ssh://me@x"), "docker: DOCKER_HOST ssh:// is not supported; use unix:// or tcp://");
    }
}
