//! Constraints of columns, tables and domains.

use super::super::Parser;
use crate::sql::kind::SyntaxKind;

/// Words that begin a constraint or clause of a column.
const COLUMN: &[&str] = &[
    "CONSTRAINT",
    "PRIMARY",
    "NOT",
    "NULL",
    "UNIQUE",
    "CHECK",
    "DEFAULT",
    "COLLATE",
    "REFERENCES",
    "GENERATED",
];

impl Parser<'_> {
    pub(super) fn pg_at_column_constraint(&self) -> bool {
        match self.word().to_ascii_uppercase().as_str() {
            // These may be types, and `GENERATED` is no type.
            "GENERATED" => self.nth_is(1, "ALWAYS") || self.nth_is(1, "BY"),
            "STORAGE" | "COMPRESSION" => self.nth_is_name(1),
            word => COLUMN.contains(&word),
        }
    }

    /// Takes the constraints of a column or domain.
    pub(super) fn pg_column_constraints(&mut self) {
        while !self.at_stop() {
            let before = self.at;
            if !self.pg_column_constraint() {
                if self.pg_at_next_line_element() {
                    return;
                }
                if self.pg_misspelt_constraint() {
                    continue;
                }
                return;
            }
            if self.at == before {
                return;
            }
        }
    }

    /// A word that can only be a slip for the start of a constraint: takes that constraint.
    fn pg_misspelt_constraint(&mut self) -> bool {
        let word = self.word();
        if word.is_empty() || self.grammar.is_keyword(word) {
            return false;
        }
        let known = COLUMN.iter().copied().filter(|word| *word != "NOT");
        let Some(meant) = crate::sql::grammar::closest(word, known) else { return false };
        self.did_you_mean(meant);
        let checkpoint = self.checkpoint();
        self.pg_constraint_body(checkpoint, meant)
    }

    fn pg_constraint_name(&mut self) -> bool {
        if !self.at_word("CONSTRAINT") {
            return false;
        }
        self.start(SyntaxKind::CONSTRAINT_NAME);
        self.bump_word();
        self.expect_name("constraint name");
        self.finish();
        true
    }

    /// Takes one constraint of a column; whether one was there.
    fn pg_column_constraint(&mut self) -> bool {
        let checkpoint = self.checkpoint();
        let named = self.pg_constraint_name();
        let word = self.word().to_ascii_uppercase();
        self.pg_constraint_body(checkpoint, &word) || named
    }

    fn pg_constraint_body(&mut self, checkpoint: rowan::Checkpoint, word: &str) -> bool {
        match word {
            "PRIMARY" => {
                self.start_at(checkpoint, SyntaxKind::PRIMARY_KEY);
                self.bump_word();
                self.expect_word("KEY");
                self.pg_index_options();
            }
            "NOT" if self.nth_is(1, "DEFERRABLE") => return self.pg_attributes(),
            "NOT" if self.nth_is(1, "VALID") || self.nth_is(1, "ENFORCED") => return self.pg_attributes(),
            "NOT" => {
                self.start_at(checkpoint, SyntaxKind::NOT_NULL);
                self.bump_word();
                self.expect_word("NULL");
                self.pg_words(&["NO", "INHERIT"]);
            }
            "NULL" => {
                self.start_at(checkpoint, SyntaxKind::NULL_CONSTRAINT);
                self.bump_word();
            }
            "UNIQUE" => {
                self.start_at(checkpoint, SyntaxKind::UNIQUE);
                self.bump_word();
                self.pg_index_options();
            }
            "CHECK" => {
                self.start_at(checkpoint, SyntaxKind::CHECK);
                self.bump_word();
                self.parenthesized("expression");
                self.pg_words(&["NO", "INHERIT"]);
            }
            "DEFAULT" => {
                self.start_at(checkpoint, SyntaxKind::DEFAULT);
                self.bump_word();
                self.default_expr();
            }
            "COLLATE" => {
                self.start_at(checkpoint, SyntaxKind::COLLATE);
                self.bump_word();
                self.expect_path("collation");
            }
            "REFERENCES" => {
                self.start_at(checkpoint, SyntaxKind::REFERENCES);
                self.references();
                self.pg_attributes();
                self.finish();
                return true;
            }
            "GENERATED" => {
                self.pg_generated(checkpoint);
                return true;
            }
            "STORAGE" | "COMPRESSION" => {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.bump_word();
                // `STORAGE DEFAULT`.
                self.pg_any_word();
            }
            "OPTIONS" if self.nth_kind(1) == Some(SyntaxKind::L_PAREN) => {
                self.start_at(checkpoint, SyntaxKind::LOOSE);
                self.bump_word();
                self.bump_balanced();
            }
            "DEFERRABLE" | "INITIALLY" | "ENFORCED" => return self.pg_attributes(),
            _ => return false,
        }
        self.pg_attributes();
        self.finish();
        true
    }

    fn pg_generated(&mut self, checkpoint: rowan::Checkpoint) {
        let always = self.nth_is(1, "ALWAYS");
        let identity = self.nth_is(1, "BY") || (self.nth_is(2, "AS") && self.nth_is(3, "IDENTITY"));
        self.start_at(checkpoint, if identity { SyntaxKind::IDENTITY } else { SyntaxKind::GENERATED });
        self.bump_word();
        if always {
            self.bump_word();
        } else if self.eat_word("BY") {
            self.expect_word("DEFAULT");
        } else {
            self.expect_word("ALWAYS");
        }
        if self.expect_word("AS") {
            if identity {
                self.expect_word("IDENTITY");
                if self.at(SyntaxKind::L_PAREN) {
                    let open = self.here();
                    self.bump();
                    self.pg_sequence_options();
                    self.skip_to_close();
                    self.close(open);
                }
            } else {
                self.parenthesized("expression");
                if !self.eat_any(&["STORED", "VIRTUAL"]) {
                    self.misspelt(&["STORED", "VIRTUAL"]);
                }
            }
        }
        self.finish();
    }

    /// `[NOT] DEFERRABLE`, `INITIALLY …`, `NOT VALID`, `[NOT] ENFORCED`, in the node of their constraint; whether
    /// one was there.
    fn pg_attributes(&mut self) -> bool {
        let mut found = false;
        loop {
            if self.at_deferrable() {
                self.deferrable();
            } else if self.at_word("INITIALLY") {
                self.pg_initially();
            } else if self.at_word("NOT") && (self.nth_is(1, "VALID") || self.nth_is(1, "ENFORCED")) {
                self.start(SyntaxKind::OPTION);
                self.bump_word();
                self.bump_word();
                self.finish();
            } else if self.at_word("ENFORCED") || (self.at_word("NO") && self.nth_is(1, "INHERIT")) {
                self.start(SyntaxKind::OPTION);
                self.eat_word("NO");
                self.bump_word();
                self.finish();
            } else {
                return found;
            }
            found = true;
        }
    }

    pub(super) fn pg_at_table_constraint(&self) -> bool {
        if self.at_any(&["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"]) {
            return true;
        }
        if self.at_word("EXCLUDE")
            && (self.nth_is(1, "USING") || self.nth_kind(1) == Some(SyntaxKind::L_PAREN))
        {
            return true;
        }
        // `NOT NULL column` of PostgreSQL 18.
        if self.at_word("NOT") && self.nth_is(1, "NULL") {
            return true;
        }
        // No column has the type `KEY (…)`, or parentheses behind its name.
        ((self.near("PRIMARY") || self.near("FOREIGN"))
            && self.nth_is(1, "KEY")
            && self.nth_kind(2) == Some(SyntaxKind::L_PAREN))
            || (self.near("UNIQUE") && self.nth_kind(1) == Some(SyntaxKind::L_PAREN))
    }

    /// Takes a constraint of a table.
    pub(super) fn pg_table_constraint(&mut self) {
        let checkpoint = self.checkpoint();
        self.pg_constraint_name();
        let slip = ["PRIMARY", "FOREIGN", "UNIQUE", "CHECK"].into_iter().find(|word| self.near(word));
        if let Some(meant) = slip {
            self.did_you_mean(meant);
        }
        let word = slip.map_or_else(|| self.word().to_ascii_uppercase(), str::to_owned);
        match word.as_str() {
            "PRIMARY" | "UNIQUE" => {
                let primary = word == "PRIMARY";
                let kind = if primary { SyntaxKind::PRIMARY_KEY } else { SyntaxKind::UNIQUE };
                self.start_at(checkpoint, kind);
                self.bump_word();
                if primary {
                    self.expect_word("KEY");
                }
                if self.at_word("NULLS") {
                    self.pg_nulls_distinct();
                }
                if self.at_word("USING") && self.nth_is(1, "INDEX") {
                    self.start(SyntaxKind::USING_INDEX);
                    self.bump_word();
                    self.bump_word();
                    self.expect_name("index name");
                    self.finish();
                } else if self.at(SyntaxKind::L_PAREN) {
                    self.pg_index_elements();
                } else {
                    self.missing("sql-missing-columns", "list of columns");
                }
                self.pg_index_options();
            }
            "CHECK" => {
                self.start_at(checkpoint, SyntaxKind::CHECK);
                self.bump_word();
                self.parenthesized("expression");
            }
            "NOT" => {
                self.start_at(checkpoint, SyntaxKind::NOT_NULL);
                self.bump_word();
                self.expect_word("NULL");
                self.expect_name("column name");
            }
            "EXCLUDE" => {
                self.start_at(checkpoint, SyntaxKind::EXCLUDE);
                self.bump_word();
                if self.at_word("USING") {
                    self.pg_option_name();
                }
                if self.at(SyntaxKind::L_PAREN) {
                    self.pg_index_elements();
                }
                self.pg_index_options();
                if self.at_word("WHERE") {
                    self.where_clause();
                }
            }
            "FOREIGN" => {
                self.start_at(checkpoint, SyntaxKind::FOREIGN_KEY);
                self.bump_word();
                self.expect_word("KEY");
                self.pg_key_columns();
                if self.at_word("REFERENCES") || self.near("REFERENCES") {
                    self.start(SyntaxKind::REFERENCES);
                    self.references();
                    self.pg_attributes();
                    self.finish();
                } else {
                    self.missing("sql-missing-keyword", "`REFERENCES`");
                }
            }
            _ => {
                // `CONSTRAINT name` and nothing that is known.
                self.skip(SyntaxKind::OPAQUE);
                return;
            }
        }
        self.pg_attributes();
        self.finish();
    }

    fn pg_key_columns(&mut self) {
        if self.at(SyntaxKind::L_PAREN) {
            self.column_names();
        } else {
            self.missing("sql-missing-columns", "list of columns");
        }
    }
}
