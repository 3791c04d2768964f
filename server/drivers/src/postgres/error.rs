//! sqlx errors in the words of lib/pq: `pq: relation "t" does not exist at column 15 (42P01)`.

use engine::DbError;
use engine::connection::DbErrorKind;
use sqlx::Error;
use sqlx::postgres::{PgDatabaseError, PgErrorPosition};

use crate::net::{self, Endpoint};

/// An error of the statement `sql`.
pub fn statement(error: Error, sql: &str) -> DbError {
    match error {
        Error::Database(error) => match error.try_downcast_ref::<PgDatabaseError>() {
            Some(error) => server(error, sql),
            None => DbError::other(error.message()),
        },
        Error::Io(error) => net::broken(&error),
        Error::Tls(error) => net::insecure(error),
        other => DbError::other(other.to_string()),
    }
}

/// An error of making a connection.
pub fn connecting(error: Error, endpoint: &Endpoint) -> DbError {
    match error {
        Error::Io(error) => net::handshake(&error).unwrap_or_else(|| endpoint.refused(&error)),
        Error::Tls(error) => match error.to_string().as_str() {
            "server does not support TLS" => {
                DbError::new(DbErrorKind::Tls, "pq: SSL is not enabled on the server")
            }
            reason => net::insecure(reason),
        },
        Error::Configuration(error) => DbError::new(DbErrorKind::Url, error.to_string()),
        Error::Protocol(reason) => endpoint.strange("PostgreSQL", &reason),
        other => statement(other, ""),
    }
}

fn server(error: &PgDatabaseError, sql: &str) -> DbError {
    let mut text = format!("pq: {}", error.message());
    if let Some(PgErrorPosition::Original(position)) = error.position() {
        text += &place(sql, position);
    }
    text += &format!(" ({})", error.code());
    DbError::new(kind(error.code(), error.message()), text)
}

/// ` at column 8`, or ` at position 2:8` in a text of several lines.
fn place(sql: &str, position: usize) -> String {
    let before: String = sql.chars().take(position.saturating_sub(1)).collect();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    match sql.contains('\n') {
        _ if sql.is_empty() || position == 0 => String::new(),
        false => format!(" at column {column}"),
        true => format!(" at position {line}:{column}"),
    }
}

/// Source: PostgreSQL documentation, appendix A.
fn kind(code: &str, message: &str) -> DbErrorKind {
    match code {
        "3D000" => DbErrorKind::Absent,
        "55P03" | "40P01" => DbErrorKind::Locked,
        "25006" => DbErrorKind::ReadOnly,
        "57014" if message.contains("timeout") => DbErrorKind::Timeout,
        "57014" => DbErrorKind::Cancelled,
        "42501" => DbErrorKind::Permission,
        "53300" => DbErrorKind::Full,
        "57P01" | "57P02" | "57P03" => DbErrorKind::Unreachable,
        // What `pg_hba.conf` refuses has the class of a wrong password.
        _ if code.starts_with("28") => DbErrorKind::Auth,
        _ if code.starts_with("23") => DbErrorKind::Constraint,
        _ if code.starts_with("08") => DbErrorKind::Unreachable,
        _ => DbErrorKind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn places() {
        assert_eq!(place("SELECT x", 8), " at column 8");
        assert_eq!(place("SELECT\n  x", 10), " at position 2:3");
        assert_eq!(place("", 8), "");
    }
}
