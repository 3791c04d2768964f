//! The revisions of a target: which migrations it has, how far each came, and how the last attempt ended.
//!
//! Values and the order of things; the statements come from the dialect. Invariant: a table another program made is
//! extended where a column is missing and never loses one; what it holds beyond our columns is left alone.
//!
//! Source: atlas `cmd/atlas/internal/migrate`; reference migrations.md section 7.

mod store;
mod time;

use std::fmt;

pub use self::store::{Found, Place, Store};
pub use self::time::Moment;

use crate::connection::{Capabilities, Query, Value};

/// The name of the table.
pub const TABLE: &str = "atlas_schema_revisions";

/// The version of the row that identifies a target towards a registry; it is no revision.
pub const IDENTITY: &str = ".atlas_cloud_identifier";

/// What [`Revision::error`] says of a statement that was started outside a transaction and whose end was not recorded:
/// it is running, or whoever ran it died.
pub const STARTED: &str = "the statement was started and its end was not recorded";

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revision {
    pub version: String,
    pub description: String,
    pub kind: Kind,
    /// How many statements were executed.
    pub applied: u64,
    /// How many there were when it was begun.
    pub total: u64,
    pub executed_at: Moment,
    /// In nanoseconds.
    pub execution_time: i64,
    /// Empty where there was none.
    pub error: String,
    /// The statement [`Revision::error`] is about.
    pub error_stmt: String,
    /// The file's in `atlas.sum`, without `h1:`.
    pub hash: String,
    /// Those of the executed statements, while not all are.
    pub partial_hashes: Vec<String>,
    pub operator_version: String,
}

/// How a revision came to be, as a set of flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind(pub u64);

impl Kind {
    /// The database was in this version when migrations began.
    pub const BASELINE: Kind = Kind(1);
    /// Executed.
    pub const EXECUTE: Kind = Kind(2);
    /// A person said so.
    pub const RESOLVED: Kind = Kind(4);
    /// It is being taken back: the counts and hashes are those of the statements that do so.
    pub const REVERTING: Kind = Kind(8);

    pub fn has(self, other: Kind) -> bool {
        self.0 & other.0 == other.0
    }

    #[must_use]
    pub fn with(self, other: Kind) -> Kind {
        Kind(self.0 | other.0)
    }
}

impl Default for Kind {
    fn default() -> Self {
        Kind::EXECUTE
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("baseline"),
            2 => f.write_str("applied"),
            4 => f.write_str("manually set"),
            6 => f.write_str("applied + manually set"),
            reverting if reverting & 8 != 0 => f.write_str("being taken back"),
            other => write!(f, "unknown ({other:04b})"),
        }
    }
}

impl Revision {
    /// Whether statements of its file are still to be executed.
    ///
    /// Not where a person said that it is done, nor where a run that ended well left an older total behind.
    pub fn is_partial(&self) -> bool {
        let ended = self.applied > self.total || (self.applied > 0 && self.partial_hashes.is_empty());
        self.applied != self.total
            && !self.kind.has(Kind::RESOLVED)
            && !(ended && self.error.is_empty() && self.error_stmt.is_empty())
    }

    /// Whether a part of it may have been taken back already.
    pub fn is_reverting(&self) -> bool {
        self.kind.has(Kind::REVERTING)
    }

    /// The statement that was started and of which no end was recorded.
    pub fn started(&self) -> Option<&str> {
        (self.error == STARTED && (self.is_partial() || self.is_reverting()))
            .then_some(self.error_stmt.as_str())
    }

    /// What messages call its file: `2_add_users.sql`.
    pub fn file(&self) -> String {
        format!("{}_{}.sql", self.version, self.description)
    }
}

/// What a statement of a migration does to the transaction it is executed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// It begins a transaction.
    Begins,
    /// It ends one, keeping or discarding its effects.
    Ends,
    /// It has an effect on the session only, and is to be executed again in another one.
    Session,
    /// All of its effects are undone with the transaction it is in.
    Atomic,
    /// It ends the transaction before it on its own, and its effects stay.
    Commits,
    /// Nothing is known of it, or it cannot be part of a transaction.
    Other,
}

