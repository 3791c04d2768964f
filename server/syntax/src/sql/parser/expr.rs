//! Expressions, loosely: a run of operands and operators in which names, calls, literals and queries are nodes.
//!
//! No precedence. An expression ends where no operand or operator follows, so that an alias or the next clause is
//! left to the caller.

use super::{MAX_DEPTH, Parser};
use crate::sql::grammar::Features;
use crate::sql::kind::SyntaxKind;

/// Words that stand where an operator may.
const INFIX: &[&str] = &[
    "AND", "OR", "IS", "IN", "LIKE", "GLOB", "REGEXP", "MATCH", "BETWEEN", "ESCAPE", "ILIKE", "SIMILAR",
    "RLIKE", "XOR", "DIV", "MOD",
];

impl Parser<'_> {
    /// Takes an expression, or reports that `what` is missing.
    pub(super) fn expr(&mut self, what: &str) {
        let before = self.at;
        self.start(SyntaxKind::EXPR);
        let complete = self.run(Collate::Within);
        self.finish();
        self.check_operand(before, complete, what);
    }

    /// Like [`Self::expr`], for an index, which has its own `COLLATE`.
    pub(super) fn index_expr(&mut self) {
        let before = self.at;
        self.start(SyntaxKind::EXPR);
        let complete = self.run(Collate::Without);
        self.finish();
        self.check_operand(before, complete, "column");
    }

    /// Like [`Self::expr`], for the default of a column: the words behind it are constraints and not operators.
    pub(super) fn default_expr(&mut self) {
        let before = self.at;
        self.start(SyntaxKind::EXPR);
        let complete = self.run(Collate::Default);
        self.finish();
        self.check_operand(before, complete, "default value");
    }

    fn check_operand(&mut self, before: usize, complete: bool, what: &str) {
        if self.at == before {
            if self.at_stop() {
                self.missing("sql-missing-expression", what);
            }
        } else if !complete && (self.at_stop() || self.grammar.has(Features::COMPLETE)) {
            self.missing("sql-missing-expression", "expression");
        }
    }

    /// Takes operands and operators in turn; whether it ends with an operand.
    fn run(&mut self, collate: Collate) -> bool {
        let mut operand = false;
        let mut cases = 0usize;
        while let Some(kind) = self.kind() {
            match kind {
                SyntaxKind::COMMA | SyntaxKind::R_PAREN | SyntaxKind::DELIMITER => break,
                SyntaxKind::STRING
                | SyntaxKind::BLOB
                | SyntaxKind::NUMBER
                | SyntaxKind::DOLLAR_STRING
                | SyntaxKind::PARAMETER => {
                    if operand {
                        break;
                    }
                    self.literal();
                    operand = true;
                }
                SyntaxKind::L_PAREN => {
                    if operand {
                        break;
                    }
                    self.paren();
                    operand = true;
                }
                SyntaxKind::QUOTED_IDENT => {
                    if operand {
                        break;
                    }
                    self.column_or_call();
                    operand = true;
                }
                SyntaxKind::OPERATOR | SyntaxKind::DOT if self.grammar.has(Features::POSTGRES) => {
                    match self.pg_operator(operand) {
                        Some(after) => operand = after,
                        None => break,
                    }
                }
                SyntaxKind::STAR
                | SyntaxKind::PLUS
                | SyntaxKind::MINUS
                | SyntaxKind::EQ
                | SyntaxKind::OPERATOR => {
                    let prefix = matches!(kind, SyntaxKind::PLUS | SyntaxKind::MINUS)
                        || self.tokens.get(self.at).is_some_and(|token| self.text_of(*token) == "~");
                    if !operand && !prefix && self.grammar.has(Features::COMPLETE) {
                        self.unexpected_token();
                    }
                    self.bump();
                    operand = false;
                }
                SyntaxKind::IDENT => match self.word_in_expr(operand, &mut cases, collate) {
                    Some(after) => operand = after,
                    None => break,
                },
                _ => break,
            }
        }
        operand
    }

    /// Takes the word here, when it belongs to the expression; whether an operand is complete behind it.
    fn word_in_expr(&mut self, operand: bool, cases: &mut usize, collate: Collate) -> Option<bool> {
        if *cases > 0 && self.at_any(&["WHEN", "THEN", "ELSE"]) {
            self.bump_word();
            return Some(false);
        }
        if *cases > 0 && self.at_word("END") {
            *cases -= 1;
            self.bump_word();
            return Some(true);
        }
        if operand {
            return self.infix_word(collate);
        }
        if self.grammar.has(Features::POSTGRES)
            && let Some(after) = self.pg_operand()
        {
            return Some(after);
        }
        if self.grammar.has(Features::MYSQL)
            && let Some(after) = self.my_operand()
        {
            return Some(after);
        }
        if self.at_word("CASE") {
            *cases += 1;
            self.bump_word();
            return Some(false);
        }
        if self.at_any(&["NOT", "EXISTS", "DISTINCT", "ALL", "ANY", "SOME", "BINARY", "PRIOR"])
            && (self.grammar.is_reserved(self.word()) || self.at_word("EXISTS"))
        {
            self.bump_word();
            return Some(false);
        }
        if self.at_literal_word() && self.nth_kind(1) != Some(SyntaxKind::DOT) {
            self.literal();
            return Some(true);
        }
        // `IS NOT DISTINCT FROM x`.
        if self.at_word("FROM") && self.previous_text().eq_ignore_ascii_case("DISTINCT") {
            self.bump_word();
            return Some(false);
        }
        if self.grammar.is_reserved(self.word()) {
            // `replace(…)`, `if(…)` and the like are calls although the word is reserved somewhere.
            if self.nth_kind(1) == Some(SyntaxKind::L_PAREN)
                && !self.at_any(&["SELECT", "VALUES", "FROM", "WHERE", "AS", "ON", "USING", "SET", "HAVING"])
            {
                self.column_or_call();
                return Some(true);
            }
            return None;
        }
        self.column_or_call();
        Some(true)
    }

    fn infix_word(&mut self, collate: Collate) -> Option<bool> {
        if collate == Collate::Default {
            return None;
        }
        if self.grammar.has(Features::POSTGRES)
            && let Some(after) = self.pg_infix()
        {
            return Some(after);
        }
        if self.grammar.has(Features::MYSQL)
            && let Some(after) = self.my_infix()
        {
            return Some(after);
        }
        if self.at_any(&["ISNULL", "NOTNULL"]) {
            self.bump_word();
            return Some(true);
        }
        if self.at_any(INFIX) {
            self.bump_word();
            return Some(false);
        }
        if self.at_word("NOT") {
            let follows = ["NULL", "IN", "LIKE", "GLOB", "REGEXP", "MATCH", "BETWEEN", "ILIKE", "SIMILAR"];
            if !follows.iter().any(|word| self.nth_is(1, word)) {
                return None;
            }
            self.bump_word();
            // `LIKE` and its kin may be names, so they are taken here; `NULL` is an operand.
            self.eat_any(INFIX);
            return Some(false);
        }
        if self.at_word("COLLATE") && collate == Collate::Within {
            self.bump_word();
            if self.grammar.has(Features::POSTGRES) {
                if self.at_name() {
                    self.path();
                }
            } else {
                self.name();
            }
            return Some(true);
        }
        None
    }

    /// Whether the word here stands for a value.
    pub(super) fn at_literal_word(&self) -> bool {
        self.at_any(&["NULL", "TRUE", "FALSE", "CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"])
    }

    pub(super) fn literal(&mut self) {
        self.start(SyntaxKind::LITERAL);
        if self.word().is_empty() {
            let text = self.at(SyntaxKind::STRING);
            self.bump();
            // `'a' 'b'` is one text.
            while text && self.grammar.has(Features::MYSQL) && self.at(SyntaxKind::STRING) {
                self.bump();
            }
        } else {
            self.bump_word();
        }
        self.finish();
    }

    /// How many steps `s.f(` has before its name, where functions have schemas; 0 for anything else.
    fn steps_of_call(&self) -> usize {
        if !self.grammar.has(Features::POSTGRES) && !self.grammar.has(Features::MYSQL) {
            return 0;
        }
        let mut steps = 0;
        while self.nth_kind(2 * steps + 1) == Some(SyntaxKind::DOT)
            && matches!(self.nth_kind(2 * steps + 2), Some(SyntaxKind::IDENT | SyntaxKind::QUOTED_IDENT))
        {
            steps += 1;
        }
        if self.nth_kind(2 * steps + 1) == Some(SyntaxKind::L_PAREN) { steps } else { 0 }
    }

    /// `a`, `a.b`, `a.b.c`, `a.*`, `f(…)`, `s.f(…)`.
    fn column_or_call(&mut self) {
        let checkpoint = self.checkpoint();
        let steps = self.steps_of_call();
        if steps > 0 {
            self.start_at(checkpoint, SyntaxKind::CALL);
            for _ in 0..steps {
                self.any_name();
                self.bump();
            }
            self.any_name();
            self.args();
            self.window();
            self.finish();
            return;
        }
        if self.nth_kind(1) == Some(SyntaxKind::L_PAREN) {
            self.start_at(checkpoint, SyntaxKind::CALL);
            self.any_name();
            self.args();
            self.window();
            self.finish();
            return;
        }
        self.start_at(checkpoint, SyntaxKind::COLUMN_REF);
        self.any_name();
        while self.at(SyntaxKind::DOT) {
            self.bump();
            if self.at(SyntaxKind::STAR) {
                self.bump();
                break;
            }
            // What stands on the next line goes on with something else.
            if self.at_name() && !self.starts_line() {
                self.any_name();
            } else {
                self.missing("sql-missing-name", "column name");
                break;
            }
        }
        self.finish();
    }

    /// `( expr, … )` of a call.
    pub(super) fn args(&mut self) {
        self.start(SyntaxKind::ARGS);
        let open = self.here();
        if self.depth >= MAX_DEPTH {
            self.has_opaque = true;
            self.bump_balanced();
            self.finish();
            return;
        }
        self.depth += 1;
        let raise = self.previous_text().eq_ignore_ascii_case("RAISE");
        self.bump();
        // `RAISE(ABORT, 'message')`: the first word is no column.
        if raise && self.eat_any(&["IGNORE", "ROLLBACK", "ABORT", "FAIL"]) {
            self.eat(SyntaxKind::COMMA);
        }
        self.list();
        self.depth -= 1;
        self.close(open);
        self.finish();
    }

    /// Expressions between commas, up to `)`; `AS type` and `ORDER BY` of special calls included.
    fn list(&mut self) {
        loop {
            if matches!(self.kind(), None | Some(SyntaxKind::R_PAREN | SyntaxKind::DELIMITER)) {
                return;
            }
            if self.at_any(&["SELECT", "WITH", "VALUES"]) {
                self.query_within();
            } else if self.at(SyntaxKind::STAR) && self.nth_kind(1) == Some(SyntaxKind::R_PAREN) {
                self.bump();
            } else if self.at(SyntaxKind::COMMA) {
                self.error(self.here(), "sql-stray-comma", "`,` without an expression before it");
            } else {
                self.expr("expression");
            }
            if self.eat_word("AS") {
                self.start(SyntaxKind::TYPE_NAME);
                while !self.at_stop() {
                    let kind = self.kind().unwrap_or(SyntaxKind::IDENT);
                    if kind == SyntaxKind::L_PAREN {
                        self.start(SyntaxKind::TYPE_ARGS);
                        self.bump_balanced();
                        self.finish();
                    } else {
                        self.bump_as(kind);
                    }
                }
                self.finish();
            }
            if self.at_word("ORDER") {
                self.order_by();
            }
            if self.grammar.has(Features::POSTGRES) {
                self.pg_argument_rest();
            } else if self.grammar.has(Features::MYSQL) {
                self.skip(SyntaxKind::LOOSE);
            } else if !self.at_stop() {
                let kind = self.unknown();
                self.skip(kind);
            }
            if !self.eat(SyntaxKind::COMMA) {
                return;
            }
            if self.at(SyntaxKind::R_PAREN) {
                self.error(self.behind(), "sql-stray-comma", "`,` without an expression behind it");
            }
        }
    }

    /// A query in parentheses, which is read loosely where the dialect's are.
    fn query_within(&mut self) {
        let loose = usize::from(self.grammar.has(Features::POSTGRES) || self.grammar.has(Features::MYSQL));
        self.loose += loose;
        self.query();
        self.skip_to_close();
        self.loose -= loose;
    }

    /// `FILTER (WHERE …)` and `OVER …` behind a call.
    fn window(&mut self) {
        if self.at_word("FILTER") && self.nth_kind(1) == Some(SyntaxKind::L_PAREN) {
            self.bump_word();
            let open = self.here();
            self.bump();
            if self.at_word("WHERE") {
                self.where_clause();
            }
            self.skip_to_close();
            self.close(open);
        }
        if self.at_word("OVER") {
            if self.nth_kind(1) == Some(SyntaxKind::L_PAREN) {
                self.bump_word();
                self.window_definition();
            } else if self.nth_is_name(1) {
                self.bump_word();
                self.name();
            }
        }
    }

    /// `( PARTITION BY … ORDER BY … frame )`.
    pub(super) fn window_definition(&mut self) {
        self.start(SyntaxKind::PAREN);
        let open = self.here();
        self.bump();
        if self.at_word("PARTITION") {
            self.bump_word();
            self.eat_word("BY");
            loop {
                self.expr("expression");
                if !self.eat(SyntaxKind::COMMA) {
                    break;
                }
            }
        }
        if self.at_word("ORDER") {
            self.order_by();
        }
        // The frame holds no names.
        while !matches!(self.kind(), None | Some(SyntaxKind::R_PAREN | SyntaxKind::DELIMITER)) {
            if self.word().is_empty() {
                self.bump_balanced();
            } else {
                self.bump_word();
            }
        }
        self.close(open);
        self.finish();
    }

    /// `( expr, … )` or `( SELECT … )`.
    pub(super) fn paren(&mut self) {
        let open = self.here();
        if self.depth >= MAX_DEPTH {
            self.has_opaque = true;
            self.start(SyntaxKind::OPAQUE);
            self.bump_balanced();
            self.finish();
            return;
        }
        self.depth += 1;
        let query = self.nth_is(1, "SELECT") || self.nth_is(1, "WITH") || self.nth_is(1, "VALUES");
        self.start(if query { SyntaxKind::SUBQUERY } else { SyntaxKind::PAREN });
        self.bump();
        if query {
            self.query_within();
        } else {
            self.list();
            self.skip_to_close();
        }
        self.depth -= 1;
        self.close(open);
        self.finish();
    }
}

/// Whether `COLLATE` is part of the expression.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Collate {
    Within,
    Without,
    /// Nor any other word behind an operand.
    Default,
}
