//! Triggers, procedures, functions and events: what their heads say, and a body that is taken as it is.

use crate::sql::kind::SyntaxKind;
use crate::sql::parser::Parser;

impl Parser<'_> {
    pub(super) fn my_create_trigger(&mut self) {
        self.start(SyntaxKind::CREATE_TRIGGER);
        self.my_head("TRIGGER");
        self.if_not_exists();
        if self.expect_path("trigger name") && self.my_trigger_head() {
            self.my_body(SyntaxKind::TRIGGER_BODY);
        }
        self.trailing();
        self.finish();
    }

    fn my_trigger_head(&mut self) -> bool {
        if !self.eat_any(&["BEFORE", "AFTER"]) && !self.misspelt(&["BEFORE", "AFTER"]) {
            self.missing("sql-missing-keyword", "`BEFORE` or `AFTER`");
            return false;
        }
        const EVENTS: &[&str] = &["INSERT", "UPDATE", "DELETE"];
        self.start(SyntaxKind::TRIGGER_EVENT);
        let mut event = false;
        loop {
            event |= self.eat_any(EVENTS) || self.misspelt(EVENTS);
            if !self.eat_word("OR") {
                break;
            }
        }
        if !event {
            self.missing("sql-missing-keyword", "`INSERT`, `UPDATE` or `DELETE`");
        } else if self.eat_word("OF") {
            loop {
                self.expect_name("column name");
                if !self.eat(SyntaxKind::COMMA) {
                    break;
                }
            }
        }
        self.finish();
        if !event || !self.expect_word("ON") {
            return false;
        }
        if self.expect_name("table name") && self.eat(SyntaxKind::DOT) {
            self.expect_name("table name");
        }
        if !(self.expect_word("FOR") && self.expect_word("EACH") && self.expect_word("ROW")) {
            return false;
        }
        if self.at_any(&["FOLLOWS", "PRECEDES"]) {
            self.start(SyntaxKind::OPTION);
            self.bump_word();
            self.expect_path("trigger name");
            self.finish();
        }
        true
    }

    pub(super) fn my_create_routine(&mut self) {
        self.start(SyntaxKind::CREATE_OBJECT);
        self.my_head("FUNCTION");
        self.if_not_exists();
        if self.expect_path("name") {
            if self.at(SyntaxKind::L_PAREN) {
                self.my_parameters();
            } else if self.at_word("RETURNS") {
                // A loadable function: `RETURNS STRING SONAME 'lib.so'`.
                self.my_loose_rest();
                self.finish();
                return;
            } else {
                self.missing("sql-missing-parenthesis", "`(`");
                self.my_loose_rest();
                self.finish();
                return;
            }
            if self.at_word("RETURNS") {
                self.start(SyntaxKind::ROUTINE_RETURNS);
                self.bump_word();
                self.my_routine_type();
                self.finish();
            }
            self.my_characteristics();
            self.my_body(SyntaxKind::ROUTINE_BODY);
        }
        self.trailing();
        self.finish();
    }

    /// A type with its charset and collation.
    fn my_routine_type(&mut self) {
        self.my_type();
        loop {
            let checkpoint = self.checkpoint();
            if self.at_any(&["CHARACTER", "CHAR"]) && self.nth_is(1, "SET") {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.bump_word();
                self.bump_word();
                self.my_value();
            } else if self.at_any(&["CHARSET", "COLLATE"]) {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.bump_word();
                self.my_value();
            } else if self.at_any(&["BINARY", "ASCII", "UNICODE"]) {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.bump_word();
            } else {
                return;
            }
            self.finish();
        }
    }

    /// `( [IN | OUT | INOUT] name type, … )`.
    fn my_parameters(&mut self) {
        self.start(SyntaxKind::ROUTINE_PARAMS);
        let open = self.here();
        self.bump();
        while !matches!(self.kind(), None | Some(SyntaxKind::R_PAREN | SyntaxKind::DELIMITER)) {
            let before = self.at;
            self.start(SyntaxKind::ROUTINE_PARAM);
            if self.at_any(&["IN", "OUT", "INOUT"]) {
                self.bump_word();
            }
            if self.expect_name("parameter name") {
                self.my_routine_type();
            }
            if !self.at_stop() {
                self.skip(SyntaxKind::LOOSE);
            }
            self.finish();
            if !self.eat(SyntaxKind::COMMA) || self.at == before {
                break;
            }
        }
        self.close(open);
        self.finish();
    }

    /// What is said of a routine between its head and its body.
    pub(super) fn my_characteristics(&mut self) {
        loop {
            let checkpoint = self.checkpoint();
            if self.at_word("COMMENT") {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.bump_word();
                self.my_value();
            } else if self.at_word("LANGUAGE") && self.nth_kind(1) == Some(SyntaxKind::IDENT) {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.bump_word();
                self.bump_word();
            } else if self.at_word("DETERMINISTIC") {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.bump_word();
            } else if self.at_word("NOT") && self.nth_is(1, "DETERMINISTIC")
                || self.at_word("CONTAINS") && self.nth_is(1, "SQL")
                || self.at_word("NO") && self.nth_is(1, "SQL")
            {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.bump_word();
                self.bump_word();
            } else if self.at_any(&["READS", "MODIFIES"]) || self.at_word("SQL") && self.nth_is(1, "SECURITY")
            {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                for _ in 0..3 {
                    if !self.word().is_empty() {
                        self.bump_word();
                    }
                }
            } else {
                return;
            }
            self.finish();
        }
    }

    pub(super) fn my_create_event(&mut self) {
        self.start(SyntaxKind::CREATE_OBJECT);
        self.my_head("EVENT");
        self.if_not_exists();
        if self.expect_path("event name") {
            if !self.at_word("ON") {
                self.missing("sql-missing-keyword", "`ON SCHEDULE`");
            }
            self.my_event_rest();
        }
        self.trailing();
        self.finish();
    }

    /// What is said of an event, and its body.
    pub(super) fn my_event_rest(&mut self) {
        loop {
            let checkpoint = self.checkpoint();
            if self.at_word("ON") && self.nth_is(1, "SCHEDULE") {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.my_words(&["ON", "SCHEDULE"]);
                self.start(SyntaxKind::LOOSE);
                while !self.my_at_end()
                    && !self.at_any(&["ON", "ENABLE", "DISABLE", "COMMENT", "DO", "RENAME"])
                {
                    self.bump_balanced();
                }
                self.finish();
            } else if self.at_word("ON") && self.nth_is(1, "COMPLETION") {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.my_words(&["ON", "COMPLETION"]);
                self.eat_word("NOT");
                self.expect_word("PRESERVE");
            } else if self.at_any(&["ENABLE", "DISABLE"]) {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.bump_word();
                if self.eat_word("ON") {
                    self.eat_any(&["SLAVE", "REPLICA"]);
                }
            } else if self.at_word("COMMENT") {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.bump_word();
                self.my_value();
            } else if self.at_word("RENAME") && self.nth_is(1, "TO") {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.my_words(&["RENAME", "TO"]);
                self.expect_path("event name");
            } else if self.at_word("DO") {
                self.bump_word();
                self.my_body(SyntaxKind::ROUTINE_BODY);
                return;
            } else {
                return;
            }
            self.finish();
        }
    }

    /// Everything to the end of the statement, `;` included, as it is.
    fn my_body(&mut self, kind: SyntaxKind) {
        if self.is_end() {
            self.missing("sql-missing-body", "statement");
            return;
        }
        self.start(kind);
        self.start(SyntaxKind::LOOSE);
        while !self.is_end() {
            self.bump();
        }
        self.finish();
        self.finish();
    }
}
