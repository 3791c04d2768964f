//! Queries that are true when what a finding fears cannot happen.
//!
//! Source: reference/migrations.md section 6.4.

use engine::lint::{Claim, Proof};
use schema::SmolStr;

/// With names in backticks.
pub fn backticks(claim: &Claim) -> String {
    write(claim, |name| format!("`{}`", name.replace('`', "``")))
}

/// With names in double quotes.
pub fn double_quotes(claim: &Claim) -> String {
    write(claim, |name| format!("\"{}\"", name.replace('"', "\"\"")))
}

fn write(claim: &Claim, quote: fn(&str) -> String) -> String {
    let schema = claim.schema.iter().map(|schema| quote(schema) + ".").collect::<String>();
    let table = schema + &quote(&claim.table);
    let each = |columns: &[SmolStr], test: &str, word: &str| {
        let tests: Vec<String> = columns.iter().map(|column| format!("{}{test}", quote(column))).collect();
        tests.join(word)
    };
    let (rest, name) = match &claim.proof {
        Proof::Empty => (String::new(), "is_empty"),
        Proof::AllNull(columns) => {
            (format!(" WHERE {}", each(columns, " IS NOT NULL", " OR ")), "has_no_values")
        }
        Proof::NoNull(column) => (format!(" WHERE {} IS NULL", quote(column)), "has_no_nulls"),
        // NULL is equal to nothing, so rows that have one do not collide.
        Proof::Distinct(columns) => (
            format!(
                " WHERE {} GROUP BY {} HAVING COUNT(*) > 1",
                each(columns, " IS NOT NULL", " AND "),
                each(columns, "", ", ")
            ),
            "has_no_duplicates",
        ),
    };
    format!("SELECT NOT EXISTS (SELECT 1 FROM {table}{rest}) AS {}", quote(name))
}
