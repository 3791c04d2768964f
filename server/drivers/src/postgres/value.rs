//! Values of PostgreSQL, which arrive as text, and literals for those that are sent.
//!
//! Invariant: no type is unknown; what has no closer form stays the text the server wrote.

use engine::{DbError, Value};
use sqlx::Row;
use sqlx::postgres::PgRow;

/// How the text of a column is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Bool,
    Int,
    Real,
    Bytes,
    Text,
}

impl Kind {
    /// By sqlx's name of a type.
    pub fn of(name: &str) -> Self {
        match name {
            "BOOL" => Kind::Bool,
            "INT2" | "INT4" | "INT8" | "OID" => Kind::Int,
            "FLOAT4" | "FLOAT8" => Kind::Real,
            "BYTEA" => Kind::Bytes,
            _ => Kind::Text,
        }
    }

    /// The value at `index`.
    pub fn read(self, row: &PgRow, index: usize) -> Result<Value, DbError> {
        let raw = row.try_get_raw(index).map_err(|error| super::error::statement(error, ""))?;
        // The database may be in an encoding that allows anything (`SQL_ASCII`).
        Ok(match raw.as_bytes() {
            Ok(bytes) => self.value(&String::from_utf8_lossy(bytes)),
            Err(_) => Value::Null,
        })
    }

    fn value(self, text: &str) -> Value {
        let read = match self {
            Kind::Bool => Some(Value::Bool(text == "t")),
            Kind::Int => text.parse().ok().map(Value::Int),
            Kind::Real => text.parse().ok().map(Value::Real),
            Kind::Bytes => bytes(text).map(Value::Blob),
            Kind::Text => None,
        };
        read.unwrap_or_else(|| Value::Text(text.to_owned()))
    }
}

/// Both forms of `bytea_output`.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let Some(hex) = text.strip_prefix("\\x") else { return escaped(text) };
    let digit = |byte: u8| (byte as char).to_digit(16);
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some((digit(*high)? * 16 + digit(*low)?) as u8),
        _ => None,
    };
    hex.as_bytes().chunks(2).map(pair).collect()
}

fn escaped(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        (out, rest) = match (first, behind) {
            (b'\\', [b'\\', behind @ ..]) => (push(out, b'\\'), behind),
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', behind @ ..]) => {
                (push(out, (a - b'0') * 64 + (b - b'0') * 8 + (c - b'0')), behind)
            }
            (b'\\', _) => return None,
            (byte, behind) => (push(out, *byte), behind),
        };
    }
    Some(out)
}

fn push(mut out: Vec<u8>, byte: u8) -> Vec<u8> {
    out.push(byte);
    out
}

/// A value as a literal without a type of its own.
pub fn literal(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(value) => format!("'{value}'"),
        Value::Int(value) => format!("'{value}'"),
        Value::Real(value) => format!("'{value}'"),
        Value::Text(text) => quoted(text),
        Value::Blob(bytes) => {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            quoted(&format!("\\x{hex}"))
        }
    }
}

/// A text as a literal, whatever `standard_conforming_strings` says.
pub fn quoted(text: &str) -> String {
    let escape = if text.contains('\\') { "E" } else { "" };
    format!("{escape}'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_values() {
        assert_eq!(Kind::of("BOOL").value("t"), Value::Bool(true));
        assert_eq!(Kind::of("OID").value("4294967295"), Value::Int(4_294_967_295));
        assert_eq!(Kind::of("FLOAT8").value("-Infinity"), Value::Real(f64::NEG_INFINITY));
        assert_eq!(Kind::of("BYTEA").value("\\x00ff"), Value::Blob(vec![0, 255]));
        assert_eq!(Kind::of("BYTEA").value("a\\\\\\377"), Value::Blob(vec![b'a', b'\\', 255]));
        assert_eq!(Kind::of("BYTEA").value("\\xzz"), Value::Text("\\xzz".into()));
        assert_eq!(Kind::of("NUMERIC").value("1.50"), Value::Text("1.50".into()));
        assert_eq!(Kind::of("whatever").value("{a,b}"), Value::Text("{a,b}".into()));
    }

    #[test]
    fn literals() {
        assert_eq!(quoted("it's"), "'it''s'");
        assert_eq!(quoted("a\\'b"), "E'a\\\\''b'");
        assert_eq!(literal(&Value::Blob(vec![1, 255])), "E'\\\\x01ff'");
        assert_eq!(literal(&Value::Int(-1)), "'-1'");
    }
}
