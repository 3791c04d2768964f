//! Generated schemas on real servers: a plan leads where it says, and nothing is left to do after it.

use std::sync::Arc;

use dialects::mysql::attr::AUTO_INCREMENT_START;
use dialects::testing::mysql as generator;
use engine::Scope;
use engine::connection::Connection;
use engine::diff::{Policy, diff, renamed};
use engine::inspect::inspect_all;
use engine::plan::{Options, Statement, plan};
use schema::{Change, Realm, Table, TableChange};

use super::{Server, servers};

/// What a realm says, whatever the order of columns and however far tables have counted.
fn settled(realm: &Realm) -> Realm {
    let mut realm = realm.clone();
    for schema in &mut realm.schemas {
        for table in &mut schema.tables {
            let table = Arc::make_mut(table);
            table.columns.sort_by(|a, b| a.name.cmp(&b.name));
            table.attrs.remove(&AUTO_INCREMENT_START);
        }
    }
    realm
}

async fn carry_out(
    connection: &mut dyn Connection,
    from: &Realm,
    to: &Realm,
    bound: bool,
) -> Result<Vec<Statement>, String> {
    let dialect = connection.dialect();
    let changes = diff(from, to, dialect, &Policy::default()).map_err(|error| error.to_string())?;
    let options = Options {
        qualifier: bound.then(String::new),
        server: Some(Arc::new(connection.capabilities().clone())),
        ..Options::default()
    };
    let plan = plan(&changes, from, dialect, &options).map_err(|error| error.to_string())?;
    let mut done = Vec::new();
    for statement in &plan.statements {
        connection
            .execute(&statement.cmd)
            .await
            .map_err(|error| format!("{}\n{}\nafter {:#?}", error.message, statement.cmd, commands(&done)))?;
        done.push(statement.clone());
    }
    Ok(done)
}

fn commands(statements: &[Statement]) -> Vec<&str> {
    statements.iter().map(|statement| &*statement.cmd).collect()
}

async fn inspected(connection: &mut dyn Connection, name: &str) -> Realm {
    let scope = match &connection.target().bound {
        Some(bound) => Scope::bound(bound.clone()),
        None => Scope { schemas: vec![name.into()], ..Scope::default() },
    };
    inspect_all(connection, &scope).await.expect("the schema can be read")
}

/// The tables that are not the same, for a message.
fn differences(a: &Realm, b: &Realm) -> String {
    let mut out = String::new();
    for (a, b) in a.schemas.iter().zip(&b.schemas) {
        let names = |tables: &[Arc<Table>]| tables.iter().map(|table| table.name.clone()).collect::<Vec<_>>();
        if names(&a.tables) != names(&b.tables) {
            out.push_str(&format!("{:?} and {:?}\n", names(&a.tables), names(&b.tables)));
        }
        for (a, b) in a.tables.iter().zip(&b.tables).filter(|(a, b)| a != b) {
            out.push_str(&format!("{a:#?}\n{b:#?}\n"));
        }
        if (&a.views, &a.triggers, &a.routines, &a.objects, &a.attrs)
            != (&b.views, &b.triggers, &b.routines, &b.objects, &b.attrs)
        {
            out.push_str(&format!(
                "{:#?}\n{:#?}\n",
                (&a.views, &a.triggers, &a.routines),
                (&b.views, &b.triggers, &b.routines)
            ));
        }
    }
    out
}

async fn one(server: &Server, seed: u64) {
    // Half of the plans name the schema in every statement.
    let bound = seed.is_multiple_of(2);
    let (a, b) = (format!("{}_a", server.prefix), format!("{}_b", server.prefix));
    let mut at_a = server.fresh(&a, bound).await;
    let mut at_b = server.fresh(&b, bound).await;
    let capabilities = at_a.capabilities().clone();
    let say = |what: &str, error: String| panic!("{} seed {seed}, {what}: {error}", server.name);

    let empty = inspected(at_a.as_mut(), &a).await;
    let written = generator::realm(seed, &a, &capabilities);
    if let Err(error) = carry_out(at_a.as_mut(), &empty, &written, bound).await {
        say("creating the first state", error);
    }
    let from = inspected(at_a.as_mut(), &a).await;

    let other = generator::realm(seed, &b, &capabilities);
    let other = generator::changed(&other, seed, &capabilities);
    let empty = inspected(at_b.as_mut(), &b).await;
    if let Err(error) = carry_out(at_b.as_mut(), &empty, &other, bound).await {
        say("creating the second state", error);
    }
    let to = renamed(&inspected(at_b.as_mut(), &b).await, &a.as_str().into(), &dialects::MYSQL);

    let done = match carry_out(at_a.as_mut(), &from, &to, bound).await {
        Ok(done) => done,
        Err(error) => return say("changing the first into the second", error),
    };
    let now = inspected(at_a.as_mut(), &a).await;
    let left = diff(&now, &to, at_a.dialect(), &Policy::default()).expect("states can be compared");
    let told = commands(&done);
    assert!(left.is_empty(), "{} seed {seed}: left to do after {told:#?}: {left:#?}", server.name);
    let (now, to) = (settled(&now), settled(&to));
    assert!(now == to, "{} seed {seed}: after {told:#?}:\n{}", server.name, differences(&now, &to));

    // And back again, as far as it goes: what vanished with a column or a table is not made again.
    for sql in done.iter().rev().flat_map(|statement| &statement.reverse) {
        if let Err(error) = at_a.execute(sql).await {
            say("undoing", format!("{}\n{sql}\nafter {told:#?}", error.message));
        }
    }
    let back = inspected(at_a.as_mut(), &a).await;
    let mut left = diff(&back, &from, at_a.dialect(), &Policy::default()).expect("states can be compared");
    left.retain(|change| match change {
        Change::AddTrigger(_) => false,
        Change::ModifyTable { changes, .. } => {
            // Without it a foreign key got one of the server's.
            let of_index =
                |change: &TableChange| matches!(change, TableChange::AddIndex(_) | TableChange::DropIndex(_));
            !changes.iter().all(of_index)
        }
        _ => true,
    });
    assert!(left.is_empty(), "{} seed {seed}: left after undoing {done:#?}: {left:#?}", server.name);
    server.drop(&[&a, &b]).await;
}

#[tokio::test]
async fn a_plan_leads_to_the_state_it_was_made_for() {
    for server in servers("generated").await {
        for seed in 0..server.runs(20) {
            one(&server, seed).await;
        }
    }
}
