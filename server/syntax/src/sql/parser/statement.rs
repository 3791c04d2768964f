//! Which statement it is, and the small ones.

use super::Parser;
use crate::sql::grammar::{Features, closest};
use crate::sql::kind::SyntaxKind;

/// Words that begin a statement in some dialect; none of them is a slip for another.
const ELSEWHERE: &[&str] = &[
    "ABORT",
    "BACKUP",
    "CALL",
    "CHECKPOINT",
    "CLOSE",
    "CLUSTER",
    "COMMENT",
    "COPY",
    "DEALLOCATE",
    "DECLARE",
    "DENY",
    "DESC",
    "DESCRIBE",
    "DISCARD",
    "DO",
    "EXCHANGE",
    "EXEC",
    "EXECUTE",
    "EXISTS",
    "FETCH",
    "FLUSH",
    "FROM",
    "GO",
    "GRANT",
    "HANDLER",
    "IF",
    "IMPORT",
    "INSTALL",
    "KILL",
    "LET",
    "LISTEN",
    "LOAD",
    "LOCK",
    "MERGE",
    "MOVE",
    "NOTIFY",
    "OPEN",
    "OPTIMIZE",
    "PREPARE",
    "PRINT",
    "PURGE",
    "PUT",
    "REASSIGN",
    "REFRESH",
    "RENAME",
    "REPAIR",
    "RESET",
    "RESIGNAL",
    "RESTORE",
    "RETURN",
    "REVOKE",
    "SECURITY",
    "SET",
    "SHOW",
    "SIGNAL",
    "START",
    "SYSTEM",
    "TABLE",
    "TRUNCATE",
    "UNDROP",
    "UNLISTEN",
    "UNLOCK",
    "USE",
    "WATCH",
    "WHILE",
];

/// What `CREATE` and `DROP` have objects for in some dialect, beyond those of the parser.
const OBJECTS_ELSEWHERE: &[&str] =
    &["TYPE", "ROLE", "RULE", "USER", "CAST", "TEMP", "LOGIN", "MACRO", "STAGE"];

