//! Orders of changes, in a short notation: `+t` is a table added, `-t` dropped, `~t` modified.

use std::sync::Arc;

use schema::{Attrs, Change, ForeignKey, Table, TableChange};

use super::{Uses, sort};

struct Nothing;
impl Uses for Nothing {}

fn key(to: &str) -> ForeignKey {
    ForeignKey {
        name: Some(format!("to_{to}").into()),
        columns: vec!["a".into()],
        ref_schema: "".into(),
        ref_table: to.into(),
        ref_columns: vec!["id".into()],
        on_update: None,
        on_delete: None,
        attrs: Attrs::default(),
    }
}

fn table(name: &str, parents: &[&str]) -> Arc<Table> {
    let foreign_keys = parents.iter().map(|to| key(to)).collect();
    Arc::new(Table { schema: "s".into(), name: name.into(), foreign_keys, ..Table::default() })
}

fn show(changes: &[Change]) -> String {
    let list = sort(changes, &Nothing).into_iter().map(|(_, change)| match change {
        Change::AddTable(table) => format!("+{}({})", table.name, table.foreign_keys.len()),
        Change::DropTable(table) => format!("-{}", table.name),
        Change::ModifyTable { to, changes, .. } => {
            let keys = changes.iter().map(|change| match change {
                TableChange::AddForeignKey(key) => format!("+{}", key.ref_table),
                TableChange::DropForeignKey(key) => format!("-{}", key.ref_table),
                _ => "*".into(),
            });
            format!("~{}[{}]", to.name, keys.collect::<Vec<_>>().join(" "))
        }
        other => format!("{other:?}"),
    });
    list.collect::<Vec<_>>().join(" ")
}

const CHAIN: [(&str, &[&str]); 5] = [("a", &["c"]), ("b", &[]), ("c", &["e"]), ("d", &["a"]), ("e", &[])];

#[test]
fn parents_come_first() {
    let added: Vec<Change> = CHAIN.iter().map(|(name, to)| Change::AddTable(table(name, to))).collect();
    assert_eq!(show(&added), "+b(0) +e(0) +c(1) +a(1) +d(1)");
}

#[test]
fn children_go_first() {
    let dropped: Vec<Change> = CHAIN.iter().map(|(name, to)| Change::DropTable(table(name, to))).collect();
    assert_eq!(show(&dropped), "-b -d -a -c -e");
}

#[test]
fn circles_are_taken_apart() {
    let added = [Change::AddTable(table("x", &["y", "x"])), Change::AddTable(table("y", &["x"]))];
    assert_eq!(show(&added), "+x(1) +y(0) ~x[+y] ~y[+x]");
    let dropped = [Change::DropTable(table("x", &["y"])), Change::DropTable(table("y", &["x"]))];
    assert_eq!(show(&dropped), "~x[-y] ~y[-x] -x -y");
}

#[test]
fn a_new_parent_comes_before_the_key_to_it_and_drops_come_last() {
    let modified = Change::ModifyTable {
        from: table("t", &["old"]),
        to: table("t", &["users"]),
        changes: vec![TableChange::DropForeignKey(key("old")), TableChange::AddForeignKey(key("users"))],
    };
    let changes = [Change::DropTable(table("old", &[])), modified, Change::AddTable(table("users", &[]))];
    assert_eq!(show(&changes), "+users(0) ~t[-old +users] -old");
}

#[test]
fn equal_names_in_two_schemas_are_no_circle() {
    let mut one = Table::clone(&table("t", &["t"]));
    one.foreign_keys[0].ref_schema = "other".into();
    let other = Table { schema: "other".into(), foreign_keys: Vec::new(), ..one.clone() };
    let changes = [Change::AddTable(Arc::new(one)), Change::AddTable(Arc::new(other))];
    assert_eq!(show(&changes), "+t(0) +t(1)");
}

#[test]
fn long_chains_do_not_overflow() {
    let added: Vec<Change> = (0..20_000)
        .map(|at| Change::AddTable(table(&format!("t{at}"), &[&format!("t{}", at + 1)])))
        .collect();
    assert_eq!(sort(&added, &Nothing).len(), added.len());
}
