//! Counts what a client asks a server: a proxy on loopback that reads along, and makes the server as far away as one likes.
//!
//! It knows just enough of two protocols to tell requests apart. Invariant: what it passes on is what it got.
//!
//! Source: the PostgreSQL documentation, "Message Formats"; the MySQL internals manual, "Command Phase".

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Result;

/// How requests look on the wire.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    Postgres,
    Mysql,
}

/// A proxy before a server; it ends with the process.
pub struct Proxy {
    pub port: u16,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    all: AtomicUsize,
    catalog: AtomicUsize,
}

/// What was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Statements, those that set up the session included.
    pub all: usize,
    /// Of these, those that read the catalog.
    pub catalog: usize,
}

impl Proxy {
    /// Listens, and passes on to `server` (`127.0.0.1:5432`).
    ///
    /// # Errors
    /// There is no port.
    pub fn start(protocol: Protocol, server: String) -> Result<Self> {
        Self::far(protocol, server, Duration::ZERO)
    }

    /// The same with each answer under way for so long.
    ///
    /// # Errors
    /// There is no port.
    pub fn far(protocol: Protocol, server: String, away: Duration) -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let counts = Arc::new(Counts::default());
        let shared = counts.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // A server that refuses shows as a client that fails.
                let Ok(server) = TcpStream::connect(&server) else { continue };
                let _ = client.set_nodelay(true);
                let _ = server.set_nodelay(true);
                let (Ok(from), Ok(to)) = (server.try_clone(), client.try_clone()) else { continue };
                thread::spawn(move || bring(from, to, away));
                let shared = shared.clone();
                thread::spawn(move || read_along(protocol, client, server, &shared));
            }
        });
        Ok(Self { port, counts })
    }

    /// What was asked since the last time.
    pub fn asked(&self) -> Asked {
        let take = |count: &AtomicUsize| count.swap(0, Ordering::SeqCst);
        Asked { all: take(&self.counts.all), catalog: take(&self.counts.catalog) }
    }
}

/// Brings what the server says to the client, each piece so long after it was said.
fn bring(mut from: TcpStream, mut to: TcpStream, away: Duration) {
    if away.is_zero() {
        let _ = std::io::copy(&mut from, &mut to);
    } else {
        let (said, heard) = std::sync::mpsc::channel::<(Instant, Vec<u8>)>();
        thread::spawn(move || {
            let mut piece = vec![0; 64 * 1024];
            while let Ok(read) = from.read(&mut piece) {
                let Some(new) = piece.get(..read).filter(|new| !new.is_empty()) else { break };
                if said.send((Instant::now() + away, new.to_vec())).is_err() {
                    break;
                }
            }
        });
        for (at, piece) in heard {
            thread::sleep(at.saturating_duration_since(Instant::now()));
            if to.write_all(&piece).is_err() {
                break;
            }
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Both);
}

fn read_along(protocol: Protocol, mut client: TcpStream, mut server: TcpStream, counts: &Counts) {
    let mut unread: Vec<u8> = Vec::new();
    // The first message of PostgreSQL has no type.
    let mut started = protocol == Protocol::Mysql;
    let mut piece = [0; 16 * 1024];
    while let Ok(read) = client.read(&mut piece) {
        let Some(new) = piece.get(..read).filter(|new| !new.is_empty()) else { break };
        unread.extend_from_slice(new);
        while let Some((length, request)) = message(protocol, started, &unread) {
            started = true;
            let text: Vec<u8> = unread.drain(..length).collect();
            if request {
                let text = String::from_utf8_lossy(&text).to_ascii_lowercase();
                // Several statements of a message are parted so.
                for statement in text.split("\n;\n") {
                    counts.all.fetch_add(1, Ordering::SeqCst);
                    let words = ["pg_catalog.", "information_schema.", "show create"];
                    if words.iter().any(|word| statement.contains(word)) {
                        counts.catalog.fetch_add(1, Ordering::SeqCst);
                    }
                }
            }
        }
        if server.write_all(new).is_err() {
            break;
        }
    }
    let _ = server.shutdown(std::net::Shutdown::Write);
}

/// The length of the message `bytes` start with, once all of it is there, and whether it is a statement.
fn message(protocol: Protocol, started: bool, bytes: &[u8]) -> Option<(usize, bool)> {
    let number = |bytes: &[u8]| bytes.iter().fold(0_usize, |number, byte| (number << 8) | usize::from(*byte));
    let (length, request) = match protocol {
        Protocol::Postgres if !started => (number(bytes.get(..4)?), false),
        Protocol::Postgres => (1 + number(bytes.get(1..5)?), matches!(bytes[0], b'Q' | b'E')),
        Protocol::Mysql => {
            let [low, middle, high, sequence, command] = *bytes.first_chunk::<5>()?;
            let length = usize::from(low) | (usize::from(middle) << 8) | (usize::from(high) << 16);
            // COM_QUERY, COM_STMT_EXECUTE; an answer to the handshake has another number.
            (4 + length, sequence == 0 && matches!(command, 0x03 | 0x17))
        }
    };
    (bytes.len() >= length).then_some((length, request))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_both_protocols() {
        assert_eq!(message(Protocol::Postgres, false, &[0, 0, 0, 8, 0, 3, 0, 0]), Some((8, false)));
        assert_eq!(message(Protocol::Postgres, true, b"Q\0\0\0\x06x\0"), Some((7, true)));
        assert_eq!(message(Protocol::Postgres, true, b"X\0\0\0\x04"), Some((5, false)));
        assert_eq!(message(Protocol::Postgres, true, b"Q\0\0\0\x06x"), None);
        assert_eq!(message(Protocol::Mysql, true, &[2, 0, 0, 0, 3, b'x']), Some((6, true)));
        assert_eq!(message(Protocol::Mysql, true, &[2, 0, 0, 1, 3, b'x']), Some((6, false)));
    }
}
