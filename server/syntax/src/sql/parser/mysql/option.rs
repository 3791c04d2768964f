//! Options in words: of tables, databases, indexes.

use crate::sql::kind::SyntaxKind;
use crate::sql::parser::Parser;

/// Words of a table option that is followed by a value, with or without `=`.
const VALUED: &[&str] = &[
    "ENGINE",
    "TYPE",
    "AUTO_INCREMENT",
    "AUTOEXTEND_SIZE",
    "AVG_ROW_LENGTH",
    "CHARSET",
    "COLLATE",
    "CHECKSUM",
    "TABLE_CHECKSUM",
    "PAGE_CHECKSUM",
    "COMMENT",
    "COMPRESSION",
    "CONNECTION",
    "DELAY_KEY_WRITE",
    "ENCRYPTION",
    "ENCRYPTED",
    "ENCRYPTION_KEY_ID",
    "ENGINE_ATTRIBUTE",
    "SECONDARY_ENGINE",
    "SECONDARY_ENGINE_ATTRIBUTE",
    "INSERT_METHOD",
    "ITEF_QUOTES",
    "IETF_QUOTES",
    "KEY_BLOCK_SIZE",
    "MAX_ROWS",
    "MIN_ROWS",
    "PACK_KEYS",
    "PAGE_COMPRESSED",
    "PAGE_COMPRESSION_LEVEL",
    "PASSWORD",
    "ROW_FORMAT",
    "SEQUENCE",
    "STATS_AUTO_RECALC",
    "STATS_PERSISTENT",
    "STATS_SAMPLE_PAGES",
    "TABLESPACE",
    "STORAGE",
    "TRANSACTIONAL",
    "UNION",
    "NODEGROUP",
];

impl Parser<'_> {
    /// Options behind the columns of a table, up to what is none.
    pub(super) fn my_table_options(&mut self) {
        loop {
            let before = self.at;
            // Commas may stand between options.
            if self.at(SyntaxKind::COMMA) && !self.nth_word(1).is_empty() {
                self.bump();
            }
            if !self.my_table_option() && self.at == before {
                return;
            }
            if self.at == before {
                return;
            }
        }
    }

    /// Takes a table option; whether one was there.
    pub(super) fn my_table_option(&mut self) -> bool {
        let checkpoint = self.checkpoint();
        let default = self.at_word("DEFAULT")
            && (self.nth_is(1, "CHARACTER")
                || self.nth_is(1, "CHAR")
                || self.nth_is(1, "CHARSET")
                || self.nth_is(1, "COLLATE")
                || self.nth_is(1, "ENCRYPTION"));
        let charset = |parser: &Self, n: usize| {
            (parser.nth_is(n, "CHARACTER") || parser.nth_is(n, "CHAR")) && parser.nth_is(n + 1, "SET")
        };
        let directory = (self.at_word("DATA") || self.at_word("INDEX")) && self.nth_is(1, "DIRECTORY");
        if self.at_word("WITH") && self.nth_is(1, "SYSTEM") && self.nth_is(2, "VERSIONING") {
            self.start_at(checkpoint, SyntaxKind::OPTION);
            self.my_words(&["WITH", "SYSTEM", "VERSIONING"]);
        } else if self.at_word("START") && self.nth_is(1, "TRANSACTION") {
            self.start_at(checkpoint, SyntaxKind::OPTION);
            self.my_words(&["START", "TRANSACTION"]);
        } else if default || charset(self, 0) || directory {
            self.start_at(checkpoint, SyntaxKind::OPTION);
            if default {
                self.bump_word();
            }
            if directory || charset(self, 0) {
                self.bump_word();
            }
            self.bump_word();
            self.my_value();
        } else if !self.at_any(VALUED)
            && let Some(meant) = self.my_near_option()
        {
            self.start_at(checkpoint, SyntaxKind::OPTION);
            self.did_you_mean(meant);
            self.bump_word();
            self.my_value();
        } else if self.at_any(VALUED) || (self.nth_kind(1) == Some(SyntaxKind::EQ) && !self.word().is_empty())
        {
            let union = self.at_word("UNION");
            self.start_at(checkpoint, SyntaxKind::OPTION);
            self.bump_word();
            if union {
                self.eat(SyntaxKind::EQ);
                if self.at(SyntaxKind::L_PAREN) {
                    self.my_loose_paren();
                }
            } else {
                self.my_value();
            }
        } else if self.at(SyntaxKind::QUOTED_IDENT) && self.nth_kind(1) == Some(SyntaxKind::EQ) {
            // MariaDB writes options of an engine so: `PAGE_COMPRESSED`='1'.
            self.start_at(checkpoint, SyntaxKind::OPTION);
            self.bump_as(SyntaxKind::KEYWORD);
            self.my_value();
        } else {
            return false;
        }
        self.finish();
        true
    }

    /// The option the word here is a slip for, where a value follows.
    fn my_near_option(&self) -> Option<&'static str> {
        const OFTEN: &[&str] =
            &["ENGINE", "AUTO_INCREMENT", "CHARSET", "COLLATE", "COMMENT", "ROW_FORMAT", "KEY_BLOCK_SIZE"];
        let valued = matches!(
            self.nth_kind(1),
            Some(SyntaxKind::EQ | SyntaxKind::STRING | SyntaxKind::NUMBER | SyntaxKind::IDENT)
        );
        OFTEN.iter().copied().find(|word| valued && self.near(word))
    }

    /// `[=] value`: a literal, a number or any word.
    pub(super) fn my_value(&mut self) {
        self.eat(SyntaxKind::EQ);
        match self.kind() {
            Some(SyntaxKind::STRING | SyntaxKind::BLOB | SyntaxKind::NUMBER) => self.literal(),
            Some(SyntaxKind::PLUS | SyntaxKind::MINUS) => {
                self.start(SyntaxKind::LITERAL);
                self.bump();
                self.bump();
                self.finish();
            }
            Some(SyntaxKind::IDENT | SyntaxKind::QUOTED_IDENT) => self.any_name(),
            _ => self.missing("sql-missing-value", "value"),
        }
    }

    /// Options behind the columns of an index.
    pub(super) fn my_index_options(&mut self) {
        loop {
            let checkpoint = self.checkpoint();
            if self.at_any(&["USING", "TYPE"]) {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.bump_word();
                if self.word().is_empty() {
                    self.missing("sql-missing-name", "index type");
                } else {
                    self.any_name();
                }
            } else if self.at_word("WITH") && self.nth_is(1, "PARSER") {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.my_words(&["WITH", "PARSER"]);
                self.expect_name("parser name");
            } else if self.at_any(&[
                "COMMENT",
                "KEY_BLOCK_SIZE",
                "ENGINE_ATTRIBUTE",
                "SECONDARY_ENGINE_ATTRIBUTE",
            ]) || (self.nth_kind(1) == Some(SyntaxKind::EQ) && !self.word().is_empty())
            {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.bump_word();
                self.my_value();
            } else if self.at_any(&["VISIBLE", "INVISIBLE", "IGNORED"]) {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.bump_word();
            } else if self.at_word("NOT") && self.nth_is(1, "IGNORED") {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.my_words(&["NOT", "IGNORED"]);
            } else {
                return;
            }
            self.finish();
        }
    }
}
