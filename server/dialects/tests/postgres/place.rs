//! A database of a test's own on a real server, with roles of its own: what the tests of one kind of object share.
//!
//! Servers come from `ATLAS_TEST_POSTGRES_URL` and `ATLAS_TEST_POSTGRES_URLS`.

#![allow(dead_code)]

use std::sync::Arc;

use dialects::POSTGRES;
use drivers::Drivers;
use engine::connection::{Access, Connection, Connector};
use engine::decode::{Cache, Inputs, Source};
use engine::diff::{Policy, diff};
use engine::plan::{Options, Plan, plan};
use engine::{DatabaseUrl, Dialects, Scope};
use schema::Realm;
use text::{FileId, Text};

static ALL: &[&engine::Dialect] = &[&POSTGRES];

pub fn servers() -> Vec<String> {
    let variables = ["ATLAS_TEST_POSTGRES_URL", "ATLAS_TEST_POSTGRES_URLS"];
    let values = variables.iter().filter_map(|name| std::env::var(name).ok());
    let mut urls: Vec<String> = values
        .flat_map(|list| list.split(',').map(str::to_owned).collect::<Vec<_>>())
        .filter(|url| !url.is_empty())
        .collect();
    urls.sort();
    urls.dedup();
    if urls.is_empty() {
        println!("skipped: no PostgreSQL");
    }
    urls
}

/// A database of one's own and a prefix for roles; both go with it.
pub struct Place {
    server: String,
    name: String,
    /// Of the names of roles.
    pub prefix: String,
    scope: Scope,
}

impl Place {
    pub async fn new(server: &str, name: &str, scope: Scope) -> Self {
        let prefix = format!("{name}_{}_", std::process::id());
        let place = Self { server: server.to_owned(), name: format!("{prefix}db"), prefix, scope };
        let mut admin = open(server).await;
        admin.execute(&format!("DROP DATABASE IF EXISTS {}", place.name)).await.expect("the old one goes");
        admin.execute(&format!("CREATE DATABASE {}", place.name)).await.expect("a database");
        place
    }

    pub async fn open(&self) -> Box<dyn Connection> {
        let (head, options) = self.server.split_once('?').map_or((&*self.server, ""), |parts| parts);
        let (host, _) = head.rsplit_once('/').expect("a database in the URL");
        open(&format!("{host}/{}?{options}", self.name)).await
    }

    pub fn sql(&self, text: &str) -> String {
        text.replace("{p}", &self.prefix)
    }

    /// What is there, without roles of others.
    pub async fn inspect(&self) -> Realm {
        let mut connection = self.open().await;
        let realm = engine::inspect::inspect(&mut *connection, &self.scope).await;
        let mut realm = realm.unwrap_or_else(|error| panic!("{error}"));
        realm.objects.retain(|it| !matches!(it.kind, "role" | "user") || it.name.starts_with(&self.prefix));
        // What other tests may set is of the whole server too.
        realm.objects.retain(|it| {
            let of_server = it.kind == "permission" && it.name.contains(" on parameter ");
            !of_server || it.name.starts_with(&self.prefix)
        });
        realm
    }

    /// Plans from `from` to `to` and runs it.
    pub async fn migrate(&self, from: &Realm, to: &Realm) -> Plan {
        let mut connection = self.open().await;
        let plan = planned(connection.as_ref(), from, to);
        for statement in &plan.statements {
            if let Err(error) = connection.execute(&statement.cmd).await {
                panic!("{error}\nin {}\nof {}", statement.cmd, plan.to_sql());
            }
        }
        plan
    }

    pub async fn empty(&self) {
        let mut admin = open(&self.server).await;
        admin.execute(&format!("DROP DATABASE {}", self.name)).await.expect("the database goes");
        let drop = format!(
            "do $$ declare r text; begin for r in select rolname from pg_roles where rolname like '{}%' loop \
             execute format('drop role %I', r); end loop; end $$",
            self.prefix
        );
        admin.execute(&drop).await.unwrap_or_else(|error| panic!("{error}"));
        admin.execute(&format!("CREATE DATABASE {}", self.name)).await.expect("a database");
    }

    pub async fn run(&self, sql: &str) {
        self.open().await.execute(sql).await.unwrap_or_else(|error| panic!("{error}"));
    }

    /// Undoes a plan.
    pub async fn undo(&self, plan: &Plan) {
        let mut connection = self.open().await;
        for reverse in plan.statements.iter().rev().flat_map(|statement| &statement.reverse) {
            connection.execute(reverse).await.unwrap_or_else(|error| panic!("{error}\nin {reverse}"));
        }
    }

    pub async fn remove(self) {
        self.empty().await;
        let mut admin = open(&self.server).await;
        admin.execute(&format!("DROP DATABASE {}", self.name)).await.expect("the database goes");
    }
}

