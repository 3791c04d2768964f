//! sqlx errors in the words of go-sql-driver: `Error 1049 (42000): Unknown database 'x'`.

use engine::DbError;
use engine::connection::DbErrorKind;
use sqlx::Error;
use sqlx::mysql::MySqlDatabaseError;

use crate::net::{self, Endpoint};

/// An error of a statement.
pub fn statement(error: Error) -> DbError {
    match error {
        Error::Database(error) => match error.try_downcast_ref::<MySqlDatabaseError>() {
            Some(error) => server(error),
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
                DbError::new(DbErrorKind::Tls, "TLS requested but server does not support TLS")
            }
            reason => net::insecure(reason),
        },
        Error::Configuration(error) => DbError::new(DbErrorKind::Url, error.to_string()),
        Error::Protocol(reason) => endpoint.strange("MySQL", &reason),
        other => statement(other),
    }
}

fn server(error: &MySqlDatabaseError) -> DbError {
    let number = error.number();
    let text = match error.code() {
        Some(state) => format!("Error {number} ({state}): {}", error.message()),
        None => format!("Error {number}: {}", error.message()),
    };
    DbError::new(kind(number, error.code().unwrap_or_default()), text)
}

/// Source: the server error references of MySQL and MariaDB.
fn kind(number: u16, state: &str) -> DbErrorKind {
    match number {
        // A database, a table, a routine, a trigger, an event.
        1049 | 1146 | 1305 | 1360 | 1539 => DbErrorKind::Absent,
        1044 | 1142 | 1143 | 1227 | 1370 | 1410 => DbErrorKind::Permission,
        1045 | 1698 | 3118 | 4151 => DbErrorKind::Auth,
        1130 => DbErrorKind::Auth,
        1205 | 1213 => DbErrorKind::Locked,
        1290 | 1792 | 1836 => DbErrorKind::ReadOnly,
        1317 => DbErrorKind::Cancelled,
        1969 | 3024 => DbErrorKind::Timeout,
        3159 => DbErrorKind::Tls,
        1040 | 1203 | 1226 => DbErrorKind::Full,
        1053 | 1129 | 1152 => DbErrorKind::Unreachable,
        _ if state.starts_with("23") => DbErrorKind::Constraint,
        3819 => DbErrorKind::Constraint,
        _ if state.starts_with("28") => DbErrorKind::Auth,
        _ => DbErrorKind::Other,
    }
}
