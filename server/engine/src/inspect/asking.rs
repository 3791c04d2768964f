//! Asking the catalog: as few ways to the server as the driver allows, and several sessions where there is much to read.
//!
//! All queries go in one message. Outside a transaction, the queries up to the one that measures go first; when it
//! finds many rows, the others are divided among this session and further ones that share its snapshot. What a further
//! session cannot answer this one does. Invariant: the answers and the error are those of asking one query after the
//! other on one session; no further session is open afterwards.

use futures::future::{BoxFuture, join_all};

use crate::connection::{Answers, Connection, DbError, DbErrorKind, Query, Role, Rows, Shared};
use crate::dialect::Dialect;
use crate::{Error, Scope};

/// Sessions that read one database together.
const SESSIONS: usize = 3;

/// From so many rows of the query that measures on, opening a further session takes less time than it saves.
const MANY: usize = 1_500;

/// The answers to the queries of the connection's dialect, and to those they make necessary.
///
/// # Errors
/// [`Error::Database`], with the query in its context.
pub(super) async fn ask(
    connection: &mut dyn Connection,
    scope: &Scope,
    inside: bool,
) -> Result<Vec<Rows>, Error> {
    let failed = match attempt(connection, scope, inside, How::Together).await {
        Ok(rows) => return Ok(rows),
        Err(failed) => failed,
    };
    match &failed {
        // After a failure a transaction answers nothing any more.
        Error::Database { error, .. } if !inside && !is_final(error) => {
            // For the words to speak of one query; and what was in the way may be gone.
            attempt(connection, scope, inside, How::OneByOne).await
        }
        _ => Err(failed),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Together,
    OneByOne,
}

/// Whether asking again makes no sense.
fn is_final(error: &DbError) -> bool {
    matches!(error.kind, DbErrorKind::Cancelled | DbErrorKind::Timeout | DbErrorKind::Unreachable)
}

async fn attempt(
    connection: &mut dyn Connection,
    scope: &Scope,
    inside: bool,
    how: How,
) -> Result<Vec<Rows>, Error> {
    let dialect = connection.dialect();
    let capabilities = connection.capabilities().clone();
    let of_dialect = (dialect.inspect)(scope, &capabilities);
    let setup: Vec<Query> = of_dialect.iter().filter(|query| query.role == Role::Setup).cloned().collect();
    let snapshot = dialect.session.snapshot(inside);
    let begin = snapshot.map(|(sql, _)| Query { role: Role::Setup, ..Query::new("schemas", sql) });
    let end = snapshot.map(|(_, sql)| Query { role: Role::Restore, ..Query::new("schemas", sql) });
    let (begun, ended) = (usize::from(begin.is_some()), usize::from(end.is_some()));
    let mut queries: Vec<Query> = begin.into_iter().chain(of_dialect).collect();
    let mut asking = Asking { dialect, connection, how, rows: Vec::new(), failed: None };
    let Some(follow_up) = dialect.follow_up else {
        queries.extend(end);
        asking.most(&queries, &setup, inside).await;
        return asking.done(begun, ended);
    };
    asking.most(&queries, &setup, inside).await;
    if asking.failed.is_none() {
        let more = follow_up(asking.rows.get(begun..).unwrap_or_default(), scope, &capabilities);
        // What the first answers spoke of may be gone by now.
        asking.all(&more, true).await;
    }
    asking.all(end.as_slice(), false).await;
    asking.done(begun, ended)
}

struct Asking<'c> {
    dialect: &'static Dialect,
    connection: &'c mut dyn Connection,
    how: How,
    /// The answers so far, in the order of the queries.
    rows: Vec<Rows>,
    /// The first failure; after it only what restores is asked.
    failed: Option<Error>,
}

