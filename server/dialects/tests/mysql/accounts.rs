//! Users, roles and permissions on real servers: read, written, made again, replayed, changed.
//!
//! Accounts are those of a whole server, so each run has names of its own and takes them away.

use std::sync::Arc;

use dialects::testing::rng::Rng;
use dialects::{MARIADB, MYSQL};
use engine::connection::Connection;
use engine::decode::{Inputs, Source};
use engine::diff::{Policy, diff};
use engine::inspect::inspect_all;
use engine::plan::{Options, Plan, plan};
use engine::scope::Accounts;
use engine::{Dialect, Scope};
use schema::Realm;
use syntax::sql::File;
use text::{FileId, Text};

use super::{Server, servers};

/// A database of one's own and a prefix for accounts; both go with it.
struct Place {
    server: Server,
    connection: Box<dyn Connection>,
    name: String,
    prefix: String,
    dialect: &'static Dialect,
}

impl Place {
    async fn new(server: Server, test: &str) -> Self {
        let name = server.prefix.clone();
        drop(server.fresh(&name, false).await);
        let connection = server.open("").await;
        let dialect = if server.name == "MySQL" { &MYSQL } else { &MARIADB };
        // Names of users are short.
        let prefix = format!("{test}{}_", std::process::id() % 100_000);
        let mut place = Self { server, connection, name, prefix, dialect };
        place.drop_accounts().await;
        place
    }

    fn scope(&self) -> Scope {
        let accounts = Accounts { roles: true, permissions: true, sensitive: false };
        Scope { schemas: vec![self.name.as_str().into()], accounts, ..Scope::default() }
    }

    fn text(&self, text: &str) -> String {
        text.replace("{p}", &self.prefix).replace("{db}", &self.name)
    }

    /// The opposite of [`Self::text`].
    fn plain(&self, text: &str) -> String {
        text.replace(&self.prefix, "").replace(&self.name, "app")
    }

    async fn run(&mut self, sql: &str) {
        let sql = self.text(sql);
        let result = self.connection.execute(&sql).await;
        result.unwrap_or_else(|error| panic!("{}: {error}\n{sql}", self.server.name));
    }

    /// What is there, without accounts of others.
    async fn inspect(&mut self) -> Realm {
        let scope = self.scope();
        let mut realm = inspect_all(self.connection.as_mut(), &scope).await.expect("a state");
        let prefix = self.prefix.clone();
        realm.objects.retain(|it| {
            let name = it.attrs.get(&dialects::mysql::attr::GRANTEE).unwrap_or_else(|| it.name.to_string());
            name.starts_with(&prefix)
        });
        realm
    }

    fn planned(&self, from: &Realm, to: &Realm) -> Plan {
        let server = Some(Arc::new(self.connection.capabilities().clone()));
        let policy = Policy { keep_unsaid: true, server: server.clone(), ..Policy::default() };
        let changes = diff(from, to, self.dialect, &policy).unwrap_or_else(|error| panic!("{error}"));
        let options = Options { server, ..Options::default() };
        plan(&changes, from, self.dialect, &options).unwrap_or_else(|error| panic!("{error}"))
    }

    async fn migrate(&mut self, from: &Realm, to: &Realm) -> Plan {
        let plan = self.planned(from, to);
        for statement in &plan.statements {
            if let Err(error) = self.connection.execute(&statement.cmd).await {
                panic!("{}: {error}\nin {}\nof {}", self.server.name, statement.cmd, plan.to_sql());
            }
        }
        plan
    }

    fn decode(&self, text: &str) -> Realm {
        let source = Source { file: FileId(0), hcl: syntax::hcl::File::of(text) };
        let cache = &mut engine::decode::Cache::default();
        let state = engine::decode(&[source], self.dialect, &Inputs::default(), cache);
        assert!(state.diagnostics.is_empty(), "{:#?}\n{text}", state.diagnostics);
        self.normal(&state.realm)
    }

    fn normal(&self, realm: &Arc<Realm>) -> Realm {
        let cache = &mut engine::normalize::Cache::default();
        let normal = engine::normalize::normalize(realm, self.dialect, self.connection.capabilities(), cache);
        Realm::clone(&normal.unwrap_or_else(|error| panic!("{error}")).realm)
    }

