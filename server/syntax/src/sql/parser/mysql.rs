//! MySQL and MariaDB: which statement it is, and the small ones.
//!
//! Definitions are read in depth. Queries, changes of rows and bodies of routines are read loosely: they have tables and
//! columns, but no errors of their own, for the servers know far more forms than this parser. What a definition has
//! beyond the productions here is opaque. Invariant: only what no version of either server accepts is an error.
//!
//! Source: the MySQL 9 manual, "SQL Statements"; MariaDB's "SQL Statements" up to 11.8; `sql_yacc.yy` where they are vague.

mod alter;
mod expr;
mod key;
mod object;
mod option;
mod partition;
mod routine;
mod table;

use super::Parser;
use crate::sql::kind::SyntaxKind;

impl Parser<'_> {
    /// Takes the statement whose first word is, or means, `word`.
    pub(super) fn my_statement(&mut self, word: &str) {
        match word {
            "CREATE" => self.my_create(),
            "ALTER" => self.my_alter(),
            "DROP" => self.my_drop(),
            "RENAME" => self.my_rename(),
            "USE" => {
                self.start(SyntaxKind::USE);
                self.bump_word();
                self.expect_name("database name");
                self.my_loose_rest();
                self.finish();
            }
            "SELECT" | "VALUES" => self.my_query(),
            "TABLE" if self.nth_is_name(1) => self.my_command(SyntaxKind::COMMAND),
            "WITH" => {
                self.loose += 1;
                self.with_statement();
                self.loose -= 1;
            }
            "INSERT" | "REPLACE" | "UPDATE" | "DELETE" => {
                self.loose += 1;
                let checkpoint = self.checkpoint();
                self.change_rows(checkpoint, word);
                self.loose -= 1;
            }
            "START" if self.nth_is(1, "TRANSACTION") => self.my_command(SyntaxKind::TRANSACTION),
            "BEGIN" | "COMMIT" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" => {
                self.my_command(SyntaxKind::TRANSACTION);
            }
            "GRANT" | "REVOKE" => self.my_command(SyntaxKind::GRANT),
            "SET" => self.my_command(SyntaxKind::SET_OPTION),
            "EXPLAIN" | "DESCRIBE" | "DESC" => self.my_command(SyntaxKind::EXPLAIN),
            "ANALYZE" | "BINLOG" | "CACHE" | "CALL" | "CHANGE" | "CHECK" | "CHECKSUM" | "CLONE"
            | "DEALLOCATE" | "DO" | "EXECUTE" | "FLUSH" | "GET" | "HANDLER" | "HELP" | "IMPORT"
            | "INSTALL" | "KILL" | "LOAD" | "LOCK" | "OPTIMIZE" | "PREPARE" | "PURGE" | "REPAIR"
            | "RESET" | "RESIGNAL" | "RESTART" | "SHOW" | "SHUTDOWN" | "SIGNAL" | "START" | "STOP"
            | "TRUNCATE" | "UNINSTALL" | "UNLOCK" | "XA" | "BACKUP" | "EXIT" | "SOURCE" => {
                self.my_command(SyntaxKind::COMMAND);
            }
            _ if self.at(SyntaxKind::L_PAREN) => self.my_query(),
            _ => self.opaque_statement(),
        }
    }

    /// A statement of which no more needs to be known than its first word.
    fn my_command(&mut self, kind: SyntaxKind) {
        self.start(kind);
        self.bump_word();
        self.my_loose_rest();
        self.finish();
    }

    /// A query, read loosely, up to the end of the statement.
    fn my_query(&mut self) {
        self.loose += 1;
        let checkpoint = self.checkpoint();
        self.query();
        if !self.my_at_end() {
            self.start_at(checkpoint, SyntaxKind::QUERY);
            self.my_loose_rest();
            self.finish();
        }
        self.loose -= 1;
    }

    /// Whether the statement ends here.
    fn my_at_end(&self) -> bool {
        matches!(self.kind(), None | Some(SyntaxKind::DELIMITER | SyntaxKind::R_PAREN))
    }

    /// Takes the rest of the statement as it is.
    fn my_loose_rest(&mut self) {
        if self.my_at_end() {
            return;
        }
        self.start(SyntaxKind::LOOSE);
        while !self.my_at_end() {
            self.bump_balanced();
        }
        self.finish();
    }

    /// Takes a parenthesis with all that is in it as it is.
    fn my_loose_paren(&mut self) {
        let open = self.here();
        self.start(SyntaxKind::LOOSE);
        self.bump_balanced();
        self.finish();
        if self.previous_text() != ")" {
            self.error(open, "sql-unclosed-parenthesis", "`(` is never closed");
        }
    }

    /// The words here, if they are those of `words`.
    fn my_words(&mut self, words: &[&str]) -> bool {
        let found = words.iter().enumerate().all(|(n, word)| self.nth_is(n, word));
        if found {
            for _ in words {
                self.bump_word();
            }
        }
        found
    }

    /// `( expr )`; what is not known in it is loose.
    fn my_parenthesized(&mut self, what: &str) {
        let open = self.here();
        if !self.at(SyntaxKind::L_PAREN) {
            self.missing("sql-missing-parenthesis", "`(`");
            return;
        }
        self.bump();
        self.depth += 1;
        self.expr(what);
        if !self.at(SyntaxKind::COMMA) {
            self.skip_to_close();
        }
        self.depth -= 1;
        self.close(open);
    }

    /// A user: `'root'@'%'`, `CURRENT_USER()`, a role.
    fn my_user(&mut self) {
        if self.at_word("CURRENT_USER") || self.at_word("CURRENT_ROLE") {
            self.bump_word();
            if self.at(SyntaxKind::L_PAREN) {
                self.bump_balanced();
            }
            return;
        }
        match self.kind() {
            Some(SyntaxKind::IDENT | SyntaxKind::QUOTED_IDENT | SyntaxKind::STRING) => self.any_name(),
            _ => {
                self.missing("sql-missing-name", "user");
                return;
            }
        }
        if self.at(SyntaxKind::PARAMETER) && self.text[self.tokens[self.at].start..].starts_with('@') {
            self.bump();
            // `@127.0.0.1` without quotes is no host, `@localhost.localdomain` neither, but nobody is misled.
        } else if self.tokens.get(self.at).is_some_and(|token| self.text_of(*token) == "@") {
            self.bump();
            if matches!(self.kind(), Some(SyntaxKind::IDENT | SyntaxKind::QUOTED_IDENT | SyntaxKind::STRING))
            {
                self.any_name();
            }
        }
    }

    /// `DEFINER = user`, when it is here.
    fn my_definer(&mut self) {
        if !self.at_word("DEFINER") {
            return;
        }
        self.start(SyntaxKind::DEFINER);
        self.bump_word();
        self.eat(SyntaxKind::EQ);
        self.my_user();
        self.finish();
    }

    /// `RENAME TABLE a TO b, …`.
    fn my_rename(&mut self) {
        if !(self.nth_is(1, "TABLE") || self.nth_is(1, "TABLES")) {
            self.my_command(SyntaxKind::COMMAND);
            return;
        }
        self.start(SyntaxKind::RENAME_TABLES);
        self.bump_word();
        self.bump_word();
        self.if_exists();
        loop {
            self.start(SyntaxKind::RENAME_PAIR);
            let before = self.at;
            if self.expect_path("table name") {
                self.my_wait();
                if self.expect_word("TO") {
                    self.expect_path("table name");
                }
            }
            self.finish();
            if !self.eat(SyntaxKind::COMMA) || self.at == before {
                break;
            }
        }
        self.trailing();
        self.finish();
    }

    /// `WAIT n`, `NOWAIT` of MariaDB.
    fn my_wait(&mut self) {
        if self.eat_word("NOWAIT") {
            return;
        }
        if self.at_word("WAIT") && self.nth_kind(1) == Some(SyntaxKind::NUMBER) {
            self.bump_word();
            self.bump();
        }
    }
}
