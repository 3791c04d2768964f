//! What expressions of PostgreSQL have beyond those of others: casts, arrays, typed literals, operators in words.

use super::super::{MAX_DEPTH, Parser};
use crate::sql::kind::SyntaxKind;

/// Words that stand for a value, some with a precision behind them.
const VALUES: &[&str] = &[
    "NULL",
    "TRUE",
    "FALSE",
    "CURRENT_CATALOG",
    "CURRENT_DATE",
    "CURRENT_ROLE",
    "CURRENT_SCHEMA",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "CURRENT_USER",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "SESSION_USER",
    "SYSTEM_USER",
    "USER",
];

impl Parser<'_> {
    /// Takes the operator here, when it belongs to the expression; whether an operand is complete behind it.
    pub(in crate::sql::parser) fn pg_operator(&mut self, operand: bool) -> Option<bool> {
        match (self.pg_token(), operand) {
            (".", true) => {
                // `(row).field`.
                self.bump();
                if self.at(SyntaxKind::STAR) {
                    self.bump();
                } else if matches!(self.kind(), Some(SyntaxKind::IDENT | SyntaxKind::QUOTED_IDENT)) {
                    self.any_name();
                }
                Some(true)
            }
            ("::", true) => {
                self.bump();
                if !self.pg_type() {
                    self.missing("sql-missing-type", "type");
                }
                Some(true)
            }
            ("[", _) => {
                self.pg_subscript();
                Some(true)
            }
            ("." | "::" | "]" | ":" | ":=" | "=>", _) => None,
            _ => {
                self.bump();
                Some(false)
            }
        }
    }

    /// `[1]`, `[2:3]`, and the elements of `ARRAY[…]`.
    fn pg_subscript(&mut self) {
        self.start(SyntaxKind::SUBSCRIPT);
        self.bump();
        self.depth += 1;
        while !self.pg_at_end() {
            let before = self.at;
            match self.pg_token() {
                "]" => break,
                "," | ":" => self.bump(),
                _ if self.depth >= MAX_DEPTH => self.bump_balanced(),
                _ => self.expr("element"),
            }
            if self.at == before {
                self.bump_balanced();
            }
        }
        self.depth -= 1;
        if self.pg_token() == "]" {
            self.bump();
        }
        self.finish();
    }

    /// Takes the operand the word here begins in PostgreSQL only; whether it is complete.
    pub(in crate::sql::parser) fn pg_operand(&mut self) -> Option<bool> {
        if self.at_any(VALUES) && self.nth_kind(1) != Some(SyntaxKind::DOT) {
            self.start(SyntaxKind::LITERAL);
            self.bump_word();
            if self.at(SyntaxKind::L_PAREN) {
                self.bump_balanced();
            }
            self.finish();
            return Some(true);
        }
        if self.at_word("ARRAY") {
            self.bump_word();
            return Some(false);
        }
        if self.at_any(&["VARIADIC", "BOTH", "LEADING", "TRAILING", "SYMMETRIC", "ASYMMETRIC"])
            || (self.at_word("TO") && self.previous_text().eq_ignore_ascii_case("SIMILAR"))
        {
            self.bump_word();
            return Some(false);
        }
        if self.at_word("COLLATION") && self.nth_is(1, "FOR") {
            self.bump_word();
            self.bump_word();
            return Some(false);
        }
        if self.pg_at_typed_literal() {
            let interval = self.at_word("INTERVAL");
            self.pg_type();
            self.literal();
            if interval {
                self.pg_interval_fields();
            }
            return Some(true);
        }
        None
    }

    /// Whether a type stands here and a string behind it: `date '2000-01-01'`.
    fn pg_at_typed_literal(&self) -> bool {
        let string = |n| matches!(self.nth_kind(n), Some(SyntaxKind::STRING));
        if !self.at_name() {
            return false;
        }
        if string(1) {
            return true;
        }
        let time = self.at_any(&["TIMESTAMP", "TIME"])
            && (self.nth_is(1, "WITH") || self.nth_is(1, "WITHOUT"))
            && self.nth_is(2, "TIME")
            && string(4);
        time || (self.at_word("DOUBLE") && self.nth_is(1, "PRECISION") && string(2))
    }

    /// Takes the words behind an operand that only PostgreSQL has; whether an operand is complete behind them.
    pub(in crate::sql::parser) fn pg_infix(&mut self) -> Option<bool> {
        if self.at_word("IS") {
            self.bump_word();
            self.eat_word("NOT");
            if self.eat_word("DISTINCT") {
                self.eat_word("FROM");
                return Some(false);
            }
            if self.eat_any(&["NULL", "TRUE", "FALSE", "UNKNOWN", "DOCUMENT"]) {
                return Some(true);
            }
            if self.at_any(&["NFC", "NFD", "NFKC", "NFKD"]) {
                self.bump_word();
            }
            if self.eat_word("NORMALIZED") {
                return Some(true);
            }
            if self.eat_word("JSON") {
                self.eat_any(&["VALUE", "SCALAR", "ARRAY", "OBJECT"]);
                if self.at_any(&["WITH", "WITHOUT"]) && self.nth_is(1, "UNIQUE") {
                    self.bump_word();
                    self.bump_word();
                    self.eat_word("KEYS");
                }
                return Some(true);
            }
            return Some(false);
        }
        if self.at_word("AT") && (self.nth_is(1, "TIME") || self.nth_is(1, "LOCAL")) {
            self.bump_word();
            if self.eat_word("LOCAL") {
                return Some(true);
            }
            self.bump_word();
            self.eat_word("ZONE");
            return Some(false);
        }
        if self.at_word("OVERLAPS") {
            self.bump_word();
            return Some(false);
        }
        if self.at_word("OPERATOR") && self.nth_kind(1) == Some(SyntaxKind::L_PAREN) {
            self.bump_word();
            self.bump_balanced();
            return Some(false);
        }
        let behind_call = self.previous_text() == ")";
        if behind_call
            && ((self.at_word("WITHIN") && self.nth_is(1, "GROUP"))
                || (self.at_word("FILTER") && self.nth_kind(1) == Some(SyntaxKind::L_PAREN)))
        {
            self.bump_word();
            self.eat_word("GROUP");
            self.bump_balanced();
            return Some(true);
        }
        None
    }

    /// What may stand behind an argument: `EXTRACT(year FROM x)`, `name => value`.
    pub(in crate::sql::parser) fn pg_argument_rest(&mut self) {
        while !self.at_stop() {
            if matches!(self.pg_token(), "=>" | ":=") {
                self.bump();
            } else if !self.eat_any(&["FROM", "FOR", "PLACING", "USING", "ESCAPE"]) {
                break;
            }
            self.expr("expression");
        }
        if self.at_word("ORDER") {
            self.order_by();
        }
        self.skip(SyntaxKind::LOOSE);
    }
}