impl Parser<'_> {
    /// The statement of a piece.
    pub(super) fn root(&mut self) {
        if self.is_end() {
            return;
        }
        if !self.grammar.has(Features::DEEP) {
            self.opaque_statement();
            return;
        }
        self.statement();
    }

    /// Takes a statement, up to what cannot belong to it.
    pub(super) fn statement(&mut self) {
        let mut word = self.word().to_ascii_uppercase();
        if !word.is_empty()
            && !self.grammar.starts_statement(&word)
            && ELSEWHERE.binary_search(&word.as_str()).is_err()
            && !self.grammar.is_keyword(&word)
            && (!self.nth_word(1).is_empty() || self.nth_kind(1) == Some(SyntaxKind::STAR))
            && let Some(meant) = closest(&word, self.grammar.statements.iter().copied())
        {
            self.did_you_mean(meant);
            word = meant.to_owned();
        }
        if self.grammar.has(Features::POSTGRES) {
            self.pg_statement(&word);
            return;
        }
        if self.grammar.has(Features::MYSQL) {
            self.my_statement(&word);
            return;
        }
        match word.as_str() {
            "CREATE" => self.create(),
            "ALTER" => self.alter(),
            "DROP" => self.drop_statement(),
            "SELECT" | "VALUES" => {
                self.query();
                self.skip_rest();
            }
            "WITH" => self.with_statement(),
            "INSERT" | "REPLACE" | "UPDATE" | "DELETE" => {
                let checkpoint = self.checkpoint();
                self.change_rows(checkpoint, &word);
            }
            "BEGIN" | "COMMIT" | "END" | "ROLLBACK" | "SAVEPOINT" | "RELEASE" => self.transaction(&word),
            "PRAGMA" | "ATTACH" | "DETACH" | "REINDEX" | "VACUUM" | "ANALYZE"
                if self.grammar.has(Features::SQLITE_COMMANDS) =>
            {
                self.command(&word);
            }
            "EXPLAIN" => {
                self.start(SyntaxKind::EXPLAIN);
                self.bump_word();
                if self.at_word("QUERY") && self.nth_is(1, "PLAN") {
                    self.bump_word();
                    self.bump_word();
                }
                if self.is_end() {
                    self.missing("sql-missing-statement", "statement");
                } else if self.at_word("EXPLAIN") {
                    self.opaque_statement();
                } else {
                    self.statement();
                }
                self.finish();
            }
            _ => self.opaque_statement(),
        }
    }

    /// Takes a statement the grammar does not know, up to `;` in a body, else to the end.
    pub(super) fn opaque_statement(&mut self) {
        if self.is_end() || self.at(SyntaxKind::DELIMITER) {
            return;
        }
        self.has_opaque = true;
        self.start(SyntaxKind::OPAQUE);
        while !self.is_end() && !self.at(SyntaxKind::DELIMITER) {
            self.bump_balanced();
        }
        self.finish();
    }

    /// The object word behind `CREATE` or `DROP`, upper case; a misspelt one is reported as the one meant.
    pub(super) fn object(&mut self, n: usize, objects: &[&'static str]) -> String {
        let word = self.nth_word(n).to_ascii_uppercase();
        if objects.contains(&word.as_str())
            || OBJECTS_ELSEWHERE.contains(&word.as_str())
            || self.grammar.is_keyword(&word)
        {
            return word;
        }
        match closest(&word, objects.iter().copied()) {
            Some(meant) => meant.to_owned(),
            None => word,
        }
    }

    fn transaction(&mut self, word: &str) {
        self.start(SyntaxKind::TRANSACTION);
        self.bump_word();
        match word {
            "BEGIN" => {
                self.eat_any(&["DEFERRED", "IMMEDIATE", "EXCLUSIVE"]);
                self.eat_word("TRANSACTION");
            }
            "COMMIT" | "END" => {
                self.eat_word("TRANSACTION");
            }
            "ROLLBACK" => {
                self.eat_word("TRANSACTION");
                if self.eat_word("TO") {
                    self.eat_word("SAVEPOINT");
                    self.expect_name("savepoint name");
                }
            }
            "RELEASE" => {
                self.eat_word("SAVEPOINT");
                self.expect_name("savepoint name");
            }
            _ => {
                self.expect_name("savepoint name");
            }
        }
        self.skip_rest();
        self.finish();
    }

    fn command(&mut self, word: &str) {
        let kind = match word {
            "PRAGMA" => SyntaxKind::PRAGMA,
            "ATTACH" => SyntaxKind::ATTACH,
            "DETACH" => SyntaxKind::DETACH,
            "REINDEX" => SyntaxKind::REINDEX,
            "VACUUM" => SyntaxKind::VACUUM,
            _ => SyntaxKind::ANALYZE,
        };
        self.start(kind);
        self.bump_word();
        match kind {
            SyntaxKind::PRAGMA => self.pragma(),
            SyntaxKind::ATTACH => {
                self.eat_word("DATABASE");
                self.expr("file");
                if self.expect_word("AS") {
                    self.expr("schema name");
                }
                if self.eat_word("KEY") {
                    self.expr("key");
                }
            }
            SyntaxKind::DETACH => {
                self.eat_word("DATABASE");
                self.expr("schema name");
            }
            SyntaxKind::VACUUM => {
                self.name();
                if self.eat_word("INTO") {
                    self.expr("file");
                }
            }
            _ => {
                if self.at_name() {
                    self.path();
                }
            }
        }
        self.skip_rest();
        self.finish();
    }

    fn pragma(&mut self) {
        if !self.expect_path("pragma name") {
            return;
        }
        let open = self.here();
        if self.at(SyntaxKind::L_PAREN) {
            self.bump();
            self.pragma_value();
            self.close(open);
        } else if self.at(SyntaxKind::EQ) {
            self.bump();
            self.pragma_value();
        }
    }

    /// A signed number, a name, a string, or a keyword such as `ON` and `DELETE`.
    fn pragma_value(&mut self) {
        if self.at_stop() {
            self.missing("sql-missing-value", "value");
            return;
        }
        self.start(SyntaxKind::PRAGMA_VALUE);
        if matches!(self.kind(), Some(SyntaxKind::PLUS | SyntaxKind::MINUS)) {
            self.bump();
        }
        if !self.at_stop() {
            self.bump();
        }
        self.finish();
    }

    /// Whether `END` of the body around stands here.
    pub(super) fn ends_body(&self) -> bool {
        self.in_body && self.at_word("END")
    }

    /// Makes what is left before the end of the statement opaque.
    pub(super) fn skip_rest(&mut self) {
        if self.ends_body() || matches!(self.kind(), None | Some(SyntaxKind::DELIMITER | SyntaxKind::R_PAREN))
        {
            return;
        }
        let kind = self.unknown();
        self.start(kind);
        while !self.is_end() && !matches!(self.kind(), Some(SyntaxKind::DELIMITER | SyntaxKind::R_PAREN)) {
            self.bump_balanced();
        }
        self.finish();
    }
}