/// The plan from one state to another, on this server.
pub fn planned(connection: &dyn Connection, from: &Realm, to: &Realm) -> Plan {
    let server = Some(Arc::new(connection.capabilities().clone()));
    let policy = Policy { keep_unsaid: true, server: server.clone(), ..Policy::default() };
    let changes = diff(from, to, &POSTGRES, &policy).unwrap_or_else(|error| panic!("{error}"));
    let options = Options { server, ..Options::default() };
    plan(&changes, from, &POSTGRES, &options).unwrap_or_else(|error| panic!("{error}"))
}

async fn open(url: &str) -> Box<dyn Connection> {
    let url = DatabaseUrl::parse(url).expect("a URL");
    Drivers::new(Dialects(ALL)).open(&url, Access::Write).await.unwrap_or_else(|error| panic!("{error}"))
}

/// The realm of schema HCL, which has no mistakes.
#[track_caller]
pub fn decode(text: &str) -> Realm {
    let source = Source { file: FileId(0), hcl: syntax::hcl::File::of(text) };
    let state = engine::decode(&[source], &POSTGRES, &Inputs::default(), &mut Cache::default());
    assert!(state.diagnostics.is_empty(), "{:#?}\n{text}", state.diagnostics);
    Realm::clone(&state.realm)
}

/// A realm in the form of the server, without asking it.
pub async fn normal(place: &Place, realm: &Arc<Realm>) -> Arc<Realm> {
    let capabilities = place.open().await.capabilities().clone();
    let cache = &mut engine::normalize::Cache::default();
    let normal = engine::normalize::normalize(realm, &POSTGRES, &capabilities, cache);
    normal.unwrap_or_else(|error| panic!("{error}")).realm
}

/// Objects and tables of a realm, one a line, without what only a server knows.
pub fn lines(realm: &Realm) -> Vec<String> {
    let all = realm.objects.iter().chain(realm.schemas.iter().flat_map(|schema| &schema.objects));
    let mut lines: Vec<String> = all
        .map(|it| {
            let attrs: Vec<String> =
                it.attrs.iter().map(|(name, value)| format!("{name}={value:?}")).collect();
            format!("{} {}.{} {:?} {}", it.kind, it.schema, it.name, it.comment, attrs.join(" "))
        })
        .collect();
    for (_, table) in realm.tables() {
        let mut table = schema::Table::clone(table);
        table.columns.iter_mut().for_each(|column| column.raw_type.clear());
        table.indexes.sort_by_key(|index| index.name.clone());
        lines.push(format!("{table:?}"));
    }
    lines.sort();
    lines
}

/// What `sql` makes is read, written as HCL and read again, replayed without the server, made again in a database where
/// only `before` was run, undone; and nothing differs.
pub async fn goes_round(server: &str, name: &str, sql: &str, before: &str) {
    let place = Place::new(server, name, Scope::realm()).await;
    place.run(sql).await;
    let realm = place.inspect().await;
    let text = engine::encode(&realm, &POSTGRES).unwrap_or_else(|error| panic!("{error}"));
    if std::env::var("PRINT").is_ok() {
        println!("{text}");
    }
    let decoded = decode(&text);
    assert_eq!(lines(&decoded), lines(&realm));
    let file = syntax::sql::File::parse(&Text::new(sql), POSTGRES.grammar, None);
    let state = engine::replay(&[(FileId(0), file)], &POSTGRES, &mut engine::replay::Cache::default());
    assert!(state.diagnostics.is_empty(), "{:#?}", state.diagnostics);
    assert_eq!(state.coverage.total().opaque, 0);
    let mut offline = Realm::clone(&*normal(&place, &state.realm).await);
    for object in &mut offline.objects {
        // No server tells a password to everyone.
        let key = schema::AttrKey::<Vec<String>>::new("options", "");
        if let Some(mut options) = object.attrs.get(&key) {
            options.retain(|option| !option.starts_with("password="));
            Arc::make_mut(object).attrs.set(&key, options);
        }
    }
    assert_eq!(lines(&offline), lines(&realm));
    place.empty().await;
    if !before.is_empty() {
        place.run(before).await;
    }
    let empty = place.inspect().await;
    let plan = place.migrate(&empty, &decoded).await;
    let made = place.inspect().await;
    assert_eq!(lines(&made), lines(&realm));
    let again = planned(place.open().await.as_ref(), &made, &decoded);
    assert!(again.is_empty(), "{}", again.to_sql());
    place.undo(&plan).await;
    assert_eq!(lines(&place.inspect().await), lines(&empty));
    place.remove().await;
}

/// The number of a server's version: 15.
pub async fn version(server: &str) -> i64 {
    open(server)
        .await
        .capabilities()
        .version
        .split('.')
        .next()
        .and_then(|text| text.parse().ok())
        .unwrap_or(0)
}
