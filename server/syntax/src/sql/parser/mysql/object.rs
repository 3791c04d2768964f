//! `CREATE` of everything that is no table, and `ALTER` of what is no table.

use crate::sql::kind::SyntaxKind;
use crate::sql::parser::Parser;

/// Objects `CREATE` is for that this parser knows.
const OBJECTS: &[&str] = &[
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
    "TEMPORARY",
    "UNIQUE",
];

impl Parser<'_> {
    pub(super) fn my_create(&mut self) {
        if self.nth(1).is_none() {
            // `CREATE` alone is being typed; nothing is known, and nothing is wrong.
            self.opaque_statement();
            return;
        }
        let Some(n) = self.my_object_at() else {
            self.my_unknown_create();
            return;
        };
        match self.object(n, OBJECTS).as_str() {
            "TABLE" => self.my_create_table(n),
            "INDEX" => self.my_create_index(n),
            "VIEW" => self.my_create_view(),
            "TRIGGER" => self.my_create_trigger(),
            "DATABASE" | "SCHEMA" => self.my_create_database(),
            "PROCEDURE" | "FUNCTION" => self.my_create_routine(),
            "EVENT" => self.my_create_event(),
            "SEQUENCE" => self.my_create_sequence(),
            _ => self.my_unknown_create(),
        }
    }

    /// Where behind `CREATE` the word stands that says what is created.
    fn my_object_at(&self) -> Option<usize> {
        const BEFORE: &[&str] = &[
            "OR",
            "REPLACE",
            "TEMPORARY",
            "UNIQUE",
            "FULLTEXT",
            "SPATIAL",
            "ONLINE",
            "OFFLINE",
            "AGGREGATE",
            "UNDEFINED",
            "MERGE",
            "TEMPTABLE",
            "INVOKER",
        ];
        let mut n = 1;
        while n < 24 {
            let word = self.nth_word(n);
            if word.is_empty() {
                return None;
            }
            if BEFORE.iter().any(|known| word.eq_ignore_ascii_case(known)) {
                n += 1;
            } else if ["ALGORITHM", "DEFINER"].iter().any(|known| word.eq_ignore_ascii_case(known)) {
                // `= value`, of which a user may be of several tokens.
                n += 1;
                if self.nth_kind(n) == Some(SyntaxKind::EQ) {
                    n += 1;
                }
                n += 1;
                while matches!(
                    self.nth_kind(n),
                    Some(
                        SyntaxKind::PARAMETER
                            | SyntaxKind::OPERATOR
                            | SyntaxKind::L_PAREN
                            | SyntaxKind::R_PAREN
                    )
                ) {
                    let at = self.nth_kind(n) == Some(SyntaxKind::OPERATOR);
                    n += if at { 2 } else { 1 };
                }
            } else if word.eq_ignore_ascii_case("SQL") && self.nth_is(n + 1, "SECURITY") {
                n += 3;
            } else {
                return Some(n);
            }
        }
        None
    }

    /// `CREATE` of what has no part in a schema (users, servers, …), or of what is not known.
    fn my_unknown_create(&mut self) {
        const NO_PART: &[&str] =
            &["USER", "ROLE", "SERVER", "TABLESPACE", "UNDO", "LOGFILE", "RESOURCE", "SPATIAL"];
        let n = if self.nth_is(1, "OR") { 3 } else { 1 };
        if NO_PART.iter().any(|word| self.nth_is(n, word)) {
            self.my_command(SyntaxKind::COMMAND);
            return;
        }
        let word = self.nth_word(1).to_ascii_uppercase();
        if word.is_empty() || self.nth_kind(2) == Some(SyntaxKind::L_PAREN) {
            self.start(SyntaxKind::ERROR);
            self.bump_word();
            self.missing("sql-missing-keyword", "`TABLE`, `INDEX`, `VIEW` or `TRIGGER`");
            self.finish();
        }
        self.opaque_statement();
    }

    /// The words before the object, with `DEFINER`, `ALGORITHM` and `SQL SECURITY`, and the object's own.
    pub(super) fn my_head(&mut self, object: &'static str) {
        self.bump_word();
        loop {
            if self.at_word("DEFINER") {
                self.my_definer();
            } else if self.at_word("ALGORITHM") {
                self.start(SyntaxKind::OPTION);
                self.bump_word();
                self.my_value();
                self.finish();
            } else if self.at_word("SQL") && self.nth_is(1, "SECURITY") {
                self.start(SyntaxKind::OPTION);
                self.bump_word();
                self.bump_word();
                self.eat_any(&["DEFINER", "INVOKER"]);
                self.finish();
            } else if self.at_any(&["OR", "REPLACE", "AGGREGATE", "TEMPORARY"]) {
                self.bump_word();
            } else {
                break;
            }
        }
        if object == "DATABASE" && self.eat_word("SCHEMA") {
            return;
        }
        if object == "FUNCTION" && self.eat_word("PROCEDURE") {
            return;
        }
        self.expect_word(object);
    }

    fn my_create_database(&mut self) {
        self.start(SyntaxKind::CREATE_OBJECT);
        self.my_head("DATABASE");
        self.if_not_exists();
        if self.expect_path("database name") {
            self.my_database_options();
        }
        self.trailing();
        self.finish();
    }

    fn my_database_options(&mut self) {
        loop {
            if self.at_word("READ") && self.nth_is(1, "ONLY") {
                self.start(SyntaxKind::OPTION);
                self.my_words(&["READ", "ONLY"]);
                self.my_value();
                self.finish();
            } else if !self.my_table_option() {
                return;
            }
        }
    }

    fn my_create_index(&mut self, n: usize) {
        self.start(SyntaxKind::CREATE_INDEX);
        self.create_words(n, "INDEX");
        self.if_not_exists();
        if self.expect_path("index name") {
            if self.at_any(&["USING", "TYPE"]) {
                self.start(SyntaxKind::OPTION);
                self.bump_word();
                self.any_name();
                self.finish();
            }
            if self.expect_word("ON") {
                if self.expect_name("table name") && self.eat(SyntaxKind::DOT) {
                    self.expect_name("table name");
                }
                self.my_wait();
                self.my_index_parts();
                loop {
                    let before = self.at;
                    self.my_online();
                    self.my_index_options_not_online();
                    if self.at == before {
                        break;
                    }
                }
            }
        }
        self.trailing();
        self.finish();
    }

    /// Options of an index, but for how it is to be built.
    fn my_index_options_not_online(&mut self) {
        if !self.at_any(&["ALGORITHM", "LOCK"]) {
            self.my_index_options();
        }
    }

    fn my_create_view(&mut self) {
        self.start(SyntaxKind::CREATE_VIEW);
        self.my_head("VIEW");
        self.if_not_exists();
        if self.expect_path("view name") {
            if self.at(SyntaxKind::L_PAREN) {
                self.column_names();
            }
            if self.expect_word("AS") {
                if self.at_any(&["SELECT", "WITH", "VALUES", "TABLE"])
                    || self.at(SyntaxKind::L_PAREN)
                    || self.near("SELECT")
                {
                    self.my_view_query();
                } else if self.is_end() {
                    self.missing("sql-missing-query", "query");
                }
            }
        }
        self.trailing();
        self.finish();
    }

    /// The query of a view, and `WITH … CHECK OPTION` behind it.
    fn my_view_query(&mut self) {
        let ends = |parser: &Self| {
            parser.at_word("WITH")
                && (parser.nth_is(1, "CHECK")
                    || (parser.nth_is(2, "CHECK")
                        && (parser.nth_is(1, "CASCADED") || parser.nth_is(1, "LOCAL"))))
        };
        self.loose += 1;
        let checkpoint = self.checkpoint();
        self.query();
        if !self.my_at_end() && !ends(self) {
            self.start_at(checkpoint, SyntaxKind::QUERY);
            self.start(SyntaxKind::LOOSE);
            while !self.my_at_end() && !ends(self) {
                self.bump_balanced();
            }
            self.finish();
            self.finish();
        }
        self.loose -= 1;
        if ends(self) {
            self.start(SyntaxKind::VIEW_OPTION);
            self.bump_word();
            self.eat_any(&["CASCADED", "LOCAL"]);
            self.bump_word();
            self.expect_word("OPTION");
            self.finish();
        }
    }

    fn my_create_sequence(&mut self) {
        self.start(SyntaxKind::CREATE_OBJECT);
        self.my_head("SEQUENCE");
        self.if_not_exists();
        if self.expect_path("sequence name") {
            self.my_sequence_options();
        }
        self.trailing();
        self.finish();
    }

    fn my_sequence_options(&mut self) {
        loop {
            let checkpoint = self.checkpoint();
            if self.at_any(&["START", "INCREMENT", "MINVALUE", "MAXVALUE", "CACHE", "RESTART"]) {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                let restart = self.at_word("RESTART");
                self.bump_word();
                self.eat_any(&["WITH", "BY"]);
                if restart
                    && !matches!(self.kind(), Some(SyntaxKind::EQ | SyntaxKind::NUMBER | SyntaxKind::MINUS))
                {
                    self.finish();
                    continue;
                }
                self.my_value();
            } else if self.at_word("NO") {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.bump_word();
                self.eat_any(&["MINVALUE", "MAXVALUE", "CACHE", "CYCLE"]);
            } else if self.at_any(&["NOMINVALUE", "NOMAXVALUE", "NOCACHE", "NOCYCLE", "CYCLE"]) {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.bump_word();
            } else if self.at_word("AS") {
                self.start_at(checkpoint, SyntaxKind::OPTION);
                self.bump_word();
                self.my_type();
            } else {
                if !self.my_table_option() {
                    return;
                }
                continue;
            }
            self.finish();
        }
    }

    /// `ALTER` of what is no table.
    pub(super) fn my_alter_object(&mut self) {
        let Some(n) = self.my_object_at() else {
            self.my_command(SyntaxKind::COMMAND);
            return;
        };
        let objects = ["DATABASE", "SCHEMA", "VIEW", "EVENT", "PROCEDURE", "FUNCTION", "SEQUENCE"];
        match self.object(n, &objects).as_str() {
            "DATABASE" | "SCHEMA" => {
                self.start(SyntaxKind::ALTER_OBJECT);
                self.bump_word();
                if !self.eat_word("SCHEMA") {
                    self.expect_word("DATABASE");
                }
                if !self.my_at_database_option() && self.at_name() {
                    self.path();
                }
                self.my_database_options();
                if !self.my_at_end() && self.at_word("UPGRADE") {
                    self.my_loose_rest();
                }
                self.trailing();
                self.finish();
            }
            "VIEW" => self.my_create_view(),
            "EVENT" => {
                self.start(SyntaxKind::ALTER_OBJECT);
                self.my_head("EVENT");
                self.if_exists();
                if self.expect_path("event name") {
                    self.my_event_rest();
                }
                self.trailing();
                self.finish();
            }
            "SEQUENCE" => {
                self.start(SyntaxKind::ALTER_OBJECT);
                self.my_head("SEQUENCE");
                self.if_exists();
                if self.expect_path("sequence name") {
                    self.my_sequence_options();
                }
                self.trailing();
                self.finish();
            }
            "PROCEDURE" | "FUNCTION" => {
                self.start(SyntaxKind::ALTER_OBJECT);
                self.my_head("FUNCTION");
                if self.expect_path("name") {
                    self.my_characteristics();
                }
                self.trailing();
                self.finish();
            }
            _ => self.my_command(SyntaxKind::COMMAND),
        }
    }

    /// Whether an option stands where the name of the database may be left out.
    fn my_at_database_option(&self) -> bool {
        self.at_any(&["CHARACTER", "CHARSET", "COLLATE", "DEFAULT", "ENCRYPTION", "READ", "COMMENT"])
            && (self.nth_kind(1) == Some(SyntaxKind::EQ)
                || self.at_any(&["CHARACTER", "COLLATE", "DEFAULT", "READ"])
                || self.nth_is_name(1) && self.nth(2).is_none())
    }
}
