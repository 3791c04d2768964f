//! What no rollback undoes: tables of storage engines without transactions, and what may write to them.
//!
//! A statement on such a table has its effect whatever becomes of the transaction around it, so it is recorded as a
//! definition is: as started, before it is sent. Invariant: what may write to such a table counts as doing so.

use crate::connection::{Connection, DbError};

/// The names that are known, until a definition may have changed them.
#[derive(Debug, Default)]
pub struct Lasting {
    names: Option<Vec<String>>,
}

impl Lasting {
    /// Asks the database, unless it was asked before.
    ///
    /// # Errors
    /// The database's.
    pub async fn look(&mut self, connection: &mut dyn Connection) -> Result<(), DbError> {
        if self.names.is_some() {
            return Ok(());
        }
        let mut names = Vec::new();
        for query in connection.dialect().revisions.lasting().iter().flatten() {
            let rows = connection.query(query).await?.rows;
            if names.is_empty() && rows.is_empty() {
                break;
            }
            names.extend(rows.iter().filter_map(|row| row.first()?.text().map(str::to_lowercase)));
        }
        self.names = Some(names);
        Ok(())
    }

    /// `sql` was executed: what is known may be old.
    pub fn forget(&mut self, sql: &str) {
        let names_engine = || mentions(&sql.to_lowercase(), "engine");
        if self.names.as_ref().is_some_and(|names| !names.is_empty() || names_engine()) {
            self.names = None;
        }
    }

    /// Whether `sql` may change such a table; an empty name means that any table may be one.
    pub fn holds(&self, sql: &str) -> bool {
        let names = self.names.as_deref().unwrap_or_default();
        let sql = if names.is_empty() { String::new() } else { sql.to_lowercase() };
        names.iter().any(|name| name.is_empty() || mentions(&sql, name))
    }
}

/// Whether `name` stands in `sql` as a whole word.
fn mentions(sql: &str, name: &str) -> bool {
    let is_word = |ch: char| ch.is_alphanumeric() || ch == '_' || ch == '$';
    sql.match_indices(name).any(|(at, _)| {
        let before = sql.get(..at).and_then(|text| text.chars().next_back());
        let after = sql.get(at + name.len()..).and_then(|text| text.chars().next());
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_whole_word() {
        let lasting = Lasting { names: Some(vec!["log".to_owned()]) };
        assert!(lasting.holds("INSERT INTO `Log` VALUES (1)"));
        assert!(lasting.holds("insert into app.log select 1"));
        assert!(!lasting.holds("INSERT INTO catalog VALUES (1)"));
        assert!(!lasting.holds("INSERT INTO log_2 VALUES (1)"));
        assert!(Lasting { names: Some(vec![String::new()]) }.holds("INSERT INTO x VALUES (1)"));
        assert!(!Lasting::default().holds("INSERT INTO log VALUES (1)"));
    }
}
