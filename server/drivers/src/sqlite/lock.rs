//! The advisory lock: a file in the system's folder for temporary files.
//!
//! It holds the time until which it counts, in nanoseconds since 1970, so that a process which died does not keep
//! everyone out; a process that lives keeps the file locked by the system besides, so that one which was killed is told
//! at once. Invariant: the file is removed only
//! by who made it, or after its time by who takes it over.
//!
//! Source: atlas `sql/sqlite/driver.go`, `Lock`; reference engine.md §17. Unlike there, the name always tells databases
//! apart, and a lock that is held is waited for.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use engine::DbError;
use engine::connection::DbErrorKind;

/// Pause between two attempts.
const RETRY: Duration = Duration::from_millis(25);

/// A lock that counts no longer than this would protect nobody.
const LEAST: Duration = Duration::from_secs(10);

/// How long a lock file may be empty while it is being written.
const WRITING: Duration = Duration::from_secs(2);

/// The last digits of a time whose process keeps the file locked by the system too: where that lock is free, the process
/// is gone, and nobody needs to wait for the time. They are below what a clock tells apart.
const MARK: u128 = 77;
const MARK_OF: u128 = 100;

/// A lock this process holds.
pub struct FileLock {
    name: String,
    path: PathBuf,
    /// Kept open for the system's lock on it.
    _file: File,
}

impl FileLock {
    /// Takes the lock `name` of the database `identity`, waiting up to `timeout`.
    ///
    /// # Errors
    /// `sql/sqlite: lock on "n" already taken` ([`DbErrorKind::Locked`]).
    pub async fn acquire(name: &str, identity: &str, timeout: Duration) -> Result<Self, DbError> {
        let path = std::env::temp_dir().join(format!("{name}_{:x}.lock", adler32(identity.as_bytes())));
        let end = Instant::now() + timeout;
        loop {
            if let Some(file) = attempt(&path, timeout.max(LEAST))? {
                return Ok(Self { name: name.to_string(), path, _file: file });
            }
            if Instant::now() >= end {
                let text = format!("sql/sqlite: lock on {name:?} already taken");
                return Err(DbError::new(DbErrorKind::Locked, text));
            }
            tokio::time::sleep(RETRY).await;
        }
    }

    pub fn name(&self) -> &str {
        &self.name
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Makes the lock file; `None` when somebody else holds it.
fn attempt(path: &Path, lasts: Duration) -> Result<Option<File>, DbError> {
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => {
            // A failure here only means that the system does not know such locks: the time in the file remains.
            let kept = file.try_lock().is_ok();
            let until = now() + lasts.as_nanos();
            let until = until - until % MARK_OF + if kept { MARK } else { 0 };
            file.write_all(until.to_string().as_bytes()).and_then(|()| file.flush()).map_err(reading)?;
            Ok(Some(file))
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            take_away(path)?;
            Ok(None)
        }
        Err(error) => Err(reading(error)),
    }
}

/// Removes the file of a lock nobody holds. Only one process does: it holds the system's lock while it does.
fn take_away(path: &Path) -> Result<(), DbError> {
    let mut file = match File::open(path) {
        Ok(file) => file,
        // Released meanwhile: try again.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(reading(error)),
    };
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(reading)?;
    let known = match file.try_lock() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock) => return Ok(()),
        Err(TryLockError::Error(_)) => false,
    };
    let dead = if text.is_empty() {
        // Just being written, or by someone who died over it.
        let age = file.metadata().and_then(|it| it.modified()).ok().and_then(|it| it.elapsed().ok());
        age.is_some_and(|age| age > WRITING)
    } else {
        let until: u128 = text.trim().parse().map_err(|error| {
            DbError::other(format!("sql/sqlite: invalid lock file format: parsing expiration date: {error}"))
        })?;
        until <= now() || (known && until % MARK_OF == MARK)
    };
    // What stands at the path may be another file by now.
    if !dead || !is_at(&file, path) {
        return Ok(());
    }
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(reading(error)),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let (Ok(open), Ok(there)) = (file.metadata(), std::fs::metadata(path)) else { return false };
    (open.dev(), open.ino()) == (there.dev(), there.ino())
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

fn reading(error: std::io::Error) -> DbError {
    DbError::other(format!("sql/sqlite: reading lock dir: {error}"))
}

fn now() -> u128 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_nanos())
}

fn adler32(bytes: &[u8]) -> u32 {
    let (mut a, mut b) = (1u32, 0u32);
    for byte in bytes {
        a = (a + u32::from(*byte)) % 65521;
        b = (b + a) % 65521;
    }
    (b << 16) | a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_held_lock_is_refused_and_a_released_one_is_free() {
        let identity = format!("test {}", std::process::id());
        let first = FileLock::acquire("atlas_ls_test", &identity, Duration::ZERO).await.ok();
        assert!(first.is_some());
        let second = FileLock::acquire("atlas_ls_test", &identity, Duration::ZERO).await.err();
        assert_eq!(
            second.map(|error| error.message),
            Some("sql/sqlite: lock on \"atlas_ls_test\" already taken".into())
        );
        assert!(FileLock::acquire("atlas_ls_test", "another", Duration::ZERO).await.is_ok());
        drop(first);
        assert!(FileLock::acquire("atlas_ls_test", &identity, Duration::ZERO).await.is_ok());
    }

    #[test]
    fn an_expired_lock_nobody_keeps_is_taken_over() {
        let path = std::env::temp_dir().join(format!("atlas_ls_test_expired_{}.lock", std::process::id()));
        std::fs::write(&path, "1").unwrap();
        assert!(attempt(&path, LEAST).unwrap().is_none());
        let file = attempt(&path, LEAST).unwrap();
        assert!(file.is_some());
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn the_lock_of_a_process_that_died_is_free_at_once() {
        let path = std::env::temp_dir().join(format!("atlas_ls_test_dead_{}.lock", std::process::id()));
        let hour = Duration::from_secs(3600);
        let file = attempt(&path, hour).unwrap();
        assert!(file.is_some());
        assert!(attempt(&path, hour).unwrap().is_none());
        assert!(path.exists());
        // What is left of a process that was killed: the file, and no lock of the system on it.
        drop(file);
        assert!(attempt(&path, hour).unwrap().is_none());
        assert!(attempt(&path, hour).unwrap().is_some());
        std::fs::remove_file(&path).unwrap();
        // One of another program says only a time.
        std::fs::write(&path, (now() + hour.as_nanos()).next_multiple_of(MARK_OF).to_string()).unwrap();
        assert!(attempt(&path, hour).unwrap().is_none());
        assert!(attempt(&path, hour).unwrap().is_none());
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn the_checksum_is_adler_32() {
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
    }
}
