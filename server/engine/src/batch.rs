//! Many statements at once, for databases in which nobody else looks on: dev databases.
//!
//! Not for a user's target, where each statement is reported by itself ([`crate::apply`]). Invariant: the effect and
//! the error are those of sending the statements one by one.

use std::ops::Range;

use crate::connection::{Connection, DbError, DbErrorKind};
use crate::session::{Session, Transaction};

/// Statements in one message. More of them save little time, and may take more locks than a server has.
const MOST: usize = 100;

/// Bytes in one message, unless one statement alone has more: far below what any server refuses.
const LARGEST: usize = 256 * 1024;

/// A statement that was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Which of the statements it is.
    pub at: usize,
    pub error: DbError,
}

/// Runs `statements` in order, up to the first that is refused.
///
/// # Errors
/// [`Refused`] in the words the server has for that statement alone.
pub async fn run(connection: &mut dyn Connection, statements: &[String]) -> Result<(), Refused> {
    let session = connection.dialect().session;
    for part in parts(session, statements, MOST) {
        let mut at = part.start;
        if part.len() > 1 {
            match connection.execute_all(&statements[part.clone()]).await {
                Ok(()) => continue,
                Err(stopped) => {
                    at += stopped.done;
                    if is_final(&stopped.error) {
                        return Err(Refused { at, error: stopped.error });
                    }
                }
            }
        }
        // One by one, so that the refusal speaks of one statement.
        for (at, statement) in statements.iter().enumerate().take(part.end).skip(at) {
            if let Err(error) = connection.execute(statement).await {
                return Err(Refused { at, error });
            }
        }
    }
    Ok(())
}

/// Runs `statements` in a transaction that is left open, for its rollback to undo them all. `None`, and nothing done,
/// where that cannot be; then [`run`] does it, or says what is wrong with which statement.
///
/// # Errors
/// When the user stopped it, or the server went away.
pub async fn try_out(
    connection: &mut dyn Connection,
    statements: &[String],
) -> Result<Option<Transaction>, Refused> {
    let session = connection.dialect().session;
    if statements.is_empty() || !session.can_undo(connection, statements).await {
        return Ok(None);
    }
    let Ok(transaction) = session.begin(connection).await else { return Ok(None) };
    for part in parts(session, statements, usize::MAX) {
        let some = &statements[part.clone()];
        let done = match session.as_one(some) {
            Some(one) => connection.execute(&one).await.map(|_| ()),
            None => connection.execute_all(some).await.map_err(|stopped| stopped.error),
        };
        if let Err(error) = done {
            // Where this fails, what comes next on the connection says why.
            let _ = session.rollback(connection, transaction).await;
            return if is_final(&error) { Err(Refused { at: part.start, error }) } else { Ok(None) };
        }
    }
    Ok(Some(transaction))
}

/// Whether trying again makes no sense.
fn is_final(error: &DbError) -> bool {
    matches!(error.kind, DbErrorKind::Cancelled | DbErrorKind::Unreachable)
}

/// The statements of each message, in order, at most so many.
fn parts<'a>(
    session: &'a dyn Session,
    statements: &'a [String],
    most: usize,
) -> impl Iterator<Item = Range<usize>> + 'a {
    let mut start = 0;
    std::iter::from_fn(move || {
        let first = statements.get(start)?;
        let mut end = start + 1;
        if session.goes_together(first) {
            let mut size = first.len();
            while let Some(next) = statements.get(end) {
                size += next.len();
                if end - start >= most || size > LARGEST || !session.goes_together(next) {
                    break;
                }
                end += 1;
            }
        }
        let part = start..end;
        start = end;
        Some(part)
    })
}
