//! `CREATE TABLE`: columns, keys, what follows them.

use crate::sql::kind::SyntaxKind;
use crate::sql::parser::Parser;

/// Words that begin an attribute of a column.
const ATTRIBUTES: &[&str] = &[
    "PRIMARY",
    "NOT",
    "NULL",
    "UNIQUE",
    "CHECK",
    "DEFAULT",
    "COLLATE",
    "REFERENCES",
    "GENERATED",
    "AUTO_INCREMENT",
    "COMMENT",
    "CHARSET",
    "CHARACTER",
    "UNSIGNED",
    "INVISIBLE",
    "CONSTRAINT",
];

impl Parser<'_> {
    /// `CREATE … TABLE` with `TABLE` at `n`.
    pub(super) fn my_create_table(&mut self, n: usize) {
        self.start(SyntaxKind::CREATE_TABLE);
        self.create_words(n, "TABLE");
        self.if_not_exists();
        if self.expect_path("table name") || self.at(SyntaxKind::L_PAREN) {
            if self.at_word("LIKE") || (self.at(SyntaxKind::L_PAREN) && self.nth_is(1, "LIKE")) {
                self.my_like();
            } else {
                if self.at(SyntaxKind::L_PAREN) && !self.my_query_follows(1) {
                    self.my_elements();
                } else if self.is_end() {
                    self.missing("sql-missing-columns", "list of columns");
                }
                self.my_table_options();
                if self.at_word("PARTITION") && self.nth_is(1, "BY") {
                    self.my_partitioning();
                    // MariaDB lets options follow.
                    self.my_table_options();
                }
                self.eat_any(&["IGNORE", "REPLACE"]);
                let as_query = self.eat_word("AS");
                if self.my_query_follows(0) || self.at(SyntaxKind::L_PAREN) {
                    self.my_query();
                } else if as_query {
                    self.missing("sql-missing-query", "query");
                }
            }
        }
        self.trailing();
        self.finish();
    }

    /// Whether a query begins at the `n`th token.
    fn my_query_follows(&self, n: usize) -> bool {
        ["SELECT", "WITH", "VALUES", "TABLE"].iter().any(|word| self.nth_is(n, word))
            && !(self.nth_is(n, "WITH") && self.nth_is(n + 1, "SYSTEM"))
    }

    /// `LIKE table`, perhaps in parentheses.
    fn my_like(&mut self) {
        self.start(SyntaxKind::LIKE_CLAUSE);
        let open = self.here();
        let paren = self.eat(SyntaxKind::L_PAREN);
        self.bump_word();
        self.expect_path("table name");
        if paren {
            self.close(open);
        }
        self.finish();
    }

    /// `( column, key, … )`.
    fn my_elements(&mut self) {
        self.start(SyntaxKind::TABLE_ELEMENTS);
        let open = self.here();
        self.bump();
        if self.at(SyntaxKind::R_PAREN) {
            let range = open.cover(self.here());
            self.error(range, "sql-missing-columns", "a table needs at least one column");
        }
        let errors = self.found;
        loop {
            match self.kind() {
                None | Some(SyntaxKind::R_PAREN) => break,
                Some(SyntaxKind::COMMA) => {
                    self.error(
                        self.here(),
                        "sql-stray-comma",
                        "`,` without a column or constraint before it",
                    );
                    self.bump();
                    continue;
                }
                Some(_) => {}
            }
            let (before, found) = (self.at, self.found);
            self.my_element();
            if self.my_at_table_options() {
                // The `)` before them closed something else.
                break;
            }
            if !self.at_stop() && !self.my_next_element() {
                self.unexpected();
            }
            self.understood(found);
            let comma = self.here();
            if self.at(SyntaxKind::COMMA) {
                self.bump();
                if self.at(SyntaxKind::R_PAREN) {
                    self.error(comma, "sql-stray-comma", "`,` without a column or constraint behind it");
                }
            } else if self.at(SyntaxKind::DELIMITER) || self.at == before {
                self.bump();
            }
        }
        let closed = self.at(SyntaxKind::R_PAREN);
        // An error within most often explains why the end is missing.
        if closed || self.found == errors {
            self.close(open);
        }
        self.finish();
    }

    /// Whether options of a table stand here, as nothing else can.
    fn my_at_table_options(&self) -> bool {
        self.at_word("ENGINE") && self.nth_kind(1) == Some(SyntaxKind::EQ)
            || self.at_word("DEFAULT") && self.nth_is(1, "CHARSET")
    }

    /// Whether what stands here, without a comma, is the next element; then that is reported.
    fn my_next_element(&mut self) -> bool {
        let next = self.at_name() || self.my_at_key();
        if next && self.starts_line() {
            self.error(self.behind(), "sql-missing-comma", "`,` is missing behind a column or constraint");
            return true;
        }
        false
    }

    fn my_element(&mut self) {
        if self.my_at_key() {
            self.my_key();
        } else if self.at_name() {
            self.my_column();
        } else if !self.word().is_empty() {
            self.start(SyntaxKind::COLUMN_DEF);
            self.reserved("column name");
            self.any_name();
            self.my_column_rest();
            self.finish();
        } else {
            self.unexpected_token();
            self.skip(SyntaxKind::ERROR);
        }
    }

    /// Takes a column definition, which begins with a name.
    pub(super) fn my_column(&mut self) {
        self.start(SyntaxKind::COLUMN_DEF);
        self.any_name();
        self.my_column_rest();
        self.finish();
    }

    fn my_column_rest(&mut self) {
        if self.at_stop() {
            self.missing("sql-missing-type", "type");
            return;
        }
        if !self.my_at_attribute_but_type() {
            self.my_type();
        }
        loop {
            if self.at_stop() || self.my_at_table_options() || self.at_any(&["FIRST", "AFTER"]) {
                return;
            }
            let before = self.at;
            if !self.my_column_attribute() {
                if self.starts_line() && (self.at_name() || self.my_at_key()) {
                    return;
                }
                if self.my_misspelt_attribute() {
                    continue;
                }
                self.unexpected();
            }
            if self.at == before {
                return;
            }
        }
    }

    /// Whether what stands where a type should is an attribute: the type is missing.
    fn my_at_attribute_but_type(&mut self) -> bool {
        let missing = self.at_any(&[
            "PRIMARY",
            "NOT",
            "NULL",
            "UNIQUE",
            "DEFAULT",
            "AUTO_INCREMENT",
            "COMMENT",
            "REFERENCES",
            "CHECK",
        ]) || (self.at_any(&["GENERATED", "AS"]) && !self.word().is_empty());
        if missing {
            self.missing("sql-missing-type", "type");
        }
        missing
    }

    /// The words of a type with its arguments: `national character varying(10)`, `double precision(8,2) unsigned`.
    pub(super) fn my_type(&mut self) {
        self.start(SyntaxKind::TYPE_NAME);
        let first = self.word().to_ascii_uppercase();
        match self.kind() {
            Some(SyntaxKind::IDENT | SyntaxKind::QUOTED_IDENT) => {
                let kind = self.kind().unwrap_or(SyntaxKind::IDENT);
                self.bump_as(kind);
            }
            _ => {
                self.missing("sql-missing-type", "type");
                self.finish();
                return;
            }
        }
        let more: &[&str] = match first.as_str() {
            "NATIONAL" => &["CHAR", "CHARACTER", "VARCHAR", "VARCHARACTER", "VARYING"],
            "NCHAR" => &["VARCHAR", "VARCHARACTER", "VARYING"],
            "CHAR" | "CHARACTER" => &["VARYING", "BYTE"],
            "DOUBLE" => &["PRECISION"],
            "LONG" => &["VARCHAR", "VARBINARY", "VARCHARACTER", "CHAR", "VARYING", "BYTE"],
            _ => &[],
        };
        while self.at_any(more) {
            self.bump_as(SyntaxKind::IDENT);
        }
        if self.at(SyntaxKind::L_PAREN) {
            self.start(SyntaxKind::TYPE_ARGS);
            let open = self.here();
            self.bump();
            if self.at(SyntaxKind::R_PAREN) {
                self.missing("sql-missing-value", "number");
            }
            while !matches!(self.kind(), None | Some(SyntaxKind::R_PAREN | SyntaxKind::DELIMITER)) {
                // Behind this comma comes the next column.
                if self.at(SyntaxKind::COMMA) && self.nth_is_name(1) && !self.nth_word(2).is_empty() {
                    break;
                }
                self.bump();
            }
            self.close(open);
            self.finish();
        }
        while self.at_any(&["UNSIGNED", "SIGNED", "ZEROFILL"]) {
            self.bump_as(SyntaxKind::IDENT);
        }
        self.finish();
    }

    /// Takes an attribute of a column; whether one was there.
    fn my_column_attribute(&mut self) -> bool {
        let checkpoint = self.checkpoint();
        if self.at_word("CONSTRAINT") {
            self.start(SyntaxKind::CONSTRAINT_NAME);
            self.bump_word();
            if self.at_name() && !self.at_any(&["CHECK", "REFERENCES"]) {
                self.name();
            }
            self.finish();
        }
        let word = self.word().to_ascii_uppercase();
        self.my_attribute(checkpoint, &word)
    }

    /// The attribute that begins with the word here, which is, or means, `word`.
    fn my_attribute(&mut self, checkpoint: rowan::Checkpoint, word: &str) -> bool {
        match word {
            "PRIMARY" | "KEY" => {
                self.start_at(checkpoint, SyntaxKind::PRIMARY_KEY);
                self.bump_word();
                if word == "PRIMARY" {
                    self.expect_word("KEY");
                }
            }
            "NOT" if self.nth_is(1, "INVISIBLE") => {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.my_words(&["NOT", "INVISIBLE"]);
            }
            "NOT" => {
                self.start_at(checkpoint, SyntaxKind::NOT_NULL);
                self.bump_word();
                self.expect_word("NULL");
            }
            "NULL" => {
                self.start_at(checkpoint, SyntaxKind::NULL_CONSTRAINT);
                self.bump_word();
            }
            "UNIQUE" => {
                self.start_at(checkpoint, SyntaxKind::UNIQUE);
                self.bump_word();
                self.eat_word("KEY");
            }
            "CHECK" => {
                self.start_at(checkpoint, SyntaxKind::CHECK);
                self.my_check();
            }
            "DEFAULT" => {
                self.start_at(checkpoint, SyntaxKind::DEFAULT);
                self.bump_word();
                self.my_default();
            }
            "COLLATE" => {
                self.start_at(checkpoint, SyntaxKind::COLLATE);
                self.bump_word();
                self.eat(SyntaxKind::EQ);
                if matches!(
                    self.kind(),
                    Some(SyntaxKind::IDENT | SyntaxKind::QUOTED_IDENT | SyntaxKind::STRING)
                ) {
                    self.any_name();
                } else {
                    self.missing("sql-missing-name", "collation");
                }
            }
            "REFERENCES" => {
                self.start_at(checkpoint, SyntaxKind::REFERENCES);
                self.references();
            }
            "GENERATED" | "AS" => self.my_generated(checkpoint, word),
            _ => return self.my_option(checkpoint, word),
        }
        self.finish();
        true
    }

    /// Attributes that are options in words.
    fn my_option(&mut self, checkpoint: rowan::Checkpoint, word: &str) -> bool {
        let open = |parser: &mut Self| parser.start_at(checkpoint, SyntaxKind::OPTION);
        match word {
            "AUTO_INCREMENT" | "VISIBLE" | "INVISIBLE" | "ASCII" | "UNICODE" | "BINARY" | "BYTE"
            | "PERSISTENT" => {
                open(self);
                self.bump_word();
            }
            "COMPRESSED" => {
                open(self);
                self.bump_word();
                if self.at(SyntaxKind::EQ) {
                    self.my_value();
                }
            }
            "COMMENT"
            | "COLUMN_FORMAT"
            | "STORAGE"
            | "ENGINE_ATTRIBUTE"
            | "SECONDARY_ENGINE_ATTRIBUTE"
            | "SRID"
            | "REF_SYSTEM_ID"
            | "CHARSET" => {
                open(self);
                self.bump_word();
                self.my_value();
            }
            "CHARACTER" | "CHAR" if self.nth_is(1, "SET") => {
                open(self);
                self.bump_word();
                self.bump_word();
                self.my_value();
            }
            "ON" if self.nth_is(1, "UPDATE") => {
                open(self);
                self.my_words(&["ON", "UPDATE"]);
                self.my_default();
            }
            "SERIAL" if self.nth_is(1, "DEFAULT") => {
                open(self);
                self.my_words(&["SERIAL", "DEFAULT", "VALUE"]);
            }
            "WITH" | "WITHOUT" if self.nth_is(1, "SYSTEM") && self.nth_is(2, "VERSIONING") => {
                open(self);
                self.bump_word();
                self.my_words(&["SYSTEM", "VERSIONING"]);
            }
            // Options of a storage engine of MariaDB.
            _ if !word.is_empty() && self.nth_kind(1) == Some(SyntaxKind::EQ) => {
                open(self);
                self.bump_word();
                self.my_value();
            }
            _ => return false,
        }
        self.finish();
        true
    }

    /// `[GENERATED ALWAYS] AS (expr) [VIRTUAL | STORED | PERSISTENT]`, or `GENERATED ALWAYS AS ROW START`; opens a
    /// node.
    fn my_generated(&mut self, checkpoint: rowan::Checkpoint, word: &str) {
        let row = |parser: &Self, n: usize| {
            parser.nth_is(n, "AS")
                && parser.nth_is(n + 1, "ROW")
                && (parser.nth_is(n + 2, "START") || parser.nth_is(n + 2, "END"))
        };
        if (word == "GENERATED" && row(self, 2)) || (word == "AS" && row(self, 0)) {
            self.start_at(checkpoint, SyntaxKind::OPTION);
            let count = if word == "GENERATED" { 5 } else { 3 };
            for _ in 0..count {
                self.bump_word();
            }
            return;
        }
        self.start_at(checkpoint, SyntaxKind::GENERATED);
        if word == "GENERATED" {
            self.bump_word();
            self.expect_word("ALWAYS");
        }
        if self.expect_word("AS") {
            self.my_parenthesized("expression");
        }
        if !self.eat_any(&["STORED", "VIRTUAL", "PERSISTENT"]) {
            self.misspelt(&["STORED", "VIRTUAL", "PERSISTENT"]);
        }
    }

    /// What stands behind `DEFAULT` or `ON UPDATE`.
    pub(super) fn my_default(&mut self) {
        match self.kind() {
            Some(SyntaxKind::L_PAREN) => self.my_parenthesized("expression"),
            Some(SyntaxKind::PLUS | SyntaxKind::MINUS) => {
                self.start(SyntaxKind::LITERAL);
                while matches!(self.kind(), Some(SyntaxKind::PLUS | SyntaxKind::MINUS)) {
                    self.bump();
                }
                if self.at(SyntaxKind::NUMBER) {
                    self.bump();
                } else {
                    self.missing("sql-missing-value", "number");
                }
                self.finish();
            }
            Some(SyntaxKind::STRING | SyntaxKind::BLOB | SyntaxKind::NUMBER) => {
                self.literal();
                // MariaDB takes expressions without parentheses.
                if matches!(
                    self.kind(),
                    Some(SyntaxKind::PLUS | SyntaxKind::MINUS | SyntaxKind::STAR | SyntaxKind::OPERATOR)
                ) {
                    self.skip_to_attribute();
                }
            }
            Some(SyntaxKind::IDENT) if self.word().starts_with('_') && self.nth_kind(1).is_some() => {
                self.start(SyntaxKind::EXPR);
                if self.my_operand().is_none() {
                    self.bump();
                }
                self.finish();
            }
            Some(SyntaxKind::IDENT | SyntaxKind::QUOTED_IDENT) => {
                let plain = self.nth_kind(1) != Some(SyntaxKind::L_PAREN)
                    && self.nth_kind(1) != Some(SyntaxKind::DOT);
                if plain && self.at_any(&["NULL", "TRUE", "FALSE"]) {
                    self.literal();
                    return;
                }
                self.start(SyntaxKind::EXPR);
                if self.nth_kind(1) == Some(SyntaxKind::L_PAREN) {
                    self.start(SyntaxKind::CALL);
                    self.any_name();
                    self.args();
                    self.finish();
                } else if self.my_operand().is_none() {
                    if self.at_literal_word() {
                        self.literal();
                    } else {
                        self.bump();
                    }
                }
                self.finish();
                if matches!(
                    self.kind(),
                    Some(SyntaxKind::PLUS | SyntaxKind::MINUS | SyntaxKind::STAR | SyntaxKind::OPERATOR)
                ) {
                    self.skip_to_attribute();
                }
            }
            _ => self.missing("sql-missing-value", "default value"),
        }
    }

    /// What is left of a default without parentheses, up to the next attribute.
    fn skip_to_attribute(&mut self) {
        self.start(SyntaxKind::LOOSE);
        while !(self.at_stop() || self.at_any(ATTRIBUTES) || self.at_word("ON") && self.nth_is(1, "UPDATE")) {
            self.bump_balanced();
        }
        self.finish();
    }

    /// A word that can only be a slip for the start of an attribute: takes that attribute.
    fn my_misspelt_attribute(&mut self) -> bool {
        let word = self.word();
        if word.is_empty() || self.grammar.is_keyword(word) {
            return false;
        }
        let known = ATTRIBUTES.iter().copied().chain(["AUTOINCREMENT"]);
        let Some(meant) = crate::sql::grammar::closest(word, known) else { return false };
        let meant = if meant == "AUTOINCREMENT" { "AUTO_INCREMENT" } else { meant };
        self.did_you_mean(meant);
        if meant == "UNSIGNED" {
            self.bump_word();
            return true;
        }
        let checkpoint = self.checkpoint();
        self.my_attribute(checkpoint, meant)
    }
}
