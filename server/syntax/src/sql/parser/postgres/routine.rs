//! `CREATE FUNCTION | PROCEDURE | AGGREGATE`.
//!
//! Parameters and types are nodes; a body is a string, or a run of tokens nobody looks into.

use super::super::Parser;
use crate::sql::kind::SyntaxKind;

impl Parser<'_> {
    /// `CREATE [OR REPLACE] FUNCTION | PROCEDURE name (…) …`, whose object word is at `n`.
    pub(super) fn pg_create_routine(&mut self, n: usize) {
        self.start(SyntaxKind::CREATE_OBJECT);
        for _ in 0..=n {
            self.bump_word();
        }
        if self.pg_routine_name("function name") {
            if self.at(SyntaxKind::L_PAREN) {
                self.pg_routine_params();
            } else {
                self.missing("sql-missing-parenthesis", "`(`");
            }
            while !self.pg_at_end() {
                let before = self.at;
                self.pg_routine_option();
                if self.at == before {
                    self.bump_balanced();
                }
            }
        }
        self.trailing();
        self.finish();
    }

    /// The name of a routine, which a keyword may be.
    fn pg_routine_name(&mut self, what: &str) -> bool {
        if !self.at_name() && self.nth_kind(1) == Some(SyntaxKind::L_PAREN) && !self.word().is_empty() {
            self.start(SyntaxKind::PATH);
            self.any_name();
            self.finish();
            return true;
        }
        self.expect_path(what)
    }

    fn pg_routine_params(&mut self) {
        self.start(SyntaxKind::ROUTINE_PARAMS);
        let open = self.here();
        self.bump();
        while !matches!(self.kind(), None | Some(SyntaxKind::R_PAREN | SyntaxKind::DELIMITER)) {
            let before = self.at;
            if !self.at(SyntaxKind::COMMA) {
                self.pg_routine_param();
            }
            if !self.eat(SyntaxKind::COMMA) && self.at == before {
                break;
            }
        }
        self.close(open);
        self.finish();
    }

    /// `[mode] [name] type [DEFAULT value]`.
    fn pg_routine_param(&mut self) {
        self.start(SyntaxKind::ROUTINE_PARAM);
        let mode = self.at_any(&["IN", "OUT", "INOUT", "VARIADIC"])
            && !matches!(self.nth_kind(1), Some(SyntaxKind::COMMA | SyntaxKind::R_PAREN));
        if mode {
            self.bump_word();
            // `IN OUT`.
            self.eat_word("OUT");
        }
        let two_words = |parser: &Self| {
            // `double precision` and its kin are types of several words.
            parser.at_any(&[
                "DOUBLE",
                "CHARACTER",
                "CHAR",
                "NATIONAL",
                "BIT",
                "TIMESTAMP",
                "TIME",
                "INTERVAL",
                "SETOF",
                "NCHAR",
            ]) && [
                "PRECISION",
                "VARYING",
                "CHARACTER",
                "CHAR",
                "WITH",
                "WITHOUT",
                "YEAR",
                "MONTH",
                "DAY",
                "HOUR",
                "MINUTE",
                "SECOND",
            ]
            .iter()
            .any(|word| parser.nth_is(1, word))
        };
        let named = matches!(self.kind(), Some(SyntaxKind::IDENT | SyntaxKind::QUOTED_IDENT))
            && matches!(self.nth_kind(1), Some(SyntaxKind::IDENT | SyntaxKind::QUOTED_IDENT))
            && !self.nth_is(1, "DEFAULT")
            && !self.nth_is(1, "ARRAY")
            && !two_words(self);
        if named {
            self.any_name();
            if self.at_any(&["IN", "OUT", "INOUT"]) && self.nth_is_name(1) {
                self.bump_word();
            }
        }
        self.pg_type();
        if self.eat_word("DEFAULT") || self.eat(SyntaxKind::EQ) || self.pg_assign() {
            self.expr("default value");
        }
        if !self.at_stop() {
            self.pg_loose_element();
        }
        self.finish();
    }

    fn pg_assign(&mut self) -> bool {
        let found = self.pg_token() == ":=";
        if found {
            self.bump();
        }
        found
    }

    fn pg_routine_option(&mut self) {
        if self.at_word("RETURNS") {
            self.start(SyntaxKind::ROUTINE_RETURNS);
            self.bump_word();
            if self.nth_is(0, "TABLE") {
                self.bump_word();
                if self.at(SyntaxKind::L_PAREN) {
                    self.pg_routine_params();
                }
            } else if self.at_word("NULL") {
                // `RETURNS NULL ON NULL INPUT`.
                while self.at_any(&["NULL", "ON", "INPUT"]) {
                    self.bump_word();
                }
            } else {
                self.pg_expect_type();
            }
            self.finish();
        } else if self.at_word("AS") {
            self.start(SyntaxKind::ROUTINE_BODY);
            self.bump_word();
            loop {
                if matches!(self.kind(), Some(SyntaxKind::STRING | SyntaxKind::DOLLAR_STRING)) {
                    self.literal();
                } else {
                    self.missing("sql-missing-body", "body in quotes");
                    break;
                }
                if !self.eat(SyntaxKind::COMMA) {
                    break;
                }
            }
            self.finish();
        } else if self.at_word("RETURN") {
            self.start(SyntaxKind::ROUTINE_BODY);
            self.bump_word();
            self.pg_loose_rest();
            self.finish();
        } else if self.at_word("BEGIN") && self.nth_is(1, "ATOMIC") {
            self.start(SyntaxKind::ROUTINE_BODY);
            self.bump_word();
            self.bump_word();
            self.start(SyntaxKind::LOOSE);
            while !self.is_end() {
                self.bump_balanced();
            }
            self.finish();
            self.finish();
        } else if self.at_any(&["LANGUAGE", "COST", "ROWS", "SUPPORT", "PARALLEL"]) {
            self.start(SyntaxKind::OPTION);
            self.bump_word();
            if matches!(self.kind(), Some(SyntaxKind::IDENT | SyntaxKind::QUOTED_IDENT)) {
                self.path_of_any();
            } else if !self.pg_at_end() {
                self.bump();
            }
            self.finish();
        } else if self.at_word("SET") {
            self.start(SyntaxKind::OPTION);
            self.bump_word();
            self.path_of_any();
            if !self.eat_word("TO") && !self.eat(SyntaxKind::EQ) && self.eat_word("FROM") {
                self.eat_word("CURRENT");
            }
            loop {
                match self.kind() {
                    Some(SyntaxKind::STRING) => self.literal(),
                    Some(SyntaxKind::MINUS) => {
                        self.bump();
                        self.bump();
                    }
                    Some(SyntaxKind::IDENT | SyntaxKind::QUOTED_IDENT | SyntaxKind::NUMBER) => self.bump(),
                    _ => {}
                }
                if !self.eat(SyntaxKind::COMMA) {
                    break;
                }
            }
            self.finish();
        } else if self.word().is_empty() {
            self.bump_balanced();
        } else {
            self.bump_word();
        }
    }

    fn path_of_any(&mut self) {
        self.start(SyntaxKind::PATH);
        self.any_name();
        while self.eat(SyntaxKind::DOT) {
            self.any_name();
        }
        self.finish();
    }

    /// `CREATE [OR REPLACE] AGGREGATE name (…) (…)`, whose object word is at `n`.
    pub(super) fn pg_create_aggregate(&mut self, n: usize) {
        self.start(SyntaxKind::CREATE_OBJECT);
        for _ in 0..=n {
            self.bump_word();
        }
        if self.pg_routine_name("aggregate name") {
            if self.at(SyntaxKind::L_PAREN) {
                self.pg_signature();
            }
            if self.at(SyntaxKind::L_PAREN) {
                self.pg_params();
            }
        }
        self.trailing();
        self.finish();
    }
}
