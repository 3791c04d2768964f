//! Queries and changes of rows, lightly: enough to know tables, aliases, columns and outputs.

use rowan::Checkpoint;

use super::{MAX_DEPTH, Parser};
use crate::sql::grammar::Features;
use crate::sql::kind::SyntaxKind;

/// Unreserved words that cannot be the alias of a table.
const AFTER_TABLE: &[&str] = &[
    "CROSS", "FULL", "INDEXED", "INNER", "LEFT", "NATURAL", "OUTER", "RIGHT", "WINDOW", "OFFSET", "DO", "FOR",
];

impl Parser<'_> {
    /// Takes `[WITH …] SELECT …`.
    pub(super) fn query(&mut self) {
        let checkpoint = self.checkpoint();
        if self.at_word("WITH") {
            self.with_clause();
        }
        self.query_from(checkpoint);
    }

    /// A statement that begins with `WITH`.
    pub(super) fn with_statement(&mut self) {
        let checkpoint = self.checkpoint();
        self.with_clause();
        let word = self.word().to_ascii_uppercase();
        match word.as_str() {
            "INSERT" | "REPLACE" | "UPDATE" | "DELETE" => self.change_rows(checkpoint, &word),
            _ => {
                self.query_from(checkpoint);
                self.skip_rest();
            }
        }
    }

    /// The query whose `WITH` clause, if any, was taken since `checkpoint`.
    fn query_from(&mut self, checkpoint: Checkpoint) {
        self.start_at(checkpoint, SyntaxKind::QUERY);
        if self.depth >= MAX_DEPTH {
            self.skip_to_close();
            self.finish();
            return;
        }
        self.depth += 1;
        loop {
            if self.at_word("SELECT") || self.near("SELECT") {
                self.select_core();
            } else if self.at_word("VALUES") {
                self.values();
            } else if self.at(SyntaxKind::L_PAREN) {
                self.paren();
            } else {
                self.missing("sql-missing-query", "query");
                break;
            }
            if !self.eat_any(&["UNION", "EXCEPT", "INTERSECT"]) {
                break;
            }
            self.eat_any(&["ALL", "DISTINCT"]);
        }
        self.tail();
        self.depth -= 1;
        self.finish();
    }

    /// `ORDER BY … LIMIT …`.
    fn tail(&mut self) {
        if self.at_word("ORDER") {
            self.order_by();
        }
        if self.at_word("LIMIT") {
            self.start(SyntaxKind::LIMIT);
            self.bump_word();
            self.expr("limit");
            if self.eat_word("OFFSET") || self.eat(SyntaxKind::COMMA) {
                self.expr("offset");
            }
            self.finish();
        }
    }

    fn with_clause(&mut self) {
        self.start(SyntaxKind::WITH_CLAUSE);
        self.bump_word();
        if self.at_word("RECURSIVE") && self.nth_is_name(1) {
            self.bump_word();
        }
        loop {
            self.start(SyntaxKind::CTE);
            if self.expect_name("name of a common table expression") {
                if self.at(SyntaxKind::L_PAREN) {
                    self.column_names();
                }
                if self.expect_word("AS") {
                    self.eat_word("NOT");
                    self.eat_word("MATERIALIZED");
                    if self.at(SyntaxKind::L_PAREN) {
                        self.cte_body();
                    } else {
                        self.missing("sql-missing-query", "query in parentheses");
                    }
                }
            }
            self.finish();
            if !self.eat(SyntaxKind::COMMA) {
                break;
            }
        }
        self.finish();
    }

    fn cte_body(&mut self) {
        let open = self.here();
        self.bump();
        let query =
            self.at_any(&["SELECT", "WITH", "VALUES"]) || self.near("SELECT") || self.at(SyntaxKind::L_PAREN);
        if query && self.depth < MAX_DEPTH {
            self.depth += 1;
            self.query();
            self.depth -= 1;
        } else if self.grammar.has(Features::POSTGRES) && self.at_any(&["INSERT", "UPDATE", "DELETE"]) {
            let word = self.word().to_ascii_uppercase();
            let checkpoint = self.checkpoint();
            self.change_rows(checkpoint, &word);
        }
        self.skip_to_close();
        self.close(open);
    }

    fn select_core(&mut self) {
        self.start(SyntaxKind::SELECT_CORE);
        self.expect_word("SELECT");
        if self.at_any(&["DISTINCT", "ALL"]) {
            self.bump_word();
            if self.grammar.has(Features::POSTGRES)
                && self.at_word("ON")
                && self.nth_kind(1) == Some(SyntaxKind::L_PAREN)
            {
                self.bump_word();
                self.paren();
            }
        }
        self.result_columns(SyntaxKind::RESULT_COLUMNS);
        if self.at_word("FROM") || self.near_clause("FROM") {
            self.sources();
        }
        if self.at_word("WHERE") || self.near_clause("WHERE") {
            self.where_clause();
        }
        if self.at_word("GROUP") {
            self.start(SyntaxKind::GROUP_BY);
            self.bump_word();
            self.expect_word("BY");
            self.exprs();
            self.finish();
        }
        if self.at_word("HAVING") {
            self.start(SyntaxKind::HAVING);
            self.bump_word();
            self.expr("condition");
            self.finish();
        }
        if self.at_word("WINDOW") && self.nth_is_name(1) && self.nth_is(2, "AS") {
            self.start(SyntaxKind::WINDOW_CLAUSE);
            self.bump_word();
            loop {
                self.name();
                self.eat_word("AS");
                if self.at(SyntaxKind::L_PAREN) {
                    self.window_definition();
                }
                if !self.eat(SyntaxKind::COMMA) {
                    break;
                }
            }
            self.finish();
        }
        self.finish();
    }

    /// A misspelt clause word that cannot be an alias, since more than one word follows.
    fn near_clause(&self, word: &'static str) -> bool {
        self.near(word)
            && self.nth_is_name(1)
            && !AFTER_TABLE.iter().any(|after| self.nth_is(1, after))
            && self.previous_text() != ","
    }

    fn result_columns(&mut self, list: SyntaxKind) {
        self.start(list);
        loop {
            if self.at(SyntaxKind::COMMA) {
                self.error(self.here(), "sql-stray-comma", "`,` without an expression before it");
            } else if self.at_stop() || self.at_word("FROM") {
                let code =
                    if self.previous_text() == "," { "sql-stray-comma" } else { "sql-missing-expression" };
                if code == "sql-stray-comma" {
                    self.error(self.behind(), code, "`,` without an expression behind it");
                } else {
                    self.missing(code, "expression");
                }
                break;
            } else {
                self.result_column();
            }
            if !self.eat(SyntaxKind::COMMA) {
                break;
            }
        }
        self.finish();
    }

    fn result_column(&mut self) {
        self.start(SyntaxKind::RESULT_COLUMN);
        if self.at(SyntaxKind::STAR) {
            self.bump();
        } else {
            self.expr("expression");
            let from_misspelt = self.near_clause("FROM");
            if !from_misspelt {
                self.alias(&["WINDOW"]);
            }
        }
        self.finish();
    }

    /// `AS name`, or a name that is none of `not`.
    fn alias(&mut self, not: &[&str]) {
        if self.at_word("AS") {
            self.start(SyntaxKind::ALIAS);
            self.bump_word();
            self.expect_name("alias");
            self.finish();
        } else if self.at_name() && !self.at_any(not) && !self.near_clause("WHERE") && !self.ends_body() {
            self.start(SyntaxKind::ALIAS);
            self.name();
            self.finish();
        }
    }

    fn sources(&mut self) {
        self.start(SyntaxKind::FROM_CLAUSE);
        self.expect_word("FROM");
        self.table_list();
        self.finish();
    }

    /// Tables between commas and joins.
    fn table_list(&mut self) {
        loop {
            self.table_ref();
            if (self.at_word("ON") && !self.nth_is(1, "CONFLICT")) || self.at_word("USING") {
                self.start(SyntaxKind::JOIN_CONDITION);
                if self.eat_word("ON") {
                    self.expr("condition");
                } else {
                    self.bump_word();
                    if self.at(SyntaxKind::L_PAREN) {
                        self.column_names();
                    }
                }
                self.finish();
            }
            if self.at(SyntaxKind::COMMA) {
                self.bump();
                continue;
            }
            let mut join = 0;
            while ["NATURAL", "LEFT", "RIGHT", "FULL", "INNER", "CROSS", "OUTER"]
                .iter()
                .any(|word| self.nth_is(join, word))
            {
                join += 1;
            }
            if !self.nth_is(join, "JOIN") {
                return;
            }
            for _ in 0..=join {
                self.bump_word();
            }
        }
    }

    fn table_ref(&mut self) {
        if self.grammar.has(Features::POSTGRES) && self.at_any(&["ONLY", "LATERAL"]) {
            self.bump_word();
        }
        if self.at(SyntaxKind::L_PAREN) {
            let query = self.nth_is(1, "SELECT") || self.nth_is(1, "WITH") || self.nth_is(1, "VALUES");
            if query || self.depth >= MAX_DEPTH {
                self.start(SyntaxKind::TABLE_REF);
                self.paren();
                self.table_alias();
                self.finish();
            } else {
                self.depth += 1;
                self.start(SyntaxKind::PAREN);
                let open = self.here();
                self.bump();
                self.table_list();
                self.skip_to_close();
                self.close(open);
                self.finish();
                self.depth -= 1;
            }
            return;
        }
        if !self.at_name() {
            let comma = self.previous_text() == ",";
            if comma {
                self.error(self.behind(), "sql-stray-comma", "`,` without a table behind it");
            } else {
                self.missing("sql-missing-name", "table name");
            }
            return;
        }
        self.start(SyntaxKind::TABLE_REF);
        self.path();
        if self.at(SyntaxKind::L_PAREN) {
            self.args();
        }
        self.table_alias();
        if self.at_word("INDEXED") {
            self.bump_word();
            self.eat_word("BY");
            self.name();
        } else if self.at_word("NOT") && self.nth_is(1, "INDEXED") {
            self.bump_word();
            self.bump_word();
        }
        self.finish();
    }

    /// The alias of a source, where the dialect has them with names or definitions of columns and with a sample.
    fn table_alias(&mut self) {
        if !self.grammar.has(Features::POSTGRES) {
            self.alias(AFTER_TABLE);
            return;
        }
        if self.at(SyntaxKind::STAR) {
            self.bump();
        }
        if self.at_word("WITH") && self.nth_is(1, "ORDINALITY") {
            self.bump_word();
            self.bump_word();
        }
        if self.at_word("AS") && self.nth_kind(1) == Some(SyntaxKind::L_PAREN) {
            self.bump_word();
        } else {
            self.alias(AFTER_TABLE);
        }
        if self.at(SyntaxKind::L_PAREN) {
            self.start(SyntaxKind::LOOSE);
            self.bump_balanced();
            self.finish();
        }
        if self.at_word("TABLESAMPLE") {
            self.bump_word();
            self.path();
            self.bump_balanced();
            if self.at_word("REPEATABLE") {
                self.bump_word();
                self.bump_balanced();
            }
        }
    }

    pub(super) fn where_clause(&mut self) {
        self.start(SyntaxKind::WHERE_CLAUSE);
        self.expect_word("WHERE");
        self.expr("condition");
        self.finish();
    }

    pub(super) fn order_by(&mut self) {
        self.start(SyntaxKind::ORDER_BY);
        self.bump_word();
        self.expect_word("BY");
        self.exprs();
        self.finish();
    }

    /// Expressions between commas, each with a direction.
    fn exprs(&mut self) {
        loop {
            self.expr("expression");
            self.eat_any(&["ASC", "DESC"]);
            if self.at_word("NULLS") {
                self.bump_word();
                self.eat_any(&["FIRST", "LAST"]);
            }
            if !self.eat(SyntaxKind::COMMA) {
                return;
            }
        }
    }

    fn values(&mut self) {
        self.start(SyntaxKind::VALUES_CLAUSE);
        self.bump_word();
        loop {
            if self.at(SyntaxKind::L_PAREN) {
                self.tuple();
            } else {
                self.missing("sql-missing-value", "values in parentheses");
            }
            if !self.eat(SyntaxKind::COMMA) {
                break;
            }
        }
        self.finish();
    }

    /// `( value, … )`: a literal alone needs no expression around it, for there may be millions.
    fn tuple(&mut self) {
        if self.depth >= MAX_DEPTH {
            self.paren();
            return;
        }
        self.depth += 1;
        self.start(SyntaxKind::PAREN);
        let open = self.here();
        self.bump();
        loop {
            let alone = matches!(self.nth_kind(1), Some(SyntaxKind::COMMA | SyntaxKind::R_PAREN));
            match self.kind() {
                None | Some(SyntaxKind::R_PAREN | SyntaxKind::DELIMITER) => break,
                Some(SyntaxKind::STRING | SyntaxKind::NUMBER | SyntaxKind::BLOB | SyntaxKind::PARAMETER)
                    if alone =>
                {
                    self.literal();
                }
                Some(SyntaxKind::IDENT) if alone && self.at_literal_word() => self.literal(),
                Some(SyntaxKind::COMMA) => {
                    self.error(self.here(), "sql-stray-comma", "`,` without a value before it");
                }
                Some(_) => {
                    self.expr("value");
                    if !self.at_stop() {
                        let kind = self.unknown();
                        self.skip(kind);
                    }
                }
            }
            if !self.eat(SyntaxKind::COMMA) {
                break;
            }
            if self.at(SyntaxKind::R_PAREN) {
                self.error(self.behind(), "sql-stray-comma", "`,` without a value behind it");
            }
        }
        self.depth -= 1;
        self.close(open);
        self.finish();
    }

    /// `INSERT`, `REPLACE`, `UPDATE` or `DELETE`, whose `WITH` clause, if any, was taken since `checkpoint`.
    pub(super) fn change_rows(&mut self, checkpoint: Checkpoint, word: &str) {
        let kind = match word {
            "UPDATE" => SyntaxKind::UPDATE,
            "DELETE" => SyntaxKind::DELETE,
            _ => SyntaxKind::INSERT,
        };
        self.start_at(checkpoint, kind);
        self.bump_word();
        if self.at_word("OR") && kind != SyntaxKind::DELETE {
            self.bump_word();
            self.eat_any(&["ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE"]);
        }
        match kind {
            SyntaxKind::UPDATE => self.update(),
            SyntaxKind::DELETE => self.delete(),
            _ => self.insert(),
        }
        self.skip_rest();
        self.finish();
    }

    fn insert(&mut self) {
        if !self.expect_word("INTO") && !self.at_name() {
            return;
        }
        if !self.expect_path("table name") {
            return;
        }
        if self.at_word("AS") {
            self.alias(&[]);
        }
        if self.at(SyntaxKind::L_PAREN) && !self.nth_is(1, "SELECT") {
            self.column_names();
        }
        if self.at_word("DEFAULT") {
            self.bump_word();
            self.expect_word("VALUES");
        } else if self.at_any(&["SELECT", "VALUES", "WITH"])
            || self.near("SELECT")
            || self.at(SyntaxKind::L_PAREN)
        {
            self.query();
        } else if self.near("VALUES") {
            self.did_you_mean("VALUES");
            self.start(SyntaxKind::QUERY);
            self.values();
            self.finish();
        } else if self.at_stop() {
            self.missing("sql-missing-query", "`VALUES` or a query");
        }
        while self.at_word("ON") && self.nth_is(1, "CONFLICT") {
            self.upsert();
        }
        self.returning();
    }

    fn upsert(&mut self) {
        self.start(SyntaxKind::UPSERT);
        self.bump_word();
        self.bump_word();
        if self.at(SyntaxKind::L_PAREN) {
            self.indexed_columns();
        }
        if self.at_word("WHERE") {
            self.where_clause();
        }
        if self.expect_word("DO") && !self.eat_word("NOTHING") && self.expect_word("UPDATE") {
            self.set_clause();
            if self.at_word("WHERE") {
                self.where_clause();
            }
        }
        self.finish();
    }

    fn returning(&mut self) {
        if self.at_word("RETURNING") {
            self.start(SyntaxKind::RETURNING);
            self.bump_word();
            self.result_columns(SyntaxKind::RESULT_COLUMNS);
            self.finish();
        }
    }

    fn update(&mut self) {
        if !self.expect_path("table name") {
            return;
        }
        self.alias(AFTER_TABLE);
        if self.at_word("INDEXED") {
            self.bump_word();
            self.eat_word("BY");
            self.name();
        }
        self.set_clause();
        if self.at_word("FROM") {
            self.sources();
        }
        if self.at_word("WHERE") || self.near_clause("WHERE") {
            self.where_clause();
        }
        self.returning();
        self.tail();
    }

    fn set_clause(&mut self) {
        if !self.at_word("SET") {
            self.missing("sql-missing-keyword", "`SET`");
            return;
        }
        self.start(SyntaxKind::SET_CLAUSE);
        self.bump_word();
        loop {
            if self.at_stop() && !self.at(SyntaxKind::COMMA) {
                if self.previous_text() == "," {
                    self.error(self.behind(), "sql-stray-comma", "`,` without an assignment behind it");
                } else {
                    self.missing("sql-missing-name", "column name");
                }
                break;
            }
            self.start(SyntaxKind::ASSIGNMENT);
            if self.at(SyntaxKind::L_PAREN) {
                self.column_names();
            } else {
                self.expect_name("column name");
            }
            if self.eat(SyntaxKind::EQ) {
                self.expr("value");
            } else if self.at_stop() {
                self.missing("sql-missing-value", "`=`");
            }
            self.finish();
            if !self.eat(SyntaxKind::COMMA) {
                break;
            }
        }
        self.finish();
    }

    fn delete(&mut self) {
        if !self.expect_word("FROM") && !self.at_name() {
            return;
        }
        if !self.expect_path("table name") {
            return;
        }
        self.alias(AFTER_TABLE);
        if self.at_word("INDEXED") {
            self.bump_word();
            self.eat_word("BY");
            self.name();
        }
        if self.at_word("WHERE") || self.near_clause("WHERE") {
            self.where_clause();
        }
        self.returning();
        self.tail();
    }
}
