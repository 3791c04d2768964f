//! The advisory lock of a session, by a number made of its name.
//!
//! Source: reference engine.md §17.

use std::time::{Duration, Instant};

use engine::connection::DbErrorKind;
use engine::{DbError, Value};

use super::Postgres;

/// The first pause between two attempts; it doubles up to [`LONGEST`].
const SHORTEST: Duration = Duration::from_millis(25);
const LONGEST: Duration = Duration::from_secs(1);

/// The state of an error about a function that does not exist, as messages end.
const UNDEFINED_FUNCTION: &str = "(42883)";

/// Takes the lock `name`, waiting up to `timeout`.
///
/// # Errors
/// `sql/schema: lock is held by other session` ([`DbErrorKind::Locked`]).
pub async fn acquire(session: &mut Postgres, name: &str, timeout: Duration) -> Result<(), DbError> {
    let end = Instant::now() + timeout;
    let mut pause = SHORTEST;
    while !attempt(session, "pg_try_advisory_lock", name).await? {
        if session.watch.cancel.as_ref().is_some_and(engine::connection::Cancel::is_cancelled) {
            return Err(DbError::new(DbErrorKind::Cancelled, "cancelled while waiting for a lock"));
        }
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(DbError::new(DbErrorKind::Locked, "sql/schema: lock is held by other session"));
        }
        // Sessions that wait for one another's lock would otherwise ask at the same moments.
        let jitter = pause.mul_f64(f64::from(std::process::id() % 100) / 100.0);
        tokio::time::sleep((pause + jitter).min(left)).await;
        pause = (pause * 2).min(LONGEST);
    }
    Ok(())
}

/// Releases the lock `name`.
pub async fn release(session: &mut Postgres, name: &str) -> Result<(), DbError> {
    if attempt(session, "pg_advisory_unlock", name).await? {
        return Ok(());
    }
    Err(DbError::other(format!("sql/postgres: failed releasing lock {}", id(name))))
}

async fn attempt(session: &mut Postgres, function: &str, name: &str) -> Result<bool, DbError> {
    let rows = match session.run(&format!("SELECT {function}({})", id(name))).await {
        Ok((rows, _)) => rows,
        // A server that speaks the protocol and has no such locks.
        Err(error) if error.message.contains(UNDEFINED_FUNCTION) => return Ok(true),
        Err(error) => return Err(error),
    };
    Ok(matches!(rows.rows.first().and_then(|row| row.first()), Some(Value::Bool(true))))
}

/// FNV-1, 32 bit.
fn id(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash: u32, byte| hash.wrapping_mul(0x0100_0193) ^ u32::from(byte))
}

#[cfg(test)]
mod tests {
    use super::id;

    #[test]
    fn the_number_is_fnv_1() {
        // Source: the test vectors of draft-eastlake-fnv.
        assert_eq!((id(""), id("a"), id("foobar")), (0x811c_9dc5, 0x050c_5d7e, 0x31f0_b262));
    }
}
