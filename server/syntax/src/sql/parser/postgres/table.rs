//! `CREATE TABLE`: columns, `LIKE`, partitions, options.

use super::super::Parser;
use crate::sql::kind::SyntaxKind;

impl Parser<'_> {
    /// `CREATE … TABLE`, whose object word is at `n`.
    pub(super) fn pg_create_table(&mut self, n: usize) {
        self.start(SyntaxKind::CREATE_TABLE);
        self.create_words(n, "TABLE");
        self.if_not_exists();
        if self.expect_path("table name") || self.at(SyntaxKind::L_PAREN) {
            self.pg_table_body();
            if self.pg_table_options() && self.eat_word("AS") {
                self.pg_query(Self::pg_at_view_option);
                if self.pg_at_view_option() {
                    self.start(SyntaxKind::VIEW_OPTION);
                    while self.at_any(&["WITH", "NO", "DATA"]) {
                        self.bump_word();
                    }
                    self.finish();
                }
            }
        }
        self.trailing();
        self.finish();
    }

    fn pg_table_body(&mut self) {
        if self.at_word("OF") {
            self.pg_option_name();
        } else if self.at_word("PARTITION") && self.nth_is(1, "OF") {
            self.start(SyntaxKind::PARTITION_OF);
            self.bump_word();
            self.bump_word();
            self.expect_path("table name");
            self.finish();
        }
        if self.at(SyntaxKind::L_PAREN) {
            self.pg_elements();
        } else if self.is_end() && self.previous_text() != "OF" {
            let bound = self.tokens.len();
            if bound > 0 && !self.has_partition_of() {
                self.missing("sql-missing-columns", "list of columns");
            }
        }
        if self.at_word("DEFAULT") || (self.at_word("FOR") && self.nth_is(1, "VALUES")) {
            self.pg_partition_bound();
        }
    }

    /// Whether the statement already names a parent, or a type, and needs no columns.
    fn has_partition_of(&self) -> bool {
        self.tokens.iter().any(|token| self.text_of(*token).eq_ignore_ascii_case("OF"))
    }

    /// `FOR VALUES …` or `DEFAULT`.
    pub(super) fn pg_partition_bound(&mut self) {
        self.start(SyntaxKind::PARTITION_BOUND);
        if self.eat_word("DEFAULT") {
            self.finish();
            return;
        }
        self.bump_word();
        self.expect_word("VALUES");
        while self.at_any(&["IN", "FROM", "TO", "WITH"]) && self.nth_kind(1) == Some(SyntaxKind::L_PAREN) {
            self.bump_word();
            self.start(SyntaxKind::LOOSE);
            self.bump_balanced();
            self.finish();
        }
        self.finish();
    }

    /// The clauses behind the columns; always true, for the query that may follow.
    fn pg_table_options(&mut self) -> bool {
        loop {
            if self.at_word("INHERITS") && self.nth_kind(1) == Some(SyntaxKind::L_PAREN) {
                self.start(SyntaxKind::INHERITS);
                self.bump_word();
                let open = self.here();
                self.bump();
                loop {
                    self.expect_path("table name");
                    if !self.eat(SyntaxKind::COMMA) {
                        break;
                    }
                }
                self.close(open);
                self.finish();
            } else if self.at_word("PARTITION") && self.nth_is(1, "BY") {
                self.start(SyntaxKind::PARTITION_BY);
                self.bump_word();
                self.bump_word();
                self.expect_name("strategy");
                if self.at(SyntaxKind::L_PAREN) {
                    self.pg_index_elements();
                } else {
                    self.missing("sql-missing-columns", "list of columns");
                }
                self.finish();
            } else if self.at_word("WITH") && self.nth_kind(1) == Some(SyntaxKind::L_PAREN) {
                self.bump_word();
                self.pg_params();
            } else if self.at_any(&["WITH", "WITHOUT"]) && self.nth_is(1, "OIDS") {
                self.start(SyntaxKind::OPTION);
                self.bump_word();
                self.bump_word();
                self.finish();
            } else if self.at_word("ON") && self.nth_is(1, "COMMIT") {
                self.start(SyntaxKind::OPTION);
                self.bump_word();
                self.bump_word();
                while self.at_any(&["PRESERVE", "DELETE", "DROP", "ROWS"]) {
                    self.bump_word();
                }
                self.finish();
            } else if self.at_any(&["TABLESPACE", "USING"]) {
                self.pg_option_name();
            } else {
                return true;
            }
        }
    }

    /// `( … )` of a table or a composite type.
    pub(super) fn pg_elements(&mut self) {
        self.start(SyntaxKind::TABLE_ELEMENTS);
        let open = self.here();
        self.bump();
        let errors = self.found;
        loop {
            match self.kind() {
                None | Some(SyntaxKind::R_PAREN) => break,
                Some(SyntaxKind::COMMA) => {
                    let message = "`,` without a column or constraint before it";
                    self.error(self.here(), "sql-stray-comma", message);
                    self.bump();
                    continue;
                }
                Some(_) => {}
            }
            let (before, found) = (self.at, self.found);
            self.pg_element();
            if !self.at_stop() && !self.pg_next_element() {
                self.unexpected();
            }
            self.understood(found);
            let comma = self.here();
            if self.at(SyntaxKind::COMMA) {
                self.bump();
                if self.at(SyntaxKind::R_PAREN) {
                    let message = "`,` without a column or constraint behind it";
                    self.error(comma, "sql-stray-comma", message);
                }
            } else if self.at(SyntaxKind::DELIMITER) || self.at == before {
                self.bump();
            }
        }
        // An error within most often explains why the end is missing.
        if self.at(SyntaxKind::R_PAREN) || self.found == errors {
            self.close(open);
        }
        self.finish();
    }

    /// Whether a column, or a constraint of the table, stands here without a comma before it: reported.
    fn pg_next_element(&mut self) -> bool {
        if !self.pg_at_next_line_element() {
            return false;
        }
        self.error(self.behind(), "sql-missing-comma", "`,` is missing behind a column or constraint");
        true
    }

    /// Whether the line here begins an element: a name with a type on the same line, or a constraint of the table.
    pub(super) fn pg_at_next_line_element(&self) -> bool {
        if !self.starts_line() {
            return false;
        }
        let key = |word: &str| self.at_word(word) && self.nth_is(1, "KEY");
        if key("FOREIGN") || (key("PRIMARY") && self.nth_kind(2) == Some(SyntaxKind::L_PAREN)) {
            return true;
        }
        let name = match self.kind() {
            Some(SyntaxKind::QUOTED_IDENT) => true,
            // A keyword here may be a clause this parser does not know.
            Some(SyntaxKind::IDENT) => !self.grammar.is_keyword(self.word()),
            _ => false,
        };
        let same_line = match (self.nth(0), self.nth(1)) {
            (Some(first), Some(second)) => {
                self.text.get(first.end..second.start).is_some_and(|gap| !gap.contains('\n'))
            }
            _ => false,
        };
        name && same_line && self.nth_is_name(1)
    }

    fn pg_element(&mut self) {
        if self.pg_at_table_constraint() {
            self.pg_table_constraint();
        } else if self.at_word("LIKE") {
            self.start(SyntaxKind::LIKE_CLAUSE);
            self.bump_word();
            self.expect_path("table name");
            while self.at_any(&["INCLUDING", "EXCLUDING"]) {
                self.start(SyntaxKind::OPTION);
                self.bump_word();
                if !self.at_stop() {
                    self.bump_word();
                }
                self.finish();
            }
            self.finish();
        } else if self.at_name() {
            self.pg_column();
        } else if !self.word().is_empty() {
            self.start(SyntaxKind::COLUMN_DEF);
            self.reserved("column name");
            self.any_name();
            self.pg_column_rest();
            self.finish();
        } else {
            self.unexpected_token();
            self.skip(SyntaxKind::ERROR);
        }
    }

    /// Takes a column definition, which begins with a name.
    pub(super) fn pg_column(&mut self) {
        self.start(SyntaxKind::COLUMN_DEF);
        self.name();
        self.pg_column_rest();
        self.finish();
    }

    fn pg_column_rest(&mut self) {
        // `name WITH OPTIONS constraint` of a typed table.
        if !self.pg_words(&["WITH", "OPTIONS"]) && !self.pg_at_column_constraint() {
            self.pg_type();
        }
        self.pg_column_constraints();
    }
}
