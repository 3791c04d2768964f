//! How PostgreSQL reads characters and words.

use syntax::sql::Grammar;

/// PostgreSQL.
pub static GRAMMAR: Grammar = Grammar { name: "postgres", ..Grammar::BASE };
