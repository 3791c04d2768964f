//! PostgreSQL end to end: states in, statements out, on real servers where there are some.

#![allow(clippy::print_stdout)]

#[path = "postgres/examples.rs"]
mod examples;
#[path = "postgres/generated.rs"]
mod generated;
#[path = "postgres/renames.rs"]
mod renames;
#[path = "postgres/statements.rs"]
mod statements;

use dialects::POSTGRES;
use engine::decode::{Cache, Inputs, Source};
use engine::diff::{Policy, diff};
use engine::plan::{Options, Plan, plan};
use expect_test::Expect;
use schema::Realm;
use text::FileId;

/// The realm some schema HCL describes. One line; `ID`, `A`, `B` and `PK` stand for what the worked examples of the
/// reference use; the schema `s` and the attributes that name it are implied unless the text has a schema itself.
pub fn hcl(text: &str) -> Realm {
    let mut text = text
        .replace("ID;", "column \"id\" { type = int };")
        .replace("PK ", "PK; ")
        .replace("PK;", "primary_key { columns = [column.id] };")
        .replace(" A;", " column \"a\" { null = true; type = int };")
        .replace(" B;", " column \"b\" { null = true; type = int };");
    text = lines(&text);
    if !text.contains("schema \"") {
        text = with_schema(&text) + "\nschema \"s\" {}\n";
    }
    let source = Source { file: FileId(0), hcl: syntax::hcl::File::of(&text) };
    let state = engine::decode(&[source], &POSTGRES, &Inputs::default(), &mut Cache::default());
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

/// Gives every block of the top level its schema.
fn with_schema(text: &str) -> String {
    let mut out = String::new();
    let mut depth = 0usize;
    for line in text.lines() {
        let line = line.trim();
        out.push_str(line);
        out.push('\n');
        if depth == 0
            && line.ends_with('{')
            && !["extension", "trigger"].iter().any(|kind| line.starts_with(kind))
        {
            out.push_str("schema = schema.s\n");
        }
        if line.ends_with('{') {
            depth += 1;
        }
        if line.starts_with('}') {
            depth = depth.saturating_sub(1);
        }
    }
    out
}

/// The plan from one state to another, bound to their schema.
pub fn planned(from: &Realm, to: &Realm, policy: &Policy) -> Result<Plan, engine::Error> {
    let changes = diff(from, to, &POSTGRES, policy)?;
    let options = Options { qualifier: Some(String::new()), ..Options::default() };
    plan(&changes, from, &POSTGRES, &options)
}

/// Its statements without comments, one a line.
pub fn check(from: &str, to: &str, statements: Expect) {
    statements.assert_eq(&text(planned(&hcl(from), &hcl(to), &Policy::default()), false));
}

/// Its statements with their comments.
pub fn check_comments(from: &str, to: &str, statements: Expect) {
    statements.assert_eq(&text(planned(&hcl(from), &hcl(to), &Policy::default()), true));
}

pub fn text(plan: Result<Plan, engine::Error>, comments: bool) -> String {
    match plan {
        Ok(plan) if comments => plan.to_sql(),
        Ok(plan) => plan.statements.iter().map(|statement| format!("{};\n", statement.cmd)).collect(),
        Err(error) => error.to_string(),
    }
}
