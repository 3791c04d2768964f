//! Trees of whole statements.

use expect_test::expect;

use super::check;

#[test]
fn create_table_with_every_column_constraint() {
    check(
        "CREATE TEMP TABLE IF NOT EXISTS main.\"t\" (
  id INTEGER CONSTRAINT pk PRIMARY KEY DESC ON CONFLICT IGNORE AUTOINCREMENT,
  a UNSIGNED BIG INT NOT NULL ON CONFLICT FAIL NULL UNIQUE,
  b VARYING CHARACTER(70) CHECK (length(b) > 0) DEFAULT 'x''y' COLLATE nocase,
  c DEFAULT -1.5, d DEFAULT (1 + 2), e DEFAULT CURRENT_TIMESTAMP, f DEFAULT yes,
  g int REFERENCES p (x, y) ON DELETE SET NULL ON UPDATE NO ACTION MATCH FULL NOT DEFERRABLE INITIALLY DEFERRED,
  h int GENERATED ALWAYS AS (a + 1) STORED, i AS (a) VIRTUAL
);",
        expect![[r#"
            PIECE
              CREATE_TABLE CREATE TEMP TABLE IF NOT EXISTS
                PATH
                  NAME `main` `.`
                  NAME `"t"`
                TABLE_ELEMENTS `(`
                  COLUMN_DEF
                    NAME `id`
                    TYPE_NAME `INTEGER`
                    PRIMARY_KEY
                      CONSTRAINT_NAME CONSTRAINT
                        NAME `pk` PRIMARY KEY DESC
                      CONFLICT_CLAUSE ON CONFLICT IGNORE AUTOINCREMENT `,`
                  COLUMN_DEF
                    NAME `a`
                    TYPE_NAME `UNSIGNED` `BIG` `INT`
                    NOT_NULL NOT NULL
                      CONFLICT_CLAUSE ON CONFLICT FAIL
                    NULL_CONSTRAINT NULL
                    UNIQUE UNIQUE `,`
                  COLUMN_DEF
                    NAME `b`
                    TYPE_NAME `VARYING` `CHARACTER`
                      TYPE_ARGS `(` `70` `)`
                    CHECK CHECK `(`
                      EXPR
                        CALL
                          NAME `length`
                          ARGS `(`
                            EXPR
                              COLUMN_REF
                                NAME `b` `)` `>`
                        LITERAL `0` `)`
                    DEFAULT DEFAULT
                      LITERAL `'x''y'`
                    COLLATE COLLATE
                      NAME `nocase` `,`
                  COLUMN_DEF
                    NAME `c`
                    DEFAULT DEFAULT
                      LITERAL `-` `1.5` `,`
                  COLUMN_DEF
                    NAME `d`
                    DEFAULT DEFAULT `(`
                      EXPR
                        LITERAL `1` `+`
                        LITERAL `2` `)` `,`
                  COLUMN_DEF
                    NAME `e`
                    DEFAULT DEFAULT
                      LITERAL CURRENT_TIMESTAMP `,`
                  COLUMN_DEF
                    NAME `f`
                    DEFAULT DEFAULT
                      NAME `yes` `,`
                  COLUMN_DEF
                    NAME `g`
                    TYPE_NAME `int`
                    REFERENCES REFERENCES
                      PATH
                        NAME `p`
                      COLUMN_NAMES `(`
                        NAME `x` `,`
                        NAME `y` `)`
                      REFERENCE_ACTION ON DELETE SET NULL
                      REFERENCE_ACTION ON UPDATE NO ACTION
                      MATCH_CLAUSE MATCH
                        NAME `FULL`
                      DEFERRABLE NOT DEFERRABLE INITIALLY DEFERRED `,`
                  COLUMN_DEF
                    NAME `h`
                    TYPE_NAME `int`
                    GENERATED GENERATED ALWAYS AS `(`
                      EXPR
                        COLUMN_REF
                          NAME `a` `+`
                        LITERAL `1` `)` STORED `,`
                  COLUMN_DEF
                    NAME `i`
                    GENERATED AS `(`
                      EXPR
                        COLUMN_REF
                          NAME `a` `)` VIRTUAL `)` `;`
        "#]],
    );
}

#[test]
fn create_table_with_table_constraints_and_options() {
    check(
        "create table [a b] (`x`, y, constraint c primary key (x desc, y collate nocase asc) on conflict abort,
unique (x) check (x > 1), foreign key (x) references p deferrable) strict, without rowid -- end",
        expect![[r#"
            PIECE
              CREATE_TABLE CREATE TABLE
                PATH
                  NAME `[a b]`
                TABLE_ELEMENTS `(`
                  COLUMN_DEF
                    NAME ``x`` `,`
                  COLUMN_DEF
                    NAME `y` `,`
                  PRIMARY_KEY
                    CONSTRAINT_NAME CONSTRAINT
                      NAME `c` PRIMARY KEY
                    INDEXED_COLUMNS `(`
                      INDEXED_COLUMN
                        EXPR
                          COLUMN_REF
                            NAME `x` DESC `,`
                      INDEXED_COLUMN
                        EXPR
                          COLUMN_REF
                            NAME `y`
                        COLLATE COLLATE
                          NAME `nocase` ASC `)`
                    CONFLICT_CLAUSE ON CONFLICT ABORT `,`
                  UNIQUE UNIQUE
                    INDEXED_COLUMNS `(`
                      INDEXED_COLUMN
                        EXPR
                          COLUMN_REF
                            NAME `x` `)`
                  CHECK CHECK `(`
                    EXPR
                      COLUMN_REF
                        NAME `x` `>`
                      LITERAL `1` `)` `,`
                  FOREIGN_KEY FOREIGN KEY
                    COLUMN_NAMES `(`
                      NAME `x` `)`
                    REFERENCES REFERENCES
                      PATH
                        NAME `p`
                      DEFERRABLE DEFERRABLE `)`
                TABLE_OPTION STRICT `,`
                TABLE_OPTION WITHOUT ROWID
        "#]],
    );
}

#[test]
fn create_table_as_select() {
    check(
        "CREATE TABLE t AS SELECT 1 AS a;",
        expect![[r#"
        PIECE
          CREATE_TABLE CREATE TABLE
            PATH
              NAME `t` AS
            QUERY
              SELECT_CORE SELECT
                RESULT_COLUMNS
                  RESULT_COLUMN
                    EXPR
                      LITERAL `1`
                    ALIAS AS
                      NAME `a` `;`
    "#]],
    );
}

#[test]
fn keywords_may_be_names() {
    check(
        "CREATE TABLE key (\"order\" int, action text, 'desc' text, left int, if);",
        expect![[r#"
        PIECE
          CREATE_TABLE CREATE TABLE
            PATH
              NAME `key`
            TABLE_ELEMENTS `(`
              COLUMN_DEF
                NAME `"order"`
                TYPE_NAME `int` `,`
              COLUMN_DEF
                NAME `action`
                TYPE_NAME `text` `,`
              COLUMN_DEF
                NAME `'desc'`
                TYPE_NAME `text` `,`
              COLUMN_DEF
                NAME `left`
                TYPE_NAME `int` `,`
              COLUMN_DEF
                NAME `if` `)` `;`
    "#]],
    );
}

#[test]
fn create_index_with_expressions_and_predicate() {
    check(
        "CREATE UNIQUE INDEX IF NOT EXISTS s.i ON t (a COLLATE nocase DESC, (a + b), lower(c) asc) WHERE d IS NOT NULL;",
        expect![[r#"
            PIECE
              CREATE_INDEX CREATE UNIQUE INDEX IF NOT EXISTS
                PATH
                  NAME `s` `.`
                  NAME `i` ON
                NAME `t`
                INDEXED_COLUMNS `(`
                  INDEXED_COLUMN
                    EXPR
                      COLUMN_REF
                        NAME `a`
                    COLLATE COLLATE
                      NAME `nocase` DESC `,`
                  INDEXED_COLUMN
                    EXPR
                      PAREN `(`
                        EXPR
                          COLUMN_REF
                            NAME `a` `+`
                          COLUMN_REF
                            NAME `b` `)` `,`
                  INDEXED_COLUMN
                    EXPR
                      CALL
                        NAME `lower`
                        ARGS `(`
                          EXPR
                            COLUMN_REF
                              NAME `c` `)` ASC `)`
                WHERE_CLAUSE WHERE
                  EXPR
                    COLUMN_REF
                      NAME `d` IS NOT
                    LITERAL NULL `;`
        "#]],
    );
}

#[test]
fn create_view_with_columns() {
    check(
        "CREATE TEMPORARY VIEW v (x, y) AS SELECT t.a, b AS c FROM main.t AS t;",
        expect![[r#"
        PIECE
          CREATE_VIEW CREATE TEMPORARY VIEW
            PATH
              NAME `v`
            COLUMN_NAMES `(`
              NAME `x` `,`
              NAME `y` `)` AS
            QUERY
              SELECT_CORE SELECT
                RESULT_COLUMNS
                  RESULT_COLUMN
                    EXPR
                      COLUMN_REF
                        NAME `t` `.`
                        NAME `a` `,`
                  RESULT_COLUMN
                    EXPR
                      COLUMN_REF
                        NAME `b`
                    ALIAS AS
                      NAME `c`
                FROM_CLAUSE FROM
                  TABLE_REF
                    PATH
                      NAME `main` `.`
                      NAME `t`
                    ALIAS AS
                      NAME `t` `;`
    "#]],
    );
}

#[test]
fn create_trigger_with_case_in_its_body() {
    check(
        "CREATE TRIGGER g INSTEAD OF UPDATE OF a, b ON v FOR EACH ROW WHEN new.a > 1 BEGIN
  UPDATE t SET a = CASE WHEN new.a THEN 1 ELSE 2 END WHERE id = old.id;
  SELECT RAISE(ABORT, 'no');
END;",
        expect![[r#"
            PIECE
              CREATE_TRIGGER CREATE TRIGGER
                PATH
                  NAME `g` INSTEAD OF
                TRIGGER_EVENT UPDATE OF
                  NAME `a` `,`
                  NAME `b` ON
                NAME `v` FOR EACH ROW
                TRIGGER_WHEN WHEN
                  EXPR
                    COLUMN_REF
                      NAME `new` `.`
                      NAME `a` `>`
                    LITERAL `1`
                TRIGGER_BODY BEGIN
                  UPDATE UPDATE
                    PATH
                      NAME `t`
                    SET_CLAUSE SET
                      ASSIGNMENT
                        NAME `a` `=`
                        EXPR CASE WHEN
                          COLUMN_REF
                            NAME `new` `.`
                            NAME `a` THEN
                          LITERAL `1` ELSE
                          LITERAL `2` END
                    WHERE_CLAUSE WHERE
                      EXPR
                        COLUMN_REF
                          NAME `id` `=`
                        COLUMN_REF
                          NAME `old` `.`
                          NAME `id` `;`
                  QUERY
                    SELECT_CORE SELECT
                      RESULT_COLUMNS
                        RESULT_COLUMN
                          EXPR
                            CALL
                              NAME `RAISE`
                              ARGS `(` ABORT `,`
                                EXPR
                                  LITERAL `'no'` `)` `;` END `;`
        "#]],
    );
}

#[test]
fn create_virtual_table() {
    check(
        "CREATE VIRTUAL TABLE f USING fts5(title, body UNINDEXED, tokenize = 'porter ascii');",
        expect![[r#"
        PIECE
          CREATE_VIRTUAL_TABLE CREATE VIRTUAL TABLE
            PATH
              NAME `f` USING
            NAME `fts5`
            MODULE_ARGS `(`
              MODULE_ARG `title` `,`
              MODULE_ARG `body` `UNINDEXED` `,`
              MODULE_ARG `tokenize` `=` `'porter ascii'` `)` `;`
    "#]],
    );
}

#[test]
fn alter_table() {
    check(
        "ALTER TABLE t RENAME TO u;
ALTER TABLE s.t RENAME COLUMN a TO b;
ALTER TABLE t RENAME a TO b;
ALTER TABLE t ADD COLUMN c int NOT NULL DEFAULT 0;
ALTER TABLE t ADD c;
ALTER TABLE t DROP COLUMN c;",
        expect![[r#"
            PIECE
              ALTER_TABLE ALTER TABLE
                PATH
                  NAME `t`
                RENAME_TABLE RENAME TO
                  NAME `u` `;`
            PIECE
              ALTER_TABLE ALTER TABLE
                PATH
                  NAME `s` `.`
                  NAME `t`
                RENAME_COLUMN RENAME COLUMN
                  NAME `a` TO
                  NAME `b` `;`
            PIECE
              ALTER_TABLE ALTER TABLE
                PATH
                  NAME `t`
                RENAME_COLUMN RENAME
                  NAME `a` TO
                  NAME `b` `;`
            PIECE
              ALTER_TABLE ALTER TABLE
                PATH
                  NAME `t`
                ADD_COLUMN ADD COLUMN
                  COLUMN_DEF
                    NAME `c`
                    TYPE_NAME `int`
                    NOT_NULL NOT NULL
                    DEFAULT DEFAULT
                      LITERAL `0` `;`
            PIECE
              ALTER_TABLE ALTER TABLE
                PATH
                  NAME `t`
                ADD_COLUMN ADD
                  COLUMN_DEF
                    NAME `c` `;`
            PIECE
              ALTER_TABLE ALTER TABLE
                PATH
                  NAME `t`
                DROP_COLUMN DROP COLUMN
                  NAME `c` `;`
        "#]],
    );
}

#[test]
fn drop_and_the_small_statements() {
    check(
        "DROP TABLE IF EXISTS main.t; DROP INDEX i; DROP VIEW v; DROP TRIGGER g;
PRAGMA foreign_keys = off; PRAGMA main.table_info(t); BEGIN IMMEDIATE; COMMIT; ROLLBACK TO s; SAVEPOINT s; RELEASE s;
ATTACH 'x.db' AS x; DETACH x; REINDEX t; VACUUM; ANALYZE main.t; EXPLAIN QUERY PLAN SELECT 1;",
        expect![[r#"
            PIECE
              DROP DROP TABLE IF EXISTS
                PATH
                  NAME `main` `.`
                  NAME `t` `;`
            PIECE
              DROP DROP INDEX
                PATH
                  NAME `i` `;`
            PIECE
              DROP DROP VIEW
                PATH
                  NAME `v` `;`
            PIECE
              DROP DROP TRIGGER
                PATH
                  NAME `g` `;`
            PIECE
              PRAGMA PRAGMA
                PATH
                  NAME `foreign_keys` `=`
                PRAGMA_VALUE `off` `;`
            PIECE
              PRAGMA PRAGMA
                PATH
                  NAME `main` `.`
                  NAME `table_info` `(`
                PRAGMA_VALUE `t` `)` `;`
            PIECE
              TRANSACTION BEGIN IMMEDIATE `;`
            PIECE
              TRANSACTION COMMIT `;`
            PIECE
              TRANSACTION ROLLBACK TO
                NAME `s` `;`
            PIECE
              TRANSACTION SAVEPOINT
                NAME `s` `;`
            PIECE
              TRANSACTION RELEASE
                NAME `s` `;`
            PIECE
              ATTACH ATTACH
                EXPR
                  LITERAL `'x.db'` AS
                EXPR
                  COLUMN_REF
                    NAME `x` `;`
            PIECE
              DETACH DETACH
                EXPR
                  COLUMN_REF
                    NAME `x` `;`
            PIECE
              REINDEX REINDEX
                PATH
                  NAME `t` `;`
            PIECE
              VACUUM VACUUM `;`
            PIECE
              ANALYZE ANALYZE
                PATH
                  NAME `main` `.`
                  NAME `t` `;`
            PIECE
              EXPLAIN EXPLAIN QUERY PLAN
                QUERY
                  SELECT_CORE SELECT
                    RESULT_COLUMNS
                      RESULT_COLUMN
                        EXPR
                          LITERAL `1` `;`
        "#]],
    );
}

#[test]
fn select_with_joins_and_nested_queries() {
    check(
        "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)
SELECT DISTINCT t.*, count(*) total, max(x) OVER (PARTITION BY y ORDER BY z) AS m, cast(a AS int)
FROM a t LEFT JOIN main.b AS u ON t.id = u.id, (SELECT 1) AS q JOIN json_each(t.j) j USING (k)
WHERE x IN (SELECT y FROM z) AND u.v NOT LIKE 'a%' GROUP BY 1 HAVING total > 1 ORDER BY m DESC NULLS LAST LIMIT 1 OFFSET 2;",
        expect![[r#"
            PIECE
              QUERY
                WITH_CLAUSE WITH RECURSIVE
                  CTE
                    NAME `c`
                    COLUMN_NAMES `(`
                      NAME `n` `)` AS `(`
                    QUERY
                      SELECT_CORE SELECT
                        RESULT_COLUMNS
                          RESULT_COLUMN
                            EXPR
                              LITERAL `1` UNION ALL
                      SELECT_CORE SELECT
                        RESULT_COLUMNS
                          RESULT_COLUMN
                            EXPR
                              COLUMN_REF
                                NAME `n` `+`
                              LITERAL `1`
                        FROM_CLAUSE FROM
                          TABLE_REF
                            PATH
                              NAME `c` `)`
                SELECT_CORE SELECT DISTINCT
                  RESULT_COLUMNS
                    RESULT_COLUMN
                      EXPR
                        COLUMN_REF
                          NAME `t` `.` `*` `,`
                    RESULT_COLUMN
                      EXPR
                        CALL
                          NAME `count`
                          ARGS `(` `*` `)`
                      ALIAS
                        NAME `total` `,`
                    RESULT_COLUMN
                      EXPR
                        CALL
                          NAME `max`
                          ARGS `(`
                            EXPR
                              COLUMN_REF
                                NAME `x` `)` OVER
                          PAREN `(` PARTITION BY
                            EXPR
                              COLUMN_REF
                                NAME `y`
                            ORDER_BY ORDER BY
                              EXPR
                                COLUMN_REF
                                  NAME `z` `)`
                      ALIAS AS
                        NAME `m` `,`
                    RESULT_COLUMN
                      EXPR
                        CALL
                          NAME `cast`
                          ARGS `(`
                            EXPR
                              COLUMN_REF
                                NAME `a` AS
                            TYPE_NAME `int` `)`
                  FROM_CLAUSE FROM
                    TABLE_REF
                      PATH
                        NAME `a`
                      ALIAS
                        NAME `t` LEFT JOIN
                    TABLE_REF
                      PATH
                        NAME `main` `.`
                        NAME `b`
                      ALIAS AS
                        NAME `u`
                    JOIN_CONDITION ON
                      EXPR
                        COLUMN_REF
                          NAME `t` `.`
                          NAME `id` `=`
                        COLUMN_REF
                          NAME `u` `.`
                          NAME `id` `,`
                    TABLE_REF
                      SUBQUERY `(`
                        QUERY
                          SELECT_CORE SELECT
                            RESULT_COLUMNS
                              RESULT_COLUMN
                                EXPR
                                  LITERAL `1` `)`
                      ALIAS AS
                        NAME `q` JOIN
                    TABLE_REF
                      PATH
                        NAME `json_each`
                      ARGS `(`
                        EXPR
                          COLUMN_REF
                            NAME `t` `.`
                            NAME `j` `)`
                      ALIAS
                        NAME `j`
                    JOIN_CONDITION USING
                      COLUMN_NAMES `(`
                        NAME `k` `)`
                  WHERE_CLAUSE WHERE
                    EXPR
                      COLUMN_REF
                        NAME `x` IN
                      SUBQUERY `(`
                        QUERY
                          SELECT_CORE SELECT
                            RESULT_COLUMNS
                              RESULT_COLUMN
                                EXPR
                                  COLUMN_REF
                                    NAME `y`
                            FROM_CLAUSE FROM
                              TABLE_REF
                                PATH
                                  NAME `z` `)` AND
                      COLUMN_REF
                        NAME `u` `.`
                        NAME `v` NOT LIKE
                      LITERAL `'a%'`
                  GROUP_BY GROUP BY
                    EXPR
                      LITERAL `1`
                  HAVING HAVING
                    EXPR
                      COLUMN_REF
                        NAME `total` `>`
                      LITERAL `1`
                ORDER_BY ORDER BY
                  EXPR
                    COLUMN_REF
                      NAME `m` DESC NULLS LAST
                LIMIT LIMIT
                  EXPR
                    LITERAL `1` OFFSET
                  EXPR
                    LITERAL `2` `;`
        "#]],
    );
}

#[test]
fn insert_update_delete() {
    check(
        "INSERT OR REPLACE INTO t (a, b) VALUES (1, 'x'), (NULL, 1 + 2) ON CONFLICT (a) DO UPDATE SET b = excluded.b RETURNING a;
INSERT INTO t DEFAULT VALUES;
UPDATE t AS u SET a = 1, (b, c) = (2, 3) FROM s WHERE u.id = s.id;
WITH d AS (SELECT 1) DELETE FROM t WHERE a = 1;",
        expect![[r#"
            PIECE
              INSERT INSERT OR REPLACE INTO
                PATH
                  NAME `t`
                COLUMN_NAMES `(`
                  NAME `a` `,`
                  NAME `b` `)`
                QUERY
                  VALUES_CLAUSE VALUES
                    PAREN `(`
                      LITERAL `1` `,`
                      LITERAL `'x'` `)` `,`
                    PAREN `(`
                      LITERAL NULL `,`
                      EXPR
                        LITERAL `1` `+`
                        LITERAL `2` `)`
                UPSERT ON CONFLICT
                  INDEXED_COLUMNS `(`
                    INDEXED_COLUMN
                      EXPR
                        COLUMN_REF
                          NAME `a` `)` DO UPDATE
                  SET_CLAUSE SET
                    ASSIGNMENT
                      NAME `b` `=`
                      EXPR
                        COLUMN_REF
                          NAME `excluded` `.`
                          NAME `b`
                RETURNING RETURNING
                  RESULT_COLUMNS
                    RESULT_COLUMN
                      EXPR
                        COLUMN_REF
                          NAME `a` `;`
            PIECE
              INSERT INSERT INTO
                PATH
                  NAME `t` DEFAULT VALUES `;`
            PIECE
              UPDATE UPDATE
                PATH
                  NAME `t`
                ALIAS AS
                  NAME `u`
                SET_CLAUSE SET
                  ASSIGNMENT
                    NAME `a` `=`
                    EXPR
                      LITERAL `1` `,`
                  ASSIGNMENT
                    COLUMN_NAMES `(`
                      NAME `b` `,`
                      NAME `c` `)` `=`
                    EXPR
                      PAREN `(`
                        EXPR
                          LITERAL `2` `,`
                        EXPR
                          LITERAL `3` `)`
                FROM_CLAUSE FROM
                  TABLE_REF
                    PATH
                      NAME `s`
                WHERE_CLAUSE WHERE
                  EXPR
                    COLUMN_REF
                      NAME `u` `.`
                      NAME `id` `=`
                    COLUMN_REF
                      NAME `s` `.`
                      NAME `id` `;`
            PIECE
              DELETE
                WITH_CLAUSE WITH
                  CTE
                    NAME `d` AS `(`
                    QUERY
                      SELECT_CORE SELECT
                        RESULT_COLUMNS
                          RESULT_COLUMN
                            EXPR
                              LITERAL `1` `)` DELETE FROM
                PATH
                  NAME `t`
                WHERE_CLAUSE WHERE
                  EXPR
                    COLUMN_REF
                      NAME `a` `=`
                    LITERAL `1` `;`
        "#]],
    );
}

#[test]
fn what_is_not_known_is_opaque_and_no_error() {
    check(
        "GRANT SELECT ON t TO (a; b);
ALTER TABLE t ADD CONSTRAINT c CHECK (a > 1);
CREATE TABLE t (a int NOT NULL, b text) PARTITION BY x;
CREATE SEQUENCE s START 1;",
        expect![[r#"
            PIECE
              OPAQUE `GRANT` SELECT ON `t` TO `(` `a` `;`
            PIECE
              OPAQUE `b` `)` `;`
            PIECE
              ALTER_TABLE ALTER TABLE
                PATH
                  NAME `t`
                OPAQUE ADD CONSTRAINT `c` CHECK `(` `a` `>` `1` `)` `;`
            PIECE
              CREATE_TABLE CREATE TABLE
                PATH
                  NAME `t`
                TABLE_ELEMENTS `(`
                  COLUMN_DEF
                    NAME `a`
                    TYPE_NAME `int`
                    NOT_NULL NOT NULL `,`
                  COLUMN_DEF
                    NAME `b`
                    TYPE_NAME `text` `)`
                OPAQUE `PARTITION` `BY` `x` `;`
            PIECE
              OPAQUE CREATE `SEQUENCE` `s` `START` `1` `;`
        "#]],
    );
}

#[test]
fn comments_and_spaces_stay_outside_of_the_statement() {
    check(
        "\u{feff}-- a\n/* b */ SELECT 1 -- c\n; -- d\n-- e\n",
        expect![[r#"
        PIECE
          QUERY
            SELECT_CORE SELECT
              RESULT_COLUMNS
                RESULT_COLUMN
                  EXPR
                    LITERAL `1` `;`
        PIECE
    "#]],
    );
}
