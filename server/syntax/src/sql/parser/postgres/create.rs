//! `CREATE`: which object it is, indexes, views and triggers.

use super::super::Parser;
use crate::sql::kind::SyntaxKind;

/// The words before `TABLE`.
const TABLE_WORDS: &[&str] = &["GLOBAL", "LOCAL", "TEMP", "TEMPORARY", "UNLOGGED"];

impl Parser<'_> {
    pub(super) fn pg_create(&mut self) {
        let mut n = 1;
        if self.nth_is(1, "OR") && self.nth_is(2, "REPLACE") {
            n = 3;
        }
        let words = n;
        while TABLE_WORDS.iter().any(|word| self.nth_is(n, word)) {
            n += 1;
        }
        let temporary = n > words;
        let is = |parser: &Self, word: &str| parser.nth_is(n, word);
        if is(self, "UNIQUE") || is(self, "INDEX") {
            self.pg_create_index();
        } else if is(self, "TABLE") {
            self.pg_create_table(n);
        } else if is(self, "VIEW")
            || (is(self, "RECURSIVE") && self.nth_is(n + 1, "VIEW"))
            || (is(self, "MATERIALIZED") && self.nth_is(n + 1, "VIEW"))
        {
            self.pg_create_view();
        } else if is(self, "TRIGGER") || (is(self, "CONSTRAINT") && self.nth_is(n + 1, "TRIGGER")) {
            self.pg_create_trigger(n);
        } else {
            match self.nth_word(n).to_ascii_uppercase().as_str() {
                "SCHEMA" => self.pg_create_schema(),
                "TYPE" => self.pg_create_type(),
                "DOMAIN" => self.pg_create_domain(),
                "SEQUENCE" => self.pg_create_sequence(n),
                "EXTENSION" => self.pg_create_extension(),
                "FUNCTION" | "PROCEDURE" => self.pg_create_routine(n),
                "AGGREGATE" => self.pg_create_aggregate(n),
                "POLICY" => self.pg_create_policy(),
                "EVENT" if self.nth_is(n + 1, "TRIGGER") => self.pg_create_event_trigger(),
                "ROLE" | "USER" | "GROUP" if !self.nth_is(n + 1, "MAPPING") => self.pg_create_role(),
                "RULE" | "CAST" | "COLLATION" | "CONVERSION" | "DATABASE" | "LANGUAGE" | "OPERATOR"
                | "PUBLICATION" | "SERVER" | "STATISTICS" | "SUBSCRIPTION" | "TABLESPACE" | "TRANSFORM"
                | "TRUSTED" | "PROCEDURAL" | "ACCESS" | "TEXT" | "FOREIGN" | "USER" | "DEFAULT" => {
                    self.pg_create_other(n);
                }
                _ => self.pg_create_unknown(n, temporary),
            }
        }
    }

    /// `CREATE` of nothing yet, of a misspelt object, or of one not known.
    fn pg_create_unknown(&mut self, n: usize, temporary: bool) {
        const OBJECTS: &[&str] = &[
            "TABLE",
            "INDEX",
            "VIEW",
            "TRIGGER",
            "TEMPORARY",
            "UNIQUE",
            "UNLOGGED",
            "MATERIALIZED",
            "SCHEMA",
            "DOMAIN",
            "SEQUENCE",
            "EXTENSION",
            "FUNCTION",
            "PROCEDURE",
            "AGGREGATE",
            "POLICY",
        ];
        let word = self.nth_word(n).to_ascii_uppercase();
        let meant = if self.grammar.is_keyword(&word) || self.nth_word(n + 1).is_empty() {
            None
        } else {
            crate::sql::grammar::closest(&word, OBJECTS.iter().copied())
        };
        match meant {
            Some("TABLE") => self.pg_create_table(n),
            Some(meant) if !temporary => {
                self.has_opaque = true;
                self.start(SyntaxKind::OPAQUE);
                for _ in 0..n {
                    self.bump_word();
                }
                self.did_you_mean(meant);
                self.finish();
                self.opaque_statement();
            }
            _ => self.opaque_statement(),
        }
    }

    /// `CREATE [UNIQUE] INDEX …`.
    fn pg_create_index(&mut self) {
        self.start(SyntaxKind::CREATE_INDEX);
        self.bump_word();
        self.eat_word("UNIQUE");
        self.expect_word("INDEX");
        self.eat_word("CONCURRENTLY");
        self.if_not_exists();
        // An index needs no name.
        if self.at_word("ON") || self.expect_path("index name") {
            self.pg_index_definition();
        }
        self.trailing();
        self.finish();
    }

    fn pg_index_definition(&mut self) {
        if !self.expect_word("ON") {
            return;
        }
        self.eat_word("ONLY");
        self.pg_table_name();
        if self.at_word("USING") {
            self.pg_option_name();
        }
        if !self.at(SyntaxKind::L_PAREN) {
            self.missing("sql-missing-columns", "list of columns");
            return;
        }
        self.pg_index_elements();
        self.pg_index_options();
        if self.at_word("WHERE") || self.near("WHERE") {
            self.where_clause();
        }
    }

    /// `INCLUDE (…)`, `NULLS NOT DISTINCT`, `WITH (…)`, `TABLESPACE x`, `USING INDEX TABLESPACE x`.
    pub(super) fn pg_index_options(&mut self) {
        loop {
            if self.at_word("INCLUDE") && self.nth_kind(1) == Some(SyntaxKind::L_PAREN) {
                self.start(SyntaxKind::INCLUDE);
                self.bump_word();
                self.column_names();
                self.finish();
            } else if self.at_word("NULLS") {
                self.pg_nulls_distinct();
            } else if self.at_word("WITH") && self.nth_kind(1) == Some(SyntaxKind::L_PAREN) {
                self.bump_word();
                self.pg_params();
            } else if self.at_word("TABLESPACE") {
                self.pg_option_name();
            } else if self.at_word("USING") && self.nth_is(1, "INDEX") && self.nth_is(2, "TABLESPACE") {
                self.start(SyntaxKind::OPTION);
                self.bump_word();
                self.bump_word();
                self.bump_word();
                self.expect_name("tablespace");
                self.finish();
            } else {
                return;
            }
        }
    }

    pub(super) fn pg_nulls_distinct(&mut self) {
        self.start(SyntaxKind::NULLS_DISTINCT);
        self.bump_word();
        self.eat_word("NOT");
        self.expect_word("DISTINCT");
        self.finish();
    }

    /// `WORD name`.
    pub(super) fn pg_option_name(&mut self) {
        self.start(SyntaxKind::OPTION);
        self.bump_word();
        if self.at_name() {
            self.path();
        } else if self.at(SyntaxKind::STRING) {
            self.literal();
        } else {
            self.missing("sql-missing-name", "name");
        }
        self.finish();
    }

    /// `( name [= value], … )`.
    pub(super) fn pg_params(&mut self) {
        self.start(SyntaxKind::PARAMS);
        let open = self.here();
        self.bump();
        while !matches!(self.kind(), None | Some(SyntaxKind::R_PAREN | SyntaxKind::DELIMITER)) {
            let before = self.at;
            if !self.at(SyntaxKind::COMMA) {
                self.start(SyntaxKind::PARAM);
                if matches!(self.kind(), Some(SyntaxKind::IDENT | SyntaxKind::QUOTED_IDENT)) {
                    self.start(SyntaxKind::PATH);
                    self.any_name();
                    while self.eat(SyntaxKind::DOT) {
                        self.any_name();
                    }
                    self.finish();
                }
                self.eat(SyntaxKind::EQ);
                self.pg_loose_element();
                self.finish();
            }
            if !self.eat(SyntaxKind::COMMA) && self.at == before {
                break;
            }
        }
        self.close(open);
        self.finish();
    }

    /// The table of an index or trigger: names directly in the statement.
    fn pg_table_name(&mut self) {
        if self.expect_name("table name") {
            while self.eat(SyntaxKind::DOT) {
                self.expect_name("table name");
            }
        }
    }

    /// `( element, … )` of an index, a key or an exclusion.
    pub(super) fn pg_index_elements(&mut self) {
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
            self.pg_index_element();
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

    fn pg_index_element(&mut self) {
        self.start(SyntaxKind::INDEXED_COLUMN);
        // `PERIOD column` of a key.
        if self.at_word("PERIOD") && self.nth_is_name(1) {
            self.bump_word();
        }
        self.index_expr();
        if self.at_word("COLLATE") {
            self.start(SyntaxKind::COLLATE);
            self.bump_word();
            self.expect_path("collation");
            self.finish();
        }
        if self.at_name() && !self.at_any(&["ASC", "DESC", "NULLS", "WITHOUT"]) {
            self.start(SyntaxKind::OPCLASS);
            self.path();
            if self.at(SyntaxKind::L_PAREN) {
                self.pg_params();
            }
            self.finish();
        }
        self.eat_any(&["ASC", "DESC"]);
        if self.eat_word("NULLS") {
            self.eat_any(&["FIRST", "LAST"]);
        }
        self.pg_words(&["WITHOUT", "OVERLAPS"]);
        if self.at_word("WITH") {
            self.start(SyntaxKind::EXCLUDE_OPERATOR);
            self.bump_word();
            self.pg_loose_element();
            self.finish();
        }
        if !self.at_stop() {
            self.unexpected();
        }
        self.finish();
    }

    /// `CREATE [OR REPLACE] [TEMP] [RECURSIVE] VIEW`, `CREATE MATERIALIZED VIEW`.
    fn pg_create_view(&mut self) {
        self.start(SyntaxKind::CREATE_VIEW);
        while !self.at_word("VIEW") && !self.is_end() {
            self.bump_word();
        }
        self.bump_word();
        self.if_not_exists();
        if self.expect_path("view name") {
            if self.at(SyntaxKind::L_PAREN) {
                self.column_names();
            }
            loop {
                if self.at_word("USING") || self.at_word("TABLESPACE") {
                    self.pg_option_name();
                } else if self.at_word("WITH") && self.nth_kind(1) == Some(SyntaxKind::L_PAREN) {
                    self.bump_word();
                    self.pg_params();
                } else {
                    break;
                }
            }
            if self.expect_word("AS") {
                if self.pg_at_end() {
                    self.missing("sql-missing-query", "query");
                } else {
                    self.pg_query(Self::pg_at_view_option);
                }
                while self.pg_at_view_option() {
                    self.start(SyntaxKind::VIEW_OPTION);
                    while self.at_any(&["WITH", "CASCADED", "LOCAL", "CHECK", "OPTION", "NO", "DATA"]) {
                        self.bump_word();
                    }
                    self.finish();
                }
            }
        }
        self.trailing();
        self.finish();
    }

    /// Whether `WITH [CASCADED | LOCAL] CHECK OPTION` or `WITH [NO] DATA` stands here.
    pub(super) fn pg_at_view_option(&self) -> bool {
        let n = usize::from(["CASCADED", "LOCAL", "NO"].iter().any(|word| self.nth_is(1, word)));
        self.at_word("WITH")
            && (self.nth_is(1 + n, "DATA") || (self.nth_is(1 + n, "CHECK") && self.nth_is(2 + n, "OPTION")))
    }

    /// `CREATE [OR REPLACE] [CONSTRAINT] TRIGGER`, whose object word is at `n`.
    fn pg_create_trigger(&mut self, n: usize) {
        self.start(SyntaxKind::CREATE_TRIGGER);
        for _ in 0..n {
            self.bump_word();
        }
        self.eat_word("CONSTRAINT");
        self.bump_word();
        if self.expect_path("trigger name") && self.pg_trigger_events() && self.expect_word("ON") {
            self.pg_table_name();
            self.pg_trigger_rest();
        }
        self.trailing();
        self.finish();
    }

    fn pg_trigger_events(&mut self) -> bool {
        const EVENTS: &[&str] = &["DELETE", "INSERT", "UPDATE", "TRUNCATE"];
        if self.eat_word("INSTEAD") {
            self.expect_word("OF");
        } else if !self.eat_any(&["BEFORE", "AFTER"]) && !self.misspelt(&["BEFORE", "AFTER"]) {
            self.missing("sql-missing-keyword", "`BEFORE`, `AFTER` or `INSTEAD OF`");
            return false;
        }
        loop {
            self.start(SyntaxKind::TRIGGER_EVENT);
            let update = self.at_word("UPDATE");
            let found = self.eat_any(EVENTS) || self.misspelt(EVENTS);
            if !found {
                self.missing("sql-missing-keyword", "`INSERT`, `UPDATE`, `DELETE` or `TRUNCATE`");
            } else if update && self.eat_word("OF") {
                loop {
                    self.expect_name("column name");
                    if !self.eat(SyntaxKind::COMMA) {
                        break;
                    }
                }
            }
            self.finish();
            if !found || !self.eat_word("OR") {
                return found;
            }
        }
    }

    fn pg_trigger_rest(&mut self) {
        loop {
            if self.at_word("FROM") {
                self.pg_option_name();
            } else if self.at_deferrable() {
                self.deferrable();
            } else if self.at_word("INITIALLY") {
                self.pg_initially();
            } else if self.at_word("REFERENCING") {
                self.start(SyntaxKind::REFERENCING);
                self.bump_word();
                while self.at_any(&["OLD", "NEW"]) {
                    self.bump_word();
                    self.eat_any(&["TABLE", "ROW"]);
                    self.eat_word("AS");
                    self.expect_name("name");
                }
                self.finish();
            } else if self.at_word("FOR") {
                self.bump_word();
                self.eat_word("EACH");
                if !self.eat_any(&["ROW", "STATEMENT"]) {
                    self.missing("sql-missing-keyword", "`ROW` or `STATEMENT`");
                }
            } else if self.at_word("WHEN") {
                self.start(SyntaxKind::TRIGGER_WHEN);
                self.bump_word();
                self.expr("condition");
                self.finish();
            } else {
                break;
            }
        }
        if self.at_word("EXECUTE") {
            self.pg_execute();
        } else if self.is_end() {
            self.missing("sql-missing-body", "`EXECUTE FUNCTION`");
        }
    }

    /// `EXECUTE FUNCTION name(…)`.
    pub(super) fn pg_execute(&mut self) {
        self.start(SyntaxKind::TRIGGER_EXECUTE);
        self.bump_word();
        if self.eat_any(&["FUNCTION", "PROCEDURE"]) || self.misspelt(&["FUNCTION", "PROCEDURE"]) {
            if self.expect_path("function name") && self.at(SyntaxKind::L_PAREN) {
                self.args();
            }
        } else {
            self.missing("sql-missing-keyword", "`FUNCTION`");
        }
        self.finish();
    }

    /// `INITIALLY DEFERRED` without `DEFERRABLE` before it.
    pub(super) fn pg_initially(&mut self) {
        self.start(SyntaxKind::DEFERRABLE);
        self.bump_word();
        if !self.eat_any(&["DEFERRED", "IMMEDIATE"]) && !self.misspelt(&["DEFERRED", "IMMEDIATE"]) {
            self.missing("sql-missing-keyword", "`DEFERRED` or `IMMEDIATE`");
        }
        self.finish();
    }

    /// Whether the next element of a `CREATE SCHEMA` stands here.
    pub(in crate::sql::parser) fn pg_at_schema_element(&self) -> bool {
        self.in_schema && self.at_any(&["CREATE", "GRANT"])
    }
}
