//! Which statements do in one message, and in one transaction, what they do alone; and what such a transaction costs.
//!
//! Judged by the first words: what is not known goes alone. Invariant: a statement that fails alone does not pass
//! among others, and all that one does is undone by a rollback.
//!
//! Source: PostgreSQL 18, "Multiple Statements in a Simple Query", "Explicit Locking", "Resource Consumption".

use engine::connection::{Rows, Value};

/// The locks that may be taken.
pub const LOCKS: &str = include_str!("locks.sql");

/// What can be defined inside a transaction.
const OBJECTS: &[&str] = &[
    "AGGREGATE",
    "CAST",
    "COLLATION",
    "DOMAIN",
    "EXTENSION",
    "FUNCTION",
    "INDEX",
    "MATERIALIZED",
    "OPERATOR",
    "POLICY",
    "PROCEDURE",
    "RULE",
    "SCHEMA",
    "SEQUENCE",
    "STATISTICS",
    "TABLE",
    "TRIGGER",
    "TYPE",
    "VIEW",
];

/// Words between `CREATE` and the object.
const KINDS: &[&str] = &["CONSTRAINT", "OR", "REPLACE", "UNIQUE", "UNLOGGED"];

/// Whether `sql` may go with its like.
pub fn goes(sql: &str) -> bool {
    // Whether a backslash escapes is the server's setting, which decides where a text ends.
    if sql.contains('\\') {
        return false;
    }
    let mut words = words(sql);
    let Some(first) = words.next() else { return false };
    let is = |word: &str, other: &str| word.eq_ignore_ascii_case(other);
    let any = |word: &str, list: &[&str]| list.iter().any(|it| is(word, it));
    match first.to_ascii_uppercase().as_str() {
        "COMMENT" => true,
        // `LOCAL` and the like mean something inside a transaction only.
        "SET" => words.next().is_some_and(|word| {
            !any(word, &["LOCAL", "SESSION", "TRANSACTION", "CONSTRAINTS", "ROLE", "TIME"])
        }),
        // As `pg_dump` writes them; other functions may do anything.
        "SELECT" => {
            is(words.next().unwrap_or_default(), "pg_catalog")
                && any(words.next().unwrap_or_default(), &["set_config", "setval"])
        }
        verb @ ("CREATE" | "ALTER" | "DROP") => {
            let object = match verb {
                "CREATE" => words.find(|word| !any(word, KINDS)),
                _ => words.next(),
            };
            let Some(object) = object.filter(|word| any(word, OBJECTS)) else { return false };
            // Bodies may say what they like.
            any(object, &["FUNCTION", "PROCEDURE", "RULE"])
                || !words.any(|word| is(word, "CONCURRENTLY") || (is(object, "TYPE") && is(word, "VALUE")))
        }
        _ => false,
    }
}

/// `statements` as a block of PL/pgSQL. A statement of its own would hand over all the locks of its transaction at its
/// end, which takes the longer the more there are; those of a block are handed over once.
pub fn block(statements: &[String]) -> String {
    let all: Vec<&str> = statements.iter().map(|sql| sql.trim_end().trim_end_matches(';')).collect();
    let body = format!("BEGIN EXECUTE '{}'; END", all.join("\n;\n").replace('\'', "''"));
    let mut tag = "$all$".to_owned();
    while body.contains(&tag) {
        tag.insert(1, '_');
    }
    format!("DO {tag} {body} {tag}")
}

/// How many locks `statements` take at most, by the relations they make.
pub fn locks(statements: &[String]) -> i64 {
    let one = |sql: &String| {
        let mut words = words(sql).map(str::to_ascii_uppercase);
        let verb = words.next().unwrap_or_default();
        if !matches!(verb.as_str(), "CREATE" | "ALTER" | "DROP") {
            return 0;
        }
        // A table with the one for its long values and the index of that, and the index or sequence of each of its words.
        let more = words.filter(|word| {
            matches!(
                word.as_str(),
                "PRIMARY"
                    | "UNIQUE"
                    | "EXCLUDE"
                    | "IDENTITY"
                    | "SERIAL"
                    | "BIGSERIAL"
                    | "SMALLSERIAL"
                    | "SERIAL2"
                    | "SERIAL4"
                    | "SERIAL8"
            )
        });
        let own = if sql.get(..12).is_some_and(|it| it.eq_ignore_ascii_case("CREATE INDEX")) { 1 } else { 3 };
        own + i64::try_from(more.count()).unwrap_or(i64::MAX)
    };
    statements.iter().map(one).sum()
}

/// What the answer to [`LOCKS`] says.
pub fn free(rows: &Rows) -> i64 {
    let value = rows.rows.first().and_then(|row| row.first());
    value.and_then(Value::text).and_then(|text| text.parse().ok()).unwrap_or_default()
}

fn words(sql: &str) -> impl Iterator<Item = &str> {
    sql.split(|ch: char| !ch.is_ascii_alphanumeric() && ch != '_').filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_plan_and_a_dump_consist_of_goes_together() {
        for sql in [
            "CREATE TABLE \"t\" (\"a\" serial)",
            "create unique index i on t (a);",
            "CREATE INDEX i ON t (a)",
            "CREATE MATERIALIZED VIEW v AS SELECT 1",
            "CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT concurrently $$",
            "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()",
            "ALTER TABLE ONLY public.t ADD CONSTRAINT k PRIMARY KEY (a)",
            "COMMENT ON TABLE t IS 'x'",
            "SET default_tablespace = ''",
            "SELECT pg_catalog.set_config('search_path', '', false);",
        ] {
            assert!(goes(sql), "{sql}");
        }
    }

    #[test]
    fn what_transactions_change_goes_alone() {
        for sql in [
            "",
            "CREATE INDEX CONCURRENTLY i ON t (a)",
            "CREATE UNIQUE INDEX CONCURRENTLY i ON t (a)",
            "ALTER TABLE t DETACH PARTITION p CONCURRENTLY",
            "ALTER TYPE e ADD VALUE 'x'",
            "CREATE TEMP TABLE t (a int) ON COMMIT DROP",
            "CREATE DATABASE d",
            "CREATE TABLE t (a text DEFAULT '\\')",
            "SET LOCAL search_path = ''",
            "SELECT pg_sleep(1)",
            "INSERT INTO t VALUES (1)",
            "COMMIT",
            "DO $$ BEGIN COMMIT; END $$",
            "VACUUM",
        ] {
            assert!(!goes(sql), "{sql}");
        }
    }

    #[test]
    fn a_block_holds_them_all() {
        let all =
            ["CREATE TABLE t (a text DEFAULT 'x');", "COMMENT ON TABLE t IS '$all$'"].map(str::to_owned);
        assert_eq!(
            block(&all),
            "DO $_all$ BEGIN EXECUTE 'CREATE TABLE t (a text DEFAULT ''x'')\n;\nCOMMENT ON TABLE t IS ''$all$'''; END $_all$"
        );
    }

    #[test]
    fn relations_are_locks() {
        let all = [
            "CREATE TABLE a (id serial PRIMARY KEY, b int UNIQUE)",
            "CREATE INDEX i ON a (b)",
            "COMMENT ON TABLE a IS 'unique'",
        ];
        assert_eq!(locks(&all.map(str::to_owned)), 7);
    }
}
