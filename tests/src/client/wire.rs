//! The base protocol: one JSON value after a `Content-Length` header. Strict, because it also judges the server.

use std::io::{self, BufRead, Write};

use serde_json::Value;

/// Reads one message; `None` at the end of the stream.
///
/// # Errors
/// `InvalidData` when what came is not the base protocol, such as a stray line printed on stdout.
pub fn read(input: &mut impl BufRead) -> io::Result<Option<Value>> {
    let mut length = None;
    let mut header = String::new();
    loop {
        header.clear();
        if input.read_line(&mut header)? == 0 {
            return Ok(None);
        }
        let line = header.strip_suffix("\r\n").ok_or_else(|| broken(&header))?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(": ").ok_or_else(|| broken(line))?;
        if name.eq_ignore_ascii_case("Content-Length") {
            length = Some(value.parse().map_err(|_| broken(line))?);
        }
    }
    let mut body = vec![0; length.ok_or_else(|| broken("no Content-Length"))?];
    input.read_exact(&mut body)?;
    serde_json::from_slice(&body).map(Some).map_err(|error| broken(&error.to_string()))
}

/// Writes one message and flushes it.
///
/// # Errors
/// Whatever the pipe says, `BrokenPipe` when the server is gone.
pub fn write(output: &mut impl Write, message: &Value) -> io::Result<()> {
    let body = message.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{body}", body.len())?;
    output.flush()
}

fn broken(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("not the base protocol: {what:?}"))
}
