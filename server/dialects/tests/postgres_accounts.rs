//! Roles and permissions of PostgreSQL on every server there is: read, written, made again, replayed, changed.
//!
//! Roles are those of a whole server, so each run has names of its own and takes them away. Servers come from
//! `ATLAS_TEST_POSTGRES_URL` and `ATLAS_TEST_POSTGRES_URLS`; without one a test says that it was skipped.

#![allow(clippy::print_stdout)]

#[path = "postgres/place.rs"]
mod place;

use std::sync::Arc;

use dialects::POSTGRES;
use engine::Scope;
use engine::plan::Plan;
use engine::scope::Accounts;
use schema::Realm;
use text::{FileId, Text};

use place::{Place, decode, normal, planned, servers};

fn scope() -> Scope {
    Scope { accounts: Accounts { roles: true, permissions: true, sensitive: false }, ..Scope::default() }
}

/// The accounts of a realm, one a line.
fn accounts(realm: &Realm) -> Vec<String> {
    let mut lines: Vec<String> = realm
        .objects
        .iter()
        .map(|it| {
            let attrs: Vec<String> =
                it.attrs.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
            format!("{} {:?} {:?} {}", it.kind, it.name, it.comment, attrs.join(" "))
        })
        .collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn accounts_go_round() {
    for server in servers() {
        let place = Place::new(&server, "accounts_round", scope()).await;
        let sql = place.sql(include_str!("postgres/accounts.sql"));
        place.open().await.execute(&sql).await.unwrap_or_else(|error| panic!("{error}"));
        let realm = place.inspect().await;
        let text = engine::encode(&realm, &POSTGRES).unwrap_or_else(|error| panic!("{error}"));
        if std::env::var("PRINT").is_ok() {
            println!("{text}");
        }
        let decoded = decode(&text);
        assert_eq!(accounts(&decoded), accounts(&realm));
        // Replayed without a server, the same comes out.
        let file = syntax::sql::File::parse(&Text::new(&sql), POSTGRES.grammar, None);
        let state = engine::replay(&[(FileId(0), file)], &POSTGRES, &mut engine::replay::Cache::default());
        assert!(state.diagnostics.is_empty(), "{:#?}", state.diagnostics);
        let mut offline = Realm::clone(&*normal(&place, &state.realm).await);
        for object in &mut offline.objects {
            Arc::make_mut(object).attrs.remove(&dialects::postgres::attr::PASSWORD);
        }
        assert_eq!(accounts(&offline), accounts(&realm));
        // Made again from HCL.
        place.empty().await;
        let empty = place.inspect().await;
        let plan = place.migrate(&empty, &decoded).await;
        let made = place.inspect().await;
        assert_eq!(accounts(&made), accounts(&realm));
        let again = planned(place.open().await.as_ref(), &made, &decoded);
        assert!(again.is_empty(), "{}", again.to_sql());
        // What was done can be undone.
        place.undo(&plan).await;
        assert_eq!(accounts(&place.inspect().await), accounts(&empty));
        place.remove().await;
    }
}

const SCHEMA: &str = r#"
schema "public" {}
table "t" {
  schema = schema.public
  column "id" {
    type = int
  }
  column "note" {
    type = text
  }
}
view "v" {
  schema = schema.public
  as     = "SELECT id FROM public.t"
}
"#;

/// Applies one state after another, on every server, and says what was planned from the first to the second.
async fn steps(name: &str, states: &[&str]) -> Vec<String> {
    let mut said = Vec::new();
    for server in servers() {
        let place = Place::new(&server, name, scope()).await;
        let mut plans = Vec::new();
        for state in states {
            let desired = decode(&place.sql(&format!("{SCHEMA}{state}")));
            let current = place.inspect().await;
            let plan = place.migrate(&current, &desired).await;
            let text = without_views(&plan);
            plans.push(text.replace(&place.prefix, ""));
            let desired = normal(&place, &Arc::new(desired)).await;
            let made = place.inspect().await;
            let again = planned(place.open().await.as_ref(), &made, &desired);
            assert_eq!(without_views(&again), "", "{server}");
        }
        said = plans;
        place.remove().await;
    }
    said
}

/// The statements. The text of a view is the server's, and not ours.
fn without_views(plan: &Plan) -> String {
    let own = plan.statements.iter().filter(|it| !it.cmd.starts_with("CREATE OR REPLACE VIEW"));
    own.map(|it| format!("{};\n", it.cmd)).collect()
}

const READER: &str = r#"
role "{p}reader" {}
user "{p}app" { member_of = [role.{p}reader] }
permission {
  for        = table.t
  to         = role.{p}reader
  privileges = [SELECT, INSERT]
}
permission {
  for        = [view.v, table.t.column.note]
  to         = user.{p}app
  privileges = [SELECT, UPDATE]
}
"#;

fn block(text: &str) -> String {
    // One-line blocks.
    text.replace("{ member_of", "{\n member_of").replace("] }", "]\n}")
}

#[tokio::test]
async fn rights_and_roles_change() {
    let after = r#"
role "{p}reader" {
  conn_limit = 3
  create_db  = true
}
user "{p}app" {
  login = false
  membership {
    role  = role.{p}reader
    admin = true
  }
}
permission {
  for        = table.t
  to         = role.{p}reader
  privileges = [SELECT, DELETE]
}
permission {
  for        = table.t
  to         = role.{p}reader
  privileges = [UPDATE]
  grantable  = true
}
permission {
  for        = schema.public
  to         = PUBLIC
  privileges = [USAGE]
}
permission {
  for        = view.v
  to         = user.{p}app
  privileges = [SELECT, UPDATE, DELETE]
}
"#;
    let plans = steps("accounts_change", &[&block(READER), after]).await;
    if let [_, change] = &plans[..] {
        expect_test::expect![[r#"
            ALTER ROLE "reader" WITH CREATEDB CONNECTION LIMIT 3;
            ALTER ROLE "app" WITH NOLOGIN;
            REVOKE INSERT ON TABLE "public"."t" FROM "reader";
            REVOKE SELECT ("note"), UPDATE ("note") ON TABLE "public"."t" FROM "app";
            GRANT "reader" TO "app" WITH ADMIN OPTION;
            GRANT DELETE ON TABLE "public"."t" TO "reader";
            GRANT DELETE ON TABLE "public"."v" TO "app";
            GRANT UPDATE ON TABLE "public"."t" TO "reader" WITH GRANT OPTION;
        "#]]
        .assert_eq(change);
    }
}

#[tokio::test]
async fn what_is_lost_with_a_view_is_given_again() {
    let accounts_of = block(READER);
    for server in servers() {
        let place = Place::new(&server, "accounts_view", scope()).await;
        let first = decode(&place.sql(&format!("{SCHEMA}{}", accounts_of)));
        let empty = place.inspect().await;
        place.migrate(&empty, &first).await;
        // The view reads the column, so it goes before and comes back after.
        let wider = SCHEMA.replacen("type = int", "type = bigint", 1);
        let second = decode(&place.sql(&format!("{wider}{}", accounts_of)));
        let before = place.inspect().await;
        let plan = place.migrate(&before, &second).await;
        assert!(plan.to_sql().contains("DROP VIEW"), "{}", plan.to_sql());
        let made = place.inspect().await;
        assert_eq!(accounts(&made), accounts(&before));
        place.remove().await;
    }
}

#[tokio::test]
async fn what_belongs_to_others_stays() {
    for server in servers() {
        let place = Place::new(&server, "accounts_others", scope()).await;
        let role = format!("CREATE ROLE {}other", place.prefix);
        place.open().await.execute(&role).await.expect("a role");
        let realm = place.inspect().await;
        assert!(realm.objects.iter().any(|it| it.name.ends_with("other")));
        // A file without roles leaves all of them, and an external one is left as it is.
        let nothing = planned(place.open().await.as_ref(), &realm, &decode("schema \"public\" {\n}\n"));
        assert!(nothing.is_empty(), "{}", nothing.to_sql());
        let text =
            place.sql("schema \"public\" {\n}\nrole \"{p}other\" {\n external = true\n login = true\n}\n");
        let external = planned(place.open().await.as_ref(), &realm, &decode(&text));
        assert!(external.is_empty(), "{}", external.to_sql());
        // Nor does one with other roles take it away, as long as it is nothing to this database.
        let text = place.sql("schema \"public\" {\n}\nrole \"{p}mine\" {\n}\n");
        let mine = planned(place.open().await.as_ref(), &realm, &decode(&text));
        assert_eq!(without_views(&mine), place.sql("CREATE ROLE \"{p}mine\";\n"));
        place.run(&format!("GRANT CREATE ON SCHEMA public TO {}other", place.prefix)).await;
        let tied = planned(place.open().await.as_ref(), &place.inspect().await, &decode(&text));
        assert!(tied.to_sql().contains("DROP ROLE"), "{}", tied.to_sql());
        place.run(&format!("REVOKE CREATE ON SCHEMA public FROM {}other", place.prefix)).await;
        // Where nobody asks for accounts, none is read.
        let mut connection = place.open().await;
        let plain = engine::inspect::inspect(&mut *connection, &Scope::realm()).await.expect("a realm");
        assert!(plain.objects.is_empty());
        drop(connection);
        place.remove().await;
    }
}

/// Rights on parameters are those of a whole server, too (PostgreSQL 15).
#[tokio::test]
async fn rights_on_parameters() {
    for server in servers() {
        let place = Place::new(&server, "accounts_parameters", scope()).await;
        let connection = place.open().await;
        if dialects::postgres::features::number(connection.capabilities()) < 150_000 {
            println!("skipped: rights on parameters need PostgreSQL 15");
            drop(connection);
            place.remove().await;
            continue;
        }
        drop(connection);
        let sql = "CREATE USER {p}app;
            GRANT SET ON PARAMETER work_mem, auto_explain.log_min_duration TO {p}app;
            GRANT SET, ALTER SYSTEM ON PARAMETER log_min_messages TO {p}app WITH GRANT OPTION;";
        place.run(&place.sql(sql)).await;
        let realm = place.inspect().await;
        let lines: Vec<String> =
            accounts(&realm).iter().map(|line| line.replace(&place.prefix, "")).collect();
        expect_test::expect![[r#"
            permission "app on parameter auto_explain.log_min_duration" None for=Str("parameter auto_explain.log_min_duration") privileges=List(["SET"]) to=Str("app")
            permission "app on parameter log_min_messages with grant option" None for=Str("parameter log_min_messages") grantable=Bool(true) privileges=List(["ALL"]) to=Str("app")
            permission "app on parameter work_mem" None for=Str("parameter work_mem") privileges=List(["SET"]) to=Str("app")
            user "app" None "#]].assert_eq(&lines.join("\n"));
        let file = syntax::sql::File::parse(&Text::new(&place.sql(sql)), POSTGRES.grammar, None);
        let state = engine::replay(&[(FileId(0), file)], &POSTGRES, &mut engine::replay::Cache::default());
        assert!(state.diagnostics.is_empty(), "{:#?}", state.diagnostics);
        assert_eq!(accounts(&*normal(&place, &state.realm).await), accounts(&realm));
        let text = engine::encode(&realm, &POSTGRES).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(accounts(&decode(&text)), accounts(&realm));
        // Who speaks of none of them leaves them to others; who speaks of one speaks of all.
        let none = place.sql("schema \"public\" {\n}\nuser \"{p}app\" {\n}\n");
        let left = planned(place.open().await.as_ref(), &realm, &decode(&none));
        assert!(left.is_empty(), "{}", left.to_sql());
        let one = place.sql(&format!(
            "{none}permission {{\n for = sql(\"PARAMETER Work_Mem\")\n to = user.{{p}}app\n privileges = [SET, ALTER_SYSTEM]\n}}\n"
        ));
        let plan = place.migrate(&realm, &decode(&one)).await;
        expect_test::expect![[r#"
            REVOKE SET ON PARAMETER auto_explain.log_min_duration FROM "app";
            REVOKE ALL ON PARAMETER log_min_messages FROM "app";
            GRANT ALTER SYSTEM ON PARAMETER work_mem TO "app";
        "#]]
        .assert_eq(&without_views(&plan).replace(&place.prefix, ""));
        let made = place.inspect().await;
        let again = planned(place.open().await.as_ref(), &made, &decode(&one));
        assert!(again.is_empty(), "{}", again.to_sql());
        place.undo(&plan).await;
        assert_eq!(accounts(&place.inspect().await), accounts(&realm));
        place.run(&place.sql("DROP OWNED BY {p}app")).await;
        place.remove().await;
    }
}

/// Without the mode nothing of accounts is read, planned or taken away.
#[tokio::test]
async fn accounts_are_nothing_without_the_mode() {
    for server in servers() {
        let place = Place::new(&server, "accounts_mode", scope()).await;
        place
            .run(&place.sql("CREATE ROLE {p}reader; CREATE TABLE t (id int); GRANT SELECT ON t TO {p}reader"))
            .await;
        let only = |roles: bool, permissions: bool| Scope {
            accounts: Accounts { roles, permissions, sensitive: false },
            ..Scope::default()
        };
        let mut connection = place.open().await;
        for (roles, permissions, kinds) in
            [(false, false, &[][..]), (true, false, &["role"][..]), (false, true, &["permission"][..])]
        {
            let realm = engine::inspect::inspect(&mut *connection, &only(roles, permissions)).await;
            let realm = realm.unwrap_or_else(|error| panic!("{error}"));
            let own = realm.objects.iter().filter(|it| it.name.contains(&place.prefix));
            let found: Vec<&str> = own.map(|it| it.kind).collect();
            assert_eq!(found, kinds);
            // A desired state in SQL speaks of everything; of what was not looked at nothing is planned.
            if kinds.is_empty() {
                let file =
                    syntax::sql::File::parse(&Text::new("CREATE TABLE t (id int);"), POSTGRES.grammar, None);
                let state =
                    engine::replay(&[(FileId(0), file)], &POSTGRES, &mut engine::replay::Cache::default());
                let plan = planned(&*connection, &realm, &state.realm);
                assert!(plan.is_empty(), "{}", plan.to_sql());
            }
        }
        drop(connection);
        place.run(&place.sql("DROP OWNED BY {p}reader")).await;
        place.remove().await;
    }
}
