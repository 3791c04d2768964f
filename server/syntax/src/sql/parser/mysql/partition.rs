//! `PARTITION BY …`.

use crate::sql::kind::SyntaxKind;
use crate::sql::parser::Parser;

impl Parser<'_> {
    /// `PARTITION BY kind [PARTITIONS n] [SUBPARTITION BY …] [( PARTITION …, … )]`.
    pub(super) fn my_partitioning(&mut self) {
        self.start(SyntaxKind::PARTITIONING);
        self.my_words(&["PARTITION", "BY"]);
        self.my_partition_kind();
        self.my_count("PARTITIONS");
        if self.at_word("SUBPARTITION") && self.nth_is(1, "BY") {
            self.start(SyntaxKind::SUBPARTITIONING);
            self.my_words(&["SUBPARTITION", "BY"]);
            self.my_partition_kind();
            self.my_count("SUBPARTITIONS");
            self.finish();
        }
        if self.at(SyntaxKind::L_PAREN) {
            self.my_partition_list();
        }
        self.finish();
    }

    fn my_count(&mut self, word: &str) {
        if self.eat_word(word) {
            if self.at(SyntaxKind::NUMBER) {
                self.literal();
            } else {
                self.missing("sql-missing-value", "number");
            }
        }
    }

    fn my_partition_kind(&mut self) {
        self.eat_word("LINEAR");
        if self.eat_word("KEY") {
            if self.eat_word("ALGORITHM") {
                self.eat(SyntaxKind::EQ);
                self.eat(SyntaxKind::NUMBER);
            }
            self.my_partition_columns();
        } else if self.eat_any(&["RANGE", "LIST"]) {
            if self.eat_word("COLUMNS") {
                self.my_partition_columns();
            } else {
                self.my_parenthesized("expression");
            }
        } else if self.eat_word("HASH") {
            self.my_parenthesized("expression");
        } else if self.eat_word("SYSTEM_TIME") {
            self.start(SyntaxKind::LOOSE);
            while !self.my_at_end()
                && !self.at(SyntaxKind::L_PAREN)
                && !self.at_any(&["PARTITIONS", "SUBPARTITION"])
            {
                self.bump();
            }
            self.finish();
        } else if !self.misspelt(&["RANGE", "LIST", "HASH"]) {
            self.missing("sql-missing-keyword", "`RANGE`, `LIST`, `HASH` or `KEY`");
        }
    }

    fn my_partition_columns(&mut self) {
        if !self.at(SyntaxKind::L_PAREN) {
            self.missing("sql-missing-columns", "list of columns");
        } else if self.nth_kind(1) == Some(SyntaxKind::R_PAREN) {
            // `KEY ()` means the primary key.
            self.start(SyntaxKind::COLUMN_NAMES);
            self.bump();
            self.bump();
            self.finish();
        } else {
            self.column_names();
        }
    }

    /// `( PARTITION name VALUES … options, … )`.
    pub(super) fn my_partition_list(&mut self) {
        let open = self.here();
        self.bump();
        while !matches!(self.kind(), None | Some(SyntaxKind::R_PAREN | SyntaxKind::DELIMITER)) {
            let before = self.at;
            self.my_partition();
            if !self.eat(SyntaxKind::COMMA) || self.at == before {
                break;
            }
        }
        self.close(open);
    }

    fn my_partition(&mut self) {
        self.start(SyntaxKind::PARTITION_DEF);
        if self.expect_word("PARTITION") && self.expect_name("partition name") {
            if self.at_word("VALUES")
                || self.at_word("CURRENT")
                || self.at_word("HISTORY")
                || self.at_word("DEFAULT")
            {
                self.start(SyntaxKind::PARTITION_VALUES);
                if self.eat_word("VALUES") && !self.my_words(&["LESS", "THAN"]) {
                    self.eat_word("IN");
                }
                if self.at(SyntaxKind::L_PAREN) {
                    self.my_loose_paren();
                } else {
                    self.eat_any(&["MAXVALUE", "CURRENT", "HISTORY", "DEFAULT"]);
                }
                self.finish();
            }
            loop {
                if self.at(SyntaxKind::L_PAREN) {
                    // Subpartitions one by one.
                    self.my_loose_paren();
                } else if self.at_any(&["STORAGE"]) && self.nth_is(1, "ENGINE") {
                    self.start(SyntaxKind::OPTION);
                    self.bump_word();
                    self.bump_word();
                    self.my_value();
                    self.finish();
                } else if !self.my_table_option() {
                    break;
                }
            }
        }
        if !self.at_stop() {
            self.unexpected();
        }
        self.finish();
    }
}
