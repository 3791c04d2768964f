//! Schemas of real projects on real servers.
//!
//! For each: what is planned without a dev database is what is planned from what a server made of the same text, or the
//! object is marked; and what was read of a server makes the same again, through schema HCL and through SQL.
//! Servers come from the environment; without one a test says that it was skipped.

#![allow(clippy::print_stdout)]

#[path = "corpus/cases.rs"]
mod cases;
#[path = "corpus/server.rs"]
mod server;

use std::sync::Arc;

use dialects::postgres::attr as postgres;
use engine::decode::{Inputs, Source};
use engine::diff::{Policy, diff};
use engine::inspect::inspect_all;
use engine::normalize::{Cache, Normalized, normalize};
use engine::plan::{Options, Plan, dump, plan};
use engine::{State, encode};
use schema::{Change, ObjectPath, Realm, TableChange};
use syntax::sql::File;
use text::{FileId, Text};

use self::cases::{CASES, Case, Form};
use self::server::{Opened, Server, servers};

/// What the text of a case says.
fn state(server: &Server, case: &Case, text: &str) -> State {
    let state = match case.form {
        Form::Hcl => decoded(server, text),
        Form::Sql => replayed(server, text),
    };
    let found: Vec<&str> = state.diagnostics.iter().map(|(_, found)| found.message.as_str()).collect();
    assert!(found.is_empty(), "{} on {}: {found:#?}", case.name, server.name);
    state
}

fn decoded(server: &Server, text: &str) -> State {
    let source = Source { file: FileId(0), hcl: syntax::hcl::File::of(text) };
    engine::decode(&[source], server.dialect, &Inputs::default(), &mut engine::decode::Cache::default())
}

fn replayed(server: &Server, sql: &str) -> State {
    let file = File::parse(&Text::new(sql), server.dialect.grammar, None);
    engine::replay(&[(FileId(0), file)], server.dialect, &mut engine::replay::Cache::default())
}

async fn inspected(opened: &mut Opened) -> Realm {
    let scope = opened.scope.clone();
    inspect_all(opened.connection.as_mut(), &scope).await.unwrap_or_else(|error| panic!("{error}"))
}

/// What a plan is made with.
fn options(server: &Server, opened: &Opened) -> Options {
    Options {
        qualifier: server.is_bound().then(String::new),
        server: Some(Arc::new(opened.connection.capabilities().clone())),
        ..Options::default()
    }
}

fn policy(opened: &Opened) -> Policy {
    Policy {
        keep_unsaid: true,
        server: Some(Arc::new(opened.connection.capabilities().clone())),
        ..Policy::default()
    }
}

fn planned(server: &Server, opened: &Opened, from: &Realm, to: &Realm) -> Plan {
    let changes = diff(from, to, server.dialect, &policy(opened)).unwrap_or_else(|error| panic!("{error}"));
    plan(&changes, from, server.dialect, &options(server, opened)).unwrap_or_else(|error| panic!("{error}"))
}

async fn run(server: &Server, opened: &mut Opened, statements: impl Iterator<Item = String>) {
    for statement in statements {
        let done = opened.connection.execute(&statement).await;
        done.unwrap_or_else(|error| panic!("{}: {error}\n{statement}", server.name));
    }
}

