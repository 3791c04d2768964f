//! `CREATE INDEX | VIEW | TRIGGER | VIRTUAL TABLE`, `ALTER TABLE`, `DROP`.

use super::{MAX_DEPTH, Parser};
use crate::sql::grammar::Features;
use crate::sql::kind::SyntaxKind;

impl Parser<'_> {
    pub(super) fn create(&mut self) {
        // What stands between `CREATE` and the object says which object it may be.
        let mut n = 1;
        while ["TEMP", "TEMPORARY", "UNIQUE", "VIRTUAL"].iter().any(|word| self.nth_is(n, word)) {
            n += 1;
        }
        let objects: &[&'static str] = match self.nth_word(n - 1).to_ascii_uppercase().as_str() {
            "UNIQUE" => &["INDEX"],
            "VIRTUAL" => &["TABLE"],
            "TEMP" | "TEMPORARY" => &["TABLE", "VIEW", "TRIGGER"],
            _ => &["TABLE", "INDEX", "VIEW", "TRIGGER", "TEMP", "TEMPORARY", "UNIQUE", "VIRTUAL"],
        };
        let virtual_table = self.nth_is(n - 1, "VIRTUAL");
        match self.object(n, objects).as_str() {
            "TABLE" if virtual_table && self.grammar.has(Features::VIRTUAL_TABLE) => {
                self.create_virtual_table(n)
            }
            "TABLE" => self.create_table(n),
            "INDEX" => self.create_index(n),
            "VIEW" => self.create_view(n),
            "TRIGGER" if self.grammar.has(Features::TRIGGER_BODY) => self.create_trigger(n),
            _ => self.opaque_create(),
        }
    }

    /// `CREATE` of nothing yet, of a misspelt word before the object, or of an object not known.
    fn opaque_create(&mut self) {
        if self.nth(1).is_none() {
            // `CREATE` alone is being typed; nothing is known, and nothing is wrong.
            self.opaque_statement();
            return;
        }
        let word = self.nth_word(1).to_ascii_uppercase();
        if word.is_empty() || self.nth_kind(2) == Some(SyntaxKind::L_PAREN) {
            self.start(SyntaxKind::ERROR);
            self.bump_word();
            self.missing("sql-missing-keyword", "`TABLE`, `INDEX`, `VIEW` or `TRIGGER`");
            self.finish();
        }
        let meant = self.object(1, &["TEMP", "TEMPORARY", "UNIQUE", "VIRTUAL"]);
        if meant != word {
            self.has_opaque = true;
            self.start(SyntaxKind::OPAQUE);
            self.bump_word();
            self.did_you_mean(&meant);
            self.finish();
        }
        self.opaque_statement();
    }

    /// Takes `CREATE … object` with the object word at `n`.
    pub(super) fn create_words(&mut self, n: usize, object: &'static str) {
        for _ in 0..n {
            self.bump_word();
        }
        if !self.eat_word(object) {
            self.did_you_mean(object);
            self.bump_word();
        }
    }

    pub(super) fn if_not_exists(&mut self) {
        if self.at_word("IF") && !matches!(self.nth_kind(1), Some(SyntaxKind::L_PAREN | SyntaxKind::DOT)) {
            self.bump_word();
            if self.expect_word("NOT") {
                self.expect_word("EXISTS");
            }
        }
    }

    pub(super) fn if_exists(&mut self) {
        if self.at_word("IF") && self.nth(1).is_some() {
            self.bump_word();
            self.expect_word("EXISTS");
        }
    }

    fn create_index(&mut self, n: usize) {
        self.start(SyntaxKind::CREATE_INDEX);
        self.create_words(n, "INDEX");
        self.if_not_exists();
        if self.expect_path("index name") && self.expect_word("ON") {
            self.table_name();
            if self.at(SyntaxKind::L_PAREN) {
                self.indexed_columns();
            } else {
                self.missing("sql-missing-columns", "list of columns");
            }
            if self.at_word("WHERE") || self.near("WHERE") {
                self.where_clause();
            }
        }
        self.ended();
        self.finish();
    }

    /// Whether the word here is `word` misspelt.
    pub(super) fn near(&self, word: &'static str) -> bool {
        let here = self.word();
        !here.is_empty()
            && !self.grammar.is_keyword(here)
            && crate::sql::grammar::closest(here, [word]).is_some()
    }

    /// The table of an index or trigger, as a name; a schema before it is allowed and ignored.
    fn table_name(&mut self) {
        if self.expect_name("table name") && self.eat(SyntaxKind::DOT) {
            self.expect_name("table name");
        }
    }

    fn create_view(&mut self, n: usize) {
        self.start(SyntaxKind::CREATE_VIEW);
        self.create_words(n, "VIEW");
        self.if_not_exists();
        if self.expect_path("view name") {
            if self.at(SyntaxKind::L_PAREN) {
                self.column_names();
            }
            if self.expect_word("AS") {
                self.defining_query();
            }
        }
        self.ended();
        self.finish();
    }

    /// The query behind `AS`.
    pub(super) fn defining_query(&mut self) {
        if self.at_any(&["SELECT", "VALUES", "WITH"]) || self.near("SELECT") {
            self.query();
        } else if self.is_end() {
            self.missing("sql-missing-query", "query");
        }
    }

    fn create_virtual_table(&mut self, n: usize) {
        self.start(SyntaxKind::CREATE_VIRTUAL_TABLE);
        self.create_words(n, "TABLE");
        self.if_not_exists();
        if self.expect_path("table name") && self.expect_word("USING") && self.expect_name("module name") {
            let open = self.here();
            if self.at(SyntaxKind::L_PAREN) {
                self.start(SyntaxKind::MODULE_ARGS);
                self.bump();
                while !matches!(self.kind(), None | Some(SyntaxKind::R_PAREN)) {
                    if self.at(SyntaxKind::COMMA) || self.at(SyntaxKind::DELIMITER) {
                        self.bump();
                        continue;
                    }
                    self.start(SyntaxKind::MODULE_ARG);
                    while !self.at_stop() {
                        self.bump_balanced();
                    }
                    self.finish();
                }
                self.close(open);
                self.finish();
            }
        }
        self.ended();
        self.finish();
    }

    fn create_trigger(&mut self, n: usize) {
        self.start(SyntaxKind::CREATE_TRIGGER);
        self.create_words(n, "TRIGGER");
        self.if_not_exists();
        if self.expect_path("trigger name") && self.trigger_head() {
            if self.at_word("BEGIN") {
                self.trigger_body();
            } else if self.is_end() {
                self.missing("sql-missing-body", "`BEGIN … END`");
            }
        }
        self.ended();
        self.finish();
    }

    fn trigger_head(&mut self) -> bool {
        if self.eat_word("INSTEAD") {
            self.expect_word("OF");
        } else if !self.eat_any(&["BEFORE", "AFTER"])
            && !self.at_any(&["DELETE", "INSERT", "UPDATE"])
            && !self.misspelt(&["BEFORE", "AFTER"])
        {
            // Nothing is said about the time, and the event decides.
        }
        self.start(SyntaxKind::TRIGGER_EVENT);
        let update = self.at_word("UPDATE");
        let event =
            self.eat_any(&["DELETE", "INSERT", "UPDATE"]) || self.misspelt(&["DELETE", "INSERT", "UPDATE"]);
        if !event {
            self.missing("sql-missing-keyword", "`INSERT`, `UPDATE` or `DELETE`");
        } else if update && self.eat_word("OF") {
            loop {
                self.expect_name("column name");
                if !self.eat(SyntaxKind::COMMA) {
                    break;
                }
            }
        }
        self.finish();
        if !event || !self.expect_word("ON") {
            return false;
        }
        self.table_name();
        if self.eat_word("FOR") {
            self.expect_word("EACH");
            self.expect_word("ROW");
        }
        if self.at_word("WHEN") {
            self.start(SyntaxKind::TRIGGER_WHEN);
            self.bump_word();
            self.expr("condition");
            self.finish();
        }
        true
    }

    fn trigger_body(&mut self) {
        self.start(SyntaxKind::TRIGGER_BODY);
        let begin = self.here();
        self.bump_word();
        self.depth += 1;
        self.in_body = true;
        loop {
            if self.is_end() {
                self.error(begin, "sql-unclosed-block", "`BEGIN` has no `END`");
                break;
            }
            if self.at_word("END") {
                self.bump_word();
                break;
            }
            if self.eat(SyntaxKind::DELIMITER) {
                continue;
            }
            let (before, found) = (self.at, self.found);
            if self.depth < MAX_DEPTH
                && (self.at_any(&["SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "WITH", "VALUES"])
                    || self.near("SELECT")
                    || self.near("INSERT")
                    || self.near("UPDATE")
                    || self.near("DELETE"))
            {
                self.statement();
            } else {
                self.skip_rest();
            }
            if self.at_word("END") && self.at > before {
                self.missing("sql-missing-delimiter", "`;`");
            } else if !self.is_end() && !self.at(SyntaxKind::DELIMITER) {
                let kind = self.unknown();
                self.start(kind);
                while !self.is_end() && !self.at(SyntaxKind::DELIMITER) {
                    self.bump_balanced();
                }
                self.finish();
            }
            self.understood(found);
            if self.at == before {
                self.bump();
            }
        }
        self.in_body = false;
        self.depth -= 1;
        self.finish();
    }

    pub(super) fn alter(&mut self) {
        if self.object(1, &["TABLE"]) != "TABLE" {
            self.opaque_statement();
            return;
        }
        self.start(SyntaxKind::ALTER_TABLE);
        self.create_words(1, "TABLE");
        if self.expect_path("table name") {
            self.alter_action();
        }
        self.trailing();
        self.finish();
    }

    fn alter_action(&mut self) {
        const ACTIONS: &[&str] = &["RENAME", "ADD", "DROP"];
        let mut word = self.word().to_ascii_uppercase();
        if self.is_end() {
            self.missing("sql-missing-keyword", "`RENAME`, `ADD` or `DROP`");
            return;
        }
        let misspelt =
            !self.grammar.is_keyword(&word) && !["SET", "MODIFY", "CHANGE", "OWNER"].contains(&word.as_str());
        if misspelt && let Some(meant) = crate::sql::grammar::closest(&word, ACTIONS.iter().copied()) {
            self.did_you_mean(meant);
            word = meant.to_owned();
        }
        match word.as_str() {
            "RENAME" => {
                let table = self.nth_is(1, "TO");
                self.start(if table { SyntaxKind::RENAME_TABLE } else { SyntaxKind::RENAME_COLUMN });
                self.bump_word();
                if table {
                    self.bump_word();
                    self.expect_name("table name");
                } else {
                    self.column_word();
                    if self.expect_name("column name") && self.expect_word("TO") {
                        self.expect_name("column name");
                    }
                }
                self.finish();
            }
            "ADD" if self.nth_is(1, "CONSTRAINT") || (self.grammar.is_reserved(self.nth_word(1))) => {}
            "ADD" => {
                self.start(SyntaxKind::ADD_COLUMN);
                self.bump_word();
                self.column_word();
                if self.at_name() {
                    self.column();
                } else {
                    self.missing("sql-missing-name", "column name");
                }
                self.finish();
            }
            "DROP" if self.nth_is(1, "CONSTRAINT") => {}
            "DROP" => {
                self.start(SyntaxKind::DROP_COLUMN);
                self.bump_word();
                self.column_word();
                self.expect_name("column name");
                self.finish();
            }
            _ => {}
        }
    }

    /// `COLUMN`, unless it is the name of one.
    fn column_word(&mut self) {
        if self.at_word("COLUMN") && (self.nth_is_name(1) || self.nth(1).is_none()) && !self.nth_is(1, "TO") {
            self.bump_word();
        }
    }

    pub(super) fn drop_statement(&mut self) {
        let objects = ["TABLE", "INDEX", "VIEW", "TRIGGER"];
        let object = self.object(1, &objects);
        let Some(object) = objects.into_iter().find(|known| *known == object) else {
            self.opaque_statement();
            return;
        };
        self.start(SyntaxKind::DROP);
        self.create_words(1, object);
        self.if_exists();
        let what = match object {
            "TABLE" => "table name",
            "INDEX" => "index name",
            "VIEW" => "view name",
            _ => "trigger name",
        };
        self.expect_path(what);
        self.ended();
        self.finish();
    }

    /// What is left of a definition: a parenthesis too many is an error, all else is opaque.
    pub(super) fn trailing(&mut self) {
        if self.pg_at_schema_element() {
            return;
        }
        while !self.is_end() && !self.at(SyntaxKind::DELIMITER) {
            if matches!(self.kind(), Some(SyntaxKind::R_PAREN | SyntaxKind::COMMA)) {
                if self.errors.is_empty() {
                    self.unexpected_token();
                }
                self.start(SyntaxKind::ERROR);
                self.bump();
                self.finish();
            } else {
                self.skip(if self.errors.is_empty() { SyntaxKind::OPAQUE } else { SyntaxKind::ERROR });
            }
        }
    }

    /// Like [`Self::trailing`], for definitions that end here.
    fn ended(&mut self) {
        if self.is_end() || matches!(self.kind(), Some(SyntaxKind::DELIMITER)) {
            return;
        }
        self.skip_rest();
        self.trailing();
    }
}
