//! What is read of a real server: everything the model has, in one form whoever wrote it.

use std::time::Instant;

use async_trait::async_trait;
use dialects::MYSQL;
use dialects::mysql::attr::{AUTO_INCREMENT_START, IN_COLUMN, INDEX_TYPE, PARSER, PARTITION};
use dialects::mysql::{body, features};
use engine::connection::{Cancel, Capabilities, Connection, DbError, Query, Rows, Target};
use engine::decode::{Cache, Inputs, Source};
use engine::inspect::inspect_all;
use engine::{Dialect, Error, Scope, encode};
use expect_test::{Expect, expect};
use schema::{Attrs, Realm, Schema};
use text::FileId;

use super::{Server, servers};

/// Makes `name` with `statements` and reads it.
async fn inspected(server: &Server, name: &str, statements: &[&str]) -> Realm {
    let mut connection = server.fresh(name, true).await;
    for statement in statements {
        let done = connection.execute(statement).await;
        done.unwrap_or_else(|error| panic!("{}: {error}\n{statement}", server.name));
    }
    inspect_all(connection.as_mut(), &Scope::bound(name)).await.unwrap_or_else(|error| panic!("{error}"))
}

/// The text of a realm, with a schema whose name does not depend on the test.
fn printed(realm: &Realm, name: &str) -> String {
    encode(realm, &MYSQL).unwrap_or_else(|error| panic!("{error}")).replace(name, "s")
}

fn decoded(text: &str) -> Realm {
    let source = Source { file: FileId(0), hcl: syntax::hcl::File::of(text) };
    let state = engine::decode(&[source], &MYSQL, &Inputs::default(), &mut Cache::default());
    assert!(state.diagnostics.is_empty(), "{:?}\n{text}", state.diagnostics);
    Realm::clone(&state.realm)
}

/// What HCL says of a realm: without what is inherited, and without what a table has counted to.
fn said(realm: &Realm) -> Realm {
    let mut realm = realm.clone();
    let whole = realm.clone();
    for (schema, before) in realm.schemas.iter_mut().zip(&whole.schemas) {
        for table in &mut schema.tables {
            let attrs = MYSQL.decode.printed_table_attrs(&whole, before, table).unwrap_or_default();
            let table = std::sync::Arc::make_mut(table);
            table.attrs = attrs;
            for check in &mut table.checks {
                check.attrs.remove(&IN_COLUMN);
            }
            for column in &mut table.columns {
                canonical(column);
            }
        }
        for view in &mut schema.views {
            std::sync::Arc::make_mut(view).columns.iter_mut().for_each(canonical);
        }
    }
    realm
}

/// Numbers as HCL writes them: the server keeps `1.50`.
fn canonical(column: &mut schema::Column) {
    column.raw_type = String::new();
    let class = column.ty.as_ref().map(|ty| ty.class);
    if let Some(schema::Default::Literal(literal)) = &mut column.default {
        *literal = engine::decode::canonical(literal.clone(), class, &MYSQL);
    }
}

/// Reads what `statements` make on every server of the kind, compares it as HCL, and reads that HCL again.
async fn check(test: &str, wanted: &str, statements: &[&str], expected: Expect) {
    for server in servers(test).await.into_iter().filter(|server| server.name == wanted) {
        let name = server.prefix.clone();
        let realm = inspected(&server, &name, statements).await;
        expected.assert_eq(&printed(&realm, &name));
        let again = decoded(&encode(&realm, &MYSQL).unwrap_or_else(|error| panic!("{error}")));
        assert_eq!(said(&again), said(&realm), "{}", server.name);
        server.drop(&[&name]).await;
    }
}

pub const TYPES: &[&str] = &[
    "CREATE TABLE t (i int, u int unsigned, b bool, big bigint(20), s smallint, z int(5) zerofill, bi bit, b5 bit(5),
     d decimal, d2 decimal(5,2) unsigned, f float(7,4), f2 float(30), db double, c char, c3 char(3), v varchar(20),
     bn binary, b2 binary(2), vb varbinary(4), bl blob, tb tinyblob, mb mediumblob, lb longblob, tx text,
     tt tinytext, mt mediumtext, lt longtext, e enum('a','b''c','d\\\\e','f\"g'), st set('x','y'), y year, dt date,
     tm time(3), ts timestamp(6) NULL, dtm datetime, j json, g geometry, p point, gc geometrycollection)",
];

