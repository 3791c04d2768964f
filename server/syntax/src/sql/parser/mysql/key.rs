//! Keys: indexes, primary and foreign keys and checks, in `CREATE TABLE`, `ALTER TABLE` and `CREATE INDEX`.

use crate::sql::kind::SyntaxKind;
use crate::sql::parser::Parser;

/// Words that begin a key or constraint among the columns of a table.
const BEGINNINGS: &[&str] =
    &["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN", "KEY", "INDEX", "FULLTEXT", "SPATIAL"];

impl Parser<'_> {
    /// Whether a key or constraint begins here.
    pub(super) fn my_at_key(&self) -> bool {
        if self.at_any(BEGINNINGS) {
            return true;
        }
        if self.at_word("PERIOD") && self.nth_is(1, "FOR") {
            return true;
        }
        // `UNIQE (`: no column has parentheses behind its name.
        if (self.near("UNIQUE") || self.near("INDEX")) && self.nth_kind(1) == Some(SyntaxKind::L_PAREN) {
            return true;
        }
        // `PRIMRAY KEY (`, `FORIEGN KEY (`, `UNIQE KEY name (`: no column has the type `KEY`.
        ["PRIMARY", "FOREIGN", "UNIQUE", "FULLTEXT", "SPATIAL"].iter().any(|word| self.near(word))
            && (self.nth_is(1, "KEY") || self.nth_is(1, "INDEX"))
    }

    /// Takes a key or constraint.
    pub(super) fn my_key(&mut self) {
        let checkpoint = self.checkpoint();
        if self.at_word("CONSTRAINT") {
            self.start(SyntaxKind::CONSTRAINT_NAME);
            self.bump_word();
            // The name may be left out.
            if self.at_name() && !self.at_any(&["PRIMARY", "UNIQUE", "CHECK", "FOREIGN"]) {
                self.name();
            }
            self.finish();
        }
        const ALL: &[&str] = &["PRIMARY", "FOREIGN", "UNIQUE", "FULLTEXT", "SPATIAL", "CHECK", "INDEX"];
        let mut word = self.word().to_ascii_uppercase();
        if !self.grammar.is_keyword(&word)
            && let Some(meant) = crate::sql::grammar::closest(&word, ALL.iter().copied())
        {
            self.did_you_mean(meant);
            word = meant.to_owned();
        }
        match word.as_str() {
            "PRIMARY" => {
                self.start_at(checkpoint, SyntaxKind::PRIMARY_KEY);
                self.bump_word();
                self.expect_word("KEY");
                self.my_key_rest();
            }
            "UNIQUE" => {
                self.start_at(checkpoint, SyntaxKind::UNIQUE);
                self.bump_word();
                self.eat_any(&["KEY", "INDEX"]);
                self.my_key_rest();
            }
            "KEY" | "INDEX" => {
                self.start_at(checkpoint, SyntaxKind::KEY_DEF);
                self.bump_word();
                self.my_key_rest();
            }
            "FULLTEXT" | "SPATIAL" => {
                self.start_at(checkpoint, SyntaxKind::KEY_DEF);
                self.bump_word();
                self.eat_any(&["KEY", "INDEX"]);
                self.my_key_rest();
            }
            "CHECK" => {
                self.start_at(checkpoint, SyntaxKind::CHECK);
                self.my_check();
            }
            "FOREIGN" => {
                self.start_at(checkpoint, SyntaxKind::FOREIGN_KEY);
                self.bump_word();
                self.expect_word("KEY");
                self.if_not_exists();
                if self.at_name() {
                    self.name();
                }
                if self.at(SyntaxKind::L_PAREN) {
                    self.column_names();
                } else {
                    self.missing("sql-missing-columns", "list of columns");
                }
                if self.at_word("REFERENCES") || self.near("REFERENCES") {
                    self.start(SyntaxKind::REFERENCES);
                    self.references();
                    self.finish();
                } else {
                    self.missing("sql-missing-keyword", "`REFERENCES`");
                }
            }
            "PERIOD" => {
                self.start_at(checkpoint, SyntaxKind::PERIOD);
                self.my_words(&["PERIOD", "FOR"]);
                self.if_not_exists();
                self.expect_name("period name");
                if self.at(SyntaxKind::L_PAREN) {
                    self.column_names();
                }
            }
            _ => {
                self.missing("sql-missing-keyword", "`PRIMARY KEY`, `UNIQUE`, `FOREIGN KEY` or `CHECK`");
                return;
            }
        }
        self.finish();
    }

    /// `CHECK (expr) [[NOT] ENFORCED]`, in an open node.
    pub(super) fn my_check(&mut self) {
        self.bump_word();
        self.if_not_exists();
        self.my_parenthesized("expression");
        if self.at_word("ENFORCED") {
            self.start(SyntaxKind::OPTION);
            self.bump_word();
            self.finish();
        } else if self.at_word("NOT") && self.nth_is(1, "ENFORCED") {
            self.start(SyntaxKind::OPTION);
            self.my_words(&["NOT", "ENFORCED"]);
            self.finish();
        }
    }

    /// `[IF NOT EXISTS] [name] [USING type] (parts) [options]`.
    fn my_key_rest(&mut self) {
        self.if_not_exists();
        if self.at_name()
            && !(self.at_any(&["USING", "TYPE"]) && self.nth_kind(2) == Some(SyntaxKind::L_PAREN))
        {
            self.name();
        } else if !self.word().is_empty()
            && self.nth_kind(1) == Some(SyntaxKind::L_PAREN)
            && self.grammar.is_reserved(self.word())
        {
            self.reserved("index name");
            self.any_name();
        }
        if self.at_any(&["USING", "TYPE"]) {
            self.start(SyntaxKind::OPTION);
            self.bump_word();
            self.any_name();
            self.finish();
        }
        self.my_index_parts();
        self.my_index_options();
    }

    /// `( column[(length)] | (expr) [ASC | DESC], … )`.
    pub(super) fn my_index_parts(&mut self) {
        if !self.at(SyntaxKind::L_PAREN) {
            self.missing("sql-missing-columns", "list of columns");
            return;
        }
        self.start(SyntaxKind::INDEXED_COLUMNS);
        let open = self.here();
        self.bump();
        if self.at(SyntaxKind::R_PAREN) {
            let range = open.cover(self.here());
            self.error(range, "sql-missing-columns", "the list of columns is empty");
        }
        while !matches!(self.kind(), None | Some(SyntaxKind::R_PAREN | SyntaxKind::DELIMITER)) {
            if self.at(SyntaxKind::COMMA) {
                self.error(self.here(), "sql-stray-comma", "`,` without a column before it");
                self.bump();
                continue;
            }
            self.my_index_part();
            if !self.eat(SyntaxKind::COMMA) {
                break;
            }
            if self.at(SyntaxKind::R_PAREN) {
                self.error(self.behind(), "sql-stray-comma", "`,` without a column behind it");
            }
        }
        self.close(open);
        self.finish();
    }

    fn my_index_part(&mut self) {
        self.start(SyntaxKind::INDEXED_COLUMN);
        self.start(SyntaxKind::EXPR);
        if self.at(SyntaxKind::L_PAREN) {
            self.paren();
        } else if self.at_name() || (!self.word().is_empty() && self.nth_is_reserved_name()) {
            if !self.at_name() {
                self.reserved("column name");
            }
            self.start(SyntaxKind::COLUMN_REF);
            self.any_name();
            self.finish();
        }
        self.finish();
        if self.at(SyntaxKind::L_PAREN) {
            self.start(SyntaxKind::KEY_PREFIX);
            let open = self.here();
            self.bump();
            if self.at(SyntaxKind::NUMBER) {
                self.bump();
            } else {
                self.missing("sql-missing-value", "number");
            }
            self.skip_to_close();
            self.close(open);
            self.finish();
        }
        self.eat_any(&["ASC", "DESC"]);
        if self.at_word("WITHOUT") && self.nth_is(1, "OVERLAPS") {
            self.start(SyntaxKind::OPTION);
            self.my_words(&["WITHOUT", "OVERLAPS"]);
            self.finish();
        }
        if !self.at_stop() {
            self.unexpected();
        }
        self.finish();
    }
}
