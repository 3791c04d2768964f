//! PostgreSQL: which statement it is, and the small ones.
//!
//! Definitions are read in depth. Queries and changes of rows are read loosely: they have tables and columns, but no
//! errors of their own, for the server knows far more forms than this parser. What a definition has beyond the
//! productions here is opaque. Invariant: only what no version of PostgreSQL accepts is an error.
//!
//! Source: the synopses of PostgreSQL 10 to 18, `gram.y` where they are vague.

mod alter;
mod constraint;
mod create;
mod expr;
mod object;
mod rights;
mod routine;
mod table;
mod types;

use super::Parser;
use crate::sql::kind::SyntaxKind;

impl Parser<'_> {
    /// Takes the statement whose first word is, or means, `word`.
    pub(super) fn pg_statement(&mut self, word: &str) {
        match word {
            "CREATE" => self.pg_create(),
            "ALTER" => self.pg_alter(),
            "DROP" => self.pg_drop(),
            "SELECT" | "VALUES" => self.pg_query_statement(),
            "TABLE" => self.pg_command(SyntaxKind::COMMAND),
            "WITH" => {
                self.loose += 1;
                self.with_statement();
                self.loose -= 1;
            }
            "INSERT" | "UPDATE" | "DELETE" => {
                self.loose += 1;
                let checkpoint = self.checkpoint();
                self.change_rows(checkpoint, word);
                self.loose -= 1;
            }
            "BEGIN" | "START" | "COMMIT" | "END" | "ROLLBACK" | "ABORT" | "SAVEPOINT" | "RELEASE" => {
                self.pg_command(SyntaxKind::TRANSACTION);
            }
            "PREPARE" if self.nth_is(1, "TRANSACTION") => self.pg_command(SyntaxKind::TRANSACTION),
            "COMMENT" => self.pg_comment(),
            "GRANT" | "REVOKE" => self.pg_grant(),
            "SET" | "RESET" => self.pg_set(),
            "COPY" => self.pg_copy(),
            "EXPLAIN" => {
                self.start(SyntaxKind::EXPLAIN);
                self.bump_word();
                self.pg_loose_rest();
                self.finish();
            }
            "ANALYZE" | "ANALYSE" | "CALL" | "CHECKPOINT" | "CLOSE" | "CLUSTER" | "DEALLOCATE"
            | "DECLARE" | "DISCARD" | "DO" | "EXECUTE" | "FETCH" | "LISTEN" | "LOAD" | "LOCK" | "MERGE"
            | "MOVE" | "NOTIFY" | "PREPARE" | "REASSIGN" | "REFRESH" | "REINDEX" | "SECURITY" | "SHOW"
            | "TRUNCATE" | "UNLISTEN" | "VACUUM" => self.pg_command(SyntaxKind::COMMAND),
            _ if self.at(SyntaxKind::L_PAREN) => self.pg_query_statement(),
            _ => self.opaque_statement(),
        }
    }

    /// A statement of which no more needs to be known than its words.
    fn pg_command(&mut self, kind: SyntaxKind) {
        self.start(kind);
        self.bump_word();
        self.pg_loose_rest();
        self.finish();
    }

    fn pg_query_statement(&mut self) {
        self.pg_query(|_| false);
    }

    /// A query, read loosely, up to the end of the statement or where `ends` says so.
    pub(super) fn pg_query(&mut self, ends: impl Fn(&Self) -> bool) {
        self.loose += 1;
        let checkpoint = self.checkpoint();
        self.query();
        if !self.pg_at_end() && !ends(self) {
            self.start_at(checkpoint, SyntaxKind::QUERY);
            self.start(SyntaxKind::LOOSE);
            while !self.pg_at_end() && !ends(self) {
                self.bump_balanced();
            }
            self.finish();
            self.finish();
        }
        self.loose -= 1;
    }

    /// Whether the statement ends here; within a body, or a schema, also before what follows in it.
    pub(super) fn pg_at_end(&self) -> bool {
        matches!(self.kind(), None | Some(SyntaxKind::DELIMITER | SyntaxKind::R_PAREN))
            || self.ends_body()
            || self.pg_at_schema_element()
    }

    /// Takes the rest of the statement as it is.
    pub(super) fn pg_loose_rest(&mut self) {
        if self.pg_at_end() {
            return;
        }
        self.start(SyntaxKind::LOOSE);
        while !self.pg_at_end() {
            self.bump_balanced();
        }
        self.finish();
    }

    /// Takes the tokens up to the end of a list element as they are.
    pub(super) fn pg_loose_element(&mut self) {
        self.skip(SyntaxKind::LOOSE);
    }

    /// The words here, as far as they are those of `words`.
    pub(super) fn pg_words(&mut self, words: &[&str]) -> bool {
        let found = words.iter().enumerate().all(|(n, word)| self.nth_is(n, word));
        if found {
            for _ in words {
                self.bump_word();
            }
        }
        found
    }

    /// A name where most keywords are allowed too: a role, a label.
    pub(super) fn pg_any_word(&mut self) {
        match self.kind() {
            Some(SyntaxKind::IDENT | SyntaxKind::QUOTED_IDENT) => self.any_name(),
            Some(_) => self.bump(),
            None => {}
        }
    }

    /// `CASCADE` or `RESTRICT`.
    pub(super) fn pg_behavior(&mut self) {
        self.eat_any(&["CASCADE", "RESTRICT"]);
    }

    /// `SET name = …`, `SET name TO …`, `RESET name`.
    fn pg_set(&mut self) {
        self.start(SyntaxKind::SET_OPTION);
        self.bump_word();
        if self.at_any(&["SESSION", "LOCAL"]) && !matches!(self.nth_kind(1), Some(SyntaxKind::EQ)) {
            self.bump_word();
        }
        if self.at_name() {
            self.path();
        }
        if self.at(SyntaxKind::EQ) {
            self.bump();
        } else {
            self.eat_word("TO");
        }
        self.pg_loose_rest();
        self.finish();
    }

    fn pg_copy(&mut self) {
        self.start(SyntaxKind::COPY);
        self.bump_word();
        if self.at_name() {
            self.path();
            if self.at(SyntaxKind::L_PAREN) {
                self.loose += 1;
                self.column_names();
                self.loose -= 1;
            }
        }
        self.pg_loose_rest();
        self.finish();
    }

    /// `COMMENT ON kind name … IS 'text'`.
    fn pg_comment(&mut self) {
        self.start(SyntaxKind::COMMENT_ON);
        self.bump_word();
        if !self.expect_word("ON") {
            self.pg_loose_rest();
            self.finish();
            return;
        }
        self.pg_object_words();
        self.pg_object_name();
        if self.eat_word("ON") {
            self.eat_word("DOMAIN");
            if self.at_name() {
                self.path();
            }
        }
        while !self.pg_at_end() && !self.at_word("IS") {
            // What is said of operators, casts and the like.
            self.start(SyntaxKind::LOOSE);
            while !self.pg_at_end() && !self.at_word("IS") {
                self.bump_balanced();
            }
            self.finish();
        }
        if self.expect_word("IS") {
            if matches!(self.kind(), Some(SyntaxKind::STRING | SyntaxKind::DOLLAR_STRING))
                || self.at_word("NULL")
            {
                self.literal();
                // `'a' 'b'` over two lines is one string.
                while self.at(SyntaxKind::STRING) {
                    self.literal();
                }
            } else {
                self.missing("sql-missing-value", "text");
            }
        }
        self.trailing();
        self.finish();
    }

    /// The words that say what kind of object is meant: `MATERIALIZED VIEW`.
    pub(super) fn pg_object_words(&mut self) {
        const TWO: &[(&str, &str)] = &[
            ("MATERIALIZED", "VIEW"),
            ("FOREIGN", "TABLE"),
            ("EVENT", "TRIGGER"),
            ("LARGE", "OBJECT"),
            ("OPERATOR", "CLASS"),
            ("OPERATOR", "FAMILY"),
            ("ACCESS", "METHOD"),
            ("USER", "MAPPING"),
            ("PROCEDURAL", "LANGUAGE"),
        ];
        if self.at_word("FOREIGN") && self.nth_is(1, "DATA") {
            self.pg_words(&["FOREIGN", "DATA", "WRAPPER"]);
        } else if self.at_word("TEXT") && self.nth_is(1, "SEARCH") {
            for _ in 0..3 {
                self.bump_word();
            }
        } else if TWO.iter().any(|(first, second)| self.at_word(first) && self.nth_is(1, second)) {
            self.bump_word();
            self.bump_word();
        } else if !self.word().is_empty() {
            self.bump_word();
        }
    }

    /// A name of an object, with the types of a routine's parameters.
    pub(super) fn pg_object_name(&mut self) {
        if self.pg_at_operator() {
            self.pg_operator_name();
        } else if self.at_name() || self.nth_kind(1) == Some(SyntaxKind::DOT) {
            self.path();
        } else if self.kind() == Some(SyntaxKind::IDENT) && !self.at_word("IS") {
            // A keyword that may name a function or a type.
            self.start(SyntaxKind::PATH);
            self.any_name();
            self.finish();
        }
        if self.at(SyntaxKind::L_PAREN) {
            self.pg_signature();
        }
    }

    /// Whether the name of an operator with its schema comes: `s.===`.
    pub(super) fn pg_at_operator(&self) -> bool {
        let is_name = |kind| matches!(kind, None | Some(SyntaxKind::IDENT | SyntaxKind::QUOTED_IDENT));
        self.at_name() && self.nth_kind(1) == Some(SyntaxKind::DOT) && !is_name(self.nth_kind(2))
    }

    /// `s.===`, as far as the types it is for.
    pub(super) fn pg_operator_name(&mut self) {
        self.start(SyntaxKind::LOOSE);
        while !self.pg_at_end() && !self.at(SyntaxKind::L_PAREN) && !self.at_word("USING") {
            self.bump();
        }
        self.finish();
    }

    /// `( type, … )`.
    pub(super) fn pg_signature(&mut self) {
        self.start(SyntaxKind::SIGNATURE);
        self.bump_balanced();
        self.finish();
    }

    fn pg_drop(&mut self) {
        let plain = ["TABLE", "INDEX", "VIEW", "TRIGGER"];
        let materialized = self.nth_is(1, "MATERIALIZED") && self.nth_is(2, "VIEW");
        let word = self.object(1, &plain);
        if self.nth(1).is_none() {
            self.opaque_statement();
            return;
        }
        let kind = if materialized || plain.contains(&word.as_str()) {
            SyntaxKind::DROP
        } else {
            SyntaxKind::DROP_OBJECT
        };
        self.start(kind);
        self.bump_word();
        match plain.into_iter().find(|known| *known == word) {
            Some(known) => {
                self.expect_word(known);
                self.eat_word("CONCURRENTLY");
            }
            None => self.pg_object_words(),
        }
        self.if_exists();
        loop {
            let before = self.at;
            if kind == SyntaxKind::DROP {
                self.expect_path(match word.as_str() {
                    "TABLE" => "table name",
                    "INDEX" => "index name",
                    "TRIGGER" => "trigger name",
                    _ => "view name",
                });
            } else {
                self.pg_object_name();
            }
            if self.at_word("ON") {
                self.start(SyntaxKind::OPTION);
                self.bump_word();
                self.expect_path("table name");
                self.finish();
            }
            if !self.eat(SyntaxKind::COMMA) || self.at == before {
                break;
            }
        }
        self.pg_behavior();
        if kind == SyntaxKind::DROP_OBJECT {
            self.pg_loose_rest();
        }
        self.trailing();
        self.finish();
    }
}
