//! sqlx errors as SQLite says them.

use std::path::Path;

use engine::DbError;
use engine::connection::DbErrorKind;
use sqlx::Error;

/// An error of a statement.
pub fn plain(error: Error) -> DbError {
    match error {
        Error::Database(error) => {
            let code = error.code().and_then(|code| code.parse::<i32>().ok()).unwrap_or_default();
            DbError::new(kind(code), error.message())
        }
        Error::Io(error) => DbError::other(error.to_string()),
        Error::WorkerCrashed => DbError::other("the thread of the SQLite connection ended"),
        other => DbError::other(other.to_string()),
    }
}

/// An error of opening `path`: SQLite only says that it could not, the system why.
pub fn open_error(error: Error, path: &Path) -> DbError {
    let mut error = plain(error);
    if error.kind == DbErrorKind::Absent {
        let cause = match std::fs::File::open(path) {
            Err(cause) => Some(cause),
            Ok(_) if path.is_dir() => Some(std::io::Error::from(std::io::ErrorKind::IsADirectory)),
            Ok(_) => None,
        };
        if let Some(cause) = cause {
            error = cannot_open(&cause);
        }
    }
    error
}

/// `unable to open database file: no such file or directory`.
pub fn cannot_open(cause: &std::io::Error) -> DbError {
    use std::io::ErrorKind;
    // Only what is not there can be created.
    let (kind, text) = match cause.kind() {
        ErrorKind::NotFound => (DbErrorKind::Absent, "no such file or directory".to_owned()),
        ErrorKind::PermissionDenied => (DbErrorKind::Other, "permission denied".to_owned()),
        ErrorKind::IsADirectory => (DbErrorKind::Other, "is a directory".to_owned()),
        ErrorKind::NotADirectory => (DbErrorKind::Other, "not a directory".to_owned()),
        _ => (DbErrorKind::Other, cause.to_string()),
    };
    DbError::new(kind, format!("unable to open database file: {text}"))
}

/// Source: SQLite's result codes; the low byte is the primary one.
fn kind(code: i32) -> DbErrorKind {
    match code & 0xff {
        5 | 6 => DbErrorKind::Locked,
        8 => DbErrorKind::ReadOnly,
        9 => DbErrorKind::Cancelled,
        14 => DbErrorKind::Absent,
        19 => DbErrorKind::Constraint,
        26 => DbErrorKind::NotADatabase,
        _ => DbErrorKind::Other,
    }
}