    /// Everything made here goes, the database too.
    async fn drop_accounts(&mut self) {
        for object in self.inspect().await.objects {
            let (user, host) = object.name.rsplit_once('@').unwrap_or((&object.name, ""));
            let sql = match (object.kind, host) {
                ("role", "") => format!("DROP ROLE `{user}`"),
                ("user" | "role", host) => format!("DROP USER `{user}`@`{host}`"),
                _ => continue,
            };
            self.connection.execute(&sql).await.unwrap_or_else(|error| panic!("{error}\n{sql}"));
        }
    }

    async fn empty(&mut self) {
        self.drop_accounts().await;
        let name = self.name.clone();
        self.run(&format!("DROP DATABASE IF EXISTS `{name}`")).await;
        self.run(&format!("CREATE DATABASE `{name}`")).await;
    }

    async fn remove(mut self) {
        self.drop_accounts().await;
        self.server.drop(&[&self.name]).await;
    }
}

/// The accounts of a realm, one a line.
fn accounts(realm: &Realm) -> Vec<String> {
    let mut lines: Vec<String> = realm
        .objects
        .iter()
        .map(|it| {
            let attrs = it.attrs.iter().filter(|(name, _)| *name != "password");
            let attrs: Vec<String> = attrs.map(|(name, value)| format!("{name}={value:?}")).collect();
            format!("{} {:?} {:?} {}", it.kind, it.name, it.comment, attrs.join(" "))
        })
        .collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn accounts_go_round() {
    for server in servers("accounts_round").await {
        let mut place = Place::new(server, "round").await;
        let script = place.text(include_str!("accounts.sql"));
        for statement in script.lines() {
            place.run(statement.trim_end_matches(';')).await;
        }
        let realm = place.inspect().await;
        let text = engine::encode(&realm, place.dialect).unwrap_or_else(|error| panic!("{error}"));
        if std::env::var("PRINT").is_ok() {
            println!("{}", place.plain(&text));
        }
        let decoded = place.decode(&text);
        assert_eq!(accounts(&decoded), accounts(&realm), "{}\n{text}", place.server.name);
        // Replayed without a server, the same comes out.
        let file = File::parse(&Text::new(&script), place.dialect.grammar, None);
        let cache = &mut engine::replay::Cache::default();
        let state = engine::replay(&[(FileId(0), file)], place.dialect, cache);
        assert!(state.diagnostics.is_empty(), "{:#?}", state.diagnostics);
        let replayed = accounts(&place.normal(&state.realm));
        let other: Vec<_> = replayed.iter().filter(|line| !accounts(&realm).contains(line)).collect();
        assert_eq!(replayed, accounts(&realm), "{}: {other:#?}", place.server.name);
        // Made again from HCL.
        place.empty().await;
        let empty = place.inspect().await;
        assert_eq!(accounts(&empty), Vec::<String>::new());
        let plan = place.migrate(&empty, &decoded).await;
        let made = place.inspect().await;
        assert_eq!(accounts(&made), accounts(&realm), "{}", place.server.name);
        let again = place.planned(&made, &decoded);
        assert!(again.is_empty(), "{}", again.to_sql());
        // What was done can be undone.
        for reverse in plan.statements.iter().rev().flat_map(|statement| &statement.reverse) {
            place.run(reverse).await;
        }
        assert_eq!(accounts(&place.inspect().await), Vec::<String>::new());
        place.remove().await;
    }
}

const TABLES: &str = r#"
schema "{db}" {}
table "t" {
  schema = schema.{db}
  column "id" {
    type = int
  }
  column "note" {
    type = text
    null = true
  }
}
procedure "p" {
  schema = schema.{db}
  as     = "SELECT 1"
}
"#;

/// Applies one state after another on every server, and says what was planned last, with the names of the test's own.
async fn last(test: &str, states: &[&str]) -> Vec<String> {
    let mut said = Vec::new();
    for server in servers(&format!("accounts_{test}")).await {
        let mut place = Place::new(server, test).await;
        let mut text = String::new();
        for state in states {
            let desired = place.decode(&place.text(&format!("{TABLES}{state}")));
            let current = place.inspect().await;
            let plan = place.migrate(&current, &desired).await;
            text = plan.statements.iter().map(|it| format!("{};\n", it.cmd)).collect();
            text = place.plain(&text);
            let made = place.inspect().await;
            let again = place.planned(&made, &desired);
            assert!(again.is_empty(), "{}: {}", place.server.name, again.to_sql());
            for reverse in plan.statements.iter().rev().flat_map(|statement| &statement.reverse) {
                place.run(reverse).await;
            }
            // But for an expiry, which only a new password takes away.
            let unexpired = |realm: &Realm| {
                let lines = accounts(realm).into_iter();
                lines.map(|line| line.replace("password_expired=Bool(true)", "")).collect::<Vec<_>>()
            };
            let undone = place.inspect().await;
            assert_eq!(unexpired(&undone), unexpired(&current), "{}", place.server.name);
            place.migrate(&undone, &desired).await;
        }
        said.push(text);
        place.remove().await;
    }
    said
}

const BEFORE: &str = r#"
role "{p}base" {}
role "{p}reader" {
  member_of = [role.{p}base]
}
user "{p}app@%" {
  member_of       = [role.{p}reader]
  max_questions   = 10
  account_locked  = true
}
user "{p}bare" {
}
permission {
  for        = table.t
  to         = role.{p}reader
  privileges = [SELECT, INSERT]
}
permission {
  for        = [schema.{db}, procedure.p]
  to         = user["{p}app@%"]
  privileges = [ALL]
}
permission {
  for        = table.t.column.note
  to         = user.{p}bare
  privileges = [UPDATE]
}
permission {
  for        = sql("*.*")
  to         = user.{p}bare
  privileges = [PROCESS]
  grantable  = true
}
"#;

#[tokio::test]
async fn rights_and_accounts_change() {
    let after = r#"
role "{p}reader" {
}
user "{p}app@%" {
  max_updates       = 5
  password_lifetime = 30
  membership {
    role  = role.{p}reader
    admin = true
  }
}
user "{p}bare" {
  member_of        = [role.{p}reader]
  password_expired = true
}
permission {
  for        = table.t
  to         = role.{p}reader
  privileges = [SELECT, DELETE]
  grantable  = true
}
permission {
  for        = schema.{db}
  to         = user["{p}app@%"]
  privileges = [SELECT, SHOW_VIEW]
}
permission {
  for        = table.t.column.id
  to         = user.{p}bare
  privileges = [UPDATE]
}
permission {
  for        = sql("*.*")
  to         = user.{p}bare
  privileges = [PROCESS, RELOAD]
}
"#;
    for text in last("change", &[BEFORE, after]).await {
        let spelled = text.split("REVOKE INSERT, UPDATE").nth(1).and_then(|rest| rest.split(" ON").next());
        let text = text.replace(spelled.unwrap_or("-"), ", …");
        expect_test::expect![[r#"
            ALTER USER `app`@`%` WITH MAX_QUERIES_PER_HOUR 0 MAX_UPDATES_PER_HOUR 5 PASSWORD EXPIRE INTERVAL 30 DAY ACCOUNT UNLOCK;
            ALTER USER `bare`@`%` PASSWORD EXPIRE;
            REVOKE `base` FROM `reader`;
            REVOKE GRANT OPTION ON *.* FROM `bare`@`%`;
            REVOKE INSERT, UPDATE, … ON `app`.* FROM `app`@`%`;
            REVOKE INSERT ON `app`.`t` FROM `reader`;
            REVOKE UPDATE (`note`) ON `app`.`t` FROM `bare`@`%`;
            REVOKE ALL PRIVILEGES ON PROCEDURE `app`.`p` FROM `app`@`%`;
            GRANT `reader` TO `app`@`%` WITH ADMIN OPTION;
            GRANT `reader` TO `bare`@`%`;
            GRANT RELOAD ON *.* TO `bare`@`%`;
            GRANT DELETE ON `app`.`t` TO `reader` WITH GRANT OPTION;
            GRANT UPDATE (`id`) ON `app`.`t` TO `bare`@`%`;
            DROP ROLE `base`;
        "#]].assert_eq(&text);
    }
}

#[tokio::test]
async fn a_routine_that_is_made_anew_gets_its_rights_again() {
    for server in servers("accounts_again").await {
        let mut place = Place::new(server, "again").await;
        let first = place.decode(&place.text(&format!("{TABLES}{BEFORE}")));
        let empty = place.inspect().await;
        place.migrate(&empty, &first).await;
        let before = place.inspect().await;
        let second = place.decode(&place.text(&format!("{TABLES}{BEFORE}").replace("SELECT 1", "SELECT 2")));
        let plan = place.migrate(&before, &second).await;
        assert!(plan.to_sql().contains("DROP PROCEDURE"), "{}", plan.to_sql());
        assert_eq!(accounts(&place.inspect().await), accounts(&before));
        place.remove().await;
    }
}

#[tokio::test]
async fn what_belongs_to_others_stays() {
    for server in servers("accounts_others").await {
        let mut place = Place::new(server, "others").await;
        place.run("CREATE USER {p}other").await;
        place.run("GRANT PROCESS ON *.* TO {p}other").await;
        let realm = place.inspect().await;
        assert_eq!(realm.objects.len(), 2);
        let plan = |place: &Place, realm: &Realm, text: &str| {
            let desired = place.decode(&place.text(&format!("schema \"{{db}}\" {{}}\n{text}")));
            place.plain(&place.planned(realm, &desired).to_sql().replace('\n', " "))
        };
        // A file without accounts leaves all of them, one with others too, and an external one is left as it is.
        assert_eq!(plan(&place, &realm, ""), "");
        let external = "user \"{p}other\" {\n external = true\n account_locked = true\n}\n";
        let global = "permission {\n for = sql(\"*.*\")\n to = user.{p}other\n privileges = [PROCESS]\n}\n";
        assert_eq!(plan(&place, &realm, &format!("{external}{global}")), "");
        let mine = plan(&place, &realm, "user \"{p}mine\" {\n}\n");
        assert!(mine.contains("CREATE USER `mine`@`%`") && !mine.contains("other"), "{mine}");
        place.run("GRANT CREATE ON {db}.* TO {p}other").await;
        let tied = place.inspect().await;
        let tied = plan(&place, &tied, "user \"{p}mine\" {\n}\n");
        assert!(tied.contains("DROP USER `other`@`%`"), "{tied}");
        // The account of the session is not even read.
        let scope = place.scope();
        let all = inspect_all(place.connection.as_mut(), &scope).await.expect("a state");
        assert!(!all.objects.iter().any(|it| it.name.starts_with("root")), "{:?}", accounts(&all));
        // Where nobody asks for accounts, none is read.
        let scope = Scope { accounts: Accounts::default(), ..place.scope() };
        let plain = inspect_all(place.connection.as_mut(), &scope).await.expect("a state");
        assert_eq!(accounts(&plain), Vec::<String>::new());
        place.remove().await;
    }
}

#[tokio::test]
async fn who_may_not_read_accounts_is_told_which_table() {
    for server in servers("accounts_rights").await {
        let mut place = Place::new(server, "rights").await;
        place.run("CREATE USER {p}poor IDENTIFIED BY 'secret'").await;
        let user = place.text("{p}poor:secret");
        let mut poor = place.server.open_as(&user).await;
        let error = inspect_all(poor.as_mut(), &place.scope()).await.expect_err("no right");
        let table = if place.server.name == "MySQL" { "`user`" } else { "`global_priv`" };
        let message = error.to_string().replace("'user'", "`user`").replace("'global_priv'", "`global_priv`");
        assert!(message.contains("querying accounts") && message.contains(table), "{message}");
        place.remove().await;
    }
}

/// How passwords get into statements, and into nothing else.
#[tokio::test]
async fn passwords_are_set_where_an_account_is_made() {
    for server in servers("accounts_secret").await {
        let mut place = Place::new(server, "secret").await;
        let text = "schema \"{db}\" {}\nuser \"{p}app\" {\n password = \"it's\\\"\\\\ok\"\n}\n";
        let desired = place.decode(&place.text(text));
        let empty = place.inspect().await;
        place.migrate(&empty, &desired).await;
        let made = place.inspect().await;
        assert!(place.planned(&made, &desired).is_empty());
        assert!(!engine::encode(&made, place.dialect).expect("HCL").contains("password"));
        let user = place.text("{p}app:it%27s%22%5Cok");
        let mut own = place.server.open_as(&user).await;
        own.execute("SELECT 1").await.expect("logged in");
        // Without the permission of the user no password is left.
        let without = Accounts { sensitive: false, roles: true, permissions: true }.of(&Arc::new(desired));
        assert!(!place.planned(&empty, &without).to_sql().contains("IDENTIFIED"));
        place.remove().await;
    }
}

/// Accounts and permissions of a seed, as HCL: some users and roles, members of each other, with rights to what is there.
fn generated(rng: &mut Rng) -> String {
    let mut text = String::new();
    let roles = 1 + rng.below(3);
    let users = 1 + rng.below(3);
    let mut grantees = Vec::new();
    let member_of = |rng: &mut Rng, below: usize| {
        let own: Vec<String> =
            (0..below).filter(|_| rng.one_in(2)).map(|at| format!("role.{{p}}r{at}")).collect();
        if own.is_empty() { String::new() } else { format!("  member_of = [{}]\n", own.join(", ")) }
    };
    for at in 0..roles {
        text.push_str(&format!("role \"{{p}}r{at}\" {{\n{}}}\n", member_of(rng, at)));
        grantees.push(format!("role.{{p}}r{at}"));
    }
    for at in 0..users {
        let host = ["%", "localhost", "10.1.%"][rng.below(3)];
        let mut body = member_of(rng, roles);
        for (name, values) in [
            ("max_questions", ["0", "5", "70"]),
            ("max_updates", ["0", "5", "70"]),
            ("max_connections", ["0", "1", "9"]),
            ("max_user_connections", ["0", "1", "9"]),
            ("password_lifetime", ["0", "30", "365"]),
            ("account_locked", ["true", "false", "true"]),
        ] {
            if rng.one_in(3) {
                body.push_str(&format!("  {name} = {}\n", values[rng.below(3)]));
            }
        }
        text.push_str(&format!("user \"{{p}}u{at}@{host}\" {{\n{body}}}\n"));
        grantees.push(format!("user[\"{{p}}u{at}@{host}\"]"));
    }
    let targets: [(&str, &[&str]); 6] = [
        ("sql(\"*.*\")", &["SELECT", "PROCESS", "RELOAD", "CREATE_USER", "SHOW_DATABASES"]),
        ("schema.{db}", &["SELECT", "INSERT", "CREATE_VIEW", "LOCK_TABLES", "EVENT", "ALL"]),
        ("table.t", &["SELECT", "UPDATE", "TRIGGER", "INDEX", "SHOW_VIEW", "ALL"]),
        ("table.t.column.id", &["SELECT", "INSERT", "REFERENCES"]),
        ("table.t.column.note", &["UPDATE", "SELECT"]),
        ("procedure.p", &["EXECUTE", "ALTER_ROUTINE", "ALL"]),
    ];
    for (target, words) in targets {
        for to in &grantees {
            if rng.one_in(3) {
                let mut own: Vec<&str> = words.iter().copied().filter(|_| rng.one_in(2)).collect();
                if own.is_empty() {
                    own.push(words[0]);
                }
                let grantable = !target.contains("column") && rng.one_in(3);
                text.push_str(&format!(
                    "permission {{\n  for = {target}\n  to = {to}\n  privileges = [{}]\n  grantable = {grantable}\n}}\n",
                    own.join(", ")
                ));
            }
        }
    }
    text
}

#[tokio::test]
async fn generated_accounts_follow_one_another() {
    for server in servers("accounts_made").await {
        let runs = server.runs(6);
        let mut place = Place::new(server, "made").await;
        for seed in 0..runs {
            let mut rng = Rng::new(seed);
            let text = place.text(&format!("{TABLES}{}", generated(&mut rng)));
            let desired = place.decode(&text);
            let before = place.inspect().await;
            let plan = place.migrate(&before, &desired).await;
            let made = place.inspect().await;
            let again = place.planned(&made, &desired);
            assert!(
                again.is_empty(),
                "{} seed {seed}\n{}\nafter {}",
                place.server.name,
                again.to_sql(),
                plan.to_sql()
            );
            // An account of before that nothing ties to this schema any more stays.
            let (is, wanted) = (accounts(&made), accounts(&desired));
            let missing: Vec<_> = wanted.iter().filter(|line| !is.contains(line)).collect();
            let more: Vec<_> = is.iter().filter(|line| !wanted.contains(line)).collect();
            assert!(missing.is_empty(), "{} seed {seed}: {missing:#?}", place.server.name);
            assert!(!more.iter().any(|line| line.starts_with("permission")), "seed {seed}: {more:#?}");
            let written = engine::encode(&made, place.dialect).expect("HCL");
            assert_eq!(
                accounts(&place.decode(&written)),
                accounts(&made),
                "{} seed {seed}",
                place.server.name
            );
            // The statements of the plan, replayed on what was there, lead to the same.
            if seed == 0 {
                let script: String = plan.statements.iter().map(|it| format!("{};\n", it.cmd)).collect();
                let file = File::parse(&Text::new(&script), place.dialect.grammar, None);
                let cache = &mut engine::replay::Cache::default();
                let state = engine::replay(&[(FileId(0), file)], place.dialect, cache);
                assert_eq!(accounts(&place.normal(&state.realm)), accounts(&made), "{}", place.server.name);
            }
        }
        place.remove().await;
    }
}
