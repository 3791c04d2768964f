//! What an object was called before, as its author says.
//!
//! A differ that finds the old name in the database and the new one in the file plans a rename instead of a drop and an
//! add. In HCL it is the attribute `renamed_from`; where a block has none, and in SQL, the comment
//! `atlas:renamed_from old` in the line above. No database knows it, so it never counts as a difference.

use schema::AttrKey;

/// The former name.
pub static RENAMED_FROM: AttrKey<String> =
    AttrKey::new("renamed_from", "What it was called before; the plan renames it then.");
