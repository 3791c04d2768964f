//! Collations, casts and foreign objects of PostgreSQL on every server there is: read, written, made again, replayed,
//! changed.
//!
//! Servers come from `ATLAS_TEST_POSTGRES_URL` and `ATLAS_TEST_POSTGRES_URLS`; without one a test says that it was
//! skipped.

#![allow(clippy::print_stdout)]

#[path = "postgres/place.rs"]
mod place;

use std::sync::Arc;

use engine::Scope;

use place::{Place, decode, normal, planned, servers};

#[tokio::test]
async fn foreign_objects_go_round() {
    for server in servers() {
        let sql = include_str!("postgres/foreign.sql");
        place::goes_round(&server, "foreign_round", sql, "CREATE FOREIGN DATA WRAPPER files").await;
    }
}

const BEFORE: &str = r#"
schema "public" {
}
collation "german" {
  schema = schema.public
  locale = "C"
}
server "erp" {
  fdw     = "files"
  version = "1"
  options = {
    host = "a"
    port = 1
  }
}
user_mapping {
  server  = server.erp
  user    = PUBLIC
  options = {
    user     = "x"
    password = "one"
  }
}
foreign_table "t" {
  schema = schema.public
  server = server.erp
  column "id" {
    type = int
  }
  column "gone" {
    type = text
    null = true
  }
  column "name" {
    type    = text
    null    = true
    options = {
      a = "b"
    }
  }
}
table "plain" {
  schema = schema.public
  column "name" {
    type    = text
    collate = "german"
  }
}
"#;

const AFTER: &str = r#"
schema "public" {
}
collation "german" {
  schema  = schema.public
  locale  = "C"
  comment = "bytes"
}
collation "other" {
  schema = schema.public
  from   = "C"
}
server "erp" {
  fdw     = "files"
  version = "2"
  options = {
    host = "b"
  }
}
user_mapping {
  server  = server.erp
  user    = PUBLIC
  options = {
    user     = "y"
    password = "two"
  }
}
foreign_table "t" {
  schema  = schema.public
  server  = server.erp
  comment = "far"
  column "id" {
    type    = bigint
    null    = true
    default = 5
  }
  column "name" {
    type    = text
    null    = true
    comment = "a name"
  }
  column "added" {
    type = date
  }
  options = {
    x = "y"
  }
}
table "plain" {
  schema = schema.public
  column "name" {
    type    = text
    collate = "other"
  }
}
"#;

#[tokio::test]
async fn foreign_objects_change_in_place() {
    let mut said = String::new();
    for server in servers() {
        let place = Place::new(&server, "foreign_change", Scope::realm()).await;
        place.run("CREATE FOREIGN DATA WRAPPER files").await;
        let empty = place.inspect().await;
        place.migrate(&empty, &decode(BEFORE)).await;
        let before = place.inspect().await;
        let after = decode(AFTER);
        let plan = place.migrate(&before, &after).await;
        let text: String = plan.statements.iter().map(|it| format!("{};\n", it.cmd)).collect();
        said = text;
        let made = place.inspect().await;
        let after = normal(&place, &Arc::new(after)).await;
        let again = planned(place.open().await.as_ref(), &made, &after);
        assert!(again.is_empty(), "{}", again.to_sql());
        place.undo(&plan).await;
        let back = place.inspect().await;
        let again = planned(place.open().await.as_ref(), &back, &before);
        assert!(again.is_empty(), "{}", again.to_sql());
        place.remove().await;
    }
    if !said.is_empty() {
        expect_test::expect![[r#"
            ALTER SERVER "erp" VERSION '2' OPTIONS (SET "host" 'b', DROP "port");
            ALTER USER MAPPING FOR PUBLIC SERVER "erp" OPTIONS (SET "user" 'y');
            COMMENT ON COLLATION "public"."german" IS 'bytes';
            ALTER FOREIGN TABLE "public"."t" DROP COLUMN "gone", ALTER COLUMN "id" TYPE bigint, ALTER COLUMN "id" DROP NOT NULL, ALTER COLUMN "id" SET DEFAULT 5, ALTER COLUMN "name" OPTIONS (DROP "a"), ADD COLUMN "added" date NOT NULL, OPTIONS (ADD "x" 'y');
            COMMENT ON COLUMN "public"."t"."name" IS 'a name';
            COMMENT ON FOREIGN TABLE "public"."t" IS 'far';
            CREATE COLLATION "public"."other" FROM "C";
            ALTER TABLE "public"."plain" ALTER COLUMN "name" TYPE text COLLATE "public"."other";
        "#]].assert_eq(&said);
    }
}
