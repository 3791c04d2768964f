//! `CREATE` of schemas, types, domains, sequences, extensions, policies, event triggers and the rest.

use super::super::Parser;
use crate::sql::kind::SyntaxKind;

impl Parser<'_> {
    /// `CREATE … OBJECT`, up to the name.
    fn pg_object_head(&mut self) {
        self.start(SyntaxKind::CREATE_OBJECT);
        self.bump_word();
        self.pg_object_words();
        self.if_not_exists();
    }

    /// `CREATE SCHEMA [IF NOT EXISTS] name [AUTHORIZATION role] [element …]`.
    pub(super) fn pg_create_schema(&mut self) {
        self.pg_object_head();
        if !self.at_word("AUTHORIZATION") {
            self.expect_path("schema name");
        }
        if self.at_word("AUTHORIZATION") {
            self.start(SyntaxKind::OPTION);
            self.bump_word();
            self.pg_any_word();
            self.finish();
        }
        let outer = std::mem::replace(&mut self.in_schema, true);
        while !outer && self.at_any(&["CREATE", "GRANT"]) {
            let before = self.at;
            self.statement();
            if self.at == before {
                break;
            }
        }
        self.in_schema = outer;
        self.trailing();
        self.finish();
    }

    pub(super) fn pg_create_type(&mut self) {
        self.pg_object_head();
        if self.expect_path("type name") {
            if self.eat_word("AS") {
                if self.eat_word("ENUM") {
                    self.pg_enum_values();
                } else if self.eat_word("RANGE") {
                    if self.at(SyntaxKind::L_PAREN) {
                        self.pg_params();
                    }
                } else if self.at(SyntaxKind::L_PAREN) {
                    self.pg_elements();
                } else if self.is_end() {
                    self.missing("sql-missing-keyword", "`ENUM`, `RANGE` or attributes");
                }
            } else if self.at(SyntaxKind::L_PAREN) {
                self.pg_params();
            }
        }
        self.trailing();
        self.finish();
    }

    fn pg_enum_values(&mut self) {
        if !self.at(SyntaxKind::L_PAREN) {
            self.missing("sql-missing-parenthesis", "`(`");
            return;
        }
        self.start(SyntaxKind::ENUM_VALUES);
        let open = self.here();
        self.bump();
        while !matches!(self.kind(), None | Some(SyntaxKind::R_PAREN | SyntaxKind::DELIMITER)) {
            let before = self.at;
            if matches!(self.kind(), Some(SyntaxKind::STRING | SyntaxKind::DOLLAR_STRING)) {
                self.literal();
            } else if self.at(SyntaxKind::COMMA) {
                self.error(self.here(), "sql-stray-comma", "`,` without a value before it");
            } else {
                self.error(self.here(), "sql-unexpected-token", "a value of an enum is a string: `'a'`");
                self.skip(SyntaxKind::ERROR);
            }
            if self.at(SyntaxKind::STRING) {
                self.error(self.behind(), "sql-missing-comma", "`,` is missing between the values");
                continue;
            }
            if self.eat(SyntaxKind::COMMA) {
                if self.at(SyntaxKind::R_PAREN) {
                    self.error(self.behind(), "sql-stray-comma", "`,` without a value behind it");
                }
            } else if !self.at(SyntaxKind::R_PAREN) && self.at == before {
                break;
            }
        }
        self.close(open);
        self.finish();
    }

    /// `CREATE DOMAIN name [AS] type [COLLATE c] [DEFAULT e] [constraint …]`.
    pub(super) fn pg_create_domain(&mut self) {
        self.pg_object_head();
        if self.expect_path("domain name") {
            self.eat_word("AS");
            self.pg_expect_type();
            self.pg_column_constraints();
        }
        self.trailing();
        self.finish();
    }

    /// `CREATE [TEMP | UNLOGGED] SEQUENCE [IF NOT EXISTS] name option …`, whose object word is at `n`.
    pub(super) fn pg_create_sequence(&mut self, n: usize) {
        self.start(SyntaxKind::CREATE_OBJECT);
        for _ in 0..=n {
            self.bump_word();
        }
        self.if_not_exists();
        if self.expect_path("sequence name") {
            self.pg_sequence_options();
        }
        self.trailing();
        self.finish();
    }

    pub(super) fn pg_sequence_options(&mut self) {
        while !self.at_stop() {
            let before = self.at;
            self.pg_sequence_option();
            if self.at == before {
                return;
            }
        }
    }

    /// One option of a sequence, in an `OPTION`.
    pub(super) fn pg_sequence_option(&mut self) {
        const OPTIONS: &[&str] = &[
            "AS",
            "INCREMENT",
            "MINVALUE",
            "MAXVALUE",
            "NO",
            "START",
            "RESTART",
            "CACHE",
            "CYCLE",
            "OWNED",
            "SEQUENCE",
            "LOGGED",
            "UNLOGGED",
        ];
        if !self.at_any(OPTIONS) {
            return;
        }
        self.start(SyntaxKind::OPTION);
        let word = self.word().to_ascii_uppercase();
        self.bump_word();
        match word.as_str() {
            "AS" => self.pg_expect_type(),
            "NO" => {
                self.eat_any(&["MINVALUE", "MAXVALUE", "CYCLE"]);
            }
            "OWNED" => {
                self.expect_word("BY");
                self.expect_path("column name");
            }
            "SEQUENCE" => {
                self.expect_word("NAME");
                self.expect_path("sequence name");
            }
            "CYCLE" | "LOGGED" | "UNLOGGED" => {}
            _ => {
                self.eat_any(&["BY", "WITH"]);
                if matches!(self.kind(), Some(SyntaxKind::MINUS | SyntaxKind::PLUS)) {
                    self.bump();
                }
                if self.at(SyntaxKind::NUMBER) {
                    self.bump();
                } else if word != "RESTART" {
                    self.missing("sql-missing-value", "number");
                }
            }
        }
        self.finish();
    }

    pub(super) fn pg_create_extension(&mut self) {
        self.pg_object_head();
        if self.expect_path("extension name") {
            self.eat_word("WITH");
            loop {
                if self.at_any(&["SCHEMA", "FROM"]) {
                    self.pg_option_name();
                } else if self.at_word("VERSION") {
                    self.start(SyntaxKind::OPTION);
                    self.bump_word();
                    if self.at(SyntaxKind::STRING) {
                        self.literal();
                    } else {
                        self.pg_any_word();
                    }
                    self.finish();
                } else if !self.eat_word("CASCADE") {
                    break;
                }
            }
        }
        self.trailing();
        self.finish();
    }

    /// `CREATE POLICY name ON table …`.
    pub(super) fn pg_create_policy(&mut self) {
        self.pg_object_head();
        if self.expect_path("policy name") && self.expect_word("ON") {
            self.start(SyntaxKind::OPTION);
            self.expect_path("table name");
            self.finish();
            self.pg_policy_rest();
        }
        self.trailing();
        self.finish();
    }

    pub(super) fn pg_policy_rest(&mut self) {
        loop {
            if self.at_any(&["AS", "FOR"]) {
                self.start(SyntaxKind::OPTION);
                self.bump_word();
                if !self.at_stop() {
                    self.bump_word();
                }
                self.finish();
            } else if self.at_word("TO") {
                self.bump_word();
                self.pg_roles();
            } else if self.at_word("USING") && self.nth_kind(1) == Some(SyntaxKind::L_PAREN) {
                self.start(SyntaxKind::OPTION);
                self.bump_word();
                self.parenthesized("condition");
                self.finish();
            } else if self.at_word("WITH") && self.nth_is(1, "CHECK") {
                self.start(SyntaxKind::OPTION);
                self.bump_word();
                self.bump_word();
                self.parenthesized("condition");
                self.finish();
            } else {
                return;
            }
        }
    }

    /// `role, …`.
    pub(super) fn pg_roles(&mut self) {
        self.start(SyntaxKind::ROLES);
        loop {
            // `GROUP` before a role says nothing.
            if self.at_word("GROUP") {
                self.bump_word();
            }
            if !matches!(self.kind(), Some(SyntaxKind::IDENT | SyntaxKind::QUOTED_IDENT)) {
                break;
            }
            self.any_name();
            if !self.eat(SyntaxKind::COMMA) {
                break;
            }
        }
        self.finish();
    }

    pub(super) fn pg_create_event_trigger(&mut self) {
        self.pg_object_head();
        if self.expect_path("event trigger name") && self.expect_word("ON") {
            self.start(SyntaxKind::TRIGGER_EVENT);
            self.pg_any_word();
            self.finish();
            if self.at_word("WHEN") {
                self.start(SyntaxKind::TRIGGER_WHEN);
                self.bump_word();
                self.expr("condition");
                self.finish();
            }
            if self.at_word("EXECUTE") {
                self.pg_execute();
            }
        }
        self.trailing();
        self.finish();
    }

    /// `CREATE ROLE name [WITH] option …`.
    pub(super) fn pg_create_role(&mut self) {
        self.pg_object_head();
        if self.at_name() || !self.word().is_empty() {
            self.start(SyntaxKind::PATH);
            self.any_name();
            self.finish();
        } else {
            self.missing("sql-missing-name", "role name");
        }
        self.pg_loose_rest();
        self.finish();
    }

    /// An object no schema here holds: its name as far as it has one, and the rest as it is.
    pub(super) fn pg_create_other(&mut self, n: usize) {
        self.start(SyntaxKind::CREATE_OBJECT);
        for _ in 0..n {
            self.bump_word();
        }
        self.eat_any(&["TRUSTED", "PROCEDURAL", "DEFAULT"]);
        self.pg_object_words();
        self.if_not_exists();
        if self.pg_at_operator() {
            self.pg_operator_name();
        } else if self.at_name() {
            self.path();
        }
        self.pg_loose_rest();
        self.finish();
    }
}
