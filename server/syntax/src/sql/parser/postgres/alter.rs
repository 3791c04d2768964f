//! `ALTER TABLE` and its kin, and `ALTER` of everything else.

use super::super::Parser;
use crate::sql::kind::SyntaxKind;

impl Parser<'_> {
    pub(super) fn pg_alter(&mut self) {
        let table = self.object(1, &["TABLE"]) == "TABLE";
        let relation = ["INDEX", "VIEW", "TABLE"].iter().any(|word| self.nth_is(1, word))
            || (self.nth_is(1, "MATERIALIZED") && self.nth_is(2, "VIEW"))
            || (self.nth_is(1, "FOREIGN") && self.nth_is(2, "TABLE"));
        if self.nth(1).is_none() {
            self.opaque_statement();
        } else if self.nth_is(1, "DEFAULT") && self.nth_is(2, "PRIVILEGES") {
            self.pg_default_privileges();
        } else if table || relation {
            self.pg_alter_relation(relation);
        } else {
            self.pg_alter_object();
        }
    }

    /// `ALTER TABLE | INDEX | VIEW | MATERIALIZED VIEW | FOREIGN TABLE`.
    fn pg_alter_relation(&mut self, known: bool) {
        self.start(SyntaxKind::ALTER_TABLE);
        if known {
            self.bump_word();
            self.pg_object_words();
        } else {
            self.create_words(1, "TABLE");
        }
        if self.pg_words(&["ALL", "IN", "TABLESPACE"]) {
            self.pg_loose_rest();
            self.finish();
            return;
        }
        self.if_exists();
        self.eat_word("ONLY");
        if self.expect_path("table name") {
            if self.at(SyntaxKind::STAR) {
                self.bump();
            }
            if self.is_end() {
                self.missing("sql-missing-keyword", "action");
            }
            loop {
                let before = self.at;
                self.pg_alter_action();
                if !self.at_stop() {
                    let kind = self.unknown();
                    self.skip(kind);
                }
                if self.at == before || !self.eat(SyntaxKind::COMMA) {
                    break;
                }
            }
        }
        self.trailing();
        self.finish();
    }

    fn pg_alter_action(&mut self) {
        const ACTIONS: &[&str] = &["RENAME", "ADD", "DROP", "ALTER", "ATTACH", "DETACH", "ENABLE", "DISABLE"];
        let mut word = self.word().to_ascii_uppercase();
        if !word.is_empty()
            && !self.grammar.is_keyword(&word)
            && let Some(meant) = crate::sql::grammar::closest(&word, ACTIONS.iter().copied())
        {
            self.did_you_mean(meant);
            word = meant.to_owned();
        }
        match word.as_str() {
            "RENAME" => self.pg_rename(),
            "ADD" => self.pg_add(),
            "DROP" => self.pg_drop_part(),
            "ALTER" => self.pg_alter_column(),
            "ATTACH" | "DETACH" => {
                self.start(SyntaxKind::ALTER_ACTION);
                self.bump_word();
                self.expect_word("PARTITION");
                self.expect_path("table name");
                if self.at_word("DEFAULT") || (self.at_word("FOR") && self.nth_is(1, "VALUES")) {
                    self.pg_partition_bound();
                }
                self.eat_any(&["CONCURRENTLY", "FINALIZE"]);
                self.finish();
            }
            "" => {}
            _ => self.pg_other_action(),
        }
    }

    fn pg_rename(&mut self) {
        if self.nth_is(1, "TO") {
            self.start(SyntaxKind::RENAME_TABLE);
            self.bump_word();
            self.bump_word();
            self.expect_name("name");
        } else if self.nth_is(1, "CONSTRAINT") {
            self.start(SyntaxKind::RENAME_CONSTRAINT);
            self.bump_word();
            self.bump_word();
            if self.expect_name("constraint name") && self.expect_word("TO") {
                self.expect_name("constraint name");
            }
        } else {
            self.start(SyntaxKind::RENAME_COLUMN);
            self.bump_word();
            self.pg_column_word();
            if self.expect_name("column name") && self.expect_word("TO") {
                self.expect_name("column name");
            }
        }
        self.finish();
    }

    fn pg_column_word(&mut self) {
        self.eat_word("COLUMN");
    }

    fn pg_add(&mut self) {
        let checkpoint = self.checkpoint();
        let column = self.nth_is(1, "COLUMN");
        self.bump_word();
        if !column && self.pg_at_table_constraint() {
            self.start_at(checkpoint, SyntaxKind::ADD_CONSTRAINT);
            self.pg_table_constraint();
        } else {
            self.start_at(checkpoint, SyntaxKind::ADD_COLUMN);
            self.pg_column_word();
            self.if_not_exists();
            if self.at_name() {
                self.pg_column();
            } else {
                self.missing("sql-missing-name", "column name");
            }
        }
        self.finish();
    }

    fn pg_drop_part(&mut self) {
        let constraint = self.nth_is(1, "CONSTRAINT");
        self.start(if constraint { SyntaxKind::DROP_CONSTRAINT } else { SyntaxKind::DROP_COLUMN });
        self.bump_word();
        if constraint {
            self.bump_word();
        } else {
            self.pg_column_word();
        }
        self.if_exists();
        self.expect_name(if constraint { "constraint name" } else { "column name" });
        self.pg_behavior();
        self.finish();
    }

    fn pg_alter_column(&mut self) {
        if self.nth_is(1, "CONSTRAINT") {
            self.start(SyntaxKind::ALTER_ACTION);
            self.bump_word();
            self.bump_word();
            self.expect_name("constraint name");
            self.pg_action_words();
            self.finish();
            return;
        }
        self.start(SyntaxKind::ALTER_COLUMN);
        self.bump_word();
        self.pg_column_word();
        // The column of an index is known by its number.
        if self.at(SyntaxKind::NUMBER) {
            self.bump();
        } else if !self.expect_name("column name") {
            self.finish();
            return;
        }
        self.pg_column_action();
        self.finish();
    }

    fn pg_column_action(&mut self) {
        if self.at_word("TYPE") || (self.at_word("SET") && self.nth_is(1, "DATA")) {
            if self.eat_word("SET") {
                self.bump_word();
            }
            self.expect_word("TYPE");
            self.pg_expect_type();
            if self.at_word("COLLATE") {
                self.start(SyntaxKind::COLLATE);
                self.bump_word();
                self.expect_path("collation");
                self.finish();
            }
            if self.eat_word("USING") {
                self.expr("expression");
            }
        } else if self.at_word("SET") && self.nth_is(1, "DEFAULT") {
            self.bump_word();
            self.start(SyntaxKind::DEFAULT);
            self.bump_word();
            // Here nothing may follow, and any expression may stand.
            self.expr("default value");
            self.finish();
        } else if self.at_word("SET") && self.nth_is(1, "EXPRESSION") {
            self.bump_word();
            self.bump_word();
            if self.expect_word("AS") {
                self.parenthesized("expression");
            }
        } else if self.at_word("ADD") && self.nth_is(1, "GENERATED") {
            self.bump_word();
            self.pg_column_constraints();
        } else if self.at_any(&["SET", "RESET"]) && self.nth_kind(1) == Some(SyntaxKind::L_PAREN) {
            self.bump_word();
            self.pg_params();
        } else if self.at_word("RESTART")
            || (self.at_word("SET")
                && !["NOT", "STATISTICS", "STORAGE", "COMPRESSION"].iter().any(|word| self.nth_is(1, word)))
        {
            // `SET GENERATED ALWAYS SET INCREMENT BY 2 RESTART`.
            while self.at_any(&["SET", "RESTART"]) {
                let before = self.at;
                self.eat_word("SET");
                if self.at_word("GENERATED") {
                    self.start(SyntaxKind::OPTION);
                    self.bump_word();
                    if !self.eat_word("ALWAYS") && self.eat_word("BY") {
                        self.eat_word("DEFAULT");
                    }
                    self.finish();
                } else {
                    self.pg_sequence_option();
                }
                if self.at == before {
                    break;
                }
            }
        } else {
            self.pg_action_words();
        }
    }

    /// An action of which the words and names say all.
    fn pg_other_action(&mut self) {
        self.start(SyntaxKind::ALTER_ACTION);
        self.pg_action_words();
        self.finish();
    }

    /// Keywords as keywords, other words as names or paths, parentheses as parameters.
    fn pg_action_words(&mut self) {
        while !self.at_stop() && !self.pg_at_end() {
            let before = self.at;
            match self.kind() {
                Some(SyntaxKind::L_PAREN) => self.pg_params(),
                Some(SyntaxKind::IDENT)
                    if self.grammar.is_keyword(self.word())
                        && self.nth_kind(1) != Some(SyntaxKind::DOT)
                        && !self.pg_behind_name_word() =>
                {
                    self.bump_word();
                }
                Some(SyntaxKind::IDENT | SyntaxKind::QUOTED_IDENT) => {
                    self.start(SyntaxKind::PATH);
                    self.any_name();
                    while self.eat(SyntaxKind::DOT) {
                        self.any_name();
                    }
                    self.finish();
                }
                Some(SyntaxKind::STRING | SyntaxKind::DOLLAR_STRING) => self.literal(),
                _ => self.bump(),
            }
            if self.at == before {
                return;
            }
        }
    }

    /// Whether the word before is one only a name stands behind.
    fn pg_behind_name_word(&self) -> bool {
        let previous = self.previous_text();
        let behind = ["SCHEMA", "TO", "TABLESPACE", "CONSTRAINT", "VALUE"];
        behind.iter().any(|word| previous.eq_ignore_ascii_case(word))
            && !self.at_any(&["IF", "CURRENT_USER", "SESSION_USER", "CURRENT_ROLE"])
            && !(previous.eq_ignore_ascii_case("TO") && self.at_word("VALUE"))
    }

    /// `ALTER` of a type, a domain, a sequence, a routine, a schema, …
    fn pg_alter_object(&mut self) {
        self.start(SyntaxKind::ALTER_OBJECT);
        self.bump_word();
        let domain = self.at_word("DOMAIN");
        let ty = self.at_word("TYPE");
        let sequence = self.at_word("SEQUENCE");
        let policy = self.at_word("POLICY");
        self.pg_object_words();
        self.if_exists();
        self.pg_object_name();
        if self.at_word("ON") {
            self.start(SyntaxKind::OPTION);
            self.bump_word();
            if self.at_name() {
                self.path();
            }
            self.finish();
        }
        let to = self.at_any(&["RENAME", "OWNER"]) || (self.at_word("SET") && self.nth_is(1, "SCHEMA"));
        let whole = !self.at_word("RENAME") || self.nth_is(1, "TO");
        if to && whole {
            self.pg_other_action();
        } else if domain {
            self.pg_alter_domain();
        } else if ty {
            self.pg_alter_type();
        } else if policy {
            self.pg_policy_rest();
        } else if sequence {
            self.start(SyntaxKind::ALTER_ACTION);
            self.eat_word("SET");
            self.pg_sequence_options();
            self.finish();
        } else {
            self.pg_other_action();
        }
        self.pg_loose_rest();
        self.trailing();
        self.finish();
    }

    fn pg_alter_domain(&mut self) {
        if self.at_word("ADD") {
            self.start(SyntaxKind::ADD_CONSTRAINT);
            self.bump_word();
            self.pg_column_constraints();
            self.finish();
        } else if self.at_word("RENAME") && self.nth_is(1, "CONSTRAINT") {
            self.pg_rename();
        } else if self.at_word("DROP") && self.nth_is(1, "CONSTRAINT") {
            self.pg_drop_part();
        } else if self.at_word("SET") && self.nth_is(1, "DEFAULT") {
            self.start(SyntaxKind::ALTER_ACTION);
            self.bump_word();
            self.start(SyntaxKind::DEFAULT);
            self.bump_word();
            self.expr("default value");
            self.finish();
            self.finish();
        } else {
            self.pg_other_action();
        }
    }

    fn pg_alter_type(&mut self) {
        if self.at_word("RENAME") && self.nth_is(1, "ATTRIBUTE") {
            self.start(SyntaxKind::RENAME_COLUMN);
            self.bump_word();
            self.bump_word();
            self.expect_name("attribute name");
            self.expect_word("TO");
            self.expect_name("attribute name");
            self.pg_behavior();
            self.finish();
            return;
        }
        loop {
            let before = self.at;
            if self.at_word("ADD") && self.nth_is(1, "ATTRIBUTE") {
                self.start(SyntaxKind::ADD_COLUMN);
                self.bump_word();
                self.bump_word();
                if self.at_name() {
                    self.pg_column();
                }
                self.pg_behavior();
                self.finish();
            } else if self.at_word("DROP") && self.nth_is(1, "ATTRIBUTE") {
                self.start(SyntaxKind::DROP_COLUMN);
                self.bump_word();
                self.bump_word();
                self.if_exists();
                self.expect_name("attribute name");
                self.pg_behavior();
                self.finish();
            } else if self.at_word("ALTER") && self.nth_is(1, "ATTRIBUTE") {
                self.start(SyntaxKind::ALTER_COLUMN);
                self.bump_word();
                self.bump_word();
                self.expect_name("attribute name");
                self.pg_column_action();
                self.pg_behavior();
                self.finish();
            } else {
                self.pg_other_action();
            }
            if self.at == before || !self.eat(SyntaxKind::COMMA) {
                return;
            }
        }
    }
}
