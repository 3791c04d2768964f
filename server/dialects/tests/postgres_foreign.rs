//! Collations, casts and foreign objects of PostgreSQL on every server there is: read, written, made again, replayed,
//! changed.
//!
//! Servers come from `ATLAS_TEST_POSTGRES_URL` and `ATLAS_TEST_POSTGRES_URLS`; without one a test says that it was
//! skipped.

#![allow(clippy::print_stdout)]

#[path = "postgres/place.rs"]
mod place;

use std::sync::Arc;

use dialects::POSTGRES;
use engine::Scope;
use schema::Realm;
use text::{FileId, Text};

use place::{Place, decode, normal, planned, servers};

/// The objects of a realm, one a line, without what needs a server to know.
fn objects(realm: &Realm) -> Vec<String> {
    let all = realm.objects.iter().chain(realm.schemas.iter().flat_map(|schema| &schema.objects));
    let mut lines: Vec<String> = all
        .map(|it| {
            let attrs: Vec<String> =
                it.attrs.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
            format!("{} {}.{} {:?} {}", it.kind, it.schema, it.name, it.comment, attrs.join(" "))
        })
        .collect();
    for (schema, table) in realm.tables() {
        lines.push(format!("{}.{} {:?}", schema.name, table.name, table.columns));
    }
    lines.sort();
    lines
}

#[tokio::test]
async fn foreign_objects_go_round() {
    for server in servers() {
        let place = Place::new(&server, "foreign_round", Scope::realm()).await;
        let sql = include_str!("postgres/foreign.sql");
        place.run(sql).await;
        let realm = place.inspect().await;
        let text = engine::encode(&realm, &POSTGRES).unwrap_or_else(|error| panic!("{error}"));
        if std::env::var("PRINT").is_ok() {
            println!("{text}");
        }
        let decoded = decode(&text);
        let raw = |realm: &Realm| {
            let mut realm = realm.clone();
            for schema in &mut realm.schemas {
                for table in &mut schema.tables {
                    for column in &mut Arc::make_mut(table).columns {
                        column.raw_type.clear();
                    }
                }
            }
            realm
        };
        assert_eq!(objects(&raw(&decoded)), objects(&raw(&realm)));
        // Replayed without a server, the same comes out.
        let file = syntax::sql::File::parse(&Text::new(sql), POSTGRES.grammar, None);
        let state = engine::replay(&[(FileId(0), file)], &POSTGRES, &mut engine::replay::Cache::default());
        assert!(state.diagnostics.is_empty(), "{:#?}", state.diagnostics);
        assert_eq!(state.coverage.total().opaque, 0);
        let mut offline = raw(&*normal(&place, &state.realm).await);
        for object in &mut offline.objects {
            // No server tells a password to everyone.
            let key = schema::AttrKey::<Vec<String>>::new("options", "");
            if let Some(mut options) = object.attrs.get(&key) {
                options.retain(|option| !option.starts_with("password="));
                Arc::make_mut(object).attrs.set(&key, options);
            }
        }
        assert_eq!(objects(&offline), objects(&raw(&realm)));
        // Made again from HCL.
        place.empty().await;
        place.run("CREATE FOREIGN DATA WRAPPER files").await;
        let empty = place.inspect().await;
        let plan = place.migrate(&empty, &decoded).await;
        let made = place.inspect().await;
        assert_eq!(objects(&made), objects(&realm));
        let again = planned(place.open().await.as_ref(), &made, &decoded);
        assert!(again.is_empty(), "{}", again.to_sql());
        // What was done can be undone.
        place.undo(&plan).await;
        assert_eq!(objects(&place.inspect().await), objects(&empty));
        place.remove().await;
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
