//! SQLite end to end: schema HCL or SQL in, statements out, on a real in-memory database.

#[path = "sqlite/applying.rs"]
mod applying;
#[path = "sqlite/examples.rs"]
mod examples;
#[path = "sqlite/generated.rs"]
mod generated;
#[path = "sqlite/inspecting.rs"]
mod inspecting;
#[path = "sqlite/keeping.rs"]
mod keeping;

use dialects::SQLITE;
use drivers::Drivers;
use engine::connection::{Access, Connection, Connector, Query, Value};
use engine::decode::{Cache, Inputs, Source};
use engine::diff::{Policy, diff};
use engine::plan::{Options, Plan, plan};
use engine::{DatabaseUrl, Scope};
use schema::{Realm, Schema};
use text::FileId;

/// A database of one's own.
pub async fn memory(query: &str) -> Box<dyn Connection> {
    open(&format!("sqlite://test?mode=memory{query}"), Access::Write)
        .await
        .expect("an in-memory database opens")
}

pub async fn open(url: &str, access: Access) -> Result<Box<dyn Connection>, engine::DbError> {
    let url = DatabaseUrl::parse(url).expect("a URL");
    Drivers::new(dialects::all()).open(&url, access).await
}

/// The realm some schema HCL describes; the blocks `schema "main" {}` and `schema = schema.main` are implied, `ID`,
/// `A`, `B` and `PK` stand for what the worked examples of the reference use.
pub fn hcl(text: &str) -> Realm {
    let text = text
        .replace("ID;", "column \"id\" { type = int };")
        .replace("PK ", "PK; ")
        .replace("PK;", "primary_key { columns = [column.id] };")
        .replace(" A;", " column \"a\" { null = true; type = int };")
        .replace(" B;", " column \"b\" { null = true; type = int };");
    let text = lines(&text).replace("table \"", "\ntable \"");
    let text = with_schema(&text) + "\nschema \"main\" {}\n";
    let source = Source { file: FileId(0), hcl: syntax::hcl::File::of(&text) };
    let state = engine::decode(&[source], &SQLITE, &Inputs::default(), &mut Cache::default());
    assert!(state.diagnostics.is_empty(), "{:?}\n{text}", state.diagnostics);
    Realm::clone(&state.realm)
}

/// One-line HCL, whose `;` and braces stand for line ends.
fn lines(text: &str) -> String {
    let mut out = String::new();
    let mut quoted = false;
    let mut last = ' ';
    for char in text.chars() {
        if char == '"' && last != '\\' {
            quoted = !quoted;
        }
        match char {
            ';' if !quoted => out.push('\n'),
            '{' if !quoted => out.push_str("{\n"),
            '}' if !quoted => out.push_str("\n}\n"),
            _ => out.push(char),
        }
        last = char;
    }
    out
}

fn with_schema(text: &str) -> String {
    let mut out = String::new();
    for line in text.lines() {
        out.push_str(line);
        out.push('\n');
        if line.starts_with("table \"") || line.starts_with("view \"") {
            out.push_str("schema = schema.main\n");
        }
    }
    out
}

pub fn empty() -> Realm {
    Realm { schemas: vec![Schema::new("main")], ..Realm::default() }
}

pub fn plan_of(from: &Realm, to: &Realm, indent: &str) -> Plan {
    let changes = diff(from, to, &SQLITE, &Policy::default()).expect("a diff");
    let options =
        Options { indent: indent.to_string(), qualifier: Some(String::new()), ..Options::default() };
    plan(&changes, from, &SQLITE, &options).expect("a plan")
}

pub async fn run(connection: &mut dyn Connection, plan: &Plan) {
    for statement in &plan.statements {
        if let Err(error) = connection.execute(&statement.cmd).await {
            panic!("{error}\nin {}\nof {}", statement.cmd, plan.to_sql());
        }
    }
}

pub async fn inspect(connection: &mut dyn Connection) -> Realm {
    engine::inspect::inspect(connection, &Scope::bound("main")).await.expect("an inspection")
}

/// The rows of a query, as text.
pub async fn rows(connection: &mut dyn Connection, sql: &str) -> Vec<String> {
    let rows = connection.query(&Query::new("test", sql.to_string())).await;
    let rows = rows.unwrap_or_else(|error| panic!("{error}\nin {sql}"));
    let text = |value: &Value| match value {
        Value::Null => "null".to_string(),
        Value::Bool(value) => value.to_string(),
        Value::Int(value) => value.to_string(),
        Value::Real(value) => value.to_string(),
        Value::Text(value) => value.clone(),
        Value::Blob(value) => format!("{value:?}"),
    };
    rows.rows.iter().map(|row| row.iter().map(text).collect::<Vec<_>>().join("|")).collect()
}

/// A database holding what `sql` makes.
pub async fn database(sql: &str) -> Box<dyn Connection> {
    let mut connection = memory("").await;
    connection.execute(sql).await.expect("valid SQL");
    connection
}
