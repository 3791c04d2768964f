//! The attributes only SQLite has, declared once: decoding, encoding, comparing and planning read the same keys.

use schema::AttrKey;

/// Of a table: `WITHOUT ROWID`.
pub static WITHOUT_ROWID: AttrKey<bool> =
    AttrKey::new("without_rowid", "Store the rows in the index of the primary key, without a rowid.");

/// Of a table: `STRICT`.
pub static STRICT: AttrKey<bool> =
    AttrKey::new("strict", "Reject values whose type is not that of their column (SQLite 3.37 and later).");

/// Of a column: `PRIMARY KEY AUTOINCREMENT`.
pub static AUTO_INCREMENT: AttrKey<bool> = AttrKey::new(
    "auto_increment",
    "Never use the number of a deleted row again. Only for an integer primary key.",
);

/// Of a column or an index part: `COLLATE x`, in the author's case.
pub static COLLATE: AttrKey<String> = AttrKey::new(
    "collate",
    "The collating sequence text is compared by: BINARY, NOCASE, RTRIM or one of the application.",
);

/// Of a primary key, a unique constraint or a column's `NOT NULL`: the word after `ON CONFLICT`, upper case.
pub static ON_CONFLICT: AttrKey<String> = AttrKey::new(
    "on_conflict",
    "What happens to a statement that violates the constraint: ROLLBACK, ABORT, FAIL, IGNORE, REPLACE.",
);

/// Of a foreign key: `DEFERRABLE INITIALLY DEFERRED`, the only form that has an effect.
pub static DEFERRED: AttrKey<bool> =
    AttrKey::new("deferred", "Check the foreign key when the transaction ends, not after each statement.");

/// Of an object of kind [`VIRTUAL_TABLE`]: the statement that makes it, verbatim.
pub static CREATE: AttrKey<String> = AttrKey::new("create", "The statement that makes the object.");

/// The kind of object a virtual table is: `CREATE VIRTUAL TABLE … USING module(…)`.
pub const VIRTUAL_TABLE: &str = "virtual table";

/// Of a view: the names in parentheses behind its own, when the query does not name its columns.
pub static VIEW_COLUMNS: AttrKey<Vec<String>> =
    AttrKey::new("columns", "The names of the view's columns, when its query does not name them.");