fn normal(server: &Server, opened: &Opened, realm: &Realm) -> Normalized {
    let capabilities = opened.connection.capabilities();
    normalize(&Arc::new(realm.clone()), server.dialect, capabilities, &mut Cache::default())
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Runs what a server takes of the statements of `sql`, without rows; what it took.
async fn taken(server: &Server, opened: &mut Opened, sql: &str) -> (String, usize) {
    let mut out = String::new();
    let mut refused = 0;
    let file = File::parse(&Text::new(sql), server.dialect.grammar, None);
    for placed in file.pieces() {
        let text = placed.piece.statement_text();
        let first = text.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
        let rows = ["insert", "update", "delete", "copy", "select", "drop", "create"].contains(&&*first)
            && (!matches!(&*first, "drop" | "create")
                || text.split_whitespace().nth(1).is_some_and(|word| word.eq_ignore_ascii_case("database")));
        // What code makes only a server knows; a preview says that it was not analysed.
        let code = first == "do";
        if text.is_empty() || code || rows || matches!(&*first, "use" | "\\c" | "begin" | "commit" | "start")
        {
            continue;
        }
        match opened.connection.execute(text).await {
            Ok(_) => {
                out.push_str(text);
                out.push_str(";\n");
            }
            Err(error) => {
                refused += 1;
                if std::env::var_os("ATLAS_TEST_REFUSED").is_some() {
                    println!("refused: {error}\n{text}");
                }
            }
        }
    }
    (out, refused)
}

/// The objects some changes are about.
fn paths(changes: &[Change]) -> Vec<(String, ObjectPath)> {
    let mut out = Vec::new();
    for change in changes {
        let of = |path: ObjectPath| (format!("{change:?}").chars().take(2000).collect::<String>(), path);
        match change {
            Change::ModifyTable { to, changes, .. } => {
                let (schema, table) = (to.schema.clone(), to.name.clone());
                out.extend(changes.iter().map(|change| {
                    let (schema, table) = (schema.clone(), table.clone());
                    let path = match change {
                        TableChange::ModifyColumn(change) => {
                            ObjectPath::Column { schema, table, column: change.to.name.clone() }
                        }
                        TableChange::AddIndex(index)
                        | TableChange::DropIndex(index)
                        | TableChange::ModifyIndex { to: index, .. } => {
                            ObjectPath::Index { schema, table, index: index.name.clone() }
                        }
                        TableChange::AddCheck(check)
                        | TableChange::DropCheck(check)
                        | TableChange::ModifyCheck { to: check, .. } => {
                            ObjectPath::Check { schema, table, check: check.name.clone().unwrap_or_default() }
                        }
                        _ => ObjectPath::Table { schema, table },
                    };
                    (format!("{change:?}"), path)
                }));
            }
            Change::ModifyView { to, .. } => {
                out.push(of(ObjectPath::View { schema: to.schema.clone(), view: to.name.clone() }));
            }
            Change::ModifyRoutine { to, .. } => {
                out.push(of(ObjectPath::Routine { schema: to.schema.clone(), routine: to.name.clone() }));
            }
            Change::ModifyTrigger { to, .. } => {
                let (schema, trigger) = (to.schema.clone(), to.name.clone());
                out.push(of(ObjectPath::Trigger { schema, trigger }));
            }
            Change::ModifyObject { to, .. } => {
                let (schema, kind, name) = (to.schema.clone(), to.kind, to.name.clone());
                out.push(of(ObjectPath::Object { schema, kind, name }));
            }
            _ => out.push(of(ObjectPath::Schema("".into()))),
        }
    }
    out
}

/// The realm without what is the server's own choice, in an order that counts nowhere.
fn settled(server: &Server, realm: &Realm) -> Realm {
    let mut realm = server.settled(realm);
    realm.objects.sort_by_key(|object| (object.kind, object.name.clone()));
    realm.schemas.sort_by_key(|schema| schema.name.clone());
    for schema in &mut realm.schemas {
        schema.views.sort_by_key(|view| view.name.clone());
        schema.routines.sort_by_key(|routine| (routine.name.clone(), format!("{:?}", routine.attrs)));
        // A heredoc ends with a line end, whether the body did or not.
        for routine in &mut schema.routines {
            let routine = Arc::make_mut(routine);
            routine.body = routine.body.trim_end().to_owned();
        }
        schema.triggers.sort_by_key(|trigger| (trigger.name.clone(), trigger.on.clone()));
        schema
            .objects
            .sort_by_key(|object| (object.kind, object.name.clone(), format!("{:?}", object.attrs)));
        for table in &mut schema.tables {
            let table = Arc::make_mut(table);
            table.indexes.sort_by_key(|index| index.name.clone());
            for column in &mut table.columns {
                column.attrs.remove(&postgres::SEQUENCE_NAME);
            }
        }
    }
    realm
}

#[track_caller]
fn same(server: &Server, what: &str, a: &Realm, b: &Realm) {
    let (a, b) = (settled(server, a), settled(server, b));
    if a == b {
        return;
    }
    let lines = |realm: &Realm| format!("{realm:#?}").lines().map(str::to_owned).collect::<Vec<_>>();
    let (a, b) = (lines(&a), lines(&b));
    let start = a.iter().zip(&b).take_while(|(a, b)| a == b).count();
    let show = |lines: &[String]| {
        lines.iter().skip(start.saturating_sub(8)).take(24).cloned().collect::<Vec<_>>().join("\n")
    };
    let out = format!("{}\n--- and ---\n{}", show(&a), show(&b));
    panic!("{what}\n{out}");
}

/// Makes the schema of a case on a server, compares, and makes it again.
async fn check(server: &Server, case: &Case) {
    // A collation MariaDB does not have is one it has.
    let text = match server.dialect.name {
        "mariadb" => case.text().replace("utf8mb4_0900_ai_ci", "utf8mb4_unicode_ci"),
        _ => case.text(),
    };
    let what = format!("{} on {}", case.name, server.name);
    let mut first = server.fresh("one").await;
    let empty = inspected(&mut first).await;
    let (written, refused) = match case.form {
        Form::Hcl => {
            let written = server.placed(&state(server, case, &text).realm, &first);
            let to = normal(server, &first, &written).realm;
            let plan = planned(server, &first, &empty, &to);
            run(server, &mut first, plan.statements.into_iter().map(|statement| statement.cmd)).await;
            (written, 0)
        }
        Form::Sql => {
            let (sql, refused) = taken(server, &mut first, &text).await;
            (server.placed(&state(server, case, &sql).realm, &first), refused)
        }
    };
    let real = inspected(&mut first).await;
    let ours = normal(server, &first, &written);

    // Nothing is left to do, but what is marked.
    let changes = diff(&real, &ours.realm, server.dialect, &policy(&first)).expect("a diff");
    let left = paths(&changes);
    for (change, path) in &left {
        assert!(ours.approximate.contains(path), "{what}: {path} is sure, and differs: {change}");
    }
    // The plan is that of the server's form.
    let command = |plan: &Plan| plan.statements.iter().map(|it| it.cmd.clone()).collect::<Vec<_>>();
    let live = command(&planned(server, &first, &empty, &server.said(&ours.realm)));
    let sure = command(&planned(server, &first, &empty, &real));
    let marked: Vec<&ObjectPath> = ours.approximate.iter().collect();
    let mut other = 0;
    for statement in &live {
        if !sure.contains(statement) {
            let known = marked.iter().any(|path| {
                let table = path.parent().map(|parent| parent.name().to_string());
                let named = |name: &str| !name.is_empty() && statement.contains(name);
                named(path.name()) || table.is_some_and(|name| named(&name))
            });
            let near = sure
                .iter()
                .find(|other| other.split_whitespace().take(3).eq(statement.split_whitespace().take(3)));
            assert!(known, "{what}: planned without the server\n{statement}\nwith it\n{near:#?}");
            other += 1;
        }
    }
    println!(
        "{what}: {} statements planned, {} as with the server, {} objects marked, {} changes left of them, {refused} refused",
        live.len(),
        live.len() - other,
        marked.len(),
        left.len(),
    );

    again(server, &what, &real).await;
    server.gone(first).await;
}

/// Makes what was read of a server again, in empty databases, through HCL and through SQL.
async fn again(server: &Server, what: &str, real: &Realm) {
    // Through HCL.
    let hcl = encode(real, server.dialect).unwrap_or_else(|error| panic!("{what}: {error}"));
    let again = decoded(server, &hcl);
    let found: Vec<&str> = again.diagnostics.iter().map(|(_, found)| found.message.as_str()).collect();
    assert!(found.is_empty(), "{what}: {found:#?}\n{hcl}");
    let mut second = server.fresh("two").await;
    let empty = inspected(&mut second).await;
    let to = normal(server, &second, &server.placed(&again.realm, &second)).realm;
    let plan = planned(server, &second, &empty, &to);
    run(server, &mut second, plan.statements.into_iter().map(|statement| statement.cmd)).await;
    let made = inspected(&mut second).await;
    same(server, &format!("{what}, by HCL"), &server.placed(real, &second), &made);
    let left = diff(&made, &to, server.dialect, &policy(&second)).expect("a diff");
    assert!(left.is_empty(), "{what}, by HCL: left to do {left:#?}");

    // Through SQL.
    let mut third = server.fresh("three").await;
    let sql = dump(&server.placed(real, &third), server.dialect, &options(server, &third));
    let sql = sql.unwrap_or_else(|error| panic!("{what}: {error}")).to_sql();
    let file = File::parse(&Text::new(&sql), server.dialect.grammar, None);
    let statements: Vec<String> = file
        .pieces()
        .iter()
        .map(|placed| placed.piece.statement_text().to_owned())
        .filter(|text| !text.is_empty() && !server.is_there(text))
        .collect();
    // The statements of one schema do not say what it is itself.
    let before = server.like(real, &third);
    run(server, &mut third, before.into_iter().chain(statements)).await;
    let made = inspected(&mut third).await;
    same(server, &format!("{what}, by SQL"), &server.placed(real, &third), &made);
    for opened in [second, third] {
        server.gone(opened).await;
    }
}

/// What a generated schema becomes on a server, made again.
async fn generated(server: &Server, seed: u64) {
    let mut first = server.fresh("one").await;
    let capabilities = first.connection.capabilities().clone();
    let written = match server.is_bound() {
        true => dialects::testing::mysql::realm(seed, &first.database, &capabilities),
        false => dialects::testing::postgres::realm(seed, "s"),
    };
    let empty = inspected(&mut first).await;
    let mut to = written.clone();
    to.schemas.extend(empty.schemas.iter().filter(|schema| written.schema(&schema.name).is_none()).cloned());
    let plan = planned(server, &first, &empty, &to);
    run(server, &mut first, plan.statements.into_iter().map(|statement| statement.cmd)).await;
    let real = inspected(&mut first).await;
    again(server, &format!("generated schema {seed} on {}", server.name), &real).await;
    server.gone(first).await;
}

async fn all(family: &str) {
    for server in servers().into_iter().filter(|server| server.family() == family) {
        let only = std::env::var("ATLAS_TEST_CASE").ok();
        let wanted =
            |case: &&Case| case.is_for(&server) && only.as_deref().is_none_or(|name| name == case.name);
        for case in CASES.iter().filter(wanted) {
            check(&server, case).await;
        }
        for seed in 2000..2008 {
            generated(&server, seed).await;
        }
    }
}

#[tokio::test]
async fn schemas_on_postgres() {
    all("postgres").await;
}

#[tokio::test]
async fn schemas_on_mysql_and_mariadb() {
    all("mysql").await;
}
