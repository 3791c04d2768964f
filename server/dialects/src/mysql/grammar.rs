//! How MySQL reads characters and words.

use syntax::sql::Grammar;

/// MySQL.
pub static GRAMMAR: Grammar = Grammar { name: "mysql", ..Grammar::BASE };