impl Asking<'_> {
    /// The answers without those of the statements around them.
    fn done(mut self, begun: usize, ended: usize) -> Result<Vec<Rows>, Error> {
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        self.rows.truncate(self.rows.len().saturating_sub(ended));
        Ok(self.rows.split_off(begun.min(self.rows.len())))
    }

    fn fail(&mut self, name: &str, error: DbError) {
        let context = format!("{}: querying {name}", self.dialect.name);
        self.failed.get_or_insert(Error::doing(context)(error));
    }

    /// Asks `queries`, on several sessions if they are worth it; `setup` is what each of these needs.
    async fn most(&mut self, queries: &[Query], setup: &[Query], inside: bool) {
        let measure = queries.iter().position(|query| query.role == Role::Measure);
        let Some(measure) = measure.filter(|_| !inside && self.how == How::Together) else {
            return self.all(queries, false).await;
        };
        let (first, others) = queries.split_at(measure + 1);
        self.all(first, false).await;
        if self.failed.is_some() || self.rows.last().is_none_or(|rows| rows.rows.len() < MANY) {
            return self.all(others, false).await;
        }
        match self.connection.share().await {
            Ok(Some(shared)) => self.divided(others, setup, shared.as_ref()).await,
            Ok(None) => self.all(others, false).await,
            Err(error) => {
                self.fail("schemas", error);
                self.all(others, false).await;
            }
        }
    }

    /// Asks `queries` on this session; an answer to one whose object is gone is empty where that is `forgiven`.
    async fn all(&mut self, queries: &[Query], forgiven: bool) {
        let mut left = queries;
        while !left.is_empty() && self.failed.is_none() {
            let error = match (self.how, left) {
                (How::OneByOne, [query, ..]) => match self.connection.query(query).await {
                    Ok(rows) => {
                        self.rows.push(rows);
                        left = left.get(1..).unwrap_or_default();
                        None
                    }
                    Err(error) => Some(error),
                },
                _ => {
                    let answers = self.connection.query_all(left).await;
                    let count = answers.rows.len();
                    self.rows.extend(answers.rows);
                    left = left.get(count..).unwrap_or_default();
                    let short = || DbError::other(format!("{count} answers to more queries"));
                    answers.error.or_else(|| (!left.is_empty()).then(short))
                }
            };
            let (Some(error), Some((query, rest))) = (error, left.split_first()) else { continue };
            left = rest;
            if forgiven && error.kind == DbErrorKind::Absent {
                self.rows.push(Rows::default());
            } else {
                self.fail(query.name, error);
            }
        }
        for query in left.iter().filter(|query| query.role == Role::Restore) {
            // The first failure is the one to tell.
            let _ = self.connection.query(query).await;
        }
    }

    /// Asks `queries` on this session and those that `shared` opens.
    async fn divided(&mut self, queries: &[Query], setup: &[Query], shared: &dyn Shared) {
        let parts = divided(queries);
        let of = |part: &[usize]| -> Vec<Query> {
            part.iter().filter_map(|at| queries.get(*at)).cloned().collect()
        };
        let mut answers: Vec<Option<Rows>> = vec![None; queries.len()];
        let mut asked: Vec<BoxFuture<'_, Answers>> = Vec::new();
        let connection = &mut *self.connection;
        if let [own, others @ ..] = parts.as_slice() {
            let mine = of(own);
            asked.push(Box::pin(async move { connection.query_all(&mine).await }));
            for part in others {
                asked.push(Box::pin(beside(shared, setup, of(part))));
            }
        }
        let asked = join_all(asked).await;
        for (session, (part, Answers { rows, error })) in parts.iter().zip(asked).enumerate() {
            let count = rows.len();
            for (at, rows) in part.iter().zip(rows) {
                if let Some(answer) = answers.get_mut(*at) {
                    *answer = Some(rows);
                }
            }
            let Some(error) = error else { continue };
            // What a further session could not do this one will, unless nobody is to.
            if session == 0 || matches!(error.kind, DbErrorKind::Cancelled | DbErrorKind::Timeout) {
                let name = part.get(count).and_then(|at| queries.get(*at)).map_or("", |query| query.name);
                self.fail(name, error);
            }
        }
        for (query, answer) in queries.iter().zip(answers) {
            match answer {
                Some(rows) => self.rows.push(rows),
                None => self.all(std::slice::from_ref(query), false).await,
            }
        }
    }
}

/// Which of `queries` each session answers: those that change a session are left for afterwards.
fn divided(queries: &[Query]) -> Vec<Vec<usize>> {
    let mut left: Vec<(usize, u32)> = queries
        .iter()
        .enumerate()
        .filter(|(_, query)| query.role == Role::Plain)
        .map(|(at, query)| (at, query.weight))
        .collect();
    left.sort_by_key(|(_, weight)| std::cmp::Reverse(*weight));
    let mut parts: Vec<(u32, Vec<usize>)> = vec![(0, Vec::new()); SESSIONS];
    for (at, weight) in left {
        if let Some(part) = parts.iter_mut().min_by_key(|(load, _)| *load) {
            part.0 += weight;
            part.1.push(at);
        }
    }
    parts.into_iter().map(|(_, part)| part).collect()
}

/// The answers of a session of its own.
async fn beside(shared: &dyn Shared, setup: &[Query], part: Vec<Query>) -> Answers {
    let mut connection = match shared.open().await {
        Ok(connection) => connection,
        Err(error) => return Answers { rows: Vec::new(), error: Some(error) },
    };
    let queries: Vec<Query> = setup.iter().cloned().chain(part).collect();
    let mut answers = connection.query_all(&queries).await;
    // It only looked: there is nothing its end could lose.
    let _ = connection.close().await;
    answers.rows.drain(..setup.len().min(answers.rows.len()));
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_queries_are_apart() {
        let queries: Vec<Query> = [(5, Role::Plain), (1, Role::Plain), (4, Role::Plain), (3, Role::Plain)]
            .into_iter()
            .chain([(1, Role::Plain), (9, Role::Restore)])
            .map(|(weight, role)| Query { weight, role, ..Query::new("x", "x") })
            .collect();
        assert_eq!(divided(&queries), [vec![0], vec![2, 4], vec![3, 1]]);
    }
}
