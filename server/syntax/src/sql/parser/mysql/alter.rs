//! `ALTER TABLE` and `DROP`.

use crate::sql::kind::SyntaxKind;
use crate::sql::parser::Parser;

/// Words an action of `ALTER TABLE` begins with.
const ACTIONS: &[&str] =
    &["ADD", "ALTER", "CHANGE", "MODIFY", "DROP", "RENAME", "CONVERT", "ORDER", "PARTITION"];

impl Parser<'_> {
    pub(super) fn my_alter(&mut self) {
        let mut n = 1;
        while ["ONLINE", "IGNORE"].iter().any(|word| self.nth_is(n, word)) {
            n += 1;
        }
        if self.nth(1).is_none() {
            self.opaque_statement();
        } else if self.object(n, &["TABLE"]) == "TABLE" {
            self.my_alter_table(n);
        } else {
            self.my_alter_object();
        }
    }

    fn my_alter_table(&mut self, n: usize) {
        self.start(SyntaxKind::ALTER_TABLE);
        self.create_words(n, "TABLE");
        self.if_exists();
        if self.expect_path("table name") {
            self.my_wait();
            loop {
                let (before, found) = (self.at, self.found);
                self.my_alter_action();
                if !self.at_stop() {
                    self.unexpected();
                }
                self.understood(found);
                if self.at == before || !self.eat(SyntaxKind::COMMA) {
                    break;
                }
                if self.is_end() {
                    self.error(self.behind(), "sql-stray-comma", "`,` without an action behind it");
                }
            }
        }
        self.trailing();
        self.finish();
    }

    fn my_alter_action(&mut self) {
        let mut word = self.word().to_ascii_uppercase();
        if !word.is_empty()
            && !self.grammar.is_keyword(&word)
            && self.nth_kind(1) != Some(SyntaxKind::EQ)
            && let Some(meant) = crate::sql::grammar::closest(&word, ACTIONS.iter().copied())
        {
            self.did_you_mean(meant);
            word = meant.to_owned();
        }
        match word.as_str() {
            "ADD" => self.my_add(),
            "ALTER" => self.my_alter_part(),
            "CHANGE" => {
                self.start(SyntaxKind::CHANGE_COLUMN);
                self.bump_word();
                self.my_column_word();
                self.if_exists();
                if self.expect_name("column name") {
                    self.my_column_def();
                    self.my_position();
                }
                self.finish();
            }
            "MODIFY" => {
                self.start(SyntaxKind::MODIFY_COLUMN);
                self.bump_word();
                self.my_column_word();
                self.if_exists();
                self.my_column_def();
                self.my_position();
                self.finish();
            }
            "DROP" => self.my_drop_part(),
            "RENAME" => self.my_rename_part(),
            "CONVERT" => {
                if self.nth_is(1, "PARTITION") || self.nth_is(1, "TABLE") {
                    self.my_loose_action();
                    return;
                }
                self.start(SyntaxKind::ALTER_ACTION);
                self.bump_word();
                if self.expect_word("TO") {
                    if self.eat_any(&["CHARACTER", "CHAR"]) {
                        self.expect_word("SET");
                    } else {
                        self.eat_word("CHARSET");
                    }
                    self.my_value();
                    if self.at_word("COLLATE") {
                        self.start(SyntaxKind::OPTION);
                        self.bump_word();
                        self.my_value();
                        self.finish();
                    }
                }
                self.finish();
            }
            "ALGORITHM" | "LOCK" => {
                self.start(SyntaxKind::ALTER_ACTION);
                self.bump_word();
                self.my_value();
                self.finish();
            }
            "ORDER" if self.nth_is(1, "BY") => {
                self.start(SyntaxKind::ALTER_ACTION);
                self.my_words(&["ORDER", "BY"]);
                self.start(SyntaxKind::LOOSE);
                while !self.my_at_end() {
                    self.bump_balanced();
                }
                self.finish();
                self.finish();
            }
            "PARTITION" if self.nth_is(1, "BY") => self.my_partitioning(),
            "REMOVE" | "COALESCE" | "REORGANIZE" | "EXCHANGE" | "TRUNCATE" | "DISCARD" | "IMPORT"
            | "ENABLE" | "DISABLE" | "FORCE" | "WITHOUT" | "WITH" | "ANALYZE" | "CHECK" | "OPTIMIZE"
            | "REBUILD" | "REPAIR" | "UPGRADE" | "SECONDARY_LOAD" | "SECONDARY_UNLOAD"
                if !(word == "WITH" && self.nth_is(1, "SYSTEM")) =>
            {
                self.my_loose_action();
            }
            "" => {
                if self.is_end() {
                    // `ALTER TABLE t` alone is valid, and does nothing.
                }
            }
            _ => {
                let before = self.at;
                while self.my_table_option() {}
                if self.at == before && !self.at_stop() {
                    self.unexpected();
                }
                if self.at_word("PARTITION") && self.nth_is(1, "BY") {
                    self.my_partitioning();
                }
            }
        }
    }

    /// An action of which no more needs to be known than its words.
    fn my_loose_action(&mut self) {
        self.start(SyntaxKind::ALTER_ACTION);
        while !self.word().is_empty() && !self.at_stop() {
            self.bump_word();
        }
        if !self.at_stop() {
            self.skip(SyntaxKind::LOOSE);
        }
        // Lists of partitions have commas.
        while self.at(SyntaxKind::COMMA)
            && !ACTIONS.iter().any(|word| self.nth_is(1, word))
            && self.nth_kind(2) != Some(SyntaxKind::EQ)
        {
            self.bump();
            self.skip(SyntaxKind::LOOSE);
        }
        self.finish();
    }

    fn my_column_word(&mut self) {
        if self.at_word("COLUMN") {
            self.bump_word();
        }
    }

    fn my_column_def(&mut self) {
        if self.at_name() {
            self.my_column();
        } else if !self.word().is_empty() {
            self.start(SyntaxKind::COLUMN_DEF);
            self.reserved("column name");
            self.any_name();
            self.my_type();
            self.finish();
        } else {
            self.missing("sql-missing-name", "column name");
        }
    }

    /// `FIRST`, `AFTER column`.
    fn my_position(&mut self) {
        if self.at_word("FIRST") {
            self.start(SyntaxKind::COLUMN_POSITION);
            self.bump_word();
            self.finish();
        } else if self.at_word("AFTER") {
            self.start(SyntaxKind::COLUMN_POSITION);
            self.bump_word();
            self.expect_name("column name");
            self.finish();
        }
    }

    fn my_add(&mut self) {
        let checkpoint = self.checkpoint();
        if self.nth_is(1, "PARTITION") {
            self.start_at(checkpoint, SyntaxKind::ALTER_ACTION);
            self.my_words(&["ADD", "PARTITION"]);
            self.if_not_exists();
            self.eat_word("NO_WRITE_TO_BINLOG");
            self.eat_word("LOCAL");
            self.my_count_or_list();
            self.finish();
            return;
        }
        if self.nth_is(1, "SYSTEM") && self.nth_is(2, "VERSIONING") {
            self.start_at(checkpoint, SyntaxKind::ALTER_ACTION);
            self.my_words(&["ADD", "SYSTEM", "VERSIONING"]);
            self.finish();
            return;
        }
        self.bump_word();
        if self.my_at_key() {
            self.start_at(checkpoint, SyntaxKind::ADD_KEY);
            self.my_key();
            self.finish();
            return;
        }
        self.start_at(checkpoint, SyntaxKind::ADD_COLUMN);
        self.my_column_word();
        self.if_not_exists();
        if self.at(SyntaxKind::L_PAREN) {
            let open = self.here();
            self.bump();
            loop {
                if self.my_at_key() {
                    self.my_key();
                } else {
                    self.my_column_def();
                }
                if !self.at_stop() {
                    self.unexpected();
                }
                if !self.eat(SyntaxKind::COMMA) {
                    break;
                }
            }
            self.close(open);
        } else {
            self.my_column_def();
            self.my_position();
        }
        self.finish();
    }

    fn my_count_or_list(&mut self) {
        if self.eat_word("PARTITIONS") {
            self.eat(SyntaxKind::NUMBER);
        } else if self.at(SyntaxKind::L_PAREN) {
            self.my_partition_list();
        }
    }

    /// `ALTER [COLUMN] c SET DEFAULT …`, `ALTER INDEX i INVISIBLE`, `ALTER CHECK c NOT ENFORCED`.
    fn my_alter_part(&mut self) {
        self.start(SyntaxKind::ALTER_COLUMN);
        self.bump_word();
        let object = self.at_any(&["INDEX", "KEY", "CHECK", "CONSTRAINT"]);
        if object {
            self.bump_word();
        } else {
            self.my_column_word();
        }
        self.if_exists();
        if self.expect_name(if object { "name" } else { "column name" }) {
            if self.at_word("SET") && self.nth_is(1, "DEFAULT") {
                self.bump_word();
                self.start(SyntaxKind::DEFAULT);
                self.bump_word();
                self.my_default();
                self.finish();
            } else if self.my_words(&["SET"]) {
                self.eat_any(&["VISIBLE", "INVISIBLE"]);
            } else if self.eat_word("DROP") {
                self.expect_word("DEFAULT");
            } else if self.eat_word("NOT") {
                self.eat_any(&["ENFORCED", "IGNORED"]);
            } else if !self.eat_any(&["ENFORCED", "VISIBLE", "INVISIBLE", "IGNORED"]) && self.at_stop() {
                self.missing("sql-missing-keyword", "`SET DEFAULT` or `DROP DEFAULT`");
            }
        }
        self.finish();
    }

    fn my_drop_part(&mut self) {
        let checkpoint = self.checkpoint();
        if self.nth_is(1, "PARTITION") || (self.nth_is(1, "SYSTEM") && self.nth_is(2, "VERSIONING")) {
            self.my_loose_action();
            return;
        }
        self.bump_word();
        if self.at_word("PRIMARY") {
            self.start_at(checkpoint, SyntaxKind::DROP_KEY);
            self.bump_word();
            self.expect_word("KEY");
        } else if self.at_word("FOREIGN") || self.at_word("PERIOD") {
            self.start_at(checkpoint, SyntaxKind::DROP_KEY);
            let foreign = self.at_word("FOREIGN");
            self.bump_word();
            self.expect_word(if foreign { "KEY" } else { "FOR" });
            self.if_exists();
            self.expect_name("foreign key name");
        } else if self.at_any(&["INDEX", "KEY", "CHECK", "CONSTRAINT"]) {
            self.start_at(checkpoint, SyntaxKind::DROP_KEY);
            self.bump_word();
            self.if_exists();
            // `PRIMARY` is a name here.
            if self.at_word("PRIMARY") {
                self.any_name();
            } else {
                self.expect_name("name");
            }
        } else {
            self.start_at(checkpoint, SyntaxKind::DROP_COLUMN);
            self.my_column_word();
            self.if_exists();
            self.expect_name("column name");
            self.eat_any(&["CASCADE", "RESTRICT"]);
        }
        self.finish();
    }

    fn my_rename_part(&mut self) {
        if (self.nth_is(1, "INDEX") || self.nth_is(1, "KEY")) && !self.nth_is(2, "TO") {
            self.start(SyntaxKind::RENAME_KEY);
            self.bump_word();
            self.bump_word();
            self.if_exists();
            if self.expect_name("index name") && self.expect_word("TO") {
                self.expect_name("index name");
            }
        } else if self.nth_is(1, "COLUMN") || (self.nth_is_name(1) && self.nth_is(2, "TO")) {
            self.start(SyntaxKind::RENAME_COLUMN);
            self.bump_word();
            self.my_column_word();
            self.if_exists();
            if self.expect_name("column name") && self.expect_word("TO") {
                self.expect_name("column name");
            }
        } else {
            self.start(SyntaxKind::RENAME_TABLE);
            self.bump_word();
            if !self.eat_any(&["TO", "AS"]) {
                self.eat(SyntaxKind::EQ);
            }
            // The table may move to another database.
            self.expect_path("table name");
        }
        self.finish();
    }

    /// `DROP`.
    pub(super) fn my_drop(&mut self) {
        let plain = ["TABLE", "INDEX", "VIEW", "TRIGGER"];
        let mut n = 1;
        while self.nth_is(n, "TEMPORARY") || self.nth_is(n, "ONLINE") {
            n += 1;
        }
        if self.nth(1).is_none() {
            self.opaque_statement();
            return;
        }
        let known = [
            "TABLE",
            "INDEX",
            "VIEW",
            "TRIGGER",
            "DATABASE",
            "SCHEMA",
            "PROCEDURE",
            "FUNCTION",
            "EVENT",
            "SEQUENCE",
        ];
        let mut word = self.object(n, &known);
        if word == "TABLES" {
            word = "TABLE".into();
        }
        if plain.contains(&word.as_str()) {
            self.start(SyntaxKind::DROP);
        } else if known.contains(&word.as_str()) {
            self.start(SyntaxKind::DROP_OBJECT);
        } else {
            self.my_command(SyntaxKind::COMMAND);
            return;
        }
        for _ in 0..n {
            self.bump_word();
        }
        if self.at_any(&["TABLES"]) {
            self.bump_word();
        } else if let Some(known) = known.into_iter().find(|known| *known == word) {
            self.expect_word(known);
        }
        self.if_exists();
        let many = matches!(word.as_str(), "TABLE" | "VIEW" | "SEQUENCE");
        loop {
            let before = self.at;
            self.expect_path(match word.as_str() {
                "TABLE" => "table name",
                "INDEX" => "index name",
                "VIEW" => "view name",
                "TRIGGER" => "trigger name",
                "DATABASE" | "SCHEMA" => "database name",
                _ => "name",
            });
            self.my_wait();
            if word == "INDEX" {
                if self.expect_word("ON") {
                    self.start(SyntaxKind::OPTION);
                    self.expect_path("table name");
                    self.finish();
                }
                self.my_online();
            }
            if !many || !self.eat(SyntaxKind::COMMA) || self.at == before {
                break;
            }
        }
        self.eat_any(&["CASCADE", "RESTRICT"]);
        self.trailing();
        self.finish();
    }

    /// `ALGORITHM = x`, `LOCK = x` behind an index.
    pub(super) fn my_online(&mut self) {
        self.my_wait();
        while self.at_any(&["ALGORITHM", "LOCK"]) {
            self.start(SyntaxKind::ALTER_ACTION);
            self.bump_word();
            self.my_value();
            self.finish();
        }
    }
}
