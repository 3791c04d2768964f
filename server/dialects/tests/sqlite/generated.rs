//! Properties over generated schemas, on real SQLite. `ATLAS_LS_LONG=1` makes ten times as many.

use dialects::SQLITE;
use dialects::testing::{Reach, changed, realm, rows as filling, sql};
use engine::diff::{Policy, diff};
use engine::replay;
use schema::{Change, Realm, TableChange};
use text::{FileId, Text};

use super::{empty, inspect, memory, plan_of, rows, run};

fn seeds() -> std::ops::Range<u64> {
    let long = std::env::var_os("ATLAS_LS_LONG").is_some();
    0..if long { 1000 } else { 100 }
}

/// The differences between two states, as text; empty when there are none.
fn differences(from: &Realm, to: &Realm) -> String {
    let changes = diff(from, to, &SQLITE, &Policy::default()).expect("a diff");
    changes.iter().map(|change| format!("{change:#?}\n")).collect()
}

#[test]
fn a_state_does_not_differ_from_itself_or_an_equal_one() {
    for seed in seeds() {
        let a = realm(seed, Reach::Sql);
        assert_eq!(differences(&a, &a), "");
        let mut copy = realm(seed, Reach::Sql);
        for table in &mut copy.schemas[0].tables {
            // Another pointer, another order of columns and indexes.
            let table = std::sync::Arc::make_mut(table);
            table.columns.reverse();
            table.indexes.reverse();
            table.foreign_keys.reverse();
        }
        assert_eq!(differences(&a, &copy), "", "seed {seed}");
    }
}

#[tokio::test]
async fn what_is_inspected_is_what_was_wanted() {
    for seed in seeds() {
        let wanted = realm(seed, Reach::Sql);
        let mut connection = memory("").await;
        run(connection.as_mut(), &plan_of(&empty(), &wanted, "  ")).await;
        let found = inspect(connection.as_mut()).await;
        assert_eq!(differences(&found, &wanted), "", "seed {seed}\n{}", sql(&wanted));
        assert_eq!(differences(&wanted, &found), "", "seed {seed}\n{}", sql(&wanted));
        let mut again = memory("").await;
        again.execute(&sql(&found)).await.expect("a dump can be executed");
        assert_eq!(differences(&found, &inspect(again.as_mut()).await), "", "seed {seed}");
    }
}

#[tokio::test]
async fn what_is_replayed_is_what_is_inspected() {
    for seed in seeds() {
        let text = sql(&realm(seed, Reach::Sql));
        let mut connection = memory("").await;
        connection.execute(&text).await.expect("valid SQL");
        let found = inspect(connection.as_mut()).await;
        let file = syntax::sql::File::parse(&Text::from(text.as_str()), SQLITE.grammar, None);
        let state = replay::replay(&[(FileId(0), file)], &SQLITE, &mut replay::Cache::default());
        assert!(state.diagnostics.is_empty(), "seed {seed}: {:?}\n{text}", state.diagnostics);
        assert_eq!(differences(&found, &state.realm), "", "seed {seed}\n{text}");
        assert_eq!(differences(&state.realm, &found), "", "seed {seed}\n{text}");
    }
}

#[tokio::test]
async fn a_plan_leads_from_one_state_to_the_other_and_keeps_the_rows() {
    for seed in seeds() {
        let from = realm(seed, Reach::Sql);
        let to = changed(&from, seed, Reach::Sql);
        let mut connection = memory("").await;
        run(connection.as_mut(), &plan_of(&empty(), &from, "")).await;
        for statement in filling(&from, 3) {
            connection
                .execute(&statement)
                .await
                .unwrap_or_else(|error| panic!("seed {seed}: {error}\n{statement}"));
        }
        let before = inspect(connection.as_mut()).await;
        let kept = kept(&from, &to);
        let mut values = Vec::new();
        for query in &kept {
            values.push(rows(connection.as_mut(), query).await);
        }
        let plan = plan_of(&before, &to, "");
        run(connection.as_mut(), &plan).await;
        let after = inspect(connection.as_mut()).await;
        assert_eq!(differences(&after, &to), "", "seed {seed}\n{}", plan.to_sql());
        for (query, values) in kept.iter().zip(values) {
            assert_eq!(values.len(), 3, "seed {seed}");
            assert_eq!(rows(connection.as_mut(), query).await, values, "seed {seed}\n{}", plan.to_sql());
        }
    }
}

/// Queries for the values of every column that both states have with the same type.
fn kept(from: &Realm, to: &Realm) -> Vec<String> {
    let mut queries = Vec::new();
    for (_, table) in from.tables() {
        let Some(after) = to.schemas[0].table(&table.name) else { continue };
        for column in table.columns.iter().filter(|column| column.generated.is_none()) {
            if after.column(&column.name).is_some_and(|other| other.ty == column.ty) {
                let name = column.name.replace('`', "``");
                let table = table.name.replace('`', "``");
                queries.push(format!("select `{name}`, typeof(`{name}`) from `{table}` order by 1"));
            }
        }
    }
    queries
}

#[test]
fn a_skipped_change_is_not_part_of_the_table_that_is_planned() {
    type Is = fn(&TableChange) -> bool;
    let skip: [(&str, Is); 4] = [
        ("drop_column", |change| matches!(change, TableChange::DropColumn(_))),
        ("modify_column", |change| matches!(change, TableChange::ModifyColumn(_))),
        ("drop_index", |change| matches!(change, TableChange::DropIndex(_))),
        ("add_foreign_key", |change| matches!(change, TableChange::AddForeignKey(_))),
    ];
    for seed in seeds() {
        let from = realm(seed, Reach::Sql);
        let to = changed(&from, seed, Reach::Sql);
        for (name, is_skipped) in skip {
            let policy = Policy { skip: [name.to_string()].into(), ..Policy::default() };
            let changes = diff(&from, &to, &SQLITE, &policy).expect("a diff");
            for change in &changes {
                let Change::ModifyTable { from, to, changes } = change else { continue };
                assert!(!changes.iter().any(is_skipped), "seed {seed}");
                let rest =
                    engine::diff::diff(&one(from), &one(to), &SQLITE, &Policy::default()).expect("a diff");
                for change in rest {
                    if let Change::ModifyTable { changes, .. } = change {
                        assert!(!changes.iter().any(is_skipped), "seed {seed}: {changes:#?}");
                    }
                }
            }
        }
    }
}

fn one(table: &std::sync::Arc<schema::Table>) -> Realm {
    let mut realm = empty();
    realm.schemas[0].tables.push(table.clone());
    realm
}
