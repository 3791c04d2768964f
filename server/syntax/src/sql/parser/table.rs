//! `CREATE TABLE`: columns, constraints, options.

use super::Parser;
use crate::sql::grammar::Features;
use crate::sql::kind::SyntaxKind;

/// Words that begin a constraint of a column.
const COLUMN_CONSTRAINTS: &[&str] = &[
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
    "AS",
];

/// Words that begin a constraint of a table.
const TABLE_CONSTRAINTS: &[&str] = &["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

impl Parser<'_> {
    pub(super) fn create_table(&mut self, n: usize) {
        self.start(SyntaxKind::CREATE_TABLE);
        self.create_words(n, "TABLE");
        self.if_not_exists();
        if self.expect_path("table name") || self.at(SyntaxKind::L_PAREN) {
            if self.nth_kind(1) == Some(SyntaxKind::L_PAREN) && !self.at(SyntaxKind::L_PAREN) {
                let kind = self.unknown();
                self.start(kind);
                self.bump();
                self.finish();
            }
            if self.at(SyntaxKind::L_PAREN) {
                if self.elements() {
                    self.table_options();
                }
            } else if self.eat_word("AS") {
                self.defining_query();
            } else if self.is_end() {
                self.missing("sql-missing-columns", "list of columns");
            }
        }
        self.trailing();
        self.finish();
    }

    /// `( … )`; whether it is closed.
    fn elements(&mut self) -> bool {
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
                    // A comma here has no element before it.
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
            let constraint = self.element();
            if self.at_table_options() {
                // The `)` before them closed something else.
                break;
            }
            if !self.at_stop() && !self.next_element(constraint) {
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
        closed || self.at_table_options()
    }

    /// Whether options of a table stand here, as nothing else can.
    fn at_table_options(&self) -> bool {
        self.at_word("WITHOUT") && self.nth_is(1, "ROWID")
            || self.at_word("STRICT")
                && matches!(self.nth_kind(1), None | Some(SyntaxKind::COMMA | SyntaxKind::DELIMITER))
    }

    /// Whether what stands here, without a comma, is the next element; if so and that is wrong, it is reported.
    fn next_element(&mut self, constraint: bool) -> bool {
        // Between constraints of a table the comma may be left out.
        if constraint && self.at_table_constraint() {
            return true;
        }
        let next = self.at_name() || self.at_table_constraint();
        if next && self.starts_line() {
            self.error(self.behind(), "sql-missing-comma", "`,` is missing behind a column or constraint");
            return true;
        }
        false
    }

    /// Takes a column or a constraint; whether it was a constraint.
    fn element(&mut self) -> bool {
        if self.at_table_constraint() {
            self.table_constraint();
            return true;
        }
        if self.at_name() {
            self.column();
        } else if !self.word().is_empty() {
            self.start(SyntaxKind::COLUMN_DEF);
            self.reserved("column name");
            self.any_name();
            self.column_rest();
            self.finish();
        } else {
            self.unexpected_token();
            self.skip(SyntaxKind::ERROR);
        }
        false
    }

    fn at_table_constraint(&self) -> bool {
        if self.at_any(TABLE_CONSTRAINTS) {
            return true;
        }
        // `UNIQE (`: no column has parentheses behind its name.
        if self.near("UNIQUE") && self.nth_kind(1) == Some(SyntaxKind::L_PAREN) {
            return true;
        }
        // `PRIMRAY KEY (`, `FORIEGN KEY (`: no column has the type `KEY (…)`.
        (self.near("PRIMARY") || self.near("FOREIGN"))
            && self.nth_is(1, "KEY")
            && self.nth_kind(2) == Some(SyntaxKind::L_PAREN)
    }

    fn table_constraint(&mut self) {
        let checkpoint = self.checkpoint();
        self.constraint_name();
        let misspelt = if self.near("PRIMARY") {
            "PRIMARY"
        } else if self.near("FOREIGN") {
            "FOREIGN"
        } else if self.near("UNIQUE") {
            "UNIQUE"
        } else if self.near("CHECK") {
            "CHECK"
        } else {
            ""
        };
        let word = if misspelt.is_empty() { self.word().to_ascii_uppercase() } else { misspelt.to_owned() };
        if !misspelt.is_empty() {
            self.did_you_mean(misspelt);
        }
        match word.as_str() {
            "PRIMARY" => {
                self.start_at(checkpoint, SyntaxKind::PRIMARY_KEY);
                self.bump_word();
                self.expect_word("KEY");
                self.constraint_columns();
                self.conflict();
            }
            "UNIQUE" => {
                self.start_at(checkpoint, SyntaxKind::UNIQUE);
                self.bump_word();
                self.constraint_columns();
                self.conflict();
            }
            "CHECK" => {
                self.start_at(checkpoint, SyntaxKind::CHECK);
                self.bump_word();
                self.parenthesized("expression");
                self.conflict();
            }
            "FOREIGN" => {
                self.start_at(checkpoint, SyntaxKind::FOREIGN_KEY);
                self.bump_word();
                self.expect_word("KEY");
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
            _ => {
                // `CONSTRAINT name` alone; SQLite accepts it, and it means nothing.
                return;
            }
        }
        self.finish();
    }

    fn constraint_columns(&mut self) {
        if self.at(SyntaxKind::L_PAREN) {
            self.indexed_columns();
        } else {
            self.missing("sql-missing-columns", "list of columns");
        }
    }

    fn constraint_name(&mut self) {
        while self.at_word("CONSTRAINT") {
            self.start(SyntaxKind::CONSTRAINT_NAME);
            self.bump_word();
            if self.at_name() {
                self.name();
            } else {
                self.missing("sql-missing-name", "constraint name");
            }
            self.finish();
        }
    }

    /// Takes a column definition, which begins with a name.
    pub(super) fn column(&mut self) {
        self.start(SyntaxKind::COLUMN_DEF);
        self.name();
        self.column_rest();
        self.finish();
    }

    fn column_rest(&mut self) {
        self.type_name();
        loop {
            if self.at_stop() || self.at_table_options() {
                return;
            }
            let before = self.at;
            if !self.column_constraint() {
                if self.starts_line() && (self.at_name() || self.at_table_constraint()) {
                    return;
                }
                if self.misspelt_constraint() {
                    continue;
                }
                self.unexpected();
            }
            if self.at == before {
                return;
            }
        }
    }

    /// A word that can only be a slip for the start of a constraint: takes that constraint.
    fn misspelt_constraint(&mut self) -> bool {
        let word = self.word();
        if word.is_empty() || self.grammar.is_keyword(word) {
            return false;
        }
        let known = COLUMN_CONSTRAINTS.iter().copied().chain(["AUTOINCREMENT", "STORED", "VIRTUAL", "KEY"]);
        let Some(meant) = crate::sql::grammar::closest(word, known) else { return false };
        self.did_you_mean(meant);
        let checkpoint = self.checkpoint();
        self.constraint_body(checkpoint, meant)
    }

    /// The words of a type and its arguments, when there is one.
    fn type_name(&mut self) {
        if !self.at_type_word() || self.at_next_column() {
            return;
        }
        self.start(SyntaxKind::TYPE_NAME);
        while self.at_type_word() && !self.at_next_column() {
            self.bump_as(match self.kind() {
                Some(kind) => kind,
                None => break,
            });
            if !self.grammar.has(Features::FREE_TYPES) {
                break;
            }
        }
        if self.at(SyntaxKind::L_PAREN) {
            self.start(SyntaxKind::TYPE_ARGS);
            let open = self.here();
            self.bump();
            self.type_args();
            self.close(open);
            self.finish();
        }
        self.finish();
    }

    /// What stands between the parentheses of a type.
    fn type_args(&mut self) {
        let mut number = true;
        while let Some(kind) = self.kind() {
            match kind {
                SyntaxKind::R_PAREN | SyntaxKind::DELIMITER => break,
                // Behind this comma comes the next column.
                SyntaxKind::COMMA if self.nth_is_name(1) && self.nth_is_name(2) => return,
                SyntaxKind::COMMA if !number => number = true,
                SyntaxKind::NUMBER if number => number = false,
                SyntaxKind::PLUS | SyntaxKind::MINUS if number => {}
                _ if self.grammar.has(Features::COMPLETE) => self.unexpected_token(),
                _ => {}
            }
            self.bump_balanced();
        }
        if number && self.grammar.has(Features::COMPLETE) {
            self.missing("sql-missing-value", "number");
        }
    }

    fn at_type_word(&self) -> bool {
        if self.at_word("GENERATED") && self.nth_is(1, "ALWAYS") {
            return false;
        }
        // SQLite would take these slips for more words of the type, which nobody means.
        if self.near("PRIMARY") && self.nth_is(1, "KEY")
            || self.near("GENERATED") && self.nth_is(1, "ALWAYS")
            || self.near("COLLATE") && ["BINARY", "NOCASE", "RTRIM"].iter().any(|name| self.nth_is(1, name))
        {
            return false;
        }
        match self.kind() {
            Some(SyntaxKind::IDENT) => !self.grammar.is_reserved(self.word()),
            Some(SyntaxKind::QUOTED_IDENT) => true,
            Some(SyntaxKind::STRING) => self.grammar.has(Features::FREE_TYPES),
            _ => false,
        }
    }

    /// Whether the next line begins a column although the comma before it is missing: it has a name and a type of
    /// its own. SQLite would take both for more words of this type, which nobody means.
    fn at_next_column(&mut self) -> bool {
        if !self.starts_line() || !self.at_name() {
            return false;
        }
        let two = self.nth_is_name(1) && !(self.nth_is(1, "GENERATED") && self.nth_is(2, "ALWAYS"));
        let same_line = match (self.nth(0), self.nth(1)) {
            (Some(first), Some(second)) => {
                self.text.get(first.end..second.start).is_some_and(|gap| !gap.contains('\n'))
            }
            _ => false,
        };
        two && same_line
    }

    /// Takes a constraint of a column; whether one was there.
    fn column_constraint(&mut self) -> bool {
        let checkpoint = self.checkpoint();
        let named = self.at_word("CONSTRAINT");
        self.constraint_name();
        if self.at_deferrable() {
            // SQLite takes it anywhere, and it changes nothing without a reference.
            self.deferrable();
            return true;
        }
        let word = self.word().to_ascii_uppercase();
        self.constraint_body(checkpoint, &word) || named
    }

    /// The constraint that begins with the word here, which is, or means, `word`.
    fn constraint_body(&mut self, checkpoint: rowan::Checkpoint, word: &str) -> bool {
        match word {
            "PRIMARY" => {
                self.start_at(checkpoint, SyntaxKind::PRIMARY_KEY);
                self.bump_word();
                self.expect_word("KEY");
                self.eat_any(&["ASC", "DESC"]);
                self.conflict();
                if self.grammar.has(Features::AUTOINCREMENT)
                    && !self.eat_word("AUTOINCREMENT")
                    && (self.near("AUTOINCREMENT") || self.at_word("AUTO_INCREMENT"))
                {
                    self.did_you_mean("AUTOINCREMENT");
                    self.bump_word();
                }
            }
            "NOT" => {
                self.start_at(checkpoint, SyntaxKind::NOT_NULL);
                self.bump_word();
                self.expect_word("NULL");
                self.conflict();
            }
            "NULL" => {
                self.start_at(checkpoint, SyntaxKind::NULL_CONSTRAINT);
                self.bump_word();
                self.conflict();
            }
            "UNIQUE" => {
                self.start_at(checkpoint, SyntaxKind::UNIQUE);
                self.bump_word();
                self.conflict();
            }
            "CHECK" => {
                self.start_at(checkpoint, SyntaxKind::CHECK);
                self.bump_word();
                self.parenthesized("expression");
                self.conflict();
            }
            "DEFAULT" => {
                self.start_at(checkpoint, SyntaxKind::DEFAULT);
                self.bump_word();
                self.default_value();
            }
            "COLLATE" => {
                self.start_at(checkpoint, SyntaxKind::COLLATE);
                self.bump_word();
                self.expect_name("collation");
            }
            "REFERENCES" => {
                self.start_at(checkpoint, SyntaxKind::REFERENCES);
                self.references();
            }
            "GENERATED" | "AS" if self.grammar.has(Features::GENERATED) => {
                self.start_at(checkpoint, SyntaxKind::GENERATED);
                if word == "GENERATED" {
                    self.bump_word();
                    self.expect_word("ALWAYS");
                }
                if self.expect_word("AS") {
                    self.parenthesized("expression");
                }
                if !self.eat_any(&["STORED", "VIRTUAL"]) {
                    self.misspelt(&["STORED", "VIRTUAL"]);
                }
            }
            _ => return false,
        }
        self.finish();
        true
    }

    fn default_value(&mut self) {
        match self.kind() {
            Some(SyntaxKind::L_PAREN) => self.parenthesized("expression"),
            Some(SyntaxKind::PLUS | SyntaxKind::MINUS) => {
                self.start(SyntaxKind::LITERAL);
                self.bump();
                if !self.at_stop() && (self.at(SyntaxKind::NUMBER) || !self.word().is_empty()) {
                    self.bump();
                } else {
                    self.missing("sql-missing-value", "number");
                }
                self.finish();
            }
            Some(SyntaxKind::STRING | SyntaxKind::BLOB | SyntaxKind::NUMBER | SyntaxKind::DOLLAR_STRING) => {
                self.literal();
            }
            _ if self.at_literal_word() => self.literal(),
            Some(SyntaxKind::IDENT | SyntaxKind::QUOTED_IDENT) if self.at_name() => {
                self.name();
            }
            _ => self.missing("sql-missing-value", "default value"),
        }
    }

    /// `( expr )`.
    pub(super) fn parenthesized(&mut self, what: &str) {
        let open = self.here();
        if !self.at(SyntaxKind::L_PAREN) {
            self.missing("sql-missing-parenthesis", "`(`");
            return;
        }
        self.bump();
        self.expr(what);
        // A comma belongs to the list around: this parenthesis holds one expression.
        if !self.at(SyntaxKind::COMMA) {
            self.skip_to_close();
        }
        self.close(open);
    }

    /// Makes what is left before the `)` opaque, commas included.
    pub(super) fn skip_to_close(&mut self) {
        if matches!(self.kind(), None | Some(SyntaxKind::R_PAREN | SyntaxKind::DELIMITER)) {
            return;
        }
        let kind = self.unknown();
        self.start(kind);
        while !matches!(self.kind(), None | Some(SyntaxKind::R_PAREN | SyntaxKind::DELIMITER)) {
            self.bump_balanced();
        }
        self.finish();
    }

    /// `REFERENCES table [(columns)] [ON …] [MATCH …] [DEFERRABLE …]`, in an open node.
    pub(super) fn references(&mut self) {
        if !self.eat_word("REFERENCES") {
            if self.near("REFERENCES") {
                self.did_you_mean("REFERENCES");
            }
            self.bump_word();
        }
        if !self.expect_path("table name") {
            return;
        }
        if self.at(SyntaxKind::L_PAREN) {
            self.column_names();
        }
        loop {
            if self.at_word("ON") && !self.nth_is(1, "CONFLICT") {
                self.start(SyntaxKind::REFERENCE_ACTION);
                self.bump_word();
                if self.eat_any(&["DELETE", "UPDATE", "INSERT"]) || self.misspelt(&["DELETE", "UPDATE"]) {
                    self.reference_action();
                } else {
                    self.missing("sql-missing-keyword", "`DELETE` or `UPDATE`");
                }
                self.finish();
            } else if self.at_word("MATCH") {
                self.start(SyntaxKind::MATCH_CLAUSE);
                self.bump_word();
                // `FULL` is reserved elsewhere.
                if self.at_word("FULL") {
                    self.any_name();
                } else {
                    self.expect_name("match type");
                }
                self.finish();
            } else if self.at_deferrable() {
                self.deferrable();
            } else {
                return;
            }
        }
    }

    pub(super) fn at_deferrable(&self) -> bool {
        self.at_word("DEFERRABLE") || (self.at_word("NOT") && self.nth_is(1, "DEFERRABLE"))
    }

    pub(super) fn deferrable(&mut self) {
        self.start(SyntaxKind::DEFERRABLE);
        self.eat_word("NOT");
        self.bump_word();
        if self.eat_word("INITIALLY")
            && !self.eat_any(&["DEFERRED", "IMMEDIATE"])
            && !self.misspelt(&["DEFERRED", "IMMEDIATE"])
        {
            self.missing("sql-missing-keyword", "`DEFERRED` or `IMMEDIATE`");
        }
        self.finish();
    }

    fn reference_action(&mut self) {
        if self.eat_any(&["CASCADE", "RESTRICT"]) {
            return;
        }
        if self.eat_word("NO") {
            self.expect_word("ACTION");
        } else if self.eat_word("SET") {
            if !self.eat_any(&["NULL", "DEFAULT"]) && !self.misspelt(&["NULL", "DEFAULT"]) {
                self.missing("sql-missing-keyword", "`NULL` or `DEFAULT`");
            }
            if self.grammar.has(Features::POSTGRES) && self.at(SyntaxKind::L_PAREN) {
                self.column_names();
            }
        } else if !self.misspelt(&["CASCADE", "RESTRICT"]) {
            self.missing(
                "sql-missing-keyword",
                "`CASCADE`, `RESTRICT`, `SET NULL`, `SET DEFAULT` or `NO ACTION`",
            );
        }
    }

    fn conflict(&mut self) {
        let here = self.at_word("ON") && self.nth_is(1, "CONFLICT");
        if !here || !self.grammar.has(Features::CONFLICT_CLAUSE) {
            return;
        }
        const RESOLUTIONS: &[&str] = &["ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE"];
        self.start(SyntaxKind::CONFLICT_CLAUSE);
        self.bump_word();
        self.bump_word();
        if !self.eat_any(RESOLUTIONS) && !self.misspelt(RESOLUTIONS) {
            self.missing("sql-missing-keyword", "`ROLLBACK`, `ABORT`, `FAIL`, `IGNORE` or `REPLACE`");
        }
        self.finish();
    }

    /// `( name, … )`.
    pub(super) fn column_names(&mut self) {
        self.start(SyntaxKind::COLUMN_NAMES);
        let open = self.here();
        self.bump();
        if self.at(SyntaxKind::R_PAREN) {
            let range = open.cover(self.here());
            self.error(range, "sql-missing-columns", "the list of columns is empty");
        }
        while !matches!(self.kind(), None | Some(SyntaxKind::R_PAREN | SyntaxKind::DELIMITER)) {
            // `PERIOD column` of a key of PostgreSQL.
            let behind = matches!(self.nth_kind(1), Some(SyntaxKind::IDENT | SyntaxKind::QUOTED_IDENT));
            if self.at_word("PERIOD")
                && behind
                && !["COLLATE", "ASC", "DESC"].iter().any(|word| self.nth_is(1, word))
            {
                self.bump_word();
            }
            if !self.expect_name("column name") && self.at_stop() && !self.at(SyntaxKind::COMMA) {
                break;
            }
            // Old SQLite lets a column of a list have a collation and a direction.
            if self.eat_word("COLLATE") {
                self.bump();
            }
            self.eat_any(&["ASC", "DESC"]);
            if !self.at_stop() {
                self.unexpected();
            }
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

    /// `( expr [COLLATE name] [ASC | DESC], … )`.
    pub(super) fn indexed_columns(&mut self) {
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
            self.start(SyntaxKind::INDEXED_COLUMN);
            // `AUTOINCREMENT` may stand here: `PRIMARY KEY (id AUTOINCREMENT)`.
            self.index_expr();
            if self.at_word("COLLATE") {
                self.start(SyntaxKind::COLLATE);
                self.bump_word();
                self.expect_name("collation");
                self.finish();
            }
            if !self.eat_any(&["ASC", "DESC"]) {
                self.eat_word("AUTOINCREMENT");
            }
            if self.eat_word("NULLS") {
                self.eat_any(&["FIRST", "LAST"]);
            }
            if !self.at_stop() {
                self.unexpected();
            }
            self.finish();
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

    fn table_options(&mut self) {
        let mut first = true;
        // SQLite lets a comma stand before the first option, too.
        if self.at(SyntaxKind::COMMA) && (self.nth_is(1, "STRICT") || self.nth_is(1, "WITHOUT")) {
            self.bump();
        }
        loop {
            let option = self.at_word("WITHOUT") && self.grammar.has(Features::WITHOUT_ROWID);
            let strict = self.at_word("STRICT") && self.grammar.has(Features::STRICT);
            let near_strict = self.near("STRICT") && self.grammar.has(Features::STRICT);
            let near_without = self.near("WITHOUT") && self.grammar.has(Features::WITHOUT_ROWID);
            if !(option || strict || near_strict || near_without) {
                return;
            }
            if !first && self.previous_text() != "," {
                self.error(self.behind(), "sql-missing-comma", "`,` is missing between table options");
            }
            self.start(SyntaxKind::TABLE_OPTION);
            if option || near_without {
                self.expect_word("WITHOUT");
                self.expect_word("ROWID");
            } else {
                self.expect_word("STRICT");
            }
            self.finish();
            first = false;
            if self.at(SyntaxKind::COMMA) {
                self.bump();
                if self.is_end() {
                    self.error(self.behind(), "sql-stray-comma", "`,` without a table option behind it");
                }
            }
        }
    }
}
