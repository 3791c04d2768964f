//! What a `sqlite://` URL means: which file, opened how.
//!
//! The data source name is the URL's text behind `://`, not its parsed parts: Go takes `file:` of
//! `sqlite://file:/abs/x.db` for a host. Without `file:` everything behind `?` is for the driver alone, and SQLite sees
//! the bare path.

use std::path::{Path, PathBuf};
use std::time::Duration;

use engine::connection::DbErrorKind;
use engine::{DatabaseUrl, DbError};

/// How to open a database.
#[derive(Debug)]
pub struct Dsn {
    /// What SQLite is given.
    pub filename: String,
    /// The file, unless `memory`.
    pub path: PathBuf,
    /// In memory.
    pub memory: bool,
    pub foreign_keys: bool,
    pub busy_timeout: Duration,
    /// Other settings of the URL.
    pub pragmas: Vec<(&'static str, String)>,
}

/// What go-sqlite3 waits for a locked database.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// Parameters of go-sqlite3 that are pragmas, by either name.
const PRAGMAS: &[(&str, &str, &str)] = &[
    ("_auto_vacuum", "_vacuum", "auto_vacuum"),
    ("_cache_size", "_cache_size", "cache_size"),
    ("_case_sensitive_like", "_cslike", "case_sensitive_like"),
    ("_defer_foreign_keys", "_defer_fk", "defer_foreign_keys"),
    ("_ignore_check_constraints", "_ignore_check_constraints", "ignore_check_constraints"),
    ("_journal_mode", "_journal", "journal_mode"),
    ("_locking_mode", "_locking", "locking_mode"),
    ("_query_only", "_query_only", "query_only"),
    ("_recursive_triggers", "_rt", "recursive_triggers"),
    ("_secure_delete", "_secure_delete", "secure_delete"),
    ("_synchronous", "_sync", "synchronous"),
];

impl Dsn {
    /// Reads a URL.
    pub fn of(url: &DatabaseUrl) -> Result<Self, DbError> {
        let text = url.secret();
        let dsn = text.split_once("://").map_or(text, |(_, dsn)| dsn);
        let param = |name: &str| url.param(name);
        let mut memory = param("mode").as_deref() == Some("memory");
        let bare = dsn.split(['?', '#']).next().unwrap_or_default();
        let (filename, path) = if memory && !bare.starts_with("file:") {
            (format!("file:{dsn}"), PathBuf::new())
        } else if let Some(path) = bare.strip_prefix("file:") {
            (dsn.to_string(), PathBuf::from(decode(path.strip_prefix("//").unwrap_or(path))))
        } else {
            (bare.to_string(), PathBuf::from(bare))
        };
        memory |= path == Path::new(":memory:");
        if !memory && path.as_os_str().is_empty() {
            return Err(DbError::new(DbErrorKind::Url, "the URL names no file"));
        }
        let foreign_keys = match param("_foreign_keys").or_else(|| param("_fk")) {
            Some(value) => switch("_foreign_keys", &value)?,
            None => false,
        };
        let busy_timeout = match param("_busy_timeout").or_else(|| param("_timeout")) {
            Some(value) => {
                let millis = value.parse::<u32>().ok().filter(|millis| *millis <= i32::MAX as u32);
                let invalid = || invalid("_busy_timeout", &value);
                Duration::from_millis(u64::from(millis.ok_or_else(invalid)?))
            }
            None => BUSY_TIMEOUT,
        };
        let mut pragmas = Vec::new();
        for (long, short, pragma) in PRAGMAS {
            if let Some(value) = param(long).or_else(|| param(short)) {
                // The value becomes part of a statement: only a word or a number may.
                let word = |char: char| char.is_ascii_alphanumeric() || char == '_' || char == '-';
                if value.is_empty() || !value.chars().all(word) {
                    return Err(invalid(long, &value));
                }
                pragmas.push((*pragma, value));
            }
        }
        Ok(Self { filename, path, memory, foreign_keys, busy_timeout, pragmas })
    }

    /// What tells this database apart from others on this machine; `None` when nobody else can reach it.
    pub fn identity(&self) -> Option<String> {
        if self.memory {
            return None;
        }
        let path = std::path::absolute(&self.path).unwrap_or_else(|_| self.path.clone());
        let path = std::fs::canonicalize(&path).unwrap_or(path);
        Some(path.to_string_lossy().into_owned())
    }
}

fn switch(name: &str, value: &str) -> Result<bool, DbError> {
    match value.to_ascii_lowercase().as_str() {
        "0" | "no" | "false" | "off" => Ok(false),
        "1" | "yes" | "true" | "on" => Ok(true),
        _ => Err(invalid(name, value)),
    }
}

fn invalid(name: &str, value: &str) -> DbError {
    DbError::new(DbErrorKind::Url, format!("invalid {name}: {value}"))
}

/// The `%xx` of a `file:` URI undone.
fn decode(path: &str) -> String {
    let mut out = Vec::with_capacity(path.len());
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        let hex = |byte: Option<u8>| byte.and_then(|byte| (byte as char).to_digit(16));
        let mut ahead = bytes.clone();
        match (byte, hex(ahead.next()), hex(ahead.next())) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                bytes = ahead;
            }
            _ => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::Dsn;
    use engine::DatabaseUrl;

    fn show(url: &str) -> String {
        match DatabaseUrl::parse(url).map(|url| Dsn::of(&url)) {
            Ok(Ok(dsn)) => format!("{} memory={} fk={}", dsn.filename, dsn.memory, dsn.foreign_keys),
            Ok(Err(error)) => format!("error: {error}"),
            Err(error) => format!("error: {error}"),
        }
    }

    #[test]
    fn the_file_is_the_text_behind_the_scheme() {
        assert_eq!(show("sqlite://x.db?_fk=1"), "x.db memory=false fk=true");
        assert_eq!(show("sqlite3://./x.db"), "./x.db memory=false fk=false");
        assert_eq!(show("sqlite:///abs/x.db"), "/abs/x.db memory=false fk=false");
        assert_eq!(show("sqlite://file:/abs/x.db?_fk=1"), "file:/abs/x.db?_fk=1 memory=false fk=true");
        assert_eq!(show("sqlite://dev?mode=memory&_fk=1"), "file:dev?mode=memory&_fk=1 memory=true fk=true");
        assert_eq!(show("sqlite://x.db?cache=shared"), "x.db memory=false fk=false");
    }

    #[test]
    fn bad_parameters_are_refused() {
        assert_eq!(show("sqlite://x.db?_fk=maybe"), "error: invalid _foreign_keys: maybe");
        assert_eq!(show("sqlite://x.db?_journal=wal;drop"), "error: invalid _journal_mode: wal;drop");
        assert_eq!(show("sqlite://?_fk=1"), "error: the URL names no file");
        assert_eq!(show("sqlite://file:x.db"), r#"error: invalid port ":x.db" after host"#);
    }
}
