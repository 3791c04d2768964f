//! One mistake, one diagnostic, at the place where it is.

use expect_test::{Expect, expect};

use super::{messages, parse};

/// Checks the errors of several texts, one a line.
fn check(texts: &[&str], expect: Expect) {
    let mut out = String::new();
    for text in texts {
        let found = messages(&parse(text), text);
        out.push_str(text);
        out.push('\n');
        for line in found.lines() {
            out.push_str("    ");
            out.push_str(line);
            out.push('\n');
        }
    }
    expect.assert_eq(&out);
}

#[test]
fn quotes_comments_and_parentheses() {
    check(
        &[
            "CREATE TABLE t (a text DEFAULT 'x, b int);\nCREATE TABLE u (a int);",
            "CREATE TABLE t (a text DEFAULT 'x,\n b text DEFAULT 'y'\n);\nCREATE TABLE u (a text DEFAULT 'z');",
            "CREATE TABLE \"t (a int);\nSELECT 1;",
            "CREATE TABLE [t (a int);\nSELECT 1;",
            "CREATE TABLE `t (a int);",
            "SELECT 1; /* never",
            "CREATE TABLE t (a int;\nCREATE TABLE u (a int);",
            "CREATE TABLE t (a int\nCREATE TABLE u (a int);",
            "CREATE TABLE t (a int DEFAULT (1 + 2, b int);",
            "CREATE TABLE t (a int CHECK (a > 0);",
            "CREATE TABLE t (a varchar(10, b text, c int);",
            "SELECT ((1;",
            "CREATE TABLE t (a int));",
            "CREATE INDEX i ON t (a;",
            "SELECT (1;",
            "SELECT 1);",
            "INSERT INTO t VALUES ('a;\nSELECT 1;',\n'b');\nSELECT 2;",
        ],
        expect![[r#"
            CREATE TABLE t (a text DEFAULT 'x, b int);
            CREATE TABLE u (a int);
                31 "'x, b int" sql-unclosed-quote: quote `'` is never closed
            CREATE TABLE t (a text DEFAULT 'x,
             b text DEFAULT 'y'
            );
            CREATE TABLE u (a text DEFAULT 'z');
                31 "'x" sql-unclosed-quote: quote `'` is never closed
            CREATE TABLE "t (a int);
            SELECT 1;
                13 "\"t (a int" sql-unclosed-quote: quote `"` is never closed
            CREATE TABLE [t (a int);
            SELECT 1;
                13 "[t (a int" sql-unclosed-quote: quote `[` is never closed
            CREATE TABLE `t (a int);
                13 "`t (a int" sql-unclosed-quote: quote ``` is never closed
            SELECT 1; /* never
                10 "/* never" sql-unclosed-comment: comment `/*` is never closed
            CREATE TABLE t (a int;
            CREATE TABLE u (a int);
                15 "(" sql-unclosed-parenthesis: `(` is never closed
            CREATE TABLE t (a int
            CREATE TABLE u (a int);
                15 "(" sql-unclosed-parenthesis: `(` is never closed
            CREATE TABLE t (a int DEFAULT (1 + 2, b int);
                30 "(" sql-unclosed-parenthesis: `(` is never closed
            CREATE TABLE t (a int CHECK (a > 0);
                15 "(" sql-unclosed-parenthesis: `(` is never closed
            CREATE TABLE t (a varchar(10, b text, c int);
                25 "(" sql-unclosed-parenthesis: `(` is never closed
            SELECT ((1;
                8 "(" sql-unclosed-parenthesis: `(` is never closed
            CREATE TABLE t (a int));
                22 ")" sql-unexpected-token: unexpected `)`
            CREATE INDEX i ON t (a;
                20 "(" sql-unclosed-parenthesis: `(` is never closed
            SELECT (1;
                7 "(" sql-unclosed-parenthesis: `(` is never closed
            SELECT 1);
                8 ")" sql-unexpected-token: unexpected `)`
            INSERT INTO t VALUES ('a;
            SELECT 1;',
            'b');
            SELECT 2;
        "#]],
    );
}

#[test]
fn names_and_lists() {
    check(
        &[
            "CREATE TABLE (a int);",
            "CREATE TABLE t;",
            "CREATE TABLE t ();",
            "CREATE TABLE t (a int,);",
            "CREATE TABLE t (, a int);",
            "CREATE TABLE t (a int,, b int);",
            "CREATE TABLE t (a int NOT NULL\n  b int);",
            "CREATE TABLE t (\n  a int\n  b int NOT NULL\n);",
            "CREATE TABLE t (order int);",
            "CREATE TABLE table (a int);",
            "CREATE TABLE t (a = 5, b int);",
            "CREATE TABLE t (a int, PRIMARY KEY);",
            "CREATE TABLE t (a int, PRIMARY KEY ());",
            "CREATE TABLE t (a int, PRIMARY KEY (a,));",
            "CREATE TABLE t (a int, FOREIGN KEY (a));",
            "CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES);",
            "CREATE TABLE t (a int REFERENCES);",
            "CREATE TABLE t (a int DEFAULT);",
            "CREATE TABLE t (a int CHECK);",
            "CREATE TABLE t (a int CHECK ());",
            "CREATE TABLE t (a int CHECK (a >));",
            "CREATE INDEX ON t (a);",
            "CREATE INDEX i t (a);",
            "CREATE INDEX i ON t;",
            "CREATE INDEX i ON t ();",
            "CREATE VIEW v;",
            "CREATE VIEW v AS;",
            "DROP TABLE;",
            "ALTER TABLE t;",
            "ALTER TABLE t ADD COLUMN;",
            "ALTER TABLE t RENAME a b;",
            "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; ",
            "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1 END;",
            "CREATE TRIGGER g AFTER ON t BEGIN SELECT 1; END;",
            "CREATE TRIGGER g AFTER INSERT ON t;",
            "SELECT a, FROM t;",
            "SELECT FROM t;",
            "SELECT * FROM;",
            "SELECT * FROM t WHERE;",
            "SELECT t. FROM t;",
            "INSERT INTO t VALUES (1,);",
            "UPDATE t SET;",
            "DELETE t WHERE a = 1;",
            "CREATE TABLE a (x int)\nCREATE TABLE b (x int);",
        ],
        expect![[r#"
            CREATE TABLE (a int);
                7 "TABLE" sql-missing-name: table name is missing behind `TABLE`
            CREATE TABLE t;
                13 "t" sql-missing-columns: list of columns is missing behind `t`
            CREATE TABLE t ();
                15 "()" sql-missing-columns: a table needs at least one column
            CREATE TABLE t (a int,);
                21 "," sql-stray-comma: `,` without a column or constraint behind it
            CREATE TABLE t (, a int);
                16 "," sql-stray-comma: `,` without a column or constraint before it
            CREATE TABLE t (a int,, b int);
                22 "," sql-stray-comma: `,` without a column or constraint before it
            CREATE TABLE t (a int NOT NULL
              b int);
                26 "NULL" sql-missing-comma: `,` is missing behind a column or constraint
            CREATE TABLE t (
              a int
              b int NOT NULL
            );
                21 "int" sql-missing-comma: `,` is missing behind a column or constraint
            CREATE TABLE t (order int);
                16 "order" sql-reserved-word: "order" is a keyword and no column name unless it is quoted
            CREATE TABLE table (a int);
                13 "table" sql-reserved-word: "table" is a keyword and no table name unless it is quoted
            CREATE TABLE t (a = 5, b int);
                18 "=" sql-unexpected-token: unexpected `=`
            CREATE TABLE t (a int, PRIMARY KEY);
                31 "KEY" sql-missing-columns: list of columns is missing behind `KEY`
            CREATE TABLE t (a int, PRIMARY KEY ());
                35 "()" sql-missing-columns: the list of columns is empty
            CREATE TABLE t (a int, PRIMARY KEY (a,));
                37 "," sql-stray-comma: `,` without a column behind it
            CREATE TABLE t (a int, FOREIGN KEY (a));
                37 ")" sql-missing-keyword: `REFERENCES` is missing behind `)`
            CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES);
                39 "REFERENCES" sql-missing-name: table name is missing behind `REFERENCES`
            CREATE TABLE t (a int REFERENCES);
                22 "REFERENCES" sql-missing-name: table name is missing behind `REFERENCES`
            CREATE TABLE t (a int DEFAULT);
                22 "DEFAULT" sql-missing-value: default value is missing behind `DEFAULT`
            CREATE TABLE t (a int CHECK);
                22 "CHECK" sql-missing-parenthesis: `(` is missing behind `CHECK`
            CREATE TABLE t (a int CHECK ());
                28 "(" sql-missing-expression: expression is missing behind `(`
            CREATE TABLE t (a int CHECK (a >));
                31 ">" sql-missing-expression: expression is missing behind `>`
            CREATE INDEX ON t (a);
                7 "INDEX" sql-missing-name: index name is missing behind `INDEX`
            CREATE INDEX i t (a);
                13 "i" sql-missing-keyword: `ON` is missing behind `i`
            CREATE INDEX i ON t;
                18 "t" sql-missing-columns: list of columns is missing behind `t`
            CREATE INDEX i ON t ();
                20 "()" sql-missing-columns: the list of columns is empty
            CREATE VIEW v;
                12 "v" sql-missing-keyword: `AS` is missing behind `v`
            CREATE VIEW v AS;
                14 "AS" sql-missing-query: query is missing behind `AS`
            DROP TABLE;
                5 "TABLE" sql-missing-name: table name is missing behind `TABLE`
            ALTER TABLE t;
                12 "t" sql-missing-keyword: `RENAME`, `ADD` or `DROP` is missing behind `t`
            ALTER TABLE t ADD COLUMN;
                18 "COLUMN" sql-missing-name: column name is missing behind `COLUMN`
            ALTER TABLE t RENAME a b;
                21 "a" sql-missing-keyword: `TO` is missing behind `a`
            CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1; 
                35 "BEGIN" sql-unclosed-block: `BEGIN` has no `END`
            CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1 END;
                48 "1" sql-missing-delimiter: `;` is missing behind `1`
            CREATE TRIGGER g AFTER ON t BEGIN SELECT 1; END;
                17 "AFTER" sql-missing-keyword: `INSERT`, `UPDATE` or `DELETE` is missing behind `AFTER`
            CREATE TRIGGER g AFTER INSERT ON t;
                33 "t" sql-missing-body: `BEGIN … END` is missing behind `t`
            SELECT a, FROM t;
                8 "," sql-stray-comma: `,` without an expression behind it
            SELECT FROM t;
                0 "SELECT" sql-missing-expression: expression is missing behind `SELECT`
            SELECT * FROM;
                9 "FROM" sql-missing-name: table name is missing behind `FROM`
            SELECT * FROM t WHERE;
                16 "WHERE" sql-missing-expression: condition is missing behind `WHERE`
            SELECT t. FROM t;
                8 "." sql-missing-name: column name is missing behind `.`
            INSERT INTO t VALUES (1,);
                23 "," sql-stray-comma: `,` without a value behind it
            UPDATE t SET;
                9 "SET" sql-missing-name: column name is missing behind `SET`
            DELETE t WHERE a = 1;
                0 "DELETE" sql-missing-keyword: `FROM` is missing behind `DELETE`
            CREATE TABLE a (x int)
            CREATE TABLE b (x int);
                21 ")" sql-missing-delimiter: `;` is missing behind the statement
        "#]],
    );
}

#[test]
fn misspelt_keywords() {
    check(
        &[
            "CRAETE TABLE t (a int);",
            "CREATE TABEL t (a int);",
            "CREATE UNIQE INDEX i ON t (a);",
            "DORP TABLE t;",
            "SELCT * FROM t;",
            "SELECT * FORM t;",
            "SELECT * FROM t WHER a = 1;",
            "ALTER TABLE t RENMAE TO u;",
            "CREATE TABLE t (a int NOT NUL);",
            "CREATE TABLE t (a int NOT NULL UNIQE);",
            "CREATE TABLE t (a int NOT NULL DEFALT 5);",
            "CREATE TABLE t (id integer PRIMARY KYE);",
            "CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMNT);",
            "CREATE TABLE t (id integer PRIMARY KEY AUTO_INCREMENT);",
            "CREATE TABLE t (a int, PRIMRAY KEY (a));",
            "CREATE TABLE t (a int, FORIEGN KEY (a) REFERENCES u (a));",
            "CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCE u (a));",
            "CREATE TABLE t (a int REFERENCES u ON DELETE CASCAD);",
            "CREATE TABLE t (a int) WITHOUT ROWD;",
            "CREATE TABLE t (a int) STRIT;",
            "CREATE TABLE IF NOT EXIST t (a int);",
            "INSERT INTO t VALUSE (1);",
            "COMMENT ON TABLE t IS 'x';",
            "OPTIMIZE TABLE t;",
        ],
        expect![[r#"
            CRAETE TABLE t (a int);
                0 "CRAETE" sql-unknown-keyword: "CRAETE" is not a keyword; did you mean "CREATE"?
            CREATE TABEL t (a int);
                7 "TABEL" sql-unknown-keyword: "TABEL" is not a keyword; did you mean "TABLE"?
            CREATE UNIQE INDEX i ON t (a);
                7 "UNIQE" sql-unknown-keyword: "UNIQE" is not a keyword; did you mean "UNIQUE"?
            DORP TABLE t;
                0 "DORP" sql-unknown-keyword: "DORP" is not a keyword; did you mean "DROP"?
            SELCT * FROM t;
                0 "SELCT" sql-unknown-keyword: "SELCT" is not a keyword; did you mean "SELECT"?
            SELECT * FORM t;
                9 "FORM" sql-unknown-keyword: "FORM" is not a keyword; did you mean "FROM"?
            SELECT * FROM t WHER a = 1;
                16 "WHER" sql-unknown-keyword: "WHER" is not a keyword; did you mean "WHERE"?
            ALTER TABLE t RENMAE TO u;
                14 "RENMAE" sql-unknown-keyword: "RENMAE" is not a keyword; did you mean "RENAME"?
            CREATE TABLE t (a int NOT NUL);
                26 "NUL" sql-unknown-keyword: "NUL" is not a keyword; did you mean "NULL"?
            CREATE TABLE t (a int NOT NULL UNIQE);
                31 "UNIQE" sql-unknown-keyword: "UNIQE" is not a keyword; did you mean "UNIQUE"?
            CREATE TABLE t (a int NOT NULL DEFALT 5);
                31 "DEFALT" sql-unknown-keyword: "DEFALT" is not a keyword; did you mean "DEFAULT"?
            CREATE TABLE t (id integer PRIMARY KYE);
                35 "KYE" sql-unknown-keyword: "KYE" is not a keyword; did you mean "KEY"?
            CREATE TABLE t (id integer PRIMARY KEY AUTOINCREMNT);
                39 "AUTOINCREMNT" sql-unknown-keyword: "AUTOINCREMNT" is not a keyword; did you mean "AUTOINCREMENT"?
            CREATE TABLE t (id integer PRIMARY KEY AUTO_INCREMENT);
                39 "AUTO_INCREMENT" sql-unknown-keyword: "AUTO_INCREMENT" is not a keyword; did you mean "AUTOINCREMENT"?
            CREATE TABLE t (a int, PRIMRAY KEY (a));
                23 "PRIMRAY" sql-unknown-keyword: "PRIMRAY" is not a keyword; did you mean "PRIMARY"?
            CREATE TABLE t (a int, FORIEGN KEY (a) REFERENCES u (a));
                23 "FORIEGN" sql-unknown-keyword: "FORIEGN" is not a keyword; did you mean "FOREIGN"?
            CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCE u (a));
                39 "REFERENCE" sql-unknown-keyword: "REFERENCE" is not a keyword; did you mean "REFERENCES"?
            CREATE TABLE t (a int REFERENCES u ON DELETE CASCAD);
                45 "CASCAD" sql-unknown-keyword: "CASCAD" is not a keyword; did you mean "CASCADE"?
            CREATE TABLE t (a int) WITHOUT ROWD;
                31 "ROWD" sql-unknown-keyword: "ROWD" is not a keyword; did you mean "ROWID"?
            CREATE TABLE t (a int) STRIT;
                23 "STRIT" sql-unknown-keyword: "STRIT" is not a keyword; did you mean "STRICT"?
            CREATE TABLE IF NOT EXIST t (a int);
                20 "EXIST" sql-unknown-keyword: "EXIST" is not a keyword; did you mean "EXISTS"?
            INSERT INTO t VALUSE (1);
                14 "VALUSE" sql-unknown-keyword: "VALUSE" is not a keyword; did you mean "VALUES"?
            COMMENT ON TABLE t IS 'x';
            OPTIMIZE TABLE t;
        "#]],
    );
}