/// A dialect's say in keeping revisions. All texts it gives are one statement each.
pub trait Hooks: Sync + Send {
    /// Where the table of a target is: in the schema asked for, that of the URL, or one of its own.
    ///
    /// # Errors
    /// Where the product cannot have it there.
    fn place(&self, asked: &str, bound: Option<&str>) -> Result<Place, String>;

    /// The names of the columns of the table at `place`, as rows of one text; none where there is no such table.
    fn columns(&self, place: &Place) -> Query;

    /// Whether the schema exists, as rows; `None` where there is nothing to make.
    fn schema(&self, place: &Place) -> Option<Query>;

    /// Makes the schema.
    fn create_schema(&self, place: &Place) -> String;

    /// Makes the table.
    fn create(&self, place: &Place, server: &Capabilities) -> String;

    /// Adds the column `name` to a table made by an older program; `None` for one that cannot be added.
    fn add_column(&self, place: &Place, name: &str, server: &Capabilities) -> Option<String>;

    /// All rows by version, in the order of [`COLUMNS`].
    fn select(&self, place: &Place) -> Query;

    /// Writes a row, in place of one of the same version.
    fn upsert(&self, place: &Place, revision: &Revision) -> Query;

    /// Deletes the row of a version.
    fn delete(&self, place: &Place, version: &str) -> Query;

    /// How many rows a table has, or how many values one of its columns.
    fn count(&self, schema: &str, table: &str, column: Option<&str>) -> Query;

    /// What the statement does to a transaction.
    fn role(&self, sql: &str) -> Role;

    /// Whether definitions are undone with the transaction they are in.
    fn keeps_definitions(&self) -> bool;

    /// The statements that begin, commit and roll back a transaction around one statement.
    fn transaction(&self) -> [&'static str; 3];

    /// The statements that set a savepoint, release it and go back to it, where a failed statement makes the rest of its
    /// transaction useless; `None` where it does not.
    fn savepoint(&self) -> Option<[&'static str; 3]> {
        None
    }

    /// The names, as rows of one text, of what keeps its changes when a transaction is rolled back, with an empty name
    /// where any new table may be such a one; and of what may write to it, for where there is some. `None` where there is
    /// no such thing.
    fn lasting(&self) -> Option<[Query; 2]> {
        None
    }

    /// The names of objects that a statement began to make and did not finish, as rows of one text; `None` where there
    /// is no such thing.
    fn unfinished(&self) -> Option<Query> {
        None
    }

    /// The truth of what a check returned; `None` for what is no truth value.
    fn truth(&self, value: &Value) -> Option<bool> {
        match value {
            Value::Null => Some(false),
            Value::Text(text) => match text.to_ascii_lowercase().as_str() {
                "t" | "true" | "1" => Some(true),
                "f" | "false" | "0" => Some(false),
                _ => None,
            },
            Value::Real(value) => Some(*value != 0.0),
            other => other.bool(),
        }
    }
}

/// The columns of the table.
pub const COLUMNS: [&str; 12] = [
    "version",
    "description",
    "type",
    "applied",
    "total",
    "executed_at",
    "execution_time",
    "error",
    "error_stmt",
    "hash",
    "partial_hashes",
    "operator_version",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_names() {
        let text = |kind: u64| Kind(kind).to_string();
        assert_eq!(
            [text(1), text(2), text(4), text(6), text(3)].join(", "),
            "baseline, applied, manually set, applied + manually set, unknown (0011)"
        );
    }

    #[test]
    fn what_is_left_to_do_is_partial() {
        let row = |applied, total, hashes: usize, error: &str, kind| Revision {
            applied,
            total,
            error: error.to_owned(),
            partial_hashes: vec![String::new(); hashes],
            kind,
            ..Revision::default()
        };
        assert!(row(0, 2, 0, "", Kind::EXECUTE).is_partial());
        assert!(row(1, 2, 1, "boom", Kind::EXECUTE).is_partial());
        assert!(!row(2, 2, 0, "", Kind::EXECUTE).is_partial());
        assert!(!row(0, 0, 0, "", Kind::BASELINE).is_partial());
        assert!(!row(1, 2, 1, "boom", Kind::EXECUTE.with(Kind::RESOLVED)).is_partial());
        // A resumed run of the original leaves the old total.
        assert!(!row(3, 2, 0, "", Kind::EXECUTE).is_partial());
        assert!(!row(1, 2, 0, "", Kind::EXECUTE).is_partial());
    }
}
