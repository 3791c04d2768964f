//! Values of MySQL: text for most statements, binary for prepared ones.
//!
//! Invariant: both forms give the same value, and a type without a closer form is the text the server would write.
//! Whether bytes are text is told by the bytes: a binary collation is no sign of binary data.
//!
//! Source: the MySQL internals manual, "Binary Protocol Value".

use engine::{DbError, Value};
use sqlx::mysql::MySqlRow;
use sqlx::{Row, ValueRef};

/// How a column is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Int { unsigned: bool },
    Float,
    Double,
    Date,
    DateTime,
    Time,
    Bytes,
}

impl Kind {
    /// By sqlx's name of a type.
    pub fn of(name: &str) -> Self {
        match name {
            "BOOLEAN" | "TINYINT" | "SMALLINT" | "MEDIUMINT" | "INT" | "BIGINT" => {
                Kind::Int { unsigned: false }
            }
            "YEAR" => Kind::Int { unsigned: true },
            _ if name.ends_with(" UNSIGNED") => Kind::Int { unsigned: true },
            "FLOAT" => Kind::Float,
            "DOUBLE" => Kind::Double,
            "DATE" => Kind::Date,
            "DATETIME" | "TIMESTAMP" => Kind::DateTime,
            "TIME" => Kind::Time,
            _ => Kind::Bytes,
        }
    }

    /// The value at `index` of a text row, or of a `binary` one.
    pub fn read(self, row: &MySqlRow, index: usize, binary: bool) -> Result<Value, DbError> {
        let raw = row.try_get_raw(index).map_err(super::error::statement)?;
        // sqlx takes a zero date for NULL; its bytes are there all the same.
        let bytes: Option<&[u8]> = if raw.is_null() && !(binary && self.is_time()) {
            None
        } else {
            row.try_get_unchecked(index).map_err(super::error::statement)?
        };
        let Some(bytes) = bytes else { return Ok(Value::Null) };
        let value = if binary { self.binary(bytes) } else { self.text(bytes) };
        Ok(value.unwrap_or_else(|| plain(bytes)))
    }

    fn is_time(self) -> bool {
        matches!(self, Kind::Date | Kind::DateTime | Kind::Time)
    }

    fn text(self, bytes: &[u8]) -> Option<Value> {
        let text = std::str::from_utf8(bytes).ok()?;
        match self {
            Kind::Int { .. } => text.parse().ok().map(Value::Int),
            Kind::Float | Kind::Double => text.parse().ok().map(Value::Real),
            _ => None,
        }
    }

    fn binary(self, bytes: &[u8]) -> Option<Value> {
        match self {
            Kind::Int { unsigned } => integer(bytes, unsigned),
            // The shortest decimal of the single, as the server writes it.
            Kind::Float => {
                let value = f32::from_le_bytes(bytes.try_into().ok()?);
                value.to_string().parse().ok().map(Value::Real)
            }
            Kind::Double => Some(Value::Real(f64::from_le_bytes(bytes.try_into().ok()?))),
            Kind::Date => date(bytes.get(1..)?).map(Value::Text),
            Kind::DateTime => date_time(bytes.get(1..)?).map(Value::Text),
            Kind::Time => time(bytes.get(1..)?).map(Value::Text),
            Kind::Bytes => None,
        }
    }
}

/// Text where it is text.
fn plain(bytes: &[u8]) -> Value {
    match std::str::from_utf8(bytes) {
        Ok(text) => Value::Text(text.to_owned()),
        Err(_) => Value::Blob(bytes.to_vec()),
    }
}

/// Little endian, of any width; beyond [`i64`] it is its digits.
fn integer(bytes: &[u8], unsigned: bool) -> Option<Value> {
    let negative = !unsigned && bytes.last()? & 0x80 != 0;
    let mut wide = [if negative { 0xff } else { 0 }; 8];
    wide.get_mut(..bytes.len())?.copy_from_slice(bytes);
    if unsigned {
        let value = u64::from_le_bytes(wide);
        return Some(i64::try_from(value).map_or_else(|_| Value::Text(value.to_string()), Value::Int));
    }
    Some(Value::Int(i64::from_le_bytes(wide)))
}

fn date(bytes: &[u8]) -> Option<String> {
    match bytes {
        [] => Some("0000-00-00".to_owned()),
        [y0, y1, month, day, ..] => {
            Some(format!("{:04}-{month:02}-{day:02}", u16::from_le_bytes([*y0, *y1])))
        }
        _ => None,
    }
}

fn date_time(bytes: &[u8]) -> Option<String> {
    let clock = match bytes.get(4..) {
        None | Some([]) => "00:00:00".to_owned(),
        Some([hour, minute, second, fraction @ ..]) => {
            format!("{hour:02}:{minute:02}:{second:02}{}", micros(fraction)?)
        }
        Some(_) => return None,
    };
    Some(format!("{} {clock}", date(bytes)?))
}

fn time(bytes: &[u8]) -> Option<String> {
    match bytes {
        [] => Some("00:00:00".to_owned()),
        [negative, d0, d1, d2, d3, hour, minute, second, fraction @ ..] => {
            let days = u32::from_le_bytes([*d0, *d1, *d2, *d3]);
            let hours = u64::from(days) * 24 + u64::from(*hour);
            let sign = if *negative == 1 { "-" } else { "" };
            Some(format!("{sign}{hours:02}:{minute:02}:{second:02}{}", micros(fraction)?))
        }
        _ => None,
    }
}

fn micros(bytes: &[u8]) -> Option<String> {
    match bytes {
        [] => Some(String::new()),
        _ => Some(format!(".{:06}", u32::from_le_bytes(bytes.try_into().ok()?))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(name: &str, bytes: &[u8]) -> Value {
        Kind::of(name).text(bytes).unwrap_or_else(|| plain(bytes))
    }

    fn binary(name: &str, bytes: &[u8]) -> Value {
        Kind::of(name).binary(bytes).unwrap_or_else(|| plain(bytes))
    }

    #[test]
    fn both_protocols_give_the_same() {
        assert_eq!(text("SMALLINT", b"-2"), binary("SMALLINT", &[0xfe, 0xff]));
        assert_eq!(text("TINYINT UNSIGNED", b"254"), binary("TINYINT UNSIGNED", &[0xfe]));
        let most = u64::MAX;
        let expected = Value::Text(most.to_string());
        assert_eq!(text("BIGINT UNSIGNED", most.to_string().as_bytes()), expected);
        assert_eq!(binary("BIGINT UNSIGNED", &most.to_le_bytes()), expected);
        assert_eq!(text("FLOAT", b"1.1"), binary("FLOAT", &1.1f32.to_le_bytes()));
        assert_eq!(text("DATE", b"2024-02-29"), binary("DATE", &[4, 0xe8, 7, 2, 29]));
        assert_eq!(text("DATE", b"0000-00-00"), binary("DATE", &[0]));
        let moment = [11, 0xe8, 7, 2, 29, 13, 5, 9, 1, 0, 0, 0];
        assert_eq!(text("DATETIME", b"2024-02-29 13:05:09.000001"), binary("DATETIME", &moment));
        assert_eq!(text("TIME", b"-25:01:02"), binary("TIME", &[8, 1, 1, 0, 0, 0, 1, 1, 2]));
        assert_eq!(text("DECIMAL", b"1.50"), binary("DECIMAL", b"1.50"));
        assert_eq!(text("VARBINARY", "ü".as_bytes()), Value::Text("ü".into()));
        assert_eq!(text("BLOB", &[0xff, 0]), Value::Blob(vec![0xff, 0]));
    }
}
