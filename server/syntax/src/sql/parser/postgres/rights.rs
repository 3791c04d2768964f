//! `GRANT`, `REVOKE`, `ALTER DEFAULT PRIVILEGES`.

use super::super::Parser;
use crate::sql::kind::SyntaxKind;

impl Parser<'_> {
    /// `GRANT right, … ON object … TO role …`, `GRANT role TO role`, and the same with `REVOKE … FROM`.
    pub(super) fn pg_grant(&mut self) {
        self.start(SyntaxKind::GRANT);
        self.pg_grant_rest();
        self.finish();
    }

    pub(super) fn pg_default_privileges(&mut self) {
        self.start(SyntaxKind::GRANT);
        self.bump_word();
        self.bump_word();
        self.bump_word();
        while !self.pg_at_end() && !self.at_any(&["GRANT", "REVOKE"]) {
            if self.at_word("IN") {
                self.start(SyntaxKind::OPTION);
                self.bump_word();
                self.eat_word("SCHEMA");
                self.pg_any_word();
                while self.eat(SyntaxKind::COMMA) {
                    self.pg_any_word();
                }
                self.finish();
            } else {
                self.bump_word();
                if matches!(self.previous_text().to_ascii_uppercase().as_str(), "ROLE" | "USER") {
                    self.pg_roles();
                }
            }
        }
        self.pg_grant_rest();
        self.finish();
    }

    fn pg_grant_rest(&mut self) {
        self.bump_word();
        self.pg_words(&["GRANT", "OPTION", "FOR"]);
        self.pg_words(&["ADMIN", "OPTION", "FOR"]);
        // The rights, or roles.
        while !self.pg_at_end() && !self.at_any(&["ON", "TO", "FROM"]) {
            match self.kind() {
                Some(SyntaxKind::L_PAREN) => {
                    self.loose += 1;
                    self.column_names();
                    self.loose -= 1;
                }
                Some(SyntaxKind::IDENT) if self.grammar.is_keyword(self.word()) => self.bump_word(),
                Some(SyntaxKind::IDENT | SyntaxKind::QUOTED_IDENT) => self.any_name(),
                _ => self.bump(),
            }
        }
        if self.eat_word("ON") {
            self.pg_grant_objects();
        }
        if self.eat_any(&["TO", "FROM"]) {
            self.pg_roles();
        }
        self.pg_loose_rest();
    }

    fn pg_grant_objects(&mut self) {
        if self.pg_words(&["ALL"]) {
            while !self.pg_at_end() && !self.at_any(&["TO", "FROM", "IN"]) {
                self.bump_word();
            }
            self.pg_words(&["IN", "SCHEMA"]);
        } else if [
            "TABLE",
            "SEQUENCE",
            "DATABASE",
            "DOMAIN",
            "FUNCTION",
            "PROCEDURE",
            "ROUTINE",
            "LANGUAGE",
            "SCHEMA",
            "TABLESPACE",
            "TYPE",
            "PARAMETER",
            "FOREIGN",
            "LARGE",
        ]
        .iter()
        .any(|word| self.at_word(word))
            && !matches!(self.nth_kind(1), Some(SyntaxKind::COMMA | SyntaxKind::DOT))
            && !self.nth_is(1, "TO")
            && !self.nth_is(1, "FROM")
        {
            if self.at_word("FOREIGN") {
                self.bump_word();
                while self.at_any(&["DATA", "WRAPPER", "SERVER"]) {
                    self.bump_word();
                }
            } else {
                self.pg_object_words();
            }
        }
        loop {
            let before = self.at;
            if self.at_name() || self.nth_kind(1) == Some(SyntaxKind::DOT) {
                self.pg_object_name();
            } else if !self.pg_at_end() && !self.at_any(&["TO", "FROM"]) {
                self.bump();
            }
            if !self.eat(SyntaxKind::COMMA) || self.at == before {
                return;
            }
        }
    }
}
