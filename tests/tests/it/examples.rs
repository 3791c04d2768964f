//! The examples do what their README says: no findings, a plan from the seed, an apply that keeps the rows, and
//! nothing left to do.

use tests::{Workspace, sqlite};

fn seeded(folder: &str) -> Workspace {
    let workspace = Workspace::copy_of(folder);
    sqlite::execute(&workspace.path("app.db"), &workspace.read("seed.sql"));
    workspace
}

fn goes_through(folder: &str, table: &str, wanted: &[&str]) {
    let workspace = seeded(folder);
    let database = workspace.path("app.db");
    let count = format!("select count(*) from {table}");
    let rows = sqlite::query(&database, &count);

    workspace.ok(&["check"]);
    let before = sqlite::schema(&database);
    let plan = workspace.ok(&["schema", "apply", "--env", "local", "--dry-run"]);
    for statement in wanted {
        assert!(plan.contains(statement), "the plan has no {statement:?}:\n{plan}");
    }
    assert_eq!(sqlite::schema(&database), before, "a dry run changes nothing");

    workspace.ok(&["schema", "apply", "--env", "local", "--auto-approve"]);
    assert_eq!(sqlite::query(&database, &count), rows, "the rows survive");
    let again = workspace.ok(&["schema", "apply", "--env", "local", "--dry-run"]);
    assert!(again.contains("Schema is synced, no changes to be made"), "{again}");
}

#[test]
fn the_hcl_example_goes_from_its_seed_to_synced() {
    goes_through(
        "examples/sqlite-hcl",
        "users",
        &["CREATE TABLE `comments`", "CREATE UNIQUE INDEX `users_email`"],
    );
}

#[test]
fn the_sql_example_goes_from_its_seed_to_synced() {
    goes_through(
        "examples/sqlite-sql",
        "customers",
        &["CREATE TABLE `orders`", "CREATE UNIQUE INDEX `products_sku`"],
    );
}