#[tokio::test]
async fn types_of_mysql() {
    check(
        "read_types",
        "MySQL",
        TYPES,
        expect![[r#"
        table "t" {
          schema = schema.s
          column "i" {
            null = true
            type = int
          }
          column "u" {
            null     = true
            type     = int
            unsigned = true
          }
          column "b" {
            null = true
            type = bool
          }
          column "big" {
            null = true
            type = bigint
          }
          column "s" {
            null = true
            type = smallint
          }
          column "z" {
            null = true
            type = sql("int(5) unsigned zerofill")
          }
          column "bi" {
            null = true
            type = bit(1)
          }
          column "b5" {
            null = true
            type = bit(5)
          }
          column "d" {
            null     = true
            type     = decimal(10)
            unsigned = false
          }
          column "d2" {
            null     = true
            type     = decimal(5,2)
            unsigned = true
          }
          column "f" {
            null = true
            type = float(7,4)
          }
          column "f2" {
            null = true
            type = double
          }
          column "db" {
            null = true
            type = double
          }
          column "c" {
            null = true
            type = char(1)
          }
          column "c3" {
            null = true
            type = char(3)
          }
          column "v" {
            null = true
            type = varchar(20)
          }
          column "bn" {
            null = true
            type = binary(1)
          }
          column "b2" {
            null = true
            type = binary(2)
          }
          column "vb" {
            null = true
            type = varbinary(4)
          }
          column "bl" {
            null = true
            type = blob
          }
          column "tb" {
            null = true
            type = tinyblob
          }
          column "mb" {
            null = true
            type = mediumblob
          }
          column "lb" {
            null = true
            type = longblob
          }
          column "tx" {
            null = true
            type = text
          }
          column "tt" {
            null = true
            type = tinytext
          }
          column "mt" {
            null = true
            type = mediumtext
          }
          column "lt" {
            null = true
            type = longtext
          }
          column "e" {
            null = true
            type = enum("a","b'c","d\\e","f\"g")
          }
          column "st" {
            null = true
            type = set("x","y")
          }
          column "y" {
            null = true
            type = year
          }
          column "dt" {
            null = true
            type = date
          }
          column "tm" {
            null = true
            type = time(3)
          }
          column "ts" {
            null = true
            type = timestamp(6)
          }
          column "dtm" {
            null = true
            type = datetime
          }
          column "j" {
            null = true
            type = json
          }
          column "g" {
            null = true
            type = geometry
          }
          column "p" {
            null = true
            type = point
          }
          column "gc" {
            null = true
            type = geometrycollection
          }
        }
        schema "s" {
          charset = "utf8mb4"
          collate = "utf8mb4_0900_ai_ci"
        }
    "#]],
    )
    .await;
}

#[tokio::test]
async fn types_of_mariadb() {
    let statements = [TYPES[0], "CREATE TABLE u (u uuid, i4 inet4, i6 inet6)"];
    check(
        "read_types",
        "MariaDB",
        &statements,
        expect![[r#"
        table "t" {
          schema = schema.s
          column "i" {
            null = true
            type = int
          }
          column "u" {
            null     = true
            type     = int
            unsigned = true
          }
          column "b" {
            null = true
            type = bool
          }
          column "big" {
            null = true
            type = bigint
          }
          column "s" {
            null = true
            type = smallint
          }
          column "z" {
            null = true
            type = sql("int(5) unsigned zerofill")
          }
          column "bi" {
            null = true
            type = bit(1)
          }
          column "b5" {
            null = true
            type = bit(5)
          }
          column "d" {
            null     = true
            type     = decimal(10)
            unsigned = false
          }
          column "d2" {
            null     = true
            type     = decimal(5,2)
            unsigned = true
          }
          column "f" {
            null = true
            type = float(7,4)
          }
          column "f2" {
            null = true
            type = double
          }
          column "db" {
            null = true
            type = double
          }
          column "c" {
            null = true
            type = char(1)
          }
          column "c3" {
            null = true
            type = char(3)
          }
          column "v" {
            null = true
            type = varchar(20)
          }
          column "bn" {
            null = true
            type = binary(1)
          }
          column "b2" {
            null = true
            type = binary(2)
          }
          column "vb" {
            null = true
            type = varbinary(4)
          }
          column "bl" {
            null = true
            type = blob
          }
          column "tb" {
            null = true
            type = tinyblob
          }
          column "mb" {
            null = true
            type = mediumblob
          }
          column "lb" {
            null = true
            type = longblob
          }
          column "tx" {
            null = true
            type = text
          }
          column "tt" {
            null = true
            type = tinytext
          }
          column "mt" {
            null = true
            type = mediumtext
          }
          column "lt" {
            null = true
            type = longtext
          }
          column "e" {
            null = true
            type = enum("a","b'c","d\\e","f\"g")
          }
          column "st" {
            null = true
            type = set("x","y")
          }
          column "y" {
            null = true
            type = year
          }
          column "dt" {
            null = true
            type = date
          }
          column "tm" {
            null = true
            type = time(3)
          }
          column "ts" {
            null = true
            type = timestamp(6)
          }
          column "dtm" {
            null = true
            type = datetime
          }
          column "j" {
            null = true
            type = json
          }
          column "g" {
            null = true
            type = geometry
          }
          column "p" {
            null = true
            type = point
          }
          column "gc" {
            null = true
            type = geometrycollection
          }
        }
        table "u" {
          schema = schema.s
          column "u" {
            null = true
            type = sql("uuid")
          }
          column "i4" {
            null = true
            type = inet4
          }
          column "i6" {
            null = true
            type = inet6
          }
        }
        schema "s" {
          charset = "utf8mb4"
          collate = "utf8mb4_general_ci"
        }
    "#]],
    )
    .await;
}

pub const DEFAULTS: &[&str] = &[
    "CREATE TABLE t (a int DEFAULT 5, b bool DEFAULT true, c varchar(20) DEFAULT 'it''s \\\\ \"x\"', d decimal(5,2) DEFAULT 1.5,
     e enum('x','y') DEFAULT 'x', f double DEFAULT 0.5, b3 bit(3) DEFAULT b'101', bn binary(2) DEFAULT 'ab', y year DEFAULT 2020,
     tm time DEFAULT '10:00:00', ts timestamp(3) NOT NULL DEFAULT current_timestamp(3) ON UPDATE current_timestamp(3),
     dt datetime NULL DEFAULT now() ON UPDATE now(), u varchar(40) DEFAULT (uuid()), em varchar(3) NOT NULL DEFAULT '',
     n int NULL DEFAULT NULL, ex int DEFAULT ((1 + 2) * (3 + 4)))",
];

#[tokio::test]
async fn defaults_of_mysql() {
    check(
        "read_defaults",
        "MySQL",
        DEFAULTS,
        expect![[r#"
        table "t" {
          schema = schema.s
          column "a" {
            null    = true
            type    = int
            default = 5
          }
          column "b" {
            null    = true
            type    = bool
            default = 1
          }
          column "c" {
            null    = true
            type    = varchar(20)
            default = "it's \\ \"x\""
          }
          column "d" {
            null     = true
            type     = decimal(5,2)
            default  = 1.5
            unsigned = false
          }
          column "e" {
            null    = true
            type    = enum("x","y")
            default = "x"
          }
          column "f" {
            null    = true
            type    = double
            default = 0.5
          }
          column "b3" {
            null    = true
            type    = bit(3)
            default = sql("b'101'")
          }
          column "bn" {
            null    = true
            type    = binary(2)
            default = sql("0x6162")
          }
          column "y" {
            null    = true
            type    = year
            default = "2020"
          }
          column "tm" {
            null    = true
            type    = time
            default = "10:00:00"
          }
          column "ts" {
            null      = false
            type      = timestamp(3)
            default   = sql("CURRENT_TIMESTAMP(3)")
            on_update = sql("CURRENT_TIMESTAMP(3)")
          }
          column "dt" {
            null      = true
            type      = datetime
            default   = sql("CURRENT_TIMESTAMP")
            on_update = sql("CURRENT_TIMESTAMP")
          }
          column "u" {
            null    = true
            type    = varchar(40)
            default = sql("(uuid())")
          }
          column "em" {
            null    = false
            type    = varchar(3)
            default = ""
          }
          column "n" {
            null = true
            type = int
          }
          column "ex" {
            null    = true
            type    = int
            default = sql("((1 + 2) * (3 + 4))")
          }
        }
        schema "s" {
          charset = "utf8mb4"
          collate = "utf8mb4_0900_ai_ci"
        }
    "#]],
    )
    .await;
}

#[tokio::test]
async fn defaults_of_mariadb() {
    check(
        "read_defaults",
        "MariaDB",
        DEFAULTS,
        expect![[r#"
        table "t" {
          schema = schema.s
          column "a" {
            null    = true
            type    = int
            default = 5
          }
          column "b" {
            null    = true
            type    = bool
            default = 1
          }
          column "c" {
            null    = true
            type    = varchar(20)
            default = "it's \\ \"x\""
          }
          column "d" {
            null     = true
            type     = decimal(5,2)
            default  = 1.5
            unsigned = false
          }
          column "e" {
            null    = true
            type    = enum("x","y")
            default = "x"
          }
          column "f" {
            null    = true
            type    = double
            default = 0.5
          }
          column "b3" {
            null    = true
            type    = bit(3)
            default = sql("b'101'")
          }
          column "bn" {
            null    = true
            type    = binary(2)
            default = "ab"
          }
          column "y" {
            null    = true
            type    = year
            default = "2020"
          }
          column "tm" {
            null    = true
            type    = time
            default = "10:00:00"
          }
          column "ts" {
            null      = false
            type      = timestamp(3)
            default   = sql("(current_timestamp(3))")
            on_update = sql("current_timestamp(3)")
          }
          column "dt" {
            null      = true
            type      = datetime
            default   = sql("(current_timestamp())")
            on_update = sql("current_timestamp()")
          }
          column "u" {
            null    = true
            type    = varchar(40)
            default = sql("(uuid())")
          }
          column "em" {
            null    = false
            type    = varchar(3)
            default = ""
          }
          column "n" {
            null = true
            type = int
          }
          column "ex" {
            null    = true
            type    = int
            default = sql("((1 + 2) * (3 + 4))")
          }
        }
        schema "s" {
          charset = "utf8mb4"
          collate = "utf8mb4_general_ci"
        }
    "#]],
    )
    .await;
}

pub const TABLES: &[&str] = &[
    "CREATE TABLE users (id int unsigned NOT NULL AUTO_INCREMENT, name varchar(50) NOT NULL COMMENT 'a \"name\"',
     bio text COLLATE utf8mb4_bin, old varchar(10) CHARACTER SET latin1, area geometry NOT NULL, hidden int INVISIBLE,
     twice bigint GENERATED ALWAYS AS (hidden * 2) VIRTUAL, kept varchar(60) AS (concat(name, 'it''s \\\\')) STORED,
     CONSTRAINT positive CHECK (hidden > 0), CHECK (name <> 'a''b'),
     PRIMARY KEY (id), UNIQUE KEY u_name (name DESC), KEY k_bio (bio(10), name) COMMENT 'ic', FULLTEXT KEY f (bio), SPATIAL KEY g (area))
     AUTO_INCREMENT=100 COMMENT='it''s' ROW_FORMAT=DYNAMIC",
    "CREATE TABLE posts (id int NOT NULL PRIMARY KEY, author int unsigned, editor int unsigned, parent int,
     FOREIGN KEY (author) REFERENCES users (id), CONSTRAINT by_editor FOREIGN KEY (editor) REFERENCES users (id) ON DELETE SET NULL ON UPDATE CASCADE,
     CONSTRAINT self FOREIGN KEY (parent) REFERENCES posts (id)) CHARACTER SET latin1 COLLATE latin1_bin",
    "CREATE TABLE m (a int, b int, KEY (a) USING BTREE, KEY kb (b)) ENGINE=MEMORY",
];

#[tokio::test]
async fn tables_of_mysql() {
    check(
        "read_tables",
        "MySQL",
        TABLES,
        expect![[r#"
            table "m" {
              schema = schema.s
              engine = "MEMORY"
              column "a" {
                null = true
                type = int
              }
              column "b" {
                null = true
                type = int
              }
              index "a" {
                columns = [column.a]
                type    = BTREE
              }
              index "kb" {
                columns = [column.b]
                type    = HASH
              }
            }
            table "posts" {
              schema  = schema.s
              charset = "latin1"
              collate = "latin1_bin"
              column "id" {
                null = false
                type = int
              }
              column "author" {
                null     = true
                type     = int
                unsigned = true
              }
              column "editor" {
                null     = true
                type     = int
                unsigned = true
              }
              column "parent" {
                null = true
                type = int
              }
              primary_key {
                columns = [column.id]
              }
              foreign_key "by_editor" {
                columns     = [column.editor]
                ref_columns = [table.users.column.id]
                on_update   = CASCADE
                on_delete   = SET_NULL
              }
              foreign_key "posts_ibfk_1" {
                columns     = [column.author]
                ref_columns = [table.users.column.id]
                on_update   = NO_ACTION
                on_delete   = NO_ACTION
              }
              foreign_key "self" {
                columns     = [column.parent]
                ref_columns = [table.posts.column.id]
                on_update   = NO_ACTION
                on_delete   = NO_ACTION
              }
              index "author" {
                columns = [column.author]
              }
              index "by_editor" {
                columns = [column.editor]
              }
              index "self" {
                columns = [column.parent]
              }
            }
            table "users" {
              schema         = schema.s
              comment        = "it's"
              create_options = "row_format=DYNAMIC"
              column "id" {
                null           = false
                type           = int
                unsigned       = true
                auto_increment = true
              }
              column "name" {
                null    = false
                type    = varchar(50)
                comment = "a \"name\""
              }
              column "bio" {
                null    = true
                type    = text
                collate = "utf8mb4_bin"
              }
              column "old" {
                null    = true
                type    = varchar(10)
                charset = "latin1"
                collate = "latin1_swedish_ci"
              }
              column "area" {
                null = false
                type = geometry
              }
              column "hidden" {
                null      = true
                type      = int
                invisible = true
              }
              column "twice" {
                null = true
                type = bigint
                as {
                  expr = "(`hidden` * 2)"
                  type = VIRTUAL
                }
              }
              column "kept" {
                null = true
                type = varchar(60)
                as {
                  expr = "concat(`name`,_utf8mb4'it\\'s \\\\')"
                  type = STORED
                }
              }
              primary_key {
                columns = [column.id]
              }
              index "f" {
                columns = [column.bio]
                type    = FULLTEXT
              }
              index "g" {
                columns = [column.area]
                type    = SPATIAL
              }
              index "k_bio" {
                comment = "ic"
                on {
                  column = column.bio
                  prefix = 10
                }
                on {
                  column = column.name
                }
              }
              index "u_name" {
                unique = true
                on {
                  desc   = true
                  column = column.name
                }
              }
              check "positive" {
                expr = "(`hidden` > 0)"
              }
              check "users_chk_1" {
                expr = "(`name` <> _utf8mb4'a\\'b')"
              }
            }
            schema "s" {
              charset = "utf8mb4"
              collate = "utf8mb4_0900_ai_ci"
            }
        "#]],
    )
    .await;
}

#[tokio::test]
async fn tables_of_mariadb() {
    check(
        "read_tables",
        "MariaDB",
        TABLES,
        expect![[r#"
            table "m" {
              schema = schema.s
              engine = "MEMORY"
              column "a" {
                null = true
                type = int
              }
              column "b" {
                null = true
                type = int
              }
              index "a" {
                columns = [column.a]
                type    = BTREE
              }
              index "kb" {
                columns = [column.b]
                type    = HASH
              }
            }
            table "posts" {
              schema  = schema.s
              charset = "latin1"
              collate = "latin1_bin"
              column "id" {
                null = false
                type = int
              }
              column "author" {
                null     = true
                type     = int
                unsigned = true
              }
              column "editor" {
                null     = true
                type     = int
                unsigned = true
              }
              column "parent" {
                null = true
                type = int
              }
              primary_key {
                columns = [column.id]
              }
              foreign_key "by_editor" {
                columns     = [column.editor]
                ref_columns = [table.users.column.id]
                on_update   = CASCADE
                on_delete   = SET_NULL
              }
              foreign_key "posts_ibfk_1" {
                columns     = [column.author]
                ref_columns = [table.users.column.id]
                on_update   = RESTRICT
                on_delete   = RESTRICT
              }
              foreign_key "self" {
                columns     = [column.parent]
                ref_columns = [table.posts.column.id]
                on_update   = RESTRICT
                on_delete   = RESTRICT
              }
              index "author" {
                columns = [column.author]
              }
              index "by_editor" {
                columns = [column.editor]
              }
              index "self" {
                columns = [column.parent]
              }
            }
            table "users" {
              schema         = schema.s
              comment        = "it's"
              create_options = "row_format=DYNAMIC"
              column "id" {
                null           = false
                type           = int
                unsigned       = true
                auto_increment = true
              }
              column "name" {
                null    = false
                type    = varchar(50)
                comment = "a \"name\""
              }
              column "bio" {
                null    = true
                type    = text
                collate = "utf8mb4_bin"
              }
              column "old" {
                null    = true
                type    = varchar(10)
                charset = "latin1"
                collate = "latin1_swedish_ci"
              }
              column "area" {
                null = false
                type = geometry
              }
              column "hidden" {
                null      = true
                type      = int
                invisible = true
              }
              column "twice" {
                null = true
                type = bigint
                as {
                  expr = "`hidden` * 2"
                  type = VIRTUAL
                }
              }
              column "kept" {
                null = true
                type = varchar(60)
                as {
                  expr = "concat(`name`,'it\\'s \\\\')"
                  type = STORED
                }
              }
              primary_key {
                columns = [column.id]
              }
              index "f" {
                columns = [column.bio]
                type    = FULLTEXT
              }
              index "g" {
                columns = [column.area]
                type    = SPATIAL
              }
              index "k_bio" {
                comment = "ic"
                on {
                  column = column.bio
                  prefix = 10
                }
                on {
                  column = column.name
                }
              }
              index "u_name" {
                unique = true
                on {
                  desc   = true
                  column = column.name
                }
              }
              check "CONSTRAINT_1" {
                expr = "`name` <> 'a\\'b'"
              }
              check "positive" {
                expr = "`hidden` > 0"
              }
            }
            schema "s" {
              charset = "utf8mb4"
              collate = "utf8mb4_general_ci"
            }
        "#]],
    )
    .await;
}

pub const OF_MYSQL: &[&str] = &[
        "CREATE TABLE t (n varchar(10), p point NOT NULL SRID 4326, x text, a int, KEY e ((lower(n)), n), KEY h (a) INVISIBLE,
         FULLTEXT KEY ft (x) WITH PARSER ngram, FULLTEXT KEY plain (n), CONSTRAINT c CHECK (a > 1) NOT ENFORCED)",
    ];

pub const OF_MARIADB: &[&str] = &[
    "CREATE TABLE v (a int, b int WITHOUT SYSTEM VERSIONING) WITH SYSTEM VERSIONING",
    "CREATE TABLE c (a int CHECK (a > 1), j json, l longtext CHECK (json_valid(l)), n longtext, b int, KEY k (b) IGNORED)",
    "CREATE SEQUENCE s1 START WITH 5 INCREMENT BY 2 MAXVALUE 100 CYCLE",
    "CREATE SEQUENCE s2",
    "CREATE ALGORITHM=MERGE VIEW w AS SELECT a FROM c",
];

#[tokio::test]
async fn what_only_mysql_has() {
    let statements = OF_MYSQL;
    check(
        "read_mysql",
        "MySQL",
        statements,
        expect![[r#"
        table "t" {
          schema = schema.s
          column "n" {
            null = true
            type = varchar(10)
          }
          column "p" {
            null = false
            type = point
            srid = 4326
          }
          column "x" {
            null = true
            type = text
          }
          column "a" {
            null = true
            type = int
          }
          index "e" {
            on {
              expr = "lower(`n`)"
            }
            on {
              column = column.n
            }
          }
          index "ft" {
            columns = [column.x]
            type    = FULLTEXT
            parser  = ngram
          }
          index "h" {
            columns   = [column.a]
            invisible = true
          }
          index "plain" {
            columns = [column.n]
            type    = FULLTEXT
          }
          check "c" {
            expr     = "(`a` > 1)"
            enforced = false
          }
        }
        schema "s" {
          charset = "utf8mb4"
          collate = "utf8mb4_0900_ai_ci"
        }
    "#]],
    )
    .await;
}

#[tokio::test]
async fn what_only_mariadb_has() {
    let statements = OF_MARIADB;
    check(
        "read_mariadb",
        "MariaDB",
        statements,
        expect![[r#"
            table "c" {
              schema = schema.s
              column "a" {
                null = true
                type = int
              }
              column "j" {
                null = true
                type = json
              }
              column "l" {
                null = true
                type = longtext
              }
              column "n" {
                null = true
                type = longtext
              }
              column "b" {
                null = true
                type = int
              }
              index "k" {
                columns   = [column.b]
                invisible = true
              }
              check "a" {
                expr = "`a` > 1"
              }
              check "l" {
                expr = "json_valid(`l`)"
              }
            }
            table "v" {
              schema = schema.s
              column "a" {
                null = true
                type = int
              }
              column "b" {
                null                      = true
                type                      = int
                without_system_versioning = true
              }
              system_versioned = true
            }
            view "w" {
              schema = schema.s
              column "a" {
                null = true
                type = int
              }
              as        = "select `c`.`a` AS `a` from `c`"
              algorithm = MERGE
            }
            sequence "s1" {
              schema    = schema.s
              start     = 5
              increment = 2
              min_value = 1
              max_value = 100
              cache     = 1000
              cycle     = true
            }
            sequence "s2" {
              schema    = schema.s
              start     = 1
              increment = 1
              min_value = 1
              max_value = 9223372036854775806
              cache     = 1000
            }
            schema "s" {
              charset = "utf8mb4"
              collate = "utf8mb4_general_ci"
            }
        "#]],
    )
    .await;
}

pub const PARTITIONS: &[&str] = &[
    "CREATE TABLE a (a int, b int, d date) PARTITION BY RANGE (year(d)) SUBPARTITION BY HASH (a) SUBPARTITIONS 2
     (PARTITION p0 VALUES LESS THAN (2000) COMMENT 'old', PARTITION p1 VALUES LESS THAN MAXVALUE)",
    "CREATE TABLE b (a int, b varchar(10)) PARTITION BY LIST COLUMNS (a,b) (PARTITION p0 VALUES IN ((1,'a'),(2,'b')), PARTITION p1 VALUES IN ((3,'it''s')))",
    "CREATE TABLE c (a int, b int) PARTITION BY HASH (a) PARTITIONS 3",
    "CREATE TABLE d (a int PRIMARY KEY, b int) PARTITION BY KEY () PARTITIONS 2",
    "CREATE TABLE e (a int, b varchar(10)) PARTITION BY RANGE COLUMNS (a,b) (PARTITION p0 VALUES LESS THAN (1,'a'), PARTITION p1 VALUES LESS THAN (MAXVALUE, MAXVALUE))",
    "CREATE TABLE f (a int) PARTITION BY LIST (a) (PARTITION p0 VALUES IN (1,NULL), PARTITION p1 VALUES IN (2))",
];

#[tokio::test]
async fn partitions_of_mysql() {
    check(
        "read_partitions",
        "MySQL",
        PARTITIONS,
        expect![[r#"
        table "a" {
          schema = schema.s
          column "a" {
            null = true
            type = int
          }
          column "b" {
            null = true
            type = int
          }
          column "d" {
            null = true
            type = date
          }
          partition {
            type = RANGE
            by {
              expr = "year(`d`)"
            }
            subpartition {
              type    = HASH
              columns = [column.a]
              count   = 2
            }
            partition "p0" {
              values_less_than = [2000]
              comment          = "old"
            }
            partition "p1" {
              values_less_than = [sql("MAXVALUE")]
            }
          }
        }
        table "b" {
          schema = schema.s
          column "a" {
            null = true
            type = int
          }
          column "b" {
            null = true
            type = varchar(10)
          }
          partition {
            type    = LIST_COLUMNS
            columns = [column.a, column.b]
            partition "p0" {
              values_in = [sql("(1,'a')"), sql("(2,'b')")]
            }
            partition "p1" {
              values_in = [sql("(3,'it''s')")]
            }
          }
        }
        table "c" {
          schema = schema.s
          column "a" {
            null = true
            type = int
          }
          column "b" {
            null = true
            type = int
          }
          partition {
            type    = HASH
            columns = [column.a]
            partition "p0" {
            }
            partition "p1" {
            }
            partition "p2" {
            }
          }
        }
        table "d" {
          schema = schema.s
          column "a" {
            null = false
            type = int
          }
          column "b" {
            null = true
            type = int
          }
          primary_key {
            columns = [column.a]
          }
          partition {
            type = KEY
            partition "p0" {
            }
            partition "p1" {
            }
          }
        }
        table "e" {
          schema = schema.s
          column "a" {
            null = true
            type = int
          }
          column "b" {
            null = true
            type = varchar(10)
          }
          partition {
            type    = RANGE_COLUMNS
            columns = [column.a, column.b]
            partition "p0" {
              values_less_than = [1, "a"]
            }
            partition "p1" {
              values_less_than = [sql("MAXVALUE"), sql("MAXVALUE")]
            }
          }
        }
        table "f" {
          schema = schema.s
          column "a" {
            null = true
            type = int
          }
          partition {
            type    = LIST
            columns = [column.a]
            partition "p0" {
              values_in = [sql("NULL"), 1]
            }
            partition "p1" {
              values_in = [2]
            }
          }
        }
        schema "s" {
          charset = "utf8mb4"
          collate = "utf8mb4_0900_ai_ci"
        }
    "#]],
    )
    .await;
}

#[tokio::test]
async fn partitions_of_mariadb() {
    check(
        "read_partitions",
        "MariaDB",
        PARTITIONS,
        expect![[r#"
        table "a" {
          schema = schema.s
          column "a" {
            null = true
            type = int
          }
          column "b" {
            null = true
            type = int
          }
          column "d" {
            null = true
            type = date
          }
          partition {
            type = RANGE
            by {
              expr = "year(`d`)"
            }
            subpartition {
              type    = HASH
              columns = [column.a]
              count   = 2
            }
            partition "p0" {
              values_less_than = [2000]
              comment          = "old"
            }
            partition "p1" {
              values_less_than = [sql("MAXVALUE")]
            }
          }
        }
        table "b" {
          schema = schema.s
          column "a" {
            null = true
            type = int
          }
          column "b" {
            null = true
            type = varchar(10)
          }
          partition {
            type    = LIST_COLUMNS
            columns = [column.a, column.b]
            partition "p0" {
              values_in = [sql("(1,'a')"), sql("(2,'b')")]
            }
            partition "p1" {
              values_in = [sql("(3,'it''s')")]
            }
          }
        }
        table "c" {
          schema = schema.s
          column "a" {
            null = true
            type = int
          }
          column "b" {
            null = true
            type = int
          }
          partition {
            type    = HASH
            columns = [column.a]
            partition "p0" {
            }
            partition "p1" {
            }
            partition "p2" {
            }
          }
        }
        table "d" {
          schema = schema.s
          column "a" {
            null = false
            type = int
          }
          column "b" {
            null = true
            type = int
          }
          primary_key {
            columns = [column.a]
          }
          partition {
            type = KEY
            partition "p0" {
            }
            partition "p1" {
            }
          }
        }
        table "e" {
          schema = schema.s
          column "a" {
            null = true
            type = int
          }
          column "b" {
            null = true
            type = varchar(10)
          }
          partition {
            type    = RANGE_COLUMNS
            columns = [column.a, column.b]
            partition "p0" {
              values_less_than = [1, "a"]
            }
            partition "p1" {
              values_less_than = [sql("MAXVALUE"), sql("MAXVALUE")]
            }
          }
        }
        table "f" {
          schema = schema.s
          column "a" {
            null = true
            type = int
          }
          partition {
            type    = LIST
            columns = [column.a]
            partition "p0" {
              values_in = [sql("NULL"), 1]
            }
            partition "p1" {
              values_in = [2]
            }
          }
        }
        schema "s" {
          charset = "utf8mb4"
          collate = "utf8mb4_general_ci"
        }
    "#]],
    )
    .await;
}

pub const BODIES: &[&str] = &[
    "CREATE TABLE t (a int PRIMARY KEY, s varchar(20))",
    "CREATE VIEW plain AS SELECT a, concat(s, 'it''s') AS c FROM t WHERE a > 1 WITH LOCAL CHECK OPTION",
    "CREATE SQL SECURITY INVOKER VIEW named (x, y) AS SELECT t.a, `plain`.c FROM t JOIN plain ON plain.a = t.a",
    "CREATE FUNCTION f (a int, b varchar(10) CHARACTER SET latin1) RETURNS varchar(20) CHARACTER SET latin1 DETERMINISTIC NO SQL SQL SECURITY INVOKER COMMENT 'it''s'
BEGIN
  DECLARE x varchar(10) DEFAULT 'it''s';
  RETURN concat(a, b, x, '\\\\');
END",
    "CREATE PROCEDURE p (IN a int, OUT b decimal(5,2) unsigned, INOUT c enum('x','y')) READS SQL DATA SELECT 1 INTO b",
    "CREATE TRIGGER one BEFORE INSERT ON t FOR EACH ROW SET new.s = 'it''s'",
    "CREATE TRIGGER three BEFORE INSERT ON t FOR EACH ROW SET new.a = 3",
    "CREATE TRIGGER two BEFORE INSERT ON t FOR EACH ROW FOLLOWS one BEGIN SET new.a = 2; END",
    "CREATE TRIGGER other AFTER DELETE ON t FOR EACH ROW SET @a = old.a",
    "CREATE EVENT e1 ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' ENDS '2031-01-01 00:00:00' ON COMPLETION PRESERVE DISABLE COMMENT 'c' DO DELETE FROM t WHERE s = 'it''s'",
    "CREATE EVENT e2 ON SCHEDULE AT '2035-01-01 00:00:00' DO BEGIN DELETE FROM t; END",
];

#[tokio::test]
async fn bodies_of_mysql() {
    check("read_bodies", "MySQL", BODIES, expect![[r#"
        table "t" {
          schema = schema.s
          column "a" {
            null = false
            type = int
          }
          column "s" {
            null = true
            type = varchar(20)
          }
          primary_key {
            columns = [column.a]
          }
        }
        view "named" {
          schema = schema.s
          column "x" {
            null = false
            type = int
          }
          column "y" {
            null = true
            type = varchar(24)
          }
          as       = "select `t`.`a` AS `a`,`plain`.`c` AS `c` from (`t` join `plain` on((`plain`.`a` = `t`.`a`)))"
          security = INVOKER
        }
        view "plain" {
          schema = schema.s
          column "a" {
            null = false
            type = int
          }
          column "c" {
            null = true
            type = varchar(24)
          }
          as           = "select `t`.`a` AS `a`,concat(`t`.`s`,'it\\'s') AS `c` from `t` where (`t`.`a` > 1)"
          check_option = LOCAL
        }
        function "f" {
          schema = schema.s
          return = sql("varchar(20) CHARSET latin1")
          as     = <<-SQL
          BEGIN
            DECLARE x varchar(10) DEFAULT 'it''s';
            RETURN concat(a, b, x, '\\');
          END
          SQL
          deterministic = true
          data_access   = NO_SQL
          security      = INVOKER
          comment       = "it's"
          arg "a" {
            type = int
          }
          arg "b" {
            type    = varchar(10)
            charset = "latin1"
          }
        }
        procedure "p" {
          schema      = schema.s
          as          = "SELECT 1 INTO b"
          data_access = READS_SQL_DATA
          arg "a" {
            type = int
          }
          arg "b" {
            type = sql("decimal(5,2) unsigned")
            mode = OUT
          }
          arg "c" {
            type = enum("x","y")
            mode = INOUT
          }
        }
        trigger "other" {
          on = table.t
          after {
            delete = true
          }
          foreach = ROW
          as      = "SET @a = old.a"
        }
        trigger "one" {
          on = table.t
          before {
            insert = true
          }
          foreach = ROW
          as      = "SET new.s = 'it''s'"
        }
        trigger "two" {
          on = table.t
          before {
            insert = true
          }
          foreach = ROW
          as      = "BEGIN SET new.a = 2; END"
          follows = trigger.one
        }
        trigger "three" {
          on = table.t
          before {
            insert = true
          }
          foreach = ROW
          as      = "SET new.a = 3"
          follows = trigger.two
        }
        event "e1" {
          schema   = schema.s
          schedule = "EVERY 1 DAY STARTS '2030-01-01 00:00:00' ENDS '2031-01-01 00:00:00'"
          preserve = true
          status   = DISABLE
          comment  = "c"
          as       = "DELETE FROM t WHERE s = 'it''s'"
        }
        event "e2" {
          schema   = schema.s
          schedule = "AT '2035-01-01 00:00:00'"
          as       = "BEGIN DELETE FROM t; END"
        }
        schema "s" {
          charset = "utf8mb4"
          collate = "utf8mb4_0900_ai_ci"
        }
    "#]]).await;
}

#[tokio::test]
async fn bodies_of_mariadb() {
    check("read_bodies", "MariaDB", BODIES, expect![[r#"
        table "t" {
          schema = schema.s
          column "a" {
            null = false
            type = int
          }
          column "s" {
            null = true
            type = varchar(20)
          }
          primary_key {
            columns = [column.a]
          }
        }
        view "named" {
          schema = schema.s
          column "x" {
            null = false
            type = int
          }
          column "y" {
            null = true
            type = varchar(24)
          }
          as       = "select `t`.`a` AS `x`,`plain`.`c` AS `y` from (`t` join `plain` on(`plain`.`a` = `t`.`a`))"
          security = INVOKER
        }
        view "plain" {
          schema = schema.s
          column "a" {
            null = false
            type = int
          }
          column "c" {
            null = true
            type = varchar(24)
          }
          as           = "select `t`.`a` AS `a`,concat(`t`.`s`,'it\\'s') AS `c` from `t` where `t`.`a` > 1"
          check_option = LOCAL
        }
        function "f" {
          schema = schema.s
          return = sql("varchar(20) CHARSET latin1")
          as     = <<-SQL
          BEGIN
            DECLARE x varchar(10) DEFAULT 'it''s';
            RETURN concat(a, b, x, '\\');
          END
          SQL
          deterministic = true
          data_access   = NO_SQL
          security      = INVOKER
          comment       = "it's"
          arg "a" {
            type = int
          }
          arg "b" {
            type    = varchar(10)
            charset = "latin1"
          }
        }
        procedure "p" {
          schema      = schema.s
          as          = "SELECT 1 INTO b"
          data_access = READS_SQL_DATA
          arg "a" {
            type = int
          }
          arg "b" {
            type = sql("decimal(5,2) unsigned")
            mode = OUT
          }
          arg "c" {
            type = enum("x","y")
            mode = INOUT
          }
        }
        trigger "other" {
          on = table.t
          after {
            delete = true
          }
          foreach = ROW
          as      = "SET @a = old.a"
        }
        trigger "one" {
          on = table.t
          before {
            insert = true
          }
          foreach = ROW
          as      = "SET new.s = 'it''s'"
        }
        trigger "two" {
          on = table.t
          before {
            insert = true
          }
          foreach = ROW
          as      = "BEGIN SET new.a = 2; END"
          follows = trigger.one
        }
        trigger "three" {
          on = table.t
          before {
            insert = true
          }
          foreach = ROW
          as      = "SET new.a = 3"
          follows = trigger.two
        }
        event "e1" {
          schema   = schema.s
          schedule = "EVERY 1 DAY STARTS '2030-01-01 00:00:00' ENDS '2031-01-01 00:00:00'"
          preserve = true
          status   = DISABLE
          comment  = "c"
          as       = "DELETE FROM t WHERE s = 'it''s'"
        }
        event "e2" {
          schema   = schema.s
          schedule = "AT '2035-01-01 00:00:00'"
          as       = "BEGIN DELETE FROM t; END"
        }
        schema "s" {
          charset = "utf8mb4"
          collate = "utf8mb4_general_ci"
        }
    "#]]).await;
}

/// What was read of a routine makes the same routine again.
#[tokio::test]
async fn a_routine_is_made_again_from_what_was_read() {
    for server in servers("read_routine").await {
        let name = server.prefix.clone();
        let first = inspected(&server, &name, BODIES).await;
        let routines: Vec<String> = routines(&first).map(body::routine_statement).collect();
        let again: Vec<&str> = ["CREATE TABLE t (a int PRIMARY KEY, s varchar(20))"]
            .into_iter()
            .chain(routines.iter().map(String::as_str))
            .collect();
        let second = inspected(&server, &name, &again).await;
        let texts = |realm: &Realm| routines_of(realm);
        assert_eq!(texts(&first), texts(&second), "{}", server.name);
        assert_eq!(routines.len(), 2);
        server.drop(&[&name]).await;
    }
}

fn routines(realm: &Realm) -> impl Iterator<Item = &schema::Routine> {
    realm.schemas.iter().flat_map(|schema| &schema.routines).map(|routine| &**routine)
}

fn routines_of(realm: &Realm) -> Vec<String> {
    routines(realm).map(body::routine_statement).collect()
}

#[tokio::test]
async fn a_table_says_how_far_it_has_counted_and_no_cache_hides_it() {
    for server in servers("read_counted").await {
        let name = server.prefix.clone();
        let mut connection = server.fresh(&name, true).await;
        let make = "CREATE TABLE t (id int AUTO_INCREMENT PRIMARY KEY) AUTO_INCREMENT = 100";
        let mut seen = Vec::new();
        for sql in [make, "INSERT INTO t VALUES (500)"] {
            connection.execute(sql).await.expect(sql);
            let realm =
                inspect_all(connection.as_mut(), &Scope::bound(name.clone())).await.expect("it is read");
            seen.extend(realm.tables().map(|(_, table)| table.attrs.get(&AUTO_INCREMENT_START)));
        }
        assert_eq!(seen, [Some(100), Some(501)], "{}", server.name);
        server.drop(&[&name]).await;
    }
}

#[tokio::test]
async fn several_schemas_and_keys_between_them() {
    for server in servers("read_realm").await {
        let names = [format!("{}_a", server.prefix), format!("{}_b", server.prefix)];
        let [a, b] = &names;
        server.drop(&[b]).await;
        let mut connection = server.fresh(a, false).await;
        for sql in [
            format!("DROP DATABASE IF EXISTS {b}"),
            format!("CREATE DATABASE {b} CHARACTER SET latin1"),
            format!("CREATE TABLE {a}.t (id int PRIMARY KEY)"),
            format!(
                "CREATE TABLE {b}.t (id int PRIMARY KEY, o int, CONSTRAINT far FOREIGN KEY (o) REFERENCES {a}.t (id))"
            ),
        ] {
            connection.execute(&sql).await.unwrap_or_else(|error| panic!("{sql}: {error}"));
        }
        let scope =
            Scope { schemas: names.iter().map(|name| name.as_str().into()).collect(), ..Scope::default() };
        let realm = inspect_all(connection.as_mut(), &scope).await.expect("it is read");
        let text = encode(&realm, &MYSQL).expect("it is printed");
        assert!(text.contains(&format!("table \"{b}\" \"t\"")), "{text}");
        assert!(text.contains(&format!("ref_columns = [table.{a}.t.column.id]")), "{text}");
        assert_eq!(said(&decoded(&text)), said(&realm), "{}", server.name);
        // All of a server, whatever else is there.
        let all = inspect_all(connection.as_mut(), &Scope::realm()).await.expect("it is read");
        assert!(names.iter().all(|name| all.schema(name).is_some()));
        assert!(all.schema("information_schema").is_none() && all.schema("sys").is_none());
        let missing = inspect_all(connection.as_mut(), &Scope::bound("atlas_ls_nowhere")).await;
        assert_eq!(
            missing.map(|_| ()).map_err(|error| error.to_string()),
            Err(Error::SchemaNotFound { dialect: "mysql", schema: "atlas_ls_nowhere".into() }.to_string())
        );
        server.drop(&[b, a]).await;
    }
}

/// Who may do what is not looked at, but no mistake.
/// Counts what is asked.
struct Counted {
    inner: Box<dyn Connection>,
    asked: usize,
}

#[async_trait]
impl Connection for Counted {
    fn dialect(&self) -> &'static Dialect {
        self.inner.dialect()
    }
    fn target(&self) -> &Target {
        self.inner.target()
    }
    fn capabilities(&self) -> &Capabilities {
        self.inner.capabilities()
    }
    async fn query(&mut self, query: &Query) -> Result<Rows, DbError> {
        self.asked += 1;
        self.inner.query(query).await
    }
    async fn execute(&mut self, sql: &str) -> Result<u64, DbError> {
        self.asked += 1;
        self.inner.execute(sql).await
    }
    async fn lock(&mut self, name: &str, timeout: std::time::Duration) -> Result<(), DbError> {
        self.inner.lock(name, timeout).await
    }
    async fn interrupt_on(&mut self, cancel: &Cancel) -> Result<(), DbError> {
        self.inner.interrupt_on(cancel).await
    }
    async fn unlock(&mut self, name: &str) -> Result<(), DbError> {
        self.inner.unlock(name).await
    }
    async fn close(self: Box<Self>) -> Result<(), DbError> {
        self.inner.close().await
    }
}

#[tokio::test]
async fn the_number_of_queries_does_not_grow_with_the_number_of_tables() {
    for server in servers("read_count").await {
        let name = server.prefix.clone();
        let mut connection = Counted { inner: server.fresh(&name, true).await, asked: 0 };
        let mut counts = Vec::new();
        for count in [1, 10, 60] {
            for at in 0..count {
                let sql = format!(
                    "CREATE TABLE IF NOT EXISTS t{at} (id int AUTO_INCREMENT PRIMARY KEY, a varchar(9) CHECK (a <> 'x'), KEY (a))"
                );
                connection.inner.execute(&sql).await.expect("a table is made");
            }
            connection.asked = 0;
            let began = Instant::now();
            let realm = inspect_all(&mut connection, &Scope::bound(name.clone())).await.expect("it is read");
            println!("{}: {count} tables in {:?}", server.name, began.elapsed());
            assert_eq!(realm.tables().count(), count);
            counts.push(connection.asked);
        }
        println!("{}: {counts:?} queries", server.name);
        assert!(counts.iter().all(|count| *count == counts[0] && *count <= 20), "{counts:?}");
        server.drop(&[&name]).await;
    }
}

/// Queries for servers that are not at hand name only columns their catalogs have.
#[test]
fn queries_follow_the_version() {
    let queries = |version: &str| {
        let server = features::of_version(version).expect("a version that is supported");
        let queries = (MYSQL.inspect)(&Scope::bound("a'b"), &server);
        queries.iter().map(|query| format!("{}\n", query.sql)).collect::<String>()
    };
    let old = queries("5.7.44");
    for missing in
        ["SRS_ID", "EXPRESSION AS", "IS_VISIBLE", "CHECK_CONSTRAINTS", "ENFORCED", "SCHEMA_COMMENT"]
    {
        assert!(!old.contains(missing) || missing == "EXPRESSION AS", "{missing}");
    }
    assert!(!old.contains("CAST(EXPRESSION") && old.contains("CAST(GENERATION_EXPRESSION"));
    assert!(old.contains("IN ('a''b')"));
    let maria = queries("10.3.39-MariaDB");
    for missing in
        ["SRS_ID", "IGNORED", "LEVEL", "SCHEMA_COMMENT", "ENFORCED", "information_schema_stats_expiry"]
    {
        assert!(!maria.contains(missing), "{missing}");
    }
    assert!(!queries("8.0.11-TiDB-v7.5.0").contains("TRIGGERS"));
}

#[test]
fn what_hcl_says_in_several_ways_is_one_thing() {
    let table = |inside: &str| {
        let text = format!("schema \"s\" {{\n}}\ntable \"t\" {{\n  schema = schema.s\n{inside}\n}}\n");
        let realm = decoded(&text);
        let table = realm.schemas.first().and_then(|schema: &Schema| schema.tables.first().cloned());
        (*table.expect("a table")).clone()
    };
    let column = "column \"a\" {\n type = int\n }\n column \"v\" {\n type = varchar(9)\n }\n";
    let by = table(&format!(
        "{column} partition {{\n type = RANGE\n by {{\n column = column.a\n }}\n partition \"p\" {{\n values_less_than = [MAXVALUE]\n }}\n }}"
    ));
    let columns = table(&format!(
        "{column} partition {{\n type = RANGE\n columns = [column.a]\n partition \"p\" {{\n values_less_than = [sql(\"MAXVALUE\")]\n }}\n }}"
    ));
    assert_eq!(by, columns);
    assert!(by.attrs.get(&PARTITION).is_some());
    let index =
        |text: &str| table(&format!("{column} index \"i\" {{\n columns = [column.v]\n {text}\n }}")).indexes;
    assert_eq!(index("type = FULLTEXT"), index("type = \"fulltext\""));
    assert_eq!(index("type = \"btree\""), index(""));
    let kinds: Vec<Attrs> =
        index("type = FULLTEXT\n parser = ngram").iter().map(|index| index.attrs.clone()).collect();
    assert_eq!(
        kinds[0].get(&INDEX_TYPE).zip(kinds[0].get(&PARSER)),
        Some(("FULLTEXT".into(), "ngram".into()))
    );
    let collation = |word: &str| {
        table(&format!(
            "column \"a\" {{\n type = varchar(3)\n {word} = \"utf8mb4_bin\"\n }}\n {word} = \"latin1_bin\"\n"
        ))
    };
    assert_eq!(collation("collation"), collation("collate"));
    let unsigned = table("column \"a\" {\n type = int\n unsigned = true\n }");
    let raw = table("column \"a\" {\n type = sql(\"INT(10) UNSIGNED\")\n }");
    assert_eq!(unsigned, raw);
    let values = table("column \"a\" {\n type = enum(\"a'b\", \"c\\\\d\")\n }");
    let raw = table("column \"a\" {\n type = sql(\"enum('a''b','c\\\\\\\\d')\")\n }");
    assert_eq!(values, raw);
}
