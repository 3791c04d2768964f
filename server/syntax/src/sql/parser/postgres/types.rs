//! Types as PostgreSQL writes them: `character varying(10)`, `public.mood[]`, `timestamp(3) with time zone`.

use super::super::Parser;
use crate::sql::kind::SyntaxKind;

impl Parser<'_> {
    /// Takes a type; whether one was there.
    pub(in crate::sql::parser) fn pg_type(&mut self) -> bool {
        if !self.at_name() {
            return false;
        }
        self.start(SyntaxKind::TYPE_NAME);
        if self.at_word("SETOF") {
            self.bump_word();
        }
        self.pg_type_words();
        self.pg_type_dimensions();
        self.finish();
        true
    }

    /// Takes a type, or reports that it is missing.
    pub(super) fn pg_expect_type(&mut self) {
        if !self.pg_type() && self.at_stop() {
            self.missing("sql-missing-type", "type");
        }
    }

    fn pg_type_words(&mut self) {
        let word = self.word().to_ascii_uppercase();
        self.pg_type_word();
        while self.at(SyntaxKind::DOT) {
            self.bump();
            self.pg_type_word();
        }
        match word.as_str() {
            "DOUBLE" if self.at_word("PRECISION") => self.pg_type_word(),
            "NATIONAL" => {
                if self.at_any(&["CHARACTER", "CHAR"]) {
                    self.pg_type_word();
                }
                if self.at_word("VARYING") {
                    self.pg_type_word();
                }
            }
            "CHARACTER" | "CHAR" | "NCHAR" | "BIT" if self.at_word("VARYING") => self.pg_type_word(),
            "INTERVAL" => self.pg_interval_fields(),
            _ => {}
        }
        if self.at(SyntaxKind::L_PAREN) {
            self.start(SyntaxKind::TYPE_ARGS);
            self.bump_balanced();
            self.finish();
        }
        if matches!(word.as_str(), "TIMESTAMP" | "TIME")
            && self.at_any(&["WITH", "WITHOUT"])
            && self.nth_is(1, "TIME")
        {
            for _ in 0..3 {
                self.pg_type_word();
            }
        }
        // `table.column%TYPE` of a routine's parameter.
        if self.pg_token() == "%" && self.nth_is(1, "TYPE") {
            self.bump();
            self.pg_type_word();
        }
    }

    pub(super) fn pg_interval_fields(&mut self) {
        const FIELDS: &[&str] = &["YEAR", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND"];
        if !self.at_any(FIELDS) {
            return;
        }
        self.pg_type_word();
        if self.at_word("TO") && FIELDS.iter().any(|field| self.nth_is(1, field)) {
            self.pg_type_word();
            self.pg_type_word();
        }
    }

    fn pg_type_dimensions(&mut self) {
        if self.at_word("ARRAY") {
            self.pg_type_word();
        }
        while self.pg_token() == "[" {
            self.bump();
            if self.at(SyntaxKind::NUMBER) {
                self.bump();
            }
            if self.pg_token() != "]" {
                break;
            }
            self.bump();
        }
    }

    /// Takes a word of a type as it is, so that the words of a type are all of one kind.
    fn pg_type_word(&mut self) {
        if let Some(kind @ (SyntaxKind::IDENT | SyntaxKind::QUOTED_IDENT)) = self.kind() {
            self.bump_as(kind);
        }
    }

    /// The text of the current token.
    pub(super) fn pg_token(&self) -> &str {
        self.tokens.get(self.at).map_or("", |token| self.text_of(*token))
    }
}
